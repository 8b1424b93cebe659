/* Lines of LDIF and vCard, which may be folded: continued on the next line of
 * the source (RFC 2849, note 2 on its syntax; RFC 6350, section 3.2). */
#ifndef LOOKUP_UNFOLD_H
#define LOOKUP_UNFOLD_H

#include "data/bytes.h"

#include <stdio.h>

enum { UNFOLD_MAX = 16 * 1024 * 1024 }; /* bytes of a line; some hold photographs */

/* Before the first line, everything but source is zero. */
struct unfolded_lines {
    FILE *source;
    struct text line;     /* the current line and a NUL; full: longer than UNFOLD_MAX */
    unsigned long number; /* line of the source where it starts, counted from 1 */
    unsigned long read;   /* lines of the source read so far */
};

/* Reads a line of the source into lines->line, without its LF and the CRs
 * before that. Drops a byte order mark at its start; concatenated files have
 * several. Bytes behind UNFOLD_MAX are dropped. Returns 1, 0 at end of file, or -1
 * with errno. */
int unfold_next(struct unfolded_lines *lines);

/* Reads a line and appends it, without its first skip bytes, to the current one.
 * Keeps a byte order mark. Returns as unfold_next does. */
int unfold_append(struct unfolded_lines *lines, size_t skip);

/* Appends a LF as a mark and then a line that starts with a blank. The caller later
 * removes the LF, and also the blank if the vCard's version says so. Returns as
 * unfold_next does. */
int unfold_append_marked(struct unfolded_lines *lines);

/* Returns 1 if the next line starts with one of these characters, 0 if it does
 * not, or -1 with errno. */
int unfold_goes_on(struct unfolded_lines *lines, const char *starts);

/* Appends each following line that starts with one of these characters, without
 * that character. Returns 0, or -1 with errno. */
int unfold_rest(struct unfolded_lines *lines, const char *starts);

void unfold_free(struct unfolded_lines *lines);

#endif
