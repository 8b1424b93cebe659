#!/usr/bin/env bats
# The golden tables, byte for byte the same by lookup-server, on every kind of socket. Under systemd: systemd.bats.

load lib
load activation

setup_file() {
    make_book
}

teardown() {
    stop_background
}

# same_as_golden TABLE WAY...
same_as_golden() {
    run -0 "$GOLDEN" "$ROOT/tests/golden/$1.golden" "${@:2}"
    # Each case was done: a table that lost its lines must not pass for a good one.
    assert_line --regexp '^[1-9][0-9]+ cases, 0 wrong$'
}

# On the operator's side there is nothing to be said of what clients do.
nothing_logged() {
    run -1 grep lookup-server: "$ACTIVATION_LOG"
}

# all_streams [OPTION...]: every service in one process, each table in each family.
all_streams() {
    local path=$BATS_TEST_TMPDIR/lookup.sock lookup clock hello service
    need_ipv6
    lookup=$(free_port)
    clock=$(free_port)
    hello=$(free_port)
    start_server_by_socket_activate "lookup=$lookup" "lookup=$path" "clock=$clock" "hello=$hello" -- "$@"
    for service in lookup clock hello; do
        same_as_golden "$service" --tcp "127.0.0.1:${!service}"
        same_as_golden "$service" --tcp "[::1]:${!service}"
    done
    same_as_golden lookup --unix "$path"
    nothing_logged
}

# by_wait START: all services by TCP.
by_wait() {
    local service port
    for service in lookup clock hello; do
        port=$(free_port)
        "$1" tcp "$port" "$service"
        same_as_golden "$service" --tcp "127.0.0.1:$port"
        nothing_logged
        stop_background
    done
}

# by_wait_datagrams START
by_wait_datagrams() {
    local service port
    for service in lookup clock; do
        port=$(free_port)
        "$1" udp "$port" "$service"
        same_as_golden "$service" --udp "127.0.0.1:$port"
        nothing_logged
        stop_background
    done
}

@test "systemd-socket-activate: TCP in both families and Unix streams, three services in one process" {
    all_streams
}

@test "systemd-socket-activate: UDP in both families and Unix datagrams" {
    local path=$BATS_TEST_TMPDIR/lookup.dgram lookup clock
    need_ipv6
    lookup=$(free_port)
    clock=$(free_port)
    start_server_by_socket_activate -d "lookup=$path" "lookup=$lookup" "clock=$clock" --
    same_as_golden lookup --datagram "$path"
    same_as_golden lookup --udp "127.0.0.1:$lookup"
    same_as_golden lookup --udp "[::1]:$lookup"
    same_as_golden clock --udp "127.0.0.1:$clock"
    same_as_golden clock --udp "[::1]:$clock"
    nothing_logged
}

@test "the same streams by two workers" {
    # Not by datagrams: two questions of one client may be answered in either order then.
    all_streams --workers 2
}

# bats test_tags=native
@test "openbsd-inetd, wait: TCP" {
    by_wait start_server_by_inetd
}

# bats test_tags=native
@test "openbsd-inetd, wait: UDP" {
    by_wait_datagrams start_server_by_inetd
}

# bats test_tags=native
@test "xinetd, wait, with the shipped file: TCP" {
    by_wait start_server_by_xinetd
}

# bats test_tags=native
@test "xinetd, wait, with the shipped file: UDP" {
    by_wait_datagrams start_server_by_xinetd
}

# bats test_tags=native
@test "xinetd has the IPv6 socket served too" {
    local port kind
    need_ipv6
    for kind in tcp udp; do
        port=$(free_port)
        start_server_by_xinetd "$kind" "$port" lookup
        if [ "$kind" = tcp ]; then wait_for listens "[::1]:$port"; else wait_for has_datagrams "[::1]:$port"; fi
        same_as_golden lookup "--$kind" "[::1]:$port"
        stop_background
    done
}

@test "a socket without a name is for the service given" {
    local path=$BATS_TEST_TMPDIR/clock.sock port
    port=$(free_port)
    start_server_by_socket_activate "clock=$path" "none=$port" -- lookup
    same_as_golden lookup --tcp "127.0.0.1:$port"
    same_as_golden clock --unix "$path"
}

@test "a session, by one and by two workers, on TCP and on Unix streams" {
    local path=$BATS_TEST_TMPDIR/lookup.sock port workers
    for workers in 1 2; do
        port=$(free_port)
        start_server_by_socket_activate "lookup=$path" "lookup=$port" -- --session --workers "$workers"
        same_as_golden session --tcp "127.0.0.1:$port"
        same_as_golden session --unix "$path"
        nothing_logged
        stop_background
        rm -f "$path"
    done
}
