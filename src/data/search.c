#include "data/search.h"

#include "data/fold.h"
#include "data/list_record.h"
#include "data/matches.h"
#include "data/needs.h"
#include "data/term.h"
#include "data/utf8.h"

enum {
    CANDIDATES_MAX = 4096, /* candidates that are filtered by the other lists at a time */
    SHARE_MIN = 65536,     /* bytes of a list that are read before the others are */
    STEPS_OF_BYTE = 16,    /* comparisons of initials take as long as reading a byte of postings */
    RESPACED_MAX = 256,    /* bytes of a request that is tried with other spaces */
};

/* A word takes two searches: for its own list, then for those that share a record; and one for each
 * further record of a long list. Words that were chosen to make the first two as dear as can be
 * leave enough for others. */
_Static_assert(2 * LIST_SEARCH_MAX <= SEARCH_BYTES / 4, "some words of a request are found");

/* How the request is interpreted. */
struct plan {
    bool is_joined; /* words joined by hyphens are looked up as one word */
    bool is_marked; /* words are looked up with the marks they have */
    bool is_loose;  /* the request has marks, but is looked up without them */
    size_t glued;   /* 1 + index of a word that is read as initials; 0: none */
};

struct search {
    const struct book *book;
    struct words words; /* words of the request */
    struct matches matches;
    uint32_t allowance;
    struct plan plan;
    struct term terms[WORDS_MAX];
    size_t count;
    bool is_loose; /* nobody is meant by his whole name: a word comes twice, or other marks do */
    struct needs needs;
    struct candidate candidates[CANDIDATES_MAX];
    size_t candidate_count;
    char names[2 * WORDS_ROOM]; /* names of the lists */
};

/* ---- words */

/* needs_met. Decoding counts towards what the request may read. */
static int is_met(const struct search *s, const struct postings *list,
                  const struct posting_brief *brief, size_t own, bool *is_whole) {
    if (s->needs.is_decoded)
        postings_charge(list, brief->len + s->needs.count * brief->count / STEPS_OF_BYTE);
    return needs_met(&s->needs, brief, own, is_whole);
}

/* Adds the initials of longer words first, so that single letters get the rest. */
static void needs_set(struct search *s, const struct term *driver) {
    needs_clear(&s->needs);
    for (int letters = 0; letters <= 1; letters++)
        for (size_t i = 0; i < s->words.count; i++) {
            const struct word *word = &s->words.at[i];
            bool is_own = i >= driver->first && i < driver->first + driver->count;
            bool is_glued = i + 1 == s->plan.glued;
            if (is_own || (is_glued || word->is_letter) != (letters == 1))
                continue;
            if (is_glued)
                needs_add_letters(&s->needs, word->text);
            else
                needs_add(&s->needs, word->initial, word->is_letter);
        }
    s->needs.words = s->needs.count + driver->count;
}

/* Filters the candidates by the lists of all terms but driver, and adds the rest to the
 * matches. */
static int candidates_settle(struct search *s, struct term *driver) {
    for (size_t i = 0; i < s->count; i++)
        if (&s->terms[i] != driver &&
            term_filter(&s->terms[i], s->candidates, s->candidate_count) < 0)
            return -1;
    for (size_t i = 0; i < s->candidate_count; i++) {
        const struct candidate *candidate = &s->candidates[i];
        if (!candidate->is_out)
            matches_add(&s->matches, candidate->entry, candidate->agrees, candidate->is_whole,
                        true);
    }
    s->candidate_count = 0;
    if (s->count > 1)
        postings_interrupt(&driver->list);
    return 0;
}

/* True if the answer is complete. A single list has its counts at the start, so it need not be
 * read to the end. */
static bool is_known(struct search *s, const struct postings *list) {
    struct matches *m = &s->matches;
    uint32_t agreeing = list->count - list->dropped;
    const struct matches_kind *kind = agreeing > 0 ? &m->best : &m->all;
    if (s->count > 1 || s->needs.count > 0 || m->whole_count < list->alone ||
        kind->kept < BOOK_LINES_MAX)
        return false;
    m->all.count = list->count;
    m->best.count = agreeing + m->whole_dropped;
    return true;
}

