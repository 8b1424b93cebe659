#!/usr/bin/python3
r"""golden.py WAY [--ends] TABLE [-- COMMAND...]: compares a handler, activated in one way, with a golden table.

WAY is --pipe, --socketpair or --tcppair (COMMAND is started for each case), --tcp HOST:PORT or --unix PATH, --udp
HOST:PORT or --datagram PATH.

A line of the table is a case: its name, the request, the answer, and the exit status unless it is 0, separated by tabs.
Requests and answers may contain \r \n \t \0 \\ \xHH, and {COUNT*TEXT} for COUNT times TEXT. An answer that starts with ~
is a regular expression that must match the whole answer. A line that starts with @NAME@ defines a text for use in the
lines below. Blank lines and lines that start with # are ignored.

Each case runs twice: with a client that ends its side after the request, and with one that keeps it open. A request that
ends in <EOF> runs only with the first, and so do all with --ends. The answer is everything up to EOF; a reset is an
error. With datagrams each case runs once, and datagram_answer says which answers differ. Prints the first 20
differences, with at most 400 characters a line, and the number of cases and of failed ones; exits with 1 if any failed.
"""
import concurrent.futures
import re
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
import conversation

AT_ONCE = 16  # super-servers allow one address 64; answered clients that have not yet gone count too
SHOWN, LONGEST = 20, 400  # limits for differences and for characters of a line


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
    """Returns (answer, exit status, standard error); the answer is an exception if the conversation failed."""
    talk = conversation.start(arguments)
    try:
        talk.send(request)
        if ends:
            talk.end()
        answer = talk.receive()
    except OSError as problem:
        answer = problem
    if not ends and arguments.command and isinstance(answer, bytes) and not talk.is_socket:
        # On a pipe, only the handler's exit ends the answer: check that it did not wait for our end.
        status = talk.finish()
        talk.close()
        return answer, *status
    talk.close()
    return answer, *talk.finish()


HEADERS = 48  # bytes of the IPv6 and UDP headers
DATAGRAM_MAX = 512


def padded(request):
    """Pads the request with leading blanks, which are ignored, so that the longest answer may be sent, as `lookup -u` does."""
    room = -(-(DATAGRAM_MAX + HEADERS) // 3) - HEADERS
    return b" " * (room - len(request)) + request


def datagram_answer(request, answer):
    """Returns a datagram service's answer where a stream service's is answer; None: no answer."""
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
    if len(sent) > 65507:  # too long for a datagram
        return []
    is_pattern = expected.startswith("~")
    wanted = expected if is_pattern else datagram_answer(sent, conversation.unescape(expected))
    talk = conversation.start(arguments)
    talk.send(sent if wanted is None else padded(sent))
    # Then send a request that certainly gets an answer: if its answer comes first, the case has none.
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
        if (request.endswith("<EOF>") or arguments.ends) and not ends:
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
    """Prints the first differences, and the number of the rest."""
    for text in found[:SHOWN]:
        for line in text.split("\n"):
            print(line if len(line) <= LONGEST else f"{line[:LONGEST]}... ({len(line)} characters)")
    if len(found) > SHOWN:
        print(f"... and {len(found) - SHOWN} differences more")


def main():
    arguments = conversation.Arguments(sys.argv[1:])
    [table] = arguments.words
    cases = read_table(table)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda case: differences(arguments, case), cases))
    wrong = sum(map(bool, found))
    show([text for texts in found for text in texts])
    print(f"{len(cases)} cases, {wrong} wrong")
    sys.exit(wrong > 0 or not cases)


main()
