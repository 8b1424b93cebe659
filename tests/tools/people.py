#!/usr/bin/python3
"""people.py source SEED COUNT: prints a source of COUNT realistic names, NAME = OFFICE.
people.py requests SEED COUNT REQUESTS: prints REQUESTS lines, each a way to ask for one of these names.

The same seed gives the same lines. Names are of several scripts, with composed and decomposed marks, hyphens,
apostrophes, initials and titles; as among people, a few names are very common and many are rare.
"""
import itertools
import random
import re
import sys
import unicodedata
import zlib

# For each kind of people: its share in percent, given names, family names, and how rare family names start and end.
KINDS = [
    (52, "James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph Jessica Thomas "
         "Sarah Charles Karen Daniel Lisa Matthew Nancy Anthony Betty Mark Margaret Paul Sandra Anna Mary-Ann Jean-Paul Zoe Jose "
         "Lars Ida Tom Eva Leo Ana Ali Omar Fatima Wei Ming Ravi Priya Kofi Ama",
     "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee "
     "Thompson White Harris Clark Lewis Robinson Walker O'Brien O'Neil McDonald D'Angelo Smith-Jones Muller Meyer Lopez Nunez Kim Nguyen "
     "Singh Patel Khan Mensah Peeters Jansen",
     "Al Bar Ber Cal Dan Del Far Gar Hal Har Jen Kel Lan Mar Nor Os Par Quin Ros San Tal Ul Ver Wal Win Yar Zel",
     "ter ton man son berg well wood ford field ham ley by dale more stone worth smith stein ner ling ker lin den ria no ez ini"),
    (22, "Jürgen Søren Łukasz José François Zoë Åsa Renée Björn André María Jiří Zdeněk Đorđe Þórunn Gökçe Işıl Ángel Noël João Małgorzata "
         "Jean-François Éva Kaśka Sinéad Anaïs",
     "Müller Weiß Núñez Gonçalves Kovačević Dvořák Ørsted Æbelø Łęcki Ångström Häkkinen Çelik Yılmaz García Pérez Sánchez Novák Szabó "
     "Nguyễn Trần Đặng Strauß Königsberg O’Brien Müller-Lüdenscheidt Štefánik Þórsson Guðmundsdóttir",
     "Bär Böh Dör Fröh Gär Hör Jäg Köl Lör Mül Nör Pös Rös Schü Tür Vög Wär Züh Ček Křiv Něm Šim Žel Nuñ Peñ Ibá",
     "ler mann berg bäck ström gård ová ský ić ević ová dóttir son stein lund sjö holm nagel hauer ez ções"),
    (8, "Иван Мария Дмитрий Анна Сергей Елена Алексей Ольга Фёдор Йована Андрій Ђорђе",
     "Иванов Смирнова Кузнецов Попова Васильев Петрова Соколов Йовановић Шевченко Ёлкин Римский-Корсаков",
     "Бел Вол Гор Дор Зай Кар Лаз Мор Ник Ор Пет Сор Тих Фёд Чер", "ов ова ин ина ев ева ский ская енко ович ук"),
    (4, "Γιώργος Μαρία Δημήτρης Ελένη Κώστας Σοφία Ολυμπία", "Παπαδόπουλος Αγγελόπουλος Οικονόμου Νικολαΐδης Γεωργίου",
     "Παπα Χατζη Καρα Κωνσταντ Νικολ Δημητρ", "όπουλος ίδης άκης ίου έας"),
    (5, "太郎 花子 健 直樹 伟 芳 娜 敏 静 강", "山田 佐藤 鈴木 高橋 王 李 张 刘 陈 渡邊",
     "大 小 中 上 下 前 後 東 西 南 北 金 石 松", "村 田 川 山 本 野 島 崎 井 藤"),
    (4, "민준 서연 지훈 수빈 하은 도윤", "김 이 박 최 정 강 남궁", "남 선 독 황 제", "궁 우 고 보 갈"),
    (3, "محمد أحمد فاطمة عائشة علي خالد", "الخطيب المصري حداد النجار عباس", "ال عبد أبو", "رحمن كريم سلام نور"),
    (2, "राजेश प्रिया अमित सुनीता क़ासिम", "शर्मा वर्मा सिंह गुप्ता ज़ैदी", "रा का मे दे", "ठोर पूर नी व"),
]
TITLES = ["Dr.", "Prof.", "Dr. med.", "Sir"]
BEHIND = ["Jr.", "Sr.", "III", "PhD", "M.D."]
SMALL = ["van", "de", "von", "da", "al", "van der", "de la"]


def drawn(rng, items, steepness=1.0):
    """Yields items forever, the first ones far more often."""
    weights = list(itertools.accumulate((i + 3) ** -steepness for i in range(len(items))))
    while True:
        yield from rng.choices(items, cum_weights=weights, k=4096)


