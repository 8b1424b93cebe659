#!/usr/bin/env bats
# bats file_tags=first
# vCards (2.1, 3.0, RFC 2426; 4.0, RFC 6350): what telephones and mail programs export, and what is wrong with it.
# shellcheck disable=SC2016 # Apple's labels have a $

load lib

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    PATH=$BUILD:$PATH
}

# card VERSION LINE...: a card of these lines, for printf's %b.
card() {
    printf '%s\\n' BEGIN:VCARD "VERSION:$1" "${@:2}" END:VCARD
}

# lists VCARDS EXPECTED OPTION...: compiled with these options, the source (as printf's %b has it) gives that list.
lists() {
    printf %b "$1" >source.vcf
    lookup-book compile --force "${@:3}" source.vcf book.cdb >summary || { echo "of: $1"; return 1; }
    lookup-book list book.cdb >listed
    printf %b "$2" | diff - listed || { echo "of: $1"; return 1; }
}

# refuses VCARDS MESSAGE OPTION...: that error, and it alone; no book is made.
refuses() {
    printf %b "$1" >source.vcf
    rm -f new.cdb
    run -65 --separate-stderr lookup-book compile "${@:3}" source.vcf new.cdb
    assert_equal "$stderr" "source.vcf:$2"
    [ ! -e new.cdb ]
}

@test "FN and X-OFFICE, in each version, in upper and lower case" {
    for version in 2.1 3.0 4.0; do
        lists "$(card $version 'FN:John Smith' X-OFFICE:C45)" 'John Smith = C45\n'
        lists "begin:vcard\nversion:$version\nfn: John \nx-office;x=y: C45 \nend:vcard \n" 'John = C45\n'
        lists "$(card $version FN:John X-OFFICE:C45)\n$(card $version FN:Ann X-OFFICE:A1)" 'John = C45\nAnn = A1\n'
    done
    lists '' ''
}

@test "the name: every FN, else given and family name of N; every NICKNAME beside it" {
    lists "$(card 4.0 FN:John 'FN;LANGUAGE=fr:Jean' 'N:Smith;Jim;;;' X-OFFICE:C45)" 'John = C45\nJean = C45\n'
    lists "$(card 3.0 'N:Smith;John;Paul;Dr.;Jr.' X-OFFICE:C45)" 'John Smith = C45\n'
    lists "$(card 3.0 FN: 'N:Smith;John' X-OFFICE:C45)" 'John Smith = C45\n'
    lists "$(card 2.1 'N: Smith ;;;' X-OFFICE:C45)" 'Smith = C45\n'
    lists "$(card 2.1 'N:;John' X-OFFICE:C45)" 'John = C45\n'
    lists "$(card 3.0 'N:Smith,Miller;John,Jack;;' X-OFFICE:C45)" 'John Jack Smith Miller = C45\n'
    lists "$(card 3.0 NICKNAME:Jo,Jack,,john 'NICKNAME:jo' FN:John X-OFFICE:C45)" 'John = C45\nJo = C45\nJack = C45\n'
    lists "$(card 3.0 FN:John NICKNAME:JOHN,Jo X-OFFICE:C45)" 'John = C45\nJo = C45\n'
    lists "$(card 3.0 'N:;;;;' NICKNAME:Jo X-OFFICE:C45)" 'Jo = C45\n'
}

