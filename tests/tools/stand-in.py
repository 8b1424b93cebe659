#!/usr/bin/python3
"""stand-in.py WHERE WHAT [ARGUMENT...]: a server for tests of clients.

WHERE is tcp:ADDRESS, udp:ADDRESS, stream:PATH, dgram:PATH, or referred:ADDRESS: TCP, and UDP on the same port, where each
request is referred to TCP. Ports are free ones. The first line of standard output, written when clients can connect, is
the port or the path. It serves until its standard output is closed or it is killed.

WHAT it does with each connection or datagram:
    run COMMAND...  start COMMAND with the connection as its standard input and output
    say BYTES       read a line, answer BYTES (with Python's escapes), close
    say-reset BYTES read a line, answer BYTES, reset the connection
    say-hold BYTES  read a line, answer BYTES, keep the connection
    size N          read a line, answer N times "x" and a line end, close
    echo            read a line and answer it in brackets, without blanks at its end: "<line>"
    length          read a line and answer its length in bytes
    together N      read a line, wait until N connections have sent one, answer how many were open; answer a line of 32 digits
                    at once
    lines N [M]     a session that answers at most N lines a connection: 32 digits are an unknown name, other lines are echoed;
                    from connection M on, one line only. If M is "patient", it waits for the client's end on each connection
                    except the first
    silent          keep the connection, never answer
    close           close at once
    reset           read a line, then reset the connection
    deaf            hold the port, but do not listen: connections are refused
"""
import itertools
import socket
import struct
import subprocess
import sys
import threading


def listen(where, deaf):
    kind, _, address = where.partition(":")
    type = socket.SOCK_STREAM if kind in ("tcp", "stream", "referred") else socket.SOCK_DGRAM
    if kind in ("stream", "dgram"):
        family, name = socket.AF_UNIX, address
    else:
        family, name = socket.AF_INET6 if ":" in address else socket.AF_INET, (address, 0)
    server = socket.socket(family, type)
    server.bind(name)
    if type == socket.SOCK_STREAM and not deaf:
        server.listen(64)
    return server


def answer(request, what, arguments):
    if what.startswith("say"):
        return arguments[0].encode().decode("unicode_escape").encode("latin-1")
    if what == "size":
        return b"x" * int(arguments[0]) + b"\n"
    if what == "length":
        return b"%d\n" % len(request)
    return b"<" + request.rstrip() + b">\n"


def read_line(connection):
    request = b""
    while b"\n" not in request:
        more = connection.recv(4096)
        if not more:
            break
        request += more
    return request


def hold(connection, at_eof=True):
    while connection.recv(4096):
        pass
    if at_eof:
        threading.Event().wait()


def refer(server):
    while True:
        server.sendto(b"ERROR: answer too long, ask by TCP\n", server.recvfrom(4096)[1])


class Together:
    """Lets connections continue in groups of count."""
    def __init__(self, count):
        self.count, self.open, self.waiting, self.changed = count, 0, 0, threading.Condition()

    def serve(self, connection):
        if len(read_line(connection).split(b"\n")[0]) == 32:
            connection.sendall(b"1\n")
            return
        with self.changed:
            self.open += 1
            self.waiting += 1
            seen = self.open
            if self.waiting == self.count:
                self.waiting = 0
                self.changed.notify_all()
            else:
                self.changed.wait()
        with self.changed:  # before the client can notice that there is room
            self.open -= 1
        connection.sendall(b"%d\n" % seen)


def serve_lines(connection, most, patient):
    lines = connection.makefile("rb")
    for _, line in zip(range(most), lines):  # in this order, so that it does not wait for a further line
        line = line.rstrip(b"\n")
        connection.sendall((b"UNKNOWN NAME: " if len(line) == 32 else b"") + line + b"\n")
    if patient:
        lines.read()
    connection.shutdown(socket.SHUT_WR)
    hold(connection, at_eof=False)


def serve(connection, what, arguments):
    with connection:
        if what == "together":
            together.serve(connection)
        elif what == "lines":
            number = next(connections)
            patient = arguments[1:] == ["patient"]
            later = len(arguments) > 1 and not patient and number >= int(arguments[1])
            serve_lines(connection, 1 if later else int(arguments[0]), patient and number > 1)
        elif what == "run":
            subprocess.run(arguments, stdin=connection, stdout=connection, check=False)
        elif what == "silent":
            hold(connection)
        elif what in ("reset", "say-reset"):
            request = read_line(connection)
            if what == "say-reset":
                connection.sendall(answer(request, what, arguments))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif what != "close":
            connection.sendall(answer(read_line(connection), what, arguments))
            if what == "say-hold":
                hold(connection)


def main():
    where, what, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
    server = listen(where, what == "deaf")
    name = server.getsockname()
    if where.startswith("referred:"):
        datagrams = socket.socket(server.family, socket.SOCK_DGRAM)
        datagrams.bind(name)
        threading.Thread(target=refer, args=(datagrams,), daemon=True).start()
    print(name if isinstance(name, str) else name[1], flush=True)
    if server.type == socket.SOCK_DGRAM:
        while True:
            request, peer = server.recvfrom(4096)
            if what != "silent":
                server.sendto(answer(request, what, arguments), peer)
    if what == "deaf":
        threading.Event().wait()
    while True:
        connection, _ = server.accept()
        threading.Thread(target=serve, args=(connection, what, arguments), daemon=True).start()

connections = itertools.count(1)
together = Together(int(sys.argv[3])) if sys.argv[2] == "together" else None
main()
