// cards.js MODULE FILE...: writes to FILE.list what lookup-book list is to print of the vCards in FILE, as ical.js, which
// is MODULE, reads them.
"use strict";
const fs = require("fs");
const { default: ical } = require(process.argv[2]);

const trim = (text) => text.replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/g, "");
const join = (parts, joint) => parts.map(trim).filter((part) => part !== "").join(joint);
const escapeName = (name) => name.replace(/^#|\\(?=[\\=#])|=/g, "\\$&");
// A line that ends as if joined already is joined by a blank.
const joinLines = (lines) => lines.map(trim).filter((line) => line !== "").reduce(
    (whole, line) => whole + (whole === "" ? "" : /[,;]$/.test(whole) ? " " : ", ") + line, "");
// Lines may be folded inside a character, so what ical.js unfolds are bytes.
const decode = (value) => (Array.isArray(value) ? value.map(decode) : Buffer.from(value, "latin1").toString());

function list(card) {
    const named = (name) => card[1].filter((property) => property[0] === name);
    const values = (name) => named(name).flatMap((property) => decode(property.slice(3)));
    const typesOf = (property) => [].concat(property[1].type || []).flatMap((type) => type.toLowerCase().split(","));
    // One that says of no place is of work; in 4.0 if it is the only one.
    const isOfNoPlace = (property) => typesOf(property).every((type) => ["dom", "intl", "postal", "parcel", "pref"].includes(type)) &&
        (values("version")[0] !== "4.0" || named("adr").length === 1);
    const isOfWork = (property) => typesOf(property).includes("work") || isOfNoPlace(property);
    const whole = ([family, given]) => join([[].concat(given), [].concat(family)].flat(), " ");
    const addresses = named("adr").filter(isOfWork).map((property) => join(decode(property[3]).flat(), ", "));
    const names = values("fn").length > 0 ? values("fn") : values("n").length > 0 ? [whole(decode(named("n")[0][3]))] : [];
    const offices = values("x-office").length > 0 ? values("x-office") : addresses.filter((office) => office !== "");
    return offices.flatMap((office) => [...names, ...values("nickname")].map(
        (name) => `${escapeName(trim(name))} = ${joinLines(office.split("\n"))}\n`));
}

for (const file of process.argv.slice(3)) {
    const entries = new Set(ical.parse(fs.readFileSync(file, "latin1")).flatMap(list));
    fs.writeFileSync(`${file}.list`, [...entries].join(""));
}
