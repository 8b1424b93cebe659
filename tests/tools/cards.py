"""cards.py COUNT: writes that many sets of random vCards, each in three versions: 0-2.1.vcf, 0-3.0.vcf, 0-4.0.vcf and so on.

The versions of a set hold the same people. The files are the same each time."""
import quopri
import random
import sys

PIECES = ["John", "Ann", " ", "  ", ",", ";", ":", "\t", '"', "\\", "\\n", "é", "ß", "東京", "😀", "\u00a0", "'", ".", "-"]


BLANKS = " \t\u00a0"


def text(least):
    return "".join(random.choices(PIECES, k=random.randint(least, 5)))


def lines(least):
    return "\n".join([text(least)] + [text(0) for _ in range(random.choice([0, 0, 1, 2]))])


def person(number):
    """Yields properties: name, parameters, and the value: a text, or a list of components, which are lists of texts."""
    yield "VERSION", {}, None
    if random.random() < 0.7:
        yield "FN", {}, f"{number}f {text(1)}"
    yield "N", {}, [[f"{number}n {text(0)}"], [text(0) for _ in range(random.randint(1, 2))], [text(0)], [], []]
    if random.random() < 0.3:
        yield "NICKNAME", {}, [[f"{number}k{i} {text(0)}" for i in range(random.randint(1, 3))]]
    yield "NOTE", {}, lines(0) + "\nX-OFFICE:no"
    for kind in random.choices(["home", "work", "work,pref", "dom"], k=random.randint(0, 2)):
        yield "ADR", {"TYPE": kind}, [[lines(0) for _ in range(random.choice([0, 1, 1, 2]))] for _ in range(7)]
    for _ in range(random.choice([0, 1, 1, 2])):
        yield "X-OFFICE", {"VALUE": "text"}, lines(0) + f"R{number}"


def escape(value, others):
    for character in "\\" + others:
        value = value.replace(character, "\\" + character)
    return value.replace("\n", "\\n")


def line(version, name, parameters, value):
    """Formats a property with its escapes; version 2.1 has no lists and does not escape commas."""
    head = random.choice(["", "", "item1."]) + random.choice([name, name.lower()])
    for key, word in parameters.items():
        head += random.choice([f";{key}={word}", f";{key.lower()}={word.upper()}"])
    if value is None:
        return f"VERSION:{version}"
    if isinstance(value, str):
        return f"{head}:{escape(value, '' if version == '2.1' else ',')}"
    if version == "2.1":
        joint = " " if name == "N" else ", "
        parts = (joint.join(filter(None, (text.strip(BLANKS) for text in part))) for part in value)
        return head + ":" + ";".join(escape(part, ";") for part in parts)
    others = "," if name == "NICKNAME" else ",;"
    return head + ":" + ";".join(",".join(escape(text, others) for text in part) for part in value)


def fold(bytes_, end):
    """Folds anywhere, even inside a character."""
    out = b""
    while bytes_:
        length = random.randint(1, 75)
        out += (end + random.choice([b" ", b"\t"]) if out else b"") + bytes_[:length]
        bytes_ = bytes_[length:]
    return out


def quote(whole, end):
    """Encodes the value as quoted-printable, which also breaks inside characters."""
    head, value = whole.split(":", 1)
    value = quopri.encodestring(value.encode()).replace(b"=\n", b"=" + end)
    value = value.replace(b"=C3", b"=C3=" + end)
    return head.encode() + b";ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:" + value


def write(file, version, people, end):
    for number in people:
        random.seed(number)
        properties = list(person(number))
        file.write(b"BEGIN:VCARD" + end)
        for name, parameters, value in properties:
            if version == "2.1" and name == "NICKNAME":
                wholes = [line(version, name, parameters, text) for text in value[0]]
            else:
                wholes = [line(version, name, parameters, value)]
            for whole in wholes:
                quoted = version == "2.1" and name != "VERSION"
                file.write((quote(whole, end) if quoted else fold(whole.encode(), end)) + end)
        file.write(b"END:VCARD" + end)


def main():
    for number in range(int(sys.argv[1])):
        for version in ("2.1", "3.0", "4.0"):
            with open(f"{number}-{version}.vcf", "wb") as file:
                write(file, version, range(number * 20, number * 20 + 20), [b"\n", b"\r\n"][number % 2])


main()
