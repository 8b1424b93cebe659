/* What an event loop can be told of: the first member of each such thing, so
 * that a pointer to it tells what it is. */
#ifndef LOOKUP_EVENT_SOURCE_H
#define LOOKUP_EVENT_SOURCE_H

enum event_source_kind { SOURCE_LISTENER, SOURCE_DATAGRAM, SOURCE_CONNECTION, SOURCE_SIGNALS };

struct source {
    enum event_source_kind kind;
    int fd; /* -1: it was closed while events for it were still to be seen to */
};

#endif
