#include "services/http_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

char http_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_alnum(char c) {
    return (http_lower(c) >= 'a' && http_lower(c) <= 'z') || (c >= '0' && c <= '9');
}

bool http_made_of(struct span s, const char *others) {
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.at[i]) && (s.at[i] == '\0' || strchr(others, s.at[i]) == NULL))
            return false;
    return s.len > 0;
}

bool http_starts_caseless(struct span s, const char *prefix) {
    size_t len = strlen(prefix);
    if (s.len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (http_lower(s.at[i]) != prefix[i])
            return false;
    return true;
}

bool http_is_caseless(struct span s, const char *other) {
    return s.len == strlen(other) && http_starts_caseless(s, other);
}

/* True if every percent escape is complete and not NUL. */
static bool has_sound_escapes(struct span s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] != '%')
            continue;
        struct span escape = {s.at + i + 1, 2};
        if (s.len - i < 3 || !http_made_of(escape, "") || http_lower(escape.at[0]) > 'f' ||
            http_lower(escape.at[1]) > 'f' || span_equal(escape, SPAN("00")))
            return false;
    }
    return true;
}

/* True for visible ASCII without a fragment. */
static bool is_clean_target(struct span s) {
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] <= ' ' || s.at[i] > '~' || s.at[i] == '#')
            return false;
    return s.len > 0 && has_sound_escapes(s);
}

/* True for a colon and a number up to 65535; the digits may be missing. */
static bool is_port(struct span s) {
    long port = 0;
    for (size_t i = 1; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9' || port > 65535)
            return false;
        port = port * 10 + (s.at[i] - '0');
    }
    return s.len == 0 || (s.at[0] == ':' && port <= 65535);
}

/* The part in brackets. No address format after IPv6 exists. */
static bool is_ipv6(struct span s) {
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (s.len >= sizeof(text) || !http_made_of(s, ":."))
        return false;
    memcpy(text, s.at, s.len);
    text[s.len] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1;
}

bool http_is_host(struct span s) {
    if (s.len > 0 && s.at[0] == '[') {
        const char *end = memchr(s.at, ']', s.len);
        return end != NULL && is_ipv6((struct span){s.at + 1, (size_t)(end - s.at) - 1}) &&
               is_port(span_from(s, (size_t)(end - s.at) + 1));
    }
    const char *colon = s.len > 0 ? memchr(s.at, ':', s.len) : NULL;
    struct span name = {s.at, colon == NULL ? s.len : (size_t)(colon - s.at)};
    return http_made_of(name, "-._~%!$&'()*+,;=") && has_sound_escapes(name) &&
           is_port(span_from(s, name.len));
}

struct span http_without_blanks(struct span s) {
    while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
        s = span_from(s, 1);
    while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* Splits s at its first question mark. */
static void target_split(struct span s, struct span *path, struct span *query) {
    const char *mark = memchr(s.at, '?', s.len);
    *path = (struct span){s.at, mark == NULL ? s.len : (size_t)(mark - s.at)};
    *query = mark == NULL ? SPAN("") : span_from(s, path->len + 1);
}

/* Splits http://host/path?query; an empty path becomes "/". */
static bool absolute_parts(struct span target, struct span *path, struct span *query) {
    size_t scheme = http_starts_caseless(target, "http://")    ? 7
                    : http_starts_caseless(target, "https://") ? 8
                                                               : 0;
    if (scheme == 0)
        return false;
    struct span rest = span_from(target, scheme);
    size_t host = 0;
    while (host < rest.len && rest.at[host] != '/' && rest.at[host] != '?')
        host++;
    target_split(span_from(rest, host), path, query);
    if (path->len == 0)
        *path = SPAN("/");
    return http_is_host((struct span){rest.at, host});
}

bool http_target_parts(struct span target, bool options, struct span *path, struct span *query) {
    if (!is_clean_target(target))
        return false;
    target_split(target, path, query);
    if (target.at[0] == '/' || (options && span_equal(target, SPAN("*"))))
        return true;
    return absolute_parts(target, path, query);
}

static int http_hex(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

char http_take(struct span *rest) {
    const char *at = rest->at;
    bool escaped = at[0] == '%';
    *rest = span_from(*rest, escaped ? 3 : 1);
    return escaped ? (char)(http_hex(at[1]) * 16 + http_hex(at[2])) : at[0];
}

bool http_path_starts(struct span path, const char *plain, struct span *rest) {
    for (; *plain != '\0'; plain++)
        if (path.len == 0 || http_take(&path) != *plain)
            return false;
    *rest = path;
    return true;
}

bool http_path_is(struct span path, const char *plain) {
    struct span rest;
    return http_path_starts(path, plain, &rest) && rest.len == 0;
}
