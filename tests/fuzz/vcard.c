/* Fuzzes the reader of vCards. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    return fuzz_reader(vcard_read, false, data, size);
}
