#!/usr/bin/env bats
# Files as people's programs export them, in their charsets, line ends and habits: each is read without an option.
# shellcheck disable=SC2016 # Apple's labels have a $

load lib

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    PATH=$BUILD:$PATH
}

# reads FILE EXPECTED [PASSED]: without an option or a word on standard error, these entries, and so many without an office.
reads() {
    local passed=${3:-0}
    run -0 --separate-stderr lookup-book compile --force "$1" book.cdb
    assert_equal "$stderr" ''
    [ "$passed" = 0 ] || assert_output --partial ", $passed without a name or an office"
    run -0 lookup-book list book.cdb
    assert_output "$(printf '%b' "$2")"
}

# utf16: with a byte order mark, and CRLF.
utf16() {
    printf '\xff\xfe' && sed 's/$/\r/' | iconv -f utf-8 -t utf-16le
}

@test "Outlook: CSV of contacts, quoted, with many columns and rows that lack the last ones" {
    printf '%s\r\n' '"Title","First Name","Middle Name","Last Name","Suffix","Company","Department","Job Title","Business Street","Business City","Notes","Office Location","Priority","Private"' \
        '"Dr.","Zoë","","Müller","","Example, Inc.","","","Main St 1","Town","two' 'lines","C45","Normal","False"' \
        '"","Ann","","Smith","","","","","","","","A1"' '"","Bob","","Brown","","","","","","","","","Normal"' >contacts.csv
    reads contacts.csv 'Zoë Müller = C45\nAnn Smith = A1' 1
}

@test "Outlook in German, French, Spanish and Italian" {
    printf '"Anrede";"Vorname";"Weitere Vornamen";"Nachname";"Firma";"Abteilung";"Büro"\r\n"Frau";"Zoë";"";"Müller";"";"";"C45"\r\n' >de.csv
    reads de.csv 'Zoë Müller = C45'
    printf 'Titre;Prénom;Deuxième prénom;Nom;Société;Bureau\r\n;Zoë;;Durand;;C45\r\n' >fr.csv
    reads fr.csv 'Zoë Durand = C45'
    printf 'Nombre,Segundo nombre,Apellidos,Organización,Ubicación de la oficina\r\nZoë,,García,,C45\r\n' >es.csv
    reads es.csv 'Zoë García = C45'
    printf 'Titolo;Nome;Secondo nome;Cognome;Ubicazione ufficio\r\n;Zoë;;Rossi;C45\r\n' >it.csv
    reads it.csv 'Zoë Rossi = C45'
}

@test "Outlook: a vCard of 2.1, with folded base64 and an address whose second part is the office" {
    printf '%s\r\n' BEGIN:VCARD VERSION:2.1 'N;LANGUAGE=de;CHARSET=Windows-1252:M'$'\xfc''ller;Zo'$'\xeb' \
        'FN;CHARSET=Windows-1252:Zo'$'\xeb'' M'$'\xfc''ller' 'ORG:Example' 'TEL;WORK;VOICE:7' \
        'ADR;WORK;PREF:;C45;Main St 1;Town;;12345;Land' 'LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:C45=0D=0A=' 'Main St 1' \
        'X-MS-OL-DEFAULT-POSTAL-ADDRESS:2' 'PHOTO;TYPE=JPEG;ENCODING=BASE64:' ' /9j/4AAQ' ' AAAA' '' 'REV:20261128T120000Z' END:VCARD >z.vcf
    reads z.vcf 'Zoë Müller = C45, Main St 1, Town, 12345, Land'
}

@test "Excel: CSV with a mark, with semicolons, as Unicode text" {
    printf '\xef\xbb\xbfName,Office\r\nZoë,C45\r\n' >utf8.csv
    reads utf8.csv 'Zoë = C45'
    printf 'sep=;\r\nName;Raum;Notiz\r\n"Müller, Zoë";"C45\nlinks";"a ""b"""\r\nAnn;A1\r\n;;\r\n' >de.csv
    reads de.csv 'Müller, Zoë = C45, links\nAnn = A1'
    printf 'Name\tOffice\nZoë\t"C45, left"\n' | utf16 >unicode.tsv
    reads unicode.tsv 'Zoë = C45, left'
}

