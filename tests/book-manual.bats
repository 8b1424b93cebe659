#!/usr/bin/env bats
# bats file_tags=native
# The recipes in lookup-book(1), each run as it stands, in the order of the page.
# shellcheck disable=SC2034 # variables are for directory.bash

load lib
load directory
load activation

setup_file() {
    need jq man || return 0
    need_directory || return 0
    [ "$(id -u)" = 0 ] || { unavailable "another hosts file takes root" || return 0; }
}

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    PATH=$BUILD:$PATH
}

teardown() {
    stop_background
}

teardown_file() {
    stop_background
}

# recipe WORDS: the commands of the example below the paragraph that starts with WORDS, as the page shows them.
recipe() {
    MANWIDTH=200 man --local-file --encoding=UTF-8 "$ROOT/src/main/lookup-book.1" | col -bx |
        awk -v words="$1" 'index($0, words) { found = 1; next }
            found && /^ +\$ / { block = 1 }
            block && /^$/ { exit }
            block { sub(/^ +(\$ )?/, ""); print }'
}

# cooks WORDS: bash runs that recipe.
cooks() {
    run -0 recipe "$1"
    [ -n "$output" ] || fail "no recipe: $1"
    echo "$output" >recipe.bash
    run --separate-stderr bash -e recipe.bash
}

has() {
    run -0 lookup-book list book.cdb
    assert_output "$(printf '%s\n' "$@")"
}

@test "recipes of lookup-book(1): a book is made, changed, searched and compared" {
    cooks 'Make a book of what a program prints:'
    assert_equal "$status $output$stderr" '0 book.cdb: 2 entries, 2 names'
    has 'John Smith = C45' 'Ann = A1'
    cp book.cdb old.cdb
    cooks 'Add an entry:'
    assert_equal "$status" 0
    has 'John Smith = C45' 'Ann = A1' 'Zoé = B7'
    cooks 'Remove one:'
    assert_equal "$status" 0
    has 'John Smith = C45' 'Zoé = B7'
    [ ! -e new.cdb ]
    cooks 'Show who sits in an office:'
    assert_equal "$status $output" $'0 John Smith = C45\nJohn Smith'
    cooks 'Show how two books differ:'
    assert_equal "$status $output" $'1 1d0\n< Ann = A1\n2a2\n> Zoé = B7'
    cooks 'Hand a book to a spreadsheet:'
    assert_equal "$status $(<book.csv)" $'0 Name,Office\nJohn Smith,C45\nZoé,B7'
}

@test "recipes of lookup-book(1): a pipe that breaks off changes nothing" {
    local name
    for name in 'Add an entry:' 'Remove one:'; do
        printf 'Name %s = A1\n' {1..200} | lookup-book compile - book.cdb
        truncate -s -1 book.cdb
        cp book.cdb before.cdb
        cooks "$name"
        [ "$status" != 0 ]
        cmp before.cdb book.cdb
    done
    make_book book.cdb <<<'Old = A1'
    cooks 'Make a book of a directory' # there is none
    [ "$status" != 0 ]
    has 'Old = A1'
}

@test "recipes of lookup-book(1): a book of a directory" {
    DIRECTORY=$BATS_TEST_TMPDIR # for directory.bash
    make_provider a 1
    start_provider a ldap://127.0.0.1:389/
    { unit "ou=people,$SUFFIX" && person john 'John Smith' C45 "ou=people,$SUFFIX" &&
        person jose 'José Müller' G2 "ou=people,$SUFFIX" && person ann Ann '' "ou=people,$SUFFIX"; } | change a
    recipe 'Make a book of a directory' >directory.bash
    printf '127.0.0.1 localhost ldap.example.org\n' >hosts
    # shellcheck disable=SC2016 # the inner shell's
    run -0 unshare --mount bash -c 'mount --bind hosts /etc/hosts && exec bash -e directory.bash'
    assert_output 'new.cdb: 2 entries, 2 names, 1 without a name or an office'
    has 'John Smith = C45' 'José Müller = G2'
}
