#include "net/throttle.h"

#include <errno.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

/* FNV-1a. Each user has other keys, so that no user can suppress another's lines. */
static key_t throttle_key(struct span line) {
    uint32_t hash = 2166136261U ^ (uint32_t)geteuid();
    for (size_t i = 0; i < line.len; i++)
        hash = (hash ^ (unsigned char)line.at[i]) * 16777619U;
    return (key_t)(hash | 1); /* 0 is IPC_PRIVATE */
}

enum age { AGE_UNKNOWN, AGE_RECENT, AGE_OLD };

/* If the clock was set back, the set is old. */
static enum age throttle_age(int id, long seconds) {
    struct semid_ds set = {0};
    union {
        int value;
        struct semid_ds *set;
    } argument = {.set = &set};
    if (semctl(id, 0, IPC_STAT, argument) < 0 || set.sem_perm.uid != geteuid())
        return AGE_UNKNOWN;
    long age = (long)(time(NULL) - set.sem_ctime);
    return age >= 0 && age < seconds ? AGE_RECENT : AGE_OLD;
}

bool throttle_pass(struct span line, long seconds) {
    key_t key = throttle_key(line);
    for (int tries = 0; tries < 3; tries++) {
        if (semget(key, 1, IPC_CREAT | IPC_EXCL | 0600) >= 0 || errno != EEXIST)
            return true;
        int id = semget(key, 0, 0);
        if (id < 0 && errno != ENOENT)
            return true; /* another user's */
        if (id < 0)
            continue; /* another process has just removed it */
        enum age age = throttle_age(id, seconds);
        if (age != AGE_OLD)
            return age == AGE_UNKNOWN;
        semctl(id, 0, IPC_RMID); /* does nothing if another process has removed it */
    }
    return false; /* other processes make and remove it, so one of them gets true */
}
