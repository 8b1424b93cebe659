/* The least that a server of one connection a request can do, twice: built
 * with -DWITH_SD_EVENT on systemd's event loop, else on epoll itself. It
 * listens on a free port of loopback and prints it. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef WITH_SD_EVENT
#include <systemd/sd-event.h>
#endif

struct client {
    int fd;
    int answered;
    void *source;
};

static void must(int result, const char *what) {
    if (result >= 0)
        return;
    perror(what);
    exit(1);
}

static int listen_somewhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    must(fd, "socket");
    must(bind(fd, (struct sockaddr *)&address, len), "bind");
    must(listen(fd, 1024), "listen");
    must(getsockname(fd, (struct sockaddr *)&address, &len), "getsockname");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

/* True when it is over. */
static int serve(struct client *client) {
    char bytes[2048];
    ssize_t got = recv(client->fd, bytes, sizeof(bytes), 0);
    if (got <= 0)
        return got == 0 || errno != EAGAIN;
    if (client->answered)
        return 0;
    client->answered = 1;
    return send(client->fd, "C45\n", 4, MSG_NOSIGNAL) != 4 || shutdown(client->fd, SHUT_WR) < 0;
}

static void watch(struct client *client);

static void accept_some(int listener) {
    for (int i = 0; i < 64; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0)
            return;
        struct client *client = calloc(1, sizeof(*client));
        must(client == NULL ? -1 : 0, "calloc");
        client->fd = fd;
        watch(client);
    }
}

static void finish(struct client *client) {
    close(client->fd);
    free(client);
}

#ifdef WITH_SD_EVENT
static sd_event *loop;

static int on_client(sd_event_source *source, int fd, uint32_t events, void *at) {
    struct client *client = at;
    (void)fd, (void)events;
    if (serve(client)) {
        sd_event_source_unref(source);
        finish(client);
    }
    return 0;
}

static int on_listener(sd_event_source *source, int fd, uint32_t events, void *at) {
    (void)source, (void)events, (void)at;
    accept_some(fd);
    return 0;
}

static void watch(struct client *client) {
    must(sd_event_add_io(loop, (sd_event_source **)&client->source, client->fd, EPOLLIN, on_client,
                         client),
         "sd_event_add_io");
}

int main(void) {
    must(sd_event_new(&loop), "sd_event_new");
    must(sd_event_add_io(loop, NULL, listen_somewhere(), EPOLLIN, on_listener, NULL), "listener");
    must(sd_event_loop(loop), "sd_event_loop");
    return 0;
}
#else
static int epoll;

static void watch(struct client *client) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    must(epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &event), "epoll_ctl");
}

int main(void) {
    struct client listener = {.fd = listen_somewhere()};
    struct epoll_event events[64];
    epoll = epoll_create1(0);
    watch(&listener);
    for (;;) {
        int count = epoll_wait(epoll, events, 64, -1);
        must(count, "epoll_wait");
        for (int i = 0; i < count; i++) {
            struct client *client = events[i].data.ptr;
            if (client == &listener)
                accept_some(listener.fd);
            else if (serve(client))
                finish(client);
        }
    }
}
#endif
