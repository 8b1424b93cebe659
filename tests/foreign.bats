#!/usr/bin/env bats
# bats file_tags=native,long
# The filters of system calls on other machines: 32-bit ones, and one that puts the upper byte first. i686's is kept by this
# kernel, those of arm and s390x by kernels in qemu-system. The interpreter in tests/tools/filter_says.c needs no kernel.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153 # inner shells; bats; used in the other files; set there

load lib
load activation
load breach
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

# built_for MACHINE FOLDER: all that runs in a confined process, static, with the breach; a warning is an error.
built_for() {
    need "$1-gcc"
    mkdir -p "$2"
    "$1-gcc" -idirafter /usr/include -Wall -Werror -D_GNU_SOURCE -c -o "$2/no_systemd.o" "$ROOT/tests/tools/no_systemd.c"
    ar rcs "$2/libsystemd.a" "$2/no_systemd.o"
    run -0 make -C "$ROOT" -j2 BUILD="$2" CC="$1-gcc" MUSL_GCC= LTO= WERROR=-Werror CFLAGS='-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Wno-psabi' \
        CPPFLAGS='-idirafter /usr/include' LDFLAGS="-static -L$2" "$2/lookup" "$2/lookup-book" "$2/lookup-handler" "$2/lookup-server" breach
    # The linker has warnings for getpwuid(3) and its like.
    refute_line --regexp 'warning: [^U]'
}

# has_i686: this kernel runs its programs.
has_i686() {
    "$1/lookup-handler" --version >/dev/null 2>&1 || unavailable "this kernel runs no programs of i686"
}

@test "i686: no attempt succeeds, from handler and server, and all golden cases are answered" {
    local folder=$BATS_TEST_TMPDIR/i686 port
    built_for i686-linux-gnu "$folder"
    has_i686 "$folder"
    LOOKUP=("$BUILD/lookup")
    make_book
    run -0 --separate-stderr "$folder/lookup-handler" --book "$BATS_FILE_TMPDIR/book.cdb" --check lookup
    assert_equal "$stderr" ''
    run -0 "$folder/lookup-book" compile --verbose "$ROOT/src/book.txt" "$BATS_TEST_TMPDIR/sample.cdb"
    refute_output --partial 'not confined'
    BUILD=$folder/breach
    port=$(free_port)
    start_socket_activate "$port" lookup
    holds -h 127.0.0.1 -p "$port"
    stop_background
    start_server tcp:127.0.0.1 "unix:$BATS_TEST_TMPDIR/stream" -- lookup
    holds -h 127.0.0.1 -p "${SOCKETS[0]##*:}"
    holds -U "$BATS_TEST_TMPDIR/stream"
    stop_background
    BUILD=$folder
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
    local folder=$BATS_TEST_TMPDIR/i686 name
    built_for i686-linux-gnu "$folder"
    has_i686 "$folder"
    boot_machine
    in_machine make -s -C /src install
    for name in libexec/lookup/lookup-handler libexec/lookup/lookup-server bin/lookup-book; do
        cp "$folder/${name##*/}" "$MACHINE_DIR/local/$name"
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

# tried_on MACHINE FOLDER QEMU...: what is built in FOLDER answers there, and no attempt succeeds.
tried_on() {
    local machine=$1 folder=$2 root=$2/root attempt
    need "$3" cpio
    [ -e "$BUILD/foreign/$machine/kernel" ] || unavailable "the kernel for $machine is not unpacked in $BUILD"
    mkdir -p "$root"/{bin,breach,dev,etc,proc,tmp}
    cp "$BUILD/foreign/$machine/busybox" "$folder"/{lookup,lookup-book,lookup-handler,lookup-server,mini_inetd} "$root/bin"
    cp "$folder"/breach/* "$root/breach"
    cp "$ROOT/src/book.txt" "$root"
    echo root:x:0:0::/: >"$root/etc/passwd"
    cp "$ROOT/tests/tools/foreign-init" "$root/init"
    echo "${ATTEMPTS[*]}" >"$root/attempts"
    (cd "$root" && find . | cpio --quiet -o -H newc | gzip -1) >"$folder/initrd"
    run timeout 600 "${@:3}" -m 512 -nographic -nodefaults -serial stdio -no-reboot \
        -kernel "$BUILD/foreign/$machine/kernel" -initrd "$folder/initrd"
    output=${output//$'\r'/}
    mapfile -t lines <<<"$output"
    assert_line finished
    # The handler, on a pipe and on a connection; the server, by TCP and UDP, and with workers.
    assert_equal "$(grep -cx 'C45' <<<"$output")" 5
    refute_line --partial 'not confined'
    assert_line 'handler nothing: 0 nothing: done'
    assert_line 'server nothing: 0 nothing: done'
    for attempt in "${ATTEMPTS[@]}"; do
        assert_line "handler $attempt: 2 closed without an answer"
        case $machine.$attempt in
            # It can open files, but not this one.
            *.open | s390x.code) assert_line "server $attempt: 0 $attempt: Permission denied" ;;
            *) assert_line "server $attempt: 2 closed without an answer" ;;
        esac
    done
}

# mini_inetd_for MACHINE FOLDER
mini_inetd_for() {
    "$1-gcc" -D_GNU_SOURCE -Wall -Werror -static -o "$2/mini_inetd" "$ROOT/tests/tools/mini_inetd.c"
}

@test "arm: no attempt succeeds, as its kernel sees them" {
    local folder=$BATS_TEST_TMPDIR/arm
    built_for arm-linux-gnueabihf "$folder"
    mini_inetd_for arm-linux-gnueabihf "$folder"
    tried_on armhf "$folder" qemu-system-arm -M virt -cpu max -append 'console=ttyAMA0 quiet panic=-1'
}

@test "s390x: no attempt succeeds, as its kernel sees them" {
    local folder=$BATS_TEST_TMPDIR/s390x
    built_for s390x-linux-gnu "$folder"
    mini_inetd_for s390x-linux-gnu "$folder"
    tried_on s390x "$folder" qemu-system-s390x -M s390-ccw-virtio -cpu max -append 'console=ttyS0 quiet panic=-1'
}