@test "Google: CSV of contacts, older and newer" {
    printf '%s\n' 'Name,Given Name,Additional Name,Family Name,Nickname,Birthday,Location,Notes,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Type,Organization 1 - Name,Organization 1 - Location' \
        'Zoë Müller,Zoë,,Müller,,,,,* Work,z@example.com,,Example,C45' ',Ann,,Smith,,,,,,,,,A1' 'Bob,Bob,,,,,,,,,,,' >old.csv
    reads old.csv 'Zoë Müller = C45\nAnn Smith = A1' 1
    printf '%s\n' 'First Name,Middle Name,Last Name,File As,Organization Name,Organization Title,Notes,Labels,Address 1 - Label,Address 1 - Formatted,Address 1 - Street' \
        'Zoë,,Müller,,Example,,,* myContacts,Work,"C45' 'Main St 1",Main St 1' 'Ann,,Smith,,,,,* myContacts,Home,"Home St",Home St' \
        'Bob,,,,,,,* myContacts,* Work,B1,B1' >new.csv
    reads new.csv 'Zoë Müller = C45, Main St 1\nBob = B1' 1
}

@test "Google, Android: vCards" {
    printf '%s\r\n' BEGIN:VCARD VERSION:3.0 'FN:Zoë Müller' 'N:Müller;Zoë;;;' 'item1.ORG:Example' 'item1.X-ABLabel:' \
        'item2.ADR:;;C45;Town;;;' 'item2.X-ABLabel:Work' 'CATEGORIES:myContacts' END:VCARD >google.vcf
    reads google.vcf 'Zoë Müller = C45, Town'
    printf '%s\r\n' BEGIN:VCARD VERSION:2.1 'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Zo=C3=AB;;;' \
        'FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB=20M=C3=BC=' 'ller' 'TEL;CELL;PREF:7' 'X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Z;1;;;' \
        'ADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;C45=0AB=C3=BCro;;;;' 'NOTE;ENCODING=QUOTED-PRINTABLE:a=' '=0D=0Ab' \
        'PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ' ' AAAA' '' END:VCARD \
        BEGIN:VCARD VERSION:2.1 'N:;7777;;;' 'FN:7777' 'TEL;CELL:7777' END:VCARD >android.vcf
    reads android.vcf 'Zoë Müller = C45, Büro' 1
}

@test "Apple: vCards of Contacts, with labels in groups" {
    printf '%s\n' BEGIN:VCARD VERSION:3.0 'PRODID:-//Apple Inc.//macOS 14//EN' 'N:Müller;Zoë;;;' 'FN:Zoë Müller' \
        'item1.ADR;type=HOME;type=pref:;;Home St;Town;;;' 'item1.X-ABADR:de' 'item2.ADR;type=WORK:;;C45\nMain St 1;Town;;;' 'item2.X-ABADR:de' \
        'item3.URL:x' 'item3.X-ABLabel:_$!<HomePage>!$_' 'PHOTO;ENCODING=b;TYPE=JPEG:/9j/' ' 4AAQ' 'X-ABUID:1:ABPerson' END:VCARD \
        BEGIN:VCARD VERSION:3.0 'N:Smith;Ann;;;' 'FN:Ann Smith' 'item1.ADR;type=pref:;;A1;;;;' 'item1.X-ABLabel:_$!<Work>!$_' END:VCARD \
        BEGIN:VCARD VERSION:3.0 'N:Brown;Bob;;;' 'FN:Bob Brown' 'item1.ADR;type=pref:;;Beach St;;;;' 'item1.X-ABLabel:Beach house' END:VCARD >apple.vcf
    reads apple.vcf 'Zoë Müller = C45, Main St 1, Town\nAnn Smith = A1' 1
    iconv -f utf-8 -t utf-16 apple.vcf >utf16.vcf
    reads utf16.vcf 'Zoë Müller = C45, Main St 1, Town\nAnn Smith = A1' 1
}

