#!/usr/bin/env bats
# What a second reading of lookup-server found: each fault as it was reproduced. Those that show only in a unit: server-unit.bats.

load lib
load activation

setup_file() {
    make_book
}

teardown() {
    stop_background
}

# scene NAME SOCKET [OPTION...]: the server runs for $SERVICE or lookup, and the scene is played.
scene() {
    start_server "${SERVICE:-lookup}=$2" -- "${@:3}"
    /usr/bin/python3 -B -c 'import sys; sys.path.insert(0, sys.argv[1]); import reach; reach.ask(sys.argv[2], b"John\n")' \
        "$ROOT/tests/tools" "${SOCKETS[0]}"
    run -0 "$ROOT/tests/tools/scenes.py" "$1" "${SOCKETS[0]}" "$(server_pid)"
}

@test "when it is the server that pauses, no request is cut" {
    scene pause tcp:127.0.0.1
    assert_output '300 C45'
}

@test "at the cap a client that is asking is not the one to go" {
    local SERVICE=hello # it has no quiet time that would end the request on a busy machine
    # shellcheck disable=SC2034 # for start_server
    SERVER_UNDER=(prlimit --nofile=64)
    scene evict tcp:127.0.0.1 --timeout 60
    assert_output 'HTTP/1.1 404 Not Found'
}

@test "SIGTERM ends a session that would go on" {
    scene wind-up tcp:127.0.0.1 --session
    assert_output "$(printf 'C45\nit ended')"
}

@test "who sends much before he reads has each request answered, in its turn" {
    local where
    # Answers that are much longer than what is asked fill every room for them.
    printf 'John = C45\nDenise = C44\nLong = %s\n' "$(printf 'x%.0s' {1..1000})" | make_book "$BATS_TEST_TMPDIR/book.cdb"
    for where in tcp:127.0.0.1 "unix:$BATS_TEST_TMPDIR/socket"; do
        scene flood "$where" --session --timeout 60 --book "$BATS_TEST_TMPDIR/book.cdb"
        assert_output 'all answered'
        stop_background
    done
}

@test "who sends many requests that take long has others answered in between" {
    { echo John = C45; seq -f 'N%.0f von der X = A1' "$(rounds 20000)"; } | make_book "$BATS_TEST_TMPDIR/book.cdb"
    scene turns tcp:127.0.0.1 --session --timeout 600 --verbose --book "$BATS_TEST_TMPDIR/book.cdb"
    assert_output $'2000\n2000'
    # Requests are logged in the order they are answered in.
    grep -o '"VON DER Q .*"' "$ACTIVATION_LOG" | uniq >"$BATS_TEST_TMPDIR/turns"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/turns")" -gt 2 ]
}

@test "a worker that replaces another has the book of today" {
    local worker
    make_book "$BATS_FILE_TMPDIR/today.cdb" <<<'John = V1'
    start_server lookup=tcp:127.0.0.1 -- --book "$BATS_FILE_TMPDIR/today.cdb" --workers 2
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" 'send:John\n' rest
    make_book "$BATS_FILE_TMPDIR/today.cdb" <<<'John = V2'
    # The process that looks after the workers looks at the book once a second.
    mapfile -t worker < <(pgrep -P "$(server_pid)")
    wait_for maps_book "$(server_pid)" "$BATS_FILE_TMPDIR/today.cdb"
    echo nonsense >"$BATS_FILE_TMPDIR/new" && mv "$BATS_FILE_TMPDIR/new" "$BATS_FILE_TMPDIR/today.cdb"
    kill -KILL "${worker[@]}"
    for _ in {1..20}; do
        run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" 'send:John\n' rest
        assert_output V2
    done
}

# maps_book PID FILE: the file that is there now, not one that was replaced.
maps_book() {
    grep -q " $(stat -c %i "$2") .*$2\$" "/proc/$1/maps"
}
