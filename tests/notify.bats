#!/usr/bin/env bats
# bats file_tags=first
# What lookup-server tells the service manager: sd_notify(3), sd_watchdog_enabled(3).

load lib
load activation

setup_file() {
    make_book
    touch -d @1767323045 "$BATS_FILE_TMPDIR/book.cdb"
}

setup() {
    export NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify
    NOTES=$BATS_TEST_TMPDIR/notes
    start_background "$NOTES" /usr/bin/python3 "$ROOT/tests/tools/notified.py" "$NOTIFY_SOCKET"
    wait_for test -S "$NOTIFY_SOCKET"
}

teardown() {
    stop_background
}

ask() {
    "$TALK" "--${SOCKETS[0]%%:*}" "${SOCKETS[0]#*:}" send:"$1" some
}

# 3 hits, 2 misses, 2 refused; and who says nothing has asked nothing.
ask_of_all() {
    local request
    for request in 'John\n' 'Adam\n' 'john' 'nobody\n' 'no one' '\n' '\x01\n' ''; do
        case ${SOCKETS[0]%%:*}:$request in
            *:) "$TALK" "--${SOCKETS[0]%%:*}" "${SOCKETS[0]#*:}" close ;;
            # By a datagram nobody is told that it is no request.
            'udp:\n' | 'udp:\x01\n') "$TALK" --udp "${SOCKETS[0]#*:}" "send:$request" close ;;
            *) ask "$request" ;;
        esac
    done
}

noted() {
    grep -Eqx "$1" "$NOTES"
}

# How many messages there were that say so.
notes() {
    grep -c "$1" "$NOTES" || true
}

made='; book of 2026-01-02 03:04:05 UTC'
counts="7 requests: 3 hits, 2 misses, 0 errors, 2 refused$made"

# The last WATCHDOG=1 is more than 3 s past, when it was to come every 0.1 s.
is_not_fed() {
    [ "$(tail -n 30 "$NOTES" | grep -cx '\.')" = 30 ]
}

is_fed() {
    tail -n 3 "$NOTES" | grep -qx WATCHDOG=1
}

fed_times() {
    [ "$(notes WATCHDOG=1)" -ge "$1" ]
}

is_stopped() {
    grep -q '^State:[[:space:]]*T' "/proc/$1/status"
}

@test "a proxy's connection without its header is refused, a health check is nothing" {
    local step
    start_server lookup=tcp:127.0.0.1 -- --proxy-from 127.0.0.1
    for step in 'John\n' '\r\n\r\n\0\r\nQUIT\n\x20\0\0\0' '' 'PROXY UNKNOWN\r\nJohn\n'; do
        "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$step" end some || [ $? = 99 ] # a reset
    done
    wait_for noted 'STATUS=2 requests: 1 hits, 0 misses, 0 errors, 1 refused'"$made"
}

@test "ready, counts and stopping, on connections and by datagrams, by one worker and by two" {
    local kind workers
    for kind in tcp:127.0.0.1 udp:127.0.0.1; do
        for workers in 1 2; do
            : >"$NOTES"
            start_server "lookup=$kind" -- --workers "$workers"
            ask_of_all
            wait_for noted "STATUS=$counts"
            assert_equal "$(notes READY=1)" 1
            noted "READY=1\|STATUS=0 requests: 0 hits, 0 misses, 0 errors, 0 refused$made"
            assert_equal "$(notes STOPPING=1)" 0
            kill "$(server_pid)"
            wait_for server_ended 0
            wait_for noted "STOPPING=1\|STATUS=$counts"
            assert_equal "$(notes STOPPING=1)" 1
            # 10 s for a request, 10 s besides
            assert_equal "$(grep -a EXTEND "$NOTES")" EXTEND_TIMEOUT_USEC=20000000
            assert_equal "$(notes WATCHDOG=1)" 0
            stop_server
        done
    done
}

# All but the service manager.
stop_server() {
    local pid
    pid=$(tail -1 "$BATS_TEST_TMPDIR/background")
    kill "$pid"
    wait "$pid" || true
    sed -i '$d' "$BATS_TEST_TMPDIR/background"
}

@test "what comes soon after the last status is told when the next is due, without a request more" {
    start_server lookup=tcp:127.0.0.1 --
    local before
    # Of the second nothing may be told for a second.
    ask 'John\n'
    wait_for noted 'STATUS=1 requests: .*'
    ask 'John\n'
    before=$(notes '^\.$')
    wait_for noted 'STATUS=2 requests: .*'
    # Silence of a tenth of a second each. It would be told after 10 s in any case.
    [ $(($(notes '^\.$') - before)) -lt 60 ]
}

