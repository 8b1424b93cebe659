#!/usr/bin/python3
"""read_cards.py FILE...: writes to FILE.list what lookup-book list must print for the vCards in FILE, as vobject reads them."""
import re
import sys

from vobject.base import getLogicalLines, parseLine
from vobject.icalendar import stringToTextValues
from vobject.vcard import splitFields

BLANKS = " \t\u00a0"
OF_NO_PLACE = {"dom", "intl", "postal", "parcel", "pref"}


def cards(file):
    """Yields each card as a list of (name, words of TYPE, value), in order."""
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
    # Lines may be folded inside a character, so vobject unfolds bytes.
    return text.encode("latin-1").decode().strip(BLANKS)


def join(parts, joint):
    return joint.join(filter(None, map(trim, parts))).encode().decode("latin-1")


def join_lines(text):
    """Joins lines by a comma, or by a blank after a line that already ends in "," or ";"."""
    whole = ""
    for line in filter(None, map(trim, text.split("\n"))):
        whole += (" " if whole[-1:] in ",;" else ", ") * (whole != "") + line
    return whole


def escape_name(name):
    """Escapes a name for the plain format."""
    return re.sub(r"^#|\\(?=[\\=#])|=", r"\\\g<0>", name)


def flat(fields):
    return [text for field in fields for text in (field if isinstance(field, list) else [field])]


def entries(card):
    def values(wanted):
        return [text for name, _, value in card if name == wanted for text in stringToTextValues(value)]

    def is_of_no_place(types):
        """An address without a place is a work address if no other one is; in 4.0 if it is the only one."""
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
