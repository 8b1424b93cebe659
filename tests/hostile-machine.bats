#!/usr/bin/env bats
# bats file_tags=native,first
# Clients who mean harm, and a machine that lacks something, by the shipped units under a real systemd and the shipped files
# under a real xinetd. One boot for all; each test leaves it as it found it: installed, no socket of ours active.
# shellcheck disable=SC2016 # what is in single quotes is for the machine's shells

load lib
load machine

VANDALS=/src/tests/tools/vandals.py
SOCKETS=(lookup.socket clock.socket hello.socket)
SERVER_SOCKETS=(lookup-server.socket clock-server.socket hello-server.socket)
JOURNALD=(systemd-journald.socket systemd-journald-dev-log.socket systemd-journald.service)

setup_file() {
    need xinetd || return 0
    boot_machine || return 0
    in_machine make -s -C /src install
}

teardown_file() {
    poweroff_machine
}

teardown() {
    [ -n "${MACHINE_PID:-}" ] || return 0
    in_machine systemctl start "${JOURNALD[@]}" 2>/dev/null
    in_machine systemctl stop xinetd lookup-server.service "${SOCKETS[@]}" "${SERVER_SOCKETS[@]}" 2>/dev/null
    if in_machine test -e /var/lib/lookup/kept; then in_machine mv /var/lib/lookup/kept /var/lib/lookup/book.cdb; fi
    in_machine sh -c 'rm -rf /run/systemd/system/*@.service.d /run/systemd/system/lookup-server.service.d /etc/lookup/lookup.env'
    in_machine systemctl daemon-reload
}

# ask NAME [OPTION...]
ask() {
    in_machine lookup -w 60 "${@:2}" "$1"
}

no_journal() {
    run -3 in_machine systemctl is-active "${JOURNALD[@]}"
}

no_instance() {
    [ -z "$(in_machine systemctl list-units --all --plain --no-legend 'lookup@*' 'lookup-unix@*' 'clock@*' 'hello@*')" ]
}

# Each handler of hello that is flooded waits 100 s for its client. After the 10 s that are shipped, the first of those who hold
# their connection would be told so, before a busy machine has started as many handlers as are allowed.
start_hello() {
    echo 'LOOKUP_OPTIONS=--timeout 100' | in_machine tee /etc/lookup/lookup.env >/dev/null
    in_machine systemctl start hello.socket
}

start_xinetd() {
    in_machine sed -i 's/\(server_args *= \)hello$/\1--timeout 100 hello/' /etc/xinetd.d/hello
    in_machine sed -i 's/\(disable *= \)yes/\1no/' /etc/xinetd.d/lookup /etc/xinetd.d/clock /etc/xinetd.d/hello
    in_machine sh -c 'printf "includedir /etc/xinetd.d\n" >/etc/xinetd.conf'
    in_machine systemd-run --quiet --collect --unit=xinetd xinetd -dontfork -f /etc/xinetd.conf
    wait_for in_machine nc -z 127.0.0.1 8080
}

DROPPED="b''" ANSWERED="b'HTTP/1.1 200 OK'" OFFICE="b'C45\\n'"
ONE_ADDRESS=(127.0.0.1) EIGHT_ADDRESSES=(127.0.0.1 127.0.0.{3..9})

# flooded HOW PLACE CROWD OTHER ADDRESS...: by 400 clients at these addresses, HOW as vandals.py has it, who get what CROWD says,
# while one at another address gets what OTHER says, a regular expression. 3 s after the end one of theirs is answered.
flooded() {
    # A tester who was not given the time to ask has measured himself.
    for _ in {1..10}; do
        run -0 --separate-stderr in_machine "$VANDALS" "$1" "$2" 400 3 127.0.0.2 "${@:5}"
        echo "$stderr"
        assert_line --index 0 "crowd: $3"
        assert_line --index 1 --regexp "^other: ($4)\$"
        [ "${lines[2]}" != recovered ] || break
    done
    assert_line --index 2 recovered
}

# greedy_flood: more from one address than is allowed to one.
greedy_flood() {
    flooded flood hello=tcp:127.0.0.1:8080 "$DROPPED $ANSWERED" "$ANSWERED" "${ONE_ADDRESS[@]}"
}

# joint_flood: from none more than that, and in all more than is allowed; then others may be dropped, too.
joint_flood() {
    flooded flood hello=tcp:127.0.0.1:8080 "$DROPPED $ANSWERED" '.*' "${EIGHT_ADDRESSES[@]}"
}

only_the_socket_is_left() {
    wait_for no_instance
    run -0 in_machine systemctl is-active hello.socket
    run ! in_machine systemctl is-failed 'hello@*'
}

@test "a greedy client of a socket unit: he is dropped, who is another is served" {
    start_hello
    greedy_flood
    only_the_socket_is_left
}

