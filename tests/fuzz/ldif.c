/* Fuzzes the reader of LDIF. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    return fuzz_reader(ldif_read, false, data, size);
}
