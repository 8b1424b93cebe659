#include "server/list.h"

void list_init(struct list *list) {
    list->ends.next = list->ends.previous = &list->ends;
}

void list_remove(struct link *link) {
    if (link->next == NULL)
        return;
    link->previous->next = link->next;
    link->next->previous = link->previous;
    link->next = link->previous = NULL;
}

void list_push(struct list *list, struct link *link) {
    list_remove(link);
    link->next = &list->ends;
    link->previous = list->ends.previous;
    link->previous->next = link;
    list->ends.previous = link;
}

struct link *list_head(const struct list *list) {
    return list->ends.next == &list->ends ? NULL : list->ends.next;
}
