/* Looks up the offices of a name, and writes them in the formats of hello. */
#ifndef LOOKUP_OFFICES_H
#define LOOKUP_OFFICES_H

#include "data/book.h"
#include "services/http_accept.h"

enum {
    OFFICES_NAME_MAX = 1024, /* bytes of a requested name */
    /* Bytes of the result: BOOK_LINES_MAX lines, each with a name, half as long again
     * for no-break spaces, an office and separators, and the line "and N more". */
    OFFICES_LINES_MAX = 52 * 1024,
};

/* The result of a request for a name. */
struct offices {
    int status;        /* 200: found; 404: unknown; other: an error; 0: no name given */
    struct span name;  /* without blanks at both ends; at is NULL if it must not be echoed */
    struct span lines; /* the offices found, separated by LF */
    struct span error; /* the message of an error */
    bool is_list;      /* the lines are a list of entries that the name may mean */
};

/* Appends the offices of name, or else a list of the entries that it may mean
 * (data/matches.h), separated by separator. name is plain UTF-8 of at most
 * OFFICES_NAME_MAX bytes. Returns 1 for offices, 2 for a list, 0 if nothing was
 * found, -1 if there is no usable book; then out may hold
 * part of an answer. */
int offices_find(struct span name, const struct book *book, struct span separator,
                 struct text *out);

/* A line of the result. */
struct offices_line {
    struct span name;   /* in a list, as the list has it; else empty */
    struct span office; /* in the line "and N more": N, or empty if unknown */
    bool is_rest;
};

/* Takes the next line off *rest, which is offices->lines at first. Returns false at
 * the end. */
bool offices_next(const struct offices *offices, struct span *rest, struct offices_line *line);

/* Appends the result in that media type. Sets out->full if it does not fit. As text
 * it is at most 64 bytes longer than name in upper case or lines. */
void offices_put(const struct offices *offices, enum media media, struct text *out);

/* Appends the result as HTML (offices_page.c). */
void offices_put_page(const struct offices *offices, struct text *out);

/* A header field with its line end. It allows the page nothing but its own style
 * (Content Security Policy Level 3). */
extern const struct span offices_page_policy;

#endif
