/* Replaces the two files that confine: refused calls are allowed. For tools that work
 * inside the program that they examine, and to show that the attempts of breach.c would
 * succeed. */
#define FILTER_REFUSAL SECCOMP_RET_ALLOW
#include "net/confine.c" // NOLINT(bugprone-suspicious-include)
#include "net/filter.c"  // NOLINT(bugprone-suspicious-include)
