#!/usr/bin/python3
"""crowd.py HOST PORT COUNT AT_ONCE REQUEST [SOURCE...]: COUNT clients send one REQUEST each, AT_ONCE of them at a time.

They use the addresses SOURCE in turn, if there are any. Prints a line for each kind of result, "COUNT answered 'TEXT'",
"COUNT dropped" (refused, closed or reset without an answer) or "COUNT hung" (no end in two minutes), and finally "all
connected after N ms".
"""
import asyncio
import collections
import resource
import socket
import sys
import time

PATIENCE = 120


async def ask(host, port, request, source, connected):
    loop = asyncio.get_running_loop()
    answer = b""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as client:
        client.setblocking(False)
        if source:
            client.bind((source, 0))
        try:
            await loop.sock_connect(client, (host, int(port)))
            connected.append(time.monotonic())
            await loop.sock_sendall(client, request)
            while more := await loop.sock_recv(client, 4096):
                answer += more
        except OSError:
            pass
    return f"answered {answer.decode()!r}" if answer else "dropped"


async def main(host, port, count, at_once, request, *sources):
    fates = collections.Counter()
    connected = []
    turn = asyncio.Semaphore(int(at_once))

    async def client(number):
        source = sources[number % len(sources)] if sources else None
        async with turn:
            try:
                fate = await asyncio.wait_for(ask(host, port, request.encode() + b"\n", source, connected), PATIENCE)
            except asyncio.TimeoutError:
                fate = "hung"
            fates[fate] += 1

    start = time.monotonic()
    await asyncio.gather(*(client(number) for number in range(int(count))))
    for fate, number in fates.items():
        print(number, fate)
    print("all connected after", int((max(connected, default=start) - start) * 1000), "ms")


_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
asyncio.run(main(*sys.argv[1:]))
