/* What /etc/lookup/sync.conf says; see sync.conf(5). */
#ifndef LOOKUP_SYNC_CONFIG_H
#define LOOKUP_SYNC_CONFIG_H

#include "compile/compile.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CONFIG_FILE_MAX = 64 * 1024, /* bytes of the file */
    CONFIG_LIST_MAX = 16,        /* servers, or attributes of a kind */
    CONFIG_BINDER_MAX = 512,     /* bytes of a principal, with its final NUL */
};

enum sync_bind { BIND_UNSAID, BIND_ANONYMOUS, BIND_SIMPLE, BIND_EXTERNAL, BIND_GSSAPI };

struct config_list {
    const char *at[CONFIG_LIST_MAX + 1]; /* NULL after the last */
    unsigned count;
};

/* The strings point into text or are constants. NULL means that the key is not set. */
struct sync_config {
    const char *file;
    char *text;
    unsigned said; /* one bit for each key in the file */
    struct config_list uris;
    const char *domain; /* whose servers the DNS names, instead of uris */
    const char *base;
    int scope; /* LDAP_SCOPE_... */
    const char *filter;
    struct config_list names;   /* attributes; each value is a name */
    struct config_list offices; /* attributes; the first one that an entry has counts */
    const char *id;             /* attribute that identifies an entry for its whole life */
    enum sync_bind bind;
    const char *bind_dn;
    const char *secret_file;
    const char *keytab_file;
    char binder[CONFIG_BINDER_MAX]; /* who binds by Kerberos; kerberos_prepare finds it out */
    bool start_tls;                 /* for ldap:// */
    bool ldaps;                     /* for domain: TLS from the first byte */
    const char *ca_file;
    const char *cert_file;
    const char *key_file;
    const char *book;
    const char *state;
    bool exact_only;
    long max_shrink; /* percent */
    long full_every; /* seconds */
    long spread;     /* seconds over which machines spread a full fetch */
    long timeout;    /* seconds of silence in an answer */
};

/* The callback for an error. Line 0 means the file as a whole. */
typedef void config_problem(const char *file, unsigned long line, const char *what);

/* Reads the file and calls problem for every error. Returns OUTCOME_DONE, OUTCOME_NO_INPUT if the
 * file cannot be read or is longer than CONFIG_FILE_MAX, OUTCOME_NO_SYSTEM if there is no memory,
 * or OUTCOME_MISCONFIGURED if it has errors. Call config_free in any case. file must stay valid
 * until then. */
enum outcome config_read(struct sync_config *config, const char *file, config_problem *problem);
void config_free(struct sync_config *config);

/* Returns a hash of the keys that decide what is fetched: server, bind, entries and attributes. If
 * it changes, the state fetched before is useless. */
uint64_t config_hash(const struct sync_config *config);

#endif
