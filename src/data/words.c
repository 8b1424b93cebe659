#include "data/words.h"

#include "data/decompose.h"
#include "data/fold.h"
#include "data/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* In their scripts, these marks make a different letter: nukta, voicing of kana, virama. */
enum { CLASS_NUKTA = 7, CLASS_KANA_VOICING = 8, CLASS_VIRAMA = 9 };

/* Letters that Unicode does not decompose: with a stroke, or two in one. */
static const struct {
    uint16_t letter;
    char plain[3];
} letters[] = {
    {0x00C6, "AE"}, {0x00D0, "D"},  {0x00D8, "O"}, {0x0110, "D"},  {0x0126, "H"},
    {0x0141, "L"},  {0x0152, "OE"}, {0x0166, "T"}, {0x1E9E, "SS"},
};

/* True for an apostrophe, and for a mark that does not make a different letter. */
static bool is_left_out(uint32_t point) {
    unsigned class = decompose_class(point);
    return point == '\'' || (class != 0 && class != CLASS_NUKTA && class != CLASS_KANA_VOICING &&
                             class != CLASS_VIRAMA);
}

static void put_bare(uint32_t point, struct span as_is, struct text *out) {
    if (is_left_out(point))
        return;
    for (size_t i = 0; i < COUNT(letters); i++)
        if (letters[i].letter == point) {
            text_put(out, span_of(letters[i].plain));
            return;
        }
    text_put(out, as_is);
}

static bool is_bare(struct span text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] >= 0x80 || text.at[i] == '\'')
            return false;
    return true;
}

static struct span bare_of(struct span text, struct text *room) {
    size_t start = room->len;
    uint32_t point = 0;
    if (is_bare(text))
        return text;
    for (size_t used; (used = utf8_decode(text, &point)) > 0; text = span_from(text, used))
        put_bare(point, (struct span){text.at, used}, room);
    return span_from(text_span(room), start);
}

/* Decodes the first character that is not left out of a bare word. Returns its length with what
 * is before it; 0: there is none. */
static size_t words_decode(struct span s, uint32_t *point) {
    size_t before = 0;
    for (size_t used; (used = utf8_decode(span_from(s, before), point)) > 0; before += used)
        if (!is_left_out(*point))
            return before + used;
    return 0;
}

/* Returns the Hangul syllable at the start of s and its length, or 0 if there is none. */
static uint32_t hangul_of(struct span s, size_t *used) {
    uint32_t l = 0;
    uint32_t v = 0;
    uint32_t t = 0;
    size_t len = words_decode(s, &l);
    size_t v_len = words_decode(span_from(s, len), &v);
    if (l - HANGUL_L >= HANGUL_L_COUNT || v - HANGUL_V >= HANGUL_V_COUNT)
        return 0;
    len += v_len;
    size_t t_len = words_decode(span_from(s, len), &t);
    bool has_t = t_len > 0 && t > HANGUL_T && t - HANGUL_T < HANGUL_T_COUNT;
    *used = len + (has_t ? t_len : 0);
    return HANGUL_FIRST + ((l - HANGUL_L) * HANGUL_V_COUNT + v - HANGUL_V) * HANGUL_T_COUNT +
           (has_t ? t - HANGUL_T : 0);
}

/* Returns the first letter of s. *used is its length with its marks and apostrophes; 0: there is
 * none. Of a word and of the same word made bare it is the same letter. */
static uint32_t letter_of(struct span s, size_t *used) {
    uint32_t letter = 0;
    uint32_t mark = 0;
    *used = words_decode(s, &letter);
    if (*used == 0)
        return 0;
    if (letter >= HANGUL_L && letter < HANGUL_V) {
        uint32_t syllable = hangul_of(s, used);
        letter = syllable != 0 ? syllable : letter;
    }
    for (size_t more; (more = utf8_decode(span_from(s, *used), &mark)) > 0; *used += more)
        if (mark != '\'' && (mark < 0x80 || decompose_class(mark) == 0))
            break;
    return letter;
}

uint32_t words_letter(struct span s, size_t *used) {
    uint32_t letter = letter_of(s, used);
    for (size_t i = 0; i < COUNT(letters); i++)
        if (letters[i].letter == letter)
            return (unsigned char)letters[i].plain[0];
    return letter;
}

/* Returns false if text has only apostrophes, or there is no more room. */
static bool words_add(struct words *words, struct span text, struct text *room) {
    size_t used = 0;
    if (words->count == WORDS_MAX) {
        words->is_cut = true;
        return false;
    }
    struct span bare = bare_of(text, room);
    if (bare.len == 0)
        return false;
    struct word *word = &words->at[words->count++];
    *word = (struct word){.text = text, .bare = bare};
    word->initial = words_letter(text, &used);
    word->is_letter = used == text.len;
    if (word->is_letter)
        letter_of(bare, &word->bare.len);
    return true;
}

/* Adds the text between two spaces: several words, if it has hyphens. */
static void words_add_joined(struct words *words, struct span s, struct text *room) {
    size_t first = words->count;
    while (s.len > 0) {
        const char *hyphen = memchr(s.at, '-', s.len);
        size_t len = hyphen == NULL ? s.len : (size_t)(hyphen - s.at);
        if (len > 0)
            words_add(words, (struct span){s.at, len}, room);
        s = span_from(s, hyphen == NULL ? len : len + 1);
    }
    if (words->count > first)
        words->at[first].join = (unsigned char)(words->count - first);
}

static void words_add_all(struct words *words, struct span folded, struct text *room) {
    size_t start = room->len;
    fold_words(folded, room);
    struct span s = span_from(text_span(room), start);
    while (s.len > 0) {
        const char *space = memchr(s.at, ' ', s.len);
        size_t len = space == NULL ? s.len : (size_t)(space - s.at);
        words_add_joined(words, (struct span){s.at, len}, room);
        s = span_from(s, space == NULL ? len : len + 1);
    }
}

/* Moves the words from turn on before the others. */
static void words_turn(struct words *words, size_t turn) {
    struct word before[WORDS_MAX];
    memcpy(before, words->at, turn * sizeof(*before));
    memmove(words->at, words->at + turn, (words->count - turn) * sizeof(*before));
    memcpy(words->at + words->count - turn, before, turn * sizeof(*before));
}

void words_of(struct span folded, struct words *words) {
    /* cppcheck-suppress ctuuninitvar ; the room is what is filled here */
    struct text room = {.at = words->room, .cap = sizeof(words->room)};
    words->count = 0;
    words->is_cut = false;
    const char *comma = folded.len > 0 ? memchr(folded.at, ',', folded.len) : NULL;
    size_t before = comma == NULL ? folded.len : (size_t)(comma - folded.at);
    words_add_all(words, (struct span){folded.at, before}, &room);
    if (comma == NULL)
        return;
    struct span behind = span_from(folded, before + 1);
    size_t turn = words->count;
    words_add_all(words, behind, &room);
    if (turn > 0 && words->count > turn && memchr(behind.at, ',', behind.len) == NULL)
        words_turn(words, turn);
}

void words_join(const struct words *words, size_t first, size_t count, bool bare,
                struct text *out) {
    for (size_t i = first; i < first + count; i++) {
        if (i > first)
            text_put(out, SPAN("-"));
        text_put(out, bare ? words->at[i].bare : words->at[i].text);
    }
}
