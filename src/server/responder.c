#include "server/responder.h"

#include "net/log.h"
#include "net/peer.h"

#include <errno.h>
#include <string.h>

static bool same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static void say_fault(struct desk *desk, int error) {
    const char *kept = desk->has_book ? "; the one before it is kept" : "";
    const char *why = error == EBADMSG ? "not an address book, or a broken one" : strerror(error);
    if (!desk->fault_logged && !desk->fault_told)
        log_fault("address book %s: %s%s", desk->path, why, kept);
    desk->fault_logged = true;
}

void desk_refresh(struct desk *desk) {
    struct stat st;
    struct book book;
    if (desk->path == NULL)
        return;
    if (stat(desk->path, &st) < 0) {
        if (desk->seen.st_ino != 0) /* it was there: that it went is news */
            desk->fault_logged = false;
        desk->seen = (struct stat){0};
        say_fault(desk, errno);
        return;
    }
    bool same = same_file(&st, &desk->seen);
    if (same && !desk->try_again)
        return;
    desk->seen = st;
    desk->fault_logged = same && desk->fault_logged;
    desk->try_again = false;
    if (book_open(&book, desk->path) < 0) {
        desk->try_again = errno == EMFILE || errno == ENFILE || errno == ENOMEM;
        say_fault(desk, errno);
        return;
    }
    if (desk->has_book)
        book_close(&desk->book);
    desk->book = book;
    desk->has_book = true;
}

static void log_one(const struct service *service, const struct request *request,
                    struct caller caller, enum result result) {
    char peer[PEER_MAX];
    if (caller.address != NULL)
        peer_of_address(caller.address, peer);
    else
        peer_of_socket(caller.fd, peer);
    log_request(&(struct log_request){
        .service = service->name,
        .peer = peer,
        .asked = {request->at, request->len},
        .result = result_name(result),
    });
}

enum result desk_ask(const struct desk *desk, const struct service *service,
                     const struct request *request, struct text *out) {
    struct world world = {.book = desk->has_book ? &desk->book : NULL};
    if (service->tells_time)
        clock_gettime(CLOCK_REALTIME, &world.now);
    return service->answer(request, &world, out);
}

void desk_answer(struct desk *desk, const struct service *service, const struct request *request,
                 struct caller caller, struct text *out) {
    enum result result = desk_ask(desk, service, request, out);
    stats_count(desk->stats, result);
    if (result == RESULT_FAULT && desk->has_book)
        say_fault(desk, EBADMSG);
    if (desk->verbose)
        log_one(service, request, caller, result);
}
