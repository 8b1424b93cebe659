#include "services/moment.h"

/* Appends the last width decimal digits of value, with leading zeros. */
static void put_digits(struct text *out, long value, size_t width) {
    char digits[20];
    for (size_t i = width; i > 0; i--) {
        digits[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    text_put(out, (struct span){digits, width});
}

/* Returns all zeros if the year does not fit in struct tm. */
static struct tm local(struct timespec now) {
    struct tm tm = {0};
    localtime_r(&now.tv_sec, &tm);
    return tm;
}

static void put_date(const struct tm *tm, struct text *out) {
    put_digits(out, tm->tm_year + 1900L, 4);
    text_put(out, SPAN("-"));
    put_digits(out, tm->tm_mon + 1, 2);
    text_put(out, SPAN("-"));
    put_digits(out, tm->tm_mday, 2);
}

static void put_time(const struct tm *tm, struct text *out) {
    put_digits(out, tm->tm_hour, 2);
    text_put(out, SPAN(":"));
    put_digits(out, tm->tm_min, 2);
    text_put(out, SPAN(":"));
    put_digits(out, tm->tm_sec, 2);
}

void moment_date(struct timespec now, struct text *out) {
    struct tm tm = local(now);
    put_date(&tm, out);
}

void moment_time(struct timespec now, struct text *out) {
    struct tm tm = local(now);
    put_time(&tm, out);
}

void moment_date_and_time(struct timespec now, struct text *out) {
    struct tm tm = local(now);
    put_date(&tm, out);
    text_put(out, SPAN(" "));
    put_time(&tm, out);
    text_put(out, SPAN("."));
    put_digits(out, now.tv_nsec / 1000, 6);
}

void moment_http(struct timespec now, struct text *out) {
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm tm = {0};
    gmtime_r(&now.tv_sec, &tm);
    text_put(out, (struct span){days + 3 * (size_t)tm.tm_wday, 3});
    text_put(out, SPAN(", "));
    put_digits(out, tm.tm_mday, 2);
    text_put(out, SPAN(" "));
    text_put(out, (struct span){months + 3 * (size_t)tm.tm_mon, 3});
    text_put(out, SPAN(" "));
    put_digits(out, tm.tm_year + 1900L, 4);
    text_put(out, SPAN(" "));
    put_time(&tm, out);
    text_put(out, SPAN(" GMT"));
}
