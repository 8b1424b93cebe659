#!/usr/bin/env bats
# bats file_tags=first
# Names found by one of their words, by initials, or without their accents. What is asked in which form of Unicode: the
# golden tables.

# shellcheck disable=SC1110,SC1112 # quotes of every keyboard are what is tried
load lib

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    PATH=$BUILD:$PATH
}

# answers REQUEST LINE...: what book.cdb has for it.
answers() {
    local request=$1
    shift
    run -0 lookup-book query book.cdb "$request"
    assert_output "$(printf '%s\n' "$@")"
}

# unknown REQUEST...
unknown() {
    local request
    for request; do
        run -1 lookup-book query book.cdb "$request"
        assert_output "UNKNOWN NAME: ${request^^}"
    done
}

@test "the exact name comes first, then every name that has the word" {
    make_book book.cdb <<'END'
John Smith = A1
Smith = A2
Smith Jones = A3
Jones Smithson = A4
END
    answers smith A2
    answers JONES 'Smith Jones: A3' 'Jones Smithson: A4'
    unknown SMITHS
}

@test "initials of more words than are in the index are a list" {
    local letters
    letters=$(echo {A..Z} {A..F})
    printf '%s = R\n' "$letters Xena" "$letters Yolo" | make_book book.cdb
    answers "$letters" "$letters Xena: R" "$letters Yolo: R"
    answers "${letters% F}" "$letters Xena: R" "$letters Yolo: R"
}

@test "initials, with the dot and without" {
    make_book book.cdb <<'END'
John Smith = A1
J. K. Rowe = A2
JD = A3
END
    for request in 'J. Smith' 'J Smith' 'j.smith' 'J.S.' 'J. S.' 'js'; do
        answers "$request" 'John Smith: A1'
    done
    for request in 'J. K. Rowe' 'J K Rowe' j.k.rowe; do
        answers "$request" A2
    done
    answers 'J. Rowe' 'J. K. Rowe: A2'
    answers J. 'J. K. Rowe: A2'
    answers jd A3
}

@test "more initials than a name has words" {
    make_book book.cdb <<<'John Smith = A1'
    for glued in AB ABCDE; do
        letters=$(printf ' F%.0s' {1..31})
        unknown "$glued$letters" "${letters# } $glued"
    done
}

@test "hyphens and apostrophes as people type them" {
    make_book book.cdb <<'END'
Jean-Paul Sartre = A1
J.-P. Changeux = A2
Ann Smith-Jones = A3
Ann Smith Jones = A4
Shaun O'Neil = A5
Mary O’Brien = A6
J.R.R. Tolkien = A7
John Ronald Doe = A8
END
    for request in 'jean paul sartre' 'Jean–Paul Sartre' $'Jean\u2010Paul Sartre'; do
        answers "$request" A1
    done
    for request in 'J.-P. Sartre' 'J-P Sartre' 'J.P. Sartre' 'JP Sartre' 'J. Sartre' jean paul 'jean-paul' sartre; do
        answers "$request" 'Jean-Paul Sartre: A1'
    done
    for request in 'J-P Changeux' 'J.P. Changeux' 'J P Changeux'; do
        answers "$request" A2
    done
    answers 'Ann Smith–Jones' A3
    answers 'Ann Smith Jones.' A4
    answers smith-jones 'Ann Smith-Jones: A3'
    answers 'smith jones' 'Ann Smith-Jones: A3' 'Ann Smith Jones: A4'
    answers "shaun o’neil" A5
    answers "mary o'brien" A6
    answers "o’neil" "Shaun O'Neil: A5"
    answers "o'brien" "Mary O’Brien: A6"
    for request in 'J. R. R. Tolkien' 'J R R Tolkien'; do
        answers "$request" A7
    done
    answers 'JRR Tolkien' 'J.R.R. Tolkien: A7'
    answers 'JR Doe' 'John Ronald Doe: A8'
    lookup-book check book.cdb
}

@test "apostrophes of every keyboard, and none" {
    make_book book.cdb <<'END'
Mary O’Brien = A1
Kekoa Kaʻiulani = A2
Ḥusayn ʿAbd al-Raḥmān = A3
Sam Dean = A4
END
    for request in "o'brien" o‘brien o´brien 'o`brien' oʼbrien oʻbrien o′brien o＇brien obrien 'o brien' O’BRIEN; do
        answers "$request" 'Mary O’Brien: A1'
    done
    answers 'mary o brien' A1
    for request in "ka'iulani" ka‘iulani kaiulani; do
        answers "$request" 'Kekoa Kaʻiulani: A2'
    done
    answers 'husayn abd al-rahman' A3
    # A letter stays an initial where somebody has it.
    answers 's dean' 'Sam Dean: A4'
}

