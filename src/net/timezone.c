#include "net/timezone.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FOLDER "/usr/share/zoneinfo/"

enum { TIMEZONE_MAX = 256 }; /* bytes of TZ: more than any name or sensible rule has */

/* True if name is a zone file (RFC 8536), in the zone folder or at an absolute path. */
static bool is_zone_file(const char *name) {
    char path[sizeof(FOLDER) + TIMEZONE_MAX];
    char magic[4];
    snprintf(path, sizeof(path), "%s%s", name[0] == '/' ? "" : FOLDER, name);
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool is_zone = read(fd, magic, sizeof(magic)) == sizeof(magic) &&
                   memcmp(magic, "TZif", sizeof(magic)) == 0;
    close(fd);
    return is_zone;
}

/* Returns the end of a zone's abbreviation, which is at least three letters, or a name
 * in <>. Returns NULL if there is none. */
static const char *timezone_skip_name(const char *at) {
    const char *start = at;
    if (*at == '<') {
        while (isalnum((unsigned char)at[1]) || at[1] == '+' || at[1] == '-')
            at++;
        return at - start >= 3 && at[1] == '>' ? at + 2 : NULL;
    }
    while (isalpha((unsigned char)*at))
        at++;
    return at - start >= 3 ? at : NULL;
}

/* Returns the end of [+-]hours[:minutes[:seconds]], or at if there is no offset. */
static const char *timezone_skip_offset(const char *at) {
    const char *digits = at + (*at == '+' || *at == '-');
    size_t len = strspn(digits, "0123456789:");
    return len > 0 ? digits + len : at;
}

/* Returns what must be added to a rule: "" if it is complete, or the United States'
 * dates if it has a summer time without dates. Returns NULL if it is no rule. */
static const char *missing_of(const char *rule) {
    const char *name_end = timezone_skip_name(rule);
    const char *at = name_end == NULL ? NULL : timezone_skip_offset(name_end);
    if (at == NULL || at == name_end)
        return NULL;
    if (*at == '\0')
        return "";
    at = timezone_skip_name(at);
    at = at == NULL ? NULL : timezone_skip_offset(at);
    if (at == NULL || (*at != '\0' && *at != ','))
        return NULL;
    return *at == '\0' ? ",M3.2.0,M11.1.0" : "";
}

/* Replaces TZ, because musl takes W-SU and EST5EDT for rules although there are such
 * files, knows no summer time for CET-1CEST, and no rule after a colon. putenv(3) would
 * link malloc(3) into a program that has none. */
static void timezone_write(char *value) {
    for (char **at = environ; *at != NULL; at++)
        if (strncmp(*at, "TZ=", 3) == 0)
            *at = value;
}

void timezone_load(void) {
    static char value[TIMEZONE_MAX + 32] = "TZ=UTC0";
    const char *name = getenv("TZ");
    if (name != NULL && name[0] != '\0') {
        name += name[0] == ':';
        bool fits = strlen(name) < TIMEZONE_MAX;
        const char *missing = fits ? missing_of(name) : NULL;
        if (fits && is_zone_file(name))
            snprintf(value, sizeof(value), "TZ=:%s", name);
        else if (missing != NULL)
            snprintf(value, sizeof(value), "TZ=%s%s", name, missing);
        timezone_write(value);
    }
    tzset();
}
