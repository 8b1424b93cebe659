#!/usr/bin/env bats
# lookup-handler as a process: its arguments, descriptors and exit status.
# shellcheck disable=SC2016,SC2154 # what is in single quotes is for inner shells; `run` sets the rest

load lib
load activation

setup_file() {
    make_book
}

setup() {
    handler_command lookup
}

@test "usage errors: 64, a line on standard error, nothing to the client" {
    local arguments
    while read -r arguments; do
        # shellcheck disable=SC2086 # words are meant
        ask_on_pipe 'John\n' "$BUILD/lookup-handler" $arguments
        assert_equal "$arguments: $status" "$arguments: 64"
        assert_output ''
        [[ $stderr =~ ^lookup-handler:\ [^$'\n']+$'\n'?$ ]]
    done <<'LINES'

nothing
Lookup
lookup clock
--nothing lookup
-x lookup
--book
--timeout
--timeout 0 lookup
--timeout 0.0 lookup
--timeout -1 lookup
--timeout 1s lookup
--timeout 1e3 lookup
--timeout nan lookup
--timeout . lookup
--timeout 86401 lookup
--timeout 99999999999999999999999999 lookup
--session hello
LINES
    ask_on_pipe 'John\n' "$BUILD/lookup-handler" --timeout '' lookup
    assert_equal "$status" 64
    ask_on_pipe 'John\n' "$BUILD/lookup-handler" ''
    assert_equal "$status" 64
    for arguments in '' 'lookup clock'; do
        # shellcheck disable=SC2086 # words are meant
        ask_on_pipe 'John\n' "$BUILD/lookup-handler" $arguments
        [[ $stderr == 'lookup-handler: exactly one service must be given: lookup, '*' or '* ]] || fail "$stderr"
    done
}

@test "a datagram socket is refused as a usage error" {
    run -64 /usr/bin/python3 -c '
import socket, subprocess, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sys.exit(subprocess.run(sys.argv[1:], stdin=s, stdout=s).returncode)' "${HANDLER[@]}"
    assert_output --regexp '^lookup-handler: .*datagram'
}

@test "--help and --version go to standard output" {
    run -0 --separate-stderr "$BUILD/lookup-handler" --help
    assert_line --index 0 --regexp '^Usage: lookup-handler '
    assert_equal "$stderr" ''
    run -0 --separate-stderr "$BUILD/lookup-handler" --version
    assert_output --regexp '^lookup-handler [0-9]'
    run -71 bash -c '"$1" --help >/dev/full' bash "$BUILD/lookup-handler"
}

@test "descriptors 0 to 2 closed in every combination: an answer where there can be one, and the book is left alone" {
    local book=$BATS_FILE_TMPDIR/book.cdb before closed
    before=$(sha256sum <"$book")
    for closed in '' '2>&-'; do
        run -0 bash -c "printf John | { \"\$@\" $closed; }" bash "${HANDLER[@]}"
        assert_output C45
    done
    for closed in '<&-' '<&- 2>&-'; do
        run -0 bash -c "printf John | { \"\$@\" $closed; }" bash "${HANDLER[@]}"
        assert_output ''
    done
    # An answer that goes nowhere is a fault of whoever started it.
    for closed in '>&-' '<&- >&-' '>&- 2>&-' '<&- >&- 2>&-'; do
        run -71 bash -c "printf John | { \"\$@\" $closed; }" bash "${HANDLER[@]}"
        [[ $closed = *2* ]] || assert_output 'lookup-handler: descriptor 1 is closed: the answer cannot be sent'
    done
    assert_equal "$(sha256sum <"$book")" "$before"
}

# with_descriptor_3 KIND COMMAND...: descriptor 3 is a socket of that kind, as a service manager that was told Accept=yes, but
# not StandardInput=socket, hands it over. Prints what the client gets, then the exit status.
with_descriptor_3() {
    /usr/bin/python3 -c '
import os, socket, subprocess, sys
kind, *command = sys.argv[1:]
def passed():
    os.dup2(server.fileno(), 3)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
    os.execvpe(command[0], command, os.environ)
if kind == "listening":
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
else:
    client, server = socket.socketpair(type=socket.SOCK_DGRAM if kind == "datagram" else socket.SOCK_STREAM)
client.sendall(b"John\n")
child = os.fork()
if child == 0:
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    passed()
server.close()
answer = b""
if kind == "connection":
    while got := client.recv(99):
        answer += got
    client.close()
print(answer.decode(), end="")
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))' "$@"
}

@test "a connection on descriptor 3 is served, another socket there is refused" {
    run -0 with_descriptor_3 connection "${HANDLER[@]}"
    assert_output $'C45\n0'
    run -0 with_descriptor_3 datagram "${HANDLER[@]}"
    assert_output $'lookup-handler: descriptor 3 is a datagram socket: use lookup-server\n64'
    run -0 with_descriptor_3 listening "${HANDLER[@]}"
    assert_line --index 0 --regexp '^lookup-handler: descriptor 3 is a listening socket: '
    assert_line --index 1 64
}

@test "a listening socket in place of a connection is refused, and it is said what it takes" {
    run -0 python3 -c '
import socket, subprocess, sys
listener = socket.create_server(("127.0.0.1", 0))
print(subprocess.run(sys.argv[1:], stdin=listener, stdout=listener).returncode)' "${HANDLER[@]}"
    assert_line --index 0 --regexp '^lookup-handler: descriptor 1 is a listening socket: use lookup-server'
    assert_line --index 1 64
}

