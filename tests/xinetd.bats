#!/usr/bin/env bats
# bats file_tags=native,first
# The shipped xinetd files, as `make install` puts them, under a real xinetd. One boot for all.
# shellcheck disable=SC2016 # what is in single quotes is for the machine's shells

load lib
load machine

setup_file() {
    need xinetd || return 0
    boot_machine || return 0
    in_machine make -s -C /src install
    # All of it is switched off as it comes.
    run ! in_machine grep -r '^ *disable *= no' /etc/xinetd.d
    [ "$(in_machine grep -lr '^ *disable *= yes' /etc/xinetd.d | wc -l)" = 5 ]
    in_machine sed -i 's/\(disable *= \)yes/\1no/' /etc/xinetd.d/lookup /etc/xinetd.d/clock /etc/xinetd.d/hello /etc/xinetd.d/lookup-udp
    in_machine sh -c 'printf "includedir /etc/xinetd.d\n" >/etc/xinetd.conf'
    start_xinetd
}

teardown_file() {
    poweroff_machine
}

teardown() {
    [ -n "${MACHINE_PID:-}" ] || return 0
    in_machine test -e /run/shipped || return 0
    stop_xinetd
    in_machine sh -c 'rm -r /etc/xinetd.d && mv /run/shipped /etc/xinetd.d'
    if in_machine test -e /run/book.cdb; then in_machine mv /run/book.cdb /var/lib/lookup; fi
    start_xinetd
}

start_xinetd() {
    in_machine systemd-run --quiet --unit=xinetd xinetd -dontfork -f /etc/xinetd.conf
    wait_for all_listen
}

stop_xinetd() {
    in_machine systemctl stop xinetd
    in_machine systemctl reset-failed xinetd 2>/dev/null || true
}

all_listen() {
    [ "$(in_machine ss -Hltn | wc -l)" -ge 6 ] && [ "$(in_machine ss -Hlun | wc -l)" -ge 2 ]
}

# with_servers FILE: in place of the file lookup this one is enabled, if it is not, until the test is over; its servers soon
# tire of waiting, and xinetd notes the start of each.
with_servers() {
    stop_xinetd
    in_machine cp -a /etc/xinetd.d /run/shipped
    [ "$1" = lookup-udp ] || in_machine sed -i 's/\(disable *= \)no/\1yes/' /etc/xinetd.d/lookup
    in_machine sed -i '
        s/\(disable *= \)yes/\1no/
        s/\(server_args *= \)/\1--idle 0.5 /
        s,log_on_success.*,log_type = FILE /run/starts\nlog_on_success = PID,' "/etc/xinetd.d/$1"
    in_machine rm -f /run/starts
    start_xinetd
}

# How many servers xinetd has started since with_servers.
starts() {
    in_machine grep -c 'START: lookup' /run/starts
}

started() {
    [ "$(starts)" -ge "$1" ]
}

# xinetd has no child, not even one that is about to become the server.
no_server() {
    [ "$(in_machine sh -c 'pgrep -P "$(systemctl show --property MainPID --value xinetd)" >/dev/null; echo $?')" = 1 ]
}

# ask_udp REQUEST HOST: sends it once.
ask_udp() {
    in_machine /src/tests/tools/talk.py --udp "$2:8084" "send:$1" some
}

# ask_by_nc_u REQUEST HOST: nc ends when it has heard nothing for so many seconds. The server may take longer than one to start.
ask_by_nc_u() {
    local seconds
    for seconds in 1 5 30; do
        ! in_machine sh -c 'printf %s "$1" | nc -u "-w$2" "$3" 8084' sh "$1" "$seconds" "$2" | grep . || return 0
    done
    return 1
}

ask() {
    in_machine sh -c 'printf %s "$1" | nc -N "$2" "$3"' sh "$1" "${2:-localhost}" "${3:-8084}"
}

answers() {
    [ "$(ask John "$1")" = C45 ]
}

