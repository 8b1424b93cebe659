#include "data/names.h"

#include "data/bytes.h"

const char *names_list(name_at *at, const char *between, const char *last, char list[NAMES_MAX]) {
    struct text out = {.at = list, .cap = NAMES_MAX - 1};
    const char *next = at(0);
    for (size_t i = 0; next != NULL; i++) {
        const char *name = next;
        next = at(i + 1);
        if (i > 0)
            text_put(&out, span_of(next == NULL ? last : between));
        text_put(&out, span_of(name));
    }
    list[out.len] = '\0';
    return list;
}
