#!/usr/bin/python3
"""The textbook's server as a handler: one request on standard input."""
import sys

OFFICES = {"JOHN": "C45", "DENISE": "C44", "PHOEBE": "D52", "ADAM": "B23"}

name = sys.stdin.readline().strip().upper()
print(OFFICES.get(name, f"UNKNOWN NAME: {name}"))
