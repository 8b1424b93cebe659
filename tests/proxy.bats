#!/usr/bin/env bats
# lookup-server behind a proxy: the header that says whose connection it hands on (the PROXY protocol).

load lib
load activation

# v2 COMMAND FAMILY LENGTH ADDRESSES: a header of version 2, each in the escapes that talk.py knows.
v2() {
    printf '%s' '\r\n\r\n\0\r\nQUIT\n' "$@"
}

TCP4=$(v2 '\x21' '\x11' '\0\x0C' '\xC0\0\x02\x07\x0A\0\0\x01' '\x30\x39\x1F\x94')
TCP6=$(v2 '\x21' '\x21' '\0\x24' '\x20\x01\x0D\xB8{11*\0}\x01' '{15*\0}\x01' '\x30\x39\x1F\x94')
LOCAL=$(v2 '\x20' '\0' '\0\0')

setup_file() {
    make_book
}

teardown() {
    stop_background
}

# proxied [OPTION...]: a server to which this machine is a proxy.
proxied() {
    start_server lookup=tcp:127.0.0.1 -- --proxy-from 127.0.0.0/8 --timeout 600 --verbose "$@"
}

# says HEADER ANSWER: so it does to a request behind it, whether both come as one or each byte alone.
says() {
    local header=$1 answer=$2
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"${header}John\\n" rest
    assert_output "$answer"
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" trickle:0:"$header" send:'John\n' rest
    assert_output "$answer"
}

# closes BYTES: it does not answer, but close, however much longer the client would wait.
closes() {
    run --separate-stderr "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$1" rest
    assert_output ''
    [ "$status" = 0 ] || [ "$status" = 99 ] # a reset is as good
}

logged() {
    sed -n 's/^lookup-server: //p' "$ACTIVATION_LOG"
}

has_logged() {
    [ "$(logged)" = "$1" ]
}

@test "whose connection it is, in both versions and families" {
    proxied
    says 'PROXY TCP4 192.0.2.7 10.0.0.1 12345 8084\r\n' C45
    says 'PROXY TCP6 2001:db8::1 ::1 0 65535\r\n' C45
    says "$TCP4" C45
    says "$TCP6" C45
    run -0 logged
    assert_output "$(for peer in 192.0.2.7 2001:db8::1 192.0.2.7 2001:db8::1; do
        printf '%s "JOHN" hit\n%s "JOHN" hit\n' $peer $peer; done)"
}

@test "nginx names its own address, in whatever family that is" {
    proxied
    says 'PROXY TCP6 2001:db8::1 192.0.2.1 51512 22\r\n' C45
    says 'PROXY TCP4 192.0.2.7 2001:db8::2 51512 22\r\n' C45
    run -0 logged
    assert_output "$(for peer in 2001:db8::1 192.0.2.7; do printf '%s "JOHN" hit\n%s "JOHN" hit\n' $peer $peer; done)"
}

@test "a client of IPv4 is one client, whether the proxy's socket is of IPv4 or IPv6" {
    proxied
    says 'PROXY TCP6 ::ffff:192.0.2.7 ::ffff:192.0.2.1 53740 10001\r\n' C45
    says "$(v2 '\x21' '\x21' '\0\x24' '{10*\0}\xFF\xFF\xC0\0\x02\x07{15*\0}\x01' '\x30\x39\x1F\x94')" C45
    run -0 logged
    assert_output "$(for _ in {1..4}; do echo '192.0.2.7 "JOHN" hit'; done)"
}

@test "who is not said is the proxy: a health check, a client of another kind" {
    local header
    proxied
    for header in "$LOCAL" "$(v2 '\x20' '\xFF' '\0\x05' 12345)" "$(v2 '\x21' '\0' '\0\0')" 'PROXY UNKNOWN\r\n' \
        'PROXY UNKNOWN {91*x}\r\n' "$(v2 '\x21' '\x31' '\0\xD8' '{216*x}')" "$(v2 '\x21' '\x12' '\0\x0C' '{12*x}')"; do
        says "$header" C45
    done
    run -0 logged
    assert_output "$(for _ in {1..14}; do echo '127.0.0.1 "JOHN" hit'; done)"
}

