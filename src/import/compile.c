#include "import/compile.h"

#include "import/entries.h"
#include "import/lines.h"
#include "import/maker.h"
#include "import/replacement.h"
#include "import/twins.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { PROGRESS_EVERY = 65536 };

struct compilation {
    const struct compile_order *order;
    struct compile_summary *summary;
    struct replacement new; /* the book that is being made */
    struct maker maker;
    struct lines lines;
    struct twins twins;
    int status; /* of reading the source */
};

static int say(const struct compilation *c, const char *file, unsigned long line, const char *what,
               int status) {
    c->order->report.problem(file, line, what);
    return status;
}

static int say_source(const struct compilation *c, unsigned long line, const char *what) {
    return say(c, c->order->source, line, what, EX_DATAERR);
}

/* The last system call failed, on the book's side. */
static int say_book(const struct compilation *c, int status) {
    const char *why = errno == EINVAL      ? "not a regular file"
                      : errno == EOVERFLOW ? "a book cannot be larger than 4 GiB"
                                           : strerror(errno);
    return say(c, c->order->book, 0, why, status);
}

static int take_entry(void *context, const struct entry *entry) {
    struct compilation *c = context;
    if (maker_add(&c->maker, entry) < 0 || lines_add(&c->lines, entry->line) < 0) {
        c->status = say_book(c, EX_IOERR);
        return -1;
    }
    if (++c->summary->entries % PROGRESS_EVERY == 0)
        c->order->report.progress(c->summary->entries);
    return 0;
}

static int take_problem(void *context, unsigned long line, const char *what) {
    struct compilation *c = context;
    c->status = say_source(c, line, what);
    return -1;
}

static int read_source(struct compilation *c) {
    static const struct reading how = {0};
    const struct taker taker = {take_entry, take_problem, c};
    bool standard = strcmp(c->order->source, "-") == 0;
    FILE *source = standard ? stdin : fopen(c->order->source, "re");
    if (source == NULL)
        return say(c, c->order->source, 0, strerror(errno), EX_NOINPUT);
    int result = plain_read(source, &how, &taker);
    if (result < 0 && c->status == 0)
        c->status = say_source(c, 0, strerror(errno));
    if (!standard)
        fclose(source);
    return c->status;
}

/* The twins among an entry's records, each told its line; how many of them
 * repeat the office. next is the first twin not yet passed. */
static size_t pass_twins(const struct compilation *c, const struct book_entry *entry,
                         size_t *next) {
    size_t same = 0;
    for (; *next < c->twins.count && c->twins.at[*next].offset <= entry->last; (*next)++) {
        c->twins.at[*next].line = lines_of(&c->lines, entry->number);
        same += c->twins.at[*next].same;
    }
    return same;
}

/* Warns of one name with several offices; the same of an entry's further keys
 * would only say it again. 0, or EX_DATAERR where that is an error. */
static int judge(struct compilation *c, const struct book_entry *entry) {
    char what[160];
    const struct twin *twin = twins_at(&c->twins, entry->first);
    if (twin == NULL || twin->same || twin->of == twin->offset)
        return 0;
    c->summary->shared++;
    bool strict = c->order->strict;
    snprintf(what, sizeof(what), "%sthis name has another office at line %lu%s",
             strict ? "" : "warning: ", twins_at(&c->twins, twin->of)->line,
             strict ? "" : "; both will be answered");
    return say_source(c, twin->line, what) * strict;
}

static int judge_twins(struct compilation *c) {
    struct entries walk = {0};
    struct book_entry entry;
    size_t next = 0;
    int status = 0;
    while (next < c->twins.count && entries_next(&c->maker.image, &walk, &entry) > 0) {
        if (pass_twins(c, &entry, &next) == entry.records)
            c->summary->duplicates++;
        else if (judge(c, &entry) != 0)
            status = EX_DATAERR;
    }
    return status;
}

static int find_twins(struct compilation *c) {
    if (twins_find(&c->maker.image, &c->twins) == 0)
        return judge_twins(c);
    if (!c->twins.too_many)
        return say_book(c, EX_IOERR);
    return say_source(c, 0, "more than 16384 bytes of offices under one name");
}

static int copy_but_duplicates(const struct compilation *c, struct maker *to) {
    struct entries walk = {0};
    struct book_entry entry;
    size_t next = 0;
    while (entries_next(&c->maker.image, &walk, &entry) > 0) {
        struct entry copy = {entry.name, entry.office, 0, false};
        if (pass_twins(c, &entry, &next) < entry.records && maker_add(to, &copy) < 0)
            return -1;
    }
    return maker_finish(to);
}

/* Only when the whole book is there is it known what stands in it twice; that
 * is rare enough to make the book again without it. */
static int drop_duplicates(struct compilation *c) {
    struct replacement clean;
    struct maker maker;
    if (c->summary->duplicates == 0)
        return 0;
    if (replacement_begin(&clean, c->order->book) < 0)
        return say_book(c, EX_CANTCREAT);
    if (maker_start(&maker, clean.fd) < 0 || copy_but_duplicates(c, &maker) < 0) {
        int status = say_book(c, EX_IOERR);
        replacement_end(&clean);
        return status;
    }
    maker_close(&c->maker);
    replacement_end(&c->new);
    c->maker = maker;
    c->new = clean;
    c->summary->entries -= c->summary->duplicates;
    return 0;
}

/* True if there is a book with at least one name in it. */
static bool has_names(const char *path) {
    struct book book;
    struct cdb_record record = {0};
    if (book_open(&book, path) < 0)
        return false;
    bool some = cdbread_walk(&book.image, &record) > 0;
    book_close(&book);
    return some;
}

static int fill(struct compilation *c) {
    if (maker_start(&c->maker, c->new.fd) < 0)
        return say_book(c, EX_IOERR);
    int status = read_source(c);
    c->order->report.progress(0);
    if (status != 0)
        return status;
    if (c->summary->entries == 0 && !c->order->force && has_names(c->order->book))
        return say_source(c, 0, "no entry in it; the book that has some is kept (see --force)");
    if (maker_finish(&c->maker) < 0)
        return say_book(c, EX_IOERR);
    status = find_twins(c);
    return status != 0 ? status : drop_duplicates(c);
}

int compile(const struct compile_order *order, struct compile_summary *summary) {
    struct compilation *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return EX_OSERR;
    *summary = (struct compile_summary){0};
    c->order = order;
    c->summary = summary;
    int status = 0;
    if (replacement_begin(&c->new, order->book) < 0)
        status = say_book(c, EX_CANTCREAT);
    if (status == 0)
        status = fill(c);
    if (status == 0 && replacement_commit(&c->new) < 0)
        status = say_book(c, EX_CANTCREAT);
    maker_close(&c->maker);
    replacement_end(&c->new);
    free(c->twins.at);
    lines_free(&c->lines);
    free(c);
    return status;
}
