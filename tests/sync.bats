#!/usr/bin/env bats
# lookup-sync and a real slapd: what changes in the directory is in the book after one run, and what can hardly be meant is not.

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

teardown() {
    stop_background
}

# Each test has a unit of its own, $BASE, with people in it.
setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    BASE=ou=t$BATS_TEST_NUMBER,$SUFFIX
    PEOPLE=ou=people,$BASE
    { unit "$BASE"; unit "$PEOPLE"; unit "ou=x$BATS_TEST_NUMBER,$SUFFIX"; } | change a
    sync_conf "$(ldapi a)"
}

# said LINE: that alone a run says that is to succeed.
said() {
    run -0 sync "${@:2}"
    assert_output "$1"
}

# kept WHAT: a run fails so, and book and state are what they were.
kept() {
    cp -p book.cdb state "$BATS_FILE_TMPDIR"
    run -75 sync "${@:2}"
    assert_output "lookup-sync: $1"
    cmp book.cdb "$BATS_FILE_TMPDIR/book.cdb"
    cmp state "$BATS_FILE_TMPDIR/state"
}

# written FILE...: when and as what.
written() {
    stat -c '%n %i %Y %Z %s' "$@"
}

@test "the first run fetches all, and one without change writes nothing" {
    local before
    persons 1 3 "$PEOPLE" | change a
    said '5 added, 0 changed, 0 removed; 6 names'
    answers 'person 2' R2
    answers u3 R3
    before=$(written book.cdb state)
    said ''
    said '0 added, 0 changed, 0 removed; 6 names' --verbose
    assert_equal "$(written book.cdb state)" "$before"
    said '' --full
    assert_equal "$(written book.cdb)" "$(grep book.cdb <<<"$before")"
}

# bats test_tags=native
@test "a poll without change takes less than a kilobyte, both ways together" {
    need strace
    persons 1 3 "$PEOPLE" | change a
    sync
    strace -f -qq -e trace=network,read,write -e signal=none -o trace "$BUILD/lookup-sync" --config sync.conf
    # What went over the server's socket, which is the one that was connected.
    run -0 /usr/bin/python3 - trace <<'END'
import re, sys
fd, total, writes = None, 0, 0
for line in open(sys.argv[1]):
    if match := re.search(r"connect\((\d+), .*/a/ldapi.* = 0", line):
        fd = match[1]
    elif match := re.search(r" (read|write|sendto|recvfrom)\((\d+), .* = (\d+)$", line):
        if match[2] == fd:
            total += int(match[3])
            writes += match[1] in ("write", "sendto")
print("little" if 0 < total < 1024 else total, writes)
END
    # bind, search, unbind
    assert_output 'little 3'
}

@test "entries changed, renamed, moved and deleted: one run, and the book has it" {
    { persons 1 6 "$PEOPLE"; unit "ou=team,$PEOPLE"; persons 11 12 "ou=team,$PEOPLE"; } | change a
    sync
    {
        room "uid=u1,$PEOPLE" X1
        gone "uid=u2,$PEOPLE"
        printf 'dn: uid=u3,%s\nchangetype: modrdn\nnewrdn: uid=u33\ndeleteoldrdn: 1\n\n' "$PEOPLE"
        printf 'dn: uid=u4,%s\nchangetype: modrdn\nnewrdn: uid=u4\ndeleteoldrdn: 0\nnewsuperior: %s\n\n' "$PEOPLE" "ou=x$BATS_TEST_NUMBER,$SUFFIX"
        printf 'dn: uid=u5,%s\nchangetype: modrdn\nnewrdn: uid=u5\ndeleteoldrdn: 0\nnewsuperior: %s\n\n' "$PEOPLE" "ou=team,$PEOPLE"
    } | change a
    said '0 added, 2 changed, 2 removed; 12 names'
    answers 'Person 1' X1
    unknown u2 'Person 2' u3 u4 'Person 4'
    answers u33 R3
    answers u5 R5
}

@test "a container moved out, with all that is in it, and back" {
    { persons 1 2 "$PEOPLE"; unit "ou=team,$PEOPLE"; persons 11 12 "ou=team,$PEOPLE"; } | change a
    sync
    local away=ou=x$BATS_TEST_NUMBER,$SUFFIX
    printf 'dn: ou=team,%s\nchangetype: modrdn\nnewrdn: ou=team\ndeleteoldrdn: 0\nnewsuperior: %s\n\n' "$PEOPLE" "$away" | change a
    said '0 added, 0 changed, 3 removed; 4 names'
    unknown u11 u12
    printf 'dn: ou=team,%s\nchangetype: modrdn\nnewrdn: ou=team\ndeleteoldrdn: 0\nnewsuperior: %s\n\n' "$away" "$PEOPLE" | change a
    said '3 added, 0 changed, 0 removed; 8 names'
    answers u11 R11
}

