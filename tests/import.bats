#!/usr/bin/env bats
# bats file_tags=first
# lookup-book compile, whatever the format: formats, several sources, charsets, and what becomes of errors.
# shellcheck disable=SC2030,SC2031 # `run` sets them

load lib

setup() {
    skip_if_unavailable
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
    PATH=$BUILD:$PATH
}

# The sources of one person each, and the old book, which no error may touch.
sources() {
    printf 'John = C45\n' >a.txt
    printf 'Name,Office\nAnn,A1\n' >b.csv
    printf 'Eve = E1\n' >c.txt
    make_book book.cdb <<<'Old = A1' >/dev/null
    cp -p book.cdb "$BATS_TEST_TMPDIR/before.cdb"
    ls -A >"$BATS_TEST_TMPDIR/before"
}

assert_untouched() {
    cmp book.cdb "$BATS_TEST_TMPDIR/before.cdb"
    assert_equal "$(ls -A)" "$(<"$BATS_TEST_TMPDIR/before")"
}

# refuses STATUS MESSAGE ARGUMENT...: compiling with these arguments fails so, and the old book stays.
refuses() {
    local status=$1 message=$2
    shift 2
    run "-$status" --separate-stderr lookup-book compile "$@" book.cdb
    assert_equal "$output" ''
    assert_equal "$stderr" "$(printf %b "$message")"
    assert_untouched
}

# lists EXPECTED
lists() {
    run -0 lookup-book list book.cdb
    assert_output "$(printf %b "$1")"
}

@test "the format is guessed from the name's ending, else plain, or said" {
    sources
    cp b.csv B.CSV && cp b.csv b.tsv && cp a.txt a && cp a.txt a.csv.old
    for name in B.CSV b.tsv ./b.csv; do
        lookup-book compile "$name" book.cdb
        lists 'Ann = A1'
    done
    for name in a a.csv.old; do
        lookup-book compile "$name" book.cdb
        lists 'John = C45'
    done
    mkdir in.csv && cp a.txt in.csv/book
    lookup-book compile in.csv/book book.cdb
    lists 'John = C45'
    cp b.csv b.txt
    lookup-book compile --format csv b.txt book.cdb
    lists 'Ann = A1'
    lookup-book compile --format=plain a.csv.old book.cdb
}

@test "- is a pipe, plain unless --format says otherwise" {
    sources
    lookup-book compile - book.cdb <a.txt
    lists 'John = C45'
    # shellcheck disable=SC2002 # a pipe is wanted
    cat b.csv | lookup-book compile --format csv - book.cdb
    lists 'Ann = A1'
    run -65 lookup-book compile - book.cdb <b.csv
    assert_output '(standard input):1: no "=" between name and office'
    run -66 lookup-book compile ./- book.cdb
    assert_output './-: No such file or directory'
}

@test "several sources make one book, each in its own format, in their order" {
    sources
    printf 'Bob = B1\n' >d.txt
    run -0 --separate-stderr lookup-book compile c.txt b.csv - a.txt book.cdb <d.txt
    assert_output 'book.cdb: 4 entries, 4 names'
    assert_equal "$stderr" ''
    lists 'Eve = E1\nAnn = A1\nBob = B1\nJohn = C45'
    lookup-book check book.cdb
}

@test "the summary counts entries, names, duplicates and what was skipped" {
    sources
    printf 'John = C45\nJOHN = C46\nnonsense\n' >d.txt
    run -0 --separate-stderr lookup-book compile --skip-bad a.txt b.csv d.txt book.cdb
    assert_output 'book.cdb: 3 entries, 2 names, 1 duplicate left out, 1 skipped'
    lists 'John = C45\nAnn = A1\nJOHN = C46'
}

