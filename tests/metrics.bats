#!/usr/bin/env bats
# lookup-server --metrics: what it tells Prometheus.

load lib
load activation

setup_file() {
    make_book
}

teardown() {
    stop_background
}

# scrape: /metrics of the server of hello at PAGE, or SOCKETS[0], into $output.
scrape() {
    run -0 curl --silent --show-error --max-time 60 "http://${PAGE:-${SOCKETS[0]#*:}}/metrics"
}

# figure NAME: its value in $output.
figure() {
    local value
    value=$(awk -v name="$1" 'index($0, name " ") == 1 { print $NF }' <<<"$output")
    [ -n "$value" ] || { echo "no $1 in: $output" >&2; return 1; }
    echo "$value"
}

# ask_lookup SOCKET REQUEST
ask_lookup() {
    "$TALK" "--${1%%:*}" "${1#*:}" send:"$2" some
}

# entries BOOK: how many lookup-book counts in it.
entries() {
    "$BUILD/lookup-book" check "$1" | grep -oE '[0-9]+ entr' | grep -oE '[0-9]+'
}

# counts NAME VALUE: it comes to that.
counts() {
    scrape
    [ "$(figure "$1")" = "$2" ]
}

# tells_of_all: the figures are right after two hits and a miss of the service lookup at SOCKETS[1], whoever was asked.
tells_of_all() {
    ask_lookup "${SOCKETS[1]}" 'John\n'
    ask_lookup "${SOCKETS[1]}" 'Adam\n'
    ask_lookup "${SOCKETS[1]}" 'Nobody Whatever\n'
    scrape
    assert_equal "$(figure 'lookup_requests_total{service="lookup",result="hit"}')" 2
    assert_equal "$(figure 'lookup_requests_total{service="lookup",result="miss"}')" 1
    assert_equal "$(figure 'lookup_requests_total{service="clock",result="hit"}')" 0
    assert_equal "$(figure 'lookup_answer_seconds_count{service="lookup"}')" 3
    assert_equal "$(figure 'lookup_answer_seconds_bucket{service="lookup",le="+Inf"}')" 3
    assert_equal "$(figure lookup_book_usable)" 1
    assert_equal "$(figure lookup_book_modified_timestamp_seconds)" "$(stat -c %Y "$BATS_FILE_TMPDIR/book.cdb")"
    assert_equal "$(figure lookup_book_size_bytes)" "$(stat -c %s "$BATS_FILE_TMPDIR/book.cdb")"
    assert_equal "$(figure lookup_book_entries)" "$(entries "$BATS_FILE_TMPDIR/book.cdb")"
    # Nothing of what was asked for.
    refute_output --regexp '[Nn][Oo][Bb][Oo][Dd][Yy]|[Jj][Oo][Hh][Nn]|C45|127\.0\.0\.1'
}

@test "without --metrics /metrics is not there, from server and handler" {
    start_server hello=tcp:127.0.0.1 --
    run -0 curl --silent -o /dev/null -w '%{http_code}' "http://${SOCKETS[0]#*:}/metrics"
    assert_output 404
    ask_on_pipe 'GET /metrics HTTP/1.0\r\n\r\n' "$BUILD/lookup-handler" hello
    [[ $output = 'HTTP/1.1 404 '* ]]
}

@test "requests, times and the book are told, by one process" {
    start_server hello=tcp:127.0.0.1 lookup=tcp:127.0.0.1 -- --metrics
    tells_of_all
    assert_equal "$(figure lookup_workers)" 1
    version=$("$BUILD/lookup-server" --version)
    assert_equal "$(figure "lookup_build_info{version=\"${version##* }\"}")" 1
    [ "$(figure lookup_start_time_seconds)" -le "$(date +%s)" ]
}

@test "... and of all workers, whichever of them is asked" {
    start_server hello=tcp:127.0.0.1 lookup=tcp:127.0.0.1 -- --metrics --workers 3
    tells_of_all
    assert_equal "$(figure lookup_workers)" 3
    for _ in {1..20}; do counts 'lookup_requests_total{service="lookup",result="hit"}' 2; done
}

