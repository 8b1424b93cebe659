#!/usr/bin/env bats
# bats file_tags=native,first
# What the README, the man pages and the comments in units tell people to write and to type works as it stands. One boot; each
# test leaves the machine with no socket of ours active.
# shellcheck disable=SC2016 # what is in single quotes is for the machine's shells

load lib
load machine

SOCKETS=(lookup.socket clock.socket hello.socket lookup-server.socket clock-server.socket hello-server.socket)
OUTSIDE=192.0.2.7 # an address of the machine's that is not loopback

setup_file() {
    boot_machine || return 0
    in_machine make -s -C /src install
    in_machine ip address add "$OUTSIDE/32" dev lo
}

teardown_file() {
    poweroff_machine
}

teardown() {
    [ -n "${MACHINE_PID:-}" ] || return 0
    [ -n "${BATS_TEST_COMPLETED:-}" ] || in_machine journalctl --quiet -n 60 -o short-precise
    in_machine systemctl stop "${SOCKETS[@]}" lookup-server.service 2>/dev/null
    in_machine sh -c 'rm -rf /etc/systemd/system/*.d /etc/lookup/lookup.env && systemctl daemon-reload && systemctl reset-failed'
}

# edited UNIT: standard input is what "systemctl edit UNIT" is given, and UNIT is started, with it, as if it had been active.
edited() {
    in_machine mkdir -p "/etc/systemd/system/$1.d"
    in_machine tee "/etc/systemd/system/$1.d/override.conf"
    in_machine systemctl daemon-reload
    in_machine systemctl restart "$1"
}

# readme_block WORDS: the indented block that follows the line with WORDS, in the README or in systemd/OPERATING.md.
readme_block() {
    awk -v words="$1" 'index($0, words) { found = 1; next }
        found && /^    / { print substr($0, 5); block = 1; next }
        block && !/^    / { exit }' "$ROOT/README.md" "$ROOT/systemd/OPERATING.md"
}

# asked_from HOST PORT [OPTION...]: an answer comes.
asked_from() {
    local question=John
    case $2 in
        8085) question=Date ;;
        8080)
            run -0 in_machine curl --silent --show-error --fail --max-time 60 "http://$1:$2/"
            return
            ;;
    esac
    run -0 in_machine lookup -w 60 "${@:3}" -h "$1" -p "$2" "$question"
}

unreachable() {
    run ! in_machine nc -z -w1 "$1" "$2"
}

# port_of UNIT
port_of() {
    case $1 in
        lookup*) echo 8084 ;;
        clock*) echo 8085 ;;
        hello*) echo 8080 ;;
    esac
}

@test "the comment in each socket unit opens it to the network" {
    local socket port
    for socket in "${SOCKETS[@]}"; do
        port=$(port_of "$socket")
        in_machine systemctl start "$socket"
        unreachable "$OUTSIDE" "$port"
        sed -n 's/^#   //p' "$BUILD/systemd/$socket" | edited "$socket"
        asked_from "$OUTSIDE" "$port"
        asked_from 127.0.0.1 "$port"
        teardown
    done
}

@test "README: the two blocks that open TCP to the network do, and UDP stays at home" {
    readme_block '`systemctl edit lookup.socket`' | edited lookup.socket
    asked_from "$OUTSIDE" 8084
    asked_from ::1 8084
    run -0 in_machine lookup -U /run/lookup/lookup.sock John
    teardown
    readme_block '`systemctl edit lookup-server.socket`' | edited lookup-server.socket
    asked_from "$OUTSIDE" 8084
    asked_from 127.0.0.1 8084 -u
    run -0 in_machine lookup -U /run/lookup/lookup.sock John
    run -0 in_machine lookup -u -U /run/lookup/lookup.dgram John
    run -2 in_machine lookup -w 1 -u -h "$OUTSIDE" John
}

