#include "sync/watch.h"

#include "sync/bell.h"
#include "sync/directory_servers.h"
#include "sync/machine.h"
#include "sync/status.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { /* milliseconds */
       POLL_EVERY = 300 * 1000,
       TRY_AFTER = 20 * 1000, /* the least pause after a failure */
       SETTLE_LEAST = 300,    /* several changes often come together */
       SETTLE_MOST = 60 * 1000,
};

/* Begins the persistent search. Tries the server of the last run first. Returns false if no server
 * accepts the search. */
static bool hang_somewhere(struct bell *bell, const struct sync_config *config,
                           const struct sync_wishes *wishes, const struct sync_report *report) {
    struct sync_status status;
    char line[SESSION_WHY + 64];
    status_read(config->state, &status);
    struct directory_servers servers;
    bell->useless = bell->refused = false;
    const char *fault = directory_servers_find(config, report->fault, wishes->refused, &servers);
    if (fault != NULL)
        snprintf(bell->session.why, sizeof(bell->session.why), "%s: %s", config->domain, fault);
    unsigned first = directory_servers_place(&servers, status.server);
    for (unsigned i = 0; i < servers.uris.count; i++) {
        const char *uri = servers.uris.at[(first + i) % servers.uris.count];
        if (bell_hang(bell, config, uri, wishes->secret, servers.until) == 0)
            return true;
        if (bell->session.stuck || bell->refused || deadline_now() >= servers.until)
            break;
    }
    snprintf(line, sizeof(line), "not watching: %s", bell->session.why);
    report->fault(line);
    return false;
}

static void sleep_until(deadline until) {
    deadline left = until - deadline_now();
    struct timespec wait = {left / 1000, (long)(left % 1000 * 1000000)};
    if (left > 0)
        nanosleep(&wait, NULL);
}

/* Nobody vouches for what a KDC says of wrong keys, and a forged answer should not end this for
 * good. */
static bool is_final(const struct sync_config *config, enum outcome outcome) {
    return outcome == OUTCOME_MISCONFIGURED || outcome == OUTCOME_NO_SYSTEM ||
           (outcome == OUTCOME_DENIED && config->bind != BIND_GSSAPI);
}

/* Returns the pause after a failure, before which there were so many in a row. It doubles with
 * each, so that overloaded servers recover. It differs from machine to machine, because many may
 * have lost a server at the same time. */
static int64_t backoff(unsigned failures) {
    int64_t pause = TRY_AFTER << (failures < 4 ? failures : 4);
    pause = pause < POLL_EVERY / 2 ? pause : POLL_EVERY / 2;
    return pause + machine_share(pause);
}

/* Returns how long to wait at most. */
static int64_t pause_after(const struct bell *bell, bool unreached, unsigned *failures) {
    if (unreached || !(bell->hangs || bell->useless || bell->refused))
        return backoff((*failures)++);
    *failures = 0;
    return POLL_EVERY;
}

/* Waits for a reason to poll again: the bell, or the end of the pause. settle is how long the last
 * run took, so that long runs do not follow each other without a pause. When a server ends the
 * search, another is asked at once; *ended counts how often in a row that was soon. */
static void wait_for_reason(struct bell *bell, int64_t settle, int64_t pause, unsigned *ended,
                            const struct sync_report *report) {
    char line[SESSION_WHY + 64];
    deadline soon = deadline_in(TRY_AFTER);
    if (!bell->hangs) {
        sleep_until(deadline_in(pause));
        return;
    }
    if (bell_wait(bell, deadline_in(pause), settle) >= 0) {
        *ended = 0;
        return;
    }
    snprintf(line, sizeof(line), "%s", bell->session.why);
    report->fault(line);
    bell_take_down(bell);
    *ended = deadline_now() < soon ? *ended + 1 : 0;
    if (*ended > 1)
        sleep_until(deadline_in(backoff(*ended - 2)));
}

enum outcome watch(const struct sync_config *config, const struct sync_wishes *wishes,
                   const struct sync_report *report) {
    struct bell bell = {.hangs = false};
    int64_t later = -1;
    uint64_t refused = 0;
    unsigned failures = 0;
    unsigned ended = 0;
    bool unreached = false;
    struct sync_wishes wish = *wishes;
    wish.refused = &refused;
    wish.unreached = &unreached;
    for (wish.later = &later;; later = -1, unreached = false) {
        deadline began = deadline_now();
        enum outcome outcome = sync_run(config, &wish, report);
        if (is_final(config, outcome)) {
            bell_take_down(&bell);
            return outcome;
        }
        wish.full = later >= 0 || (wish.full && outcome != OUTCOME_DONE);
        if (later >= 0 || outcome == OUTCOME_DENIED) {
            /* End the search: nobody reads its messages during the sleep, and the server would
             * have to keep them. */
            bell_take_down(&bell);
            sleep_until(deadline_in(later >= 0 ? later * 1000 : POLL_EVERY));
            /* The machine may have new keys, but this process has only the old keytab. */
            if (outcome == OUTCOME_DENIED)
                return OUTCOME_TRY_AGAIN;
            continue;
        }
        int64_t settle = deadline_now() - began;
        settle = settle < SETTLE_LEAST ? SETTLE_LEAST : settle > SETTLE_MOST ? SETTLE_MOST : settle;
        /* The bell rings at once if the directory has changed since the poll. If the poll reached
         * no server, it may have rung in vain, and does not ring again. */
        if (!bell.hangs && !unreached)
            hang_somewhere(&bell, config, &wish, report);
        int64_t pause = pause_after(&bell, unreached, &failures);
        wait_for_reason(&bell, settle, pause, &ended, report);
    }
}
