#include "formats/person.h"

#include "data/book.h"
#include "data/fold.h"

#include <string.h>

void person_clear(struct person *person) {
    person->count = 0;
    person->used = 0;
}

/* Names that fold alike are one name, which the book would have twice. */
static bool person_is_same(enum person_part part, struct span a, struct span b) {
    char bytes[2][BOOK_NAME_MAX * FOLD_GROWTH];
    struct text folded[2] = {{.at = bytes[0], .cap = sizeof(bytes[0])},
                             {.at = bytes[1], .cap = sizeof(bytes[1])}};
    if (part >= PERSON_OFFICE)
        return span_equal(a, b);
    return fold_name(a, &folded[0]) == 0 && fold_name(b, &folded[1]) == 0 &&
           span_equal(text_span(&folded[0]), text_span(&folded[1]));
}

static bool is_there(const struct person *person, enum person_part part, struct span text) {
    for (size_t i = 0; i < person->count; i++) {
        enum person_part other = person->value[i].part;
        bool beside = other == part || (other == PERSON_NAME && part == PERSON_FURTHER);
        if (beside && person_is_same(part, person->value[i].text, text))
            return true;
    }
    return false;
}

const char *person_add(struct person *person, enum person_part part, struct span text,
                       unsigned long line) {
    text = fold_trim(text);
    if (text.len == 0)
        return NULL;
    const char *fault = part < PERSON_OFFICE ? source_name_fault(text) : source_office_fault(text);
    if (fault != NULL || is_there(person, part, text))
        return fault;
    if (person->count == PERSON_VALUES || text.len > PERSON_ROOM - person->used)
        return "too many names and offices in one entry";
    char *copy = person->room + person->used;
    memcpy(copy, text.at, text.len);
    person->used += text.len;
    person->value[person->count++] = (struct person_value){part, {copy, text.len}, line};
    return NULL;
}

static bool has(const struct person *person, enum person_part part) {
    for (size_t i = 0; i < person->count; i++)
        if (person->value[i].part == part)
            return true;
    return false;
}

/* Hands over the names that are this part, with one office. */
static int give_names(const struct person *person, enum person_part part, struct entry *entry,
                      const struct source_events *to) {
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
    enum person_part name = has(person, PERSON_NAME) ? PERSON_NAME : PERSON_NAME_ELSE;
    enum person_part office = has(person, PERSON_OFFICE) ? PERSON_OFFICE : PERSON_OFFICE_ELSE;
    if (!has(person, office) || !(has(person, name) || has(person, PERSON_FURTHER)))
        return to->on_skip(to->context, line);
    for (size_t i = 0; i < person->count; i++) {
        struct entry entry = {.office = person->value[i].text, .line = person->value[i].line};
        if (person->value[i].part == office && (give_names(person, name, &entry, to) < 0 ||
                                                give_names(person, PERSON_FURTHER, &entry, to) < 0))
            return -1;
    }
    return 0;
}
