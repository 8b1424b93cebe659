/* A file that is cut while it is mapped takes its memory with it: who reads there gets
 * SIGBUS (mmap(2)). This makes it an error of the one search that met it. */
#ifndef LOOKUP_SIGBUS_H
#define LOOKUP_SIGBUS_H

/* Has sigbus_try catch the signal; to be called once. Elsewhere SIGBUS ends the process
 * with exit status 135. */
void sigbus_catch(void);

/* Calls run. 0; -1: it met SIGBUS and was left where it was, so it must hold nothing that
 * would have to be released. Not to be nested. Makes no system call. */
int sigbus_try(void (*run)(void *), void *context);

#endif
