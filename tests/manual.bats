#!/usr/bin/env bats
# bats file_tags=native
# The manual pages, as both programs render them that systems have.
# shellcheck disable=SC1112 # the quotes are what is looked for

load lib
load activation

setup_file() {
    need man mandoc perl
}

teardown() {
    stop_background
}

# rendered PROGRAM PAGE: its text between the header and the footer.
rendered() {
    case $1 in
        groff) MANWIDTH=100 man --local-file --encoding=UTF-8 --no-hyphenation --no-justification "$2" ;;
        mandoc) mandoc -T utf8 -O width=100 "$2" ;;
    esac | col -bx | sed '1d;$d'
}

# misprints PROGRAM PAGE: quotes that do not pair, that lie in each other or that end too late, and sections of the manual that
# are no reference, as in "read(2), pread 2".
misprints() {
    rendered "$1" "$2" | perl -CS -Mutf8 -0777 -ne '
        s/\s+/ /g;
        while (/‘[^’]*(‘|$)|’[^‘]*’|‘[^’]* and the [^’]*’|\b(?!descriptor|versions?)[a-z][a-z_0-9]* [1-8] ?([,;)](?!\d)|\.(?!\d)|and\b)/g) { print substr($_, $-[0], 60), "\n" }'
}

@test "quotes pair, and every reference is one" {
    local page program
    for page in "$ROOT"/src/main/*.[1-8]; do
        for program in groff mandoc; do
            run -0 misprints "$program" "$page"
            assert_equal "$page, $program: $output" "$page, $program: "
        done
    done
}

@test "both programs print the same" {
    local page program
    for page in "$ROOT"/src/main/*.[1-8]; do
        for program in groff mandoc; do
            # But for blanks, and the dash in NAME.
            rendered "$program" "$page" | perl -CS -Mutf8 -pe 's/\s//g; s/—/–/' >"$BATS_TEST_TMPDIR/$program"
        done
        run -0 cmp "$BATS_TEST_TMPDIR/groff" "$BATS_TEST_TMPDIR/mandoc"
    done
}

@test "the client in lookup-protocol(7) is one" {
    make_book
    start_server lookup=tcp:127.0.0.1 --
    rendered mandoc "$ROOT/src/main/lookup-protocol.7" | sed -n '/In Python:/,/^[A-Z]/{s/^           //p}' |
        sed "s/8084/${SOCKETS[0]##*:}/" >"$BATS_TEST_TMPDIR/client.py"
    run -0 /usr/bin/python3 "$BATS_TEST_TMPDIR/client.py"
    assert_output G2
}

@test "misprints are found" {
    local program
    printf '%s\n' '.Dd May 1, 2026' '.Dt X 1' '.Os' '.Sh NAME' '.Nm x' '.Nd y' '.Sh DESCRIPTION' \
        '.Pq Ql Joao , Ql Lukasz' '.Xr read 2 , pread 2 , write 2' >"$BATS_TEST_TMPDIR/x.1"
    for program in groff mandoc; do
        run -0 misprints "$program" "$BATS_TEST_TMPDIR/x.1"
        assert_line --partial '‘Joao, ‘'
        assert_line --partial 'pread 2,'
    done
}

# typed PAGE: the lines of it that people type, or read as they are.
typed() {
    awk '/^\.Dl / { print; next } /^\.Bd -literal/ { on = 1; next } /^\.Ed/ { on = 0 } on' "$1"
}

@test "quotes in what is typed are written so that every system shows them as they are typed" {
    local page
    for page in "$ROOT"/src/main/*.[1-8]; do
        run ! grep "['\`]" <(typed "$page")
    done
    run -0 typed "$ROOT/src/main/lookup-book.1"
    assert_line --partial '\(aq'
}
