#include "main/lookup_json.h"

#include "data/json.h"

#include <stdio.h>
#include <string.h>

static void json_print_characters(struct span s) {
    char bytes[JSON_CHARACTER_MAX];
    while (s.len > 0) {
        struct text one = {.at = bytes, .cap = sizeof(bytes)};
        json_put_character(&s, &one);
        fwrite(one.at, 1, one.len, stdout);
    }
}

static void json_print_string(struct span s) {
    putchar('"');
    json_print_characters(s);
    putchar('"');
}

/* In a list the space behind a colon of a name is a no-break space. */
static void json_print_listed(struct span name) {
    struct span colon = SPAN(":\u00A0");
    const char *at;
    putchar('"');
    while ((at = memmem(name.at, name.len, colon.at, colon.len)) != NULL) {
        size_t len = (size_t)(at - name.at);
        json_print_characters((struct span){name.at, len});
        fputs(": ", stdout);
        name = span_from(name, len + colon.len);
    }
    json_print_characters(name);
    putchar('"');
}

static void json_print_member(const char *name, struct span value) {
    printf(",\"%s\":", name);
    json_print_string(value);
}

static void json_print_offices(struct span rest) {
    const char *before = "";
    fputs(",\"offices\":[", stdout);
    do { /* an answer that is empty is one office, which is empty */
        fputs(before, stdout);
        json_print_string(answer_next_line(&rest));
        before = ",";
    } while (rest.at != NULL);
    putchar(']');
}

static void json_print_matches(struct span rest) {
    const char *before = "";
    struct span line = {NULL, 0}, name, office;
    fputs(",\"matches\":[", stdout);
    while (rest.at != NULL) {
        line = answer_next_line(&rest);
        if (!answer_split_match(line, &name, &office))
            break;
        printf("%s{\"name\":", before);
        json_print_listed(name);
        json_print_member("office", office);
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

static void json_print_answer(struct client *client, struct span name, struct span text) {
    if (client->service != &lookup_service)
        json_print_member("answer", text);
    else if (answer_is_list(client, name, text))
        json_print_matches(text);
    else
        json_print_offices(text);
}

void json_print(struct client *client, const struct client_answer *answer, int status,
                struct span text) {
    fputs("{\"name\":", stdout);
    json_print_string(answer->name);
    printf(",\"found\":%s", status == CLIENT_ANSWERED ? "true" : "false");
    if (status == CLIENT_ANSWERED)
        json_print_answer(client, answer->name, text);
    if (answer->fault != NULL)
        json_print_member("error", span_of(answer->fault));
    else if (status == CLIENT_TROUBLE)
        json_print_member("error", span_from(text, strlen("ERROR: ")));
    if (answer->fault != NULL && text.len > 0)
        json_print_member("received", text);
    puts("}");
}
