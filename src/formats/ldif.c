#include "data/utf8.h"
#include "formats/ldif_line.h"
#include "formats/person.h"
#include "formats/postal.h"
#include "formats/source.h"
#include "formats/unfold.h"

#include <errno.h>
#include <stdlib.h>

enum ldif_state { START, BETWEEN, INSIDE, BAD }; /* BAD: skip the rest of a malformed entry */

struct ldif {
    const char *office_attribute;
    enum ldif_state state;
    unsigned long start; /* line where the entry starts */
    unsigned long line;  /* number of the current line */
    struct person person;
};

/* Attribute names of RFC 4519, displayName of RFC 2798, roomNumber of RFC 4524, and
 * their OIDs. */
static const char *const ldif_names[] = {
    "cn",      "commonName",
    "2.5.4.3", "displayName",
    "uid",     "2.16.840.1.113730.3.1.241",
    "userid",  "0.9.2342.19200300.100.1.1",
    NULL,
};
static const char *const ldif_offices[] = {"physicalDeliveryOfficeName", "2.5.4.19", NULL};
static const char *const ldif_rooms[] = {"roomNumber", "0.9.2342.19200300.100.1.6", NULL};

static bool is_among(const struct ldif_line *line, const char *const *types) {
    for (; *types != NULL; types++)
        if (ldif_is(line, *types))
            return true;
    return false;
}

/* A cn with an option, such as ;lang-fr, is still a cn (RFC 4512, section 2.5),
 * but ;binary marks BER, not text (RFC 4522). Returns false if the attribute is not
 * used. */
static bool ldif_find_part(const struct ldif *ldif, const struct ldif_line *line,
                           enum person_part *part) {
    const char *const other[] = {ldif->office_attribute, NULL};
    bool said = ldif->office_attribute != NULL;
    if (ldif_has_option(line, "binary"))
        return false;
    if (is_among(line, ldif_names))
        *part = PERSON_NAME;
    else if (is_among(line, said ? other : ldif_offices))
        *part = PERSON_OFFICE;
    else if (!said && is_among(line, ldif_rooms))
        *part = PERSON_OFFICE_ELSE;
    else
        return false;
    return true;
}

static bool is_utf8(struct span s) {
    uint32_t point = 0;
    for (size_t used; s.len > 0; s = span_from(s, used))
        if ((used = utf8_decode(s, &point)) == 0)
            return false;
    return true;
}

/* Returns the value of a line, decoded into room, which may be where the line is. */
static struct span ldif_value(const struct ldif_line *line, char *room) {
    bool is_postal = postal_is(line->type);
    struct span value = line->kind == LDIF_BASE64 ? ldif_decode(line->value, room) : line->value;
    return is_postal ? postal_decode(value, room) : value;
}

/* What base64 stands for must be UTF-8, whatever the charset of the file is. */
static void ldif_take_base64(struct ldif *ldif, enum person_part part, struct span value) {
    if (is_utf8(value))
        person_add(&ldif->person, part, value, ldif->line);
    else
        person_add_fault(&ldif->person, part, "base64 of text that is not UTF-8", ldif->line);
}

/* Ignores the values of other attributes, but checks their base64: if it is
 * malformed, the file was damaged on its way. */
static void ldif_take_value(struct ldif *ldif, const struct ldif_line *line, char *room) {
    enum person_part part;
    bool broken = line->kind == LDIF_BASE64 && !ldif_is_base64(line->value);
    if (!ldif_find_part(ldif, line, &part)) {
        if (broken)
            person_spoil(&ldif->person, "malformed base64", ldif->line);
        return;
    }
    if (broken)
        person_add_fault(&ldif->person, part, "malformed base64", ldif->line);
    else if (line->kind == LDIF_URL)
        person_add_fault(&ldif->person, part, "the value is in another file, which is not read",
                         ldif->line);
    else if (line->kind == LDIF_BASE64)
        ldif_take_base64(ldif, part, ldif_value(line, room));
    else
        person_add(&ldif->person, part, ldif_value(line, room), ldif->line);
}

