#!/usr/bin/env bats
# bats file_tags=native
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

@test "with CPPFLAGS, CFLAGS and LDFLAGS of one's own" {
    build O1 CPPFLAGS=-DNOTHING CFLAGS=-O1 LDFLAGS=-Wl,-O1
    answers O1
}

@test "with -O3, and where there is no musl-gcc" {
    build O3 CFLAGS=-O3 MUSL_GCC=
    answers O3
}

@test "with clang, -O0" {
    need clang
    build clang CC=clang CFLAGS=-O0
    answers clang
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
