#!/usr/bin/env bats
# bats file_tags=first
# Books cut and bent, full disks, compilers killed: nobody is ever told another one's office, and what is there is always
# a whole book.
# shellcheck disable=SC2016 # what is in single quotes is for inner shells
# shellcheck disable=SC2030,SC2031 # `run` sets them

load lib
load activation

BENT=$ROOT/tests/tools/bent.py
COMPILERS=$ROOT/tests/tools/compilers.py

setup_file() {
    # The names that bent.py asks for.
    "$BUILD/lookup-book" compile "$ROOT/src/book.txt" "$BATS_FILE_TMPDIR/book.cdb"
}

setup() {
    skip_if_unavailable
    book=$BATS_TEST_TMPDIR/folder/book.cdb
    mkdir "${book%/*}"
    cd "${book%/*}"
}

teardown() {
    stop_background
}

# bent HOW TO ARGUMENT...: prints what came of it; each copy of 2,048 and more is asked for 5 names.
bent() {
    run -0 "$BENT" "$BATS_FILE_TMPDIR/book.cdb" "$@"
}

# A sanitized server also notices if a byte too many is read: it is shown all copies, and another one each seventh.
if [ -d "$BUILD/reports" ]; then step=1; else step=7; fi

# every COUNT: how many of the numbers below COUNT are taken.
every() {
    echo $((($1 + step - 1) / step))
}

