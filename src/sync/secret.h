/* The secrets that identify this machine to the servers: a password or a keytab. Each is a file
 * that the configuration names, or else a credential of the service (systemd.exec(5)). */
#ifndef LOOKUP_SYNC_SECRET_H
#define LOOKUP_SYNC_SECRET_H

#include "sync/config.h"

enum {
    SECRET_MAX = 1024, /* bytes of a password, with its final NUL */
    SECRET_WHY = 256,  /* bytes of a reason, with its final NUL */
};

/* Reads the password for a simple bind: the first line. Other binds need none, and it is then
 * empty. Only the owner may have rights on secret-file. Returns 0, or -1 with the reason in why. */
int secret_read(const struct sync_config *config, char secret[SECRET_MAX], char why[SECRET_WHY]);

/* Copies the keytab, of at most 1 MiB, into a file in memory, so that it can be read without the
 * rights on the original. Only the owner may have rights on keytab-file. Returns a descriptor, or
 * -1 with the reason in why. */
int secret_keytab(const struct sync_config *config, char why[SECRET_WHY]);

/* Creates an empty file in memory. Returns a descriptor, or -1 and sets errno. */
int secret_memory(const char *name);

#endif
