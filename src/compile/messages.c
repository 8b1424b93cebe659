#include "compile/compilation.h"

#include <errno.h>
#include <string.h>

int say(const struct compilation *c, const char *file, unsigned long line, const char *what,
        int status) {
    c->options->report.problem(file, line, what);
    return status;
}

const char *source_name(const struct compilation *c, unsigned source) {
    const char *path = c->options->sources[source];
    return strcmp(path, "-") == 0 ? "(standard input)" : path;
}

int say_place(const struct compilation *c, struct place place, const char *what, int status) {
    return say(c, source_name(c, place.source), place.line, what, status);
}

int say_book(const struct compilation *c, int status) {
    const char *why = strerror(errno);
    if (errno == EINVAL)
        why = "not a regular file";
    else if (errno == EOVERFLOW && c->options->exact_only)
        why = "a book cannot be larger than 4 GiB";
    else if (errno == EOVERFLOW)
        why = "a book cannot be larger than 4 GiB; --exact-only makes a smaller one";
    return say(c, c->options->book, 0, why, status);
}
