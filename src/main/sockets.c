#include "main/sockets.h"

#include "main/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum { OTHER_DESCRIPTORS = 128 }; /* what a worker needs beside its connections */

static void open_listener(struct listener *listener, int fd, const struct service *service) {
    if (service == NULL)
        die(STATUS_USAGE,
            "descriptor %d: its name is none of lookup, clock and hello, and no "
            "service was given",
            fd);
    const char *fault = listener_open(listener, fd, service);
    if (fault != NULL)
        die(STATUS_USAGE, "descriptor %d (%s) %s", fd, service->name, fault);
}

size_t sockets_open(const struct service *service, struct listener listeners[SOCKETS_MAX]) {
    char **names = NULL;
    int count = sd_listen_fds_with_names(1, &names);
    if (count < 0)
        die(STATUS_SYSTEM, "LISTEN_FDS: %s", strerror(-count));
    if (count > SOCKETS_MAX)
        die(STATUS_USAGE, "at most %d sockets can be served", SOCKETS_MAX);
    for (int i = 0; i < count; i++) {
        const struct service *named = service_named(names[i]);
        open_listener(&listeners[i], SD_LISTEN_FDS_START + i, named ? named : service);
        free(names[i]);
    }
    free(names);
    if (count > 0)
        return (size_t)count;
    open_listener(&listeners[0], STDIN_FILENO, service);
    return 1;
}

size_t sockets_connections(void) {
    static const rlim_t others = OTHER_DESCRIPTORS;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return CONNECTIONS;
    if (limit.rlim_cur < CONNECTIONS + others) {
        rlim_t wanted = CONNECTIONS + others;
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= CONNECTIONS + others)
        return CONNECTIONS;
    return limit.rlim_cur > 2 * others ? limit.rlim_cur - others : limit.rlim_cur / 2;
}
