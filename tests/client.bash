# Servers, real ones and stand-ins, for the tests of our client, build/lookup.
# shellcheck shell=bash disable=SC2034 # for the tests

setup_file() {
    make_book "$BATS_FILE_TMPDIR/book.cdb" <<'BOOK'
John = C45
Denise = C44
-1 = minus one
-John = dash
BOOK
}

setup() {
    unset LOOKUP_HOST LOOKUP_PORT
    export TERM=dumb # on other terminals the client uses line editing
    PROMPT='Please provide an input (a name, or -1 to exit): '
    STAND_INS=()
}

teardown() {
    [ ${#STAND_INS[@]} = 0 ] || kill "${STAND_INS[@]}"
}

# serve WHERE WHAT...: starts a stand-in server and sets PORT to its port or path.
serve() {
    local ready=$BATS_TEST_TMPDIR/ready.${#STAND_INS[@]}
    mkfifo "$ready"
    "$ROOT/tests/tools/stand-in.py" "$@" >"$ready" 3>&- &
    STAND_INS+=($!)
    read -r PORT <"$ready"
}

serve_book() {
    serve "$1" run "$BUILD/lookup-handler" --book "$BATS_FILE_TMPDIR/book.cdb" "${2:-lookup}"
}

client() {
    timeout 60 "$BUILD/lookup" "$@"
}

# until_it_has ANSWER COMMAND...: runs COMMAND by `run` with -w 0.3, then 3, then 30, until the whole output matches the pattern
# ANSWER. On a busy machine, a server of the tests may not answer within the first of these times.
until_it_has() {
    local seconds
    for seconds in 0.3 3 30; do
        run --separate-stderr "${@:2}" -w "$seconds"
        # shellcheck disable=SC2053 # a pattern
        [[ $output != $1 ]] || break
    done
}

closed_port() {
    serve tcp:127.0.0.1 deaf
}
