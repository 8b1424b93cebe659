#!/usr/bin/env python3
"""Writes decompose_table.h from the Unicode Character Database.

    decompose_table.py /usr/share/unicode >decompose_table.h

The file is in Debian's package unicode-data. The tables are compact, because the
handler should stay within 64 KB; the assertions check what their layout relies on.
"""
import os
import sys

IDEOGRAPHS = (0xF900, 0xFADA), (0x2F800, 0x2FA1E)  # compatibility ideographs: each decomposes to one
LARGE = 0x10000

folder = sys.argv[1]
to, classes = {}, {}
with open(f"{folder}/UnicodeData.txt", encoding="ascii") as lines:
    for line in lines:
        fields = line.split(";")
        point = int(fields[0], 16)
        if int(fields[3]):
            classes[point] = int(fields[3])
        if fields[5] and not fields[5].startswith("<"):
            to[point] = [int(p, 16) for p in fields[5].split()]


def version():
    """The Unicode version, from SpecialCasing.txt: UnicodeData.txt does not have it."""
    with open(os.path.join(folder, "SpecialCasing.txt"), encoding="utf-8") as lines:
        return next(lines).split("-")[1].removesuffix(".txt\n")


def rows(numbers, width):
    """Prints width numbers a line."""
    for i in range(0, len(numbers), width):
        print("    " + ", ".join(numbers[i:i + width]) + ",")


def is_ideograph(point):
    return any(first <= point < end for first, end in IDEOGRAPHS)


ideographs = [to.get(point, [0])[0] for first, end in IDEOGRAPHS for point in range(first, end)]
assert all(len(to[point]) == 1 for point in to if is_ideograph(point))
assert all(n < LARGE or 2 * LARGE <= n < 3 * LARGE for n in ideographs)
short = sorted(point for point in to if point < LARGE and not is_ideograph(point))
long = sorted(point for point in to if point >= LARGE and not is_ideograph(point))
seconds = [0] + sorted({to[point][1] for point in short if len(to[point]) == 2})
assert len(seconds) <= 256 and max(seconds) < LARGE and all(to[point][0] < LARGE for point in short)

# A run is consecutive code points of one class: first, how many more, class.
runs = []
for point in sorted(classes):
    if runs and runs[-1][0] + runs[-1][1] + 1 == point and runs[-1][2] == classes[point] and runs[-1][1] < 63:
        runs[-1][1] += 1
    else:
        runs.append([point, 0, classes[point]])
assert all(point < 1 << 18 for point in classes)

print(f"""/* Made by decompose_table.py from Unicode {version()}; do not edit. */
#ifndef LOOKUP_DECOMPOSE_TABLE_H
#define LOOKUP_DECOMPOSE_TABLE_H

#include <stdint.h>

/* Code points below U+10000 that decompose to one or two code points. */
static const uint16_t short_points[] = {{""")
rows([f"0x{point:04X}" for point in short], 12)
print("};\n\nstatic const uint16_t short_firsts[] = {")
rows([f"0x{to[point][0]:04X}" for point in short], 12)
print("};\n\n/* Index of the second code point in seconds. */\nstatic const uint8_t short_seconds[] = {")
rows([str(seconds.index((to[point] + [0])[1])) for point in short], 24)
print("};\n\nstatic const uint16_t seconds[] = {")
rows([f"0x{n:04X}" for n in seconds], 12)
print("};\n\n/* Likewise for U+10000 and above. */\nstatic const uint32_t long_points[][3] = {")
rows([f"{{0x{point:05X}, 0x{to[point][0]:05X}, 0x{to[point][1]:05X}}}" for point in long], 3)
print("};\n\n/* Compatibility ideographs of both blocks: the lower 16 bits, and whether to add 0x20000. */")
for name, (first, end) in zip(("FIRST", "SECOND"), IDEOGRAPHS):
    print(f"enum {{ IDEOGRAPHS_{name} = 0x{first:04X}, IDEOGRAPHS_{name}_END = 0x{end:04X} }};")
print("static const uint16_t ideographs[] = {")
rows([f"0x{n % LARGE:04X}" for n in ideographs], 12)
print("};\n\nstatic const uint8_t ideographs_large[] = {")
bits = [sum((n >= LARGE) << i for i, n in enumerate(ideographs[at:at + 8])) for at in range(0, len(ideographs), 8)]
rows([f"0x{byte:02X}" for byte in bits], 16)
print("};\n\n/* Runs of code points of one combining class: first << 14 | how many more << 8 | class. */")
print("static const uint32_t class_runs[] = {")
rows([f"0x{first << 14 | more << 8 | of:08X}" for first, more, of in runs], 8)
print("};\n\n#endif")
