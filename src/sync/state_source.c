#include "sync/state_source.h"

#include "sync/profile.h"
#include "sync/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { READ_AT_ONCE = 1024 * 1024 };

/* Reads source to its end. Returns 0, or -1 with errno. The caller frees all->at in any case. */
static int read_all(FILE *source, struct text *all) {
    size_t got = 1;
    while (got > 0) {
        if (all->cap - all->len < READ_AT_ONCE) {
            size_t cap = all->cap * 2 + READ_AT_ONCE;
            char *at = realloc(all->at, cap);
            if (at == NULL)
                return -1;
            all->at = at;
            all->cap = cap;
        }
        got = fread(all->at + all->len, 1, READ_AT_ONCE, source);
        all->len += got;
    }
    return ferror(source) != 0 ? -1 : 0;
}

static int by_identity(const void *a, const void *b) {
    return memcmp(&((const struct table_entry *)a)->id, &((const struct table_entry *)b)->id,
                  sizeof(struct identity));
}

static int state_give(struct table *table, const struct source_events *to) {
    struct person *person = calloc(1, sizeof(*person));
    int result = person == NULL ? -1 : 0;
    if (table->count > 0)
        qsort(table->at, table->count, sizeof(*table->at), by_identity);
    for (size_t i = 0; i < table->count && result == 0; i++) {
        if (!table->at[i].there)
            continue;
        profile_read(table->at[i].profile, person);
        result = person_give(person, i + 1, to);
    }
    free(person);
    return result;
}

static int state_read(FILE *source, const struct source_options *how,
                      const struct source_events *to) {
    struct text all = {.len = 0};
    struct replay replay = {.end = 0};
    (void)how;
    int result = read_all(source, &all);
    if (result == 0)
        result = replay_read(text_span(&all), &replay);
    if (result == 0)
        result = state_give(&replay.table, to);
    int why = errno;
    replay_free(&replay);
    free(all.at);
    errno = why;
    return result;
}

/* Does nothing: the process is already in its sandbox, and its later runs must open files. */
static void confine_no_more(const struct compile_options *options, int folder) {
    (void)options, (void)folder;
}

enum outcome state_make_book(const struct sync_config *config, struct compile_report report) {
    static const struct format format = {.name = "state", .endings = "", .read = state_read};
    struct compile_summary summary;
    char *source[] = {(char *)config->state};
    const struct compile_options options = {
        .sources = source,
        .count = 1,
        .book = config->book,
        .format = &format,
        .force = true,
        .skip_bad = true,
        .exact_only = config->exact_only,
        .without_index = "index = none",
        .report = report,
        .confine = confine_no_more,
    };
    return compile(&options, &summary);
}
