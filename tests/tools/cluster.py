#!/usr/bin/python3
"""cluster.py [OPTION...] BASE NAMES: changes a directory, has its nodes fetch the changes, asks them, and remembers it all.

    --provider URI             takes changes; entry uN belongs to provider N modulo how many there are
    --node NAME,PID,WHERE,CONF a node in the network namespace of process PID: its lookup-server is at WHERE there
    --front WHERE              is asked as the nodes are, from here
    --rate N                   changes a minute
    --tick SECONDS             between two runs of lookup-sync on a node; 0: lookup-sync --watch
    --kills N                  so many runs are killed, at any instant
    --sync COMMAND             lookup-sync

The entries are uN,BASE for N from 1 to NAMES; their room says which version it is, VN. Every answer must be a version that
some provider has held since the last complete run but one of the node began (a provider that is still taking a change over
from another leaves it out of its answer), and no version that nobody has written. On standard output
    run NODE STATUS            a run has ended, -9 if it was killed
    asked NODE                 another 50 answers were right
    wrong NODE ...             an answer was not
    lost front ...             there was none: the one that asks the front waits for it, so a node that is cut off loses one at most
SIGTERM ends it. It then waits until the providers and nodes have the last version, for two minutes at most, and prints the lag
from change to answer.
The exit status is 1 if anything was wrong.
"""
import argparse
import ctypes
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time

CLONE_NEWNET = 0x40000000
PATIENCE = 60
stopping = threading.Event()
drained = threading.Event()
lock = threading.Lock()
wrongs = 0


def say(*words):
    with lock:
        print(*words, flush=True)


def wrong(*words):
    global wrongs
    wrongs += 1
    say("wrong", *words)


class Directory:
    """sent: the last version that was written, or begun to be; held: what each provider had when it was last seen."""

    def __init__(self, uris, base, names):
        self.uris, self.base, self.names = uris, base, names
        self.sent = [0] * (names + 1)
        self.held = [[0] * (names + 1) for _ in uris]
        self.log = []  # (name, version, when it was acknowledged)

    def write(self, name):
        self.sent[name] += 1
        version = self.sent[name]
        change = f"dn: uid=u{name},{self.base}\nchangetype: modify\nreplace: roomNumber\nroomNumber: V{version}\n"
        uri = self.uris[name % len(self.uris)]
        done = subprocess.run(["ldapmodify", "-x", "-H", uri, "-D", "cn=root,dc=example,dc=org", "-w", "secret"],
                              input=change.encode(), capture_output=True, check=False)
        if done.returncode == 0:
            self.log.append((name, version, time.monotonic()))

    def look(self, number, seconds):
        """One that is down, or does not answer in time, holds at least what it held."""
        search = ["ldapsearch", "-LLL", "-x", "-o", "ldif-wrap=no", "-H", self.uris[number], "-b", self.base, "(roomNumber=V*)",
                  "uid", "roomNumber"]
        try:
            found = subprocess.run(search, capture_output=True, check=False, timeout=seconds).stdout.decode()
        except subprocess.TimeoutExpired:
            return
        for entry in found.split("\n\n"):
            uid, room = re.search(r"^uid: u(\d+)$", entry, re.M), re.search(r"^roomNumber: V(\d+)$", entry, re.M)
            if uid and room and int(uid[1]) <= self.names:
                self.held[number][int(uid[1])] = int(room[1])

    def floor(self, seconds=1):
        for number in range(len(self.uris)):
            self.look(number, seconds)
        return list(map(min, *self.held)) if len(self.held) > 1 else list(self.held[0])

    def all_have_the_last(self):
        return self.floor(PATIENCE) == self.sent


