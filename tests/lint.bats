#!/usr/bin/env bats
# bats file_tags=native,first
# The checkers have nothing to say, and would say it. clang-tidy and the analyzer of gcc, which take most of the time, are left to
# make lint and make walk, and clang's warnings to the sanitized build, which is clang's.

load lib

setup() {
    need clang-format clang-tidy clang gcc cppcheck shellcheck pyflakes3 mandoc
}

@test "the checkers of the C sources" {
    run -0 make -k -C "$ROOT" lint CHECKERS='clang-format cppcheck'
}

@test "the checkers of scripts and man pages" {
    run -0 make -k -C "$ROOT" lint CHECKERS='shellcheck pyflakes mandoc'
}

@test "a file that a checker has passed is checked again when it, a header or a rule has changed" {
    local checker mark changed
    cd "$BATS_TEST_TMPDIR"
    echo 'int one(void); int one(void) { return 1; }' >fault.c
    echo 'int two(void);' >fault.h
    for checker in clang-tidy gcc-analyzer; do
        lint() { make -s -C "$ROOT" BUILD="$PWD/build" C_FILES="$PWD/fault.c" H_FILES="$PWD/fault.h" "$@"; }
        mark=$PWD/build/lint/$checker/$PWD/fault.c
        lint "$checker"
        lint -q "$mark"
        for changed in fault.h fault.c; do
            touch -d '1 hour' "$changed"
            run -1 lint -q "$mark"
            touch -d '1 hour ago' "$changed"
            lint -q "$mark"
        done
    done
}

@test "each of the checkers fails where there is a fault of its kind" {
    local checker finding count=0
    cd "$BATS_TEST_TMPDIR"
    cat >fault.c <<'C'
#include <stdlib.h>
int fault(int one) {
    int  two[2] = {0};
    char small = one;
    if (small);
        free(malloc(1));
    void *lost = malloc(1);
    return lost ? two[2] : 0;
}
C
    printf '#!/bin/sh\necho %s1\n' '$' >fault.sh
    echo 'import os' >fault.py
    echo .Nope >fault.1
    while read -r checker finding; do
        run ! make -C "$ROOT" "$checker" BUILD="$PWD/build" C_FILES="$PWD/fault.c" H_FILES= SHELL_FILES="$PWD/fault.sh" \
            PYTHON_FILES="$PWD/fault.py" PAGES="$PWD/fault.1"
        assert_output --partial "$finding"
        count=$((count + 1))
    done <<'FINDINGS'
clang-format [-Wclang-format-violations]
clang-tidy [bugprone-suspicious-semicolon
clang [-Werror,-Wimplicit-int-conversion]
gcc-analyzer [-Werror=analyzer-malloc-leak]
cppcheck arrayIndexOutOfBounds
shellcheck SC2086
pyflakes imported but unused
mandoc unknown macro
FINDINGS
    # All that there are.
    run -0 make -C "$ROOT" --dry-run --print-data-base lint
    assert_line --regexp "^CHECKERS = ([^ ]+ ?){$count}\$"
}
