#!/usr/bin/env bats
# CSV sources (RFC 4180): what spreadsheets and directories export, read strictly.

load lib

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    PATH=$BUILD:$PATH
}

# lists CSV EXPECTED OPTION...: compiled with these options, the source (as printf's %b has it) gives that list.
lists() {
    printf %b "$1" >source.csv
    lookup-book compile --force "${@:3}" source.csv book.cdb >summary || { echo "of: $1"; return 1; }
    lookup-book list book.cdb >listed
    printf %b "$2" | diff - listed || { echo "of: $1"; return 1; }
}

# refuses CSV MESSAGE OPTION...: that error, and it alone; the old book stays.
refuses() {
    printf %b "$1" >source.csv
    make_book book.cdb <<<'Old = A1' >summary
    cp book.cdb before.cdb
    run -65 lookup-book compile "${@:3}" source.csv book.cdb
    assert_output "source.csv:$2"
    cmp book.cdb before.cdb
}

@test "rows are entries: name and office by the header, whatever its order and case" {
    lists 'name,office\nJohn,C45\nAnn,A1\n' 'John = C45\nAnn = A1\n'
    lists 'OFFICE,Phone,Name\nC45,7,John\n' 'John = C45\n'
    lists ' Name , oFFICE \n John , C 45 \n' 'John = C 45\n'
    lists 'name,office\nJohn,C45' 'John = C45\n'
    lists 'name,office\n' ''
    lists '' ''
}

@test "headers as other programs write them" {
    lists 'Full Name,Room\nJohn,C45\n' 'John = C45\n'
    lists 'Display name,Office\nJohn,C45\n' 'John = C45\n'
    lists 'DN,cn,displayName,physicalDeliveryOfficeName\nx,j,John Smith,C45\n' 'John Smith = C45\n'
    lists 'cn,roomNumber\nJohn,C45\n' 'John = C45\n'
    lists 'Full_Name,office-location\nJohn,C45\n' 'John = C45\n'
}

@test "first and last name are joined where there is no name" {
    lists 'First Name,Middle Name,Last Name,Office Location\nJohn,X,Smith,C45\n' 'John Smith = C45\n'
    lists 'Family Name,Given Name,Office\nSmith,John,C45\n,Ann,A1\nMiller,,B1\n' \
        'John Smith = C45\nAnn = A1\nMiller = B1\n'
    lists 'Surname,Office\nSmith,C45\n' 'Smith = C45\n'
    lists 'First Name,Last Name,Name,Office\nJohn,Smith,Johnny,C45\n' 'Johnny = C45\n'
    lists 'First Name,Last Name,Office\nA,B,C\n , ,C45\n' 'A B = C\n'
    refuses "First Name,Last Name,Office\n$(printf '%01024d' 0),x,C45\n" '2: name longer than 1024 bytes'
}

@test "no header: two columns, or those that are said" {
    lists 'John,C45\nAnn,A1\n' 'John = C45\nAnn = A1\n'
    lists 'John,C45,\nAnn,A1,\n' 'John = C45\nAnn = A1\n'
    # Which of more are meant, nobody knows.
    refuses 'John,C45,7\nAnn,A1,8\n' \
        '1: no column with a known name (see --name-column, --office-column, --no-header); the columns are: John, C45, 7'
    lists 'John,C45,7\nAnn,A1,8\n' 'John = C45\nAnn = A1\n' --no-header
    lists '7,John,x,C45\n8,Ann,x,A1\n' 'John = C45\nAnn = A1\n' --no-header --name-column 2 --office-column 4
    lists 'Name,Office\nAnn,A1\n' 'Name = Office\nAnn = A1\n' --no-header
    refuses '7,John,C45\n' '1: no column 4; the columns are: 7, John, C45' --no-header --office-column 4
    refuses '7,John,C45\n' '1: no column Wo; the columns are: 7, John, C45' --no-header --name-column 2 --office-column Wo
    lists '\nJohn;C45\n' 'John = C45\n'
    refuses 'John\nAnn\n' '1: one field, but a name and an office are needed'
}

