#!/usr/bin/python3
"""hog.py WHERE COUNT OTHER FROM...: one source takes COUNT connections, and again whenever it loses one; then 100 others come.

WHERE and OTHER are the same place for both, as reach.py says where. The connections are from the addresses FROM, or by the
user FROM on a Unix socket. Each sends a byte every 120 ms and never comes to an end. The others are silent for a while first,
longer than it takes the source to come for all the places again. Prints how many of them were answered, and what else they got.
"""
import collections
import os
import selectors
import socket
import sys
import time

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

OTHERS, AT_ONCE, SILENT, DRIP = 100, 10, 0.3, 0.12


class Hog:
    def __init__(self, where, sources):
        self.family, self.sort, self.at = reach.address(where)
        self.sources, self.made = sources, 0
        self.selector = selectors.DefaultSelector()

    def take(self):
        client = socket.socket(self.family, self.sort)
        client.settimeout(reach.PATIENCE)
        if self.family != socket.AF_UNIX:
            client.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
            client.bind((self.sources[self.made % len(self.sources)], 0))
        client.connect(self.at)
        self.made += 1
        try:
            client.send(b"J")
        except OSError:
            pass  # it has gone again already, which its end tells
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


def hog(where, count, sources, ready):
    """In a process of its own, to its end."""
    source = Hog(where, sources)
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


def other(where):
    try:
        with reach.connect(where) as client:
            yield
            client.sendall(b"John\n")
            yield f"got {reach.receive(client)!r}"
    except OSError as problem:
        yield f"failed: {problem}"


def main():
    where, count, others, *sources = sys.argv[1:]
    reach.may_open(int(count) + 200)
    begun, ready = os.pipe()
    pid = os.fork()
    if pid == 0:
        if not reach.address(where)[0] == socket.AF_UNIX:
            hog(where, int(count), sources, ready)
        os.setuid(int(sources[0]))
        hog(where, int(count), sources, ready)
    os.read(begun, 1)
    fates = collections.Counter()
    for _ in range(OTHERS // AT_ONCE):
        clients = [other(others) for _ in range(AT_ONCE)]
        fates.update(fate for fate in map(next, clients) if fate)
        time.sleep(SILENT)
        fates.update(fate for fate in (next(client, None) for client in clients) if fate)
    os.kill(pid, 9)
    for fate, number in sorted(fates.items()):
        print(number, fate)


main()