@test "a letter with an apostrophe or a mark around it is a letter" {
    # Alone in its name it is found by that letter; check counts such names.
    printf '%s = R1\n' "q'" "Sean O' Brien" $'\u20d2G' $'\u1ac3Anna Z' >source.txt
    lookup-book compile source.txt book.cdb
    lookup-book check book.cdb
    answers q R1
    answers g R1
    answers "o' brien" "Sean O' Brien: R1"
    answers 'a z' $'\u1ac3Anna Z: R1'
}

@test "brackets, quotation marks and strokes part words" {
    make_book book.cdb <<'END'
Robert "Bob" Stone = A1
Ann Lee (Guest) = A2
Smith/Jones, Eve = A3
Müller; Jan = A4
Gal·la Pi = A5
ada_king = A6
END
    for request in 'bob stone' '“Bob” Stone' '«Stone» Robert' '"Robert Stone"'; do
        answers "$request" 'Robert "Bob" Stone: A1'
    done
    answers 'Robert Bob Stone' A1
    answers 'ann lee' 'Ann Lee (Guest): A2'
    answers '[guest]' 'Ann Lee (Guest): A2'
    answers 'eve jones' 'Smith/Jones, Eve: A3'
    answers 'jan müller' A4
    answers 'gal.la pi' A5
    answers 'Ada King' A6
    answers '(ada_king)' A6
    unknown '()' / '"'
    lookup-book check book.cdb
}

@test "names and requests that address books of others are known to miss" {
    make_book book.cdb <<'END'
Groß, Jürgen = N1
İbrahim Işık = N2
Nguyễn Thị Ngọc Ánh = N3
أحمد محمود = N4
مُحَمَّد عَلِيّ = N5
דָּוִד כֹּהֵן = N6
Οδυσσέας Παπαδόπουλος = N7
Фёдор Андрейчук = N8
ᲒᲘᲝᲠᲒᲘ მელაძე = N9
ᏣᎳᎩ Sequoyah = N10
𐐔𐐯𐑅𐐨𐑉𐐯𐐻 Smithee = N11
Soﬁa Griﬃth = N12
Vincent van der Berg = N13
Martin Luther King, Jr. = N14
Anna Schmidt (née Weber) = N15
William “Bill” Gates = N16
Ana 🌸 Bloom = N17
Leutheusser-Schnarrenberger, Sabine = N18
J K Rowling = N19
राजेश क़ुरैशी = N20
Ng = N21
محمد‌رضا پهلوی = N22
ܕܙܝ̈ܬܐ = N23
Madonna = N24
END
    answers 'jürgen groß' N1
    answers GROẞ 'Groß, Jürgen: N1'
    answers 'ibrahim isik' N2
    answers 'IBRAHIM IŞIK' 'İbrahim Işık: N2'
    answers 'nguyen thi ngoc anh' N3
    answers 'احمد' 'أحمد محمود: N4'
    answers 'محمد علي' N5
    answers 'דוד כהן' N6
    answers 'οδυσσεας παπαδοπουλος' N7
    answers 'παπαδόπουλοσ' 'Οδυσσέας Παπαδόπουλος: N7'
    answers 'федор андреичук' N8
    answers 'გიორგი მელაძე' N9
    answers 'ꮳꮃꭹ' 'ᏣᎳᎩ Sequoyah: N10'
    answers '𐐼𐐯𐑅𐐨𐑉𐐯𐐻' '𐐔𐐯𐑅𐐨𐑉𐐯𐐻 Smithee: N11'
    answers 'sofia griffith' N12
    answers 'van der Berg, Vincent' N13
    answers 'vincent berg' 'Vincent van der Berg: N13'
    answers 'martin luther king jr' N14
    answers 'anna weber' 'Anna Schmidt (née Weber): N15'
    answers 'bill gates' 'William “Bill” Gates: N16'
    answers 'ana bloom' 'Ana 🌸 Bloom: N17'
    answers 'sabine schnarrenberger' 'Leutheusser-Schnarrenberger, Sabine: N18'
    answers JKR 'J K Rowling: N19'
    # A nukta is no accent.
    answers 'क़ुरैशी' 'राजेश क़ुरैशी: N20'
    unknown 'कुरैशी'
    answers ng N21
    answers 'محمدرضا' 'محمد‌رضا پهلوی: N22'
    answers 'ܕܙܝܬܐ' N23
    # One letter alone is a word, not an initial.
    unknown M
}

