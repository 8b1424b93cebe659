#!/usr/bin/env bats
# lookup-handler under odd conditions: its environment, time zones, locales, and books that are none.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # what is in single quotes is for inner shells; `run` sets the rest

load lib
load activation

setup_file() {
    make_book
}

setup() {
    handler_command lookup
}

@test "LISTEN_ variables, stale or true, are none of its business" {
    run -0 bash -c 'printf John | LISTEN_FDS=1 LISTEN_PID=1 LISTEN_FDNAMES=lookup "$@"' bash "${HANDLER[@]}"
    assert_output C45
    run -0 bash -c 'printf John | (export LISTEN_FDS=3 LISTEN_PID=$BASHPID; exec "$@")' bash "${HANDLER[@]}"
    assert_output C45
}

@test "--book is stronger than LOOKUP_BOOK" {
    printf 'John = other\n' | make_book "$BATS_TEST_TMPDIR/other.cdb"
    run -0 env LOOKUP_BOOK="$BATS_TEST_TMPDIR/other.cdb" bash -c 'printf John | "$@"' bash "$BUILD/lookup-handler" lookup
    assert_output other
    run -0 env LOOKUP_BOOK="$BATS_TEST_TMPDIR/other.cdb" bash -c 'printf John | "$@"' bash "${HANDLER[@]}"
    assert_output C45
}

@test "clock and hello need no book" {
    ask_on_pipe 'Date\n' "$BUILD/lookup-handler" --book /nonexistent clock
    assert_success
    assert_equal "$stderr" ''
    ask_on_pipe 'GET / HTTP/1.0\r\n\r\n' "$BUILD/lookup-handler" --book /nonexistent hello
    assert_success
    assert_equal "$stderr" ''
}

# no_offices BOOK COMPLAINT: hello says so to who asks for a name, in each form, and the operator is told; to nobody else.
no_offices() {
    local form
    for form in '' 'Accept: text/html\r\n' 'Accept: application/json\r\n'; do
        ask_on_pipe "GET /offices/John HTTP/1.0\r\n$form\r\n" "$BUILD/lookup-handler" --book "$1" hello
        assert_equal "$status" 78
        assert_equal "$stderr" "lookup-handler: address book $1$2"
        assert_line --index 0 $'HTTP/1.1 503 Service Unavailable\r'
        assert_output --partial 'address book unavailable'
    done
    ask_on_pipe 'GET /offices HTTP/1.0\r\n\r\n' "$BUILD/lookup-handler" --book "$1" hello
    assert_success
    assert_equal "$stderr" ''
    assert_line --index 0 $'HTTP/1.1 200 OK\r'
}

@test "the offices page needs one, and only when a name is asked for" {
    no_offices /nonexistent ': No such file or directory'
    no_offices "$ROOT/tests/book.txt" ': not an address book, or a broken one'
}

@test "an office that is not UTF-8, in a book that another program made, is not called so" {
    need cdb
    printf '+4,4:JOHN->B\xfcro\n\n' | cdb -c "$BATS_TEST_TMPDIR/latin1.cdb"
    no_offices "$BATS_TEST_TMPDIR/latin1.cdb" ' is broken'
}

# between EARLIEST LATEST: so is "Date and Time" as clock tells it, in $output.
between() {
    [[ ! ${output%.*} < $1 && ! ${output%.*} > $2 ]] || fail "$output is not between $1 and $2"
}

# same_time [ENV ARGUMENT...] -- [ENV ARGUMENT...]: clock in the first environment tells what date(1) does in the second.
same_time() {
    local ours=() before after
    while [ "$1" != -- ]; do ours+=("$1"); shift; done
    before=$(env "${@:2}" date '+%F %T')
    ask_on_pipe 'Date and Time' env "${ours[@]}" "$BUILD/lookup-handler" clock
    assert_success
    assert_equal "$stderr" ''
    after=$(env "${@:2}" date '+%F %T')
    between "$before" "$after"
}

