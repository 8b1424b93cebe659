#!/usr/bin/env bats
# bats file_tags=native
# The suite itself: what may not pass does not.

# shellcheck disable=SC2016 # what is in single quotes is for the inner tests

load lib

# suite CI FILE...: runs tests/run as by hand, with nothing of the bats that runs this file, which is also first in PATH.
suite() {
    by_hand CI="$1" "$ROOT/tests/run" "${@:2}"
}

by_hand() {
    run env -i PATH="${PATH#*/bats-core:}" HOME="${HOME:-/}" TMPDIR="$BATS_TEST_TMPDIR" "$@"
}

# tests NAME: standard input as a file of tests.
tests() {
    cat >"$BATS_TEST_TMPDIR/$1.bats"
}

last_line_is() {
    assert_equal "${lines[-1]}" "$1"
}

@test "passing tests pass the suite" {
    tests good <<<$'@test "a" { true; }\n@test "b" { true; }'
    suite true "$BATS_TEST_TMPDIR/good.bats"
    assert_success
    last_line_is '2 passed, 0 failed, 0 skipped'
}

@test "a failing test fails the suite" {
    tests good <<<$'@test "a" { true; }'
    tests bad <<<$'@test "b" { true; }\n@test "c" { false; }\n@test "d" { true; }'
    suite '' "$BATS_TEST_TMPDIR/bad.bats" "$BATS_TEST_TMPDIR/good.bats"
    assert_failure
    last_line_is '3 passed, 1 failed, 0 skipped'
}

@test "what a failing test says is shown in part: its first lines, the beginning of each, and how much there was" {
    tests bad <<<$'@test "a" { seq 200; printf "%01000d\\n" 1; false; }\n@test "b" { printf "%01000d\\n" 1; false; }'
    suite '' "$BATS_TEST_TMPDIR/bad.bats"
    assert_failure
    assert_line '# 40'
    refute_line '# 100'
    assert_line --regexp '^# \.\.\. and 1[0-9][0-9] lines more$'
    assert_line --regexp '^# 0{398}\.\.\. \(1002 characters\)$'
    last_line_is '0 passed, 2 failed, 0 skipped'
}

@test "the line that failed is told, in whatever it is" {
    local line count=0
    # bats would take a line with its word for a test of this file.
    sed 's/^=/@test/' <<'TESTS' | tests bad
load "$ROOT/tests/lib"
setup_file() { [ -z "${BAD_SETUP:-}" ]; }
helper() {
    true
    [ "$1" = good ] # 5
}
= "a" {
    true
    false # 9
}
= "b" {
    run -0 false # 12
}
= "c" {
    if [[ a == a ]]; then
        assert_equal a b # 16
    fi
}
= "d" {
    for name in good bad; do helper "$name"; done # 20
}
= "e" {
    [[ a == b ]] # 23
    true
}
= "f" {
    ((1 == 2)) # 27
    true
}
= "g" {
    true | false | true # 31
    [ "$(false)" = x ] # 32
}
TESTS
    by_hand ROOT="$ROOT" BAD_SETUP= "$ROOT/tests/run" "$BATS_TEST_TMPDIR/bad.bats"
    assert_failure
    last_line_is '0 passed, 7 failed, 0 skipped'
    for line in 9 12 16 20 23 27 32; do
        assert_line --regexp "in test file .*bad\.bats, line $line\)\$"
        assert_line --regexp "# $line' failed"
        count=$((count + 1))
    done
    assert_line --regexp "from function .helper' in file .*bad\.bats, line 5,\$"
    assert_equal "$(grep -c 'in test file' <<<"$output")" "$count"
    by_hand ROOT="$ROOT" BAD_SETUP=yes "$ROOT/tests/run" "$BATS_TEST_TMPDIR/bad.bats"
    assert_line --partial 'setup_file failed'
    assert_line --regexp 'in test file .*bad\.bats, line 2\)$'
}