@test "--name-column and --office-column name the columns, without case" {
    lists 'Wer,Was,Wo\nJohn,x,C45\n' 'John = C45\n' --name-column wer --office-column WO
    lists 'Name,Office,Büro\nJohn,A1,C45\n' 'John = C45\n' --office-column bÜRO
    lists 'Name,Office,Nick\nJohn,A1,Johnny\n' 'Johnny = A1\n' --name-column nick
    refuses '\nName,Office,Tel\nJohn,A1,8\n' '2: no column Büro; the columns are: Name, Office, Tel' --office-column Büro
    refuses 'Name,Office\nJohn,A1\n' '1: no column Nick; the columns are: Name, Office' --name-column Nick
    refuses 'First Name,Last Name,Office\nJ,S,A1\n' '1: no column Nick; the columns are: First Name, Last Name, Office' \
        --name-column Nick
    refuses 'John,C45\n' '1: no column Name; the columns are: John, C45' --name-column Name
}

@test "--name-column and --office-column take numbers, too" {
    lists 'Name,Office,Wo\nJohn,A1,C45\n' 'John = C45\n' --office-column 3
    lists 'Name,Office,2\nJohn,A1,C45\n' 'John = C45\n' --office-column 2
    refuses 'Name,Office\nJohn,A1\n' '1: no column 0; the columns are: Name, Office' --name-column 0
    refuses 'Name,Office\nJohn,A1\n' '1: no column 99999999999999999999; the columns are: Name, Office' --name-column 99999999999999999999
    # That a header is none of ours is told.
    printf 'Wer,Was,Wo\nJohn,x,C45\n' >source.csv
    run -0 --separate-stderr lookup-book compile --name-column 1 --office-column 3 source.csv book.cdb
    assert_equal "$stderr" 'source.csv:1: warning: this row is used as the header; if it is an entry, use --no-header'
    assert_equal "$(lookup-book list book.cdb)" 'John = C45'
}

@test "headers in the languages that spreadsheets come in" {
    local header
    while read -r header; do
        lists "$header\nAda Smith;;B2\n" 'Ada Smith = B2\n'
    done <<'END'
Name;Telefon;Büro
Anzeigename;E-Mail;Raum
Nom;Téléphone;Bureau
Nom complet;Fonction;Salle
Nombre;Teléfono;Oficina
Nombre para mostrar;Cargo;Despacho
Nome;Telefono;Ufficio
Nome e cognome;Telefono;Stanza
Nome completo;Cargo;Escritório
Nome;Telefone;Sala
Naam;Telefoon;Kantoor
Weergavenaam;Functie;Kamer
Imię i nazwisko;Telefon;Biuro
Nazwa wyświetlana;Dział;Pokój
Namn;Telefon;Kontor
Visningsnamn;Titel;Rum
Navn;Telefon;Kontor
Fulde navn;Titel;Lokale
Celé jméno;Telefon;Kancelář
JMÉNO A PŘÍJMENÍ;Telefon;MÍSTNOST
END
    while read -r header; do
        lists "$header\nAda;Smith;B2\n" 'Ada Smith = B2\n'
    done <<'END'
First Name;Last Name;Office
Vorname;Nachname;Büro
Vorname;Name;Zimmer-Nr.
Prénom;Nom;Bureau
Prénom;Nom de famille;N° de bureau
Nombre;Apellidos;Despacho
Nome;Cognome;Ufficio
Nome;Apelido;Gabinete
Voornaam;Achternaam;Kantoor
Imię;Nazwisko;Nr pokoju
Förnamn;Efternamn;Rumsnummer
Fornavn;Efternavn;Lokalenummer
Jméno;Příjmení;Kancelář
END
    lists '"Anrede","Vorname","Nachname","Büro"\n"Frau","Ada","Smith","B2"\n' 'Ada Smith = B2\n'
    lists 'Nom;Prénom;Bureau\nSmith;Ada;B2\n' 'Ada Smith = B2\n'
    lists 'Nom;Pre\xcc\x81nom;Bureau\nSmith;Ada;B2\n' 'Ada Smith = B2\n'
}

