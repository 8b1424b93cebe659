/* The client's options, for its modules. */
#ifndef LOOKUP_CLIENT_H
#define LOOKUP_CLIENT_H

#include "data/bytes.h"
#include "net/servers.h"
#include "services/service.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum { CLIENT_ANSWER_MAX = 64 * 1024 }; /* limit for any server; ours stay below: ANSWER_MAX */

/* Exit statuses; the program exits with the highest of all requests. */
enum { CLIENT_ANSWERED = 0, CLIENT_UNKNOWN = 1, CLIENT_TROUBLE = 2 };

enum client_format { FORMAT_PLAIN, FORMAT_LABEL, FORMAT_JSON };

struct client {
    struct servers servers;
    const struct service *service;
    int64_t wait; /* time limit of each answer, in milliseconds */
    int verbose;  /* 1: print the steps; 2: with addresses and times */
    bool quiet;   /* print nothing for an unknown name */
    enum client_format format;
    bool hints;            /* print hints: standard error is a terminal */
    bool exact;            /* with hints: some name was found exactly */
    struct timespec begun; /* with verbose: start of the exchange */
};

#endif
