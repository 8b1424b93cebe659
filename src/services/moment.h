/* Formats points in time, in the same way in any locale. */
#ifndef LOOKUP_MOMENT_H
#define LOOKUP_MOMENT_H

#include "data/bytes.h"

#include <time.h>

/* Append the local date, time or both: 2019-02-19, 15:50:40, 2019-02-19
 * 15:50:44.720747. */
void moment_date(struct timespec now, struct text *out);
void moment_time(struct timespec now, struct text *out);
void moment_date_and_time(struct timespec now, struct text *out);

/* Appends an HTTP-date in GMT: Tue, 19 Feb 2019 14:50:44 GMT (IMF-fixdate, RFC
 * 9110, section 5.6.7). */
void moment_http(struct timespec now, struct text *out);

#endif
