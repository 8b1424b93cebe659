/* Doubly linked lists, first in first out. The link is a member of the listed struct. */
#ifndef LOOKUP_LIST_H
#define LOOKUP_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* next is NULL if the link is in no list. At the list's ends, next and previous point to ends. */
struct link {
    struct link *next;
    struct link *previous;
};

struct list {
    struct link ends;
};

/* Returns the struct of that type whose member is at. */
#define container_of(at, type, member) ((type *)(void *)((char *)(at)-offsetof(type, member)))

void list_init(struct list *list);

/* Moves link to the tail of list. Removes it from the list that it is in, if any. */
void list_push(struct list *list, struct link *link);

/* Does nothing if link is in no list. */
void list_remove(struct link *link);

/* Returns the oldest link, or NULL if the list is empty. */
struct link *list_head(const struct list *list);

#endif
