/* The version, and the default paths. */
#ifndef LOOKUP_VERSION_H
#define LOOKUP_VERSION_H

#define VERSION "0.1"
#define BOOK_PATH "/var/lib/lookup/book.cdb"
#define SYNC_CONFIG_PATH "/etc/lookup/sync.conf"

#endif