/* Takes a posting of driver. Returns 0, or -1 if it is malformed. */
static int drive_on(struct search *s, const struct term *driver,
                    const struct posting_brief *brief) {
    size_t own = s->words.at[driver->first].is_letter && driver->count == 1 ? 0 : driver->count;
    bool is_whole = false;
    if (driver->is_plain && brief->is_dropped)
        return 0;
    int met = is_met(s, &driver->list, brief, own, &is_whole);
    if (met <= 0)
        return met;
    is_whole = is_whole && !s->is_loose;
    if (s->count == 1)
        matches_add(&s->matches, brief->entry, !brief->is_dropped, is_whole, true);
    else
        s->candidates[s->candidate_count++] =
            (struct candidate){brief->entry, !brief->is_dropped, is_whole, false};
    return 0;
}

/* True if it is the turn of the other lists: this one has taken its share, and seems too long to be
 * read to its end. The allowance was before when the list was begun, and settled after the others
 * had their last turn. */
static bool is_share_used(const struct search *s, const struct postings *list, uint32_t before,
                          uint32_t settled) {
    uint32_t share = settled / (uint32_t)s->count;
    return s->candidate_count > 0 &&
           settled - s->allowance >= (share < SHARE_MIN ? SHARE_MIN : share) &&
           postings_is_too_long(list, before);
}

/* Reads the list of driver. A single letter is among its own posting's others. */
static int drive(struct search *s, struct term *driver) {
    struct posting_brief briefs[POSTINGS_BRIEFS];
    uint32_t before = s->allowance;
    uint32_t settled = before;
    while (driver->list.left > 0 && s->allowance > 0) {
        int count = postings_step(&driver->list, 0, s->needs.initials, briefs);
        if (count < 0)
            return -1;
        for (int i = 0; i < count; i++)
            if (drive_on(s, driver, &briefs[i]) < 0)
                return -1;
        if (is_known(s, &driver->list))
            return 0;
        if (s->candidate_count <= CANDIDATES_MAX - POSTINGS_BRIEFS &&
            !is_share_used(s, &driver->list, before, settled))
            continue;
        if (candidates_settle(s, driver) < 0)
            return -1;
        settled = s->allowance;
    }
    return candidates_settle(s, driver);
}

/* Sets the name of the term's list, with marks if the plan says so. Returns false if names is
 * full. */
static bool term_name(const struct search *s, struct term *term, struct text *names) {
    size_t start = names->len;
    words_join(&s->words, term->first, term->count, true, names);
    struct span bare = span_from(text_span(names), start);
    words_join(&s->words, term->first, term->count, false, names);
    struct span marked = span_from(text_span(names), start + bare.len);
    bool has_marks = !span_equal(bare, marked);
    bool is_marked = has_marks && s->plan.is_marked;
    term->is_plain = s->plan.is_marked && !has_marks;
    if (is_marked)
        memmove(names->at + start, marked.at, marked.len);
    term->list.name = (struct span){names->at + start, is_marked ? marked.len : bare.len};
    names->len = start + term->list.name.len;
    return !names->full;
}

static bool is_repeated(const struct search *s, const struct term *term) {
    for (size_t i = 0; i < s->count; i++)
        if (span_equal(s->terms[i].list.name, term->list.name))
            return true;
    return false;
}

/* Splits the request into terms. Returns false if there are none. */
static bool terms_set(struct search *s) {
    struct text names = {.at = s->names, .cap = sizeof(s->names)};
    bool is_single = s->words.count == 1;
    s->count = s->candidate_count = 0;
    s->is_loose = s->plan.glued > 0 || s->plan.is_loose;
    for (size_t i = 0, used = 1; i < s->words.count; i += used) {
        const struct word *word = &s->words.at[i];
        struct term *term = &s->terms[s->count];
        used = s->plan.is_joined && word->join > 1 ? word->join : 1;
        if (i + 1 == s->plan.glued || (used == 1 && word->is_letter && !is_single))
            continue;
        *term = (struct term){.first = i, .count = used};
        if (!term_name(s, term, &names))
            return false;
        if (is_repeated(s, term))
            s->is_loose = true;
        else
            s->count++;
    }
    return s->count > 0;
}

