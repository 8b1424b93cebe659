#include "sync/profile.h"

#include <stdint.h>
#include <string.h>

void profile_add(struct text *out, enum profile_part part, struct span value) {
    uint16_t len = (uint16_t)value.len;
    char head[1 + sizeof(len)] = {(char)part};
    if (value.len > UINT16_MAX || out->cap - out->len < sizeof(head) + value.len) {
        out->full = true;
        return;
    }
    memcpy(head + 1, &len, sizeof(len));
    text_put(out, (struct span){head, sizeof(head)});
    text_put(out, value);
}

int profile_next(struct span *rest, enum profile_part *part, struct span *value) {
    uint16_t len = 0;
    size_t head = 1 + sizeof(len);
    if (rest->len == 0)
        return 0;
    if (rest->len < head)
        return -1;
    memcpy(&len, rest->at + 1, sizeof(len));
    if (rest->len - head < len)
        return -1;
    *part = (enum profile_part)rest->at[0];
    *value = (struct span){rest->at + head, len};
    *rest = span_from(*rest, head + len);
    return 1;
}

unsigned profile_names(struct span profile) {
    enum profile_part part;
    struct span value;
    unsigned names = 0;
    bool has_office = false;
    while (profile_next(&profile, &part, &value) > 0) {
        names += part == PROFILE_NAME;
        has_office |= part == PROFILE_OFFICE;
    }
    return has_office ? names : 0;
}

bool profile_is_container(struct span profile) {
    return profile.len > 0 && profile.at[0] == PROFILE_CONTAINER;
}

/* Checks no value: attributes.c stores only values that a book can hold. */
void profile_read(struct span profile, struct person *person) {
    enum profile_part part;
    struct span value;
    person_clear(person);
    while (profile_next(&profile, &part, &value) > 0)
        if (part != PROFILE_CONTAINER)
            person_add(person, part == PROFILE_NAME ? PERSON_NAME : PERSON_OFFICE, value, 1);
}
