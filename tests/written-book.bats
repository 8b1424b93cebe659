#!/usr/bin/env bats
# bats file_tags=first
# A book that is written on in place, which nobody should do: it is unusable at once, nobody is answered from bytes that changed,
# no process dies, and it is used again as soon as it is whole.
# shellcheck disable=SC2016,SC2154 # what is in single quotes is for inner shells; `run` sets stderr

load lib
load activation

setup_file() {
    # The names that bent.py asks for.
    "$BUILD/lookup-book" compile "$ROOT/src/book.txt" "$BATS_FILE_TMPDIR/book.cdb"
}

setup() {
    book=$BATS_TEST_TMPDIR/book.cdb
    cp "$BATS_FILE_TMPDIR/book.cdb" "$book"
}

teardown() {
    stop_background
}

# all_kinds [OPTION...]: a server on every kind of socket.
all_kinds() {
    start_server lookup=tcp:127.0.0.1 lookup=udp:127.0.0.1 "lookup=unix:$BATS_TEST_TMPDIR/stream" \
        "lookup=datagram:$BATS_TEST_TMPDIR/datagrams" -- --book "$book" --rate 0 "$@"
}

# answered ANSWER: John, on each of them.
answered() {
    local socket
    for socket in "${SOCKETS[@]}"; do
        run -0 timeout 60 "$TALK" "--${socket%%:*}" "${socket#*:}" send:'John{60* }\n' some
        assert_output "$1"
    done
}

@test "cut, emptied or zeroed: unavailable at once; whole again, by being written or replaced: used" {
    local vandal
    all_kinds
    answered C45
    for vandal in ': >"$1"' 'truncate -s 2048 "$1"' 'truncate -s 3000 "$1"' 'dd if=/dev/zero of="$1" bs=2048 count=1 conv=notrunc' \
        'dd if=/dev/zero of="$1" bs=16 seek=129 count=1 conv=notrunc' 'echo no book >"$1"' 'echo >>"$1"'; do
        bash -c "$vandal" bash "$book" 2>/dev/null
        answered 'ERROR: address book unavailable'
        cp "$BATS_FILE_TMPDIR/book.cdb" "$book"
        answered C45
        bash -c "$vandal" bash "$book" 2>/dev/null
        answered 'ERROR: address book unavailable'
        rm "$book"
        "$BUILD/lookup-book" compile "$ROOT/src/book.txt" "$book"
        answered C45
    done
    assert_equal "$(server_starts)" 1
}

@test "touched, linked or made readable for others it is used on" {
    all_kinds
    answered C45
    touch "$book"
    answered C45
    ln "$book" "$book.other"
    answered C45
    chmod 600 "$book"
    answered C45
    run -1 grep lookup-server: "$ACTIVATION_LOG"
}

@test "that it was changed in place is said once, however often it is" {
    all_kinds
    answered C45
    truncate -s 2048 "$book"
    answered 'ERROR: address book unavailable'
    truncate -s 2049 "$book"
    answered 'ERROR: address book unavailable'
    run -0 grep lookup-server: "$ACTIVATION_LOG"
    assert_output "lookup-server: address book $book: changed in place, and not a whole address book"
}

@test "wherever bytes are missing, zeroed or flipped" {
    local how
    start_server lookup=tcp:127.0.0.1 -- --session --timeout 600 --book "$book"
    for how in zero cut/7 flip/7; do
        run -0 "$ROOT/tests/tools/bent.py" "$BATS_FILE_TMPDIR/book.cdb" "$how" written "$book" "${SOCKETS[0]}"
        assert_output --regexp '^[1-9][0-9]+ unavailable$'
    done
    assert_equal "$(server_starts)" 1
}

# scribbled [OPTION...]
scribbled() {
    local count
    count=$(rounds 400)
    all_kinds "$@"
    run -0 "$ROOT/tests/tools/scribble.py" "$book" "$count" "${SOCKETS[@]}"
    assert_output "$((4 * count)) put right: right
$((4 * count)) put wrong: unavailable
meanwhile: as it should be"
    assert_equal "$(server_starts)" 1
    run -1 grep 'worker died' "$ACTIVATION_LOG"
}

@test "again and again while it is asked" {
    scribbled
}

@test "again and again while two workers are asked" {
    scribbled --workers 2
}

@test "under a handler in a session: unavailable from then on, said once, 78" {
    local vandal answer ended
    for vandal in ': >"$1"' 'truncate -s 2048 "$1"' 'dd if=/dev/zero of="$1" bs=16 seek=129 count=1 conv=notrunc'; do
        cp "$BATS_FILE_TMPDIR/book.cdb" "$book"
        coproc HANDLED { exec "$BUILD/lookup-handler" --session --book "$book" lookup 2>"$BATS_TEST_TMPDIR/said"; }
        local pid=$HANDLED_PID
        echo John >&"${HANDLED[1]}"
        read -rt 60 answer <&"${HANDLED[0]}"
        assert_equal "$answer" C45
        bash -c "$vandal" bash "$book" 2>/dev/null
        for _ in 1 2; do
            echo John >&"${HANDLED[1]}"
            read -rt 60 answer <&"${HANDLED[0]}"
            assert_equal "$answer" 'ERROR: address book unavailable'
        done
        eval "exec ${HANDLED[1]}>&-"
        ended=0
        wait "$pid" || ended=$?
        assert_equal "$ended" 78
        assert_equal "$(<"$BATS_TEST_TMPDIR/said")" "lookup-handler: address book $book is broken"
    done
}

@test "lookup-book whose book is cut while it lists it says so, and is not killed" {
    seq -f 'Name %.0f = A' 50000 | make_book "$book" 2>/dev/null
    # The pipe is full when the first line is there, and the rest of the book not yet read.
    run -78 --separate-stderr bash -c '
        { "$1" list "$2"; echo $? >"$2.status"; } | { head -n 1; truncate -s 4096 "$2"; cat >/dev/null; }
        exit "$(<"$2.status")"' bash "$BUILD/lookup-book" "$book"
    assert_output 'Name 1 = A'
    assert_equal "$stderr" "lookup-book: $book: changed in place while it was read"
}