@test "what is not seen is not looked at" {
    printf 'Ada\u00adlove King = A1\n\u200fמשה לוי\u200f = A2\nJohn = A3\n葛\U000e0100城 = A4\nمحمد = A5\n' | make_book book.cdb
    answers 'adalove king' A1
    answers 'משה לוי' A2
    answers $'\u202aJohn\u202c' A3
    answers 葛城 A4
    answers 'محـــمد' A5
}

@test "full-width letters are letters" {
    make_book book.cdb <<'END'
Ｊｏｈｎ　Ｄｏｅ = A1
Ann Lee = A2
END
    answers 'john doe' A1
    answers 'Ｌｅｅ，Ａｎｎ' A2
    answers 'Ａ．Ｌｅｅ' 'Ann Lee: A2'
}

@test "names in scripts without spaces, with one and without" {
    make_book book.cdb <<'END'
山田 太郎 = A1
鈴木花子 = A2
김 영희 = A3
김철수 = A4
ジョン・スミス = A5
남궁 민 = A6
남 궁민 = A7
END
    answers 山田太郎 A1
    answers '鈴木　花子' A2
    answers 김영희 A3
    answers '김 철수' A4
    answers ジョンスミス A5
    answers 남궁민 '남궁 민: A6' '남 궁민: A7'
    answers 太郎 '山田 太郎: A1'
    unknown 花子 山田花子 '김 민수'
}

@test "one name in several offices: a line each" {
    make_book book.cdb <<'END' 2>/dev/null
John Smith = A1
John Smith = A2
END
    answers smith 'John Smith: A1' 'John Smith: A2'
}

@test "a name is found without its accents when nobody else is meant" {
    make_book book.cdb <<'END'
João = A1
Zoë = A2
Zoe = A3
Renée = A4
Reneé = A5
Łukasz Þórsson = A6
Guðrún = A7
END
    answers joao A1
    answers Zoe A3
    answers zoë A2
    answers renee 'Renée: A4' 'Reneé: A5'
    answers 'lukasz þorsson' A6
    answers gudrun A7
    # Other marks than the name has: not the name itself, but who might be meant.
    answers JOÄO 'João: A1'
    answers 'Lukasz Þorsson' A6
    unknown 'Łukasz Thorsson'
}

@test "names whose marks agree come alone, where there are any" {
    make_book book.cdb <<'END'
Anna Müller = A1
Bert Muller = A2
Cäsar Muller = A3
José = A4
Jose Smith = A5
O'Neil Ida = A6
Oneil Jan = A7
END
    answers muller 'Bert Muller: A2' 'Cäsar Muller: A3'
    answers Müller 'Anna Müller: A1'
    answers 'anna muller' A1
    answers 'A. Muller' 'Anna Müller: A1'
    # ... but whoever is called just that comes first of all.
    answers jose A4
    answers oneil 'Oneil Jan: A7'
    answers "o’neil" "O'Neil Ida: A6"
    answers 'ida oneil' A6
}

@test "a double name that comes with marks and without agrees, whichever is first" {
    make_book book.cdb <<'END'
Müller-Ost Muller-Ost = A1
Muller-Ost Müller-Ost = A2
Anna Müller-Ost = A3
Müller-Ost Muller-West Ost = A4
END
    answers muller-ost 'Müller-Ost Muller-Ost: A1' 'Muller-Ost Müller-Ost: A2'
    answers müller-ost 'Müller-Ost Muller-Ost: A1' 'Muller-Ost Müller-Ost: A2' 'Anna Müller-Ost: A3' 'Müller-Ost Muller-West Ost: A4'
    run -0 lookup-book check book.cdb
}

@test "what is behind a name and a comma is looked up as a word, and then as initials" {
    make_book book.cdb <<'END'
John Rex King = A1
Jack King = A2
END
    answers 'King, Jr.' 'John Rex King: A1'
    printf '%s = A\n' 'Martin King, Jr.' 'John Rex King' | make_book book.cdb
    answers 'King, Jr.' 'Martin King, Jr.: A'
    answers 'Martin King Jr.' A
}

@test "words in any order" {
    make_book book.cdb <<'END'
Jürgen Müller = A1
Bob Smith = A2
John Adam Smith = A3
Smith, Ann = A4
Sam Jones = A5
END
    for request in 'Müller, Jürgen' 'Müller Jürgen' 'MULLER JURGEN' 'muller,jurgen.'; do
        answers "$request" A1
    done
    for request in 'Smith Bob' 'Smith, Bob' 'Bob Smith.'; do
        answers "$request" A2
    done
    for request in 'Smith, J.' 'J. Smith' 'Smith John' 'John Smith' 'A. Smith, John' 'JA Smith'; do
        answers "$request" 'John Adam Smith: A3'
    done
    answers 'Ann Smith' A4
    answers 'A. Smith' 'John Adam Smith: A3' 'Smith, Ann: A4'
    answers JAS 'John Adam Smith: A3'
    answers 'S. J.' 'Sam Jones: A5'
    unknown 'John Jones' 'John Smith Smith' 'J. B. Smith'
}

