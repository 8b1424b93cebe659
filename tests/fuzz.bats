#!/usr/bin/env bats
# bats file_tags=native,first
# The fuzzers, each over its seeds and its corpus, and then so many inputs more, the same ones each time. For more, and for
# longer: make fuzz.

load lib

FUZZ=$BUILD/sanitized/fuzz

setup_file() {
    [ -e "$FUZZ/core.a" ] || unavailable "the fuzzers are not built: make fuzzers" || return 0
}

# fuzz PROGRAM NAME RUNS
fuzz() {
    mkdir "$BATS_TEST_TMPDIR/learnt"
    "$1" -seed=1 -runs="$3" -max_len=2048 -artifact_prefix="$BATS_TEST_TMPDIR/" \
        "$BATS_TEST_TMPDIR/learnt" "$ROOT/tests/fuzz/corpus/$2" "$FUZZ/seeds/$2"
}

# fuzzed NAME [RUNS]
fuzzed() {
    run -0 fuzz "$FUZZ/$1" "$1" "${2:-5000}"
    assert_line --regexp '^Done [0-9]{4,} runs '
}

@test "clock" {
    fuzzed clock
}

@test "datagram" {
    fuzzed datagram
}

@test "hello" {
    fuzzed hello
}

@test "lookup" {
    fuzzed lookup
}

@test "proxy" {
    fuzzed proxy
}

@test "names" {
    fuzzed names
}

@test "book" {
    fuzzed book
}

@test "fold" {
    fuzzed fold
}

@test "words" {
    fuzzed words
}

@test "postings" {
    fuzzed postings
}

@test "plain" {
    fuzzed plain
}

@test "csv" {
    fuzzed csv 1000 # the slowest by far
}

@test "ldif" {
    fuzzed ldif
}

@test "vcard" {
    fuzzed vcard
}

@test "state" {
    fuzzed state
}

@test "srv" {
    fuzzed srv
}

@test "sync" {
    fuzzed sync
}

@test "each fuzzer has its test" {
    local source name
    for source in "$ROOT"/tests/fuzz/*.c; do
        name=$(basename "$source" .c)
        run -0 grep -E "^    fuzzed $name( |$)" "$BATS_TEST_FILENAME"
    done
}

@test "each service, and each reader of sources, has its fuzzer" {
    local name readers
    all_services
    readers=$(sed -n 's/^source_reader \(.*\)_read;/\1/p' "$ROOT/src/formats/source.h")
    [[ $readers == *plain* ]]
    for name in "${SERVICES[@]}" $readers; do
        [ -e "$ROOT/tests/fuzz/$name.c" ] || fail "tests/fuzz/$name.c"
    done
}

# planted FILE SED NAME: the fuzzer, of which FILE has a fault.
planted() {
    sed "$2" "$ROOT/$1" >"$BATS_TEST_TMPDIR/planted.c"
    run ! cmp -s "$ROOT/$1" "$BATS_TEST_TMPDIR/planted.c"
    clang -D_GNU_SOURCE -I"$ROOT/src" -O1 -fsanitize=fuzzer,address,undefined -o "$BATS_TEST_TMPDIR/$3" \
        "$BATS_TEST_TMPDIR/planted.c" "$BUILD/sanitized/obj/tests/fuzz/$3.o" "$FUZZ/core.a" -lldap -llber
    run ! fuzz "$BATS_TEST_TMPDIR/$3" "$3" 1000000
}

@test "a value that may end outside the book is found" {
    need clang
    planted src/data/cdbread.c 's/lengths.second > room - lengths.first/lengths.second > room/' book
    assert_output --partial 'deadly signal'
}

@test "an address that is not to be answered, and is, is found" {
    need clang
    planted src/server/datagram.c 's/!IN6_IS_ADDR_MULTICAST(v6) &&//' datagram
    assert_output --partial 'deadly signal'
}
