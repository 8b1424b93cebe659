/* The keys of sync.conf(5), and what each value means. */
#ifndef LOOKUP_SYNC_CONFIG_KEYS_H
#define LOOKUP_SYNC_CONFIG_KEYS_H

#include "sync/config.h"

/* Sets the key of that name. May cut value into words; config keeps pointers into it. Returns NULL,
 * or what is wrong (static text). */
const char *config_set(struct sync_config *config, const char *name, char *value);

/* Sets the defaults. Call it before config_set. */
void config_default(struct sync_config *config);

/* Chooses the bind if no key has, and checks the keys together, also that the certificate files can
 * be read. Call it after the last config_set. Returns NULL, or what is wrong (static text). */
const char *config_complete(struct sync_config *config);

#endif
