# Shared by the scripts here: the test suite's helpers for starting services, without bats, in a network of their own.
# Source it with the script's arguments. Sets $here, and $directory, which is removed when the script ends.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -n "${LOOKUP_BENCH_ISOLATED:-}" ] || LOOKUP_BENCH_ISOLATED=1 exec unshare --net "$0" "$@"
ip link set lo up
unset MAKEFLAGS MFLAGS MAKELEVEL

bats_require_minimum_version() { :; }
# shellcheck disable=SC1090 # each file is checked by itself
load() { [[ $1 == /* ]] || . "$here/../$1.bash"; }
skip() { echo "not to be had here: $1" >&2; exit 1; }
directory=$(mktemp -d)
export BATS_TEST_TMPDIR=$directory BATS_FILE_TMPDIR=$directory
exec 3>/dev/null
load lib
load activation
load machine
trap 'poweroff_machine; stop_background; rm -rf "$directory"' EXIT

# Runs measurements at real-time priority, if permitted.
urgent=()
! chrt -f 1 true 2>/dev/null || urgent=(chrt -f 1)

# be_urgent: gives the booted machine, and what it starts from now on, real-time priority.
be_urgent() {
    [ ${#urgent[@]} -gt 0 ] || return 0
    # shellcheck disable=SC2016 # for the machine's shell
    in_machine sh -c 'for p in /proc/[0-9]*; do chrt -f -p 1 "${p#/proc/}" || true; done' >/dev/null 2>&1
}
