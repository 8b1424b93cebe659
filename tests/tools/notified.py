#!/usr/bin/python3
"""notified.py PATH: the service manager's side of sd_notify. Prints each message on a line, its parts separated by |.

After the first message, prints a line with a dot whenever no message comes for 100 ms. So tests can see that a message
does not come.
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