@test "what one source says against another is told with the lines of both" {
    sources
    printf '\n\nann = A2\n' >d.txt
    run -0 --separate-stderr lookup-book compile b.csv d.txt book.cdb
    assert_equal "$stderr" 'd.txt:3: warning: this name has another office at b.csv:2; both will be answered'
    cp "$BATS_TEST_TMPDIR/before.cdb" book.cdb
    ls -A >"$BATS_TEST_TMPDIR/before"
    refuses 65 'd.txt:3: this name has another office at b.csv:2' --strict a.txt b.csv c.txt d.txt
    for i in {1..20}; do printf 'John = %01000d\n\n' "$i"; done >f.txt
    ls -A >"$BATS_TEST_TMPDIR/before"
    refuses 65 'f.txt:33: more than 16384 bytes of offices under one name: John' b.csv f.txt c.txt
}

@test "the first error ends it; --keep-going lists those of all sources" {
    sources
    printf 'one\nBob = B1\ntwo\n' >d.txt
    printf 'Name,Office\nx\ny,"z\n' >e.csv
    printf 'BOB = B2\n' >f.txt
    ls -A >"$BATS_TEST_TMPDIR/before"
    refuses 65 'd.txt:1: no "=" between name and office' a.txt d.txt e.csv
    refuses 65 'd.txt:1: no "=" between name and office
d.txt:3: no "=" between name and office
e.csv:2: 1 fields, but the first row has 2
e.csv:3: the quote that opens here is never closed
f.txt:1: this name has another office at d.txt:2' --keep-going --strict a.txt d.txt e.csv f.txt
    # The first error says the exit status.
    refuses 66 'no.txt: No such file or directory
d.txt:1: no "=" between name and office
d.txt:3: no "=" between name and office' --keep-going no.txt d.txt
    refuses 66 '.: Is a directory
d.txt:1: no "=" between name and office
d.txt:3: no "=" between name and office' --keep-going d.txt .
}

@test "--skip-bad leaves out what is wrong, and says so of each" {
    sources
    printf 'Jo\xffhn = C45\nBob = B1\n= B2\n' >d.txt
    ls -A >"$BATS_TEST_TMPDIR/before"
    run -0 --separate-stderr lookup-book compile --skip-bad d.txt a.txt book.cdb
    assert_equal "$stderr" 'd.txt:1: skipped: name is not UTF-8 text (see --charset)
d.txt:3: skipped: no name'
    assert_output 'book.cdb: 2 entries, 2 names, 2 skipped'
    lists 'Bob = B1\nJohn = C45'
    # What is no entry's fault stays an error.
    cp "$BATS_TEST_TMPDIR/before.cdb" book.cdb
    refuses 66 'no.txt: No such file or directory' --skip-bad a.txt no.txt
    refuses 66 '.: Is a directory' --skip-bad a.txt .
}

@test "of a kind of message 20 are shown, and then how many more there were" {
    sources
    seq -f 'John = %.0f' 1000 >d.txt
    { seq 30 && printf 'Bob = B1\nJo\xff = C\n' && seq 9; } >e.txt
    run -0 --separate-stderr lookup-book compile --skip-bad d.txt e.txt book.cdb
    assert_equal "${#stderr_lines[@]}" 43
    assert_equal "${stderr_lines[0]}" 'e.txt:1: skipped: no "=" between name and office'
    assert_equal "${stderr_lines[19]}" 'e.txt:20: skipped: no "=" between name and office'
    assert_equal "${stderr_lines[20]}" 'e.txt:32: skipped: name is not UTF-8 text (see --charset)'
    assert_equal "${stderr_lines[21]}" 'd.txt:2: warning: this name has another office at d.txt:1; both will be answered'
    assert_equal "${stderr_lines[41]}" '19 more like this: skipped: no "=" between name and office'
    assert_equal "${stderr_lines[42]}" '979 more like this: warning: this name has another office'
    cp "$BATS_TEST_TMPDIR/before.cdb" book.cdb
    run -65 --separate-stderr lookup-book compile --keep-going --strict d.txt e.txt book.cdb
    assert_equal "${stderr_lines[-1]}" '979 more like this: this name has another office'
}