@test "the office: X-OFFICE, else the ADR of work with its parts joined; several are several entries" {
    lists "$(card 3.0 FN:John 'ADR;TYPE=work:;;Main St 1;Town;;12345;Land' X-OFFICE:C45)" 'John = C45\n'
    lists "$(card 3.0 FN:John X-OFFICE: 'ADR;TYPE=work:Box 1; ;Main St 1;Town;;12345;Land')" \
        'John = Box 1, Main St 1, Town, 12345, Land\n'
    lists "$(card 4.0 FN:John 'ADR;TYPE=work:;Floor 2,Room 5;Main St 1, back;Town;;;')" \
        'John = Floor 2, Room 5, Main St 1, back, Town\n'
    lists "$(card 3.0 FN:John NICKNAME:Jo X-OFFICE:C45 X-OFFICE:C46)" 'John = C45\nJo = C45\nJohn = C46\nJo = C46\n'
    lists "$(card 3.0 FN:John 'X-OFFICE:C45\\n\\nfloor 2\\N')" 'John = C45, floor 2\n'
    lists "$(card 3.0 FN:John 'ADR;TYPE=work:;;Main St 1\\nback;Town')" 'John = Main St 1, back, Town\n'
}

@test "which ADR is of work, however it is written" {
    local home='ADR;TYPE=home:;;Home St' adr
    for adr in 'ADR;TYPE=WORK' 'adr;type=dom,work,pref' 'ADR;TYPE="work,pref"' 'ADR;TYPE=pref;TYPE=work' 'item1.ADR;type=WORK' \
        'ADR;PREF=1;ALTID="a:b;c";TYPE=work' 'ADR;LABEL="TYPE=home:x";TYPE=work'; do
        lists "$(card 4.0 FN:John "$home" "$adr:;;Work St")" 'John = Work St\n'
    done
    lists "$(card 2.1 FN:John 'ADR;HOME:;;Home St' 'ADR;DOM;WORK;ENCODING=8BIT:;;Work St')" 'John = Work St\n'
    # Without a type it is one of work, in 4.0 if it is the only one.
    lists "$(card 2.1 FN:John 'ADR;QUOTED-PRINTABLE:;;Work=20St')" 'John = Work St\n'
    lists "$(card 3.0 FN:John 'ADR;LANGUAGE=en:;;Work St')" 'John = Work St\n'
    lists "$(card 4.0 FN:John 'ADR;LABEL="x":;;Work St')" 'John = Work St\n'
    lists "$(card 4.0 FN:John 'ADR:;;Some St' 'ADR;TYPE=home:;;Home St')" ''
    lists "$(card 4.0 FN:John 'ADR:;;Some St' 'ADR:;;Other St')" ''
    # A type that says of no place is none.
    for adr in 'ADR;TYPE=INTL,POSTAL,PARCEL' 'ADR;TYPE=dom;TYPE=pref' 'ADR;INTL;POSTAL' 'ADR;TYPE="intl,postal"' 'ADR;TYPE='; do
        lists "$(card 3.0 FN:John 'ADR;TYPE=home,postal:;;Home St' "$adr:;;Work St")" 'John = Work St\n'
    done
    lists "$(card 4.0 FN:John 'ADR;TYPE=INTL,POSTAL,PARCEL:;;Work St')" 'John = Work St\n'
    lists "$(card 3.0 FN:John 'ADR;TYPE=other:;;Some St' 'ADR;X-Beach:;;Some St')" ''
    # Beside one that says it is of work, one that says of no place is some other one.
    for version in 2.1 3.0; do
        for adr in 'ADR' 'ADR;POSTAL' 'ADR;TYPE=pref'; do
            lists "$(card $version FN:John 'ADR;TYPE=work:;;Work St' "$adr:;;Club St" 'ADR;TYPE=home:;;Home St')" 'John = Work St\n'
            lists "$(card $version FN:John "$adr:;;Club St" 'item1.X-ABLabel:Work' 'item1.ADR:;;Work St')" 'John = Work St\n'
        done
        lists "$(card $version FN:John 'ADR;TYPE=work:;; ;;;;' 'ADR:;;Some St')" 'John = Some St\n'
        lists "$(card $version FN:John ADR:\;\;A 'ADR;POSTAL:;;B')" 'John = A\nJohn = B\n'
    done
    # In a group it may have a label of its own, as telephones write it, in any order.
    lists "$(card 3.0 FN:John 'item1.ADR:;;Beach St' 'item1.X-ABLabel:Beach house')" ''
    lists "$(card 3.0 FN:John 'item1.ADR:;;Beach St' 'item2.X-ABLabel:Beach house')" 'John = Beach St\n'
    for adr in Work WORK '_$!<Work>!$_' office; do
        for version in 3.0 4.0; do
            lists "$(card $version FN:John 'item1.ADR:;;Beach St' "item2.X-ABLabel:$adr" 'item2.ADR;type=pref:;;Work St' \
                'item1.X-ABLabel:_$!<Home>!$_')" 'John = Work St\n'
        done
    done
    lists "$(card 3.0 FN:John 'item1.ADR;type=HOME;type=pref:;;Home St' 'item1.X-ABADR:us' 'item2.ADR;type=WORK:;;Work St' 'item2.X-ABADR:us')" \
        'John = Work St\n'
    lists "$(card 2.1 FN:John 'ADR; HOME :;;Home St' 'ADR ; TYPE = WORK ; ENCODING = QUOTED-PRINTABLE:;;Work=20St')" 'John = Work St\n'
    lists "$(card 3.0 FN:John 'ADR;TYPE=homework:;;Some St')" ''
}

