#!/usr/bin/python3
"""packets.py WHAT WHERE...: sends datagrams to a service (WHERE: see reach.py), and prints the result.

    address WHERE HOST           send the question to HOST; print the answer and its source address
    unanswered WHERE FROM TEXT   send TEXT from FROM: HOST:PORT (PORT "own" is the service's, 0 a forged one), PATH, or - for a
                                 socket without address; count the answers before the answer to another client's question
    echoes A B TEXT [--stranger COUNT]
                                 send TEXT to A as if from B; count the packets between the two. With --stranger, B cannot confirm
                                 that it has handled everything: wait for COUNT, then until a second passes without packets
    burst WHERE COUNT            send COUNT different questions at once, eight from each client; count those that were answered
    deaf WHERE COUNT             one client sends COUNT questions and never reads; print another client's answer
    paced WHERE CLIENTS RATE SECONDS
                                 CLIENTS send RATE questions a second each; count the answers
    eager WHERE COUNT            one client sends COUNT questions; then wait for another client's answer
    flood WHERE COUNT NETWORK    send COUNT questions from forged ports and hosts of NETWORK, three numbers; print whether as many
                                 were answered as the server's --rate 200 allows
    all WHERE HOST               send two questions to HOST, possibly a group address; the first may start the server; count
                                 the answers
    gone WHERE COUNT             send COUNT questions from a connected socket that is then closed; print another client's answer
TEXT has the escapes of golden.py's tables.
"""
import contextlib
import os
import select
import socket
import struct
import sys
import time

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import conversation
import reach

SO_RCVBUFFORCE = 33


def checked(answer):
    if answer != b"UNKNOWN NAME: CONTROL\n":
        sys.exit(f"the control question got {answer!r}")


def control(where):
    """Datagrams are handled in order: when this one is answered, all earlier ones were handled."""
    checked(reach.ask(where, b"control\n"))


def address(where, host):
    port = reach.address(where)[2][1]
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(reach.PATIENCE)
        client.sendto(b"John", (host, port))
        answer, source = client.recvfrom(65536)
    print(answer.decode(), "from", source[0], "its port" if source[1] == port else source[1])


def forge(source, target, data):
    """Sends from any address and port, which needs root. (IPv4; a UDP checksum of 0 means none.)"""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        udp = struct.pack("!4H", source[1], target[1], 8 + len(data), 0) + data
        ip = struct.pack("!2B3H2BH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, socket.IPPROTO_UDP, 0,
                         socket.inet_aton(source[0]), socket.inet_aton(target[0]))
        raw.sendto(ip + udp, (target[0], 0))


def udp_packets(raw):
    """Yields (source, target, data) of all packets that raw has received."""
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


def echoes(one, other, text, stranger=None, least=0):
    a, b = reach.address(one)[2], reach.address(other)[2]
    between = []
    with sniffer() as raw:
        forge(b, a, conversation.unescape(text))
        if stranger:
            control(one)
            while len(between) < 1000 and select.select([raw], [], [], 1 if len(between) >= int(least) else reach.PATIENCE)[0]:
                between += [data for source, target, data in udp_packets(raw) if {source, target} == {a, b}]
        else:
            for where in (one, other) * 20:
                control(where)
            between = [data for source, target, data in udp_packets(raw) if {source, target} == {a, b}]
    print(len(between), "packets:", *(conversation.escape(data[:60]) for data in between[:6]))


def paced(where, count, rate, seconds):
    clients = [reach.connect(where) for _ in range(int(count))]
    answered, total = 0, int(rate) * int(seconds)
    begun = time.monotonic()
    for number in range(total):
        for index, client in enumerate(clients):
            client.sendall(b"John")
            due = begun + (number + index / len(clients)) / int(rate)
            # Not all that was due meanwhile at once, for a busy machine would have us ask more than a peer may.
            if (lag := time.monotonic() - due) > 0.3:
                begun += lag
            while (wait := due - time.monotonic()) > 0:
                for ready in select.select(clients, [], [], wait)[0]:
                    answered += ready.recv(65536) == b"C45"
    while answered < total * len(clients) and (late := select.select(clients, [], [], reach.PATIENCE)[0]):
        for client in late:
            answered += client.recv(65536) == b"C45"
    print(answered, "of", total * len(clients), "answered")


def eager(where, count):
    with reach.connect(where) as client:
        for _ in range(int(count)):
            client.sendall(b"John")
        control(where)


def flood(where, count, network):
    target = ("127.0.0.1", reach.address(where)[2][1])
    rate, answered = 200, 0
    reach.ask(where.replace("0.0.0.0", "127.0.0.1"), b"John")  # now it runs
    with sniffer() as raw:
        begun = time.monotonic()
        for number in range(int(count)):
            forge((f"{network}.{number % 250 + 1}", 2000 + number), target, b"John")
            if number % 100 == 99:  # so that no datagram is lost on the way
                control(where.replace("0.0.0.0", "127.0.0.1"))
        took = time.monotonic() - begun
        for source, to, _ in udp_packets(raw):
            answered += source == target and to[0].startswith(network + ".")
    right = 2 * rate <= answered <= 2 * rate + rate * took + 1
    print(f"as often as {rate} a second allow" if right else f"{answered} in {took} s")


def every(where, host):
    """The first question may start the server."""
    port, (host, _, interface) = reach.address(where)[2][1], host.partition("%")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    place = (host, port, 0, socket.if_nametoindex(interface)) if family == socket.AF_INET6 and interface else (host, port)
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
        if family == socket.AF_INET:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            # A host outside the group gets nothing, unless a process on this machine is a member.
            member = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
            if host.startswith("224."):
                member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                                  struct.pack("=4s4si", socket.inet_aton(host), bytes(4), socket.if_nametoindex("many")))
            if interface:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        answered = 0
        for _ in range(2):
            client.sendto(b"John", place)
            control(where.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]"))
            while select.select([client], [], [], 0)[0]:
                answered += client.recv(65536) == b"C45"
    print(answered, "of 2 answered")


def burst(where, count):
    count = int(count)
    # A Unix socket queues ten datagrams (net.unix.max_dgram_qlen), and peers may share a place in the
    # table of rates, which takes 40 in one go: answers beyond them would be lost.
    each = 8
    clients = [reach.connect(where) for _ in range(-(-count // each))]
    if os.getuid() == 0:
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    got = []
    for number in range(count):
        client = clients[number // each]
        client.sendall(f"number {number}".encode())
        # A Unix socket queues few datagrams: read meanwhile, or both sides block.
        while client.family == socket.AF_UNIX and select.select(clients, [], [], 0)[0]:
            got += [client.recv(65536) for client in select.select(clients, [], [], 0)[0]]
    while len(got) < count and (readable := select.select(clients, [], [], reach.PATIENCE)[0]):
        got += [client.recv(65536) for client in readable]
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


what = {"address": address, "unanswered": unanswered, "echoes": echoes, "burst": burst, "deaf": deaf, "gone": gone, "paced": paced, "flood": flood,
        "eager": eager, "all": every}[sys.argv[1]]
what(*sys.argv[2:])
