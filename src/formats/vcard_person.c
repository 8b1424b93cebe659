#include "formats/vcard_person.h"

#include "data/fold.h"

enum { ROOM = VCARD_VALUE_MAX, LINE_MAX_KEPT = VCARD_VALUE_MAX + 4096 }; /* bytes */

void card_clear(struct card *card) {
    card->version = CARD_NONE;
    card->count = card->used = 0;
    person_clear(&card->person);
}

const char *card_take_version(struct card *card, struct span value) {
    static const struct {
        const char *written;
        enum card_version version;
    } versions[] = {{"2.1", CARD_21}, {"3.0", CARD_30}, {"4.0", CARD_40}, {"1.0", CARD_21},
                    {"2", CARD_21},   {"3", CARD_30},   {"4", CARD_40}};
    enum card_version version = CARD_NONE;
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
        if (span_is_word(fold_trim(value), versions[i].written))
            version = versions[i].version;
    if (version == CARD_NONE)
        return "a VERSION other than 2.1, 3.0 and 4.0";
    if (card->version != CARD_NONE && card->version != version)
        return "a second VERSION in one card";
    card->version = version;
    return NULL;
}

bool card_wants(struct span name) {
    static const char *const wanted[] = {"FN", "N", "NICKNAME", "X-OFFICE", "ADR", "X-ABLABEL"};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        if (span_is_word(name, wanted[i]))
            return true;
    return false;
}

/* A line is cut at LINE_MAX_KEPT: its value is too long anyway. */
void card_keep(struct card *card, struct span marked, unsigned long number) {
    size_t len = marked.len < LINE_MAX_KEPT ? marked.len : LINE_MAX_KEPT;
    if (card->count == CARD_LINES || len > CARD_ROOM - card->used) {
        person_spoil(&card->person, "too many names and offices in one entry", number);
        return;
    }
    memcpy(card->room + card->used, marked.at, len);
    card->line[card->count++] = (struct card_line){card->used, len, number};
    card->used += len;
}

static void join(struct span part, struct span joint, struct text *out) {
    part = fold_trim(part);
    if (part.len > 0 && out->len > 0)
        text_put(out, joint);
    text_put(out, part);
}

/* Joins the components of value up to the character stop. In version 2.1 a
 * comma does not separate components. */
static void card_take_parts(const struct card *card, struct span *value, char stop,
                            struct span joint, struct text *out) {
    const char *ends = card->version == CARD_21 ? ";" : ";,";
    char bytes[ROOM];
    char end;
    do {
        struct text part = {.at = bytes, .cap = sizeof(bytes)};
        end = vcard_take(value, ends, &part);
        join(text_span(&part), joint, out);
    } while (end != stop && end != '\0');
}

/* N holds the family name, the given name, and others that are not used. Appends the
 * given name and then the family name. */
static void card_whole_name(const struct card *card, struct span value, struct text *out) {
    char bytes[ROOM];
    struct text family = {.at = bytes, .cap = sizeof(bytes)};
    card_take_parts(card, &value, ';', SPAN(" "), &family);
    card_take_parts(card, &value, ';', SPAN(" "), out);
    join(text_span(&family), SPAN(" "), out);
}

static void card_take_nicknames(struct card *card, struct span value, unsigned long number) {
    const char *ends = card->version == CARD_21 ? "" : ",";
    char bytes[ROOM];
    char end;
    do {
        struct text name = {.at = bytes, .cap = sizeof(bytes)};
        end = vcard_take(&value, ends, &name);
        person_add(&card->person, PERSON_FURTHER, text_span(&name), number);
    } while (end != '\0');
}

/* Unfolds line i into room, which has LINE_MAX_KEPT bytes, and splits it. Returns as
 * vcard_split does. */
static int card_split(const struct card *card, size_t i, char *room, struct vcard_line *line) {
    struct text out = {.at = room, .cap = LINE_MAX_KEPT};
    struct span marked = {card->room + card->line[i].at, card->line[i].len};
    vcard_unfold(marked, card->version == CARD_21, &out);
    return vcard_split(text_span(&out), line);
}

