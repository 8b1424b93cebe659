#!/usr/bin/python3
"""scenes.py SCENE WHERE PID: puts lookup-server, process PID, in situations that once failed, and prints the result.

    pause    300 clients have sent half a name when the server is stopped for a while; the other half arrives meanwhile
    evict    one client of hello sends its request byte by byte, while silent clients connect until there is no room for more
    wind-up  a client of a session continues to send requests after SIGTERM
    turns    two clients of sessions have sent many requests each while the server is stopped
    flood    a client of a session sends requests of all lengths until the server accepts no more or all are sent; then it reads
"""
import collections
import os
import random
import select
import signal
import sys
import time

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

QUIET = 0.2  # seconds of silence that end a request


def pause(where, pid):
    until = time.monotonic() + reach.PATIENCE
    while True:
        clients = [reach.connect(where) for _ in range(300)]
        # When the last client's first request is answered, all are accepted.
        reach.ask(where, b"John\n")
        begun = time.monotonic()
        for client in clients:
            client.sendall(b"Jo")
        os.kill(pid, signal.SIGSTOP)
        # If it is we who have paused, the server may have taken "Jo" for a request.
        if time.monotonic() - begun < QUIET - 0.05 or begun > until:
            break
        os.kill(pid, signal.SIGCONT)
        for client in clients:
            client.close()
    for client in clients:
        client.sendall(b"hn\n")
    time.sleep(0.5)  # the pause: longer than QUIET
    os.kill(pid, signal.SIGCONT)
    for answer, count in collections.Counter(client.recv(99) for client in clients).items():
        print(count, answer.decode().strip())


def evict(where, _):
    active = reach.connect(where)
    active.sendall(b"GET /")
    silent = []
    for _ in range(60):
        silent.append(reach.connect(where))
        active.sendall(b"o")
        reach.ask(where, b"John\n")  # the server has read everything so far
    active.sendall(b" HTTP/1.0\r\n\r\n")
    print(active.recv(99).decode().splitlines()[0])


def wind_up(where, pid):
    client = reach.connect(where)
    client.sendall(b"John\n")
    print(client.recv(99).decode().strip())
    os.kill(pid, signal.SIGTERM)
    answers = 0
    try:
        while True:
            client.sendall(b"John\n")
            if not client.recv(99):
                break
            answers += 1
    except OSError:
        pass
    # A request may have arrived before the signal; but no session continues for long.
    print("it ended" if answers < 1000 else "it goes on")


def turns(where, pid):
    clients = {b"von der Q X\n": reach.connect(where), b"von der Q Y\n": reach.connect(where)}
    reach.ask(where, b"John\n")  # both were accepted
    count = 2000
    os.kill(pid, signal.SIGSTOP)
    for request, client in clients.items():
        client.sendall(request * count)
    os.kill(pid, signal.SIGCONT)
    for client in clients.values():
        answers = 0
        while answers < count:
            answers += client.recv(65536).count(b"\n")
        print(answers)


def flood(where, _):
    kinds = [b"Long\n", b"John\n", b"Denise\r\n", b"n" * 900 + b"\n", b"\n", b"l" * 1100 + b"\n", b"John" + b"\0" * 3000 + b"\n", b"l" * 5000 + b"\r\n", b"l" * 40000 + b"\n"]
    alone = reach.connect(where)
    answers = []
    for kind in kinds:
        alone.sendall(kind)
        answers.append(alone.recv(9999))
    order = random.Random(8084).choices(range(len(kinds)), [3000, 600, 300, 100, 10, 10, 10, 10, 1], k=20000)
    asked = memoryview(b"".join(kinds[i] for i in order))
    expected = b"".join(answers[i] for i in order)
    client = reach.connect(where)
    client.setblocking(False)
    got = bytearray()
    is_full = False
    while len(got) < len(expected):
        wanted = select.POLLIN if is_full else 0
        events = select.poll()
        events.register(client, wanted | (select.POLLOUT if asked else 0))
        if not events.poll(reach.PATIENCE * 1000 if is_full else 500):
            assert not is_full, "it answers no more"
            is_full = True
        try:
            asked = asked[client.send(asked) :] if asked else asked
            is_full = is_full or not asked
        except BlockingIOError:
            pass
        try:
            if is_full:
                more = client.recv(random.randint(1, 65536))
                assert more, "it has closed"
                got += more
        except BlockingIOError:
            pass
    print("all answered" if got == expected else "answers are wrong")


{"pause": pause, "evict": evict, "wind-up": wind_up, "turns": turns, "flood": flood}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
