#!/usr/bin/python3
"""siege.py WHAT WHERE [ARGUMENT...]: many or hostile clients of one server, and what another client gets.

WHERE is as in reach.py.
    silent WHERE COUNT         COUNT clients connect and send nothing
    greedy WHERE               40 send requests and never read, 5 send endless bytes without a line end
    queue WHERE COUNT COMMAND  COUNT clients send their request, then bash runs COMMAND
    around WHERE IDLE ROUNDS   one question a round, half to one and a half times IDLE seconds after the one before
    open WHERE COMMAND...      one connects, bash runs each COMMAND in turn, then the client sends its question
    heads WHERE COUNT [FIRST]  COUNT clients of hello send 3 KB of a head each; then those that are left send the rest of it;
                               before them, one from address FIRST does the same
    pipelined WHERE COUNT      one sends COUNT requests and reads nothing until it cannot send any more
    patient WHERE SECONDS      200 send nothing until the deadline of SECONDS
The question is for John. Prints what the clients got, preceded by the number of those who got it, or how many of the
silent ones were closed.
"""
import collections
import select
import socket
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

QUESTION = b"John\n"
UNFINISHED = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 3000


def show(fates):
    for fate, count in sorted(collections.Counter(fates).items()):
        print(count, fate, flush=True)


def fate_of(client):
    try:
        answer = reach.receive(client)
    except OSError as problem:
        return f"failed: {problem}"
    return f"got {answer.decode()!r}"


def ask(where):
    return f"got {reach.ask(where, QUESTION).decode()!r}"


def silent(where, count):
    clients = [reach.connect(where) for _ in range(int(count))]
    show([ask(where)])
    poll = select.poll()
    for client in clients:
        poll.register(client, select.POLLIN)
    closed = {fd for fd, _ in poll.poll(0)}
    print(len(closed), "closed", "from the first" if closed == {c.fileno() for c in clients[:len(closed)]} else closed)


def patient(where, seconds):
    fates, clients = [ask(where)], []  # now the server runs
    for _ in range(200):
        clients.append((time.monotonic(), reach.connect(where)))
        time.sleep(0.0003)  # some in the same millisecond, but not all accepted at once
    for begun, client in clients:
        fates.append(fate_of(client))
        if time.monotonic() - begun < float(seconds):
            fates[-1] += " early"
    show(fates)


def heads(where, count, first=None):
    others, clients = [], []
    if first:
        others.append(socket.create_connection(reach.address(where)[2], reach.PATIENCE, (first, 0)))
        others[0].sendall(UNFINISHED)
    for _ in range(int(count)):
        clients.append(reach.connect(where))
        clients[-1].sendall(UNFINISHED)
        # The server may accept several clients before the first one's bytes have come, and would then hold memory in
        # another order. When this one is answered, it has read what was sent before.
        reach.ask(where, b"GET / HTTP/1.0\r\n\r\n")
    poll = select.poll()
    for client in clients:
        poll.register(client, select.POLLIN)
    gone = {fd for fd, _ in poll.poll(0)}
    left = others + [client for client in clients if client.fileno() not in gone]
    # The newest first: whoever goes meanwhile is the oldest that is left.
    answers = [(client, rest_of_head(client)) for client in reversed(left)]
    gone |= {client.fileno() for client, answer in answers if not answer and client not in others}
    oldest = gone == {client.fileno() for client in clients[:len(gone)]}
    fates = {answer[:15] for client, answer in answers if client.fileno() not in gone}
    print("some but not all went" if 0 < len(gone) < len(clients) else f"{len(gone)} went", "oldest first" if oldest else "in no order")
    print("left:", *fates)


def rest_of_head(client):
    """Returns the answer, b"" if the server has closed the connection."""
    try:
        client.sendall(b"\r\n\r\n")
        return reach.receive(client)
    except (BrokenPipeError, ConnectionResetError):
        return b""


def pipelined(where, count):
    count = int(count)
    requests = b"".join(b"nobody %d\n" % number for number in range(count))
    answers = b"".join(b"UNKNOWN NAME: NOBODY %d\n" % number for number in range(count))
    with reach.connect(where) as client:
        client.setblocking(False)
        at, got = 0, bytearray()
        while at < len(requests) and select.select([], [client], [], 1)[1]:
            at += client.send(requests[at:at + 65536])
        late = at < len(requests)
        while len(got) < len(answers):
            readable, writable, _ = select.select([client], [client] if at < len(requests) else [], [], reach.PATIENCE)
            if writable:
                at += client.send(requests[at:at + 65536])
            if readable and not (more := client.recv(65536)):
                break
            if readable:
                got += more
    print("all of them, in order" if got == answers else f"{len(got)} of {len(answers)} bytes", "after a stop" if late else "at once")


def run(command):
    subprocess.run(["bash", "-c", command], check=True)


def fill(client):
    """Sends until the server accepts no more, or the connection is closed."""
    try:
        while select.select([], [client], [], 0.3)[1]:
            client.send(QUESTION * 1000)
    except OSError:
        pass


def pour(client, poured):
    try:
        while True:
            poured[client.fileno()] += client.send(b"x" * 10000)
    except OSError:
        pass


def greedy(where):
    fillers = [reach.connect(where) for _ in range(40)]
    pourers = [reach.connect(where) for _ in range(5)]
    poured = collections.Counter()
    for client in fillers:
        client.setblocking(False)
    threads = [threading.Thread(target=fill, args=(client,)) for client in fillers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for client in pourers:
        threading.Thread(target=pour, args=(client, poured), daemon=True).start()
    fates = []
    until = time.monotonic() + reach.PATIENCE
    # Continue until all have sent a lot.
    while len(fates) < 100 or (min(poured[c.fileno()] for c in pourers) < 1 << 20 and time.monotonic() < until):
        fates.append(ask(where))
    show(set(fates))
    print(sum(poured[c.fileno()] >= 1 << 20 for c in pourers), "poured")


def queue(where, count, command):
    clients = []
    for _ in range(int(count)):
        clients.append(reach.connect(where))
        clients[-1].sendall(QUESTION)
    run(command)
    show(map(fate_of, clients))


def around(where, idle, rounds):
    fates = []
    for number in range(int(rounds)):
        fates.append(ask(where))
        # From half of IDLE to one and a half times IDLE, in irregular order.
        time.sleep(float(idle) * (0.5 + number * 37 % 100 / 100))
    show(fates)


def held_open(where, *commands):
    with reach.connect(where) as client:
        # Connections are accepted in order: when this one is answered, ours is open.
        ask(where)
        for command in commands:
            run(command)
        client.sendall(QUESTION)
        show([fate_of(client)])


def main():
    reach.may_open(2000)
    what = {"silent": silent, "greedy": greedy, "queue": queue, "around": around, "open": held_open,
            "patient": patient, "heads": heads, "pipelined": pipelined}[sys.argv[1]]
    what(*sys.argv[2:])


main()
