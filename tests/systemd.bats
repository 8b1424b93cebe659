#!/usr/bin/env bats
# bats file_tags=native,first
# The shipped units, as `make install` puts them, under a real systemd. One boot for all; each test leaves the machine as
# it found it: installed, the three sockets active, the sample book in place.
# shellcheck disable=SC2016 # what is in single quotes is for the machine's shells

load lib
load machine

setup_file() {
    boot_machine || return 0
    in_machine make -s -C /src install
    in_machine systemctl start lookup.socket clock.socket hello.socket
}

teardown_file() {
    poweroff_machine
}

teardown() {
    [ -n "${MACHINE_PID:-}" ] || return 0
    in_machine sh -c 'rm -rf /run/systemd/system/*.d /etc/lookup/lookup.env'
    in_machine systemctl daemon-reload
    wait_for no_instance
}

ask() {
    in_machine sh -c 'printf %s "$1" | nc -N "$2" "$3"' sh "$1" "${2:-localhost}" "${3:-8084}"
}

instances() {
    in_machine systemctl list-units --all --plain --no-legend 'lookup@*' 'lookup-unix@*' 'clock@*' 'hello@*'
}

# Neither running nor, done with, still remembered.
no_instance() {
    [ -z "$(instances)" ]
}

# with_options OPTION...: the handlers run with these from now on, until the test is over.
with_options() {
    printf 'LOOKUP_OPTIONS="%s"\n' "$*" | in_machine tee /etc/lookup/lookup.env >/dev/null
}

mark_journal() {
    in_machine journalctl --sync
    CURSOR=$(in_machine journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
    [ -n "$CURSOR" ]
}

# All that anybody, PID 1 included, has said about us since mark_journal. The machine's own name is like ours.
journal() {
    in_machine journalctl --sync
    in_machine journalctl --quiet --after-cursor="$CURSOR" -o short --no-hostname | grep -Ei 'lookup|clock|hello' || true
}

@test "systemd-analyze verify has nothing to say" {
    run -0 in_machine sh -c 'cd /usr/local/lib/systemd/system && systemd-analyze --man=no verify ./*.path ./*.socket ./*.timer ./*.service 2>&1'
    assert_output ''
    run -0 in_machine sh -c 'ls /usr/local/lib/systemd/system'
    assert_output "$(cd "$BUILD/systemd" && ls -- *.path *.socket *.timer *.service)"
}

@test "the man pages that the units name are installed" {
    local page
    for page in $(sed -n 's/^Documentation=//p' "$BUILD"/systemd/*.{path,socket,timer,service} | tr ' ' '\n' | sort -u); do
        [[ $page =~ ^man:(.*)\((.)\)$ ]]
        in_machine test -e "/usr/local/share/man/man${BASH_REMATCH[2]}/${BASH_REMATCH[1]}.${BASH_REMATCH[2]}"
    done
    [ -n "$page" ]
}

@test "nc asks lookup, in both families" {
    local host
    for host in localhost 127.0.0.1 ::1; do
        run -0 ask John "$host"
        assert_output C45
    done
    run -0 ask $'Joan\n'
    assert_output 'UNKNOWN NAME: JOAN'
}

@test "lookup answers on its Unix socket, to any user" {
    run -0 in_machine setpriv --reuid=65534 --clear-groups lookup -U /run/lookup/lookup.sock John
    assert_output C45
}

@test "nc asks clock, in both families" {
    local host
    for host in localhost 127.0.0.1 ::1; do
        run -0 ask Date "$host" 8085
        assert_output --regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
    done
}

@test "curl asks hello, in both families" {
    local host
    for host in localhost 127.0.0.1 '[::1]'; do
        run -0 in_machine curl --silent --show-error --fail "http://$host:8080/"
        assert_output --regexp '^Hello From Server at [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{6}$'
    done
}

@test "every golden case of lookup, clock and hello, by TCP and by Unix socket" {
    local golden=/src/tests/tools/golden.py
    in_machine mv /var/lib/lookup/book.cdb /var/lib/lookup/kept
    in_machine lookup-book compile /src/tests/book.txt /var/lib/lookup/book.cdb
    # With clients that keep their side open, the shortest table only: an instance each takes most of the time.
    in_machine "$golden" --tcp 127.0.0.1:8084 --ends /src/tests/golden/lookup.golden
    in_machine "$golden" --unix /run/lookup/lookup.sock --ends /src/tests/golden/lookup.golden
    in_machine "$golden" --tcp 127.0.0.1:8085 /src/tests/golden/clock.golden
    in_machine "$golden" --tcp 127.0.0.1:8080 --ends /src/tests/golden/hello.golden
    in_machine mv /var/lib/lookup/kept /var/lib/lookup/book.cdb
}

@test "an instance runs as the user lookup and nobody else, with no privilege" {
    run -0 in_machine bash -c '
        exec 3<>/dev/tcp/127.0.0.1/8080
        printf GET >&3
        for try in {1..2000}; do
            instance=$(systemctl list-units --plain --no-legend "hello@*" | cut -d " " -f 1)
            pid=$(systemctl show --property MainPID --value "$instance")
            # Until it has executed the handler it is still systemd, on its way.
            [[ $(tr "\0" " " <"/proc/$pid/cmdline") = */lookup-handler* ]] && break
            read -rt 0.05 <> <(:)
        done
        stat --format %U:%G "/proc/$pid"
        sed -n "s/^\(CapEff\|NoNewPrivs\):\t//p" "/proc/$pid/status"'
    assert_output $'lookup:lookup\n0000000000000000\n1'
}

