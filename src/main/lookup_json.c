#include "main/lookup_json.h"

#include "data/escape.h"
#include "data/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* False for what is invisible or acts on a terminal; it is written as its number. */
static bool json_is_plain(struct span one, uint32_t point) {
    char bytes[64];
    struct text shown = {.at = bytes, .cap = sizeof(bytes)};
    escape(one, "", "", &shown);
    return point != '"' && point != '\\' && span_equal(text_span(&shown), one);
}

static void json_put_number(uint32_t point) {
    if (point >= 0x10000) {
        point -= 0x10000;
        printf("\\u%04x", 0xD800 + (unsigned)(point >> 10));
        point = 0xDC00 + (point & 0x3FF);
    }
    printf("\\u%04x", (unsigned)point);
}

static void json_put_string(struct span s) {
    putchar('"');
    while (s.len > 0) {
        uint32_t point = 0xFFFD;
        size_t used = utf8_decode(s, &point);
        struct span one = {s.at, used > 0 ? used : 1};
        if (used > 0 && json_is_plain(one, point))
            fwrite(one.at, 1, one.len, stdout);
        else if (point == '"' || point == '\\')
            printf("\\%c", (int)point);
        else
            json_put_number(point);
        s = span_from(s, one.len);
    }
    putchar('"');
}

static void json_put_member(const char *name, struct span value) {
    printf(",\"%s\":", name);
    json_put_string(value);
}

static void json_put_offices(struct span rest) {
    const char *before = "";
    fputs(",\"offices\":[", stdout);
    while (rest.len > 0) {
        fputs(before, stdout);
        json_put_string(answer_next_line(&rest));
        before = ",";
    }
    putchar(']');
}

static void json_put_matches(struct span rest) {
    const char *before = "";
    struct span line = {0}, name, office;
    fputs(",\"matches\":[", stdout);
    while (rest.len > 0) {
        line = answer_next_line(&rest);
        if (!answer_split_match(line, &name, &office))
            break;
        printf("%s{\"name\":", before);
        json_put_string(name);
        json_put_member("office", office);
        putchar('}');
        before = ",";
    }
    putchar(']');
    long more = answer_more(line);
    if (more > 0)
        printf(",\"more\":%ld", more);
    else if (more < 0)
        fputs(",\"more\":true", stdout);
}

static void json_put_answer(struct client *client, struct span name, struct span text) {
    if (client->service != &lookup_service)
        json_put_member("answer", text);
    else if (answer_is_list(client, name, text))
        json_put_matches(text);
    else
        json_put_offices(text);
}

void json_print(struct client *client, const struct client_answer *answer, int status,
                struct span text) {
    fputs("{\"name\":", stdout);
    json_put_string(answer->name);
    printf(",\"found\":%s", status == CLIENT_ANSWERED ? "true" : "false");
    if (status == CLIENT_ANSWERED)
        json_put_answer(client, answer->name, text);
    if (answer->fault != NULL)
        json_put_member("error", span_of(answer->fault));
    else if (status == CLIENT_TROUBLE)
        json_put_member("error", span_from(text, strlen("ERROR: ")));
    if (answer->fault != NULL && text.len > 0)
        json_put_member("received", text);
    puts("}");
}
