#include "net/resolve.h"

#include "net/srv.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct resolution {
    const char *host;
    const char *port;
    struct addrinfo hints;
    int over; /* an eventfd, readable when the members below are set */
    struct addrinfo *list;
    int error;        /* of getaddrinfo(3) */
    int system_error; /* errno with EAI_SYSTEM */
};

static void resolve_now(struct resolution *r) {
    r->error = getaddrinfo(r->host, r->port, &r->hints, &r->list);
    r->system_error = errno;
}

/* Its servers' addresses are its own. One whose name has none is left out. */
static void resolve_service(struct resolution *r) {
    struct srv records[SRV_MAX];
    struct addrinfo **end = &r->list;
    int count = srv_find(r->host, records);
    r->error = count < 0 ? count : EAI_NONAME;
    for (int i = 0; i < count; i++) {
        char port[8];
        snprintf(port, sizeof(port), "%d", records[i].port);
        int error = getaddrinfo(records[i].host, port, &r->hints, end);
        r->system_error = errno;
        if (r->list == NULL || error == 0)
            r->error = error;
        while (*end != NULL)
            end = &(*end)->ai_next;
    }
}

static void *resolve_in_thread(void *context) {
    struct resolution *r = context;
    if (srv_is_service(r->host))
        resolve_service(r);
    else
        resolve_now(r);
    eventfd_write(r->over, 1);
    return NULL;
}

/* An address in digits needs no resolver and no thread. */
static bool resolve_number(struct resolution *r) {
    if (srv_is_service(r->host))
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

struct resolution *resolve_start(const char *host, const char *port, const struct addrinfo *hints) {
    struct resolution *r = malloc(sizeof(struct resolution));
    if (r == NULL)
        return NULL;
    *r = (struct resolution){.host = host, .port = port, .hints = *hints};
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
