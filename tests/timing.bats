#!/usr/bin/env bats
# bats file_tags=first
# When bytes come and go: pieces, silence, deadlines, the end of a connection. The pauses are what is tested, on the
# client's side; nothing here waits for a handler by the clock.
# shellcheck disable=SC2154 # `run` sets stderr

load lib
load activation

setup_file() {
    make_book
}

# converse SERVICE [HANDLER OPTION...] -- WAY STEP...: what the client got is in $output.
converse() {
    local service=$1 options=() deadline=$((SECONDS + 300))
    shift
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    handler_command "$service" "${options[@]}"
    while true; do
        run --separate-stderr --keep-empty-lines "$TALK" "${@:2}" -- "${HANDLER[@]}"
        # On a machine this busy the client could not keep its pauses.
        [ "$status" != 75 ] || [ "$SECONDS" -ge "$deadline" ] || continue
        break
    done
    assert_equal "$stderr" ''
    assert_success
}

milliseconds() {
    local now=${EPOCHREALTIME/./}
    echo $((now / 1000))
}

@test "pieces 80 ms apart are one name" {
    local way
    for way in --pipe --socketpair --tcppair; do
        converse lookup -- "$way" send:Ann pause:80 send:a rest
        assert_output A11
        converse lookup -- "$way" send:An pause:80 send:n pause:80 send:'\n' rest
        assert_output $'A10\n'
        converse lookup -- "$way" send:Ann pause:80 send:'\r' pause:80 send:'\n' rest
        assert_output $'A10\r\n'
    done
}

@test "a byte at a time is one name" {
    local way
    for way in --pipe --socketpair --tcppair; do
        converse lookup -- "$way" trickle:40:'Mary Jane Watson\r\n' rest
        assert_output $'F10\r\n'
        converse lookup -- "$way" trickle:40:'jo\xC3\xA3o' rest
        assert_output G1
    done
}

@test "a request without line end is answered though the client keeps the connection open, and ends by itself" {
    local way
    for way in --pipe --socketpair --tcppair; do
        converse lookup -- "$way" send:John rest
        assert_output C45
    done
    converse clock -- --tcppair send:Date rest
    assert_output --regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
}

@test "one recv is enough for the textbook's client" {
    converse lookup -- --tcppair send:John some close
    assert_output C45
}

@test "a name in two pieces far apart is two: the first is answered, no harm done" {
    converse lookup -- --tcppair send:Ann some send:a rest
    assert_output A10
}

@test "a connection that does not block is waited for all the same" {
    converse lookup -- --tcppair --nonblocking pause:400 send:Ann pause:80 send:'a\n' rest
    assert_output $'A11\n'
}

@test "HTTP has no quiet time: a head in pieces is one" {
    converse hello -- --tcppair send:'GET / HT' pause:400 send:'TP/1.0\r' pause:400 send:'\n\r' pause:400 send:'\n' rest
    assert_line --index 0 $'HTTP/1.1 200 OK\r'
    converse hello -- --tcppair trickle:5:'GET / HTTP/1.1\r\nHost: a\r\n\r\n' rest
    assert_line --index 0 $'HTTP/1.1 200 OK\r'
}

@test "a silent client gets nothing, at the deadline and not before, and that is no fault" {
    local way service start
    for service in lookup clock hello; do
        for way in --pipe --socketpair --tcppair; do
            start=$(milliseconds)
            converse "$service" --timeout 0.5 -- "$way" rest
            assert_output ''
            [ $(($(milliseconds) - start)) -ge 500 ]
        done
    done
}

@test "a trickling client is told when the deadline has passed: arriving bytes do not restart it" {
    local way
    for way in --pipe --socketpair --tcppair; do
        # A minute of bytes; trickle ends with the first byte of the answer, and there would be none at its end.
        converse lookup --timeout 1 -- "$way" trickle:60:'{1000*a}' rest
        assert_output 'ERROR: request timed out'
    done
    converse clock --timeout 1 -- --tcppair trickle:60:'{1000*a}' rest
    assert_output 'ERROR: request timed out'
}

@test "a trickling HTTP client gets 408, as does one that stops within the head" {
    converse hello --timeout 1 -- --tcppair trickle:60:'GET /{1000*a}' rest
    assert_line --index 0 $'HTTP/1.1 408 Request Timeout\r'
    converse hello --timeout 1 -- --tcppair send:'GET / HTTP/1.1\r\nHost: a\r\n' rest
    assert_line --index 0 $'HTTP/1.1 408 Request Timeout\r'
}

