#include "compile/index.h"

#include "compile/list_writer.h"
#include "compile/spill.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { PROGRESS_EVERY = 65536 }; /* lists */

int index_begin(struct index *index, const struct atomic_file *beside) {
    *index = (struct index){.beside = beside, .fd = -1};
    return lists_begin(&index->lists);
}

void index_end(struct index *index) {
    lists_end(&index->lists);
    free(index->spills);
    if (index->fd >= 0)
        close(index->fd);
    index->spills = NULL;
    index->fd = -1;
}

static int index_spill(struct index *index) {
    size_t size = (index->spill_count + 1) * sizeof(*index->spills);
    struct index_spill *spills = realloc(index->spills, size);
    if (spills == NULL)
        return -1;
    index->spills = spills;
    if (index->fd < 0 && (index->fd = atomic_file_scratch(index->beside)) < 0)
        return -1;
    if (spill_write(&spills[index->spill_count], index->fd, &index->lists) < 0)
        return -1;
    index->spill_count++;
    lists_clear(&index->lists);
    return 0;
}

/* Adds what is noted. */
static int index_flush(struct index *index) {
    index->is_due = false;
    if (lists_are_full(&index->lists) && index_spill(index) < 0)
        return -1;
    if (lists_add(&index->lists))
        return 0;
    errno = ENOMEM;
    return -1;
}

static int index_give(void *context, struct span name, const struct posting *posting,
                      bool is_alone) {
    struct index *index = context;
    index->is_due = lists_note(&index->lists, name, posting, is_alone) || index->is_due;
    return 0;
}

int index_add(struct index *index, uint32_t number, struct span key) {
    index_lists_of(&index->words, number, key, index_give, index);
    return index->is_due ? index_flush(index) : 0;
}

static void tell(unsigned long *lists, void (*progress)(unsigned long count, const char *of)) {
    if (++*lists % PROGRESS_EVERY == 0)
        progress(*lists, "words");
}

static int write_list(const struct lists *lists, const struct list *list,
                      struct list_writer *writer) {
    bool is_start = true;
    for (uint32_t run = list->first; run != 0; run = list_run(lists, run)->next) {
        struct span bytes = list_run_bytes(lists, run);
        if (bytes.len > 0 && list_writer_add(writer, bytes, is_start) < 0)
            return -1;
        is_start = is_start && bytes.len == 0;
    }
    return list_writer_end(writer);
}

/* All lists are in memory. */
static int write_lists(struct index *index, struct list_writer *writer,
                       void (*progress)(unsigned long count, const char *of)) {
    const struct lists *lists = &index->lists;
    unsigned long written = 0;
    uint32_t *order = lists_sorted(lists);
    int result = order == NULL ? -1 : 0;
    for (uint32_t i = 0; result == 0 && i < lists->count; i++) {
        const struct list *list = list_at(lists, order[i]);
        list_writer_begin(writer, list_name(list), list);
        result = write_list(lists, list, writer);
        tell(&written, progress);
    }
    free(order);
    return result;
}

/* They are in several spills. */
static int write_spills(struct index *index, struct list_writer *writer,
                        void (*progress)(unsigned long count, const char *of)) {
    struct spill_merge merge;
    unsigned long written = 0;
    int more = index->lists.count > 0 ? index_spill(index) : 0;
    lists_end(&index->lists);
    if (more < 0 || spill_merge_begin(&merge, index->fd, index->spills, index->spill_count) < 0)
        return -1;
    while ((more = spill_merge_list(&merge, writer)) > 0)
        tell(&written, progress);
    spill_merge_end(&merge);
    return more;
}

int index_write(struct index *index, struct cdb_writer *to,
                void (*progress)(unsigned long count, const char *of)) {
    struct list_writer *writer = malloc(sizeof(*writer));
    if (writer == NULL)
        return -1;
    list_writer_open(writer, to);
    int result = index_flush(index);
    if (result == 0)
        result = index->spill_count == 0 ? write_lists(index, writer, progress)
                                         : write_spills(index, writer, progress);
    if (result == 0)
        result = list_writer_close(writer);
    int why = errno;
    free(writer);
    errno = why;
    return result;
}
