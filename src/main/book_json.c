#include "main/book_json.h"

#include "data/json.h"
#include "main/cli.h"
#include "services/offices.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void book_json_print(const char *name, enum result result, bool is_list, struct span answer) {
    size_t cap = JSON_CHARACTER_MAX * (ANSWER_MAX + strlen(name));
    struct text json = {.at = malloc(cap), .cap = cap};
    struct offices offices = {.status = 404, .name = span_of(name), .is_list = is_list};
    if (json.at == NULL)
        die(STATUS_SYSTEM, "%s", strerror(errno));
    if (result == RESULT_HIT) {
        offices.status = 200;
        offices.lines = answer;
    } else if (result != RESULT_MISS) {
        offices.status = 400;
        offices.error = span_starts(answer, SPAN("ERROR: "))
                            ? span_from(answer, strlen("ERROR: "))
                            : SPAN("a request in HTTP is not a name");
    }
    offices_put(&offices, MEDIA_JSON, &json);
    fwrite(json.at, 1, json.len, stdout);
    free(json.at);
}
