#!/usr/bin/env bats
# bats file_tags=native,long
# Other machines than this one: 32-bit ones, and one that puts the upper byte first. Their programs are built here and run by
# qemu, which knows neither Landlock nor filters of system calls; so they are built without confinement. i686: foreign.bats.

load lib
load foreign

# built_plainly_for MACHINE: the handler and lookup-book, static. A compiler's warning is an error; the linker has one for getpwuid(3).
# The handler is made of lookup-book's objects: twice as many would take twice as long.
built_plainly_for() {
    need "$1-gcc"
    run -0 make -C "$ROOT" -j2 BUILD="$BATS_TEST_TMPDIR" CC="$1-gcc" MUSL_GCC= LTO= WERROR=-Werror CFLAGS=-O1 LDFLAGS=-static \
        CONFINE=none HANDLER_OBJ=obj "$BATS_TEST_TMPDIR/lookup-book" "$BATS_TEST_TMPDIR/lookup-handler"
    refute_line --regexp 'warning: [^U]'
}

# makes_the_same_book EMULATOR
makes_the_same_book() {
    need "$1"
    make_book
    run -0 "$1" "$BATS_TEST_TMPDIR/lookup-book" compile "$ROOT/tests/book.txt" "$BATS_TEST_TMPDIR/book.cdb"
    cmp "$BATS_TEST_TMPDIR/book.cdb" "$BATS_FILE_TMPDIR/book.cdb"
    run -0 "$1" "$BATS_TEST_TMPDIR/lookup-book" check "$BATS_TEST_TMPDIR/book.cdb"
}

# answers EMULATOR: in the handler's static program.
answers() {
    run -0 bash -c 'printf John | "$@"' bash "$1" "$BATS_TEST_TMPDIR/lookup-handler" --book "$BATS_TEST_TMPDIR/book.cdb" lookup
    assert_output C45
}

# answers_all EMULATOR: ... what the golden tables ask. How a client keeps its side open is tried with the shorter one.
answers_all() {
    is_golden "$1" lookup --ends
    is_golden "$1" clock
}

# is_golden EMULATOR SERVICE [OPTION]
is_golden() {
    run -0 "$GOLDEN" --pipe "${@:3}" "$ROOT/tests/golden/$2.golden" -- \
        "$1" "$BATS_TEST_TMPDIR/lookup-handler" --book "$BATS_TEST_TMPDIR/book.cdb" "$2"
    assert_line --regexp '^[1-9][0-9]+ cases, 0 wrong$'
}

@test "arm, 32 bits: built without a warning; the same book, the golden answers, large files" {
    built_plainly_for arm-linux-gnueabihf
    makes_the_same_book qemu-arm-static
    has_large_files "$BATS_TEST_TMPDIR"
    answers_all qemu-arm-static
}

@test "s390x, upper byte first: built without a warning; the same book, the golden answers" {
    built_plainly_for s390x-linux-gnu
    makes_the_same_book qemu-s390x-static
    answers_all qemu-s390x-static
}

@test "aarch64: built without a warning; the same book, an answer" {
    built_plainly_for aarch64-linux-gnu
    makes_the_same_book qemu-aarch64-static
    answers qemu-aarch64-static
}

# linked_but FILE FOLDER NEW: links to what is in FOLDER but FILE.
linked_but() {
    mkdir "$3"
    ln -s "$2"/* "$3"
    rm "$3/$1"
}

# The kernel's headers of Debian 11 know no Landlock.
@test "headers without Landlock: all is built, and confined where the kernel can" {
    local old=$BATS_TEST_TMPDIR/old
    mkdir "$old"
    linked_but linux /usr/include "$old/include"
    linked_but landlock.h /usr/include/linux "$old/include/linux"
    cat >"$old/before.h" <<'C'
#include <sys/syscall.h>
#undef SYS_landlock_create_ruleset
#undef SYS_landlock_add_rule
#undef SYS_landlock_restrict_self
C
    run -0 make -C "$ROOT" BUILD="$BATS_TEST_TMPDIR" CC=gcc MUSL_GCC= LTO= WERROR=-Werror CFLAGS=-O1 HANDLER_OBJ=obj \
        CPPFLAGS="-nostdinc -isystem $(gcc -print-file-name=include) -isystem $old/include -isystem $old/include/$(gcc -print-multiarch) -include $old/before.h" \
        "$BATS_TEST_TMPDIR/lookup-handler" "$BATS_TEST_TMPDIR/obj/src/sync/sandbox.o"
    refute_output --partial 'warning:'
    run ! grep -q 'include/linux/landlock.h' "$BATS_TEST_TMPDIR/obj/src/net/confine.d"
    make_book
    run -0 --separate-stderr "$BATS_TEST_TMPDIR/lookup-handler" --book "$BATS_FILE_TMPDIR/book.cdb" --check lookup
    assert_equal "$stderr" "$("$BUILD/lookup-handler" --book "$BATS_FILE_TMPDIR/book.cdb" --check lookup 2>&1)"
}
