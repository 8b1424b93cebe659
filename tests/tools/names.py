#!/usr/bin/python3
"""names.py SEED BOOK-MAKER FOLDER: compares the program with a simple second implementation of lookup-book(5), WORDS.

Creates a source of random names, compiles it by BOOK-MAKER (lookup-book) in FOLDER, and sends requests that people might
send. Prints the number of requests and of different answers; exits with 1 if there are any.
"""
import itertools
import random
import re
import subprocess
import sys
import unicodedata

GIVEN = ["Ana", "Anna-Maria", "João", "Joao", "Zoë", "Łukasz", "J.", "J", "J.-P.", "Jean-Paul", "Søren", "Weiß", "O'Neil", "Guðrún", "Ö",
         "지훈", "AJ", "Ana", "(Ana)", "Ana/Zoë", "Ｚｏｅ", "太郎", "'J'", "A'", "“B”", "'김'"]
FAMILY = ["Smith", "Müller", "Muller", "Ñandú", "van", "de", "Đặng", "Smith-Jones", "O’Neil", "Æbelø", "İpek", "Ost", "S.", "Ана", "Йована",
          "김", "Ana", "Smith", "“Kim”", "D`Arcy", "山田太郎"]
PLAIN = {"Æ": "AE", "Ð": "D", "Ø": "O", "Đ": "D", "Ħ": "H", "Ł": "L", "Œ": "OE", "Ŧ": "T", "ẞ": "SS"}


def nfd(text):
    return unicodedata.normalize("NFD", text)


def fold(name):
    return nfd(nfd(" ".join(name.split())).upper())


HIDDEN = "\u00ad\u034f\u061c\u0640\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f"
APOSTROPHES = "`\u00b4\u02b9\u02bb-\u02bf\u05f3\u2018\u2019\u201b\u2032\u2035"
HYPHENS = "\u05be\u2010-\u2015\u2212"
PARTING = ' .,;:/\\\\|&_"()\\[\\]{}<>\u00ab\u00b7\u00bb\u05f4\u060c\u061b\u201a\u201c-\u201f\u2022\u2027\u2039\u203a\u2044' \
    "\u3001\u3002\u3008-\u3011\u30fb\uff61-\uff65"


def punctuated(text):
    for there, plain in (f"[{HIDDEN}]", ""), (f"[{APOSTROPHES}]", "'"), (f"[{HYPHENS}]", "-"):
        text = re.sub(there, plain, re.sub("[\uff01-\uff5e]", lambda match: chr(ord(match[0]) - 0xFEE0), text))
    return text


def bare(text):
    return "".join(PLAIN.get(c, c) for c in text if unicodedata.combining(c) in (0, 7, 8, 9) and c != "'")


def letters(text):
    """Splits text into letters, each with its marks; a Hangul syllable is one letter."""
    found = []
    for c in unicodedata.normalize("NFC", text):
        if found and unicodedata.combining(c):
            found[-1] += c
        else:
            found.append(c)
    return [nfd(letter) for letter in found]


def asked_as(text):
    """Replaces what parts words by blanks, and also hyphens at the start of a word or after a single letter."""
    found = []
    for chunk in re.split(f"[{PARTING}]+", punctuated(text)):
        while "-" in chunk and len(letters(chunk.split("-")[0])) <= 1:
            first, chunk = chunk.split("-", 1)
            found.append(first)
        found.append(chunk)
    return [word for word in found if word]


class Word:
    def __init__(self, text):
        self.text, self.bare = text, bare(text)
        found = letters(text.strip("'"))
        self.is_letter = len(found) == 1
        self.initial = bare(found[0])[0:1]
        if ord(found[0][0]) in range(0x1100, 0x1113):
            self.initial = found[0]
        if self.is_letter:
            self.bare = self.initial


def groups_of(folded):
    """Splits a name into groups of words; a group is joined by hyphens."""
    return [[Word(part) for part in word.split("-") if bare(part)] for word in asked_as(folded) if bare(word).strip("-")]


def words_of(folded):
    """Orders the words as people say them: SMITH, JOHN becomes JOHN SMITH."""
    family, comma, given = folded.partition(",")
    if comma and "," not in given and groups_of(family) and groups_of(given):
        return groups_of(given) + groups_of(family)
    return groups_of(folded)


UNSPACED = "[\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"


