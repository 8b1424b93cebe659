#!/usr/bin/env bats
# bats file_tags=native
# The upper case and the decomposition of every code point, against implementations that are not ours.

load lib

setup_file() {
    "${CC:-cc}" -I"$ROOT/src" -o "$BATS_FILE_TMPDIR/upper_dump" "$ROOT/tests/tools/upper_dump.c" "$ROOT/src/data/upper.c"
    "$BATS_FILE_TMPDIR/upper_dump" >"$BATS_FILE_TMPDIR/ours"
}

# same_as FILE: what another implementation says, the code points that it does not know left out. Ours may know more.
same_as() {
    # So many are assigned since Unicode 10: an implementation that knows none would agree with anybody.
    [ "$(wc -l <"$1")" -ge 270000 ]
    run -0 comm -23 <(sort "$1") <(sort "$BATS_FILE_TMPDIR/ours")
    assert_output ''
}

@test "as Python's str.upper has it" {
    /usr/bin/python3 -c '
import unicodedata
for point in range(0x110000):
    if unicodedata.category(chr(point)) not in ("Cn", "Cs"):
        print(*(f"{ord(c):X}" for c in (chr(point), *chr(point).upper())))' >"$BATS_TEST_TMPDIR/python"
    same_as "$BATS_TEST_TMPDIR/python"
}

@test "as Perl's uc has it" {
    need perl
    perl -e '
use feature "unicode_strings";
for my $point (0 .. 0xD7FF, 0xE000 .. 0x10FFFF) {
    my $c = chr $point;
    printf "%s\n", join " ", map { sprintf "%X", ord } $c, split //, uc $c if $c =~ /\p{Assigned}/;
}' >"$BATS_TEST_TMPDIR/perl"
    same_as "$BATS_TEST_TMPDIR/perl"
}

@test "every code point, and random strings, fold as Python's unicodedata has it, in all equivalent spellings" {
    "${CC:-cc}" -I"$ROOT/src" -o "$BATS_TEST_TMPDIR/fold_lines" "$ROOT/tests/tools/fold_lines.c" \
        "$ROOT"/src/data/{fold,upper,decompose,punctuation,utf8,bytes}.c
    "$ROOT/tests/tools/folds.py" "$BATS_TEST_TMPDIR"
    # So many code points and strings: a list that lost its lines must not pass for a good one.
    [ "$(wc -l <"$BATS_TEST_TMPDIR/lines")" -ge 700000 ]
    "$BATS_TEST_TMPDIR/fold_lines" <"$BATS_TEST_TMPDIR/lines" | cmp - "$BATS_TEST_TMPDIR/folded"
    # What is folded is its own fold.
    # shellcheck disable=SC2094 # read twice, not written
    "$BATS_TEST_TMPDIR/fold_lines" <"$BATS_TEST_TMPDIR/folded" | cmp - "$BATS_TEST_TMPDIR/folded"
}

@test "the tables are what their generators write from the Unicode data" {
    [ -e /usr/share/unicode/UnicodeData.txt ] || unavailable "unicode-data is not installed"
    local table
    for table in upper decompose; do
        /usr/bin/python3 "$ROOT/src/data/${table}_table.py" /usr/share/unicode >"$BATS_TEST_TMPDIR/table"
        # The one in the tree has been laid out by clang-format.
        run -0 cmp <(tr -d ' \n*/' <"$BATS_TEST_TMPDIR/table") <(tr -d ' \n*/' <"$ROOT/src/data/${table}_table.h")
    done
}
