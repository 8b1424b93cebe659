#!/usr/bin/env bats
# bats file_tags=native
# shellcheck disable=SC2016 # what is in single quotes is for inner shells
# The image of systemd/container, made from nothing but this build, and its sockets handed to it.

load lib
load activation

setup_file() {
    [ "$(id -u)" = 0 ] || unavailable "these containers are root's" || return 0
    need podman crun || return 0
    make_book
    chmod a+x "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
    make -s -C "$ROOT" -o "$BUILD/lookup-server" container BUILD="$BUILD" >/dev/null || return 1
    "${IN_NAMESPACES[@]}" "${PODMAN[@]}" build --quiet --tag lookup "$BUILD/container" >"$BATS_FILE_TMPDIR/build.log" 2>&1 ||
        unavailable "podman cannot build here: $(tail -n 1 "$BATS_FILE_TMPDIR/build.log")" || return 0
}

# Its images and containers are the file's own.
PODMAN=(podman --root "$BATS_FILE_TMPDIR/storage" --runroot "$BATS_FILE_TMPDIR/run" --storage-driver vfs --cgroup-manager cgroupfs)

# Where a command is run: all that it starts and mounts ends with it, and there is one plain cgroup2 tree.
IN_NAMESPACES=(unshare --mount --pid --fork --kill-child "$ROOT/tests/tools/own-root" bash -euc '
    mount -t proc proc /proc
    mountpoint -q /sys || mount -t sysfs sysfs /sys
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    exec "$@"' bash)

teardown() {
    # SIGTERM unshare(1) ignores.
    [ ! -e "$BATS_TEST_TMPDIR/background" ] || kill -KILL "$(<"$BATS_TEST_TMPDIR/background")"
    stop_background
}

# answered OPTION...
answered() {
    run -0 "$BUILD/lookup" -w 60 "$@" || { cat "$ACTIVATION_LOG"; return 1; }
    assert_output C45
}

@test "the image answers at sockets that are handed to it, as nobody, without a network" {
    local port
    need systemd-socket-activate
    port=$(free_port)
    # As in the Quadlet, but for the limits and groups that this machine may not have the right to set.
    super_server container "$port" "${IN_NAMESPACES[@]}" systemd-socket-activate --listen "127.0.0.1:$port" --fdname=lookup \
        "${PODMAN[@]}" run --rm --pull never --ulimit nofile=1200:1200 --ulimit nproc=4096:4096 --cgroups=disabled \
        --network none --read-only --cap-drop all --security-opt no-new-privileges \
        --volume "$BATS_FILE_TMPDIR:/var/lib/lookup:ro" localhost/lookup
    answered -p "$port" John
    answered -p "$port" John
    run -0 pgrep -u 65534 -x lookup-server
}

@test "the image's user is nobody" {
    run -0 "${IN_NAMESPACES[@]}" "${PODMAN[@]}" image inspect --format '{{.Config.User}}' localhost/lookup
    assert_output 65534:65534
}

@test "the Quadlet is one, where podman has them" {
    local generator=/usr/lib/systemd/system-generators/podman-system-generator
    if ! [ -x "$generator" ]; then
        # Debian 12's has none.
        run -0 podman --version
        assert_output --regexp ' (4\.[0-3]|[0-3])\.'
        echo "# not tried here: $output has no Quadlet" >&3
        return
    fi
    QUADLET_UNIT_DIRS=$ROOT/systemd/container run -0 "$generator" --dryrun
    assert_output --regexp 'ExecStart=.*podman run .*localhost/lookup'
    refute_output --regexp '[Uu]nsupported|[Ee]rror'
}
