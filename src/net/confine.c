#include "net/confine.h"

#include "net/landlock.h"
#include "net/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef PR_SET_MDWE /* Linux 6.3 */
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1UL
#endif

enum { OFF = FILTER_REFUSAL == SECCOMP_RET_ALLOW };

/* struct landlock_ruleset_attr of version 6, because headers may be older. */
struct ruleset {
    uint64_t files;
    uint64_t net;
    uint64_t scopes;
};

/* Returns the rights on files that this version of Landlock can take away. */
static uint64_t rights_on_files(long version) {
    int count = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
    return (UINT64_C(1) << count) - 1;
}

/* Also takes away TCP (version 4) and signals to other processes (version 6). seccomp
 * does so, too, but a kernel or machine may have no filter. It costs nothing. */
static int new_ruleset(void) {
    static const uint64_t bind_and_connect = 3;
    static const uint64_t signals = 2;
    struct ruleset set = {0};
    long version =
        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 0)
        return -1;
    size_t size = version >= 6   ? sizeof(set)
                  : version >= 4 ? 2 * sizeof(uint64_t)
                                 : sizeof(uint64_t);
    set.files = rights_on_files(version);
    set.net = bind_and_connect;
    set.scopes = signals;
    return (int)syscall(SYS_landlock_create_ruleset, &set, size, 0U);
}

int confine_allow(int rules, const char *path, uint64_t rights) {
    struct landlock_path_beneath_attr rule = {.allowed_access = rights};
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
    long result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U);
    close(rule.parent_fd);
    return (int)result;
}

static int allow_reading(int rules, const char *path) {
    return confine_allow(rules, path, LANDLOCK_ACCESS_FS_READ_FILE);
}

static int allow_folder_of(int rules, const char *file) {
    char folder[PATH_MAX];
    const char *slash = strrchr(file, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - file);
    if (slash == NULL)
        return allow_reading(rules, ".");
    if (len >= sizeof(folder)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(folder, file, len);
    folder[len] = '\0';
    return allow_reading(rules, len == 0 ? "/" : folder);
}

static int allow_book(int rules, const char *book) {
    if (allow_folder_of(rules, book) < 0)
        return -1;
    char linked[PATH_MAX];
    return realpath(book, linked) == NULL ? 0 : allow_folder_of(rules, linked);
}

static int allow_making(int rules, int folder) {
    struct landlock_path_beneath_attr rule = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                          LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE,
        .parent_fd = folder,
    };
    return (int)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0U);
}

static int keep_folder(int folder) {
    int rules = new_ruleset();
    if (rules < 0)
        return -1;
    int result = folder < 0 ? 0 : allow_making(rules, folder);
    if (result == 0)
        result = (int)syscall(SYS_landlock_restrict_self, rules, 0U);
    close(rules);
    return result;
}

/* /etc/localtime may be a file of its own, rewritten in place. */
static int allow_zones(int rules) {
    return allow_reading(rules, "/usr/share/zoneinfo") < 0 ||
                   allow_reading(rules, "/etc/localtime") < 0
               ? -1
               : 0;
}

static int take_files_away(const char *book, bool zones) {
    int rules = new_ruleset();
    if (rules < 0)
        return -1;
    int result = book == NULL ? 0 : allow_book(rules, book);
    if (result == 0 && zones)
        result = allow_zones(rules);
    if (result == 0)
        result = (int)syscall(SYS_landlock_restrict_self, rules, 0U);
    close(rules);
    return result;
}

/* The hard limits, too, so that they cannot be raised again. */
static const struct rlimit none = {0, 0};
static const struct rlimit one = {1, 1};

/* result is that of setrlimit(2). */
static bool is_limited(const char *name, int result) {
    if (result == 0)
        return true;
    log_seldom(LOG_SELDOM_DEFENCE, "not confined in %s: %s", name, strerror(errno));
    return false;
}

bool confine_files(const char *book, bool zones) {
    if (OFF)
        return true;
    bool confined = is_limited("core files", setrlimit(RLIMIT_CORE, &none));
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* without it there is no Landlock */
    if (take_files_away(book, zones) == 0)
        return confined;
    log_seldom(LOG_SELDOM_DEFENCE, "not confined by Landlock: %s", strerror(errno));
    return false;
}

/* Returns 0, or -1 and sets errno. */
static int filter_calls(enum filter filter) {
    struct sock_fprog program = filter_program(filter, -1);
    errno = ENOSYS;
    return program.len == 0 ? -1 : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

/* Only in builds that ask for it, see FILTER_REFUSAL. */
static void report(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    log_fault("refused: system call %d", info->si_syscall);
    _exit(128 + SIGSYS);
}

static void report_refusals(void) {
    struct sigaction action = {.sa_flags = SA_SIGINFO, .sa_sigaction = report};
    sigaction(SIGSYS, &action, NULL);
}

/* Memory that is not executable does not become so. Returns 0, or -1 and sets errno. */
static int refuse_code(enum filter filter) {
    if (FILTER_SEES_MMAP || filter == FILTER_HANDLER) /* which maps nothing */
        return 0;
    return prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0UL, 0UL, 0UL);
}

bool confine_calls(enum filter filter, int last) {
    struct sock_fprog program = filter_program(filter, last);
    if (OFF)
        return true;
    bool confined = is_limited("processes", setrlimit(RLIMIT_NPROC, &none));
    confined = is_limited("executable memory", refuse_code(filter)) && confined;
    if (filter == FILTER_HANDLER) /* with 0, poll(2) would refuse one descriptor */
        confined = is_limited("descriptors", setrlimit(RLIMIT_NOFILE, &one)) && confined;
    if (FILTER_REFUSAL == SECCOMP_RET_TRAP)
        report_refusals();
    if (program.len > 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0)
        return confined;
    log_seldom(LOG_SELDOM_DEFENCE, "not confined by seccomp: %s",
               program.len == 0 ? "no list of system calls for this machine" : strerror(errno));
    return false;
}

const char *confine_import(int folder) {
    const char *missing = NULL;
    if (OFF)
        return NULL;
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_NPROC, &none);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (keep_folder(folder) < 0)
        missing = "Landlock";
    if (refuse_code(FILTER_IMPORT) < 0)
        missing = "PR_SET_MDWE";
    if (FILTER_REFUSAL == SECCOMP_RET_TRAP)
        report_refusals();
    int why = errno;
    if (filter_calls(FILTER_IMPORT) < 0)
        return "seccomp";
    errno = why;
    return missing;
}
