#!/usr/bin/env bats
# lookup-book: what compiles, what does not, and that nothing is ever lost.

load lib

setup() {
    skip_if_unavailable
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
    PATH=$BUILD:$PATH
}

# source LINE...: a source of these lines.
source_of() {
    printf '%s\n' "$@" >source.txt
}

# The old book, for what must not be touched.
old_book() {
    make_book book.cdb <<<'Old = A1'
    cp -p book.cdb before.cdb
}

assert_untouched() {
    cmp book.cdb before.cdb
    # ... and no temporary file beside it
    assert_equal "$(ls -A)" "$(printf '%s\n' before.cdb book.cdb source.txt)"
}

# refuses STATUS MESSAGE OPTION...: compiling source.txt fails so, and the old book stays.
refuses() {
    local status=$1 message=$2
    shift 2
    run "-$status" --separate-stderr lookup-book compile "$@" source.txt book.cdb
    assert_equal "$output" ''
    assert_equal "$stderr" "$message"
    assert_untouched
}

@test "the sample book answers the names of the textbook" {
    lookup-book compile "$ROOT/src/book.txt" book.cdb
    for pair in John=C45 denise=C44 PHOEBE=D52 adam=B23; do
        run -0 lookup-book query book.cdb "${pair%=*}"
        assert_output "${pair#*=}"
    done
    run -1 lookup-book query book.cdb nobody
    assert_output 'UNKNOWN NAME: NOBODY'
}

@test "tinycdb's own tools read the book" {
    source_of 'John = C45' 'Twin = E1' 'Twin = E2'
    lookup-book compile source.txt book.cdb
    run -0 cdb -q book.cdb JOHN
    assert_output C45
    run -0 cdb -d book.cdb
    assert_line '+4,3:JOHN->C45'
    assert_line '+4,2:TWIN->E1'
    assert_line '+4,2:TWIN->E2'
    run -0 cdb -s book.cdb
    # and the version, how many they are, how they are spelled, the words in a record or two, as their hashes fall
    assert_line --partial 'number of records: 7'
}

@test "a book made by tinycdb can be asked and listed" {
    printf '+4,3:JOHN->C45\n\n' | cdb -c book.cdb
    run -0 lookup-book query book.cdb john
    assert_output C45
    run -0 lookup-book list book.cdb
    assert_output 'JOHN = C45'
    lookup-book check book.cdb
}

@test "a book of another version is told from a broken one, and from one without the name" {
    source_of 'John = C45'
    lookup-book compile source.txt book.cdb
    local version
    for version in 1 3; do
        cdb -d book.cdb | sed "s/lookup-book->2/lookup-book->$version/" | cdb -c other.cdb
        printf lookup-2 >>other.cdb
        run -78 lookup-book query other.cdb nobody
        assert_output 'lookup-book: other.cdb: made by another version of lookup-book; compile it again'
        run -78 --separate-stderr lookup-handler --book other.cdb lookup <<<nobody
        assert_equal "$output" 'ERROR: address book unavailable'
        assert_equal "$stderr" 'lookup-handler: address book other.cdb: made by another version of lookup-book; compile it again'
    done
    # From before there were versions: a name with its spelling, one without, and a word.
    printf '+5,4:\001JOHN->John\n+4,3:JOHN->C45\n\n' | cdb -c other.cdb
    run -78 lookup-book query other.cdb john
    assert_output --partial 'made by another version'
    printf '+10,3:JOHN SMITH->C45\n+6,15:\002SMITH->JOHN SMITH: C45\n\n' | cdb -c other.cdb
    run -0 lookup-book query other.cdb 'john smith'
    assert_output C45
    run -78 lookup-book query other.cdb smith
    assert_line --index 0 'ERROR: address book unavailable'
    # And those programs refuse a book that has something behind its tables.
    assert_equal "$(tail -c 8 book.cdb)" lookup-2
    # One of another version is replaced like any other.
    lookup-book compile source.txt other.cdb
    lookup-book query other.cdb john
}