@test "Thunderbird: CSV, LDIF, vCards of 4.0" {
    printf '%s\r\n' 'First Name,Last Name,Display Name,Nickname,Primary Email,Work Phone,Home Address,Work Address,Work Address 2,Work City,Notes,' \
        'Zoë,Müller,Zoë Müller,,z@example.com,7,Home St,C45,,Town,,' 'Ann,Smith,,,,,,A1,,,"x, y",' 'Bob,,Bob,,,,,,,,,' >tb.csv
    reads tb.csv 'Zoë Müller = C45\nAnn Smith = A1' 1
    printf '%s\r\n' 'dn:: Y249Wm/DqyxtYWlsPXpAZXhhbXBsZS5jb20=' 'objectclass: top' 'objectclass: mozillaAbPersonAlpha' 'givenName:: Wm/Dqw==' 'sn: Smith' \
        'cn:: Wm/DqyBTbWl0aA==' 'mail: z@example.com' 'roomNumber: C45' 'modifytimestamp: 0' '' 'dn: cn=list' 'objectclass: groupOfNames' 'cn: list' \
        'member: cn=x' '' >tb.ldif
    reads tb.ldif 'Zoë Smith = C45' 1
    printf '%s\r\n' BEGIN:VCARD VERSION:4.0 'N:Müller;Zoë;;;' 'FN:Zoë Müller' 'EMAIL;PREF=1:z@example.com' 'ADR:;;C45;Town;;;' 'UID:1' END:VCARD >tb.vcf
    reads tb.vcf 'Zoë Müller = C45, Town'
}

@test "Active Directory: ldifde with and without -u, csvde, PowerShell" {
    printf '%s\n' 'dn: CN=Zoë Müller,OU=Staff,DC=example,DC=com' 'changetype: add' 'objectClass: user' 'cn: Zoë Müller' 'displayName: Zoë Müller' \
        'physicalDeliveryOfficeName: C45' 'objectGUID:: AAECAw==' 'member;range=0-1499: CN=x' 'description: a long line that is folded' '  here' '' \
        'dn: OU=Staff,DC=example,DC=com' 'changetype: add' 'ou: Staff' '' | utf16 >staff.ldf
    reads staff.ldf 'Zoë Müller = C45' 1
    printf '%s\r\n' 'dn:: Q049Wm/DqyBNw7xsbGVy' 'changetype: add' 'cn:: Wm/DqyBNw7xsbGVy' 'physicalDeliveryOfficeName: C45' '' >ansi.ldf
    reads ansi.ldf 'Zoë Müller = C45'
    printf 'DN,objectClass,cn,displayName,physicalDeliveryOfficeName\r\n"CN=Ann,OU=x",user,ann,Ann Smith,A1\r\n"OU=x",organizationalUnit,,,\r\n' >csvde.csv
    reads csvde.csv 'Ann Smith = A1' 1
    printf '#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\n"name","office","surname"\n"Zoë Müller","C45","Müller"\n"Ann","",""\n' | utf16 >ps.csv
    reads ps.csv 'Zoë Müller = C45' 1
}

@test "OpenLDAP: slapcat's and a configuration's LDIF" {
    printf '%s\n' 'dn: uid=zoe,ou=people,dc=example,dc=com' 'structuralObjectClass: inetOrgPerson' 'cn:: Wm/DqyBNw7xsbGVy' 'cn;lang-en: Zoe Muller' 'uid: zoe' \
        'userPassword:: e1NTSEF9eA==' 'roomNumber: C45' 'entryCSN: 20261128120000.000000Z#000000#000#000000' '' 'dn: cn=group,dc=example,dc=com' \
        'cn: group' 'member: uid=zoe' '' >slapcat.ldif
    reads slapcat.ldif 'Zoë Müller = C45\nZoe Muller = C45\nzoe = C45' 1
}
