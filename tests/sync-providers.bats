#!/usr/bin/env bats
# lookup-sync and two slapd that both take changes: either may be gone, and what one of them has told is not forgotten.

load lib
load directory

setup_file() {
    need_directory || return 0
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable 'a network of its own' || return 0
    export DIRECTORY=$BATS_FILE_TMPDIR
    make_pair
}

teardown_file() {
    stop_background
}

# Each test has a unit of its own, that both providers have written to.
setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    BASE=ou=t$BATS_TEST_NUMBER,$SUFFIX
    { unit "$BASE"; persons 1 5 "$BASE"; } | change a
    wait_for is_known b "uid=u5,$BASE" roomNumber=R5
    persons 6 6 "$BASE" | change b
    wait_for is_known a "uid=u6,$BASE" roomNumber=R6
    sync_conf "$(ldapi a) $(ldapi b)"
}

teardown() {
    join_pair
    stop_background
}

# asked NAME: the last run asked that one, and no other.
asked() {
    run -0 sync --status
    assert_line "server:       $(ldapi "$1")"
}

# first NAME...: these are asked, in that order.
first() {
    local list='' name
    for name; do list+="$(ldapi "$name") "; done
    sed -i "s|^uri = .*|uri = $list|" sync.conf
    rm -f state.status
}

@test "what one has told the other need not tell again" {
    sync
    asked a
    room "uid=u1,$BASE" X1 | change b
    wait_for is_known a "uid=u1,$BASE" roomNumber=X1
    run -0 sync
    assert_output '0 added, 1 changed, 0 removed; 12 names'
    # The very one that made the change, and a cookie of the other.
    stop_provider a
    run -0 sync --verbose
    assert_line --index 0 --partial "$(ldapi a): "
    assert_line --index 1 '0 added, 0 changed, 0 removed; 12 names'
    assert_equal "${#lines[@]}" 2
    asked b
    gone "uid=u2,$BASE" | change b
    run -0 sync
    assert_line '0 added, 0 changed, 1 removed; 10 names'
    start_of_pair a
    wait_for gone_at a "uid=u2,$BASE"
    run -0 sync --verbose
    assert_output '0 added, 0 changed, 0 removed; 10 names'
}

gone_at() {
    local status=0
    ldapsearch -LLL -x -H "$(ldapi "$1")" -s base -b "$2" 1.1 >/dev/null 2>&1 || status=$?
    [ "$status" = 32 ] # no such object
}

@test "both gone: the book stays; one back: it goes on" {
    sync
    stop_provider a KILL
    stop_provider b KILL
    run -75 sync
    assert_equal "${#lines[@]}" 2
    answers u1 R1
    start_of_pair b
    room "uid=u1,$BASE" X1 | change b
    run -0 sync
    answers u1 X1
    start_of_pair a
    wait_for is_known a "uid=u1,$BASE" roomNumber=X1
}

@test "two that do not hear of each other: no name that one has told is lost, and after that all is known" {
    sync
    part_pair
    persons 11 11 "$BASE" | change a
    persons 12 12 "$BASE" | change b
    first a b
    sync
    answers u11 R11
    unknown u12
    # The other has news, but does not know what is known here.
    first b a
    run -0 sync --verbose
    assert_line "lookup-sync: $(ldapi b): is behind another server"
    answers u11 R11
    asked a
    join_pair
    wait_for is_known b "uid=u11,$BASE" roomNumber=R11
    wait_for is_known a "uid=u12,$BASE" roomNumber=R12
    first b a
    run -0 sync
    answers u11 R11
    answers u12 R12
    assert_equal "$("$BUILD/lookup-book" list book.cdb | wc -l)" 16
}

@test "one that is behind will do if there is no other" {
    sync
    part_pair
    persons 11 11 "$BASE" | change a
    sync
    persons 12 12 "$BASE" | change b
    stop_provider a
    run -0 sync
    answers u12 R12
    join_pair
    start_of_pair a
    wait_for is_known b "uid=u11,$BASE" roomNumber=R11
    sync
    answers u11 R11
    answers u12 R12
}

# It knows of no state (contextCSN) until its first copy is complete. A sync without a cookie then gives nothing.
@test "a replica that is still being filled is not believed: the next server is asked" {
    sync
    make_provider c 3 "syncrepl rid=001 provider=$(ldapi nobody) type=refreshOnly retry=\"60 +\" searchbase=$SUFFIX bindmethod=simple"
    rm -r "$DIRECTORY/c/db"
    mkdir "$DIRECTORY/c/db"
    slapcat -f "$DIRECTORY/a/slapd.conf" -b "$SUFFIX" | sed '/^contextCSN/d' | awk -v RS= -v ORS='\n\n' "!/\\nuid: u[56]\\n/" |
        slapadd -q -f "$DIRECTORY/c/slapd.conf" -b "$SUFFIX"
    start_provider c
    is_known c "uid=u4,$BASE" roomNumber=R4
    refute is_known c "uid=u6,$BASE" roomNumber=R6
    # Another list of servers is another configuration: everything is fetched.
    first c a
    run -0 sync --verbose
    assert_output "lookup-sync: $(ldapi c): no entry and no cookie: it may be a replica that is not filled yet
0 added, 0 changed, 0 removed; 12 names"
    run -0 sync --verbose
    asked a
    first c
    run -75 sync
    answers u6 R6
    rm state book.cdb
    run -75 sync
    stop_provider c
}

@test "--watch: changes of either, as they come, also if the one that is watched goes" {
    start_background watch.log "$BUILD/lookup-sync" --config sync.conf --watch --verbose
    wait_for test -e book.cdb
    room "uid=u1,$BASE" X1 | change a
    wait_for knows u1 X1
    room "uid=u2,$BASE" X2 | change b
    wait_for knows u2 X2
    stop_provider a KILL
    room "uid=u3,$BASE" X3 | change b
    wait_for knows u3 X3
    gone "uid=u4,$BASE" | change b
    wait_for knows u4 'UNKNOWN NAME: U4'
    start_of_pair a
}

@test "--watch: the search follows the polls to another server, which may hear of a change later" {
    mkdir "$DIRECTORY/relay"
    : >rules
    start_background relay.log "$ROOT/tests/tools/ldap_relay.py" "$DIRECTORY/relay/ldapi" "$DIRECTORY/a/ldapi" rules
    wait_for answers_ldap relay
    first relay b
    start_background watch.log "$BUILD/lookup-sync" --config sync.conf --watch
    wait_for knows u1 R1
    room "uid=u1,$BASE" X1 | change a
    wait_for knows u1 X1
    # A poll breaks off, so the second server is polled.
    wait_for is_known b "uid=u1,$BASE" roomNumber=X1
    echo refreshOnly >rules
    room "uid=u2,$BASE" X2 | change b
    wait_for knows u2 X2
    # A change that comes to the second server late is reported only there.
    wait_for has_no_client "$DIRECTORY/relay/ldapi"
    room "uid=u3,$BASE" X3 | change a
    wait_for knows u3 X3
}

# has_no_client SOCKET: nobody is connected to this Unix socket.
has_no_client() {
    ! ss -Hx state established src "$1" | grep -q .
}
