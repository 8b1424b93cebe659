#!/usr/bin/env bats
# bats file_tags=native,first
# Many machines: two providers of one directory, three nodes, HAProxy before them, each in a network of its own, joined by a
# switch; and clients. What a single lookup-sync does is in tests/sync*.bats. make test-cluster is the same at full size.

load lib
load activation
load directory

NET=10.9.0
FRONT=$NET.31
NODES=(n1 n2 n3)
BASE=ou=people,$SUFFIX
WATCHED=ou=watched,$BASE

# How many entries, how many more of which the versions are watched, how many changes a minute, how many runs are killed, and the
# seconds between two runs.
ENTRIES=${CLUSTER_ENTRIES:-40} NAMES=${CLUSTER_NAMES:-40} RATE=${CLUSTER_RATE:-600} KILLS=${CLUSTER_KILLS:-10} TICK=${CLUSTER_TICK:-0.5}

setup_file() {
    need_directory || return 0
    need haproxy socat nsenter bridge || return 0
    [ "$(id -u)" = 0 ] || unavailable 'this takes root' || return 0
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable 'a network of its own' || return 0
    export DIRECTORY=$BATS_FILE_TMPDIR PAIR_NET=$NET.1 SLAPD_DEBUG=none UNDER_a UNDER_b
    ip link add lan type bridge
    ip link set lan up
    ip address add "$NET.1/24" dev lan
    # Other clients.
    ip address add "$NET.101/24" dev lan
    machine a 11
    machine b 12
    machine n1 21
    machine n2 22
    machine n3 23
    machine front 31
    UNDER_a="$(printf '%s ' "${ON[@]}" "$(net_of a)")" UNDER_b="$(printf '%s ' "${ON[@]}" "$(net_of b)")"
    authority ca
    local name
    for name in a b; do
        certificate "$name" ca 2 "IP:$NET.11,IP:$NET.12"
        tls "$name" "$name"
    done
    make_directory
    for name in "${NODES[@]}"; do make_node "$name"; done
    start_front
}

# A provider that is told to end takes a second or more, and one that hangs never ends.
teardown_file() {
    local name
    for name in a b; do [ ! -e "$DIRECTORY/$name/started" ] || stop_provider "$name" KILL; done
    stop_background
}

setup() {
    skip_if_unavailable
    cd "$BATS_FILE_TMPDIR"
}

teardown() {
    stop_background
}

ON=(nsenter)

net_of() {
    echo "--net=/proc/$(<"$BATS_FILE_TMPDIR/$1.pid")/ns/net"
}

