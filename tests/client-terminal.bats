#!/usr/bin/env bats
# Our own client on a terminal: editing, history, keys, hints.
# shellcheck disable=SC2016,SC2030,SC2031 # what is in single quotes is for inner shells; each test has its TERM

load lib
load client

# The golden names of its setup_file, and those that only together are one.
setup_file() {
    make_book "$BATS_FILE_TMPDIR/book.cdb" <<'BOOK'
John = C45
John Smith = C50
Ann Lee = D1
Jürgen = D2
BOOK
}

# at_terminal STATUS LINE... -- COMMAND...: types, and sets output.
at_terminal() {
    run "-$1" "$ROOT/tests/tools/terminal.py" "$PROMPT" "${@:2}"
}

asks_at() {
    local end=("$BUILD/lookup" -h "127.0.0.1:$PORT")
    at_terminal "$@" -- "${end[@]}"
}

# count_answers TEXT N: so many lines are TEXT, apart from what moves the cursor.
count_answers() {
    assert_equal "$(tr -d '\r' <<<"$output" | grep -cx "$1")" "$2"
}

@test "a line can be edited" {
    serve_book tcp:127.0.0.1
    export TERM=xterm
    # Backspace, to the beginning, kill to the end, yank.
    asks_at 0 'keys:Johx\x7fn\n' 'keys:ohn\x01J\n' 'keys:Johnny\x02\x02\x0b\n' 'keys:\xc3\xbcrgen\x01J\n' -1
    count_answers C45 3
    count_answers D2 1
    refute_output --partial UNKNOWN
}

@test "names are UTF-8 in any locale" {
    local locale
    serve_book tcp:127.0.0.1
    export TERM=xterm
    for locale in C POSIX C.UTF-8 nonsense; do
        LC_ALL=$locale asks_at 0 Jürgen -1
        count_answers D2 1
    done
}

@test "the lines before come again" {
    serve_book tcp:127.0.0.1
    export TERM=xterm
    asks_at 0 John 'Ann Lee' 'keys:\x1b[A\x1b[A\n' 'keys:\x1b[A\x1b[A\n' ^D
    count_answers C45 2
    count_answers D1 2
}

@test "Ctrl-C cancels the line, Ctrl-D ends, and what Ctrl-C cancelled counts for nothing" {
    serve_book tcp:127.0.0.1
    export TERM=xterm
    asks_at 0 'keys:Jo\x03' John 'keys:\x03' 'keys:xyz\x03' ^D
    count_answers C45 1
    refute_output --partial UNKNOWN
    asks_at 1 Joan ^D
}

@test "Ctrl-C while an answer is awaited ends it, and leaves the terminal in order" {
    serve tcp:127.0.0.1 silent
    export TERM=xterm
    at_terminal 0 'keys:John\n' $'at Sending data\r\n:\\x03' -- bash -c '
        stty sane
        before=$(stty -g)
        trap : INT
        "$@"
        [ $? = 130 ] && [ "$(stty -g)" = "$before" ]' bash "$BUILD/lookup" -v -w 30 -h "127.0.0.1:$PORT"
}

@test "empty lines are ignored, with and without editing" {
    serve_book tcp:127.0.0.1
    for TERM in xterm dumb; do
        asks_at 0 '' '  ' $'\t' John -1
        refute_output --partial ERROR
        assert_output --partial C45
    done
}

@test "the prompt goes to the terminal only" {
    local out=$BATS_TEST_TMPDIR/out
    serve_book tcp:127.0.0.1
    for TERM in xterm dumb; do
        at_terminal 0 John -1 -- bash -c '"${@:2}" >"$1"' bash "$out" "$BUILD/lookup" -h "127.0.0.1:$PORT"
        assert_output --partial "$PROMPT"
        echo C45 | cmp - "$out"
    done
    # Where there is none to write to, it is left out.
    run -0 "$ROOT/tests/tools/terminal.py" ready 'keys:John\n-1\n' -- \
        bash -c 'printf ready; "${@:2}" >"$1" 2>&1' bash "$out" "$BUILD/lookup" -h "127.0.0.1:$PORT"
    echo C45 | cmp - "$out"
}

# bats test_tags=native
@test "libedit is loaded on a terminal that can be edited on, and there alone" {
    local trace=$BATS_TEST_TMPDIR/trace
    need strace
    serve_book tcp:127.0.0.1
    local client=(strace -f -qq -e trace=openat -o "$trace" "$BUILD/lookup" -h "127.0.0.1:$PORT")
    TERM=xterm at_terminal 0 -1 -- "${client[@]}"
    run -0 grep -c 'libedit.*= [0-9]' "$trace"
    TERM=dumb at_terminal 0 -1 -- "${client[@]}"
    run -1 grep libedit "$trace"
    TERM=xterm at_terminal 0 -- "${client[@]}" John
    run -1 grep libedit "$trace"
    TERM=xterm "${client[@]}" <<<John
    run -1 grep libedit "$trace"
}

@test "two names that are found only by their words: quoting is hinted at, on a terminal" {
    serve_book tcp:127.0.0.1
    asks_at_once() {
        at_terminal "$1" -- "$BUILD/lookup" -h "127.0.0.1:$PORT" "${@:2}"
    }
    asks_at_once 0 Ann Lee
    assert_output --partial 'lookup "Ann Lee"'
    asks_at_once 1 Lee Bob
    assert_output --partial 'lookup "Lee Bob"'
    asks_at_once 0 John Smith # John is somebody
    refute_output --partial hint
    asks_at_once 0 Ann
    refute_output --partial hint
    asks_at_once 0 'Ann Lee' Smith
    refute_output --partial hint
    asks_at_once 1 -q Lee Bob
    refute_output --partial hint
    run -0 client -h "127.0.0.1:$PORT" Ann Lee
    refute_output --partial hint
}

@test "the clock's options are listed where none was meant, on a terminal" {
    serve_book tcp:127.0.0.1 clock
    at_terminal 1 -- "$BUILD/lookup" -s clock -h "127.0.0.1:$PORT" date
    assert_output --partial 'UNKNOWN OPTION: DATE'
    assert_output --partial 'Date, Time and DateAndTime'
    run -1 client -s clock -h "127.0.0.1:$PORT" date
    assert_output 'UNKNOWN OPTION: DATE'
    at_terminal 0 -- "$BUILD/lookup" -s clock -h "127.0.0.1:$PORT" Date
    refute_output --partial hint
}

@test "--help shows a quoted name first" {
    run -0 client --help
    assert_output --partial 'lookup "John Smith"'
}
