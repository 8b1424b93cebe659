#include "net/resolve.h"

#include "net/srv.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { SERVICE_MORE_MS = 250 }; /* to wait for other servers when one has addresses */

/* A server of a service. */
struct target {
    char host[SRV_NAME_MAX];
    char port[8];
    struct resolution *resolution;
};

struct resolution {
    const char *host;
    const char *port;
    struct addrinfo hints;
    bool is_target; /* host is a server of a service */
    int over;       /* an eventfd, readable when the members below are set */
    struct addrinfo *list;
    int error;              /* of getaddrinfo(3) */
    int system_error;       /* errno with EAI_SYSTEM */
    struct target *targets; /* of a service; their threads may end after its own */
};

static struct resolution *resolution_start(const char *host, const char *port,
                                           const struct addrinfo *hints, bool is_target);

static bool is_service(const struct resolution *r) {
    return !r->is_target && srv_is_service(r->host);
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
static void targets_wait(const struct target *targets, int count) {
    struct pollfd pfd[SRV_MAX];
    deadline until = INT64_MAX;
    for (;;) {
        nfds_t waiting = 0;
        for (int i = 0; i < count; i++) {
            const struct resolution *r = targets[i].resolution;
            if (!resolve_is_over(r))
                pfd[waiting++] = (struct pollfd){.fd = r->over, .events = POLLIN};
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
static int targets_start(struct target *targets, const struct srv *records, int count,
                         const struct addrinfo *hints) {
    int started = 0;
    for (int i = 0; i < count; i++) {
        struct target *target = &targets[started];
        memcpy(target->host, records[i].host, sizeof(target->host));
        snprintf(target->port, sizeof(target->port), "%d", records[i].port);
        target->resolution = resolution_start(target->host, target->port, hints, true);
        started += target->resolution != NULL;
    }
    return started;
}

/* Appends the addresses of all servers. One whose name has none is left out. */
static void resolve_take_targets(struct resolution *r, int count) {
    struct addrinfo **end = &r->list;
    for (int i = 0; i < count; i++) {
        const struct resolution *target = r->targets[i].resolution;
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
    r->targets = calloc((size_t)count, sizeof(*r->targets));
    if (r->targets == NULL)
        return;
    count = targets_start(r->targets, records, count, &r->hints);
    targets_wait(r->targets, count);
    resolve_take_targets(r, count);
}

static void *resolve_in_thread(void *context) {
    struct resolution *r = context;
    if (r->is_target)
        use_whole_names();
    if (is_service(r))
        resolve_service(r);
    else
        resolve_now(r);
    eventfd_write(r->over, 1);
    return NULL;
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

/* Returns 0 or an error number. The program may exit while the thread is waiting. */
static int resolve_start_thread(struct resolution *r) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, resolve_in_thread, r);
    return error != 0 ? error : pthread_detach(thread);
}

static struct resolution *resolution_start(const char *host, const char *port,
                                           const struct addrinfo *hints, bool is_target) {
    struct resolution *r = malloc(sizeof(struct resolution));
    if (r == NULL)
        return NULL;
    *r = (struct resolution){.host = host, .port = port, .hints = *hints, .is_target = is_target};
    r->over = eventfd(0, EFD_CLOEXEC);
    int error = r->over < 0 ? errno : 0;
    if (error == 0 && resolve_number(r))
        eventfd_write(r->over, 1);
    else if (error == 0)
        error = resolve_start_thread(r);
    if (error == 0)
        return r;
    if (r->over >= 0)
        close(r->over);
    free(r);
    errno = error;
    return NULL;
}

struct resolution *resolve_start(const char *host, const char *port, const struct addrinfo *hints) {
    return resolution_start(host, port, hints, false);
}

const char *resolve_wait(struct resolution *r, deadline until, const struct addrinfo **list) {
    int over = deadline_wait(r->over, POLLIN, until);
    if (over <= 0)
        return over == 0 ? "timed out" : strerror(errno);
    *list = r->list;
    if (r->error == EAI_SYSTEM)
        return strerror(r->system_error);
    return r->error == 0 ? NULL : gai_strerror(r->error);
}

bool resolve_is_over(const struct resolution *r) {
    return deadline_wait(r->over, POLLIN, 0) > 0;
}
