/* libldap takes the lines apart and decodes them. Its own reader of whole
 * records is not used: it opens the files that include: lines name, drops
 * lines without a word, and has no bound. */
#include "formats/person.h"
#include "formats/source.h"
#include "formats/unfold.h"

#include <errno.h>
#include <lber.h>
#include <ldif.h>
#include <stdlib.h>
#include <string.h>

enum state { START, BETWEEN, INSIDE, BAD }; /* BAD: in an entry that has had its problem */

struct ldif {
    const char *office_attribute;
    enum state state;
    unsigned long start; /* of the entry */
    unsigned long line;  /* the one at hand */
    struct person person;
};

/* RFC 4648, section 4. libldap would pass over what follows a "=". */
static bool is_base64(const char *s) {
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    s += strspn(s, " ");
    size_t digits = strspn(s, alphabet);
    size_t padding = strspn(s + digits, "=");
    return s[digits + padding] == '\0' && digits > 0 && padding <= 2 && (digits + padding) % 4 == 0;
}

/* Options, such as ;lang-fr, say which cn it is, but a cn it is (RFC 4512,
 * section 2.5). */
static bool is_type(const char *type, const char *wanted) {
    size_t len = strcspn(type, ";");
    return strlen(wanted) == len && strncasecmp(type, wanted, len) == 0;
}

/* The names of RFC 4519, and displayName of RFC 2798. */
static bool ldif_is_name(const char *type) {
    static const char *const names[] = {"cn", "commonName", "displayName", "uid", "userid"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (is_type(type, names[i]))
            return true;
    return false;
}

static const char *ldif_take_value(struct ldif *ldif, const char *type, struct span value) {
    const char *office = ldif->office_attribute;
    if (ldif_is_name(type))
        return person_add(&ldif->person, PERSON_NAME, value, ldif->line);
    if (is_type(type, office != NULL ? office : "physicalDeliveryOfficeName"))
        return person_add(&ldif->person, PERSON_OFFICE, value, ldif->line);
    if (office == NULL && is_type(type, "roomNumber"))
        return person_add(&ldif->person, PERSON_OFFICE_ELSE, value, ldif->line);
    if (is_type(type, "changetype") && strcasecmp(value.at, "add") != 0)
        return "a change, not an entry";
    if (is_type(type, "dn"))
        return "a second dn: in an entry, no empty line before it";
    return NULL;
}

static const char *take_first(struct ldif *ldif, const char *type, struct span value) {
    if (ldif->state == START && is_type(type, "version")) {
        ldif->state = BETWEEN;
        return span_equal(value, SPAN("1")) ? NULL : "an LDIF version other than 1";
    }
    ldif->start = ldif->line;
    ldif->state = INSIDE;
    if (is_type(type, "search"))
        return "not an entry; ldapsearch writes LDIF with -LLL";
    return is_type(type, "dn") ? NULL : "an entry that does not start with dn:";
}

/* What is wrong with the line, or NULL. */
static const char *ldif_take_line(struct ldif *ldif, const struct folded *lines) {
    struct berval type;
    struct berval value;
    int is_copy = 0;
    char *line = lines->line.at;
    if (lines->line.full)
        return "a line longer than 16 MiB";
    if (folded_is_broken(lines))
        return "CR or NUL in a line";
    if (line[0] == ' ' || line[0] == '\t')
        return "a line that starts with a blank, and none before it";
    const char *colon = strchr(line, ':');
    if (colon == NULL || colon == line)
        return "no attribute and \":\"";
    if (colon[1] == '<') /* before libldap sees it, who would open it */
        return "a value in another file, which is not read";
    if (colon[1] == ':' && !is_base64(colon + 2))
        return "broken base64";
    if (ldif_parse_line2(line, &type, &value, &is_copy) < 0)
        return "not a line of LDIF";
    struct span bytes = {value.bv_val, value.bv_len};
    return ldif->state == INSIDE ? ldif_take_value(ldif, type.bv_val, bytes)
                                 : take_first(ldif, type.bv_val, bytes);
}

static int end_entry(struct ldif *ldif, const struct source_events *to) {
    int result = ldif->state == INSIDE ? person_give(&ldif->person, ldif->start, to) : 0;
    if (ldif->state != START)
        ldif->state = BETWEEN;
    person_clear(&ldif->person);
    return result;
}

static int ldif_take_folded(struct ldif *ldif, const struct folded *lines,
                            const struct source_events *to) {
    if (lines->line.len == 0)
        return end_entry(ldif, to);
    if (lines->line.at[0] == '#' || ldif->state == BAD)
        return 0;
    ldif->line = lines->number;
    const char *fault = ldif_take_line(ldif, lines);
    if (fault == NULL)
        return 0;
    ldif->state = BAD;
    return to->on_error(to->context, ldif->line, fault);
}

int ldif_read(FILE *source, const struct source_options *how, const struct source_events *to) {
    struct folded lines = {.source = source};
    struct ldif *ldif = calloc(1, sizeof(*ldif));
    int more = -1;
    int result = ldif == NULL ? -1 : 0;
    if (ldif != NULL)
        ldif->office_attribute = how->office_attribute;
    while (result == 0 && (more = folded_next(&lines)) > 0) {
        result = lines.line.len > 0 ? folded_unfold(&lines, " ") : 0;
        if (result == 0)
            result = ldif_take_folded(ldif, &lines, to);
    }
    if (result == 0)
        result = more < 0 ? -1 : end_entry(ldif, to);
    int why = errno;
    folded_free(&lines);
    free(ldif);
    errno = why;
    return result;
}
