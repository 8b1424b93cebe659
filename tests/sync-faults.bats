#!/usr/bin/env bats
# bats file_tags=first
# lookup-sync killed, out of room, with its state spoilt and its clock set: the book is always a whole one, and the next run
# has it right.
# shellcheck disable=SC2016 # what is in single quotes is for inner shells
# shellcheck disable=SC2030,SC2031 # each test has its own BASE

load lib
load directory

setup_file() {
    need_directory || return 0
    export DIRECTORY=$BATS_FILE_TMPDIR
    make_provider a 1
    start_provider a
}

teardown_file() {
    stop_background
}

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    BASE=ou=t$BATS_TEST_NUMBER,$SUFFIX
    { unit "$BASE"; persons 1 40 "$BASE"; } | change a
    sync_conf "$(ldapi a)"
}

teardown() {
    stop_background
}

# keep_old, have_old: the book and the state of before, and a change that they do not have.
keep_old() {
    sync
    mkdir old
    cp -p book.cdb state old
    room "uid=u1,$BASE" X1 | change a
    gone "uid=u2,$BASE" | change a
    cp -p old/* .
    cp sync.conf old.conf
}

# right: what is there now is what the directory has, after one more run.
right() {
    run -0 sync
    answers u1 X1
    unknown u2
    answers u40 R40
    assert_equal "$("$BUILD/lookup-book" list book.cdb | wc -l)" 78
}

# bats test_tags=native
@test "kill -9 at each system call that could leave something behind" {
    local call count=0
    need strace
    keep_old
    strace -f -qq -e signal=none -o trace "$BUILD/lookup-sync" --config sync.conf
    # shellcheck disable=SC2013 # no word has a blank
    for call in $(sed -E 's/^[0-9]+ +//' trace | awk -F '(' '
        /^(pwrite64|ftruncate|fdatasync|fsync|linkat|renameat|openat|write|fchmod|flock|connect|shutdown|unlinkat|mmap)\(/ { n[$1]++; print $1 ":when=" n[$1] }'); do
        case $call in mmap:* | openat:* | write:*) [ $((RANDOM % 8)) = 0 ] || continue ;; esac
        cp -p old/* .
        run strace -f -qq -o trace -e "inject=${call/:/:signal=KILL:}" "$BUILD/lookup-sync" --config sync.conf
        cmp -s book.cdb old/book.cdb || run -0 "$BUILD/lookup-book" check book.cdb
        right
        count=$((count + 1))
    done
    [ "$count" -gt 20 ]
    # One that was killed between linkat(2) and rename(2) leaves a name, which is hidden.
    assert_equal "$(find . -name '*.cdb' ! -path './old/*')" ./book.cdb
}

@test "kill -9 at random instants, while the directory changes" {
    local i
    sync
    for ((i = 0; i < $(rounds 40); i++)); do
        room "uid=u$((i % 40 + 1)),$BASE" "Y$i" | change a
        # Without --foreground timeout kills itself as well, before the run is gone, and with it its lock.
        timeout --foreground -s KILL "0.0$((RANDOM % 90 + 10))" "$BUILD/lookup-sync" --config sync.conf >/dev/null 2>&1 || true
        "$BUILD/lookup-book" check book.cdb >/dev/null
    done
    run -0 sync
    i=$(($(rounds 40) - 1))
    answers "u$((i % 40 + 1))" "Y$i"
    run -0 sync --full --verbose
    assert_output '0 added, 0 changed, 0 removed; 80 names'
}

@test "a limit on the size of files, at whichever block: the old book, or the new one" {
    local blocks ended=1
    keep_old
    for ((blocks = 0; ended != 0; blocks++)); do
        cp -p old/* .
        ended=0
        (ulimit -f "$blocks" && exec "$BUILD/lookup-sync" --config sync.conf) >said 2>&1 || ended=$?
        [ "$ended" = 0 ] || [ "$ended" = 74 ] || { cat said; return 1; }
        cmp -s book.cdb old/book.cdb || "$BUILD/lookup-book" check book.cdb
        right
    done
    [ "$blocks" -gt 3 ]
}

@test "a book that cannot be written does not hide the changes that make it small enough" {
    local limit
    sync
    limit=$(($(stat -c %s book.cdb) / 1024 + 20))
    persons 1001 1200 "$BASE" | change a
    limited() { (ulimit -f "$limit" && exec "$BUILD/lookup-sync" --config sync.conf "$@"); }
    run -74 limited
    assert_output --partial 'book.cdb: File too large'
    assert_line '200 added, 0 changed, 0 removed; 480 names'
    answers u1 R1
    # Nothing is new, and it still cannot be written.
    run -74 limited
    { for i in {1001..1200}; do gone "uid=u$i,$BASE"; done; room "uid=u1,$BASE" X1; } | change a
    echo 'max-shrink = 100' >>sync.conf
    run -0 limited
    answers u1 X1
    unknown u1001
}

@test "a disk without room, at whichever page" {
    [ "$(id -u)" = 0 ] || unavailable 'only root can mount a small disk'
    keep_old
    run -0 "$ROOT/tests/tools/own-root" bash -euc '
        cd "$1"
        mkdir disk
        sed "s,$1,$1/disk,g" sync.conf >disk.conf
        for ((pages = 1; pages < 30; pages++)); do
            mount -t tmpfs -o size=$((pages * 4))k none disk
            if cp -p old/* disk 2>/dev/null; then
                status=0
                "$2/lookup-sync" --config disk.conf >said 2>&1 || status=$?
                "$2/lookup-book" check disk/book.cdb >/dev/null
                echo "$status $(tail -n 1 said | sed "s/.*: //")"
            fi
            umount disk
        done' bash "$PWD" "$BUILD"
    assert_equal "$(tail -n 1 <<<"$output")" '0 0 added, 1 changed, 1 removed; 78 names'
    assert_line '74 the book could not be made'
    run -1 grep -vE '^(0|74) ' <<<"$output"
}

@test "a state that is torn at whatever length is as before, or fetched anew" {
    local size length
    sync
    size=$(stat -c %s state)
    cp state whole
    for ((length = 0; length < size; length += size / 20)); do
        head -c "$length" whole >state
        run -0 sync
        run -0 sync --verbose
        assert_output '0 added, 0 changed, 0 removed; 80 names'
        answers u1 R1
    done
}

@test "a state with any byte spoilt" {
    local size at
    keep_old
    size=$(stat -c %s state)
    for ((at = 16; at < size; at += size / 20)); do
        cp -p old/* .
        printf '\x5a\xa5' | dd of=state bs=1 seek="$at" conv=notrunc status=none
        right
    done
}

@test "what is no state file is left alone" {
    echo 'something of mine' >state
    run -78 sync
    assert_output "lookup-sync: $PWD/state: not a state file"
    assert_equal "$(<state)" 'something of mine'
    rm state
    echo 'something of mine' >book.cdb
    run -64 sync
    assert_equal "$(<book.cdb)" 'something of mine'
}

@test "one run at a time" {
    sync
    exec 9>>state.lock
    flock 9
    run -75 sync
    assert_output "lookup-sync: $PWD/state.lock: another run is under way"
    exec 9>&-
    run -0 sync
}

@test "a state does not grow for ever" {
    local i
    { persons 41 400 "$BASE"; } | change a
    sync
    for i in {1..8}; do
        for u in {1..200}; do room "uid=u$u,$BASE" "Z$i"; done | change a
        sync
    done
    run -0 sync
    [ "$(stat -c %s state)" -lt 100000 ]
    answers u7 Z8
    run -0 sync --full --verbose
    assert_output '0 added, 0 changed, 0 removed; 800 names'
}

# bats test_tags=native
@test "the clock set forth and back" {
    clock_off $((400 * 86400))
    sync
    room "uid=u1,$BASE" X1 | change a
    run -0 "${CLOCK_OFF[@]}" "$BUILD/lookup-sync" --config sync.conf
    answers u1 X1
    gone "uid=u2,$BASE" | change a
    run -0 sync --verbose
    unknown u2
    set_clock_off $((-400 * 86400))
    run -0 "${CLOCK_OFF[@]}" "$BUILD/lookup-sync" --config sync.conf --verbose
    right
}

# watched: --watch in the background; its long waits are in watch.log, and short.
watched() {
    no_nap
    start_background watch.log env LD_PRELOAD="$PWD/no_nap.so" "$BUILD/lookup-sync" --config sync.conf --watch
}

# bats test_tags=native
@test "--watch, begun before there is a server, has the book soon after it, and tries less and less often until then" {
    sync_conf "$(ldapi late)"
    watched
    wait_for grep -Eq 'a sleep of (1[5-9]|2[0-9]|30)0 s' watch.log
    assert_regex "$(grep -m 1 'a sleep' watch.log)" '^a sleep of [234]0 s$'
    refute grep 'not watching' watch.log
    ln -s "$DIRECTORY/a" "$DIRECTORY/late"
    wait_for test -e book.cdb
    wait_for grep -q 'a wait of 300 s' watch.log
}

# bats test_tags=native
@test "--watch: a change that is told of while no server lets it in does not wait for the next" {
    ln -s "$DIRECTORY/a" "$DIRECTORY/here"
    sync_conf "$(ldapi here)"
    watched
    wait_for grep -q 'a wait of 300 s' watch.log
    rm "$DIRECTORY/here"
    room "uid=u1,$BASE" X1 | change a
    wait_for grep -q 'a wait of [234]0 s' watch.log
    ln -s "$DIRECTORY/a" "$DIRECTORY/here"
    wait_for knows u1 X1
    # Nor if another run is under way just then.
    mkfifo end
    start_background lock.log flock state.lock cat end
    wait_for is_held state.lock
    room "uid=u2,$BASE" X2 | change a
    wait_for grep -q 'another run is under way' watch.log
    wait_for waits_shortly_after 'another run is under way'
    echo >end
    wait_for knows u2 X2
}

# is_held FILE: true if somebody has locked it.
is_held() {
    ! flock --nonblock "$1" true
}

# waits_shortly_after WORDS: watch.log has a short wait behind them.
waits_shortly_after() {
    sed "1,/$1/d" watch.log | grep -q 'a wait of [234]0 s'
}

# relay RULE: sync.conf names a relay to the server that breaks what $RULES says, see ldap_relay.py.
relay() {
    local folder=$DIRECTORY/relay$BATS_TEST_NUMBER
    RULES=$folder/rules
    mkdir "$folder"
    echo "$1" >"$RULES"
    start_background relay.log "$ROOT/tests/tools/ldap_relay.py" "$folder/ldapi" "$DIRECTORY/a/ldapi" "$RULES"
    wait_for answers_ldap "relay$BATS_TEST_NUMBER"
    sync_conf "$(ldapi "relay$BATS_TEST_NUMBER")"
}

# bats test_tags=native
@test "--watch: a server that ends each search at once is not asked without a pause" {
    relay refreshAndPersist
    watched
    wait_for grep -q 'a sleep of [234]0 s' watch.log
    wait_for grep -Eq 'a sleep of (1[5-9]|2[0-9]|30)0 s' watch.log
    answers u1 R1
}

# bats test_tags=native
@test "--watch: a change whose poll breaks off does not wait for the next" {
    relay none
    watched
    wait_for grep -q 'a wait of 300 s' watch.log
    echo refreshOnly >"$RULES"
    room "uid=u1,$BASE" X1 | change a
    wait_for waits_shortly_after "Can't contact LDAP server"
    echo none >"$RULES"
    wait_for knows u1 X1
}

# bats test_tags=native
@test "--watch: a balancer that ends each quiet search soon delays no change by more than 40 seconds" {
    relay 'refreshAndPersist 1.5'
    WHOLE_WAITS=1 watched
    wait_for sleeps 4
    run -1 grep -E 'a sleep of ([^234]0|[0-9]{3}) s' watch.log
    room "uid=u1,$BASE" X1 | change a
    wait_for knows u1 X1
}

# sleeps COUNT: watch.log has so many.
sleeps() {
    [ "$(grep -c 'a sleep' watch.log)" -ge "$1" ]
}

# bats test_tags=native
@test "--watch: a server without the sync operation is polled every five minutes, whether it can be reached or not" {
    BASE=dc=plain
    persons 1 40 dc=plain | sed /changetype/d | { stop_provider a; load_provider a 1 dc=plain; start_provider a; }
    ln -s "$DIRECTORY/a" "$DIRECTORY/plain"
    sync_conf "$(ldapi plain)"
    watched
    wait_for grep -q 'a sleep' watch.log
    answers u1 R1
    rm "$DIRECTORY/plain"
    wait_for grep -q 'No such file' watch.log
    wait_for more_sleeps "$(wc -l <watch.log)"
    assert_equal "$(grep 'a sleep' watch.log | sort -u)" 'a sleep of 300 s'
}

# more_sleeps COUNT: after that many lines of watch.log there is another.
more_sleeps() {
    tail -n "+$(($1 + 1))" watch.log | grep -q 'a sleep'
}

@test "more offices under one name than can be answered: the old book, and which name it is; corrected: the new one" {
    local i
    ln -s "$DIRECTORY/a" "$DIRECTORY/there"
    sync_conf "$(ldapi there)"
    sync
    { for i in {1..40}; do person "r$i" 'Meeting Room' "$(printf "%0.s$i" {1..450})" "$BASE"; done; } | change a
    run -65 sync
    assert_output --partial "more than 16384 bytes of offices under one name: Meeting Room"
    answers u1 R1
    # A run without news does not pass over it, nor one that reaches no server.
    run -65 sync
    rm "$DIRECTORY/there"
    run -65 sync
    assert_output --partial "more than 16384 bytes of offices under one name: Meeting Room"
    assert_output --partial 'No such file'
    "$BUILD/lookup-sync" --config sync.conf --metrics | grep -x 'lookup_sync_exit_status 65'
    "$BUILD/lookup-sync" --config sync.conf --status | grep 'last error:.*book.cdb: the book could not be made'
    ln -s "$DIRECTORY/a" "$DIRECTORY/there"
    { for i in {1..40}; do room "uid=r$i,$BASE" "R$i"; done; room "uid=u1,$BASE" X1; } | change a
    run -0 sync
    answers u1 X1
}

@test "a book that is too large is told with what the configuration offers" {
    "${CC:-cc}" -shared -fPIC -o full.so "$ROOT/tests/tools/full.c"
    sync
    rm book.cdb
    run -74 env LD_PRELOAD="$PWD/full.so" "$BUILD/lookup-sync" --config sync.conf
    assert_output --partial 'book.cdb: a book cannot be larger than 4 GiB; index = none makes a smaller one'
}

# puts_off NAME ID: prints for how many seconds a machine of that name, with that file as its machine-id, puts off what all
# would do at once.
puts_off() {
    "$ROOT/tests/tools/own-root" unshare --uts bash -euc '
        hostname "$1"
        mount --bind "$2" /etc/machine-id
        coproc WATCH { exec "$3/lookup-sync" --config "$4" --watch; }
        sed "s/.* again in \([0-9]*\) s$/\1/; q" <&"${WATCH[0]}"
        kill "$WATCH_PID"' bash "$1" "$PWD/$2" "$BUILD" "$PWD/sync.conf"
}

@test "machines without a machine-id, or all with that of one image, differ by their names" {
    local name id spread=()
    [ "$(id -u)" = 0 ] || unavailable 'another machine-id takes root'
    sync
    sync_conf "$(ldapi a)" 'filter = (uid=u*)' 'spread = 365d'
    : >none
    echo uninitialized >same
    for id in none same; do
        for name in node1 node2 node3; do
            run -0 puts_off "$name" "$id"
            assert_regex "$output" '^[0-9]+$'
            spread+=("$output")
        done
    done
    assert_equal "$(printf '%s\n' "${spread[@]}" | sort -u | wc -l)" 6
    run -0 puts_off node2 none
    assert_output "${spread[1]}"
}
