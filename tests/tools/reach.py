"""Connects to a service and sends requests. Its address is in superserver.py's notation:

tcp:HOST:PORT, unix:PATH, udp:HOST:PORT or datagram:PATH.
"""
import random
import resource
import socket

PATIENCE = 120  # seconds after which a test hangs; not a speed limit


def address(where):
    """Returns (family, type, address) for the socket module."""
    kind, _, at = where.partition(":")
    sort = socket.SOCK_DGRAM if kind in ("udp", "datagram") else socket.SOCK_STREAM
    if kind in ("unix", "datagram"):
        return socket.AF_UNIX, sort, at
    host, _, port = at.rpartition(":")
    host = host.strip("[]")
    return socket.AF_INET6 if ":" in host else socket.AF_INET, sort, (host, int(port))


def connect(where, anywhere=False):
    """anywhere: UDP to 127.0.0.1 from a random local address, so that the clients are not all in one network."""
    family, sort, at = address(where)
    client = socket.socket(family, sort)
    client.settimeout(PATIENCE)
    if (family, sort) == (socket.AF_UNIX, socket.SOCK_DGRAM):
        client.bind("")  # a name, so that it can get answers
    if anywhere and (family, sort) == (socket.AF_INET, socket.SOCK_DGRAM) and at[0] == "127.0.0.1":
        client.bind((f"127.{random.randint(1, 250)}.{random.randint(1, 250)}.1", 0))
    client.connect(at)
    return client


def receive(client):
    """Returns one datagram, or everything up to EOF."""
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
    """Raises the limit of descriptors to at least count."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise SystemExit(f"{count} descriptors are needed, {hard} allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