@test "README: a restart of the socket is all that new addresses need, also while it serves" {
    local socket
    for socket in lookup.socket lookup-server.socket; do
        in_machine systemctl start "$socket"
        asked_from 127.0.0.1 8084
        readme_block "\`systemctl edit $socket\`" | edited "$socket"
        asked_from "$OUTSIDE" 8084
        asked_from 127.0.0.1 8084
        # As a restart of the server alone leaves it, if the socket has lost its descriptors.
        in_machine systemctl stop "$socket" lookup-server.service
        in_machine systemctl start "$socket"
        asked_from 127.0.0.1 8084
        printf '[Socket]\nListenStream=\nListenStream=127.0.0.1:8084\n' | in_machine tee "/etc/systemd/system/$socket.d/override.conf"
        in_machine systemctl daemon-reload
        run in_machine systemctl restart lookup-server.service
        in_machine systemctl restart "$socket"
        asked_from 127.0.0.1 8084
        unreachable "$OUTSIDE" 8084
        teardown
    done
}

@test "the addresses in a socket unit are heeded, whatever it listens on" {
    printf '[Socket]\nListenStream=\nListenStream=8084\nIPAddressAllow=192.0.2.0/28\n' | edited lookup.socket
    in_machine ip address add 198.51.100.7/32 dev lo
    asked_from "$OUTSIDE" 8084
    unreachable 198.51.100.7 8084
    in_machine ip address del 198.51.100.7/32 dev lo
}

@test "README: the line for inetd, on loopback alone" {
    [ -x "$BUILD/openbsd-inetd/usr/sbin/inetd" ] || unavailable "openbsd-inetd is not unpacked in $BUILD"
    readme_block 'For inetd:' | in_machine tee /run/inetd.conf
    in_machine systemd-run --quiet --collect --unit=inetd /src/build/openbsd-inetd/usr/sbin/inetd -i /run/inetd.conf
    wait_for in_machine nc -z 127.0.0.1 8084
    asked_from 127.0.0.1 8084
    assert_output C45
    unreachable "$OUTSIDE" 8084
    in_machine systemctl stop inetd
}

@test "README: what stands in for a superserver" {
    local command count=0
    while read -r command; do
        in_machine systemd-run --quiet --collect --unit=stand-in sh -c "exec $command"
        wait_for in_machine nc -z 127.0.0.1 8084
        asked_from 127.0.0.1 8084
        assert_output C45
        unreachable "$OUTSIDE" 8084
        in_machine systemctl stop stand-in
        count=$((count + 1))
    done < <(readme_block 'one of these stands in for it')
    assert_equal "$count" 2
}

@test "README: the options in lookup.env are heeded, by handlers and by the server" {
    local socket
    readme_block 'is read at each start' | in_machine tee /etc/lookup/lookup.env
    for socket in clock.socket clock-server.socket; do
        in_machine systemctl start "$socket"
        before=$(TZ=Europe/Berlin date '+%F %T')
        run -0 in_machine lookup -w 60 -s clock 'Date and Time'
        after=$(TZ=Europe/Berlin date '+%F %T')
        [[ ! ${output%.*} < $before && ! ${output%.*} > $after ]]
        in_machine journalctl --sync
        in_machine sh -c 'journalctl --quiet -o cat | grep -c "\"DATE AND TIME\" hit"'
    done
    # --workers auto: there is a process for each core, and one that looks after them, if there are more cores than one.
    [ "$(in_machine systemctl show --property ExecMainStatus --value lookup-server.service)" = 0 ]
}

@test "README: a socket that failed for a mistake listens again after a restart" {
    echo 'LOOKUP_SERVER_OPTIONS=--nonsense' | in_machine tee /etc/lookup/lookup.env
    printf '[Socket]\nTriggerLimitBurst=5\nTriggerLimitIntervalSec=600\n' | edited lookup-server.socket
    run ! in_machine lookup -w 60 John
    wait_for in_machine systemctl --quiet is-failed lookup-server.socket
    in_machine sh -c 'rm -r /etc/lookup/lookup.env /etc/systemd/system/lookup-server.socket.d && systemctl daemon-reload'
    in_machine systemctl restart lookup-server.socket
    asked_from 127.0.0.1 8084
    assert_output C45
}

