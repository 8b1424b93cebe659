#!/usr/bin/python3
"""ldap_relay.py LISTEN SERVER RULES: relays the Unix socket LISTEN to the Unix socket SERVER, and breaks searches that use
the sync operation (RFC 4533).

The file RULES says which, at the moment of the search. Its line "refreshOnly" breaks a poll at once, "refreshAndPersist"
a search that goes on; a number after it is how many seconds after the first of its answer it ends.
"""
import select
import socket
import sys
import threading
import time

SYNC = b"1.3.6.1.4.1.4203.1.9.1.1"
MODES = {b"\n\1\1": "refreshOnly", b"\n\1\3": "refreshAndPersist"}


def ends_in(data, rules):
    """Returns how many seconds after the first answer to this request the connection is to end, or None; 0: before it."""
    if SYNC not in data:
        return None
    with open(rules, encoding="ascii") as file:
        told = dict((line.split() + ["0"])[:2] for line in file)
    behind = data[data.index(SYNC):]
    return next((float(told[mode]) for sign, mode in MODES.items() if sign in behind and mode in told), None)


def serve(client, path, rules):
    with client, socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        wait, end = None, None
        while True:
            left = None if end is None else max(0, end - time.monotonic())
            ready = select.select([client, server], [], [], left)[0]
            if not ready:
                return
            for side in ready:
                data = side.recv(65536)
                seconds = ends_in(data, rules) if side is client else None
                if not data or seconds == 0:
                    return
                if seconds is not None:
                    wait = seconds
                elif side is server and wait is not None:
                    wait, end = None, time.monotonic() + wait
                (server if side is client else client).sendall(data)


def main():
    listen, server, rules = sys.argv[1:]
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(listen)
        listener.listen()
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client, server, rules), daemon=True).start()


main()
