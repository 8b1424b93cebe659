/* Replaces the two files that confine: refused calls are first reported, for debugging. */
#define FILTER_REFUSAL SECCOMP_RET_TRAP
#include "net/confine.c" // NOLINT(bugprone-suspicious-include)
#include "net/filter.c"  // NOLINT(bugprone-suspicious-include)
