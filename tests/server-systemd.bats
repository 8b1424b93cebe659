#!/usr/bin/env bats
# bats file_tags=native,first
# lookup-server by the shipped units, under a real systemd: which sockets it answers on, how it comes and goes.
# shellcheck disable=SC2016 # what is in single quotes is for the machine's shells

load lib
load machine
load server-machine

SIEGE=/src/tests/tools/siege.py
CROWD=/src/tests/tools/crowd.py
TCP=tcp:127.0.0.1:8084

same_as_golden() {
    run -0 in_machine /src/tests/tools/golden.py "${@:2}" "/src/tests/golden/$1.golden"
    assert_line --regexp '^[1-9][0-9]+ cases, 0 wrong$'
}

@test "it takes the place of the sockets with one process a connection, and they its place" {
    local service
    for _ in 1 2 3; do
        run -0 ask John
        assert_output C45
        # While the server is running: it holds the sockets too.
        property_is ActiveState active
        in_machine systemctl start lookup.socket clock.socket hello.socket
        for service in lookup clock hello; do
            run ! in_machine systemctl is-active "$service-server.socket"
        done
        run -0 ask John
        assert_output C45
        in_machine systemctl start "${SOCKETS[@]}"
        for service in lookup clock hello; do
            run ! in_machine systemctl is-active "$service.socket"
        done
    done
}

@test "every golden case of lookup, by TCP, UDP and both Unix sockets" {
    mark_journal
    same_as_golden lookup --tcp 127.0.0.1:8084
    same_as_golden lookup --tcp '[::1]:8084'
    same_as_golden lookup --udp 127.0.0.1:8084
    same_as_golden lookup --udp '[::1]:8084'
    same_as_golden lookup --unix /run/lookup/lookup.sock
    same_as_golden lookup --datagram /run/lookup/lookup.dgram
    # Hits, misses and all that a client may do wrong.
    run -0 logged
    assert_output ''
}

@test "every golden case of clock and hello, in both families" {
    mark_journal
    same_as_golden clock --tcp 127.0.0.1:8085
    same_as_golden clock --tcp '[::1]:8085'
    same_as_golden hello --tcp 127.0.0.1:8080
    same_as_golden hello --tcp '[::1]:8080'
    run -0 logged
    assert_output ''
}

@test "the Unix sockets are open to any user" {
    run -0 in_machine setpriv --reuid=65534 --clear-groups lookup -w 60 -U /run/lookup/lookup.sock John
    assert_output C45
    run -0 in_machine setpriv --reuid=65534 --clear-groups lookup -w 60 -u -U /run/lookup/lookup.dgram John
    assert_output C45
}

@test "one process for the three services, whichever is asked first" {
    local first pid
    for first in 8084 8085 8080; do
        stop_server
        ask $'GET / HTTP/1.0\n\n' localhost "$first"
        pid=$(property MainPID)
        run -0 ask John
        assert_output C45
        run -0 ask Date ::1 8085
        assert_output --regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
        run -0 in_machine curl --silent --show-error --fail 'http://[::1]:8080/'
        assert_output --regexp '^Hello From Server at '
        assert_equal "$(processes)" "$pid"
        assert_equal "$(property MainPID)" "$pid"
    done
}

@test "it says that it is ready, and then what it has done" {
    local made
    in_machine systemctl start "$UNIT"
    assert_equal "$(property SubState)" running
    made=$(in_machine date -u -r /var/lib/lookup/book.cdb '+; book of %F %T UTC')
    assert_equal "$(property StatusText)" "0 requests: 0 hits, 0 misses, 0 errors, 0 refused$made"
    ask John
    ask Joan ::1
    ask $'\n'
    ask_by -4u John
    ask_by '-u -U /run/lookup/lookup.dgram' Joan || [ $? = 1 ]
    wait_for property_is StatusText "5 requests: 2 hits, 2 misses, 0 errors, 1 refused$made"
    run -0 in_machine systemctl status "$UNIT"
    assert_output --partial "Status: \"5 requests: 2 hits, 2 misses, 0 errors, 1 refused$made\""
}

@test "idle, it goes and is no failure; the next request has it back" {
    local how
    run_with '--idle 0.2'
    for how in -4 -6 -4u -6u '-U /run/lookup/lookup.sock' '-u -U /run/lookup/lookup.dgram'; do
        run -0 ask_by "$how" John
        assert_output C45
        wait_for property_is ActiveState inactive
        assert_equal "$(property Result)" success
        assert_equal "$(in_machine systemctl is-active "${SOCKETS[@]}")" $'active\nactive\nactive'
    done
    assert_equal "$(property NRestarts)" 0
}

@test "a steady trickle around the idle time: no request is lost" {
    run_with '--idle 0.1'
    run -0 in_machine "$SIEGE" around "$TCP" 0.1 30
    assert_output "30 got 'C45\\n'"
    run -0 in_machine "$SIEGE" around udp:127.0.0.1:8084 0.1 30
    assert_output "30 got 'C45\\n'"
}

