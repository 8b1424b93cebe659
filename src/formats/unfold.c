#include "formats/unfold.h"

#include <stdlib.h>
#include <string.h>

/* One byte more than cap is allocated, for the NUL. */
static int unfold_grow(struct text *line) {
    size_t cap = line->cap == 0 ? 1024 : line->cap * 2;
    char *at = realloc(line->at, cap + 1);
    if (at == NULL)
        return -1;
    line->at = at;
    line->cap = cap;
    return 0;
}

static int unfold_put(struct text *line, int c) {
    if (line->len == UNFOLD_MAX) {
        line->full = true;
        return 0;
    }
    if (line->len == line->cap && unfold_grow(line) < 0)
        return -1;
    line->at[line->len++] = (char)c;
    return 0;
}

int unfold_append(struct unfolded_lines *lines, size_t skip) {
    struct text *line = &lines->line;
    size_t start = line->len;
    size_t taken = 0;
    int c;
    if (line->cap == 0 && unfold_grow(line) < 0)
        return -1;
    for (; (c = getc_unlocked(lines->source)) != EOF && c != '\n'; taken++)
        if (taken >= skip && unfold_put(line, c) < 0)
            return -1;
    while (line->len > start && line->at[line->len - 1] == '\r')
        line->len--;
    line->at[line->len] = '\0';
    if (c == EOF && ferror(lines->source))
        return -1;
    if (c == EOF && taken == 0)
        return 0;
    lines->read++;
    return 1;
}

int unfold_append_marked(struct unfolded_lines *lines) {
    return unfold_put(&lines->line, '\n') < 0 ? -1 : unfold_append(lines, 0);
}

int unfold_next(struct unfolded_lines *lines) {
    lines->line.len = 0;
    lines->line.full = false;
    lines->number = lines->read + 1;
    int more = unfold_append(lines, 0);
    if (more > 0 && span_starts(text_span(&lines->line), SPAN("\xEF\xBB\xBF"))) {
        lines->line.len -= 3;
        memmove(lines->line.at, lines->line.at + 3, lines->line.len + 1);
    }
    return more;
}

int unfold_goes_on(struct unfolded_lines *lines, const char *starts) {
    int c = getc_unlocked(lines->source);
    if (c == EOF)
        return ferror(lines->source) ? -1 : 0;
    ungetc(c, lines->source);
    return c != '\0' && strchr(starts, c) != NULL;
}

int unfold_rest(struct unfolded_lines *lines, const char *starts) {
    int more;
    while ((more = unfold_goes_on(lines, starts)) > 0)
        if (unfold_append(lines, 1) < 0)
            return -1;
    return more;
}

void unfold_free(struct unfolded_lines *lines) {
    free(lines->line.at);
}
