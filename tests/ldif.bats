#!/usr/bin/env bats
# LDIF (RFC 2849): what a directory's dump becomes, and what is wrong with one.

load lib

PEOPLE=$ROOT/tests/import/people.ldif

setup() {
    skip_if_unavailable
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
    PATH=$BUILD:$PATH
}

teardown() {
    stop_background
}

# reads LDIF EXPECTED OPTION...: compiled, these entries are in the book; a backslash starts an escape of printf's %b.
reads() {
    printf '%b' "$1" >source.ldif
    run -0 --separate-stderr lookup-book compile --format ldif "${@:3}" source.ldif book.cdb
    run -0 lookup-book list book.cdb
    assert_output "$(printf '%b' "$2")"
}

# refuses LDIF LINE MESSAGE: so it says, and no book is made.
refuses() {
    printf '%b' "$1" >source.ldif
    rm -f book.cdb
    run -65 --separate-stderr lookup-book compile --format ldif source.ldif book.cdb
    assert_equal "$stderr" "source.ldif:$2: $3"
    [ ! -e book.cdb ]
}

ANN='dn: cn=Ann\ncn: Ann\nroomNumber: A1\n'

@test "an entry's names: each cn, displayName and uid, whatever their options and case" {
    reads 'dn: cn=x\nsn: Smith\ncn: John\nCommonName;lang-fr;x-y: Jean\nDISPLAYNAME: Johnny\nuid: js\nuserid: j2\nmail: j@x\nroomNumber: C45\n' \
        'John = C45\nJean = C45\nJohnny = C45\njs = C45\nj2 = C45'
    # A name that is there twice is one, a value without anything in it none.
    reads 'dn: cn=x\ncn: John\ndisplayName: John \nuid: JOHN\nuid:\ncnx: no\nxcn: no\nroomNumber: C45\n' 'John = C45'
}

@test "an entry's office: physicalDeliveryOfficeName, else roomNumber; several are several entries" {
    reads 'dn: cn=x\nroomNumber: no\ncn: John\nPhysicalDeliveryOfficeName;lang-en: C45\n' 'John = C45'
    reads 'dn: cn=x\nroomNumber: C44\ncn: John\nphysicalDeliveryOfficeName:\n' 'John = C44'
    reads 'dn: cn=x\nroomNumber: C44\ncn: John\nroomNumber: C45\nuid: js\n' 'John = C44\njs = C44\nJohn = C45\njs = C45'
    reads 'dn: cn=x\nroomNumber:: QzQ0DQpGb28KCiBCYXIK\ncn: John\n' 'John = C44, Foo, Bar'
}

@test "a second office of a name is told by the lines of both" {
    printf 'dn: cn=x\ncn: x\nroomNumber: A\nroomNumber: B\n' >source.ldif
    run -65 --separate-stderr lookup-book compile --strict --format ldif source.ldif book.cdb
    assert_equal "$stderr" 'source.ldif:4: this name has another office at source.ldif:3'
}

@test "a postal address has lines" {
    local entry='dn: cn=x\ncn: John\n'
    reads "${entry}postalAddress: C45$\\\\24 1 Main St$\nroomNumber: no\n" 'John = C45, $ 1 Main St' --office-attribute postalAddress
    reads "${entry}homePostalAddress:: QzQ1JFw1Y1w1QyQkIFg=\n" 'John = C45, \\\\, X' --office-attribute HomePostalAddress
    reads "${entry}2.5.4.16;lang-en: C45$ X\n" 'John = C45, X' --office-attribute 2.5.4.16
    reads "${entry}l: C45$ X\n" 'John = C45$ X' --office-attribute l
}

@test "--office-attribute names another, and then no other is taken" {
    reads "dn: cn=x\ncn: John\nroomNumber: no\nL;lang-en: C45\n\n$ANN" 'John = C45' --office-attribute l
}

@test "folded lines and comments, base64, CRLF, a byte order mark, a version, a last line without end" {
    reads '\xEF\xBB\xBFversion: 1\r\n# folded\r\n cn: no\r\ndn: cn=x\r\ncn: Jo\r\n hn\r\n  Smith\r\n#\r\n x\r\nroomNumb\r\n er: C45\r\n\r\n\r\n' \
        'John Smith = C45'
    reads "version: 1\n\n\ndn:: Y249eA==\nchangetype: add\ncn:: Sm\n 9o\n bg=\n =\nroomNumber:C45\n\n${ANN%\\n}" \
        'John = C45\nAnn = A1'
    # Files put together, each with its byte order mark.
    reads "\xEF\xBB\xBF$ANN\n\xEF\xBB\xBF${ANN//Ann/Eve}" 'Ann = A1\nEve = A1'
    reads "dn: cn=x\ncn: Zo\xc3\n \xab\nroomNumber:    C:45 \n" 'Zoë = C:45'
}

