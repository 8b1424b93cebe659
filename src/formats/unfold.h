/* Lines of LDIF and vCard, which may go on in the next line of the source (RFC
 * 2849, note 2 to its grammar; RFC 6350, section 3.2). */
#ifndef LOOKUP_UNFOLD_H
#define LOOKUP_UNFOLD_H

#include "data/bytes.h"

#include <stdio.h>

enum { FOLDED_MAX = 16 * 1024 * 1024 }; /* bytes of a line: photographs are in some */

/* All zero but for source, before the first line. */
struct folded {
    FILE *source;
    struct text line;     /* the line at hand, and a NUL; full: it is longer than FOLDED_MAX */
    unsigned long number; /* where in the source it starts, the first line being 1 */
    unsigned long read;   /* lines of the source read so far */
};

/* Reads a line of the source, its LF and the CRs before that dropped, and the
 * byte order mark that the first may have, or more where files are put together.
 * 1; 0 there is none; -1 errno. */
int folded_next(struct folded *lines);

/* The same, at the end of the line at hand, and without its first skip bytes. */
int folded_append(struct folded *lines, size_t skip);

/* The same, of a line that starts with a blank, behind a LF that marks the place:
 * who knows later what becomes of the blank, takes both away or the LF alone. */
int folded_append_marked(struct folded *lines);

/* True if the next line starts with one of these blanks. 1, 0; -1 errno. */
int folded_goes_on(struct folded *lines, const char *blanks);

/* Appends all the lines that follow and start with one of these blanks, each
 * without that blank. 0; -1 errno. */
int folded_unfold(struct folded *lines, const char *blanks);

void folded_free(struct folded *lines);

#endif
