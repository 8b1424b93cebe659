/* Part of each program of a sanitized build: the sanitizers' options, in the program since
 * super-servers and units do not hand on the environment. A report goes into a file of the folder
 * REPORTS, for a program's standard error may be a log, or nowhere; tests/run looks there. */

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
    return "print_suppressions=0"; /* or it would be a report that one was used */
}

/* tinycdb does not give back what it has gathered of a book that is not finished: see
 * book_writer_close. Debian's has no names for its functions, so all of it is meant. And libc does
 * not give back the list that it makes of LOCPATH, nor libedit the names of functions added to it.
 */
const char *__lsan_default_suppressions(void) {
    return "leak:libcdb.so\nleak:argz_add_sep\nleak:wcsdup";
}

/* The handler allocates nothing that it could lose, and is started the most: to look for leaks
 * would take it more than all else. */
int __lsan_is_turned_off(void) {
    return strcmp(program_invocation_short_name, "lookup-handler") == 0;
}

/* NOLINTEND(bugprone-reserved-identifier) */
