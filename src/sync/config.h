/* What /etc/lookup/sync.conf says; see sync.conf(5). */
#ifndef LOOKUP_SYNC_CONFIG_H
#define LOOKUP_SYNC_CONFIG_H

#include "compile/compile.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CONFIG_FILE_MAX = 64 * 1024, /* bytes of the file */
    CONFIG_LIST_MAX = 16,        /* servers, or attributes of a kind */
};

enum sync_bind { BIND_UNSAID, BIND_ANONYMOUS, BIND_SIMPLE, BIND_EXTERNAL };

struct config_list {
    const char *at[CONFIG_LIST_MAX + 1]; /* a NULL behind the last */
    unsigned count;
};

/* Strings stand in text; NULL: the file does not say. */
struct sync_config {
    const char *file;
    char *text;
    unsigned said; /* a bit for each key that was */
    struct config_list uris;
    const char *base;
    int scope; /* LDAP_SCOPE_... */
    const char *filter;
    struct config_list names;   /* attributes, each value of each a name */
    struct config_list offices; /* the first that an entry has counts */
    const char *id;             /* attribute that names an entry for ever */
    enum sync_bind bind;
    const char *bind_dn;
    const char *secret_file;
    bool start_tls; /* on ldap:// */
    const char *ca_file;
    const char *cert_file;
    const char *key_file;
    const char *book;
    const char *state;
    bool exact_only;
    long max_shrink; /* percent */
    long full_every; /* seconds */
    long spread;     /* likewise: so long the machines take to fetch everything */
    long timeout;    /* likewise: of silence in an answer */
};

/* Is told what is wrong, and where; line 0: of the file as a whole. */
typedef void config_problem(const char *file, unsigned long line, const char *what);

/* Reads the file; tells every error in it. OUTCOME_DONE; OUTCOME_NO_INPUT: it
 * cannot be opened; OUTCOME_NO_SYSTEM: no memory; OUTCOME_MISCONFIGURED: it has errors. To be
 * freed in any case. */
enum outcome config_read(struct sync_config *config, const char *file, config_problem *problem);
void config_free(struct sync_config *config);

/* A hash of the keys that decide what is fetched: which server, as whom, which entries and
 * attributes. If it changes, what was fetched before is of no use. */
uint64_t config_hash(const struct sync_config *config);

#endif
