/* writer_end FILE: adds records to a CDB file that seems to have almost 4 GiB, until one does
 * not fit. Prints the error, and whether the number of records is right. */
#include "compile/cdb_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv) {
    struct cdb_writer writer;
    int fd = argc == 2 ? open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;
    unsigned long count = 0;
    if (fd < 0 || cdb_writer_start(&writer, fd) < 0)
        return 1;
    writer.end = UINT32_MAX - 1000000; /* as if the file were that large */
    while (cdb_writer_put(&writer, SPAN("KEY"), SPAN("VALUE")) == 0)
        count++;
    /* Each record takes 16 bytes, and 16 in the tables. */
    printf("%s, %d\n", errno == EOVERFLOW ? "too large" : "?",
           count > 25000 && count < 1000000 / 32);
    cdb_writer_close(&writer);
    return fflush(stdout) != 0;
}
