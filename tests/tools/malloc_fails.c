/* Preloaded: allocation number MALLOC_FAILS, counted from 1, fails; if MALLOC_FAILS_ON is
 * set, all later ones fail, too. Prints the number of allocations on standard error at the
 * end. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* glibc's own names of the functions. */
void *real_malloc(size_t size) __asm__("__libc_malloc");
void *real_calloc(size_t count, size_t size) __asm__("__libc_calloc");
void *real_realloc(void *old, size_t size) __asm__("__libc_realloc");

static unsigned long number;

static int fails(void) {
    static unsigned long at;
    static int on;
    if (number++ == 0) {
        const char *which = getenv("MALLOC_FAILS");
        at = which == NULL ? 0 : strtoul(which, NULL, 10);
        on = getenv("MALLOC_FAILS_ON") != NULL;
    }
    if (at == 0 || (on ? number < at : number != at))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) {
    return fails() ? NULL : real_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return fails() ? NULL : real_calloc(count, size);
}

void *reallocarray(void *old, size_t count, size_t size) {
    return fails() || size == 0 || count > SIZE_MAX / size ? NULL : real_realloc(old, count * size);
}

void *realloc(void *old, size_t size) {
    return fails() ? NULL : real_realloc(old, size);
}

__attribute__((destructor)) static void tell(void) {
    dprintf(2, "allocations: %lu\n", number);
}
