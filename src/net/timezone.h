/* Loads the time zone. Reads TZ as date(1) does, with every C library. */
#ifndef LOOKUP_TIMEZONE_H
#define LOOKUP_TIMEZONE_H

/* Loads the zone that TZ names, or the system's, for localtime_r(3). Call it while
 * files can still be opened. TZ is a name under /usr/share/zoneinfo, an
 * absolute path, or a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3 (POSIX.1,
 * section 8.3); a colon may precede each. Anything else is UTC.
 *
 * The leap seconds of zones in right/ are ignored, because musl does not know them. */
void timezone_load(void);

#endif
