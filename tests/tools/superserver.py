#!/usr/bin/python3
"""superserver.py [--inetd] [--once] SOCKET... -- COMMAND...: activates a server, and again after each exit.

SOCKET is [NAME=]KIND:ADDRESS: tcp:HOST, udp:HOST (on a free port, or IPV4:PORT; [::] includes IPv4), unix:PATH or
datagram:PATH. The command gets the sockets as systemd passes them, with their names; with --inetd it gets the first one as
descriptors 0 and 1.

On standard output, which is also the command's standard error:
    socket KIND:ADDRESS     for each socket, in order, with its port
    ready                   all sockets exist
    start N PID             started, because something arrived, or at once with --once
    exit N STATUS           -9 if killed by signal 9; with --once this exits with that status
Passes on SIGTERM, and waits for the command.
"""
import ctypes
import errno
import os
import random
import select
import signal
import socket
import sys

STARTS = 2000  # more than any test needs; stops a command that does not take its sockets
BUFFER = 8 << 20  # for bursts of datagrams; more than the system's maximum needs root
SO_RCVBUFFORCE = 33
PR_SET_PDEATHSIG = 1

child = 0
stopping = False


def say(*words):
    """Writes the line at once, because the command writes to the same file."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def bind_to_some_port(made, host):
    """Chooses a port that the kernel gives to no client: a client whose port is the service's own gets no answer."""
    while True:
        try:
            return made.bind((host, random.randrange(10000, 32768)))
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise


def open_socket(spec):
    kind, _, host = spec.partition(":")
    sort = socket.SOCK_STREAM if kind in ("tcp", "unix") else socket.SOCK_DGRAM
    if kind in ("unix", "datagram"):
        made = socket.socket(socket.AF_UNIX, sort)
        made.bind(host)
        say("socket", spec)
    else:
        port = 0
        if host.count(":") == 1:
            host, port = host.split(":")
            spec = f"{kind}:{host}"
        made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, sort)
        if made.family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, host != "[::]")
        if port:
            made.bind((host, int(port)))
        else:
            bind_to_some_port(made, host.strip("[]"))
        say("socket", f"{spec}:{made.getsockname()[1]}")
    if sort == socket.SOCK_STREAM:
        made.listen(4096)
    elif os.getuid() == 0:
        made.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
    return made


def become(sockets, names, inetd, command):
    """Runs in the child; never returns."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.dup2(1, 2)
    environment = dict(os.environ)
    if inetd:
        for fd in (0, 1):
            os.dup2(sockets[0].fileno(), fd)
    else:
        # First above their targets, so that none is overwritten before it is moved.
        copies = [os.dup(s.fileno()) for s in sockets]
        for at, fd in enumerate(copies):
            os.dup2(fd, 3 + at)
        os.closerange(3 + len(copies), copies[-1] + 1)
        environment |= {"LISTEN_FDS": str(len(copies)), "LISTEN_PID": str(os.getpid()), "LISTEN_FDNAMES": ":".join(names)}
    if "WATCHDOG_USEC" in environment:
        environment["WATCHDOG_PID"] = str(os.getpid())
    os.execvpe(command[0], command, environment)


def stop(*_):
    global stopping
    stopping = True
    if child:
        os.kill(child, signal.SIGTERM)


def main():
    global child
    argv = sys.argv[1:]
    at = argv.index("--")
    words, command = argv[:at], argv[at + 1:]
    inetd, once = "--inetd" in words, "--once" in words
    specs = [w if "=" in w else "unknown=" + w for w in words if not w.startswith("--")]
    names, places = zip(*(s.split("=", 1) for s in specs))
    sockets = [open_socket(place) for place in places]
    signal.signal(signal.SIGTERM, stop)
    say("ready")
    for number in range(1, STARTS + 1):
        while not once and not stopping and not select.select(sockets, [], [], 1)[0]:
            pass
        if stopping:
            return
        # A signal that arrives in between then finds a child to be passed on to.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
            become(sockets, names, inetd, command)
        say("start", number, child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        child = 0
        say("exit", number, status)
        if once:
            sys.exit(status)
    sys.exit("superserver.py: the command does not take what has come")


main()
