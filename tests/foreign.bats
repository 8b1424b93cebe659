#!/usr/bin/env bats
# bats file_tags=native,long
# The filters of system calls on other machines: 32-bit ones, and one that puts the upper byte first. i686's is kept by this
# kernel. The interpreter in tests/tools/filter_says.c needs no kernel. Kernels of arm and s390x are asked by `make walk`.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153 # inner shells; bats; used in the other files; set there

load lib
load activation
load breach
load foreign
load machine

teardown() {
    stop_background
    poweroff_machine
}

# says COMPILER MACHINE [EMULATOR]: prints what the filters say there.
says() {
    need "$1"
    "$1" -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -I"$ROOT/src" -static -o "$BATS_TEST_TMPDIR/says" \
        "$ROOT/tests/tools/filter_says.c" "$ROOT/src/net/filter.c"
    "${@:3}" "$BATS_TEST_TMPDIR/says" "$2"
}

# says_the_same COMPILER MACHINE EMULATOR: there as here, where tests/confine.bats tries the filters themselves.
says_the_same() {
    [ "$(uname -m)" = x86_64 ] || unavailable "this machine is not x86-64"
    says gcc 0xC000003E >"$BATS_TEST_TMPDIR/here"
    [ "$(grep -c ': killed$' "$BATS_TEST_TMPDIR/here")" -gt 100 ]
    says "$@" >"$BATS_TEST_TMPDIR/there"
    run ! grep 'socketcall: [^k]' "$BATS_TEST_TMPDIR/there"
    diff <(grep -v socketcall "$BATS_TEST_TMPDIR/there") "$BATS_TEST_TMPDIR/here"
}

@test "i686: the filters say what they say here" {
    says_the_same i686-linux-gnu-gcc 0x40000003 qemu-i386-static
}

@test "arm: the filters say what they say here" {
    says_the_same arm-linux-gnueabihf-gcc 0x40000028 qemu-arm-static
}

@test "aarch64: the filters say what they say here" {
    says_the_same aarch64-linux-gnu-gcc 0xC00000B7 qemu-aarch64-static
}

@test "s390x: the filters say what they say here, but for mmap, whose arguments are in memory" {
    run -1 says_the_same s390x-linux-gnu-gcc 0x80000016 qemu-s390x-static
    assert_equal "$(grep -c '^[<>]' <<<"$output")" 6
    assert_equal "$(grep '^<' <<<"$output")" "$(printf '< %s mmap to execute: allowed\n' import streams server)"
}

@test "x32, which has no table, compiles without one" {
    [ "$(uname -m)" = x86_64 ] || unavailable "this machine is not x86-64"
    # All that glibc's headers for it have more than those for x86-64.
    mkdir "$BATS_TEST_TMPDIR/gnu" && touch "$BATS_TEST_TMPDIR/gnu/stubs-x32.h"
    run -0 gcc -mx32 -fsyntax-only -Wall -Wextra -Werror -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -I"$BATS_TEST_TMPDIR" \
        -I"$ROOT/src" -idirafter /usr/include/x86_64-linux-gnu "$ROOT"/src/*/*.c
    assert_output ''
}

# built_for_i686: once a file; sets I686, their folder.
built_for_i686() {
    I686=$BATS_FILE_TMPDIR/i686
    [ -e "$I686/built" ] || built_for i686-linux-gnu "$I686"
    touch "$I686/built"
    "$I686/lookup-handler" --version >/dev/null 2>&1 || unavailable "this kernel runs no programs of i686"
}

@test "i686: no attempt succeeds, from handler and server; the same book, all golden cases, large files" {
    local port
    built_for_i686
    has_large_files "$I686"
    LOOKUP=("$BUILD/lookup")
    make_book
    run -0 --separate-stderr "$I686/lookup-handler" --book "$BATS_FILE_TMPDIR/book.cdb" --check lookup
    assert_equal "$stderr" ''
    run -0 "$I686/lookup-book" compile --verbose "$ROOT/tests/book.txt" "$BATS_TEST_TMPDIR/book.cdb"
    refute_output --partial 'not confined'
    cmp "$BATS_TEST_TMPDIR/book.cdb" "$BATS_FILE_TMPDIR/book.cdb"
    run -0 "$I686/lookup-book" check "$BATS_TEST_TMPDIR/book.cdb"
    BUILD=$I686/breach
    port=$(free_port)
    start_socket_activate "$port" lookup
    holds -h 127.0.0.1 -p "$port"
    stop_background
    start_server tcp:127.0.0.1 "unix:$BATS_TEST_TMPDIR/stream" -- lookup
    holds -h 127.0.0.1 -p "${SOCKETS[0]##*:}"
    holds -U "$BATS_TEST_TMPDIR/stream"
    stop_background
    BUILD=$I686
    start_server tcp:127.0.0.1 udp:127.0.0.1 -- lookup
    run -0 "$GOLDEN" --tcp "${SOCKETS[0]#*:}" "$ROOT/tests/golden/lookup.golden"
    run -0 "$GOLDEN" --udp "${SOCKETS[1]#*:}" "$ROOT/tests/golden/lookup.golden"
}

# answers_in_its_unit UNIT
answers_in_its_unit() {
    in_machine mkdir -p "/run/systemd/system/$1.d"
    in_machine tee "/run/systemd/system/$1.d/i686.conf" >/dev/null <<'UNIT'
[Service]
SystemCallArchitectures=x86
UNIT
}

@test "i686: the units leave the handler and lookup-book all the calls that they need" {
    local name
    built_for_i686
    boot_machine
    in_machine make -s -C /src install
    for name in libexec/lookup/lookup-handler libexec/lookup/lookup-server bin/lookup-book; do
        cp "$I686/${name##*/}" "$MACHINE_DIR/local/$name"
    done
    answers_in_its_unit lookup@.service
    answers_in_its_unit lookup-server.service
    answers_in_its_unit lookup-book.service
    in_machine systemctl daemon-reload
    in_machine systemctl start lookup.socket lookup-book.path
    run -0 in_machine lookup -w 60 John
    assert_output C45
    in_machine sh -c 'echo "Ada = A1" >/etc/lookup/book.txt'
    wait_for in_machine sh -c '[ "$(lookup -w 60 Ada)" = A1 ]'
    in_machine systemctl start lookup-server.socket
    run -0 in_machine lookup -w 60 Ada
    assert_output A1
    run -0 in_machine journalctl -q -o cat -u 'lookup@*' -u lookup-server -u lookup-book
    refute_output --partial 'not confined'
}