@test "names of several values, with options, and offices of which the first kind counts" {
    cat <<END | change a
dn: uid=jose,$PEOPLE
changetype: add
objectClass: inetOrgPerson
uid: jose
commonName: Jose
commonName: Pepe
cn;lang-es: José
sn: x
displayName;lang-de: Josef
roomNumber: R9
physicalDeliveryOfficeName: A1
physicalDeliveryOfficeName: A2
END
    sync
    answers 'Pepe' $'A1\nA2'
    answers 'Josef' $'A1\nA2'
    answers 'José' $'A1\nA2'
    sync_conf "$(ldapi a)" 'names = displayName;lang-de' 'offices = 0.9.2342.19200300.100.1.6'
    said '0 added, 1 changed, 0 removed; 1 names'
    answers Josef R9
    unknown Pepe
}

@test "a postal address has lines" {
    { person u1 Ann R1 "$PEOPLE"; person u2 Bob R2 "$PEOPLE"; } | change a
    change a <<END
dn: uid=u1,$PEOPLE
changetype: modify
add: postalAddress
postalAddress: C45$\\24 1 Main St$
END
    sync_conf "$(ldapi a)" 'offices = postalAddress roomNumber'
    sync
    answers Ann 'C45, $ 1 Main St'
    answers Bob R2
}

@test "a value that no book can hold is left out and named, and the rest is not" {
    { person u1 'Good' R1 "$PEOPLE"; person u2 $'A\x01B' R2 "$PEOPLE"; person u3 'Nobody' '' "$PEOPLE"; } | change a
    printf 'dn: uid=u1,%s\nchangetype: modify\nadd: cn\ncn: %s\n' "$PEOPLE" "$(printf 'x%.0s' {1..1100})" | change a
    run -0 sync
    assert_line "lookup-sync: skipped: cn of uid=u1,$PEOPLE: name longer than 1024 bytes"
    assert_line --partial "lookup-sync: skipped: cn of uid=u2,$PEOPLE: name "
    assert_line '5 added, 0 changed, 0 removed; 3 names'
    answers Good R1
    answers u2 R2
    unknown Nobody u3
    run -0 sync --status
    assert_line 'names:        3'
}

@test "a directory that is empty, or not there, is not believed" {
    sync_conf "$(ldapi a)"
    run -75 sync
    assert_output 'lookup-sync: not one name with an office; the book stays as it is'
    assert [ ! -e book.cdb ]
    persons 1 3 "$PEOPLE" | change a
    sync
    for i in 1 2 3; do gone "uid=u$i,$PEOPLE"; done | change a
    kept 'not one name with an office; the book stays as it is'
    answers u2 R2
    gone "$PEOPLE" | change a
    gone "$BASE" | change a
    kept "$(ldapi a): base: No such object"
    answers u2 R2
}

@test "more than a fifth of the names gone is not believed, nor bit by bit within a day, unless it is meant" {
    persons 1 20 "$PEOPLE" | change a
    sync
    for i in 1 2 3; do gone "uid=u$i,$PEOPLE"; done | change a
    said '0 added, 0 changed, 3 removed; 34 names'
    for i in 4 5; do gone "uid=u$i,$PEOPLE"; done | change a
    kept '30 names of 40 would be left, less than max-shrink = 20 allows; the book stays as it is (see --accept-shrink)'
    answers u4 R4
    run -75 sync --dry-run
    said '0 added, 0 changed, 2 removed; 30 names' --accept-shrink
    unknown u4
    said ''
    for i in {6..11}; do gone "uid=u$i,$PEOPLE"; done | change a
    sync_conf "$(ldapi a)" 'max-shrink = 50%'
    said '0 added, 0 changed, 6 removed; 18 names'
}

@test "--dry-run says what would change, and changes nothing" {
    local before
    persons 1 3 "$PEOPLE" | change a
    said 'would be: 5 added, 0 changed, 0 removed; 6 names' --dry-run
    assert [ ! -e book.cdb ]
    sync
    before=$(written book.cdb state state.status)
    room "uid=u1,$PEOPLE" X1 | change a
    said 'would be: 0 added, 1 changed, 0 removed; 6 names' --dry-run
    assert_equal "$(written book.cdb state state.status)" "$before"
    said '0 added, 1 changed, 0 removed; 6 names'
}