# words_of_one_hash BITS PROGRAM [BEGIN]: runs the Python PROGRAM, whose list words has 2^BITS words with the same cdbread_hash
# after BEGIN.
words_of_one_hash() {
    /usr/bin/python3 -c "$(cat <<'PYTHON'
import random
import sys
rng = random.Random(8084)
def step(h, text):
    for c in text.encode():
        h = h * 33 & 0xFFFFFFFF ^ c
    return h
h, pairs = step(5381, "".join(sys.argv[3:])), []
for _ in range(int(sys.argv[1])):
    seen = {}
    while True:
        text = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=3))
        at = step(h, text)
        if seen.get(at, text) != text:
            break
        seen[at] = text
    pairs.append((seen[at], text))
    h = at
words = ["".join(pair[n >> i & 1] for i, pair in enumerate(pairs)) for n in range(1 << len(pairs))]
exec(sys.argv[2])
PYTHON
)" "$@"
}

@test "names of one hash are refused before they make the book slow" {
    old_book
    words_of_one_hash 14 'for word in words: print(word, "= A")' >many.txt
    head -n 64 many.txt >source.txt
    lookup-book compile source.txt new.cdb
    lookup-book check new.cdb
    rm new.cdb
    mv many.txt source.txt
    run -65 timeout 120 lookup-book compile source.txt book.cdb
    assert_output --regexp '^source.txt:[0-9]+: too many names with colliding hashes: .'
    assert_untouched
}

# A sanitizer has an allocator of its own.
# bats test_tags=native
@test "names of one hash are refused without memory as well" {
    local fails=$BATS_TEST_TMPDIR/fails.so count number
    old_book
    "${CC:-cc}" -shared -fPIC -o "$fails" "$ROOT/tests/tools/malloc_fails.c"
    words_of_one_hash 7 'for word in words[:65]: print(word, "= A")' >source.txt
    run -65 --separate-stderr env LD_PRELOAD="$fails" lookup-book compile --exact-only source.txt book.cdb
    count=$(sed -n 's/^allocations: //p' <<<"$stderr")
    [ "$count" -gt 5 ]
    for ((number = 1; number <= count; number++)); do
        run env MALLOC_FAILS="$number" LD_PRELOAD="$fails" lookup-book compile --exact-only source.txt book.cdb
        assert_regex "$status" '^(65|7[0-9])$'
        assert_untouched
    done
}

@test "names of one slot, which are of other hashes, are refused as well" {
    old_book
    "${CC:-cc}" -O2 -o slot_names "$ROOT/tests/tools/slot_names.c"
    ./slot_names 1024 >source.txt
    lookup-book compile --exact-only source.txt new.cdb
    lookup-book check new.cdb
    ./slot_names 1025 >source.txt
    rm slot_names new.cdb
    run -65 lookup-book compile --exact-only source.txt book.cdb
    assert_output --regexp '^source.txt:[0-9]+: too many names with colliding hashes: .'
    assert_untouched
}

@test "names of adjacent slots take no longer to check than others" {
    "${CC:-cc}" -O2 -o slot_names "$ROOT/tests/tools/slot_names.c"
    # shellcheck disable=SC2046 # a word each
    ./slot_names 6250 $(words_of_one_hash 6 'print(*words)') >source.txt
    "$NATIVE/lookup-book" compile --exact-only source.txt book.cdb
    # A guard: the time would grow with the square of the number of names.
    run -0 timeout 60 lookup-book check book.cdb
    assert_output --partial 'sound, 400000 entries'
}