@test "names of files, and what is in them, act on no terminal" {
    local esc=$'\033[2J' name
    name=$'a\033[2J\nb\u202ec.txt'
    sources
    cp a.txt "$name"
    echo nonsense >"x$name"
    run -0 lookup-book compile "$name" "$name.cdb"
    assert_output 'a\x1B[2J\x0Ab\xE2\x80\xAEc.txt.cdb: 1 entry, 1 name'
    run -0 lookup-book check "$name.cdb"
    assert_output --partial 'a\x1B[2J\x0Ab\xE2\x80\xAEc.txt.cdb: sound'
    run -65 lookup-book compile "x$name" new.cdb
    assert_output 'xa\x1B[2J\x0Ab\xE2\x80\xAEc.txt:1: no "=" between name and office'
    run -78 lookup-book list "$name"
    assert_output 'lookup-book: a\x1B[2J\x0Ab\xE2\x80\xAEc.txt: not an address book, or a broken one'
    for arguments in "compile --format $esc a b" "compile --charset $esc a b" "--$esc"; do
        # shellcheck disable=SC2086 # words are wanted
        run -64 lookup-book $arguments
        assert_output --partial '\x1B[2J'
        refute_output --partial "$esc"
    done
    # Of a book of another maker, too.
    printf '+5,6:%s->%s\n+4,4:\342\200\256A->BC45\n\n' $'\033[2JA' $'C\033[2JX' >records
    cdb -c other.cdb records
    run -0 lookup-book list other.cdb
    assert_output "$(printf '\\x1B[2JA = C\\x1B[2JX\n\u202eA = BC45')"
    run -0 script -qec 'lookup-book list other.cdb' /dev/null
    assert_line --partial '\xE2\x80\xAEA = BC45'
    # What is asked for by a program is answered byte for byte.
    printf 'Ann = \u202ex\n' >rtl.txt
    lookup-book compile rtl.txt book.cdb
    run -0 lookup-book query book.cdb ann
    assert_output $'\u202ex'
    run -0 script -qec 'lookup-book query book.cdb ann' /dev/null
    assert_output --partial '\xE2\x80\xAEx'
}

@test "a source without entries fails, be it one of several or all of its entries bad" {
    sources
    : >d.txt
    echo nonsense >e.txt
    ls -A >"$BATS_TEST_TMPDIR/before"
    refuses 65 'd.txt: no entry in it; the book that has some is kept (see --force)' a.txt d.txt
    refuses 65 'e.txt:1: skipped: no "=" between name and office
e.txt: no entry in it; the book that has some is kept (see --force)' --skip-bad a.txt e.txt
    lookup-book compile --force a.txt d.txt book.cdb
    lists 'John = C45'
}

# spared MESSAGE FILE ARGUMENT...: compiling is a usage error that says so, and the file stays what it was.
spared() {
    local message=$1 file=$2
    shift 2
    cp -p "$file" "$BATS_TEST_TMPDIR/before.file"
    run -64 --separate-stderr lookup-book compile "$@"
    assert_equal "$output" ''
    assert_equal "$stderr" "$message"
    cmp "$file" "$BATS_TEST_TMPDIR/before.file"
    assert_equal "$(ls -A)" "$(<"$BATS_TEST_TMPDIR/before")"
}

@test "no source is replaced by the book, however it is named" {
    local what='is a source, too; the book to be made comes last' book
    sources
    mkdir sub && ln -s a.txt link && ln a.txt hard && ln -s "$PWD" up
    ls -A >"$BATS_TEST_TMPDIR/before"
    for book in a.txt ./sub/../a.txt "$PWD/a.txt" link hard up/a.txt up/up/link; do
        spared "$book: $what" a.txt a.txt "$book"
        spared "$book: $what" a.txt --force --skip-bad --keep-going c.txt a.txt "$book"
    done
    # shellcheck disable=SC2094 # just so
    spared "a.txt: $what" a.txt - a.txt <a.txt
    # Nor is a book, as a source of itself.
    spared "book.cdb: $what" book.cdb a.txt book.cdb book.cdb
}