@test "the files that took longest are told when that is asked for" {
    tests good <<<$'@test "a" { true; }'
    suite '' "$BATS_TEST_TMPDIR/good.bats"
    refute_output --partial longest
    by_hand TIMES=1 "$ROOT/tests/run" "$BATS_TEST_TMPDIR/good.bats"
    assert_success
    assert_line --regexp "^#( [0-9]+\.[0-9]{3}){3} $BATS_TEST_TMPDIR/good\.bats of "
    assert_line --regexp "^#( [0-9]+\.[0-9]{3}){3} all files\$"
}

@test "the files that take long begin first" {
    cd "$BATS_TEST_TMPDIR"
    tests a <<<$'@test "a" { echo a >>ran; }'
    tests b <<<$'# bats file_tags=native,first\n@test "b" { echo b >>ran; }'
    by_hand JOBS=1 "$ROOT/tests/run" a.bats b.bats
    assert_success
    assert_equal "$(<ran)" $'b\na'
}

@test "a suite without a test fails" {
    tests none <<<'# nothing'
    suite '' "$BATS_TEST_TMPDIR/none.bats"
    assert_failure
    assert_line '# no test ran'
    last_line_is '0 passed, 0 failed, 0 skipped'
}

@test "a file that is not there fails the suite" {
    tests good <<<$'@test "a" { true; }'
    suite '' "$BATS_TEST_TMPDIR/good.bats" "$BATS_TEST_TMPDIR/missing.bats"
    assert_failure
    assert_output --partial missing.bats
    [[ ${lines[-1]} =~ ^[0-9]+\ passed,\ [0-9]+\ failed,\ 0\ skipped$ ]]
}

@test "a file that is no shell script fails the suite" {
    tests broken <<<$'@test "a" { true; }\n@test "b" { if; }'
    suite '' "$BATS_TEST_TMPDIR/broken.bats"
    assert_failure
    assert_output --partial 'syntax error'
}

@test "a setup_file or teardown_file that fails fails the suite" {
    tests before <<<$'setup_file() { false; }\n@test "a" { true; }'
    suite '' "$BATS_TEST_TMPDIR/before.bats"
    assert_failure
    last_line_is '0 passed, 1 failed, 0 skipped'
    tests after <<<$'teardown_file() { false; }\n@test "a" { true; }'
    suite '' "$BATS_TEST_TMPDIR/after.bats"
    assert_failure
    last_line_is '1 passed, 1 failed, 0 skipped'
}

@test "bats that ends before its tests do fails the suite" {
    tests killed <<<$'@test "a" { true; }\n@test "b" { kill -KILL -- "-$(ps -o pgid= $$ | tr -d " ")"; }\n@test "c" { true; }'
    tests good <<<$'@test "a" { true; }'
    suite '' "$BATS_TEST_TMPDIR/killed.bats" "$BATS_TEST_TMPDIR/good.bats"
    assert_failure
    assert_line '# bats ended with status 137'
    last_line_is '2 passed, 1 failed, 0 skipped'
}

@test "each build takes all tests, a sanitized one those that are not native, and its reports fail the suite" {
    cd "$BATS_TEST_TMPDIR"
    mkdir -p plain sanitized/reports
    echo 'of an earlier run' >sanitized/reports/report.1
    touch -d '1 hour ago' sanitized/reports/report.1
    tests native <<<$'# bats test_tags=native\n@test "a" { echo "$BUILD" >>ran; }\n@test "b" { echo "$BUILD" >>ran; }'
    by_hand BUILDS='plain sanitized' "$ROOT/tests/run" native.bats
    assert_success
    last_line_is '3 passed, 0 failed, 0 skipped'
    assert_equal "$(sort ran | tr '\n' ' ')" 'plain plain sanitized '
    tests smoke <<<$'# bats test_tags=sanitized\n@test "a" { echo "$BUILD" >smoked; }'
    by_hand BUILDS='plain sanitized' "$ROOT/tests/run" smoke.bats
    assert_success
    assert_equal "$(<smoked)" sanitized
    tests reports <<<$'@test "a" { [ ! -d $BUILD/reports ] || echo "what was found" >$BUILD/reports/report.2; }'
    by_hand BUILDS='plain sanitized' "$ROOT/tests/run" reports.bats
    assert_failure
    assert_line 'what was found'
    last_line_is '2 passed, 1 failed, 0 skipped'
}

