#include "sync/sandbox.h"

#include "net/confine.h"
#include "net/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { OFF = FILTER_REFUSAL == SECCOMP_RET_ALLOW };
enum { READING = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR };

/* Returns all rights on files that this kernel's version of Landlock can restrict; 0: it has no
 * Landlock. */
static uint64_t all_rights(void) {
    long version =
        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    int count = version >= 3 ? 15 : version == 2 ? 14 : 13;
    return version < 0 ? 0 : (UINT64_C(1) << count) - 1;
}

static int sandbox_allow_folder_of(int rules, const char *file, uint64_t rights) {
    char folder[PATH_MAX];
    if (file == NULL)
        return 0;
    const char *slash = strrchr(file, '/');
    snprintf(folder, sizeof(folder), "%.*s", (int)(slash - file + (slash == file)), file);
    return confine_allow(rules, folder, rights);
}

/* Also allows the folder that a symbolic link leads to: the path of a book may be a link to the
 * place where another program expects it. */
static int sandbox_allow_writing(int rules, const char *file, uint64_t rights) {
    char real[PATH_MAX];
    if (realpath(file, real) != NULL && sandbox_allow_folder_of(rules, real, rights) < 0)
        return -1;
    return sandbox_allow_folder_of(rules, file, rights);
}

/* What libkrb5 reads besides /etc and /usr: its configuration, if KRB5_CONFIG names another, and
 * what SSSD tells it. */
static int sandbox_allow_kerberos(int rules) {
    char paths[PATH_MAX];
    const char *variable = getenv("KRB5_CONFIG");
    snprintf(paths, sizeof(paths), "%s", variable == NULL ? "" : variable);
    int result = confine_allow(rules, "/var/lib/sss/pubconf", READING);
    for (char *rest = paths, *path; result == 0 && (path = strsep(&rest, ":")) != NULL;)
        if (path[0] == '/' && strncmp(path, "/proc/", 6) != 0)
            result = confine_allow(rules, path, LANDLOCK_ACCESS_FS_READ_FILE);
    return result;
}

static int sandbox_add_rules(int rules, const struct sync_config *config, uint64_t all) {
    static const char *const read[] = {"/etc",   "/usr", "/lib",
                                       "/lib64", "/run", "/var/lib/ca-certificates"};
    const char *const files[] = {config->ca_file, config->cert_file, config->key_file};
    uint64_t writing = all & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE;
    for (size_t i = 0; i < sizeof(read) / sizeof(*read); i++)
        if (confine_allow(rules, read[i], READING) < 0)
            return -1;
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        if (sandbox_allow_folder_of(rules, files[i], READING) < 0)
            return -1;
    if (config->bind == BIND_GSSAPI && sandbox_allow_kerberos(rules) < 0)
        return -1;
    return sandbox_allow_writing(rules, config->state, writing) < 0 ||
                   sandbox_allow_writing(rules, config->book, writing) < 0
               ? -1
               : 0;
}

int sandbox_enter(const struct sync_config *config) {
    struct landlock_ruleset_attr set = {.handled_access_fs = all_rights()};
    const struct rlimit none = {0, 0};
    if (OFF)
        return 0;
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (set.handled_access_fs == 0)
        return -1;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &set, sizeof(set.handled_access_fs), 0U);
    if (rules < 0)
        return -1;
    int result = sandbox_add_rules(rules, config, set.handled_access_fs);
    if (result == 0)
        result = (int)syscall(SYS_landlock_restrict_self, rules, 0U);
    close(rules);
    return result;
}