@test "how the last runs went, for people and for Prometheus" {
    run -0 sync --status
    assert_line 'last success: never'
    persons 1 3 "$PEOPLE" | change a
    sync
    run -0 sync --status
    assert_line "server:       $(ldapi a)"
    assert_line 'entries:      5'
    assert_line 'names:        6'
    assert_line 'last error:   none'
    assert_line --regexp '^last success: 2[0-9]{3}-.*, [0-9]+ s ago$'
    sync_conf ldapi://%2Fnope
    run -75 sync
    run -0 sync --status
    assert_line 'last error:   ldapi://%2Fnope: No such file or directory'
    assert_line --regexp '^last success: 2[0-9]{3}-'
    run -0 sync --metrics
    assert_line 'lookup_sync_names 6'
    assert_line 'lookup_sync_exit_status 75'
    assert_line --regexp '^lookup_sync_last_success_timestamp_seconds [0-9]{10}$'
}

@test "a session log that is lost: all that changed meanwhile is known nevertheless" {
    persons 1 4 "$PEOPLE" | change a
    sync
    gone "uid=u1,$PEOPLE" | change a
    room "uid=u2,$PEOPLE" X2 | change a
    stop_provider a
    start_provider a
    gone "uid=u3,$PEOPLE" | change a
    said '0 added, 1 changed, 2 removed; 4 names'
    unknown u1 u3
    answers u2 X2
    answers u4 R4
}

watched() {
    start_background watch.log "$BUILD/lookup-sync" --config sync.conf --watch
}

@test "--watch: what makes every machine fetch everything is done by each at a moment of its own" {
    persons 1 3 "$PEOPLE" | change a
    # Somewhere in the year.
    sync_conf "$(ldapi a)" 'spread = 365d'
    watched
    wait_for knows u1 R1
    { unit "ou=new,$BASE"; persons 5 5 "ou=new,$BASE"; } | change a
    wait_for grep -qE '^the answer may be incomplete; everything is fetched again in [0-9]+ s$' watch.log
    unknown u5
    # By hand, at once.
    run -0 sync
    answers u5 R5
    stop_background
    # Likewise if the configuration is another, but not without a book.
    sync_conf "$(ldapi a)" 'filter = (uid=u5)' 'max-shrink = 100' 'spread = 365d'
    watched
    wait_for grep -qE '^everything is fetched again in [0-9]+ s$' watch.log
    answers u1 R1
    stop_background
    rm book.cdb state
    watched
    wait_for knows u5 R5
    stop_background
    # And then it is done.
    sync_conf "$(ldapi a)" 'spread = 1s'
    watched
    wait_for knows u1 R1
    grep -qE '^everything is fetched again in [01] s$' watch.log
    { unit "ou=newer,$BASE"; persons 6 6 "ou=newer,$BASE"; } | change a
    wait_for knows u6 R6
    room "uid=u6,ou=newer,$BASE" X6 | change a
    wait_for knows u6 X6
    stop_background
}

@test "a server without the sync operation is read by pages" {
    BASE=dc=plain
    persons 1 1200 dc=plain | sed /changetype/d | { stop_provider a; load_provider a 1 dc=plain; start_provider a; }
    sync_conf "$(ldapi a)"
    said '1200 added, 0 changed, 0 removed; 2400 names'
    answers u1200 R1200
    said ''
    { room uid=u7,dc=plain X7; gone uid=u8,dc=plain; } | ldapmodify -x -H "$(ldapi a)" -D cn=root,dc=plain -w secret >/dev/null
    said '0 added, 1 changed, 1 removed; 2398 names'
    answers u7 X7
    unknown u8
    # This one is fetched whole each time, so there is nothing to wait for.
    room uid=u9,dc=plain X9 | ldapmodify -x -H "$(ldapi a)" -D cn=root,dc=plain -w secret >/dev/null
    echo 'spread = 365d' >>sync.conf
    watched
    wait_for knows u9 X9
    stop_background
}

@test "another filter, base or server: everything is fetched again" {
    persons 1 3 "$PEOPLE" | change a
    sync
    sync_conf "$(ldapi a)" 'filter = (uid=u2)' 'max-shrink = 100'
    said '0 added, 0 changed, 2 removed; 2 names'
    unknown u1
    answers u2 R2
}

@test "of a book that somebody replaced or removed, the next run makes another" {
    persons 1 3 "$PEOPLE" | change a
    sync
    rm book.cdb
    said ''
    answers u1 R1
    make_book book.cdb <<<'Eve = E1'
    said ''
    unknown Eve
    answers u1 R1
}
