#!/usr/bin/env bats
# bats file_tags=sanitized
# A bit of everything by the shipped units under a real systemd, in one boot: what a sanitized build is to show there. At length, of
# the build as it is installed: systemd.bats, server-systemd.bats, server-unit.bats, book-unit.bats.

load lib
load machine

UNIT=lookup-server.service
BOOK=/var/lib/lookup/book.cdb

setup_file() {
    boot_machine || return 0
    in_machine make -s -C /src install
    in_machine lookup-book compile /src/tests/book.txt "$BOOK"
}

teardown_file() {
    poweroff_machine
}

same_as_golden() {
    run -0 in_machine /src/tests/tools/golden.py "${@:2}" "/src/tests/golden/$1.golden"
    assert_line --regexp '^[1-9][0-9]+ cases, 0 wrong$'
}

same_on_streams() {
    same_as_golden lookup --tcp 127.0.0.1:8084
    same_as_golden lookup --unix /run/lookup/lookup.sock
    same_as_golden clock --tcp 127.0.0.1:8085
    same_as_golden hello --tcp 127.0.0.1:8080
}

no_instance() {
    [ -z "$(in_machine systemctl list-units --all --plain --no-legend 'lookup@*' 'lookup-unix@*' 'clock@*' 'hello@*')" ]
}

@test "one process a connection" {
    in_machine systemctl start lookup.socket clock.socket hello.socket
    # An instance each takes most of the time, so that this is no more than each socket. All that is asked of a sanitized handler is
    # in golden.bats.
    same_as_golden lookup --unix /run/lookup/lookup.sock --ends
    same_as_golden clock --tcp 127.0.0.1:8085 --ends
    run -0 in_machine lookup -w 60 -h 127.0.0.1 John
    assert_output C45
    run -0 in_machine curl --silent --show-error --fail http://127.0.0.1:8080/offices/John
    assert_output C45
    wait_for no_instance
    in_machine systemctl stop lookup.socket clock.socket hello.socket
}

# run_with OPTIONS: the server from now on.
run_with() {
    in_machine mkdir -p "/run/systemd/system/$UNIT.d"
    printf '%s\n' '[Service]' ExecStart= "ExecStart=/usr/local/libexec/lookup/lookup-server $1" |
        in_machine tee "/run/systemd/system/$UNIT.d/test.conf" >/dev/null
    in_machine systemctl daemon-reload
    in_machine systemctl stop "$UNIT" 2>/dev/null
}

ended_well() {
    in_machine systemctl stop "$UNIT" 2>/dev/null
    run -0 in_machine systemctl show --property Result --property NRestarts "$UNIT"
    assert_line Result=success
    assert_line NRestarts=0
}

@test "lookup-server: each kind of socket, one process and several, each request logged, a new book, SIGTERM" {
    in_machine systemctl start lookup-server.socket clock-server.socket hello-server.socket
    run_with --verbose
    same_on_streams
    same_as_golden lookup --udp 127.0.0.1:8084
    same_as_golden lookup --datagram /run/lookup/lookup.dgram
    in_machine lookup-book compile /src/tests/book.txt "$BOOK"
    run -0 in_machine lookup -w 60 John
    assert_output C45
    in_machine journalctl --sync
    run -0 in_machine journalctl --quiet -o cat LOOKUP_SERVICE=lookup LOOKUP_REQUEST=JOHN LOOKUP_RESULT=hit
    assert_line '127.0.0.1 "JOHN" hit'
    ended_well
    run_with '--workers 2'
    same_on_streams
    ended_well
}

book_says() {
    [ "$(in_machine lookup-book query "$BOOK" "$1")" = "$2" ]
}

@test "lookup-book.service makes the book when its source changes" {
    in_machine systemctl start lookup-book.path
    in_machine sh -c 'echo "Ann = B1" >/etc/lookup/book.txt'
    wait_for book_says Ann B1
}