# zones: clock tells what date(1) does for each TZ on standard input, a line each, with and without a colon.
zones() {
    /usr/bin/python3 - "$BUILD/lookup-handler" 3<&0 <<'PYTHON'
import os, subprocess, sys

def run(zone, *command):
    done = subprocess.run(command, env={"TZ": zone}, input=b"Date and Time", capture_output=True, check=True)
    return done.stdout.decode()[:19]

count = 0
for name in os.fdopen(3):
    for zone in name.rstrip("\n"), ":" + name.rstrip("\n"):
        before = run(zone, "date", "+%F %T")
        ours = run(zone, sys.argv[1], "clock")
        after = run(zone, "date", "+%F %T")
        if not before <= ours <= after:
            print(f"TZ={zone}: {ours}, date says {after}")
        count += 1
print(count, "zones")
PYTHON
}

# bats test_tags=native
@test "clock tells what date does for every name under the zone folder" {
    [ -e /usr/share/zoneinfo/Asia/Kolkata ] || unavailable "tzdata is not installed"
    # Those in right count leap seconds, which musl does not. Some files are tables, no zones.
    cd /usr/share/zoneinfo
    run -0 zones < <(find . -path ./right -prune -o \( -type f -o -type l \) ! -xtype d -printf '%P\n' | sort)
    assert_output --regexp '^[1-9][0-9]{2,} zones$'
}

@test "clock tells what date does for rules, and for what is none" {
    run -0 zones <<'ZONES'

UTC
UTC0
UTC+3
GMT-14
XYZ-3:30
EST5
EST+5EDT
EST5EDT4
CET-1CEST
CET-1CEST,M3.5.0,M10.5.0/3
EST5EDT,M3.2.0,M11.1.0
EST5EDT,59/2,299/2
EST5:30EDT4:15,J60/2,J300/2
IST-2IDT,M3.4.4/26,M10.5.0
NZST-12NZDT,M9.5.0,M4.1.0/3
AAA-13BBB
<-03>3
<+0545>-5:45
<-02>2<-01>,M3.5.0/-1,M10.5.0/0
/usr/share/zoneinfo/Asia/Kolkata
Nowhere/Nothing
W-SU3
Foo
ZONES
    assert_output '48 zones'
}

