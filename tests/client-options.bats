#!/usr/bin/env bats
# Our own client's options: whom to ask, and what is printed.

load lib
load client

setup_file() {
    make_book "$BATS_FILE_TMPDIR/book.cdb" <<'BOOK'
John = C45
Denise = C44
Denise = C46
Ann Lee = D1
Ann Lie = Room: 5
Ann = UNKNOWN NAME: SMITH
Bob = UNKNOWN
Jim = ERRORS: 2
Tab = C45	left
Smith House = Smith: 4
Jean: Luc Picard = House: 8
Picard, Ann = C45
Quote "Q" \ = "D" \ 2
BOOK
}

# asks OPTION...: of a handler at 127.0.0.1.
asks() {
    client -h 127.0.0.1 -p "$PORT" "$@"
}

@test "-h: HOST:PORT, an IPv6 address with and without brackets and port" {
    local host
    serve_book tcp:127.0.0.1
    run -0 client -h "127.0.0.1:$PORT" John
    assert_output C45
    run -0 client -4 -h "localhost:$PORT" John
    assert_output C45
    need_ipv6
    serve_book tcp:::1
    for host in "[::1]:$PORT" "-p$PORT -h::1" "-p$PORT -h[::1]"; do
        # shellcheck disable=SC2086 # several words
        run -0 client ${host/#[/-h[} John
        assert_output C45
    done
}

@test "-h: what is no host and no port is refused" {
    local host
    for host in '' ',' 'a,' ',a' 'a,,b' '[::1' '[::1]x' '[]' : :80 a: a:0 a:65536 a:+1 'a: 1' "$(printf 'a%.0s,' {1..16})a"; do
        run -2 --separate-stderr client -h "$host" John
        assert_output ''
        [[ $stderr == lookup:*'see --help' ]] || fail "$host: $stderr"
    done
}

@test "-h with several: tried in turn, all of them named if none will do" {
    local dead
    closed_port
    dead=$PORT
    closed_port
    run -2 client -h "127.0.0.1:$dead,127.0.0.1:$PORT" John
    assert_output "lookup: 127.0.0.1 port $dead: Connection refused; 127.0.0.1 port $PORT: Connection refused"
    serve_book tcp:127.0.0.1
    run -0 --separate-stderr client -h "127.0.0.1:$dead,no-such-host.invalid,127.0.0.1:$PORT" -w 20 John Denise
    assert_output $'C45\nC44\nC46'
    assert_equal "$stderr" ''
}

@test "-h with several: one that never answers, closes or resets costs a run its share of one deadline" {
    local what dead
    for what in silent close reset; do
        serve tcp:127.0.0.1 "$what"
        dead=$PORT
        serve_book tcp:127.0.0.1
        until_it_has '*C45*C44*C45*' client -v -h "127.0.0.1:$dead,127.0.0.1:$PORT" John Denise John
        assert_success
        assert_equal "$(grep -c ^Received <<<"$output") $stderr" '3 '
        # Only the first name came to the one that is dead.
        assert_equal "$(grep -c ^Connected <<<"$output")" 4
    done
}

@test "LOOKUP_HOST and LOOKUP_PORT are heeded unless options say otherwise" {
    local dead
    closed_port
    dead=$PORT
    serve_book tcp:127.0.0.1
    export LOOKUP_HOST=127.0.0.1 LOOKUP_PORT=$PORT
    run -0 client John
    assert_output C45
    LOOKUP_PORT=$dead run -0 client -p "$PORT" John
    LOOKUP_HOST=127.0.0.1:$dead run -0 client -h 127.0.0.1 John
    LOOKUP_HOST="127.0.0.1:$dead,[::1]:$dead,127.0.0.1:$PORT" LOOKUP_PORT=$dead run -0 client John
    # Empty is as if it were not there; wrong is wrong, if it counts.
    LOOKUP_HOST='' LOOKUP_PORT='' run -2 unshare --net "$BUILD/lookup" John
    assert_output --partial 'localhost port 8084: '
    LOOKUP_PORT=86620 run -2 client John
    assert_output --partial 86620
    LOOKUP_HOST=a,,b run -2 client John
    assert_output --partial a,,b
    # The port is that of lookup.
    run -2 unshare --net "$BUILD/lookup" -s clock Date
    assert_output --partial 'port 8085: '
    # So is one behind a host there, and -p says otherwise of that, too.
    LOOKUP_HOST="127.0.0.1:$PORT,[::1]:$PORT" run -2 unshare --net "$BUILD/lookup" -s clock Date
    assert_output --regexp '127.0.0.1 port 8085: .*; ::1 port 8085: '
    LOOKUP_HOST=127.0.0.1:$dead run -0 client -p "$PORT" John
    assert_output C45
    serve_book "stream:$BATS_TEST_TMPDIR/s"
    run -0 client -U "$PORT" John
    assert_output C45
}

@test "a service of the DNS in LOOKUP_HOST has its own ports: -p and -s clock say so" {
    local hosts options
    for hosts in _lookup._tcp.example.org 127.0.0.1,_lookup._tcp.example.org; do
        for options in '-p 8086' '-s clock'; do
            # shellcheck disable=SC2086 # several words
            LOOKUP_HOST=$hosts run -2 --separate-stderr client $options Date
            assert_equal "$output$stderr" "lookup: LOOKUP_HOST has a service with ports of its own, so -h must name a host: $hosts; see --help"
        done
    done
    serve_book tcp:127.0.0.1
    LOOKUP_HOST=$hosts run -0 client -h 127.0.0.1 -p "$PORT" John
    assert_output C45
}

@test "options that contradict each other are a usage error" {
    local options
    while read -r options; do
        # shellcheck disable=SC2086 # several words
        run -2 --separate-stderr client $options John
        assert_output ''
        [[ $stderr == lookup:*'see --help' ]] || fail "$options: $stderr"
    done <<'OPTIONS'
-4 -6
-6 -4
-U /s -h 127.0.0.1
-U /s -p 8084
-U /s -4
-h 127.0.0.1:8084 -p 8085
--json --label
--label --json
-v --json
-v --label
-vv -q
OPTIONS
}

@test "the status comes from the protocol, not from what an office is called" {
    serve_book tcp:127.0.0.1
    run -0 asks Ann Bob Jim
    assert_output $'UNKNOWN NAME: SMITH\nUNKNOWN\nERRORS: 2'
    run -1 asks ' joan  of   arc '
    assert_output 'UNKNOWN NAME: JOAN  OF   ARC'
    run -1 asks 'weiß'
    assert_output 'UNKNOWN NAME: WEISS'
    run -1 asks < <(printf 'joan\r\n\xef\xbb\xbfjoan')
    serve_book tcp:127.0.0.1 clock
    run -1 asks -s clock century
    assert_output 'UNKNOWN OPTION: CENTURY'
    # Of the other service it is an unknown one, too.
    run -1 asks --json John
    assert_output '{"name":"John","found":false}'
    serve_book tcp:127.0.0.1
    run -1 asks -q -s clock Date
    assert_output ''
}

@test "what a server takes for a part of the line end is none of the name" {
    local name
    serve_book tcp:127.0.0.1
    for name in $'joan\r' $'joan\r\r' $'joan \r'; do
        run -1 asks "$name"
        assert_output 'UNKNOWN NAME: JOAN'
        run -1 asks --json < <(printf '%s\n' "$name")
        assert_output --partial '"found":false'
    done
    run -1 asks --json < <(printf 'joan\0\njoan\0\0\r\nJohn\0')
    assert_output '{"name":"joan","found":false}
{"name":"joan","found":false}
{"name":"John","found":true,"offices":["C45"]}'
    # Padding comes behind the name, not behind that.
    serve udp:127.0.0.1 echo
    run -0 asks -u $'John\r'
    assert_output '<John>'
    run -0 asks -u < <(printf 'John\0\n')
    assert_output '<John>'
}

@test "--label: each line can be joined to what was asked" {
    serve_book tcp:127.0.0.1
    run -1 asks --label John Denise Joan $'a\tb' Tab
    assert_output $'John\tC45
Denise\tC44
Denise\tC46
Joan\tUNKNOWN NAME: JOAN
a\\x09b\tUNKNOWN NAME: A\\x09B
Tab\tC45\\x09left'
    run -2 --separate-stderr asks --label ''
    assert_output $'\tERROR: empty request'
}

@test "-q: nothing of a miss, all of the rest" {
    serve_book tcp:127.0.0.1
    run -1 --separate-stderr asks -q John Joan Denise
    assert_output $'C45\nC44\nC46'
    assert_equal "$stderr" ''
    run -1 asks -q --label Joan
    assert_output ''
    run -1 asks -q --json Joan
    assert_output ''
    run -2 asks -q ''
    assert_output 'ERROR: empty request'
}

@test "--json: an object a line for each name" {
    serve_book tcp:127.0.0.1
    run -1 asks --json John Denise Joan Ann Bob
    assert_output '{"name":"John","found":true,"offices":["C45"]}
{"name":"Denise","found":true,"offices":["C44","C46"]}
{"name":"Joan","found":false}
{"name":"Ann","found":true,"offices":["UNKNOWN NAME: SMITH"]}
{"name":"Bob","found":true,"offices":["UNKNOWN"]}'
    run -2 --separate-stderr asks --json '' John
    assert_output '{"name":"","found":false,"error":"empty request"}
{"name":"John","found":true,"offices":["C45"]}'
    run -0 asks --json "Quote \"Q\" \\"
    assert_output '{"name":"Quote \"Q\" \\","found":true,"offices":["\"D\" \\ 2"]}'
}

@test "--json: matches are told from offices that look like them" {
    serve_book tcp:127.0.0.1
    run -0 asks --json lee 'ann lie' smith 'smith house'
    assert_output '{"name":"lee","found":true,"matches":[{"name":"Ann Lee","office":"D1"}]}
{"name":"ann lie","found":true,"offices":["Room: 5"]}
{"name":"smith","found":true,"matches":[{"name":"Smith House","office":"Smith: 4"}]}
{"name":"smith house","found":true,"offices":["Smith: 4"]}'
}

@test "--json: colons in names and in offices stay where they are" {
    serve_book tcp:127.0.0.1
    run -0 asks --json picard luc
    assert_output '{"name":"picard","found":true,"matches":[{"name":"Jean: Luc Picard","office":"House: 8"},{"name":"Picard, Ann","office":"C45"}]}
{"name":"luc","found":true,"matches":[{"name":"Jean: Luc Picard","office":"House: 8"}]}'
}

@test "an answer in HTTP is no office" {
    local format
    serve_book tcp:127.0.0.1
    run -2 --separate-stderr asks --json 'GET / HTTP/1.0'
    assert_output --partial '{"name":"GET / HTTP/1.0","found":false,"error":"the server answers in HTTP'
    run -2 --separate-stderr asks -q 'GET / HTTP/1.0'
    assert_equal "$stderr" "lookup: the server answers in HTTP: it has another port for names, or is no lookup server"
    # ... of whatever server, to whatever name.
    serve tcp:127.0.0.1 say 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'
    for format in --json --label -q; do
        run -2 --separate-stderr asks "$format" John
        assert_equal "$stderr" "lookup: the server answers in HTTP: it has another port for names, or is no lookup server"
    done
    # An office may be called so: it has no CR in it.
    serve tcp:127.0.0.1 say 'HTTP/1.1 400\n'
    run -0 asks --json John
    assert_output '{"name":"John","found":true,"offices":["HTTP/1.1 400"]}'
}

@test "an answer that is only a line end is an empty one" {
    serve tcp:127.0.0.1 say '\n'
    run -0 asks John
    assert_output ''
    run -0 asks --label John
    assert_output $'John\t'
    run -0 asks --json John
    assert_output '{"name":"John","found":true,"offices":[""]}'
    serve tcp:127.0.0.1 say 'C45\n\n'
    run -0 asks --json John
    assert_output '{"name":"John","found":true,"offices":["C45",""]}'
}

@test "--json: a list that was cut says how many there are more" {
    printf 'Smith A%s = C%s\n' {1..25}{,} | make_book "$BATS_TEST_TMPDIR/book.cdb"
    serve tcp:127.0.0.1 run "$BUILD/lookup-handler" --book "$BATS_TEST_TMPDIR/book.cdb" lookup
    run -0 asks --json smith
    run -0 /usr/bin/python3 -c '
import json, sys
found = json.loads(sys.argv[1])
print(len(found["matches"]), found["more"], {m["name"][7:] == m["office"][1:] for m in found["matches"]})' "$output"
    assert_output '20 5 {True}'
}

@test "--json: a list that was not looked through to its end has more, nobody knows how many" {
    # shellcheck disable=SC2016 # for the stand-in's shell
    serve tcp:127.0.0.1 run /bin/sh -c 'read -r name; case $name in lee) printf "Ann Lee: D1\nand more\n";; lie) echo and more;; *) echo D1;; esac'
    run -0 asks --json lee lie
    assert_output '{"name":"lee","found":true,"matches":[{"name":"Ann Lee","office":"D1"}],"more":true}
{"name":"lie","found":true,"matches":[],"more":true}'
    run -0 asks lie
    assert_output 'and more'
}

@test "--json: an office that is almost how a list ends" {
    local office
    for office in 'and -5 more' 'and 0 more' 'and  5 more' 'and +5 more' 'and 5 more ' 'and 5.5 more'; do
        serve tcp:127.0.0.1 say "$office\n"
        run -0 asks --json John
        assert_output "{\"name\":\"John\",\"found\":true,\"offices\":[\"$office\"]}"
    done
}

@test "--json: any name and answer make JSON, and nothing acts on a terminal" {
    serve tcp:127.0.0.1 say '\x00\x1b[2J"\\\xff\xe2\x80\xae\xf0\x9f\x98\x80\xf3\xa0\x81\xa1\t\xc3\xbc\n'
    asks --json $'\x01\xff\xc3\xbc' >"$BATS_TEST_TMPDIR/out"
    run -0 /usr/bin/python3 -c '
import json, sys, unicodedata
line = open(sys.argv[1], encoding="utf-8").read()
assert line.endswith("}\n") and not any(unicodedata.category(c) in ("Cc", "Cf") for c in line[:-1]), line
found = json.loads(line)
assert found["name"] == "\x01\ufffdü", found
assert found["offices"] == ["\0\x1b[2J\"\\\ufffd\u202e\U0001F600\U000E0061\tü"], found' "$BATS_TEST_TMPDIR/out"
}

@test "--json: what failed says why, and what came before" {
    closed_port
    run -2 --separate-stderr asks --json John
    assert_output "{\"name\":\"John\",\"found\":false,\"error\":\"127.0.0.1 port $PORT: Connection refused\"}"
    assert_equal "$stderr" "lookup: 127.0.0.1 port $PORT: Connection refused"
    serve tcp:127.0.0.1 say-reset 'C45\n'
    run -2 --separate-stderr asks --json John
    assert_output "{\"name\":\"John\",\"found\":false,\"error\":\"127.0.0.1 port $PORT: Connection reset by peer\",\"received\":\"C45\"}"
}

@test "--json of the clock" {
    serve_book tcp:127.0.0.1 clock
    run -1 asks -s clock --json Date Century
    assert_line --index 0 --regexp '^\{"name":"Date","found":true,"answer":"[0-9-]{10}"\}$'
    assert_line --index 1 '{"name":"Century","found":false}'
}

@test "-vv: the steps with address, port and milliseconds" {
    serve_book tcp:127.0.0.1
    run -0 asks -vv John
    assert_line --index 0 'Starting Client'
    assert_line --index 1 --regexp "^Connected to server \(127\.0\.0\.1 port $PORT, [0-9]+\.[0-9]{3} ms\)$"
    assert_line --index 2 'Sending data'
    assert_line --index 3 'Received from server: C45'
    assert_line --index 4 --regexp '^Closing socket \([0-9]+\.[0-9]{3} ms\)$'
    serve_book "stream:$BATS_TEST_TMPDIR/s"
    run -0 client -vv -U "$PORT" John
    assert_line --index 1 --regexp "^Connected to server \($PORT, [0-9]+\.[0-9]{3} ms\)$"
}

@test "a closed pipe is silent, whatever SIGPIPE is set to" {
    local way
    serve_book tcp:127.0.0.1
    # shellcheck disable=SC2016 # the inner shell's
    for way in : 'trap "" PIPE'; do
        run -0 --separate-stderr bash -c "$way"'
            yes John 2>/dev/null | head -2000 | "$@" | head -1; [ "${PIPESTATUS[2]}" -gt 1 ]' bash \
            "$BUILD/lookup" -h 127.0.0.1 -p "$PORT"
        assert_output C45
        assert_equal "$stderr" ''
    done
}
