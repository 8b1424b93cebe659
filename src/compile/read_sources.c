#include "compile/compilation.h"
#include "data/same_file.h"
#include "formats/input.h"

#include <errno.h>
#include <string.h>

enum { FAULT_MAX = 2048 };

/* One source being read. */
struct source_reading {
    struct compilation *c;
    unsigned source;
    struct input input;
    bool troubled;        /* the source has an error */
    enum outcome outcome; /* if not OUTCOME_DONE: stop with this outcome */
};

/* Reports an error. Without keep_going, reading stops with this outcome. */
static void reading_tell(struct source_reading *reading, unsigned long line, const char *what,
                         enum outcome outcome) {
    compilation_say_place(reading->c, (struct place){reading->source, line}, what, outcome);
    reading->troubled = true;
    if (reading->c->outcome == OUTCOME_DONE)
        reading->c->outcome = outcome;
    if (!reading->c->options->keep_going)
        reading->outcome = outcome;
}

/* Returns true after a read error of the source. Its last line is then incomplete, so whatever the
 * reader says about it is wrong. */
static bool reading_is_cut(const struct source_reading *reading) {
    return ferror_unlocked(reading->input.stream) != 0;
}

static int on_entry(void *context, const struct entry *entry) {
    struct source_reading *reading = context;
    struct compilation *c = reading->c;
    if (reading_is_cut(reading))
        return -1;
    if (book_writer_add(&c->writer, entry) < 0 ||
        line_map_add(&c->line_map, (struct place){reading->source, entry->line}) < 0) {
        reading->outcome = compilation_say_book(c, OUTCOME_NOT_WRITTEN);
        return -1;
    }
    if (++c->summary->entries % PROGRESS_EVERY == 0)
        c->options->report.progress(c->summary->entries, "entries");
    return 0;
}

/* Writes the message, with a hint at --charset if that may help. */
static void reading_put_fault(const struct source_reading *reading, const char *before,
                              const char *what, char fault[FAULT_MAX]) {
    size_t len = strlen(what);
    size_t end = strlen(SOURCE_NOT_UTF8);
    bool is_charset = len > end && strcmp(what + len - end, SOURCE_NOT_UTF8) == 0 &&
                      reading->c->options->how.charset == NULL;
    snprintf(fault, FAULT_MAX, "%s%s%s", before, what, is_charset ? " (see --charset)" : "");
}

static int on_error(void *context, unsigned long line, const char *what) {
    struct source_reading *reading = context;
    bool skips = reading->c->options->skip_bad;
    char fault[FAULT_MAX];
    if (reading_is_cut(reading))
        return -1;
    reading_put_fault(reading, skips ? "skipped: " : "", what, fault);
    if (!skips) {
        reading_tell(reading, line, fault, OUTCOME_BAD_DATA);
        return reading->outcome == OUTCOME_DONE ? 0 : -1;
    }
    reading->c->summary->skipped++;
    compilation_say_place(reading->c, (struct place){reading->source, line}, fault, OUTCOME_DONE);
    return 0;
}

static int on_fatal(void *context, unsigned long line, const char *what) {
    struct source_reading *reading = context;
    char fault[FAULT_MAX];
    if (reading_is_cut(reading))
        return -1;
    reading_put_fault(reading, "", what, fault);
    reading_tell(reading, line, fault, OUTCOME_BAD_DATA);
    return -1;
}

static int on_skip(void *context, unsigned long line) {
    struct source_reading *reading = context;
    (void)line;
    reading->c->summary->passed++;
    return 0;
}

static int on_warning(void *context, unsigned long line, const char *what) {
    const struct source_reading *reading = context;
    if (reading_is_cut(reading))
        return -1;
    compilation_say_place(reading->c, (struct place){reading->source, line}, what, OUTCOME_DONE);
    return 0;
}

static int on_ignore(void *context, unsigned long line) {
    struct source_reading *reading = context;
    (void)line;
    reading->c->summary->ignored++;
    return 0;
}

static void reading_run(struct source_reading *reading, const struct format *format) {
    const struct source_events events = {on_entry,   on_error,  on_fatal, on_skip,
                                         on_warning, on_ignore, reading};
    unsigned long line = 0;
    struct source_options how = reading->c->options->how;
    how.charset = reading->input.left;
    int result = format->read(reading->input.stream, &how, &events);
    if (reading_is_cut(reading)) {
        const char *what = input_fault(&reading->input, &line);
        reading_tell(reading, line, what, OUTCOME_BAD_DATA);
    } else if (result < 0 && !reading->troubled && reading->outcome == OUTCOME_DONE) {
        reading_tell(reading, 0, strerror(errno), OUTCOME_NO_SYSTEM);
    }
}

/* Warns if --charset was wrong: names would be garbled, and nobody would notice. */
static void reading_check_charset(const struct source_reading *reading) {
    char what[160];
    if (reading->outcome != OUTCOME_DONE || !input_looks_misread(&reading->input))
        return;
    snprintf(what, sizeof(what), "warning: all of it is UTF-8, and was read as %.80s",
             reading->input.said);
    compilation_say_place(reading->c, (struct place){reading->source, 0}, what, OUTCOME_DONE);
}

static enum outcome compilation_read_source(struct compilation *c, unsigned source) {
    const struct compile_options *options = c->options;
    const char *path = options->sources[source];
    struct source_reading reading = {.c = c, .source = source};
    unsigned long before = c->summary->entries;
    if (c->sources[source].fd < 0) /* already reported */
        return OUTCOME_DONE;
    const struct format *format = options->format != NULL ? options->format : format_of(path);
    if (input_open(&reading.input, c->sources[source].fd, options->how.charset, format->decodes) <
        0) {
        reading_tell(&reading, 0, strerror(errno), OUTCOME_NO_SYSTEM);
        return reading.outcome;
    }
    reading_run(&reading, format);
    reading_check_charset(&reading);
    input_close(&reading.input);
    bool empty =
        c->summary->entries == before && !reading.troubled && reading.outcome == OUTCOME_DONE;
    if (empty && !options->force && c->had_names)
        reading_tell(&reading, 0, "no entry in it; the book that has some is kept (see --force)",
                     OUTCOME_BAD_DATA);
    return reading.outcome;
}

enum outcome compilation_read_sources(struct compilation *c) {
    enum outcome outcome = OUTCOME_DONE;
    for (unsigned i = 0; i < c->options->count && outcome == OUTCOME_DONE; i++)
        outcome = compilation_read_source(c, i);
    return outcome;
}

static bool is_unchanged(const struct stat *a, const struct stat *b) {
    return same_file(a, b) && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Reads the status of the file that now has the source's name. For standard input, or if the book's
 * owner may not reach the name, reads that of the file that was opened. */
static bool compilation_stat_source(const struct compilation *c, unsigned source,
                                    struct stat *now) {
    const char *path = c->options->sources[source];
    bool is_input = strcmp(path, "-") == 0;
    if (!is_input && stat(path, now) == 0)
        return true;
    return (is_input || errno == EACCES) && fstat(c->sources[source].fd, now) == 0;
}

enum outcome compilation_check_unchanged(const struct compilation *c) {
    struct stat now;
    for (unsigned i = 0; i < c->options->count; i++) {
        const struct stat *opened = &c->sources[i].opened;
        if (!S_ISREG(opened->st_mode))
            continue;
        if (!compilation_stat_source(c, i, &now) || !is_unchanged(opened, &now))
            return compilation_say_place(c, (struct place){i, 0}, "changed while it was read",
                                         OUTCOME_TRY_AGAIN);
    }
    return OUTCOME_DONE;
}
