#!/usr/bin/python3
"""threading-server.py PORT: the textbook's server, a thread a connection."""
import socketserver
import sys

OFFICES = {"JOHN": "C45", "DENISE": "C44", "PHOEBE": "D52", "ADAM": "B23"}


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        name = self.request.recv(1024).decode().strip().upper()
        self.request.sendall((OFFICES.get(name, f"UNKNOWN NAME: {name}") + "\n").encode())


class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 4096
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
