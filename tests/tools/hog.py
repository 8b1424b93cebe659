#!/usr/bin/python3
"""hog.py [--proxied] WHERE COUNT OTHER FROM...: one source holds COUNT connections and replaces each one it loses; then
100 other clients come.

WHERE and OTHER (see reach.py) are the same service, for the source and for the others. The source connects from the
addresses FROM, or as the user FROM on a Unix socket. With --proxied every connection comes from this machine, and a proxy's
header names FROM for the source and 192.0.2.1 for the others. Each of the source's connections sends a byte every 120 ms and
never ends its request. The others are silent at first, until the source has connected as often as there are places. Prints how
many of them were answered, and what the rest got.
"""
import collections
import mmap
import os
import selectors
import socket
import sys
import time

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

OTHERS, AT_ONCE, DRIP = 100, 20, 0.12
PLACES = 1024  # that a server has


def header(source):
    """Of the PROXY protocol, version 1."""
    return f"PROXY TCP4 {source} 127.0.0.1 1024 8084\r\n".encode()


class Hog:
    def __init__(self, where, sources, proxied, made):
        self.proxied = proxied
        self.family, self.sort, self.at = reach.address(where)
        self.sources, self.made = sources, made
        self.selector = selectors.DefaultSelector()

    def take(self):
        client = socket.socket(self.family, self.sort)
        client.settimeout(reach.PATIENCE)
        source = self.sources[self.made[0] % len(self.sources)]
        if self.family != socket.AF_UNIX and not self.proxied:
            client.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
            client.bind((source, 0))
        client.connect(self.at)
        self.made[0] += 1
        try:
            client.send(header(source) + b"J" if self.proxied else b"J")
        except OSError:
            pass  # it was closed again already; its end will show that
        self.selector.register(client, selectors.EVENT_READ)

    def lose(self, client):
        self.selector.unregister(client)
        client.close()
        self.take()

    def drip(self, client):
        try:
            client.send(b"o")
        except OSError:
            self.lose(client)


def hog(source, count, ready):
    """Runs the source in a process of its own."""
    for _ in range(count):
        source.take()
    os.write(ready, b"1")
    while True:
        for key in list(source.selector.get_map().values()):
            source.drip(key.fileobj)
        until = time.monotonic() + DRIP
        while (left := until - time.monotonic()) > 0:
            for key, _ in source.selector.select(left):
                source.lose(key.fileobj)


def wait_for(made, count):
    until = time.monotonic() + reach.PATIENCE
    while made[0] < count:
        if time.monotonic() > until:
            sys.exit(f"the source has made only {made[0]} connections")
        time.sleep(0.01)


def other(where, first):
    try:
        with reach.connect(where) as client:
            client.sendall(first)
            yield
            client.sendall(b"John\n")
            yield f"got {reach.receive(client)!r}"
    except OSError as problem:
        yield f"failed: {problem}"


def main():
    proxied = sys.argv[1] == "--proxied"
    where, count, others, *sources = sys.argv[1 + proxied:]
    reach.may_open(int(count) + 200)
    begun, ready = os.pipe()
    made = memoryview(mmap.mmap(-1, 8)).cast("Q")  # how many connections the source has made
    pid = os.fork()
    if pid == 0:
        if reach.address(where)[0] == socket.AF_UNIX:
            os.setuid(int(sources[0]))
        hog(Hog(where, sources, proxied, made), int(count), ready)
    fates = collections.Counter()
    try:
        os.read(begun, 1)
        for _ in range(OTHERS // AT_ONCE):
            clients = [other(others, header("192.0.2.1") if proxied else b"") for _ in range(AT_ONCE)]
            fates.update(fate for fate in map(next, clients) if fate)
            wait_for(made, made[0] + PLACES)
            fates.update(fate for fate in (next(client, None) for client in clients) if fate)
    finally:
        os.kill(pid, 9)
    for fate, number in sorted(fates.items()):
        print(number, fate)


main()
