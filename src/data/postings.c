#include "data/postings.h"

#include "data/list_record.h"

/* No initials have these bits; NO_OTHERS has one of them. */
static const uint64_t INITIALS_NONE = UINT64_C(0xF8000000F8000000);

__attribute__((noinline)) void varint_put_long(struct text *out, uint32_t number) {
    char bytes[5];
    size_t len = 0;
    for (; number >= 0x80; number >>= 7)
        bytes[len++] = (char)(number | 0x80);
    bytes[len++] = (char)number;
    text_put(out, (struct span){bytes, len});
}

size_t varint_get(struct span s, uint32_t *number) {
    uint64_t value = 0;
    for (size_t i = 0; i < s.len && i < 5; i++) {
        unsigned char byte = (unsigned char)s.at[i];
        value |= (uint64_t)(byte & 0x7F) << 7 * i;
        if (byte < 0x80) {
            *number = (uint32_t)value;
            return value > UINT32_MAX ? 0 : i + 1;
        }
    }
    return 0;
}

/* Has bits of its own, so that no code point follows. */
static bool letter_has_bits(uint32_t letter) {
    return letter >= 'A' && letter <= 'Z';
}

static void initial_put(struct text *out, struct initial initial, unsigned bits) {
    bool has_bits = letter_has_bits(initial.letter);
    char byte = (char)(bits | (initial.is_word ? INITIAL_IS_WORD : 0) |
                       (has_bits ? initial.letter - 'A' + 1 : 0));
    text_put(out, (struct span){&byte, 1});
    if (!has_bits)
        varint_put(out, initial.letter);
}

void posting_put(struct text *out, const struct posting *posting) {
    unsigned dropped = posting->is_dropped ? INITIAL_DROPPED : 0;
    if (posting->count == 0) {
        char none = (char)(NO_OTHERS | dropped);
        text_put(out, (struct span){&none, 1});
        return;
    }
    for (size_t i = 0; i < posting->count; i++) {
        unsigned more = i + 1 < posting->count ? INITIAL_MORE : 0;
        unsigned joined = posting->others[i].is_joined ? INITIAL_JOINED : 0;
        initial_put(out, posting->others[i], more | (i == 0 ? dropped : joined));
    }
}

/* Reads an initial from byte and from s, which follows it. Returns the bytes used of s, or -1. */
static int initial_get(struct span s, unsigned char byte, struct initial *initial) {
    unsigned letter = byte & INITIAL_LETTER;
    initial->is_word = (byte & INITIAL_IS_WORD) != 0;
    initial->is_joined = (byte & INITIAL_JOINED) != 0;
    if (letter > 0) {
        initial->letter = 'A' - 1 + letter;
        return letter <= 26 ? 0 : -1;
    }
    size_t used = varint_get(s, &initial->letter);
    return used == 0 || letter_has_bits(initial->letter) ? -1 : (int)used;
}

size_t posting_get(struct span s, struct posting *posting) {
    size_t at = 0;
    unsigned char byte = s.len == 0 ? 0 : (unsigned char)s.at[0];
    posting->count = 0;
    posting->is_dropped = (byte & INITIAL_DROPPED) != 0;
    if ((byte | INITIAL_DROPPED) == (NO_OTHERS | INITIAL_DROPPED))
        return 1;
    do {
        if (at == s.len || posting->count == WORDS_MAX)
            return 0;
        byte = (unsigned char)s.at[at++];
        int used = initial_get(span_from(s, at), byte, &posting->others[posting->count++]);
        if (used < 0)
            return 0;
        at += (size_t)used;
    } while ((byte & INITIAL_MORE) != 0);
    return at;
}

bool posting_is_dropped(struct span info) {
    return info.len > 0 && (info.at[0] & INITIAL_DROPPED) != 0;
}

bool posting_is_alone(struct span info, bool is_letter) {
    if (info.len == 0)
        return false;
    return is_letter ? (info.at[0] & INITIAL_MORE) == 0
                     : (info.at[0] & INITIAL_LETTER) == NO_OTHERS;
}

bool postings_is_letter(struct span name) {
    size_t used = 0;
    return words_letter(name, &used) != 0 && used == name.len;
}

void postings_key(struct span name, uint32_t chunk, struct text *out) {
    char number[2] = {(char)chunk, (char)(chunk >> 8)};
    text_put(out, chunk == 0 ? BOOK_LIST : BOOK_LIST_MORE);
    if (chunk > 0)
        text_put(out, (struct span){number, sizeof(number)});
    text_put(out, name);
}

