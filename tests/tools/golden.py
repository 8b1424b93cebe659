#!/usr/bin/python3
r"""golden.py WAY TABLE [-- COMMAND...]: holds one way of activating a handler against a golden table.

WAY is --pipe, --socketpair or --tcppair (COMMAND is started for each case), --tcp HOST:PORT or --unix PATH, --udp HOST:PORT or
--datagram PATH.

A line of the table is a case: its name, the request, the answer, the exit status unless that is 0; a tab in between. The
request and the answer have \r \n \t \0 \\ \xHH, and {COUNT*TEXT} for TEXT so many times. An answer that starts with ~ is a
regular expression for all of it. A line that starts with @NAME@ defines a text, which may be used in the lines below. Blank
lines and those that start with # are for people.

Each case is done twice: by a client that ends its side after the request and by one that keeps it open. A request that ends
in <EOF> means something only with the first. Either way the answer is all there is up to EOF; a reset is never right.
By datagrams each case is done once, and some are answered as datagram_answer says.
Prints the first 20 of the differences, no line of them over 400 characters, and how many cases there are and how many are
wrong; 1 if any is.
"""
import argparse
import concurrent.futures
import re
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import conversation

AT_ONCE = 16  # of the 64 that super-servers allow one address; those that have answered and are not yet gone count, too
SHOWN, LONGEST = 20, 400  # differences, and characters of a line: whoever reads them needs no more


def read_table(path):
    texts, cases = {}, []
    with open(path, encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            fields = line.rstrip("\n").split("\t")
            if line.startswith("#") or not line.strip():
                continue
            fields[1:] = [re.sub(r"@[a-z0-9-]+@", lambda m: texts.get(m[0], m[0]), f) for f in fields[1:]]
            if line.startswith("@"):
                texts[fields[0]] = fields[1]
            elif len(fields) in (3, 4):
                cases.append((*fields[:3], int(fields[3]) if len(fields) == 4 else 0))
            else:
                sys.exit(f"{path}:{number}: a case has 3 or 4 columns, not {len(fields)}")
    names = [case[0] for case in cases]
    if len(set(names)) < len(names):
        sys.exit(f"{path}: two cases have one name: {max(names, key=names.count)}")
    return cases


def is_right(got, expected):
    if expected.startswith("~"):
        return re.fullmatch(expected[1:].encode(), got) is not None
    return got == conversation.unescape(expected)


def ask(arguments, request, ends):
    """(answer, exit status, standard error); the answer is an exception if it went wrong."""
    talk = conversation.start(arguments)
    try:
        talk.send(request)
        if ends:
            talk.end()
        answer = talk.receive()
    except OSError as problem:
        answer = problem
    if not ends and arguments.command and isinstance(answer, bytes) and not talk.is_socket:
        # On a pipe nothing but the end of the handler ends the answer: see that it did not wait for ours.
        status = talk.finish()
        talk.close()
        return answer, *status
    talk.close()
    return answer, *talk.finish()


HEADERS = 48  # bytes, of IPv6 and UDP
DATAGRAM_MAX = 512


def padded(request):
    """With blanks before it, which are no part of it, so that any answer may be sent whole, as `lookup -u` sees to."""
    room = -(-(DATAGRAM_MAX + HEADERS) // 3) - HEADERS
    return b" " * (room - len(request)) + request


def datagram_answer(request, answer):
    """What a datagram service says where a stream service says answer; None: not a word."""
    refused = (b"ERROR: empty", b"ERROR: request", b"HTTP/")
    if not request or request.startswith((b"UNKNOWN ", b"ERROR: ")) or answer.startswith(refused):
        return None
    if len(answer) <= DATAGRAM_MAX:
        return answer
    end = b"\r\n" if answer.endswith(b"\r\n") else b"\n" if answer.endswith(b"\n") else b""
    return b"ERROR: answer too long, ask by TCP" + end


def datagram_differences(arguments, case):
    name, request, expected, _ = case
    sent = conversation.unescape(request.removesuffix("<EOF>"))
    if len(sent) > 65507:  # no datagram
        return []
    is_pattern = expected.startswith("~")
    wanted = expected if is_pattern else datagram_answer(sent, conversation.unescape(expected))
    talk = conversation.start(arguments)
    talk.send(sent if wanted is None else padded(sent))
    # A question that is surely answered behind it: where its answer is the first to come, the case has none.
    talk.send(b"control question")
    control = (b"UNKNOWN NAME: CONTROL QUESTION", b"UNKNOWN OPTION: CONTROL QUESTION")
    got = talk.receive_some()
    last = got if got in control else talk.receive_some()
    talk.close()
    if wanted is None:
        right = got in control
    else:
        right = is_right(got, expected) if is_pattern else got == wanted
    if right and last in control:
        return []
    return [f"{name}:\n    sent     {request}\n    expected {expected}\n    got      {conversation.escape(got)}"]


def differences(arguments, case):
    if arguments.udp or arguments.datagram:
        return datagram_differences(arguments, case)
    name, request, expected, expected_status = case
    found = []
    for ends in (True, False):
        if request.endswith("<EOF>") and not ends:
            continue
        answer, status, complaints = ask(arguments, conversation.unescape(request.removesuffix("<EOF>")), ends)
        how = "ending its side" if ends else "keeping its side open"
        if isinstance(answer, OSError):
            found.append(f"{name} ({how}):\n    {answer}")
        elif not is_right(answer, expected):
            found.append(f"{name} ({how}):\n    sent     {request}\n    expected {expected}\n"
                         f"    got      {conversation.escape(answer)}")
        if status not in (None, expected_status):
            found.append(f"{name} ({how}):\n    exit status {status}, not {expected_status}")
        if complaints:
            found.append(f"{name} ({how}):\n    standard error: {conversation.escape(complaints)}")
    return found


def show(found):
    """The first of them, and how many are not shown."""
    for text in found[:SHOWN]:
        for line in text.split("\n"):
            print(line if len(line) <= LONGEST else f"{line[:LONGEST]}... ({len(line)} characters)")
    if len(found) > SHOWN:
        print(f"... and {len(found) - SHOWN} differences more")


def main():
    parser = argparse.ArgumentParser()
    conversation.ways(parser)
    parser.add_argument("table")
    arguments = conversation.parse(parser, sys.argv[1:])
    cases = read_table(arguments.table)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda case: differences(arguments, case), cases))
    wrong = sum(map(bool, found))
    show([text for texts in found for text in texts])
    print(f"{len(cases)} cases, {wrong} wrong")
    sys.exit(wrong > 0 or not cases)


main()