/* Finds the names that have all words, as plan interprets them. Reads the shortest list and
 * filters it by the others. */
static int search_words_planned(struct search *s, struct plan plan) {
    struct term *driver = &s->terms[0];
    s->plan = plan;
    if (!terms_set(s))
        return 0;
    for (size_t i = 0; i < s->count; i++) {
        struct term *term = &s->terms[i];
        int found = postings_open(&term->list, s->book, term->list.name, &s->allowance);
        if (found <= 0 || s->allowance == 0)
            return found < 0 ? -1 : 0;
        if (term->list.count < driver->list.count)
            driver = term;
    }
    for (size_t i = 0; s->count > 1 && i < s->count; i++)
        postings_interrupt(&s->terms[i].list);
    needs_set(s, driver);
    return drive(s, driver);
}

/* ---- requests of initials only */

/* Finds names whose initials are exactly these letters. */
static int search_all_initials(struct search *s, const uint32_t *letters, size_t count) {
    struct text name = {.at = s->names, .cap = sizeof(s->names)};
    struct postings list;
    struct posting_brief briefs[POSTINGS_BRIEFS];
    text_put(&name, POSTINGS_INITIALS);
    for (size_t i = 0; i < count; i++)
        utf8_put(&name, letters[i]);
    int found = postings_open(&list, s->book, text_span(&name), &s->allowance);
    while (found > 0 && s->matches.all.kept < BOOK_LINES_MAX) {
        found = postings_next(&list, 0, 0, briefs);
        for (int i = 0; i < found; i++)
            matches_add(&s->matches, briefs[i].entry, true, false, false);
    }
    if (found >= 0 && s->matches.all.kept > 0)
        s->matches.all.count = s->matches.best.count = list.count;
    return found;
}

/* True if one of the first count letters is a word of the name: then it was found by that. */
static bool came_before(const struct posting *posting, const uint32_t *letters, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (needs_letter_is_word(posting, letters[i]))
            return true;
    return false;
}

/* Adds a name that has letter number which as a word and the others as initials. */
static int letter_add(struct search *s, const struct posting_brief *brief, const uint32_t *letters,
                      size_t count, size_t which, bool is_whole) {
    struct posting posting;
    if (posting_get((struct span){brief->info, brief->len}, &posting) == 0)
        return -1;
    if (!came_before(&posting, letters, which))
        matches_add(&s->matches, brief->entry, true, is_whole,
                    !needs_are_all(&posting, letters, count, false) &&
                        !needs_are_all(&posting, letters, count, true));
    return 0;
}

/* Finds names that have letter number which as a word and the others as initials. */
static int search_letter(struct search *s, const uint32_t *letters, size_t count, size_t which) {
    struct postings list;
    struct posting_brief briefs[POSTINGS_BRIEFS];
    bool is_whole = false;
    int more = postings_open(&list, s->book, s->words.at[which].bare, &s->allowance);
    while (more > 0 && (more = postings_next(&list, 0, s->needs.initials, briefs)) > 0)
        for (int i = 0; i < more; i++) {
            int met = is_met(s, &list, &briefs[i], 0, &is_whole);
            if (met < 0 ||
                (met > 0 && letter_add(s, &briefs[i], letters, count, which, is_whole) < 0))
                return -1;
        }
    return more;
}

static int search_letters(struct search *s) {
    uint32_t letters[NEEDS_LETTERS_MAX];
    size_t count = needs_letters(&s->words, s->plan.glued, letters);
    needs_clear(&s->needs);
    for (size_t i = 0; i < count; i++)
        needs_add(&s->needs, letters[i], true);
    s->needs.words = count;
    int found = count > 1 ? search_all_initials(s, letters, count) : 0;
    for (size_t i = 0; found >= 0 && i < count && s->plan.glued == 0 && s->allowance > 0; i++)
        found = search_letter(s, letters, count, i);
    return found;
}

/* ---- requests */

