#include "server/responder.h"

#include "net/log.h"
#include "net/peer.h"

#include <errno.h>
#include <string.h>

static bool is_same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static void responder_say_fault(struct responder *responder, int error) {
    const char *kept = responder->has_book ? "; the one before it is kept" : "";
    const char *why = error == EBADMSG ? "not an address book, or a broken one" : strerror(error);
    if (!responder->fault_logged && !responder->fault_told)
        log_fault("address book %s: %s%s", responder->path, why, kept);
    responder->fault_logged = true;
}

/* A book that only some requests need may be missing until one does. */
static void responder_book_failed(struct responder *responder, int error) {
    responder->book_error = error;
    if (responder->book_wanted || responder->has_book)
        responder_say_fault(responder, error);
}

void responder_want_book(struct responder *responder) {
    responder->book_wanted = true;
    if (responder->has_book || responder->book_error != 0)
        responder_say_fault(responder, responder->has_book ? EBADMSG : responder->book_error);
}

void book_reload_if_changed(struct responder *responder) {
    struct stat st;
    struct book book;
    if (responder->path == NULL)
        return;
    if (stat(responder->path, &st) < 0) {
        int error = errno;
        if (responder->seen.st_ino != 0) /* it was there: that it went is news */
            responder->fault_logged = false;
        responder->seen = (struct stat){0};
        responder_book_failed(responder, error);
        return;
    }
    bool same = is_same_file(&st, &responder->seen);
    if (same && !responder->try_again)
        return;
    responder->seen = st;
    responder->fault_logged = same && responder->fault_logged;
    responder->try_again = false;
    if (book_open(&book, responder->path) < 0) {
        responder->try_again = errno == EMFILE || errno == ENFILE || errno == ENOMEM;
        responder_book_failed(responder, errno);
        return;
    }
    if (responder->has_book)
        book_close(&responder->book);
    responder->book = book;
    responder->has_book = true;
    responder->book_error = 0;
}

static void responder_log(const struct service *service, const struct request *request,
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

enum result responder_ask(const struct responder *responder, const struct service *service,
                          const struct request *request, struct text *out) {
    struct request_context context = {.book = responder->has_book ? &responder->book : NULL};
    if (service->tells_time)
        clock_gettime(CLOCK_REALTIME, &context.now);
    return service->answer(request, &context, out);
}

void responder_answer(struct responder *responder, const struct service *service,
                      const struct request *request, struct caller caller, struct text *out) {
    enum result result = responder_ask(responder, service, request, out);
    stats_count(responder->stats, result);
    if (result == RESULT_FAULT)
        responder_want_book(responder);
    if (responder->verbose)
        responder_log(service, request, caller, result);
}
