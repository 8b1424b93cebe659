#!/usr/bin/env bats
# Our own client asked for many names: several connections at a time, or sessions, and the answers in the names' order.
# shellcheck disable=SC2016 # what is in single quotes is for inner shells and awk

load lib
load activation
load client

setup_file() {
    make_book "$BATS_FILE_TMPDIR/book.cdb" < <(
        for number in {1..1000}; do echo "Name $number = C$number"; done
        printf '%s\n' 'Two = C1' 'Two = C2' 'Odd = UNKNOWN NAME: ODD' 'Odd = ERROR: empty request')
    # Of each kind of answer: an office, two, one that looks like no answer, a list of matches, a miss, and errors.
    /usr/bin/python3 - "$BATS_FILE_TMPDIR" <<'PYTHON'
import random, sys
random.seed(1)
kinds = [("Two", "C1\nC2"), ("Odd", "UNKNOWN NAME: ODD\nERROR: empty request"), ("nobody", "UNKNOWN NAME: NOBODY"),
         ("", "ERROR: empty request"), ("x" * 1025, "ERROR: request longer than 1024 bytes"),
         ("a\x01", "ERROR: request is not plain UTF-8 text"), ("1000", "Name 1000: C1000")]
with open(sys.argv[1] + "/names", "w") as names, open(sys.argv[1] + "/answers", "w") as answers:
    for _ in range(5000):
        number = random.randint(1, 999)
        name, answer = random.choice(kinds) if random.random() < 0.2 else (f"name {number}", f"C{number}")
        print(name, file=names)
        print(answer, file=answers)
PYTHON
}