has_own_net() {
    [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

# machine NAME NUMBER: a network that holds one machine, $NET.NUMBER, and is plugged into the switch.
machine() {
    local pid
    # The file's.
    BATS_TEST_TMPDIR='' start_background "$BATS_FILE_TMPDIR/$1.log" unshare --net sleep infinity
    pid=$(tail -n 1 "$BATS_FILE_TMPDIR/background")
    echo "$pid" >"$BATS_FILE_TMPDIR/$1.pid"
    wait_for has_own_net "$pid"
    ip link add "to-$1" type veth peer name eth0 netns "$pid"
    ip link set "to-$1" master lan up
    on "$1" ip link set lo up
    on "$1" ip address add "$NET.$2/24" dev eth0
    on "$1" ip link set eth0 up
}

# on NAME COMMAND...: there.
on() {
    nsenter "$(net_of "$1")" "${@:2}"
}

# unplug NAME, plug NAME: a machine's cable.
unplug() {
    ip link set "to-$1" down
}

plug() {
    ip link set "to-$1" up
}

# part, join: from now on the providers do not hear of each other, though of everybody else; and so on.
part() {
    bridge link set dev to-a isolated on
    bridge link set dev to-b isolated on
}

join() {
    bridge link set dev to-a isolated off
    bridge link set dev to-b isolated off
}

make_directory() {
    make_pair
    stop_provider b KILL
    stop_provider a KILL
    people | grep -v ^changetype | load_provider a 1 "$SUFFIX"
    rm -r "$DIRECTORY/b/db"
    mkdir "$DIRECTORY/b/db"
    slapcat -f "$DIRECTORY/a/slapd.conf" -b "$SUFFIX" | slapadd -q -w -f "$DIRECTORY/b/slapd.conf" -b "$SUFFIX"
    start_of_pair a
    start_of_pair b
    # Each has written once, so that cookies name both.
    room "uid=u1,$WATCHED" V1 | change a
    room "uid=u2,$WATCHED" V1 | change b
    wait_for is_known b "uid=u1,$WATCHED" roomNumber=V1
    wait_for is_known a "uid=u2,$WATCHED" roomNumber=V1
}

people() {
    unit "$BASE"
    unit "$WATCHED"
    versions 1 "$NAMES" "$WATCHED"
    others
}

# As persons does, but fast.
others() {
    seq 100001 $((100000 + ENTRIES)) |
        sed "s/.*/dn: uid=u&,$BASE\nchangetype: add\nobjectClass: inetOrgPerson\nuid: u&\ncn: Person &\nsn: u&\nroomNumber: R&\n/"
}

# versions FROM TO BASE: uN, the first version of each.
versions() {
    persons "$@" | sed -E 's/^roomNumber: R.*/roomNumber: V0/'
}

number_of() {
    echo "$NET.2${1#n}"
}

# make_node NAME: its lookup-sync, and its lookup-server to which HAProxy is a proxy.
make_node() {
    local folder=$BATS_FILE_TMPDIR/$1
    mkdir -p "$folder"
    printf '%s\n' "uri = ldaps://$NET.11 ldaps://$NET.12" "base = $BASE" "book = $folder/book.cdb" "state = $folder/state" \
        "ca-file = $DIRECTORY/ca.pem" "bind-dn = $ROOT_DN" "secret-file = $DIRECTORY/password" >"$folder/sync.conf"
    (umask 077 && echo secret >"$DIRECTORY/password")
    sync_on "$1" >/dev/null
    BATS_TEST_TMPDIR='' start_background "$folder/log" nsenter "$(net_of "$1")" /usr/bin/python3 "$ROOT/tests/tools/superserver.py" \
        lookup=tcp:0.0.0.0:8084 -- "$BUILD/lookup-server" --book "$folder/book.cdb" --proxy-from $FRONT --verbose
    wait_for grep -q ^ready "$folder/log"
}

# The shipped configuration: with these addresses, as whoever runs the tests, and with less time for and between checks.
start_front() {
    sed -E "s/192\.0\.2\./$NET./
        s|/run/haproxy/admin.sock|$BATS_FILE_TMPDIR/admin.sock|
        s/inter 2s/inter 500ms/
        s/timeout check 3s/timeout check 1500ms/
        /^ *(user|group|log \/dev\/log) /d" "$ROOT/systemd/haproxy.cfg" >"$BATS_FILE_TMPDIR/haproxy.cfg"
    BATS_TEST_TMPDIR='' start_background "$BATS_FILE_TMPDIR/haproxy.log" nsenter "$(net_of front)" haproxy -db -f "$BATS_FILE_TMPDIR/haproxy.cfg"
    wait_for up 3 || { cat "$BATS_FILE_TMPDIR/haproxy.log" >&2; return 1; }
}

sync_on() {
    on "$1" "$BUILD/lookup-sync" --config "$BATS_FILE_TMPDIR/$1/sync.conf" "${@:2}"
}

# up COUNT: HAProxy takes so many nodes for sound.
up() {
    # The state is in column 18.
    [ "$(socat - "unix-connect:$BATS_FILE_TMPDIR/admin.sock" <<<'show stat' | grep -cE '^machines,machine[^,]*,([^,]*,){15}UP')" = "$1" ]
}

# ask_front NAME: as a client.
ask_front() {
    "$BUILD/lookup" -w 30 -h $FRONT "$1"
}

# requests NODE: what it was asked, but by health checks: PEER "REQUEST" RESULT.
requests() {
    sed -n '/HAPROXY HEALTH CHECK/d; s/^lookup-server: //p' "$BATS_FILE_TMPDIR/$1/log"
}

# each_answers NAME ANSWER: every node does.
each_answers() {
    local node
    for node in "${NODES[@]}"; do
        run -0 on "$node" "$TALK" --tcp "$(number_of "$node"):8084" send:"$1"'\n' rest
        assert_output "$2"
    done
}

# each_syncs STATUS
each_syncs() {
    local node
    for node in "${NODES[@]}"; do run "-$1" sync_on "$node"; done
}

# record [OPTION...]: begins to change, to fetch, to ask and to check.
record() {
    local node nodes=()
    for node in "${NODES[@]}"; do
        nodes+=(--node "$node,$(<"$node.pid"),$(number_of "$node"):8084,$PWD/$node/sync.conf")
    done
    start_background recorder.log "$ROOT/tests/tools/cluster.py" --sync "$BUILD/lookup-sync" --rate "$RATE" --front $FRONT:8084 \
        --provider "$(ldapi a)" --provider "$(ldapi b)" "${nodes[@]}" "$@" "$WATCHED" "$NAMES"
    RECORDER=$(tail -n 1 "$BATS_TEST_TMPDIR/background")
    wait_for grep -q ^begun recorder.log
}

# now: prints the number of the next line of its report.
now() {
    echo $(($(wc -l <recorder.log) + 1))
}

# since LINE COUNT TEXT...: waits, for at most a minute each, until it has said each TEXT so often from that line on.
since() {
    local text
    for text in "${@:3}"; do
        [ "$(grep -cxm "$2" "$text" < <(timeout 60 tail -n "+$1" -f recorder.log 3>&-))" = "$2" ] || fail "not $2 times: $text"
    done
}

# sees COUNT TEXT...: from now on it says each TEXT so often more.
sees() {
    since "$(now)" "$@"
}

recorder_ends() {
    [ "$(tail -n 1 recorder.log | cut -d ' ' -f 1)" = ended ]
}

# end_record [COUNT]: nothing that was said was wrong, and at most COUNT requests were lost.
end_record() {
    kill "$RECORDER"
    wait_for recorder_ends || wait_for recorder_ends || wait_for recorder_ends
    run ! grep ^wrong recorder.log
    assert [ "$(grep -c ^lost recorder.log)" -le "${1:-0}" ]
    assert_equal "$(tail -n 1 recorder.log)" 'ended 0'
    run -0 grep -h ^lag recorder.log
    # shellcheck disable=SC2001 # of many lines
    sed 's/^/# /' <<<"$output" >&3
}

@test "the shipped configuration is sound, and its file is one of HAProxy's" {
    run -0 haproxy -c -f haproxy.cfg
}

@test "clients are answered through HAProxy, and it is they who are logged" {
    local count
    for ((count = 0; count < 6; count++)); do
        run -0 ask_front u1
        assert_output V1
        run -0 /usr/bin/python3 -c '
import socket, sys
with socket.create_connection((sys.argv[1], 8084), 60, (sys.argv[2], 0)) as client:
    client.sendall(b"u2\r\n")
    print(client.makefile(newline="").read().encode())' $FRONT $NET.101
        assert_output "b'V1\\r\\n'"
    done
    run -0 bash -c "$(declare -f requests); for node in ${NODES[*]}; do requests \$node; done | sort | uniq -c"
    assert_output --regexp "^ *6 $NET\.1 \"U1\" hit
 *6 $NET\.101 \"U2\" hit\$"
}

six_are_answered() {
    local count
    for ((count = 0; count < 6; count++)); do run -0 ask_front u1; done
}

@test "health checks reach the server: one that hangs, or has no book, is left out" {
    local pid
    pid=$(sed -n 's/^start [0-9]* //p' n2/log | tail -1)
    kill -STOP "$pid"
    wait_for up 2
    # The kernel takes connections for it nevertheless.
    run -0 on n1 socat -u /dev/null "tcp:$NET.22:8084"
    six_are_answered
    kill -CONT "$pid"
    wait_for up 3
    # From a process that has none in its hands.
    mv n2/book.cdb n2/gone.cdb
    kill "$pid"
    wait_for up 2
    six_are_answered
    mv n2/gone.cdb n2/book.cdb
    wait_for up 3
    # Whoever asks a node by itself is from no network that has a header.
    run -0 on n1 "$BUILD/lookup" -h $NET.22 u1
}

@test "renamed, moved and deleted: gone from each node after one run" {
    versions 9001 9003 "$BASE" | change a
    wait_for is_known b "uid=u9003,$BASE" uid=u9003
    each_syncs 0
    each_answers u9002 V0
    {
        printf 'dn: uid=u9001,%s\nchangetype: modrdn\nnewrdn: uid=x9001\ndeleteoldrdn: 1\n\n' "$BASE"
        printf 'dn: uid=u9002,%s\nchangetype: modrdn\nnewrdn: uid=u9002\ndeleteoldrdn: 0\nnewsuperior: %s\n\n' "$BASE" "$SUFFIX"
        gone "uid=u9003,$BASE"
    } | change b
    each_syncs 0
    each_answers u9001 'UNKNOWN NAME: U9001'
    each_answers x9001 V0
    each_answers u9002 'UNKNOWN NAME: U9002'
    each_answers u9003 'UNKNOWN NAME: U9003'
    { gone "uid=x9001,$BASE"; gone "uid=u9002,$SUFFIX"; } | change b
}

@test "providers die, hang, part and come back, runs are killed, a node is cut off: no answer is older than the node's last run" {
    local killed begun
    record --kills "$KILLS" --tick 0.25
    sees 1 'asked n1' 'asked n2' 'asked n3' 'asked front'
    for ((killed = 1; killed <= KILLS; killed++)); do since 1 "$killed" 'run n. -9'; done
    kill -STOP "$(<a/started)"
    sees 2 'run n1 0' 'run n2 0' 'run n3 0'
    kill -CONT "$(<a/started)"
    stop_provider a KILL
    sees 2 'run n1 0' 'run n2 0' 'run n3 0'
    stop_provider b KILL
    sees 2 'run n1 75' 'run n2 75' 'run n3 75' 'asked n1' 'asked n2' 'asked n3' 'asked front'
    start_of_pair b
    sees 2 'run n1 0' 'run n2 0' 'run n3 0'
    start_of_pair a
    sees 2 'run n1 0'
    part
    sees 4 'run n1 0' 'run n2 0' 'run n3 0'
    join
    sees 2 'run n1 0' 'run n2 0' 'run n3 0'
    unplug n3
    begun=$(now)
    wait_for up 2
    sees 1 'asked n3' 'asked front'
    since "$begun" 1 'run n3 75'
    since "$begun" 4 'run n1 0'
    plug n3
    sees 2 'run n3 0'
    wait_for up 3
    # The request that n3 had when it was cut off.
    end_record 1
}

@test "by a timer: the lag is what lies between two runs" {
    record --tick "$TICK"
    sees 1 'run n1 0'
    sees 1 'run n1 0' 'run n2 0'
    sees 1 'run n1 0' 'run n3 0'
    end_record
}

@test "--watch: each change, on each node, as it comes" {
    record --tick 0
    sees $((NAMES / 20 + 2)) 'asked n1' 'asked n2' 'asked n3'
    end_record
}

@test "what would be wrong is seen" {
    cp n1/sync.conf n1/sync.conf.kept
    # It fetches, but its server's book stays as it is.
    sed -i 's|book.cdb|other.cdb|' n1/sync.conf
    record
    sees 1 'wrong n1 u.*'
    kill -KILL "$RECORDER"
    mv n1/sync.conf.kept n1/sync.conf
    sync_on n1
}

@test "a directory that is emptied is believed by no node, and filled again by all" {
    each_syncs 0
    emptied
    wait_for is_empty b || wait_for is_empty b || wait_for is_empty b
    each_syncs 75
    each_answers u5 "$(cat u5.room)"
    { versions 1 "$NAMES" "$WATCHED"; others; } | change b
    wait_for has_all a || wait_for has_all a || wait_for has_all a
    each_syncs 0
    each_answers u5 V0
}

room_at() {
    ldapsearch -LLL -x -H "$(ldapi "$1")" -b "$BASE" "(uid=$2)" roomNumber | sed -n 's/^roomNumber: //p'
}

emptied() {
    room_at a u5 >u5.room
    ldapsearch -LLL -x -o ldif-wrap=no -H "$(ldapi a)" -b "$BASE" '(uid=*)' 1.1 | sed -n 's/^dn: //p' >all
    ldapdelete -x -H "$(ldapi a)" -D "$ROOT_DN" -w secret -f all
}

has_all() {
    is_known "$1" "uid=u$((100000 + ENTRIES)),$BASE" 'uid=*'
}

is_empty() {
    local left
    left=$(ldapsearch -LLL -x -H "$(ldapi "$1")" -b "$BASE" '(uid=*)' 1.1) && [ -z "$left" ]
}