@test "what more there is in a header is passed over, however much: a client's certificate, and more" {
    local length header
    proxied
    says "$(v2 '\x21' '\x11' '\x02\x09' '\xC0\0\x02\x07{517*\n}')" C45
    for length in 4096 65535; do
        header=$(printf '\\x%02X\\x%02X' $((length / 256)) $((length % 256)))
        run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$(v2 '\x20' '\0' "$header" "{$length*\\n}")John\\n" rest
        assert_output C45
        run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$(v2 '\x21' '\x11' "$header" "\\xC0\\0\\x02\\x07{$((length - 4))*\\n}")John\\n" rest
        assert_output C45
    done
    run -0 logged
    assert_output "$(for peer in 192.0.2.7 192.0.2.7 127.0.0.1 192.0.2.7 127.0.0.1 192.0.2.7; do echo "$peer \"JOHN\" hit"; done)"
    # Half of it is no header, and nobody's but the proxy's.
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$(v2 '\x21' '\x11' '\x10\x00' '\xC0\0\x02\x07{4091*\n}')" end rest
    assert_output ''
    assert_equal "$(logged | tail -n 1)" '127.0.0.1 "" no-proxy-header'
}

@test "no connection, and none but a header, is anybody's fault: nothing is said" {
    proxied
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" close
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" end rest
    assert_output ''
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$LOCAL" close
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$LOCAL" end rest
    assert_output ''
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$TCP4" end rest
    assert_output ''
    says "$TCP4" C45
    run -0 logged
    assert_output $'192.0.2.7 "JOHN" hit\n192.0.2.7 "JOHN" hit'
}

