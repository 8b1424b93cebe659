#!/usr/bin/env bats
# bats file_tags=native,first
# The attempts of tests/confine.bats under a real systemd: in place of the installed programs are those that make them.
# shellcheck disable=SC2034 # for tests/breach.bash

load lib
load machine
load breach

setup_file() {
    boot_machine || return 0
    in_machine make -s -C /src install
    cp "$BUILD"/breach/* "$MACHINE_DIR/local/libexec/lookup/"
}

teardown_file() {
    poweroff_machine
}

setup() {
    INSIDE=(in_machine)
}

# Nothing of confinement was wanting.
whole() {
    in_machine journalctl --sync
    run -1 in_machine sh -c 'journalctl --quiet | grep -F "not confined"'
}

# ends_by_sigsys UNIT: so many ends of it are in the journal as there are attempts.
ends_by_sigsys() {
    in_machine journalctl --sync
    [ "$(in_machine journalctl --quiet -o cat | grep -c "^$1.*: Main process exited, code=killed, status=31/SYS")" = "${#ATTEMPTS[@]}" ]
}

@test "one process a connection: on TCP and a Unix socket" {
    in_machine systemctl start lookup.socket
    holds
    wait_for ends_by_sigsys 'lookup@'
    holds -U /run/lookup/lookup.sock
    whole
    run -0 in_machine systemctl is-active lookup.socket
}

@test "lookup-server: on each of its sockets" {
    # Each attempt ends the server: more starts than the socket is meant for.
    in_machine sh -c 'mkdir -p /etc/systemd/system/lookup-server.socket.d &&
        printf "[Socket]\nTriggerLimitIntervalSec=0\n" >/etc/systemd/system/lookup-server.socket.d/test.conf &&
        mkdir -p /etc/systemd/system/lookup-server.service.d &&
        printf "[Service]\nRestartSec=100ms\n" >/etc/systemd/system/lookup-server.service.d/quick.conf &&
        systemctl daemon-reload'
    in_machine systemctl start lookup-server.socket
    without_messages
    holds
    holds -u
    holds -U /run/lookup/lookup.sock
    holds -U /run/lookup/lookup.dgram -u
    whole
    run -0 in_machine systemctl is-active lookup-server.socket
}
