#!/usr/bin/python3
"""sync_like_389.py SOCKET PEOPLE: a server on a Unix socket that answers syncs (RFC 4533) as 389-ds 2.3 does.

PEOPLE has a line for each person, UID ROOM. Every change of the file is a change in the directory. A sync without a cookie
gets all, one with a cookie gets the persons whose lines are new. Both end without refreshDeletes. Identities are no
entryUUID, so a search for one finds nothing.
"""
import hashlib
import re
import socket
import sys
import threading

SYNC = b"1.3.6.1.4.1.4203.1.9.1."
versions = []


def ber(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    return bytes([tag]) + (bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")) + body


def text(value):
    return ber(4, value)


def message(number, operation, control, value):
    controls = ber(0xA0, ber(0x30, text(SYNC + control), text(value))) if control else b""
    return ber(0x30, ber(2, bytes([number])), operation, controls)


def person(number, line):
    uid, room = line.split()
    values = {b"objectClass": b"inetOrgPerson", b"uid": uid, b"cn": uid, b"roomNumber": room}
    attributes = [ber(0x30, text(name), ber(0x31, text(value))) for name, value in values.items()]
    entry = ber(0x64, text(b"uid=" + uid), ber(0x30, *attributes))
    return message(number, entry, b"2", ber(0x30, ber(10, b"\1"), text(hashlib.md5(uid).digest())))


def sync(number, request):
    with open(sys.argv[2], "rb") as file:
        now = file.read().splitlines()
    if not versions or versions[-1] != now:
        versions.append(now)
    known = re.search(rb"sham#me#(\d+)", request)
    before = versions[int(known[1])] if known else []
    cookie = b"sham#me#%d" % (len(versions) - 1)
    done = ber(0x65, ber(10, b"\0"), text(b""), text(b""))
    return b"".join(person(number, line) for line in now if line not in before) + message(number, done, b"3", ber(0x30, text(cookie)))


def serve(client):
    with client:
        while request := client.recv(65536):
            start = 2 + (request[1] & 0x7F if request[1] > 0x7F else 0)  # behind the length
            number, operation = request[start + 2], request[start + 3]
            if operation == 0x42:
                return
            tag = 0x61 if operation == 0x60 else 0x65
            result = ber(tag, ber(10, b"\0"), text(b""), text(b""))
            client.sendall(sync(number, request) if SYNC in request else message(number, result, None, None))


def main():
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen()
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client,), daemon=True).start()


main()