@test "cards without a name or an office are passed over, and counted" {
    printf %b "$(card 3.0 FN:John)$(card 3.0 FN:Ann X-OFFICE:A1)$(card 3.0 X-OFFICE:X1)$(card 2.1)" >source.vcf
    run -0 --separate-stderr lookup-book compile source.vcf book.cdb
    assert_output 'book.cdb: 1 entry, 1 name, 3 without a name or an office'
    assert_equal "$stderr" ''
}

@test "folding: anywhere in 3.0 and 4.0, even inside a character; before a blank in 2.1" {
    for version in 3.0 4.0; do
        lists "$(card $version 'F\n N:Jo\xc3\n\t\xabl\n  Smi\n th' 'X-OFFICE\n :\n C45')" 'Joël Smith = C45\n'
    done
    lists "$(card 2.1 'FN:John\n Smith' 'X-OFFICE:C45,\n\tback')" 'John Smith = C45,\tback\n'
    lists 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jo\r\n hn\r\nX-OFFICE:C45\r\nEND:VCARD' 'John = C45\n'
}

@test "byte order marks, blank lines, files put together" {
    local one
    one="\xEF\xBB\xBF$(card 3.0 FN:John '' X-OFFICE:C45)"
    lists "$one\n \n$one\n${one/John/Ann}" 'John = C45\nAnn = C45\n'
}

@test "quoted-printable: soft breaks inside a character, line ends, separators, blanks" {
    lists "$(card 2.1 'FN;ENCODING=QUOTED-PRINTABLE:Jo=C3=\n=ABl =\n Sm=\nith' X-OFFICE:C45)" 'Joël  Smith = C45\n'
    lists "$(card 2.1 'FN;encoding=quoted-printable:=4A=6f=68=6E' 'X-OFFICE;QUOTED-PRINTABLE:C45=0D=0A=0D=0Afloor=3D2=20')" \
        'John = C45, floor=2\n'
    lists 'BEGIN:VCARD\r\nVERSION:2.1\r\nFN;QUOTED-PRINTABLE:Jo=\r\nhn\r\nX-OFFICE:C45\r\nEND:VCARD' 'John = C45\n'
    lists "$(card 2.1 'N;QUOTED-PRINTABLE:Sm=C3=ADth;J=C3=B3hn' 'ADR;WORK;ENCODING=QUOTED-PRINTABLE:;;Stra=C3=9F=\ne 1;=\nTown')" \
        'Jóhn Smíth = Straße 1, Town\n'
    # Only what says so is that, and what is passed over is broken as well.
    lists "$(card 2.1 'FN:John' 'X-OFFICE:a=3Db=' 'NOTE;QUOTED-PRINTABLE:a=\nX-OFFICE:no')" 'John = a=3Db=\n'
    # Blanks behind a line were added on its way (RFC 2045, section 6.7).
    lists "$(card 2.1 'FN;QUOTED-PRINTABLE:Jo = \n=\t\nhn\t ' X-OFFICE:C45)" 'Jo hn = C45\n'
    for value in Jo=hn Jo=4 Jo=4x 'Jo= hn' 'Jo\xc3\xabl'; do
        refuses "$(card 2.1 X-OFFICE:C45 "FN;QUOTED-PRINTABLE:$value")" '4: malformed quoted-printable'
    done
}

