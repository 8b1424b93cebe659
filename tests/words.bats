#!/usr/bin/env bats
# Names found by one of their words, by initials, or without their accents. What is asked in which form of Unicode: the
# golden tables.

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
    unknown JOÄO
}

@test "at most 20 lines, in the order of the book, and how many more" {
    seq -f 'Name%.0f Smith = A1' 20 | make_book book.cdb
    run -0 lookup-book query book.cdb smith
    assert_output "$(seq -f 'Name%.0f Smith: A1' 20)"
    seq -f 'Name%.0f Smith = A1' 1000 | make_book book.cdb
    run -0 lookup-book query book.cdb smith
    assert_output "$(seq -f 'Name%.0f Smith: A1' 20; echo and 980 more)"
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
    # Only the record of each key, and that one name is two: what tinycdb would make of the same names.
    run -0 cdb -d book.cdb
    assert_line '+10,2:JOHN SMITH->A1'
    assert_equal "$(grep -c -e '->' <<<"$output")" 4
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
    run -78 lookup-book check broken.cdb
    assert_output "lookup-book: broken.cdb: $1"
}

@test "check finds every fault of the words" {
    printf '%s\n' 'John Smith = A1' 'Ann Smith = A2' >source.txt
    lookup-book compile source.txt book.cdb
    cdb -d book.cdb | cdb -c broken.cdb
    run -0 lookup-book check broken.cdb
    assert_output --partial 'sound, 2 entries'
    broken 'a word that is not answered as its names are' 's/^\(.*\x02JOHN->\)John Smith: A1/\1John Smith: A2/'
    broken 'a word that is not answered as its names are' '/\x02JOHN->/d'
    broken 'a word that no name has' "\$i +5,2:\x02JACK->A1"
    broken 'a word that no name has' '/\x02JOHN->/{p}'
    broken 'a name behind the words' "\$i +4,2:JACK->A1"
    # an office changed, so that the words say something else
    broken 'a word that is not answered as its names are' 's/JOHN SMITH->A1/JOHN SMITH->A3/'
}

@test "more words than are kept at a time make an index as well" {
    awk 'BEGIN {for (i = 1; i <= 200000; i++) printf "A%d B%d C%d D%d = R%d\n", i, i, i, i, i}' | make_book book.cdb
    for nr in 1 77777 200000; do
        for request in "A$nr" "D$nr" "A D$nr" "A B C D$nr" "B$nr C$nr D$nr"; do
            answers "$request" "A$nr B$nr C$nr D$nr: R$nr"
        done
    done
    # More than 2^21 of them, and so a second walk through the names.
    run -0 cdb -s book.cdb
    [ "$(sed -n 's/^number of records: //p' <<<"$output")" -gt $((200000 + (1 << 21))) ]
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