static bool is_label_of_work(struct span label) {
    label = fold_trim(label);
    if (span_starts(label, SPAN("_$!<")) && label.len > 8)
        label = (struct span){label.at + 4, label.len - 8};
    return span_is_word(label, "WORK") || span_is_word(label, "OFFICE");
}

/* Looks for the label of the line's group in the card. Returns false if there is
 * none. */
static bool card_find_label(const struct card *card, const struct vcard_line *line, bool *of_work) {
    char room[LINE_MAX_KEPT];
    struct vcard_line other;
    for (size_t i = 0; line->group.len > 0 && i < card->count; i++) {
        if (card_split(card, i, room, &other) < 0 || !span_is_word(other.name, "X-ABLABEL") ||
            !span_equal(other.group, line->group))
            continue;
        *of_work = is_label_of_work(other.value);
        return true;
    }
    return false;
}

static size_t card_count_addresses(const struct card *card) {
    char room[LINE_MAX_KEPT];
    struct vcard_line line;
    size_t count = 0;
    for (size_t i = 0; i < card->count; i++)
        count += card_split(card, i, room, &line) == 0 && span_is_word(line.name, "ADR");
    return count;
}

/* An address without a place counts as work address in the older versions (RFC
 * 2426, section 3.2.1) if no other address is of type work, and in 4.0 if it is
 * the only one. A group may give it a label, such as that of a holiday home.
 * Returns false if it is not a work address. */
static bool card_address_part(const struct card *card, const struct vcard_line *line,
                              enum person_part *part) {
    static const char *const no_place[] = {"DOM", "INTL", "POSTAL", "PARCEL", "PREF", NULL};
    bool label_of_work = false;
    *part = PERSON_OFFICE_ELSE;
    if (vcard_says(line, "TYPE", "WORK"))
        return true;
    if (card_find_label(card, line, &label_of_work))
        return label_of_work;
    *part = PERSON_OFFICE_LAST;
    return vcard_says_only(line, "TYPE", no_place) &&
           (card->version != CARD_40 || card_count_addresses(card) == 1);
}

/* Finds which part of a person the property is. Returns false if it is none. */
static bool card_part(const struct card *card, const struct vcard_line *line,
                      enum person_part *part) {
    if (span_is_word(line->name, "X-ABLABEL"))
        return false;
    if (span_is_word(line->name, "ADR"))
        return card_address_part(card, line, part);
    *part = span_is_word(line->name, "FN")         ? PERSON_NAME
            : span_is_word(line->name, "N")        ? PERSON_NAME_ELSE
            : span_is_word(line->name, "NICKNAME") ? PERSON_FURTHER
                                                   : PERSON_OFFICE;
    return true;
}

static void card_take_value(struct card *card, enum person_part part, struct span value,
                            unsigned long number) {
    char bytes[2 * ROOM]; /* joining an address turns one byte into two */
    struct text out = {.at = bytes, .cap = sizeof(bytes)};
    if (part == PERSON_FURTHER) {
        card_take_nicknames(card, value, number);
        return;
    }
    if (part == PERSON_NAME_ELSE)
        card_whole_name(card, value, &out);
    else if (part == PERSON_OFFICE_ELSE || part == PERSON_OFFICE_LAST)
        card_take_parts(card, &value, '\0', SPAN(", "), &out);
    else
        vcard_take(&value, "", &out);
    person_add(&card->person, part, text_span(&out), number);
}

void card_finish(struct card *card) {
    char room[LINE_MAX_KEPT];
    char bytes[ROOM];
    struct vcard_line line;
    enum person_part part;
    for (size_t i = 0; i < card->count; i++) {
        struct text value = {.at = bytes, .cap = sizeof(bytes)};
        unsigned long number = card->line[i].number;
        if (card_split(card, i, room, &line) < 0) {
            person_spoil(&card->person, "not PROPERTY:VALUE", number);
            continue;
        }
        if (!card_part(card, &line, &part))
            continue;
        const char *fault = vcard_decode(&line, card->charset, &value);
        if (fault != NULL)
            person_add_fault(&card->person, part, fault, number);
        else
            card_take_value(card, part, text_span(&value), number);
    }
}