@test "quoted-printable that goes on in a line that starts with =, though nothing says so, is not cut off" {
    local fn='FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4A=6F=73=C3=A9=20=4D'
    lists "$(card 2.1 "$fn" =6F=72 =61 X-OFFICE:C45)" 'José Mora = C45\n'
    lists "BEGIN:VCARD\r\nVERSION:2.1\r\n$fn=\r\n=6F\r\n=72=61\r\nX-OFFICE:C45\r\nEND:VCARD\r\n" 'José Mora = C45\n'
    lists "$(card 2.1 FN:John 'X-OFFICE;QUOTED-PRINTABLE:C' =34=35 'NOTE;QUOTED-PRINTABLE:a' =62)" 'John = C45\n'
    refuses "$(card 2.1 X-OFFICE:C45 "$fn" =zz)" '4: malformed quoted-printable'
    # Of what is not quoted it is no part.
    lists "$(card 2.1 FN:John =61 X-OFFICE:C45)" 'John = C45\n'
}

@test "base64 of a photograph: folded, or up to an empty line in 2.1; no name is in it" {
    lists "$(card 2.1 'PHOTO;ENCODING=BASE64;TYPE=JPEG:' /9j/4AAQ AAAA== '' FN:John X-OFFICE:C45)" 'John = C45\n'
    lists "$(card 2.1 'PHOTO;BASE64;JPEG:/9j/\n 4AAQ' '  AA==' FN:John X-OFFICE:C45)" 'John = C45\n'
    lists "$(card 3.0 'PHOTO;ENCODING=b;TYPE=JPEG:/9j/\n 4AAQ' FN:John X-OFFICE:C45)" 'John = C45\n'
    # Where it is not folded as it should be, it costs nothing.
    lists "$(card 3.0 'PHOTO;ENCODING=b:/9j/' 4AAQ FN:John X-OFFICE:C45)" 'John = C45\n'
    lists "$(card 2.1 'PHOTO;ENCODING=BASE64:/9j/' '' 4AAQ FN:John X-OFFICE:C45)" 'John = C45\n'
    refuses "$(card 3.0 'FN;ENCODING=b:Sm9obg==' X-OFFICE:C45)" '3: name or office in base64, which is not supported'
    refuses "$(card 2.1 'FN;ENCODING=BASE64:Sm9obg==' X-OFFICE:C45)" '3: name or office in base64, which is not supported'
}