@test "every canonically equivalent spelling of a name is that name" {
    "$ROOT/tests/tools/people.py" source 3 2000 >source.txt
    lookup-book compile source.txt book.cdb
    /usr/bin/python3 -c '
import random, sys, unicodedata
rng = random.Random(8084)
for line in open("source.txt", encoding="utf-8"):
    name, office = line.rstrip("\n").split(" = ")
    letters = list(unicodedata.normalize("NFD", name))
    for i in range(len(letters) - 1):
        a, b = map(unicodedata.combining, letters[i:i + 2])
        if a and b and a != b:
            letters[i:i + 2] = letters[i + 1], letters[i]
    print("".join(c if unicodedata.combining(c) else unicodedata.normalize(rng.choice(["NFC", "NFD"]), c) for c in letters))
    print("".join(unicodedata.normalize(rng.choice(["NFC", "NFD"]), word + " ") for word in name.split()))' >asked
    awk -F ' = ' '{ print $2; print $2 }' source.txt >expected
    lookup-handler --session --book book.cdb lookup <asked >answered
    cmp answered expected
}

@test "at most 20 lines, in the order of the book, and how many more" {
    seq -f 'Name%.0f Smith = A1' 20 | make_book book.cdb
    run -0 lookup-book query book.cdb smith
    assert_output "$(seq -f 'Name%.0f Smith: A1' 20)"
    seq -f 'Name%.0f Smith = A1' 1000 | make_book book.cdb
    run -0 lookup-book query book.cdb smith
    assert_output "$(seq -f 'Name%.0f Smith: A1' 20; echo and 980 more)"
}

@test "the first colon and space of a line end the name, whatever is in it" {
    make_book book.cdb <<'BOOK'
Jean: Luc Picard = House: B: 8
Picard Foo:: = C: 9
: Jo Picard = D1
BOOK
    answers picard $'Jean:\u00a0Luc Picard: House: B: 8' 'Picard Foo::: C: 9' $':\u00a0Jo Picard: D1'
    answers $'Jean:\u00a0Luc Picard' 'House: B: 8'
    # Nobody is called so, so that the answer is a list of one.
    answers luc $'Jean:\u00a0Luc Picard: House: B: 8'
}

@test "the longest lines of names with colons are answered whole" {
    local colons i
    colons=$(printf ': %.0s' {1..508})
    for i in {10..40}; do printf 'Ann %s%d = %01022d%d\n' "$colons" "$i" 8 "$i"; done | make_book book.cdb
    run -0 lookup-book query book.cdb ann
    assert_equal "${#lines[@]} ${lines[20]}" '21 and 11 more'
    assert_equal "${lines[19]}" "$(printf 'Ann %s29: %01022d29' "${colons//: /:$'\u00a0'}" 8)"
    run -0 lookup-handler --book book.cdb lookup <<<ann
    assert_equal "${#lines[@]}" 21
    run -0 --separate-stderr lookup-book query --json book.cdb ann
    run -0 jq -r '.matches[19].name, .more' <<<"$output"
    assert_output "Ann ${colons}29"$'\n11'
}

@test "what is not looked through to its end says so: and more" {
    # 1 MiB of John's list ends before the last ones.
    awk 'BEGIN {
        for (i = 1; i <= 200000; i++) print "John " (i == 5 ? "Xaver" : "A B C D") " Smith" i " = R" i
        print "John Zed = Z1" }' >source.txt
    "$NATIVE/lookup-book" compile source.txt book.cdb
    answers 'x john' 'John Xaver Smith5: R5' 'and more'
    answers 'z john' 'and more'
    [ "$(lookup-handler --book book.cdb lookup <<<'z john')" = 'and more' ]
    answers 'smith77777 john' 'John A B C D Smith77777: R77777'
    # One John is not worth his whole list: his name is read instead.
    answers 'smith199999 john' 'John A B C D Smith199999: R199999'
    answers 'zed john' Z1
    [ "$(lookup-handler --book book.cdb lookup <<<'zed john')" = Z1 ]
}

