#include "compile/lists.h"

#include <stdlib.h>
#include <sys/mman.h>

enum {
    FIRST_RUN = 16,
    LONGEST_RUN = 1024,
    BATCH_ROOM = LISTS_BATCH * 2 * LONGEST_RUN + 2 * LISTS_TEXT, /* that a batch takes, at most */
};

/* Memory that is not yet used costs nothing. In large pages it is found faster, where there
 * are some. */
static void *memory_new(size_t size) {
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return NULL;
    madvise(at, size, MADV_HUGEPAGE);
    return at;
}

int lists_begin(struct lists *lists) {
    *lists = (struct lists){0};
    lists->slots = memory_new(LISTS_SLOTS * sizeof(*lists->slots));
    lists->room = memory_new(LISTS_ROOM);
    lists->batch = malloc(sizeof(*lists->batch));
    lists->used = sizeof(struct list_run); /* offset 0 is none */
    if (lists->slots == NULL || lists->room == NULL || lists->batch == NULL)
        return -1;
    lists->batch->count = lists->batch->text_len = 0;
    return 0;
}

void lists_end(struct lists *lists) {
    if (lists->slots != NULL)
        munmap(lists->slots, LISTS_SLOTS * sizeof(*lists->slots));
    if (lists->room != NULL)
        munmap(lists->room, LISTS_ROOM);
    free(lists->batch);
    *lists = (struct lists){0};
}

void lists_clear(struct lists *lists) {
    if (lists->count > 0) /* else it would be the first use of all that memory */
        memset(lists->slots, 0, LISTS_SLOTS * sizeof(*lists->slots));
    lists->count = 0;
    lists->used = sizeof(struct list_run);
}

bool lists_are_full(const struct lists *lists) {
    return lists->count + LISTS_BATCH > LISTS_MAX || lists->used + BATCH_ROOM > LISTS_ROOM;
}

/* So many bytes, aligned; 0: there is no room. */
static uint32_t room_take(struct lists *lists, size_t len) {
    uint32_t at = lists->used;
    size_t aligned = (len + 3) & ~(size_t)3;
    if (aligned > LISTS_ROOM - lists->used)
        return 0;
    lists->used += (uint32_t)aligned;
    return at;
}

static uint32_t run_new(struct lists *lists, size_t cap) {
    uint32_t at = room_take(lists, sizeof(struct list_run) + cap);
    if (at != 0)
        *(struct list_run *)(lists->room + at) = (struct list_run){.cap = (uint16_t)cap};
    return at;
}

/* Spreads the hashes: those of words that differ in their last letter are neighbours. */
static uint32_t slot_of(uint32_t hash) {
    hash = (hash ^ hash >> 16) * 0x9E3779B1u;
    return (hash ^ hash >> 15) % LISTS_SLOTS;
}

static struct list *list_new(struct lists *lists, struct span name, struct list_slot *slot,
                             uint32_t hash) {
    uint32_t at = room_take(lists, sizeof(struct list) + name.len);
    uint32_t run = at == 0 || lists->count == LISTS_MAX ? 0 : run_new(lists, FIRST_RUN);
    if (run == 0)
        return NULL;
    struct list *list = (struct list *)(lists->room + at);
    *list = (struct list){.hash = hash, .name_len = (uint32_t)name.len, .first = run, .last = run};
    memcpy(list + 1, name.at, name.len);
    *slot = (struct list_slot){hash, at};
    lists->count++;
    return list;
}

/* The list, which is made if it is new; NULL: no room. */
static struct list *list_find(struct lists *lists, struct span name, uint32_t hash) {
    for (uint32_t i = slot_of(hash);; i = (i + 1) % LISTS_SLOTS) {
        struct list_slot *slot = &lists->slots[i];
        if (slot->list == 0)
            return list_new(lists, name, slot, hash);
        struct list *list = (struct list *)(lists->room + slot->list);
        if (slot->hash == hash && span_equal(list_name(list), name))
            return list;
    }
}

/* A run that has len bytes free; NULL: no room. */
static struct list_run *run_with(struct lists *lists, struct list *list, size_t len) {
    struct list_run *run = (struct list_run *)(lists->room + list->last);
    if (len <= (size_t)(run->cap - run->len))
        return run;
    size_t cap = run->cap < LONGEST_RUN ? 2 * (size_t)run->cap : LONGEST_RUN;
    uint32_t next = run_new(lists, len > cap ? len : cap);
    if (next == 0)
        return NULL;
    run->next = list->last = next;
    return (struct list_run *)(lists->room + next);
}

