#!/usr/bin/env bats
# bats file_tags=native
# What a stranger's source could do who had taken over the compiler that reads it: nothing but spoil that book. And a folder
# that is somebody's: its owner cannot have root replace a file by a link in it.

load lib

ATTEMPTS=(reads changes creates removes replaces links symlinks folders reveals connects forks runs traces codes)

setup() {
    skip_if_unavailable
    mkdir "$BATS_TEST_TMPDIR/work" "$BATS_TEST_TMPDIR/elsewhere"
    cd "$BATS_TEST_TMPDIR/work"
    PATH=$BUILD:$PATH
    printf 'John = C45\n' >book.txt
    victim=$BATS_TEST_TMPDIR/elsewhere/victim
}

# attempt NAME PROGRAM: so, on a file elsewhere; sets $output and $status.
attempt() {
    rm -rf "$victim"
    case $1 in creates | links | symlinks | folders) ;; *) echo kept >"$victim" ;; esac
    run env LD_PRELOAD="$PWD/breach.so" BREACH="$1" BREACH_FILE="$victim" "$2" compile book.txt book.cdb
}

@test "once its files are open, the compiler opens, makes and changes no other, and starts nothing" {
    local name
    "${CC:-cc}" -D_GNU_SOURCE -shared -fPIC -o breach.so "$ROOT/tests/tools/import_breach.c"
    for name in "${ATTEMPTS[@]}"; do
        attempt "$name" lookup-book
        case $name in
            # What libc may try is refused; the rest ends it by SIGSYS.
            reads | changes | creates) assert_equal "$name: $status $output" "$name: 0 $name: Permission denied" ;;
            *) assert_equal "$name: $status $output" "$name: 159 " ;;
        esac
        [ ! -e "$victim" ] || [ "$(cat "$victim") $(stat -c %a "$victim")" = 'kept 644' ]
    done
}

@test "unconfined the attempts succeed" {
    local name
    [ -e "$BUILD/unconfined/lookup-book" ] || unavailable 'it is not built: make unconfined'
    "${CC:-cc}" -D_GNU_SOURCE -shared -fPIC -o breach.so "$ROOT/tests/tools/import_breach.c"
    for name in "${ATTEMPTS[@]}"; do
        printf 'John = C45\n' >book.txt
        attempt "$name" "$BUILD/unconfined/lookup-book"
        case $name in
            runs) assert_equal "$name: $status $output" "$name: 0 " ;;
            *) assert_equal "$name: $status $output" "$name: 0 $name: done" ;;
        esac
    done
}

# reads_after_filter TRACE FILE: it is read, and no byte of it before the last thing is taken away.
reads_after_filter() {
    awk -v file="\"$2\"" '
        index($0, file) && /^openat/ && !/O_PATH/ { fd = $NF } # by O_PATH nothing can be read
        /PR_SET_SECCOMP/ { confined = 1 }
        fd != "" && index($0, "read(" fd ",") == 1 { if (confined) after = 1; else before = 1 }
        END { exit !after || before }' "$1"
}

@test "no byte of a source is read before the compiler is confined, in each format" {
    local name
    need strace
    printf 'BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nX-OFFICE:A1\nEND:VCARD\n' >v.vcf
    printf 'dn: cn=x\ncn: x\nroomNumber: X1\n' >l.ldif
    printf 'Name;Office\nEve;E1\n' >c.csv
    for name in book.txt c.csv l.ldif v.vcf; do
        strace -qq -o trace lookup-book compile "$name" book.cdb
        reads_after_filter trace "$name"
        grep -q 'PR_SET_NO_NEW_PRIVS' trace
        grep -q 'landlock_restrict_self' trace
    done
}

@test "the other commands open nothing but the book" {
    lookup-book compile book.txt book.cdb
    need strace
    for command in 'list book.cdb' 'check book.cdb' 'query book.cdb john'; do
        # shellcheck disable=SC2086 # words are wanted
        strace -qq -o trace lookup-book $command
        grep -q 'landlock_restrict_self' trace
        grep -q 'PR_SET_SECCOMP' trace
        run ! grep -A 100 'PR_SET_SECCOMP' trace --no-group-separator -e '^open'
    done
}

@test "charsets are at hand before: those of vCards, and whichever --charset names" {
    local charset
    for charset in shift_jis koi8-r gb18030 euc-kr utf-16le windows-1257 iso-2022-jp big5; do
        printf '東京' | iconv -f utf-8 -t "$charset" >text 2>/dev/null || printf 'Zoё' | iconv -f utf-8 -t "$charset" >text 2>/dev/null ||
            printf Zoe | iconv -t "$charset" >text
        { printf 'BEGIN:VCARD\nVERSION:2.1\nX-OFFICE:C45\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=%s:' "$charset" &&
            od -An -v -tx1 text | tr -d '\n' | tr a-f A-F | tr ' ' = && printf '\nEND:VCARD\n'; } >v.vcf
        lookup-book compile v.vcf book.cdb
        assert_equal "$(lookup-book list book.cdb)" "$(iconv -f "$charset" -t utf-8 text) = C45"
    done
    printf 'John = C45\n' | iconv -t IBM037 >e.txt
    lookup-book compile --charset IBM037 e.txt book.cdb
    assert_equal "$(lookup-book list book.cdb)" 'John = C45'
}

