#include "formats/person.h"

#include "data/book.h"
#include "data/fold.h"
#include "data/siphash.h"

#include <string.h>

enum { PERSON_TEXT_MAX = 16 * 1024 }; /* in bytes; far above the limit of a name or an office */

void person_clear(struct person *person) {
    person->count = 0;
    person->used = 0;
    person->fault = NULL;
    memset(person->has, 0, sizeof(person->has));
}

/* Folding may take long, so a name is not folded again for each other name of the entry. The key is
 * no secret: nobody can make many names of one hash anyway. */
static uint64_t person_hash(enum person_part part, struct span text) {
    static const struct siphash_key key;
    char bytes[BOOK_NAME_MAX * FOLD_GROWTH];
    struct text folded = {.at = bytes, .cap = sizeof(bytes)};
    if (part >= PERSON_OFFICE || fold_name(text, &folded) < 0)
        return 0;
    return siphash(&key, folded.at, folded.len);
}

/* Two names with the same folded form would be the same entry twice in the
 * book. */
static bool person_is_same(const struct person_value *a, const struct person_value *b) {
    char bytes[2][BOOK_NAME_MAX * FOLD_GROWTH];
    struct text folded[2] = {{.at = bytes[0], .cap = sizeof(bytes[0])},
                             {.at = bytes[1], .cap = sizeof(bytes[1])}};
    if (a->part >= PERSON_OFFICE)
        return span_equal(a->text, b->text);
    return a->hash == b->hash && fold_name(a->text, &folded[0]) == 0 &&
           fold_name(b->text, &folded[1]) == 0 &&
           span_equal(text_span(&folded[0]), text_span(&folded[1]));
}

static bool is_there(const struct person *person, const struct person_value *value) {
    for (size_t i = 0; i < person->count; i++) {
        enum person_part other = person->value[i].part;
        bool beside =
            other == value->part || (other == PERSON_NAME && value->part == PERSON_FURTHER);
        if (beside && person_is_same(&person->value[i], value))
            return true;
    }
    return false;
}

static void person_keep(struct person *person, struct person_value value) {
    person->has[value.part] = true;
    if (person->count == PERSON_VALUES || value.text.len > PERSON_ROOM - person->used) {
        person_spoil(person, "too many names and offices in one entry", value.line);
        return;
    }
    char *copy = person->room + person->used;
    if (value.text.len > 0)
        memcpy(copy, value.text.at, value.text.len);
    value.text.at = copy;
    person->used += value.text.len;
    person->value[person->count++] = value;
}

/* Drops blanks and blank lines at both ends. */
static struct span trim_lines(struct span s) {
    s = fold_trim(s);
    while (s.len > 0 && strchr("\r\n", s.at[0]) != NULL && s.at[0] != '\0')
        s = fold_trim(span_from(s, 1));
    while (s.len > 0 && strchr("\r\n", s.at[s.len - 1]) != NULL && s.at[s.len - 1] != '\0')
        s = fold_trim((struct span){s.at, s.len - 1});
    return s;
}

void person_add(struct person *person, enum person_part part, struct span text,
                unsigned long line) {
    text = trim_lines(text);
    bool is_name = part < PERSON_OFFICE;
    if (text.len > PERSON_TEXT_MAX) {
        person_add_fault(person, part,
                         is_name ? "name longer than 1024 bytes" : "office longer than 1024 bytes",
                         line);
        return;
    }
    struct person_value value = {part, text, NULL, line, person_hash(part, text)};
    if (text.len > 0 && !(is_name && fold_is_empty(text)) && !is_there(person, &value))
        person_keep(person, value);
}

void person_add_fault(struct person *person, enum person_part part, const char *fault,
                      unsigned long line) {
    person_keep(person, (struct person_value){part, {NULL, 0}, fault, line, 0});
}

void person_spoil(struct person *person, const char *fault, unsigned long line) {
    if (person->fault != NULL)
        return;
    person->fault = fault;
    person->fault_line = line;
}

/* The parts that are used, according to which ones the entry has. */
struct chosen {
    enum person_part name;
    enum person_part office;
};

static bool is_chosen(const struct chosen *chosen, enum person_part part) {
    return part == chosen->name || part == chosen->office || part == PERSON_FURTHER;
}

static const char *value_fault(const struct person_value *value, char *what) {
    if (value->fault != NULL)
        return value->fault;
    return value->part < PERSON_OFFICE ? source_name_fault(value->text, what)
                                       : source_office_fault(value->text, what);
}

/* Returns the first fault of the values that are used and of the entry as a whole,
 * or NULL. Sets *line to its line. */
static const char *person_fault(const struct person *person, const struct chosen *chosen,
                                unsigned long *line, char *what) {
    *line = person->fault_line;
    for (size_t i = 0; i < person->count; i++) {
        const struct person_value *value = &person->value[i];
        if (person->fault != NULL && value->line >= person->fault_line)
            break;
        const char *fault = is_chosen(chosen, value->part) ? value_fault(value, what) : NULL;
        *line = fault != NULL ? value->line : *line;
        if (fault != NULL)
            return fault;
    }
    return person->fault;
}

/* Gives each name of this part with the office in entry. Returns -1 if a callback
 * does. */
static int person_give_names(const struct person *person, enum person_part part,
                             struct entry *entry, const struct source_events *to) {
    for (size_t i = 0; i < person->count; i++) {
        const struct person_value *value = &person->value[i];
        if (value->part != part)
            continue;
        entry->name = value->text;
        if (source_give(to, entry) < 0)
            return -1;
    }
    return 0;
}

int person_give(const struct person *person, unsigned long line, const struct source_events *to) {
    char what[SOURCE_FAULT_MAX];
    unsigned long fault_line;
    struct chosen chosen = {
        .name = person->has[PERSON_NAME] ? PERSON_NAME : PERSON_NAME_ELSE,
        .office = person->has[PERSON_OFFICE]        ? PERSON_OFFICE
                  : person->has[PERSON_OFFICE_ELSE] ? PERSON_OFFICE_ELSE
                                                    : PERSON_OFFICE_LAST,
    };
    bool named = person->has[chosen.name] || person->has[PERSON_FURTHER];
    if (!person->has[chosen.office] || !named)
        return to->on_skip(to->context, line);
    const char *fault = person_fault(person, &chosen, &fault_line, what);
    if (fault != NULL)
        return to->on_error(to->context, fault_line, fault);
    for (size_t i = 0; i < person->count; i++) {
        const struct person_value *value = &person->value[i];
        struct entry entry = {.office = value->text, .line = value->line};
        if (value->part == chosen.office &&
            (person_give_names(person, chosen.name, &entry, to) < 0 ||
             person_give_names(person, PERSON_FURTHER, &entry, to) < 0))
            return -1;
    }
    return 0;
}
