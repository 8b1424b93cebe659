#!/usr/bin/env bats
# bats file_tags=native
# What becomes of an answer when the system lacks something: descriptors, processes, a log, a clock that only goes on.
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # what is in single quotes is for inner shells; `run`, `load` and each test set the rest

load lib
load activation

setup_file() {
    make_book
}

teardown() {
    stop_background
}

# answers OFFICE: so does whoever listens on $port, to John.
answers() {
    [ "$("$TALK" --tcp "127.0.0.1:$port" send:'John\n' rest 2>/dev/null)" = "$1" ]
}

# as_one_of_few COUNT: sets FEW, which runs a command as a user nobody else is, and who may have so many processes; he can
# read this tree, wherever it is. few COUNT: so many from now on, for the process PID.
as_one_of_few() {
    [ "$(id -u)" = 0 ] || unavailable "becoming another user takes root"
    HIM=(setpriv --reuid "$((100000 + $$))" --clear-groups "--inh-caps=-all,+dac_read_search"
        "--ambient-caps=-all,+dac_read_search")
    FEW=("${HIM[@]}" prlimit --nproc="$1:10")
}

few() {
    "${HIM[@]}" prlimit --pid "$2" --nproc="$1:10"
}

@test "no descriptor left for the book: the client is told, and the operator why" {
    local limit
    need prlimit
    command -v musl-gcc >/dev/null || unavailable "without musl-gcc the handler takes descriptors to start"
    handler_command lookup
    for limit in 1 2 3; do
        ask_on_pipe 'John\n' prlimit --nofile="$limit" "${HANDLER[@]}"
        assert_equal "$status" 78
        assert_output $'ERROR: address book unavailable\n'
        assert_equal "$stderr" "lookup-handler: address book $BATS_FILE_TMPDIR/book.cdb: No file descriptors available
lookup-handler: not confined by Landlock: No file descriptors available"
    done
    # As many as the units allow.
    ask_on_pipe 'John\n' prlimit --nofile=16 "${HANDLER[@]}"
    assert_output $'C45\n'
}

@test "no descriptor left for a server to start: 71, and it says why" {
    server_command
    run -71 /usr/bin/python3 "$ROOT/tests/tools/superserver.py" --once lookup=tcp:127.0.0.1 -- prlimit --nofile=5 "${SERVER[@]}"
    assert_line --regexp '^lookup-server: .*Too many open files'
}

# asked CLIENT: the answer to John in the session on the descriptor CLIENT.
asked() {
    local answer
    printf 'John\n' >&"$1"
    read -rt 60 answer <&"$1"
    echo "$answer"
}

is_asleep() {
    grep -q '^State:.S' "/proc/$(server_pid)/status"
}

@test "no descriptor left for a new book: a server keeps the one before, and has the new one as soon as it can" {
    local client book=$BATS_TEST_TMPDIR/book.cdb
    need prlimit
    make_book "$book" <<<'John = Old'
    start_server lookup=tcp:127.0.0.1 -- --session --book "$book"
    exec {client}<>"/dev/tcp/127.0.0.1/${SOCKETS[0]##*:}"
    assert_equal "$(asked "$client")" Old
    # It answers while it accepts. If it then finds no room for one more, whether or not there is one, it ends this client.
    wait_for is_asleep
    prlimit --pid "$(server_pid)" --nofile=3:
    make_book "$book" <<<'John = New'
    for _ in 1 2 3; do assert_equal "$(asked "$client")" Old; done
    prlimit --pid "$(server_pid)" --nofile=64:
    assert_equal "$(asked "$client")" New
    exec {client}>&-
    run -0 grep lookup-server: "$ACTIVATION_LOG"
    assert_output "lookup-server: address book $book: Too many open files; the one before it is kept"
}

