# The Debian packages, built for the tests of a file: in $BATS_FILE_TMPDIR/deb.

setup_file() {
    [ "$(id -u)" = 0 ] || unavailable "packages are installed by root" || return 0
    need dpkg-buildpackage lintian dh || return 0
    # Not linked as a whole, for that takes most of the time.
    DEB_CFLAGS_APPEND='-fno-lto -O1' DEB_BUILD_OPTIONS=parallel=2 make -C "$ROOT" deb DEB="$BATS_FILE_TMPDIR/deb" >"$BATS_FILE_TMPDIR/log" 2>&1 ||
        { tail -20 "$BATS_FILE_TMPDIR/log" >&2; return 1; }
}
