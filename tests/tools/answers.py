#!/usr/bin/python3
"""answers.py TABLE [-] HANDLER...: sends each request of TABLE to HANDLER, which answers a session on a pipe.

A line of TABLE is a request, a tab, and its answer, with \\n between the answer's lines. Prints each answer that differs,
and their number; exits with 1 if any does. With -, prints the table with the actual answers.
"""
import subprocess
import sys

END = "ERROR: empty request"  # the answer to the empty line between two requests


def main():
    table, *handler = sys.argv[1:]
    anew = handler[0] == "-"
    with open(table, encoding="utf-8", newline="\n") as lines:
        cases = [(line.rstrip("\n").split("\t") + [""])[:2] for line in lines]
    asked = "".join(request + "\n\n" for request, _ in cases).encode()
    said = subprocess.run(handler[anew:], input=asked, stdout=subprocess.PIPE, check=True).stdout.decode()
    answers = [answer.strip("\n").replace("\n", "\\n") for answer in said.split(END + "\n")[:-1]]
    if len(answers) != len(cases):
        sys.exit(f"{len(cases)} requests, {len(answers)} answers")
    wrong = 0
    for (request, expected), answer in zip(cases, answers):
        wrong += answer != expected
        if anew:
            print(request, answer, sep="\t")
        elif answer != expected:
            print(f"asked    {request}\n  said     {answer}\n  expected {expected}")
    if not anew:
        print(len(cases), "asked,", wrong, "answered otherwise")
    return wrong > 0 and not anew


sys.exit(main())
