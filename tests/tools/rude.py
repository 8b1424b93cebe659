#!/usr/bin/python3
"""rude.py urgent|reset HOST PORT: a client that sends urgent bytes, or one that resets right after connecting, 20 times.

Prints the answers, and how the connection ended if the service had to end it.
"""
import collections
import select
import socket
import struct
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

WAYS = {  # what is sent; "!" marks urgent bytes
    "in the midst": [b"Jo", b"!h", b"n\n"],
    "behind the line": [b"John\n", b"!x"],
    "the line end": [b"John", b"!\n"],
    "first": [b"!J", b"ohn\n"],
}


def connect(address):
    client = socket.create_connection(address, reach.PATIENCE)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def urgent(address):
    for way, parts in WAYS.items():
        fates = collections.Counter()
        for _ in range(2):
            with connect(address) as client:
                for part in parts:
                    client.send(part.lstrip(b"!"), socket.MSG_OOB if part.startswith(b"!") else 0)
                answer = reach.receive(client)
                poll = select.poll()
                poll.register(client, 0)
                # Wait longer than the service waits for our close: a reset at any time is an error.
                ended = poll.poll(1500)
            fates[f"{answer!r}" + (", reset" if any(what & select.POLLERR for _, what in ended) else "")] += 1
        print(way, *(f"{number} {fate}" for fate, number in fates.items()))


def reset(address):
    for number in range(20):
        with connect(address) as client:
            if number % 2:
                client.send(b"John\n" if number % 4 == 1 else b"Jo")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with connect(address) as client:
        client.sendall(b"John\n")
        print(reach.receive(client))


{"urgent": urgent, "reset": reset}[sys.argv[1]]((sys.argv[2], int(sys.argv[3])))
