# A machine that runs lookup-server from the units installed by `make install`, under a real systemd. It boots
# once a file. Each test leaves the machine as it found it: the three sockets of lookup-server active, no
# process, the book of tests/book.txt in place. Load it after `load lib` and `load machine`.
# shellcheck disable=SC2016 # single quotes hold text for the machine's shells
# shellcheck disable=SC2034,SC2154 # some of this is used, or set, in the test files only

UNIT=lookup-server.service
SOCKETS=(lookup-server.socket clock-server.socket hello-server.socket)
BOOK=/var/lib/lookup/book.cdb

setup_file() {
    boot_machine || return 0
    in_machine make -s -C /src install
    in_machine lookup-book compile /src/tests/book.txt "$BOOK"
    in_machine systemctl start "${SOCKETS[@]}"
}

teardown_file() {
    poweroff_machine
}

teardown() {
    [ -n "${MACHINE_PID:-}" ] || return 0
    [ -z "${output:-}" ] || echo "last output: $output"
    in_machine rm -rf "/run/systemd/system/$UNIT.d" /run/systemd/system/lookup-server.socket.d
    if in_machine test -e "$BOOK.kept"; then in_machine mv "$BOOK.kept" "$BOOK"; fi
    in_machine systemctl daemon-reload
    stop_server
    in_machine systemctl reset-failed 2>/dev/null
    in_machine systemctl start "${SOCKETS[@]}"
}

# Keeps the sockets, so the next request starts a new server with the current settings.
stop_server() {
    in_machine systemctl stop "$UNIT" 2>/dev/null
}

# run_with OPTIONS [SETTING...]: gives the unit these options and settings, until the end of the test.
run_with() {
    in_machine mkdir -p "/run/systemd/system/$UNIT.d"
    printf '%s\n' '[Service]' ExecStart= "ExecStart=/usr/local/libexec/lookup/lookup-server $1" "${@:2}" |
        in_machine tee "/run/systemd/system/$UNIT.d/test.conf" >/dev/null
    in_machine systemctl daemon-reload
    stop_server
}

# ask REQUEST [HOST PORT]
ask() {
    in_machine sh -c 'printf %s "$1" | nc -N "$2" "$3"' sh "$1" "${2:-localhost}" "${3:-8084}"
}

# ask_by OPTIONS NAME
ask_by() {
    # shellcheck disable=SC2086 # options are several words
    in_machine lookup -w 60 $1 "$2"
}

property() {
    in_machine systemctl show --property "$1" --value "$UNIT"
}

property_is() {
    [ "$(property "$1")" = "$2" ]
}

tried_again() {
    [ "$(property NRestarts)" -ge "$1" ]
}

restarted() {
    [ "$(property NRestarts)" -ge "${1:-1}" ] && property_is SubState running
}

# Prints all processes of the unit, the main one first.
processes() {
    in_machine cat "/sys/fs/cgroup/system.slice/$UNIT/cgroup.procs"
}

# True if there are a supervisor and two workers, and none of them is the process $1.
two_workers_without() {
    local all
    all=$(processes) || return
    [ "$(wc -l <<<"$all")" = 3 ] && ! grep -qx "$1" <<<"$all"
}

mark_journal() {
    in_machine journalctl --sync
    CURSOR=$(in_machine journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
    [ -n "$CURSOR" ]
}

# logged [FIELD...]: prints these fields of each entry that the server (not PID 1 about it) has logged since
# mark_journal.
logged() {
    in_machine journalctl --sync
    # Filter in Python: with a match, journalctl 252 takes the first entry after the cursor for the cursor's
    # own.
    in_machine journalctl --quiet --after-cursor="$CURSOR" -o json | /usr/bin/python3 -c '
import json, sys
for line in sys.stdin:
    entry = json.loads(line)
    if entry.get("_SYSTEMD_UNIT") == sys.argv[1]:
        # The journal gives text that is not plain as a list of bytes.
        print(*(entry.get(field, "-") for field in sys.argv[2:]), sep="|")' "$UNIT" "${@:-MESSAGE}"
}