# answers OFFICE: so the server does to John.
answers() {
    [ "$("$TALK" --tcp "${SOCKETS[0]#tcp:}" send:'John\n' some)" = "$1" ]
}

@test "a book cut at every length or with any of its first 2,048 bytes flipped is none, for a server without one" {
    local cut flipped
    cut=$(every "$(stat -c %s "$BATS_FILE_TMPDIR/book.cdb")") flipped=$((2 * $(every 2048)))
    start_server lookup=tcp:127.0.0.1 -- --session --timeout 600 --book "$book"
    bent "cut/$step" server "$book" "${SOCKETS[0]}"
    assert_output "$((cut * 5)) unavailable"
    bent "flip/$step" server "$book" "${SOCKETS[0]}"
    assert_output "$((flipped * 5)) unavailable"
    cp "$BATS_FILE_TMPDIR/book.cdb" "$book.new"
    mv "$book.new" "$book"
    answers C45
    assert_equal "$(server_starts)" 1
}

@test "and a server that has one keeps it" {
    local cut flipped
    cut=$(every "$(stat -c %s "$BATS_FILE_TMPDIR/book.cdb")") flipped=$((2 * $(every 2048)))
    cp "$BATS_FILE_TMPDIR/book.cdb" "$book"
    start_server lookup=tcp:127.0.0.1 -- --session --timeout 600 --book "$book"
    answers C45
    bent "cut/$step" server "$book" "${SOCKETS[0]}"
    assert_output "$((cut * 4)) right
$cut unknown"
    bent "flip/$step" server "$book" "${SOCKETS[0]}"
    assert_output "$((flipped * 4)) right
$flipped unknown"
    assert_equal "$(server_starts)" 1
}

# A process for each: some of them only.
@test "it is none for a handler, either, and the operator is told once" {
    bent cut/31 handler "$BUILD/lookup-handler" "$book"
    assert_output --regexp '^[1-9][0-9]+ unavailable$'
    bent flip/31 handler "$BUILD/lookup-handler" "$book"
    assert_output --regexp '^[1-9][0-9]+ unavailable$'
}

# sources: few.txt and many.txt, and of few.txt the book, also as ../few.cdb; of many.txt, ../many.cdb.
sources() {
    seq -f 'Name %.0f = A' 10 >../few.txt
    { seq -f 'Name %.0f = B' 200; seq -f 'Name %.0f = B' 200; } >../many.txt
    make_book ../few.cdb <../few.txt
    make_book ../many.cdb <../many.txt
    cp ../few.cdb "$book"
}

# on_small_disks NAME STEP FIRST: compiles ../NAME.txt on disks of FIRST, FIRST + 1 ... times STEP bytes, until there is room.
# Each has either the old book or ../NAME.cdb afterwards, and nothing else. Prints the exit status and the message of each.
on_small_disks() {
    run -0 "$ROOT/tests/tools/own-root" bash -euc '
        cd "$1/.."
        status=1
        for ((size = $5; status != 0; size++)); do
            mount -t tmpfs -o size=$((size * $4)) none "$1"
            cp few.cdb "$1/book.cdb"
            status=0
            (cd "$1" && "$2" compile "../$3.txt" book.cdb) >said 2>&1 || status=$?
            echo "$status $(<said)"
            [ "$(ls -A "$1")" = book.cdb ]
            cmp "$1/book.cdb" $([ $status = 0 ] && echo "$3.cdb" || echo few.cdb)
            # The kernel may not yet have let go of the last file that was open.
            umount --lazy "$1"
        done' bash "$PWD" "$BUILD/lookup-book" "$@"
}

@test "a disk that is full at whichever page leaves the old book, and nothing else" {
    [ "$(id -u)" = 0 ] || unavailable 'only root can mount a small disk'
    sources
    on_small_disks many 4096 2
    assert_equal "$(sort -u <<<"$output")" "0 book.cdb: 200 entries, 200 names, 200 duplicates left out
74 book.cdb: No space left on device"
}

@test "a disk that is full while the words wait on it leaves the old book, and nothing else" {
    local parts
    [ "$(id -u)" = 0 ] || unavailable 'only root can mount a small disk'
    sources
    # 32 words a name, which take more room than the book, and too much for memory.
    awk 'BEGIN { for (n = 1; n <= 3000; n++) { for (i = 1; i <= 32; i++) printf "W%dX%d ", n, i; print "= A" } }' >../words.txt
    "$BUILD/lookup-book" compile ../words.txt ../words.cdb
    parts=10
    # A sanitized build is slow.
    [ ! -d "$BUILD/reports" ] || parts=4
    on_small_disks words $(($(stat -c %s ../words.cdb) / parts)) 1
    [ "$(wc -l <<<"$output")" -gt $((parts + 2)) ]
    assert_equal "$(sort -u <<<"$output")" "0 book.cdb: 3000 entries, 3000 names
74 book.cdb: No space left on device"
}

@test "a disk without room for one more file leaves the old book" {
    [ "$(id -u)" = 0 ] || unavailable 'only root can mount a small disk'
    sources
    run -73 "$ROOT/tests/tools/own-root" bash -euc '
        cd "$1/.."
        mount -t tmpfs -o nr_inodes=2 none "$1"
        cp few.cdb "$1/book.cdb"
        status=0
        "$2" compile many.txt "$1/book.cdb" || status=$?
        cmp "$1/book.cdb" few.cdb
        exit "$status"' bash "$PWD" "$BUILD/lookup-book"
    assert_output "$book: No space left on device"
}

@test "a limit on the size of files, at whichever block, leaves the old book" {
    local blocks status=1
    sources
    for ((blocks = 0; status != 0; blocks++)); do
        status=0
        output=$(ulimit -f "$blocks" && "$BUILD/lookup-book" compile ../many.txt book.cdb 2>&1 | cat; exit "${PIPESTATUS[0]}") ||
            status=$?
        [ "$status" = 0 ] || { assert_equal "$status $output" '74 book.cdb: File too large'; cmp book.cdb ../few.cdb; }
        assert_equal "$(ls -A)" book.cdb
    done
    cmp book.cdb ../many.cdb
    [ "$blocks" -gt 5 ]
}

@test "a book over 4 GiB leaves the old one, and --exact-only is advised if it can help" {
    local full=$BATS_TEST_TMPDIR/full.so too_large='book.cdb: a book cannot be larger than 4 GiB'
    sources
    "${CC:-cc}" -shared -fPIC -o "$full" "$ROOT/tests/tools/full.c"
    run -74 env LD_PRELOAD="$full" "$BUILD/lookup-book" compile ../many.txt book.cdb
    assert_output "$too_large; --exact-only makes a smaller one"
    run -74 env LD_PRELOAD="$full" "$BUILD/lookup-book" compile --exact-only ../many.txt book.cdb
    assert_output "$too_large"
    "${CC:-cc}" -D_GNU_SOURCE -I"$ROOT/src" -o "$BATS_TEST_TMPDIR/writer_end" "$ROOT/tests/tools/writer_end.c" \
        "$ROOT"/src/compile/{cdb_writer,write_at}.c "$ROOT"/src/data/{cdbread,bytes}.c
    run -0 "$BATS_TEST_TMPDIR/writer_end" ../end
    assert_output 'too large, 1'
    cmp book.cdb ../few.cdb
    assert_equal "$(ls -A)" book.cdb
}

# same_book A B: in whatever order; less memory makes the index in more parts.
same_book() {
    "$BUILD/lookup-book" check "$1" >/dev/null
    diff <(cdb -d "$1" | sort) <(cdb -d "$2" | sort)
}

# without_memory STEP COMMAND...: it makes book.cdb; each STEP-th time it asks for memory there is none; and each third of these,
# from then on.
without_memory() {
    local step=$1 number count tried=0 made=0 on fails=$BATS_TEST_TMPDIR/fails.so
    shift
    "${CC:-cc}" -shared -fPIC -o "$fails" "$ROOT/tests/tools/malloc_fails.c"
    run -0 --separate-stderr env LD_PRELOAD="$fails" "$@"
    count=$(sed -n 's/^allocations: //p' <<<"$stderr")
    [ "$count" -gt 20 ]
    mv book.cdb ../new.cdb
    for on in '' yes; do
        [ -z "$on" ] || step=$((3 * step))
        for ((number = 1; number <= count; number += step)); do
            cp ../old.cdb book.cdb
            run --separate-stderr env ${on:+MALLOC_FAILS_ON=1} MALLOC_FAILS="$number" LD_PRELOAD="$fails" "$@"
            echo "$number: $status $output $stderr"
            tried=$((tried + 1))
            assert_equal "$(ls -A)" book.cdb
            if [ "$status" = 0 ]; then
                same_book book.cdb ../new.cdb
                made=$((made + 1))
            else
                assert_regex "$status" '^(6[5-9]|7[0-9])$'
                cmp book.cdb ../old.cdb
                [ "${#stderr_lines[@]}" -gt 1 ]
            fi
        done
    done
    # Some are not needed for the book.
    [ "$made" -lt "$tried" ]
}

# bats test_tags=native
@test "no memory, at each allocation of a compilation: the old book, or a whole new one" {
    make_book ../old.cdb <<<'Old = A1'
    printf 'John Smith = C45\nJohn Smith = C45\nZoë = Z1\n' >../p.txt
    printf 'Vorname;Nachname;Büro\nAnn;Miller;A1\n' >../c.csv
    printf 'dn: cn=x\ncn: José\ncn: Pepe\nroomNumber: J1\n' >../l.ldif
    without_memory 1 "$BUILD/lookup-book" compile ../p.txt ../c.csv ../l.ldif book.cdb
}

# bats test_tags=native
@test "the same of vCards, which have many charsets" {
    make_book ../old.cdb <<<'Old = A1'
    printf 'BEGIN:VCARD\nVERSION:3.0\nFN;CHARSET=iso-8859-1:Jo\xebl\nX-OFFICE:V1\nEND:VCARD\n' >../v.vcf
    without_memory 29 "$BUILD/lookup-book" compile ../v.vcf book.cdb
}

@test "kill -9 at many random instants: the old book or the new one, whole" {
    local count
    count=$(rounds 200)
    run -0 "$COMPILERS" killed "$count" "$BUILD/lookup-book" "$book"
    assert_output "$count killed; all books whole, old ones and new ones"
}

# system_calls: of a compiler, from the making of the new file on; each as NAME:when=N, the N-th of that name.
system_calls() {
    strace -qq -e signal=none -o ../trace "$BUILD/lookup-book" compile ../many.txt book.cdb >../said
    awk -F '(' '{ print $1 ":when=" ++count[$1] } /O_TMPFILE/ { made = NR } END { print made > "../made" }' ../trace >../calls
    tail -n +"$(<../made)" ../calls | grep -v '^exit'
}

# bats test_tags=native
@test "kill -9 at each of its system calls: the same, and what it leaves behind is hidden" {
    local call count=0 left=0
    need strace
    sources
    for call in $(system_calls); do
        cp ../few.cdb book.cdb
        run -137 strace -f -qq -o ../trace -e "inject=${call/:/:signal=KILL:}" "$BUILD/lookup-book" compile ../many.txt book.cdb
        cmp -s book.cdb ../few.cdb || cmp book.cdb ../many.cdb
        assert_equal "$(ls)" book.cdb
        if [ "$(ls -A)" != book.cdb ]; then
            rm .book.cdb.*
            left=$((left + 1))
        fi
        count=$((count + 1))
    done
    [ "$count" -gt 20 ]
    # Between linkat(2), which replaces no file, and rename(2), it has a name: see lookup-book(1).
    assert_equal "$left" 1
}

@test "two compilers at once, and one who asks: each book is whole, none fails, nothing is left" {
    local count
    count=$(rounds 50)
    run -0 "$COMPILERS" rivals "$count" "$BUILD/lookup-book" "$book" "$BUILD/lookup-handler"
    assert_output "$((2 * count)) compiled; all answers of one book; nothing left"
}

# A sanitizer does not start without it.
# bats test_tags=native
@test "without /proc, as in a chroot, the new file has a name from the beginning" {
    [ "$(id -u)" = 0 ] || unavailable 'only root can mount over /proc'
    sources
    run -0 unshare --mount bash -euc '
        mount -t tmpfs none /proc
        "$1" compile ../many.txt book.cdb
        "$1" compile ../many.txt new.cdb' bash "$BUILD/lookup-book"
    assert_equal "$(ls -A)" $'book.cdb\nnew.cdb'
    cmp book.cdb ../many.cdb
    cmp new.cdb ../many.cdb
}

# A sanitizer takes terabytes of it.
# bats test_tags=native
@test "64 MB of address space are enough to compile a small book" {
    run -0 bash -c 'ulimit -v 65536; exec "$1" compile "$2" book.cdb' bash "$BUILD/lookup-book" "$ROOT/src/book.txt"
    cmp book.cdb "$BATS_FILE_TMPDIR/book.cdb"
}

# A call that is made to fail has no number, which the filter of calls would not let pass.
# bats test_tags=native
@test "a disk that fails is told as that, and not as a broken book" {
    local nth trace=$BATS_TEST_TMPDIR/trace
    need strace
    sources
    for nth in 1 2; do
        run -78 --separate-stderr bash -c 'echo "No Such Name" | "$@"' bash \
            strace -qq -e trace=pread64 -e "inject=pread64:error=EIO:when=$nth+" -o "$trace" \
            "$BUILD/unconfined/lookup-handler" --book ../many.cdb lookup
        assert_output 'ERROR: address book unavailable'
        assert_regex "$stderr" '^lookup-handler: address book \.\./many\.cdb: (Input/output|I/O) error$'
    done
}
