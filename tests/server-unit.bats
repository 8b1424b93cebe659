#!/usr/bin/env bats
# bats file_tags=native,first
# lookup-server by the shipped units, under a real systemd: what its process may do, its book, its journal.
# shellcheck disable=SC2016 # what is in single quotes is for the machine's shells

load lib
load machine
load server-machine

# entries COUNT: so many have been logged since mark_journal.
entries() {
    [ "$(logged | wc -l)" = "$1" ]
}

has_counted() {
    [[ $(property StatusText) = "$1 requests:"* ]]
}

@test "exposure: at most 0.5 for the server, 2.0 for one process a connection" {
    local name
    in_machine systemd-analyze security --offline=true --threshold=5 "$UNIT"
    for name in lookup lookup-unix clock hello; do
        in_machine systemd-analyze security --offline=true --threshold=20 "$name@.service"
    done
    # So a threshold is what it was taken for: tenths.
    run ! in_machine systemd-analyze security --offline=true --threshold=5 lookup@.service
}

@test "each process is the user lookup's, without privilege, network or a way to more" {
    local options pid count=0 ours
    for options in '' '--workers 2'; do
        run_with "$options"
        ask John
        [ -z "$options" ] || wait_for two_workers_without 0
        ours=$(in_machine readlink /proc/1/ns/net)
        for pid in $(processes); do
            run -0 in_machine stat --format %U:%G "/proc/$pid"
            assert_output lookup:lookup
            run -0 in_machine sed -n 's/^\(Cap...\|NoNewPrivs\|Seccomp\):\t/\1 /p' "/proc/$pid/status"
            assert_output "$(printf 'Cap%s 0000000000000000\n' Inh Prm Eff Bnd Amb && printf 'NoNewPrivs 1\nSeccomp 2')"
            run -0 in_machine readlink "/proc/$pid/ns/net"
            assert_output --regexp '^net:'
            refute_output "$ours"
            count=$((count + 1))
        done
    done
    assert_equal "$count" 4
}

# Each has places of his own.
@test "it can tell the machine's users apart" {
    ask John
    run -0 in_machine cat /proc/1/uid_map
    assert_equal "$(in_machine cat "/proc/$(property MainPID)/uid_map")" "$output"
}

@test "a worker killed is replaced, and the journal has it" {
    local pid main
    run_with '--workers 2'
    mark_journal
    ask John
    wait_for two_workers_without 0
    main=$(property MainPID)
    pid=$(processes | grep -vx "$main" | head -n 1)
    in_machine kill -KILL "$pid"
    wait_for two_workers_without "$pid"
    assert_equal "$(property MainPID)" "$main"
    run -0 in_machine /src/tests/tools/crowd.py 127.0.0.1 8084 500 20 John
    assert_line --index 0 "500 answered 'C45\\n'"
    run -0 logged PRIORITY MESSAGE
    assert_output '3|a worker died (signal 9); another takes its place'
}

@test "a connection has the time of --timeout when the server is stopped, whatever the unit's" {
    run_with '--timeout 8' TimeoutStopSec=4
    # It says nothing, and is let go after 8 s.
    in_machine timeout 60 nc -d localhost 8084 </dev/null 3>&- &
    wait_for property_is SubState running
    wait_for in_machine sh -c 'ss -Htn state established "sport = 8084" | grep -q .'
    in_machine systemctl stop "$UNIT"
    assert_equal "$(property Result)" success
    wait
}

@test "descriptors that come with a Unix datagram are not kept" {
    local before main
    ask_by '-u -U /run/lookup/lookup.dgram' John
    main=$(property MainPID)
    before=$(in_machine ls "/proc/$main/fd" | wc -l)
    run -0 in_machine python3 -c '
import array, socket
client = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
client.settimeout(60)
client.bind("")
for _ in range(10):
    mine = array.array("i", [0] * 10)
    client.sendmsg([b"John"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, mine)], 0, "/run/lookup/lookup.dgram")
    print(client.recv(600).decode())' </dev/null
    assert_equal "$(sort -u <<<"$output")" C45
    assert_equal "$(in_machine ls "/proc/$main/fd" | wc -l)" "$before"
}

@test "a replaced book is seen by the next request" {
    local office how
    in_machine cp -a "$BOOK" "$BOOK.kept"
    run -0 ask John
    assert_output C45
    for office in A1 B2 C3; do
        in_machine sh -c 'echo "John = $1" | lookup-book compile --format plain - "$2"' sh "$office" "$BOOK"
        for how in -4 -6u '-U /run/lookup/lookup.sock' '-u -U /run/lookup/lookup.dgram'; do
            run -0 ask_by "$how" John
            assert_output "$office"
        done
    done
    # By one process.
    assert_equal "$(property NRestarts)" 0
}

@test "no book at the start: each is told, the journal once, as an error; then it is there" {
    local how
    in_machine mv "$BOOK" "$BOOK.kept"
    mark_journal
    for how in -4 -6 -4u -6u '-U /run/lookup/lookup.sock' '-u -U /run/lookup/lookup.dgram'; do
        run -2 ask_by "$how" John
        assert_output 'ERROR: address book unavailable'
    done
    run -0 ask Date localhost 8085
    assert_output --regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
    run -0 logged PRIORITY MESSAGE
    assert_output "3|address book $BOOK: No such file or directory"
    in_machine mv "$BOOK.kept" "$BOOK"
    run -0 ask_by -4u John
    assert_output C45
}

@test "a book that was not to be read and now is: seen by the next request" {
    in_machine cp -a "$BOOK" "$BOOK.kept"
    in_machine chmod 600 "$BOOK"
    run -2 ask_by -4 John
    assert_output 'ERROR: address book unavailable'
    in_machine chmod 644 "$BOOK"
    run -0 ask_by -4 John
    assert_output C45
}

