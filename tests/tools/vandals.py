#!/usr/bin/python3
"""vandals.py WHAT ...: hostile clients, and what other clients get meanwhile. WHERE is as in reach.py.

    loris SECONDS SERVICE=WHERE...    10 clients of each send a byte each 50 ms and never end; SECONDS is the deadline
    scan WHERE COUNT                  COUNT connections, each reset as soon as it is made
    flood SERVICE=WHERE COUNT SECONDS OTHER ADDRESS...
                                      COUNT clients at these addresses send requests repeatedly for SECONDS, while one at OTHER
                                      does; afterwards, one of theirs. They hold their connections: if the service waits for the
                                      end of a request, they send only its beginning first, so some are dropped
    pour SERVICE=WHERE COUNT ...      the same where none is dropped
Prints what everybody got. Exits with 75 if this machine kept the clients from doing their part; then try again.
"""
import collections
import concurrent.futures
import select
import socket
import struct
import sys
import threading
import time

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

QUESTIONS = {"lookup": b"John\n", "clock": b"Date\n", "hello": b"GET / HTTP/1.0\r\n\r\n"}
BEGINNINGS = {"lookup": b"", "hello": b"GET / HTTP/1.0\r\n"}
ANSWERS = {"lookup": b"C45\n", "hello": b"HTTP/1.1 200 OK"}
ENDLESS = {"lookup": b"a", "clock": b"a", "hello": b"GET /"}
PAUSE, QUIET = 0.05, 0.2
HOLD = 0.5  # seconds for which a client of a flood holds its connection


class Loris:
    def __init__(self, service, where):
        self.begun = time.monotonic()
        self.service, self.client = service, reach.connect(where)
        self.last = time.monotonic()
        self.gap = 0
        self.left = ENDLESS[service]

    def drip(self):
        byte, self.left = self.left[:1], self.left[1:] or b"a"
        # The service may see a byte as soon as we begin to send it, or as late as we have.
        begun = time.monotonic()
        self.client.sendall(byte)
        self.gap, self.last = max(self.gap, time.monotonic() - self.last), begun

    def fate(self, seconds):
        now = time.monotonic()
        took, self.gap = now - self.begun, max(self.gap, now - self.last)
        answer = reach.receive(self.client).split(b"\r\n")[0].decode()
        if self.service != "hello" and self.gap > QUIET - 0.05:
            return self.service, None  # its pause may have ended the request
        return self.service, "too soon" if took < seconds else answer


def answered(service, where):
    answer = reach.ask(where, QUESTIONS[service])
    return answer == b"C45\n" if service == "lookup" else b" 200 OK" in answer if service == "hello" else len(answer) == 11


def loris(seconds, *places):
    places = [place.split("=", 1) for place in places]
    crowd = [Loris(service, where) for service, where in places for _ in range(10)]
    fates, others, over = set(), set(), threading.Event()

    def ask():
        while not over.is_set():
            others.update((service, answered(service, where)) for service, where in places)

    client = threading.Thread(target=ask)
    client.start()
    while crowd:
        ready = select.select([one.client for one in crowd], [], [], PAUSE)[0]
        for one in [one for one in crowd if one.client in ready]:
            fates.add(one.fate(float(seconds)))
            crowd.remove(one)
        for one in crowd:
            if time.monotonic() - one.last >= PAUSE:
                try:
                    one.drip()
                except OSError:
                    pass  # its answer has arrived, and will be read
    over.set()
    client.join()
    seen = sorted(f"{service}: {fate}" for service, fate in fates if fate is not None)
    if len(seen) < len(places):
        sys.exit(75)
    print(*seen, sep="\n")
    print("others answered" if others == {(service, True) for service, _ in places} else others)


def scan(where, count):
    def touch(_):
        with reach.connect(where) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(touch, range(int(count))))


def ask_from(service, where, source, hold=lambda client: None):
    """Returns the first line of the answer at the address source, or b"" if the server dropped us while we held the
    connection."""
    beginning = BEGINNINGS[service]
    family, sort, at = reach.address(where)
    with socket.socket(family, sort) as client:
        client.settimeout(reach.PATIENCE)
        client.bind((source, 0))
        try:
            client.connect(at)
            client.sendall(beginning)
            hold(client)
            client.sendall(QUESTIONS[service][len(beginning):])
            return reach.receive(client).split(b"\r\n")[0]
        except OSError:
            return b""


def flood(place, count, seconds, other, *addresses, some_dropped=True):
    service, where = place.split("=", 1)
    crowd_got, other_got = collections.Counter(), collections.Counter()
    full, over = threading.Event(), threading.Event()

    def hold(client):
        while not full.is_set():
            if select.select([client], [], [], HOLD)[0]:
                full.set()
        time.sleep(HOLD)

    def ask_again_and_again(got, *how):
        while not over.is_set():
            answer = ask_from(service, where, *how)
            got[answer] += 1
            if not answer:
                over.wait(HOLD / 25)  # dropped before it could hold

    crowd = [threading.Thread(target=ask_again_and_again, args=(crowd_got, addresses[i % len(addresses)], hold))
             for i in range(int(count))]
    another = threading.Thread(target=ask_again_and_again, args=(other_got, other))
    if not some_dropped:
        full.set()
    for one in [*crowd, another]:
        one.start()
    full.wait()
    time.sleep(float(seconds))
    over.set()
    for one in crowd:
        one.join()
    ended = time.monotonic()
    while ask_from(service, where, addresses[0]) != ANSWERS[service]:
        time.sleep(0.01)
    took = time.monotonic() - ended
    another.join()
    print("crowd:", *sorted(crowd_got))
    print("other:", *sorted(other_got))
    print("recovered" if took < 3 else f"recovered after {took:.1f} s")
    print(dict(crowd_got), dict(other_got), f"{took:.2f} s", file=sys.stderr)


def pour(*how):
    flood(*how, some_dropped=False)


reach.may_open(2000)
{"loris": loris, "scan": scan, "flood": flood, "pour": pour}[sys.argv[1]](*sys.argv[2:])