@test "no file is replaced that is neither empty nor a book" {
    local what='neither empty nor an address book; if it is to be replaced, remove it'
    sources
    head -c 5000 /dev/zero >zeros
    seq 10000 >numbers
    ln -s numbers link
    ls -A >"$BATS_TEST_TMPDIR/before"
    spared "b.csv: $what" b.csv a.txt b.csv
    spared "b.csv: $what" b.csv --force --skip-bad --keep-going a.txt c.txt b.csv
    spared "zeros: $what" zeros a.txt zeros
    spared "link: $what" numbers a.txt link
    lists 'Old = A1'
    # A book that was cut or spoilt is made anew, and so is one of another maker.
    local spoilt
    for spoilt in 'truncate -s 2048 book.cdb' ': >book.cdb' 'rm book.cdb' \
        'dd if=/dev/zero of=book.cdb bs=1 seek=2050 count=20 conv=notrunc status=none' \
        'printf "+1,1:a->b\n\n" | cdb -c book.cdb'; do
        cp "$BATS_TEST_TMPDIR/before.cdb" book.cdb
        bash -c "$spoilt"
        lookup-book compile a.txt book.cdb
        lists 'John = C45'
    done
}

# changed_meanwhile SOURCE NAME CHANGE: while SOURCE is open and the next one is waited for, it changes; told by NAME.
changed_meanwhile() {
    local status=0
    lookup-book compile "$1" fifo book.cdb <&0 2>message 3>&- &
    exec 4>fifo
    bash -c "$3"
    echo 'Ann = A1' >&4
    exec 4>&-
    wait $! || status=$?
    assert_equal "$status" 75
    assert_equal "$(<message)" "$2: changed while it was read"
}

@test "a source that changes while the book is made is refused: it may be half written" {
    sources
    mkfifo fifo
    cp -p a.txt kept
    ls -A >"$BATS_TEST_TMPDIR/before"
    for change in 'echo "Joe = J1" >>a.txt' 'touch a.txt' 'cp a.txt new && mv new a.txt' 'mv a.txt b.txt'; do
        changed_meanwhile a.txt a.txt "$change"
        mv kept a.txt && cp -p a.txt kept && rm -f message b.txt
        assert_untouched
    done
}

@test "standard input that is a file, and changes, is refused as well" {
    sources
    mkfifo fifo
    ls -A >"$BATS_TEST_TMPDIR/before"
    for change in 'echo "Joe = J1" >>a.txt' 'touch a.txt'; do
        changed_meanwhile - '(standard input)' "$change" <a.txt
        rm message
        assert_untouched
    done
}

@test "pipes are sources, as a shell makes them; a FIFO that nobody writes to is refused" {
    sources
    lookup-book compile <(echo 'John = C45') <(printf 'Ann = A1\n') book.cdb
    lists $'John = C45\nAnn = A1'
    mkfifo fifo
    run -66 timeout 120 lookup-book compile fifo book.cdb 4>&-
    assert_output 'fifo: nobody writes to this FIFO'
    lists $'John = C45\nAnn = A1'
    # Whoever comes in time is waited for.
    lookup-book compile fifo a.txt book.cdb 4>&- &
    printf 'Joe = J1\n' >fifo
    wait $!
    run -0 lookup-book query book.cdb joe
    assert_output J1
}

