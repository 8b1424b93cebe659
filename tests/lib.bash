# What all test files share; each starts with `load lib`.
# shellcheck disable=SC2016 # what is in single quotes is for inner shells

bats_require_minimum_version 1.5.0
load /usr/lib/bats/bats-support/load
load /usr/lib/bats/bats-assert/load

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$(cd "${BUILD:-$ROOT/build}" && pwd)
export ROOT BUILD GOLDEN=$ROOT/tests/tools/golden.py TALK=$ROOT/tests/tools/talk.py

# unavailable REASON: what is to be tested needs what this system does not have. Where CI=true everything is to be there.
# In setup_file, where bats cannot skip, it gives 1 and each test of the file is skipped: `need nc || return 0`.
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

# For files that have no setup of their own.
setup() {
    skip_if_unavailable
}

# need COMMAND...: all of them, or it is unavailable.
need() {
    local command
    for command; do
        command -v "$command" >/dev/null || { unavailable "$command is not installed"; return; }
    done
}

has_ipv6() {
    grep -qs '^0\{31\}1 ' /proc/net/if_inet6
}

# For what takes both families. As unavailable does, it is told and counted.
need_ipv6() {
    has_ipv6 || unavailable "IPv6 is off: there is no ::1"
}

# make_book [BOOK]: compiles standard input to BOOK, or, without one, the sample tests/book.txt to
# $BATS_FILE_TMPDIR/book.cdb.
make_book() {
    if [ $# -gt 0 ]; then
        "$BUILD/lookup-book" compile --format plain - "$1"
    else
        "$BUILD/lookup-book" compile "$ROOT/tests/book.txt" "$BATS_FILE_TMPDIR/book.cdb" 2>/dev/null
    fi
}

# rounds COUNT: how often to try what takes luck to go wrong; a sanitized build, where each try takes ten times as long, tries
# a tenth as often.
rounds() {
    if [ -d "$BUILD/reports" ]; then echo $(($1 / 10)); else echo "$1"; fi
}

# wait_for COMMAND...: until it succeeds, a minute at most.
wait_for() {
    local deadline=$((SECONDS + 60))
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || { echo "in vain: $*" >&2; return 1; }
        read -rt 0.02 <> <(:) || true
    done
}

# A port that nobody has, in either family, nor will be given as a client: see superserver.py.
free_port() {
    local both=
    ! has_ipv6 || both=1
    /usr/bin/python3 -c '
import random
import socket
import sys
while True:
    port = random.randrange(10000, 32768)
    try:
        if sys.argv[1:]:
            s = socket.socket(socket.AF_INET6)
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            s.bind(("::", port))
        else:
            s = socket.socket()
            s.bind(("", port))
        break
    except OSError:
        pass
print(port)' ${both:+both}
}

# Asks the kernel: connecting, to see whether it works, would already start a handler.
listens() {
    [ -n "$(ss -Hltn "src $1")" ]
}

# wait_for_listen ADDRESS:PORT LOG: LOG is shown if it never comes to that.
wait_for_listen() {
    wait_for listens "$1" || { cat "$2" >&2; return 1; }
}

# Where what belongs to the test, or in setup_file to the file, is kept.
scratch() {
    echo "${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}"
}

# start_background LOG COMMAND...: its output goes to LOG. stop_background, in the teardown of the same kind, ends it.
start_background() {
    local log=$1
    shift
    # Before it is there: what the one before had to say in the same file is not to be taken for its words.
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

# side_by_side FUNCTION ARGUMENT...: FUNCTION with each ARGUMENT, all at the same time. Each has a folder and a background of its
# own; what it said is shown if it failed.
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

# ask_on_pipe REQUEST COMMAND...: sets $output, with all its line ends, $stderr and $status.
ask_on_pipe() {
    printf '%b' "$1" >"$(scratch)/request"
    run --separate-stderr --keep-empty-lines bash -c '"${@:2}" <"$1"' bash "$(scratch)/request" "${@:2}"
}
