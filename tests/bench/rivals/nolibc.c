/* The least that can be started for a request: reads up to 1 KB, writes 4
 * bytes, exits; with -DNOTHING it only exits. Static, without libc. */
#if defined __x86_64__
enum { READ = 0, WRITE = 1, EXIT = 60 };
static long call(long number, long a, const void *b, long c) {
    __asm__ volatile("syscall" : "+a"(number) : "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return number;
}
#elif defined __aarch64__
enum { READ = 63, WRITE = 64, EXIT = 93 };
static long call(long number, long a, const void *b, long c) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register const void *x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}
#endif

#ifdef NOTHING
enum { ANSWERS = 0 };
#else
enum { ANSWERS = 1 };
#endif

_Noreturn void begin(void);

void begin(void) {
    char bytes[1024];
    if (ANSWERS) {
        call(READ, 0, bytes, sizeof(bytes));
        call(WRITE, 1, "C45\n", 4);
    }
    for (;;)
        call(EXIT, 0, 0, 0);
}