def family_names(rng, common, begin, end):
    """Yields names forever: every third is common; of the others, longer ones are rarer."""
    often, first, last = drawn(rng, common), drawn(rng, begin, 0.5), drawn(rng, end, 0.5)
    middle = drawn(rng, ["", ""] + [part.lower() for part in begin], 0.4)
    while True:
        for chance in rng.choices(range(9), k=1024):
            if chance < 3:
                yield next(often)
            else:
                yield next(first) + next(middle) + (next(middle) if chance == 8 else "") + next(last)


def kinds_of(rng):
    for _, given, family, begin, end in KINDS:
        yield drawn(rng, given.split(), 0.7), family_names(rng, family.split(), begin.split(), end.split())


def shaped(chance, given, family):
    """Returns a name built from the words of these generators."""
    first, last = next(given), next(family)
    if chance < 0.62:
        return f"{first} {last}"
    if chance < 0.70:
        return f"{first} {next(given)[0]}. {last}"
    if chance < 0.76:
        return f"{first} {next(given)} {last}"
    if chance < 0.80:
        return f"{last}, {first}"
    if chance < 0.83:
        return f"{first[0]}. {last}"
    if chance < 0.85:
        return f"{first[0]}.{next(given)[0]}. {last}"
    if chance < 0.89:
        return f"{first} {last}-{next(family)}"
    if chance < 0.91:
        return f"{first}-{next(given)} {last}"
    if chance < 0.93:
        return f"{TITLES[int(chance * 1000) % len(TITLES)]} {first} {last}"
    if chance < 0.95:
        return f"{first} {last} {BEHIND[int(chance * 1000) % len(BEHIND)]}"
    if chance < 0.97:
        return f"{first} {SMALL[int(chance * 1000) % len(SMALL)]} {last}"
    if chance < 0.98:
        return first
    return f"{first} {last} {next(family)}"


def people(seed, count):
    rng = random.Random(seed)
    kinds = list(kinds_of(rng))
    which = drawn_kinds(rng)
    seen = bytearray(1 << 28)  # one byte a checksum: few names occur twice
    while count > 0:
        given, family = kinds[next(which)]
        name = shaped(rng.random(), given, family)
        slot = zlib.crc32(name.encode()) >> 4
        if seen[slot]:
            continue
        seen[slot] = 1
        count -= 1
        yield unicodedata.normalize("NFD", name) if rng.random() < 0.02 else name


def drawn_kinds(rng):
    weights = list(itertools.accumulate(kind[0] for kind in KINDS))
    while True:
        yield from rng.choices(range(len(KINDS)), cum_weights=weights, k=4096)


def source(seed, count):
    write = sys.stdout.write
    for number, name in enumerate(people(seed, count)):
        write(f"{name} = {'ABCDEFGH'[number % 8]}{number}\n")


def unmarked(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def initials(words, joint):
    return joint.join(word[0] for word in words)


def request(rng, name):
    """Returns a way to ask for name."""
    words = re.split("[ ]+", name)
    plain = [word for word in words if word[0].isalpha()]
    ways = [
        lambda: name, lambda: name.upper(), lambda: name.lower(), lambda: unmarked(name),
        lambda: rng.choice(words), lambda: rng.choice(words), lambda: unmarked(rng.choice(words)), lambda: words[-1], lambda: words[0],
        lambda: words[0][0] + " " + words[-1], lambda: words[0][0] + ". " + words[-1], lambda: words[-1] + ", " + words[0],
        lambda: words[-1] + " " + words[0], lambda: " ".join(reversed(words)), lambda: words[0] + " " + words[-1],
        lambda: initials(plain, ""), lambda: initials(plain, " "), lambda: initials(plain, ".") + ".",
        lambda: initials(words[:-1], "") + " " + words[-1], lambda: initials(words[:-1], ". ") + ". " + words[-1],
        lambda: name.replace("-", " "), lambda: name.replace("-", "\u2013"), lambda: name.replace("'", "\u2019"), lambda: name + ".",
        lambda: " ".join(words[1:]), lambda: " ".join(words[:-1]), lambda: name.replace(".", ""), lambda: name.replace(" ", "-"),
        lambda: name.replace(" ", "  "), lambda: unmarked(words[0]) + " " + words[-1], lambda: name + " " + rng.choice("JKS"),
        lambda: "Dr. " + name, lambda: name[:-1], lambda: rng.choice(words) + "x", lambda: words[0] + " Nobody",
    ]
    return unicodedata.normalize(rng.choice(["NFC", "NFC", "NFC", "NFD"]), rng.choice(ways)()).strip()


def requests(seed, count, asked):
    rng = random.Random(seed + 2)
    names = list(people(seed, count))
    for _ in range(asked):
        print(request(rng, rng.choice(names)) or "x")


def main():
    sys.stdout.reconfigure(encoding="utf-8")
    if sys.argv[1] == "source":
        source(*map(int, sys.argv[2:4]))
    else:
        requests(*map(int, sys.argv[2:5]))


main()
