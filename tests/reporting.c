/* In place of the two files that confine: what they refuse is reported first, for
 * whoever has to mend it. */
#define FILTER_REFUSAL SECCOMP_RET_TRAP
#include "net/confine.c" // NOLINT(bugprone-suspicious-include)
#include "net/filter.c"  // NOLINT(bugprone-suspicious-include)
