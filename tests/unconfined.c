/* In place of the two files that confine: what they refuse is let pass. For tools
 * that work from inside the program they look at, and to see that the attempts of
 * breach.c would succeed. */
#define FILTER_REFUSAL SECCOMP_RET_ALLOW
#include "net/confine.c" // NOLINT(bugprone-suspicious-include)
#include "net/filter.c"  // NOLINT(bugprone-suspicious-include)