@test "no process left for tcpserver: the client is dropped, the next one answered when there is one again" {
    need tcpserver
    as_one_of_few 3
    port=$(free_port)
    handler_command lookup --timeout 600
    super_server tcpserver "$port" "${FEW[@]}" tcpserver -H -R -l 0 127.0.0.1 "$port" "${HANDLER[@]}"
    answers C45
    # One that serves, two that wait for a silent client; he who was answered has none any more.
    wait_for count_of_his 1
    exec {one}<>"/dev/tcp/127.0.0.1/$port" {two}<>"/dev/tcp/127.0.0.1/$port"
    wait_for count_of_his 3
    wait_for dropped
    wait_for grep -q 'unable to fork' "$ACTIVATION_LOG"
    exec {one}>&- {two}>&-
    wait_for answers C45
}

# His processes are so many.
count_of_his() {
    [ "$(pgrep -cu "$((100000 + $$))")" = "$1" ]
}

# The connection is closed without an answer.
dropped() {
    answers ''
}

workers() {
    pgrep -P "$(server_pid)"
}

count_of_workers() {
    [ "$(workers | wc -l)" = "$1" ]
}

@test "no process left for any worker: 71, and it says why" {
    as_one_of_few 1
    server_command --workers 2
    run -71 /usr/bin/python3 "$ROOT/tests/tools/superserver.py" --once lookup=tcp:127.0.0.1 -- "${FEW[@]}" "${SERVER[@]}"
    assert_line --regexp '^lookup-server: .*Resource temporarily unavailable'
}

