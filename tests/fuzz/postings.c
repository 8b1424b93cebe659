/* Fuzzes the reader of postings, and a search in them. An input is a byte that says how to
 * store the list, the request, and the bytes of a list for the word JANE. */
#include "data/postings.h"
#include "data/search.h"
#include "sample.h"

enum { LIST_MAX = 1024 };

/* Stores the list in a shared record, or in one or two of its own. */
static void put_list(struct sample *sample, struct span list, unsigned how) {
    char bytes[3];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    size_t half = how == 1 ? list.len : list.len / 2;
    if (how == 0) {
        postings_shared_key(cdbread_hash(SPAN("JANE")), &key);
        put_record(sample, text_span(&key), list);
        return;
    }
    put_record(sample, SPAN("\002JANE"), (struct span){list.at, half});
    put_record(sample, SPAN("\003\001\0JANE"), span_from(list, half));
}

static void must_be_posting(const struct posting_brief *brief) {
    static struct posting posting;
    uint64_t initials = 0;
    must(posting_get((struct span){brief->info, brief->len}, &posting) == brief->len);
    must(posting.count == brief->count && posting.is_dropped == brief->is_dropped);
    for (size_t i = 0; i < posting.count; i++)
        initials |= initial_bit(posting.others[i]);
    must(initials == brief->initials);
}

/* Returns true if that many postings can be decoded. */
static bool are_postings(struct span list, uint32_t count) {
    static struct posting posting;
    uint64_t entry = 0;
    uint32_t more = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t used = varint_get(list, &more);
        size_t info = used == 0 ? 0 : posting_get(span_from(list, used), &posting);
        if (info == 0 || (entry += more) > UINT32_MAX)
            return false;
        list = span_from(list, used + info);
    }
    return true;
}

static void must_end(const struct book *book, bool is_whole) {
    struct posting_brief briefs[POSTINGS_BRIEFS];
    struct postings list;
    uint32_t allowance = SEARCH_BYTES;
    uint32_t before = 0;
    int count = 0;
    int more;
    if (postings_open(&list, book, SPAN("JANE"), &allowance) <= 0)
        return;
    bool is_sound = are_postings(span_from(list.value, list.at), list.left);
    for (; (more = postings_next(&list, 0, 0, briefs)) > 0; count += more) {
        must(more <= POSTINGS_BRIEFS && count <= LIST_MAX);
        for (int i = 0; i < more; i++) {
            must(briefs[i].entry >= before);
            before = briefs[i].entry;
            must_be_posting(&briefs[i]);
        }
    }
    must(!is_whole || (more == 0) == is_sound);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    static char answer_bytes[64 * 1024];
    static struct sample sample;
    struct text answer = {.at = answer_bytes, .cap = sizeof(answer_bytes)};
    struct book book = {.fd = -1, .has_version = true};
    uint32_t start = htole32(CDB_TABLES * 8);
    if (size < 2 || size - 2 > LIST_MAX)
        return 0;
    struct span list = {(const char *)data + 2, size - 2};
    struct span names[] = {SPAN("JANE X"), SPAN("MARY JANE"), SPAN("JANE")};
    struct span asked[] = {SPAN("JANE."),  SPAN("X JANE"),  SPAN("JANE Z."),   SPAN("J X"),
                           SPAN("JANE-X"), SPAN("XJ JANE"), SPAN("JANE JANE"), SPAN("JÁNE")};
    char block[8];
    sample.len = (size_t)CDB_TABLES * 8;
    sample.records = 0;
    memcpy(block, &start, sizeof(start));
    memcpy(block + 4, "\001\001\001", 4);
    for (size_t i = 0; i < 3; i++)
        put_record(&sample, names[i], SPAN("E1"));
    put_record(&sample, SPAN("\001\0\0\0\0"), (struct span){block, 7});
    put_list(&sample, list, data[0] % 3);
    put_tables(&sample);
    must(cdbread_open(&book.image, sample.image, sample.len) > 0);
    must_end(&book, data[0] % 3 < 2);
    int found = search_words(&book, asked[data[1] % 8], SPAN("\n"), &answer);
    must(found <= 0 || answer.len > 0);
    if (found > 0)
        must_be_plain_lines(text_span(&answer));
    return 0;
}
