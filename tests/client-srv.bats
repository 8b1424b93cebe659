#!/usr/bin/env bats
# Our own client, told the name of a service: its servers are those of the DNS.

# shellcheck disable=SC2016 # what is in single quotes is for inner shells

load lib
load client

setup_file() {
    need dnsmasq || return 0
    [ "$(id -u)" = 0 ] || unavailable 'another resolv.conf takes root' || return 0
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable 'a network of its own' || return 0
    local number
    for number in 1 2 3; do make_book "$BATS_FILE_TMPDIR/$number.cdb" <<<"John = C$number"; done
    echo 'nameserver 127.0.0.1' >"$BATS_FILE_TMPDIR/resolv.conf"
    ip link set lo up
}

SERVICE=_lookup._tcp.example.org

# setup and teardown: as the client's, with these.
eval "$(declare -f setup | sed '1s/setup/client_setup/')"
eval "$(declare -f teardown | sed '1s/teardown/client_teardown/')"

setup() {
    skip_if_unavailable
    client_setup
    cd "$BATS_TEST_TMPDIR"
    BOOKS=()
    DNS=()
    local number
    for number in 1 2 3; do
        serve tcp:127.0.0.1 run "$BUILD/lookup-handler" --book "$BATS_FILE_TMPDIR/$number.cdb" lookup
        BOOKS[number]=$PORT
    done
    closed_port
    CLOSED=$PORT
}

teardown() {
    stop_background
    client_teardown
}

# dns RECORD...: a name server that has these, each HOST,PORT,PRIORITY,WEIGHT, and what DNS has more.
dns() {
    start_background dns.log dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --local=/org/ \
        --listen-address=127.0.0.1 --bind-interfaces --user=root --pid-file= --log-facility=- "${DNS[@]}" \
        --address=/books.example.org/127.0.0.1 "${@/#/--srv-host=$SERVICE,}" --srv-host=_none._tcp.example.org
    wait_for grep -q 'started' dns.log
}

# ask OPTION...: asks it.
ask() {
    "$ROOT/tests/tools/own-root" bash -c 'mount --bind "$1" /etc/resolv.conf && exec "${@:2}"' bash \
        "${RESOLV_CONF:-$BATS_FILE_TMPDIR/resolv.conf}" \
        timeout 60 "$BUILD/lookup" "$@"
}

@test "the lowest priority comes first, and if that server is gone the next" {
    dns "books.example.org,${BOOKS[1]},20,0" "books.example.org,${BOOKS[2]},10,0" "books.example.org,${BOOKS[3]},30,65535"
    run -0 ask -h $SERVICE John
    assert_output C2
    stop_background
    dns "books.example.org,${BOOKS[1]},20,0" "books.example.org,$CLOSED,10,0" "nowhere.example.org,${BOOKS[3]},5,0"
    run -0 ask -h $SERVICE John
    assert_output C1
    # And the next service or host.
    run -0 ask -h "_other._tcp.example.org,127.0.0.1:${BOOKS[3]}" John
    assert_output C3
}

@test "of one priority each gets its share" {
    local count
    dns "books.example.org,${BOOKS[1]},10,1" "books.example.org,${BOOKS[2]},10,1" "books.example.org,${BOOKS[3]},10,0"
    for ((count = 0; count < 64; count++)); do ask -h $SERVICE John; done | sort -u >seen
    run -0 grep -cx 'C[12]' seen
    assert_output 2
    stop_background
    dns "books.example.org,${BOOKS[1]},10,65535" "books.example.org,${BOOKS[2]},10,1"
    for ((count = 0; count < 20; count++)); do ask -h $SERVICE John; done >seen
    [ "$(grep -cx C1 seen)" -ge 15 ]
}

@test "a service that is not there, or has no server" {
    dns "books.example.org,${BOOKS[1]},10,0"
    run -2 ask -h _other._tcp.example.org John
    assert_output 'lookup: _other._tcp.example.org: Name or service not known'
    run -2 ask -h _none._tcp.example.org John
    assert_output 'lookup: _none._tcp.example.org: Name or service not known'
}

