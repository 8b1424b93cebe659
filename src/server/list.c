#include "server/list.h"

void queue_init(struct queue *queue) {
    queue->ends.next = queue->ends.previous = &queue->ends;
}

void queue_remove(struct link *link) {
    if (link->next == NULL)
        return;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    link->next = link->previous = NULL;
}

void queue_push(struct queue *queue, struct link *link) {
    queue_remove(link);
    link->next = &queue->ends;
    link->previous = queue->ends.previous;
    link->previous->next = link;
    queue->ends.previous = link;
}

struct link *queue_head(const struct queue *queue) {
    return queue->ends.next == &queue->ends ? NULL : queue->ends.next;
}
