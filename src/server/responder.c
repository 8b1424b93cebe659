#include "server/responder.h"

#include "data/cdbcheck.h"
#include "data/same_file.h"
#include "data/sigbus.h"
#include "net/log.h"
#include "net/peer.h"

#include <errno.h>
#include <string.h>

enum { WRITTEN_SECONDS = 1 }; /* a write that has begun takes less */

static bool is_unchanged(const struct stat *a, const struct stat *b) {
    return same_file(a, b) && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
           a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* The file at path cannot be used. */
static void responder_say_unusable(struct responder *responder) {
    const char *why = book_fault(responder->book_error);
    uint64_t file = (uint64_t)responder->seen.st_ino + 1; /* 1: there is none */
    if (responder->fault_logged)
        return;
    responder->fault_logged = true;
    if (atomic_exchange(&responder->faults->unusable, file) == file)
        return;
    if (responder->in_place && responder->book_error == EBADMSG)
        why = "changed in place, and not a whole address book";
    bool kept = responder->has_book && book_is_intact(&responder->book);
    log_fault("address book %s: %s%s", responder->path, why,
              kept ? "; the one before it is kept" : "");
}

/* If only some requests need the book, it may be missing until one of them arrives. */
static void responder_book_failed(struct responder *responder, int error) {
    responder->book_error = error;
    if (responder->book_wanted || responder->has_book)
        responder_say_unusable(responder);
}

time_t responder_book_time(const struct responder *responder) {
    return responder->has_book ? responder->used.st_mtim.tv_sec : 0;
}

/* The book in use. Opening it checks only its structure. A later file may get the number of an
 * earlier one, so the time counts, too. */
static void responder_say_broken(struct responder *responder) {
    const struct stat *used = &responder->used;
    uint64_t book = (uint64_t)used->st_mtim.tv_sec * 1000000000 + (uint64_t)used->st_mtim.tv_nsec +
                    (uint64_t)used->st_ino;
    if (atomic_exchange(&responder->faults->broken, book) != book)
        log_fault("address book %s: the one in use is broken", responder->path);
}

/* A request needs the book, and none can be used. */
static void responder_say_fault(struct responder *responder) {
    if (responder->has_book)
        responder_say_broken(responder);
    else
        responder_say_unusable(responder);
}

static void responder_drop_book(struct responder *responder) {
    if (responder->has_book)
        book_close(&responder->book);
    responder->has_book = false;
}

struct checking {
    const struct book *book;
    bool is_sound;
};

static void responder_check(void *context) {
    struct checking *checking = context;
    checking->is_sound = book_has_end(checking->book) && cdbcheck(&checking->book->image) > 0;
}

/* The file may be truncated or written even now. */
static bool is_sound(const struct book *book) {
    struct checking checking = {.book = book};
    return sigbus_try(responder_check, &checking) == 0 && checking.is_sound && book_is_intact(book);
}

/* Changed in place: the same file was seen before with other contents. */
static int responder_open_book(struct responder *responder, bool in_place) {
    struct book book;
    if (book_open(&book, responder->path) < 0)
        return -1;
    if (in_place && !is_sound(&book)) {
        book_close(&book);
        errno = EBADMSG;
        return -1;
    }
    responder_drop_book(responder);
    responder->book = book;
    responder->used = responder->seen;
    responder->has_book = true;
    responder->book_error = 0;
    responder->fault_logged = false;
    responder->faults->unusable = 0;
    return 0;
}

static void responder_no_file(struct responder *responder, int error) {
    if (responder->seen.st_ino != 0) /* it was there before, so its loss is news */
        responder->fault_logged = false;
    responder->seen = (struct stat){0};
    responder_book_failed(responder, error);
}

/* write(2) sets the time first. Its data may become visible later. */
static bool is_being_written(const struct stat *st) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return now.tv_sec - st->st_mtim.tv_sec <= WRITTEN_SECONDS;
}