@test "that a process was killed while it was looked at for leaks is no finding; all else in a report is" {
    local said gone=$'==4589==Unable to get registers from thread 4466.\n'
    cd "$BATS_TEST_TMPDIR"
    mkdir -p sanitized/reports
    tests reports <<<$'@test "a" { printf %s "$SAID" >$BUILD/reports/report.1; }'
    for said in $'\n' "${gone%??}" "$gone"$'==4466==LeakSanitizer has encountered a fatal error.\n' \
        $'==4466==ERROR: LeakSanitizer: detected memory leaks\n'"$gone"; do
        by_hand BUILD=sanitized SAID="$said" "$ROOT/tests/run" reports.bats
        assert_failure
        assert_line '# sanitized/reports/report.1'
        last_line_is '1 passed, 1 failed, 0 skipped'
    done
    for said in '' "$gone" "$gone$gone"; do
        by_hand BUILD=sanitized SAID="$said" "$ROOT/tests/run" reports.bats
        assert_success
        last_line_is '1 passed, 0 failed, 0 skipped'
    done
}

@test "what a sanitizer finds is a report, wherever standard error goes" {
    local flags finding fault
    need clang
    cd "$BATS_TEST_TMPDIR"
    mkdir -p sanitized/reports
    mapfile -t flags < <(make -s -C "$ROOT" SANITIZED="$PWD/sanitized" \
        --eval=$'flags:\n\t@printf "%s\\n" $(SANITIZE_CFLAGS)' flags)
    while IFS=: read -r finding fault; do
        echo "#include <stdlib.h>
            int main(int argc, char **argv) { (void)argv; $fault }" >fault.c
        clang "${flags[@]}" -o fault fault.c "$ROOT/tests/tools/sanitized.c"
        run ! ./fault 2>&-
        run -0 cat sanitized/reports/*
        assert_output --partial "$finding"
        rm sanitized/reports/*
    done <<'FAULTS'
heap-buffer-overflow: char *at = malloc((size_t)argc); return at[argc];
detected memory leaks: char *volatile at = malloc((size_t)argc); at = NULL; return at != NULL;
signed integer overflow: return argc + 0x7fffffff;
FAULTS
}

@test "what cannot be had is skipped, but fails the suite where CI=true" {
    tests skips <<<$'load '"$ROOT"$'/tests/lib\n@test "a" { unavailable "no such thing"; false; }\n@test "b" { true; }'
    suite '' "$BATS_TEST_TMPDIR/skips.bats"
    assert_success
    last_line_is '1 passed, 0 failed, 1 skipped'
    suite true "$BATS_TEST_TMPDIR/skips.bats"
    assert_failure
    last_line_is '1 passed, 1 failed, 0 skipped'
}

@test "the same for a whole file" {
    tests skips <<<$'load '"$ROOT"$'/tests/lib\nsetup_file() { need no-such-command || return 0; }\n@test "a" { false; }\n@test "b" { false; }'
    suite '' "$BATS_TEST_TMPDIR/skips.bats"
    assert_success
    last_line_is '0 passed, 0 failed, 2 skipped'
    suite true "$BATS_TEST_TMPDIR/skips.bats"
    assert_failure
}

@test "a bare skip fails the suite, too, where CI=true" {
    tests skips <<<$'@test "a" { skip "no reason"; }\n@test "b" { true; }'
    suite '' "$BATS_TEST_TMPDIR/skips.bats"
    assert_success
    suite true "$BATS_TEST_TMPDIR/skips.bats"
    assert_failure
    last_line_is '1 passed, 0 failed, 1 skipped'
}

@test "what a developer's shell has set does not reach the tests" {
    tests clean <<<$'@test "a" { [ -z "${LISTEN_FDS+x}${LOOKUP_BOOK+x}${TZ+x}${LC_TIME+x}${REMOTE_ADDR+x}${NOTIFY_SOCKET+x}" ]; }'
    by_hand LISTEN_FDS=1 LOOKUP_BOOK=x TZ=x LC_TIME=x REMOTE_ADDR=x NOTIFY_SOCKET=x \
        "$ROOT/tests/run" "$BATS_TEST_TMPDIR/clean.bats"
    assert_success
}

@test "the suite has a network of its own, with both loopback addresses" {
    [ "$(id -u)" = 0 ] || unavailable "without root there may be none"
    tests network <<<$'@test "a" { readlink /proc/self/ns/net >"$TMPDIR/theirs"; ip -o address show lo >"$TMPDIR/lo"; }'
    by_hand "$ROOT/tests/run" "$BATS_TEST_TMPDIR/network.bats"
    assert_success
    run -1 cmp -s "$BATS_TEST_TMPDIR/theirs" <(readlink /proc/self/ns/net)
    run -0 cat "$BATS_TEST_TMPDIR/lo"
    assert_output --partial 127.0.0.1/8
}

@test "a free port is one that this file was not given before, and that nobody has, by TCP or by UDP" {
    local given tcp udp free
    given=$(free_port) tcp=$(free_port) udp=$(free_port) free=$(free_port)
    rm "$BATS_FILE_TMPDIR"/port.{"$tcp","$udp","$free"}
    start_background "$BATS_TEST_TMPDIR/log" /usr/bin/python3 -c '
import signal
import socket
import sys
tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
tcp.bind(("127.0.0.1", int(sys.argv[1])))
udp.bind(("127.0.0.1", int(sys.argv[2])))
print("bound", flush=True)
signal.pause()' "$tcp" "$udp"
    wait_for grep -q bound "$BATS_TEST_TMPDIR/log"
    # What it draws is not left to chance.
    echo "randrange = lambda *_, ports=[$free, $udp, $tcp, $given]: ports.pop()" >"$BATS_TEST_TMPDIR/random.py"
    PYTHONPATH=$BATS_TEST_TMPDIR PYTHONDONTWRITEBYTECODE=1 run -0 free_port
    stop_background
    assert_output "$free"
}

@test "make walk runs what make test leaves out, and make test none of it" {
    run -0 make --no-print-directory -C "$ROOT" -n walk
    assert_line --regexp 'tests/run tests/long/\*\.bats$'
    assert_line tests/walk
    run -0 make --no-print-directory -C "$ROOT" -n test
    refute_output --partial tests/long
}

@test "a suite in the background of a script, which ignores SIGINT, runs tests that do not" {
    tests signal <<<$'@test "a" { run bash -c \'kill -INT $$; echo alive\'; [ "$status" = 130 ]; }'
    by_hand bash -c 'trap "" INT; exec "$@"' bash "$ROOT/tests/run" "$BATS_TEST_TMPDIR/signal.bats"
    assert_success
}

@test "apt-install waits until another one has ended, and lets apt wait for dpkg" {
    [ "$(id -u)" = 0 ] || unavailable "only root mounts something over /usr/sbin"
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\necho "$@" >"%s/said"\n' "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/bin/apt-get"
    chmod +x "$BATS_TEST_TMPDIR/bin/apt-get"
    run -0 env PATH="$BATS_TEST_TMPDIR/bin:$PATH" timeout 120 unshare --mount bash -euc '
        mount -t tmpfs tmpfs /usr/sbin
        mount -t tmpfs tmpfs /var/lib/apt
        exec 9</var/lib/apt
        flock 9
        "$1/tests/tools/apt-install" thing 9<&- &
        waits=$!
        until grep -q -e "-> FLOCK .* $waits " /proc/locks; do kill -0 "$waits"; read -rt 0.05 <> <(:) || true; done
        [ ! -e "$2/said" ]
        exec 9<&-
        wait "$waits"
        cat "$2/said"' bash "$ROOT" "$BATS_TEST_TMPDIR"
    assert_output 'install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 thing'
}