@test "a name without a last name beside the first is the last; unless it is whole" {
    lists 'Name;First Name;Office\nSmith;John;C45\n' 'John Smith = C45\n'
    lists 'Name;First Name;Office\nSmith, John;John;C45\nJohn Smith;JOHN;A1\nJohnson;John;A2\n;Ann;A3\nBob;;A4\n' \
        'Smith, John = C45\nJohn Smith = A1\nJohn Johnson = A2\nAnn = A3\nBob = A4\n'
    lists 'Name;Surname;Office\nJohn;Smith;C45\nJohn Smith;Smith;A1\n' 'John Smith = C45\nJohn Smith = A1\n'
}

@test "the place of an office counts before what is called an office alone, which may be its telephone" {
    for header in 'Office,Office Location' 'Büro,Bürostandort' 'Bureau,Emplacement du bureau' 'Oficina,Ubicación de la oficina' \
        'Ufficio,Ubicazione ufficio' 'Escritório,Localização do escritório' 'Kantoor,Kantoorlocatie' 'Biuro,Lokalizacja biura' \
        'Kontor,Kontorsplats' 'Kontor,Kontorplacering' 'Kancelář,Umístění kanceláře'; do
        lists "Name,$header\nAnn,555 0100,A1\n" 'Ann = A1\n'
        lists "Name,${header#*,},${header%,*}\nAnn,A1,555 0100\n" 'Ann = A1\n'
    done
}

@test "where a display name is empty, first and last are there" {
    lists 'Display Name,First Name,Last Name,Office\n,John,Smith,C45\nAnn S.,Ann,Smith,A1\n,,,X\n' 'John Smith = C45\nAnn S. = A1\n'
    lists 'Name,First Name,Last Name,Office\n,John,Smith,C45\n' 'John Smith = C45\n'
}

@test "what programs write above the header" {
    lists '#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\r\n"name","office"\r\n"John","C45"\r\n' 'John = C45\n'
    lists '#TYPE a;b;c;d\nname,office\nJohn;J,C45\n' 'John;J = C45\n'
    refuses '\xEF\xBB\xBF#TYPE x\nname,office\nJohn\n' '3: 1 fields, but the first row has 2'
}

@test "a header that lacks one of the two, or has it twice, is refused" {
    refuses 'Name,Floor\nJohn,C45\n' '1: no column of offices (see --office-column); the columns are: Name, Floor'
    refuses 'Who,Office\nJohn,C45\n' '1: no column of names (see --name-column); the columns are: Who, Office'
    refuses 'Last Name\nSmith\n' '1: no column of offices (see --office-column); the columns are: Last Name'
    refuses 'Name,Office,OFFICE\nJohn,C45,C46\n' '1: two columns with the same name'
    refuses 'Name,Office,name\nJohn,C45,Ann\n' '1: two columns with the same name'
    # What is shown of a header acts on no terminal, and has an end.
    refuses 'Name,\033[2J\n' '1: no column of offices (see --office-column); the columns are: Name, \x1B[2J'
    printf 'Name,%01000d\n' 0 >source.csv
    run -65 lookup-book compile source.csv new.cdb
    assert_output --regexp '; the columns are: Name, 0{99,900}\.\.\.$'
}

