# Activation by each super-server.
#
# Each start_NAME takes PORT SERVICE [HANDLER OPTION...] and returns when NAME listens on PORT of 127.0.0.1.
# It starts SERVICE's handler for each connection (nowait). Its log and the handlers' standard error go to
# $ACTIVATION_LOG. stop_background ends it. Helpers for other modes are separate functions; those for
# lookup-server are at the end.

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

# super_server_of_datagrams NAME PORT COMMAND...: likewise, on UDP.
super_server_of_datagrams() {
    ACTIVATION_LOG=$(scratch)/$1.log
    start_background "$ACTIVATION_LOG" "${@:3}"
    wait_for has_datagrams "127.0.0.1:$2" || { cat "$ACTIVATION_LOG" >&2; return 1; }
}

start_tcpserver() {
    need tcpserver
    handler_command "${@:2}"
    # -H -R: no look-up of host and user names, which needs a resolver; -b: a backlog for all clients of the
    # tests.
    super_server tcpserver "$1" tcpserver -H -R -l 0 -b 1024 127.0.0.1 "$1" "${HANDLER[@]}"
}

start_socket_activate() {
    need systemd-socket-activate
    handler_command "${@:2}"
    super_server socket-activate "$1" systemd-socket-activate --inetd --accept --listen "127.0.0.1:$1" "${HANDLER[@]}"
}

# run_xinetd PORT CONFIG [udp]
run_xinetd() {
    [ "$(id -u)" = 0 ] || unavailable "xinetd takes root"
    need xinetd
    "super_server${3:+_of_datagrams}" xinetd "$1" xinetd -dontfork -f "$2" -pidfile "$2.pid" -filelog "$2.log"
}

# Uses the shipped file with this port, this build's handler and this user.
start_xinetd() {
    local config
    config=$(scratch)/xinetd.conf
    handler_command "${@:2}"
    sed -E "s|^( *port +=).*|\1 $1|
        s|^( *user +=).*|\1 $(id -un)|
        s|^( *server +=).*|\1 ${HANDLER[0]}|
        s|^( *server_args +=).*|\1 ${HANDLER[*]:1}|
        s|^( *disable +=) yes|\1 no|" "$ROOT/xinetd/$2" >"$config"
    # Checks that each substitution found its line, in the blocks of both families.
    [ "$(grep -cE "= ($1|$(id -un)|${HANDLER[0]}|${HANDLER[*]:1}|no)$" "$config")" = 12 ] || {
        echo "xinetd/$2 is not as expected" >&2
        return 1
    }
    run_xinetd "$1" "$config"
}

# run_inetd PORT CONFIG [udp]
run_inetd() {
    local inetd=$BUILD/openbsd-inetd/usr/sbin/inetd
    [ "$(id -u)" = 0 ] || unavailable "inetd takes root"
    [ -x "$inetd" ] || unavailable "openbsd-inetd is not unpacked in $BUILD"
    "super_server${3:+_of_datagrams}" inetd "$1" "$inetd" -i "$2"
}

start_inetd() {
    local config
    config=$(scratch)/inetd.conf
    handler_command "${@:2}"
    # By default, inetd stops a service after 256 requests a minute.
    printf '127.0.0.1:%s stream tcp nowait.1000000 %s %s %s\n' "$1" "$(id -un)" "${HANDLER[0]}" "${HANDLER[*]}" >"$config"
    run_inetd "$1" "$config"
}

# ---- lookup-server: one process for everything. Each function takes [SERVER OPTION...] last, including the
# service.

# server_command [OPTION...]: sets SERVER, with the book of the file's tests unless an option names another.
server_command() {
    SERVER=("$BUILD/lookup-server" --book "$BATS_FILE_TMPDIR/book.cdb" "$@")
}

has_datagrams() {
    [ -n "$(ss -Hlun "src $1")" ]
}

