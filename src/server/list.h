/* Doubly linked lists of things that hold a link, first in first out. */
#ifndef LOOKUP_LIST_H
#define LOOKUP_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* In no list when next is NULL; both point at the list's own link at its ends. */
struct link {
    struct link *next;
    struct link *previous;
};

struct list {
    struct link ends;
};

/* The thing of that type whose member link is at. */
#define container_of(at, type, member) ((type *)(void *)((char *)(at)-offsetof(type, member)))

void list_init(struct list *list);

/* Moves link to the tail of list, out of the list it may be in. */
void list_push(struct list *list, struct link *link);
void list_remove(struct link *link);

/* The link at the head, the oldest; NULL in an empty list. */
struct link *list_head(const struct list *list);

#endif
