#!/usr/bin/env bats
# bats file_tags=native,long
# Building, as packagers and people with other compilers do it.
# shellcheck disable=SC2016 # what is in single quotes is for inner shells

load lib

# build BUILD_FOLDER VARIABLE...: all of it; a warning is an error. Not linked as a whole, for that takes most of the time.
build() {
    run -0 make -C "$ROOT" -j2 BUILD="$BATS_TEST_TMPDIR/$1" LTO= WERROR=-Werror "${@:2}"
    refute_output --partial 'warning:'
}

# answers FOLDER: a book is made, and the handler answers from it.
answers() {
    local folder=$BATS_TEST_TMPDIR/$1
    "$folder/lookup-book" compile "$ROOT/tests/book.txt" "$folder/book.cdb"
    run -0 bash -c 'printf John | "$1" --book "$2" lookup' bash "$folder/lookup-handler" "$folder/book.cdb"
    assert_output C45
}

@test "with CPPFLAGS, CFLAGS and LDFLAGS of one's own, and where there is no musl-gcc" {
    build O3 CPPFLAGS=-DNOTHING CFLAGS=-O3 LDFLAGS=-Wl,-O1 MUSL_GCC=
    answers O3
}

@test "with clang, -O0" {
    need clang
    build clang CC=clang CFLAGS=-O0
    answers clang
}

@test "what is linked dynamically is hardened" {
    local program
    for program in lookup lookup-book lookup-server lookup-sync; do
        run -0 readelf --wide --file-header --program-headers --dynamic --dyn-syms --notes "$BUILD/$program"
        assert_output --regexp 'Type: +DYN'
        assert_output --partial GNU_RELRO
        assert_output --partial BIND_NOW
        assert_output --regexp 'GNU_STACK.* RW +0x'
        assert_output --partial __stack_chk_fail
        assert_output --regexp '__[a-z]+_chk@' # _FORTIFY_SOURCE
    done
    run -0 commands CC=gcc
    assert_output --partial '-fstack-clash-protection'
    # Whether a program has it in the end depends on the libraries' startup files, too.
    [ "$(uname -m)" != x86_64 ] || assert_output --partial '-fcf-protection'
}

@test "a build in another folder makes the same programs" {
    local copy="$BATS_TEST_TMPDIR/else where"
    mkdir "$copy"
    cp -r "$ROOT/Makefile" "$ROOT/src" "$ROOT/systemd" "$ROOT/tests" "$copy"
    run -0 make -C "$copy" -j2 CI= BUILD=build build/lookup build/lookup-handler
    cmp "$copy/build/lookup" "$BUILD/lookup"
    cmp "$copy/build/lookup-handler" "$BUILD/lookup-handler"
}

# commands VARIABLE...: that make would run.
commands() {
    make -C "$ROOT" -n BUILD="$BATS_TEST_TMPDIR/none" V=1 "$@" all
}

@test "musl-gcc is for those alone who build for this machine" {
    command -v musl-gcc >/dev/null || unavailable "musl-gcc is not installed"
    need clang
    commands CC=gcc | grep -q musl-gcc
    commands CC=clang | grep -q musl-gcc
    run -0 commands CC='clang --target=aarch64-linux-gnu'
    refute_output --partial musl-gcc
}

@test "a warning is an error where CI=true, and nowhere else" {
    run -0 commands CI=
    refute_output --partial -Werror
    run -0 commands CI=true
    assert_output --partial -Werror
    run -0 commands CPPFLAGS=-DNOTHING
    assert_output --partial '-Isrc'
}

@test "a compiler that knows no -print-multiarch, as clang 16 and later" {
    command -v musl-gcc >/dev/null || unavailable "musl-gcc is not installed"
    need clang
    printf '#!/bin/sh\n[ "$1" != -print-multiarch ] || { echo "unknown argument" >&2; exit 1; }\nexec clang "$@"\n' >"$BATS_TEST_TMPDIR/clang16"
    chmod +x "$BATS_TEST_TMPDIR/clang16"
    run -0 commands CC="$BATS_TEST_TMPDIR/clang16"
    assert_output --regexp 'musl-gcc.* -idirafter /usr/include/[a-z0-9_]+-linux-gnu'
    refute_output --partial 'unknown argument'
}

@test "make install without root puts what it can below PREFIX and says what it left" {
    local as=() prefix=$BATS_TEST_TMPDIR/home/.local
    mkdir -p "${prefix%/*}"
    if [ "$(id -u)" = 0 ]; then
        as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
        chown 65534:65534 "${prefix%/*}"
        chmod a+x "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
    fi
    run -0 "${as[@]}" make -s -C "$ROOT" -o all install BUILD="$BUILD" PREFIX="$prefix"
    assert_output --partial 'not root: left out are /etc/lookup'
    [ -x "$prefix/bin/lookup" ] && [ -x "$prefix/libexec/lookup/lookup-handler" ]
    grep -q "ExecStart=$prefix/libexec" "$prefix/lib/systemd/system/lookup@.service"
}
