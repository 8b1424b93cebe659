/* Fuzzes the reader of CSV sources. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    return fuzz_reader(csv_read, true, data, size);
}