@test "--charset: each format, each charset, and the result is UTF-8" {
    sources
    printf 'Jos\xe9 = B\xfcro\n' >l1.txt
    printf 'Name;Office\nJos\xe9;"B\xfcro\n2"\n' >l1.csv
    for charset in iso-8859-1 LATIN1 windows-1252 cp1252; do
        lookup-book compile --charset "$charset" l1.txt book.cdb
        lists 'José = Büro'
        lookup-book compile --charset "$charset" l1.csv book.cdb
        lists 'José = Büro, 2'
    done
    printf 'Jos\xe9 \x80 = \x93B1\x94\n' >w.txt
    lookup-book compile --charset windows-1252 w.txt book.cdb
    lists 'José € = “B1”'
    printf 'José = Büro\n€ = 1\n' >utf8.txt
    for charset in utf-16 utf-16le utf-32be utf-8 utf-7; do
        iconv -t "$charset" utf8.txt >other.txt
        lookup-book compile --charset "$charset" other.txt book.cdb
        lists 'José = Büro\n€ = 1'
        # As slowly as a pipe may bring it.
        /usr/bin/python3 -c '
import os, sys
for byte in sys.stdin.buffer.read(): os.write(1, bytes([byte]))' <other.txt |
            lookup-book compile --charset "$charset" - book.cdb
        lists 'José = Büro\n€ = 1'
    done
    iconv -f utf-8 -t iso-2022-jp <<<'東京 = 渋谷' >jp.txt
    lookup-book compile --charset iso-2022-jp jp.txt book.cdb
    lists '東京 = 渋谷'
}

@test "without --charset, what is not UTF-8 is an error" {
    sources
    printf 'Ann = A1\nJos\xe9 = C45\n' >d.txt
    printf 'Name,Office\nJohn,B\xfcro\n' >d.csv
    ls -A >"$BATS_TEST_TMPDIR/before"
    refuses 65 'd.txt:2: name is not UTF-8 text (see --charset)' d.txt
    refuses 65 'd.csv:2: office is not UTF-8 text (see --charset)' d.csv
}

@test "a byte that the charset does not have is an error with its line, in whatever it stands" {
    sources
    printf 'Ann = A1\n\n# \x81\n' >comment.txt
    printf 'Ann = A1\nBob \x9d' >end.txt
    printf 'Name;Office;x\n"a\n\n";b;\x8d\n' >d.csv
    printf 'A\0n\0n\0 \0=\0 \0A\0001\0\n\0x' >odd.txt
    printf 'one\ntwo \x81\n' >e.txt
    ls -A >"$BATS_TEST_TMPDIR/before"
    refuses 65 'comment.txt:3: byte 0x81 is not valid in windows-1252' --charset windows-1252 comment.txt
    refuses 65 'end.txt:2: byte 0x9D is not valid in windows-1252' --charset windows-1252 end.txt
    refuses 65 'd.csv:4: byte 0x8D is not valid in windows-1252' --charset windows-1252 d.csv
    refuses 65 'odd.txt:2: byte 0x78 is not valid in utf-16le' --charset utf-16le odd.txt
    # It is told behind what is wrong above it; and no --skip-bad reads over it.
    refuses 65 'e.txt:1: no "=" between name and office' --charset windows-1252 e.txt
    refuses 65 'e.txt:1: no "=" between name and office
e.txt:2: byte 0x81 is not valid in windows-1252
comment.txt:3: byte 0x81 is not valid in windows-1252' --charset windows-1252 --keep-going e.txt comment.txt
    refuses 65 'e.txt:1: skipped: no "=" between name and office
e.txt:2: byte 0x81 is not valid in windows-1252' --charset windows-1252 --skip-bad e.txt
    # Far behind the buffers' first.
    { seq -f 'Name %.0f = Office' 50000 && printf 'x = \x81\n'; } >long.txt
    ls -A >"$BATS_TEST_TMPDIR/before"
    refuses 65 'long.txt:50001: byte 0x81 is not valid in windows-1252' --charset windows-1252 long.txt
}

@test "a byte order mark is dropped, and says UTF-8 whatever --charset" {
    sources
    printf '\xEF\xBB\xBFJosé = Büro\n' >d.txt
    printf '\xEF\xBB\xBFName,Office\nJosé,Büro\n' >d.csv
    for options in '' '--charset windows-1252'; do
        for source in d.txt d.csv; do
            # shellcheck disable=SC2086 # words are wanted
            lookup-book compile $options "$source" book.cdb
            lists 'José = Büro'
            # shellcheck disable=SC2086
            lookup-book compile $options --format "$([ $source = d.csv ] && echo csv || echo plain)" - book.cdb <"$source"
            lists 'José = Büro'
        done
    done
    # Files put together with theirs.
    cat d.txt d.txt a.txt >e.txt
    run -0 lookup-book compile e.txt book.cdb
    lists 'José = Büro\nJohn = C45'
    lookup-book list book.cdb >listed.txt
    lookup-book compile listed.txt again.cdb
    cmp book.cdb again.cdb
}