teardown() {
    stop_background
    [ ${#STAND_INS[@]} = 0 ] || kill "${STAND_INS[@]}"
}

# answers_in_order OPTION...: those that are to be expected, from the server in SOCKETS.
answers_in_order() {
    local status=0
    client "$@" <"$BATS_FILE_TMPDIR/names" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
    assert_equal "$status" 2
    cmp "$BATS_FILE_TMPDIR/answers" "$BATS_TEST_TMPDIR/out"
    cmp /dev/null "$BATS_TEST_TMPDIR/err"
}

@test "names in a pipe: every answer, in order, by any server" {
    local options
    for options in '' --session; do
        # shellcheck disable=SC2086 # none or one
        start_server lookup=tcp:127.0.0.1 "lookup=unix:$BATS_TEST_TMPDIR/s$options" lookup=udp:127.0.0.1 -- $options
        answers_in_order -h "${SOCKETS[0]#tcp:}"
        answers_in_order -U "${SOCKETS[1]#unix:}"
        stop_background
    done
}

@test "names in a pipe: every answer, in order, by a handler for each connection" {
    serve_book tcp:127.0.0.1
    head -300 "$BATS_FILE_TMPDIR/names" >"$BATS_TEST_TMPDIR/names"
    run -2 --separate-stderr client -h "127.0.0.1:$PORT" <"$BATS_TEST_TMPDIR/names"
    assert_equal "$stderr" ''
    head -"${#lines[@]}" "$BATS_FILE_TMPDIR/answers" | cmp - <(printf '%s\n' "$output")
}

@test "arguments and -u: every answer, in order" {
    start_server lookup=tcp:127.0.0.1 lookup=udp:127.0.0.1 --
    run -0 client -h "${SOCKETS[0]#tcp:}" 'name '{1..999}
    assert_output "$(printf 'C%s\n' {1..999})"
    run -0 client -u -h "${SOCKETS[1]#udp:}" 'name '{1..20}
    assert_output "$(printf 'C%s\n' {1..20})"
}

# bats test_tags=native
@test "sessions, where they are offered: a twentieth of the connections, and fewer" {
    local count
    need strace
    start_server lookup=tcp:127.0.0.1 -- --session
    strace -f -qq -e trace=connect -o "$BATS_TEST_TMPDIR/trace" "$BUILD/lookup" -h "${SOCKETS[0]#tcp:}" \
        <"$BATS_FILE_TMPDIR/names" >"$BATS_TEST_TMPDIR/out" || [ $? = 2 ]
    cmp "$BATS_FILE_TMPDIR/answers" "$BATS_TEST_TMPDIR/out"
    count=$(grep -c 'connect(' "$BATS_TEST_TMPDIR/trace")
    [ "$count" -le $((5000 / 20)) ] || fail "$count connections"
}

@test "at most 16 connections at a time, and that many" {
    serve tcp:127.0.0.1 together 16
    seq 160 | client -h "127.0.0.1:$PORT" | sort -n | uniq -c >"$BATS_TEST_TMPDIR/out"
    # How many there were when each came: 1 to 16, ten times over.
    run -0 awk '{ count += $1; if ($2 > most) most = $2 } END { print count, most }' "$BATS_TEST_TMPDIR/out"
    assert_output '160 16'
}

@test "more names than a client has ports for, by a connection each" {
    # A network of its own, with few of them, and none used again within the minute that TCP remembers them.
    export -f start_server server_command start_background stop_background scratch wait_for is_gone
    export BATS_TEST_TMPDIR BATS_FILE_TMPDIR
    run -0 unshare --net bash -c '
        ip link set lo up
        sysctl -qw net.ipv4.ip_local_port_range="40000 40199" net.ipv4.tcp_tw_reuse=0
        start_server lookup=tcp:127.0.0.1 -- --idle 0
        for number in {1..999}; do echo "name $number"; done | "$BUILD/lookup" -h "${SOCKETS[0]#tcp:}"
        stop_background'
    assert_output "$(printf 'C%s\n' {1..999})"
}

@test "a server that turns out to wait for more names is told that there are none" {
    # From its second connection on, it does.
    serve tcp:127.0.0.1 lines 1 patient
    run -0 client -h "127.0.0.1:$PORT" < <(seq 40)
    assert_output "$(seq 40)"
}

@test "a session that ends early is begun again" {
    local most
    for most in 5 6 7; do # at a mark, in front of one, before the names
        serve tcp:127.0.0.1 lines "$most"
        run -0 client -h "127.0.0.1:$PORT" < <(seq 300)
        assert_output "$(seq 300)"
    done
}

@test "a server that gives up sessions is asked by a connection each" {
    serve tcp:127.0.0.1 lines 40 4
    run -0 client -h "127.0.0.1:$PORT" < <(seq 500)
    assert_output "$(seq 500)"
}

@test "a server that answers once, but not as ours do, is not asked for what nobody wants to know" {
    serve tcp:127.0.0.1 echo
    run -0 client -h "127.0.0.1:$PORT" < <(seq 100)
    assert_output "$(seq -f '<%.0f>' 100)"
}

@test "what is typed into a pipe is answered before the next line comes" {
    local answer
    serve_book tcp:127.0.0.1
    mkfifo "$BATS_TEST_TMPDIR/names" "$BATS_TEST_TMPDIR/answers"
    client -h "127.0.0.1:$PORT" <"$BATS_TEST_TMPDIR/names" >"$BATS_TEST_TMPDIR/answers" 3>&- &
    exec 8>"$BATS_TEST_TMPDIR/names" 9<"$BATS_TEST_TMPDIR/answers"
    for number in 7 8 9; do
        printf 'name ' >&8
        echo $number >&8
        read -r -t 60 answer <&9
        assert_equal "$answer" "C$number"
    done
    exec 8>&-
    wait $!
}

@test "lines that end in CRLF, and what cannot be read" {
    serve_book tcp:127.0.0.1
    run -0 client --label -h "127.0.0.1:$PORT" < <(printf 'name 1\r\nname 2\r\n-1\r\nname 3\r\n')
    assert_output $'name 1\tC1\nname 2\tC2'
    run -2 client -h "127.0.0.1:$PORT" </
    assert_output 'lookup: standard input: Is a directory'
}

@test "a byte order mark before the first line is none of its name" {
    serve_book tcp:127.0.0.1
    run -0 client --label -h "127.0.0.1:$PORT" < <(printf '\xEF\xBB\xBFname 1\r\nname 2\r\n')
    assert_output $'name 1\tC1\nname 2\tC2'
    run -0 client --json -h "127.0.0.1:$PORT" < <(printf '\xEF\xBB\xBFname 1')
    assert_output '{"name":"name 1","found":true,"offices":["C1"]}'
    run -0 client -h "127.0.0.1:$PORT" < <(printf '\xEF\xBB\xBF-1\nname 1\n')
    assert_output ''
    run -0 client -h "127.0.0.1:$PORT" < <(printf '\xEF\xBB\xBF')
    assert_output ''
}

@test "a line without end is given up on, after the answers to those before it" {
    serve_book tcp:127.0.0.1
    run -2 client -h "127.0.0.1:$PORT" < <(printf 'name 1\n'; cat /dev/zero)
    assert_output $'C1\nlookup: standard input: a line is longer than 1 MiB, so it is no name'
    run -2 client -h "127.0.0.1:$PORT" < <(head -c 1000000 /dev/zero | tr '\0' x; printf '\nname 1\n')
    assert_output $'ERROR: request longer than 1024 bytes\nC1'
    # Of a file more is read at a time, and more may be there before its end is known.
    cd "$BATS_TEST_TMPDIR"
    for end in '' $'\n' $'\nname 1\n'; do
        { printf 'name 1\n'; head -c 1048577 /dev/zero | tr '\0' x; printf %s "$end"; } >names
        run -2 client -h "127.0.0.1:$PORT" <names
        assert_output $'C1\nlookup: standard input: a line is longer than 1 MiB, so it is no name'
        run -2 client -h "127.0.0.1:$PORT" < <(cat names)
        assert_output $'C1\nlookup: standard input: a line is longer than 1 MiB, so it is no name'
    done
}

@test "each name that fails says so, in its place among the answers" {
    serve tcp:127.0.0.1 say-reset 'C45\n'
    run -2 client -h "127.0.0.1:$PORT" < <(seq 3)
    assert_output "C45
lookup: 127.0.0.1 port $PORT: Connection reset by peer
C45
lookup: 127.0.0.1 port $PORT: Connection reset by peer
C45
lookup: 127.0.0.1 port $PORT: Connection reset by peer"
}

@test "progress is shown on a terminal, if the answers are not" {
    serve tcp:127.0.0.1 silent
    seq 3 >"$BATS_TEST_TMPDIR/names"
    TERM=xterm NAMES=$BATS_TEST_TMPDIR/names until_it_has '*answered*' "$ROOT/tests/tools/terminal.py" '' -- \
        bash -c '"$@" <"$NAMES" >"$NAMES.out"' bash "$BUILD/lookup" -h "127.0.0.1:$PORT"
    assert_failure 2
    assert_output --partial $'\r\e[K0 answered'
    assert_output --regexp $'\r\e\\[K$'
    NAMES=$BATS_TEST_TMPDIR/names run -2 "$ROOT/tests/tools/terminal.py" '' -- \
        bash -c '"$@" <"$NAMES"' bash "$BUILD/lookup" -w 0.5 -h "127.0.0.1:$PORT"
    refute_output --partial answered
    # It would be printed as it is where nothing moves the cursor.
    TERM=dumb NAMES=$BATS_TEST_TMPDIR/names run -2 "$ROOT/tests/tools/terminal.py" '' -- \
        bash -c '"$@" <"$NAMES" >"$NAMES.out"' bash "$BUILD/lookup" -w 0.5 -h "127.0.0.1:$PORT"
    refute_output --partial $'\e'
}
