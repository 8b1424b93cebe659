#!/usr/bin/python3
"""packets.py WHAT WHERE...: datagrams to a service, as reach.py says where.

    address WHERE HOST           the question sent to HOST; the answer, and whom it is from
    unanswered WHERE FROM TEXT   TEXT sent from FROM, HOST:PORT (PORT "own" is the service's, 0 a forged one) or PATH, or - for a
                                 socket without address; how many answers there were before somebody else's question was answered
    echoes A B TEXT              TEXT to A as if from B; how many packets between the two that makes
    burst WHERE COUNT            COUNT different questions in one go; how many were answered, each once
    deaf WHERE COUNT             one who asks COUNT times and never reads; then another one's answer
    gone WHERE COUNT             likewise by one who is connected, and with the other one asking when he has gone
TEXT has escapes as golden.py's tables.
"""
import os
import select
import socket
import struct
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import conversation
import reach

SO_RCVBUFFORCE = 33


def checked(answer):
    if answer != b"UNKNOWN NAME: CONTROL\n":
        sys.exit(f"the control question got {answer!r}")


def control(where):
    """Datagrams are taken in their order: when this one is answered, what was sent before has been seen to."""
    checked(reach.ask(where, b"control\n"))


def address(where, host):
    port = reach.address(where)[2][1]
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(reach.PATIENCE)
        client.sendto(b"John", (host, port))
        answer, source = client.recvfrom(65536)
    print(answer.decode(), "from", source[0], "its port" if source[1] == port else source[1])


def forge(source, target, data):
    """From any address and port, which takes root. (IPv4; a UDP checksum of 0 is none.)"""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        udp = struct.pack("!4H", source[1], target[1], 8 + len(data), 0) + data
        ip = struct.pack("!2B3H2BH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, socket.IPPROTO_UDP, 0,
                         socket.inet_aton(source[0]), socket.inet_aton(target[0]))
        raw.sendto(ip + udp, (target[0], 0))


def udp_packets(raw):
    """(source, target, data) of all that have come to raw."""
    while select.select([raw], [], [], 0)[0]:
        packet = raw.recv(65536)
        udp = packet[(packet[0] & 15) * 4:]
        source, target = struct.unpack("!2H", udp[:4])
        yield (socket.inet_ntoa(packet[12:16]), source), (socket.inet_ntoa(packet[16:20]), target), udp[8:]


def sniffer():
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
    raw.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
    return raw


def unanswered(where, source, text):
    family, sort, target = reach.address(where)
    data = conversation.unescape(text)
    if source.endswith(":0"):
        with sniffer() as raw:
            forge((source[:-2], 0), target, data)
            control(where)
            print(sum(to[1] == 0 for _, to, _ in udp_packets(raw)), "answers")
        return
    with socket.socket(family, sort) as client:
        if family != socket.AF_UNIX:
            host, _, port = source.rpartition(":")
            client.bind((host.strip("[]"), target[1] if port == "own" else int(port)))
        elif source != "-":
            client.bind(source)
        client.sendto(data, target)
        control(where)
        count = 0
        while select.select([client], [], [], 0)[0]:
            client.recv(65536)
            count += 1
        print(count, "answers")


def echoes(one, other, text):
    a, b = reach.address(one)[2], reach.address(other)[2]
    with sniffer() as raw:
        forge(b, a, conversation.unescape(text))
        for where in (one, other) * 20:
            control(where)
        between = [data for source, target, data in udp_packets(raw) if {source, target} == {a, b}]
    print(len(between), "packets:", *map(bytes.decode, between[:6]))


def burst(where, count):
    count = int(count)
    client = reach.connect(where)
    if os.getuid() == 0:
        client.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    got = []
    for number in range(count):
        client.sendall(f"number {number}".encode())
        # A Unix socket holds few: the sender is to read too, or nobody gets on.
        while client.family == socket.AF_UNIX and select.select([client], [], [], 0)[0]:
            got.append(client.recv(65536))
    while len(got) < count:
        got.append(client.recv(65536))
    right = {f"UNKNOWN NAME: NUMBER {number}".encode() for number in range(count)}
    print(len(right & set(got)), "answered")


def deaf(where, count):
    family, kind, place = reach.address(where)[:3]
    with socket.socket(family, kind) as client:
        client.bind("" if family == socket.AF_UNIX else ("127.0.0.1", 0))
        for _ in range(int(count)):
            client.sendto(b"John\n", place)
        print(reach.ask(where, b"John").decode())


def gone(where, count):
    with reach.connect(where) as client:
        for _ in range(int(count)):
            client.sendall(b"John\n")
    print(reach.ask(where, b"John").decode())


what = {"address": address, "unanswered": unanswered, "echoes": echoes, "burst": burst, "deaf": deaf, "gone": gone}[sys.argv[1]]
what(*sys.argv[2:])
