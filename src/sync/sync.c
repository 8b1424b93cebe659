#include "sync/sync.h"

#include "sync/directory_servers.h"
#include "sync/fetch.h"
#include "sync/guard.h"
#include "sync/machine.h"
#include "sync/state_source.h"
#include "sync/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    SAME_SERVER_FOR = 3600, /* seconds after its last success in which a server is asked first */
    SKIPPED_TOLD = 10,      /* skipped values that are reported one by one */
};

struct run {
    const struct sync_config *config;
    const struct sync_run_options *options;
    const struct sync_report *report;
    int64_t now;
    struct state state;
    struct directory_servers servers;
    struct ldap_session session;
    struct fetch fetch;
    struct sync_status status;
    bool full;
    bool is_same;      /* the state was made with this configuration */
    bool reached;      /* some server has accepted the bind */
    bool met_behind;   /* some server was behind another */
    bool takes_behind; /* accepts a server that is behind */
    bool is_later;     /* the fetch is put off: a later run does it */
    enum outcome book; /* outcome of making a book that was missing */
};

static void run_say(const struct run *run, bool is_fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void run_say(const struct run *run, bool is_fault, const char *format, ...) {
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    (is_fault ? run->report->fault : run->report->note)(line);
}

/* Reports a fault, stores it for --status, and returns outcome. What is wrong with the book
 * outweighs OUTCOME_TRY_AGAIN there as well. */
static enum outcome run_fail(struct run *run, enum outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static enum outcome run_fail(struct run *run, enum outcome outcome, const char *format, ...) {
    char error[STATUS_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, sizeof(error), format, arguments);
    va_end(arguments);
    run_say(run, true, "%s", error);
    if (outcome != OUTCOME_TRY_AGAIN || run->book == OUTCOME_DONE)
        memcpy(run->status.error, error, sizeof(error));
    return outcome;
}

static void on_skipped(void *context, const char *dn, const char *attribute, const char *what) {
    struct run *run = context;
    if (++run->fetch.skipped <= SKIPPED_TOLD)
        run_say(run, true, "skipped: %s of %s: %s", attribute, dn, what);
    else if (run->fetch.skipped == SKIPPED_TOLD + 1)
        run_say(run, true, "skipped: more values like these");
}

/* ---- the state */

static enum outcome run_open(struct run *run) {
    const char *path = run->config->state;
    if (state_open(&run->state, path) == 0)
        return OUTCOME_DONE;
    if (errno == EBADMSG)
        return run_fail(run, OUTCOME_MISCONFIGURED, "%s: not a state file", path);
    return run_fail(run, OUTCOME_NOT_WRITTEN, "%s: %s", path, strerror(errno));
}

/* Discards what was fetched since the last commit. */
static enum outcome run_reopen(struct run *run) {
    state_close(&run->state);
    return run_open(run);
}

static enum outcome run_begin(struct run *run) {
    enum outcome outcome = run_open(run);
    if (outcome != OUTCOME_DONE)
        return outcome;
    int compacted = run->options->dry_run ? 0 : state_compact(&run->state);
    if (compacted < 0)
        run_say(run, true, "%s: not compacted: %s", run->config->state, strerror(errno));
    return compacted > 0 ? run_reopen(run) : OUTCOME_DONE;
}

/* Shortens the interval by up to a tenth, by an amount that depends on the machine. Machines that
 * were set up together then do not all fetch everything at the same time. */
static bool is_full_due(const struct run *run) {
    int64_t every = run->config->full_every;
    int64_t age = run->now - run->state.replay.commit.full_at;
    return age < 0 || age >= every - machine_share(every / 10);
}

/* Puts a fetch of everything off if the options allow it and there is a book. The cause often
 * affects all machines, and they should not all fetch at once. Returns false if the fetch must
 * happen now. */
static bool run_put_off(struct run *run, const char *why) {
    const struct sync_config *config = run->config;
    if (run->options->later == NULL || run->options->full || config->spread == 0 ||
        !run->state.replay.committed || access(config->book, F_OK) < 0)
        return false;
    *run->options->later = machine_share(config->spread);
    run_say(run, false, "%severything is fetched again in %" PRId64 " s", why,
            *run->options->later);
    run->is_later = true;
    return true;
}

static void run_decide_full(struct run *run) {
    const struct replay *replay = &run->state.replay;
    run->is_same =
        replay->committed && !replay->damaged && replay->commit.config == config_hash(run->config);
    if (replay->damaged)
        run_say(run, true, "%s: damaged; everything is fetched again", run->config->state);
    run->full = run->options->full || !run->is_same || replay->cookie.len == 0 || is_full_due(run);
}

/* ---- the servers */

static enum fetch_result run_poll_session(struct run *run) {
    struct fetch *fetch = &run->fetch;
    fetch->full = run->full;
    fetch->newest = run->is_same && !run->takes_behind ? run->state.replay.cookie : SPAN("");
    enum fetch_result result = fetch_sync(fetch);
    if (result == FETCH_INCOMPLETE && !fetch->full &&
        !run_put_off(run, "the answer may be incomplete; ")) {
        if (run->options->verbose)
            run_say(run, false, "the answer may be incomplete; everything is fetched again");
        if (run_reopen(run) != OUTCOME_DONE)
            return FETCH_FAILED;
        fetch->full = true;
        fetch->newest = fetch->newest.len > 0 ? run->state.replay.cookie : SPAN("");
        result = fetch_sync(fetch);
    }
    return result == FETCH_PAGES ? fetch_pages(fetch) : result;
}

/* Returns OUTCOME_TRY_AGAIN if another server should be asked. */
static enum outcome run_poll_server(struct run *run, const char *uri) {
    enum ldap_session_result opened = ldap_session_open(&run->session, run->config, uri,
                                                        run->options->secret, run->servers.until);
    if (opened != SESSION_OK) {
        enum outcome outcome = opened == SESSION_REFUSED    ? OUTCOME_DENIED
                               : opened == SESSION_CONFUSED ? OUTCOME_MISCONFIGURED
                                                            : OUTCOME_TRY_AGAIN;
        return run_fail(run, outcome, "%s: %s", uri, run->session.why);
    }
    run->reached = true;
    enum fetch_result result = run_poll_session(run);
    ldap_session_close(&run->session);
    directory_servers_restart_time(&run->servers);
    if (result == FETCH_OK) {
        snprintf(run->status.server, sizeof(run->status.server), "%s", uri);
        return OUTCOME_DONE;
    }
    enum outcome outcome = run_reopen(run);
    if (outcome != OUTCOME_DONE || run->is_later)
        return outcome;
    run->met_behind |= result == FETCH_BEHIND;
    if (result == FETCH_BEHIND)
        snprintf(run->session.why, sizeof(run->session.why), "is behind another server");
    else if (result != FETCH_FAILED)
        snprintf(run->session.why, sizeof(run->session.why),
                 "demands a full refresh although one was requested");
    return run_fail(run, OUTCOME_TRY_AGAIN, "%s: %s", uri, run->session.why);
}

/* Prefers, for SAME_SERVER_FOR, the server that gave the last result: our cookie is from there. The
 * DNS has an order of its own. */
static unsigned run_first_server(const struct run *run) {
    int64_t age = run->now - run->status.last_success;
    if (run->config->domain != NULL || age < 0 || age >= SAME_SERVER_FOR)
        return 0;
    return directory_servers_place(&run->servers, run->status.server);
}

/* Returns false when the time is up, or when Kerberos gave no ticket for the last server. */
static bool may_ask(const struct run *run) {
    return deadline_now() < run->servers.until && !run->session.stuck;
}

static enum outcome run_poll_servers(struct run *run) {
    unsigned count = run->servers.uris.count;
    unsigned first = run_first_server(run);
    enum outcome outcome = OUTCOME_TRY_AGAIN;
    for (unsigned i = 0; i < count && outcome == OUTCOME_TRY_AGAIN && may_ask(run); i++)
        outcome = run_poll_server(run, run->servers.uris.at[(first + i) % count]);
    return outcome;
}

/* Accepts a server that is behind only if no other server answers. */
static enum outcome run_poll(struct run *run) {
    uint64_t none = 0;
    uint64_t *refused = run->options->refused == NULL ? &none : run->options->refused;
    const char *fault =
        directory_servers_find(run->config, run->report->fault, refused, &run->servers);
    if (fault != NULL)
        return run_fail(run, OUTCOME_TRY_AGAIN, "%s: %s", run->config->domain, fault);
    enum outcome outcome = run_poll_servers(run);
    if (outcome == OUTCOME_TRY_AGAIN && run->met_behind && !run->session.stuck) {
        run->takes_behind = true;
        directory_servers_restart_time(&run->servers);
        outcome = run_poll_servers(run);
    }
    return outcome;
}

/* Returns true if a further poll takes little of the servers: it fetches only changes, or they
 * cannot be reached anyway. */
static bool is_cheap(const struct run *run) {
    return run->state.replay.cookie.len > 0 && !(run->reached && run->fetch.full);
}

/* A run whose poll failed is repeated soon if that costs the servers little, or if there is no
 * book. */
static void run_judge_retry(const struct run *run, bool cheap) {
    if (run->options->retry_soon != NULL)
        *run->options->retry_soon = cheap || access(run->config->book, F_OK) < 0;
}

/* ---- the book */

static enum outcome run_make_book(struct run *run) {
    struct stat book;
    enum outcome outcome = state_make_book(run->config, run->report->compile);
    if (outcome != OUTCOME_DONE)
        return run_fail(run, outcome, "%s: the book could not be made", run->config->book);
    run->status.last_change = run->now;
    if (stat(run->config->book, &book) < 0 || state_note_made(&run->state, &book) < 0)
        return run_fail(run, OUTCOME_NOT_WRITTEN, "%s: %s", run->config->state, strerror(errno));
    return OUTCOME_DONE;
}

/* Makes the book if an earlier run ended between its commit and its book, or if somebody has
 * replaced or removed the book. */
static enum outcome run_make_missing_book(struct run *run) {
    struct stat book;
    bool there = stat(run->config->book, &book) == 0;
    if (run->options->dry_run || !run->is_same || (there && state_is_made(&run->state, &book)))
        return OUTCOME_DONE;
    return run_make_book(run);
}

static enum outcome run_judge(struct run *run, struct commit *commit) {
    const struct commit *before = &run->state.replay.commit;
    struct guard_window window = {before->window_at, before->window_names};
    char why[GUARD_WHY];
    commit->names = state_names(&run->state);
    commit->entries = run->state.replay.table.live;
    /* Start a new window, if one is due, from the old number: the new one may be too low. */
    window = guard_window(window, run->now, before->names);
    if (guard_check(window, commit->names, run->config->max_shrink, why) < 0) {
        if (!run->options->accept_shrink)
            return run_fail(run, OUTCOME_TRY_AGAIN, "%s", why);
        window = (struct guard_window){run->now, commit->names};
    }
    window = guard_window(window, run->now, commit->names);
    commit->window_at = window.at;
    commit->window_names = window.names;
    return OUTCOME_DONE;
}

static void run_tell_changes(const struct run *run, uint64_t names) {
    const struct fetch *fetch = &run->fetch;
    run_say(run, false, "%s%lu added, %lu changed, %lu removed; %" PRIu64 " names",
            run->options->dry_run ? "would be: " : "", fetch->added, fetch->changed, fetch->removed,
            names);
}

/* Returns true if the run has something to write: changes, a full fetch or a new cookie. */
static bool is_news(const struct run *run) {
    return state_is_changed(&run->state) || run->fetch.full ||
           !span_equal(text_span(&run->fetch.cookie), run->state.replay.cookie);
}

static enum outcome run_commit(struct run *run) {
    struct commit commit = run->state.replay.commit;
    bool changed = state_is_changed(&run->state);
    enum outcome outcome = run_judge(run, &commit);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (changed || run->options->verbose || run->options->dry_run)
        run_tell_changes(run, commit.names);
    if (run->options->dry_run || !is_news(run))
        return run->book;
    commit.config = config_hash(run->config);
    if (run->fetch.full)
        commit.full_at = run->now;
    if (state_commit(&run->state, &commit, text_span(&run->fetch.cookie)) < 0)
        return run_fail(run, OUTCOME_NOT_WRITTEN, "%s: %s", run->config->state, strerror(errno));
    return run->state.replay.made && run->book == OUTCOME_DONE ? OUTCOME_DONE : run_make_book(run);
}

/* ---- the run */

static enum outcome run_all(struct run *run) {
    enum outcome outcome = run_begin(run);
    if (outcome != OUTCOME_DONE)
        return outcome;
    run_decide_full(run);
    /* Goes on even if this fails: the entries that the book cannot hold may have changed since. */
    run->book = run_make_missing_book(run);
    if (run->is_same || !run_put_off(run, "")) {
        outcome = run_poll(run);
        if (outcome == OUTCOME_TRY_AGAIN)
            run_judge_retry(run, is_cheap(run));
    }
    if (outcome == OUTCOME_DONE && !run->is_later)
        outcome = run_commit(run);
    /* Without a change in the directory, making the same book again does not help. */
    bool is_open = outcome == OUTCOME_TRY_AGAIN || run->is_later;
    return is_open && run->book != OUTCOME_DONE ? run->book : outcome;
}

static void run_end(struct run *run, enum outcome outcome) {
    const struct commit *commit = &run->state.replay.commit;
    run->status.last_run = run->now;
    run->status.exit_status = run->report->exit_status(outcome);
    run->status.entries = (int64_t)commit->entries;
    run->status.names = (int64_t)commit->names;
    run->status.last_full = commit->full_at;
    if (outcome == OUTCOME_DONE) {
        run->status.last_success = run->now;
        run->status.error[0] = '\0';
        if (run->fetch.full)
            run->status.skipped = (int64_t)run->fetch.skipped;
    }
    if (status_write(run->config->state, &run->status) < 0)
        run_say(run, true, "%s.status: %s", run->config->state, strerror(errno));
}

static void run_init(struct run *run, const struct sync_config *config,
                     const struct sync_run_options *options, const struct sync_report *report) {
    *run = (struct run){.config = config, .options = options, .report = report, .now = time(NULL)};
    run->fetch.session = &run->session;
    run->fetch.config = config;
    run->fetch.state = &run->state;
    run->fetch.attributes.config = config;
    run->fetch.attributes.skipped = on_skipped;
    run->fetch.attributes.context = run;
    run->state.fd = -1;
    status_read(config->state, &run->status);
}

static enum outcome run_locked(struct run *run) {
    const char *state = run->config->state;
    int lock = state_lock(state);
    if (lock < 0 && errno == EWOULDBLOCK) {
        run_judge_retry(run, true);
        return run_fail(run, OUTCOME_TRY_AGAIN, "%s.lock: another run is under way", state);
    }
    if (lock < 0)
        return run_fail(run, OUTCOME_NOT_MADE, "%s.lock: %s", state, strerror(errno));
    enum outcome outcome = run_all(run);
    if (!run->options->dry_run && !run->is_later)
        run_end(run, outcome);
    close(lock);
    return outcome;
}

enum outcome sync_run(const struct sync_config *config, const struct sync_run_options *options,
                      const struct sync_report *report) {
    struct run *run = calloc(1, sizeof(*run));
    if (run == NULL) {
        report->fault("out of memory");
        return OUTCOME_NO_SYSTEM;
    }
    run_init(run, config, options, report);
    enum outcome outcome = run_locked(run);
    state_close(&run->state);
    free(run);
    return outcome;
}
