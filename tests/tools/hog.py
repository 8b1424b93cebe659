#!/usr/bin/python3
"""hog.py [--proxied] WHERE COUNT OTHER FROM...: one source takes COUNT connections, and again whenever it loses one; then 100 others come.

WHERE and OTHER are the same place for both, as reach.py says where. The connections are from the addresses FROM, or by the
user FROM on a Unix socket. Each sends a byte every 120 ms and never comes to an end. The others are silent for a while first,
longer than it takes the source to come for all the places again. With --proxied all come from here, and FROM is what a proxy's
header says of the source; of the others it says 192.0.2.1. Prints how many of them were answered, and what else they got.
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


def header(source):
    """Of the PROXY protocol, version 1."""
    return f"PROXY TCP4 {source} 127.0.0.1 1024 8084\r\n".encode()


class Hog:
    def __init__(self, where, sources, proxied):
        self.proxied = proxied
        self.family, self.sort, self.at = reach.address(where)
        self.sources, self.made = sources, 0
        self.selector = selectors.DefaultSelector()

    def take(self):
        client = socket.socket(self.family, self.sort)
        client.settimeout(reach.PATIENCE)
        source = self.sources[self.made % len(self.sources)]
        if self.family != socket.AF_UNIX and not self.proxied:
            client.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
            client.bind((source, 0))
        client.connect(self.at)
        self.made += 1
        try:
            client.send(header(source) + b"J" if self.proxied else b"J")
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


def hog(source, count, ready):
    """In a process of its own, to its end."""
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
    pid = os.fork()
    if pid == 0:
        if reach.address(where)[0] == socket.AF_UNIX:
            os.setuid(int(sources[0]))
        hog(Hog(where, sources, proxied), int(count), ready)
    os.read(begun, 1)
    fates = collections.Counter()
    for _ in range(OTHERS // AT_ONCE):
        clients = [other(others, header("192.0.2.1") if proxied else b"") for _ in range(AT_ONCE)]
        fates.update(fate for fate in map(next, clients) if fate)
        time.sleep(SILENT)
        fates.update(fate for fate in (next(client, None) for client in clients) if fate)
    os.kill(pid, 9)
    for fate, number in sorted(fates.items()):
        print(number, fate)


main()