@test "a header that is not UTF-8 may have any word in it, so is refused; unless options say the columns, or the charset" {
    local source='Pr\xe9nom;Nom;Bureau\nZo\xe9;Blanc;C45\n'
    refuses "$source" '1: the header is not UTF-8 text (see --charset)'
    refuses 'Nachname;Vorname;B\xfcro\nSmith;John;C45\n' '1: the header is not UTF-8 text (see --charset)'
    refuses 'Name;Office;Soci\xe9t\xe9\nJohn;C45;X\n' '1: the header is not UTF-8 text (see --charset)'
    refuses "$source" '1: the header is not UTF-8 text (see --charset)' --name-column Nom
    lists "$source" 'Zoé Blanc = C45\n' --charset windows-1252
    lists "$source" 'Blanc = C45\n' --name-column Nom --office-column Bureau
    lists '"First\nName",Name,Office\nx,John,C45\n' 'John = C45\n'
}

@test "of several numbered addresses it is the first one of work" {
    local header='Name,Address 1 - Label,Address 1 - Formatted,Address 2 - Label,Address 2 - Formatted,Address 3 - Type,Address 3 - Formatted'
    lists "$header\nJohn,Home,Home St,Work,Work St,Other,Club St\n" 'John = Work St\n'
    lists "$header\nJohn,* Work,A St,Work,B St,work,C St\nAnn,,A St,,,* Work,C St\n" 'John = A St\nAnn = C St\n'
    lists "$header\nJohn,Work,,Home,Home St,Work,C St\n" 'John = C St\n'
    lists "$header\nJohn,Home,Home St,,,,\nAnn,Home,Home St\nBob,Work,B St\n" 'Bob = B St\n'
    lists 'Name,Address 2 - Formatted,Address 2 - Label\nJohn,Work St,Work\n' 'John = Work St\n'
    lists "$header,Office\nJohn,Home,Home St,Work,Work St,,,C45\n" 'John = C45\n'
    refuses 'Name,Address 2 - Label,Address 2 - Formatted,Address 2 - Formatted\nJohn,Work,A,B\n' '1: two columns with the same name'
    refuses 'Name,Address 1 - Label,Address 2 - Formatted\nJohn,Work,A\n' \
        '1: no column of offices (see --office-column); the columns are: Name, Address 1 - Label, Address 2 - Formatted'
}

@test "quoted fields: separators, doubled quotes and line breaks in them" {
    lists 'name,office\n"Smith, John","C 45"\n' 'Smith, John = C 45\n'
    lists 'name,office\n"John ""Jack"" Smith",C45\n"""",A1\n' 'John "Jack" Smith = C45\n" = A1\n'
    lists 'name,office\nJohn,"C45\nfloor 2\r\n\r\nat the end\n"\nAnn,A1\n' 'John = C45, floor 2, at the end\nAnn = A1\n'
    lists '"name","of\nfice"\n"John","C45"\n' 'John = C45\n' --office-column 'of
fice'
    lists 'name,office,note\n"John","C45",""\n' 'John = C45\n'
}

@test "the separator: comma, semicolon or tab, as the header has it outside quotes" {
    lists 'name;office\nSmith, John;C45\n' 'Smith, John = C45\n'
    lists 'name\toffice\nSmith, John;C45\tC46;C47\n' 'Smith, John;C45 = C46;C47\n'
    lists '"a,b,c,d";name;office\n1;John;C45\n' 'John = C45\n'
    lists '"a;b;c\n;d",name,office\n1,John,C45\n' 'John = C45\n'
    lists 'name,office,a;b\nJohn,C45,x\n' 'John = C45\n'
    # As many of one as of the other: the one that text has less of.
    lists 'Smith, John;C45\n' 'Smith, John = C45\n'
    # The one that makes the header known, before all.
    lists 'Name (last, first, title);Office\nSmith, John, Dr.;C45\n' 'Smith, John, Dr. = C45\n'
    lists 'Name;Office, Floor, Wing\nJohn;C45, 2, left\n' 'John = C45, 2, left\n'
    lists 'Name,Office (a;b;c)\nJohn;J,C45\n' 'John;J = C45\n'
    lists 'Name|Office\nSmith, John;x|C45\n' 'Smith, John;x = C45\n'
    lists 'Wer;Wo, ob, wann\nJohn;C45\n' 'John = C45\n' --name-column Wer --office-column 'Wo, ob, wann'
}