@test "a service whose servers are gone: its name, and no port that is not theirs" {
    dns "books.example.org,$CLOSED,10,0"
    run -2 ask -h "$SERVICE,127.0.0.1:$CLOSED" John
    assert_output "lookup: $SERVICE: Connection refused; 127.0.0.1 port $CLOSED: Connection refused"
}

@test "no name server answers: the deadline counts" {
    run -2 ask -w 0.3 -h $SERVICE John
    assert_output --regexp "^lookup: $SERVICE: (timed out|Temporary failure in name resolution)\$"
}

@test "a server whose name nobody resolves does not keep the others from being asked" {
    serve udp:127.0.0.1 silent
    DNS=("--server=/silent.example.org/127.0.0.1#$PORT")
    dns "silent.example.org,${BOOKS[3]},5,0" "books.example.org,${BOOKS[1]},20,0" "also.silent.example.org,${BOOKS[3]},30,0"
    run -0 ask -w 10 -h $SERVICE John
    assert_output C1
}

@test "the name of a server is whole: none of a domain that the resolver searches" {
    printf 'nameserver 127.0.0.1\nsearch branch.example.org\noptions ndots:5\n' >resolv.conf
    DNS=(--address=/books.example.org.branch.example.org/127.0.0.2 --address=/near.branch.example.org/127.0.0.2)
    dns "books.example.org,${BOOKS[1]},10,0" "near,${BOOKS[2]},5,0"
    RESOLV_CONF=$PWD/resolv.conf run -0 ask -h $SERVICE John
    assert_output C1
}

@test "of more than 16 servers the first ones count, wherever they stand in the answer" {
    local records=() number
    for number in {101..130}; do records+=("books.example.org,$CLOSED,$number,0"); done
    dns "books.example.org,${BOOKS[1]},10,0" "${records[@]}" "books.example.org,${BOOKS[2]},5,0"
    run -0 ask -h $SERVICE John
    assert_output C2
}

@test "a record that names no server is none among those that do" {
    DNS=("--srv-host=$SERVICE")
    dns "books.example.org,${BOOKS[1]},10,0"
    run -0 ask -h $SERVICE John
    assert_output C1
}

@test "-u: servers of a service, and several hosts, share one deadline" {
    local silent
    serve udp:127.0.0.1 silent
    silent=$PORT
    serve udp:127.0.0.1 echo
    dns "books.example.org,$silent,5,0" "nowhere.example.org,$PORT,6,0" "books.example.org,$CLOSED,7,0" "books.example.org,$PORT,10,0"
    run -0 ask -u -h $SERVICE John Ann
    assert_output $'<John>\n<Ann>'
    run -0 ask -u -h "127.0.0.1:$silent,_other._tcp.example.org,127.0.0.1:$CLOSED,$SERVICE" John Ann
    assert_output $'<John>\n<Ann>'
    run -2 ask -u -w 1 -h "127.0.0.1:$silent,127.0.0.1:$CLOSED,127.0.0.1:$silent" John
    assert_output "lookup: 127.0.0.1 port $silent: timed out; 127.0.0.1 port $CLOSED: Connection refused; 127.0.0.1 port $silent: timed out"
    # What is too long for a datagram comes by TCP from the same server.
    stop_background
    serve referred:127.0.0.1 size 4000
    dns "books.example.org,$silent,5,0" "books.example.org,$PORT,10,0"
    run -0 --separate-stderr ask -u -h $SERVICE John
    assert_equal "${#output} $stderr" '4000 '
}

@test "a service has its ports" {
    run -2 ask -h $SERVICE:8084 John
    assert_output "lookup: not HOST, HOST:PORT, [ADDRESS]:PORT or _SERVICE, up to 16, separated by commas: $SERVICE:8084; see --help"
    run -2 ask -p 8084 -h $SERVICE John
    assert_output --partial '-p, -h HOST:PORT'
}
