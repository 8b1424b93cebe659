#!/usr/bin/python3
"""scenes.py SCENE WHERE PID: what lookup-server, process PID, does in situations that once went wrong; prints what came of it.

    pause    300 clients have sent half a name when the server stops for a while; the other half comes meanwhile
    evict    one client's request comes byte by byte, while others connect and stay silent until there is no room for more
    wind-up  a client of a session goes on asking after SIGTERM
"""
import collections
import os
import signal
import sys
import time

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach


def pause(where, pid):
    clients = [reach.connect(where) for _ in range(300)]
    # When the last one's first request has been answered, all were accepted.
    reach.ask(where, b"John\n")
    for client in clients:
        client.sendall(b"Jo")
    os.kill(pid, signal.SIGSTOP)
    for client in clients:
        client.sendall(b"hn\n")
    time.sleep(0.5)  # longer than the quiet time: this is the pause
    os.kill(pid, signal.SIGCONT)
    for answer, count in collections.Counter(client.recv(99) for client in clients).items():
        print(count, answer.decode().strip())


def evict(where, _):
    active = reach.connect(where)
    active.sendall(b"J")
    silent = []
    for _ in range(60):
        silent.append(reach.connect(where))
        active.sendall(b"o")
        reach.ask(where, b"John\n")  # so far the server has come
    active.sendall(b"\n")
    print(active.recv(99).decode().strip())


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
    # One that was on its way may have come before the signal; no session goes on for long.
    print("it ended" if answers < 1000 else "it goes on")


{"pause": pause, "evict": evict, "wind-up": wind_up}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