void postings_shared_key(uint32_t hash, struct text *out) {
    uint32_t group = postings_group(hash);
    char number[2] = {(char)group, (char)(group >> 8)};
    text_put(out, BOOK_LISTS);
    text_put(out, (struct span){number, sizeof(number)});
}

bool postings_shared_next(struct span *lists, struct span *name, struct span *value) {
    uint32_t name_len = 0;
    uint32_t value_len = 0;
    size_t used = varint_get(*lists, &name_len);
    size_t more = used == 0 ? 0 : varint_get(span_from(*lists, used), &value_len);
    if (more == 0 || (uint64_t)name_len + value_len > lists->len - used - more)
        return false;
    *name = (struct span){lists->at + used + more, name_len};
    *value = (struct span){name->at + name_len, value_len};
    *lists = span_from(*lists, used + more + name_len + value_len);
    return true;
}

bool postings_charge(const struct postings *list, size_t bytes) {
    bool is_enough = *list->allowance >= bytes;
    *list->allowance = is_enough ? *list->allowance - (uint32_t)bytes : 0;
    return is_enough;
}

/* Finds the record under key, and sets *value to its value. */
static int postings_find(struct postings *list, const struct text *key, struct span *value) {
    struct cdb_record record;
    int found = list_record_find(list, text_span(key), &record);
    if (found > 0) {
        list->offset = record.offset;
        *value = record.value;
    }
    return found;
}

/* Finds the list in a record of several short lists. */
static int postings_fetch_shared(struct postings *list) {
    char bytes[3];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    struct span lists = {NULL, 0};
    struct span name;
    postings_shared_key(cdbread_hash(list->name), &key);
    int found = postings_find(list, &key, &lists);
    if (found <= 0)
        return found;
    while (postings_shared_next(&lists, &name, &list->value))
        if (span_equal(name, list->name))
            return 1;
    return lists.len > 0 ? -1 : 0;
}

/* Reads the current record of the list. */
static int postings_fetch(struct postings *list) {
    char bytes[3 + BOOK_WORD_MAX];
    struct text key = {.at = bytes, .cap = sizeof(bytes)};
    if (list->is_shared)
        return postings_fetch_shared(list);
    postings_key(list->name, list->chunk, &key);
    int found = postings_find(list, &key, &list->value);
    if (found != 0 || list->chunk > 0)
        return found;
    list->is_shared = true;
    return postings_fetch_shared(list);
}

/* Reads the next of the three numbers before the first posting. */
static bool postings_head(struct postings *list, uint32_t *number) {
    size_t used = varint_get(span_from(list->value, list->at), number);
    list->at += (uint32_t)used;
    return used > 0;
}

/* Sets what the head of a long list says; a short one has none. */
static int postings_measure(struct postings *list) {
    struct posting posting;
    bool is_letter = postings_is_letter(list->name);
    uint32_t more;
    for (struct span rest = list->value; rest.len > 0; list->count++) {
        size_t used = varint_get(rest, &more);
        rest = span_from(rest, used);
        size_t info = list->has_initials ? posting_get(rest, &posting) : 0;
        if (used == 0 || (info == 0) == list->has_initials)
            return -1;
        list->dropped += posting_is_dropped((struct span){rest.at, info});
        list->alone += posting_is_alone((struct span){rest.at, info}, is_letter);
        rest = span_from(rest, info);
    }
    return 0;
}

static int postings_begin(struct postings *list) {
    if (list->is_shared)
        return postings_measure(list);
    return postings_head(list, &list->count) && postings_head(list, &list->dropped) &&
                   postings_head(list, &list->alone)
               ? 0
               : -1;
}

int postings_open(struct postings *list, const struct book *book, struct span name,
                  uint32_t *allowance) {
    *list = (struct postings){.book = book, .name = name, .allowance = allowance};
    list->has_initials = !span_starts(name, POSTINGS_INITIALS);
    int found = postings_fetch(list);
    if (found <= 0)
        return found;
    if (postings_begin(list) < 0 || list->count == 0 || list->dropped > list->count ||
        list->alone > list->count)
        return -1;
    list->left = list->count;
    return 1;
}

/* Reads the current record again. Its offset is known. */
static int postings_fetch_again(struct postings *list) {
    struct cdb_record record;
    if (list->is_shared)
        return postings_fetch_shared(list);
    if (cdbread_at(&list->book->image, list->offset, &record) < 0)
        return -1;
    list->value = record.value;
    return 1;
}

/* Returns found; -1 instead of 0 if the record is missing, and not just too dear to find. */
static int postings_found(const struct postings *list, int found) {
    return found == 0 && *list->allowance > 0 ? -1 : found;
}