@test "a request line without version is answered at once, with no wait for more" {
    # The answer is there before our deadline, which would give 408.
    converse hello -- --tcppair send:'GET /\r\n' rest
    assert_line --index 0 $'HTTP/1.1 400 Bad Request\r'
}

# There are more whenever it looks: only its clock can tell it.
@test "a client whose bytes never cease is told when the deadline has passed" {
    handler_command lookup --timeout 0.2
    run -0 timeout 60 bash -c '"$@" </dev/zero' bash "${HANDLER[@]}"
    assert_output 'ERROR: request timed out'
    # It begins when the first of them is there: before that, the client would be a silent one.
    run -0 timeout 60 bash -c 'yes "" | tr "\n" a | { read -rN1 _; exec "$@"; }' bash "${HANDLER[@]}"
    assert_output 'ERROR: request timed out'
}

@test "a client that never reads does not keep the handler beyond the deadline" {
    printf 'Many = %0200d\n' {1..75} | make_book "$BATS_TEST_TMPDIR/book.cdb" 2>/dev/null
    # 15,000 bytes of answer and the smallest buffer there is.
    converse lookup --book "$BATS_TEST_TMPDIR/book.cdb" --timeout 1 -- --socketpair --small send:'Many\n' gone
    converse lookup --book "$BATS_TEST_TMPDIR/book.cdb" -- --socketpair --small send:'Many\n' rest
    [ "${#output}" = $((75 * 201)) ]
}

@test "a session whose client asks on and on and never reads ends at the deadline" {
    converse lookup --session --timeout 1 -- --socketpair flood:'{100*John\n}'
}

@test "1 MB of unread rest ends in EOF, not in a reset" {
    local way
    for way in --socketpair --tcppair; do
        converse lookup -- "$way" send:'John\n{1000000*x}' rest
        assert_output $'C45\n'
        # Even if it is sent after the answer.
        converse lookup -- "$way" send:'John\n' some send:'{1000000*x}' end rest
        assert_output $'C45\n'
        converse hello -- "$way" send:'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n{1000000*x}' rest
        assert_line --index 0 $'HTTP/1.1 405 Method Not Allowed\r'
    done
}

@test "a client that keeps its side open does not keep the handler for ever" {
    local way
    for way in --socketpair --tcppair; do
        converse lookup -- "$way" send:'John\n' rest gone
        assert_output $'C45\n'
    done
}

@test "a copy of the connection that the parent holds open does not keep the client waiting" {
    local way
    for way in --socketpair --tcppair; do
        # The copy is open until this client ends: only an explicit half-close can give it EOF.
        converse lookup -- "$way" --hold send:John rest
        assert_output C45
        converse hello -- "$way" --hold send:'GET / HTTP/1.0\r\n\r\n' rest
        assert_line --index 0 $'HTTP/1.1 200 OK\r'
    done
}

@test "a session: question and answer in turn, each framed as it was asked" {
    local way
    for way in --pipe --socketpair --tcppair; do
        converse lookup --session -- "$way" send:'John\n' some send:'Adam\r\n' some send:Denise some send:'Ann\n' some end rest
        assert_output $'C45\nB23\r\nC44A10\n'
        converse clock --session -- "$way" send:'Date\n' some send:'nothing\n' some end rest
        assert_line --index 1 'UNKNOWN OPTION: NOTHING'
    done
}

@test "a session: pipelined requests in pieces are answered in their order" {
    converse lookup --session -- --tcppair send:'John\nAd' pause:80 send:'am\nDen' pause:80 send:'ise\r\n' pause:80 send:Phoebe end rest
    assert_output $'C45\nB23\nC44\r\nD52'
}

@test "a session: each request has a deadline of its own" {
    converse lookup --session --timeout 2 -- --tcppair \
        send:'John\n' some pause:1200:1800 send:'Adam\n' some pause:1200:1800 send:'Ann\n' some end rest
    assert_output $'C45\nB23\nA10\n'
}

@test "a session: silence to the deadline ends it, without a word" {
    converse lookup --session --timeout 0.5 -- --tcppair send:'John\n' rest
    assert_output $'C45\n'
}

@test "a session: a request that does not come to its end in time is the last one" {
    converse lookup --session --timeout 1 -- --tcppair send:'John\n' some trickle:60:'{1000*a}' rest
    assert_output $'C45\nERROR: request timed out'
}

@test "the deadline also bounds the wait for the last byte of a line too long" {
    converse lookup --timeout 1 -- --tcppair send:'{5000*a}' trickle:60:'{1000*a}' rest
    assert_output 'ERROR: request timed out'
}