@test "CHARSET of a line, beside the --charset of the source" {
    lists "$(card 2.1 'FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9' X-OFFICE:C45)" 'José = C45\n'
    lists "$(card 2.1 'FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Jos=E9' 'X-OFFICE;CHARSET=windows-1252:\x80')" 'José = €\n'
    lists "$(card 2.1 'FN;QUOTED-PRINTABLE;CHARSET=shift_jis:=96=5C=97=B3=5Cn' X-OFFICE:C45)" '暴竜¥n = C45\n'
    lists "$(card 3.0 'FN;CHARSET="utf-8":Jos\xc3\xa9' X-OFFICE:C45)" 'José = C45\n'
    # Where all the source is in a charset, a line's own still counts, as bytes or as quoted-printable.
    lists "$(card 2.1 'FN;CHARSET=utf-8:Jos\xc3\xa9' 'X-OFFICE;CHARSET=iso-8859-5:\xb1')" 'José = Б\n' --charset windows-1252
    lists "$(card 2.1 'FN;CHARSET=utf-8:Jos\xc3\xa9' 'NOTE:\xfc' 'X-OFFICE:\x96\x5cn')" 'José = 暴n\n' --charset shift_jis
    refuses "$(card 2.1 'FN:\x81' X-OFFICE:C45)" '3: bytes that are not valid in its charset' --charset windows-1252
    lists "$(card 2.1 'FN:Jos\xe9' 'X-OFFICE;CHARSET=windows-1252:\xfc')" 'José = ü\n' --charset windows-1252
    lists "$(card 2.1 'FN;QUOTED-PRINTABLE:Jos=E9' 'X-OFFICE;QUOTED-PRINTABLE;CHARSET=utf-8:=C3=BC')" 'José = ü\n' --charset windows-1252
    refuses "$(card 2.1 'FN;CHARSET=nonsense:John' X-OFFICE:C45)" '3: unknown CHARSET'
    refuses "$(card 2.1 'FN;CHARSET=utf-8//IGNORE:J\xffohn' X-OFFICE:C45)" '3: unknown CHARSET'
    refuses "$(card 2.1 'FN;CHARSET=windows-1252:\x81' X-OFFICE:C45)" '3: bytes that are not valid in its charset'
    refuses "$(card 2.1 'FN;CHARSET=utf-8:\xc3' X-OFFICE:C45)" '3: bytes that are not valid in its charset'
    refuses "$(card 2.1 X-OFFICE:C45 'FN:Jos\xe9')" '4: name is not UTF-8 text (see --charset)'
}

@test "the card of an agent inside of another one is passed over, and so is what is wrong with it" {
    local fred john
    fred='BEGIN:VCARD\nVERSION:2.1\nFN:Fred\nPHOTO;BASE64:\n/9j/\n\nno\nX-OFFICE:F1\nEND:VCARD'
    john=$(card 2.1 FN:John AGENT: "$fred" X-OFFICE:C45)
    lists "$john" 'John = C45\n'
    lists "$(card 2.1 FN:Ann 'agent;x=y: ' '' "${john%'\n'}" X-OFFICE:A1)$john" 'Ann = A1\nJohn = C45\n'
    lists "$(card 3.0 FN:John 'AGENT:BEGIN:VCARD\\nFN:Fred\\nEND:VCARD\\n' X-OFFICE:C45)" 'John = C45\n'
    printf %b "$(card 2.1 END:no AGENT: "$fred" X-OFFICE:N1)$john" >source.vcf
    run -0 --separate-stderr lookup-book compile --skip-bad source.vcf book.cdb
    assert_equal "$stderr" 'source.vcf:3: skipped: BEGIN or END of something other than VCARD'
    assert_equal "$(lookup-book list book.cdb)" 'John = C45'
    # No card is the agent's of the one before.
    printf %b "$(card 3.0 AGENT: no)$john" >source.vcf
    run -0 lookup-book compile --skip-bad source.vcf book.cdb
    assert_equal "$(lookup-book list book.cdb)" 'John = C45'
}

@test "groups" {
    lists "$(card 3.0 item1.FN:John A-1.b.NICKNAME:Jo 'item2.X-OFFICE:C45' item2.X-ABLabel:Work)" 'John = C45\nJo = C45\n'
}

