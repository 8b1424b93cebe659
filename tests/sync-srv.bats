#!/usr/bin/env bats
# bats file_tags=first
# lookup-sync, told a domain: its servers are those of the DNS, but none outside the domain.

# shellcheck disable=SC2016 # what is in single quotes is for inner shells

load lib
load directory

setup_file() {
    need_directory || return 0
    need dnsmasq || return 0
    [ "$(id -u)" = 0 ] || unavailable 'another resolv.conf takes root' || return 0
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable 'a network of its own' || return 0
    ip link set lo up
    export DIRECTORY=$BATS_FILE_TMPDIR PLAIN SECURE OTHER
    PLAIN=$(free_port) SECURE=$(free_port) OTHER=$(free_port)
    authority ca
    certificate good ca 2 DNS:ldap.example.org
    certificate other ca 2 DNS:ldap.elsewhere.org
    tls a good
    tls other other
    make_provider a 1 'access to * by * read'
    make_provider other 2 'access to * by * read'
    start_provider a "ldap://127.0.0.1:$PLAIN" "ldaps://127.0.0.1:$SECURE"
    start_provider other "ldap://127.0.0.1:$OTHER"
    person u1 John A1 "$SUFFIX" | change a
    person u1 John B2 "$SUFFIX" | change other
}

teardown_file() {
    stop_background
}

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    CLOSED=$(free_port)
    echo 'nameserver 127.0.0.1' >resolv.conf
    conf
}

teardown() {
    stop_background
}

# conf LINE...: sync.conf for the domain, with these lines more. SERVERS, if set, is instead of the domain.
conf() {
    printf '%s\n' "${SERVERS:-domain = example.org}" "base = $SUFFIX" "ca-file = $DIRECTORY/ca.pem" "book = $PWD/book.cdb" \
        "state = $PWD/state" "$@" >sync.conf
}

# dns RECORD...: a name server that has these, each SERVICE,HOST,PORT,PRIORITY,WEIGHT.
dns() {
    start_background dns.log dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --local=/org/ \
        --listen-address=127.0.0.1 --bind-interfaces --user=root --pid-file= --log-facility=- \
        --address=/example.org/127.0.0.1 --address=/elsewhere.org/127.0.0.1 --address=/evilexample.org/127.0.0.1 \
        --address=/branch.example.org/127.0.0.8 \
        "${@/#/--srv-host=}"
    wait_for grep -q 'started' dns.log
}

# silent_dns: at 127.0.0.9, a name server that reads questions and never answers.
silent_dns() {
    start_background silent.log socat -u udp-recv:53,bind=127.0.0.9 /dev/null
    wait_for is_bound 127.0.0.9:53
}

is_bound() {
    ss -Hunl "src = $1" | grep -q .
}

# fetch OPTION...: a run that asks this name server.
fetch() {
    fetch_for 60 "$@"
}

# fetch_for SECONDS OPTION...
fetch_for() {
    exec "$ROOT/tests/tools/own-root" bash -c 'mount --bind "$1" /etc/resolv.conf && exec "${@:2}"' bash \
        "$PWD/resolv.conf" timeout "$1" "$BUILD/lookup-sync" --config "$PWD/sync.conf" "${@:2}"
}

@test "servers in the DNS's order, by StartTLS" {
    dns "_ldap._tcp.example.org,ldap.example.org,$PLAIN,20,0" "_ldap._tcp.example.org,gone.example.org,$CLOSED,10,0"
    run -0 fetch
    assert_output --partial "ldap://gone.example.org:$CLOSED: Connection refused"
    answers John A1
}

@test "by ldaps, which is a service of its own" {
    conf 'tls = ldaps'
    dns "_ldaps._tcp.example.org,LDAP.Example.ORG,$SECURE,1,0" "_ldap._tcp.example.org,gone.example.org,$CLOSED,0,0"
    run -0 fetch
    refute_output --partial gone
    answers John A1
}

@test "a forged answer leads to no other organisation, whatever certificate that has" {
    dns "_ldap._tcp.example.org,ldap.elsewhere.org,$OTHER,1,0" "_ldap._tcp.example.org,ldap.evilexample.org,$OTHER,2,0"
    run -75 fetch
    assert_line "lookup-sync: _ldap._tcp.example.org: refused: ldap.elsewhere.org port $OTHER is no server of the domain"
    assert_line "lookup-sync: _ldap._tcp.example.org: refused: ldap.evilexample.org port $OTHER is no server of the domain"
    assert_line 'lookup-sync: example.org: the DNS names no server of the domain'
    assert [ ! -e book.cdb ]
}

@test "a forged address: the certificate is compared with the server's name" {
    dns "_ldap._tcp.example.org,ldap.example.org,$OTHER,1,0"
    run -75 fetch
    assert_output --partial "ldap://ldap.example.org:$OTHER: StartTLS"
    assert [ ! -e book.cdb ]
}