@test "what was found before 1 MiB was read is answered" {
    # Two thousand are called Ann Bo, and a hundred thousand Ann or Bo.
    awk 'BEGIN { for (i = 1; i <= 200000; i++)
        print (i % 100 == 0 ? "Ann Bo" : i % 2 ? "Ann" : "Bo"), "C D E F G H I J K L M Smith" i " = R" i }' >source.txt
    "$NATIVE/lookup-book" compile --format plain source.txt book.cdb
    run -0 lookup-book query book.cdb 'bo ann'
    assert_line --index 0 'Ann Bo C D E F G H I J K L M Smith100: R100'
    assert_line --index 19 'Ann Bo C D E F G H I J K L M Smith2000: R2000'
    assert_line --index 20 'and more'
    run -0 lookup-handler --book book.cdb lookup <<<'bo ann m.'
    assert_line --index 20 'and more'
}

# ann_and_bo [LINE]: a hundred thousand are called Ann, or Bo; one of them is called just Ann Bo. Another Ann, Bo comes after
# 1 MiB of their lists. The 100,001st entry is LINE.
ann_and_bo() {
    awk -v line="${1-}" 'BEGIN {
        for (i = 1; i <= 200000; i++)
            if (i == 20001) print "Ann Bo = R1"
            else if (i == 100001 && line != "") print line
            else print (i % 2 ? "Ann" : "Bo"), "C D E F G H I J K L M Smith" i " = R" i
        print "Ann, Bo = Z1" }' >source.txt
    "$NATIVE/lookup-book" compile --format plain source.txt book.cdb
}

@test "who is meant whole is one of a list, if there may be more" {
    ann_and_bo 'Ann Bo C D = R2'
    answers 'bo ann' 'Ann Bo: R1' 'Ann Bo C D: R2' 'and more'
    [ "$(lookup-handler --book book.cdb lookup <<<'bo ann')" = $'Ann Bo: R1\nAnn Bo C D: R2\nand more' ]
    run -0 --separate-stderr lookup-book query --json book.cdb 'bo ann'
    run -0 jq -c '[.matches[].name, .more, .offices]' <<<"$output"
    assert_output '["Ann Bo","Ann Bo C D",true,null]'
    # The names themselves are found without the lists.
    answers 'ann bo' R1
    answers 'Ann Bo.' R1
    answers 'ann, bo' Z1
    # Of one list, too.
    awk 'BEGIN {
        for (i = 1; i <= 200000; i++) print "John " (i == 5 ? "X" : "A B C D Smith" i) " = R" i
        print "X, John = Z1" }' >source.txt
    "$NATIVE/lookup-book" compile --format plain source.txt book.cdb
    answers 'x john' 'John X: R5' 'and more'
    [ "$(lookup-handler --book book.cdb lookup <<<'x john')" = $'John X: R5\nand more' ]
    answers 'john x' R5
    answers 'x, john' Z1
}

@test "who was found early is answered, though nobody else comes before 1 MiB was read" {
    ann_and_bo
    answers 'bo ann' 'Ann Bo: R1' 'and more'
    [ "$(lookup-handler --book book.cdb lookup <<<'bo ann')" = $'Ann Bo: R1\nand more' ]
}

# among SLOTS [KIND [same [KEY]]]: makes other.cdb of book.cdb. The hash table that has the list of John, or KEY (in
# hexadecimal), makes each search pass so many slots, which point to a record whose key begins with the byte KIND: 5, lists, if
# none is given. It has no names any more. With `same` the slots have the hash of that list, so that each record is read.
among() {
    /usr/bin/python3 - "$1" "${2:-5}" "${3-}" "${4:-024a4f484e}" <<'PYTHON'
import struct, sys
book, before, kind = open("book.cdb", "rb").read(), int(sys.argv[1]), int(sys.argv[2])
same = sys.argv[3] == "same"
tables = [struct.unpack_from("<II", book, at) for at in range(0, 2048, 8)]
wanted = 5381
for byte in bytes.fromhex(sys.argv[4]):
    wanted = wanted * 33 & 0xFFFFFFFF ^ byte
offsets = (struct.unpack_from("<I", book, at + 4)[0] for at in range(tables[0][0], len(book) - 8, 8))
other = next((wanted if same else 1, offset) for offset in offsets if offset and book[offset + 8] == kind)
new, out = [], tables[0][0]
for number, (start, slots) in enumerate(tables):
    table = [struct.unpack_from("<II", book, start + i * 8) for i in range(slots)]
    if number == wanted % 256:
        used = [slot for slot in table if slot[1] and book[slot[1] + 8] < 32]
        slots = before + 2 * len(used)
        table = [other] * slots
        for slot in used:
            at = (slot[0] // 256 + before) % slots
            while table[at] != other:
                at = (at + 1) % slots
            table[at] = slot
    new.append((out, table))
    out += len(table) * 8
header = b"".join(struct.pack("<II", start, len(table)) for start, table in new)
body = b"".join(struct.pack("<II", *slot) for _, table in new for slot in table)
open("other.cdb", "wb").write(header + book[2048:tables[0][0]] + body + b"lookup-2")
PYTHON
}

@test "slots that a search for a list passes count, if they are many" {
    seq -f 'John A B Smith%.0f = A' 100 | make_book book.cdb
    among 60
    run -0 lookup-book query other.cdb john
    assert_line --index 20 'and 80 more'
    # Of 8 bytes each, so many are less than 1 MiB, and so many more.
    among 130000
    run -0 lookup-book query other.cdb john
    assert_line --index 20 'and 80 more'
    among 132000
    run -0 lookup-book query other.cdb john
    assert_output 'and more'
    run -0 lookup-handler --book other.cdb lookup <<<john
    assert_output 'and more'
    # A record that is read counts as 512 bytes.
    among 2000 5 same
    run -0 lookup-book query other.cdb john
    assert_line --index 20 'and 80 more'
    among 3000 5 same
    run -0 lookup-book query other.cdb john
    assert_output 'and more'
    run -0 lookup-handler --book other.cdb lookup <<<john
    assert_output 'and more'
    # Another program, which places names first, makes a search pass some of them.
    among 200 "$(printf '%d' "'J")"
    run -0 lookup-handler --book other.cdb lookup <<<john
    assert_line --index 20 'and 80 more'
}

@test "three words that many names have, and few have together, are looked through to their end" {
    # Reading the names of all who are Ann and Bo would take longer than all three lists.
    awk 'BEGIN { for (i = 1; i <= 150000; i++)
        print (i % 50 ? "Amy" : "Ann"), (i % 21 ? "Ben" : "Bo"), "Cy Z" i " = R" i }' >source.txt
    "$NATIVE/lookup-book" compile source.txt book.cdb
    run -0 lookup-book query book.cdb 'bo ann cy'
    assert_line --index 19 'Ann Bo Cy Z21000: R21000'
    assert_line --index 20 'and 122 more'
}

