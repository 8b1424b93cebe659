#!/usr/bin/python3
"""scribble.py BOOK ROUNDS WHERE...: overwrites BOOK in place ROUNDS times during requests: truncated, zeroed and restored in
turn.

WHERE is as in reach.py. Prints the number of answers of each kind (right, unavailable or other) to requests at that time;
then the answers from a restored book, and from a damaged one, which must not be mistaken for each other.
"""
import collections
import os
import sys
import threading

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

ANSWERS = {b"C45\n": "right", b"ERROR: address book unavailable\n": "unavailable"}


def kind(where):
    got = reach.ask(where, b"John\n")
    return ANSWERS.get(got, f"other: {got!r}")


def load(where, kinds, over):
    try:
        while not over.is_set():
            kinds[kind(where)] += 1
    except OSError as problem:
        kinds[f"other: {problem}"] += 1


def write(fd, data):
    os.pwrite(fd, data, 0)
    os.ftruncate(fd, len(data))


def main():
    book, rounds, *places = sys.argv[1:]
    with open(book, "rb") as file:
        good = file.read()
    fd = os.open(book, os.O_WRONLY)
    over, meanwhile = threading.Event(), collections.Counter()
    threads = [threading.Thread(target=load, args=(where, meanwhile, over)) for where in places]
    for thread in threads:
        thread.start()
    counts = collections.Counter()
    try:
        for number in range(int(rounds)):
            bad = [b"", good[:2048], bytes(len(good)), good[:len(good) // 2] + bytes(len(good) - len(good) // 2)][number % 4]
            os.ftruncate(fd, len(bad))
            write(fd, bad)
            counts.update("put wrong: " + kind(where) for where in places)
            write(fd, good)
            counts.update("put right: " + kind(where) for where in places)
    finally:
        over.set()
    for thread in threads:
        thread.join()
    for what, count in sorted(counts.items()):
        print(count, what)
    print("meanwhile:", *sorted(set(meanwhile) - {"right", "unavailable"}) or ["as it should be"])


main()
