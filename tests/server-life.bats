#!/usr/bin/env bats
# bats file_tags=first
# How lookup-server comes and goes: idle, started anew, with and without a book, with wrong options and wrong sockets.
# shellcheck disable=SC2030,SC2031 # each test has its own SOCKETS

load lib
load activation

SIEGE=$ROOT/tests/tools/siege.py

setup_file() {
    make_book
}

teardown() {
    stop_background
}

answers() {
    [ "$("$TALK" "--${SOCKETS[0]%%:*}" "${SOCKETS[0]#*:}" send:"$1" some)" = "$2" ]
}

# around KIND SECONDS ROUNDS IDLE OPTION...: a question a round, SECONDS after the one before, or half as many or half as many more;
# some sooner than it leaves and some later.
# No question is lost, and it had the time to leave, not always but now and then.
around() {
    local kind=$1
    [ "${1#*:}" != "$1" ] || kind=$1:$BATS_TEST_TMPDIR/socket
    start_server "lookup=$kind" -- --idle "$4" "${@:5}"
    run -0 "$SIEGE" around "${SOCKETS[0]}" "$2" "$3"
    assert_output "$3 got 'C45\\n'"
    [ "$(server_starts)" -gt $(($3 / 10)) ]
    wait_for server_ended 0
    run -1 grep -E '^exit [0-9]+ [^0]' "$ACTIVATION_LOG"
}

# Nobody is there to take what comes but the super-server; no question is lost, whenever it comes.
@test "it leaves when idle, and no request of a steady trickle is lost around that moment" {
    side_by_side around_alone tcp:127.0.0.1 udp:127.0.0.1 unix datagram
}

around_alone() {
    around "$1" 0.05 "$(rounds 100)" 0.05
}

@test "the same with workers" {
    side_by_side around_workers tcp:127.0.0.1 udp:127.0.0.1
}

# Idle for half a second to one and a half: they are looked after once a second.
around_workers() {
    around "$1" 1 16 0.5 --workers 2
}

# Not by UDP under xinetd: that one reads away, and drops, what has come when a server of datagrams ends.
@test "under inetd and, by TCP, under xinetd, too" {
    side_by_side around_under 'inetd tcp' 'inetd udp' 'xinetd tcp'
}

around_under() {
    local count
    count=$(rounds 50)
    SOCKETS=("${1#* }:127.0.0.1:$(free_port)")
    "start_server_by_${1% *}" "${1#* }" "${SOCKETS[0]##*:}" --idle 0.05 lookup
    run -0 "$SIEGE" around "${SOCKETS[0]}" 0.05 "$count"
    assert_output "$count got 'C45\\n'"
}

@test "an open connection is not idle; --idle 0 is never" {
    start_server lookup=tcp:127.0.0.1 -- --idle 0.05 --timeout 600
    run -0 "$SIEGE" open "${SOCKETS[0]}" 'sleep 1'
    assert_output "1 got 'C45\\n'"
    assert_equal "$(server_starts)" 1
    wait_for server_ended 0
    stop_background
    # The supervisor of workers counts what they have open.
    start_server lookup=tcp:127.0.0.1 -- --idle 0.05 --timeout 600 --workers 2
    run -0 "$SIEGE" open "${SOCKETS[0]}" 'sleep 2'
    assert_output "1 got 'C45\\n'"
    assert_equal "$(server_starts)" 1
    stop_background
    start_server lookup=tcp:127.0.0.1 -- --idle 0
    answers John C45
    run -0 "$SIEGE" around "${SOCKETS[0]}" 0.5 3
    assert_equal "$(server_starts)" 1
}

is_asleep() {
    grep -q '^State:.S' "/proc/$(server_pid)/status"
}

# It looks some times for more to do, but not for ever.
@test "having answered it sleeps, whether its clients have closed or not" {
    local fd answer
    start_server lookup=udp:127.0.0.1 -- --idle 0
    answers John C45
    wait_for is_asleep
    stop_background
    start_server lookup=tcp:127.0.0.1 -- --idle 0
    exec {fd}<>"/dev/tcp/127.0.0.1/${SOCKETS[0]##*:}"
    echo John >&"$fd"
    read -r answer <&"$fd"
    assert_equal "$answer" C45
    wait_for is_asleep
    exec {fd}>&-
    answers John C45
    wait_for is_asleep
}

@test "each of many new books: every answer is wholly from one of them, the next request sees the new one" {
    local count
    count=$(rounds 100)
    start_server lookup=tcp:127.0.0.1 lookup=udp:127.0.0.1 "lookup=unix:$BATS_TEST_TMPDIR/stream" -- \
        --book "$BATS_TEST_TMPDIR/book.cdb" --rate 0
    run -0 "$ROOT/tests/tools/swap.py" "$BUILD/lookup-book" "$BATS_TEST_TMPDIR/book.cdb" "$count" "${SOCKETS[@]}"
    assert_output "1 of one book"$'\n'"$((3 * count)) of the new book"
    assert_equal "$(server_starts)" 1
    run -1 grep lookup-server: "$ACTIVATION_LOG"
}

@test "the same in sessions, and by two workers" {
    local count
    count=$(rounds 100)
    start_server lookup=tcp:127.0.0.1 -- --session --workers 2 --book "$BATS_TEST_TMPDIR/book.cdb"
    run -0 "$ROOT/tests/tools/swap.py" "$BUILD/lookup-book" "$BATS_TEST_TMPDIR/book.cdb" "$count" \
        "session:${SOCKETS[0]}" "${SOCKETS[0]}"
    assert_output "1 of one book"$'\n'"$((2 * count)) of the new book"
    run -1 grep lookup-server: "$ACTIVATION_LOG"
}

@test "a broken new book: the one before it answers, and that is said once" {
    local book=$BATS_TEST_TMPDIR/book.cdb
    printf 'John = C45\n' | make_book "$book" 2>/dev/null
    start_server lookup=tcp:127.0.0.1 -- --book "$book"
    answers 'John\n' C45
    printf 'no book' >"$book.new"
    mv "$book.new" "$book"
    for _ in {1..20}; do answers 'John\n' C45; done
    run -0 grep lookup-server: "$ACTIVATION_LOG"
    assert_output "lookup-server: address book $book: not an address book, or a broken one; the one before it is kept"
    # And when it is gone.
    rm "$book"
    for _ in {1..20}; do answers 'John\n' C45; done
    run -0 grep -c lookup-server: "$ACTIVATION_LOG"
    assert_output 2
    printf 'John = C46\n' | make_book "$book" 2>/dev/null
    answers 'John\n' C46
    run -0 grep -c lookup-server: "$ACTIVATION_LOG"
    assert_output 2
}

# no_book START: whatever it is asked, it is told, taken off the socket, and costs next to nothing. Then there is a book.
no_book() {
    side_by_side no_book_for "$1 tcp" "$1 udp"
}

no_book_for() {
    local kind=${1#* } book=$BATS_TEST_TMPDIR/book.cdb pid before
    SOCKETS=("$kind:127.0.0.1:$(free_port)")
    "${1% *}" "$kind" "${SOCKETS[0]##*:}" --book "$book" lookup
    answers 'John\n' 'ERROR: address book unavailable'
    pid=$(served_by)
    for _ in {1..20}; do answers 'John\n' 'ERROR: address book unavailable'; done
    # Not answered, but taken.
    [ "$kind" = tcp ] || "$TALK" --udp "${SOCKETS[0]#udp:}" send:'ERROR: no' send:'UNKNOWN NAME: X'
    answers 'John\n' 'ERROR: address book unavailable'
    # One that is called again and again takes all the processor time it gets, and this is a second and a half of waiting.
    before=$(ticks "$pid")
    sleep 1.5
    [ "$(($(ticks "$pid") - before))" -lt "$(($(getconf CLK_TCK) / 4))" ]
    # The same one all the time.
    answers 'John\n' 'ERROR: address book unavailable'
    assert_equal "$(served_by)" "$pid"
    printf 'John = C45\n' | make_book "$book" 2>/dev/null
    answers 'John\n' C45
    assert_equal "$(served_by)" "$pid"
}

served_by() {
    pgrep -x lookup-server -P "$(tail -1 "$BATS_TEST_TMPDIR/background")"
}

# Of processor time, so far.
ticks() {
    awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

@test "no book, under openbsd-inetd" {
    no_book start_server_by_inetd
}

@test "no book, under xinetd" {
    no_book start_server_by_xinetd
}

@test "no book is said once, however many ask" {
    start_server lookup=tcp:127.0.0.1 lookup=udp:127.0.0.1 -- --book /nonexistent/book
    run -0 "$SIEGE" queue "${SOCKETS[0]}" 100 true
    assert_output $'100 got \'ERROR: address book unavailable\\n\''
    run -0 grep lookup-server: "$ACTIVATION_LOG"
    assert_output 'lookup-server: address book /nonexistent/book: No such file or directory'
    assert_equal "$(server_starts)" 1
}

# page STATUS PATH: hello's answer.
page() {
    run -0 "$TALK" "--${SOCKETS[0]%%:*}" "${SOCKETS[0]#*:}" send:"GET $2 HTTP/1.0\\r\\n\\r\\n" rest
    assert_line --index 0 "HTTP/1.1 $1"$'\r'
}

@test "hello without a book says so when it is asked for a name, and once" {
    local workers book=$BATS_TEST_TMPDIR/book.cdb
    for workers in 1 2; do
        rm -f "$book"
        start_server hello=tcp:127.0.0.1 -- --workers "$workers" --book "$book"
        page '200 OK' /
        page '200 OK' /offices
        run -1 grep lookup-server: "$ACTIVATION_LOG"
        page '503 Service Unavailable' /offices/John
        wait_for grep -q lookup-server: "$ACTIVATION_LOG"
        for _ in {1..20}; do page '503 Service Unavailable' '/offices?name=John'; done
        run -0 grep lookup-server: "$ACTIVATION_LOG"
        assert_output "lookup-server: address book $book: No such file or directory"
        printf 'John = C45\n' | make_book "$book" 2>/dev/null
        page '200 OK' /offices/John
        assert_line C45
        stop_background
    done
}

# refused MESSAGE COMMAND...: as a usage error, and with these words.
refused() {
    run -64 --separate-stderr "${@:2}" </dev/null
    assert_output ''
    # shellcheck disable=SC2154 # `run` sets it
    [[ $stderr == "lookup-server: "$1* ]] || { echo "$stderr"; return 1; }
}

@test "usage errors" {
    refused 'descriptor 0 (lookup) is not a socket' "$BUILD/lookup-server" lookup
    refused 'no socket was handed over: start lookup-server.socket' "$BUILD/lookup-server"
    refused 'no such service: finger' "$BUILD/lookup-server" finger
    refused 'at most one service' "$BUILD/lookup-server" lookup clock
    local value
    for value in 0 65 -1 1.5 2x many 99999999999999999999; do
        refused '--workers takes 1 to 64, or auto' "$BUILD/lookup-server" --workers "$value" lookup
    done
    for value in -1 x 86401 1e99; do
        refused '--idle takes' "$BUILD/lookup-server" --idle "$value" lookup
        refused '--timeout takes' "$BUILD/lookup-server" --timeout "$value" lookup
    done
    refused '--timeout takes' "$BUILD/lookup-server" --timeout 0 lookup
    refused '' "$BUILD/lookup-server" --nothing lookup
    refused '' "$BUILD/lookup-server" --book
}

@test "sockets that are of no use to it" {
    local way once=(/usr/bin/python3 "$ROOT/tests/tools/superserver.py" --once)
    for way in --socketpair --tcppair; do
        run -64 "$TALK" "$way" rest -- "$BUILD/lookup-server" lookup
        assert_output 'lookup-server: descriptor 0 (lookup) is a connection: use lookup-handler'
    done
    run -64 "${once[@]}" hello=udp:127.0.0.1 -- "$BUILD/lookup-server"
    assert_line 'lookup-server: descriptor 3 (hello) this service takes no datagrams'
    run -64 "${once[@]}" lookup=tcp:127.0.0.1 finger=tcp:127.0.0.1 -- "$BUILD/lookup-server"
    assert_line --partial 'lookup-server: descriptor 4: its name is none of lookup, clock and hello'
    run -64 "${once[@]}" --inetd udp:127.0.0.1 -- "$BUILD/lookup-server" hello
    assert_line 'lookup-server: descriptor 0 (hello) this service takes no datagrams'
}

# The super-server is told to go, but killed: it can hand nothing on, and its server must not keep the port from the next one.
@test "a server whose super-server is gone goes, at once if nothing is open, else when that has been served" {
    local parent server fd answer options
    for options in '--workers 1' '--workers 2'; do
        # shellcheck disable=SC2086 # two words
        start_server lookup=tcp:127.0.0.1 -- --idle 0 $options
        answers 'John\n' C45
        server=$(server_pid)
        parent=$(tail -1 "$BATS_TEST_TMPDIR/background")
        kill -KILL "$parent"
        wait_for is_gone "$server"
        wait_for nobody_listens
        rm "$BATS_TEST_TMPDIR/background"
    done
    start_server lookup=tcp:127.0.0.1 -- --idle 0 --timeout 600
    exec {fd}<>"/dev/tcp/127.0.0.1/${SOCKETS[0]##*:}"
    answers 'John\n' C45
    server=$(server_pid)
    kill -KILL "$(tail -1 "$BATS_TEST_TMPDIR/background")"
    wait_for nobody_listens
    echo John >&"$fd"
    read -r answer <&"$fd"
    assert_equal "$answer" C45
    exec {fd}>&-
    wait_for is_gone "$server"
}

nobody_listens() {
    [ -z "$(ss -Hltn "src 127.0.0.1:${SOCKETS[0]##*:}")" ]
}

@test "a changed time zone is heeded at the next request" {
    [ "$(id -u)" = 0 ] || unavailable "this takes root"
    [ -e /usr/share/zoneinfo/Asia/Tokyo ] || unavailable "there are no time zones"
    # An /etc of its own, in which nothing else is changed.
    cp -a /etc "$BATS_TEST_TMPDIR/etc"
    # shellcheck disable=SC2016 # the inner shell's
    run -0 timeout 120 "$ROOT/tests/tools/own-root" bash -euc '
        mount --bind "$1/etc" /etc
        zone() { ln -sfn "/usr/share/zoneinfo/$1" /etc/localtime.new; mv -T /etc/localtime.new /etc/localtime; }
        zone Etc/UTC
        python3 "$2/tests/tools/superserver.py" clock=tcp:127.0.0.1 -- "$3/lookup-server" >"$1/log" 2>&1 &
        until grep -qs ^ready "$1/log"; do :; done
        port=$(sed -n "s/^socket .*://p" "$1/log")
        for zone in Etc/UTC Asia/Tokyo America/Phoenix Asia/Tokyo; do
            zone "$zone"
            for _ in 1 2 3; do
                before=$(TZ=$zone date "+%F %H:%M")
                told=$("$2/tests/tools/talk.py" --tcp "127.0.0.1:$port" send:"Date and Time\n" rest)
                after=$(TZ=$zone date "+%F %H:%M")
                [ "${told:0:16}" = "$before" ] || [ "${told:0:16}" = "$after" ] && break || true
            done
            echo "$zone $([ "${told:0:16}" = "$before" ] || [ "${told:0:16}" = "$after" ] && echo right || echo "$told")"
        done
        grep -c ^start "$1/log"
        kill %1' bash "$BATS_TEST_TMPDIR" "$ROOT" "$BUILD"
    assert_output "Etc/UTC right
Asia/Tokyo right
America/Phoenix right
Asia/Tokyo right
1"
}
