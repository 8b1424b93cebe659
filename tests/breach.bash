# What handler and server are asked to do that have tests/breach.c in them.
# shellcheck disable=SC2034,SC2154 # used, or set, in the test files

ATTEMPTS=(open create unlink socket connect listen exec fork kill trace code limit chmod dump)

# Where the programs run, and the client: both empty or a command to put before another.
INSIDE=()
LOOKUP=(lookup)

# holds OPTION...: asked by a client with these options, no attempt comes to anything, and whoever asks next is served.
holds() {
    local attempt patience
    for attempt in nothing "${ATTEMPTS[@]}" nothing; do
        patience=(-w 60)
        # By datagrams nobody is told that there will be no answer.
        [ "$attempt" = nothing ] || [[ " $* " != *' -u '* ]] || patience=(-w 0.2)
        run "${INSIDE[@]}" "${LOOKUP[@]}" "${patience[@]}" "$@" "$attempt"
        if [ "$attempt" = nothing ]; then
            assert_output 'nothing: done'
            continue
        fi
        # The server can open files; but none of these.
        [ "$attempt: $output" != 'open: open: Permission denied' ] || continue
        assert_failure 2
        refute_output --partial "$attempt:"
    done
    run ! "${INSIDE[@]}" test -e /tmp/lookup-breach
}
