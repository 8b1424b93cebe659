#!/usr/bin/env bats
# Our own client, build/lookup, with the real handler behind it and with servers that misbehave.

load lib
load client

@test "one name: its office, and nothing else, and 0" {
    serve_book tcp:127.0.0.1
    run -0 --separate-stderr client -h 127.0.0.1 -p "$PORT" John
    assert_output C45
    assert_equal "$stderr" ''
}

@test "several names: one answer each, in their order" {
    serve_book tcp:127.0.0.1
    run -0 client -h 127.0.0.1 -p "$PORT" denise JOHN
    assert_output $'C44\nC45'
}

@test "a name nobody has makes it 1, wherever it stands among the others" {
    serve_book tcp:127.0.0.1
    run -1 client -h 127.0.0.1 -p "$PORT" Joan John
    assert_output $'UNKNOWN NAME: JOAN\nC45'
    run -1 client -h 127.0.0.1 -p "$PORT" John Joan
    assert_output $'C45\nUNKNOWN NAME: JOAN'
}

@test "an ERROR answer is shown and makes it 2" {
    serve_book tcp:127.0.0.1
    run -2 client -h 127.0.0.1 -p "$PORT" '' Joan
    assert_output $'ERROR: empty request\nUNKNOWN NAME: JOAN'
}

@test "a pipe: a request a line, no prompt" {
    serve_book tcp:127.0.0.1
    run -1 client -h 127.0.0.1 -p "$PORT" <<<$'John\nJoan\nDenise'
    assert_output $'C45\nUNKNOWN NAME: JOAN\nC44'
}

@test "a pipe: the last line needs no end, and -1 ends it" {
    serve_book tcp:127.0.0.1
    run -0 client -h 127.0.0.1 -p "$PORT" < <(printf 'John\nDenise')
    assert_output $'C45\nC44'
    run -0 client -h 127.0.0.1 -p "$PORT" < <(printf 'John\n-1\nDenise\n')
    assert_output C45
    run -0 client -h 127.0.0.1 -p "$PORT" < <(printf 'John\n -1\t\r\nDenise\n')
    assert_output C45
}

@test "a pipe with nothing in it: no request, 0" {
    closed_port
    run -0 client -h 127.0.0.1 -p "$PORT" </dev/null
    assert_output ''
}

@test "a terminal: prompts until -1" {
    serve_book tcp:127.0.0.1
    run -1 "$ROOT/tests/tools/terminal.py" "$PROMPT" John Joan -1 -- "$BUILD/lookup" -h 127.0.0.1 -p "$PORT"
    assert_output "${PROMPT}C45
${PROMPT}UNKNOWN NAME: JOAN
${PROMPT}"
    run -0 "$ROOT/tests/tools/terminal.py" "$PROMPT" John ' -1 ' -- "$BUILD/lookup" -h 127.0.0.1 -p "$PORT"
    assert_output "${PROMPT}C45
${PROMPT}"
}

@test "a terminal: the end of input ends it on a line of its own" {
    serve_book tcp:127.0.0.1
    "$ROOT/tests/tools/terminal.py" "$PROMPT" John ^D -- "$BUILD/lookup" -h 127.0.0.1 -p "$PORT" >"$BATS_TEST_TMPDIR/out"
    printf '%sC45\n%s\n' "$PROMPT" "$PROMPT" | cmp - "$BATS_TEST_TMPDIR/out"
}

@test "a terminal: one refused connection does not end it" {
    closed_port
    run -2 "$ROOT/tests/tools/terminal.py" "$PROMPT" John John -1 -- "$BUILD/lookup" -h 127.0.0.1 -p "$PORT"
    assert_output --partial "refused
${PROMPT}lookup: "
}

@test "a terminal: the clock has its own prompt" {
    PROMPT='Please provide an input (Date, Time, DateAndTime or -1 to exit): '
    serve_book tcp:127.0.0.1 clock
    run -0 "$ROOT/tests/tools/terminal.py" "$PROMPT" Date -1 -- "$BUILD/lookup" -s clock -h 127.0.0.1 -p "$PORT"
    assert_line --index 0 --regexp '\(Date, Time, DateAndTime or -1 to exit\): [0-9]{4}-[0-9]{2}-[0-9]{2}$'
    assert_line --index 1 "$PROMPT"
}

@test "-v: the textbook's running commentary" {
    serve_book tcp:127.0.0.1
    run -0 client -v -h 127.0.0.1 -p "$PORT" John Denise
    assert_output 'Starting Client
Connected to server
Sending data
Received from server: C45
Closing socket
Starting Client
Connected to server
Sending data
Received from server: C44
Closing socket'
}

