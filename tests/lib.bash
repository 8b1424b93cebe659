# Shared by all test files; each starts with `load lib`.
# shellcheck disable=SC2016 # single quotes hold text for inner shells

bats_require_minimum_version 1.5.0
# Sources the libraries' files and not their load.bash, which starts dirname(1) for each file. bats loads all this again for each
# test, so that load.bash took most of a short test's time.
for LIBRARY in /usr/lib/bats/bats-{support,assert}/src/*.bash; do
    # shellcheck disable=SC1090
    source "$LIBRARY"
done
unset LIBRARY

# bats traces each command, to say which one failed. That took half of a test's time, so it is switched off: the trap for a
# command that fails learns the same from bash. This replaces a function of bats. It calls functions that bats has from 1.8 to 1.14.
set +T
bats_error_trap() {
    bats_check_status_from_trap
    bats_capture_stack_trace
    # shellcheck disable=SC2034 # bats reads it
    BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
}

# bats loads this file by its absolute path.
ROOT=${BASH_SOURCE[0]%/tests/*}
BUILD=${BUILD:-$ROOT/build}
[[ $BUILD == /* ]] || BUILD=$(cd "$BUILD" && pwd)
# The program of the native build: it compiles large books, also for the tests of how a sanitized program reads them.
NATIVE=${BUILD%/sanitized}
export ROOT BUILD NATIVE GOLDEN=$ROOT/tests/tools/golden.py TALK=$ROOT/tests/tools/talk.py

# unavailable REASON: skips the test because this system lacks something that it needs. With CI=true, this is
# a failure. bats cannot skip in setup_file: there it returns 1, and each test of the file is skipped. Use
# `need nc || return 0`.
unavailable() {
    if [ "${CI:-}" = true ]; then
        echo "not to be had here: $1" >&2
        exit 1
    fi
    [ -z "${BATS_TEST_TMPDIR:-}" ] || skip "$1"
    echo "$1" >"$BATS_FILE_TMPDIR/unavailable"
    return 1
}

skip_if_unavailable() {
    [ ! -e "$BATS_FILE_TMPDIR/unavailable" ] || skip "$(<"$BATS_FILE_TMPDIR/unavailable")"
}

# For files without a setup function.
setup() {
    skip_if_unavailable
}

# need COMMAND...: calls unavailable unless all of these commands exist.
need() {
    local command
    for command; do
        command -v "$command" >/dev/null || { unavailable "$command is not installed"; return; }
    done
}

has_ipv6() {
    grep -qs '^0\{31\}1 ' /proc/net/if_inet6
}

# need_ipv6: calls unavailable unless there is IPv6, for tests that need both families.
need_ipv6() {
    has_ipv6 || unavailable "IPv6 is off: there is no ::1"
}

# make_book [BOOK]: compiles standard input to BOOK. Without BOOK, compiles the sample tests/book.txt to
# $BATS_FILE_TMPDIR/book.cdb.
make_book() {
    if [ $# -gt 0 ]; then
        "$BUILD/lookup-book" compile --format plain - "$1"
    else
        "$BUILD/lookup-book" compile "$ROOT/tests/book.txt" "$BATS_FILE_TMPDIR/book.cdb" 2>/dev/null
    fi
}

# all_services: sets SERVICES to the names of all services, as lookup-handler knows them.
all_services() {
    IFS='|' read -ra SERVICES < <("$BUILD/lookup-handler" --help | sed -n '1s/.* //p')
    [ "${#SERVICES[@]}" -gt 2 ]
}

# rounds COUNT: prints how often to repeat a test for a race. A sanitized build, which is ten times slower,
# repeats it a tenth as often.
rounds() {
    if [ -d "$BUILD/reports" ]; then echo $(($1 / 10)); else echo "$1"; fi
}

# wait_for COMMAND...: repeats COMMAND until it succeeds, for at most three minutes. The pauses grow from 0.02 s to 0.1 s:
# many commands take as long themselves, and a wait should leave the processor to what it waits for.
wait_for() {
    local deadline=$((SECONDS + 180)) pause=20 seconds
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || { echo "in vain: $*" >&2; return 1; }
        printf -v seconds 0.%03d "$pause"
        read -rt "$seconds" <> <(:) || true
        pause=$((pause < 70 ? pause * 3 / 2 : 100))
    done
}

# Prints a port that is free for TCP and UDP in both families, that the kernel gives to no client (see superserver.py), and that no
# other call in this file prints: a test may take several before it listens on the first.
free_port() {
    local both=
    ! has_ipv6 || both=1
    /usr/bin/python3 -c '
import errno
import os
import random
import socket
import sys
folder, both = sys.argv[1], sys.argv[2:]
while True:
    port = random.randrange(10000, 32768)
    try:
        for sort in socket.SOCK_STREAM, socket.SOCK_DGRAM:
            s = socket.socket(socket.AF_INET6 if both else socket.AF_INET, sort)
            if both:
                s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            s.bind(("::" if both else "", port))
        os.open(f"{folder}/port.{port}", os.O_CREAT | os.O_EXCL)
        break
    except OSError as problem:
        if problem.errno not in (errno.EADDRINUSE, errno.EEXIST):
            raise
print(port)' "$BATS_FILE_TMPDIR" ${both:+both}
}

# Asks the kernel, because a connection would already start a handler.
listens() {
    [ -n "$(ss -Hltn "src $1")" ]
}

# wait_for_listen ADDRESS:PORT LOG: shows LOG if nothing listens there in time.
wait_for_listen() {
    wait_for listens "$1" || { cat "$2" >&2; return 1; }
}

# Prints the folder for files of the test, or of the file in setup_file.
scratch() {
    echo "${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}"
}

# start_background LOG COMMAND...: runs COMMAND with its output in LOG. stop_background, in the matching
# teardown, ends it.
start_background() {
    local log=$1
    shift
    # Empty the log first: it may hold the output of an earlier command.
    : >"$log"
    "$@" </dev/null >"$log" 2>&1 3>&- &
    echo $! >>"$(scratch)/background"
}

is_gone() {
    ! kill -0 "$1" 2>/dev/null
}

stop_background() {
    local pid list
    list=$(scratch)/background
    [ -e "$list" ] || return 0
    while read -r pid; do
        kill "$pid" 2>/dev/null || continue
        wait "$pid" 2>/dev/null || true
        wait_for is_gone "$pid"
    done <"$list"
    rm "$list"
}

# side_by_side FUNCTION ARGUMENT...: runs FUNCTION with each ARGUMENT in parallel. Each run has its own folder
# and background processes. Shows the output of those that fail.
side_by_side() {
    local argument folder folders=() pids=() failed=0
    for argument in "${@:2}"; do
        folder=$(mktemp -d -p "$BATS_TEST_TMPDIR")
        (
            BATS_TEST_TMPDIR=$folder
            trap stop_background EXIT
            "$1" "$argument"
        ) >"$folder/said" 2>&1 3>&- &
        pids+=($!) folders+=("$folder")
    done
    for folder in "${!pids[@]}"; do
        wait "${pids[folder]}" && continue
        failed=1
        echo "$1 ${*:2+folder:1}:"
        cat "${folders[folder]}/said"
    done
    return "$failed"
}

# ask_on_pipe REQUEST COMMAND...: sets $output, including all line ends, $stderr and $status.
ask_on_pipe() {
    printf '%b' "$1" >"$(scratch)/request"
    run --separate-stderr --keep-empty-lines bash -c '"${@:2}" <"$1"' bash "$(scratch)/request" "${@:2}"
}

# clock_off SECONDS: sets CLOCK_OFF, a prefix for a command, whose clock is then wrong by so many seconds. set_clock_off SECONDS
# changes their number while it runs.
clock_off() {
    # shellcheck disable=SC2034 # for the test
    CLOCK_OFF=(env "LD_PRELOAD=$(scratch)/clock_off.so" "CLOCK_OFF=$(scratch)/clock_off")
    "${CC:-cc}" -shared -fPIC -o "$(scratch)/clock_off.so" "$ROOT/tests/tools/clock_off.c"
    set_clock_off "$1"
}

# The file keeps its length, because a program has it mapped.
set_clock_off() {
    printf '%+020d\n' "$1" 1<>"$(scratch)/clock_off"
}
