#include "compile/index.h"

#include "compile/list_writer.h"
#include "data/lists_of_name.h"

#include <errno.h>
#include <stdlib.h>

int index_begin(struct index *index, const struct atomic_file *beside) {
    return notes_begin(&index->notes, beside);
}

void index_end(struct index *index) {
    notes_end(&index->notes);
}

static int index_give(void *context, struct span name, const struct posting *posting) {
    char bytes[POSTING_MAX];
    struct text info = {.at = bytes, .cap = sizeof(bytes)};
    if (!span_starts(name, POSTINGS_INITIALS))
        posting_put(&info, posting);
    const struct note note = {cdbread_hash(name), posting->entry, name, text_span(&info)};
    return notes_add(context, &note);
}

int index_add(struct index *index, uint32_t number, struct span key) {
    return lists_of_name(&index->words, number, key, index_give, &index->notes);
}

/* State of index_write. */
struct index_writing {
    struct lists lists;
    struct list_writer writer;
};

static int index_write_part(struct index *index, uint32_t part, struct index_writing *writing) {
    struct notes_reading reading;
    struct note note;
    int result;
    notes_read(&index->notes, part, &reading);
    lists_clear(&writing->lists);
    while ((result = notes_next(&reading, &note)) > 0)
        if (lists_add(&writing->lists, &note) < 0)
            return -1;
    for (uint32_t i = 0; result == 0 && i < LISTS_GROUPS; i++)
        result = list_writer_put(&writing->writer, writing->lists.first[i]);
    return result;
}

int index_write(struct index *index, struct cdb_writer *to,
                void (*progress)(unsigned long count, const char *of)) {
    struct index_writing *writing = malloc(sizeof(*writing));
    unsigned long count = 0;
    unsigned long told = 0;
    if (writing == NULL)
        return -1;
    writing->writer.to = to;
    int result = lists_begin(&writing->lists);
    for (uint32_t part = 0; result == 0 && part < NOTES_PARTS; part++) {
        result = index_write_part(index, part, writing);
        count += writing->lists.count;
        if (result == 0 && count - told >= PROGRESS_EVERY)
            progress(told = count - count % PROGRESS_EVERY, "words");
    }
    int why = errno;
    lists_end(&writing->lists);
    free(writing);
    errno = why;
    return result;
}