bool lists_note(struct lists *lists, struct span name, const struct posting *posting,
                bool is_alone) {
    struct list_batch *batch = lists->batch;
    struct text text = {.at = batch->text, .len = batch->text_len, .cap = sizeof(batch->text)};
    struct list_note *note = &batch->at[batch->count++];
    *note = (struct list_note){.hash = cdbread_hash(name),
                               .entry = posting->entry,
                               .text = (uint32_t)text.len,
                               .name_len = (uint32_t)name.len,
                               .is_dropped = posting->is_dropped,
                               .is_alone = is_alone};
    text_put(&text, name);
    if (!span_starts(name, POSTINGS_INITIALS))
        posting_put(&text, posting);
    batch->text_len = text.len;
    note->posting_len = (uint32_t)text.len - note->text - note->name_len;
    return batch->count >= LISTS_BATCH_FULL || text.len >= LISTS_TEXT_FULL;
}

/* Makes what will be looked at come nearer: each waits for what the one before found. */
static void batch_prefetch(const struct lists *lists) {
    const struct list_batch *batch = lists->batch;
    for (size_t i = 0; i < batch->count; i++)
        __builtin_prefetch(&lists->slots[slot_of(batch->at[i].hash)], 1);
    for (size_t i = 0; i < batch->count; i++) {
        uint32_t list = lists->slots[slot_of(batch->at[i].hash)].list;
        __builtin_prefetch(lists->room + list, 1);
        __builtin_prefetch(lists->room + list + 64, 1);
    }
    for (size_t i = 0; i < batch->count; i++) {
        uint32_t list = lists->slots[slot_of(batch->at[i].hash)].list;
        if (list != 0)
            __builtin_prefetch(lists->room + list_at(lists, list)->last, 1);
    }
}

/* False: there is no room. */
static bool note_add(struct lists *lists, const struct list_note *note) {
    char bytes[5];
    struct text number = {.at = bytes, .cap = sizeof(bytes)};
    const char *text = lists->batch->text + note->text;
    struct list *list = list_find(lists, (struct span){text, note->name_len}, note->hash);
    if (list == NULL)
        return false;
    if (list->count > 0 && list->entry == note->entry)
        return true;
    varint_put(&number, note->entry - list->entry);
    struct list_run *run = run_with(lists, list, number.len + note->posting_len);
    if (run == NULL)
        return false;
    char *to = (char *)(run + 1) + run->len;
    memcpy(to, bytes, number.len);
    memcpy(to + number.len, text + note->name_len, note->posting_len);
    run->len = (uint16_t)(run->len + number.len + note->posting_len);
    list->count++;
    list->dropped += note->is_dropped;
    list->alone += note->is_alone;
    list->entry = note->entry;
    return true;
}

bool lists_add(struct lists *lists) {
    struct list_batch *batch = lists->batch;
    batch_prefetch(lists);
    for (size_t i = 0; i < batch->count; i++)
        if (!note_add(lists, &batch->at[i]))
            return false;
    batch->count = batch->text_len = 0;
    return true;
}

int list_compare(uint32_t hash_a, struct span name_a, uint32_t hash_b, struct span name_b) {
    if (hash_a != hash_b)
        return hash_a < hash_b ? -1 : 1;
    size_t len = name_a.len < name_b.len ? name_a.len : name_b.len;
    int order = memcmp(name_a.at, name_b.at, len);
    return order != 0 ? order : (name_a.len > name_b.len) - (name_a.len < name_b.len);
}

static int by_name(const void *a, const void *b, void *context) {
    const struct list_slot *slot_a = a;
    const struct list_slot *slot_b = b;
    if (slot_a->hash != slot_b->hash)
        return slot_a->hash < slot_b->hash ? -1 : 1;
    return list_compare(slot_a->hash, list_name(list_at(context, slot_a->list)), slot_b->hash,
                        list_name(list_at(context, slot_b->list)));
}

uint32_t *lists_sorted(const struct lists *lists) {
    struct list_slot *used = malloc((lists->count + 1) * sizeof(*used));
    uint32_t *order = (uint32_t *)used;
    size_t count = 0;
    if (used == NULL)
        return NULL;
    for (size_t i = 0; lists->count > 0 && i < LISTS_SLOTS; i++)
        if (lists->slots[i].list != 0)
            used[count++] = lists->slots[i];
    qsort_r(used, count, sizeof(*used), by_name, (void *)lists);
    for (size_t i = 0; i < count; i++) { /* in the same memory */
        uint32_t list = used[i].list;
        memcpy(&order[i], &list, sizeof(list));
    }
    return order;
}
