#include "compile/compilation.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum outcome compilation_say(const struct compilation *c, const char *file, unsigned long line,
                             const char *what, enum outcome outcome) {
    c->options->report.problem(file, line, what);
    return outcome;
}

const char *compilation_source_name(const struct compilation *c, unsigned source) {
    const char *path = c->options->sources[source];
    return strcmp(path, "-") == 0 ? "(standard input)" : path;
}

/* Returns the length without " at " and what follows, which names a place. */
static size_t kind_length(const char *what) {
    const char *place = strstr(what, " at ");
    return place == NULL ? strlen(what) : (size_t)(place - what);
}

/* Hashes the message without its digits. */
static uint32_t kind_hash(const char *what) {
    uint32_t hash = 2166136261; /* FNV-1a */
    size_t len = kind_length(what);
    for (size_t i = 0; i < len; i++)
        if (what[i] < '0' || what[i] > '9')
            hash = (hash ^ (unsigned char)what[i]) * 16777619;
    return hash;
}

/* Counts the message. Returns true if it must not be shown. */
static bool kinds_count(struct message_kinds *kinds, const char *what) {
    uint32_t hash = kind_hash(what);
    size_t i = 0;
    while (i < kinds->count && kinds->at[i].hash != hash)
        i++;
    if (i == KINDS_MAX)
        return false;
    if (i == kinds->count) {
        kinds->at[i] = (struct message_kind){.hash = hash};
        snprintf(kinds->at[i].first, sizeof(kinds->at[i].first), "%.*s", (int)kind_length(what),
                 what);
        kinds->count++;
    }
    return ++kinds->at[i].times > KIND_SHOWN;
}

enum outcome compilation_say_place(const struct compilation *c, struct place place,
                                   const char *what, enum outcome outcome) {
    if (kinds_count(c->kinds, what))
        return outcome;
    return compilation_say(c, compilation_source_name(c, place.source), place.line, what, outcome);
}

void compilation_say_rest(const struct compilation *c) {
    char what[sizeof(c->kinds->at[0].first) + 64];
    for (size_t i = 0; i < c->kinds->count; i++) {
        const struct message_kind *kind = &c->kinds->at[i];
        if (kind->times <= KIND_SHOWN)
            continue;
        snprintf(what, sizeof(what), "%lu more like this: %s", kind->times - KIND_SHOWN,
                 kind->first);
        compilation_say(c, NULL, 0, what, OUTCOME_DONE);
    }
}

enum outcome compilation_say_book(const struct compilation *c, enum outcome outcome) {
    const char *why = strerror(errno);
    char smaller[128];
    if (errno == EINVAL)
        why = "not a regular file";
    else if (errno == EOVERFLOW && c->options->exact_only)
        why = "a book cannot be larger than 4 GiB";
    else if (errno == EOVERFLOW) {
        snprintf(smaller, sizeof(smaller),
                 "a book cannot be larger than 4 GiB; %s makes a smaller one",
                 c->options->without_index);
        why = smaller;
    }
    return compilation_say(c, c->options->book, 0, why, outcome);
}