@test "a server that accepts the bind and then is silent for longer than the time to find one: the next is asked" {
    conf 'tls = ldaps' 'timeout = 32s'
    start_background mute.log "$ROOT/tests/tools/directory.py" "$CLOSED" mute "$DIRECTORY/good.pem" "$DIRECTORY/good.key"
    wait_for_listen "127.0.0.1:$CLOSED" mute.log
    dns "_ldaps._tcp.example.org,ldap.example.org,$CLOSED,10,0" "_ldaps._tcp.example.org,ldap.example.org,$SECURE,20,0"
    run -0 fetch
    assert_line --partial "ldaps://ldap.example.org:$CLOSED: connection"
    answers John A1
}

@test "nothing is kept: the next run asks the DNS again" {
    dns "_ldap._tcp.example.org,ldap.example.org,$PLAIN,1,0"
    run -0 fetch
    stop_background
    dns "_ldap._tcp.example.org,gone.example.org,$CLOSED,1,0"
    run -75 fetch
    assert_output "lookup-sync: ldap://gone.example.org:$CLOSED: Connection refused"
    answers John A1
}

@test "no such service, and no name server" {
    dns "_other._tcp.example.org,ldap.example.org,$PLAIN,1,0"
    run -75 fetch
    assert_output 'lookup-sync: example.org: Name or service not known'
    stop_background
    run -75 fetch
    assert_output --regexp '^lookup-sync: example.org: (asking the DNS timed out|Temporary failure in name resolution)$'
}

@test "a name server that never answers: the run ends, and says so" {
    printf '%s\n' 'nameserver 127.0.0.9' 'options timeout:30' >resolv.conf
    silent_dns
    run -75 fetch
    assert_output 'lookup-sync: example.org: asking the DNS timed out'
    SERVERS="uri = ldap://ldap.example.org:$PLAIN" conf
    run -75 fetch
    assert_output "lookup-sync: ldap://ldap.example.org:$PLAIN: resolving its name timed out"
}

@test "a name server that never answers, before one that does: a run takes longer than connecting may" {
    printf '%s\n' 'nameserver 127.0.0.9' 'nameserver 127.0.0.1' 'options timeout:4' >resolv.conf
    silent_dns
    dns
    SERVERS="uri = ldap://ldap.example.org:$PLAIN" conf
    run -0 fetch
    answers John A1
}

@test "the DNS's name of a server is whole: none of a domain that the resolver searches" {
    printf '%s\n' 'nameserver 127.0.0.1' 'search branch.example.org' 'options ndots:5' >resolv.conf
    dns "_ldap._tcp.example.org,ldap.example.org,$PLAIN,1,0"
    run -0 fetch
    answers John A1
}

# The second server begins as a copy of the first. Records that are refused are named once, until they change.
@test "--watch: a change is seen; when the server is gone, the records lead to another" {
    local second=$CLOSED dns_pid
    tls b good
    make_provider b 3 'access to * by * read'
    rm -r "$DIRECTORY/b/db" && mkdir "$DIRECTORY/b/db"
    slapcat -f "$DIRECTORY/a/slapd.conf" -b "$SUFFIX" | slapadd -q -w -f "$DIRECTORY/b/slapd.conf" -b "$SUFFIX"
    start_provider b "ldap://127.0.0.1:$second"
    dns "_ldap._tcp.example.org,ldap.example.org,$second,1,0" "_ldap._tcp.example.org,ldap.example.org,$PLAIN,2,0" \
        "_ldap._tcp.example.org,ldap.elsewhere.org,$OTHER,3,0"
    start_background watch.log fetch_for 300 --watch
    wait_for knows John A1
    room "uid=u1,$SUFFIX" A2 | change b
    wait_for knows John A2
    # Now the first is gone, and the DNS names others.
    dns_pid=$(tail -n 2 "$BATS_TEST_TMPDIR/background" | head -n 1)
    kill "$dns_pid"
    wait_for is_gone "$dns_pid"
    dns "_ldap._tcp.example.org,ldap.example.org,$second,1,0" "_ldap._tcp.example.org,ldap.example.org,$PLAIN,2,0" \
        "_ldap._tcp.example.org,ldap.elsewhere.org,$OTHER,3,0" "_ldap._tcp.example.org,ldap.evilexample.org,$OTHER,4,0"
    room "uid=u1,$SUFFIX" A3 | change a
    stop_provider b
    wait_for knows John A3
    room "uid=u1,$SUFFIX" A4 | change a
    wait_for knows John A4
    assert_equal "$(grep -c 'refused: ldap.elsewhere.org' watch.log)" 2
    assert_equal "$(grep -c 'refused: ldap.evilexample.org' watch.log)" 1
    refute grep -q 'confined\|shrink' watch.log
    room "uid=u1,$SUFFIX" A1 | change a
}