@test "kill -9: who had not been accepted is answered by the next process" {
    local pid
    ask John
    pid=$(property MainPID)
    in_machine kill -STOP "$pid"
    run -0 in_machine "$SIEGE" queue "$TCP" 300 "kill -KILL $pid"
    assert_output "300 got 'C45\\n'"
    wait_for restarted
    [ "$(property MainPID)" != "$pid" ]
}

@test "kill -9, thrice, under load: no more are lost than were open" {
    local lost
    ask John
    run -0 in_machine bash -c '
        "$1" 127.0.0.1 8084 3000 20 John &
        for round in 1 2 3; do
            old=$(systemctl show -p MainPID --value "$2")
            kill -KILL "$old"
            until new=$(systemctl show -p MainPID --value "$2"); [ "$new" != 0 ] && [ "$new" != "$old" ]; do
                read -rt 0.02 <> <(:)
            done
        done
        wait' bash "$CROWD" "$UNIT"
    refute_output --partial hung
    refute_output --regexp "answered '[^C]"
    lost=$(sed -n 's/ dropped$//p' <<<"$output")
    [ "${lost:-0}" -le 60 ]
    wait_for restarted 3
    run -0 ask John
    assert_output C45
}

# The workers are killed after it: whom one of them accepted in between is lost, and asks again.
@test "kill -9 of the process that looks after workers: a silent client does not delay who comes next" {
    run_with '--workers 2 --timeout 600' TimeoutStopSec=600
    ask John
    run -0 in_machine bash -c '
        exec 3<>/dev/tcp/127.0.0.1/8084
        lookup -4 John
        kill -KILL "$(systemctl show -p MainPID --value "$1")"
        timeout 100 sh -c "until lookup -w 100 -4 John 2>/dev/null; do :; done"' bash "$UNIT"
    assert_output $'C45\nC45'
    wait_for restarted
}

@test "systemctl stop ends, whatever a chatty session asks" {
    run_with '--session --timeout 1' TimeoutStopSec=infinity
    ask John
    run -0 in_machine timeout 120 python3 -c '
import socket, subprocess, sys
with socket.create_connection(("127.0.0.1", 8084), 100) as client:
    client.sendall(b"John\n")
    print(client.recv(99).decode(), end="", flush=True)
    subprocess.run(["systemctl", "stop", "--no-block", sys.argv[1]], check=True, stderr=subprocess.DEVNULL)
    try:
        while client.send(b"John\n") and client.recv(99):
            pass
    except (BrokenPipeError, ConnectionResetError):
        pass' "$UNIT"
    assert_output C45
    wait_for property_is ActiveState inactive
}

@test "a stuck process, or a stuck worker, is replaced by the watchdog" {
    local options pid
    for options in '' '--workers 2'; do
        run_with "$options" WatchdogSec=2 TimeoutAbortSec=1
        ask John
        [ -z "$options" ] || wait_for two_workers_without 0
        pid=$(processes | tail -n 1)
        in_machine kill -STOP "$pid"
        wait_for in_machine sh -c '! kill -0 "$1" 2>/dev/null' sh "$pid"
        wait_for restarted
        run -0 ask_by -4 John
        assert_output C45
    done
}

@test "a server that cannot start for a while: its socket stays, and who waits is answered" {
    # The limit of starts that is shipped, in a tenth of the time.
    in_machine mkdir /run/systemd/system/lookup-server.socket.d
    printf '[Socket]\nTriggerLimitBurst=10\nTriggerLimitIntervalSec=3\n' |
        in_machine tee /run/systemd/system/lookup-server.socket.d/test.conf
    run_with '' ExecStart= 'ExecStart=/bin/sh -c "test -e /run/may || exit 71; exec /usr/local/libexec/lookup/lookup-server"'
    in_machine lookup -w 300 -4 John >"$BATS_TEST_TMPDIR/answer" &
    local client=$!
    wait_for tried_again 12
    in_machine touch /run/may
    wait "$client"
    assert_equal "$(<"$BATS_TEST_TMPDIR/answer")" C45
    in_machine rm /run/may
}

@test "systemctl stop and kill -TERM let an open exchange end" {
    local how
    # Time enough for a slow tester.
    run_with '--timeout 60' TimeoutStopSec=100
    for how in "systemctl stop --no-block $UNIT" "systemctl kill --kill-who=main $UNIT"; do
        run -0 --separate-stderr in_machine "$SIEGE" open "$TCP" "$how" \
            "timeout 120 sh -c 'until [ \$(systemctl show -p SubState --value $UNIT) = stop-sigterm ]; do :; done'"
        assert_output "1 got 'C45\\n'"
        wait_for property_is ActiveState inactive
        assert_equal "$(property Result)" success
        # Stopped, but not its sockets.
        run -0 ask John
        assert_output C45
    done
}
