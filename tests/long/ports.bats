#!/usr/bin/env bats
# bats file_tags=native
# Other machines than this one: 32-bit ones, and one that puts the upper byte first. Their programs are built here and run by
# qemu, which knows neither Landlock nor filters of system calls; so they are built without confinement. Those of i686 are run,
# and confined, by this kernel. `make walk` runs this file, `make test` does not.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153 # inner shells; bats; used in the other files; set there

load ../lib
load ../activation
load ../breach
load ../foreign
load ../machine

teardown() {
    stop_background
    poweroff_machine
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
