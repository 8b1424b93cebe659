#!/usr/bin/env bats
# bats file_tags=native
# Whole builds: with other options, by another compiler, in other places. `make walk` runs this file; `make test` builds with clang
# (the sanitized build).
# shellcheck disable=SC2016 # what is in single quotes is for inner shells

load ../lib

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
    build O3 CPPFLAGS=-DNOTHING CFLAGS=-O3 LDFLAGS=-Wl,-O1 MUSL_GCC= HANDLER_OBJ=obj
    answers O3
}

@test "with clang, -O0" {
    need clang
    build clang CC=clang CFLAGS=-O0
    answers clang
}

@test "a build in another folder makes the same handler" {
    local copy="$BATS_TEST_TMPDIR/else where"
    mkdir "$copy"
    cp -r "$ROOT/Makefile" "$ROOT/src" "$ROOT/systemd" "$ROOT/tests" "$copy"
    run -0 make -C "$copy" -j2 CI= BUILD=build build/lookup-handler
    cmp "$copy/build/lookup-handler" "$BUILD/lookup-handler"
}

# in_odd_place COMMAND...: in a copy of this tree that is read-only and somebody else's, with blanks and quotes in its path; by
# BusyBox, with a umask that hides everything, a locale whose i is not I, and a time zone that is none.
in_odd_place() {
    local odd="$BATS_TEST_TMPDIR/o 'd\"d"
    (
        umask 077
        exec unshare --mount bash -euc 'cd "$1" && mount --bind . . && mount -o remount,bind,ro . && cd . && shift && exec "$@"' bash "$odd" \
            env PATH="$BATS_TEST_TMPDIR/busybox:$PATH" LOCPATH="$BATS_TEST_TMPDIR" LC_ALL=tr_TR.UTF-8 TZ=:Nowhere/Ever \
            make SHELL="$BATS_TEST_TMPDIR/busybox/sh" BUILD="$BATS_TEST_TMPDIR/built" LTO= CFLAGS=-O0 "$@"
    )
}

@test "a tree that is read-only, somebody else's and oddly named; BusyBox, umask 077, Turkish, no such time zone" {
    local applet odd="$BATS_TEST_TMPDIR/o 'd\"d" stage="$BATS_TEST_TMPDIR/st age"
    [ "$(id -u)" = 0 ] || unavailable "only root makes a tree somebody else's"
    need busybox localedef git
    mkdir "$odd" "$BATS_TEST_TMPDIR/busybox"
    cp -r "$ROOT"/{Makefile,src,systemd,xinetd,tests} "$odd"
    git init -q "$odd"
    chown -R 12345:12345 "$odd"
    for applet in $(busybox --list); do
        case $applet in ar | dpkg*) ;; *) ln -s "$(command -v busybox)" "$BATS_TEST_TMPDIR/busybox/$applet" ;; esac
    done
    localedef -i tr_TR -f UTF-8 "$BATS_TEST_TMPDIR/tr_TR.UTF-8"
    run -0 in_odd_place -j4 all install DESTDIR="$stage"
    refute_output --regexp 'warning|rror:|fatal|annot'
    # What is installed is for all users, and root's.
    run -0 find "$stage" ! -perm -444 -o -type d ! -perm -111 -o ! -uid 0
    assert_output ''
    [ -x "$stage/usr/local/bin/lookup" ] && [ -e "$stage/etc/lookup/book.txt" ]
    "$stage/usr/local/bin/lookup" --version
    run -0 in_odd_place uninstall DESTDIR="$stage"
    run -0 find "$stage" -type f
    assert_output "$stage/etc/lookup/book.txt"
}
