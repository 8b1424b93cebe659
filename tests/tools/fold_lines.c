/* Prints each line of standard input folded. */
#include "data/fold.h"

#include <stdio.h>

int main(void) {
    static char line[1 << 16];
    static char bytes[sizeof(line) * FOLD_GROWTH];
    while (fgets(line, sizeof(line), stdin) != NULL) {
        struct text folded = {.at = bytes, .cap = sizeof(bytes)};
        if (fold_name((struct span){line, strcspn(line, "\n")}, &folded) < 0)
            return 1;
        fwrite(bytes, 1, folded.len, stdout);
        putchar('\n');
    }
    return fflush(stdout) != 0;
}
