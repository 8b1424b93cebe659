#!/usr/bin/env bats
# bats file_tags=native
# That the benchmark can be run, and says what it is to say. What the figures are is no matter here.

load lib

@test "make bench ONLY=spawn: a table, and build/bench.tsv with seven fields a row" {
    run -0 env TIMES=3 PAIRS=1 make --no-print-directory -C "$ROOT" BUILD="$BUILD" bench ONLY=spawn
    assert_line --regexp '^row +ours +rival +ratio'
    assert_line --regexp '^spawn +[0-9.]+ +[0-9.]+ +[0-9.]+ '
    run -0 cat "$BUILD/bench.tsv"
    assert_output --regexp $'^spawn\t[0-9.]+\t[0-9.]+\t[^\t]+\t[0-9.]+\t<=[0-9.]+\t(ok|short)$'
}

@test "make bench fails where what is measured answers wrongly" {
    local scratch_build=$BATS_TEST_TMPDIR/build
    mkdir -p "$scratch_build"
    cp -r "$BUILD"/lookup* "$BUILD/bench" "$scratch_build"
    ln -sf /bin/true "$scratch_build/bench/empty"
    BUILD=$scratch_build TIMES=3 PAIRS=1 DURATION=0.01 run ! "$ROOT/tests/bench/bench" tcpserver
    assert_output --partial 'tcpserver: could not be measured'
}

@test "make bench knows its rows" {
    BUILD=$BUILD run -64 "$ROOT/tests/bench/bench" nothing-of-the-kind
    assert_output --partial 'no such row: nothing-of-the-kind'
}

@test "plot draws the ratios of a table, light and dark" {
    need gnuplot
    printf '%s\t%s\t%s\t%s\t%s\t%s\tok\n' spawn 200 100 'static, no libc' 2 '<=1.5' http-64 300 100 'nginx, a fixed string' 3 '>=1' \
        floor-spawn 1 1 nothing 1 '>=0' >"$BATS_TEST_TMPDIR/bench.tsv"
    "$ROOT/tests/bench/plot" "$BATS_TEST_TMPDIR/bench.tsv" "$BATS_TEST_TMPDIR/bench.svg"
    run -0 cat "$BATS_TEST_TMPDIR/bench.svg"
    assert_output --partial '(prefers-color-scheme:dark)'
    assert_output --regexp '>[^<]*a program without libc<'
    assert_output --regexp '>0\.5<'
    assert_output --regexp '>[^<]*nginx<'
    refute_output --partial lighttpd
    refute_output --regexp "(rgb\(|'| )black|rgb\( *0, *0, *0\)"
}