@test "-v: nothing is said that did not happen" {
    closed_port
    run -2 --separate-stderr client -v -h 127.0.0.1 -p "$PORT" John
    assert_output 'Starting Client'
}

@test "-s clock asks the clock" {
    serve_book tcp:127.0.0.1 clock
    run -0 client -s clock -h 127.0.0.1 -p "$PORT" Date Time DateAndTime
    assert_line --index 0 --regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
    assert_line --index 1 --regexp '^[0-9]{2}:[0-9]{2}:[0-9]{2}$'
    assert_line --index 2 --regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}$'
    run -1 client -s clock -h 127.0.0.1 -p "$PORT" Century
    assert_output 'UNKNOWN OPTION: CENTURY'
}

@test "-s: the default port is the service's" {
    # In a network where nobody listens, the fault names the port.
    run -2 unshare --net "$BUILD/lookup" -h 127.0.0.1 John
    assert_output --regexp '127\.0\.0\.1.*8084'
    run -2 unshare --net "$BUILD/lookup" -s clock -h 127.0.0.1 Date
    assert_output --regexp '127\.0\.0\.1.*8085'
}

@test "-U: a Unix socket" {
    serve_book "stream:$BATS_TEST_TMPDIR/s"
    run -0 client -U "$PORT" John
    assert_output C45
}

@test "-4 and -6 hold it to their family" {
    need_ipv6
    serve_book tcp:::1
    run -0 client -6 -h ::1 -p "$PORT" John
    assert_output C45
    run -2 client -4 -h ::1 -p "$PORT" John
    assert_output --partial ::1
    serve_book tcp:127.0.0.1
    run -0 client -4 -h 127.0.0.1 -p "$PORT" John
    assert_output C45
    run -2 client -6 -h 127.0.0.1 -p "$PORT" John
    assert_output --partial 127.0.0.1
}

@test "-u: a datagram each way" {
    serve udp:127.0.0.1 echo
    run -0 client -u -h 127.0.0.1 -p "$PORT" John 'Ann Lee'
    assert_output $'<John>\n<Ann Lee>'
    need_ipv6
    serve udp:::1 echo
    run -0 client -u -h ::1 -p "$PORT" John
    assert_output '<John>'
}

@test "-u with -U: a datagram to a Unix socket, and back" {
    serve "dgram:$BATS_TEST_TMPDIR/d" echo
    run -0 client -u -U "$PORT" John
    assert_output '<John>'
}

