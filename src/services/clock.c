/* clock: answers with the local date, time, or both. */
#include "services/line.h"
#include "services/moment.h"

static const struct option {
    struct span asked; /* the request, compared exactly */
    void (*put)(struct timespec now, struct text *out);
} options[] = {
    {{"Date", 4}, moment_date},
    {{"Time", 4}, moment_time},
    {{"Date and Time", 13}, moment_date_and_time},
    {{"DateAndTime", 11}, moment_date_and_time},
    {{"DataAndTime", 11},
     moment_date_and_time}, /* a typing error in the textbook; its clients send it */
};

static enum result clock_tell(const struct line *line, const struct request_context *context,
                              struct text *out) {
    for (size_t i = 0; i < sizeof(options) / sizeof(options)[0]; i++) {
        if (span_equal(options[i].asked, line->text)) {
            options[i].put(context->now, out);
            return RESULT_HIT;
        }
    }
    line_unknown(line, &clock_service, out);
    return RESULT_MISS;
}

static enum result clock_answer(const struct request *request,
                                const struct request_context *context, struct text *out) {
    return line_answer(request, context, clock_tell, out);
}

const struct service clock_service = {
    .name = "clock",
    .tells_time = true,
    .port = 8085,
    .has_sessions = true,
    .has_datagrams = true,
    .quiet_ms = LINE_QUIET_MS,
    .request_max = LINE_BUFFER,
    .unknown = "UNKNOWN OPTION: ",
    .prompt = "Please provide an input (Date, Time, DateAndTime or -1 to exit): ",
    .hint = "the clock knows Date, Time and DateAndTime, written exactly so",
    .frame = line_frame,
    .answer = clock_answer,
};