@test "README: finger and whois, from both kinds of socket" {
    need finger whois
    local socket
    printf 'finger 79/tcp\nwhois 43/tcp nicname\n' | in_machine tee /etc/services
    for socket in lookup.socket lookup-server.socket; do
        readme_block '`finger` and `whois` ask, too' | edited "$socket"
        run -0 in_machine timeout 60 finger John@localhost
        assert_line --regexp $'^C45\r?$'
        run -0 in_machine timeout 60 finger -l Denise@localhost
        assert_line --regexp $'^C44\r?$'
        run -0 in_machine timeout 60 whois -h localhost John
        assert_output --regexp $'^C45\r?$'
        asked_from 127.0.0.1 8084
        teardown
    done
}

# as_user HOME COMMAND...: as a user without a name, whose manager has its files in that folder.
as_user() {
    in_machine setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$1" XDG_RUNTIME_DIR="$1" "${@:2}"
}

@test "OPERATING.md: without root, under the user's own manager" {
    local home=/run/user-65534
    in_machine systemd-run --quiet --collect --unit=users-manager -p User=65534 -p Delegate=yes -p RuntimeDirectory=user-65534 \
        -p Environment="HOME=$home XDG_RUNTIME_DIR=$home" /lib/systemd/systemd --user
    wait_for in_machine test -S "$home/systemd/private"
    as_user "$home" mkdir -p "$home/.config/systemd/user"
    readme_block 'do instead; the server confines itself' | as_user "$home" tee "$home/.config/systemd/user/lookup.socket"
    readme_block 'and its service, `lookup.service`' | as_user "$home" tee "$home/.config/systemd/user/lookup.service"
    as_user "$home" bash -euc "cd /src; $(readme_block 'Then, in the clone')"
    run -0 in_machine lookup -w 60 -h 127.0.0.1 John
    assert_output C45
    as_user "$home" systemctl --user is-active lookup.service
    in_machine systemctl stop users-manager
}

# nagios_check ADDRESS: the command of README's recipe, as Nagios runs it.
nagios_check() {
    local command
    command=$(readme_block 'As a command of Nagios' | sed -n 's/^ *command_line //p')
    run in_machine sh -c "${command//\$HOSTADDRESS\$/$1}"
}

# icinga_check ADDRESS: likewise, as Icinga does.
icinga_check() {
    local command
    command=$(readme_block 'and of Icinga' | sed -n 's/^ *command = //p')
    mapfile -t command < <(jq -r '.[]' <<<"${command//\$address\$/$1}")
    run in_machine "${command[@]}"
}

@test "README: the checks of Nagios and Icinga: all is well, a name that is gone, no service" {
    local check
    need jq
    in_machine systemctl start lookup.socket
    for check in nagios_check icinga_check; do
        "$check" 127.0.0.1
        assert_equal "$status" 0
        assert_output C45
    done
    in_machine sh -c 'echo "Adam = B23" | lookup-book compile --format plain - /var/lib/lookup/book.cdb'
    for check in nagios_check icinga_check; do
        "$check" 127.0.0.1
        assert_equal "$status" 1
        assert_output 'UNKNOWN NAME: JOHN'
    done
    in_machine rm /var/lib/lookup/book.cdb
    nagios_check 127.0.0.1
    assert_equal "$status" 2
    in_machine lookup-book compile /etc/lookup/book.txt /var/lib/lookup/book.cdb
    in_machine systemctl stop lookup.socket
    for check in nagios_check icinga_check; do
        "$check" 127.0.0.1
        assert_equal "$status" 2
        [ -n "$output" ]
    done
}