class Node:
    def __init__(self, spec, directory, options):
        self.name, self.pid, self.where, self.conf = spec.split(",")
        self.floor = [0] * (directory.names + 1)
        self.next_floor = self.floor  # once another run is complete
        self.directory, self.options = directory, options
        self.took = 0.1  # the last run that came to its end, in seconds
        self.pending = []  # versions that were written, and not seen here yet
        self.lags = []

    def command(self, *more):
        return ["nsenter", f"--net=/proc/{self.pid}/ns/net", self.options.sync, "--config", self.conf, *more]

    def run(self):
        floor = self.directory.floor()
        begun = time.monotonic()
        with subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            if self.options.kills > 0 and random.random() < 0.7:
                time.sleep(random.random() * self.took)
                if process.poll() is None:
                    process.kill()
            said = process.communicate()[1].decode()
        with lock:
            # One may have come to its end before the signal.
            self.options.kills -= process.returncode == -9
        if process.returncode == 0:
            self.took = time.monotonic() - begun
            self.floor, self.next_floor = self.next_floor, list(map(max, self.next_floor, floor))
        elif process.returncode not in (75, -9):
            wrong(self.name, "run", process.returncode, said)
        say("run", self.name, process.returncode)

    def fetch(self):
        if self.options.tick == 0:
            with subprocess.Popen(self.command("--watch"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                drained.wait()
                process.terminate()
            return
        while not drained.is_set():
            self.run()
            drained.wait(self.options.tick * (0.5 + random.random()))


def ask(where, name):
    host, port = where.rsplit(":", 1)
    with socket.create_connection((host, int(port)), PATIENCE) as client:
        client.settimeout(PATIENCE)
        client.sendall(f"u{name}\n".encode())
        answer = b""
        while data := client.recv(4096):
            answer += data
    return answer.decode()


def asker(label, where, floors, directory, node=None):
    """Asks for names that were changed, and for others. floors: the nodes that may answer."""
    if node:
        with open(f"/proc/{node.pid}/ns/net", encoding="ascii") as network:
            if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
    seen, right = 0, 0
    while not drained.is_set():
        names = [random.randint(1, directory.names)]
        if node:
            count = len(directory.log)
            node.pending += directory.log[seen:count]
            seen = count
            random.shuffle(node.pending)
            names += [name for name, _, _ in node.pending[:20]]
        for name in names:
            least = min(node.floor[name] for node in floors)
            try:
                answer = ask(where, name)
            except OSError as problem:
                wrong(label, f"u{name}: {problem}")
                continue
            if not answer and not node:
                say("lost", label, f"u{name}")
                continue
            version = re.fullmatch(r"V(\d+)\n", answer)
            if not version or not least <= int(version[1]) <= directory.sent[name]:
                wrong(label, f"u{name}: {answer!r}, not V{least} to V{directory.sent[name]}")
                continue
            now = time.monotonic()
            if node:
                node.lags += [now - when for n, v, when in node.pending if n == name and v <= int(version[1])]
                node.pending = [p for p in node.pending if p[0] != name or p[1] > int(version[1])]
            right += 1
            if right % 50 == 0:
                say("asked", label)
        time.sleep(0.01)


def writer(directory, rate):
    while not stopping.is_set():
        begun = time.monotonic()
        directory.write(random.randint(1, directory.names))
        stopping.wait(max(0.0, begun + 60 / rate - time.monotonic()))


def settle(directory, nodes):
    """Waits until all have the last version. Calls wrong for those that do not get it."""
    # What was begun and failed may be there or not; this is there.
    for name in range(1, directory.names + 1):
        if max(held[name] for held in directory.held) < directory.sent[name]:
            directory.write(name)
    until = time.monotonic() + PATIENCE
    while not directory.all_have_the_last() and time.monotonic() < until:
        time.sleep(0.1)
    if not directory.all_have_the_last():
        wrong("providers", "they have not the same, the last")
    last = list(directory.sent)
    while any(node.pending or (node.options.tick and node.floor != last) for node in nodes) and time.monotonic() < until + PATIENCE:
        time.sleep(0.1)
    for node in nodes:
        if node.pending or (node.options.tick and node.floor != last):
            wrong(node.name, "has not the last")


def tell(nodes):
    for node in nodes:
        lags = sorted(node.lags)
        if lags:
            at = [lags[min(len(lags) - 1, len(lags) * part // 100)] for part in (50, 95, 100)]
            say(f"lag {node.name}: {len(lags)} changes, half within {at[0]:.2f} s, 95 % {at[1]:.2f} s, all {at[2]:.2f} s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--provider", action="append")
    parser.add_argument("--node", action="append")
    parser.add_argument("--front")
    parser.add_argument("--rate", type=float, default=600)
    parser.add_argument("--tick", type=float, default=0.5)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--sync", required=True)
    parser.add_argument("base")
    parser.add_argument("names", type=int)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    directory = Directory(options.provider, options.base, options.names)
    nodes = [Node(spec, directory, options) for spec in options.node]
    directory.floor(PATIENCE)
    directory.sent = list(map(max, *directory.held))
    threads = [threading.Thread(target=writer, args=(directory, options.rate))]
    for node in nodes:
        threads.append(threading.Thread(target=node.fetch))
        threads.append(threading.Thread(target=asker, args=(node.name, node.where, [node], directory, node)))
    if options.front:
        threads.append(threading.Thread(target=asker, args=("front", options.front, nodes, directory)))
    for thread in threads:
        thread.start()
    say("begun")
    while not stopping.wait(0.2):
        pass
    threads[0].join()
    settle(directory, nodes)
    drained.set()
    for thread in threads[1:]:
        thread.join()
    tell(nodes)
    say("ended", wrongs)
    return 1 if wrongs else 0


sys.exit(main())
