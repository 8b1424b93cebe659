# A real systemd to test in, for setup_file and teardown_file: boot_machine, in_machine COMMAND...,
# poweroff_machine. Needs ROOT, the source tree. Any number of machines run in parallel: each has its own
# network, /etc, /var and journal.

boot_machine() {
    local id deadline reports=()
    [ "$(id -u)" = 0 ] || { unavailable "booting a machine needs root"; return; }
    # The units listen on both loopback addresses.
    need_ipv6 || return
    command -v systemd-nspawn >/dev/null || { unavailable "systemd-nspawn is not installed"; return; }
    read -r id </proc/sys/kernel/random/uuid
    export MACHINE=lookup-${id:0:13} MACHINE_DIR=$BATS_FILE_TMPDIR/machine MACHINE_LEADER=
    mkdir -p "$MACHINE_DIR/local" "$MACHINE_DIR/src/build"
    # Copies the sources, so that edits in the meantime do not make `make install` rebuild them.
    tar -C "$ROOT" --exclude=./.git --exclude=./build -cf - . | tar -C "$MACHINE_DIR/src" -xf -
    # Of the build, what `make install` takes; make looks at the times of the objects only.
    tar -C "$BUILD" --exclude=./sanitized --exclude=./walk --exclude=./fuzz --exclude=./lint --exclude=./prometheus --exclude=./node_modules \
        --exclude=./bench --exclude=./deb -cf - . | tar -C "$MACHINE_DIR/src/build" -xf -
    [ ! -d "$BUILD/reports" ] || reports=("$BUILD/reports")
    # The machine ends when the shell that started it dies for any reason.
    setpriv --pdeathsig KILL unshare --pid --fork --kill-child \
        "$ROOT/tests/tools/own-root" "$ROOT/tests/tools/boot-machine" "$MACHINE" "$MACHINE_DIR" "$MACHINE_DIR/src" \
        "${reports[@]}" </dev/null >"$MACHINE_DIR/console" 2>&1 3>&- &
    export MACHINE_PID=$!
    # Several machines boot at once.
    deadline=$((SECONDS + 300))
    until machine_is_up; do
        if [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "$MACHINE_PID" 2>/dev/null; then
            printf 'the machine did not boot; its console said:\n%s\n' "$(<"$MACHINE_DIR/console")" >&2
            poweroff_machine
            exit 1
        fi
        read -rt 0.05 <> <(:) || true
    done
    [ ${#reports[@]} = 0 ] || make_room_for_sanitizers
}

# A sanitizer must write its report, at any path, and a helper process must read all memory to find leaks. All
# other limits stay as shipped.
make_room_for_sanitizers() {
    in_machine mkdir -p /etc/systemd/system/service.d
    in_machine tee /etc/systemd/system/service.d/sanitizers.conf >/dev/null <<'UNIT'
[Service]
ProtectSystem=no
ProtectHome=no
PrivateTmp=no
LimitFSIZE=infinity
UMask=0022
SystemCallFilter=
UNIT
    in_machine systemctl daemon-reload
}

# "running", or "degraded" because of a unit of this system, which does not matter here.
machine_is_up() {
    local pid=$MACHINE_PID
    # unshare's child is boot-machine, whose child is nspawn, whose child is the machine's PID 1.
    for _ in boot-machine nspawn init; do
        pid=$(tr -d ' ' 2>/dev/null <"/proc/$pid/task/$pid/children")
        [ -n "$pid" ] || return 1
    done
    MACHINE_LEADER=$pid
    # While nspawn prepares the machine, the child is still in our namespace.
    grep -qs '^NSpid:.*[^0-9]1$' "/proc/$MACHINE_LEADER/status" || return 1
    [[ $(in_machine systemctl is-system-running 2>/dev/null) =~ ^(running|degraded)$ ]]
}

in_machine() {
    nsenter --target "$MACHINE_LEADER" --all -- \
        env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8 "$@" 3>&-
}

poweroff_machine() {
    [ -n "${MACHINE_PID:-}" ] || return 0
    # An orderly shutdown is not needed. boot-machine cleans up after its PID 1; if there is none yet,
    # everything ends with unshare.
    kill -KILL "${MACHINE_LEADER:-$MACHINE_PID}" 2>/dev/null || kill -KILL "$MACHINE_PID" 2>/dev/null || true
    wait "$MACHINE_PID" 2>/dev/null || true
    unset MACHINE_PID
}
