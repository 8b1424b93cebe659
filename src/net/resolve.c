#include "net/resolve.h"

#include "net/srv.h"
#include "net/task.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERVICE_MORE_MS = 250 }; /* to wait for other servers when one has addresses */

/* What host may be. */
enum resolve_kind { RESOLVE_ANY, RESOLVE_HOST, RESOLVE_WHOLE_NAME };

struct resolution {
    char *host;
    char *port;
    struct addrinfo hints;
    enum resolve_kind kind;
    struct task *task; /* when it is over, the members below are set; NULL: they are set */
    struct addrinfo *list;
    int error;                   /* of getaddrinfo(3) */
    int system_error;            /* errno with EAI_SYSTEM */
    struct resolution **targets; /* of a service; their threads may end after its own */
};

static struct resolution *resolution_start(const char *host, const char *port,
                                           const struct addrinfo *hints, enum resolve_kind kind);

static bool is_service(const struct resolution *r) {
    return r->kind == RESOLVE_ANY && srv_is_service(r->host);
}

static void resolve_now(struct resolution *r) {
    r->error = getaddrinfo(r->host, r->port, &r->hints, &r->list);
    r->system_error = errno;
}

/* The DNS names a server by its whole name (RFC 2782, "Target"). In the domains that the resolver
 * appends to what a user types there may be another of this name. Each thread has its own _res. */
static void use_whole_names(void) {
    if (res_init() == 0)
        _res.options &= ~(unsigned long)(RES_DNSRCH | RES_DEFNAMES);
}

/* Waits until all names are resolved, or for some time after one has addresses: a name that
 * nobody resolves must not keep the other servers from being asked. */
static void targets_wait(struct resolution *const *targets, int count) {
    struct pollfd pfd[SRV_MAX];
    deadline until = INT64_MAX;
    for (;;) {
        nfds_t waiting = 0;
        for (int i = 0; i < count; i++) {
            const struct resolution *r = targets[i];
            if (!resolve_is_over(r))
                pfd[waiting++] = (struct pollfd){.fd = task_fd(r->task), .events = POLLIN};
            else if (r->error == 0 && until == INT64_MAX)
                until = deadline_in(SERVICE_MORE_MS);
        }
        int64_t left = until - deadline_now();
        if (waiting == 0 || left <= 0)
            return;
        poll(pfd, waiting, left > INT_MAX ? -1 : (int)left);
    }
}

/* Starts to resolve all names at a time. Returns how many it could start. */
static int targets_start(struct resolution **targets, const struct srv *records, int count,
                         const struct addrinfo *hints) {
    int started = 0;
    char port[8];
    for (int i = 0; i < count; i++) {
        snprintf(port, sizeof(port), "%d", records[i].port);
        targets[started] = resolution_start(records[i].host, port, hints, RESOLVE_WHOLE_NAME);
        started += targets[started] != NULL;
    }
    return started;
}

/* Appends the addresses of all servers. One whose name has none is left out. */
static void resolve_take_targets(struct resolution *r, int count) {
    struct addrinfo **end = &r->list;
    for (int i = 0; i < count; i++) {
        const struct resolution *target = r->targets[i];
        if (!resolve_is_over(target))
            continue;
        if (r->list == NULL || target->error == 0) {
            r->error = target->error;
            r->system_error = target->system_error;
        }
        *end = target->list;
        while (*end != NULL)
            end = &(*end)->ai_next;
    }
}

/* Its servers' addresses are its own. */
static void resolve_service(struct resolution *r) {
    struct srv records[SRV_MAX];
    int count = srv_find(r->host, records);
    r->error = count < 0 ? count : EAI_MEMORY;
    if (count < 0)
        return;
    r->targets = calloc((size_t)count, sizeof(struct resolution *));
    if (r->targets == NULL)
        return;
    count = targets_start(r->targets, records, count, &r->hints);
    targets_wait(r->targets, count);
    resolve_take_targets(r, count);
}

static void resolve_in_thread(void *context) {
    struct resolution *r = context;
    if (r->kind == RESOLVE_WHOLE_NAME)
        use_whole_names();
    if (is_service(r))
        resolve_service(r);
    else
        resolve_now(r);
}

/* An address in digits needs no resolver and no thread. */
static bool resolve_number(struct resolution *r) {
    if (is_service(r))
        return false;
    r->hints.ai_flags |= AI_NUMERICHOST;
    resolve_now(r);
    r->hints.ai_flags &= ~AI_NUMERICHOST;
    return r->error != EAI_NONAME;
}

/* Nobody leaves a service, whose addresses belong to those of its servers. */
static void resolution_free(void *context) {
    struct resolution *r = context;
    if (r->list != NULL)
        freeaddrinfo(r->list);
    free(r->host);
    free(r->port);
    free(r);
}

static struct resolution *resolution_start(const char *host, const char *port,
                                           const struct addrinfo *hints, enum resolve_kind kind) {
    struct resolution *r = malloc(sizeof(struct resolution));
    if (r == NULL)
        return NULL;
    *r = (struct resolution){
        .host = strdup(host), .port = strdup(port), .hints = *hints, .kind = kind};
    bool is_copied = r->host != NULL && r->port != NULL;
    if (is_copied && resolve_number(r))
        return r;
    r->task = is_copied ? task_start(resolve_in_thread, resolution_free, r) : NULL;
    if (r->task != NULL)
        return r;
    int error = errno;
    resolution_free(r);
    errno = error;
    return NULL;
}

struct resolution *resolve_start(const char *host, const char *port, const struct addrinfo *hints) {
    return resolution_start(host, port, hints, RESOLVE_ANY);
}

struct resolution *resolve_host_start(const char *host, const char *port,
                                      const struct addrinfo *hints, bool is_whole) {
    return resolution_start(host, port, hints, is_whole ? RESOLVE_WHOLE_NAME : RESOLVE_HOST);
}

void resolve_host_leave(struct resolution *r) {
    if (r->task != NULL)
        task_leave(r->task);
    else
        resolution_free(r);
}

const char *resolve_wait(struct resolution *r, deadline until, const struct addrinfo **list) {
    int over = r->task == NULL ? 1 : task_wait(r->task, until);
    if (over <= 0)
        return over == 0 ? "timed out" : strerror(errno);
    *list = r->list;
    if (r->error == EAI_SYSTEM)
        return strerror(r->system_error);
    return r->error == 0 ? NULL : gai_strerror(r->error);
}

bool resolve_is_over(const struct resolution *r) {
    return r->task == NULL || task_wait(r->task, 0) > 0;
}