@test "a first line sep= says the separator, and is no row" {
    lists 'sep=;\nname;office\nJohn, J;C45\n' 'John, J = C45\n'
    lists 'sep=|\r\nname|office,x\r\nJohn;J|C45\r\n' 'John;J = C45\n' --office-column office,x
    lists '\xEF\xBB\xBFsep=\t\nname\toffice\nJohn,,J\tC45\n' 'John,,J = C45\n'
    refuses 'sep=;\nname;office\nJohn\n' '3: 1 fields, but the first row has 2'
    lists 'SEP=;\nname;office\nJohn, J;C45\n' 'John, J = C45\n'
    lists '"sep=;"\r\nname;office\r\nJohn, J;C45\r\n' 'John, J = C45\n'
    # None of these is one.
    lists 'sep=,C45\n' 'sep\\= = C45\n'
    refuses 'sep=\n' '1: one field, but a name and an office are needed'
}

@test "CRLF, CR alone, a byte order mark" {
    lists 'name,office\r\n"John",C45\r\nAnn,A1\r\n' 'John = C45\nAnn = A1\n'
    lists 'name,office\rJohn,"C45\r2"\rAnn,A1\r' 'John = C45, 2\nAnn = A1\n'
    refuses 'name,office\rJohn,C45\rAnn\r' '3: 1 fields, but the first row has 2'
    lists '\xEF\xBB\xBFname,office\nJohn,C45\n' 'John = C45\n'
    lists '\xEF\xBB\xBF"name",office\r\nJohn,C45\r\n' 'John = C45\n'
    lists '\xEF\xBB\xBFJohn,C45\r\n' 'John = C45\n'
}

@test "blank lines, and rows of empty fields, are passed over" {
    lists '\n\nname,office\n\nJohn,C45\n  \n,\n"",,\n\nAnn,A1\n\n' 'John = C45\nAnn = A1\n'
    lists '\r\nname,office\r\n\r\nJohn,C45\r\n\r\n' 'John = C45\n'
}

@test "each fault is named by its line" {
    while IFS='|' read -r row message; do
        refuses "name,office\nGood,\"G1\n2\"\n$row\nLast,L1\n" "$message"
    done <<'END'
John|4: 1 fields, but the first row has 2
John,C45,,x|4: 4 fields, but the first row has 2
"John",C45,"A1"|4: 3 fields, but the first row has 2
"John" ,C45|4: text after a closing quote
"John"Smith,C45|4: text after a closing quote
"John\n\n"Smith,C45|6: text after a closing quote
Jo"hn,C45|4: quote in an unquoted field
"John", "C45"|4: quote in an unquoted field
Jo\xffhn,C45|4: name is not UTF-8 text (see --charset)
John,C\x0045|4: office has control character U+0000 as character 2
"Jo\n\x0bhn",C45|4: name has control character U+000B as character 4
END
}

@test "a row without a name or an office is passed over, whatever else is in it, and counted" {
    printf 'name,office\nJohn,C45\nAnn,\n\xff," \n "\n%01025d,\n,C46\n \xe2\x80\x8b,C47\n' 0 >source.csv
    run -0 --separate-stderr lookup-book compile source.csv book.cdb
    assert_output 'book.cdb: 1 entry, 1 name, 5 without a name or an office'
    assert_equal "$stderr" ''
    lists 'name,office\na=b,C45\n#John,C46\n' 'a\\=b = C45\n\\#John = C46\n'
}

@test "a line break in a name is a blank, and an office is not joined twice" {
    lists 'name,office\n"Jo\nhn","C45,\nleft"\n"An\r\n\r\nn",A1\n"E\rve","E1;\r\nleft\r,\r"\n' \
        'Jo hn = C45, left\nAn n = A1\nE ve = E1; left, ,\n'
}