@test "entries without a name or an office are passed over, and counted" {
    printf 'dn: ou=x\nou: x\n\n%b\ndn: cn=y\ncn: y\nuid: z\n\ndn: l=z\nroomNumber: Z1\n' "$ANN" >source.ldif
    run -0 lookup-book compile --format ldif source.ldif book.cdb
    assert_output 'book.cdb: 1 entry, 1 name, 3 without a name or an office'
}

@test "each fault is named by the line where it starts" {
    refuses "$ANN"'\ndn: cn=x\ncn: x\nroomNumber\n' 7 'not ATTRIBUTE: VALUE'
    refuses "$ANN"'\ndn: cn=x\n: x\n' 6 'not ATTRIBUTE: VALUE'
    refuses "$ANN"'\ncn: x\nroomNumber: X1\n' 5 'an entry that does not start with dn:'
    refuses "$ANN"'\nversion: 1\n' 5 'an entry that does not start with dn:'
    refuses 'version: 2\ndn: cn=x\n' 1 'an LDIF version other than 1'
    refuses "$ANN"'dn: cn=x\ncn: x\n' 4 'a second dn: in an entry; an empty line is missing before it'
    refuses "$ANN"'\n  cn: x\n' 5 'starts with a blank, but there is no line to continue'
    refuses "$ANN"'\tcn: x\n' 4 'starts with a blank, but there is no line to continue'
    refuses "$ANN"'cn: J\0ohn\n' 4 'name has control character U+0000 as character 2'
    refuses '\n\n\0' 3 'not ATTRIBUTE: VALUE'
    refuses "$ANN"'\nsearch: 2\nresult: 0 Success\n' 5 'not an entry; run ldapsearch with -LLL to get LDIF'
}

@test "base64 that is broken anywhere is a fault" {
    for value in '' Q QQ QQ= QUI 'QQ==QQ==' 'QUI=x' 'Q===' '====' 'Q Q=' 'QQ*=' 'QQ== ' 'Q_==' 'Q\xc3\xa4='; do
        refuses "dn: cn=x\ncn: x\n# folded\n x\njpegPhoto:: $value\nroomNumber: X1\n" 5 'malformed base64'
    done
    refuses 'dn: cn=x\ncn: x\ncn::QUJD\n RE\n  VG\nroomNumber: X1\n' 3 'malformed base64'
}

@test "names and offices that no book can hold are faults at their line" {
    local long
    long=$(printf '%01025d' 0)
    refuses "dn: cn=x\ncn: x\ncn:: /w==\nroomNumber: X1\n" 3 'base64 of text that is not UTF-8'
    refuses "dn: cn=x\ncn: x\ncn: \xff\nroomNumber: X1\n" 3 'name is not UTF-8 text (see --charset)'
    refuses "dn: cn=x\ncn: x\ncn:: QQBB\nroomNumber: X1\n" 3 'name has control character U+0000 as character 2'
    refuses "dn: cn=x\ncn: x\ncn:\n  $long\nroomNumber: X1\n" 3 'name longer than 1024 bytes'
    refuses "dn: cn=x\ncn: x\nroomNumber: \x7f\n" 3 'office has control character U+007F as character 1'
    refuses "dn: cn=x\ncn: x\nroomNumber:: w0E=\n" 3 'base64 of text that is not UTF-8'
    refuses "dn: cn=x\ncn: x\nroomNumber: $long\n" 3 'office longer than 1024 bytes'
    refuses "dn: cn=x\n$(printf 'cn: %s\\n' {1..257})roomNumber: 1\n" 258 'too many names and offices in one entry'
    # A name of nothing is none.
    reads "dn: cn=x\ncn: x\ncn: \u200b\nroomNumber: X1\n" 'x = X1'
    # What goes into no book may be anything.
    reads "dn: cn=x\ncn: x\nsn:: /w==\nmail: \xff\nroomNumber: X1\n" 'x = X1'
}

