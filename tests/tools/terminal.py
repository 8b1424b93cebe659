#!/usr/bin/python3
"""terminal.py PROMPT LINE... -- COMMAND...: COMMAND on a terminal, as a person would use it.

Each LINE is typed when the output ends with PROMPT; the LINE "^D" is the end of input. Prints all that COMMAND wrote (what
is typed is not echoed) and exits with its status.
"""
import os
import pty
import select
import sys
import termios

PATIENCE = 30


def give_up(pid, written):
    os.kill(pid, 9)
    sys.exit(f"terminal.py: no prompt and no end within {PATIENCE} s; so far: {written!r}")


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
    written = b""
    asked = 0
    while True:
        if not select.select([terminal], [], [], PATIENCE)[0]:
            give_up(pid, written)
        try:
            got = os.read(terminal, 65536)
        except OSError:  # EIO: nobody has the other side open any more
            break
        written += got
        if lines and written.endswith(prompt) and len(written) > asked:
            asked = len(written)
            line = lines.pop(0)
            os.write(terminal, b"\x04" if line == "^D" else line.encode() + b"\n")
    sys.stdout.buffer.write(written)
    sys.stdout.flush()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sys.exit("terminal.py: it ended before all was typed" if lines else status)


main()
