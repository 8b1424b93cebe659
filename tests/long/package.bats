#!/usr/bin/env bats
# bats file_tags=native
# The Debian packages, as Debian's own checker sees them. `make walk` runs this file, `make test` does not.

load ../lib
load ../package

@test "lintian -I --pedantic has nothing to say, about no override either" {
    # What is in libexec has a page. A server's socket is enabled, not its service. Without systemd, xinetd does instead.
    # Words of two languages, or their halves, are no English.
    run -0 lintian -I --pedantic --allow-root --fail-on error,warning,info,pedantic --suppress-tags \
        spare-manual-page,systemd-service-file-missing-install-key,package-supports-alternative-init-but-no-init.d-script,spelling-error-in-binary \
        "$BATS_FILE_TMPDIR"/deb/*.changes
    assert_output ''
}
