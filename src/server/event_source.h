/* What an event loop watches. struct event_source is the first member of each such struct, so a
 * pointer to it shows which struct it is. */
#ifndef LOOKUP_EVENT_SOURCE_H
#define LOOKUP_EVENT_SOURCE_H

enum event_source_kind { SOURCE_LISTENER, SOURCE_DATAGRAM, SOURCE_CONNECTION, SOURCE_SIGNALS };

struct event_source {
    enum event_source_kind kind;
    int fd; /* -1: closed, but events for it may still be pending */
};

#endif