/* Ensures that the current record has a byte of the next posting. Returns 1, 0 if the allowance
 * is used up, or -1. */
static int postings_ready(struct postings *list) {
    if (list->chunk > 0 && *list->allowance == 0)
        return 0;
    int found = list->value.len > 0 ? 1 : postings_fetch_again(list);
    if (found <= 0 || list->at < list->value.len)
        return postings_found(list, found);
    list->chunk++;
    list->at = 0;
    if (list->is_shared || list->chunk > UINT16_MAX)
        return -1;
    found = postings_found(list, postings_fetch(list));
    if (found > 0 && list->value.len == 0)
        return -1;
    return found > 0 ? postings_charge(list, list->value.len) : found;
}

/* Reads a varint. Returns what follows it, or NULL if it is malformed. */
static const unsigned char *bytes_number(const unsigned char *at, const unsigned char *end,
                                         uint32_t *number) {
    size_t used = varint_get((struct span){(const char *)at, (size_t)(end - at)}, number);
    return used == 0 ? NULL : at + used;
}

/* Sets what brief says of the others. Returns what follows them, or NULL if they are malformed. */
static inline const unsigned char *brief_get(const unsigned char *at, const unsigned char *end,
                                             struct posting_brief *brief) {
    const unsigned char *start = at;
    size_t letters = 0; /* bytes of letters that have some of their own */
    uint64_t initials = 0;
    unsigned bits;
    do {
        if (at == end)
            return NULL;
        bits = *at++;
        initials |= UINT64_C(1) << (bits & (INITIAL_IS_WORD | INITIAL_LETTER));
        if ((bits & INITIAL_LETTER) == 0) {
            const unsigned char *letter = at;
            uint32_t number;
            if ((at = bytes_number(at, end, &number)) == NULL || letter_has_bits(number))
                return NULL;
            letters += (size_t)(at - letter);
        }
    } while ((bits & INITIAL_MORE) != 0);
    size_t len = (size_t)(at - start);
    size_t count = len - letters;
    if ((initials & INITIALS_NONE) != 0) {
        if (len > 1 || (bits | INITIAL_DROPPED) != (NO_OTHERS | INITIAL_DROPPED))
            return NULL;
        initials = count = 0;
    }
    brief->is_dropped = (*start & INITIAL_DROPPED) != 0;
    brief->count = (unsigned char)count;
    brief->len = (unsigned short)len;
    brief->info = (const char *)start;
    brief->initials = initials;
    return count > WORDS_MAX ? NULL : at;
}

/* As postings_next, in the current record. Returns 0 at its end. */
static int postings_scan(struct postings *list, uint32_t least, uint64_t initials,
                         struct posting_brief briefs[POSTINGS_BRIEFS]) {
    const unsigned char *start = (const unsigned char *)list->value.at;
    const unsigned char *at = start + list->at;
    const unsigned char *end = start + list->value.len;
    bool has_initials = list->has_initials;
    uint32_t entry = list->entry;
    uint32_t left = list->left;
    int count = 0;
    for (; count < POSTINGS_BRIEFS && at < end && left > 0; left--) {
        struct posting_brief *brief = &briefs[count];
        uint32_t more = *at++;
        if (more >= 0x80 && (at = bytes_number(at - 1, end, &more)) == NULL)
            return -1;
        if (more > UINT32_MAX - entry)
            return -1;
        brief->entry = entry += more;
        if (!has_initials)
            *brief = (struct posting_brief){.entry = entry};
        else if ((at = brief_get(at, end, brief)) == NULL)
            return -1;
        count += entry >= least && initials_lacking(initials, brief->initials) == 0;
    }
    list->at = (uint32_t)(at - start);
    list->entry = entry;
    list->left = left;
    return count;
}

int postings_step(struct postings *list, uint32_t least, uint64_t initials,
                  struct posting_brief briefs[POSTINGS_BRIEFS]) {
    int ready = list->left > 0 ? postings_ready(list) : 0;
    return ready > 0 ? postings_scan(list, least, initials, briefs) : ready;
}

int postings_next(struct postings *list, uint32_t least, uint64_t initials,
                  struct posting_brief briefs[POSTINGS_BRIEFS]) {
    int found = 0;
    while (found == 0 && list->left > 0) {
        int ready = postings_ready(list);
        if (ready <= 0)
            return ready;
        found = postings_scan(list, least, initials, briefs);
    }
    return found;
}

void postings_interrupt(struct postings *list) {
    list->value.len = 0;
}
