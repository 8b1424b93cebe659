/* Doubly linked lists of things that hold a link, first in first out. */
#ifndef LOOKUP_LIST_H
#define LOOKUP_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* In no queue when next is NULL; both point at the queue's own link at its ends. */
struct link {
    struct link *next;
    struct link *previous;
};

struct queue {
    struct link ends;
};

/* The thing of that type whose member link is at. */
#define QUEUE_ITEM(at, type, member) ((type *)(void *)((char *)(at)-offsetof(type, member)))

void queue_init(struct queue *queue);

/* Moves link to the tail of queue, out of the queue it may be in. */
void queue_push(struct queue *queue, struct link *link);
void queue_remove(struct link *link);

/* The link at the head, the oldest; NULL in an empty queue. */
struct link *queue_head(const struct queue *queue);

#endif
