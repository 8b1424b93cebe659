# Requests to the handler and the server that are linked with tests/breach.c: each is an attempt to break out.
# shellcheck disable=SC2034,SC2154 # used, or set, in the test files

ATTEMPTS=(open create unlink socket connect listen exec fork kill trace code limit chmod dump filter lock shutdown shutread shutwrite
    local log send message messages peek)

# A server that answers datagrams can send to any address: filters do not see the address.
without_messages() {
    mapfile -t ATTEMPTS < <(printf '%s\n' "${ATTEMPTS[@]}" | grep -vx messages)
}

# The command prefix for running inside a machine (or empty), and the client.
INSIDE=()
LOOKUP=(lookup)

# asks ATTEMPT SECONDS OPTION...: sends ATTEMPT by a client with these options, which waits for SECONDS at most.
asks() {
    run "${INSIDE[@]}" "${LOOKUP[@]}" -w "$2" "${@:3}" "$1"
}

is_served() {
    asks nothing "$@"
    assert_output 'nothing: done'
}

# holds OPTION...: asserts that every attempt fails, sent by a client with these options, and that the next
# client is served.
holds() {
    local attempt patience=60 served=(is_served 60)
    # With datagrams, a missing answer is only noticed by timeout; and a datagram received together with an
    # attempt is lost.
    [[ " $* " != *' -u '* ]] || patience=0.2 served=(wait_for is_served 1)
    "${served[@]}" "$@"
    for attempt in "${ATTEMPTS[@]}"; do
        asks "$attempt" "$patience" "$@"
        # The server can open files, but not this one.
        if [ "$attempt: $output" != 'open: open: Permission denied' ]; then
            assert_failure 2
            refute_output --partial "$attempt:"
        fi
        "${served[@]}" "$@"
    done
    run -0 "${INSIDE[@]}" sh -c '! test -e /tmp/lookup-breach'
}
