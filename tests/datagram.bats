#!/usr/bin/env bats
# Datagrams: which are answered, from where, and which are not, though each is taken.

load lib
load activation

PACKETS=$ROOT/tests/tools/packets.py

setup_file() {
    make_book
}

teardown() {
    stop_background
}

need_root() {
    [ "$(id -u)" = 0 ] || unavailable "this takes root"
}

# unanswered FROM TEXT: a datagram which nobody is to be told anything for.
unanswered() {
    run -0 "$PACKETS" unanswered "${SOCKETS[0]}" "$@"
    assert_output '0 answers'
}

# The same but for what is wrong with those is answered: their test can fail.
answered() {
    run -0 "$PACKETS" unanswered "${SOCKETS[0]}" "$@"
    assert_output '1 answers'
}

@test "the answer comes from the address that was asked" {
    start_server 'lookup=udp:0.0.0.0' --
    local host
    for host in 127.0.0.1 127.0.0.2 127.9.9.9; do
        run -0 "$PACKETS" address "${SOCKETS[0]}" "$host"
        assert_output "C45 from $host its port"
    done
}

@test "the same on a socket for both families" {
    need_ipv6
    start_server 'lookup=udp:[::]' --
    local host
    for host in 127.0.0.1 127.0.0.2 ::1; do
        run -0 "$PACKETS" address "${SOCKETS[0]}" "$host"
        assert_output "C45 from $host its port"
    done
}

@test "of two IPv6 addresses, the one that was asked" {
    need_root
    need_ipv6
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable "this takes a network of its own"
    ip -6 address add fd00::2/128 dev lo nodad
    start_server 'lookup=udp:[::]' --
    run -0 "$PACKETS" address "${SOCKETS[0]}" fd00::2
    ip -6 address del fd00::2/128 dev lo
    assert_output "C45 from fd00::2 its port"
}

@test "no answer to a port below 1024" {
    need_root
    start_server lookup=udp:127.0.0.1 --
    answered 127.0.0.1:1024 John
    unanswered 127.0.0.1:1023 John
    unanswered 127.0.0.1:7 John
    unanswered 127.0.0.1:0 John
    assert_equal "$(server_starts)" 1
}

@test "no answer to the service's own port, wherever that is" {
    start_server lookup=udp:127.0.0.1 --
    unanswered 127.0.0.3:own John
    assert_equal "$(server_starts)" 1
}

@test "no answer to what may be an answer, nor to nothing" {
    local kind text
    for kind in udp:127.0.0.1 "datagram:$BATS_TEST_TMPDIR/datagrams"; do
        start_server "lookup=$kind" --
        for text in 'UNKNOWN NAME: JOHN' 'UNKNOWN ' 'UNKNOWN OPTION: A\r\n' 'ERROR: empty request' 'ERROR: ' ''; do
            from=127.0.0.1:$(free_port)
            [ "${kind%%:*}" = udp ] || from=$(mktemp -u -p "$BATS_TEST_TMPDIR")
            unanswered "$from" "$text"
        done
        for text in 'UNKNOWN' 'unknown name' 'ERROR:' ' ERROR: ' '\n' '\0'; do
            from=127.0.0.1:$(free_port)
            [ "${kind%%:*}" = udp ] || from=$(mktemp -u -p "$BATS_TEST_TMPDIR")
            answered "$from" "$text"
        done
        assert_equal "$(server_starts)" 1
        stop_background
    done
}

# pointed_at_each_other SERVICE SERVICE TEXT [OPTION...]: after TEXT, at most MOST packets pass between them.
pointed_at_each_other() {
    start_server "$1=udp:127.0.0.1" "$2=udp:127.0.0.1" -- "${@:4}"
    run -0 "$PACKETS" echoes "${SOCKETS[0]}" "${SOCKETS[1]}" "$3"
    stop_background
}

@test "two services pointed at each other stop after one exchange" {
    need_root
    pointed_at_each_other lookup lookup John
    assert_output '3 packets: John C45 UNKNOWN NAME: C45'
    pointed_at_each_other lookup lookup nobody
    assert_output '2 packets: nobody UNKNOWN NAME: NOBODY'
    pointed_at_each_other lookup lookup '\x01'
    assert_line --regexp '^2 packets: '
    pointed_at_each_other lookup lookup 'ERROR: '
    assert_line --regexp '^1 packets: '
}

@test "two services pointed at each other stop, even if what one says is a name to the other" {
    need_root
    printf 'Ping = Pong\nPong = Ping\n' | make_book "$BATS_TEST_TMPDIR/book.cdb" 2>/dev/null
    pointed_at_each_other lookup lookup Ping --book "$BATS_TEST_TMPDIR/book.cdb"
    # The forged one, an exchange, and no more.
    assert_line --regexp '^[123] packets: '
}

@test "an answer over 512 bytes is replaced" {
    local kind
    {
        printf 'Fits = %0512d\nOver = %0513d\n' 0 0
        printf 'Ends = %0511d\nEnds over = %0512d\n' 0 0
    } | make_book "$BATS_TEST_TMPDIR/book.cdb" 2>/dev/null
    for kind in udp:127.0.0.1 "datagram:$BATS_TEST_TMPDIR/datagrams"; do
        start_server "lookup=$kind" -- --book "$BATS_TEST_TMPDIR/book.cdb"
        local way=("--${SOCKETS[0]%%:*}" "${SOCKETS[0]#*:}")
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:Fits some
        assert_output "$(printf %0512d 0)"
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:Over some
        assert_output 'ERROR: answer longer than 512 bytes'
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:'Ends\n' some
        assert_output "$(printf %0511d 0)"$'\n'
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:'Ends over\r\n' some
        assert_output $'ERROR: answer longer than 512 bytes\r\n'
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:'{400*a}\xC3\xA9{300*b}\n' some
        assert_output $'ERROR: answer longer than 512 bytes\n'
        stop_background
    done
}

@test "1,000 datagrams in one go, by one worker and by two" {
    need_root # for the room that they take
    local kind workers
    for kind in udp:127.0.0.1 "datagram:$BATS_TEST_TMPDIR/datagrams"; do
        for workers in 1 2; do
            start_server "lookup=$kind" -- --workers "$workers"
            run -0 "$PACKETS" burst "${SOCKETS[0]}" 1000
            assert_output '1000 answered'
            assert_equal "$(server_starts)" 1
            stop_background
            rm -f "$BATS_TEST_TMPDIR/datagrams"
        done
    done
}

@test "a Unix client without an address is taken note of by nobody" {
    start_server "lookup=datagram:$BATS_TEST_TMPDIR/datagrams" --
    unanswered - John
    unanswered - ''
    answered "$BATS_TEST_TMPDIR/client" John
    assert_equal "$(server_starts)" 1
}

@test "a client that never reads is in nobody's way" {
    local kind
    for kind in "datagram:$BATS_TEST_TMPDIR/datagrams" udp:127.0.0.1; do
        start_server "lookup=$kind" --
        run -0 "$PACKETS" deaf "${SOCKETS[0]}" 1000
        assert_output C45
        stop_background
    done
}

@test "a Unix client that is connected and never reads is in nobody's way once it has gone" {
    # While it is there the kernel counts its answers against the server's socket: a limit, see lookup-server(8).
    start_server "lookup=datagram:$BATS_TEST_TMPDIR/datagrams" --
    run -0 "$PACKETS" gone "${SOCKETS[0]}" 1000
    assert_output C45
}
