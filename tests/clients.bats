#!/usr/bin/env bats
# The clients that people have. Each gets its answer and ends by itself; timeout(1) is here only lest the suite hang, and
# makes the status 124, which no test accepts. Where "stdin stays open" the client is used as a person would at a terminal;
# ncat, curl and nc of openbsd wait for the end of their input then, whatever the server does.

load lib

setup_file() {
    need_ipv6 || return 0
    need systemd-socket-activate nc.openbsd nc.traditional busybox ncat socat telnet whois curl || return 0
    make_book
    local service
    for service in lookup clock hello; do
        activate "$service"
    done
}

teardown_file() {
    stop_background
}

# activate SERVICE: on both loopback addresses, one process a connection; its port is in $SERVICE_PORT, upper case.
activate() {
    local port log=$BATS_FILE_TMPDIR/$1.log
    port=$(free_port)
    start_background "$log" systemd-socket-activate --inetd --accept \
        --listen "127.0.0.1:$port" --listen "[::1]:$port" -E "LOOKUP_BOOK=$BATS_FILE_TMPDIR/book.cdb" \
        "$BUILD/lookup-handler" "$1"
    wait_for_listen "127.0.0.1:$port" "$log"
    wait_for_listen "[::1]:$port" "$log"
    export "${1^^}_PORT=$port"
}

# typing TEXT COMMAND...: TEXT comes from a standard input that then stays open.
typing() {
    local text=$1
    shift
    mkfifo "$BATS_TEST_TMPDIR/typed"
    exec 8<>"$BATS_TEST_TMPDIR/typed"
    # shellcheck disable=SC2059 # its escapes are meant
    printf "$text" >&8
    timeout 120 "$@" <&8 8>&-
}

# piping TEXT COMMAND...: TEXT and then the end of standard input.
piping() {
    local text=$1
    shift
    # shellcheck disable=SC2059 # its escapes are meant
    printf "$text" | timeout 120 "$@"
}

# same_bytes TEXT: what `run` kept is TEXT exactly, line end or none included.
same_bytes() {
    # shellcheck disable=SC2059 # its escapes are meant
    printf "$1" | cmp - "$BATS_TEST_TMPDIR/out"
}

@test "nc of openbsd" {
    piping 'John' nc.openbsd -q1 127.0.0.1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes C45
    piping 'John\n' nc.openbsd -N ::1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\n'
    piping 'John' nc.openbsd 127.0.0.1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes C45
}

@test "nc of openbsd for the textbook's Windows user: CRLF" {
    piping 'John\n' nc.openbsd -C -N 127.0.0.1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\r\n'
}

@test "traditional nc" {
    piping 'John' nc.traditional -q60 127.0.0.1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes C45
    piping 'John\n' nc.traditional 127.0.0.1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\n'
}

@test "traditional nc, stdin stays open" {
    typing 'John\n' nc.traditional 127.0.0.1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\n'
}

@test "nc of busybox" {
    piping 'John' busybox nc 127.0.0.1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes C45
    piping 'John\n' busybox nc ::1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\n'
}

@test "nc of busybox, stdin stays open" {
    typing 'John\n' busybox nc 127.0.0.1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\n'
}

@test "ncat" {
    piping 'John' ncat 127.0.0.1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes C45
    piping 'John\n' ncat ::1 "$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\n'
}

@test "socat" {
    piping 'John' socat - "TCP:127.0.0.1:$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes C45
    piping 'John\n' socat - "TCP:[::1]:$LOOKUP_PORT,crlf" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\n'
}

@test "socat, stdin stays open" {
    typing 'John\n' socat - "TCP:127.0.0.1:$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\n'
}

@test "telnet, stdin stays open" {
    run -0 typing 'John\n' telnet 127.0.0.1 "$LOOKUP_PORT"
    assert_line --regexp $'^C45\r?$'
    assert_line --partial 'closed by foreign host'
}

@test "telnet of busybox, stdin stays open" {
    # 1 is how it says that it was the server who closed.
    run -1 typing 'John\n' busybox telnet 127.0.0.1 "$LOOKUP_PORT"
    assert_line --regexp $'^C45\r?$'
    assert_line --partial 'closed by foreign host'
}

