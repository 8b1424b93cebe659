#include "compile/lists.h"

#include <stdlib.h>

enum {
    FIRST_RUN = 16,      /* bytes of the first run of a list; each further run is twice as long */
    LONGEST_RUN = 1024,  /* up to this length */
    FEWEST_SLOTS = 1024, /* a power of 2 */
    ROOM = 1 << 18,      /* bytes allocated at a time */
};

struct lists_room {
    struct lists_room *next;
    size_t used;
    char bytes[ROOM];
};

int lists_begin(struct lists *lists) {
    *lists = (struct lists){.slot_count = FEWEST_SLOTS};
    lists->slots = calloc(FEWEST_SLOTS, sizeof(struct posting_list *));
    lists->rooms = lists->room = malloc(sizeof(*lists->room));
    if (lists->slots == NULL || lists->room == NULL)
        return -1;
    *lists->room = (struct lists_room){0};
    return siphash_new_key(&lists->key);
}

void lists_end(struct lists *lists) {
    for (struct lists_room *room = lists->rooms, *next; room != NULL; room = next) {
        next = room->next;
        free(room);
    }
    free(lists->slots);
    *lists = (struct lists){0};
}

void lists_clear(struct lists *lists) {
    memset(lists->slots, 0, lists->slot_count * sizeof(struct posting_list *));
    memset(lists->first, 0, sizeof(lists->first));
    memset(lists->last, 0, sizeof(lists->last));
    lists->count = 0;
    lists->room = lists->rooms;
    lists->room->used = 0;
}

/* Returns the next room, which is allocated if there is none; NULL: ENOMEM. */
static struct lists_room *room_after(struct lists_room *room) {
    if (room->next != NULL)
        return room->next;
    struct lists_room *next = malloc(sizeof(*next));
    if (next != NULL)
        next->next = NULL;
    room->next = next;
    return next;
}

/* Returns len bytes of memory, at most ROOM, aligned to 8; NULL: ENOMEM. */
static void *room_take(struct lists *lists, size_t len) {
    struct lists_room *room = lists->room;
    len = (len + 7) & ~(size_t)7;
    if (len > ROOM - room->used) {
        room = room_after(room);
        if (room == NULL)
            return NULL;
        lists->room = room;
        room->used = 0;
    }
    room->used += len;
    return room->bytes + room->used - len;
}

static struct posting_run *run_new(struct lists *lists, size_t cap) {
    struct posting_run *run = room_take(lists, sizeof(*run) + cap);
    if (run != NULL)
        *run = (struct posting_run){.cap = (uint16_t)cap};
    return run;
}

static size_t slot_of(const struct lists *lists, uint32_t slot_hash) {
    return slot_hash & (lists->slot_count - 1);
}

/* Doubles the number of slots. */
static int slots_grow(struct lists *lists) {
    struct posting_list **old = lists->slots;
    size_t count = lists->slot_count;
    struct posting_list **slots = calloc(2 * count, sizeof(struct posting_list *));
    if (slots == NULL)
        return -1;
    lists->slots = slots;
    lists->slot_count = 2 * count;
    for (size_t i = 0; i < count; i++) {
        if (old[i] == NULL)
            continue;
        size_t slot = slot_of(lists, old[i]->slot_hash);
        while (slots[slot] != NULL)
            slot = (slot + 1) & (lists->slot_count - 1);
        slots[slot] = old[i];
    }
    free(old);
    return 0;
}

static void group_add(struct lists *lists, struct posting_list *list) {
    uint32_t group = postings_group(list->hash) % LISTS_GROUPS;
    if (lists->last[group] == NULL)
        lists->first[group] = list;
    else
        lists->last[group]->next = list;
    lists->last[group] = list;
}

static struct posting_list *posting_list_new(struct lists *lists, const struct note *note,
                                             uint32_t slot_hash) {
    struct posting_list *list = room_take(lists, sizeof(*list) + note->name.len);
    struct posting_run *run = list == NULL ? NULL : run_new(lists, FIRST_RUN);
    if (run == NULL)
        return NULL;
    *list = (struct posting_list){.hash = note->hash,
                                  .slot_hash = slot_hash,
                                  .name_len = (uint32_t)note->name.len,
                                  .is_letter = postings_is_letter(note->name),
                                  .first = run,
                                  .last = run};
    memcpy(list + 1, note->name.at, note->name.len);
    group_add(lists, list);
    lists->count++;
    return list;
}

/* Returns the note's list, which is created if it is new; NULL: ENOMEM. */
static struct posting_list *posting_list_find(struct lists *lists, const struct note *note) {
    if (lists->count >= lists->slot_count / 2 && slots_grow(lists) < 0)
        return NULL;
    uint32_t slot_hash = (uint32_t)siphash(&lists->key, note->name.at, note->name.len);
    for (size_t i = slot_of(lists, slot_hash);; i = (i + 1) & (lists->slot_count - 1)) {
        struct posting_list *list = lists->slots[i];
        if (list == NULL)
            return lists->slots[i] = posting_list_new(lists, note, slot_hash);
        if (list->slot_hash == slot_hash && span_equal(posting_list_name(list), note->name))
            return list;
    }
}

/* Returns the last run of the list, which has len bytes free; NULL: ENOMEM. */
static struct posting_run *run_with(struct lists *lists, struct posting_list *list, size_t len) {
    struct posting_run *run = list->last;
    if (len <= (size_t)(run->cap - run->len))
        return run;
    size_t cap = run->cap < LONGEST_RUN ? 2 * (size_t)run->cap : LONGEST_RUN;
    run = run_new(lists, len > cap ? len : cap);
    if (run != NULL)
        list->last = list->last->next = run;
    return run;
}

int lists_add(struct lists *lists, const struct note *note) {
    char bytes[5];
    struct text number = {.at = bytes, .cap = sizeof(bytes)};
    struct posting_list *list = posting_list_find(lists, note);
    if (list == NULL || (list->count > 0 && list->entry == note->entry))
        return list == NULL ? -1 : 0;
    varint_put(&number, note->entry - list->entry);
    size_t len = number.len + note->info.len;
    struct posting_run *run = run_with(lists, list, len);
    if (run == NULL)
        return -1;
    char *to = (char *)(run + 1) + run->len;
    memcpy(to, bytes, number.len);
    memcpy(to + number.len, note->info.at, note->info.len);
    run->len = (uint16_t)(run->len + len);
    list->len += len;
    list->entry = note->entry;
    list->count++;
    list->dropped += posting_is_dropped(note->info);
    list->alone += posting_is_alone(note->info, list->is_letter);
    return 0;
}