@test "-u: a request is padded, so that three times it, with headers, holds any answer" {
    local name where
    need_ipv6
    for where in 127.0.0.1 ::1; do
        serve "udp:$where" length
        run -0 client -u -h "$where" -p "$PORT" John
        # RFC 768, 791, 8200: headers of 28 and 48 bytes; an answer has at most 512.
        [ $((3 * (28 + output))) -ge $((28 + 512)) ]
        [ $((3 * (48 + output))) -ge $((48 + 512)) ]
        # One that is long enough is left as it is.
        for name in "$(printf '%0150d' 0)" "$(printf '%0151d' 0)" "$(printf '%0152d' 0)" "$(printf '%01024d' 0)"; do
            run -0 client -u -h "$where" -p "$PORT" "$name"
            [ "$output" = $((${#name} + 1)) ] || [ "${#name} $output" = '150 152' ] || fail "${#name}: $output"
        done
    done
    # Only where there is such a limit.
    serve "dgram:$BATS_TEST_TMPDIR/d" length
    run -0 client -u -U "$PORT" John
    assert_output 5
}

@test "-u: an answer too long for a datagram is asked for by TCP, within the same deadline" {
    serve referred:127.0.0.1 size 4000
    run -0 --separate-stderr client -u -h 127.0.0.1 -p "$PORT" John
    assert_equal "${#output} $stderr" '4000 '
    serve referred:127.0.0.1 length
    run -0 client -u -h 127.0.0.1 -p "$PORT" John
    assert_output 5
    serve referred:127.0.0.1 silent
    run -2 client -u -w 0.3 -h 127.0.0.1 -p "$PORT" John
    assert_output "lookup: 127.0.0.1 port $PORT: timed out"
}

@test "-u: nobody there" {
    serve tcp:127.0.0.1 silent
    run -2 client -u -h 127.0.0.1 -p "$PORT" John
    assert_output --regexp "127\.0\.0\.1.*$PORT.*refused"
}

@test "-w: a server that never answers is given up on, in time" {
    serve tcp:127.0.0.1 silent
    SECONDS=0
    run -2 client -w 1 -h 127.0.0.1 -p "$PORT" John
    [ "$SECONDS" -ge 1 ] && [ "$SECONDS" -lt 20 ]
    assert_output --regexp "^lookup: 127\.0\.0\.1.*$PORT.*timed out$"
    serve udp:127.0.0.1 silent
    run -2 client -u -w 0.2 -h 127.0.0.1 -p "$PORT" John
    assert_output --partial 'timed out'
}

@test "nobody listens: one line with host, port and cause, on standard error" {
    closed_port
    run -2 --separate-stderr client -h 127.0.0.1 -p "$PORT" John
    assert_output ''
    assert_equal "$stderr" "lookup: 127.0.0.1 port $PORT: Connection refused"
}

@test "nobody listens at a port that the kernel gives to clients: none is answered by itself" {
    local number=40000 options range
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable 'a network of its own'
    range=$(</proc/sys/net/ipv4/ip_local_port_range)
    for options in '' -u '-h 127.0.0.1' '-u -h 127.0.0.1' '-h 0.0.0.0'; do
        # The one port that it can have.
        echo "$number $number" >/proc/sys/net/ipv4/ip_local_port_range
        # shellcheck disable=SC2086 # words
        run --separate-stderr client $options -p "$number" John
        echo "$range" >/proc/sys/net/ipv4/ip_local_port_range
        assert_failure 2
        assert_output ''
        assert_equal "${stderr##*: }" 'Connection refused'
        number=$((number + 1))
    done
}

@test "no such Unix socket: one line with its path" {
    run -2 --separate-stderr client -U /nonexistent/socket John
    assert_equal "$stderr" 'lookup: /nonexistent/socket: No such file or directory'
    run -2 --separate-stderr client -U "/$(printf '%0200d' 0)" John
    [[ $stderr == *'too long'* ]]
}

@test "no such host: one line that names it" {
    run -2 --separate-stderr client -w 20 -h no-such-host.invalid John
    assert_output ''
    assert_equal "${#stderr_lines[@]}" 1
    [[ $stderr == lookup:*no-such-host.invalid*8084* ]]
}

@test "control characters in an answer are made visible" {
    serve tcp:127.0.0.1 say '\x1b[2J\x07C\x0045\x7f\xff\r\n'
    client -h 127.0.0.1 -p "$PORT" John >"$BATS_TEST_TMPDIR/out"
    printf '%s\n' '\x1B[2J\x07C\x0045\x7F\xFF' | cmp - "$BATS_TEST_TMPDIR/out"
}

@test "characters that turn the direction of writing or are not seen are made visible, those that writing needs stay" {
    # Of each format character, and each that parts lines, the line that is to be shown.
    /usr/bin/python3 - "$BATS_TEST_TMPDIR" <<'PYTHON'
import sys, unicodedata
seen = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440), 0x200C, 0x200D}
of_them = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) in ("Cf", "Zl", "Zp")]
assert len(of_them) > 160
with open(sys.argv[1] + "/said", "w") as said, open(sys.argv[1] + "/shown", "w") as shown:
    for character in of_them:
        raw = "".join(f"\\x{byte:02X}" for byte in character.encode())
        print("a", raw, "b", sep="", end=r"\n", file=said)
        print("a", character if ord(character) in seen else raw, "b", sep="", file=shown)
PYTHON
    serve tcp:127.0.0.1 say "$(<"$BATS_TEST_TMPDIR/said")"
    client -h 127.0.0.1 -p "$PORT" John >"$BATS_TEST_TMPDIR/out"
    diff "$BATS_TEST_TMPDIR/shown" "$BATS_TEST_TMPDIR/out"
}

@test "an answer of several lines stays one, UTF-8 stays UTF-8" {
    serve tcp:127.0.0.1 say 'C45\nB\xc3\xbcro 7\n'
    run -0 client -h 127.0.0.1 -p "$PORT" John
    assert_output $'C45\nBüro 7'
}

@test "an answer without a line end gets one" {
    serve tcp:127.0.0.1 say C45
    client -h 127.0.0.1 -p "$PORT" John >"$BATS_TEST_TMPDIR/out"
    echo C45 | cmp - "$BATS_TEST_TMPDIR/out"
}

