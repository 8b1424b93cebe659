#include "services/http_line.h"

#include <string.h>

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_alnum(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/* All of s, at least one, are letters, digits or among others. */
static bool made_of(struct span s, const char *others) {
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.at[i]) && (s.at[i] == '\0' || strchr(others, s.at[i]) == NULL))
            return false;
    return s.len > 0;
}

/* RFC 9110, section 5.6.2. */
static bool is_token(struct span s) {
    return made_of(s, "!#$%&'*+-.^_`|~");
}

static bool starts_caseless(struct span s, const char *prefix) {
    size_t len = strlen(prefix);
    if (s.len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (lower(s.at[i]) != prefix[i])
            return false;
    return true;
}

static bool equal_caseless(struct span s, const char *other) {
    return s.len == strlen(other) && starts_caseless(s, other);
}

/* Cuts s before the first c and moves *rest behind it; false if there is none. */
static bool split(struct span s, char c, struct span *before, struct span *rest) {
    const char *at = s.len > 0 ? memchr(s.at, c, s.len) : NULL;
    if (at == NULL)
        return false;
    *before = (struct span){s.at, (size_t)(at - s.at)};
    *rest = span_from(s, before->len + 1);
    return true;
}

/* Methods are case-sensitive. CONNECT asks for a tunnel, which no origin
 * server has to know. */
static enum method method_of(struct span name) {
    static const char *const known[] = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"};
    if (span_equal(name, SPAN("GET")))
        return METHOD_GET;
    if (span_equal(name, SPAN("HEAD")))
        return METHOD_HEAD;
    for (size_t i = 0; i < sizeof(known) / sizeof(known)[0]; i++)
        if (span_equal(name, span_of(known[i])))
            return METHOD_KNOWN;
    return METHOD_OTHER;
}

/* Visible ASCII without a fragment, each percent escape whole and not NUL. */
static bool is_clean_target(struct span s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] <= ' ' || s.at[i] > '~' || s.at[i] == '#')
            return false;
        if (s.at[i] != '%')
            continue;
        struct span escape = {s.at + i + 1, 2};
        if (s.len - i < 3 || !made_of(escape, "") || lower(escape.at[0]) > 'f' ||
            lower(escape.at[1]) > 'f' || span_equal(escape, SPAN("00")))
            return false;
    }
    return s.len > 0;
}

/* Up to the query. */
static struct span path_part(struct span s) {
    const char *query = memchr(s.at, '?', s.len);
    return (struct span){s.at, query == NULL ? s.len : (size_t)(query - s.at)};
}

/* The path of http://host/path, with "/" for an empty one. */
static bool absolute_path(struct span target, struct span *path) {
    size_t scheme = starts_caseless(target, "http://")    ? 7
                    : starts_caseless(target, "https://") ? 8
                                                          : 0;
    if (scheme == 0)
        return false;
    struct span rest = span_from(target, scheme);
    size_t host = 0;
    while (host < rest.len && rest.at[host] != '/' && rest.at[host] != '?')
        host++;
    *path = path_part(span_from(rest, host));
    if (path->len == 0)
        *path = SPAN("/");
    return host > 0;
}

/* The four forms of RFC 9112, section 3.2, CONNECT's being refused before. */
static bool target_path(struct span target, bool options, struct span *path) {
    if (!is_clean_target(target))
        return false;
    *path = path_part(target);
    if (target.at[0] == '/' || (options && span_equal(target, SPAN("*"))))
        return true;
    return absolute_path(target, path);
}

/* 0, 400 or 505; minor is set where it is 0. */
static int read_version(struct span s, int *minor) {
    if (s.len != 8 || memcmp(s.at, "HTTP/", 5) != 0 || s.at[6] != '.')
        return 400;
    char major = s.at[5];
    if (major < '0' || major > '9' || s.at[7] < '0' || s.at[7] > '9')
        return 400;
    *minor = s.at[7] - '0';
    return major == '1' ? 0 : 505;
}

void http_request_line(struct span line, struct http_head *head) {
    struct span method;
    struct span target;
    struct span version;
    *head = (struct http_head){.status = 400};
    if (!split(line, ' ', &method, &version) || !split(version, ' ', &target, &version) ||
        !is_token(method))
        return;
    head->status = read_version(version, &head->minor);
    if (head->status != 0)
        return;
    head->method = method_of(method);
    if (head->method == METHOD_OTHER)
        head->status = 501;
    else if (!target_path(target, span_equal(method, SPAN("OPTIONS")), &head->path))
        head->status = 400;
}

static struct span without_blanks(struct span s) {
    while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
        s = span_from(s, 1);
    while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    return s;
}

static bool is_field_value(struct span s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if ((c < ' ' && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

/* All digits, leading zeros dropped so that equal lengths compare equal. */
static int add_length(struct span value, struct http_fields *fields) {
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] < '0' || value.at[i] > '9')
            return 400;
    if (value.len == 0)
        return 400;
    while (value.len > 1 && value.at[0] == '0')
        value = span_from(value, 1);
    if (fields->length.at != NULL && !span_equal(fields->length, value))
        return 400;
    fields->length = value;
    return 0;
}

int http_field_line(struct span line, struct http_fields *fields) {
    struct span name;
    struct span value;
    if (!split(line, ':', &name, &value) || !is_token(name) || !is_field_value(value))
        return 400;
    value = without_blanks(value);
    if (equal_caseless(name, "content-length"))
        return add_length(value, fields);
    if (equal_caseless(name, "transfer-encoding")) {
        bool again = fields->coding.at != NULL;
        fields->coding = value;
        return again ? 400 : 0;
    }
    if (equal_caseless(name, "host")) {
        fields->hosts++;
        return value.len == 0 || made_of(value, "-._~%!$&'()*+,;=:[]") ? 0 : 400;
    }
    return 0;
}

int http_check_fields(const struct http_fields *fields, int minor) {
    if (fields->hosts > 1 || (fields->hosts == 0 && minor > 0))
        return 400;
    if (fields->coding.at == NULL || equal_caseless(fields->coding, "chunked"))
        return fields->coding.at != NULL && (fields->length.at != NULL || minor == 0) ? 400 : 0;
    /* chunked must come last; what comes before it, nobody here can undo. */
    const char *comma = memrchr(fields->coding.at, ',', fields->coding.len);
    if (comma == NULL || fields->length.at != NULL || minor == 0)
        return 400;
    size_t last = (size_t)(comma - fields->coding.at) + 1;
    if (!equal_caseless(without_blanks(span_from(fields->coding, last)), "chunked"))
        return 400;
    return 501;
}
