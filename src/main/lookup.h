/* What the options of lookup say, for its modules. */
#ifndef LOOKUP_CLIENT_H
#define LOOKUP_CLIENT_H

#include "data/bytes.h"
#include "net/servers.h"
#include "services/service.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum { CLIENT_ANSWER_MAX = 64 * 1024 }; /* taken of whatever server; ours give less: ANSWER_MAX */

/* The exit status, the worst of all requests. */
enum { CLIENT_ANSWERED = 0, CLIENT_UNKNOWN = 1, CLIENT_TROUBLE = 2 };

enum client_format { FORMAT_PLAIN, FORMAT_LABEL, FORMAT_JSON };

struct client {
    struct servers servers;
    const struct service *service;
    int64_t wait; /* milliseconds for each answer */
    int verbose;  /* 1: the steps; 2: with addresses and times */
    bool quiet;   /* nothing is printed of a miss */
    enum client_format format;
    bool hints;            /* somebody is there to read them */
    bool exact;            /* with hints: some name was found as it was asked for */
    struct timespec begun; /* with verbose: the exchange */
};

#endif
