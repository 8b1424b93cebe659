# What handler and server are asked to do that have tests/breach.c in them.
# shellcheck disable=SC2034,SC2154 # used, or set, in the test files

ATTEMPTS=(open create unlink socket connect listen exec fork kill trace code limit chmod dump filter lock shutdown shutread shutwrite
    local log send message messages peek)

# Where a server answers datagrams, it can send them to whom it likes: the address is where no filter can look.
without_messages() {
    mapfile -t ATTEMPTS < <(printf '%s\n' "${ATTEMPTS[@]}" | grep -vx messages)
}

# Where the programs run, and the client: both empty or a command to put before another.
INSIDE=()
LOOKUP=(lookup)

# asks ATTEMPT SECONDS OPTION...: a client with these options, that waits so long.
asks() {
    run "${INSIDE[@]}" "${LOOKUP[@]}" -w "$2" "${@:3}" "$1"
}

is_served() {
    asks nothing "$@"
    assert_output 'nothing: done'
}

# holds OPTION...: asked by a client with these options, no attempt comes to anything, and whoever asks next is served.
holds() {
    local attempt patience=60 served=(is_served 60)
    # By datagrams nobody is told that there will be no answer; and one that was received together with an attempt is lost.
    [[ " $* " != *' -u '* ]] || patience=0.2 served=(wait_for is_served 1)
    "${served[@]}" "$@"
    for attempt in "${ATTEMPTS[@]}"; do
        asks "$attempt" "$patience" "$@"
        # The server can open files; but none of these.
        if [ "$attempt: $output" != 'open: open: Permission denied' ]; then
            assert_failure 2
            refute_output --partial "$attempt:"
        fi
        "${served[@]}" "$@"
    done
    run ! "${INSIDE[@]}" test -e /tmp/lookup-breach
}