def respaced(folded):
    """Returns the spellings of a name with other spaces that may be meant."""
    groups = groups_of(folded)
    words = [word for group in groups for word in group]
    if words and all(re.fullmatch(UNSPACED, word.text) for word in words):
        if len(words) > 1:
            return ["".join(word.text for word in words)]
        parts = letters(words[0].text)
        return ["".join(parts[:i]) + " " + "".join(parts[i:]) for i in range(1, min(len(parts), 12))]
    texts = ["-".join(word.text for word in group) for group in groups]
    glued = [i for i in range(1, len(groups)) if groups[i - 1][-1].is_letter and not groups[i][0].is_letter]
    return [" ".join(texts[:i]) + "'" + " ".join(texts[i:]) for i in glued]


class Name:
    def __init__(self, key):
        self.key, self.groups = key, words_of(key)
        self.words = [word for group in self.groups for word in group]
        self.initials = {tuple(word.initial for word in self.words), tuple(group[0].initial for group in self.groups)}

    def matches(self, plan):
        """Returns None, or whether the marks agree and whether it is the whole name."""
        left, agrees, whole = list(self.words), True, not plan.repeats
        for term in plan.terms:
            found = [group for group in self.groups if len(term) > 1 and len(group) == len(term)] if len(term) > 1 else \
                    [[word] for word in self.words]
            exact = [t.text for t in term]
            same = [f for f in found if [w.bare for w in f] == [t.bare for t in term]]
            plain = [f for f in same if all(w.text == w.bare for w in f)]
            if plan.marked:
                marked = any(t.text != t.bare for t in term)
                same = [f for f in same if [w.text for w in f] == exact] if marked else plain
                dropped = False
            else:
                same = plain + [f for f in same if f not in plain]
                dropped = not plain
            if not same:
                return None
            agrees = agrees and not dropped
            for word in same[0]:
                left.remove(word)
        if len(self.words) < plan.parts:
            return None
        for wanted in plan.repeated:
            found = next((w for w in left if w.initial == wanted.initial and not w.is_letter), None)
            if not found:
                return None
            left.remove(found)
        for letter in plan.letters:
            found = next((w for w in left if w.initial == letter and w.is_letter), None)
            if not found:
                whole, found = False, next((w for w in left if w.initial == letter), None)
            if not found:
                return None
            left.remove(found)
        return agrees, whole and len(self.words) == plan.parts


class Plan:
    def __init__(self, groups, joined, marked, glued=None):
        has_marks = any(word.text != word.bare for group in groups for word in group)
        self.terms, self.letters, self.repeated, self.marked = [], [], [], marked
        self.repeats = glued is not None or (has_marks and not marked)
        units = groups if joined else [[word] for group in groups for word in group]
        count = sum(map(len, units))
        for unit in units:
            if unit[0] is glued:
                self.letters += glued_letters(glued)
            elif len(unit) == 1 and unit[0].is_letter and count > 1:
                self.letters.append(unit[0].initial)
            elif any(shown(unit, marked) == shown(term, marked) for term in self.terms):
                self.repeats = True
                self.repeated += [word for word in unit if not word.is_letter]
                self.letters += [word.initial for word in unit if word.is_letter]
            else:
                self.terms.append(unit)
        self.parts = sum(map(len, self.terms)) + len(self.repeated) + len(self.letters)


def shown(unit, marked):
    return [word.text if marked else word.bare for word in unit]


def glued_letters(word):
    return [Word(letter).initial for letter in letters(word.text) if bare(letter)]


