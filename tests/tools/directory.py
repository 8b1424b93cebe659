#!/usr/bin/python3
"""directory.py PORT MODE [ARGUMENT...]: a faulty directory server on 127.0.0.1. It prints what it receives in hexadecimal, a
line each time.

silent             accepts, and sends nothing
refuse             refuses StartTLS, and accepts any bind
stall              accepts StartTLS, and then sends nothing
mute CERT KEY      speaks TLS from the start, accepts any bind, and answers nothing else
deny TEXT          refuses any bind, as wrong credentials (code 49) and with this text of up to 100 bytes
cut PATH BYTES     forwards what the Unix socket PATH sends, but closes after BYTES bytes
hold PATH BYTES    forwards what the Unix socket PATH sends, but stops after BYTES bytes and prints "held"; SIGUSR1
                   lets one connection go on
"""
import select
import signal
import socket
import ssl
import sys
import threading

released = threading.Semaphore(0)


def answer(message, tag, code, text=b""):
    """Returns an LDAPResult to the message (RFC 4511, section 4.1.9)."""
    more = len(text)
    return bytes((0x30, 12 + more, 2, 1, message, tag, 7 + more, 10, 1, code, 4, 0, 4, more)) + text


def receive(client):
    data = client.recv(65536)
    print(data.hex(), flush=True)
    return data


def speak(client, starttls_code, denial=None):
    while data := receive(client):
        start = 2 + (data[1] & 0x7F if data[1] > 0x7F else 0)  # behind the length
        message, operation = data[start + 2], data[start + 3]
        if operation == 0x77:
            client.sendall(answer(message, 0x78, starttls_code))
            if starttls_code == 0:
                while receive(client):
                    pass
        elif operation == 0x60:
            client.sendall(answer(message, 0x61, 0) if denial is None else answer(message, 0x61, 49, denial.encode()))


def forward(client, server, left):
    """Returns True once left bytes have come from server; False if either has closed."""
    while left > 0:
        for ready in select.select([client, server], [], [])[0]:
            data = ready.recv(min(left, 65536) if ready is server else 65536)
            if not data:
                return False
            if ready is client:
                server.sendall(data)
            else:
                client.sendall(data)
                left -= len(data)
    return True


def cut(client, path, left, then_goes_on):
    server = socket.socket(socket.AF_UNIX)
    server.connect(path)
    if forward(client, server, left) and then_goes_on:
        print("held", flush=True)
        released.acquire()
        forward(client, server, sys.maxsize)


def serve(client, mode, arguments):
    with client:
        try:
            if mode in ("cut", "hold"):
                cut(client, arguments[0], int(arguments[1]), mode == "hold")
            elif mode == "mute":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(*arguments)
                speak(context.wrap_socket(client, server_side=True), 2)
            elif mode == "silent":
                while receive(client):
                    pass
            else:
                speak(client, {"refuse": 2, "stall": 0, "deny": 2}[mode], *arguments)
        except OSError:
            pass


def main():
    signal.signal(signal.SIGUSR1, lambda *_: released.release())
    port, mode, *arguments = sys.argv[1:]
    listener = socket.create_server(("127.0.0.1", int(port)))
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, mode, arguments), daemon=True).start()


main()