@test "a process for one worker of two: that one answers, and the other comes when there is room" {
    local server port
    as_one_of_few 2
    SERVER_UNDER=("${FEW[@]}")
    start_server lookup=tcp:127.0.0.1 -- --workers 2
    port=${SOCKETS[0]##*:}
    wait_for answers C45
    count_of_workers 1
    wait_for grep -q 'cannot start a worker: Resource temporarily unavailable' "$ACTIVATION_LOG"
    server=$(server_pid)
    few 3 "$server"
    wait_for count_of_workers 2
    # And when one dies while there is none: the other serves on.
    few 1 "$server"
    kill -KILL "$(workers | head -1)"
    wait_for count_of_workers 1
    for _ in 1 2 3; do answers C45; done
    few 3 "$server"
    wait_for count_of_workers 2
    answers C45
    assert_equal "$(server_starts)" 1
}

# without_log COMMAND...: it has a /dev of its own, with a null device and no log.
without_log() {
    [ "$(id -u)" = 0 ] || unavailable "this takes root"
    run -0 --separate-stderr --keep-empty-lines "$ROOT/tests/tools/own-root" bash -euc '
        mount -t tmpfs none /dev
        mknod -m 666 /dev/null c 1 3
        [ ! -e /dev/log ]
        "$@"' bash "$@"
}

@test "/dev/log gone, under inetd: the answer and nothing else reaches the client" {
    local way
    for way in --socketpair --tcppair; do
        without_log "$TALK" "$way" --inetd send:'John\n' rest -- \
            "$BUILD/lookup-handler" --book "$BATS_FILE_TMPDIR/book.cdb" --verbose lookup
        assert_output $'C45\n'
        without_log bash -c '"$@" || [ $? = 78 ]' bash "$TALK" "$way" --inetd send:'John\n' rest -- \
            "$BUILD/lookup-handler" --book /nonexistent --verbose lookup
        assert_output $'ERROR: address book unavailable\n'
    done
}

@test "/dev/log gone, under openbsd-inetd: the same of a server that waits" {
    local inetd=$BUILD/openbsd-inetd/usr/sbin/inetd
    [ -x "$inetd" ] || unavailable "openbsd-inetd is not unpacked in $BUILD"
    port=$(free_port)
    printf '127.0.0.1:%s stream tcp wait.1000000 root %s %s --book /nonexistent --verbose lookup\n' "$port" \
        "$BUILD/lookup-server" lookup-server >"$BATS_TEST_TMPDIR/inetd.conf"
    without_log bash -c '"$1" -i "$2" & until "${@:3}" 2>/dev/null; do :; done; kill $!' bash "$inetd" "$BATS_TEST_TMPDIR/inetd.conf" \
        "$TALK" --tcp "127.0.0.1:$port" send:'John\n' rest
    assert_output $'ERROR: address book unavailable\n'
}

# year: as the clock service behind $clock tells it.
year() {
    "$TALK" --tcp "$clock" send:'Date\n' rest | cut -c 1-4
}

# A handler knows the time from the same deadline.c.
@test "the clock stepped while a deadline runs: back does not make it later, forward not sooner" {
    local now clock
    clock_off 0
    # shellcheck disable=SC2034 # for start_server
    SERVER_UNDER=("${CLOCK_OFF[@]}")
    start_server lookup=tcp:127.0.0.1 clock=tcp:127.0.0.1 -- --timeout 2
    clock=${SOCKETS[1]#tcp:}
    now=$(year)
    exec {silent}<>"/dev/tcp/127.0.0.1/${SOCKETS[0]##*:}"
    # It has been accepted when another one has been answered.
    year >/dev/null
    set_clock_off -86400000
    [ "$(year)" -lt "$now" ]
    # It is let go, and without an answer.
    run -0 timeout 60 cat <&"$silent"
    assert_output ''
    exec {silent}>&-
    stop_background
    start_server lookup=tcp:127.0.0.1 clock=tcp:127.0.0.1 -- --timeout 600
    clock=${SOCKETS[1]#tcp:}
    exec {slow}<>"/dev/tcp/127.0.0.1/${SOCKETS[0]##*:}"
    [ "$(year)" -lt "$now" ]
    set_clock_off 86400000
    [ "$(year)" -gt "$now" ]
    printf 'John\n' >&"$slow"
    run -0 timeout 60 cat <&"$slow"
    assert_output C45
    exec {slow}>&-
}

# A socket of datagrams is taken out of epoll while it is served. The fifth call is to put it back; it fails, and the next two take
# out both sockets. The ninth puts back the second of them, and fails, too.
@test "epoll refuses to have a socket back, twice: all of them wait a while, and are served again" {
    # A call that is made to fail has no number, which the filter of calls would not let pass.
    local socket trace=$BATS_TEST_TMPDIR/trace BUILD=$BUILD/unconfined
    need strace
    # shellcheck disable=SC2034 # for start_server
    SERVER_UNDER=(strace -D -qq -e signal=none -e trace=epoll_ctl -o "$trace" -e inject=epoll_ctl:error=ENOMEM:when=5..9+4)
    start_server lookup=udp:127.0.0.1 lookup=tcp:127.0.0.1 -- --idle 0
    for socket in "${SOCKETS[0]}" "${SOCKETS[@]}"; do
        run -0 timeout 60 "$TALK" "--${socket%%:*}" "${socket#*:}" send:'John\n' some
        assert_output C45
    done
    assert_equal "$(server_starts)" 1
    run -0 grep -c INJECTED "$trace"
    assert_output 2
}

# On a file that is stale, say.
@test "standard error of which nothing can be learned is not taken for closed: the answer comes" {
    local trace=$BATS_TEST_TMPDIR/trace log=$BATS_TEST_TMPDIR/log
    need strace
    handler_command lookup
    HANDLER[0]=$BUILD/unconfined/lookup-handler # see above
    run -0 bash -c 'printf John | "${@:2}" 2>"$1"' bash "$log" \
        strace -qq -P "$log" -e inject=fstat,newfstatat:error=ESTALE -o "$trace" "${HANDLER[@]}"
    assert_output C45
    run -0 grep -c '(2,.*INJECTED' "$trace"
    assert_output 1
}

# failing CALL HOW SOCKET: a server whose calls of CALL fail, HOW as strace(1) has it, and who asks it at SOCKET.
failing() {
    local trace=$BATS_TEST_TMPDIR/trace BUILD=$BUILD/unconfined
    need strace
    # shellcheck disable=SC2034 # for start_server
    SERVER_UNDER=(strace -D -f -qq -e signal=none -e "trace=$1" -o "$trace" -e "inject=$1:$2")
    start_server --once "lookup=$3" -- --idle 0 "${@:4}"
}

@test "a call that will never succeed again is said once, and the server ends with 71" {
    local call kind
    while read -r call kind; do
        failing "${call%%:*}" "${call#*:}" "$kind"
        "$TALK" "--${kind%%:*}" "${SOCKETS[0]#*:}" send:'John\n' || true
        wait_for server_ended 71
        run -0 grep lookup-server: "$ACTIVATION_LOG"
        assert_equal "${#lines[@]}" 1
        assert_output --regexp "^lookup-server: [a-z0-9_, ]*${call%%:*}[a-z0-9_, ]*: [A-Za-z -]+\$"
        stop_background
    done <<'CALLS'
epoll_wait:error=EBADF:when=3+ tcp:127.0.0.1
epoll_wait:error=EINVAL:when=3+ udp:127.0.0.1
accept4:error=EBADF tcp:127.0.0.1
accept4:error=EINVAL tcp:127.0.0.1
recvmmsg:error=ENOTSOCK udp:127.0.0.1
sendmmsg:error=EBADF udp:127.0.0.1
CALLS
}

@test "no descriptor in the whole system for a connection: it is accepted when there is one again" {
    failing accept4 error=ENFILE:when=1..3 tcp:127.0.0.1
    port=${SOCKETS[0]##*:}
    run -0 timeout 60 "$TALK" --tcp "127.0.0.1:$port" send:'John\n' rest
    assert_output C45
    assert_equal "$(grep -c INJECTED "$BATS_TEST_TMPDIR/trace")" 3
    run -1 grep lookup-server: "$ACTIVATION_LOG"
}

@test "a deadline that has passed before the answer could be sent: nobody waits for who does not read" {
    HANDLER=("$BUILD/lookup-handler" --book "$BATS_FILE_TMPDIR/book.cdb" --timeout 0.2 lookup)
    run -0 timeout 60 /usr/bin/python3 -c '
import os, subprocess, sys
silent, typed = os.pipe()
unread, full = os.pipe()
os.write(typed, b"Jo")
os.set_blocking(full, False)
try:
    while os.write(full, bytes(4096)):
        pass
except BlockingIOError:
    os.set_blocking(full, True)
print(subprocess.run(sys.argv[1:], stdin=silent, stdout=full).returncode)' "${HANDLER[@]}"
    assert_output 0
}

@test "a book found broken while answering: unavailable, one line, 78, also in a session and of a server" {
    local book=$BATS_TEST_TMPDIR/book.cdb request at
    printf 'John = C45\n' | make_book "$book" 2>/dev/null
    # The length of the office, which stands before JOHN: the frame is whole.
    at=$(grep -abo C45 "$book" | cut -d: -f1)
    printf '\377\377\377\177' | dd of="$book" bs=1 seek="$((at - 8))" conv=notrunc 2>/dev/null
    for request in 'John\n' 'John\nJohn\nJohn\n'; do
        ask_on_pipe "$request" "$BUILD/lookup-handler" --book "$book" --session lookup
        assert_equal "$status" 78
        assert_output "$(printf %b "${request//John/ERROR: address book unavailable}")"$'\n'
        assert_equal "$stderr" "lookup-handler: address book $book is broken"
    done
    start_server lookup=tcp:127.0.0.1 -- --book "$book"
    port=${SOCKETS[0]##*:}
    for _ in 1 2 3; do answers 'ERROR: address book unavailable'; done
    run -0 grep -c lookup-server: "$ACTIVATION_LOG"
    assert_output 1
}