@test "where the kernel lacks a part of it, the book is made all the same; --verbose tells" {
    need strace
    run -0 strace -qq -o trace -e inject=landlock_create_ruleset:error=ENOSYS lookup-book compile book.txt book.cdb
    assert_output 'book.cdb: 1 entry, 1 name'
    run -0 --separate-stderr strace -qq -o trace -e inject=landlock_create_ruleset:error=ENOSYS lookup-book compile --verbose book.txt book.cdb
    assert_equal "$stderr" 'lookup-book: not confined by Landlock: Function not implemented'
}

# somebodys FOLDER...: made, and nobody's.
somebodys() {
    [ "$(id -u)" = 0 ] || unavailable 'only root acts as another'
    mkdir -p "$@"
    chown nobody "$@"
}

@test "a link in another's folder has nothing replaced that its owner could not replace" {
    local book
    somebodys theirs
    mkdir private
    : >private/empty
    lookup-book compile book.txt private/book.cdb
    cp -p private/book.cdb kept.cdb
    printf 'Ann = A1\n' >other.txt
    ln -s ../private/empty theirs/empty.cdb
    ln -s ../private/book.cdb theirs/book.cdb
    ln -s ../private/new.cdb theirs/new.cdb
    ln -s ../private theirs/folder
    ln -s private/book.cdb link.cdb
    chown -h nobody theirs/* link.cdb
    for book in theirs/{empty,book,new}.cdb theirs/folder/{book,new}.cdb theirs/../theirs/folder/../private/book.cdb link.cdb; do
        run -73 lookup-book compile other.txt "$book"
        assert_output "$book: Permission denied"
        assert_equal "$(ls -A private)" "$(printf 'book.cdb\nempty')"
        [ ! -s private/empty ]
        cmp private/book.cdb kept.cdb
    done
    # One of root's is followed as ever.
    ln -s private/book.cdb roots.cdb
    lookup-book compile other.txt roots.cdb
    assert_equal "$(lookup-book list private/book.cdb)" 'Ann = A1'
}

@test "in another's folder the book is made with his rights, of sources that only root may read" {
    somebodys theirs theirs/deep
    mkdir -m 700 secret
    printf 'Ann = A1\n' >secret/source.txt
    chmod 600 secret/source.txt
    run -0 --separate-stderr lookup-book compile secret/source.txt theirs/deep/book.cdb
    assert_equal "$stderr" ''
    assert_equal "$(stat -c '%U %a' theirs/deep/book.cdb)" 'nobody 644'
    # Replaced, with its mode; and a source that changes is seen all the same.
    chmod 640 theirs/deep/book.cdb
    lookup-book compile book.txt theirs/deep/book.cdb
    assert_equal "$(stat -c '%U %a' theirs/deep/book.cdb)" 'nobody 640'
    assert_equal "$(ls -A theirs/deep)" book.cdb
    # In the folders of two, either could replace the other's.
    chown bin theirs/deep
    run -73 lookup-book compile book.txt theirs/deep/book.cdb
    assert_output "theirs/deep/book.cdb: its folders belong to several users, who could replace each other's"
}

@test "a link in another's folder has nothing made public that its owner may not read" {
    local source
    somebodys theirs
    mkdir -m 700 secret
    printf 'Password = hunter2\n' | tee secret/closed.txt secret/open.txt >his.txt
    printf 'Password,is,hunter2\n' >secret/closed.csv
    chmod 600 secret/closed.*
    chown nobody his.txt
    chmod 600 his.txt
    ln -s ../secret/closed.txt ../secret/closed.csv ../secret/open.txt theirs
    ln -s ../secret theirs/folder
    ln -s ../his.txt ../book.txt theirs
    ln -s theirs/closed.txt roots.txt
    ln -s secret/closed.txt link.txt
    chown -h nobody theirs/* link.txt
    for source in theirs/{closed.txt,closed.csv,open.txt,folder/closed.txt,folder/open.txt} roots.txt link.txt; do
        run -66 lookup-book compile "$source" book.cdb
        assert_output "$source: reached by way of a user who may not read it: make that user its owner, or make it readable for all"
        [ ! -e book.cdb ]
    done
    # What is his, or everybody's, and what root alone leads to.
    for source in theirs/his.txt theirs/book.txt secret/closed.txt; do
        run -0 lookup-book compile "$source" book.cdb
    done
    run -0 lookup-book compile --format plain /dev/stdin book.cdb <secret/closed.txt
    lookup-book compile <(cat secret/closed.txt) book.cdb
}
