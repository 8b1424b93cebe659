#include "sync/watch.h"

#include "sync/directory_servers.h"
#include "sync/machine.h"
#include "sync/persist.h"
#include "sync/status.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { /* milliseconds */
       POLL_EVERY = 300 * 1000,
       TRY_AFTER = 20 * 1000, /* the least pause after a failure */
       AT_ONCE = 1000,        /* a search that ends sooner has failed */
       SETTLE_LEAST = 300,    /* several changes often come together */
       SETTLE_MOST = 60 * 1000,
};

/* Begins the search that reports changes, unless no server accepts it. Tries the server of the last
 * run first. */
static void watch_begin(struct persist *persist, const struct sync_config *config,
                        const struct sync_run_options *options, const struct sync_report *report) {
    struct sync_status status;
    char line[SESSION_WHY + 64];
    status_read(config->state, &status);
    struct directory_servers servers;
    persist->unsupported = persist->refused = false;
    snprintf(persist->polled, sizeof(persist->polled), "%s", status.server);
    const char *fault = directory_servers_find(config, report->fault, options->refused, &servers);
    if (fault != NULL)
        snprintf(persist->session.why, sizeof(persist->session.why), "%s: %s", config->domain,
                 fault);
    unsigned first = directory_servers_place(&servers, status.server);
    for (unsigned i = 0; i < servers.uris.count; i++) {
        const char *uri = servers.uris.at[(first + i) % servers.uris.count];
        if (persist_open(persist, config, uri, options->secret, servers.until) == 0)
            return;
        if (persist->session.stuck || persist->refused || deadline_now() >= servers.until)
            break;
    }
    snprintf(line, sizeof(line), "not watching: %s", persist->session.why);
    report->fault(line);
}

/* Ends the search if the last run polled another server than the one before the search. That server
 * may lack a change that was reported here, and only a search there reports when it has it. */
static void watch_follow(struct persist *persist, const struct sync_config *config) {
    struct sync_status status;
    status_read(config->state, &status);
    if (persist->is_open && strcmp(persist->polled, status.server) != 0)
        persist_close(persist);
}

static void sleep_until(deadline until) {
    deadline left = until - deadline_now();
    struct timespec wait = {left / 1000, (long)(left % 1000 * 1000000)};
    if (left > 0)
        nanosleep(&wait, NULL);
}

/* That keys are wrong is not final with Kerberos: an answer of a KDC that says so is not signed,
 * and a forged one should not end this program for good. */
static bool is_final(const struct sync_config *config, enum outcome outcome) {
    return outcome == OUTCOME_MISCONFIGURED || outcome == OUTCOME_NO_SYSTEM ||
           (outcome == OUTCOME_DENIED && config->bind != BIND_GSSAPI);
}

/* Returns the pause after a failure. failures is how many failed in a row before. The pause doubles
 * with each, so that overloaded servers recover. It differs from machine to machine, because many
 * may have lost a server at the same time. */
static int64_t backoff(unsigned failures) {
    int64_t pause = TRY_AFTER << (failures < 4 ? failures : 4);
    pause = pause < POLL_EVERY / 2 ? pause : POLL_EVERY / 2;
    return pause + machine_share(pause);
}

/* Returns how long to wait for a change, at most. */
static int64_t pause_after(const struct persist *persist, bool retry_soon, unsigned *failures) {
    if (retry_soon || !(persist->is_open || persist->unsupported || persist->refused))
        return backoff((*failures)++);
    *failures = 0;
    return POLL_EVERY;
}

/* Returns how long to wait after the server has ended the search. Another begins at once, unless
 * several in a row have ended early; *early_ends counts them. The pause grows only if they end at
 * once. If they last for a while, the server works, but something on the way to it ends quiet
 * connections. */
static int64_t pause_after_end(const struct persist *persist, unsigned *early_ends) {
    deadline lasted = deadline_now() - persist->began;
    if (lasted >= TRY_AFTER)
        *early_ends = 0;
    else if (lasted < AT_ONCE || *early_ends < 2)
        ++*early_ends;
    else
        *early_ends = 2;
    return *early_ends < 2 ? 0 : backoff(*early_ends - 2);
}

/* Waits for a reason to poll again: a change, or the end of the pause. settle is how long the last
 * run took, so that long runs do not follow each other without a pause. */
static void watch_wait(struct persist *persist, int64_t settle, int64_t pause, unsigned *early_ends,
                       const struct sync_report *report) {
    char line[SESSION_WHY + 64];
    if (!persist->is_open) {
        sleep_until(deadline_in(pause));
        return;
    }
    if (persist_wait(persist, deadline_in(pause), settle) >= 0) {
        *early_ends = 0;
        return;
    }
    snprintf(line, sizeof(line), "%s", persist->session.why);
    report->fault(line);
    persist_close(persist);
    sleep_until(deadline_in(pause_after_end(persist, early_ends)));
}

enum outcome watch(const struct sync_config *config, const struct sync_run_options *options,
                   const struct sync_report *report) {
    struct persist persist = {.is_open = false};
    int64_t later = -1;
    uint64_t refused = 0;
    unsigned failures = 0;
    unsigned early_ends = 0;
    bool retry_soon = false;
    struct sync_run_options next = *options;
    next.refused = &refused;
    next.retry_soon = &retry_soon;
    for (next.later = &later;; later = -1, retry_soon = false) {
        deadline began = deadline_now();
        enum outcome outcome = sync_run(config, &next, report);
        if (is_final(config, outcome)) {
            persist_close(&persist);
            return outcome;
        }
        next.full = later >= 0 || (next.full && outcome != OUTCOME_DONE);
        if (later >= 0 || outcome == OUTCOME_DENIED) {
            /* End the search: nobody reads its messages during the sleep, and the server would
             * have to keep them. */
            persist_close(&persist);
            sleep_until(deadline_in(later >= 0 ? later * 1000 : POLL_EVERY));
            /* The machine may have new keys, but this process has only the old keytab. */
            if (outcome == OUTCOME_DENIED)
                return OUTCOME_TRY_AGAIN;
            continue;
        }
        int64_t settle = deadline_now() - began;
        settle = settle < SETTLE_LEAST ? SETTLE_LEAST : settle > SETTLE_MOST ? SETTLE_MOST : settle;
        watch_follow(&persist, config);
        /* The search reports at once what has changed since the poll. If the poll failed, the
         * search may have reported a change already, and does not report it again. */
        if (!persist.is_open && !retry_soon)
            watch_begin(&persist, config, &next, report);
        int64_t pause = pause_after(&persist, retry_soon, &failures);
        watch_wait(&persist, settle, pause, &early_ends, report);
    }
}
