# Activation by each super-server. All take
#     start_NAME PORT SERVICE [HANDLER OPTION...]
# and return when it listens on PORT of 127.0.0.1, with SERVICE's handler started for each connection (nowait); its log,
# and what a handler wrote to its standard error, is in $ACTIVATION_LOG. stop_background ends it. The parts that do not
# depend on nowait and streams stand apart, for the other modes.

# handler_command SERVICE [OPTION...]: sets HANDLER, the command with the book of the file's tests.
handler_command() {
    local service=$1
    shift
    HANDLER=("$BUILD/lookup-handler" --book "$BATS_FILE_TMPDIR/book.cdb" "$@" "$service")
}

# super_server NAME PORT COMMAND...
super_server() {
    ACTIVATION_LOG=$(scratch)/$1.log
    start_background "$ACTIVATION_LOG" "${@:3}"
    wait_for_listen "127.0.0.1:$2" "$ACTIVATION_LOG"
}

start_tcpserver() {
    need tcpserver
    handler_command "${@:2}"
    # Without names of hosts and users, which take a resolver.
    super_server tcpserver "$1" tcpserver -H -R -l 0 127.0.0.1 "$1" "${HANDLER[@]}"
}

start_socket_activate() {
    need systemd-socket-activate
    handler_command "${@:2}"
    super_server socket-activate "$1" systemd-socket-activate --inetd --accept --listen "127.0.0.1:$1" "${HANDLER[@]}"
}

# run_xinetd PORT CONFIG
run_xinetd() {
    [ "$(id -u)" = 0 ] || unavailable "xinetd takes root"
    need xinetd
    super_server xinetd "$1" xinetd -dontfork -f "$2" -pidfile "$2.pid" -filelog "$2.log"
}

# The shipped file, with this port, this build's handler and this user.
start_xinetd() {
    local config
    config=$(scratch)/xinetd.conf
    handler_command "${@:2}"
    sed -E "s|^( *port +=).*|\1 $1|
        s|^( *user +=).*|\1 $(id -un)|
        s|^( *server +=).*|\1 ${HANDLER[0]}|
        s|^( *server_args +=).*|\1 ${HANDLER[*]:1}|" "$ROOT/xinetd/$2" >"$config"
    # Each substitution has found its line, in the blocks of both families.
    [ "$(grep -cE "= ($1|$(id -un)|${HANDLER[0]}|${HANDLER[*]:1})$" "$config")" = 8 ] || {
        echo "xinetd/$2 is not as expected" >&2
        return 1
    }
    run_xinetd "$1" "$config"
}

# run_inetd PORT CONFIG
run_inetd() {
    local inetd=$BUILD/openbsd-inetd/usr/sbin/inetd
    [ "$(id -u)" = 0 ] || unavailable "inetd takes root"
    [ -x "$inetd" ] || unavailable "openbsd-inetd is not unpacked in $BUILD"
    super_server inetd "$1" "$inetd" -i "$2"
}

start_inetd() {
    local config
    config=$(scratch)/inetd.conf
    handler_command "${@:2}"
    # By itself it stops a service that is asked 256 times a minute.
    printf '127.0.0.1:%s stream tcp nowait.1000000 %s %s %s\n' "$1" "$(id -un)" "${HANDLER[0]}" "${HANDLER[*]}" >"$config"
    run_inetd "$1" "$config"
}