@test "no names, however they were chosen, are passed by a search for what else is in the book" {
    seq -f 'Ann Smith%.0f = A' 5000 | lookup-book compile --format plain - book.cdb
    /usr/bin/python3 - <<'PYTHON'
import struct
book = open("book.cdb", "rb").read()
def number(at):
    return struct.unpack_from("<I", book, at)[0]
def is_name(slot):
    return book[number(slot + 4) + 8] >= 32
others = 0
for header in range(0, 2048, 8):
    table, slots = number(header), number(header + 4)
    for i in range(slots):
        slot = table + i * 8
        if number(slot + 4) == 0 or is_name(slot):
            continue
        others += 1
        at = number(slot) // 256 % slots
        while at != i:
            assert not is_name(table + at * 8), (header // 8, i)
            at = (at + 1) % slots
assert others > 150, others
PYTHON
}

@test "no names, however they were chosen, are passed by a search for a list that is not in the book" {
    local word words
    "${CC:-cc}" -O2 -o slot_names "$ROOT/tests/tools/slot_names.c"
    # 1,800 words, and 400,000 names that a search for the list of one of these would pass.
    ./slot_names 1800 $'\2' | sed $'s/^\2//; s/ = A$//' >words.txt
    # shellcheck disable=SC2046 # a word each
    ./slot_names 6250 $(words_of_one_hash 6 'print(*words)') >source.txt
    sed '1,3d; s/.*/Anna & = R/' words.txt >>source.txt
    "$NATIVE/lookup-book" compile source.txt book.cdb
    run -0 "$NATIVE/lookup-book" check book.cdb
    assert_output --partial 'sound, 401797 entries'
    mapfile -t words <words.txt
    for word in "${words[3]}" "${words[900]}" "${words[1799]}"; do
        run -0 lookup-book query book.cdb "$word"
        assert_output "Anna $word: R"
        run -0 lookup-handler --book book.cdb lookup <<<"$word ann."
        assert_output "UNKNOWN NAME: $word ANN."
        run -0 lookup-handler --book book.cdb lookup <<<"$word anna"
        assert_output R
    done
    for word in "${words[@]:0:3}"; do
        run -1 lookup-book query book.cdb "$word"
        assert_output "UNKNOWN NAME: $word"
        run -0 lookup-handler --book book.cdb lookup <<<"Anna $word"
        assert_output "UNKNOWN NAME: ANNA $word"
    done
}

# office LENGTH: makes book.cdb as another program would, with one office of so many bytes.
office() {
    printf '+3,%d:ANN->%0*d\n\n' "$1" "$1" 0 | cdb -c book.cdb
}

@test "check refuses an office that no answer can hold" {
    office 16384
    run -0 lookup-book check book.cdb
    run -0 lookup-handler --book book.cdb lookup <<<ann
    assert_equal "${#output}" 16384
    office 16385
    run -78 lookup-book check book.cdb
    assert_output 'lookup-book: book.cdb: an office that is too long for an answer'
    run -78 lookup-handler --book book.cdb lookup <<<ann
    office 35000
    run -78 lookup-book check book.cdb
    assert_output 'lookup-book: book.cdb: a record that is too long to be read'
    run -78 lookup-handler --book book.cdb lookup <<<ann
}

# offices COUNT LENGTH: likewise, with so many offices of Ann, a record of somebody else after each.
offices() {
    awk -v count="$1" -v bytes="$2" 'BEGIN {
        for (i = 1; i <= count; i++)
            printf "+3,%d:ANN->%0*d\n+6,1:A%05d->0\n", bytes, bytes, 0, i
        print "" }' | cdb -c book.cdb
}

# just_fit COUNT LENGTH: these offices are sound, and as many bytes as an answer holds. Its line end may have two.
just_fit() {
    offices "$1" "$2"
    run -0 lookup-book check book.cdb
    [ "$(printf 'ann\r\n' | lookup-handler --book book.cdb lookup | wc -c)" = 16386 ]
}

# exceed COUNT LENGTH: check says that these offices are too many.
exceed() {
    offices "$1" "$2"
    run -78 lookup-book check book.cdb
    assert_output 'lookup-book: book.cdb: more than 16384 bytes of offices under one name'
}

@test "check refuses the offices of one name that no answer can hold" {
    just_fit 2 8191
    exceed 2 8192
    exceed 2 9000
    run -78 --separate-stderr lookup-handler --book book.cdb lookup <<<ann
    assert_output 'ERROR: address book unavailable'
    just_fit 5462 1
    exceed 5463 1
}

