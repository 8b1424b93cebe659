/* Preloaded: tinycdb takes the book for one that has its 4 GiB already. */
#include <cdb.h>
#include <errno.h>
#include <stdint.h>

int cdb_make_add(struct cdb_make *cdb, const void *key, unsigned key_len, const void *value,
                 unsigned value_len) {
    (void)key, (void)key_len, (void)value, (void)value_len;
    cdb->cdb_dpos = UINT32_MAX;
    errno = ENOMEM;
    return -1;
}
