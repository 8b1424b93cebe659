#!/usr/bin/python3
"""read_cards.py FILE...: writes to FILE.list what lookup-book list is to print of the vCards in FILE, as vobject reads them."""
import sys

from vobject.base import getLogicalLines, parseLine
from vobject.icalendar import stringToTextValues
from vobject.vcard import splitFields

BLANKS = " \t\u00a0"


def cards(file):
    """Of each card, in its order: (name, words of TYPE, value)."""
    for line, number in getLogicalLines(file, allowQP=False):
        name, parameters, value, _ = parseLine(line, number)
        if name.upper() == "BEGIN":
            card = []
        elif name.upper() == "END":
            yield card
        else:
            types = {word for key, *words in parameters if key.upper() == "TYPE" for word in ",".join(words).lower().split(",")}
            card.append((name.upper(), types, value))


def trim(text):
    # Lines may be folded inside a character, so what vobject unfolds are bytes.
    return text.encode("latin-1").decode().strip(BLANKS)


def join(parts, joint):
    return joint.join(filter(None, map(trim, parts))).encode().decode("latin-1")


def flat(fields):
    return [text for field in fields for text in (field if isinstance(field, list) else [field])]


def entries(card):
    def values(wanted):
        return [text for name, _, value in card if name == wanted for text in stringToTextValues(value)]

    names = values("FN")
    if not names:
        family, given = next(splitFields(value)[:2] for name, _, value in card if name == "N")
        names = [join(flat([given]) + flat([family]), " ")]
    offices = values("X-OFFICE") or [join(flat(splitFields(value)), ", ") for name, types, value in card
                                     if name == "ADR" and "work" in types]
    for office in filter(None, offices):
        for name in names + values("NICKNAME"):
            yield f"{trim(name)} = {trim(join(office.split(chr(10)), ', '))}\n"


for path in sys.argv[1:]:
    with open(path, encoding="latin-1", newline="") as file, open(path + ".list", "w", encoding="utf-8") as out:
        out.writelines(dict.fromkeys(entry for card in cards(file) for entry in entries(card)))
