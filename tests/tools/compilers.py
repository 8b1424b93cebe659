#!/usr/bin/python3
"""compilers.py WHAT COUNT COMPILER BOOK [HANDLER]: runs compilers of one book, which is in a folder of its own.

    killed    kill them with signal 9 at COUNT random times; each time the book must be the old one or the new one
    rivals    run two at once, COUNT books each, while HANDLER is asked; each answer must come from one book
"""
import os
import random
import subprocess
import sys
import threading
import time

SEED = 8084


def source(letter, count):
    """Returns COUNT names, and one name with an office at each end of the book."""
    names = "".join(f"{letter} {number} = {letter}\n" for number in range(count))
    return f"Twin = {letter}1\n{names}Twin = {letter}2\n".encode()


def start(compiler, text, book):
    process = subprocess.Popen([compiler, "compile", "--format", "plain", "-", book], stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.stdin.write(text)
        process.stdin.close()
    except BrokenPipeError:
        pass
    return process


def read(book):
    with open(book, "rb") as file:
        return file.read()


def left(book):
    return sorted(set(os.listdir(os.path.dirname(book))) - {os.path.basename(book)})


def killed(count, compiler, book):
    instants = random.Random(SEED)
    texts = [source("A", 3000), source("B", 3000)]
    books = []
    for text in texts:
        begun = time.monotonic()
        assert start(compiler, text, book).wait() == 0
        longest = time.monotonic() - begun
        books.append(read(book))
    old, kills, kept, replaced = 1, 0, 0, 0
    while kills < count:
        begun = time.monotonic()
        process = start(compiler, texts[1 - old], book)
        try:
            process.wait(instants.uniform(0, 1.3 * longest))
            longest = time.monotonic() - begun
        except subprocess.TimeoutExpired:
            process.kill()
            longest *= 1.05  # so that not all are killed too early when everything else is slow
        if process.wait() != 0:
            kills += 1
        now = books.index(read(book))  # fails unless this is a complete book
        kept += now == old
        replaced += now != old
        old = now
    print(kills, "killed; all books whole,", "old ones and new ones" if kept and replaced else "all the same")


def rivals(count, compiler, book, handler):
    failures, answers, over = [], set(), threading.Event()

    def compete(letter):
        for _ in range(count):
            if start(compiler, source(letter, 500), book).wait() != 0:
                failures.append(letter)

    def ask():
        while not over.is_set():
            answers.add(subprocess.run([handler, "--book", book, "lookup"], input=b"Twin\n", capture_output=True,
                                       check=False).stdout)

    assert start(compiler, source("A", 500), book).wait() == 0
    threads = [threading.Thread(target=compete, args=(letter,)) for letter in "AB"]
    client = threading.Thread(target=ask)
    for thread in [*threads, client]:
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    client.join()
    print(2 * count - len(failures), "compiled;",
          "all answers of one book;" if answers <= {b"A1\nA2\n", b"B1\nB2\n"} else answers,
          f"left behind: {left(book)}" if left(book) else "nothing left")


{"killed": killed, "rivals": rivals}[sys.argv[1]](int(sys.argv[2]), *sys.argv[3:])
