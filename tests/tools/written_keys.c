/* written_keys FILE: writes a CDB file with an empty record for each line of standard input, whose
 * key that is. Prints "made"; or "refused", if a search for a key that begins with a control
 * character could take too long. */
#include "compile/cdb_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv) {
    struct cdb_writer writer;
    char key[256];
    int fd = argc == 2 ? open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd < 0 || cdb_writer_start(&writer, fd) < 0)
        return 1;
    while (fgets(key, sizeof(key), stdin) != NULL)
        if (cdb_writer_put(&writer, (struct span){key, strcspn(key, "\n")}, SPAN("")) < 0)
            return 1;
    int result = cdb_writer_finish(&writer, SPAN(""));
    puts(result == 0 ? "made" : errno == E2BIG ? "refused" : "?");
    cdb_writer_close(&writer);
    return fflush(stdout) != 0;
}