@test "check finds every pointer of the hash tables that was changed" {
    printf '%s = A\n' John Mary Ann | lookup-book compile --exact-only --format plain - book.cdb
    /usr/bin/python3 - "$BUILD/lookup-book" <<'PYTHON'
import struct, subprocess, sys
book = open("book.cdb", "rb").read()
start = struct.unpack_from("<I", book)[0]
for at in range(start, len(book) - 8):
    slot = book[at - (at - start) % 8:][:8]
    bent = bytearray(book)
    bent[at] ^= 1
    open("bent.cdb", "wb").write(bent)
    found = subprocess.run([sys.argv[1], "check", "bent.cdb"], capture_output=True)
    # The hash in an empty slot means nothing.
    unused = slot[4:] == bytes(4) and (at - start) % 8 < 4
    assert found.returncode == (0 if unused else 78), (at, found)
PYTHON
}

@test "words of one hash take no longer to compile than others" {
    local bits=18
    # A sanitized build is ten times slower.
    [ ! -d "$BUILD/reports" ] || bits=14
    words_of_one_hash "$bits" '
rng.shuffle(words)
for n in range(0, len(words), 16):
    print("%x" % rng.getrandbits(32), " ".join(words[n:n + 16]), "= A")
print("Ann", words[0], "= B")' >source.txt
    # A guard: the time would grow with the square of the number of words.
    timeout 120 lookup-book compile source.txt book.cdb
    lookup-book check book.cdb
    run -0 lookup-book query book.cdb "ann $(tail -n 1 source.txt | cut -d ' ' -f 2)"
    assert_output B
}

@test "a record of a control character beside a name of its hash is no office" {
    # The spellings of the first names have the hash of BCXBFJSE, and more bytes than offices may have.
    { for i in {10..41}; do printf '%s%d = A\n' "$(printf 'a%.0s' {1..598})" "$i"; done; echo 'BCXBFJSE = B'; } >source.txt
    lookup-book compile source.txt book.cdb
    run -0 lookup-book check book.cdb
    assert_output --partial 'sound, 33 entries'
}

# written_keys: makes the program written_keys.
written_keys() {
    "${CC:-cc}" -O2 -D_GNU_SOURCE -I"$ROOT/src" -o written_keys "$ROOT/tests/tools/written_keys.c" \
        "$ROOT"/src/compile/{cdb_writer,write_at}.c "$ROOT"/src/data/{cdbread,bytes}.c
}

@test "the numbers of all people are a book, though their lists are a thousand in a row" {
    written_keys
    # Consecutive numbers fill a table of such a size unevenly.
    run -0 ./written_keys keys.cdb < <(seq -f 'N%.0f' 76000; seq -f $'\2%.0f' 1000000 1459999)
    assert_output made
}

@test "what a search for a list may cost at most is what the writer of a book permits" {
    written_keys
    "${CC:-cc}" -O2 -o slot_names "$ROOT/tests/tools/slot_names.c"
    # Of one hash: 8 bytes for each slot, and 512 for each record, are 128 KiB.
    words_of_one_hash 8 'for word in words: print("\2" + word)' $'\2' >keys.txt
    run -0 ./written_keys keys.cdb < <(head -n 252 keys.txt)
    assert_output made
    run -0 ./written_keys keys.cdb < <(head -n 253 keys.txt)
    assert_output refused
    # Of other hashes, which begin at adjacent slots: a search may read one record.
    ./slot_names 16321 $'\2' | sed 's/ = A$//' >keys.txt
    run -0 ./written_keys keys.cdb < <(head -n 16320 keys.txt)
    assert_output made
    run -0 ./written_keys keys.cdb <keys.txt
    assert_output refused
    # What comes before the last name may be a name, and is read.
    run -0 ./written_keys keys.cdb < <(head -n 251 keys.txt; echo ANN)
    assert_output made
    run -0 ./written_keys keys.cdb < <(head -n 252 keys.txt; echo ANN)
    assert_output refused
}