@test "300 misses leave no failed and no remembered instance" {
    run -0 in_machine /src/tests/tools/crowd.py 127.0.0.1 8084 300 8 Joan
    assert_line --index 0 "300 answered 'UNKNOWN NAME: JOAN\\n'"
    wait_for no_instance
}

@test "nothing in the journal for a hit, a miss, an error or a client that goes away" {
    mark_journal
    ask $'John\n'
    ask $'Joan\n'
    ask $'\n'
    ask Date localhost 8085
    in_machine curl --silent http://localhost:8080/nothing
    in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/8084'
    wait_for no_instance
    run -0 journal
    assert_output ''
}

@test "--verbose by LOOKUP_OPTIONS: one line with peer, folded request and result" {
    with_options --verbose
    mark_journal
    ask $' john \n' 127.0.0.1
    wait_for no_instance
    run -0 journal
    assert_equal "${#lines[@]}" 1
    assert_output --regexp 'lookup-handler\[[0-9]+\]: .*127\.0\.0\.1.*"JOHN" '
}

@test "no book: the client is told, the journal too, and no failed instance piles up" {
    local begun=$SECONDS
    in_machine mv /var/lib/lookup/book.cdb /var/lib/lookup/kept
    mark_journal
    run -0 in_machine /src/tests/tools/crowd.py 127.0.0.1 8084 50 8 John
    assert_line --index 0 "50 answered 'ERROR: address book unavailable\\n'"
    wait_for no_instance
    in_machine mv /var/lib/lookup/kept /var/lib/lookup/book.cdb
    run -0 journal
    # One line of one instance in 10 s, and nothing of PID 1.
    [ "${#lines[@]}" -le $((1 + (SECONDS - begun + 1) / 10)) ]
    assert_equal "$(printf '%s\n' "${lines[@]##*: address }" | sort -u)" 'book /var/lib/lookup/book.cdb: No such file or directory'
    run -0 ask John
    assert_output C45
}

@test "1,000 connections within 2 s leave the socket able to answer" {
    for _ in 1 2 3 4 5; do
        run -0 in_machine /src/tests/tools/crowd.py 127.0.0.1 8084 1000 1000 John
        refute_output --partial hung
        assert_output --partial "answered 'C45\\n'"
        # A tester too slow to be a burst has shown nothing; on a busy machine it may have to leave it at that.
        [[ ${lines[-1]} =~ ([0-9]+)\ ms ]] && [ "${BASH_REMATCH[1]}" -lt 2000 ] && break
        echo "# it took ${lines[-1]##* after }" >&3
    done
    run -0 in_machine systemctl is-active lookup.socket
    run -0 ask John
    assert_output C45
    wait_for no_instance
}

@test "silent TCP clients hold no instance" {
    run -0 in_machine bash -c '
        for i in {1..400}; do exec {fd}<>/dev/tcp/127.0.0.1/8084; done
        printf "John\n" | nc -N -s 127.0.0.1 127.0.0.1 8084
        until [ "$(systemctl show --property NConnections --value lookup.socket)" = 0 ]; do :; done'
    assert_output C45
}

@test "clients that never finish, at one address, do not keep another from being served" {
    with_options --timeout 100 # none of them ends before the places are taken
    run -0 in_machine bash -c '
        for i in {1..300}; do exec {fd}<>/dev/tcp/127.0.0.1/8080; printf GET >&$fd; done 2>/dev/null
        curl --silent --interface 127.0.0.1 http://127.0.0.1:8080/ >/dev/null || echo dropped
        curl --silent --interface 127.0.0.2 http://127.0.0.1:8080/'
    assert_line --index 0 dropped
    assert_line --index 1 --partial 'Hello From Server'
}

# many_then WHERE OTHER: 300 clients of WHERE (tcp or unix) begin a request or, by Unix, say nothing, and then one asks at OTHER.
many_then() {
    in_machine /usr/bin/python3 -c '
import socket, sys
def client(where, host="127.0.0.1"):
    if where == "tcp":
        return socket.create_connection(("127.0.0.1", 8084), 60, (host, 0))
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(60)
    one.connect("/run/lookup/lookup.sock")
    return one
crowd = [client(sys.argv[1], f"127.0.0.{1 + i // 60}") for i in range(300)]
for one in crowd if sys.argv[1] == "tcp" else []:
    one.sendall(b" ")
with client(sys.argv[2]) as other:
    other.sendall(b"John\n")
    print(other.recv(99).decode(), end="")' "$@"
}

@test "whoever takes all places of the Unix socket leaves those of TCP alone, and the other way round" {
    run -0 many_then unix tcp
    assert_output C45
    wait_for no_instance
    run -0 many_then tcp unix
    assert_output C45
}

@test "a silent client's instance ends at the deadline, without an answer or a fault" {
    with_options --timeout 1
    mark_journal
    run -0 in_machine timeout 120 python3 -c '
import socket
with socket.socket(socket.AF_UNIX) as unix:
    unix.connect("/run/lookup/lookup.sock")
    print(unix.recv(99))'
    assert_output "b''"
    wait_for no_instance
    run -0 journal
    assert_output ''
}

@test "the socket survives that its instances are killed" {
    local signal
    for signal in KILL TERM SEGV; do
        run -0 in_machine bash -c '
            exec 3<>/dev/tcp/127.0.0.1/8080
            printf GET >&3
            until [ -n "$(systemctl list-units --plain --no-legend "hello@*")" ]; do read -rt 0.05 <> <(:); done
            systemctl kill --signal="$1" "hello@*.service"
            timeout 120 cat <&3 2>/dev/null || [ $? = 1 ]' bash "$signal"
        assert_output ''
        run -0 in_machine curl --silent http://127.0.0.1:8080/
        assert_output --partial 'Hello From Server'
    done
    wait_for no_instance
}

@test "a book replaced while it is asked: each answer is wholly from one book" {
    in_machine cp -a /var/lib/lookup/book.cdb /var/lib/lookup/kept
    run -0 in_machine bash -c '
        printf "Twin = %s\n" A1 A2 A3 >/run/a.txt
        printf "Twin = %s\n" B1 B2 B3 >/run/b.txt
        replace() { lookup-book compile "/run/$1.txt" /var/lib/lookup/book.cdb; } &>/dev/null
        replace a
        while [ ! -e /run/done ]; do replace b; replace a; done &
        /src/tests/tools/crowd.py 127.0.0.1 8084 200 4 Twin
        touch /run/done
        wait
        rm /run/done'
    in_machine mv /var/lib/lookup/kept /var/lib/lookup/book.cdb
    # Two sorts of answer, both seen, and the line about the time.
    assert_equal "${#lines[@]}" 3
    assert_output --partial " answered 'A1\\nA2\\nA3\\n'"
    assert_output --partial " answered 'B1\\nB2\\nB3\\n'"
}

@test "our client tries each address of localhost" {
    local address
    run -0 in_machine python3 -c 'import socket; print(*sorted({a[4][0] for a in socket.getaddrinfo("localhost", 1)}))'
    assert_output '127.0.0.1 ::1'
    for address in 127.0.0.1 ::1; do
        run -0 in_machine bash -c '
            exec 3< <(exec /src/tests/tools/stand-in.py "tcp:$1" echo)
            server=$!
            read -r port <&3
            timeout 60 lookup -h localhost -p "$port" John
            kill $server' bash "$address"
        assert_output '<John>'
    done
}

@test "stopped, restarted and enabled, as any socket unit" {
    in_machine systemctl stop lookup.socket
    run ! ask John
    run ! in_machine test -e /run/lookup/lookup.sock
    in_machine systemctl enable --now lookup.socket
    run -0 in_machine systemctl is-enabled lookup.socket
    run -0 ask John
    assert_output C45
    in_machine systemctl restart lookup.socket
    run -0 ask John ::1
    assert_output C45
    in_machine systemctl disable lookup.socket
}

@test "make install again keeps the book and its source as the admin made them" {
    in_machine cp -a /etc/lookup /run/etc
    in_machine cp -a /var/lib/lookup /run/var
    in_machine sh -c 'echo "Zoe = Z1" >/etc/lookup/book.txt'
    in_machine lookup-book compile /etc/lookup/book.txt /var/lib/lookup/book.cdb
    # As on a machine whose /etc is read-only.
    in_machine unshare --mount sh -c 'mount --rbind /etc /etc && mount -o remount,ro,bind /etc && make -s -C /src install'
    run -0 in_machine cat /etc/lookup/book.txt
    assert_output 'Zoe = Z1'
    run -0 ask Zoe
    assert_output Z1
    in_machine sh -c 'rm -r /etc/lookup /var/lib/lookup; mv /run/etc /etc/lookup; mv /run/var /var/lib/lookup'
}

@test "make install with DESTDIR and PREFIX: all below DESTDIR, all paths below PREFIX, nothing in /var" {
    local file dest='/run/a stage'
    in_machine make -s -C /src install DESTDIR="$dest" PREFIX=/usr
    run -0 in_machine sh -c 'cd "$1" && find . -type f | sort' sh "$dest"
    for file in usr/bin/lookup usr/bin/lookup-book usr/libexec/lookup/lookup-handler usr/libexec/lookup/compile-book \
        usr/lib/systemd/system/lookup.socket usr/lib/systemd/system/lookup@.service usr/lib/tmpfiles.d/lookup.conf \
        etc/xinetd.d/lookup etc/lookup/book.txt; do
        assert_line "./$file"
    done
    refute_output --partial ./var
    run -1 in_machine grep -r /usr/local "$dest/usr/lib" "$dest/usr/libexec/lookup/compile-book" "$dest/etc"
    run -0 in_machine grep -h /usr/libexec "$dest/usr/lib/systemd/system/lookup@.service" "$dest/etc/xinetd.d/lookup"
    in_machine make -s -C /src uninstall DESTDIR="$dest" PREFIX=/usr
    run -0 in_machine sh -c 'cd "$1" && find . -type f | sort' sh "$dest"
    assert_output ./etc/lookup/book.txt
    in_machine rm -r "$dest"
}

@test "make install and uninstall for a user alone leave the system's as they are" {
    local as=(setpriv --reuid=65534 --regid=65534 --clear-groups make -s -C /src PREFIX=/run/home)
    in_machine install -d -o nobody /run/home
    in_machine "${as[@]}" install
    run -0 in_machine /run/home/bin/lookup John
    assert_output C45
    in_machine "${as[@]}" uninstall
    run -0 in_machine find /run/home -type f
    assert_output ''
    in_machine test -e /etc/xinetd.d/lookup
    in_machine systemctl --quiet is-active lookup.socket
    in_machine rm -r /run/home
}

@test "make install elsewhere says if systemd does not find it, and UNITDIR= mends that" {
    run -0 in_machine make -s -C /src install PREFIX=/run/opt
    assert_line --partial 'systemd does not search /run/opt/lib/systemd/system: set UNITDIR=/etc/systemd/system'
    # The installation in another place runs on.
    in_machine make -s -C /src uninstall PREFIX=/run/opt
    in_machine systemctl --quiet is-active lookup.socket
    in_machine test -e /etc/xinetd.d/lookup
    run -0 in_machine make -s -C /src install PREFIX=/run/opt UNITDIR=/etc/systemd/system
    refute_output --partial 'does not search'
    refute_output --partial hides
    in_machine systemctl start lookup.socket
    run -0 in_machine systemctl show --property ExecStart lookup@x.service
    assert_output --partial path=/run/opt/libexec
    run -0 ask John
    assert_output C45
    wait_for no_instance
    # What is installed behind its back is told so, and taken away without it.
    run -0 in_machine make -s -C /src install
    assert_line --partial 'systemd uses /etc/systemd/system/lookup.socket, which hides /usr/local/lib/systemd/system/lookup.socket'
    in_machine make -s -C /src uninstall
    in_machine systemctl --quiet is-active lookup.socket
    in_machine make -s -C /src uninstall PREFIX=/run/opt UNITDIR=/etc/systemd/system
    run -0 in_machine find /run/opt /etc/systemd/system -name '*lookup*'
    assert_output ''
    in_machine make -s -C /src install
    in_machine systemctl start lookup.socket clock.socket hello.socket
}

@test "what systemd enables in a new machine made of an image is none of ours" {
    in_machine sh -c 'systemctl preset-all --preset-mode=enable-only 2>/dev/null'
    run -0 in_machine find /etc/systemd/system -name '*lookup*' -o -name '*clock*' -o -name '*hello*'
    assert_output ''
}

# bats test_tags=native
@test "make install restarts a socket that failed, and keeps what the admin made of the xinetd files" {
    in_machine sed -i 's/\(disable *= \)yes/\1no/' /etc/xinetd.d/clock
    in_machine sh -c 'mkdir -p /run/systemd/system/clock.socket.d && printf "[Socket]\nExecStartPre=/nothing\n" >/run/systemd/system/clock.socket.d/x.conf &&
        systemctl daemon-reload && ! systemctl restart clock.socket && rm -r /run/systemd/system/clock.socket.d'
    in_machine make -s -C /src install
    run -0 ask Date localhost 8085
    assert_output --regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
    run -0 in_machine grep -c '^ *disable *= no' /etc/xinetd.d/clock
    assert_output 2
}

# under_load COMMAND: runs it in the machine while 3 clients ask lookup; sets $output to how their requests ended.
under_load() {
    run -0 in_machine bash -euc '
        rm -rf /run/load && mkdir /run/load
        /src/tests/tools/fates.py 8084 3 John C45 /run/load >/run/load/fates & asking=$!
        until [ -e /run/load/begun ]; do kill -0 $asking; read -rt 0.02 <> <(:) || true; done
        bash -euc "$1" >/dev/null
        touch /run/load/enough
        wait $asking
        cat /run/load/fates' bash "$1"
    # Whatever happens, no answer is half or another's.
    refute_line --partial 'other bytes'
}

# comes_and_goes SOCKET: under load, no request is lost when it is upgraded, and each is answered wholly or not at all when it is
# uninstalled and installed again: systemd accepts who waits in a socket that is about to stop, and closes the connection.
comes_and_goes() {
    in_machine systemctl start "$1"
    under_load 'make -s -C /src install'
    assert_line --regexp '^[1-9][0-9]* answered$'
    refute_line --regexp '(refused|closed)$'
    under_load 'make -s -C /src uninstall'
    assert_line --regexp '^[1-9][0-9]* answered$'
    run -1 in_machine journalctl -q -b -o cat -u 'lookup@*' -u lookup-server.service -g 'Failed at step|Failed to execute'
    assert_output ''
    under_load "make -s -C /src install; systemctl start $1
        until [ \"\$(lookup -w 60 John)\" = C45 ]; do :; done"
    assert_line --regexp '^[1-9][0-9]* answered$'
}

# bats test_tags=native
@test "under load: upgraded, no request is lost; uninstalled and installed again, each is answered wholly or not at all" {
    comes_and_goes lookup.socket
    comes_and_goes lookup-server.socket
    in_machine systemctl start lookup.socket clock.socket hello.socket
}

@test "make uninstall leaves the handler until who was accepted is served" {
    local client uninstall
    # The instance starts when the test opens the pipe.
    in_machine sh -c 'mkfifo /run/gate && mkdir -p /run/systemd/system/lookup@.service.d &&
        printf "[Service]\nExecStartPre=+/bin/cat /run/gate\nTimeoutStartSec=300\n" >/run/systemd/system/lookup@.service.d/x.conf &&
        systemctl daemon-reload'
    in_machine lookup -w 300 -h 127.0.0.1 John >"$BATS_TEST_TMPDIR/answer" &
    client=$!
    wait_for in_machine sh -c 'systemctl list-units --state=activating "lookup@*" | grep -q lookup@'
    in_machine make -s -C /src uninstall &
    uninstall=$!
    # So it waits: see stop-units.
    wait_for in_machine pgrep -fx 'sleep 0\.1'
    in_machine timeout 60 sh -c ': >/run/gate'
    wait "$uninstall"
    wait "$client"
    assert_equal "$(<"$BATS_TEST_TMPDIR/answer")" C45
    in_machine rm -r /run/systemd/system/lookup@.service.d /run/gate
    in_machine make -s -C /src install
    in_machine systemctl start lookup.socket clock.socket hello.socket
}

@test "make uninstall stops what was edited as a whole, masked, or comes from another folder, if it runs its programs" {
    in_machine systemctl enable --now lookup-book.path
    # As by "systemctl edit --full".
    in_machine sh -c 'cd /etc/systemd/system && cp /usr/local/lib/systemd/system/lookup.socket . &&
        mv /usr/local/lib/systemd/system/hello.socket . && systemctl daemon-reload && systemctl restart lookup.socket'
    in_machine systemctl mask clock.socket
    in_machine systemctl --quiet is-active lookup.socket clock.socket hello.socket
    run -0 in_machine make -s -C /src uninstall
    assert_output ''
    run -0 in_machine ss -Hltnx 'src 127.0.0.1' 'src [::1]'
    assert_output ''
    # What the administrator made stays.
    run -0 in_machine sh -c 'cd /etc/systemd/system && find . -name "*lookup*" -o -name "*clock*" -o -name "*hello*" | sort'
    assert_output $'./clock.socket\n./hello.socket\n./lookup.socket'
    in_machine sh -c 'cd /etc/systemd/system && rm clock.socket hello.socket'
    run -0 in_machine make -s -C /src install
    assert_line --partial 'systemd uses /etc/systemd/system/lookup.socket, which hides'
    in_machine systemctl revert lookup.socket
    run -0 in_machine make -s -C /src install
    refute_output --partial hides
    in_machine systemctl mask lookup.socket
    run -0 in_machine make -s -C /src install
    assert_line --partial 'systemd uses /etc/systemd/system/lookup.socket, which hides'
    in_machine systemctl revert lookup.socket
    run -0 in_machine make -s -C /src install
    refute_output --partial hides
    in_machine systemctl start lookup.socket clock.socket hello.socket
    run -0 ask John
    assert_output C45
}

@test "make uninstall takes away what install put, but never the book or its source" {
    in_machine systemctl enable lookup.socket hello-server.socket lookup-book.path
    in_machine systemctl start lookup-sync.timer lookup-book.path
    # The path has started this, which now runs to its end: nothing that still reads the source is joined below.
    in_machine systemctl start lookup-book.service
    in_machine sh -c 'mv /etc/lookup/book.txt /run/source && ! systemctl start lookup-book.service && mv /run/source /etc/lookup/book.txt'
    in_machine make -s -C /src uninstall
    run -0 in_machine find /usr/local /etc/xinetd.d -type f
    assert_output ''
    # Neither running nor enabled, and nothing is remembered of what ran or failed.
    run -0 in_machine sh -c 'ss -Hltnx "src 127.0.0.1" "src [::1]"; systemctl list-units --all --plain --no-legend "lookup*" "clock*" "hello*"
        find /etc/systemd/system -name "*hello*"; find /etc /run /var -xdev -name "*lookup*" ! -path "*/journal/*" | sort'
    assert_output $'/etc/lookup\n/var/lib/lookup'
    in_machine test -s /etc/lookup/book.txt
    in_machine test -s /var/lib/lookup/book.cdb
    in_machine make -s -C /src install
    in_machine systemctl start lookup.socket clock.socket hello.socket
    run -0 ask John
    assert_output C45
}
