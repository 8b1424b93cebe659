/* If a mapped file is truncated, reading the lost pages raises SIGBUS
 * (mmap(2)). This turns the signal into an error of the search that met it. */
#ifndef LOOKUP_SIGBUS_H
#define LOOKUP_SIGBUS_H

/* Installs the signal handler; call it once. Outside sigbus_try, SIGBUS then
 * ends the process with exit status 135. */
void sigbus_catch(void);

/* Calls run. Returns 0, or -1 if SIGBUS interrupted run where it was; so run
 * must hold nothing that has to be released. Calls must not be nested. Makes no
 * system call. */
int sigbus_try(void (*run)(void *), void *context);

#endif