/* Returns a fault that makes the rest of the entry meaningless, or NULL. */
static const char *ldif_take_inner(struct ldif *ldif, const struct ldif_line *line, char *room) {
    bool add = span_is_word(line->value, "add");
    if (ldif_is(line, "changetype") && !add)
        return "a change record, not an entry";
    if (ldif_is(line, "dn"))
        return "a second dn: in an entry; an empty line is missing before it";
    ldif_take_value(ldif, line, room);
    return NULL;
}

static const char *ldif_take_first(struct ldif *ldif, const struct ldif_line *line) {
    if (ldif->state == START && ldif_is(line, "version")) {
        ldif->state = BETWEEN;
        return span_equal(line->value, SPAN("1")) ? NULL : "an LDIF version other than 1";
    }
    ldif->start = ldif->line;
    ldif->state = INSIDE;
    if (ldif_is(line, "search"))
        return "not an entry; run ldapsearch with -LLL to get LDIF";
    if (!ldif_is(line, "dn"))
        return "an entry that does not start with dn:";
    if (line->kind == LDIF_URL)
        return "the value is in another file, which is not read";
    if (line->kind == LDIF_BASE64 && !ldif_is_base64(line->value))
        person_spoil(&ldif->person, "malformed base64", ldif->line);
    return NULL;
}

static const char *ldif_shape_fault(const struct unfolded_lines *lines, struct ldif_line *parts) {
    struct span text = text_span(&lines->line);
    if (text.at[0] == ' ' || text.at[0] == '\t')
        return "starts with a blank, but there is no line to continue";
    return ldif_split(text, parts) < 0 ? "not ATTRIBUTE: VALUE" : NULL;
}

static int ldif_end_entry(struct ldif *ldif, const struct source_events *to) {
    int result = ldif->state == INSIDE ? person_give(&ldif->person, ldif->start, to) : 0;
    if (ldif->state != START)
        ldif->state = BETWEEN;
    person_clear(&ldif->person);
    return result;
}

static int ldif_take_line(struct ldif *ldif, const struct unfolded_lines *lines,
                          const struct source_events *to) {
    struct ldif_line line = {0};
    const char *fault = ldif_shape_fault(lines, &line);
    ldif->line = lines->number;
    if (lines->line.full && ldif->state == INSIDE) {
        person_spoil(&ldif->person, "a line longer than 16 MiB", ldif->line);
        return 0;
    }
    if (fault == NULL && ldif->state != INSIDE && ldif_is(&line, "include"))
        return to->on_warning(to->context, ldif->line,
                              "warning: the included file is not read; give it as a source, too");
    if (fault == NULL)
        fault = ldif->state == INSIDE ? ldif_take_inner(ldif, &line, lines->line.at)
                                      : ldif_take_first(ldif, &line);
    if (fault == NULL)
        return 0;
    ldif->state = BAD;
    return to->on_error(to->context, ldif->line, fault);
}

static int ldif_take_folded(struct ldif *ldif, const struct unfolded_lines *lines,
                            const struct source_events *to) {
    if (lines->line.len == 0)
        return ldif_end_entry(ldif, to);
    if (lines->line.at[0] == '#' || ldif->state == BAD)
        return 0;
    return ldif_take_line(ldif, lines, to);
}

int ldif_read(FILE *source, const struct source_options *how, const struct source_events *to) {
    struct unfolded_lines lines = {.source = source};
    struct ldif *ldif = calloc(1, sizeof(*ldif));
    int more = -1;
    int result = ldif == NULL ? -1 : 0;
    if (ldif != NULL)
        ldif->office_attribute = how->office_attribute;
    while (result == 0 && (more = unfold_next(&lines)) > 0) {
        result = lines.line.len > 0 ? unfold_rest(&lines, " ") : 0;
        if (result == 0)
            result = ldif_take_folded(ldif, &lines, to);
    }
    if (result == 0)
        result = more < 0 ? -1 : ldif_end_entry(ldif, to);
    int why = errno;
    unfold_free(&lines);
    free(ldif);
    errno = why;
    return result;
}
