#!/usr/bin/env bats
# What lookup-handler says to the operator, and that none of it reaches the client.
# shellcheck disable=SC2016,SC2154 # what is in single quotes is for inner shells; `run` sets the rest

load lib
load activation

setup_file() {
    make_book
}

setup() {
    handler_command lookup
}

# bats test_tags=native
@test "nothing but the answer on the connection when descriptor 2 is the connection" {
    local trace=$BATS_TEST_TMPDIR/trace way
    need strace
    for way in --socketpair --tcppair; do
        run -78 --separate-stderr --keep-empty-lines "$TALK" "$way" --inetd send:'John\n' rest -- \
            strace -qq -e trace=sendto -o "$trace" "$BUILD/lookup-handler" --book "/nonexistent/$way" --verbose lookup
        assert_output $'ERROR: address book unavailable\n'
        assert_equal "$stderr" ''
        # The operator hears of it by another way.
        run -0 grep -c '"<2[0-9]>lookup-handler\[' "$trace"
        run -0 --keep-empty-lines "$TALK" "$way" --inetd send:'John\n' rest -- \
            strace -qq -e trace=sendto -o "$trace" "${HANDLER[@]}"
        assert_output $'C45\n'
        run -1 grep -c '"<2[0-9]>lookup-handler\[' "$trace"
        run -64 "$TALK" "$way" --inetd rest -- "$BUILD/lookup-handler" --nothing
        assert_output ''
    done
}

@test "--verbose: one line a request, with peer, folded and escaped request, and result" {
    local peer
    ask_on_pipe ' john \n' "${HANDLER[@]}" --verbose
    assert_output $'C45\n'
    assert_equal "$stderr" $'lookup-handler: local "JOHN" hit'
    ask_on_pipe 'no\tbody' env TCPREMOTEIP=192.0.2.7 "${HANDLER[@]}" --verbose
    assert_equal "$stderr" $'lookup-handler: 192.0.2.7 "NO BODY" miss'
    ask_on_pipe 'John\n' env REMOTE_ADDR=2001:db8::1 "${HANDLER[@]}" --verbose
    assert_equal "$stderr" $'lookup-handler: 2001:db8::1 "JOHN" hit'
    ask_on_pipe 'John\n' env REMOTE_HOST=pc-7.example.com "${HANDLER[@]}" --verbose
    assert_equal "$stderr" $'lookup-handler: pc-7.example.com "JOHN" hit'
    # Clients of a Unix socket choose its name, which systemd 257 passes; a host's name may come from anywhere.
    for peer in '@192.0.2.7 "ADAM" hit' /run/peer @peer '192.0.2.7 "ADAM" hit' $'a\nb' ''; do
        ask_on_pipe 'John\n' env REMOTE_ADDR="$peer" "${HANDLER[@]}" --verbose
        assert_equal "$stderr" $'lookup-handler: local "JOHN" hit'
    done
    run -0 --separate-stderr "$TALK" --tcppair send:'John\n' rest -- "${HANDLER[@]}" --verbose
    assert_equal "$stderr" 'lookup-handler: 127.0.0.1 "JOHN" hit'
    run -0 --separate-stderr "$TALK" --socketpair rest close -- "${HANDLER[@]}" --timeout 0.1 --verbose
    assert_equal "$stderr" ''
}

@test "--verbose: no request can act on the operator's terminal or forge a line" {
    local service log=$BATS_TEST_TMPDIR/log
    for service in lookup clock hello; do
        # A title, telnet's negotiation, both kinds of CSI, NUL, BEL, a quote, a CR.
        printf '\x1b]0;owned\x07\xff\xfd\x01\xc2\x9b31m\x9b31m\0"\rlookup-handler: John\n' >"$BATS_TEST_TMPDIR/request"
        handler_command "$service" --verbose
        run -0 bash -c '"${@:3}" <"$1" 2>"$2"' bash "$BATS_TEST_TMPDIR/request" "$log" "${HANDLER[@]}"
        run -1 env LC_ALL=C grep -a '[^ -~]' "$log"
        run -0 cat "$log"
        assert_output --regexp '^lookup-handler: local "[^"]*" refused$'
    done
    handler_command lookup --verbose
    ask_on_pipe "$(printf 'a%.0s' {1..5000})\n" "${HANDLER[@]}"
    assert_equal "$(wc -l <<<"$stderr")" 1
}

@test "under the journal each line carries its priority" {
    local log=$BATS_TEST_TMPDIR/log
    : >"$log"
    run -78 env JOURNAL_STREAM="$(stat --format %d:%i "$log")" bash -c 'printf John | "${@:2}" 2>"$1"' bash "$log" \
        "$BUILD/lookup-handler" --book /nonexistent lookup
    run -0 cat "$log"
    assert_output --regexp '^<3>address book /nonexistent: [^<]+$'
}

@test "a JOURNAL_STREAM that is somebody else's changes nothing" {
    local program
    for program in lookup-handler lookup-server; do
        run -64 env JOURNAL_STREAM=1:2 "$BUILD/$program" --bogus
        assert_output "$program: no such option: --bogus; see --help"
    done
}

# failing COUNT: as many handlers at a time, without a book, each with its standard error at the same journal.
failing() {
    local log=$BATS_TEST_TMPDIR/journal
    : >>"$log"
    # shellcheck disable=SC2016 # for the inner shell
    JOURNAL_STREAM=$(stat --format %d:%i "$log") bash -c '
        for ((i = 0; i < $1; i++)); do printf John | "${@:3}" >/dev/null 2>>"$2" & done
        wait' bash "$1" "$log" "$BUILD/lookup-handler" --book "$BATS_TEST_TMPDIR/none" lookup
}

# said_once_since BEGIN: and once more for each 10 s since then, but nothing else.
said_once_since() {
    [ "$(wc -l <"$BATS_TEST_TMPDIR/journal")" -le $((1 + (SECONDS - $1 + 1) / 10)) ]
    run -0 sort -u "$BATS_TEST_TMPDIR/journal"
    assert_output "<3>address book $BATS_TEST_TMPDIR/none: No such file or directory"
}

said_twice() {
    failing 1
    [ "$(wc -l <"$BATS_TEST_TMPDIR/journal")" -ge 2 ]
}

@test "a missing book: one line in 10 s in the journal, however many handlers there are, and another after that" {
    local start=$SECONDS
    failing 30
    said_once_since "$start"
    wait_for said_twice
    [ $((SECONDS - start)) -ge 8 ]
    failing 30
    said_once_since "$start"
    # By hand each is told.
    run -78 bash -c '"$@" <<<John' bash "$BUILD/lookup-handler" --book "$BATS_TEST_TMPDIR/none" lookup
    assert_line --partial 'No such file'
    run -78 bash -c '"$@" <<<John' bash "$BUILD/lookup-handler" --book "$BATS_TEST_TMPDIR/none" lookup
    assert_line --partial 'No such file'
}
