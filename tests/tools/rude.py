#!/usr/bin/python3
"""rude.py urgent|reset HOST PORT: a client who sends urgent bytes, or who resets as soon as he is connected, 20 times.

Prints what it got, and how the connection ended where it was for the service to end it.
"""
import collections
import select
import socket
import struct
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

WAYS = {  # what is sent; urgent where there is a !
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
                # Longer than the service waits for us to close: a reset is an error, however it comes.
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
