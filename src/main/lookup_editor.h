/* Lines with editing and history: libedit's (editline(3)), which is loaded when a terminal
 * needs it and not before. Nothing is read from or kept in a file. */
#ifndef LOOKUP_CLIENT_EDITOR_H
#define LOOKUP_CLIENT_EDITOR_H

#include <stdbool.h>
#include <stdio.h>

/* Standard input and to are a terminal; prompt must stay. False: there is no libedit, or the
 * terminal cannot move its cursor. */
bool editor_open(const char *prompt, FILE *to);

enum editor_result { EDITOR_LINE, EDITOR_CANCELLED, EDITOR_END };

/* Prompts and reads a line; to be freed. Ctrl-C cancels what was typed, Ctrl-D on an empty
 * line ends. */
enum editor_result editor_read(char **line);

/* Keeps a line in the history. */
void editor_remember(const char *line);

void editor_close(void);

#endif
