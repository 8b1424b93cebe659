#!/usr/bin/python3
"""fates.py PORT CLIENTS REQUEST ANSWER FOLDER: CLIENTS at a time send REQUEST to 127.0.0.1 again and again, until there is FOLDER/enough.

Makes FOLDER/begun when each client has had its first end. Prints a line for each kind of end: how many requests were "answered"
wholly, "refused" (no connection, or one that was reset before a byte came), "closed" without a byte, or had "other bytes".
"""
import asyncio
import collections
import pathlib
import sys


async def fate_of(port, request, expected):
    answer = b""
    writer = None
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        while more := await reader.read(4096):
            answer += more
    except OSError:
        if not answer:
            return "refused"
    finally:
        if writer:
            writer.transport.abort()
    return "answered" if answer == expected else "other bytes" if answer else "closed"


async def main(port, clients, request, answer, folder):
    fates = collections.Counter()
    folder = pathlib.Path(folder)
    waiting = int(clients)

    async def client():
        nonlocal waiting
        first = True
        while not (folder / "enough").exists():
            fates[await fate_of(int(port), request.encode() + b"\n", answer.encode() + b"\n")] += 1
            waiting -= first
            if first and waiting == 0:
                (folder / "begun").touch()
            first = False

    await asyncio.gather(*(client() for _ in range(int(clients))))
    for fate, count in sorted(fates.items()):
        print(count, fate)


asyncio.run(main(*sys.argv[1:]))
