/* Linked into each program of a sanitized build. Sets the sanitizers' options in the
 * program, because super-servers and units do not pass on the environment. Reports go to
 * files in the folder REPORTS, where tests/run looks, because a program's standard error
 * may be a log or closed. */

/* NOLINTBEGIN(bugprone-reserved-identifier): libc and the sanitizers look for these names */
#define _GNU_SOURCE 1
#include <errno.h>
#include <string.h>

#define FILES "log_path=" REPORTS "/report"

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void);
int __lsan_is_turned_off(void);

const char *__asan_default_options(void) {
    return FILES ":detect_stack_use_after_return=1:strict_string_checks=1";
}

const char *__ubsan_default_options(void) {
    return FILES ":print_stacktrace=1";
}

const char *__lsan_default_options(void) {
    return "print_suppressions=0"; /* otherwise the use of a suppression would be a report */
}

/* Known leaks. libc does not free its list from LOCPATH, nor libedit the names of added
 * functions. libc frees a thread's name servers when the thread ends, which may be after
 * the check. */
const char *__lsan_default_suppressions(void) {
    return "leak:argz_add_sep\nleak:wcsdup\nleak:__res_context_send";
}

/* The handler allocates nothing that it could leak, and is started most often: leak checks
 * would take most of its time. */
int __lsan_is_turned_off(void) {
    return strcmp(program_invocation_short_name, "lookup-handler") == 0;
}

/* NOLINTEND(bugprone-reserved-identifier) */
