#!/usr/bin/env bats
# bats file_tags=first
# Datagrams: which are answered, from where, and which are not, though each is taken.
# shellcheck disable=SC2030,SC2031 # `run` sets output

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

@test "no answer to what may be an answer, nor to what is no request" {
    local kind text
    for kind in udp:127.0.0.1 "datagram:$BATS_TEST_TMPDIR/datagrams"; do
        start_server "lookup=$kind" --
        for text in 'UNKNOWN NAME: JOHN' 'UNKNOWN ' 'UNKNOWN OPTION: A\r\n' 'ERROR: empty request' 'ERROR: ' '' \
            '\n' '\0' ' \t\r\n' '\x01' 'John\x01' '\xFF' '{1025*a}' '{1025*a}\n' '{60000*a}' '{60000*\0}'; do
            from=127.0.0.1:$(free_port)
            [ "${kind%%:*}" = udp ] || from=$(mktemp -u -p "$BATS_TEST_TMPDIR")
            unanswered "$from" "$text"
        done
        for text in 'UNKNOWN' 'unknown name' 'ERROR:' ' ERROR: ' '{400*a}' 'John\n\xFF'; do
            from=127.0.0.1:$(free_port)
            [ "${kind%%:*}" = udp ] || from=$(mktemp -u -p "$BATS_TEST_TMPDIR")
            answered "$from" "$text"
        done
        assert_equal "$(server_starts)" 1
        stop_background
    done
}

# pointed_at_each_other SERVICE SERVICE TEXT [OPTION...]: TEXT forged from the second to the first; the packets that makes.
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
    assert_line --regexp '^1 packets: '
    pointed_at_each_other lookup lookup 'ERROR: '
    assert_line --regexp '^1 packets: '
}

# at_most COUNT [LEAST]: so many packets passed, and LEAST, or more than two: it was a loop.
at_most() {
    local count=${output%% packets*}
    echo "$output"
    [ "$count" -ge "${2:-3}" ] && [ "$count" -le "$1" ]
}

@test "two services pointed at each other stop, even if what each says is a name to the other" {
    need_root
    local options
    printf 'Ping = Pong\nPong = Ping\n' | make_book "$BATS_TEST_TMPDIR/book.cdb" 2>/dev/null
    for options in '--workers 1' '--workers 2'; do
        # shellcheck disable=SC2086 # two words
        pointed_at_each_other lookup lookup Ping --book "$BATS_TEST_TMPDIR/book.cdb" $options
        at_most 100
    done
}

@test "two servers whose books are each other's reverse stop, too" {
    need_root
    local first
    printf 'John = C45\n' | make_book "$BATS_TEST_TMPDIR/one.cdb" 2>/dev/null
    printf 'C45 = John\n' | make_book "$BATS_TEST_TMPDIR/other.cdb" 2>/dev/null
    start_server lookup=udp:127.0.0.1 -- --book "$BATS_TEST_TMPDIR/one.cdb"
    first=${SOCKETS[0]}
    start_server lookup=udp:127.0.0.1 -- --book "$BATS_TEST_TMPDIR/other.cdb"
    run -0 "$PACKETS" echoes "$first" "${SOCKETS[0]}" John
    at_most 100
}

@test "a stranger who answers whatever comes is answered no more after a while" {
    need_root
    need xinetd coap-server-notls in.tftpd
    local port chargen tftp config=$BATS_TEST_TMPDIR/xinetd.conf
    chargen=$(free_port)
    tftp=$(free_port)
    cat >"$config" <<END
service chargen
{
    protocol = udp
    socket_type = dgram
    wait = yes
    user = root
    bind = 127.0.0.1
    type = INTERNAL UNLISTED
    id = chargen-dgram
    port = $chargen
}
service tftp
{
    protocol = udp
    socket_type = dgram
    wait = yes
    user = root
    bind = 127.0.0.1
    type = UNLISTED
    server = $(command -v in.tftpd)
    server_args = -4 --timeout 5 $BATS_TEST_TMPDIR
    port = $tftp
}
END
    run_xinetd "$chargen" "$config" udp
    wait_for has_datagrams "127.0.0.1:$tftp"
    start_server lookup=udp:127.0.0.1 --
    run -0 "$PACKETS" echoes "${SOCKETS[0]}" "udp:127.0.0.1:$chargen" John --stranger 3
    at_most 100
    # TFTP and CoAP may say nothing to an answer. So each is asked, too, what it does answer: it is there.
    run -0 "$PACKETS" echoes "${SOCKETS[0]}" "udp:127.0.0.1:$tftp" John --stranger 2
    at_most 100 2
    run curl --silent --max-time 60 "tftp://127.0.0.1:$tftp/nothing"
    [[ $status = 6[89] ]] # there is no such file, or it is not allowed
    port=$(free_port)
    super_server_of_datagrams coap "$port" coap-server-notls -A 127.0.0.1 -p "$port"
    run -0 "$PACKETS" echoes "${SOCKETS[0]}" "udp:127.0.0.1:$port" John --stranger 2
    at_most 100 2
    run -0 "$TALK" --udp "127.0.0.1:$port" send:'\x40\0AB' some
    [ -n "$output" ]
    run -0 "$PACKETS" echoes "${SOCKETS[0]}" "udp:127.0.0.1:$port" '\x01' --stranger 1
    assert_line --regexp '^1 packets: '
}

