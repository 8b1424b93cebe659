/* Fuzzes the reader of plain sources. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    return fuzz_reader(plain_read, true, data, size);
}