# bats test_tags=native
@test "a stack of 96 KiB is enough" {
    local options
    for options in '' --verbose; do
        # shellcheck disable=SC2086 # one option or none
        run -0 --separate-stderr bash -c 'ulimit -s 96 && printf John | "$@"' bash "${HANDLER[@]:0:3}" $options lookup
        assert_output C45
        run -0 --separate-stderr bash -c 'ulimit -s 96 && printf "GET / HTTP/1.0\n\n" | "$@"' bash "$BUILD/lookup-handler" $options hello
        assert_output --partial 'Hello From Server'
    done
}

@test "--check says what a start would lack, and answers nothing" {
    run -0 bash -c 'printf John | "$@"' bash "${HANDLER[@]:0:3}" --check lookup
    assert_output ''
    run -0 "$BUILD/lookup-handler" --book /nonexistent --check clock
    assert_output ''
    run -78 bash -c 'printf John | "$@"' bash "$BUILD/lookup-handler" --book /nonexistent --check lookup
    assert_output 'lookup-handler: address book /nonexistent: No such file or directory'
}

@test "descriptor 2 closed: a fault is not written into whatever took its place" {
    run -78 bash -c 'printf John | "$@" 2>&-' bash "$BUILD/lookup-handler" --book /nonexistent lookup
    assert_output 'ERROR: address book unavailable'
}

@test "a client that has already gone is no fault, whatever SIGPIPE is set to" {
    local way
    for way in --socketpair --tcppair; do
        run -0 "$TALK" "$way" --gone 'John\n' gone -- "${HANDLER[@]}"
        assert_output ''
        run -0 "$TALK" "$way" --gone 'John' gone -- "${HANDLER[@]}"
        assert_output ''
    done
    # A pipe that nobody reads.
    run -0 /usr/bin/python3 -c '
import os, signal, subprocess, sys
for action in signal.SIG_DFL, signal.SIG_IGN:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(sys.argv[1:], input=b"John\n", stdout=writing, restore_signals=False,
                          preexec_fn=lambda: signal.signal(signal.SIGPIPE, action))
    assert done.returncode == 0, done' "${HANDLER[@]}"
    assert_output ''
}

@test "a client that resets is no fault" {
    run -0 /usr/bin/python3 -c '
import socket, struct, subprocess, sys
for request in b"", b"Jo", b"John\n":
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    connection, _ = server.accept()
    client.sendall(request)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    done = subprocess.run(sys.argv[1:], stdin=connection, stdout=connection)
    assert done.returncode == 0, done' "${HANDLER[@]}"
    assert_output ''
}

@test "an answer that cannot be written for want of space is a fault of the system: 71" {
    run -71 bash -c 'printf "John\n" | "$@" >/dev/full' bash "${HANDLER[@]}"
    assert_output --regexp '^lookup-handler: [^'$'\n'']*No space left'
}

@test "a file as descriptor 0, a file as descriptor 1" {
    printf 'John\nAdam\n' >"$BATS_TEST_TMPDIR/in"
    run -0 bash -c '"${@:3}" <"$1" >"$2"' bash "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out" "${HANDLER[@]}"
    printf 'C45\n' | cmp - "$BATS_TEST_TMPDIR/out"
    run -0 bash -c '"${@:2}" --session <"$1"' bash "$BATS_TEST_TMPDIR/in" "${HANDLER[@]}"
    assert_output $'C45\nB23'
    run -0 bash -c '"$@" </dev/null' bash "${HANDLER[@]}"
    assert_output ''
}

@test "a terminal as descriptors 0 and 1" {
    run -0 --keep-empty-lines "$TALK" --terminal send:'John\n' rest -- "${HANDLER[@]}"
    assert_output $'C45\n'
    run -0 "$TALK" --terminal end rest -- "${HANDLER[@]}"
    assert_output ''
}

# bats test_tags=native
@test "static, with no dynamic section, where musl-gcc is" {
    need readelf
    command -v musl-gcc >/dev/null || unavailable "musl-gcc is not installed"
    run -0 readelf --dynamic "$BUILD/lookup-handler"
    assert_output --partial 'There is no dynamic section'
}

# bats test_tags=native
@test "at most 40 system calls for a hit, where musl-gcc is" {
    local way trace=$BATS_TEST_TMPDIR/trace
    need strace
    command -v musl-gcc >/dev/null || unavailable "musl-gcc is not installed"
    for way in --pipe --socketpair --tcppair; do
        run -0 "$TALK" "$way" send:'John\n' rest -- strace -f -qq -e signal=none -o "$trace" "${HANDLER[@]}"
        assert_output C45
        # exit_group is among the lines, so there is a least number, too: strace has seen something.
        [ "$(wc -l <"$trace")" -ge 5 ]
        [ "$(wc -l <"$trace")" -le 40 ]
    done
}

@test "a name that begins as what finger -l asks is found as it is; what follows is next, parts of names are last" {
    local book=$BATS_TEST_TMPDIR/book.cdb
    printf '%s\n' '/W John = X1' 'John = C45' 'Denise = C44' 'Denise W. Smith = C46' | make_book "$book"
    ask_on_pipe '/W John\n' "$BUILD/lookup-handler" --book "$book" lookup
    assert_output $'X1\n'
    ask_on_pipe '/W Denise\n' "$BUILD/lookup-handler" --book "$book" lookup
    assert_output $'C44\n'
    ask_on_pipe '/W Smith\n' "$BUILD/lookup-handler" --book "$book" lookup
    assert_output $'Denise W. Smith: C46\n'
}
