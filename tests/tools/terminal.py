#!/usr/bin/python3
"""terminal.py PROMPT LINE... -- COMMAND...: runs COMMAND on a terminal, as a person would.

Types each LINE when the output ends with PROMPT. The LINE "^D" is the end of input. "keys:KEYS" is typed as it is, with
Python's escapes and no line end; so is "at TEXT:KEYS", when the output ends with TEXT. Prints everything that COMMAND
wrote (input is not echoed) and exits with its status.
"""
import os
import pty
import select
import sys
import termios

PATIENCE = 120


def give_up(pid, written):
    os.kill(pid, 9)
    sys.exit(f"terminal.py: no prompt and no end within {PATIENCE} s; so far: {written!r}")


def typed(line, prompt):
    """Returns the text to wait for and the text to type then."""
    if line == "^D":
        return prompt, b"\x04"
    if line.startswith(("keys:", "at ")):
        before, _, keys = line.partition(":")
        text = prompt if before == "keys" else before[3:].encode()
        return text, keys.encode().decode("unicode_escape").encode("latin-1")
    return prompt, line.encode() + b"\n"


def main():
    end = sys.argv.index("--")
    prompt, lines, command = sys.argv[1].encode(), sys.argv[2:end], sys.argv[end + 1:]
    pid, terminal = pty.fork()
    if pid == 0:
        modes = termios.tcgetattr(0)
        modes[1] &= ~termios.OPOST
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(0, termios.TCSANOW, modes)
        os.execvp(command[0], command)
    lines = [typed(line, prompt) for line in lines]
    written = b""
    asked = 0
    while True:
        if not select.select([terminal], [], [], PATIENCE)[0]:
            give_up(pid, written)
        try:
            got = os.read(terminal, 65536)
        except OSError:  # EIO: the other side is closed
            break
        written += got
        if lines and written.endswith(lines[0][0]) and len(written) > asked:
            asked = len(written)
            os.write(terminal, lines.pop(0)[1])
    sys.stdout.buffer.write(written)
    sys.stdout.flush()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sys.exit("terminal.py: it ended before all was typed" if lines else status)


main()