@test "changetype: add is an entry, any other change a fault" {
    reads 'dn: cn=x\ncontrol: 1.2.3 true\nChangeType: ADD\ncn: x\nroomNumber: X1\n' 'x = X1'
    for type in modify delete moddn modrdn added ''; do
        refuses "$ANN\ndn: cn=x\nchangetype: $type\nadd: cn\ncn: x\n-\n" 6 'a change record, not an entry'
    done
}

@test "a line may have 16 MiB, and no more" {
    { printf '%b' "$ANN" && printf 'jpegPhoto:: ' && head -c 16777204 /dev/zero | tr '\0' A; } >source.ldif
    lookup-book compile --format ldif source.ldif book.cdb
    rm book.cdb
    printf '\n A' >>source.ldif
    run -65 --separate-stderr lookup-book compile --format ldif source.ldif book.cdb
    assert_equal "$stderr" 'source.ldif:4: a line longer than 16 MiB'
}

@test "many long names of one entry are soon compared" {
    local count
    count=$(rounds 100)
    # Marks in the reverse of their order are what folding takes longest for. A guard: each was folded for each other one.
    /usr/bin/python3 -c '
import sys
for entry in range(int(sys.argv[1])):
    print("dn: cn=x")
    for name in range(128):
        print("cn:", name, "\u0315" * 250 + "\u0323" * 240)
    print("roomNumber: X1\n")' "$count" >source.ldif
    run -0 timeout 120 lookup-book compile --format ldif source.ldif book.cdb
    assert_output "book.cdb: 128 entries, 128 names, $((128 * (count - 1))) duplicates left out"
}

@test "after a fault that is let pass, it goes on with the next entry" {
    printf 'dn: cn=x\ncn: x\nroomNumber:: Q\nno colon\ncn:: Q\n\n%b\nno\nroomNumber: 1\n\ndn: cn=y\ncn: y\nroomNumber: Y1\n' "$ANN" >source.ldif
    run -65 --separate-stderr lookup-book compile --keep-going --format ldif source.ldif book.cdb
    assert_equal "$stderr" "$(printf 'source.ldif:%s\n' '4: not ATTRIBUTE: VALUE' '11: not ATTRIBUTE: VALUE')"
    run -0 lookup-book compile --skip-bad --format ldif source.ldif book.cdb
    run -0 lookup-book list book.cdb
    assert_output "$(printf 'Ann = A1\ny = Y1')"
}

@test "an entry without an office is passed over, whatever else of it is wrong" {
    local long
    long=$(printf '%01025d' 0)
    reads "$ANN\ndn: cn=x\ncn: $long\ncn: \xff\ncn: a\0b\ncn:: Q\ncn:< file:///x\nsn:: Q\n\ndn: cn=y\nroomNumber: $long\nroomNumber:: Q\n" \
        'Ann = A1'
    # What is not used is not judged, either.
    reads "dn: cn=x\ncn: x\nroomNumber: $long\nphysicalDeliveryOfficeName: C45\njpegPhoto:< file:///x\n" 'x = C45'
    reads 'dn: cn=x\ncn: #x=1\nroomNumber: C45\n' '\\#x\\=1 = C45'
}

@test "line breaks: a blank in a name; none in what nobody wants" {
    # Sm\r\noe, Sm\noe
    reads 'dn: cn=x\ncn:: Sm8NCmhu\ncn:: QW4KbgoK\ndescription: a\rb\nroomNumber: C45\rleft,\r\r\n' 'Jo hn = C45, left,\nAn n = C45, left,'
    reads 'dn: cn=x\ncn: Jo\rhn\nroomNumber:: QzQ1LApsZWZ0\n' 'Jo hn = C45, left'
}

@test "attributes by their number; not in another encoding" {
    reads 'dn: cn=x\n2.5.4.3;lang-en: John\n2.16.840.1.113730.3.1.241: Johnny\n0.9.2342.19200300.100.1.1: js\n2.5.4.19: C45\n' \
        'John = C45\nJohnny = C45\njs = C45'
    reads 'dn: cn=x\ncn: John\n0.9.2342.19200300.100.1.6: C45\n' 'John = C45'
    reads 'dn: cn=x\ncn: John\ncn;binary:: BBQ=\nCN;lang-en;BINARY:: /w==\nroomNumber;binary:: /w==\nroomNumber: C45\n' 'John = C45'
    reads 'dn: cn=x\ncn: John\n2.5.4.7: C45\nl: no\n' 'John = C45' --office-attribute 2.5.4.7
}