# one_of_each: a source of each format, with José and his Büro.
one_of_each() {
    printf 'José = Büro\n' >p.txt
    printf 'Name,Office\r\nJosé,Büro\r\n' >c.csv
    printf 'dn: cn=x\ncn:: Sm9zw6k=\nroomNumber:: QsO8cm8=\n' >l.ldif
    printf 'dn: cn=x\ncn: José\nroomNumber: Büro\n' >l.ldf
    printf 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:José\r\nX-OFFICE:Büro\r\nEND:VCARD\r\n' >v.vcf
}

@test "a byte order mark of UTF-16 or UTF-32 says so, in each format, whatever --charset" {
    local source charset mark
    mkdir in && cd in
    one_of_each
    for source in *; do
        while read -r charset mark; do
            { printf %b "$mark" && iconv -f utf-8 -t "$charset" "$source"; } >"../$source"
            run -0 --separate-stderr lookup-book compile "../$source" book.cdb
            assert_equal "$stderr" ''
            lists 'José = Büro'
            run -0 --separate-stderr lookup-book compile --charset windows-1252 "../$source" book.cdb
            assert_equal "$stderr" ''
            lists 'José = Büro'
        done <<'END'
utf-16le \xff\xfe
utf-16be \xfe\xff
utf-32le \xff\xfe\0\0
utf-32be \0\0\xfe\xff
utf-8 \xef\xbb\xbf
END
    done
    # Half a character at its end is none.
    printf '\xff\xfea\0 \0=\0 \0b' >odd.txt
    run -65 lookup-book compile odd.txt new.cdb
    assert_output 'odd.txt:1: byte 0x62 is not valid in UTF-16LE'
}

@test "UTF-8 that is read as another charset is told" {
    local source what='warning: all of it is UTF-8, and was read as'
    one_of_each
    for source in p.txt c.csv l.ldf v.vcf; do
        run -0 --separate-stderr lookup-book compile --charset windows-1252 "$source" book.cdb
        assert_equal "$stderr" "$source: $what windows-1252"
        run -0 --separate-stderr lookup-book compile --charset utf-8 "$source" book.cdb
        assert_equal "$stderr" ''
        iconv -f utf-8 -t windows-1252 "$source" >"in-1252.${source##*.}"
        run -0 --separate-stderr lookup-book compile --charset windows-1252 "in-1252.${source##*.}" book.cdb
        assert_equal "$stderr" ''
        lists 'José = Büro'
    done
    # Not of one that is all ASCII, or that is both.
    run -0 --separate-stderr lookup-book compile --charset windows-1252 l.ldif book.cdb
    assert_equal "$stderr" ''
    printf 'José = \xfc\n' >both.txt
    run -0 --separate-stderr lookup-book compile --charset windows-1252 both.txt book.cdb
    assert_equal "$stderr" ''
}

@test "lines may end in CR alone, in each format" {
    local source
    mkdir in && cd in
    one_of_each
    for source in *; do
        sed 's/\r$//' "$source" | tr '\n' '\r' >"../$source"
        lookup-book compile "../$source" book.cdb
        lists 'José = Büro'
        # However it comes, and in another charset.
        iconv -f utf-8 -t utf-16 "../$source" | /usr/bin/python3 -c '
import os, sys
for byte in sys.stdin.buffer.read(): os.write(1, bytes([byte]))' >slow
        lookup-book compile --format "$(case $source in *.txt) echo plain ;; *.csv) echo csv ;; *.vcf) echo vcard ;; *) echo ldif ;; esac)" \
            slow book.cdb
        lists 'José = Büro'
    done
    printf 'John = C45\r\rAnn = A1\r# x\rx' >lines.txt
    run -65 lookup-book compile lines.txt new.cdb
    assert_output 'lines.txt:5: no "=" between name and office'
    # The first line's end counts.
    printf 'John = C45\r\nAnn = A1\rB\n' >lines.txt
    lookup-book compile lines.txt book.cdb
    lists 'John = C45\nAnn = A1, B'
}

