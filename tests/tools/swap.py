#!/usr/bin/python3
"""swap.py COMPILER BOOK ROUNDS WHERE...: replaces the book ROUNDS times under load, alternating two books without a common
office.

WHERE is as in reach.py, with the prefix session: if connections are sessions. Two clients a place send requests all the
time; after each swap, one more request must be answered from the new book. Prints the number of answers of each kind: of
one book, mixed, late (of the old book after the swap), other.
"""
import collections
import subprocess
import sys
import threading

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

OFFICES = 20  # of one name: an answer combines many places of the book


def source(letter):
    filler = "".join(f"{letter} number {n} = {letter}\n" for n in range(200 if letter == "A" else 50))
    return (filler + "".join(f"Many = {letter}{n}\n" for n in range(OFFICES))).encode()


def answer(letter):
    return "".join(f"{letter}{n}\n" for n in range(OFFICES)).encode()


SOURCES = [source("A"), source("B")]
ANSWERS = [answer("A"), answer("B")]


class Client:
    def __init__(self, where):
        self.session = where.startswith("session:")
        self.where = where.removeprefix("session:")
        self.connection = reach.connect(self.where) if self.session else None

    def ask(self):
        if not self.session:
            return reach.ask(self.where, b"Many\n")
        self.connection.sendall(b"Many\n")
        got = b""
        while got.count(b"\n") < OFFICES:
            more = self.connection.recv(65536)
            if not more:
                break
            got += more
        return got


def kind(got):
    if got in ANSWERS:
        return "of one book"
    return "mixed" if set(got.split()) <= set(b"".join(ANSWERS).split()) else f"other: {got[:80]!r}"


def load(where, kinds, over):
    client = Client(where)
    try:
        while not over.is_set():
            kinds[kind(client.ask())] += 1
    except OSError as problem:
        kinds[f"other: {problem}"] += 1


def main():
    compiler, book, rounds, *places = sys.argv[1:]
    kinds, over = collections.Counter(), threading.Event()
    loads = [collections.Counter() for _ in places * 2]
    threads = [threading.Thread(target=load, args=(where, counter, over)) for where, counter in zip(places * 2, loads)]
    clients = []
    for number in range(int(rounds)):
        subprocess.run([compiler, "compile", "--format", "plain", "-", book], input=SOURCES[number % 2], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if number == 0:
            # Only now, because a connection may start the server, which must find a book.
            clients = [Client(where) for where in places]
            for thread in threads:
                thread.start()
        for client in clients:
            got = client.ask()
            kinds["of the new book" if got == ANSWERS[number % 2] else "late" if got in ANSWERS else kind(got)] += 1
    over.set()
    for thread in threads:
        thread.join()
    idle = sum(not counter["of one book"] for counter in loads)
    for counter in loads:
        kinds += counter
    # The number of answers under load depends on speed; but each client must have got some.
    kinds["of one book"] = 0 if idle else 1
    for what, count in sorted((+kinds).items()):
        print(count, what)


main()