@test "no answer is over 512 bytes" {
    local kind way pad='{200* }'
    {
        printf 'Fits = %0512d\nOver = %0513d\n' 0 0
        printf 'Ends = %0511d\nEnds over = %0512d\n' 0 0
    } | make_book "$BATS_TEST_TMPDIR/book.cdb" 2>/dev/null
    for kind in udp:127.0.0.1 "datagram:$BATS_TEST_TMPDIR/datagrams"; do
        start_server "lookup=$kind" -- --book "$BATS_TEST_TMPDIR/book.cdb"
        way=("--${SOCKETS[0]%%:*}" "${SOCKETS[0]#*:}")
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:"Fits$pad" some
        assert_output "$(printf %0512d 0)"
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:"Over$pad" some
        assert_output 'ERROR: answer too long, ask by TCP'
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:"Ends$pad\n" some
        assert_output "$(printf %0511d 0)"$'\n'
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:"Ends over$pad\r\n" some
        assert_output $'ERROR: answer too long, ask by TCP\r\n'
        run -0 --keep-empty-lines "$TALK" "${way[@]}" send:'{400*a}\xC3\xA9{300*b}\n' some
        assert_output $'ERROR: answer too long, ask by TCP\n'
        stop_background
    done
}

@test "by UDP an answer is at most three times its request, headers and all, whatever is asked" {
    run -0 "$ROOT/tests/tools/amplified.py" source
    make_book "$BATS_TEST_TMPDIR/book.cdb" <<<"$output" 2>/dev/null
    start_server lookup=udp:127.0.0.1 'lookup=udp:[::1]' 'lookup=udp:[::]' -- --book "$BATS_TEST_TMPDIR/book.cdb" --rate 0
    run -0 "$ROOT/tests/tools/amplified.py" ask "${SOCKETS[@]}"
    assert_output --regexp '^[1-9][0-9]{3,} requests of 454 names, at most (2\.[0-9]{2}|3\.00) times as much; [1-9][0-9]+ to be asked by TCP, 0 when padded$'
}

@test "40 clients who ask 1,000 times a second together lose nothing" {
    start_server lookup=udp:127.0.0.1 --
    run -0 "$PACKETS" paced "${SOCKETS[0]}" 40 25 4
    assert_output '4000 of 4000 answered'
}

@test "a network that asks more than it may is answered as often as it may" {
    need_root
    start_server lookup=udp:0.0.0.0 -- --rate 200
    run -0 "$PACKETS" flood "${SOCKETS[0]}" 4000 127.5.5
    assert_output 'as often as 200 a second allow'
    # Another one is answered all the time.
    run -0 "$PACKETS" address "${SOCKETS[0]}" 127.0.0.1
    assert_line --partial C45
    run -0 "$PACKETS" flood "${SOCKETS[0]}" 4000 127.5.6
    assert_output 'as often as 200 a second allow'
}

@test "what a peer asks beyond its rate is not even looked up" {
    start_server lookup=udp:127.0.0.1 -- --rate 40 --verbose
    SECONDS=0
    run -0 "$PACKETS" eager "${SOCKETS[0]}" 1000
    run -0 grep -c '"JOHN" hit$' "$ACTIVATION_LOG"
    # Those of a batch are looked up before the first of them is counted; and 40 more in each second.
    [ "$output" -ge 40 ] && [ "$output" -lt $((150 + 40 * SECONDS)) ]
}

@test "--rate takes 0 to 1000000" {
    local value
    for value in -1 x 1000001 1e3 ' 1' 99999999999999999999; do
        run -64 "$BUILD/lookup-server" --rate "$value" lookup
        assert_output --partial '--rate takes 0 to 1000000'
    done
}

@test "what came before the server ran is answered from the address that was asked, too" {
    local host options
    for host in 127.0.0.2 127.9.9.9; do
        for options in '--workers 1' '--workers 2'; do
            # shellcheck disable=SC2086 # two words
            start_server 'lookup=udp:0.0.0.0' -- $options
            run -0 "$PACKETS" address "${SOCKETS[0]}" "$host"
            assert_output "C45 from $host its port"
            stop_background
        done
    done
}

has_link_local() {
    ip -6 address show dev "$1" scope link | grep inet6 | grep -qv tentative
}

@test "nobody is answered who asks all that hear: broadcast and multicast" {
    need_root
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable "this takes a network of its own"
    # An interface with a neighbour, who says nothing.
    ip link add many type veth peer name few
    ip address add 10.9.8.1/24 broadcast 10.9.8.255 dev many
    ip link set few up
    ip link set many up
    ip route add 224.0.0.0/4 dev many
    wait_for has_link_local many
    # First what is queued before the server runs, then while it does.
    local host socket
    for socket in 'udp:0.0.0.0 10.9.8.255' 'udp:0.0.0.0 255.255.255.255%many' 'udp:0.0.0.0 127.255.255.255' 'udp:0.0.0.0 224.0.0.251' \
        'udp:[::] ff02::1%many' 'udp:[::] 10.9.8.255' 'udp:[::] 224.0.0.251'; do
        start_server "lookup=${socket% *}" --
        run -0 "$PACKETS" all "${SOCKETS[0]}" "${socket#* }"
        assert_output '0 of 2 answered'
        # It was heard: as a request that came to an address of this machine's, it would have been answered.
        for host in 10.9.8.1 127.0.0.1; do
            run -0 "$PACKETS" all "${SOCKETS[0]}" "$host"
            assert_output '2 of 2 answered'
        done
        stop_background
    done
    ip link del many
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
