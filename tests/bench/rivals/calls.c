/* calls BOOK: makes the system calls of lookup-handler for one request, in the same order (see
 * strace(1)), and nothing else: measures the cost of the calls and of the C library's start.
 * With -DCONFINED it also confines itself, with the smallest possible filter, which allows
 * everything. */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef CONFINED
enum { IS_CONFINED = true };
#else
enum { IS_CONFINED = false };
#endif

static bool take_files_away(void) {
    static const struct landlock_ruleset_attr set = {LANDLOCK_ACCESS_FS_READ_FILE};
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    int rules = (int)syscall(SYS_landlock_create_ruleset, &set, sizeof(set), 0U);
    return syscall(SYS_landlock_restrict_self, rules, 0U) == 0 && close(rules) == 0;
}

static bool take_calls_away(void) {
    struct sock_filter all[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {1, all};
    const struct rlimit none = {0, 0};
    const struct rlimit one = {1, 1};
    setrlimit(RLIMIT_NPROC, &none);
    setrlimit(RLIMIT_NOFILE, &one);
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

static long clock_by_call(void) {
    struct timespec now;
    return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
}

static int open_all(const char *path, char *bytes, size_t size) {
    struct stat status;
    int type;
    socklen_t len = sizeof(type);
    fstat(STDERR_FILENO, &status);
    getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &len);
    getsockopt(STDOUT_FILENO, SOL_SOCKET, SO_TYPE, &type, &len);
    signal(SIGPIPE, SIG_IGN);
    int book = openat(AT_FDCWD, path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    return book < 0 || fstat(book, &status) < 0 ? -1 : (int)pread(book, bytes, size, 0);
}

int main(int argc, char **argv) {
    char bytes[4096];
    if (argc != 2 || open_all(argv[1], bytes, 2560) < 2048)
        return 1;
    if (IS_CONFINED && !(take_files_away() && take_calls_away()))
        return 1;
    clock_by_call();
    while (recv(STDIN_FILENO, bytes, 2048, MSG_DONTWAIT) < 0)
        if (poll(&(struct pollfd){STDIN_FILENO, POLLIN, 0}, 1, 10000) <= 0)
            return 1;
    send(STDOUT_FILENO, "C45\n", 4, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(STDOUT_FILENO, SHUT_WR);
    clock_by_call();
    clock_by_call();
    poll(&(struct pollfd){STDIN_FILENO, POLLIN, 0}, 1, 1000);
    recv(STDIN_FILENO, bytes, sizeof(bytes), MSG_DONTWAIT);
    return 0;
}
