"""tables.py COUNT: writes COUNT tables with Python's csv module, and to 0.csv.list and so on what lookup-book list must
print for them, as that module reads them.

They are the same each time."""
import csv
import random
import re
import sys

PIECES = ["John", "Ann", " ", "  ", ",", ";", "\t", '"', '""', "\n", "\r\n", "é", "ß", "東京", "😀", "\u00a0", "'", "x", "\\", "|"]
BLANKS = " \t\u00a0"


def field(least):
    return "".join(random.choices(PIECES, k=random.randint(least, 5)))


def escape(name):
    return re.sub(r"^#|\\(?=[\\=#])|=", r"\\\g<0>", name)


def one_line(office):
    """Joins lines by a comma, or by a blank after a line that already ends in "," or ";"."""
    whole = ""
    for line in filter(None, (line.strip(BLANKS) for line in office.replace("\r\n", "\n").split("\n"))):
        whole += (" " if whole.endswith((",", ";")) else ", " if whole else "") + line
    return whole


def write(path):
    extra = random.randint(0, 3)
    columns = ["Name", "OFFICE"] + [f"x{i}" + field(0) for i in range(extra)]
    order = random.sample(range(len(columns)), len(columns))
    delimiter = random.choice(",;\t")
    with open(path, "w", newline="", encoding=random.choice(["utf-8", "utf-8-sig"])) as file:
        table = csv.writer(file, delimiter=delimiter, lineterminator=random.choice(["\n", "\r\n"]),
                           quoting=random.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
        # Without it, other characters in further columns of the header could outnumber its separators.
        if extra > 0 or random.random() < 0.5:
            file.write(f"sep={delimiter}{table.dialect.lineterminator}")
        table.writerow([columns[i] for i in order])
        for number in range(random.randint(0, 20)):
            row = [f"{number} {field(1)}".replace("\r", "").replace("\n", ""), f"R{field(0)}"] + [field(0) for _ in range(extra)]
            table.writerow([row[i] for i in order])
            if random.random() < 0.1:
                file.write(table.dialect.lineterminator)
    return delimiter


def read(path, delimiter):
    with open(path, newline="", encoding="utf-8-sig") as file:
        if not file.readline().startswith("sep="):
            file.seek(0)
        for row in csv.DictReader(file, delimiter=delimiter, strict=True):
            yield f"{escape(row['Name'].strip(BLANKS))} = {one_line(row['OFFICE'].strip(BLANKS))}\n"


def main():
    random.seed(20261125)
    for number in range(int(sys.argv[1])):
        path = f"{number}.csv"
        delimiter = write(path)
        with open(f"{path}.list", "w", encoding="utf-8") as file:
            file.writelines(read(path, delimiter))


main()
