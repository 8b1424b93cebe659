/* Lines of LDIF and vCard, which may be folded: continued on the next line of
 * the source (RFC 2849, note 2 to its grammar; RFC 6350, section 3.2). */
#ifndef LOOKUP_UNFOLD_H
#define LOOKUP_UNFOLD_H

#include "data/bytes.h"

#include <stdio.h>

enum { FOLDED_MAX = 16 * 1024 * 1024 }; /* bytes of a line; some hold photographs */

/* Before the first line, everything but source is zero. */
struct folded {
    FILE *source;
    struct text line;     /* the current line and a NUL; full: longer than FOLDED_MAX */
    unsigned long number; /* line of the source where it starts, counted from 1 */
    unsigned long read;   /* lines of the source read so far */
};

/* Reads a line of the source into lines->line, without its LF and the CRs
 * before that. Drops a byte order mark at its start; concatenated files have
 * several. Returns 1, 0 at end of file, -1 with errno. */
int folded_next(struct folded *lines);

/* Reads a line likewise and appends it, without its first skip bytes, to the
 * current one. */
int folded_append(struct folded *lines, size_t skip);

/* Appends a LF as a mark and then a line that starts with a blank. The caller later
 * removes the LF, and also the blank if the vCard's version says so. */
int folded_append_marked(struct folded *lines);

/* Tells whether the next line starts with one of these blanks: 1 or 0, or -1
 * with errno. */
int folded_goes_on(struct folded *lines, const char *blanks);

/* Appends each following line that starts with one of these blanks, without
 * that blank. Returns 0, or -1 with errno. */
int folded_unfold(struct folded *lines, const char *blanks);

void folded_free(struct folded *lines);

#endif