@test "escapes are undone, once" {
    # shellcheck disable=SC1003 # the last backslash is one
    lists "$(card 3.0 'FN:Smith\\, John\\; \\\\n\\:' 'X-OFFICE:\\\\\\\\, a;b\\x\\')" 'Smith, John; \\n: = \\\\, a;b\\x\\\n'
    lists "$(card 3.0 'N:Sm\\;ith\\,;Jo\\\\;x' 'ADR;TYPE=work:;a\\;b,c\\,d;e')" 'Jo\\ Sm;ith, = a;b, c,d, e\n'
    lists "$(card 4.0 'FN:John' 'NICKNAME:a\\,b,c\\\\,d' X-OFFICE:C45)" 'John = C45\na,b = C45\nc\\ = C45\nd = C45\n'
    # A comma parts nothing in 2.1.
    lists "$(card 2.1 'N:Smith, Jr.;John,J.;' 'ADR;WORK:;;Main St, 1\\;2;Town')" 'John,J. Smith, Jr. = Main St, 1;2, Town\n'
}

@test "each fault is named by the line where it starts" {
    local good
    good=$(card 3.0 FN:Good X-OFFICE:G1)
    while IFS='|' read -r lines message; do
        refuses "$good$lines\n${good/G1/G2}" "$message"
    done <<'END'
BEGIN:VCARD\nVERSION:3.0\nFN:John|6: a card without END:VCARD
BEGIN:VCARD\nVERSION:3.0\nFN:John\nBEGIN:VCARD\nVERSION:3.0\nEND:VCARD|6: a card without END:VCARD
BEGIN:VCARD\nVERSION:2.1\nFN:John\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\nEND:VCARD|6: a card without END:VCARD
BEGIN:VCARD\nVERSION:3.0\nFN:John\nX-OFFICE:C45\nEND:VCARDBEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD|10: BEGIN or END of something other than VCARD
BEGIN:VCARD\nVERSION:3.0\nFN:John\nX-OFFICE:C4BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD|9: BEGIN or END of something other than VCARD
BEGIN:VCARD\nVERSION:3.0\nFN:John\nX-OFFICE:C45\nNOTE:xbegin:vcard \nVERSION:3.0\nFN:Ann\nEND:VCARD|10: BEGIN or END of something other than VCARD
BEGIN:VCARD\nVERSION:3.0\nFN:John\nVERSION:4.0\nEND:VCARD|9: a second VERSION in one card
BEGIN:VCARD\nVERSION:3.0\nFN:John\nBEGIN:VEVENT\nX-OFFICE:C1\nEND:VEVENT\nEND:VCARD|9: BEGIN or END of something other than VCARD
BEGIN:VCARD\nFN:John\nVERSION:5.0\nEND:VCARD|8: a VERSION other than 2.1, 3.0 and 4.0
FN:John|6: a line outside BEGIN:VCARD and END:VCARD
END:VCARD|6: a line outside BEGIN:VCARD and END:VCARD
BEGIN:VCALENDAR\nEND:VCALENDAR|6: a line outside BEGIN:VCARD and END:VCARD
BEGIN:VCARD\nVERSION:3.0\nFN\nN:x\nX-OFFICE:C1\nEND:VCARD|8: not PROPERTY:VALUE
BEGIN:VCARD\nVERSION:3.0\nFN:x\nADR;TYPE="work:;;Main St\nX-OFFICE:C1\nEND:VCARD|9: not PROPERTY:VALUE
BEGIN:VCARD\nVERSION:3.0\nX-OFFICE:C1\nFN:Jo\n hn\n  \xff\nEND:VCARD|9: name is not UTF-8 text (see --charset)
BEGIN:VCARD\nVERSION:3.0\nX-OFFICE:C1\nFN:Jo\0hn\nEND:VCARD|9: name has control character U+0000 as character 3
BEGIN:VCARD\nVERSION:2.1\nFN:x\nX-OFFICE;QUOTED-PRINTABLE:a=00\nEND:VCARD|9: office has control character U+0000 as character 2
END
    # What is in no book may be anything.
    lists "$(card 3.0 FN:John 'NOTE:\xff\x01' X-OFFICE:C45)" 'John = C45\n'
}