@test "a large answer comes whole" {
    serve tcp:127.0.0.1 size 60000
    client -h 127.0.0.1 -p "$PORT" John >"$BATS_TEST_TMPDIR/out"
    [ "$(wc -c <"$BATS_TEST_TMPDIR/out")" = 60001 ]
    [ "$(tr -d x <"$BATS_TEST_TMPDIR/out")" = '' ]
}

@test "an answer without end is given up on" {
    serve tcp:127.0.0.1 size 100000000
    run -2 client -h 127.0.0.1 -p "$PORT" John
    [ "${#output}" -lt 1000000 ]
}

@test "a server that closes or resets without an answer is trouble" {
    local what
    for what in close reset; do
        serve tcp:127.0.0.1 "$what"
        run -2 --separate-stderr client -h 127.0.0.1 -p "$PORT" John
        assert_output ''
        assert_equal "${#stderr_lines[@]}" 1
        [[ $stderr == "lookup: 127.0.0.1 port $PORT: "* ]]
    done
}

@test "what came before a reset or the deadline is printed, and it is trouble" {
    serve tcp:127.0.0.1 say-reset 'C45\nC46\n'
    run -2 --separate-stderr client -h 127.0.0.1 -p "$PORT" John
    assert_output $'C45\nC46'
    assert_equal "$stderr" "lookup: 127.0.0.1 port $PORT: Connection reset by peer"
    serve tcp:127.0.0.1 say-hold 'C45\n'
    until_it_has $'C45\nC45' client -h 127.0.0.1 -p "$PORT" John Denise
    assert_failure 2
    assert_output $'C45\nC45'
    assert_equal "$stderr" "lookup: 127.0.0.1 port $PORT: timed out in the middle of the answer
lookup: 127.0.0.1 port $PORT: timed out in the middle of the answer"
    until_it_has '*C45*' client -v -h 127.0.0.1 -p "$PORT" John
    assert_failure 2
    assert_line 'Received from server: C45'
}

@test "an answer of exactly the limit is not too long, one of a byte more is printed up to it" {
    serve tcp:127.0.0.1 size 65535 # and a line end
    run -0 --separate-stderr client -h 127.0.0.1 -p "$PORT" John
    assert_equal "${#output} $stderr" '65535 '
    serve tcp:127.0.0.1 size 65536
    run -2 --separate-stderr client -h 127.0.0.1 -p "$PORT" John
    assert_equal "${#output} $stderr" "65536 lookup: 127.0.0.1 port $PORT: the answer is too long"
}

@test "the resolver is asked once, and waited for no longer than the deadline" {
    local seconds
    [ "$(id -u)" = 0 ] || unavailable "another resolv.conf takes root"
    printf '%s\n' 'nameserver 127.0.0.1' 'options timeout:30' >"$BATS_TEST_TMPDIR/resolv.conf"
    # A network of its own, in which nobody answers at the resolver's port.
    for seconds in 0.3 3; do
        # shellcheck disable=SC2016 # the inner shell's
        run -0 unshare --net --mount bash -c 'ip link set lo up && mount --bind "$1" /etc/resolv.conf && exec "${@:2}"' bash \
            "$BATS_TEST_TMPDIR/resolv.conf" /usr/bin/python3 -c '
import socket, subprocess, sys, time
resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
resolver.bind(("127.0.0.1", 53))
begun = time.monotonic()
status = subprocess.run(sys.argv[1:]).returncode
took = time.monotonic() - begun
resolver.setblocking(False)
asked = set()
try:
    while True:
        asked.add(resolver.recv(512)[2:])  # without the number of the question
except BlockingIOError:
    pass
print(status, "in time" if took < 30 else took, len(asked))' \
            "$BUILD/lookup" -v -w "$seconds" -h books.example.org John Denise
        # On a busy machine it may not have come to ask within the first of these times.
        [[ $output != *' 2' ]] || break
    done
    assert_output "Starting Client
lookup: books.example.org port 8084: timed out
Starting Client
lookup: books.example.org port 8084: timed out
2 in time 2"
}