# start_server SOCKET... -- [OPTION...]: starts the server by superserver.py, which describes SOCKET, and
# restarts it after each exit. Sets SOCKETS to their addresses. SERVER_UNDER goes before the command; --once
# and --inetd go first.
start_server() {
    local sockets=()
    while [ "$1" != -- ]; do sockets+=("$1"); shift; done
    server_command "${@:2}"
    ACTIVATION_LOG=$(scratch)/superserver.log
    start_background "$ACTIVATION_LOG" /usr/bin/python3 "$ROOT/tests/tools/superserver.py" "${sockets[@]}" -- \
        "${SERVER_UNDER[@]}" "${SERVER[@]}"
    wait_for grep -q ^ready "$ACTIVATION_LOG"
    # shellcheck disable=SC2034 # for the tests
    mapfile -t SOCKETS < <(sed -n 's/^socket //p' "$ACTIVATION_LOG")
}

# The number of starts of the server, and its current process.
server_starts() {
    grep -c '^start ' "$ACTIVATION_LOG"
}

server_pid() {
    sed -n 's/^start [0-9]* //p' "$ACTIVATION_LOG" | tail -1
}

# server_ended STATUS: the server that was started last has exited with STATUS.
server_ended() {
    tail -1 <(grep -E '^(start|exit) ' "$ACTIVATION_LOG") | grep -Eq "^exit [0-9]+ $1\$"
}

# start_server_by_socket_activate NAME=PORT|PATH... -- [OPTION...]: listens at all of them, on PORT in both
# families (IPv4 only where IPv6 is off); the sockets have the names NAME. A leading -d means datagrams.
start_server_by_socket_activate() {
    local options=() names='' socket check=listens
    need systemd-socket-activate
    [ "$1" != -d ] || { options+=(-d); check=has_datagrams; shift; }
    while [ "$1" != -- ]; do
        socket=${1#*=}
        case $socket in
            /*) options+=(-l "$socket"); names+=:${1%%=*} ;;
            *)
                options+=(-l "127.0.0.1:$socket")
                names+=:${1%%=*}
                if has_ipv6; then options+=(-l "[::1]:$socket"); names+=:${1%%=*}; fi
                ;;
        esac
        shift
    done
    server_command "${@:2}"
    ACTIVATION_LOG=$(scratch)/socket-activate.log
    start_background "$ACTIVATION_LOG" systemd-socket-activate "${options[@]}" "--fdname=${names#:}" "${SERVER[@]}"
    # It creates the sockets in this order; a port is the last.
    if has_ipv6; then socket="[::1]:$socket"; else socket=127.0.0.1:$socket; fi
    wait_for "$check" "$socket" || { cat "$ACTIVATION_LOG" >&2; return 1; }
}

# start_server_by_inetd tcp|udp PORT [OPTION...]: listens on 127.0.0.1, in wait mode.
start_server_by_inetd() {
    local config kind=stream
    config=$(scratch)/inetd.conf
    [ "$1" = tcp ] || kind=dgram
    server_command "${@:3}"
    printf '127.0.0.1:%s %s %s wait.1000000 %s %s %s\n' "$2" "$kind" "$1" "$(id -un)" "${SERVER[0]}" "${SERVER[*]}" >"$config"
    run_inetd "$2" "$config" "${1#tcp}"
}

# start_server_by_xinetd tcp|udp PORT [OPTION...]: uses the shipped file, enabled and adapted as by
# start_xinetd.
start_server_by_xinetd() {
    local config file=lookup-wait
    config=$(scratch)/xinetd.conf
    [ "$1" = tcp ] || file=lookup-udp
    server_command "${@:3}"
    sed -E "s|^( *port +=).*|\1 $2|
        s|^( *user +=).*|\1 $(id -un)|
        s|^( *server +=).*|\1 ${SERVER[0]}|
        s|^( *server_args +=).*|\1 ${SERVER[*]:1}|
        s|^( *disable +=).*|\1 no|" "$ROOT/xinetd/$file" >"$config"
    [ "$(grep -cE "= ($2|$(id -un)|${SERVER[0]}|${SERVER[*]:1}|no|yes)$" "$config")" = 12 ] || {
        echo "xinetd/$file is not as expected" >&2
        return 1
    }
    run_xinetd "$2" "$config" "${1#tcp}"
}
