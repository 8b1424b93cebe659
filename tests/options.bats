#!/usr/bin/env bats
# The values of every program's options: a number is all digits and within its bounds, and no value is empty.

load lib

setup() {
    cd "$BATS_TEST_TMPDIR"
    unset LOOKUP_HOST LOOKUP_PORT
    echo 'John = C45' >book.txt
    "$BUILD/lookup-book" compile book.txt book.cdb
}

# refused STATUS PROGRAM OPTION...: it says what is wrong on a line of its own, and does nothing else.
refused() {
    run "-$1" --separate-stderr timeout 60 "$BUILD/$2" "${@:3}" </dev/null
    assert_output ''
    [[ $stderr =~ ^$2:\ [^$'\n']+$ ]] || fail "$*: $stderr"
}

# What is no number from 1 on, of whatever option.
NO_NUMBERS=('' ' ' 0 -1 +1 ' 1' '1 ' 1x 0x1 1e1 '1,0' ١ 99999999999999999999 18446744073709551617)

@test "seconds: 0.001 to 86400" {
    local value
    for value in "${NO_NUMBERS[@]}" . 0.0 0.0001 86400.001 86401 1.2.3 1s nan inf; do
        refused 2 lookup -w "$value" John
        refused 64 lookup-handler --timeout "$value" lookup
        refused 64 lookup-server --timeout "$value" lookup
        [ "$value" = 0 ] || refused 64 lookup-server --idle "$value" lookup
    done
    for value in 0.001 .5 5. 86400 86400.000; do
        run -0 "$BUILD/lookup-handler" --book book.cdb --timeout "$value" hello </dev/null
    done
}

@test "workers: 1 to 64" {
    local value
    for value in "${NO_NUMBERS[@]}" 1. 1.0 65 Auto automatic; do
        refused 64 lookup-server --workers "$value" lookup
    done
}

@test "a port: 1 to 65535, or a name" {
    local value
    for value in "${NO_NUMBERS[@]}" 1.0 65536 86620 no-such-service; do
        refused 2 lookup -h 127.0.0.1 -p "$value" John
        [[ $stderr == *'see --help' || $stderr == *'not supported'* ]] || fail "it was asked at $value: $stderr"
    done
    # Nobody listens in a network of its own: it has come to asking.
    for value in 1 065 65535; do
        run -2 unshare --net "$BUILD/lookup" -h 127.0.0.1 -p "$value" John
        assert_output --partial 'Network is unreachable'
    done
}

@test "no option of any program has an empty value" {
    local option
    for option in -h -p -U -s -w; do
        refused 2 lookup "$option" '' John
    done
    for option in --book --timeout; do
        refused 64 lookup-handler "$option" '' lookup
        refused 64 lookup-handler "$option=" lookup
        [[ $stderr == *"needs a value: $option"* ]]
    done
    for option in --book --timeout --idle --workers; do
        refused 64 lookup-server "$option" '' lookup
        refused 64 lookup-server "$option=" lookup
    done
    for option in --format --charset --name-column --office-column --office-attribute; do
        refused 64 lookup-book compile "$option" '' book.txt other.cdb
        refused 64 lookup-book compile "$option=" book.txt other.cdb
    done
}