@test "clock without TZ tells the time of the system's zone, hello does, too" {
    same_time -u TZ -- -u TZ
    local before after
    before=$(TZ=Asia/Kolkata date '+%F %T')
    ask_on_pipe 'GET / HTTP/1.0\r\n\r\n' env TZ=Asia/Kolkata "$BUILD/lookup-handler" hello
    after=$(TZ=Asia/Kolkata date '+%F %T')
    output=${output##*Hello From Server at }
    between "$before" "$after"
}

@test "clock with a TZ that is none tells UTC" {
    local zone
    for zone in Nowhere/Nothing ../../../etc/passwd /dev/null /etc/shadow . / '!!!' ':' "$(printf 'A%.0s' {1..5000})"; do
        same_time TZ="$zone" -- TZ=UTC
    done
}

@test "hello's Date is in English and GMT, whatever the zone and locale" {
    local before after told
    before=$(date +%s)
    ask_on_pipe 'HEAD / HTTP/1.0\r\n\r\n' env TZ=Asia/Kolkata LC_ALL=tr_TR.UTF-8 "$BUILD/lookup-handler" hello
    after=$(date +%s)
    told=$(sed -n 's/^Date: \(.*\)\r$/\1/p' <<<"$output")
    # What date(1) makes of it is again what was told, weekday and all.
    assert_equal "$(LC_ALL=C date -u -d "$told" '+%a, %d %b %Y %T GMT')" "$told"
    told=$(date -d "$told" +%s)
    [ "$told" -ge "$before" ]
    [ "$told" -le "$after" ]
}

# bats test_tags=native
@test "every name is found under every locale, Turkish among them" {
    local locale
    [ -e /usr/share/i18n/locales/tr_TR ] || unavailable "the package locales is not installed"
    localedef --no-archive -i tr_TR -f UTF-8 "$BATS_TEST_TMPDIR/tr_TR.UTF-8"
    # In C.UTF-8 the suite runs: golden.bats.
    for locale in C tr_TR.UTF-8; do
        cp "$BATS_FILE_TMPDIR/book.cdb" "$BATS_TEST_TMPDIR/before.cdb"
        LC_ALL=$locale LOCPATH=$BATS_TEST_TMPDIR make_book
        cmp "$BATS_FILE_TMPDIR/book.cdb" "$BATS_TEST_TMPDIR/before.cdb"
        run -0 env LC_ALL="$locale" LOCPATH="$BATS_TEST_TMPDIR" \
            "$GOLDEN" --pipe --ends "$ROOT/tests/golden/lookup.golden" -- "${HANDLER[@]}"
        run -0 env LC_ALL="$locale" LOCPATH="$BATS_TEST_TMPDIR" \
            "$BUILD/lookup-book" query "$BATS_FILE_TMPDIR/book.cdb" phoebe
        assert_output D52
    done
}

# unavailable_book FILE: the client is told, the operator is told once, the exit status is 78.
unavailable_book() {
    ask_on_pipe 'John\r\n' "$BUILD/lookup-handler" --book "$1" lookup
    assert_output $'ERROR: address book unavailable\r\n'
    assert_equal "$status" 78
    [[ $stderr = "lookup-handler: "*"$1"* ]]
    assert_equal "${#stderr_lines[@]}" 1
}

@test "a book that is missing, empty, no book or no file" {
    local dir=$BATS_TEST_TMPDIR
    : >"$dir/empty"
    mkfifo "$dir/fifo"
    head -c 100000 /dev/zero >"$dir/zeros"
    head -c 100000 /dev/zero | tr '\0' '\377' >"$dir/ones"
    for book in missing empty fifo zeros ones; do
        unavailable_book "$dir/$book"
    done
    unavailable_book "$dir"
    unavailable_book "$ROOT/tests/book.txt"
    unavailable_book /dev/zero
    unavailable_book "$dir/$(printf 'a%.0s' {1..300})"
}

@test "a broken book is told once in a session, and only to those who need it" {
    ask_on_pipe 'John\n\nAdam\r\nAnn' "$BUILD/lookup-handler" --session --book /nonexistent lookup
    assert_equal "$status" 78
    assert_output $'ERROR: address book unavailable\nERROR: empty request\nERROR: address book unavailable\r\nERROR: address book unavailable'
    assert_equal "${#stderr_lines[@]}" 1
}

@test "an offset in the book that points nowhere is found before it is followed" {
    local step=4
    # A process for each: a sanitized one for some of them.
    [ ! -d "$BUILD/reports" ] || step=44
    # Each 4 bytes in turn, all bits set. A hash that was changed may hide a name; nothing may crash or be answered in part.
    run -0 /usr/bin/python3 - "$BATS_FILE_TMPDIR/book.cdb" "$BATS_TEST_TMPDIR/bent.cdb" "$BUILD/lookup-handler" "$step" <<'PYTHON'
import subprocess, sys
sound, bent, handler, step = sys.argv[1:]
with open(sound, "rb") as file:
    book = file.read()
broken = 0
for at in range(0, len(book) - 3, int(step)):
    with open(bent, "wb") as file:
        file.write(book[:at] + b"\xFF" * 4 + book[at + 4:])
    done = subprocess.run([handler, "--book", bent, "lookup"], input=b"John\n", capture_output=True)
    if done.returncode == 78:
        broken += 1
        assert done.stdout == b"ERROR: address book unavailable\n", (at, done)
        assert done.stderr.count(b"\n") == 1, (at, done)
    else:
        assert done.returncode == 0 and done.stdout.endswith(b"\n"), (at, done)
assert broken >= 5, broken
PYTHON
    assert_output ''
}

@test "a book with no names is no broken one" {
    make_book "$BATS_TEST_TMPDIR/none.cdb" </dev/null
    ask_on_pipe 'John\n' "$BUILD/lookup-handler" --book "$BATS_TEST_TMPDIR/none.cdb" lookup
    assert_success
    assert_output $'UNKNOWN NAME: JOHN\n'
    assert_equal "$stderr" ''
}
