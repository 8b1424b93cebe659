#!/usr/bin/env bats
# bats file_tags=native
# The offices page in a real Chromium, and in front of other clients. SCREENSHOTS=FOLDER leaves pictures of it there.
# shellcheck disable=SC2154 # `run` sets them

load lib
load activation

setup_file() {
    need node chromium || return 0
    [ -d "$BUILD/node_modules/axe-core" ] ||
        unavailable 'axe-core is not in build/node_modules, where make test puts it' || return 0
    {
        printf '%s\n' 'John = C45' 'José Müller = G2' 'Twin = E1' 'Twin = E2' 'Ann Smith = D1' 'Bob Smith = D2' \
            'Müller, Jr. & <i> = M1' 'R&D = <script>alert(1)</script> "7"' \
            'Colon = House A: 7' 'Jean: Luc Picard = E5' 'Jean Picard = House B: 8' 'Zoë = House C: 9' 'And 3 more = X1' \
            'שרה = ב-12'
        printf 'Many Names %s = N%s\n' {1..25}{,}
    } | make_book "$BATS_FILE_TMPDIR/book.cdb" 2>/dev/null
}

setup() {
    skip_if_unavailable
    start_server hello=tcp:127.0.0.1 lookup=tcp:127.0.0.1 --
    PORT=${SOCKETS[0]##*:}
    PAGE=http://127.0.0.1:$PORT/offices
}

teardown() {
    stop_background
}

@test "in Chromium: names, markup, the keyboard, phones and desks, light and dark, axe-core" {
    run node "$ROOT/tests/tools/browser.js" "$PAGE" "$BUILD/node_modules" ${SCREENSHOTS:+"$SCREENSHOTS"}
    refute_line --regexp '^(NOT SEEN|FAILED)'
    assert_success
}

@test "Content-Security-Policy names the hash of the page's style" {
    local hash
    hash=$(curl -s "$PAGE" | perl -0777 -ne 'print $1 if m,<style>(.*)</style>,s' | openssl dgst -sha256 -binary | base64)
    run -0 curl -sI "$PAGE"
    assert_output --partial "style-src 'sha256-$hash'"
}

@test "curl, wget and lynx" {
    run -0 curl -sf "$PAGE/John"
    assert_output C45
    run -0 curl -sf -G --data-urlencode 'name=José Müller' "$PAGE"
    assert_output G2
    run -0 curl -sf -H 'Accept: application/json' "$PAGE/Twin"
    assert_output '{"name":"Twin","found":true,"offices":["E1","E2"]}'
    run -22 curl -sf "$PAGE/nobody"
    run -0 wget -qO- "$PAGE?name=Smith"
    assert_output $'Ann Smith: D1\nBob Smith: D2'
    run -8 wget -qO- "$PAGE/nobody"
    run -0 lynx -dump -nolist -width=80 "$PAGE?name=Smith"
    assert_line --regexp '^ *Whose office\? Smith'
    assert_line --regexp '^ *Bob Smith +D2$'
}

@test "the JSON is JSON, the text is lines" {
    local name
    for name in John Twin Smith Many 'R&D' $'"\\\tx' '<b>' nobody; do
        run -0 curl -s -G --data-urlencode "name=$name" -H 'Accept: application/json' "$PAGE"
        run -0 /usr/bin/python3 -c 'import json, sys; print(json.loads(sys.argv[1])["name"])' "$output"
        assert_output "$name"
    done
    run -0 curl -s -H 'Accept: application/json' "$PAGE/Many"
    run -0 /usr/bin/python3 -c 'import json, sys; a = json.loads(sys.argv[1]); print(len(a["matches"]), a["more"])' "$output"
    assert_output '20 5'
    run -0 curl -s "$PAGE/Many"
    assert_equal "${#lines[@]} ${lines[20]}" '21 and 5 more'
}

# json NAME: what there is to say of it.
json() {
    curl -s -G --data-urlencode "name=$1" -H 'Accept: application/json' "$PAGE"
}

@test "colons in names and in offices stay where they are" {
    run -0 json colon
    assert_output '{"name":"colon","found":true,"offices":["House A: 7"]}'
    run -0 json Zoe
    assert_output '{"name":"Zoe","found":true,"offices":["House C: 9"]}'
    run -0 json picard
    assert_output '{"name":"picard","found":true,"matches":[{"name":"Jean: Luc Picard","office":"E5"},{"name":"Jean Picard","office":"House B: 8"}]}'
    run -0 json '3 more'
    assert_output '{"name":"3 more","found":true,"matches":[{"name":"And 3 more","office":"X1"}]}'
}

@test "what is too long for HTML and JSON is answered as text" {
    local form
    { printf 'Long = %s\n' {1000..1015}"$(printf '&%.0s' {1..1000})" | make_book "$BATS_FILE_TMPDIR/book.cdb"; } 2>/dev/null
    for form in text/html text/plain; do
        run -0 curl -si -H "Accept: $form" "$PAGE/Long"
        assert_line $'Content-Type: text/plain; charset=utf-8\r'
        assert_line "1015$(printf '&%.0s' {1..1000})"
    done
}

@test "a browser at the port of lookup is told where the page is" {
    run -0 curl -s "http://127.0.0.1:${SOCKETS[1]##*:}/"
    assert_line --partial 'http://HOST:8080/offices'
}