@test "a file to be included is told, and not read" {
    printf 'version: 1\ninclude: file:///etc/hosts\n\ninclude: file:///etc/passwd\ndn: cn=x\ncn: x\nroomNumber: X1\n' >source.ldif
    run -0 --separate-stderr lookup-book compile source.ldif book.cdb
    assert_equal "$stderr" "$(printf 'source.ldif:%s: warning: the included file is not read; give it as a source, too\n' 2 4)"
    run -0 lookup-book list book.cdb
    assert_output 'x = X1'
}

# bats test_tags=native
@test "no file that the source names is ever opened" {
    need strace
    printf 'dn: cn=secret\ncn: secret\nroomNumber: S1\n' >secret
    while IFS='|' read -r status line; do
        printf '%b\nroomNumber: X1\n' "$line" >source.ldif
        run "-$status" strace -f -e trace=%file,%network -o trace lookup-book compile --format ldif source.ldif book.cdb
        grep -q source.ldif trace
        run -1 grep -E 'secret|ldap[.]conf|ldaprc|connect' trace
    done <<END
65|include: file://$PWD/secret
65|version: 1\ninclude:file://$PWD/secret
65|dn:< file://$PWD/secret
65|dn: cn=x\ncn:< file://$PWD/secret
65|dn: cn=x\ncn:\n < file://$PWD/secret
0|dn: cn=x\ncn: x\nmail:<file://$PWD/secret
65|cn:< file://$PWD/secret
END
}

@test "lines are taken apart as libldap takes them apart" {
    "${CC:-cc}" -D_GNU_SOURCE -I"$ROOT/src" -o lines "$ROOT/tests/tools/ldif_lines.c" "$ROOT/src/formats/ldif_line.c" \
        "$ROOT/src/data/bytes.c" -lldap -llber
    run -0 ./lines 200000
    assert_output alike
}

# bats test_tags=native
@test "no library of LDAP is in the program" {
    run -0 ldd "$BUILD/lookup-book"
    refute_output --regexp 'ldap|lber|sasl|gnutls'
}

# entries_of: what slapd has, as lookup-book would list it, sorted; base64 is all there is to undo in slapcat's lines.
entries_of() {
    slapcat -f slapd.conf -o ldif-wrap=no | perl -MMIME::Base64 -00 -ne '
        my %values;
        for (split /\n/) {
            my ($type, $base64, $value) = /^([^:;]+)[^:]*:(:?) (.*)/ or next;
            $value = decode_base64($value) if $base64;
            $value =~ s/^ +| +$//g; $value =~ s/\n/, /g;
            push @{$values{$type}}, $value;
        }
        for my $office (@{$values{physicalDeliveryOfficeName} // $values{roomNumber} // []}) {
            print "$_ = $office\n" for map { @{$values{$_} // []} } qw(cn displayName uid);
        }' | sort
}

slapd_of() {
    need slapadd slapcat perl
    mkdir db
    cat >slapd.conf <<END
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "dc=example,dc=com"
directory $PWD/db
END
    slapadd -q -f slapd.conf -l "$1"
}

@test "slapd reads the same entries from the same file" {
    slapd_of "$PEOPLE"
    entries_of >expected
    [ "$(wc -l <expected)" -eq 19 ]
    lookup-book compile --format ldif "$PEOPLE" book.cdb
    lookup-book list book.cdb | sort | diff expected -
}

@test "what slapcat writes is read, however it is folded" {
    slapd_of "$PEOPLE"
    entries_of >expected
    for width in 3 20 76 no; do
        slapcat -f slapd.conf -o "ldif-wrap=$width" >dump.ldif
        lookup-book compile --format ldif dump.ldif book.cdb
        lookup-book list book.cdb | sort | diff expected -
    done
}

@test "what ldapsearch -LLL writes is read; without -LLL it is told what to do" {
    need slapd ldapsearch
    slapd_of "$PEOPLE"
    entries_of >expected
    local url=ldapi://${PWD//\//%2F}%2Fsocket
    start_background slapd.log slapd -f slapd.conf -h "$url" -d 0
    wait_for ldapsearch -x -H "$url" -s base >probe 2>&1
    ldapsearch -x -H "$url" -LLL -b dc=example,dc=com >found.ldif
    lookup-book compile found.ldif book.cdb
    lookup-book list book.cdb | sort | diff expected -
    ldapsearch -x -H "$url" -b dc=example,dc=com >found.ldif
    run -65 lookup-book compile found.ldif book.cdb
    assert_output --regexp '^found.ldif:[0-9]+: not an entry; run ldapsearch with -LLL to get LDIF$'
}
