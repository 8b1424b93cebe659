#!/usr/bin/env bats
# lookup-book list and query, in the formats that other programs read, and its help.

load lib

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    PATH=$BUILD:$PATH
}

# Names that mean something to one format or another, and names with several offices.
awkward_book() {
    cat >source.ldif <<'LDIF'
dn: uid=1
cn: John = Smith
cn: #Hash, Tag
cn: "Denise ""Dee"" Miller
cn: Back\Slash\=\#\\
cn: sep=;
cn: Name
cn: Tab	Within
cn: =1+1
cn: José Müller
cn:: TGluZQpFbmQNClR3bw==
roomNumber: C45, "left" of = the lift
roomNumber: C46
roomNumber:: Zmlyc3QKc2Vjb25kIGxpbmU=
roomNumber: # 7; 8

LDIF
    printf '\nsn: Twin\ncn: Twin\nroomNumber: %s\n' "E'1" '"' ',' ';' '|' >>source.ldif
    sed -i 's/^sn: Twin/dn: uid=2/' source.ldif
    lookup-book compile "$@" source.ldif book.cdb
}

@test "list --format csv: compile makes the same book of it" {
    for option in '' --exact-only; do
        awkward_book $option
        lookup-book list --format csv book.cdb >list.csv
        lookup-book compile $option list.csv again.cdb
        cmp book.cdb again.cdb
        lookup-book list --format plain book.cdb >list.txt
        lookup-book compile $option list.txt again.cdb
        cmp book.cdb again.cdb
        lookup-book list --format json book.cdb >list.json
    done
}

@test "list --format csv is what other programs take for CSV" {
    awkward_book
    lookup-book list --format csv book.cdb >list.csv
    lookup-book list --format json book.cdb >list.json
    run -0 /usr/bin/python3 -c '
import csv, json
rows = list(csv.reader(open("list.csv", encoding="utf-8", newline=""), strict=True))
objects = [json.loads(line) for line in open("list.json", encoding="utf-8")]
assert rows[0] == ["Name", "Office"], rows[0]
assert rows[1:] == [[o["name"], o["office"]] for o in objects], rows
print(len(objects))'
    assert_output 45
}

@test "list --format json: an object a line for each entry" {
    make_book book.cdb <<'BOOK'
John Smith = C45
Twin = E1
Twin = "E2" \ 3
BOOK
    run -0 lookup-book list --format json book.cdb
    assert_output '{"name":"John Smith","office":"C45"}
{"name":"Twin","office":"E1"}
{"name":"Twin","office":"\"E2\" \\ 3"}'
    run -0 lookup-book list --format csv book.cdb
    assert_output 'Name,Office
John Smith,C45
Twin,E1
Twin,"""E2"" \ 3"'
    run -0 lookup-book list --format plain book.cdb
    assert_output "$(lookup-book list book.cdb)"
}

@test "list: a book that somebody else made acts on no terminal, in any format" {
    need cdb
    printf '+2,5:JO->\033[2J\n\n+1,0:A->\n+1,2:B->\377"\n\n' | cdb -c book.cdb -
    run -0 lookup-book list --format json book.cdb
    assert_output '{"name":"JO","office":"\u001b[2J\u000a"}
{"name":"A","office":""}
{"name":"B","office":"\ufffd\""}'
    run -0 lookup-book list --format csv book.cdb
    assert_output 'Name,Office
JO,\x1B[2J\x0A
A,""
B,"\xFF"""'
    make_book book.cdb <<<$'John = a\u202eb'
    run -0 lookup-book list --format csv book.cdb
    assert_output $'Name,Office\nJohn,a\u202eb'
    for format in csv plain; do
        run -0 script -qec "lookup-book list --format $format book.cdb" /dev/null
        assert_output --partial 'a\xE2\x80\xAEb'
    done
}

@test "list: an empty book" {
    printf '' >empty.txt
    run -0 lookup-book compile --force empty.txt book.cdb
    assert_output 'book.cdb: no entries'
    run -0 lookup-book list --format csv book.cdb
    assert_output 'Name,Office'
    run -0 lookup-book list --format json book.cdb
    assert_output ''
    run -0 lookup-book check book.cdb
    assert_output --partial 'book.cdb: sound, no entries, '
}

