#!/usr/bin/python3
"""long_lists.py SEED FOLDER BOOK-MAKER HANDLER: compares the answers from two books that must have the same.

One has 300 names. The other has them as well, at its start, in its middle and at its end, among so many others that a search
reads a name rather than the long list of one of its words. Each of the 300 has a word that none of those others has. The requests
have it, too, so the others are never an answer. Prints the number of requests and of different answers; exits with 1 if there
are any.
"""
import random
import subprocess
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import names

LIST = 9000  # of each word; from 8192 on, a list may be longer to read than a name
MARK = "Parting Line"


def shared_out(rng, word):
    """A word of a name that about four of the 300 names have."""
    return word + "".join(rng.choices("bcdfgk", k=2))


def source(people, others):
    third = len(people) // 3
    half = len(others) // 2
    ordered = [(MARK, "====")] + people[:third] + others[:half] + people[third:-third] + others[half:] + people[-third:]
    return "".join(f"{name} = {office}\n" for name, office in ordered)


def answers(folder, programs, book, text, asked):
    maker, handler = programs
    subprocess.run([maker, "compile", "--format", "plain", "-", f"{folder}/{book}"], input=text.encode(), check=True, capture_output=True)
    lines = "".join(f"{request}\n{MARK}\n" for request in asked)
    done = subprocess.run([handler, "--session", "--book", f"{folder}/{book}", "lookup"], input=lines.encode(), check=True, capture_output=True)
    return done.stdout.decode().split("====\n")


def main():
    rng, folder, programs = random.Random(int(sys.argv[1])), sys.argv[2], sys.argv[3:5]
    people, asked = [], []
    for i in range(300):
        name, rare = names.random_name(rng), shared_out(rng, "Kvistad" if i % 2 else "Žižkovič")
        people.append((rng.choice([f"{name} {rare}", f"{rare} {name}"]), f"R{i}"))
        for _ in range(3):
            request = names.random_request(rng, [name])
            shown = rng.choice([rare, rare.upper(), names.bare(names.nfd(rare))])
            asked.append(rng.choice([f"{request} {shown}", f"{shown} {request}"]))
    words = names.GIVEN + names.FAMILY
    others = [(" ".join(rng.sample(words, 5)), f"O{i % 9}") for i in range(LIST * len(words) // 5)]
    few, many = (answers(folder, programs, book, text, asked) for book, text in
                 (("few.cdb", source(people, [])), ("many.cdb", source(people, others))))
    wrong = [(request, *pair) for request, *pair in zip(asked, few, many) if pair[0] != pair[1]]
    for request, expected, got in wrong:
        print(f"asked {request!r}\n  expected {expected!r}\n  got      {got!r}")
    assert len(few) == len(many) == len(asked) + 1
    print(len(asked), "asked,", len(wrong), "answered otherwise")
    return wrong != []


if __name__ == "__main__":
    sys.exit(main())
