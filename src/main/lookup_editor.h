/* Line editing and history by libedit (editline(3)), which is loaded only when a
 * terminal needs it. Reads and writes no files. */
#ifndef LOOKUP_CLIENT_EDITOR_H
#define LOOKUP_CLIENT_EDITOR_H

#include <stdbool.h>
#include <stdio.h>

/* True if $TERM names a terminal whose cursor moves: not in Emacs, and not where none is set. */
bool editor_moves_cursor(void);

/* Standard input and to must be a terminal; prompt must remain valid. Returns false
 * without libedit, or if the terminal cannot move its cursor. */
bool editor_open(const char *prompt, FILE *to);

enum editor_result { EDITOR_LINE, EDITOR_CANCELLED, EDITOR_END };

/* Prompts and reads a line, which the caller frees. Ctrl-C cancels the input, Ctrl-D on
 * an empty line ends it. */
enum editor_result editor_read(char **line);

/* Adds a line to the history. */
void editor_remember(const char *line);

void editor_close(void);

#endif