@test "whois" {
    run -0 timeout 120 whois -h 127.0.0.1 -p "$LOOKUP_PORT" John
    assert_output --regexp $'^C45\r?$'
    run -0 timeout 120 whois -h ::1 -p "$LOOKUP_PORT" 'mary jane watson'
    assert_output --regexp $'^F10\r?$'
}

@test "bash's /dev/tcp" {
    # shellcheck disable=SC2016 # the inner shell's
    run -0 timeout 120 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"; echo John >&3; cat <&3' bash "$LOOKUP_PORT"
    assert_output C45
    # shellcheck disable=SC2016 # the inner shell's
    run -0 timeout 120 bash -c 'exec 3<>"/dev/tcp/::1/$1"; printf Joan >&3; cat <&3' bash "$LOOKUP_PORT"
    assert_output 'UNKNOWN NAME: JOAN'
}

@test "curl telnet://" {
    piping 'John\n' curl -sS "telnet://127.0.0.1:$LOOKUP_PORT" >"$BATS_TEST_TMPDIR/out"
    same_bytes 'C45\n'
}

@test "curl http:// and HEAD" {
    run -0 timeout 120 curl -sS --fail "http://127.0.0.1:$HELLO_PORT/"
    assert_output --regexp '^Hello From Server at [-0-9]{10} [0-9:]{8}\.[0-9]{6}$'
    run -0 timeout 120 curl -sS --fail --http1.0 "http://[::1]:$HELLO_PORT/"
    assert_output --regexp '^Hello From Server at '
    run -0 timeout 120 curl -sS --fail --head "http://127.0.0.1:$HELLO_PORT/"
    assert_line --index 0 $'HTTP/1.1 200 OK\r'
    run -22 timeout 120 curl -sS --fail "http://127.0.0.1:$HELLO_PORT/nothing"
    assert_output --partial 404
}

@test "curl sends a body that nobody asked for" {
    # Beyond 1 MiB it waits for "100 Continue" first.
    head -c 2000000 /dev/zero >"$BATS_TEST_TMPDIR/body"
    run -0 timeout 120 curl -sS -o /dev/null -w '%{http_code}' --data-binary "@$BATS_TEST_TMPDIR/body" \
        "http://127.0.0.1:$HELLO_PORT/"
    assert_output 405
}

@test "busybox wget and Python's urllib" {
    run -0 timeout 120 busybox wget -q -O - "http://127.0.0.1:$HELLO_PORT/"
    assert_output --regexp '^Hello From Server at '
    run -0 timeout 120 python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())' \
        "http://127.0.0.1:$HELLO_PORT/"
    assert_output --regexp '^Hello From Server at '
}

# textbook REQUEST: the textbook's client. No line end, one recv, what came is printed as it is; a second recv is the end.
textbook() {
    timeout 120 python3 -c '
import socket, sys
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("127.0.0.1", int(sys.argv[1])))
client.send(sys.argv[2].encode())
print(repr(client.recv(1024)), repr(client.recv(1024)))
client.close()' "$@"
}

@test "the textbook's Python client" {
    run -0 textbook "$LOOKUP_PORT" John
    assert_output "b'C45' b''"
    run -0 textbook "$LOOKUP_PORT" Joan
    assert_output "b'UNKNOWN NAME: JOAN' b''"
    run -0 textbook "$CLOCK_PORT" Date
    assert_output --regexp "^b'[0-9]{4}-[0-9]{2}-[0-9]{2}' b''$"
    run -0 textbook "$CLOCK_PORT" DataAndTime
    assert_output --regexp "^b'[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{6}' b''$"
}

@test "our own client" {
    run -0 timeout 120 "$BUILD/lookup" -h ::1 -p "$LOOKUP_PORT" John Denise
    assert_output $'C45\nC44'
    run -0 timeout 120 "$BUILD/lookup" -s clock -h 127.0.0.1 -p "$CLOCK_PORT" Date
    assert_output --regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
}
