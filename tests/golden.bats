#!/usr/bin/env bats
# bats file_tags=first
# The golden tables, byte for byte the same however the handler is activated. Under systemd: systemd.bats.

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

# spawned WAY [--ends]: all services.
spawned() {
    local service
    all_services
    for service in "${SERVICES[@]}"; do
        handler_command "$service"
        same_as_golden "$service" "$@" -- "${HANDLER[@]}"
    done
}

# activated START: all services.
activated() {
    local service port
    all_services
    for service in "${SERVICES[@]}"; do
        port=$(free_port)
        "$1" "$port" "$service"
        same_as_golden "$service" --tcp "127.0.0.1:$port"
        # On the operator's side, too, there is nothing to be said of what clients do.
        run -1 grep lookup-handler: "$ACTIVATION_LOG"
        stop_background
    done
}

@test "on a pipe" {
    # A sanitized handler starts slowly, and is shown clients that keep their side open on a connection only.
    if [ -d "$BUILD/reports" ]; then spawned --pipe --ends; else spawned --pipe; fi
}

# bats test_tags=native
@test "on a connected Unix socket" {
    spawned --socketpair
}

@test "on a connected TCP socket" {
    if [ -d "$BUILD/reports" ]; then
        # Clients that keep their side open, by the shortest table.
        spawned --tcppair --ends
        handler_command clock
        same_as_golden clock --tcppair -- "${HANDLER[@]}"
    else
        spawned --tcppair
    fi
}

# bats test_tags=native
@test "under tcpserver" {
    activated start_tcpserver
}

# bats test_tags=native
@test "under xinetd, nowait, with the shipped files" {
    activated start_xinetd
}

# bats test_tags=native
@test "under openbsd-inetd, nowait" {
    activated start_inetd
}

# bats test_tags=native
@test "under systemd-socket-activate --inetd --accept" {
    activated start_socket_activate
}

@test "a session, on a pipe and on a connection" {
    local way
    handler_command lookup --session
    for way in --pipe --socketpair --tcppair; do
        same_as_golden session "$way" -- "${HANDLER[@]}"
    done
}

@test "a session under a super-server" {
    local port
    port=$(free_port)
    start_tcpserver "$port" lookup --session
    same_as_golden session --tcp "127.0.0.1:$port"
}

@test "xinetd listens on both families and serves both" {
    local port
    need_ipv6
    port=$(free_port)
    start_xinetd "$port" lookup
    wait_for_listen "[::1]:$port" "$ACTIVATION_LOG"
    run -0 "$TALK" --tcp "[::1]:$port" send:John rest
    assert_output C45
    run -0 "$TALK" --tcp "127.0.0.1:$port" send:John rest
    assert_output C45
}

@test "a table that differs is told, with the case, and fails" {
    printf 'right\tJohn\\n\tC45\\n\nwrong\tJohn\tC46\nstatus\tJohn\tC45\t78\n' >"$BATS_TEST_TMPDIR/table"
    handler_command lookup
    run -1 "$GOLDEN" --pipe "$BATS_TEST_TMPDIR/table" -- "${HANDLER[@]}"
    assert_line --regexp '^wrong '
    assert_line --regexp '^ +got +C45$'
    assert_line --regexp '^ +exit status 0, not 78$'
    refute_line --regexp '^right'
    assert_line '3 cases, 2 wrong'
}

@test "of many cases that differ the first are shown, and of a long line the beginning" {
    {
        for i in {1..60}; do printf 'wrong%s\t%01000d\tnothing\n' "$i" 0; done
    } >"$BATS_TEST_TMPDIR/table"
    handler_command lookup
    run -1 "$GOLDEN" --pipe "$BATS_TEST_TMPDIR/table" -- "${HANDLER[@]}"
    assert_line --regexp '^ +sent .{380,400}\.\.\. \([0-9]{4} characters\)$'
    assert_line '... and 100 differences more'
    assert_equal "${#lines[@]}" 82
    assert_line '60 cases, 60 wrong'
}
