#include "services/http_accept.h"

#include "services/http_target.h"

enum { WEIGHT_ONE = 1000 };

/* Takes the part before the next separator outside quoted strings off *rest.
 * Returns false at the end. */
static bool accept_next(struct span *rest, char separator, struct span *part) {
    bool quoted = false;
    size_t i = 0;
    if (rest->at == NULL)
        return false;
    for (; i < rest->len && (quoted || rest->at[i] != separator); i++) {
        if (rest->at[i] == '"')
            quoted = !quoted;
        else if (quoted && rest->at[i] == '\\' && i + 1 < rest->len)
            i++;
    }
    *part = http_without_blanks((struct span){rest->at, i});
    *rest = i < rest->len ? span_from(*rest, i + 1) : (struct span){NULL, 0};
    return true;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Parses a weight from 0 to 1 with at most three decimals. The 0 before the point may be
 * missing, as in Java's .2. Returns thousandths, or -1 if it is malformed. */
static int accept_weight(struct span s) {
    bool whole = s.len > 0 && is_digit(s.at[0]);
    int weight = whole ? (s.at[0] - '0') * WEIGHT_ONE : 0;
    int unit = WEIGHT_ONE;
    struct span decimals = span_from(s, whole ? 1 : 0); /* with the point */
    if (decimals.len > 4 || (decimals.len > 0 && decimals.at[0] != '.'))
        return -1;
    if (!whole && decimals.len < 2)
        return -1;
    for (size_t i = 1; i < decimals.len; i++) {
        if (!is_digit(decimals.at[i]))
            return -1;
        unit /= 10;
        weight += (decimals.at[i] - '0') * unit;
    }
    return weight <= WEIGHT_ONE ? weight : -1;
}

/* Returns the weight in a parameter q, or otherwise weight. Some clients write blanks around the
 * equals sign, against section 5.6.6. */
static int accept_parameter(struct span part, int weight) {
    struct span name = {NULL, 0};
    if (!accept_next(&part, '=', &name) || part.at == NULL || !http_is_caseless(name, "q"))
        return weight;
    return accept_weight(http_without_blanks(part));
}

/* Returns how specifically a range names that media type; 0: it does not include
 * it. */
static int accept_range(struct span range, enum media media) {
    static const char *const names[] = {"text/plain", "text/html", "application/json"};
    if (http_is_caseless(range, "*/*"))
        return 1;
    if (http_is_caseless(range, names[media]))
        return 3;
    return http_is_caseless(range, media == MEDIA_JSON ? "application/*" : "text/*") ? 2 : 0;
}

/* The most specific range counts; of two equally specific ones, the one with more
 * weight. */
static void accept_one(struct span range, int weight, struct http_accept *accept) {
    for (int i = 0; i < MEDIA_COUNT; i++) {
        int close = accept_range(range, (enum media)i);
        if (close == 0 || close < accept->of[i].range)
            continue;
        if (close > accept->of[i].range || weight > accept->of[i].weight)
            accept->of[i].weight = weight;
        accept->of[i].range = close;
    }
}

void http_accept_add(struct span value, struct http_accept *accept) {
    struct span element;
    struct span part;
    accept->is_given = accept->is_given || value.len > 0;
    while (accept_next(&value, ',', &element)) {
        struct span range = {NULL, 0};
        int weight = WEIGHT_ONE;
        accept_next(&element, ';', &range);
        while (weight >= 0 && accept_next(&element, ';', &part))
            weight = accept_parameter(part, weight);
        if (weight >= 0)
            accept_one(range, weight, accept);
        if (http_starts_caseless(range, "image/"))
            accept->by_person = true;
    }
}

void http_accept_add_language(struct span value, struct http_accept *accept) {
    if (value.len > 0 && value.at[0] != '*')
        accept->by_person = true;
}

enum media http_accept_best(const struct http_accept *accept) {
    static const enum media order[] = {MEDIA_HTML, MEDIA_JSON, MEDIA_TEXT};
    const enum media usual = accept->by_person ? MEDIA_HTML : MEDIA_TEXT;
    enum media best = accept->is_given ? MEDIA_TEXT : usual;
    int best_score = 0;
    for (int i = 0; i < MEDIA_COUNT; i++) {
        int range = accept->of[order[i]].range;
        int weight = accept->of[order[i]].weight;
        int preferred = order[i] == usual ? 2 : order[i] == MEDIA_TEXT;
        /* A greater weight wins, then a more specific range, then what is preferred. The last
         * does not count for a type that is named itself. range and preferred are below 4. */
        int score = (weight * 4 + range) * 4 + (range < 3 ? preferred : 0);
        if (weight > 0 && score > best_score) {
            best = order[i];
            best_score = score;
        }
    }
    return best;
}

struct span media_type(enum media media) {
    switch (media) {
    case MEDIA_HTML: return SPAN("text/html; charset=utf-8");
    case MEDIA_JSON: return SPAN("application/json");
    default: return SPAN("text/plain; charset=utf-8");
    }
}
