"""A client's conversation with a handler, for every way to activate the handler.

ways(parser) adds the options that choose the way; start(arguments) starts a conversation:
    --pipe        COMMAND with a pipe as descriptor 0 and another as 1
    --socketpair  COMMAND on a connected Unix socket
    --tcppair     COMMAND on a connected TCP socket
    --terminal    COMMAND on a terminal
    --tcp HOST:PORT, --unix PATH    the service that listens there
    --udp HOST:PORT, --datagram PATH    likewise, with one datagram each way
"""
import os
import pty
import re
import socket
import subprocess
import termios

PATIENCE = 120  # seconds after which a test hangs; not a speed limit

ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\", "{": "{", "}": "}", "~": "~", "<": "<"}


def expand(text):
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
    return expand(text.encode().decode("latin-1")).encode("latin-1")


def escape(data):
    """The reverse of unescape, for people: long runs of one byte are shortened."""
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
    ours, theirs = pty.openpty()
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.OPOST
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    return ours, theirs


def spawn(command, stdin, stdout, stderr=subprocess.PIPE):
    return subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr)


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
    process = spawn(arguments.command, theirs, theirs, theirs if arguments.inetd else subprocess.PIPE)
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


def ways(parser):
    way = parser.add_mutually_exclusive_group(required=True)
    for name in ("--pipe", "--socketpair", "--tcppair", "--terminal"):
        way.add_argument(name, action="store_true")
    way.add_argument("--tcp", metavar="HOST:PORT")
    way.add_argument("--unix", metavar="PATH")
    way.add_argument("--udp", metavar="HOST:PORT")
    way.add_argument("--datagram", metavar="PATH")
    parser.add_argument("--inetd", action="store_true", help="the connection is the handler's standard error, too")
    parser.add_argument("--hold", action="store_true", help="keep a copy of the handler's connection open")
    parser.add_argument("--small", action="store_true", help="the smallest send buffer there is, for the handler")
    parser.add_argument("--nonblocking", action="store_true", help="the handler's connection has O_NONBLOCK")
    parser.add_argument("--gone", metavar="TEXT", help="send TEXT and close, before the handler is started")


def parse(parser, argv):
    """Splits off the command after "--"."""
    command = []
    if "--" in argv:
        at = argv.index("--")
        argv, command = argv[:at], argv[at + 1:]
    arguments = parser.parse_args(argv)
    arguments.command = command
    if bool(command) == is_remote(arguments):
        parser.error("a command is needed, unless somebody listens already")
    return arguments
