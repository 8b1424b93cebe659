"""A client's conversation with a handler, for every way to activate the handler.

Arguments(argv) has the options that choose the way; start(arguments) starts a conversation:
    --pipe        COMMAND with a pipe as descriptor 0 and another as 1
    --socketpair  COMMAND on a connected Unix socket
    --tcppair     COMMAND on a connected TCP socket
    --terminal    COMMAND on a terminal
    --tcp HOST:PORT, --unix PATH    the service that listens there
    --udp HOST:PORT, --datagram PATH    likewise, with one datagram each way
"""
import os
import socket
import sys

# talk.py is started thousands of times: what it rarely needs is imported where it is needed.

PATIENCE = 120  # seconds after which a test hangs; not a speed limit

ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\", "{": "{", "}": "}", "~": "~", "<": "<"}


def expand(text):
    import re

    def one(match):
        if match["count"]:
            return expand(match["what"]) * int(match["count"])
        if match["hex"]:
            return chr(int(match["hex"], 16))
        return ESCAPES[match["letter"]]
    pattern = r"\{(?P<count>\d+)\*(?P<what>(?:\\.|[^}])+)\}|\\x(?P<hex>[0-9A-Fa-f]{2})|\\(?P<letter>.)"
    return re.sub(pattern, one, text)


def unescape(text):
    r"""Returns the bytes of text, with the escapes \r \n \t \0 \\ \xHH, and {COUNT*TEXT} for COUNT times TEXT."""
    text = text.encode().decode("latin-1")
    if "{" in text or "\\x" in text:
        return expand(text).encode("latin-1")
    letters = iter(text)
    return "".join(ESCAPES[next(letters)] if letter == "\\" else letter for letter in letters).encode("latin-1")


def escape(data):
    """The reverse of unescape, for people: long runs of one byte are shortened."""
    import re
    text = data.decode("utf-8", "surrogateescape").replace("\\", "\\\\")
    for letter in "rnt0":
        text = text.replace(ESCAPES[letter], "\\" + letter)
    text = "".join(c if c.isprintable() else "".join(f"\\x{b:02X}" for b in c.encode("utf-8", "surrogateescape"))
                   for c in text)
    return re.sub(r"([^\\])\1{40,}", lambda m: f"{{{len(m[0])}*{m[1]}}}", text)


class Conversation:
    """The client's side: send, end and receive. finish waits for the handler, if we started it."""

    def __init__(self, reading, writing, process=None, held=None):
        self.reading, self.writing, self.process, self.held = reading, writing, process, held
        self.is_socket = isinstance(reading, socket.socket)
        if self.is_socket and reading.fileno() >= 0:
            reading.settimeout(PATIENCE)

    def send(self, data):
        if self.is_socket:
            self.writing.sendall(data)
            return
        try:
            while data:
                data = data[os.write(self.writing, data):]
        except BrokenPipeError:
            pass  # the handler had read enough and exited; only a socket must tolerate more

    def end(self):
        if self.is_socket:
            self.writing.shutdown(socket.SHUT_WR)
        elif self.writing != self.reading:
            os.close(self.writing)
            self.writing = None
        else:
            os.write(self.writing, b"\x04")

    def receive_some(self):
        if self.is_socket:
            return self.reading.recv(65536)
        try:
            return os.read(self.reading, 65536)
        except OSError:  # EIO: the other side of the terminal is closed
            return b""

    def receive(self):
        return b"".join(iter(self.receive_some, b""))

    def close(self):
        if self.is_socket:
            self.reading.close()
            return
        for fd in {self.reading, self.writing} - {None}:
            os.close(fd)
        self.reading = self.writing = None

    def finish(self):
        """Returns (exit status, standard error), or (None, b"") if we did not start the handler."""
        if not self.process:
            return None, b""
        _, complaints = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, complaints or b""


def tcp_pair():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        while True:  # ignore processes that connect here by chance
            connection, peer = server.accept()
            if peer == client.getsockname():
                return client, connection
            connection.close()


def terminal_pair():
    import pty
    import termios
    ours, theirs = pty.openpty()
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.OPOST
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    return ours, theirs


def spawn(command, stdin, stdout, stderr=None):
    import subprocess
    return subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr or subprocess.PIPE)


def start_on_pipes(command):
    theirs_in, writing = os.pipe()
    reading, theirs_out = os.pipe()
    process = spawn(command, theirs_in, theirs_out)
    os.close(theirs_in)
    os.close(theirs_out)
    return Conversation(reading, writing, process)


def start_on_socket(arguments):
    ours, theirs = tcp_pair() if arguments.tcppair else socket.socketpair()
    if arguments.small:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    if arguments.nonblocking:
        theirs.setblocking(False)
    if arguments.gone:
        ours.sendall(unescape(arguments.gone))
        ours.close()
    process = spawn(arguments.command, theirs, theirs, theirs if arguments.inetd else None)
    if not arguments.hold:
        theirs.close()
    return Conversation(ours, ours, process, theirs)


def connect_datagrams(arguments):
    """A Unix datagram socket needs a name of its own to get an answer."""
    if arguments.datagram:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        connection.bind("")
        connection.connect(arguments.datagram)
    else:
        host, port = arguments.udp.rsplit(":", 1)
        family, *_, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_DGRAM)[0]
        connection = socket.socket(family, socket.SOCK_DGRAM)
        connection.connect(address)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    return Conversation(connection, connection)


def connect(arguments):
    if arguments.udp or arguments.datagram:
        return connect_datagrams(arguments)
    if arguments.unix:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(arguments.unix)
    else:
        host, port = arguments.tcp.rsplit(":", 1)
        connection = socket.create_connection((host.strip("[]"), int(port)), PATIENCE)
    return Conversation(connection, connection)


def is_remote(arguments):
    """True if a service listens already and no command is started."""
    return bool(arguments.tcp or arguments.unix or arguments.udp or arguments.datagram)


def start(arguments):
    if is_remote(arguments):
        return connect(arguments)
    if arguments.pipe:
        return start_on_pipes(arguments.command)
    if arguments.terminal:
        ours, theirs = terminal_pair()
        process = spawn(arguments.command, theirs, theirs)
        os.close(theirs)
        return Conversation(ours, ours, process)
    return start_on_socket(arguments)


SWITCHES = {"pipe", "socketpair", "tcppair", "terminal",
            "inetd",  # the connection is the handler's standard error, too
            "hold",  # keep a copy of the handler's connection open
            "small",  # the smallest send buffer there is, for the handler
            "nonblocking",  # the handler's connection has O_NONBLOCK
            "ends"}  # golden.py's
VALUES = {"tcp", "unix", "udp", "datagram",
          "gone"}  # TEXT: send it and close, before the handler is started


class Arguments:
    """An attribute for each option, the other words, and the command after "--". argparse takes as long to load as all the rest."""

    def __init__(self, argv):
        words = iter(argv)
        self.words = []
        for option in SWITCHES | VALUES:
            setattr(self, option, None)
        for word in words:
            if word == "--":
                break
            if word[:2] != "--":
                self.words.append(word)
            elif word[2:] in SWITCHES:
                setattr(self, word[2:], True)
            elif word[2:] in VALUES:
                setattr(self, word[2:], next(words))
            else:
                sys.exit(f"no such option: {word}")
        self.command = list(words)
        here = self.pipe, self.socketpair, self.tcppair, self.terminal
        there = self.tcp, self.unix, self.udp, self.datagram
        if sum(map(bool, here + there)) != 1 or bool(self.command) != any(here):
            sys.exit("one way is needed; and a command, unless somebody listens already")