void book_reload_if_changed(struct responder *responder) {
    struct stat st;
    if (responder->path == NULL)
        return;
    if (stat(responder->path, &st) < 0) {
        responder_no_file(responder, errno);
        return;
    }
    bool same = is_unchanged(&st, &responder->seen);
    if (same && !responder->try_again)
        return;
    bool in_place = same_file(&st, &responder->seen);
    if (in_place && !same && responder->has_book && same_file(&st, &responder->used))
        responder_drop_book(responder);
    responder->seen = st;
    responder->fault_logged = in_place && responder->fault_logged;
    responder->try_again = false;
    responder->in_place = in_place && (responder->in_place || !same);
    if (responder_open_book(responder, responder->in_place) == 0)
        return;
    responder->try_again = errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
                           (responder->in_place && is_being_written(&st));
    responder_book_failed(responder, errno);
}

bool book_changed_meanwhile(struct responder *responder) {
    if (!responder->has_book || book_is_intact(&responder->book))
        return false;
    responder_drop_book(responder);
    responder->in_place = responder->try_again = same_file(&responder->used, &responder->seen);
    book_reload_if_changed(responder);
    return true;
}

static void responder_log(const struct service *service, struct span asked, struct caller caller,
                          const char *result) {
    char peer[PEER_MAX];
    if (caller.address != NULL)
        peer_of_address(caller.address, peer);
    else
        peer_of_socket(caller.fd, peer);
    log_request(&(struct log_request){
        .service = service->name,
        .peer = peer,
        .asked = asked,
        .result = result,
    });
}

struct asking {
    const struct service *service;
    const struct request *request;
    struct request_context context;
    struct text *out;
    enum result result;
};

static void responder_ask_service(void *context) {
    struct asking *asking = context;
    asking->result = asking->service->answer(asking->request, &asking->context, asking->out);
}

static enum result responder_ask(const struct responder *responder, const struct service *service,
                                 const struct request *request, struct text *out) {
    struct asking asking = {.service = service, .request = request, .out = out};
    size_t start = out->len;
    if (responder->has_book && service->needs_book)
        asking.context.book = &responder->book;
    if (responder->metrics != NULL) {
        asking.context.put_metrics = metrics_put;
        asking.context.metrics = responder->metrics;
    }
    if (service->tells_time) {
        clock_gettime(CLOCK_REALTIME, &asking.context.now);
        tzset(); /* reads the time zone again if it has changed */
    }
    if (asking.context.book == NULL)
        responder_ask_service(&asking);
    else if (sigbus_try(responder_ask_service, &asking) < 0) {
        out->len = start;
        out->full = false;
        asking.context.book = NULL;
        responder_ask_service(&asking);
    }
    return asking.result;
}

static int64_t now_in_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void responder_woken(struct responder *responder) {
    if (responder->metrics != NULL)
        responder->woken = now_in_ns();
}

static void responder_count(const struct responder *responder, const struct service *service,
                            enum result result) {
    struct stats_service *stats = &responder->stats->service[service_number(service)];
    stats_bump(&stats->results[result], 1);
    if (responder->metrics != NULL)
        stats_count_time(stats, now_in_ns() - responder->woken);
}

enum result responder_answer(struct responder *responder, const struct service *service,
                             const struct request *request, struct caller caller,
                             struct text *out) {
    enum result result = responder_ask(responder, service, request, out);
    if (result == RESULT_FAULT && responder->has_book && !book_is_intact(&responder->book))
        return result; /* it may be the change that was read, and the request is answered again */
    responder_count(responder, service, result);
    if (result == RESULT_FAULT)
        responder_say_fault(responder);
    if (responder->verbose)
        responder_log(service, (struct span){request->at, request->len}, caller,
                      result_name(result));
    return result;
}

void responder_refuse_header(struct responder *responder, const struct service *service,
                             struct span came, struct caller caller) {
    responder_count(responder, service, RESULT_REFUSED);
    if (responder->verbose)
        responder_log(service, came, caller, "no-proxy-header");
}

void responder_close(struct responder *responder) {
    responder_drop_book(responder);
}
