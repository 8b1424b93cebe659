#include "sync/config_keys.h"

#include <ctype.h>
#include <ldap.h>
#include <openldap.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DAY = 86400,
    LABEL_MAX = 63,
    DOMAIN_MAX = 240, /* leaves room for _ldaps._tcp in a name of the DNS */
};

/* Attributes and filters of common kinds of directories. */
struct preset {
    const char *name;
    const char *filter;
    struct config_list names;
    struct config_list offices;
    const char *id;
};

static const struct preset presets[] = {
    {"inetOrgPerson",
     "(objectClass=inetOrgPerson)",
     {{"cn", "displayName", "uid"}, 3},
     {{"physicalDeliveryOfficeName", "roomNumber"}, 2},
     "entryUUID"},
    {"ad",
     "(&(objectCategory=person)(objectClass=user)"
     "(!(userAccountControl:1.2.840.113556.1.4.803:=2)))", /* not disabled */
     {{"cn", "displayName", "sAMAccountName"}, 3},
     {{"physicalDeliveryOfficeName", "roomNumber"}, 2},
     "objectGUID"},
    {"freeipa",
     "(&(objectClass=posixAccount)(!(nsAccountLock=TRUE)))",
     {{"cn", "displayName", "uid"}, 3},
     {{"physicalDeliveryOfficeName", "roomNumber"}, 2},
     "ipaUniqueID"},
};

static void use_preset(struct sync_config *config, const struct preset *preset) {
    config->filter = preset->filter;
    config->names = preset->names;
    config->offices = preset->offices;
    config->id = preset->id;
}

static const char *set_preset(struct sync_config *config, char *value) {
    for (size_t i = 0; i < sizeof(presets) / sizeof(*presets); i++)
        if (strcasecmp(presets[i].name, value) == 0) {
            use_preset(config, &presets[i]);
            return NULL;
        }
    return "no such preset; there are inetOrgPerson, ad and freeipa";
}

static const char *set_list(struct config_list *list, char *words) {
    for (char *word; (word = strsep(&words, " \t,")) != NULL;) {
        if (word[0] == '\0')
            continue;
        if (list->count == CONFIG_LIST_MAX)
            return "more than 16 in a list";
        list->at[list->count++] = word;
    }
    return NULL;
}

static const char *set_new_list(struct config_list *list, char *words) {
    *list = (struct config_list){0};
    return set_list(list, words);
}

static const char *uri_fault(const char *uri) {
    LDAPURLDesc *parts = NULL;
    const char *what = "not a server such as ldaps://HOST, ldap://HOST:PORT or ldapi://%2FPATH";
    if (ldap_url_parse(uri, &parts) != LDAP_SUCCESS)
        return what;
    bool bare = parts->lud_dn == NULL || parts->lud_dn[0] == '\0';
    bool has_host = parts->lud_host != NULL && parts->lud_host[0] != '\0';
    bool known = strcmp(parts->lud_scheme, "ldap") == 0 ||
                 strcmp(parts->lud_scheme, "ldaps") == 0 || strcmp(parts->lud_scheme, "ldapi") == 0;
    ldap_free_urldesc(parts);
    return bare && has_host && known ? NULL : what;
}

static const char *set_uri(struct sync_config *config, char *value) {
    unsigned before = config->uris.count;
    const char *fault = set_list(&config->uris, value);
    for (unsigned i = before; i < config->uris.count && fault == NULL; i++)
        fault = uri_fault(config->uris.at[i]);
    return fault;
}

/* Demands two labels at least: a server may have any name below the domain, and below a single
 * label that could be anybody's. Removes a final dot. */
static const char *set_domain(struct sync_config *config, char *value) {
    size_t len = strlen(value);
    size_t label = 0;
    bool good = true;
    if (value[len - 1] == '.')
        value[--len] = '\0';
    for (size_t i = 0; i < len; i++) {
        label = value[i] == '.' ? 0 : label + 1;
        good &= value[i] == '.' ? i > 0 && value[i - 1] != '.'
                                : isalnum((unsigned char)value[i]) != 0 || value[i] == '-';
        good &= label <= LABEL_MAX;
    }
    config->domain = value;
    return good && label > 0 && len <= DOMAIN_MAX && strchr(value, '.') != NULL
               ? NULL
               : "not a domain such as example.org";
}