said() {
    in_machine journalctl --sync
    in_machine journalctl --quiet --unit=xinetd -o cat | grep -E "$1"
}

@test "nc asks lookup, in both families" {
    local host
    for host in localhost 127.0.0.1 ::1; do
        run -0 ask John "$host"
        assert_output C45
    done
    run -0 ask $'Joan\n'
    assert_output 'UNKNOWN NAME: JOAN'
}

@test "nc asks clock, curl asks hello, in both families" {
    local host
    for host in 127.0.0.1 ::1; do
        run -0 ask Date "$host" 8085
        assert_output --regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
    done
    for host in 127.0.0.1 '[::1]'; do
        run -0 in_machine curl --silent --show-error --fail "http://$host:8080/"
        assert_output --regexp '^Hello From Server at '
    done
}

@test "every golden case of lookup, clock and hello" {
    local golden=/src/tests/tools/golden.py
    in_machine mv /var/lib/lookup/book.cdb /var/lib/lookup/kept
    in_machine lookup-book compile /src/tests/book.txt /var/lib/lookup/book.cdb
    in_machine "$golden" --tcp 127.0.0.1:8084 /src/tests/golden/lookup.golden
    in_machine "$golden" --tcp 127.0.0.1:8085 /src/tests/golden/clock.golden
    in_machine "$golden" --tcp 127.0.0.1:8080 /src/tests/golden/hello.golden
    in_machine mv /var/lib/lookup/kept /var/lib/lookup/book.cdb
}

@test "the handler runs as the user lookup" {
    run -0 in_machine bash -c '
        exec 3<>/dev/tcp/127.0.0.1/8084
        for try in {1..2000}; do
            for pid in $(cat /sys/fs/cgroup/system.slice/xinetd.service/cgroup.procs); do
                [[ $(tr "\0" " " <"/proc/$pid/cmdline") = *lookup* ]] && break 2
            done
            read -rt 0.05 <> <(:)
        done
        stat --format %U:%G "/proc/$pid"'
    assert_output --regexp '^lookup:'
}

@test "no book: the client is told, and xinetd's journal, but not on the client's connection" {
    in_machine mv /var/lib/lookup/book.cdb /var/lib/lookup/kept
    run -0 ask John
    in_machine mv /var/lib/lookup/kept /var/lib/lookup/book.cdb
    assert_output 'ERROR: address book unavailable'
    in_machine journalctl --sync
    run -0 in_machine journalctl --quiet -o cat -t lookup-handler
    assert_output --partial /var/lib/lookup/book.cdb
}

@test "silent clients at one address do not keep another from being served" {
    run -0 in_machine bash -c '
        for i in {1..300}; do exec {fd}<>/dev/tcp/127.0.0.1/8084; done
        printf "John\n" | nc -N -s 127.0.0.1 127.0.0.1 8084
        printf "John\n" | nc -N -s 127.0.0.2 127.0.0.1 8084'
    # The one that is over its own limit got nothing.
    assert_output C45
    wait_for answers 127.0.0.1
}

# More at a time are for the kernel: xinetd's listen queue is 64 long. And from one address it serves 64 at a time, those among
# them that have answered but are not gone: so they come from several.
@test "1,000 connections, 50 at a time, are all answered" {
    run -0 in_machine /src/tests/tools/crowd.py 127.0.0.1 8084 1000 50 John 127.0.0.{1..8}
    assert_line --index 0 "1000 answered 'C45\\n'"
    in_machine sh -c 'for i in 1 2 3 4 5 6 7 8; do ip -6 address add "fd00::$i/128" dev lo nodad; done'
    run -0 in_machine /src/tests/tools/crowd.py ::1 8084 1000 50 John fd00::{1..8}
    assert_line --index 0 "1000 answered 'C45\\n'"
}

