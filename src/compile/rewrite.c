#include "compile/compilation.h"
#include "compile/index.h"

#include <sysexits.h>

int rewrite(struct compilation *c, book_filler *fill) {
    struct atomic_file again;
    struct book_writer writer;
    if (atomic_file_again(&again, &c->new) < 0) {
        int status = say_book(c, EX_CANTCREAT);
        atomic_file_end(&again);
        return status;
    }
    if (book_writer_start(&writer, again.fd, c->options->exact_only) < 0 || fill(c, &writer) < 0 ||
        book_writer_finish(&writer) < 0) {
        int status = say_book(c, EX_IOERR);
        atomic_file_end(&again);
        return status;
    }
    book_writer_close(&c->writer);
    atomic_file_end(&c->new);
    c->writer = writer;
    c->new = again;
    return 0;
}

struct indexing {
    const struct compile_report *report;
    struct book_writer *to;
    unsigned long words;
};

static int take_word(void *context, struct span key, struct span value) {
    struct indexing *indexing = context;
    if (++indexing->words % PROGRESS_EVERY == 0)
        indexing->report->progress(indexing->words, "words");
    return book_writer_put(indexing->to, key, value);
}

static int copy_and_index(const struct compilation *c, struct book_writer *to) {
    struct indexing indexing = {&c->options->report, to, 0};
    struct cdb_record record = {0};
    while (book_walk(&c->writer.book, &record) > 0)
        if (book_writer_put(to, record.key, record.value) < 0)
            return -1;
    return index_make(&c->writer.book, take_word, &indexing);
}

int index_words(struct compilation *c) {
    return rewrite(c, copy_and_index);
}
