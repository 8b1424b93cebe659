/* Offices: what the book knows of a name, and the forms in which hello says it. */
#ifndef LOOKUP_OFFICES_H
#define LOOKUP_OFFICES_H

#include "data/book.h"
#include "services/http_accept.h"

enum {
    OFFICES_NAME_MAX = 1024, /* bytes of a name that is asked for */
    /* Bytes of what is found: BOOK_LINES_MAX times a name, in which each second byte may
     * become two, an office and what parts them, and a line that says how many more. */
    OFFICES_LINES_MAX = 52 * 1024,
};

/* What is answered to who asks for a name. */
struct offices {
    int status;        /* 200: found; 404: unknown; else an error; 0: no name was given */
    struct span name;  /* without the blanks around it; at NULL: it is not to be echoed */
    struct span lines; /* if found, parted by LF */
    struct span error; /* in words, if it is one */
    bool is_list;      /* the lines are of those who might be meant */
};

/* Appends the offices of name, which is plain UTF-8 and has at most OFFICES_NAME_MAX
 * bytes, or a list of those who might be meant by it (data/matches.h), parted by separator.
 * 1 offices, 2 a list, 0 unknown, -1 there is no book or it is broken; then out may hold
 * part of an answer. */
int offices_find(struct span name, const struct book *book, struct span separator,
                 struct text *out);

/* A line of what was found. */
struct offices_line {
    struct span name;   /* of a list, as the list has it; else empty */
    struct span office; /* or, if it is the line that says so, how many more there are; empty:
                           nobody counted */
    bool is_rest;
};

/* Takes the next line off *rest, which begins as offices->lines; false if there is none. */
bool offices_next(const struct offices *offices, struct span *rest, struct offices_line *line);

/* Appends it in that form. If it does not fit, out->full is set; as text it is at most
 * 64 bytes longer than name in upper case or lines. */
void offices_put(const struct offices *offices, enum media media, struct text *out);

/* The form HTML, in offices_page.c. */
void offices_put_page(const struct offices *offices, struct text *out);

/* The field, with its line end, that keeps a browser from heeding anything but the
 * page's own style (Content Security Policy Level 3). */
extern const struct span offices_page_policy;

#endif