@test "what long lists have, and what is read from names instead, is the same" {
    run -0 "$ROOT/tests/tools/long_lists.py" 1 . "$BUILD/lookup-book" "$BUILD/lookup-handler"
    assert_output '900 asked, 0 answered otherwise'
}

# bats test_tags=native
@test "a rare word before many names that have the others is found by their lists, if their names cost more than is allowed" {
    awk 'BEGIN {
        for (i = 0; i < 115000; i++) print "Q" i " Filler = F" i
        for (i = 0; i < 13; i++) print "Ann Bob Cyd Dan Eve Fay Rare U" i " = R" i
        for (i = 0; i < 115000; i++) print "Ann Bob Cyd Dan Eve Fay Z" i " = Z" i }' >source.txt
    "$NATIVE/lookup-book" compile source.txt book.cdb
    run -0 lookup-book query book.cdb 'ann bob cyd dan eve fay rare'
    assert_equal "${#lines[@]} ${lines[12]}" '13 Ann Bob Cyd Dan Eve Fay Rare U12: R12'
}

@test "who is meant whole under many spellings is a list" {
    for name in J{ó,ò,ö,ô}s{e,é,è,ê,ë}\ Sm{i,í,ì,î,ï}th; do echo "$name = A1"; done | make_book book.cdb
    run -0 lookup-book query book.cdb 'jose smith'
    assert_line --index 0 'Jóse Smith: A1'
    assert_line --index 20 'and 80 more'
}

@test "the longest lines that can be are answered whole" {
    for i in {10..40}; do printf '%01018d%d Ann = %01022d%d\n' 7 "$i" 8 "$i"; done | make_book book.cdb
    lookup-book list book.cdb | sed 's/ = /: /;20q' >expected
    echo 'and 11 more' >>expected
    printf 'Ann\n' | lookup-handler --book book.cdb lookup | cmp - expected
}

@test "--exact-only leaves the words out" {
    printf '%s\n' 'John Smith = A1' 'João = A2' >source.txt
    lookup-book compile --exact-only source.txt book.cdb
    answers 'john smith' A1
    answers joão A2
    unknown SMITH 'J. SMITH' JOAO
    lookup-book check book.cdb
    lookup-book list book.cdb >listed.txt
    lookup-book compile --exact-only listed.txt again.cdb
    cmp book.cdb again.cdb
    # The version, how many names there are, a record for each, and how the one is spelled that is not all ASCII.
    run -0 cdb -d book.cdb
    assert_line '+10,2:JOHN SMITH->A1'
    assert_equal "$(grep -c -e '->' <<<"$output")" 5
    run -0 lookup-book list book.cdb
    assert_output "$(printf '%s\n' 'JOHN SMITH = A1' 'João = A2')"
}

