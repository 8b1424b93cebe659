#include "services/http_query.h"

#include "services/http_target.h"

#include <string.h>

/* Takes the part before the next c, or all, off *rest. */
static struct span query_cut(struct span *rest, char c) {
    const char *end = memchr(rest->at, c, rest->len);
    struct span part = {rest->at, end == NULL ? rest->len : (size_t)(end - rest->at)};
    *rest = span_from(*rest, end == NULL ? rest->len : part.len + 1);
    return part;
}

size_t http_query_find(struct span query, const char *name, struct span *value) {
    size_t count = 0;
    while (query.len > 0) {
        struct span parameter = query_cut(&query, '&');
        if (!http_path_is(query_cut(&parameter, '='), name))
            continue;
        *value = parameter;
        count++;
    }
    return count;
}

void http_decode(struct span s, bool is_query, struct text *out) {
    while (s.len > 0) {
        bool blank = is_query && s.at[0] == '+';
        char c = http_take(&s);
        text_put(out, (struct span){blank ? " " : &c, 1});
    }
}