static const char *set_base(struct sync_config *config, char *value) {
    LDAPDN dn = NULL;
    if (ldap_str2dn(value, &dn, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
        return "not a distinguished name";
    ldap_dnfree(dn);
    config->base = value;
    return NULL;
}

/* libldap checks a filter only when it encodes a search. So this sends a search to a socket that
 * nobody reads. */
static const char *set_filter(struct sync_config *config, char *value) {
    LDAP *nobody = NULL;
    int ends[2];
    int id = 0;
    int result = LDAP_FILTER_ERROR;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return "cannot be checked: no socket";
    if (ldap_init_fd(ends[0], LDAP_PROTO_IPC, "ldapi://", &nobody) == LDAP_SUCCESS) {
        result =
            ldap_search_ext(nobody, "", LDAP_SCOPE_BASE, value, NULL, 0, NULL, NULL, NULL, 0, &id);
        ldap_unbind_ext(nobody, NULL, NULL);
    } else {
        close(ends[0]);
    }
    close(ends[1]);
    config->filter = value;
    return result == LDAP_SUCCESS ? NULL : "not a filter (RFC 4515)";
}

/* Returns the index of value in words, or -1. */
static int word_of(const char *value, const char *const words[], int count) {
    for (int i = 0; i < count; i++)
        if (strcasecmp(value, words[i]) == 0)
            return i;
    return -1;
}

static const char *set_scope(struct sync_config *config, char *value) {
    static const char *const words[] = {"base", "one", "sub"};
    config->scope = word_of(value, words, 3); /* same numbers as LDAP_SCOPE_BASE etc. */
    return config->scope < 0 ? "neither base, one nor sub" : NULL;
}

static const char *set_bind(struct sync_config *config, char *value) {
    static const char *const words[] = {"anonymous", "simple", "external", "gssapi"};
    int word = word_of(value, words, 4);
    config->bind = (enum sync_bind)(BIND_ANONYMOUS + word);
    return word < 0 ? "neither anonymous, simple, external nor gssapi" : NULL;
}

static const char *set_tls(struct sync_config *config, char *value) {
    static const char *const words[] = {"none", "starttls", "ldaps"};
    int word = word_of(value, words, 3);
    config->start_tls = word == 1;
    config->ldaps = word == 2;
    return word < 0 ? "neither starttls, ldaps nor none" : NULL;
}

static const char *set_index(struct sync_config *config, char *value) {
    static const char *const words[] = {"none", "words"};
    int word = word_of(value, words, 2);
    config->exact_only = word == 0;
    return word < 0 ? "neither words nor none" : NULL;
}

static const char *set_max_shrink(struct sync_config *config, char *value) {
    char *end = NULL;
    config->max_shrink = isdigit((unsigned char)value[0]) != 0 ? strtol(value, &end, 10) : -1;
    bool good = end != NULL && (*end == '\0' || strcmp(end, "%") == 0);
    return good && config->max_shrink <= 100 ? NULL : "not a percentage";
}

/* Returns seconds, or -1. */
static long time_of(const char *value) {
    static const struct {
        const char *unit;
        long seconds;
    } units[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", DAY}};
    char *end = NULL;
    long count = isdigit((unsigned char)value[0]) != 0 ? strtol(value, &end, 10) : 0;
    for (size_t i = 0; i < sizeof(units) / sizeof(*units) && end != NULL; i++)
        if (strcmp(end, units[i].unit) == 0 && count <= 365L * DAY / units[i].seconds)
            return count * units[i].seconds;
    return -1;
}

static const char *set_time(long *time, const char *value, long least) {
    *time = time_of(value);
    return *time >= least ? NULL : "not a time such as 90m, 12h or 1d";
}

static const char *set_full_every(struct sync_config *config, char *value) {
    return set_time(&config->full_every, value, 1);
}

static const char *set_spread(struct sync_config *config, char *value) {
    return set_time(&config->spread, value, 0);
}

static const char *set_timeout(struct sync_config *config, char *value) {
    return set_time(&config->timeout, value, 1);
}

static const char *set_names(struct sync_config *config, char *value) {
    return set_new_list(&config->names, value);
}

static const char *set_offices(struct sync_config *config, char *value) {
    return set_new_list(&config->offices, value);
}

/* A key whose value is one string, and any other key. */
#define STRING(key, member, is_path)                                                               \
    { key, NULL, offsetof(struct sync_config, member), is_path }
#define OTHER(key, set)                                                                            \
    { key, set, 0, false }

static const struct key {
    const char *name;
    const char *(*set)(struct sync_config *, char *);
    size_t string;
    bool is_path;
} keys[] = {
    OTHER("preset", set_preset),
    OTHER("uri", set_uri),
    OTHER("filter", set_filter),
    OTHER("names", set_names),
    OTHER("offices", set_offices),
    STRING("id", id, false),
    OTHER("base", set_base),
    OTHER("scope", set_scope),
    OTHER("bind", set_bind),
    STRING("bind-dn", bind_dn, false),
    STRING("secret-file", secret_file, true),
    STRING("keytab-file", keytab_file, true),
    OTHER("tls", set_tls),
    STRING("ca-file", ca_file, true),
    STRING("cert-file", cert_file, true),
    STRING("key-file", key_file, true),
    STRING("book", book, true),
    STRING("state", state, true),
    OTHER("index", set_index),
    OTHER("max-shrink", set_max_shrink),
    OTHER("full-every", set_full_every),
    OTHER("spread", set_spread),
    OTHER("timeout", set_timeout),
    OTHER("domain", set_domain),
};

enum { KEYS = sizeof(keys) / sizeof(*keys), PRESET_KEYS = 4 | 8 | 16 | 32 };

/* uri may be repeated; any other key may not. A preset must come before the keys that it
 * sets, because it would overwrite them. */
static const char *key_fault(const struct sync_config *config, size_t key) {
    static const unsigned preset = 1, uri = 2;
    unsigned bit = 1U << key;
    if ((config->said & bit) != 0 && bit != uri)
        return "a key that was given before";
    if (bit == preset && (config->said & PRESET_KEYS) != 0)
        return "preset must come before filter, names, offices and id";
    return NULL;
}

const char *config_set(struct sync_config *config, const char *name, char *value) {
    size_t key = 0;
    while (key < KEYS && strcmp(keys[key].name, name) != 0)
        key++;
    if (key == KEYS)
        return "no such key; see sync.conf(5)";
    const char *fault = key_fault(config, key);
    config->said |= 1U << key;
    if (fault != NULL)
        return fault;
    if (keys[key].set != NULL)
        return keys[key].set(config, value);
    if (keys[key].is_path && value[0] != '/')
        return "not an absolute path";
    memcpy((char *)config + keys[key].string, &value, sizeof(value));
    return NULL;
}

void config_default(struct sync_config *config) {
    use_preset(config, &presets[0]);
    config->scope = LDAP_SCOPE_SUBTREE;
    config->start_tls = true;
    config->ca_file = "/etc/ssl/certs/ca-certificates.crt";
    config->book = "/var/lib/lookup-sync/book.cdb";
    config->state = "/var/lib/lookup-sync/state";
    config->max_shrink = 20;
    config->full_every = DAY;
    config->spread = 600;
    config->timeout = 60;
}

static bool config_has(const struct sync_config *config, const char *scheme) {
    for (unsigned i = 0; i < config->uris.count; i++)
        if (strncasecmp(config->uris.at[i], scheme, strlen(scheme)) == 0)
            return true;
    return false;
}

static bool config_needs_tls(const struct sync_config *config) {
    return config->ldaps || config_has(config, "ldaps:") ||
           (config->start_tls && (config->domain != NULL || config_has(config, "ldap:")));
}

static const char *bind_fault(struct sync_config *config) {
    if (config->bind == BIND_UNSAID)
        config->bind = config->bind_dn == NULL ? BIND_ANONYMOUS : BIND_SIMPLE;
    if (config->bind == BIND_SIMPLE && config->bind_dn == NULL)
        return "bind = simple needs bind-dn";
    if (config->bind != BIND_SIMPLE && (config->bind_dn != NULL || config->secret_file != NULL))
        return "bind-dn and secret-file are for bind = simple";
    if (config->bind != BIND_GSSAPI && config->keytab_file != NULL)
        return "keytab-file is for bind = gssapi";
    if (config->bind == BIND_SIMPLE && !config->start_tls && config_has(config, "ldap:"))
        return "a password is not sent in clear text: tls = starttls, or ldaps:// or ldapi:// "
               "servers";
    return NULL;
}

static const char *file_fault(const struct sync_config *config) {
    if ((config->cert_file == NULL) != (config->key_file == NULL))
        return "cert-file and key-file go together";
    if (config->cert_file != NULL && access(config->cert_file, R_OK) < 0)
        return "cert-file cannot be read";
    if (config->key_file != NULL && access(config->key_file, R_OK) < 0)
        return "key-file cannot be read";
    if (access(config->ca_file, R_OK) < 0 && config_needs_tls(config))
        return "ca-file cannot be read";
    return NULL;
}

static const char *servers_fault(const struct sync_config *config) {
    if (config->domain != NULL && config->uris.count > 0)
        return "uri and domain exclude each other";
    if (config->domain != NULL && !config->start_tls && !config->ldaps &&
        config->bind != BIND_GSSAPI)
        return "domain needs TLS or Kerberos: tls = starttls or ldaps, or bind = gssapi";
    if (config->domain == NULL && config->ldaps)
        return "tls = ldaps is for domain; write uri = ldaps://HOST";
    return config->domain == NULL && config->uris.count == 0 ? "no uri: which server to ask" : NULL;
}

const char *config_complete(struct sync_config *config) {
    const char *servers = servers_fault(config);
    if (servers != NULL)
        return servers;
    if (config->base == NULL)
        return "no base: below which entry to search";
    const char *fault = bind_fault(config);
    return fault != NULL ? fault : file_fault(config);
}
