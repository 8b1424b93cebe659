/* Prints the upper case of every code point except surrogates: "E0 C0", "DF 53 53". */
#include "data/upper.h"

#include <stdio.h>

int main(void) {
    for (uint32_t point = 0; point <= 0x10FFFF; point++) {
        uint32_t to[UPPER_MAX];
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        size_t count = upper(point, to);
        printf("%X", (unsigned)point);
        for (size_t i = 0; i < count; i++)
            printf(" %X", (unsigned)to[i]);
        putchar('\n');
    }
    return fflush(stdout) != 0;
}