@test "what is no header closes the connection, at once, and counts as refused" {
    local header headers=(
        'John\n' 'GET / HTTP/1.1\r\n\r\n' 'proxy TCP4 192.0.2.7 10.0.0.1 1 2\r\n' 'PROXY\r\n' 'PROXY \r\n' 'PROXY TCP4\r\n'
        'PROXY TCP5 192.0.2.7 10.0.0.1 1 2\r\n' 'PROXY TCP4 192.0.2.7 10.0.0.1 1 2\n' 'PROXY TCP4 192.0.2.7 10.0.0.1 1 2 \r\n'
        'PROXY TCP4 192.0.2.7 10.0.0.1 1\r\n' 'PROXY TCP4 192.0.2.7 10.0.0.1 1 2 3\r\n' 'PROXY TCP4  192.0.2.7 10.0.0.1 1 2\r\n'
        'PROXY TCP4 192.0.2.07 10.0.0.1 1 2\r\n' 'PROXY TCP4 192.0.2 10.0.0.1 1 2\r\n' 'PROXY TCP4 192.0.2.7\0 10.0.0.1 1 2\r\n'
        'PROXY TCP4 2001:db8::1 ::1 1 2\r\n' 'PROXY TCP6 192.0.2.7 10.0.0.1 1 2\r\n' 'PROXY TCP4 192.0.2.7 x 1 2\r\n'
        'PROXY TCP4 192.0.2.7 10.0.0.1 01 2\r\n' 'PROXY TCP4 192.0.2.7 10.0.0.1 65536 2\r\n' 'PROXY TCP4 192.0.2.7 10.0.0.1 1 -2\r\n'
        'PROXY UNKNOWNx\r\n' 'PROXY UNKNOWN {92*x}\r\n' 'PROXY {101*x}'
        '\r\n\r\n\0\r\nQUIT\r' "$(v2 '\x11')" "$(v2 '\x22')" "$(v2 '\x21' '\x41' '\0\0')" "$(v2 '\x21' '\x13' '\0\x0C')"
        "$(v2 '\x21' '\x11' '\0\x0B')" "$(v2 '\x21' '\x21' '\0\x23')" "$(v2 '\x21' '\x31' '\0\xD7')"
    )
    proxied
    for header in "${headers[@]}"; do
        closes "$header"
    done
    assert_equal "$(logged | grep -c '^127\.0\.0\.1 ".*" no-proxy-header$')" ${#headers[@]}
    assert_equal "$(logged | wc -l)" ${#headers[@]}
    # Nor is half of one a header.
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:'PROXY TCP4 192.0.2.7' end rest
    assert_output ''
    assert_equal "$(logged | tail -n 1)" '127.0.0.1 "PROXY TCP4 192.0.2.7" no-proxy-header'
}

@test "from other networks it is a request like any other" {
    start_server lookup=tcp:127.0.0.1 -- --proxy-from 192.0.2.0/24,2001:db8::/32,::/0 --verbose
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:'PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r\nJohn\r\n' rest
    assert_output $'UNKNOWN NAME: PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r'
    run -0 logged
    assert_output '127.0.0.1 "PROXY TCP4 192.0.2.7 10.0.0.1 1 2" miss'
}

@test "a network of IPv4 is known by a socket of IPv6 too" {
    need_ipv6
    start_server 'lookup=tcp:[::]' -- --proxy-from 127.0.0.1 --verbose
    run -0 "$TALK" --tcp "127.0.0.1:${SOCKETS[0]##*:}" send:"${TCP6}John\\n" rest
    assert_output C45
    run -0 "$TALK" --tcp "[::1]:${SOCKETS[0]##*:}" send:'John\n' rest
    assert_output C45
    run -0 logged
    assert_output $'2001:db8::1 "JOHN" hit\n::1 "JOHN" hit'
}

@test "::/0 is everybody by IPv6 and nobody by IPv4, 0.0.0.0/0 the other way round" {
    local header='PROXY UNKNOWN\r\n' proxy other
    need_ipv6
    for proxy in ::1 127.0.0.1; do
        [ $proxy = ::1 ] && other=127.0.0.1 || other=::1
        start_server 'lookup=tcp:[::]' -- --proxy-from "$([ $proxy = ::1 ] && echo ::/0 || echo 0.0.0.0/0)"
        run -0 "$TALK" --tcp "[$proxy]:${SOCKETS[0]##*:}" send:"${header}John\n" rest
        assert_output C45
        run -0 "$TALK" --tcp "[$other]:${SOCKETS[0]##*:}" send:"$header" rest
        assert_output $'UNKNOWN NAME: PROXY UNKNOWN\r'
        stop_background
    done
}

@test "a network of IPv4 may be written in IPv6, as other programs print it" {
    local network
    for network in ::ffff:127.0.0.1 ::ffff:127.0.0.0/104 ::ffff:0:0/96; do
        start_server lookup=tcp:127.0.0.1 -- --proxy-from $network --verbose
        run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"${TCP4}John\\n" rest
        assert_output C45
        stop_background
    done
}

@test "one header a connection, however many requests: a session, pipelined" {
    proxied --session
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"${TCP4}John\\nDenise\\n" send:"${LOCAL}\\n" end rest
    assert_output --partial $'C45\nC44\nERROR: '
    run -0 logged
    assert_line --index 0 '192.0.2.7 "JOHN" hit'
    assert_line --index 1 '192.0.2.7 "DENISE" hit'
}

@test "the deadline has begun with the connection, and the silence of a half header is no request" {
    start_server lookup=tcp:127.0.0.1 -- --proxy-from 127.0.0.1 --timeout 1 --verbose
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:'PROXY TCP4 192.0.2.7' rest
    assert_output ''
    run -0 "$TALK" --tcp "${SOCKETS[0]#tcp:}" send:"$TCP4" rest
    assert_output ''
    run -0 logged
    assert_output ''
}

@test "places are the clients', not the proxy's: who takes all he can get takes none of another's" {
    proxied
    run -0 "$ROOT/tests/tools/hog.py" --proxied "${SOCKETS[0]}" 2000 "${SOCKETS[0]}" 192.0.2.7
    assert_output $'100 got b\'C45\\n\''
}

# refused LIST WHY
refused() {
    run -64 --separate-stderr "$BUILD/lookup-server" --proxy-from "$1" lookup </dev/null
    # shellcheck disable=SC2154 # `run` sets it
    assert_equal "$stderr" "lookup-server: --proxy-from takes networks such as 192.0.2.0/24: $2"
}

@test "what is no network" {
    refused 10.0.0.1, ' is not an address'
    refused localhost 'localhost is not an address'
    refused 10.0.0 '10.0.0 is not an address'
    refused 10.0.0.1/8 '10.0.0.1/8 has bits set after its prefix'
    refused 2001:db8::1/64 '2001:db8::1/64 has bits set after its prefix'
    refused 10.0.0.0/33 '10.0.0.0/33 has an invalid prefix length'
    refused ::/129 '::/129 has an invalid prefix length'
    refused 10.0.0.0/ '10.0.0.0/ has an invalid prefix length'
    refused 10.0.0.0/08 '10.0.0.0/08 has an invalid prefix length'
    refused 10.0.0.0/8/8 '10.0.0.0/8/8 has an invalid prefix length'
    refused "$(printf '%0100d' 0)" "$(printf '%064d' 0) is not an address"
    refused "$(printf '10.0.0.0/8,%.0s' {1..64})::1" '::1 is one too many: there can be 64'
    run -64 "$BUILD/lookup-server" --proxy-from 0.0.0.0/0 --proxy-from ::/0,192.0.2.1/32,192.0.2.0/25 lookup </dev/null
    assert_output 'lookup-server: descriptor 0 (lookup) is not a socket'
}
