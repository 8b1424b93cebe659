#!/usr/bin/python3
"""read_cards.py FILE...: writes to FILE.list what lookup-book list is to print of the vCards in FILE, as vobject reads them."""
import re
import sys

from vobject.base import getLogicalLines, parseLine
from vobject.icalendar import stringToTextValues
from vobject.vcard import splitFields

BLANKS = " \t\u00a0"
OF_NO_PLACE = {"dom", "intl", "postal", "parcel", "pref"}


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


def join_lines(text):
    """A line that ends as if joined already is joined by a blank."""
    whole = ""
    for line in filter(None, map(trim, text.split("\n"))):
        whole += (" " if whole[-1:] in ",;" else ", ") * (whole != "") + line
    return whole


def escape_name(name):
    """As a plain line has it."""
    return re.sub(r"^#|\\(?=[\\=#])|=", r"\\\g<0>", name)


def flat(fields):
    return [text for field in fields for text in (field if isinstance(field, list) else [field])]


def entries(card):
    def values(wanted):
        return [text for name, _, value in card if name == wanted for text in stringToTextValues(value)]

    def is_of_no_place(types):
        """An address that says of no place is of work if no other one says so; in 4.0 if it is the only one."""
        return types <= OF_NO_PLACE and (values("VERSION")[:1] != ["4.0"] or sum(name == "ADR" for name, *_ in card) == 1)

    names = values("FN")
    if not names:
        family, given = next(splitFields(value)[:2] for name, _, value in card if name == "N")
        names = [join(flat([given]) + flat([family]), " ")]
    addresses = [(types, join(flat(splitFields(value)), ", ")) for name, types, value in card if name == "ADR"]
    offices = (values("X-OFFICE") or [office for types, office in addresses if "work" in types and join_lines(office)]
               or [office for types, office in addresses if is_of_no_place(types)])
    for office in filter(None, offices):
        for name in names + values("NICKNAME"):
            yield f"{escape_name(trim(name))} = {join_lines(office)}\n"


for path in sys.argv[1:]:
    with open(path, encoding="latin-1", newline="") as file, open(path + ".list", "w", encoding="utf-8") as out:
        out.writelines(dict.fromkeys(entry for card in cards(file) for entry in entries(card)))
