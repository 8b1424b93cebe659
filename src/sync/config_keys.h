/* The keys of sync.conf(5), and what each value means. */
#ifndef LOOKUP_SYNC_CONFIG_KEYS_H
#define LOOKUP_SYNC_CONFIG_KEYS_H

#include "sync/config.h"

/* Sets the key of that name. May cut value into words. Returns NULL, or what is wrong (static
 * text). */
const char *config_set(struct sync_config *config, const char *name, char *value);

/* Sets the defaults. */
void config_default(struct sync_config *config);

/* Completes config after the last key. Returns NULL, or what is wrong with the keys together
 * (static text). */
const char *config_complete(struct sync_config *config);

#endif