static int search_glued(struct search *s, size_t i) {
    bool is_alone = true;
    if (!needs_are_letters(s->words.at[i].text))
        return 0;
    for (size_t other = 0; other < s->words.count; other++)
        is_alone = is_alone && (other == i || s->words.at[other].is_letter);
    s->plan = (struct plan){.glued = i + 1};
    return is_alone ? search_letters(s) : search_words_planned(s, s->plan);
}

static bool is_found(const struct search *s, int result) {
    return result < 0 || s->matches.all.kept > 0 || s->allowance == 0;
}

/* Tries the plans, the most literal one first, until one has a match. */
static int search_in_turn(struct search *s) {
    bool has_joined = false;
    bool has_marks = false;
    bool is_letters = s->words.count > 1;
    int result = 0;
    for (size_t i = 0; i < s->words.count; i++) {
        has_joined = has_joined || s->words.at[i].join > 1;
        has_marks = has_marks || !span_equal(s->words.at[i].text, s->words.at[i].bare);
        is_letters = is_letters && s->words.at[i].is_letter;
    }
    if (is_letters)
        return search_letters(s);
    for (int parted = 0; parted <= (has_joined ? 1 : 0); parted++)
        for (int bare = has_marks ? 0 : 1; bare <= 1; bare++) {
            result = search_words_planned(s, (struct plan){.is_joined = parted == 0,
                                                           .is_marked = bare == 0,
                                                           .is_loose = has_marks && bare == 1});
            if (is_found(s, result))
                return result;
        }
    result = search_glued(s, 0);
    if (is_found(s, result) || s->words.count == 1)
        return result;
    return search_glued(s, s->words.count - 1);
}

/* With other spaces than the request has, in all the ways that there are. */
static int search_respaced(struct search *s, struct span folded) {
    char bytes[RESPACED_MAX + 4];
    int result = 0;
    for (size_t way = 0; result >= 0 && s->allowance > 0 && folded.len <= RESPACED_MAX; way++) {
        struct text text = {.at = bytes, .cap = sizeof(bytes)};
        words_of(folded, &s->words);
        if (!words_respaced(&s->words, way, &text))
            return 0;
        words_of(text_span(&text), &s->words);
        result = search_words_planned(s, (struct plan){.is_joined = true, .is_marked = true});
    }
    return result;
}

static int search_index(struct search *s, struct span folded, struct span separator,
                        struct text *out) {
    /* cppcheck-suppress ctuuninitvar ; words_of has set them */
    if (s->words.count == 0 || s->words.is_cut)
        return 0;
    int result = search_in_turn(s);
    if (!is_found(s, result))
        result = search_respaced(s, folded);
    if (result < 0)
        return -1;
    s->matches.is_cut = s->allowance == 0;
    return matches_answer(&s->matches, s->book, separator, out);
}

/* True for a book from before versions existed, if its index has an answer. */
static bool is_outdated(const struct book *book, struct span plain) {
    char bytes[3 + BOOK_WORD_MAX];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    struct cdb_search search;
    struct cdb_record record;
    postings_key(plain, 0, &key);
    cdbread_seek(&book->image, text_span(&key), &search);
    return cdbread_next(&book->image, &search, &record) != 0;
}

/* Not inlined, so that requests for whole names do not pay for its stack. */
__attribute__((noinline)) int search_words(const struct book *book, struct span folded,
                                           struct span separator, struct text *out) {
    struct search search;
    struct text plain = {.at = search.names, .cap = sizeof(search.names)};
    fold_words(folded, &plain);
    if (plain.len > 0 && !span_equal(text_span(&plain), folded)) {
        int found = book_find(book, text_span(&plain), separator, out);
        if (found != 0)
            return found;
    }
    if (!book->has_version)
        return is_outdated(book, text_span(&plain)) ? -1 : 0;
    search.book = book;
    search.matches.all.kept = search.matches.all.count = 0;
    search.matches.best.kept = search.matches.best.count = 0;
    search.matches.whole_count = search.matches.whole_dropped = 0;
    search.allowance = SEARCH_BYTES + 1; /* 0: a byte more was wanted */
    search.plan = (struct plan){0};
    /* cppcheck-suppress ctuuninitvar ; that is what is set here */
    words_of(folded, &search.words);
    return search_index(&search, folded, separator, out);
}
