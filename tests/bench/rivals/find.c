/* find BOOK SECONDS: folds the names of session and looks them up by tinycdb, without a socket.
 * Prints the lookups a second. */
#include "../bench.h"
#include "data/fold.h"

#include <cdb.h>
#include <fcntl.h>

enum { ROUND = 1000 };

static char answer[1024];

static unsigned find(struct cdb *book, struct span name) {
    char folded[256];
    struct text key = {.at = folded, .cap = sizeof(folded)};
    if (fold_name(name, &key) < 0 || cdb_find(book, folded, (unsigned)key.len) <= 0)
        fail("cdb_find");
    unsigned len = cdb_datalen(book);
    if (len > sizeof(answer) || cdb_read(book, answer, len, cdb_datapos(book)) < 0)
        fail("cdb_read");
    return len;
}

int main(int argc, char **argv) {
    static const struct span names[] = {{"John", 4}, {"Denise", 6}, {"Phoebe", 6}, {"Adam", 4}};
    struct cdb book;
    long count = 0;
    int fd = argc == 3 ? open(argv[1], O_RDONLY) : -1;
    if (fd < 0 || cdb_init(&book, fd) < 0)
        fail("book");
    double began = now();
    while (now() < began + atof(argv[2]))
        for (int i = 0; i < ROUND; i++)
            count += find(&book, names[i % 4]) > 0;
    printf("%.0f\n", (double)count / (now() - began));
    return 0;
}