@test "a flood beyond MaxConnections=: all is well within 3 s of its end" {
    start_hello
    joint_flood
    only_the_socket_is_left
}

@test "a greedy client of xinetd: he is dropped, who is another is served" {
    start_xinetd
    greedy_flood
}

@test "a flood beyond instances of xinetd: all is well within 3 s of its end" {
    start_xinetd
    joint_flood
}

@test "a flood of lookup-server: all are served" {
    in_machine systemctl start lookup-server.socket
    flooded pour lookup=tcp:127.0.0.1:8084 "$OFFICE" "${OFFICE//\\/\\\\}" "${ONE_ADDRESS[@]}"
    assert_equal "$(in_machine systemctl show -p NRestarts --value lookup-server.service)" 0
}

@test "slow-loris on every port" {
    local service
    for service in lookup clock hello; do
        in_machine mkdir -p "/run/systemd/system/$service@.service.d"
        printf '[Service]\nExecStart=\nExecStart=/usr/local/libexec/lookup/lookup-handler --timeout 2 %s\n' "$service" |
            in_machine tee "/run/systemd/system/$service@.service.d/test.conf" >/dev/null
    done
    in_machine systemctl daemon-reload
    in_machine systemctl start "${SOCKETS[@]}"
    local deadline=$((SECONDS + 300))
    while run in_machine "$VANDALS" loris 2 lookup=tcp:127.0.0.1:8084 clock=tcp:127.0.0.1:8085 hello=tcp:127.0.0.1:8080 &&
        [ "$status" = 75 ] && [ "$SECONDS" -lt "$deadline" ]; do :; done
    assert_output 'clock: ERROR: request timed out
hello: HTTP/1.1 408 Request Timeout
lookup: ERROR: request timed out
others answered'
    wait_for no_instance
}

@test "a port scan of every port: no instance and no failure is left, all answer" {
    local port
    in_machine systemctl start "${SOCKETS[@]}"
    for port in 8084 8085 8080; do
        in_machine "$VANDALS" scan "tcp:127.0.0.1:$port" 1000
    done
    wait_for no_instance
    run -0 in_machine systemctl is-active "${SOCKETS[@]}"
    run -0 ask John
    assert_output C45
    run -0 ask Date -s clock
    assert_output --regexp '^[0-9]{4}-'
    run -0 in_machine curl --silent --show-error --fail http://127.0.0.1:8080/
    in_machine journalctl --sync
    run -1 in_machine sh -c 'journalctl --quiet -o cat -t lookup-handler -p err | grep .'
}

@test "the journal gone, and /dev/log with it: all is answered as ever, by handlers" {
    in_machine systemctl start "${SOCKETS[@]}"
    in_machine systemctl stop "${JOURNALD[@]}" 2>/dev/null
    run -0 ask John
    assert_output C45
    run -0 ask Date -s clock
    assert_output --regexp '^[0-9]{4}-'
    in_machine mv /var/lib/lookup/book.cdb /var/lib/lookup/kept
    run -2 ask John
    assert_output 'ERROR: address book unavailable'
    wait_for no_instance
    no_journal
}

@test "the journal gone under a lookup-server that has much to say: all is answered as ever, and it stays" {
    in_machine mkdir -p /run/systemd/system/lookup-server.service.d
    printf '[Service]\nExecStart=\nExecStart=/usr/local/libexec/lookup/lookup-server --verbose\n' |
        in_machine tee /run/systemd/system/lookup-server.service.d/test.conf >/dev/null
    in_machine systemctl daemon-reload
    in_machine systemctl start lookup-server.socket
    run -0 ask John
    assert_output C45
    in_machine systemctl stop "${JOURNALD[@]}" 2>/dev/null
    in_machine sh -c 'echo nonsense >/run/book && cp -a /var/lib/lookup/book.cdb /var/lib/lookup/kept &&
        mv /run/book /var/lib/lookup/book.cdb'
    for _ in {1..20}; do
        run -0 ask John
        assert_output C45
    done
    no_journal
    assert_equal "$(in_machine systemctl show -p NRestarts --value lookup-server.service)" 0
    # And heard again when it is back: its next start at the latest, since it can connect no socket.
    in_machine systemctl start "${JOURNALD[@]}"
    in_machine mv /var/lib/lookup/kept /var/lib/lookup/book.cdb
    in_machine systemctl restart lookup-server.service
    run -0 ask Adam
    in_machine journalctl --sync
    run -0 in_machine journalctl --quiet -o cat LOOKUP_REQUEST=ADAM
    assert_output --partial '"ADAM" hit'
    # Started while it is away.
    in_machine systemctl stop lookup-server.service "${JOURNALD[@]}" 2>/dev/null
    run -0 ask John
    assert_output C45
    no_journal
}
