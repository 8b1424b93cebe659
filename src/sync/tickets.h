/* The tickets of this process: a cache of libkrb5 in memory (MEMORY:). */
#ifndef LOOKUP_SYNC_TICKETS_H
#define LOOKUP_SYNC_TICKETS_H

/* Where the tickets are, as libkrb5 names it. */
#define TICKETS "MEMORY:lookup-sync"

/* Discards them. libkrb5 would use a ticket until it expires, even if the server or the KDC has a
 * new key since, and it would keep the difference between the KDC's clock and this one even
 * if somebody has set this one. Does nothing without MIT's libkrb5 in this process. */
void tickets_discard(void);

#endif
