"""Where a service is to be reached, as superserver.py writes it, and how to ask there.

tcp:HOST:PORT, unix:PATH, udp:HOST:PORT or datagram:PATH.
"""
import random
import resource
import socket

PATIENCE = 120  # seconds after which a test has hung; no measure of speed


def address(where):
    """(family, type, address) for the socket module."""
    kind, _, at = where.partition(":")
    sort = socket.SOCK_DGRAM if kind in ("udp", "datagram") else socket.SOCK_STREAM
    if kind in ("unix", "datagram"):
        return socket.AF_UNIX, sort, at
    host, _, port = at.rpartition(":")
    host = host.strip("[]")
    return socket.AF_INET6 if ":" in host else socket.AF_INET, sort, (host, int(port))


def connect(where, anywhere=False):
    """anywhere: by UDP to 127.0.0.1, from any other address of this machine's, so that all together are not one network."""
    family, sort, at = address(where)
    client = socket.socket(family, sort)
    client.settimeout(PATIENCE)
    if (family, sort) == (socket.AF_UNIX, socket.SOCK_DGRAM):
        client.bind("")  # a name of its own, to be answered at
    if anywhere and (family, sort) == (socket.AF_INET, socket.SOCK_DGRAM) and at[0] == "127.0.0.1":
        client.bind((f"127.{random.randint(1, 250)}.{random.randint(1, 250)}.1", 0))
    client.connect(at)
    return client


def receive(client):
    """One datagram, or all up to EOF."""
    if client.type == socket.SOCK_DGRAM:
        return client.recv(65536)
    return b"".join(iter(lambda: client.recv(65536), b""))


def ask(where, request):
    with connect(where, anywhere=True) as client:
        client.sendall(request)
        if client.type == socket.SOCK_STREAM:
            client.shutdown(socket.SHUT_WR)
        return receive(client)


def may_open(count):
    """As many descriptors as a crowd of clients takes."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise SystemExit(f"{count} descriptors are needed, {hard} allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
