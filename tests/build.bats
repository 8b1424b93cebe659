#!/usr/bin/env bats
# bats file_tags=native,first
# Building, as packagers and people with other compilers do it. Whole builds of this kind are in tests/long.
# shellcheck disable=SC2016 # what is in single quotes is for inner shells

load lib

@test "a compiler that make deps installs is used at once, also where programs of another one were built" {
    local bin=$BATS_TEST_TMPDIR/bin handler=$BATS_TEST_TMPDIR/build/lookup-handler options=(CC=quick CFLAGS= LTO=)
    need musl-gcc readelf
    mkdir "$bin"
    ln -s /usr/bin/* "$bin"
    rm "$bin/musl-gcc"
    # What is compiled twice is not optimised.
    printf '#!/bin/sh\nexec /usr/bin/gcc "$@" -O0\n' >"$bin/quick"
    chmod +x "$bin/quick"
    export REALGCC=quick # musl-gcc's
    printf 'later:\n\tln -s /usr/bin/musl-gcc %s\n' "$bin" >"$BATS_TEST_TMPDIR/later.mk"
    PATH=$bin make -C "$ROOT" -j2 BUILD="$BATS_TEST_TMPDIR/build" "${options[@]}" "$handler"
    run -0 readelf --wide --program-headers "$handler"
    assert_output --partial INTERP
    PATH=$bin make -C "$ROOT" BUILD="$BATS_TEST_TMPDIR/build" "${options[@]}" -f Makefile -f "$BATS_TEST_TMPDIR/later.mk" later "$handler"
    run -0 readelf --wide --program-headers "$handler"
    refute_output --partial INTERP
    # What is built is installed where there is no compiler, or another one.
    rm "$bin"/{cc,gcc,musl-gcc,quick}
    PATH=$bin make -C "$ROOT" BUILD="$BUILD" install DESTDIR="$BATS_TEST_TMPDIR/stage"
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
    local as=() prefix=$BATS_TEST_TMPDIR/home/.local tree=$ROOT built=$BUILD
    mkdir -p "${prefix%/*}"
    if [ "$(id -u)" = 0 ]; then
        # Also of a clone that only root can enter.
        tree=$BATS_TEST_TMPDIR/tree built=$BATS_TEST_TMPDIR/built
        mkdir "$tree" "$built"
        as=(unshare --mount bash -euc 'mount --bind "$1" "$2"; mount --bind "$3" "$4"; exec "${@:5}"' bash "$ROOT" "$tree" "$BUILD" "$built"
            setpriv --reuid=65534 --regid=65534 --clear-groups)
        chown 65534:65534 "${prefix%/*}"
        chmod a+x "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
    fi
    run -0 "${as[@]}" make -s -C "$tree" -o all install BUILD="$built" PREFIX="$prefix"
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
    assert_line "no unit is installed in $stage/opt/l/lib/systemd/system: give the UNITDIR= of make install, or run that again"
    assert_equal "$(find "$stage" | sort)" "$before"
    staged uninstall PREFIX=/opt/l UNITDIR=$unitdir
    run -0 find "$stage" -type f
    assert_output "$stage/etc/lookup/book.txt"
    run -0 staged uninstall PREFIX=/opt/l UNITDIR=$unitdir
    assert_output ''
    run -0 staged uninstall PREFIX=/opt/l
    assert_output ''
}

@test "make uninstall of a PREFIX keeps the units of another that has taken its UNITDIR" {
    local units=$BATS_TEST_TMPDIR/stage/etc/systemd/system
    staged install PREFIX=/opt/a UNITDIR=/etc/systemd/system
    staged install PREFIX=/opt/b UNITDIR=/etc/systemd/system
    run -0 staged uninstall PREFIX=/opt/a UNITDIR=/etc/systemd/system
    assert_line "the units in $units are kept: they start the programs of another PREFIX"
    grep -q /opt/b "$units/lookup@.service"
    run -0 staged uninstall PREFIX=/opt/b UNITDIR=/etc/systemd/system
    assert_output ''
    [ -z "$(find "$units" -type f)" ]
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