@test "an unusable book is an error, not a miss" {
    start_server lookup=tcp:127.0.0.1 -- --book /nonexistent/book
    ask 'John\n'
    ask '\n'
    wait_for noted 'STATUS=2 requests: 0 hits, 0 misses, 1 errors, 1 refused'
}

@test "which book it is, though nobody asks: of when, and that there is none" {
    local workers book=$BATS_TEST_TMPDIR/book.cdb
    for workers in 1 2; do
        : >"$NOTES"
        cp "$BATS_FILE_TMPDIR/book.cdb" "$book"
        touch -d @86399 "$book"
        start_server lookup=tcp:127.0.0.1 -- --book "$book" --workers "$workers"
        ask 'John\n'
        wait_for noted 'STATUS=1 requests: 1 hits, .*; book of 1970-01-01 23:59:59 UTC'
        cp "$book" "$book.new"
        touch -d @1767323045 "$book.new"
        mv "$book.new" "$book"
        ask 'John\n'
        wait_for noted "STATUS=2 requests: 2 hits, .*$made"
        stop_server
    done
    start_server clock=tcp:127.0.0.1 --
    ask 'Nothing\n'
    wait_for noted 'STATUS=1 requests: 0 hits, 1 misses, 0 errors, 0 refused'
}

@test "stopping is told when idle, too" {
    local workers
    for workers in 1 2; do
        : >"$NOTES"
        start_server lookup=tcp:127.0.0.1 -- --idle 0.1 --workers "$workers"
        ask 'John\n'
        wait_for server_ended 0
        wait_for noted 'STOPPING=1\|STATUS=1 requests: 1 hits, 0 misses, 0 errors, 0 refused'"$made"
        stop_server
    done
}

@test "stopping is told when it begins: what is open is served then" {
    local workers
    for workers in 1 2; do
        : >"$NOTES"
        start_server lookup=tcp:127.0.0.1 -- --timeout 600 --workers "$workers"
        ask 'John\n'
        run -0 "$ROOT/tests/tools/siege.py" open "${SOCKETS[0]}" "kill $(server_pid)" \
            "for i in {1..300}; do grep -q STOPPING=1 $NOTES && break; sleep 0.1; done" "grep -q STOPPING=1 $NOTES"
        assert_output "1 got 'C45\\n'"
        wait_for server_ended 0
        stop_server
    done
}

@test "the watchdog is fed, busy or not" {
    local workers
    for workers in 1 2; do
        : >"$NOTES"
        WATCHDOG_USEC=400000 start_server lookup=tcp:127.0.0.1 -- --workers "$workers"
        ask 'John\n'
        wait_for fed_times 20
        stop_server
    done
}

@test "it is not fed while a worker is stuck" {
    local worker
    WATCHDOG_USEC=400000 start_server lookup=tcp:127.0.0.1 -- --workers 2
    ask 'John\n'
    wait_for fed_times 10
    worker=$(pgrep -P "$(server_pid)" | tail -1)
    kill -STOP "$worker"
    wait_for is_stopped "$worker"
    wait_for is_not_fed
    kill -CONT "$worker"
    wait_for is_fed
    assert_equal "$(server_starts)" 1
}

@test "without a service manager it works all the same" {
    NOTIFY_SOCKET=$BATS_TEST_TMPDIR/nobody start_server lookup=tcp:127.0.0.1 --
    run -0 ask 'John\n'
    assert_output C45
    assert_equal "$(notes .)" 0
}

told() {
    grep -Eq "STATUS=$1 requests: $1 hits" "$NOTES"
}

both_replaced() {
    [ "$(pgrep -P "$(server_pid)" | grep -vxcf "$BATS_TEST_TMPDIR/killed")" = 2 ]
}

@test "what workers had counted stays counted when they are killed" {
    start_server lookup=tcp:127.0.0.1 -- --workers 2
    ask 'John\n'
    ask 'John\n'
    ask 'John\n'
    wait_for told 3
    pgrep -P "$(server_pid)" >"$BATS_TEST_TMPDIR/killed"
    xargs kill -KILL <"$BATS_TEST_TMPDIR/killed"
    wait_for both_replaced
    ask 'John\n'
    wait_for told 4
}
