/* A handler that does nothing of what it is for; with -DFILTERED it takes on a filter
 * of system calls first, the least there can be: it allows all of them. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifdef FILTERED
enum { HAS_FILTER = true };
#else
enum { HAS_FILTER = false };
#endif

static int take_filter(void) {
    struct sock_filter all[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {1, all};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0;
}

int main(void) {
    char bytes[1024];
    if (HAS_FILTER && take_filter())
        return 1;
    return read(0, bytes, sizeof(bytes)) < 0 || write(1, "C45\n", 4) < 0;
}
