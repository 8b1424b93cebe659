#!/usr/bin/python3
"""names.py SEED BOOK-MAKER FOLDER: the rules of names once more, simply written, against the program.

Makes a source of random names, has BOOK-MAKER (lookup-book) compile it in FOLDER, asks what people might, and compares.
Prints how many questions were asked and how many answered otherwise; 1 if any was.
"""
import random
import re
import subprocess
import sys
import unicodedata

GIVEN = ["Ana", "Anna-Maria", "João", "Joao", "Zoë", "Łukasz", "J.", "J", "J.-P.", "Jean-Paul", "Søren", "Weiß", "O'Neil", "Guðrún", "Ö"]
FAMILY = ["Smith", "Müller", "Muller", "Ñandú", "van", "de", "Đặng", "Smith-Jones", "O’Neil", "Æbelø", "İpek", "Ost", "S.", "Ана", "Йована"]
PLAIN = {"Æ": "AE", "Ð": "D", "Ø": "O", "Đ": "D", "Ħ": "H", "Ł": "L", "Œ": "OE", "Ŧ": "T", "ẞ": "SS"}


def normal(form, text):
    return unicodedata.normalize(form, text)


def fold(name):
    return " ".join(name.split()).upper()


def punctuated(text):
    return re.sub("[\u2010\u2011\u2013]", "-", re.sub("[\u02bc\u2018\u2019]", "'", text))


def words_of(text):
    return [word.lstrip("-") for word in re.split("[ .,]+", punctuated(text)) if word.strip("-")]


def asked_as(text):
    """Dots and commas are blanks, and a hyphen behind nothing or a single letter is another."""
    text, before = re.sub("[.,]", " ", punctuated(text)), None
    while text != before:
        text, before = re.sub(r"(?<!\S)([^ -]?)-", r"\1 ", text), text
    return " ".join(text.split())


def unmarked(text):
    bare = "".join(PLAIN.get(c, c) for c in normal("NFD", text) if unicodedata.combining(c) in (0, 7, 8, 9))
    return normal("NFC", bare)


def spelled(forms):
    return {asked_as(s) for form in forms for s in (normal("NFC", form), normal("NFD", form), unmarked(form))}


def in_order(key):
    family, comma, given = key.partition(",")
    return words_of(given) + words_of(family) if comma and given and "," not in given else words_of(key)


def unhyphened(words):
    return " ".join(words).replace("-", " ").split()


def wholes(key):
    """The forms that stand for the whole name. Its keys are none of them, unless it is likely to be asked otherwise."""
    otherwise = re.search("[.,'-]", punctuated(key)) or any(len(word) == 1 for word in words_of(key))
    keys = set() if otherwise else {normal("NFC", key), normal("NFD", key)}
    return spelled({key, " ".join(in_order(key)), " ".join(unhyphened(in_order(key)))}) - keys


def parts_of(words):
    if len(words) < 2:
        return set()
    first, last, initials = words[0], words[-1], [word[0] for word in words]
    found = {*words, " ".join(initials), "".join(initials), f"{first[0]} {last}", f"{first} {last}"}
    found |= {" ".join([first[0], *words[1:]])} | {joint.join(initials[:-1]) + f" {last}" for joint in (" ", "")}
    for i in range(1, len(words)):
        found |= {" ".join(words[:i]), " ".join(words[i:])}
    return found - {" ".join(words)}


def parts(key):
    return spelled(parts_of(in_order(key)) | parts_of(unhyphened(in_order(key))))


class Book:
    def __init__(self, entries):
        self.exact, self.whole, self.word = {}, {}, {}
        for name, office in entries:
            key = normal("NFC", fold(name))
            offices = self.exact.setdefault(key, [])
            if office in offices:
                continue
            offices.append(office)
            for form in wholes(key):
                self.whole.setdefault(form, set()).add(key)
            for form in wholes(key) | parts(key):
                self.word.setdefault(form, []).append(f"{name}: {office}")

    def answer(self, request):
        asked = fold(request)
        form = asked_as(asked)
        if normal("NFC", asked) in self.exact:
            return self.exact[normal("NFC", asked)]
        if form not in self.word:
            return ["UNKNOWN NAME: " + request.upper()]
        if normal("NFC", form) in self.exact:
            return self.exact[normal("NFC", form)]
        if len(self.whole.get(form, ())) == 1:
            return self.exact[next(iter(self.whole[form]))]
        lines = self.word[form]
        return lines[:20] + ([f"and {len(lines) - 20} more"] if len(lines) > 20 else [])


def lower(text):
    """A lower-case İ is two characters, of which the first is decomposed whatever the rest is: no form asks for that."""
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
    if rng.random() < 0.3:
        kept = [rng.choice([word[0], word[0] + "."]) if rng.random() < 0.5 else word for word in kept]
    kept = [word + rng.choice(["", "", "", "."]) for word in kept]
    text = rng.choice([" ", " ", "\u00a0", "  ", "-"]).join(kept)
    text = text.replace("-", rng.choice("-- \u2013")).replace("'", rng.choice("'\u2019"))
    text = rng.choice([str, lower, str.upper, unmarked])(text)
    text = text.replace(".", rng.choice([".", "", ". "]))
    return normal(rng.choice(["NFC", "NFD"]), text).strip()


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
        got = subprocess.run([maker, "query", f"{folder}/names.cdb", request], capture_output=True).stdout.decode()
        if got != expected:
            wrong += 1
            print(f"asked {request!r}\n  expected {expected!r}\n  got      {got!r}")
    print(len(requests), "asked,", wrong, "answered otherwise")
    return wrong > 0


sys.exit(main())
