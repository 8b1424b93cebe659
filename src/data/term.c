#include "data/term.h"

#include "data/entries.h"
#include "data/lists_of_name.h"

/* Reading a name counts as so many bytes of the allowance. It takes about as long as so many
 * postings, most of which have two bytes. */
enum { NAME_BYTES = 16384, NAME_POSTINGS = NAME_BYTES / 2 };

/* Advances to the first posting of entry or of one beyond. Returns 1, or 0 at the end, or -1. */
static int term_seek(struct term *term, uint32_t entry) {
    while (term->at < term->ahead_count && term->ahead[term->at].entry < entry)
        term->at++;
    if (term->at < term->ahead_count)
        return 1;
    term->at = 0;
    term->ahead_count = postings_next(&term->list, entry, 0, term->ahead);
    return term->ahead_count < 0 ? -1 : term->ahead_count > 0;
}

static void candidate_settle(struct candidate *candidate, bool is_in, bool is_dropped) {
    candidate->is_out = candidate->is_out || !is_in;
    candidate->agrees = candidate->agrees && !is_dropped;
}

static int filter_by_list(struct term *term, struct candidate *candidates, size_t count) {
    int more = 1;
    postings_interrupt(&term->list);
    for (size_t i = 0; i < count; i++) {
        struct candidate *candidate = &candidates[i];
        if (candidate->is_out)
            continue;
        more = more > 0 ? term_seek(term, candidate->entry) : 0;
        if (more < 0)
            return -1;
        const struct posting_brief *ahead = &term->ahead[term->at];
        bool is_in = more > 0 && ahead->entry == candidate->entry;
        candidate_settle(candidate, is_in && !(term->is_plain && ahead->is_dropped),
                         ahead->is_dropped);
    }
    return 0;
}

/* What a name says of a list. */
struct sought {
    struct span list;
    bool is_in;
    bool is_dropped;
};

/* Stops at the list, as the first posting of an entry counts. */
static int note_list(void *context, struct span name, const struct posting *posting) {
    struct sought *sought = context;
    if (!span_equal(name, sought->list))
        return 0;
    sought->is_in = true;
    sought->is_dropped = posting->is_dropped;
    return -1;
}

/* Not inlined, so that other requests do not pay for its stack. */
__attribute__((noinline)) static int filter_by_names(struct term *term,
                                                     struct candidate *candidates, size_t count) {
    char name[BOOK_NAME_MAX];
    struct words words;
    struct book_entry entry;
    for (size_t i = 0; i < count; i++) {
        struct sought sought = {.list = term->list.name};
        if (candidates[i].is_out)
            continue;
        if (postings_charge(&term->list, NAME_BYTES)) {
            if (entries_find(term->list.book, candidates[i].entry, name, &entry) < 0)
                return -1;
            lists_of_name(&words, entry.number, entry.key, note_list, &sought);
        }
        candidate_settle(&candidates[i], sought.is_in && !(term->is_plain && sought.is_dropped),
                         sought.is_dropped);
    }
    return 0;
}

/* Each posting is of a further entry, so no more of them can lie before an entry than numbers. */
int term_filter(struct term *term, struct candidate *candidates, size_t count) {
    size_t names = 0;
    uint32_t entry = 0;
    for (size_t i = 0; i < count; i++)
        if (!candidates[i].is_out) {
            names++;
            entry = candidates[i].entry;
        }
    uint32_t before = entry < term->list.entry ? 0 : entry - term->list.entry;
    uint32_t postings = before < term->list.left ? before : term->list.left;
    uint64_t named = term->named + (uint64_t)names * NAME_POSTINGS;
    bool is_too_dear = (uint64_t)names * NAME_BYTES >= *term->list.allowance;
    if (names > 0 && (named > postings || is_too_dear))
        return filter_by_list(term, candidates, count);
    term->named = (uint32_t)named;
    return filter_by_names(term, candidates, count);
}