@test "query says what the handler says" {
    lookup-book compile "$ROOT/tests/book.txt" book.cdb 2>/dev/null
    for request in lena 'l. vorberg' twin joao nobody '.,' $'Jos\u00e9' ''; do
        lookup-book query book.cdb "$request" >queried || true
        printf '%s\n' "$request" | lookup-handler --book book.cdb lookup | cmp - queried
    done
}

# broken MESSAGE SED-SCRIPT: check says so of the book, its dump changed by the script.
broken() {
    cdb -d book.cdb | sed "$2" | cdb -c broken.cdb
    printf lookup-2 >>broken.cdb
    run -78 lookup-book check broken.cdb
    assert_output "lookup-book: broken.cdb: $1"
}

@test "check finds every fault of the words" {
    # So many that John has a list of his own.
    seq -f 'John A B Smith%.0f = A' 100 | make_book book.cdb
    cdb -d book.cdb | cdb -c broken.cdb
    printf lookup-2 >>broken.cdb
    run -0 lookup-book check broken.cdb
    assert_output --partial 'sound, 100 entries'
    broken 'a number of entries that is wrong' 's/\x06->d/\x06->e/'
    broken 'words that are not those of its names' '/\x02JOHN->/d'
    broken 'words that are not those of its names' 's/\x02JOHN->/\x02JACK->/'
    broken 'words that are not those of its names' '/:\x05.*->.*SMITH100/d'
    broken 'a list of postings that ends wrongly' 's/\x02JOHN->./\x02JOHN->c/'
    broken 'a list with a wrong number of postings' 's/\x02JOHN->./\x02JOHN->e/'
    broken 'words that are not those of its names' '/\x02JOHN->/{p}'
    broken "a name after the words" "\$i +4,2:JACK->A1"
    broken 'a list of postings that is not whole' "\$i +7,1:\x03\x01\x01JOHN->x"
    broken 'spellings of other names' 's/:\x01\x01\(...->\)/:\x01\x02\1/'
    broken 'words that are not those of its names' 's/JOHN A B SMITH7->/JOHN A B SMITH8->/'
    broken 'a record of lists that cannot be read' 's/^+3,14:\(.*->\).*SMITH100.*/+3,1:\1x/'
    # So many that his list has a second record; an empty one before it.
    seq -f 'John A B Smith%.0f = A' 200 | make_book book.cdb
    broken 'a list of postings that is not whole' 's/^\(+7,.*:\x03\)\x01\(.JOHN->\)/+7,0:\x03\x01\2\n\1\x02\2/'
}

# relisted OLD NEW: check refuses the book, and a request for Jané finds it broken, once the postings of Jane are NEW
# instead of OLD (in hexadecimal, as the whole values of a record, or of a short list).
relisted() {
    /usr/bin/python3 - "$1" "$2" <<'PYTHON' | cdb -c broken.cdb
import struct, sys
book, (old, new) = open("book.cdb", "rb").read(), map(bytes.fromhex, sys.argv[1:])
at, changed = 2048, 0
while at < struct.unpack_from("<I", book)[0]:
    key_len, len_of_value = struct.unpack_from("<II", book, at)
    key, at = book[at + 8:at + 8 + key_len], at + 8 + key_len
    value, at = book[at:at + len_of_value], at + len_of_value
    short = b"\4%cJANE" % len(old) + old
    if key[0] == 5 and short in value:
        value, changed = value.replace(short, b"\4%cJANE" % len(new) + new), changed + 1
    if key == b"\2JANE" and value == old:
        value, changed = new, changed + 1
    sys.stdout.buffer.write(b"+%d,%d:%b->%b\n" % (len(key), len(value), key, value))
sys.stdout.buffer.write(b"\n")
assert changed == 1, changed
PYTHON
    printf lookup-2 >>broken.cdb
    run -78 lookup-book check broken.cdb
    assert_output "lookup-book: broken.cdb: $3"
    run -78 --separate-stderr lookup-handler --book broken.cdb lookup <<<jané
    assert_output 'ERROR: address book unavailable'
}

@test "check refuses postings that a request cannot read" {
    local unread='a list of postings that cannot be read'
    printf 'Jane X = A1\nOle Jane = A2\nJane Xaver Xu = A3\n' | make_book book.cdb
    # The word X, an O, and X twice. A letter that has bits of its own is written as a code point.
    relisted 0038010f015818 002058010f015818 "$unread"
    relisted 0038010f015818 003801004f015818 "$unread"
    # The second entry before the first one.
    relisted 0038010f015818 010fffffffff0f38025818 'a list of postings that ends wrongly'
    printf 'Ole = A1\nJane = A2\nJane = A3\n' | make_book book.cdb
    # No others, and more; no others, which are a letter.
    relisted 011f011f 015f011f "$unread"
    relisted 011f011f 013f011f "$unread"
}

