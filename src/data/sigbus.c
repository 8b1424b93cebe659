#include "data/sigbus.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* Where to continue; NULL outside sigbus_try. Global, because a signal handler
 * gets no context. */
static sigjmp_buf *volatile sigbus_back;

static void sigbus_return(int signal) {
    if (sigbus_back == NULL)
        _exit(128 + signal);
    siglongjmp(*sigbus_back, 1);
}

void sigbus_catch(void) {
    /* SA_NODEFER: siglongjmp leaves the handler without a system call to
     * unblock SIGBUS. */
    struct sigaction action = {.sa_handler = sigbus_return, .sa_flags = SA_NODEFER};
    sigaction(SIGBUS, &action, NULL);
}

int sigbus_try(void (*run)(void *), void *context) {
    sigjmp_buf back;
    if (sigsetjmp(back, 0) == 0) {
        sigbus_back = &back;
        run(context);
        sigbus_back = NULL;
        return 0;
    }
    sigbus_back = NULL;
    return -1;
}