@test "a new worker answers from the book that the others have" {
    local pid
    in_machine cp -a "$BOOK" "$BOOK.kept"
    run_with '--workers 2'
    run -0 ask John
    assert_output C45
    wait_for two_workers_without 0
    in_machine sh -c 'echo "John = NEW" | lookup-book compile --format plain - "$1"' sh "$BOOK"
    run -0 in_machine /src/tests/tools/crowd.py 127.0.0.1 8084 200 20 John
    assert_line --index 0 "200 answered 'NEW\n'"
    # The one that looks after them has come round since, too.
    wait_for has_counted 201
    in_machine sh -c 'echo nonsense >"$1.new" && mv "$1.new" "$1"' sh "$BOOK"
    pid=$(processes | tail -n 1)
    in_machine kill -KILL "$pid"
    wait_for two_workers_without "$pid"
    run -0 in_machine /src/tests/tools/crowd.py 127.0.0.1 8084 200 20 John
    assert_line --index 0 "200 answered 'NEW\n'"
}

@test "a book that breaks or goes: the one before it answers, and each is logged once" {
    run -0 ask John
    in_machine cp -a "$BOOK" "$BOOK.kept"
    mark_journal
    in_machine sh -c 'echo nonsense >"$1.new" && mv "$1.new" "$1"' sh "$BOOK"
    for _ in 1 2 3; do
        run -0 ask John
        assert_output C45
    done
    in_machine rm "$BOOK"
    for _ in 1 2 3; do
        run -0 ask_by -4u John
        assert_output C45
    done
    run -0 logged PRIORITY MESSAGE
    assert_line --index 0 "3|address book $BOOK: not an address book, or a broken one; the one before it is kept"
    assert_line --index 1 "3|address book $BOOK: No such file or directory; the one before it is kept"
    assert_equal "${#lines[@]}" 2
}

@test "a book that breaks is logged once, however many workers there are" {
    in_machine cp -a "$BOOK" "$BOOK.kept"
    run_with '--workers 2'
    ask John
    wait_for two_workers_without 0
    mark_journal
    in_machine sh -c 'echo nonsense >"$1.new" && mv "$1.new" "$1"' sh "$BOOK"
    # Enough for each of them to have had some.
    run -0 in_machine /src/tests/tools/crowd.py 127.0.0.1 8084 500 50 John
    assert_line --index 0 "500 answered 'C45\n'"
    wait_for has_counted 501
    run -0 logged PRIORITY MESSAGE
    assert_output "3|address book $BOOK: not an address book, or a broken one; the one before it is kept"
}

@test "--verbose: an entry with fields for each request, by whatever way it came" {
    run_with --verbose
    mark_journal
    ask $' john \n' 127.0.0.1
    ask Joan ::1
    ask $'\n' 127.0.0.1
    ask_by -4u Denise
    ask_by -6u Nobody || [ $? = 1 ]
    ask_by '-U /run/lookup/lookup.sock' Adam
    ask_by '-u -U /run/lookup/lookup.dgram' Phoebe
    ask Date ::1 8085
    in_machine curl --silent http://127.0.0.1:8080/nothing
    run -0 logged SYSLOG_IDENTIFIER PRIORITY LOOKUP_SERVICE LOOKUP_PEER LOOKUP_REQUEST LOOKUP_RESULT
    assert_output 'lookup-server|5|lookup|127.0.0.1|JOHN|hit
lookup-server|5|lookup|::1|JOAN|miss
lookup-server|5|lookup|127.0.0.1||refused
lookup-server|5|lookup|127.0.0.1|DENISE|hit
lookup-server|5|lookup|::1|NOBODY|miss
lookup-server|5|lookup|unix|ADAM|hit
lookup-server|5|lookup|unix|PHOEBE|hit
lookup-server|5|clock|::1|DATE|hit
lookup-server|5|hello|127.0.0.1|GET /NOTHING HTTP/1.1|miss'
    # The journal can be asked by them.
    run -0 in_machine journalctl --quiet -o cat LOOKUP_RESULT=hit LOOKUP_REQUEST=DENISE
    assert_output '127.0.0.1 "DENISE" hit'
}

@test "--verbose: nothing in a request acts on who reads the journal" {
    local request
    run_with --verbose
    mark_journal
    # A terminal's escape, its one-byte kin, line ends, a field of its own, what is no UTF-8.
    for request in '\033[31mJohn\n' 'a\302\233b\n' 'a\rb\n' 'a\tb\n' 'a\0b\n' 'x"\nLOOKUP_RESULT=hit\n' '\377\376\n' 'a%%s%%n\\\n'; do
        in_machine sh -c 'printf "$1" | nc -q1 localhost 8084; printf "$1" | nc -u -w1 127.0.0.1 8084' sh "$request"
    done
    wait_for entries 16
    run -0 logged MESSAGE LOOKUP_REQUEST
    # A field with a byte that is no plain text would be a list of numbers, in brackets.
    refute_output --regexp '(^|\|)\['
    refute_output --regexp $'[\001-\011\013-\037\177]'
    # An entry each, and each a line.
    assert_equal "${#lines[@]}" 16
    assert_output --partial '|\x1B[31MJOHN'
    assert_output --partial '|A%S%N\x5C'
    run -0 logged LOOKUP_RESULT
    # Each twice: by TCP and by UDP.
    assert_equal "$(uniq -c <<<"$output" | xargs)" '6 refused 2 miss 2 refused 2 miss 2 refused 2 miss'
    run -0 logged LOOKUP_SERVICE
    assert_equal "$(sort -u <<<"$output")" lookup
}
