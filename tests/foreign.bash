# Programs for other machines than this one.

# built_for MACHINE FOLDER: builds the programs that confine themselves, and those with the breach, static, into FOLDER. A compiler's
# warning is an error.
built_for() {
    need "$1-gcc"
    mkdir -p "$2"
    "$1-gcc" -idirafter /usr/include -Wall -Werror -D_GNU_SOURCE -c -o "$2/no_systemd.o" "$ROOT/tests/tools/no_systemd.c"
    ar rcs "$2/libsystemd.a" "$2/no_systemd.o"
    run -0 make -C "$ROOT" -j2 BUILD="$2" CC="$1-gcc" MUSL_GCC= LTO= WERROR=-Werror CFLAGS='-O1 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Wno-psabi' \
        CPPFLAGS='-idirafter /usr/include' LDFLAGS="-static -L$2" "$2/lookup" "$2/lookup-book" "$2/lookup-handler" "$2/lookup-server" breach
    # The linker has warnings for getpwuid(3) and its like.
    refute_line --regexp 'warning: [^U]'
}

# has_large_files FOLDER: asserts that what is built there has offsets and times of 64 bits.
has_large_files() {
    run -0 readelf --wide --syms "$1/obj/src/data/book.o"
    assert_output --partial stat64_time64
}

# built_plainly_for MACHINE: builds the handler and lookup-book, static. A compiler's warning is an error; the linker has one for
# getpwuid(3). The handler is linked from lookup-book's objects: objects of its own would take as long again.
built_plainly_for() {
    need "$1-gcc"
    run -0 make -C "$ROOT" -j2 BUILD="$BATS_TEST_TMPDIR" CC="$1-gcc" MUSL_GCC= LTO= WERROR=-Werror CFLAGS=-O1 LDFLAGS=-static \
        CONFINE=none HANDLER_OBJ=obj "$BATS_TEST_TMPDIR/lookup-book" "$BATS_TEST_TMPDIR/lookup-handler"
    refute_line --regexp 'warning: [^U]'
}

# makes_the_same_book EMULATOR: asserts that the program built by built_plainly_for makes the same book as the one of this machine.
makes_the_same_book() {
    need "$1"
    make_book
    run -0 "$1" "$BATS_TEST_TMPDIR/lookup-book" compile "$ROOT/tests/book.txt" "$BATS_TEST_TMPDIR/book.cdb"
    cmp "$BATS_TEST_TMPDIR/book.cdb" "$BATS_FILE_TMPDIR/book.cdb"
    run -0 "$1" "$BATS_TEST_TMPDIR/lookup-book" check "$BATS_TEST_TMPDIR/book.cdb"
}

# answers EMULATOR: asserts that the handler built by built_plainly_for answers from that book.
answers() {
    run -0 bash -c 'printf John | "$@"' bash "$1" "$BATS_TEST_TMPDIR/lookup-handler" --book "$BATS_TEST_TMPDIR/book.cdb" lookup
    assert_output C45
}
