#!/usr/bin/python3
"""amplified.py source|ask UDP...: measures how much longer answers are than their requests.

source prints a book of 454 common names. ask sends to each place (see reach.py) each name of the book, each word, each
prefix of a word and many unknown names, unpadded and padded with blanks. It prints the largest ratio of answer to
unpadded request, both with their IP and UDP headers, and how often the answer was to ask by TCP.
"""
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import reach

FIRST = """Mary James Patricia Robert Jennifer John Linda Michael Elizabeth David Barbara William Susan Richard Jessica Joseph
    Sarah Thomas Karen Charles Li Jo""".split()
LAST = """Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson
    Thomas Taylor Moore Jackson Martin Li""".split()
NAMES = [f"{first} {last}" for last in LAST for first in FIRST][:454]
OTHERS = ["?", "a", "ß" * 100, "ŉ" * 100, "ΐ" * 150, "x" * 1000, "UNKNOWN", "\N{ZERO WIDTH SPACE}"]
TOO_LONG = b"ERROR: answer too long, ask by TCP"
ROOM = 200  # a request of this many bytes may get the longest answer


def requests():
    words = {word for name in NAMES for word in name.split()}
    texts = set(NAMES) | words | {word[:n] for word in words for n in range(1, len(word))} | set(OTHERS)
    return [text.encode() + end for text in sorted(texts) for end in (b"", b"\n", b"\r\n")]


def ask(client, request):
    client.send(request)
    return client.recv(65536)


def main():
    if sys.argv[1] == "source":
        for number, name in enumerate(NAMES):
            print(f"{name} = {'ABCD'[number % 4]}{number}")
        return
    asked, most, told, told_padded = requests(), 0, 0, 0
    for where in sys.argv[2:]:
        headers = 48 if "[::1]" in where else 28
        with reach.connect(where.replace("[::]", "127.0.0.1")) as client:
            for request in asked:
                answer = ask(client, request)
                most = max(most, (len(answer) + headers) / (len(request) + headers))
                told += answer.startswith(TOO_LONG)
                padded = ask(client, b" " * (ROOM - len(request)) + request)
                told_padded += padded.startswith(TOO_LONG) and request.strip().decode() not in OTHERS
    print(f"{len(asked)} requests of {len(NAMES)} names, at most {most:.2f} times as much; {told} to be asked by TCP, "
          f"{told_padded} when padded")


main()
