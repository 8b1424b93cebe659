#include "net/servers.h"

#include "net/srv.h"

#include <errno.h>
#include <string.h>

/* Splits HOST, HOST:PORT, [HOST] or [HOST]:PORT. */
static bool server_set(struct server *server, char *text) {
    char *end = text;
    if (*text == '[') {
        end = strchr(++text, ']');
        if (end == NULL || (end[1] != ':' && end[1] != '\0'))
            return false;
        *end++ = '\0';
    } else {
        end = strchr(text, ':');
        if (end == NULL || strchr(end + 1, ':') != NULL) /* more than one: IPv6 */
            end = text + strlen(text);
    }
    *server = (struct server){.host = text, .port = *end == ':' ? end + 1 : NULL};
    *end = '\0';
    if (server->port != NULL && (*server->port == '\0' || srv_is_service(server->host)))
        return false;
    return *server->host != '\0';
}

bool servers_set(struct servers *servers, char *list) {
    servers->count = 0;
    for (char *comma = list; comma != NULL; servers->count++) {
        char *text = list;
        comma = strchr(list, ',');
        if (comma != NULL) {
            *comma = '\0';
            list = comma + 1;
        }
        if (servers->count == SERVERS_MAX || !server_set(&servers->one[servers->count], text))
            return false;
    }
    return true;
}

bool servers_have_port(const struct servers *servers) {
    for (size_t i = 0; i < servers->count; i++)
        if (servers->one[i].port != NULL || srv_is_service(servers->one[i].host))
            return true;
    return false;
}

void servers_drop_ports(struct servers *servers) {
    for (size_t i = 0; i < servers->count; i++)
        servers->one[i].port = NULL;
}

bool servers_set_path(struct servers *servers, const char *path) {
    size_t len = strlen(path);
    if (len >= sizeof(servers->un.sun_path))
        return false;
    servers->path = path;
    servers->un.sun_family = AF_UNIX;
    memcpy(servers->un.sun_path, path, len + 1);
    servers->un_address = (struct addrinfo){
        .ai_family = AF_UNIX,
        .ai_addr = (struct sockaddr *)&servers->un,
        .ai_addrlen = sizeof(servers->un),
    };
    servers->one[0] = (struct server){.count = 1, .addresses = {&servers->un_address}};
    servers->count = 1;
    return true;
}

const char *servers_resolve(struct servers *servers, struct server *server, deadline until) {
    if (server->count > 0)
        return NULL;
    struct addrinfo hints = {
        .ai_family = servers->family,
        .ai_socktype = servers->datagram ? SOCK_DGRAM : SOCK_STREAM,
    };
    if (server->port == NULL)
        server->port = servers->port;
    if (server->resolution == NULL)
        server->resolution = resolve_start(server->host, server->port, &hints);
    if (server->resolution == NULL)
        return strerror(errno);
    const struct addrinfo *one = NULL;
    const char *fault = resolve_wait(server->resolution, until, &one);
    for (; fault == NULL && one != NULL && server->count < RESOLVE_ADDRESSES_MAX;
         one = one->ai_next)
        server->addresses[server->count++] = one;
    return fault;
}

void servers_retry(struct servers *servers) {
    for (size_t i = 0; i < servers->count; i++) {
        struct server *server = &servers->one[i];
        if (server->count == 0 && server->resolution != NULL && resolve_is_over(server->resolution))
            server->resolution = NULL;
    }
}
