#ifndef LOOKUP_WRITE_AT_H
#define LOOKUP_WRITE_AT_H

#include "data/bytes.h"

#include <stdint.h>

/* Writes all of bytes at offset into the file fd, in as many steps as it takes. Returns 0, or -1
 * with errno; the first of the bytes may be written then. */
int write_at(int fd, struct span bytes, uint64_t offset);

#endif
