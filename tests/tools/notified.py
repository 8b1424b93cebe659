#!/usr/bin/python3
"""notified.py PATH: a service manager's side of sd_notify: prints what comes, a line a message, its parts with | between.

After a message with READY=1, and whatever comes then, at most 100 ms pass between two lines: where nothing has come for so
long there is a line of a dot. So that what does not come can be seen not to.
"""
import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
    manager.bind(sys.argv[1])
    while True:
        try:
            line = manager.recv(65536).decode().strip("\n").replace("\n", "|")
            manager.settimeout(0.1)
        except TimeoutError:
            line = "."
        print(line, flush=True)