@test "a first line of any length, whatever ends it and in whatever charset, is read to its end" {
    local end length charset
    for end in '\n' '\r\n' '\r'; do
        for length in {16381..16386}; do
            printf "#%0${length}d${end}John = C45${end}" 0 >long.txt
            run -0 timeout 60 lookup-book compile long.txt book.cdb
            lists 'John = C45'
        done
        for charset in ISO-8859-1 UTF-16LE; do
            for length in {8187..8194}; do
                printf "#%0${length}d${end}John = C45${end}" 0 | sed 's/0/\xC3\xA4/g' |
                    iconv -f UTF-8 -t "$charset" >long.txt
                run -0 timeout 60 lookup-book compile --charset "$charset" long.txt book.cdb
                lists 'John = C45'
            done
        done
    done
}

@test "a charset that is none is a usage error" {
    sources
    for charset in nonsense utf-8//IGNORE '?'; do
        run -64 lookup-book compile --charset "$charset" a.txt book.cdb
        assert_output "lookup-book: no such charset: $charset"
    done
    assert_untouched
}

@test "options for compiling are refused elsewhere" {
    sources
    for option in --keep-going --skip-bad --exact-only --strict --force '--charset latin1' \
        '--name-column x' '--office-column x'; do
        # shellcheck disable=SC2086 # words are wanted
        run -64 lookup-book check $option book.cdb
        assert_output "lookup-book: ${option%% *} is an option of compile; see --help"
    done
}

@test "no error leaves a temporary file, on whatever file system" {
    [ "$(id -u)" = 0 ] || unavailable 'only root can mount'
    sources
    printf 'Name,Office\n"x' >d.csv
    mkdir disk
    # One that has files without names, and one that has not.
    for type in tmpfs overlay; do
        # shellcheck disable=SC2016 # the inner shell's
        "$ROOT/tests/tools/own-root" bash -euc '
            cd "$1"
            mount -t tmpfs none disk
            if [ "$2" = overlay ]; then
                mkdir disk/lower disk/upper disk/work disk/all
                mount -t overlay -o lowerdir=disk/lower,upperdir=disk/upper,workdir=disk/work none disk/all
                mount --bind disk/all disk
            fi
            cp a.txt d.csv book.cdb disk
            cd disk
            for arguments in d.csv "a.txt d.csv" "a.txt nothing" "--charset utf-16le a.txt" "--strict --keep-going d.csv"; do
                if lookup-book compile $arguments book.cdb 2>/dev/null; then exit 1; fi
                cmp book.cdb ../book.cdb
                [ "$(ls -A)" = "$(printf "%s\n" a.txt book.cdb d.csv)" ]
            done' bash "$PWD" "$type"
    done
}

@test "the examples of lookup-book(5) compile" {
    local format formats
    mapfile -t formats < <(sed -n 's/^\.\\" example: //p' "$ROOT/src/main/lookup-book.5")
    for format in "${formats[@]}"; do
        sed -e "1,/^\.\\\\\" example: $format/d" -e '/^\.Ed/,$d' -e '/^\.Bd/d' "$ROOT/src/main/lookup-book.5" >example
        run -0 --separate-stderr lookup-book compile --format "$format" example "$format.cdb"
        assert_output "$format.cdb: 2 entries, 2 names"
        assert_equal "$stderr" ''
        run -0 lookup-book query "$format.cdb" 'john smith'
        assert_output C45
    done
    # One of each format that there is.
    run -0 sed -n 's/^    {"\([a-z]*\)", .*_read, .*},$/\1/p' "$ROOT/src/formats/formats.c"
    assert_output "$(printf '%s\n' "${formats[@]}")"
}