@test "more words of one hash than a search may read are refused; without an index they are a book" {
    local count
    # Each in so many names that its list is a record.
    for count in 240 256; do
        words_of_one_hash 8 "
words = words[:$count]
for n in range(140 * $count // 20):
    print('%x' % rng.getrandbits(32), *(words[(n * 20 + i) % $count] for i in range(20)), '= A')" $'\2' >"$count.txt"
    done
    lookup-book compile 240.txt book.cdb
    run -0 lookup-book check book.cdb
    run -0 lookup-book query book.cdb "$(head -n 1 240.txt | cut -d ' ' -f 9)"
    assert_line --index 20 'and 120 more'
    # Each of four words makes one such search; together they take half of what a request may read.
    run -0 lookup-book query book.cdb "$(sed -n 7p 240.txt | cut -d ' ' -f 2-5)"
    assert_output --regexp 'and [0-9]+ more'
    cp book.cdb old.cdb
    # Duplicates, which are left out, count as lines.
    { yes 'Ann Smith = A1' | head -n 100; cat 256.txt; } >source.txt
    run -65 lookup-book compile source.txt book.cdb
    assert_output --regexp '^source.txt:[0-9]+: too many words with colliding hashes, such as [0-9A-Z]+; --exact-only makes a book without words$'
    [[ $output =~ :([0-9]+):.*'such as '([^;]+) ]]
    sed -n "${BASH_REMATCH[1]}p" source.txt | grep -qw "${BASH_REMATCH[2]}"
    head -n 13 256.txt | grep -qw "${BASH_REMATCH[2]}"
    cmp book.cdb old.cdb
    lookup-book compile --exact-only source.txt book.cdb
}

@test "check takes each book that compile makes, however dear its words are" {
    # The lists of 240 are records, which each search for one of 40,000 others of their hash reads in vain.
    words_of_one_hash 16 '
rng.shuffle(words)
for n in range(25 * 240 // 20):
    print("%x" % rng.getrandbits(32), *(words[(n * 20 + i) % 240] for i in range(20)), "= A")
for n in range(240, 40240, 20):
    print(*words[n:n + 20], "= B")' $'\2' >source.txt
    "$NATIVE/lookup-book" compile source.txt book.cdb
    run -0 "$NATIVE/lookup-book" check book.cdb
    assert_output --partial 'sound, 2300 entries'
}

@test "the same name, again and again, is soon done" {
    { yes 'John = C45' | head -n 200000; echo 'Ann = A1'; } >source.txt
    run -0 timeout 120 lookup-book compile source.txt book.cdb
    assert_output 'book.cdb: 2 entries, 2 names, 199999 duplicates left out'
}

@test "a source becomes a book of no more than some times its bytes" {
    # 32 words of a name are indexed, whatever it has.
    awk 'BEGIN { for (n = 1; n <= 500; n++) { for (i = 0; i < 250; i++) printf "%s%x ", n % 2 ? "a" : "b", n * 250 + i; print "= A" } }' |
        cut -c 1-1000 | sed 's/[^=]$/& = A/' >source.txt
    lookup-book compile source.txt book.cdb
    lookup-book check book.cdb
    [ "$(stat -c %s book.cdb)" -lt $((8 * $(stat -c %s source.txt))) ]
    run -0 lookup-book query book.cdb afa
    assert_output --partial 'afa afb'
    printf '%0.sa ' {1..500} | sed 's/$/= A/' >source.txt
    lookup-book compile source.txt book.cdb
    [ "$(stat -c %s book.cdb)" -lt 12000 ]
}

@test "list prints what compile reads, and compiling that gives the same book" {
    lookup-book compile "$ROOT/tests/book.txt" book.cdb 2>/dev/null
    lookup-book list book.cdb >listed.txt
    sed -e '/^#/d' -e '/^$/d' "$ROOT/tests/book.txt" | diff - listed.txt
    lookup-book compile listed.txt again.cdb 2>/dev/null
    cmp book.cdb again.cdb
}

@test "comments, blank lines, blanks, CRLF, a byte order mark, a last line without end" {
    printf '\xEF\xBB\xBF# a comment\r\n\r\n   \n\t John \t=  C 45 \r\n  # another\nAnn=A=B\nEve = \xc2\xa0E1\xc2\xa0' >source.txt
    lookup-book compile source.txt book.cdb
    run -0 lookup-book list book.cdb
    assert_output "$(printf 'John = C 45\nAnn = A=B\nEve = E1')"
}

@test "each fault of a source is named by file and line" {
    old_book
    local long
    long=$(printf '%01025d' 0)
    while IFS='|' read -r line message; do
        printf 'Good = G1\n\n%b\nLast = L1\n' "${line//LONG/$long}" >source.txt
        refuses 65 "source.txt:3: $message"
    done <<'END'
John C45|no "=" between name and office
= C45|no name
\u200b = C45|no name
LONG = C45|name longer than 1024 bytes
John = LONG|office longer than 1024 bytes
Jo\xffhn = C45|name is not UTF-8 text (see --charset)
Jo\x01hn = C45|name has control character U+0001 as character 3
Jo\0hn = C45|name has control character U+0000 as character 3
\u00e9\u0080\xff = C45|name has control character U+0080 as character 2
John = C\x1b[2J|office has control character U+001B as character 2
John = \xc3|office is not UTF-8 text (see --charset)
END
}

@test "a line without an office is passed over, whatever its name, and counted" {
    printf 'John = C45\nAnn =\n%01025d = \n \xff=\u00a0\n=\n' 0 >source.txt
    run -0 --separate-stderr lookup-book compile source.txt book.cdb
    assert_output 'book.cdb: 1 entry, 1 name, 4 without a name or an office'
    assert_equal "$stderr" ''
}

@test "a name may have what means something in a line, behind a backslash" {
    local name
    # shellcheck disable=SC1003 # backslashes they are
    printf '%s\n' '\#1 \= \\ \x = A' '\\\=\\\= = =\' '\\\\# = B' 'C:\dir\ = \\srv\#' ' \=\= = D' 'a#b = E' '\ = F' '\\\= = G' >source.txt
    lookup-book compile source.txt book.cdb
    # shellcheck disable=SC1003
    for name in '#1 = \ \x|A' '\=\=|=\' '\|F' '\\#|B' 'c:\dir\|\\srv\#' '==|D' 'A#B|E' '\=|G'; do
        run -0 lookup-book query book.cdb "${name%|*}"
        assert_line "${name#*|}"
    done
    lookup-book list book.cdb >listed.txt
    lookup-book compile listed.txt again.cdb
    cmp book.cdb again.cdb
    lookup-book list again.cdb | cmp - listed.txt
    grep -Fx '\#1 \= \ \x = A' listed.txt
    grep -Fx 'C:\dir\ = \\srv\#' listed.txt
    # All names of up to four such characters.
    /usr/bin/python3 - >every.csv <<'END'
import itertools
print("Name;Office")
for length in range(1, 5):
    for name in itertools.product("=#\\a", repeat=length):
        print(f'{"".join(name)};{"".join(name)}')
END
    lookup-book compile every.csv book.cdb
    lookup-book list book.cdb >listed.txt
    assert_equal "$(wc -l <listed.txt)" 340
    lookup-book compile listed.txt again.cdb
    cmp book.cdb again.cdb
}

@test "names and offices of 1024 bytes are the longest" {
    printf '%01024d = %01024d\n' 7 8 >source.txt
    lookup-book compile source.txt book.cdb
    run -0 lookup-book query book.cdb "$(printf '%01024d' 7)"
    assert_output "$(printf '%01024d' 8)"
}

@test "one name with two offices: both answered, both lines named; --strict refuses" {
    old_book
    source_of '' 'John = C45' 'Ann = A1' ' JOHN  = C46'
    refuses 65 'source.txt:4: this name has another office at source.txt:2' --strict
    run -0 --separate-stderr lookup-book compile source.txt book.cdb
    assert_equal "$stderr" 'source.txt:4: warning: this name has another office at source.txt:2; both will be answered'
    run -0 lookup-book query book.cdb john
    assert_output "$(printf 'C45\nC46')"
}

@test "composed and decomposed spellings are one name" {
    printf 'Jos\u00e9 = E1\nJose\u0301 = E2\nJOS\u00c9 = E1\n' >source.txt
    run -0 --separate-stderr lookup-book compile source.txt book.cdb
    assert_equal "$stderr" 'source.txt:2: warning: this name has another office at source.txt:1; both will be answered'
    assert_output 'book.cdb: 2 entries, 1 name, 1 duplicate left out'
    for name in $'jos\u00e9' $'JOSE\u0301'; do
        run -0 lookup-book query book.cdb "$name"
        assert_output "$(printf 'E1\nE2')"
    done
}

@test "the same entry again is left out, however many times" {
    seq -f 'Other %.0f = D' 3000 | sed 'i John = C45
        a jOHN=C45' >source.txt
    run -0 --separate-stderr lookup-book compile --strict source.txt book.cdb
    assert_equal "$stderr" ''
    assert_output 'book.cdb: 3001 entries, 3001 names, 5999 duplicates left out'
    run -0 lookup-book query book.cdb john
    assert_output C45
    lookup-book check book.cdb
}

@test "more offices under one name than an answer may hold are refused" {
    old_book
    for i in {1..20}; do printf 'John = %01000d\n' "$i"; done >source.txt
    refuses 65 'source.txt:17: more than 16384 bytes of offices under one name: John'
}

@test "a source without entries replaces no book that has some, unless forced" {
    old_book
    source_of '# nothing'
    refuses 65 'source.txt: no entry in it; the book that has some is kept (see --force)'
    lookup-book compile --force source.txt book.cdb
    run -1 lookup-book query book.cdb old
    # An empty book is sound, and may be replaced by another empty one.
    lookup-book check book.cdb
    lookup-book compile source.txt book.cdb
    lookup-book compile source.txt new.cdb
}

@test "the new book has the old one's mode and owner, else 0644 whatever the umask" {
    source_of 'John = C45'
    umask 077
    lookup-book compile source.txt book.cdb
    assert_equal "$(stat -c %a book.cdb)" 644
    chmod 640 book.cdb
    [ "$(id -u)" != 0 ] || chown 12345:23456 book.cdb
    local before after
    before=$(stat -c '%a %u %g' book.cdb)
    lookup-book compile source.txt book.cdb
    after=$(stat -c '%a %u %g' book.cdb)
    assert_equal "$after" "$before"
}

@test "a symbolic link stays, and what it leads to is replaced" {
    mkdir real
    source_of 'John = C45'
    ln -s real/book.cdb book.cdb
    : >real/book.cdb
    lookup-book compile source.txt book.cdb
    [ -L book.cdb ]
    run -0 lookup-book query real/book.cdb john
}

@test "what cannot be a book is refused" {
    source_of 'John = C45'
    mkfifo fifo
    run -73 lookup-book compile source.txt fifo
    assert_output 'fifo: not a regular file'
    run -73 lookup-book compile source.txt .
    assert_output '.: Is a directory'
    run -73 lookup-book compile source.txt no/such/folder
    assert_output 'no/such/folder: No such file or directory'
    run -66 lookup-book compile nothing.txt book.cdb
    assert_output 'nothing.txt: No such file or directory'
    run -66 lookup-book compile . book.cdb
    assert_output '.: Is a directory'
    [ ! -e book.cdb ]
}

@test "progress is shown on a terminal, and nowhere else" {
    seq -f 'Name %.0f = Office' 70000 >source.txt
    run -0 --separate-stderr lookup-book compile source.txt book.cdb
    assert_equal "$stderr" ''
    run -0 script -qec 'lookup-book compile source.txt book.cdb' /dev/null
    assert_output --partial '65536 entries'
    assert_output --partial '65536 words'
    assert_output --partial 'book.cdb: 70000 entries'
}

@test "check tells a sound book from a broken one" {
    lookup-book compile "$ROOT/tests/book.txt" book.cdb 2>/dev/null
    run -0 lookup-book check book.cdb
    assert_output --regexp '^book.cdb: sound, [0-9]+ entries, [0-9]+ bytes, made (just now|1 second ago|[0-9]+ seconds ago)$'
    # a pointer in a hash table, the key of the first record, a length
    local size
    size=$(stat -c %s book.cdb)
    for offset in $((size - 4)) $((size - 20)) 2048 2052 2057; do
        cp book.cdb broken.cdb
        printf '\xff' | dd of=broken.cdb bs=1 seek="$offset" conv=notrunc status=none
        cmp -s book.cdb broken.cdb && continue
        run -78 lookup-book check broken.cdb
        assert_output --regexp '^lookup-book: broken.cdb: '
    done
}

@test "what is said goes into no file, if a standard descriptor is closed" {
    # So many that words wait in a file: the first one that is opened after the sources are read.
    { seq -f 'Smith %.0f = A' 8000 && printf 'Ann = A\nAnn = B\n'; } >source.txt
    lookup-book compile source.txt expected.cdb 2>/dev/null
    for closed in '2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
        rm -f book.cdb
        eval "cat source.txt | lookup-book compile /dev/fd/3 book.cdb 3<&0 $closed" || [ "$closed" != '2>&-' ]
        lookup-book check book.cdb
        run -0 cmp <(lookup-book list expected.cdb) <(lookup-book list book.cdb)
    done
}

# A sanitizer takes terabytes of address space.
# bats test_tags=native
@test "a line of any length takes no more than some memory" {
    { head -c 300000000 /dev/zero | tr '\0' x; echo '= A'; } >source.txt
    run -65 bash -c 'ulimit -v 200000; lookup-book compile source.txt book.cdb'
    assert_output 'source.txt:1: a line longer than 16 MiB'
}

@test "a line longer than 16 MiB is an error, unless it is a comment" {
    { echo 'Ann = A1'; printf '%017000000d = A\n#%017000000d\n' 0 0; } >source.txt
    run -65 lookup-book compile source.txt book.cdb
    assert_output 'source.txt:2: a line longer than 16 MiB'
    run -0 lookup-book compile --skip-bad source.txt book.cdb
    assert_line 'book.cdb: 1 entry, 1 name, 1 skipped'
}

@test "a cut book is never taken for a sound one" {
    lookup-book compile "$ROOT/src/book.txt" book.cdb
    local size
    size=$(stat -c %s book.cdb)
    for ((length = 0; length < size; length += 37)); do
        head -c "$length" book.cdb >cut.cdb
        run -78 lookup-book query cut.cdb john
    done
}

@test "usage errors say so" {
    for arguments in '' 'compile' 'compile one' 'list' 'list a b' 'query a' 'nonsense' '--nonsense' \
        'list --strict a' 'compile --format nonsense a b' 'compile --format'; do
        # shellcheck disable=SC2086 # words are wanted
        run -64 lookup-book $arguments
        assert_output --partial 'lookup-book: '
    done
    run -66 lookup-book list nothing.cdb
    run -0 lookup-book --help
    assert_output --partial Usage
    run -0 lookup-book --version
}

@test "an output that cannot be written is an error" {
    make_book book.cdb <<<'John = C45'
    run -71 bash -c 'lookup-book list book.cdb >/dev/full'
    run -71 bash -c 'lookup-book query book.cdb john >/dev/full'
    run -71 bash -c 'lookup-book --help >/dev/full'
    run -71 bash -c 'lookup-book check book.cdb >/dev/full'
    assert_output 'lookup-book: standard output: No space left on device'
    # The book is made by then.
    source_of 'Ann = A1'
    run -71 bash -c 'lookup-book compile source.txt book.cdb >/dev/full'
    assert_output 'lookup-book: standard output: No space left on device'
    run -0 lookup-book query book.cdb ann
}