@test "check refuses a book in which names hide the second record of a list" {
    seq -f 'John A B Smith%.0f = A' 200 | make_book book.cdb
    among 300 "$(printf '%d' "'J")" '' 0301004a4f484e
    run -78 --separate-stderr lookup-handler --book other.cdb lookup <<<'john q'
    assert_output 'ERROR: address book unavailable'
    run -78 lookup-book check other.cdb
    assert_output 'lookup-book: other.cdb: a list of postings that cannot be read'
}

# A sanitized check counts for long.
# bats test_tags=native
@test "check refuses too many lists with colliding hashes, soon" {
    /usr/bin/python3 -c 'import random
rng = random.Random(8084)
for n in range(5000):
    print(*("%x" % rng.getrandbits(32) for _ in range(16)), "= A")' | make_book book.cdb
    among 60
    run -78 lookup-book check other.cdb
    assert_output --partial 'a record that no search finds'
    among 2000000
    # A guard: there may be many more such lists.
    run -78 timeout 60 lookup-book check other.cdb
    assert_output --partial 'too many lists with colliding hashes'
}

@test "check takes a book for sound whatever its names are made of" {
    local name
    for name in ... - \' "'J'" "A'" "Plan 'B' Team" "Robert 'J' Smith" "Æ'" $'\u0301' $'\u0301x' $'\u0301 A' $'A\'\u0301' $'\u1100\'\u1161'; do
        printf '%s = C%d\n' "$name" 1 'Zed Young' 2 "$name Miller" 3 | make_book book.cdb
        run -0 lookup-book check book.cdb
        assert_output --partial 'book.cdb: sound, 3 entries'
        answers young 'Zed Young: C2'
    done
}

@test "a letter in quotes is a letter" {
    make_book book.cdb <<'END'
Robert 'J' Smith = A1
Plan “B” = A2
Plan 'B' = A3
END
    answers 'j smith' "Robert 'J' Smith: A1"
    answers "'j' smith" "Robert 'J' Smith: A1"
    answers b 'Plan “B”: A2'
    answers "'b'" "Plan 'B': A3"
    answers "plan 'b'" A3
    answers 'plan b' 'Plan “B”: A2' "Plan 'B': A3"
}

@test "check finds a name that its key is not the fold of" {
    make_book book.cdb <<<'João = A1'
    broken 'a key that is not its name, folded' 's/->\(.*\)João$/->\1Joãx/'
}

# A sanitizer sees the words put away in book-faults.bats.
# bats test_tags=native
@test "more words than are kept at a time make an index as well" {
    awk 'BEGIN {for (i = 1; i <= 120000; i++) printf "A%d B%d C%d D%d Smith = R%d\n", i, i, i, i, i}' >source.txt
    lookup-book compile source.txt book.cdb
    for nr in 1 77777 120000; do
        for request in "A$nr" "D$nr" "A D$nr" "A B C D$nr" "B$nr C$nr D$nr" "Smith B$nr"; do
            answers "$request" "A$nr B$nr C$nr D$nr Smith: R$nr"
        done
    done
    run -0 lookup-book query book.cdb smith
    assert_line --index 0 'A1 B1 C1 D1 Smith: R1'
    assert_line --index 20 'and 119980 more'
    lookup-book check book.cdb
    # It does not depend on when they were put away.
    lookup-book list book.cdb | cmp - source.txt
    # A disk that is full then: nothing is left of it.
    cp book.cdb before.cdb
    # shellcheck disable=SC2016 # for the inner shell
    run -74 bash -c 'ulimit -f 2000 && lookup-book compile source.txt book.cdb 2>&1 | cat; exit "${PIPESTATUS[0]}"'
    assert_output 'book.cdb: File too large'
    cmp book.cdb before.cdb
    assert_equal "$(ls -A)" "$(printf '%s\n' before.cdb book.cdb source.txt)"
}

@test "the rules of names, simply written once more, say the same of random ones" {
    # Once is enough for a sanitizer.
    for seed in $(seq "$([ -d "$BUILD/reports" ] && echo 1 || echo 3)"); do
        run -0 "$ROOT/tests/tools/names.py" "$seed" "$BUILD/lookup-book" .
        assert_output '300 asked, 0 answered otherwise'
    done
}

@test "3,000 people, asked for in 3,000 ways" {
    "$ROOT/tests/tools/people.py" source 8084 3000 | make_book book.cdb
    run -0 "$ROOT/tests/tools/answers.py" "$ROOT/tests/golden/people.golden" lookup-handler --session --book book.cdb lookup
    assert_output '3000 asked, 0 answered otherwise'
}
