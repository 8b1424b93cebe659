#!/usr/bin/env bats
# bats file_tags=native,first
# What a stranger could do who had taken over the process that answers him: nothing but answer. Handler and server are
# linked with a service that does what it is asked to (tests/breach.c). An attempt that confinement stops ends the process,
# and the client gets nothing; in a build without confinement each of them succeeds.
# shellcheck disable=SC2154 # `run` sets them

load lib
load activation
load breach

setup_file() {
    make_book
    # As the programs proper lie in the build folder, with inetd beside them.
    mkdir "$BATS_FILE_TMPDIR/build"
    ln -s "$BUILD"/breach/* "$BUILD/openbsd-inetd" "$BUILD/lookup" "$BATS_FILE_TMPDIR/build"
}

setup() {
    LOOKUP=("$BUILD/lookup")
    UNCONFINED=$BUILD/unconfined/breach
    REPORTING=$BUILD/reporting/breach
    BUILD=$BATS_FILE_TMPDIR/build
}

teardown() {
    stop_background
}

@test "handler, by hand: each attempt ends it by SIGSYS" {
    local attempt
    ask_on_pipe nothing "$BUILD/lookup-handler" lookup
    assert_output 'nothing: done'
    for attempt in "${ATTEMPTS[@]}"; do
        ask_on_pipe "$attempt" "$BUILD/lookup-handler" lookup
        assert_equal "$attempt: $status $output" "$attempt: 159 "
    done
}

@test "handler, in a session: no attempt at a later request either" {
    ask_on_pipe 'nothing\nnothing\nexec\nnothing\n' "$BUILD/lookup-handler" --session lookup
    assert_equal "$status" 159
    assert_output $'nothing: done\nnothing: done\n'
}

@test "unconfined the attempts succeed" {
    local attempt
    export BREACH_FILE=$BATS_TEST_TMPDIR/breach
    for attempt in open create unlink socket fork kill trace code dump; do
        ask_on_pipe "$attempt" "$UNCONFINED/lookup-handler" lookup
        assert_output "$attempt: done"
    done
    ask_on_pipe exec "$UNCONFINED/lookup-handler" lookup
    assert_output $'breach\n'
}

@test "a build that reports names the call that was refused" {
    ask_on_pipe fork "$REPORTING/lookup-handler" lookup
    assert_equal "$status $output" '159 '
    [[ $stderr =~ ^'lookup-handler: refused: system call '[0-9]+$ ]]
}

@test "handler, under tcpserver, xinetd, inetd and systemd-socket-activate" {
    local superserver port
    for superserver in tcpserver xinetd inetd socket_activate; do
        port=$(free_port)
        "start_$superserver" "$port" lookup
        holds -p "$port" -h 127.0.0.1
        stop_background
    done
}

@test "server, on every kind of socket" {
    start_server tcp:127.0.0.1 "unix:$BATS_TEST_TMPDIR/stream" -- lookup
    holds -h 127.0.0.1 -p "${SOCKETS[0]##*:}"
    holds -U "$BATS_TEST_TMPDIR/stream"
    stop_background
    without_messages
    start_server udp:127.0.0.1 "datagram:$BATS_TEST_TMPDIR/datagrams" -- lookup
    holds -h 127.0.0.1 -p "${SOCKETS[0]##*:}" -u
    holds -U "$BATS_TEST_TMPDIR/datagrams" -u
}

# What the attempts on the sockets would come to: each is shared with the superserver, which cannot mend it.
@test "unconfined the sockets can be shut down for every server to come" {
    local attempt
    for attempt in shutdown shutread; do
        BUILD=$UNCONFINED start_server tcp:127.0.0.1 -- lookup
        asks "$attempt" 60 -h 127.0.0.1 -p "${SOCKETS[0]##*:}"
        assert_output "$attempt: done"
        asks nothing 1 -h 127.0.0.1 -p "${SOCKETS[0]##*:}"
        assert_failure 2
        stop_background
    done
}

@test "server, with workers" {
    start_server tcp:127.0.0.1 -- --workers 2 lookup
    holds -h 127.0.0.1 -p "${SOCKETS[0]##*:}"
    run -0 grep -c 'a worker died (signal 31); another takes its place' "$ACTIVATION_LOG"
}

@test "server, under inetd and xinetd (wait)" {
    local superserver port
    for superserver in inetd xinetd; do
        port=$(free_port)
        "start_server_by_$superserver" tcp "$port" lookup
        holds -p "$port" -h 127.0.0.1
        stop_background
    done
}

@test "what is limited and taken away can be seen from outside" {
    local pid limits
    start_server tcp:127.0.0.1 -- lookup
    "${LOOKUP[@]}" -h 127.0.0.1 -p "${SOCKETS[0]##*:}" nothing
    pid=$(server_pid)
    run -0 grep -E '^(NoNewPrivs|Seccomp):' "/proc/$pid/status"
    assert_output $'NoNewPrivs:\t1\nSeccomp:\t2'
    limits=$(<"/proc/$pid/limits")
    [[ $limits =~ 'Max core file size '\ *0\ *0 ]]
    [[ $limits =~ 'Max processes '\ *0\ *0 ]]
}

@test "what is limited and taken away of a handler can be seen from outside, too" {
    local limits
    coproc HANDLED { exec "$BUILD/lookup-handler" --session lookup 2>"$BATS_TEST_TMPDIR/said"; }
    echo nothing >&"${HANDLED[1]}"
    read -rt 60 <&"${HANDLED[0]}"
    run -0 grep -E '^(NoNewPrivs|Seccomp):' "/proc/$HANDLED_PID/status"
    assert_output $'NoNewPrivs:\t1\nSeccomp:\t2'
    limits=$(<"/proc/$HANDLED_PID/limits")
    [[ $limits =~ 'Max core file size '\ *0\ *0 ]]
    [[ $limits =~ 'Max processes '\ *0\ *0 ]]
    [[ $limits =~ 'Max open files '\ *1\ *1 ]]
    assert_equal "$(<"$BATS_TEST_TMPDIR/said")" ''
    eval "exec ${HANDLED[1]}>&-"
}