@test "query --json says it in the form of lookup --json" {
    make_book book.cdb <<'BOOK'
John Smith = C45
Ann Smith = A1
Twin = E1
Twin = "E2"
BOOK
    run -0 lookup-book query --json book.cdb ' twin'
    assert_output '{"name":" twin","found":true,"offices":["E1","\"E2\""]}'
    run -0 lookup-book query book.cdb smith --json
    assert_output '{"name":"smith","found":true,"matches":[{"name":"John Smith","office":"C45"},{"name":"Ann Smith","office":"A1"}]}'
    run -1 lookup-book query --json book.cdb Joan
    assert_output '{"name":"Joan","found":false}'
    run -64 lookup-book query --json book.cdb ''
    assert_output '{"name":"","found":false,"error":"empty request"}'
    run -64 lookup-book query --json book.cdb $'a\xff'
    assert_output '{"name":"a\ufffd","found":false,"error":"request is not plain UTF-8 text"}'
    run -64 lookup-book query --json book.cdb 'GET / HTTP/1.0'
    assert_output --regexp '^\{"name":"GET / HTTP/1.0","found":false,"error":"[^"]+"\}$'
    printf 'Smith %s = A1\n' {1..23} | make_book many.cdb
    run -0 lookup-book query --json many.cdb smith
    assert_output --partial '],"more":3}'
}

@test "query --json: a name of any length makes JSON" {
    make_book book.cdb <<<'John = C45'
    local name
    for name in "$(printf '%0100000d' 0)" "$(printf '\1%.0s' {1..120000})" "$(printf '\xff%.0s' {1..120000})"; do
        run -64 lookup-book query --json book.cdb "$name"
        run -0 /usr/bin/python3 -c 'import json, sys; found = json.load(sys.stdin); print(len(found["name"]), found["error"])' <<<"$output"
        assert_output --regexp '^1[02]0000 request '
    done
}

@test "counts are of what there is, and one of a thing is one" {
    make_book book.cdb <<<'John = C45' >one
    assert_equal "$(<one)" 'book.cdb: 1 entry, 1 name'
    run -0 lookup-book check book.cdb
    assert_output --regexp '^book.cdb: sound, 1 entry, [0-9]+ bytes, made (just now|1 second ago|[0-9]+ seconds ago)$'
    touch -d '40 hours ago' book.cdb
    run -0 lookup-book check book.cdb
    assert_output --partial ', made 40 hours ago'
    touch -d '1 day' book.cdb
    run -0 lookup-book check book.cdb
    assert_output --partial ', made in the future'
    printf '%s\n' 'John = C45' 'John = C45' 'John = C46' 'Ann = A1' 'nonsense' 'Bob =' | tee source.txt
    run -0 --separate-stderr lookup-book compile --skip-bad source.txt book.cdb
    assert_output 'book.cdb: 3 entries, 2 names, 1 duplicate left out, 1 skipped, 1 without a name or an office'
}

@test "help: on standard output, however it is asked for" {
    run -0 --separate-stderr lookup-book --help
    local all=$output
    assert_equal "$stderr" ''
    for arguments in -h help 'help nothing'; do
        # shellcheck disable=SC2086 # words are wanted
        run --separate-stderr lookup-book $arguments
        case $arguments in
            'help nothing')
                assert_equal "$status $output" '64 '
                ;;
            *)
                assert_equal "$status $output" "0 $all"
                ;;
        esac
    done
    local command
    for command in compile list check query; do
        run -0 --separate-stderr lookup-book help "$command"
        assert_equal "$stderr" ''
        assert_line --index 0 --partial "Usage: lookup-book $command "
        local one=$output option
        for option in -h --help; do
            run -0 lookup-book "$command" "$option"
            assert_output "$one"
            run -0 lookup-book "$option" "$command"
            assert_output "$one"
        done
    done
    # A book may be called so.
    make_book help <<<'John = C45'
    run -0 lookup-book list help
    assert_output 'John = C45'
}

@test "an option of one command is none of the others" {
    make_book book.cdb <<<'John = C45'
    run -64 lookup-book list --json book.cdb
    assert_output 'lookup-book: --json is an option of query; see --help'
    run -64 lookup-book check --format csv book.cdb
    assert_output 'lookup-book: --format is an option of compile and list; see --help'
    run -64 lookup-book list --format ldif book.cdb
    assert_output 'lookup-book: list has no format ldif, only plain, csv and json'
    run -64 lookup-book compile --format json book.txt book.cdb
    assert_output 'lookup-book: no such format: json'
}

@test "wrong arguments: the message has the right ones" {
    run -64 lookup-book
    assert_output 'lookup-book: no command is given: name compile, list, check, query or help; see --help'
    run -64 lookup-book lists book.cdb
    assert_output 'lookup-book: no such command: lists; see --help'
    run -64 lookup-book list
    assert_output 'lookup-book: not the arguments of list [--format plain|csv|json] BOOK; see --help'
}