@test "a card without an office is passed over, whatever else of it is wrong" {
    local long
    long=$(printf '%016385d' 0)
    lists "$(card 3.0 FN:Ann X-OFFICE:A1 "ADR;TYPE=work:$long")$(card 3.0 FN 'FN:\xff' "FN:$long" 'FN;ENCODING=b:Sm9' \
        'NICKNAME;QUOTED-PRINTABLE:=x' 'N;CHARSET=nonsense:x')$(card 4.0 "X-OFFICE:$long")$(card 3.0 'FN:#1=\\;' X-OFFICE:C1)" \
        'Ann = A1\n\\#1\\=; = C1\n'
}

@test "lines that mean nothing cost nothing, and --verbose counts them" {
    printf %b "$(card 3.0 'NOTE:a\rb' 'NOTE:first line' 'and a second' 'Office hours: 9 to 5' 'X-messaging/xmpp-All:x' FN:John :x item1.:x \
        'NOTE:a\0b' 'KEY;ENCODING=BASE64:AAAA' BBBB 'TEL;' X-OFFICE:C45)" >source.vcf
    run -0 --separate-stderr lookup-book compile source.vcf book.cdb
    assert_equal "$stderr" ''
    assert_output 'book.cdb: 1 entry, 1 name'
    run -0 lookup-book compile --verbose source.vcf book.cdb
    assert_output 'book.cdb: 1 entry, 1 name, 6 lines without meaning'
    run -0 lookup-book list book.cdb
    assert_output 'John = C45'
}

@test "VERSION may be behind what it is of, missing, there twice, or an older or a shorter one" {
    local body='FN:Smi\n th\nNICKNAME:a,b\nX-OFFICE:C45' version
    lists "BEGIN:VCARD\n$body\nVERSION:2.1\nEND:VCARD" 'Smi th = C45\na,b = C45\n'
    lists "BEGIN:VCARD\n$body\nVERSION:3.0\nEND:VCARD" 'Smith = C45\na = C45\nb = C45\n'
    lists "BEGIN:VCARD\n$body\nEND:VCARD" 'Smith = C45\na = C45\nb = C45\n'
    lists "$(card 3.0 VERSION:3.0 "$body" VERSION:3.0)" 'Smith = C45\na = C45\nb = C45\n'
    for version in 1.0 2; do
        lists "$(card $version "$body")" 'Smi th = C45\na,b = C45\n'
    done
    for version in 3 4; do
        lists "$(card $version "$body")" 'Smith = C45\na = C45\nb = C45\n'
    done
    lists 'BEGIN:VCARD\nN;QUOTED-PRINTABLE:Sm=C3=AD=\nth;John;\nADR;WORK:;C45\nVERSION:2.1\nEND:VCARD' 'John Smíth = C45\n'
}

@test "a line break in a name is a blank" {
    lists "$(card 3.0 'FN:Jo\\nhn' 'NICKNAME:a\\n\\nb\rc' 'X-OFFICE:C45\\, \\nleft')" 'Jo hn = C45, left\na b c = C45, left\n'
    lists "$(card 2.1 'FN;QUOTED-PRINTABLE:Jo=0D=0Ahn' 'ADR;WORK;QUOTED-PRINTABLE:;;Main St,=0Aback;Town')" 'Jo hn = Main St, back, Town\n'
}

