#include "services/http_line.h"

#include "data/utf8.h"
#include "services/http_target.h"

#include <string.h>

/* A token (RFC 9110, section 5.6.2). */
static bool is_token(struct span s) {
    return http_made_of(s, "!#$%&'*+-.^_`|~");
}

/* Splits s at the first c into before and rest. Returns false if there is no c. */
static bool http_line_split(struct span s, char c, struct span *before, struct span *rest) {
    const char *at = s.len > 0 ? memchr(s.at, c, s.len) : NULL;
    if (at == NULL)
        return false;
    *before = (struct span){s.at, (size_t)(at - s.at)};
    *rest = span_from(s, before->len + 1);
    return true;
}

/* Methods are case-sensitive. CONNECT asks for a tunnel; an origin server need not
 * know it. */
static enum method method_of(struct span name) {
    static const char *const known[] = {"POST", "PUT", "DELETE", "TRACE", "PATCH"};
    if (span_equal(name, SPAN("GET")))
        return METHOD_GET;
    if (span_equal(name, SPAN("HEAD")))
        return METHOD_HEAD;
    if (span_equal(name, SPAN("OPTIONS")))
        return METHOD_OPTIONS;
    for (size_t i = 0; i < sizeof(known) / sizeof(known)[0]; i++)
        if (span_equal(name, span_of(known[i])))
            return METHOD_KNOWN;
    return METHOD_OTHER;
}

/* Returns 0 and sets minor, or returns 400 or 505. */
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
    if (!http_line_split(line, ' ', &method, &version) || !is_token(method))
        return;
    head->method = method_of(method);
    head->is_raw = !utf8_is_ascii(version);
    if (!http_line_split(version, ' ', &target, &version))
        return;
    head->status = read_version(version, &head->minor);
    if (head->status != 0)
        return;
    if (head->method == METHOD_OTHER)
        head->status = 501;
    else if (!http_target_parts(target, head->method == METHOD_OPTIONS, &head->path, &head->query))
        head->status = 400;
}

static bool is_field_value(struct span s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if ((c < ' ' && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

/* The value must be digits. Drops leading zeros, so that equal lengths compare
 * equal. */
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
    if (!http_line_split(line, ':', &name, &value) || !is_token(name) || !is_field_value(value))
        return 400;
    value = http_without_blanks(value);
    if (http_is_caseless(name, "content-length"))
        return add_length(value, fields);
    if (http_is_caseless(name, "transfer-encoding")) {
        bool again = fields->coding.at != NULL;
        fields->coding = value;
        return again ? 400 : 0;
    }
    if (http_is_caseless(name, "host")) {
        fields->hosts++;
        return value.len == 0 || http_is_host(value) ? 0 : 400;
    }
    if (http_is_caseless(name, "accept"))
        http_accept_add(value, &fields->accept);
    if (http_is_caseless(name, "accept-language"))
        http_accept_add_language(value, &fields->accept);
    return 0;
}

int http_check_fields(const struct http_fields *fields, int minor) {
    if (fields->hosts > 1 || (fields->hosts == 0 && minor > 0))
        return 400;
    if (fields->coding.at == NULL)
        return 0;
    if (fields->length.at != NULL || minor == 0)
        return 400;
    if (http_is_caseless(fields->coding, "chunked"))
        return 0;
    /* chunked must be last; nothing here decodes a coding before it */
    const char *comma = memrchr(fields->coding.at, ',', fields->coding.len);
    if (comma == NULL)
        return 400;
    size_t last = (size_t)(comma - fields->coding.at) + 1;
    bool is_last =
        http_is_caseless(http_without_blanks(span_from(fields->coding, last)), "chunked");
    return is_last ? 501 : 400;
}
