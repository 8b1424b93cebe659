#include "server/sockets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum { OTHER_DESCRIPTORS = 128 }; /* that a worker needs for other things than connections */

static int socket_open(struct listener *listener, int fd, const struct service *service,
                       char why[SOCKETS_WHY_MAX]) {
    if (service == NULL && fd == STDIN_FILENO) {
        snprintf(why, SOCKETS_WHY_MAX,
                 "no socket was handed over: start lookup-server.socket, which starts the service; "
                 "inetd and xinetd must name a service");
        return -1;
    }
    if (service == NULL) {
        char names[SERVICE_NAMES_MAX];
        snprintf(why, SOCKETS_WHY_MAX,
                 "descriptor %d: its name is none of %s, and no service was given", fd,
                 service_names(", ", " and ", names));
        return -1;
    }
    const char *fault = listener_open(listener, fd, service);
    if (fault == NULL)
        return 0;
    snprintf(why, SOCKETS_WHY_MAX, "descriptor %d (%s) %s", fd, service->name, fault);
    return -1;
}

int sockets_open(const struct service *service, struct listener listeners[SOCKETS_MAX],
                 char why[SOCKETS_WHY_MAX]) {
    char **names = NULL;
    int count = sd_listen_fds_with_names(1, &names);
    if (count < 0 || count > SOCKETS_MAX) {
        if (count < 0)
            snprintf(why, SOCKETS_WHY_MAX, "LISTEN_FDS: %s", strerror(-count));
        else
            snprintf(why, SOCKETS_WHY_MAX, "at most %d sockets can be served", SOCKETS_MAX);
        return -1;
    }
    int opened = 0;
    for (int i = 0; i < count; i++) {
        const struct service *named = service_named(names[i]);
        if (opened == 0)
            opened =
                socket_open(&listeners[i], SD_LISTEN_FDS_START + i, named ? named : service, why);
        free(names[i]);
    }
    free(names);
    if (count == 0)
        opened = socket_open(&listeners[0], STDIN_FILENO, service, why);
    if (opened < 0)
        return -1;
    return count == 0 ? 1 : count;
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
    return (size_t)(limit.rlim_cur > 2 * others ? limit.rlim_cur - others : limit.rlim_cur / 2);
}
