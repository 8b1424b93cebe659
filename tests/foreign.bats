#!/usr/bin/env bats
# bats file_tags=native,first
# Other machines than this one: what the filters of system calls say there, pointers of 32 bits, and the upper byte first. The
# interpreter in tests/tools/filter_says.c needs no kernel. Programs of more machines, and their kernels, are tried in tests/long.

load lib
load foreign

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

@test "i686: the sources compile without a warning" {
    need i686-linux-gnu-gcc
    run -0 i686-linux-gnu-gcc -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wvla -Werror -Wno-psabi \
        -std=gnu17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -I"$ROOT/src" -idirafter /usr/include "$ROOT"/src/*/*.c
    assert_output ''
}

# All the golden tables: tests/long.
@test "s390x, upper byte first: built without a warning; the same book, an answer" {
    built_plainly_for s390x-linux-gnu
    makes_the_same_book qemu-s390x-static
    answers qemu-s390x-static
}
