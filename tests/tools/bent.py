#!/usr/bin/python3
"""bent.py BOOK HOW TO...: damages copies of BOOK, which has the names below, and looks up every name in each copy.

HOW is cut: at every length; flip: in each of the first 2,048 bytes, all bits or the lowest one; or zero: 16 bytes at each
16th offset. cut/N, flip/N and zero/N take only each N-th of these. TO is
    handler PROGRAM PATH    start a lookup-handler for each copy, with its book at PATH
    server PATH WHERE...    servers of sessions (see reach.py), with their book PATH replaced by each copy
    written PATH WHERE...   likewise, but each copy is written into the existing file
Prints the number of answers of each kind: right, unknown, unavailable, or the answer itself.
"""
import collections
import os
import signal
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

OFFICES = {"John": "C45", "Denise": "C44", "Phoebe": "D52", "Adam": "B23", "Nobody": None}
ALL = "".join(name + "\n" for name in OFFICES).encode()
UNAVAILABLE = "ERROR: address book unavailable"
sessions = {}  # one for each server, used for all copies


def copies(book, how):
    how, _, step = how.partition("/")
    step = int(step or 1)
    if how == "cut":
        for length in range(0, len(book), step):
            yield f"cut at {length}", book[:length]
        return
    if how == "zero":
        for at in range(0, len(book), 16 * step):
            bent = (book[:at] + bytes(16) + book[at + 16:])[:len(book)]
            if bent != book:
                yield f"zeroed at {at}", bent
        return
    for at in range(0, 2048, step):
        for bits in 0xFF, 0x01:
            yield f"byte {at} ^ {bits}", book[:at] + bytes([book[at] ^ bits]) + book[at + 1:]


def kind(name, answer):
    if answer == UNAVAILABLE:
        return "unavailable"
    if answer == f"UNKNOWN NAME: {name.upper()}":
        return "unknown"
    return "right" if answer == OFFICES[name] else f"wrong: {name} {answer!r}"


def kinds(answers):
    lines = answers.decode("utf-8", "replace").split("\n")
    return [kind(name, answer) for name, answer in zip(OFFICES, lines)] if len(lines) == len(OFFICES) + 1 else [repr(answers)]


def ask_handler(copy, program, path):
    with open(path, "wb") as file:
        file.write(copy)
    with open(path + ".asked", "w+b") as asked, open(path + ".said", "w+b") as said:
        asked.write(ALL)
        asked.seek(0)
        # This runs thousands of times, and is the fastest way to start a process.
        pid = os.posix_spawn(program, [program, "--session", "--book", path, "lookup"], {}, file_actions=[
            (os.POSIX_SPAWN_DUP2, asked.fileno(), 0), (os.POSIX_SPAWN_DUP2, said.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, said.fileno(), 2)])
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        said.seek(0)
        answers = said.read()
    if status == 0:
        yield answers
        return
    # The operator gets one message, and each client an answer.
    complaint, _, answers = answers.partition(b"\n")
    sound = status == 78 and complaint.startswith(b"lookup-handler: ") and UNAVAILABLE.encode() in answers
    yield answers if sound else b"status %d, %b" % (status, complaint)


def ask_servers(copy, path, *places):
    with open(path + ".new", "wb") as file:
        file.write(copy)
    os.rename(path + ".new", path)
    yield from ask_all(places)


def ask_written(copy, path, *places):
    with open(path, "r+b") as file:
        file.truncate(len(copy))
        file.write(copy)
    yield from ask_all(places)


def ask_all(places):
    for where in places:
        if where not in sessions:
            sessions[where] = reach.connect(where)
        client = sessions[where]
        client.sendall(ALL)
        answers = b""
        while answers.count(b"\n") < len(OFFICES) and (more := client.recv(65536)):
            answers += more
        yield answers


def main():
    book, how, to, *arguments = sys.argv[1:]
    with open(book, "rb") as file:
        book = file.read()
    signal.alarm(10 * reach.PATIENCE)  # a hanging program ends this
    ask = {"handler": ask_handler, "server": ask_servers, "written": ask_written}[to]
    counts = collections.Counter()
    for label, copy in copies(book, how):
        for answers in ask(copy, *arguments):
            counts.update(k if " " not in k else f"{label}: {k}" for k in kinds(answers))
    for what, count in sorted(counts.items()):
        print(count, what)


main()
