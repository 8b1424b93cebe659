#include "formats/unfold.h"

#include <stdlib.h>
#include <string.h>

/* One byte more than cap is allocated, for the NUL. */
static int grow(struct text *line) {
    size_t cap = line->cap == 0 ? 1024 : line->cap * 2;
    char *at = realloc(line->at, cap + 1);
    if (at == NULL)
        return -1;
    line->at = at;
    line->cap = cap;
    return 0;
}

static int unfold_put(struct text *line, int c) {
    if (line->len == FOLDED_MAX) {
        line->full = true;
        return 0;
    }
    if (line->len == line->cap && grow(line) < 0)
        return -1;
    line->at[line->len++] = (char)c;
    return 0;
}

int folded_append(struct folded *lines, size_t skip) {
    struct text *line = &lines->line;
    size_t start = line->len;
    size_t taken = 0;
    int c;
    if (line->cap == 0 && grow(line) < 0)
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

int folded_append_marked(struct folded *lines) {
    return unfold_put(&lines->line, '\n') < 0 ? -1 : folded_append(lines, 0);
}

int folded_next(struct folded *lines) {
    lines->line.len = 0;
    lines->line.full = false;
    lines->number = lines->read + 1;
    int more = folded_append(lines, 0);
    if (more > 0 && span_starts(text_span(&lines->line), SPAN("\xEF\xBB\xBF"))) {
        lines->line.len -= 3;
        memmove(lines->line.at, lines->line.at + 3, lines->line.len + 1);
    }
    return more;
}

int folded_goes_on(struct folded *lines, const char *blanks) {
    int c = getc_unlocked(lines->source);
    if (c == EOF)
        return ferror(lines->source) ? -1 : 0;
    ungetc(c, lines->source);
    return c != '\0' && strchr(blanks, c) != NULL;
}

int folded_unfold(struct folded *lines, const char *blanks) {
    int more;
    while ((more = folded_goes_on(lines, blanks)) > 0)
        if (folded_append(lines, 1) < 0)
            return -1;
    return more;
}

void folded_free(struct folded *lines) {
    free(lines->line.at);
}