@test "no figure goes back when a worker dies" {
    start_server hello=tcp:127.0.0.1 lookup=tcp:127.0.0.1 -- --metrics --workers 2
    tells_of_all
    accepted=$(figure lookup_connections_accepted_total)
    pkill -KILL -P "$(server_pid)"
    scrape
    assert_equal "$(figure 'lookup_requests_total{service="lookup",result="hit"}')" 2
    [ "$(figure lookup_connections_accepted_total)" -gt "$accepted" ]
    # Those of the dead are not open any more; the one that asks is.
    wait_for counts lookup_connections 1
}

@test "from inetd's wait, by --metrics alone" {
    start_server --inetd hello=tcp:127.0.0.1 -- --metrics hello
    scrape
    assert_equal "$(figure lookup_connections)" 1
}

@test "from systemd-socket-activate, sessions and datagrams too" {
    local port other
    port=$(free_port)
    other=$(free_port)
    PAGE=127.0.0.1:$port
    start_server_by_socket_activate "lookup=$other" "hello=$port" -- --metrics --session
    "$TALK" --tcp "127.0.0.1:$other" send:'John\nAdam\nnobody\n' close
    wait_for counts 'lookup_requests_total{service="lookup",result="miss"}' 1
    counts 'lookup_requests_total{service="lookup",result="hit"}' 2
}

@test "datagrams without an answer are counted" {
    start_server hello=tcp:127.0.0.1 lookup=udp:127.0.0.1 -- --metrics
    "$TALK" --udp "${SOCKETS[1]#udp:}" send:'UNKNOWN NAME: X\n' close
    "$TALK" --udp "${SOCKETS[1]#udp:}" send:'John\n' some
    wait_for counts lookup_datagrams_unanswered_total 1
    counts 'lookup_requests_total{service="lookup",result="hit"}' 1
}

@test "who is let go at the cap is counted" {
    # shellcheck disable=SC2034 # for start_server
    SERVER_UNDER=(sh -c 'ulimit -n 20; exec "$@"' sh)
    start_server hello=tcp:127.0.0.1 lookup=tcp:127.0.0.1 -- --metrics --timeout 600
    "$ROOT/tests/tools/siege.py" silent "${SOCKETS[1]}" 11
    scrape
    [ "$(figure lookup_connections_evicted_total)" -ge 1 ]
}

@test "a server without a book says so" {
    start_server hello=tcp:127.0.0.1 -- --metrics --book "$BATS_TEST_TMPDIR/none"
    counts lookup_book_usable 0
    refute_output --partial lookup_book_size_bytes
}

@test "the entries of any book are told: with words, without, of none, of another program" {
    local book=$BATS_TEST_TMPDIR/book.cdb source=$BATS_TEST_TMPDIR/book.txt
    start_server hello=tcp:127.0.0.1 -- --metrics --book "$book"
    seq -f 'Ann %.0f = A1' 1000 >"$source"
    "$BUILD/lookup-book" compile "$source" "$book"
    counts lookup_book_entries 1000
    { cat "$source"; echo 'José = A1'; } | "$BUILD/lookup-book" compile --exact-only --format plain - "$book"
    counts lookup_book_entries 1001
    "$BUILD/lookup-book" compile --force --format plain /dev/null "$book"
    counts lookup_book_entries 0
    printf '+3,2:ANN->A1\n+3,2:EVE->A2\n\n' | cdb -c "$book"
    counts lookup_book_entries 2
}

@test "HEAD, OPTIONS and other methods, as of other paths" {
    start_server hello=tcp:127.0.0.1 -- --metrics
    run -0 curl --silent --head "http://${SOCKETS[0]#*:}/metrics"
    assert_output --partial 'Content-Type: text/plain; version=0.0.4; charset=utf-8'
    run -0 curl --silent -X OPTIONS -o /dev/null -w '%{http_code}' "http://${SOCKETS[0]#*:}/metrics"
    assert_output 200
    run -0 curl --silent -X POST -o /dev/null -w '%{http_code}' "http://${SOCKETS[0]#*:}/metrics"
    assert_output 405
}

@test "promtool finds nothing to say against it" {
    local promtool=$BUILD/prometheus/usr/bin/promtool
    [ -x "$promtool" ] || unavailable "promtool is not unpacked in $BUILD"
    start_server hello=tcp:127.0.0.1 lookup=tcp:127.0.0.1 -- --metrics --workers 2
    ask_lookup "${SOCKETS[1]}" 'John\n'
    scrape
    run -0 "$promtool" check metrics <<<"$output"
    assert_output ''
}
