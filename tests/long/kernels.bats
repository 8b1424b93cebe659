#!/usr/bin/env bats
# bats file_tags=native
# The filters of system calls of arm and s390x, kept by their kernels in qemu-system. It takes minutes, and 110 MB of Debian's
# mirror: `make walk` runs it, `make test` does not. tests/long/ports.bats has what needs no such kernel.

# shellcheck disable=SC2016,SC2153,SC2154 # inner shells; set in the other files

load ../lib
load ../breach
load ../foreign

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
