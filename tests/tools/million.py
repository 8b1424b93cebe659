#!/usr/bin/python3
"""million.py WHERE PIPELINED CONNECTIONS: sends PIPELINED requests in one session, then makes CONNECTIONS with one request
each.

Prints how many answers were right; of those in the session, it counts the line ends.
"""
import sys
import threading

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

CHUNK = 1000


def pipelined(where, count):
    right = 0
    with reach.connect(where) as client:
        def send():
            for _ in range(count // CHUNK):
                client.sendall(b"John\n" * CHUNK)
        threading.Thread(target=send).start()
        left = count * len(b"C45\n")
        while left > 0:
            got = client.recv(min(left, 1 << 16))
            if not got:
                break
            left -= len(got)
            right += got.count(b"\n")
    return right


def main():
    where, count, connections = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    right = pipelined(where, count)
    right += sum(reach.ask(where, b"John\n") == b"C45\n" for _ in range(connections))
    print(right, "answered")


main()
