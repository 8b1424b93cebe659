#!/usr/bin/env bats
# bats file_tags=native,first
# lookup-server keeps nothing that it has done with: no memory, no descriptor.

load lib
load activation

setup_file() {
    make_book
}

teardown() {
    stop_background
}

# under_valgrind SOCKET... -- [OPTION...]
under_valgrind() {
    need valgrind
    # Valgrind makes system calls of its own.
    BUILD=$BUILD/unconfined
    # shellcheck disable=SC2034 # for start_server
    SERVER_UNDER=(valgrind --quiet --error-exitcode=99 --leak-check=full --track-fds=yes
        "--log-file=$BATS_TEST_TMPDIR/valgrind.%p")
    start_server "$@"
}

# It leaves, and there is nothing to say of it.
ends_clean() {
    kill "$(server_pid)"
    wait_for server_ended '-?[0-9]+'
    cat "$BATS_TEST_TMPDIR"/valgrind.*
    server_ended 0
    run -1 grep -hE 'Invalid|uninitialised|lost' "$BATS_TEST_TMPDIR"/valgrind.*
    # What is open at the end was there at the start.
    run -0 awk '/Open (file|AF_)/ { opened++ } /inherited from parent/ { opened-- } END { exit opened != 0 }' \
        "$BATS_TEST_TMPDIR"/valgrind.*
}

golden() {
    run -0 "$GOLDEN" "$ROOT/tests/golden/$1.golden" "${@:2}"
    assert_line --regexp '^[1-9][0-9]+ cases, 0 wrong$'
}

status_of() {
    sed -n "s/^$1:[[:space:]]*\([0-9]*\).*/\1/p" "/proc/$(server_pid)/status"
}

descriptors() {
    local all=("/proc/$(server_pid)/fd"/*)
    echo "${#all[@]}"
}

# Connections that were still open when they were counted may be closed now.
has_descriptors() {
    [ "$(descriptors)" -le "$1" ]
}

# In kB, as its pages say: VmRSS is from counters of each processor, which are some pages off.
resident() {
    awk '/^Rss:/ { print $2 }' "/proc/$(server_pid)/smaps_rollup"
}

@test "valgrind: all services, on connections and by datagrams, a new book, SIGTERM" {
    local book=$BATS_TEST_TMPDIR/book.cdb where=() socket
    cp "$BATS_FILE_TMPDIR/book.cdb" "$book"
    under_valgrind lookup=tcp:127.0.0.1 clock=tcp:127.0.0.1 hello=tcp:127.0.0.1 lookup=udp:127.0.0.1 \
        "lookup=datagram:$BATS_TEST_TMPDIR/datagrams" -- --book "$book" --verbose
    for socket in "${SOCKETS[@]}"; do where+=("${socket#*:}"); done
    golden lookup --tcp "${where[0]}"
    golden clock --tcp "${where[1]}"
    golden hello --tcp "${where[2]}"
    cp "$BATS_FILE_TMPDIR/book.cdb" "$book.new"
    mv "$book.new" "$book"
    golden lookup --udp "${where[3]}"
    golden lookup --datagram "${where[4]}"
    ends_clean
}

@test "valgrind: sessions" {
    under_valgrind lookup=tcp:127.0.0.1 -- --session
    golden session --tcp "${SOCKETS[0]#tcp:}"
    run -0 "$ROOT/tests/tools/siege.py" queue "${SOCKETS[0]}" 50 true
    ends_clean
}

@test "valgrind: workers" {
    under_valgrind lookup=tcp:127.0.0.1 -- --workers 2
    golden lookup --tcp "${SOCKETS[0]#tcp:}"
    ends_clean
}

@test "a million requests: no more memory and no more descriptors than before" {
    local rss fds
    start_server lookup=tcp:127.0.0.1 -- --session
    run -0 "$ROOT/tests/tools/million.py" "${SOCKETS[0]}" 20000 1000
    assert_output '21000 answered'
    wait_for settled
    rss=$(resident)
    fds=$(descriptors)
    run -0 "$ROOT/tests/tools/million.py" "${SOCKETS[0]}" 1000000 20000
    assert_output '1020000 answered'
    wait_for settled
    wait_for has_descriptors "$fds"
    [ $(($(resident) - rss)) -lt 512 ]
    assert_equal "$(server_starts)" 1
}

# No connection is open at the server.
settled() {
    [ -z "$(ss -Htn state established state close-wait state fin-wait-2 "sport = ${SOCKETS[0]##*:}")" ]
}

@test "at the cap of connections a worker has less than 8 MB" {
    start_server lookup=tcp:127.0.0.1 -- --session --timeout 600
    run -0 "$ROOT/tests/tools/siege.py" silent "${SOCKETS[0]}" 1024
    run -0 "$ROOT/tests/tools/siege.py" greedy "${SOCKETS[0]}"
    # The most it has ever had, what is shared with others included.
    [ "$(status_of VmHWM)" -lt 8192 ]
}
