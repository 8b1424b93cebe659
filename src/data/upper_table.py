#!/usr/bin/env python3
"""Writes upper_table.h from the Unicode Character Database.

    upper_table.py /usr/share/unicode >upper_table.h

The two files are in Debian's package unicode-data. This follows the standard
directly (UnicodeData.txt field 12, SpecialCasing.txt's unconditional lines) and does
not use Python's str.upper(), so that the tests can compare with it.
"""
import sys

folder = sys.argv[1]
simple, special, version = {}, {}, "?"

with open(f"{folder}/UnicodeData.txt", encoding="ascii") as lines:
    for line in lines:
        fields = line.rstrip("\n").split(";")
        if fields[12]:
            simple[int(fields[0], 16)] = int(fields[12], 16)

with open(f"{folder}/SpecialCasing.txt", encoding="utf-8") as lines:
    for line in lines:
        if line.startswith("# SpecialCasing-"):
            version = line.split("-")[1].removesuffix(".txt\n")
        fields = [f.strip() for f in line.split("#")[0].split(";")]
        if len(fields) == 5:  # code; lower; title; upper; (empty: no condition)
            point = int(fields[0], 16)
            to = [int(p, 16) for p in fields[3].split()]
            if to != [point]:
                special[point] = to
            simple.pop(point, None)

# A run is code points at equal steps with the same distance to their upper case.
runs = []
for point in sorted(simple):
    delta = simple[point] - point
    if runs and runs[-1][3] == delta:
        first, last, step, _ = runs[-1]
        gap = point - last
        if gap <= 2 and (first == last or gap == step):
            runs[-1] = (first, point, gap, delta)
            continue
    runs.append((point, point, 1, delta))

print(f"""/* Made by upper_table.py from Unicode {version}; do not edit. */
#ifndef LOOKUP_UPPER_TABLE_H
#define LOOKUP_UPPER_TABLE_H

#include <stdint.h>

static const struct upper_run {{
    uint32_t first : 20;
    uint32_t width : 10; /* last code point - first */
    uint32_t step : 2;
    int32_t delta;
}} upper_runs[] = {{""")
for first, last, step, delta in runs:
    print(f"    {{0x{first:04X}, 0x{last - first:X}, {step}, {delta}}},")
print("""};

static const struct upper_special {
    uint16_t point;
    uint16_t to[3]; /* padded with 0 */
} upper_specials[] = {""")
for point in sorted(special):
    to = ", ".join(f"0x{p:04X}" for p in special[point])
    print(f"    {{0x{point:04X}, {{{to}}}}},")
print("""};

#endif""")
