#!/usr/bin/env bats
# bats file_tags=first
# lookup-server among many clients, some of them unkind: none delays another, none is lost. And what it logs of a book that it
# cannot use, whoever of its processes found out.

load lib
load activation

SIEGE=$ROOT/tests/tools/siege.py

setup_file() {
    make_book
}

teardown() {
    stop_background
}

answered() {
    [ "$("$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$1"'\n' rest)" = "$2" ]
}

restarted() {
    [ "$(server_starts)" -ge "$1" ]
}

workers() {
    pgrep -P "$(server_pid)"
}

# Both are there, and none of them is the process $1.
two_workers_without() {
    [ "$(workers | wc -l)" = 2 ] && ! workers | grep -qx "$1"
}

is_stopped() {
    grep -q '^State:[[:space:]]*T' "/proc/$1/status"
}

freeze() {
    kill -STOP "$1"
    wait_for is_stopped "$1"
}

# SIGTERM was seen: it is not pending any more.
has_taken_sigterm() {
    local pending
    pending=$(sed -n 's/^ShdPnd:[[:space:]]*//p' "/proc/$1/status")
    [ $((0x$pending >> 14 & 1)) = 0 ]
}

busy() {
    [ -n "$(ss -Htn state established "sport = ${SOCKETS[0]##*:}")" ]
}

# begin_crowd COUNT PID...: so many clients, 20 at a time. The servers PID stand still until the first of them are there, so
# that what comes next finds the crowd at it, however fast the machine is.
begin_crowd() {
    local pid
    for pid in "${@:2}"; do freeze "$pid"; done
    start_background "$BATS_TEST_TMPDIR/crowd" "$ROOT/tests/tools/crowd.py" 127.0.0.1 "${SOCKETS[0]##*:}" "$1" 20 John
    wait_for busy
    kill -CONT "${@:2}"
}

# assert_crowd ALL MOST: ALL clients were answered but MOST that may have been dropped.
assert_crowd() {
    local answered dropped
    wait_for grep -q '^all connected' "$BATS_TEST_TMPDIR/crowd"
    answered=$(sed -n "s/ answered 'C45.*//p" "$BATS_TEST_TMPDIR/crowd")
    dropped=$(sed -n 's/ dropped$//p' "$BATS_TEST_TMPDIR/crowd")
    assert_equal $((answered + dropped)) "$1"
    [ "${dropped:-0}" -le "$2" ]
}

@test "1,000 silent clients: another is answered" {
    start_server lookup=tcp:127.0.0.1 -- --timeout 600
    # None of them has come to its deadline: not a single one is closed.
    run -0 "$SIEGE" silent "${SOCKETS[0]}" 1000
    assert_output $'1 got \'C45\\n\'\n0 closed from the first'
}

@test "at the cap of 1,024 the one that has been silent for longest goes" {
    start_server lookup=tcp:127.0.0.1 -- --timeout 600
    run -0 "$SIEGE" silent "${SOCKETS[0]}" 1024
    assert_output $'1 got \'C45\\n\'\n1 closed from the first'
    run -0 "$SIEGE" silent "${SOCKETS[0]}" 1030
    assert_output $'1 got \'C45\\n\'\n7 closed from the first'
}

@test "clients that never read, and clients that never come to an end, delay nobody" {
    start_server "lookup=unix:$BATS_TEST_TMPDIR/lookup.sock" -- --session --timeout 600
    run -0 "$SIEGE" greedy "${SOCKETS[0]}"
    assert_output $'1 got \'C45\\n\'\n5 poured'
}

@test "the like by TCP, without sessions" {
    start_server lookup=tcp:127.0.0.1 -- --timeout 600
    run -0 "$SIEGE" greedy "${SOCKETS[0]}"
    assert_line "1 got 'C45\\n'"
}

@test "unfinished heads beyond the memory there is: the oldest go, the newest stay" {
    start_server hello=tcp:127.0.0.1 -- --timeout 600
    run -0 "$SIEGE" heads "${SOCKETS[0]}" 300
    assert_output $'some but not all went oldest first\nleft: b\'HTTP/1.1 200 OK\''
    assert_equal "$(server_starts)" 1
}

@test "unfinished heads of one source take no memory from another's, however long it has held it" {
    start_server hello=tcp:127.0.0.1 -- --timeout 600
    run -0 "$SIEGE" heads "${SOCKETS[0]}" 300 127.0.0.2
    assert_output $'some but not all went oldest first\nleft: b\'HTTP/1.1 200 OK\''
}

@test "100,000 answers that have to be sent in parts, to who reads late: all there, in order" {
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable "this takes a network of its own"
    echo 4096 4096 4096 >/proc/sys/net/ipv4/tcp_wmem
    start_server lookup=tcp:127.0.0.1 -- --session --timeout 600
    run -0 "$SIEGE" pipelined "${SOCKETS[0]}" "$(rounds 100000)"
    echo 4096 16384 4194304 >/proc/sys/net/ipv4/tcp_wmem
    assert_output --regexp '^all of them, in order (after a stop|at once)$' # as the client reads, or later
    assert_equal "$(server_starts)" 1
}

@test "a deadline is not early, by no part of a millisecond" {
    start_server "lookup=unix:$BATS_TEST_TMPDIR/socket" -- --timeout 0.5
    run -0 "$SIEGE" patient "${SOCKETS[0]}" 0.5
    assert_output "200 got ''
1 got 'C45\\n'"
}

@test "kill -9 of a worker: who had not been accepted is answered, and there is another worker" {
    local killed other
    start_server lookup=tcp:127.0.0.1 -- --workers 2
    wait_for answered John C45
    wait_for two_workers_without none
    { read -r killed; read -r other; } < <(workers)
    freeze "$killed"
    freeze "$other"
    run -0 "$SIEGE" queue "${SOCKETS[0]}" 500 "kill -9 $killed; kill -CONT $other"
    assert_output "500 got 'C45\\n'"
    wait_for two_workers_without "$killed"
    run -0 grep -c 'a worker died (signal 9)' "$ACTIVATION_LOG"
    assert_output 1
    # Both at once: nobody but those that take their place is left to answer.
    { read -r killed; read -r other; } < <(workers)
    freeze "$killed"
    freeze "$other"
    run -0 "$SIEGE" queue "${SOCKETS[0]}" 500 "kill -9 $killed $other"
    assert_output "500 got 'C45\\n'"
    assert_equal "$(server_starts)" 1
}

@test "kill -9 of a worker under load: at most those it had are lost" {
    local killed other
    start_server lookup=tcp:127.0.0.1 -- --workers 2
    wait_for answered John C45
    wait_for two_workers_without none
    { read -r killed; read -r other; } < <(workers)
    begin_crowd 3000 "$killed" "$other"
    kill -9 "$killed"
    assert_crowd 3000 20
    wait_for two_workers_without "$killed"
}

@test "kill -9 of the server: who had not been accepted is answered by the next one" {
    start_server lookup=tcp:127.0.0.1 "lookup=unix:$BATS_TEST_TMPDIR/lookup.sock" --
    answered John C45
    freeze "$(server_pid)"
    run -0 "$SIEGE" queue "${SOCKETS[0]}" 500 "kill -9 $(server_pid)"
    assert_output "500 got 'C45\\n'"
    assert_equal "$(server_starts)" 2
    # Again and again in the midst of it.
    local round killed
    for round in 3 4 5; do
        killed=$(server_pid)
        begin_crowd 1000 "$killed"
        kill -9 "$killed"
        wait_for restarted "$round"
        assert_crowd 1000 20
    done
}

@test "SIGTERM: what is open is served to its end, what comes is for the next one, exit 0" {
    local first
    start_server lookup=tcp:127.0.0.1 -- --timeout 600
    answered John C45
    first=$(server_pid)
    export -f wait_for has_taken_sigterm
    start_background "$BATS_TEST_TMPDIR/open" "$SIEGE" open "${SOCKETS[0]}" "kill -TERM $first" \
        "bash -c 'wait_for has_taken_sigterm $first'" "$TALK --tcp ${SOCKETS[0]#tcp:} send:Adam >$BATS_TEST_TMPDIR/next" \
        "kill -0 $first"
    wait_for grep -q got "$BATS_TEST_TMPDIR/open"
    assert_equal "$(<"$BATS_TEST_TMPDIR/open")" "1 got 'C45\\n'"
    # The connection that was made meanwhile is what starts it anew.
    wait_for restarted 2
    run -0 grep -x 'exit 1 0' "$ACTIVATION_LOG"
}

@test "SIGTERM with workers: the same" {
    local first
    start_server lookup=tcp:127.0.0.1 -- --timeout 600 --workers 2
    answered John C45
    first=$(server_pid)
    start_background "$BATS_TEST_TMPDIR/open" "$SIEGE" open "${SOCKETS[0]}" "kill -TERM $first"
    wait_for grep -q got "$BATS_TEST_TMPDIR/open"
    assert_equal "$(<"$BATS_TEST_TMPDIR/open")" "1 got 'C45\\n'"
    wait_for server_ended 0
}

need_root() {
    [ "$(id -u)" = 0 ] || unavailable "this takes root"
}

# hogged WHERE OTHER FROM...
hogged() {
    run -0 "$ROOT/tests/tools/hog.py" "$1" 2000 "${@:2}"
    assert_output $'100 got b\'C45\\n\''
}

@test "one source that holds all the places it can get takes none of another's: an address of IPv4" {
    start_server lookup=tcp:0.0.0.0 -- --timeout 600
    hogged "tcp:127.0.0.1:${SOCKETS[0]##*:}" "tcp:127.0.0.1:${SOCKETS[0]##*:}" 127.0.0.2
}

# bats test_tags=native
@test "the same: a network of IPv6, and it is a customer's" {
    need_root
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable "this takes a network of its own"
    local address
    for address in 1 2 3 4 5; do ip -6 address add "fd00:0:0:1::$address/128" dev lo nodad; done
    start_server 'lookup=tcp:[::]' -- --timeout 600
    hogged "tcp:[::1]:${SOCKETS[0]##*:}" "tcp:127.0.0.1:${SOCKETS[0]##*:}" fd00:0:0:1::{1,2,3,4,5}
}

# bats test_tags=native
@test "the same: a user, on a Unix socket" {
    need_root
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
    start_server "lookup=unix:$BATS_TEST_TMPDIR/lookup.sock" -- --timeout 600
    chmod 666 "$BATS_TEST_TMPDIR/lookup.sock"
    hogged "${SOCKETS[0]}" "${SOCKETS[0]}" 65534
}

@test "the log names a client of IPv4 by its IPv4 address, at a socket of IPv6 too" {
    local kind option=''
    need_ipv6
    for kind in tcp udp; do
        start_server "lookup=$kind:[::]" -- --verbose
        [ $kind = tcp ] || option=-u
        run -0 "$BUILD/lookup" ${option:+"$option"} -h 127.0.0.1 -p "${SOCKETS[0]##*:}" John
        wait_for grep -q '^lookup-server: 127\.0\.0\.1 "JOHN" hit$' "$ACTIVATION_LOG"
        stop_background
    done
}

# logged [LINE...]: the server has logged these lines, and has not missed a worker.
logged() {
    run -0 sed -n '/a worker died/d; s/^lookup-server: //p' "$ACTIVATION_LOG"
    assert_output "$(printf '%s\n' "$@")"
}

# broken_inside FILE: a book that opens, but the length of John's office is wrong.
broken_inside() {
    make_book "$1" <<<'John = C45' 2>/dev/null
    printf '\377\377\377\177' | dd of="$1" bs=1 seek="$(($(grep -abo C45 "$1" | cut -d: -f1) - 8))" conv=notrunc 2>/dev/null
}

# replaced_workers: each of both workers is killed, and another takes its place. Meanwhile their supervisor has come round.
# Without a supervisor, nothing happens.
replaced_workers() {
    local pid
    for pid in $(workers); do
        kill -9 "$pid"
        wait_for two_workers_without "$pid"
    done
}

# all_told ANSWER: so are many who ask for John by TCP and UDP.
all_told() {
    for _ in {1..10}; do
        answered John "$1"
        assert_equal "$("$BUILD/lookup" -u -w 600 -h 127.0.0.1 -p "${SOCKETS[1]##*:}" John 2>&1)" "$1"
    done
}

# http_status PATH: of hello's answer.
http_status() {
    "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"GET $1 HTTP/1.0"'\r\n\r\n' rest | sed -n '1s/^[^ ]* \([0-9]*\) .*/\1/p'
}

@test "a book that is missing, comes, goes and breaks: each is logged once, by one worker or two" {
    local count book=$BATS_TEST_TMPDIR/book.cdb said
    for count in 1 2; do
        start_server lookup=tcp:127.0.0.1 lookup=udp:127.0.0.1 -- --workers "$count" --book "$book"
        all_told 'ERROR: address book unavailable'
        replaced_workers
        said=("address book $book: No such file or directory")
        logged "${said[@]}"
        make_book "$book" <<<'John = C45'
        answered John C45
        replaced_workers
        rm "$book"
        all_told C45
        said+=("address book $book: No such file or directory; the one before it is kept")
        logged "${said[@]}"
        for _ in 1 2; do
            echo 'not a book' >"$book.new"
            mv "$book.new" "$book"
            all_told C45
            said+=("address book $book: not an address book, or a broken one; the one before it is kept")
            logged "${said[@]}"
        done
        replaced_workers
        rm "$book"
        make_book "$book" <<<'John = D52'
        all_told D52
        replaced_workers
        logged "${said[@]}"
        stop_background
        rm "$book"
    done
}

@test "a book that opens but is broken inside is logged once, by one worker or two, and so is the next one" {
    local count book=$BATS_TEST_TMPDIR/book.cdb said
    for count in 1 2; do
        broken_inside "$book"
        start_server lookup=tcp:127.0.0.1 lookup=udp:127.0.0.1 -- --workers "$count" --book "$book"
        said=()
        for _ in 1 2; do
            all_told 'ERROR: address book unavailable'
            replaced_workers
            all_told 'ERROR: address book unavailable'
            said+=("address book $book: the one in use is broken")
            logged "${said[@]}"
            broken_inside "$book.new"
            mv "$book.new" "$book"
        done
        make_book "$book" <<<'John = D52'
        all_told D52
        replaced_workers
        logged "${said[@]}"
        stop_background
    done
}

@test "a book that was missing when hello was asked for a name is logged as missing, though it is there soon after" {
    local book=$BATS_TEST_TMPDIR/book.cdb
    start_server hello=tcp:127.0.0.1 -- --workers 2 --book "$book"
    assert_equal "$(http_status /)" 200
    wait_for two_workers_without none
    freeze "$(server_pid)"
    logged
    assert_equal "$(http_status /offices/John)" 503
    make_book "$book" <<<'John = C45'
    kill -CONT "$(server_pid)"
    replaced_workers
    assert_equal "$(http_status /offices/John)" 200
    logged "address book $book: No such file or directory"
    # If it then goes or breaks, that is news.
    broken_inside "$book.new"
    mv "$book.new" "$book"
    for _ in {1..10}; do assert_equal "$(http_status /offices/John)" 503; done
    replaced_workers
    logged "address book $book: No such file or directory" "address book $book: the one in use is broken"
}

@test "the book before a broken one is not said to be kept if it was changed in place" {
    local count book=$BATS_TEST_TMPDIR/book.cdb
    for count in 1 2; do
        make_book "$book" <<<'John = C45'
        start_server lookup=tcp:127.0.0.1 lookup=udp:127.0.0.1 -- --workers "$count" --book "$book"
        answered John C45
        # Nobody may look in between.
        freeze "$(server_pid)"
        echo 'not a book' | tee "$book.new" >"$book"
        mv "$book.new" "$book"
        kill -CONT "$(server_pid)"
        all_told 'ERROR: address book unavailable'
        logged "address book $book: not an address book, or a broken one"
        stop_background
        rm "$book"
    done
}

is_traced() {
    grep -q '^TracerPid:[[:space:]]*[1-9]' "/proc/$1/status"
}

is_not_traced() {
    ! is_traced "$1"
}

# stopped_times COUNT: strace has stopped the server so many times.
stopped_times() {
    [ "$(grep -c '^--- stopped by' "$BATS_TEST_TMPDIR/trace")" = "$1" ]
}

# bats test_tags=native
@test "an answer from a book that is changing, which is not sent, is not logged, either" {
    local kind ask tracer option='' book=$BATS_TEST_TMPDIR/book.cdb
    need strace
    need_root # strace is to join a server that runs
    make_book "$book" <<<'John = C45'
    cp "$book" "$book.good"
    broken_inside "$book.bad"
    for kind in tcp udp; do
        start_server "lookup=$kind:127.0.0.1" -- --book "$book" --verbose
        [ $kind = tcp ] || option=-u
        ask=("$BUILD/lookup" -w 600 ${option:+"$option"} -h 127.0.0.1 -p "${SOCKETS[0]##*:}" John)
        run -0 "${ask[@]}"
        # It stops after it has looked at the file, and after it has read from it and looks again.
        start_background "$BATS_TEST_TMPDIR/strace" strace -qq -P "$book" -e trace=%%stat -e inject=%%stat:signal=STOP \
            -o "$BATS_TEST_TMPDIR/trace" -p "$(server_pid)"
        tracer=$!
        wait_for is_traced "$(server_pid)"
        start_background "$BATS_TEST_TMPDIR/answer" "${ask[@]}"
        wait_for stopped_times 1
        dd if="$book.bad" of="$book" conv=notrunc status=none
        kill -CONT "$(server_pid)"
        wait_for stopped_times 2
        dd if="$book.good" of="$book" conv=notrunc status=none
        kill "$tracer"
        wait_for is_not_traced "$(server_pid)"
        kill -CONT "$(server_pid)"
        wait_for grep -qx C45 "$BATS_TEST_TMPDIR/answer"
        logged '127.0.0.1 "JOHN" hit' '127.0.0.1 "JOHN" hit'
        stop_background
    done
}
