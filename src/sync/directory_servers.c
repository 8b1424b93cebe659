#include "sync/directory_servers.h"

#include "net/srv.h"
#include "net/task.h"
#include "sync/checksum.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { /* milliseconds */
       RESOLVE_TIME = 10000,
       OPEN_TIME = 30000, /* until a server is connected and bound, with the time to resolve */
};

_Static_assert((int)SRV_MAX <= (int)CONFIG_LIST_MAX, "a list has room for all records");

/* A question to the DNS. */
struct question {
    char name[SRV_NAME_MAX];
    struct srv records[SRV_MAX];
    int count; /* or an error of getaddrinfo(3) */
};

static void question_ask(void *context) {
    struct question *question = context;
    question->count = srv_find(question->name, question->records);
}

/* Returns NULL and sets errno on failure. */
static struct question *question_new(const struct sync_config *config) {
    struct question *new = calloc(1, sizeof(*new));
    if (new != NULL)
        snprintf(new->name, sizeof(new->name), "_%s._tcp.%s", config->ldaps ? "ldaps" : "ldap",
                 config->domain);
    return new;
}

/* A name in the DNS may have any byte, even a dot within a label, which stands as "\." here. So
 * only letters, digits, hyphens and dots are accepted. */
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

static void directory_servers_add(struct directory_servers *servers,
                                  const struct sync_config *config, const struct srv *record) {
    unsigned at = servers->uris.count++;
    snprintf(servers->text[at], DIRECTORY_SERVERS_URI_MAX, "%s://%s:%u",
             config->ldaps ? "ldaps" : "ldap", record->host, (unsigned)record->port);
    servers->uris.at[at] = servers->text[at];
}

/* The certificate is compared with a name out of the DNS, which anybody may have sent. So this
 * name must be of the domain that the administrator wrote. */
static bool is_usable(const struct srv *record, const char *domain) {
    return record->port != 0 && is_host_of(record->host, domain);
}

/* Returns the checksum of the records that are refused. The order of the records does not change
 * it. */
static uint64_t question_refused(const struct question *question, const char *domain) {
    uint64_t sum = 0;
    for (int i = 0; i < question->count; i++) {
        const struct srv *record = &question->records[i];
        struct span port = {(const char *)&record->port, sizeof(record->port)};
        if (!is_usable(record, domain))
            sum += checksum(checksum(CHECKSUM_START, span_of(record->host)), port);
    }
    return sum;
}

static void refuse_record(const struct question *question, const struct srv *record,
                          void (*refuse)(const char *)) {
    char line[2 * SRV_NAME_MAX + 64];
    snprintf(line, sizeof(line), "%s: refused: %s port %u is no server of the domain",
             question->name, record->host, (unsigned)record->port);
    refuse(line);
}

static const char *directory_servers_take(struct directory_servers *servers,
                                          const struct sync_config *config,
                                          const struct question *question,
                                          void (*refuse)(const char *), uint64_t *refused) {
    uint64_t before = *refused;
    if (question->count < 0)
        return gai_strerror(question->count);
    *refused = question_refused(question, config->domain);
    for (int i = 0; i < question->count; i++) {
        const struct srv *record = &question->records[i];
        if (is_usable(record, config->domain))
            directory_servers_add(servers, config, record);
        else if (*refused != before)
            refuse_record(question, record, refuse);
    }
    return servers->uris.count > 0 ? NULL : "the DNS names no server of the domain";
}

const char *directory_servers_find(const struct sync_config *config,
                                   void (*refuse)(const char *line), uint64_t *refused,
                                   struct directory_servers *servers) {
    *servers = (struct directory_servers){.uris = config->uris, .until = INT64_MAX};
    if (config->domain == NULL)
        return NULL;
    servers->until = deadline_in(OPEN_TIME);
    struct question *question = question_new(config);
    struct task *task = question == NULL ? NULL : task_start(question_ask, free, question);
    if (task == NULL) {
        int error = errno;
        free(question);
        return strerror(error);
    }
    int over = task_wait(task, deadline_in(RESOLVE_TIME));
    const char *fault = over == 0 ? "asking the DNS timed out" : strerror(errno);
    if (over > 0)
        fault = directory_servers_take(servers, config, question, refuse, refused);
    task_leave(task);
    return fault;
}

void directory_servers_restart_time(struct directory_servers *servers) {
    if (servers->until != INT64_MAX)
        servers->until = deadline_in(OPEN_TIME);
}

unsigned directory_servers_place(const struct directory_servers *servers, const char *uri) {
    for (unsigned i = 0; i < servers->uris.count; i++)
        if (strcmp(servers->uris.at[i], uri) == 0)
            return i;
    return 0;
}
