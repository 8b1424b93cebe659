#include "sync/servers.h"

#include "net/srv.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { /* milliseconds */
       RESOLVE_TIME = 10000,
       OPEN_TIME = 30000, /* of all servers, with the time to resolve */
};

_Static_assert((int)SRV_MAX <= (int)CONFIG_LIST_MAX, "a list has room for all records");

/* A question to the DNS. Two have it, the thread that asks and the one that waits; the last
 * one frees it. */
struct question {
    char name[SRV_NAME_MAX];
    struct srv records[SRV_MAX];
    int count; /* or an error of getaddrinfo(3) */
    int over;  /* an eventfd, readable when count is set */
    atomic_int owners;
};

static void question_leave(struct question *question) {
    if (atomic_fetch_sub(&question->owners, 1) > 1)
        return;
    close(question->over);
    free(question);
}

static void *question_ask(void *context) {
    struct question *question = context;
    question->count = srv_find(question->name, question->records);
    eventfd_write(question->over, 1);
    question_leave(question);
    return NULL;
}

/* Returns NULL and sets errno on failure. */
static struct question *question_start(const struct sync_config *config) {
    pthread_t thread = 0;
    struct question *new = calloc(1, sizeof(*new));
    if (new == NULL)
        return NULL;
    snprintf(new->name, sizeof(new->name), "_%s._tcp.%s", config->ldaps ? "ldaps" : "ldap",
             config->domain);
    atomic_init(&new->owners, 2);
    new->over = eventfd(0, EFD_CLOEXEC);
    int error = new->over < 0 ? errno : pthread_create(&thread, NULL, question_ask, new);
    if (error == 0) {
        pthread_detach(thread);
        return new;
    }
    if (new->over >= 0)
        close(new->over);
    free(new);
    errno = error;
    return NULL;
}

/* A name in the DNS may have any byte, and a dot within a label stands as "\." here. */
static bool is_host_of(const char *host, const char *domain) {
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    size_t len = strlen(host);
    size_t tail = strlen(domain);
    if (host[strspn(host, letters)] != '\0' || len < tail)
        return false;
    return strcasecmp(host + len - tail, domain) == 0 &&
           (len == tail || host[len - tail - 1] == '.');
}

static void servers_add(struct servers *servers, const struct sync_config *config,
                        const struct srv *record) {
    unsigned at = servers->uris.count++;
    snprintf(servers->text[at], SERVERS_URI_MAX, "%s://%s:%u", config->ldaps ? "ldaps" : "ldap",
             record->host, (unsigned)record->port);
    servers->uris.at[at] = servers->text[at];
}

/* The certificate is compared with a name out of the DNS, which anybody may have sent. So this
 * name must be of the domain that the administrator wrote. */
static const char *servers_take(struct servers *servers, const struct sync_config *config,
                                const struct question *question, void (*refuse)(const char *)) {
    char line[2 * SRV_NAME_MAX + 64];
    if (question->count < 0)
        return gai_strerror(question->count);
    for (int i = 0; i < question->count; i++) {
        const struct srv *record = &question->records[i];
        if (record->port != 0 && is_host_of(record->host, config->domain)) {
            servers_add(servers, config, record);
            continue;
        }
        snprintf(line, sizeof(line), "%s: refused: %s port %u is no server of the domain",
                 question->name, record->host, (unsigned)record->port);
        refuse(line);
    }
    return servers->uris.count > 0 ? NULL : "the DNS names no server of the domain";
}

const char *servers_find(const struct sync_config *config, void (*refuse)(const char *line),
                         struct servers *servers) {
    *servers = (struct servers){.uris = config->uris, .until = INT64_MAX};
    if (config->domain == NULL)
        return NULL;
    servers->until = deadline_in(OPEN_TIME);
    struct question *question = question_start(config);
    if (question == NULL)
        return strerror(errno);
    int over = deadline_wait(question->over, POLLIN, deadline_in(RESOLVE_TIME));
    const char *fault = over > 0    ? servers_take(servers, config, question, refuse)
                        : over == 0 ? "asking the DNS timed out"
                                    : strerror(errno);
    question_leave(question);
    return fault;
}

void servers_restart_time(struct servers *servers) {
    if (servers->until != INT64_MAX)
        servers->until = deadline_in(OPEN_TIME);
}