# two_addresses SECONDS: two names, asked of a host of two addresses with -w SECONDS. The first never answers, since its queue is full.
# Exit status 75: a client that was not served in its SECONDS has shown nothing.
two_addresses() {
    # shellcheck disable=SC2016 # the inner shell's
    unshare --net --mount bash -c 'ip link set lo up && mount --bind "$1/hosts" /etc/hosts &&
        mount --bind "$1/host.conf" /etc/host.conf && exec "${@:2}"' bash "$BATS_TEST_TMPDIR" timeout 300 /usr/bin/python3 -c '
import socket, subprocess, sys, threading, time
def waiting():
    return sum(line.split()[3] == "02" for line in open("/proc/net/tcp").readlines()[1:])
full = socket.create_server(("127.0.0.1", 8084), backlog=0)
queue = [socket.socket() for _ in range(4)]
for one in queue:
    one.setblocking(False)
    one.connect_ex(("127.0.0.1", 8084))
server = socket.create_server(("127.0.0.2", 8084))
client = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
begun, seconds = time.monotonic(), int(sys.argv[1])
server.settimeout(2 * seconds)
guard = threading.Timer(2 * seconds, client.kill)
guard.start()
def ask(name):
    client.stdin.write(name + b"\n")
    client.stdin.flush()
def accept():
    one = server.accept()[0]
    return one, one.makefile("rb").readline()
def answer(one, name):
    one.sendall(b"<" + name[:-1] + b">\n")
    one.close()
try:
    ask(b"a")
    first = accept()
    # While the second waits at the first address, the first finds the other to be good.
    before = waiting()
    ask(b"b")
    while waiting() == before:
        if time.monotonic() - begun > seconds:
            raise TimeoutError
    answer(*first)
    answered = client.stdout.readline()
    answer(*accept())
    print(answered)
    print(client.communicate()[0], client.returncode)
    right = client.returncode == 0
except (TimeoutError, BrokenPipeError, ConnectionResetError):
    client.kill()
    right = False
guard.cancel()
sys.exit(75 if not right and time.monotonic() - begun > seconds else 0)' \
        "$1" "$BUILD/lookup" -w "$1" -h books.example.org
}

@test "with several connections at a time, too, each address that a name resolves to is tried" {
    local seconds
    [ "$(id -u)" = 0 ] || unavailable "another hosts file takes root"
    printf '%s books.example.org\n' 127.0.0.1 127.0.0.2 >"$BATS_TEST_TMPDIR/hosts"
    echo 'multi on' >"$BATS_TEST_TMPDIR/host.conf"
    for seconds in 6 12 24 48; do
        run two_addresses "$seconds"
        [ "$status" = 75 ] || break
    done
    assert_success
    assert_output "b'<a>\\n'
b'<b>\\n' 0"
}

@test "one name in trouble does not keep the others from being asked" {
    serve_book tcp:127.0.0.1
    run -2 client -h 127.0.0.1 -p "$PORT" "$(printf '%01025d' 0)" John
    assert_output $'ERROR: request longer than 1024 bytes\nC45'
}

@test "a name that begins with a dash comes after --" {
    serve_book tcp:127.0.0.1
    run -0 client -h 127.0.0.1 -p "$PORT" -- -John -1
    assert_output $'dash\nminus one'
}

@test "wrong usage is trouble, and asks nobody" {
    local arguments
    for arguments in '-x' '--nonsense' '-p' '-w 0 John' '-w soon John' '-s hello John' '-s finger John'; do
        # shellcheck disable=SC2086 # several words
        run -2 --separate-stderr client $arguments
        assert_output ''
        [[ $stderr == lookup:* ]]
    done
    run -2 --separate-stderr client $'John\nDenise'
    assert_output ''
}

@test "--help and --version" {
    run -0 client --help
    assert_line --index 0 --regexp '^[Uu]sage: lookup '
    run -0 client --version
    assert_line --regexp '^lookup [0-9]'
}

@test "a standard output that cannot be written is trouble" {
    serve_book tcp:127.0.0.1
    # shellcheck disable=SC2016 # the inner shell's
    run -2 bash -c '"$@" >/dev/full' bash "$BUILD/lookup" -h 127.0.0.1 -p "$PORT" John
    assert_output --partial 'No space left'
}

@test "what a shell closed stays closed: no connection takes its place" {
    serve_book tcp:127.0.0.1
    # shellcheck disable=SC2016 # the inner shell's
    run -2 bash -c '"$@" >&-' bash "$BUILD/lookup" -v -h 127.0.0.1 -p "$PORT" John Denise
    assert_output 'lookup: standard output: Bad file descriptor'
    # shellcheck disable=SC2016
    run -2 bash -c '"$@" <&-' bash "$BUILD/lookup" -h 127.0.0.1 -p "$PORT"
    assert_output 'lookup: standard input: Bad file descriptor'
    # shellcheck disable=SC2016
    run -0 bash -c '"$@" <&- 2>&-' bash "$BUILD/lookup" -h 127.0.0.1 -p "$PORT" John
    assert_output C45
}
