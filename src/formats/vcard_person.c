#include "formats/vcard_person.h"

#include "data/fold.h"

enum { ROOM = VCARD_VALUE_MAX };

void card_clear(struct card *card) {
    card->version = CARD_NONE;
    person_clear(&card->person);
}

static const char *take_version(struct card *card, struct span value) {
    static const char *const names[] = {[CARD_21] = "2.1", [CARD_30] = "3.0", [CARD_40] = "4.0"};
    if (card->version != CARD_NONE)
        return "a second VERSION in one card";
    value = fold_trim(value);
    for (enum card_version v = CARD_21; v <= CARD_40; v++)
        if (vcard_is(value, names[v]))
            card->version = v;
    if (card->version == CARD_NONE)
        return "a version other than 2.1, 3.0 and 4.0";
    /* They have been read by the others' rules. */
    bool late = card->version == CARD_21 && card->person.count > 0;
    return late ? "VERSION:2.1 behind a name or an office" : NULL;
}

static void join(struct span part, struct span joint, struct text *out) {
    part = fold_trim(part);
    if (part.len > 0 && out->len > 0)
        text_put(out, joint);
    text_put(out, part);
}

/* Joins the parts of value up to the end stop. Version 2.1 knows no lists. */
static void take_parts(const struct card *card, struct span *value, char stop, struct span joint,
                       struct text *out) {
    const char *ends = card->version == CARD_21 ? ";" : ";,";
    char bytes[ROOM];
    char end;
    do {
        struct text part = {.at = bytes, .cap = sizeof(bytes)};
        end = vcard_take(value, ends, &part);
        join(text_span(&part), joint, out);
    } while (end != stop && end != '\0');
}

/* The family name, then the given one, and others that do not matter. */
static struct span whole_name(const struct card *card, struct span value, struct text *out) {
    char bytes[ROOM];
    struct text family = {.at = bytes, .cap = sizeof(bytes)};
    take_parts(card, &value, ';', SPAN(" "), &family);
    take_parts(card, &value, ';', SPAN(" "), out);
    join(text_span(&family), SPAN(" "), out);
    return text_span(out);
}

static const char *take_nicknames(struct card *card, struct span value, unsigned long number) {
    const char *ends = card->version == CARD_21 ? "" : ",";
    const char *fault;
    char bytes[ROOM];
    char end;
    do {
        struct text name = {.at = bytes, .cap = sizeof(bytes)};
        end = vcard_take(&value, ends, &name);
        fault = person_add(&card->person, PERSON_FURTHER, text_span(&name), number);
    } while (fault == NULL && end != '\0');
    return fault;
}

/* An address without a type is one of work in the older versions (RFC 2426,
 * section 3.2.1). In a group it has a label instead, such as a holiday home. */
static bool is_of_work(const struct card *card, const struct vcard_line *line) {
    return vcard_says(line, "TYPE", "WORK") ||
           (card->version != CARD_40 && !line->grouped && !vcard_says(line, "TYPE", NULL));
}

static const char *vcard_person_take_value(struct card *card, const struct vcard_line *line,
                                           struct span value, unsigned long number) {
    char bytes[2 * ROOM]; /* where an address is joined, one byte becomes two */
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    if (vcard_is(line->name, "NICKNAME"))
        return take_nicknames(card, value, number);
    if (vcard_is(line->name, "N"))
        return person_add(&card->person, PERSON_NAME_ELSE, whole_name(card, value, &out), number);
    if (vcard_is(line->name, "ADR"))
        take_parts(card, &value, '\0', SPAN(", "), &out);
    else
        vcard_take(&value, "", &out);
    enum person_part part = vcard_is(line->name, "FN")    ? PERSON_NAME
                            : vcard_is(line->name, "ADR") ? PERSON_OFFICE_ELSE
                                                          : PERSON_OFFICE;
    return person_add(&card->person, part, text_span(&out), number);
}

const char *card_take(struct card *card, const struct vcard_line *line, unsigned long number) {
    char bytes[ROOM];
    struct text value = {.at = bytes, .cap = sizeof(bytes)};
    if (vcard_is(line->name, "VERSION"))
        return take_version(card, line->value);
    if (!vcard_is(line->name, "FN") && !vcard_is(line->name, "N") &&
        !vcard_is(line->name, "NICKNAME") && !vcard_is(line->name, "X-OFFICE") &&
        !(vcard_is(line->name, "ADR") && is_of_work(card, line)))
        return NULL;
    const char *fault = vcard_decode(line, card->charset, &value);
    return fault != NULL ? fault : vcard_person_take_value(card, line, text_span(&value), number);
}
