#!/usr/bin/env bats
# bats file_tags=native
# shellcheck disable=SC2016 # what is in single quotes is for inner shells
# The Debian packages: what Debian's own checker says; installed, upgraded over a live book, removed and purged. tests/walk builds
# them twice, shows that both are alike, and upgrades them in a Debian that runs.

load ../lib

setup_file() {
    [ "$(id -u)" = 0 ] || unavailable "packages are installed by root" || return 0
    need dpkg-buildpackage lintian dh || return 0
    # Not linked as a whole, for that takes most of the time.
    DEB_CFLAGS_APPEND='-fno-lto -O1' DEB_BUILD_OPTIONS=parallel=2 make -C "$ROOT" deb DEB="$BATS_FILE_TMPDIR/deb" >"$BATS_FILE_TMPDIR/log" 2>&1 ||
        { tail -20 "$BATS_FILE_TMPDIR/log" >&2; return 1; }
}

# in_copy COMMAND: in a root whose changes are thrown away, with the packages in /packages.
in_copy() {
    "$ROOT/tests/tools/own-root" bash -euc '
        mount -t tmpfs tmpfs /mnt
        mkdir /mnt/upper /mnt/work /mnt/root
        mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
        mount -t proc proc /mnt/root/proc
        mount -t tmpfs tmpfs /mnt/root/run
        mount --bind /dev /mnt/root/dev
        mkdir -p /mnt/root/packages
        cp "$1"/*.deb /mnt/root/packages
        exec chroot /mnt/root bash -euc "$2"' bash "$BATS_FILE_TMPDIR/deb" "$1"
}

@test "nothing in a package tells where or when it was built" {
    local package tree=$BATS_TEST_TMPDIR/tree changed
    mkdir "$tree"
    changed=$(dpkg-parsechangelog -l "$ROOT/debian/changelog" -S Timestamp)
    for package in "$BATS_FILE_TMPDIR"/deb/*.deb; do
        dpkg-deb -R "$package" "$tree/${package##*/}"
    done
    find "$tree" -name '*.gz' -exec gunzip {} +
    run -1 grep -rlF "$BATS_FILE_TMPDIR" "$tree"
    run -0 find "$tree" -mindepth 2 ! -type d -newermt "@$changed"
    assert_output ''
}

@test "nothing of Debian's own package lookup is in the way, and no state is in a package" {
    run -0 bash -c 'for p in "$1"/*.deb; do dpkg -c "$p"; done' bash "$BATS_FILE_TMPDIR/deb"
    refute_line --regexp ' \./usr/bin/lookup$'
    refute_line --regexp '/man1/lookup\.1'
    refute_line --regexp '(bin|completions|functions|vendor_completions\.d)/(lookup|_lookup|lookup\.fish)$'
    assert_equal "$(grep -cE '/(lookup-client|_lookup-client|lookup-client\.fish)$' <<<"$output")" 4 # and the program
    refute_line --regexp ' \./var/'
}

@test "installed, upgraded over a live book, removed, purged: nothing is lost, nothing is left" {
    run -0 in_copy '
        export DEBIAN_FRONTEND=noninteractive
        rm -f /var/lib/man-db/auto-update # this system'"'"'s other pages are no matter here
        files() { find /etc /opt /usr /var -xdev -path /var/lib/dpkg -prune -o -path /var/cache -prune -o -name "*lookup*" -print | sort; }
        before=$(files)
        dpkg -i /packages/office-lookup_*.deb /packages/office-lookup-client_*.deb /packages/office-lookup-sync_*.deb >/dev/null 2>&1
        echo John | /usr/libexec/lookup/lookup-handler lookup
        lookup-client --version
        lookup-sync --version
        printf "Ada = A1\n" | lookup-book compile --format plain - /var/lib/lookup/book.cdb
        echo "Ada = A1" >/etc/lookup/book.txt
        mkdir /tmp/next
        dpkg-deb -R /packages/office-lookup_*.deb /tmp/next/tree
        sed -i "s/^Version: .*/&+next/" /tmp/next/tree/DEBIAN/control
        dpkg-deb -Znone -b /tmp/next/tree /tmp/next/next.deb >/dev/null
        dpkg -i --force-depends --force-confdef --force-confold /tmp/next/next.deb >/dev/null 2>&1
        echo Ada | /usr/libexec/lookup/lookup-handler lookup
        cat /etc/lookup/book.txt
        mv /etc/lookup/book.txt /tmp/next && rm /var/lib/lookup/book.cdb
        dpkg -i --force-depends --force-confold /tmp/next/next.deb >/dev/null 2>&1 && echo installed without a source
        mv /tmp/next/book.txt /etc/lookup
        dpkg -i --force-depends --force-confold /tmp/next/next.deb >/dev/null 2>&1
        # back to the version before; a link to a book that is not there yet is kept
        mkdir -p /var/lib/lookup-sync
        ln -sf /var/lib/lookup-sync/book.cdb /var/lib/lookup/book.cdb
        dpkg -i /packages/office-lookup_*.deb >/dev/null 2>&1
        [ ! -e /var/lib/lookup-sync/book.cdb ]
        rm /var/lib/lookup/book.cdb
        dpkg -i /packages/office-lookup_*.deb >/dev/null 2>&1
        dpkg -r office-lookup-sync office-lookup office-lookup-client >/dev/null 2>&1
        [ -e /var/lib/lookup/book.cdb ] && [ -e /etc/lookup/book.txt ]
        dpkg -P office-lookup-sync office-lookup office-lookup-client >/dev/null 2>&1
        diff <(echo "$before") <(files) && echo nothing is left' </dev/null
    assert_line --index 0 C45
    assert_line --regexp '^lookup [0-9.]+$'
    assert_line A1
    assert_line 'Ada = A1'
    assert_line 'installed without a source'
    assert_line 'nothing is left'
}

@test "lintian -I --pedantic has nothing to say, about no override either" {
    # What is in libexec has a page. A server's socket is enabled, not its service. Without systemd, xinetd does instead.
    # Words of two languages, or their halves, are no English.
    run -0 lintian -I --pedantic --allow-root --fail-on error,warning,info,pedantic --suppress-tags \
        spare-manual-page,systemd-service-file-missing-install-key,package-supports-alternative-init-but-no-init.d-script,spelling-error-in-binary \
        "$BATS_FILE_TMPDIR"/deb/*.changes
    assert_output ''
}
