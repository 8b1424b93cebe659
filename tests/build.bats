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
    build O3 CPPFLAGS=-DNOTHING CFLAGS=-O3 LDFLAGS=-Wl,-O1 MUSL_GCC= HANDLER_OBJ=obj
    answers O3
}

@test "a compiler that make deps installs is used at once, also where programs of another one were built" {
    local bin=$BATS_TEST_TMPDIR/bin handler=$BATS_TEST_TMPDIR/build/lookup-handler
    need musl-gcc readelf
    mkdir "$bin"
    ln -s /usr/bin/* "$bin"
    rm "$bin/musl-gcc"
    printf 'later:\n\tln -s /usr/bin/musl-gcc %s\n' "$bin" >"$BATS_TEST_TMPDIR/later.mk"
    PATH=$bin make -C "$ROOT" -j2 BUILD="$BATS_TEST_TMPDIR/build" LTO= "$handler"
    run -0 readelf --wide --program-headers "$handler"
    assert_output --partial INTERP
    PATH=$bin make -C "$ROOT" BUILD="$BATS_TEST_TMPDIR/build" LTO= -f Makefile -f "$BATS_TEST_TMPDIR/later.mk" later "$handler"
    run -0 readelf --wide --program-headers "$handler"
    refute_output --partial INTERP
    # What is built is installed where there is no compiler, or another one.
    rm "$bin"/{cc,gcc,musl-gcc}
    PATH=$bin make -C "$ROOT" BUILD="$BUILD" install DESTDIR="$BATS_TEST_TMPDIR/stage"
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

@test "a blank in BUILD or PREFIX is refused before anything is made or removed" {
    mkdir "$BATS_TEST_TMPDIR/kept" && touch "$BATS_TEST_TMPDIR/kept/file"
    run -2 make -C "$ROOT" clean BUILD="$BATS_TEST_TMPDIR/kept $BATS_TEST_TMPDIR/too"
    assert_output --partial 'BUILD has a blank in it'
    [ -e "$BATS_TEST_TMPDIR/kept/file" ]
    run -2 make -C "$ROOT" -n install PREFIX='/opt/my programs'
    assert_output --partial 'PREFIX has a blank in it'
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

@test "a package is tried as it is built, unless it is for another machine or nocheck" {
    need dpkg-architecture
    local tries=(env -u MAKEFLAGS make --no-print-directory -n -C "$ROOT" -f debian/rules override_dh_auto_test)
    run -0 env DEB_BUILD_OPTIONS=parallel=2 "${tries[@]}"
    assert_output 'debian/tests/pipe build'
    run -0 env DEB_BUILD_OPTIONS='parallel=2 nocheck' "${tries[@]}"
    refute_output --partial pipe
    run -0 env DEB_BUILD_ARCH=amd64 DEB_HOST_ARCH=s390x "${tries[@]}"
    refute_output --partial pipe
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

@test "PREFIX is an absolute path that units and sed take as it is" {
    local prefix
    for prefix in \~/.local local ''; do
        run -2 make -C "$ROOT" -n install PREFIX="$prefix"
        assert_output --partial 'PREFIX is not an absolute path, such as "$HOME/.local"'
    done
    for prefix in '/a&b' '/a,b' '/a\b' '/100%' '/a`b' "/it's" '/a"b' '/a$$b'; do
        run -2 make -C "$ROOT" -n install PREFIX="$prefix"
        assert_output --regexp 'PREFIX has a .* in it'
    done
    run -0 make -C "$ROOT" -n install PREFIX=/opt//l/
    assert_output --partial /opt/l/libexec/lookup/
    refute_output --partial //l
    refute_output --partial l//
}

# staged TARGET [VARIABLE...]: make install or uninstall, in this test's stage.
staged() {
    make -s -C "$ROOT" -o all "$1" BUILD="$BUILD" DESTDIR="$BATS_TEST_TMPDIR/stage" "${@:2}"
}

@test "make install gives the sample to those alone who have no source and no book, and follows no link of theirs" {
    local stage=$BATS_TEST_TMPDIR/stage etc=$BATS_TEST_TMPDIR/stage/etc
    mkdir -p "$etc/lookup" "$etc/xinetd.d" "$stage/var/lib/lookup"
    touch "$etc/lookup/Staff.CSV"
    staged install
    [ ! -e "$etc/lookup/book.txt" ]
    rm "$etc/lookup/Staff.CSV"
    ln -s /var/lib/lookup-sync/nothing.cdb "$stage/var/lib/lookup/book.cdb"
    staged install
    [ ! -e "$etc/lookup/book.txt" ]
    rm "$stage/var/lib/lookup/book.cdb"
    echo KEY=secret >"$etc/lookup/lookup.env"
    staged install
    cmp "$etc/lookup/book.txt" "$ROOT/src/book.txt"
    ln -sf /nowhere "$etc/lookup/book.txt"
    ln -sf /nowhere "$etc/xinetd.d/lookup"
    staged install
    [ -L "$etc/lookup/book.txt" ] && [ -L "$etc/xinetd.d/lookup" ]
}

@test "make uninstall without the UNITDIR of make install takes nothing away, and says so; a second one is quiet" {
    local stage=$BATS_TEST_TMPDIR/stage unitdir=/etc/systemd/system before
    staged install PREFIX=/opt/l UNITDIR=$unitdir
    before=$(find "$stage" | sort)
    run -2 staged uninstall PREFIX=/opt/l
    assert_line "nothing is installed in $stage/opt/l/lib/systemd/system: give the UNITDIR= of make install"
    assert_equal "$(find "$stage" | sort)" "$before"
    staged uninstall PREFIX=/opt/l UNITDIR=$unitdir
    run -0 find "$stage" -type f
    assert_output "$stage/etc/lookup/book.txt"
    run -0 staged uninstall PREFIX=/opt/l UNITDIR=$unitdir
    assert_output ''
    run -0 staged uninstall PREFIX=/opt/l
    assert_output ''
}

@test "make uninstall takes the xinetd files that name its PREFIX, however they are spaced, and no others" {
    local etc=$BATS_TEST_TMPDIR/stage/etc/xinetd.d
    staged install PREFIX=/usr/local
    sed -i 's,server  *= /,server\t=\t/,' "$etc"/*
    run -0 staged install PREFIX=/local
    assert_line --partial "files in $etc name the programs of another PREFIX: remove these, then make install again: "
    run -0 staged install PREFIX=/usr/local
    refute_output --partial 'another PREFIX'
    staged uninstall PREFIX=/local
    [ "$(find "$etc" -type f | wc -l)" = 5 ]
    staged uninstall PREFIX=/usr/local
    [ -z "$(find "$etc" -type f)" ]
}
