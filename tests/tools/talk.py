#!/usr/bin/python3 -S
r"""talk.py WAY [OPTION...] STEP... [-- COMMAND...]: one client's conversation, step by step.

WAY is as for golden.py, and --terminal. The steps:
    send:TEXT         send TEXT (with \n, \xHH, {COUNT*TEXT} and the like)
    trickle:MS:TEXT   send it a byte at a time, MS milliseconds apart, until the answer comes; 0: however far
    flood:TEXT        send it repeatedly without reading, until the handler accepts no more and has ended
    pause:MS[:MOST]   wait for that time; MOST is how many milliseconds may pass from the bytes before it to those after it
    end               end our side
    some              read once, print it
    rest              read up to EOF, print it
    gone              wait, without reading, until the handler has ended
    close             close the connection
Standard output is what was received. With COMMAND, the exit status and standard error are the handler's. A reset is an
error: 99. If this client was scheduled too late for its pauses, the result means nothing: 75, try again.
"""
import os
import select
import sys
import time

# What is compiled is kept in the build folder: no __pycache__ in the source tree.
sys.dont_write_bytecode = "BUILD" not in os.environ
sys.pycache_prefix = os.environ.get("BUILD", "") + "/python"
import conversation
sys.pycache_prefix = None


QUIET = 0.2  # seconds of silence that end a request


def show(data):
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


class Pace:
    """How long a handler may have seen nothing of us: since we began to send the bytes before, until the next are sent."""

    def __init__(self):
        self.last, self.most = time.monotonic(), None

    def check(self):
        if self.most is not None and time.monotonic() - self.last > self.most:
            sys.exit(75)

    def rest(self, seconds, most=None):
        time.sleep(seconds)
        self.most = QUIET - 0.02 if most is None and 0 < seconds < QUIET else most
        self.check()

    def send(self, talk, data):
        begun = time.monotonic()
        talk.send(data)
        self.check()
        self.last, self.most = begun, None

    def end(self, talk):
        talk.end()
        self.check()


pace = Pace()


def trickle(talk, pause, data):
    for at in range(len(data)):
        if select.select([talk.reading], [], [], 0)[0]:
            pace.check()  # it may be an answer to our silence
            return
        pace.send(talk, data[at:at + 1])
        pace.rest(pause)


def flood(talk, data):
    """The handler's exit may reset us or not: bytes that it did not read are lost in any case."""
    talk.writing.setblocking(False)
    while talk.process.poll() is None:
        try:
            talk.writing.send(data)
        except BlockingIOError:
            time.sleep(0.01)
        except (BrokenPipeError, ConnectionResetError):
            break
    talk.process.wait(conversation.PATIENCE)


def take(talk, step):
    name, _, value = step.partition(":")
    if name == "send":
        pace.send(talk, conversation.unescape(value))
    elif name == "trickle":
        pause, _, text = value.partition(":")
        trickle(talk, int(pause) / 1000, conversation.unescape(text))
    elif name == "flood":
        flood(talk, conversation.unescape(value))
    elif name == "pause":
        pace.rest(*(int(part) / 1000 for part in value.split(":")))
    elif name == "end":
        pace.end(talk)
    elif name == "some":
        show(talk.receive_some())
    elif name == "rest":
        show(talk.receive())
    elif name == "gone":
        talk.process.wait(conversation.PATIENCE)
    elif name == "close":
        talk.close()
    else:
        sys.exit(f"talk.py: no such step: {step}")


def main():
    arguments = conversation.Arguments(sys.argv[1:])
    talk = conversation.start(arguments)
    try:
        for step in arguments.words:
            take(talk, step)
    except OSError as problem:
        print(f"talk.py: {problem}", file=sys.stderr)
        sys.exit(99)
    talk.close()
    status, complaints = talk.finish()
    sys.stderr.buffer.write(complaints)
    sys.exit(status or 0)


main()