@test "rows may lack, or have too much, of what is empty or not used" {
    lists 'name,office,a,b\nJohn,C45\nAnn,A1,x\nEve,E1,,,,\nBob,B1,"","",""\n' 'John = C45\nAnn = A1\nEve = E1\nBob = B1\n'
    refuses 'a,name,office,b\n1,John\n' '2: 2 fields, but the first row has 4'
    refuses 'a,name,office,b\n1,Smith,John,C45,x\n' '2: 5 fields, but the first row has 4'
    refuses 'office,first name,last name\nC45,John\n' '2: 2 fields, but the first row has 3'
}

@test "a quote never closed is named by the line where it opened" {
    refuses 'name,office\nJohn,C45\n"Ann\n,A1\nEve,E1\n' '3: the quote that opens here is never closed'
    refuses 'name,office\nJohn,"C45\n2",x\nx\n' '2: 3 fields, but the first row has 2'
    refuses 'name,"office\n' '1: the quote that opens here is never closed'
    refuses 'name,office\n"a\nb","c\nd\n' '3: the quote that opens here is never closed'
    # Nothing behind it can be told from it, so it is not passed over.
    refuses 'name,office\nJohn,C45\n"Ann\n' '3: the quote that opens here is never closed' --skip-bad
}

@test "no row is longer than 1 MiB, and none has more than 16384 fields" {
    long=$(printf '%01048570d' 0)
    lists "name,office,x\nJohn,C45,${long:0:1048569}\n" 'John = C45\n'
    printf 'name,office,x\nJohn,C45,"%s' "$long" >source.csv
    run -65 lookup-book compile source.csv new.cdb
    assert_output 'source.csv:2: the quote that opens here is not closed within 1 MiB'
    printf 'name,office,x\nJohn,C45,%s' "$long" >source.csv
    run -65 lookup-book compile source.csv new.cdb
    assert_output 'source.csv:2: row longer than 1 MiB'
    { printf 'name,office\n' && printf '%16384s' '' | tr ' ' ,; } >source.csv
    run -65 lookup-book compile source.csv new.cdb
    assert_output 'source.csv:2: row of more than 16384 fields'
    run -65 timeout 120 lookup-book compile --format csv /dev/zero new.cdb
    assert_output '/dev/zero:1: row longer than 1 MiB'
}

@test "--skip-bad goes on behind the bad row, --keep-going lists them all" {
    printf 'name,office\nJohn,C45\nA"nn,A1\n"Eve" x,"y\nBob,B1\nBob\nJim,J1\n' >source.csv
    run -65 lookup-book compile --keep-going source.csv book.cdb
    assert_output 'source.csv:3: quote in an unquoted field
source.csv:4: text after a closing quote
source.csv:6: 1 fields, but the first row has 2'
    [ ! -e book.cdb ]
    run -0 --separate-stderr lookup-book compile --skip-bad source.csv book.cdb
    assert_output 'book.cdb: 3 entries, 3 names, 3 skipped'
    assert_equal "${stderr_lines[1]}" 'source.csv:4: skipped: text after a closing quote'
    run -0 lookup-book list book.cdb
    assert_output "$(printf '%s\n' 'John = C45' 'Bob = B1' 'Jim = J1')"
    # A header that is wrong is not passed over: what comes next is none.
    refuses '"name"x,office\nJohn,C45\n' '1: text after a closing quote' --skip-bad
    refuses 'name,floor\nJohn,C45\n' '1: no column of offices (see --office-column); the columns are: name, floor' --skip-bad
}

@test "tables as Python's csv module writes them are read as it reads them" {
    /usr/bin/python3 "$ROOT/tests/tools/tables.py" "$(rounds 100)"
    for table in *.csv; do
        lookup-book compile --force "$table" book.cdb >summary || { cat "$table"; return 1; }
        lookup-book list book.cdb | diff "$table.list" - || { cat "$table"; return 1; }
    done
}
