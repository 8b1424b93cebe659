#include "data/fold.h"
#include "formats/unfold.h"
#include "formats/vcard_person.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 4096 }; /* bytes of a line that are unfolded to recognise its property */

enum vcard_state { OUTSIDE, INSIDE, BAD }; /* BAD: after an error, until the next card */

struct vcard {
    const struct source_events *to;
    struct unfolded_lines lines;
    enum vcard_state state;
    unsigned long start; /* line where the card starts */
    bool base64;         /* the previous property is base64 and may continue */
    bool agent;          /* the previous property was AGENT without a value */
    unsigned inner;      /* depth of cards nested in this one */
    struct card card;
};

/* Looks at no more than HEAD_MAX bytes: this is called again for each continuation line, and
 * otherwise the time would grow with the square of the line's length. */
static bool is_quoted(struct span text) {
    struct vcard_line line;
    text.len = text.len < HEAD_MAX ? text.len : HEAD_MAX;
    return vcard_split(text, &line) == 0 && vcard_says(&line, "ENCODING", "QUOTED-PRINTABLE");
}

/* In quoted-printable a "=" at the end of a line is a soft line break. Blanks
 * after it are ignored. Returns true if there is one, and removes it with the
 * blanks. */
static bool breaks_softly(struct unfolded_lines *lines) {
    struct span text = text_span(&lines->line);
    while (text.len > 0 && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
        text.len--;
    if (text.len == 0 || text.at[text.len - 1] != '=' || !is_quoted(text))
        return false;
    lines->line.len = text.len - 1;
    return true;
}

/* Some telephones omit that "=" if the next line starts with "=", which no
 * property does. Returns 1 for such a line break, 0 for none, -1 with errno. */
static int breaks_unsaid(struct unfolded_lines *lines) {
    int equals = unfold_goes_on(lines, "=");
    return equals > 0 ? is_quoted(text_span(&lines->line)) : equals;
}

/* Reads a line with all its continuation lines. Marks each fold, but no soft line
 * break, by a LF. Returns 1, 0 at end of file, -1 with errno. */
static int vcard_read_line(struct vcard *vcard) {
    struct unfolded_lines *lines = &vcard->lines;
    int more = unfold_next(lines);
    while (more > 0) {
        int softly = breaks_softly(lines) ? 1 : breaks_unsaid(lines);
        int goes_on = softly != 0 ? softly : unfold_goes_on(lines, " \t");
        if (goes_on <= 0)
            return goes_on < 0 ? -1 : 1;
        int appended = softly > 0 ? unfold_append(lines, 0) : unfold_append_marked(lines);
        if (appended <= 0)
            return appended < 0 ? -1 : 1;
    }
    return more;
}

/* Version 2.1 continues base64 on lines without a blank, up to an empty line. */
static bool is_more_base64(const struct vcard *vcard, struct span line) {
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    return vcard->base64 && line.len > 0 && strspn(line.at, alphabet) == line.len;
}

static int vcard_tell(struct vcard *vcard, unsigned long line, const char *what) {
    return vcard->to->on_error(vcard->to->context, line, what);
}

static int vcard_check_ended(struct vcard *vcard) {
    return vcard->state == INSIDE ? vcard_tell(vcard, vcard->start, "a card without END:VCARD") : 0;
}

/* In version 2.1, the card of an AGENT, another person, is nested in the card.
 * It is skipped. */
static int vcard_begin_card(struct vcard *vcard, bool of_agent) {
    if (of_agent && vcard->state != OUTSIDE) {
        vcard->inner++;
        return 0;
    }
    int result = vcard_check_ended(vcard);
    vcard->state = INSIDE;
    vcard->inner = 0;
    vcard->start = vcard->lines.number;
    card_clear(&vcard->card);
    return result;
}

static int vcard_end_card(struct vcard *vcard) {
    bool bad = vcard->state == BAD;
    if (vcard->inner > 0) {
        vcard->inner--;
        return 0;
    }
    vcard->state = OUTSIDE;
    if (bad)
        return 0;
    card_finish(&vcard->card);
    return person_give(&vcard->card.person, vcard->start, vcard->to);
}

static bool ends_in_begin(struct span s) {
    static const char begin[] = "BEGIN:VCARD";
    s = fold_trim(s);
    return s.len >= sizeof(begin) - 1 &&
           span_is_word(span_from(s, s.len - (sizeof(begin) - 1)), begin);
}

/* Returns the fault of a line that makes the rest of the card meaningless, or
 * NULL. */
static const char *vcard_frame_fault(const struct vcard *vcard, const struct vcard_line *line) {
    if (vcard->state == OUTSIDE)
        return "a line outside BEGIN:VCARD and END:VCARD";
    if (line == NULL)
        return NULL;
    /* Two files were concatenated without a line end between them. */
    bool other = span_is_word(line->name, "BEGIN") || span_is_word(line->name, "END");
    bool run_on =
        !span_is_word(line->name, "AGENT") && ends_in_begin(text_span(&vcard->lines.line));
    return other || run_on ? "BEGIN or END of something other than VCARD" : NULL;
}

/* Returns true if the malformed line starts with the name of a property that is
 * used. */
static bool looks_wanted(struct span head) {
    size_t len = 0;
    while (len < head.len && head.at[len] != ';' && head.at[len] != ':')
        len++;
    return card_wants(fold_trim((struct span){head.at, len}));
}

/* Keeps the line if it is used. Other malformed lines are ignored. */
static int vcard_take_inner(struct vcard *vcard, const struct vcard_line *line, struct span head) {
    struct card *card = &vcard->card;
    unsigned long number = vcard->lines.number;
    vcard->base64 = line != NULL && vcard_says(line, "ENCODING", "BASE64");
    if (line == NULL && !looks_wanted(head))
        return vcard->to->on_ignore(vcard->to->context, number);
    if (line == NULL)
        person_spoil(&card->person, "not PROPERTY:VALUE", number);
    else if (card_wants(line->name))
        card_keep(card, text_span(&vcard->lines.line), number);
    return 0;
}

static int vcard_take_line(struct vcard *vcard, const struct vcard_line *line, struct span head) {
    const char *fault = vcard_frame_fault(vcard, line);
    if (fault == NULL && line != NULL && span_is_word(line->name, "VERSION"))
        fault = card_take_version(&vcard->card, line->value);
    if (fault == NULL)
        return vcard_take_inner(vcard, line, head);
    vcard->state = BAD;
    return vcard_tell(vcard, vcard->lines.number, fault);
}

static int vcard_take_folded(struct vcard *vcard) {
    char bytes[HEAD_MAX];
    struct text head = {.at = bytes, .cap = sizeof(bytes)};
    struct span text = text_span(&vcard->lines.line);
    struct vcard_line parts;
    vcard_unfold(text, vcard->card.version == CARD_21, &head);
    const struct vcard_line *line = vcard_split(text_span(&head), &parts) == 0 ? &parts : NULL;
    if (is_more_base64(vcard, text))
        return 0;
    vcard->base64 = false;
    if (fold_trim(text_span(&head)).len == 0)
        return 0;
    bool after_agent = vcard->agent;
    vcard->agent =
        line != NULL && span_is_word(line->name, "AGENT") && fold_trim(line->value).len == 0;
    bool of_card = line != NULL && span_is_word(fold_trim(line->value), "VCARD");
    if (of_card && span_is_word(line->name, "BEGIN"))
        return vcard_begin_card(vcard, after_agent);
    if (of_card && span_is_word(line->name, "END") && vcard->state != OUTSIDE)
        return vcard_end_card(vcard);
    bool counts = vcard->state != BAD && vcard->inner == 0;
    return counts ? vcard_take_line(vcard, line, text_span(&head)) : 0;
}

int vcard_read(FILE *source, const struct source_options *how, const struct source_events *to) {
    struct vcard *vcard = calloc(1, sizeof(*vcard));
    int more = -1;
    int result = 0;
    if (vcard == NULL)
        return -1;
    vcard->to = to;
    vcard->lines.source = source;
    vcard->card.charset = how->charset;
    while (result == 0 && (more = vcard_read_line(vcard)) > 0)
        result = vcard_take_folded(vcard);
    if (result == 0)
        result = more < 0 ? -1 : vcard_check_ended(vcard);
    int why = errno;
    unfold_free(&vcard->lines);
    free(vcard);
    errno = why;
    return result;
}