@test "a burst beyond cps stops the service for no more than the pause it names" {
    stop_xinetd
    # What is shipped is more than a slow tester can exceed.
    in_machine cp /etc/xinetd.d/lookup /run/lookup
    in_machine sed -i 's/\(cps *= \)[0-9]*/\120/' /etc/xinetd.d/lookup
    start_xinetd
    run -0 in_machine /src/tests/tools/crowd.py 127.0.0.1 8084 200 50 John
    refute_output --partial hung
    wait_for said 'Deactivating service lookup.*excessive incoming connections'
    wait_for answers 127.0.0.1
    stop_xinetd
    in_machine cp /run/lookup /etc/xinetd.d/lookup
    start_xinetd
    answers ::1
}

@test "lookup-udp, as shipped, answers nc -u in both families" {
    local host
    for host in 127.0.0.1 ::1; do
        run -0 ask_by_nc_u John "$host"
        assert_output C45
        run -0 ask_by_nc_u $'Joan\n' "$host"
        assert_output 'UNKNOWN NAME: JOAN'
        run -0 in_machine sh -c 'stat --format %U $(pgrep -x lookup-server | sed s,^,/proc/,)'
        assert_line --index 0 lookup
    done
}

@test "every golden case of lookup by lookup-udp, in both families" {
    in_machine mv /var/lib/lookup/book.cdb /var/lib/lookup/kept
    in_machine lookup-book compile /src/tests/book.txt /var/lib/lookup/book.cdb
    run -0 in_machine /src/tests/tools/golden.py --udp 127.0.0.1:8084 /src/tests/golden/lookup.golden
    assert_line --regexp '^[1-9][0-9]+ cases, 0 wrong$'
    run -0 in_machine /src/tests/tools/golden.py --udp '[::1]:8084' /src/tests/golden/lookup.golden
    assert_line --regexp '^[1-9][0-9]+ cases, 0 wrong$'
    in_machine mv /var/lib/lookup/kept /var/lib/lookup/book.cdb
}

@test "every golden case of lookup by lookup-wait, in both families" {
    with_servers lookup-wait
    in_machine cp -a /var/lib/lookup/book.cdb /run
    in_machine lookup-book compile /src/tests/book.txt /var/lib/lookup/book.cdb
    run -0 in_machine /src/tests/tools/golden.py --tcp 127.0.0.1:8084 /src/tests/golden/lookup.golden
    assert_line --regexp '^[1-9][0-9]+ cases, 0 wrong$'
    run -0 in_machine /src/tests/tools/golden.py --tcp '[::1]:8084' /src/tests/golden/lookup.golden
    assert_line --regexp '^[1-9][0-9]+ cases, 0 wrong$'
}

@test "a server is gone when nobody asks, and is there again, for lookup-udp and lookup-wait" {
    local host
    with_servers lookup-udp
    for _ in 1 2 3; do
        for host in 127.0.0.1 ::1; do
            run -0 ask_udp John "$host"
            assert_output C45
        done
        wait_for no_server
    done
    [ "$(starts)" -ge 6 ]
    teardown
    with_servers lookup-wait
    for _ in 1 2 3; do
        for host in 127.0.0.1 ::1; do
            run -0 ask John "$host"
            assert_output C45
        done
        wait_for no_server
    done
    [ "$(starts)" -ge 6 ]
}

@test "what gets no proper answer is consumed all the same: xinetd does not start one server after another" {
    local host text count=2
    with_servers lookup-udp
    in_machine mv /var/lib/lookup/book.cdb /run
    for host in 127.0.0.1 ::1; do
        run -0 ask_udp John "$host"
        assert_output 'ERROR: address book unavailable'
    done
    wait_for no_server
    assert_equal "$(starts)" 2
    # One that says nothing, and one that is an answer itself.
    for text in '' 'UNKNOWN NAME: JOHN'; do
        in_machine python3 -c '
import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(sys.argv[1].encode(), ("127.0.0.1", 8084))' "$text"
        wait_for started $((count += 1))
        wait_for no_server
    done
    # xinetd still answers, and there was one start for this, no other.
    run -0 ask_udp John ::1
    assert_output 'ERROR: address book unavailable'
    wait_for no_server
    assert_equal "$(starts)" 5
}
