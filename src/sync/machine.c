#include "sync/machine.h"

#include "sync/checksum.h"

#include <stdio.h>

int64_t machine_share(int64_t most) {
    char id[64] = "";
    FILE *file = fopen("/etc/machine-id", "re");
    size_t len = file == NULL ? 0 : fread(id, 1, sizeof(id), file);
    if (file != NULL)
        fclose(file);
    return (int64_t)(checksum(CHECKSUM_START, (struct span){id, len}) % (uint64_t)(most + 1));
}