class Book:
    def __init__(self, entries):
        self.exact, self.entries = {}, []
        for name, office in entries:
            offices = self.exact.setdefault(fold(name), [])
            if office not in offices:
                offices.append(office)
                self.entries.append((Name(fold(name)), f"{name}: {office}"))

    def answer(self, request):
        asked = fold(request)
        for key in asked, " ".join(asked_as(asked)):
            if key in self.exact:
                return self.exact[key]
        found = self.found(words_of(asked))
        if not found:
            found = [match for text in respaced(asked) for match in self.of_words(words_of(text))]
        agreeing = [f for f in found if f[2] or f[3]]
        wholes = [f for f in found if f[3] and f[2]] or [f for f in found if f[3]]
        if len({f[0].key for f in wholes}) == 1:
            return self.exact[wholes[0][0].key]
        lines = [f[1] for f in agreeing or found]
        if not lines:
            return ["UNKNOWN NAME: " + request.upper()]
        return lines[:20] + ([f"and {len(lines) - 20} more"] if len(lines) > 20 else [])

    def found(self, groups):
        words = [word for group in groups for word in group]
        if not words:
            return []
        if len(words) > 1 and all(word.is_letter for word in words):
            return self.of_letters([word.initial for word in words])
        has_marks, has_joined = any(w.text != w.bare for w in words), any(len(group) > 1 for group in groups)
        for joined, marked in itertools.product([True, False], [True, False]):
            if (joined or has_joined) and (has_marks or not marked):
                found = self.of_plan(Plan(groups, joined, marked))
                if found:
                    return found
        for glued in words[0], words[-1]:
            if 1 < len(glued_letters(glued)) <= 5:
                others = [word for word in words if word is not glued]
                if all(word.is_letter for word in others):
                    spelled = [i for w in words for i in (glued_letters(w) if w is glued else [w.initial])]
                    found = [(n, line, True, False) for n, line in self.entries if len(spelled) > 1 and tuple(spelled) in n.initials]
                else:
                    found = self.of_plan(Plan(groups, False, False, glued))
                if found:
                    return found
        return []

    def of_words(self, groups):
        return self.of_plan(Plan(groups, True, True)) if groups else []

    def of_plan(self, plan):
        matches = ((name, line, name.matches(plan)) for name, line in self.entries) if plan.terms else ()
        return [(name, line, *match) for name, line, match in matches if match]

    def of_letters(self, asked):
        found = []
        for name, line in self.entries:
            left, is_word, ok, whole = list(name.words), False, True, len(name.words) == len(asked)
            for letter in asked:
                match = next((w for w in left if w.initial == letter and w.is_letter), None)
                is_word, whole = is_word or match is not None, whole and match is not None
                match = match or next((w for w in left if w.initial == letter), None)
                ok = ok and match is not None
                if match:
                    left.remove(match)
            if tuple(asked) in name.initials or (ok and is_word):
                found.append((name, line, True, ok and whole))
        return found


def lower(text):
    """Keeps İ: its lower case is two characters, and the first would be decomposed independently."""
    return "".join(c if c == "İ" else c.lower() for c in text)


def random_name(rng):
    given = rng.sample(GIVEN, rng.choice([1, 1, 2]))
    family = rng.sample(FAMILY, rng.choice([0, 1, 1, 1, 2]))
    if family and rng.random() < 0.2:
        return " ".join(family) + ", " + " ".join(given)
    return " ".join(given + family)


def random_request(rng, names):
    words = rng.choice(names).replace(",", rng.choice([",", ""])).split()
    kept = [word for word in words if rng.random() < 0.8] or words
    if rng.random() < 0.2:
        rng.shuffle(kept)
    if rng.random() < 0.3:
        kept = [rng.choice([word[0], word[0] + "."]) if rng.random() < 0.5 else word for word in kept]
    kept = [word + rng.choice(["", "", "", ".", ","]) for word in kept]
    text = rng.choice([" ", " ", "\u00a0", "  ", "-", ""] if all(len(w) < 3 for w in kept) else [" ", "\u00a0", "-"]).join(kept)
    text = text.replace("-", rng.choice("-- \u2013")).replace("'", rng.choice("'\u2019\u00b4 "))
    text = rng.choice([str, str, str, lambda t: t.replace(" ", ""), lambda t: " ".join(t)])(text)
    text = rng.choice([str, lower, str.upper, lambda t: bare(nfd(t)), lambda t: bare(nfd(t.upper()))])(text)
    text = text.replace(".", rng.choice([".", "", ". "]))
    return unicodedata.normalize(rng.choice(["NFC", "NFD"]), text).strip()


def main():
    rng, maker, folder = random.Random(int(sys.argv[1])), sys.argv[2], sys.argv[3]
    entries = [(random_name(rng), f"R{rng.randrange(30)}") for _ in range(rng.choice([5, 50, 600]))]
    with open(f"{folder}/names.txt", "w", encoding="utf-8") as source:
        source.writelines(f"{name} = {office}\n" for name, office in entries)
    subprocess.run([maker, "compile", f"{folder}/names.txt", f"{folder}/names.cdb"], check=True, capture_output=True)
    subprocess.run([maker, "check", f"{folder}/names.cdb"], check=True, capture_output=True)
    book, wrong = Book(entries), 0
    requests = [r for r in (random_request(rng, [e[0] for e in entries]) for _ in range(300)) if r]
    for request in requests:
        expected = "\n".join(book.answer(request)) + "\n"
        got = subprocess.run([maker, "query", f"{folder}/names.cdb", "--", request], capture_output=True).stdout.decode()
        if got != expected:
            wrong += 1
            print(f"asked {request!r}\n  expected {expected!r}\n  got      {got!r}")
    print(len(requests), "asked,", wrong, "answered otherwise")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