@test "a card that is cut off at the end of the file is an error at its start" {
    local whole
    whole=$(printf %b "$(card 2.1 FN:Ann X-OFFICE:A1)$(card 2.1 'FN;QUOTED-PRINTABLE:Jo=\nhn' X-OFFICE:C45)" && echo x)
    whole=${whole%$'\n'x}
    for ((len = ${#whole} - 1; len > 50; len--)); do
        [[ ${whole:0:len} != *'END:VCARD'$'\n' ]] || break
        printf %s "${whole:0:len}" >source.vcf
        run -65 --separate-stderr lookup-book compile source.vcf new.cdb
        assert_regex "$stderr" '^source[.]vcf:([5-9]|1[01]): '
    done
    [ "$len" -gt 50 ]
}

@test "what is too long is an error" {
    local long
    long=$(printf '%01025d' 0)
    refuses "$(card 3.0 "FN:$long" X-OFFICE:C45)" '3: name longer than 1024 bytes'
    refuses "$(card 3.0 "X-OFFICE:$long" FN:John)" '3: office longer than 1024 bytes'
    refuses "$(card 3.0 "ADR;TYPE=work:;;$long;x" FN:John)" '3: office longer than 1024 bytes'
    refuses "$(card 3.0 "FN:$(printf '%016385d' 0)" X-OFFICE:C45)" '3: name or office longer than 16384 bytes'
    refuses "$(card 3.0 "FN:$(printf '%0100000d' 0)" X-OFFICE:C45)" '3: name or office longer than 16384 bytes'
    refuses "$(card 3.0 "$(printf 'FN:%s\\n' {1..257})X-OFFICE:C45")" '259: too many names and offices in one entry'
    lists "$(card 3.0 FN:John "ADR;TYPE=work:$(printf '%016383s' '' | tr ' ' ,)1")" 'John = 1\n'
    { printf 'BEGIN:VCARD\nVERSION:3.0\nPHOTO;ENCODING=b:' && head -c 20000000 /dev/zero | tr '\0' A &&
        printf '\nFN:John\nX-OFFICE:C45\nEND:VCARD\n'; } >source.vcf
    lookup-book compile source.vcf book.cdb
    assert_equal "$(lookup-book list book.cdb)" 'John = C45'
}

@test "lines that are folded again and again take no longer than others" {
    # A guard: the time would grow with the square of the number of folds.
    for fold in '\n =' '=\n ='; do
        { printf 'BEGIN:VCARD\nVERSION:2.1\nFN;"' && yes | head -n 400000 | sed "s/y/$fold/" | tr -d y &&
            printf 'END:VCARD\n%b' "$(card 3.0 FN:John X-OFFICE:C45)"; } >source.vcf
        timeout 120 lookup-book compile --skip-bad source.vcf book.cdb
    done
}

@test "after a fault that is let pass, it goes on with the next card" {
    printf %b "no\nno\n$(card 3.0 END:no no FN:No X-OFFICE:N1)$(card 3.0 FN:Ann X-OFFICE:A1)BEGIN:VCARD\nVERSION:3.0\n$(card 2.1 FN:Joe X-OFFICE:J1)" >source.vcf
    run -65 --separate-stderr lookup-book compile --keep-going source.vcf book.cdb
    assert_equal "$stderr" "$(printf 'source.vcf:%s\n' '1: a line outside BEGIN:VCARD and END:VCARD' \
        '5: BEGIN or END of something other than VCARD' '15: a card without END:VCARD')"
    run -0 lookup-book compile --skip-bad source.vcf book.cdb
    assert_line 'book.cdb: 2 entries, 2 names, 3 skipped'
    run -0 lookup-book list book.cdb
    assert_output "$(printf 'Ann = A1\nJoe = J1')"
}

@test "random cards are read as vobject reads them, and as 2.1 they are the same people" {
    /usr/bin/python3 -c 'import vobject' || unavailable 'python3-vobject is not installed'
    /usr/bin/python3 "$ROOT/tests/tools/cards.py" 20
    "$ROOT/tests/tools/read_cards.py" ./*-3.0.vcf ./*-4.0.vcf
    for list in *-3.0.vcf.list; do cp "$list" "${list/3.0/2.1}"; done
    [ "$(cat ./*.list | wc -l)" -gt 1000 ]
    for source in *.vcf; do
        lookup-book compile "$source" book.cdb >summary 2>&1 || { cat summary; return 1; }
        lookup-book list book.cdb | diff "$source.list" - || { echo "of: $source"; return 1; }
    done
}