@test "README: Prometheus is told what the unit's server does, and only when it was asked for" {
    local promtool=$BUILD/prometheus/usr/bin/promtool
    in_machine systemctl start lookup-server.socket hello-server.socket
    run ! in_machine curl --silent --fail http://localhost:8080/metrics
    teardown
    readme_block 'that is told so in' | in_machine tee /etc/lookup/lookup.env
    in_machine systemctl start lookup-server.socket hello-server.socket
    asked_from 127.0.0.1 8084
    run -0 in_machine curl --silent --fail http://localhost:8080/metrics
    assert_line 'lookup_requests_total{service="lookup",result="hit"} 1'
    [ -x "$promtool" ] || unavailable "promtool is not unpacked in $BUILD"
    readme_block 'In `prometheus.yml`' >"$BATS_TEST_TMPDIR/prometheus.yml"
    run -0 "$promtool" check config "$BATS_TEST_TMPDIR/prometheus.yml"
}

@test "systemctl start lookup-server.service without a socket says what to start instead" {
    run ! in_machine systemctl start lookup-server.service
    in_machine journalctl --sync
    run in_machine systemctl status lookup-server.service
    assert_output --partial 'start lookup-server.socket'
}

@test "enabling both kinds of activation is refused at once, and the first choice stays" {
    local name
    for name in lookup clock hello; do
        in_machine systemctl enable "$name.socket"
        run ! in_machine systemctl enable "$name-server.socket"
        assert_output --partial "already exists and is a symlink to"
        assert_output --partial "/$name.socket"
        run -0 in_machine systemctl is-enabled "$name.socket"
        in_machine systemctl disable "$name.socket"
        in_machine systemctl enable "$name-server.socket"
        run -0 in_machine systemctl is-enabled "$name-server.socket"
        run ! in_machine systemctl enable "$name.socket"
        in_machine systemctl disable "$name-server.socket"
    done
}

@test "a socket says at its start what a handler would lack: the book, a part of its confinement" {
    in_machine mv /var/lib/lookup/book.cdb /var/lib/lookup/kept
    in_machine systemctl start lookup.socket
    in_machine mv /var/lib/lookup/kept /var/lib/lookup/book.cdb
    in_machine journalctl --sync
    run -0 in_machine journalctl --quiet -o cat -u lookup.socket
    assert_line --partial 'address book /var/lib/lookup/book.cdb: No such file or directory'
    in_machine systemctl is-active lookup.socket
    # An instance without Landlock, however often it is started, says so once.
    printf '[Service]\nSystemCallFilter=~landlock_create_ruleset\n' | edited lookup@.service || true
    for _ in 1 2 3 4 5; do
        asked_from 127.0.0.1 8084
    done
    in_machine journalctl --sync
    run -0 in_machine sh -c 'journalctl --quiet -o cat | grep -c "not confined by Landlock"'
    assert_output 1
}

# examples PAGE: the commands in it, one a line.
examples() {
    sed -n 's/^\.Dl [#$] //p' "$ROOT/src/main/$1"
}

@test "the examples of the man pages" {
    local page command
    in_machine sh -c 'mkdir -p /run/here && cd /run/here && printf "name,office\nJohn,C45\nDenise,C44\n" >staff.csv &&
        printf "name,office\nZo\351,G1\n" >guests.csv && printf "John,Smith\nDenise,Miller\n" >people.csv &&
        cp -a /var/lib/lookup /run/lookup-kept && cp /etc/hosts /run/hosts && echo 127.0.0.1 books.example.org >>/run/hosts &&
        mount --bind /run/hosts /etc/hosts'
    for page in lookup-book.1 lookup-server.8 lookup-handler.8; do
        [ -n "$(examples "$page")" ]
        while read -r command; do
            run -0 in_machine sh -c 'cd /run/here && PATH=$PATH:/usr/local/libexec/lookup && eval "$1"' sh "$command" 3>&-
            [ -n "$output" ] || [[ $command = *compile* ]] || fail "$command: no output"
        done < <(examples "$page")
        in_machine systemctl disable lookup-server.socket
    done
    in_machine sh -c 'umount /etc/hosts; rm -r /var/lib/lookup && mv /run/lookup-kept /var/lib/lookup'
}
