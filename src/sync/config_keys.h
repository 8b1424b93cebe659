/* The keys of sync.conf(5), and what each value means. */
#ifndef LOOKUP_SYNC_CONFIG_KEYS_H
#define LOOKUP_SYNC_CONFIG_KEYS_H

#include "sync/config.h"

/* Sets what the key of that name says. NULL, or what is wrong with it (static text). value is cut
 * in words where it has several. */
const char *config_set(struct sync_config *config, const char *name, char *value);

/* What holds where no key says otherwise. */
void config_default(struct sync_config *config);

/* Completes it when all keys are read. NULL, or what is wrong with them together. */
const char *config_complete(struct sync_config *config);

#endif
