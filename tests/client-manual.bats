#!/usr/bin/env bats
# bats file_tags=native
# The examples in lookup(1), each run as it stands.

load lib
load activation

setup_file() {
    need systemd-socket-activate jq || return 0
    make_book "$BATS_FILE_TMPDIR/book.cdb" <<'BOOK'
John Smith = C50
John = C45
Denise = C44
BOOK
}

setup() {
    skip_if_unavailable
    [ "$(id -u)" = 0 ] || unavailable "another hosts file takes root"
}

# examples: the commands of the manual's examples, a line each.
examples() {
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\.Dl \$ //p' "$ROOT/src/main/lookup.1" | sed "s/\\\\(dq/\"/g; s/\\\\(aq/'/g"
}

# Run in a network of its own, where the ports are free and the example's hosts are this machine.
run_examples() {
    ip link set lo up
    printf '%s\n' '127.0.0.1 localhost clock.example.org books2.example.org' '127.0.0.2 books1.example.org' \
        >"$BATS_TEST_TMPDIR/hosts"
    mount --bind "$BATS_TEST_TMPDIR/hosts" /etc/hosts
    start_server_by_socket_activate lookup=8084 -- --session
    start_server_by_socket_activate clock=8085 --
    start_server_by_socket_activate lookup=9084 --
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' 'John Smith' Joan Denise >names.txt
    local example
    while read -r example; do
        echo "$ $example"
        PATH=$BUILD:$PATH LOOKUP_HOST='' LOOKUP_PORT='' TERM=dumb name=Joan bash -c "$example" </dev/null
        echo "= $?"
    done < <(examples)
    stop_background
}

@test "each example does what is said of it" {
    export -f run_examples examples start_server_by_socket_activate server_command start_background stop_background \
        scratch wait_for listens need is_gone unavailable has_ipv6
    export BATS_TEST_TMPDIR BATS_FILE_TMPDIR
    run -0 unshare --net --mount bash -c run_examples
    assert_output --regexp "^\\$ lookup \"John Smith\"
C50
= 0
\\$ lookup John Denise
C45
C44
= 0
\\$ lookup -s clock -h clock.example.org Date
[0-9]{4}-[0-9]{2}-[0-9]{2}
= 0
\\$ lookup --label <names.txt
John Smith	C50
Joan	UNKNOWN NAME: JOAN
Denise	C44
= 1
\\$ lookup --json <names.txt \| jq -r 'select\(.found or .error \| not\).name'
Joan
= 0
\\$ lookup -q \"\\\$name\" >/dev/null \|\| echo \"\\\$name has no office\"
Joan has no office
= 0
\\$ lookup -h books1.example.org,books2.example.org:9084 \"John Smith\"
C50
= 0$"
}

@test "groff and mandoc have nothing to say of the page, and show its quotes" {
    need mandoc man
    run -0 mandoc -T lint -W warning "$ROOT/src/main/lookup.1"
    assert_output ''
    run -0 --separate-stderr man --warnings=w -l "$ROOT/src/main/lookup.1"
    assert_equal "$stderr" ''
    assert_output --partial '$ lookup "John Smith"'
    # shellcheck disable=SC2016 # the inner shell's
    run -0 bash -c 'mandoc -T utf8 "$1" | sed "s/.\x08//g"' bash "$ROOT/src/main/lookup.1"
    assert_output --partial '$ lookup "John Smith"'
}
