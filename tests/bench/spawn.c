/* spawn TIMES COMMAND [ARGUMENT...]: starts COMMAND TIMES times, one after the other, with a
 * connection as its standard input and output as under inetd. Sends a line, reads up to EOF,
 * closes, and waits for the process to exit. Prints the median time in microseconds, from
 * before the start to after the exit, and the largest memory use in kilobytes. A non-zero exit
 * status is an error. The line is the environment variable REQUEST, or John. */
#include "bench.h"

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES_MAX = 1 << 20 };

static void ask(int fd) {
    char bytes[65536];
    const char *request = getenv("REQUEST");
    int len = snprintf(bytes, sizeof(bytes), "%s\n", request == NULL ? "John" : request);
    if (send(fd, bytes, (size_t)len, MSG_NOSIGNAL) < 0)
        return; /* it did not read a request */
    while (recv(fd, bytes, sizeof(bytes), 0) > 0)
        ;
}

static pid_t start(int fd, char **command) {
    extern char **environ;
    posix_spawn_file_actions_t actions;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    if (posix_spawn(&pid, command[0], &actions, NULL, command, environ) != 0)
        fail(command[0]);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/* Returns the time in microseconds. */
static double run(char **command, struct rusage *usage) {
    int ends[2];
    int status;
    double began = now();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        fail("socketpair");
    pid_t pid = start(ends[1], command);
    close(ends[1]);
    ask(ends[0]);
    close(ends[0]);
    if (wait4(pid, &status, 0, usage) != pid)
        fail("wait4");
    if (status != 0) {
        fprintf(stderr, "%s: status %x\n", command[0], (unsigned)status);
        exit(1);
    }
    return (now() - began) * 1e6;
}

int main(int argc, char **argv) {
    static double took[TIMES_MAX];
    struct rusage usage;
    long most = 0;
    int times = argc > 2 ? atoi(argv[1]) : 0;
    if (times < 1 || times > TIMES_MAX)
        return 64;
    for (int i = 0; i < times; i++) {
        took[i] = run(argv + 2, &usage);
        most = usage.ru_maxrss > most ? usage.ru_maxrss : most;
    }
    printf("%.1f %ld\n", share(took, (size_t)times, 0.5), most);
    return 0;
}
