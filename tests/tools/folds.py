#!/usr/bin/python3
"""folds.py FOLDER: writes every code point and random strings to FOLDER/lines, and their folded forms by Python's
unicodedata to FOLDER/folded. Each line is there in several canonically equivalent spellings."""
import random
import sys
import unicodedata

BLANK = "\t \u00a0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
NO_WIDTH = "\u200b\u200c\u200d\ufeff"


def nfd(text):
    return unicodedata.normalize("NFD", text)


def fold(text):
    shown = "".join(" " if c in BLANK else c for c in text if c not in NO_WIDTH)
    return nfd(nfd(" ".join(part for part in shown.split(" ") if part)).upper())


def shuffled(rng, text):
    """Returns a canonically equivalent text: reorders marks of different classes, and composes letters or not."""
    out = list(text)
    for i in range(len(out) - 1):
        a, b = unicodedata.combining(out[i]), unicodedata.combining(out[i + 1])
        if a and b and a != b and rng.random() < 0.5:
            out[i], out[i + 1] = out[i + 1], out[i]
    return unicodedata.normalize(rng.choice(["NFC", "NFD"]), "".join(out)) if rng.random() < 0.5 else "".join(out)


def strings(rng):
    points = [chr(p) for p in range(0x110000) if p not in (0, 10) and unicodedata.category(chr(p)) not in ("Cn", "Cs")]
    marks = [c for c in points if unicodedata.combining(c)]
    letters = [c for c in points if unicodedata.decomposition(c) and unicodedata.decomposition(c)[0] != "<"]
    yield from points
    yield from (f"x{c}\u0301y" for c in points)
    for _ in range(100000):
        text = "".join(rng.choice(rng.choice([points, letters, marks, marks, BLANK, NO_WIDTH, "aZ"])) for _ in range(rng.randrange(12)))
        yield text
        yield shuffled(rng, nfd(text))


def main():
    with open(f"{sys.argv[1]}/lines", "w", encoding="utf-8", newline="") as lines, \
            open(f"{sys.argv[1]}/folded", "w", encoding="utf-8", newline="") as folded:
        for text in strings(random.Random(8084)):
            lines.write(text + "\n")
            folded.write(fold(text) + "\n")


main()
