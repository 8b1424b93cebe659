#include "sync/config.h"

#include "sync/checksum.h"
#include "sync/config_keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns NULL with errno on error. EFBIG: longer than CONFIG_FILE_MAX. */
static char *read_whole(const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    char *text = malloc(CONFIG_FILE_MAX + 1);
    size_t len = text == NULL ? 0 : fread(text, 1, CONFIG_FILE_MAX + 1, file);
    int why = ferror(file) != 0 ? EIO : len > CONFIG_FILE_MAX ? EFBIG : 0;
    fclose(file);
    if (text != NULL && why == 0) {
        text[len] = '\0';
        return text;
    }
    free(text);
    errno = text == NULL ? ENOMEM : why;
    return NULL;
}

static char *trim(char *s) {
    s += strspn(s, " \t");
    size_t len = strlen(s);
    while (len > 0 && strchr(" \t\r", s[len - 1]) != NULL)
        len--;
    s[len] = '\0';
    return s;
}

/* Returns NULL, or what is wrong with the line. */
static const char *config_take_setting(struct sync_config *config, char *line) {
    char *equals = strchr(line, '=');
    if (equals == NULL)
        return "no \"=\" between key and value";
    *equals = '\0';
    char *key = trim(line);
    char *value = trim(equals + 1);
    return value[0] == '\0' ? "a key without a value" : config_set(config, key, value);
}

static unsigned config_take_lines(struct sync_config *config, config_problem *problem) {
    unsigned faults = 0;
    unsigned long number = 0;
    for (char *rest = config->text; rest != NULL;) {
        char *line = trim(strsep(&rest, "\n"));
        number++;
        if (line[0] == '\0' || line[0] == '#')
            continue;
        const char *fault = config_take_setting(config, line);
        if (fault == NULL)
            continue;
        problem(config->file, number, fault);
        faults++;
    }
    return faults;
}

enum outcome config_read(struct sync_config *config, const char *file, config_problem *problem) {
    *config = (struct sync_config){.file = file};
    config->text = read_whole(file);
    if (config->text == NULL) {
        enum outcome outcome = errno == ENOMEM ? OUTCOME_NO_SYSTEM : OUTCOME_NO_INPUT;
        problem(file, 0, strerror(errno));
        return outcome;
    }
    config_default(config);
    if (config_take_lines(config, problem) > 0)
        return OUTCOME_MISCONFIGURED;
    const char *fault = config_complete(config);
    if (fault == NULL)
        return OUTCOME_DONE;
    problem(file, 0, fault);
    return OUTCOME_MISCONFIGURED;
}

void config_free(struct sync_config *config) {
    free(config->text);
    config->text = NULL;
}

/* Includes the NUL, so that different lists of strings have different bytes. */
static uint64_t hash_string(uint64_t hash, const char *s) {
    struct span bytes = span_of(s == NULL ? "" : s);
    return checksum(checksum(hash, bytes), SPAN("\0"));
}

static uint64_t hash_list(uint64_t hash, const struct config_list *list) {
    for (unsigned i = 0; i < list->count; i++)
        hash = hash_string(hash, list->at[i]);
    return hash_string(hash, "");
}

/* Does not depend on the order of the strings. */
static uint64_t hash_set(const struct config_list *list) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < list->count; i++)
        sum += hash_string(CHECKSUM_START, list->at[i]);
    return sum;
}

uint64_t config_hash(const struct sync_config *config) {
    const char scope[] = {(char)('0' + config->scope), (char)('0' + config->bind), '\0'};
    const char *one[] = {config->base,    config->filter,    config->id,
                         config->bind_dn, config->cert_file, scope};
    uint64_t hash = CHECKSUM_START ^ hash_set(&config->uris);
    if (config->domain != NULL)
        hash = hash_string(hash, config->domain);
    if (config->binder[0] != '\0')
        hash = hash_string(hash, config->binder);
    for (size_t i = 0; i < sizeof(one) / sizeof(*one); i++)
        hash = hash_string(hash, one[i]);
    hash = hash_list(hash, &config->names);
    return hash_list(hash, &config->offices);
}
