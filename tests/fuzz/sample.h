/* The address book for the fuzzers of lookup: several offices of a name, a long one, names that
 * are answered with names, a word. Built without tinycdb, which is not built for the memory
 * sanitizer. The golden tables request these names. */
#ifndef LOOKUP_FUZZ_SAMPLE_H
#define LOOKUP_FUZZ_SAMPLE_H

#include "check.h"
#include "data/book.h"

enum { SAMPLE_RECORDS = 12, SAMPLE_LONG = 600, SAMPLE_ROOM = 4096 };

struct sample {
    unsigned char image[SAMPLE_ROOM];
    size_t len;
    uint32_t hash[SAMPLE_RECORDS];
    size_t offset[SAMPLE_RECORDS];
    size_t records;
};

static inline void put_numbers(struct sample *sample, size_t at, size_t first, size_t second) {
    for (int i = 0; i < 4; i++) {
        sample->image[at + (size_t)i] = (unsigned char)(first >> 8 * i);
        sample->image[at + (size_t)i + 4] = (unsigned char)(second >> 8 * i);
    }
}

static inline void put_record(struct sample *sample, struct span name, struct span office) {
    sample->hash[sample->records] = cdbread_hash(name);
    sample->offset[sample->records++] = sample->len;
    put_numbers(sample, sample->len, name.len, office.len);
    memcpy(sample->image + sample->len + 8, name.at, name.len);
    memcpy(sample->image + sample->len + 8 + name.len, office.at, office.len);
    sample->len += 8 + name.len + office.len;
}

/* No slot is empty: a search visits all of them. */
static inline void put_tables(struct sample *sample) {
    for (uint32_t table = 0; table < CDB_TABLES; table++) {
        size_t start = sample->len;
        for (size_t i = 0; i < sample->records; i++) {
            if (sample->hash[i] % CDB_TABLES != table)
                continue;
            put_numbers(sample, sample->len, sample->hash[i], sample->offset[i]);
            sample->len += 8;
        }
        put_numbers(sample, (size_t)table * 8, start, (sample->len - start) / 8);
    }
}

/* Built once, and kept. */
static inline const struct book *sample_book(void) {
    static struct sample sample = {.len = (size_t)CDB_TABLES * 8};
    static struct book book = {.fd = -1, .has_version = true};
    char x[SAMPLE_LONG];
    char block[] =
        "0000\001\001\001\001\001\001\001\001\001"; /* all spelled in title case: see entries.h */
    if (sample.records > 0)
        return &book;
    memset(x, 'x', sizeof(x));
    put_record(&sample, BOOK_VERSION, BOOK_VERSION_NOW);
    uint32_t start = htole32((uint32_t)sample.len);
    memcpy(block, &start, sizeof(start));
    put_record(&sample, SPAN("JOHN"), SPAN("C45"));
    put_record(&sample, SPAN("TWIN"), SPAN("E1"));
    put_record(&sample, SPAN("TWIN"), SPAN("Büro 5 = hinten"));
    put_record(&sample, SPAN("ADAM"), SPAN("Phoebe"));
    put_record(&sample, SPAN("PHOEBE"), SPAN("Adam"));
    put_record(&sample, SPAN("DENISE"), (struct span){x, sizeof(x)});
    put_record(&sample, SPAN("MARKUP"), SPAN("<i a=\"b\">&\\"));
    put_record(&sample, SPAN("JANE X"), SPAN("E1"));
    put_record(&sample, SPAN("JANE Y"), SPAN("E2"));
    put_record(&sample, SPAN("\001\0\0\0\0"), (struct span){block, sizeof(block) - 1});
    /* Two postings, entries 7 and 8, with the initials X and Y of their other words: see
     * postings.h. */
    put_record(&sample, SPAN("\002JANE"), SPAN("\002\0\0\007\x38\001\x39"));
    put_tables(&sample);
    must(cdbread_open(&book.image, sample.image, sample.len) > 0);
    return &book;
}

/* True if s, lines without the last line end, are offices of the book. */
static inline bool sample_has(struct span s) {
    static const char *const offices[] = {"C45",           "E1",   "E2",         "Büro 5 = hinten",
                                          "Phoebe",        "Adam", "Jane X: E1", "Jane Y: E2",
                                          "<i a=\"b\">&\\"};
    while (s.len > 0) {
        struct span line = first_line(s, &s);
        bool known = line.len == SAMPLE_LONG;
        for (size_t i = 0; i < sizeof(offices) / sizeof(offices)[0]; i++)
            known = known || span_equal(line, span_of(offices[i]));
        if (!known)
            return false;
    }
    return true;
}

#endif
