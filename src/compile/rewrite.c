#include "compile/compilation.h"
#include "compile/index.h"

#include <sysexits.h>

int remake(struct compilation *c, book_filler *fill) {
    struct replacement again;
    struct maker maker;
    if (replacement_begin(&again, c->order->book) < 0)
        return say_book(c, EX_CANTCREAT);
    if (maker_start(&maker, again.fd, c->order->exact_only) < 0 || fill(c, &maker) < 0 ||
        maker_finish(&maker) < 0) {
        int status = say_book(c, EX_IOERR);
        replacement_end(&again);
        return status;
    }
    maker_close(&c->maker);
    replacement_end(&c->new);
    c->maker = maker;
    c->new = again;
    return 0;
}

struct indexing {
    const struct compile_report *report;
    struct maker *to;
    unsigned long words;
};

static int take_word(void *context, struct span key, struct span value) {
    struct indexing *indexing = context;
    if (++indexing->words % PROGRESS_EVERY == 0)
        indexing->report->progress(indexing->words, "words");
    return maker_put(indexing->to, key, value);
}

static int copy_and_index(const struct compilation *c, struct maker *to) {
    struct indexing indexing = {&c->order->report, to, 0};
    struct cdb_record record = {0};
    while (book_walk(&c->maker.book, &record) > 0)
        if (maker_put(to, record.key, record.value) < 0)
            return -1;
    return words_make(&c->maker.book, take_word, &indexing);
}

int index_words(struct compilation *c) {
    return remake(c, copy_and_index);
}
