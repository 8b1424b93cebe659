/* Fuzzes the reader of SRV records in a DNS message. */
#include "net/srv.h"
#include "check.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct srv records[SRV_MAX];
    int count = srv_read((struct span){(const char *)data, size}, records);
    must(count <= SRV_MAX);
    for (int i = 0; i < count; i++)
        must(memchr(records[i].host, '\0', sizeof(records[i].host)) != NULL);
    return 0;
}
