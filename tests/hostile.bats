#!/usr/bin/env bats
# bats file_tags=first
# Clients who mean harm, under real super-servers: others are served meanwhile, and when they have gone nothing is left of
# them. Under systemd: hostile-machine.bats.
# shellcheck disable=SC2030,SC2031 # one of them has a BATS_TEST_TMPDIR of its own

load lib
load activation

VANDALS=$ROOT/tests/tools/vandals.py

setup_file() {
    make_book
}

teardown() {
    stop_background
}

# trickled SERVICE=WHERE...: by clients of each, who are let go at the deadline of 1 s, and others are answered meanwhile.
trickled() {
    local place
    local deadline=$((SECONDS + 300))
    while run "$VANDALS" loris 1 "$@" && [ "$status" = 75 ] && [ "$SECONDS" -lt "$deadline" ]; do :; done
    assert_success
    for place; do
        case $place in
            hello=*) assert_line 'hello: HTTP/1.1 408 Request Timeout' ;;
            *) assert_line "${place%%=*}: ERROR: request timed out" ;;
        esac
    done
    assert_line 'others answered'
    assert_equal "${#lines[@]}" $(($# + 1))
}

# no_child: of those that were started in the background, zombies included.
no_child() {
    local none=0
    pgrep -P "$(paste -sd , "$BATS_TEST_TMPDIR/background")" >/dev/null || none=$?
    [ "$none" = 1 ] # more is an error of pgrep
}

# trickled_under START: all services, a handler for each connection.
trickled_under() {
    local service port places=()
    for service in lookup clock hello; do
        port=$(free_port)
        "$1" "$port" "$service" --timeout 1
        places+=("$service=tcp:127.0.0.1:$port")
    done
    trickled "${places[@]}"
    wait_for no_child
}

# bats test_tags=native
@test "slow-loris under tcpserver" {
    trickled_under start_tcpserver
}

# bats test_tags=native
@test "slow-loris under xinetd" {
    # Each has its own configuration.
    start_xinetd_apart() {
        local BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR/$2
        mkdir "$BATS_TEST_TMPDIR"
        start_xinetd "$@"
        cat "$BATS_TEST_TMPDIR/background" >>"${BATS_TEST_TMPDIR%/*}/background"
    }
    trickled_under start_xinetd_apart
}

@test "slow-loris against lookup-server, with and without sessions" {
    local options path=$BATS_TEST_TMPDIR/lookup.sock
    for options in --verbose --session; do
        start_server lookup=tcp:127.0.0.1 "lookup=unix:$path" clock=tcp:127.0.0.1 hello=tcp:127.0.0.1 -- --timeout 1 "$options"
        trickled "lookup=${SOCKETS[0]}" "clock=${SOCKETS[2]}" "hello=${SOCKETS[3]}"
        trickled "lookup=${SOCKETS[1]}"
        assert_equal "$(server_starts)" 1
        stop_background
        rm "$path"
    done
}

# scanned START SERVICE: 1,000 connections, reset; then it answers as ever, and has nothing to say.
scanned() {
    local port
    port=$(free_port)
    "$1" "$port" "$2"
    run -0 "$VANDALS" scan "tcp:127.0.0.1:$port" 1000
    run -0 "$TALK" --tcp "127.0.0.1:$port" send:'GET / HTTP/1.0\r\n\r\n' rest
    [ -n "$output" ]
    wait_for no_child
    run -1 grep -iE 'lookup-handler:|error|fail' "$ACTIVATION_LOG"
}

# bats test_tags=native
@test "a port scan under tcpserver" {
    scanned start_tcpserver hello
}

# bats test_tags=native
@test "a port scan under xinetd, by the limits that are shipped" {
    scanned start_xinetd lookup
    run -1 grep -iE 'deactivat|error|fail' "$BATS_TEST_TMPDIR/xinetd.conf.log"
}

# bats test_tags=native
@test "a port scan under openbsd-inetd" {
    scanned start_inetd clock
}

descriptors() {
    local all=("/proc/$(server_pid)/fd"/*)
    echo "${#all[@]}"
}

# Connections that were still open when they were counted may be closed now.
has_descriptors() {
    [ "$(descriptors)" -le "$1" ]
}

@test "a port scan of lookup-server: no descriptor is lost, nothing said" {
    local socket before
    start_server lookup=tcp:127.0.0.1 clock=tcp:127.0.0.1 hello=tcp:127.0.0.1 "lookup=unix:$BATS_TEST_TMPDIR/lookup.sock" --
    "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:'John\n' rest
    before=$(descriptors)
    for socket in "${SOCKETS[@]}"; do
        run -0 "$VANDALS" scan "$socket" 1000
    done
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:'John\n' rest
    assert_output C45
    wait_for has_descriptors "$before"
    run -1 grep lookup-server: "$ACTIVATION_LOG"
    assert_equal "$(server_starts)" 1
}

# rudely WHERE...: what a rude client gets there.
rudely() {
    run -0 "$ROOT/tests/tools/rude.py" urgent 127.0.0.1 "$1"
    assert_output "in the midst 2 b'C45\\n'
behind the line 2 b'C45\\n'
the line end 2 b'C45\\n'
first 2 b'C45\\n'"
    run -0 "$ROOT/tests/tools/rude.py" reset 127.0.0.1 "$1"
    assert_output "b'C45\\n'"
}

@test "urgent bytes are part of the request, and no reason for a reset; who resets leaves no line" {
    local port
    port=$(free_port)
    start_tcpserver "$port" lookup
    rudely "$port"
    run -1 grep lookup-handler: "$ACTIVATION_LOG"
    stop_background
    start_server lookup=tcp:127.0.0.1 --
    rudely "${SOCKETS[0]##*:}"
    run -1 grep lookup-server: "$ACTIVATION_LOG"
}
