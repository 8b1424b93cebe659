#!/usr/bin/env bats
# bats file_tags=first
# lookup-sync binds by Kerberos (GSSAPI): a realm of the test's own, with a real KDC, in files of its own.

load lib
load directory
load kerberos

setup_file() {
    need_directory || return 0
    need krb5kdc kdb5_util kadmin.local || return 0
    [ -n "${LOOKUP_TESTS_ISOLATED:-}" ] || unavailable 'a network of its own' || return 0
    export DIRECTORY=$BATS_FILE_TMPDIR PLAIN SECURE WEAK UNDER_a UNDER_weak KDC
    PLAIN=$(free_port) SECURE=$(free_port) WEAK=$(free_port) KDC=$(free_port)
    make_realm realm "$KDC"
    use_realm realm
    start_kdc realm
    authority ca
    certificate good ca 2 IP:127.0.0.1
    UNDER_a="env KRB5_KTNAME=$DIRECTORY/realm/server.keytab"
    UNDER_weak=$UNDER_a
    tls a good
    echo 'sasl-cbinding tls-endpoint' >>"$DIRECTORY/a/tls.conf"
    make_provider a 1 "access to dn.subtree=ou=own,$SUFFIX by dn.exact=uid=$ME,cn=gssapi,cn=auth read by * none" \
        'access to * by * read'
    # It offers no layer.
    mkdir "$DIRECTORY/weak"
    echo 'sasl-secprops none,maxssf=0' >"$DIRECTORY/weak/tls.conf"
    make_provider weak 2
    start_provider a "ldap://127.0.0.1:$PLAIN" "ldaps://127.0.0.1:$SECURE"
    start_provider weak "ldap://127.0.0.1:$WEAK"
    { persons 1 3 "$SUFFIX"; unit "ou=own,$SUFFIX"; persons 11 12 "ou=own,$SUFFIX"; } | change a
    persons 1 3 "$SUFFIX" | change weak
}

teardown_file() {
    stop_background
}

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    use_realm realm
    # shellcheck disable=SC2034 # sync_conf takes it
    BASE=$SUFFIX
    (umask 077 && cp "$DIRECTORY/realm/client.keytab" keytab)
}

teardown() {
    stop_background
}

# use_realm NAME: its KDC is the one to ask.
use_realm() {
    export KRB5_CONFIG=$DIRECTORY/$1/krb5.conf
}

# start_kdc NAME
start_kdc() {
    start_background "$DIRECTORY/$1/log" env KRB5_CONFIG="$DIRECTORY/$1/krb5.conf" KRB5_KDC_PROFILE="$DIRECTORY/$1/kdc.conf" \
        krb5kdc -n -r "$REALM"
    wait_for grep -qs 'commencing operation' "$DIRECTORY/$1/kdc.log"
}

# kerberos_conf URI [LINE...]
kerberos_conf() {
    sync_conf "$1" "ca-file = $DIRECTORY/ca.pem" 'bind = gssapi' "${@:2}"
}

# keytab_conf URI [LINE...]: with our keytab.
keytab_conf() {
    kerberos_conf "$1" "keytab-file = $PWD/keytab" "${@:2}"
}

# elsewhere COMMAND...: runs it with ./resolv.conf as the system's.
# shellcheck disable=SC2016 # what is in single quotes is for an inner shell
elsewhere() {
    "$ROOT/tests/tools/own-root" bash -c 'mount --bind "$1" /etc/resolv.conf && exec "${@:2}"' bash "$PWD/resolv.conf" "$@"
}

# fetch STATUS [OPTION...]: a run that ends with it.
fetch() {
    run "-$1" timeout 120 "$BUILD/lookup-sync" --config sync.conf "${@:2}"
}

@test "by ldaps and StartTLS, and tickets are in no file" {
    keytab_conf "ldaps://127.0.0.1:$SECURE"
    KRB5CCNAME=FILE:$PWD/tickets fetch 0
    answers u11 R11
    rm book.cdb state
    keytab_conf "ldap://127.0.0.1:$PLAIN"
    fetch 0
    answers u11 R11
    refute_output --partial 'not confined'
    run -0 ls
    assert_output "$(printf '%s\n' book.cdb keytab state state.lock state.status sync.conf)"
    run -0 grep -c 'BIND.*mech=GSSAPI bind_ssf=0 ssf=[1-9]' "$DIRECTORY/a/log"
}

# relay CERTIFICATE: forwards what comes to the port $relay by ldaps, and shows this certificate.
relay() {
    relay=$(free_port)
    start_background "$1.log" socat "openssl-listen:$relay,bind=127.0.0.1,fork,verify=0,cert=$DIRECTORY/$1.pem,key=$DIRECTORY/$1.key" \
        "openssl:127.0.0.1:$SECURE,verify=0"
    wait_for_listen "127.0.0.1:$relay" "$1.log"
    keytab_conf "ldaps://127.0.0.1:$relay"
}

@test "the bind belongs to the TLS connection: not through a server that ends TLS with another certificate" {
    local relay
    certificate other ca 2 IP:127.0.0.1
    relay other
    fetch 75
    assert_output --regexp "^lookup-sync: ldaps://127.0.0.1:$relay: bind: Invalid credentials: [^
]*\$"
    relay good
    fetch 0
    answers u11 R11
}

@test "without TLS: signed and encrypted" {
    keytab_conf "ldap://127.0.0.1:$PLAIN" 'tls = none'
    fetch 0
    answers u11 R11
    run -0 grep -cE 'BIND.*mech=GSSAPI bind_ssf=(128|256) ssf=' "$DIRECTORY/a/log"
}

# libkrb5 keeps some bytes in the next two, which a sanitizer takes for ours.
# bats test_tags=native
@test "without TLS, a server that neither signs nor encrypts: no book" {
    keytab_conf "ldap://127.0.0.1:$WEAK" 'tls = none'
    fetch 75
    assert_output --partial "ldap://127.0.0.1:$WEAK: bind: Unknown authentication method: SASL(-15): mechanism too weak"
    assert [ ! -e book.cdb ]
}

@test "on a Unix socket" {
    keytab_conf "$(ldapi a)"
    fetch 0
    answers u11 R11
}

# stand_in HOW [ARGUMENT...]: a server that is none, as tests/tools/directory.py says. Sets port.
stand_in() {
    port=$(free_port)
    start_background stand-in.log "$ROOT/tests/tools/directory.py" "$port" "$@"
    wait_for_listen "127.0.0.1:$port" stand-in.log
}

# says_yes URI [SETTING]: that server's success at once is none, and makes no book.
says_yes() {
    keytab_conf "$@"
    fetch 75
    assert_output "lookup-sync: $1: bind: the server has not proved who it is"
    assert [ ! -e book.cdb ]
}

@test "a server that says yes before it has shown who it is: no book" {
    local port
    stand_in refuse
    says_yes "ldap://127.0.0.1:$port" 'tls = none'
}

@test "a server that says yes before it has shown who it is, by TLS: no book" {
    local port
    stand_in mute "$DIRECTORY/good.pem" "$DIRECTORY/good.key"
    says_yes "ldaps://127.0.0.1:$port"
}

@test "only Kerberos can say that the keys are wrong: a server that says so is a server that failed" {
    local port
    stand_in deny 'GSSAPI Error: (Clients credentials have been revoked)'
    keytab_conf "ldap://127.0.0.1:$port ldap://127.0.0.1:$PLAIN" 'tls = none'
    fetch 0
    assert_line --index 0 "lookup-sync: ldap://127.0.0.1:$port: bind: Invalid credentials: GSSAPI Error: (Clients credentials have been revoked)"
    answers u11 R11
}

@test "a server that the realm does not know, or whose name the DNS changes: the next one" {
    keytab_conf "ldap://localhost:$PLAIN ldap://127.0.0.1:$PLAIN" 'tls = none'
    fetch 0
    assert_line --index 0 --partial "lookup-sync: ldap://localhost:$PLAIN: bind: Kerberos: Server "
    answers u11 R11
}

@test "the name of a server gets no domain from resolv.conf" {
    [ "$(id -u)" = 0 ] || unavailable 'another resolv.conf takes root'
    echo 'search evil.example' >resolv.conf
    keytab_conf "ldap://localhost:$PLAIN" 'tls = none'
    run -75 elsewhere timeout 60 "$BUILD/lookup-sync" --config "$PWD/sync.conf"
    assert_output "lookup-sync: ldap://localhost:$PLAIN: bind: Kerberos: Server ldap/localhost@$REALM not found in Kerberos database"
}

@test "the first principal of the keytab counts, whatever .k5identity says" {
    admin realm 'addprinc -randkey lookup/second.example.org' "ktadd -k $PWD/keytab lookup/second.example.org"
    mkdir home
    echo 'lookup/second.example.org' >home/.k5identity
    keytab_conf "ldap://127.0.0.1:$PLAIN" 'tls = none'
    HOME=$PWD/home fetch 0
    answers u11 R11
}

@test "the keytab: the service's credential, or a file that nobody else can read" {
    kerberos_conf "ldaps://127.0.0.1:$SECURE"
    run -78 env -u CREDENTIALS_DIRECTORY "$BUILD/lookup-sync" --config sync.conf
    assert_output 'lookup-sync: no keytab-file, and no credential lookup-sync.keytab'
    cp keytab lookup-sync.keytab
    CREDENTIALS_DIRECTORY=$PWD fetch 0
    answers u11 R11
    keytab_conf "ldaps://127.0.0.1:$SECURE"
    chmod 640 keytab
    fetch 78
    assert_output "lookup-sync: the keytab's file can be read by others; chmod 600"
    chmod 600 keytab
    for bad in '' secret "$(printf '\005\002')" "$(printf '\005\005\005\005\005\005\005\005')"; do
        printf %s "$bad" >keytab
        fetch 78
        assert_output "lookup-sync: the keytab's file is no keytab; see ktutil(1)"
    done
    head -c 1048577 /dev/zero | tr '\0' '\005' >keytab
    fetch 78
    assert_output 'lookup-sync: the keytab is longer than 1 MiB'
    rm keytab
    fetch 78
    assert_output "lookup-sync: the keytab's file does not exist"
    mkfifo -m 600 keytab
    fetch 78
    assert_output "lookup-sync: the keytab's file is no regular file"
    rm keytab
    ln -s keytab keytab
    fetch 78
    assert_output "lookup-sync: $PWD/keytab: the keytab cannot be read: Too many levels of symbolic links"
}

@test "a keytab of more than 64 KiB" {
    local keys
    tail -c +3 keytab >keys
    printf -v keys 'keys %.0s' {1..700}
    # shellcheck disable=SC2086 # many words
    cat $keys >>keytab
    assert [ "$(stat -c %s keytab)" -gt 65536 ]
    keytab_conf "ldap://127.0.0.1:$PLAIN" 'tls = none'
    fetch 0
    answers u11 R11
}

@test "a KRB5_CONFIG that is too long is not cut" {
    keytab_conf "ldap://127.0.0.1:$PLAIN" 'tls = none'
    KRB5_CONFIG=$(printf '/nonexistent:%.0s' {1..400})$KRB5_CONFIG fetch 78
    assert_output 'lookup-sync: KRB5_CONFIG: File name too long'
}

@test "another principal may see other entries, so everything is fetched again; another path changes nothing" {
    keytab_conf "ldap://127.0.0.1:$PLAIN" 'tls = none'
    fetch 0
    answers u11 R11
    mv keytab moved
    keytab_conf "ldap://127.0.0.1:$PLAIN" 'tls = none'
    sed -i "s|^keytab-file = .*|keytab-file = $PWD/moved|" sync.conf
    fetch 0 --verbose
    assert_output --regexp '^0 added, 0 changed, 0 removed'
    admin realm 'addprinc -randkey lookup/less.example.org' "ktadd -k $PWD/less lookup/less.example.org"
    cat less >moved
    fetch 0
    unknown u11
}

# bats test_tags=native
@test "a keytab that is cut or spoilt: a run that fails" {
    local size length
    size=$(stat -c %s keytab)
    keytab_conf "ldaps://127.0.0.1:$SECURE"
    for ((length = 8; length < size / 2; length += 9)); do
        head -c "$length" "$DIRECTORY/realm/client.keytab" >keytab
        run "$BUILD/lookup-sync" --config sync.conf
        [ "$status" = 75 ] || [ "$status" = 77 ] || [ "$status" = 78 ]
        assert_output --regexp '^lookup-sync: (the keytab names no principal: |.*bind: Kerberos: )'
    done
    assert [ ! -e book.cdb ]
}

# refused WHAT: a run asks one server only, and names the keytab's principal.
refused() {
    fetch 77
    assert_output "lookup-sync: ldaps://127.0.0.1:$SECURE: bind: Kerberos: lookup/other.example.org@$REALM: $1"
}

# changed QUERY WHAT: the same after this change of the principal.
changed() {
    admin realm "$1 lookup/other.example.org"
    refused "$2"
}

@test "wrong keys, or keys that are no longer accepted, are offered to no other server" {
    admin realm 'addprinc -randkey +requires_preauth lookup/other.example.org' \
        "ktadd -k $PWD/other.keytab -e aes128-cts-hmac-sha1-96:normal lookup/other.example.org"
    mv other.keytab keytab
    keytab_conf "ldaps://127.0.0.1:$SECURE ldap://127.0.0.1:$PLAIN"
    changed 'modprinc -allow_tix' "Client's credentials have been revoked"
    changed 'modprinc +allow_tix -pwexpire yesterday' 'Password has expired'
    changed 'modprinc -pwexpire never -expire yesterday' "Client's entry in database has expired"
    admin realm 'modprinc -expire never lookup/other.example.org'
changed 'cpw -randkey -e aes128-cts-hmac-sha1-96:normal' 'Preauthentication failed'
    changed 'cpw -randkey -e aes256-cts-hmac-sha1-96:normal' "Pre-authentication failed: No key table entry found for lookup/other.example.org@$REALM"
    changed 'delprinc -force' "Client 'lookup/other.example.org@$REALM' not found in Kerberos database"
}

@test "root reads the keytab, and then goes on as the owner of the state's folder" {
    [ "$(id -u)" = 0 ] || unavailable 'this takes root'
    mkdir state.d
    chown nobody state.d
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
    keytab_conf "ldaps://127.0.0.1:$SECURE"
    sed -i "s|^book = .*|book = $PWD/state.d/book.cdb|; s|^state = .*|state = $PWD/state.d/state|" sync.conf
    fetch 0
    assert_equal "$(stat -c '%U %a' state.d/book.cdb)" 'nobody 644'
    run -0 "$BUILD/lookup-book" query state.d/book.cdb u11
    assert_output R11
    run -1 setpriv --reuid nobody --clear-groups cat keytab
}

@test "a KDC that only says it is ours: no book" {
    local port
    port=$(free_port)
    make_realm forged "$port"
    start_kdc forged
    use_realm forged
    keytab_conf "ldap://127.0.0.1:$PLAIN" 'tls = none'
    # Which is what wrong keys look like.
    fetch 77
    assert_output "lookup-sync: ldap://127.0.0.1:$PLAIN: bind: Kerberos: $ME@$REALM: Decrypt integrity check failed"
    assert [ ! -e book.cdb ]
}

@test "no KDC, and one that never answers: the run ends, and says so" {
    local port
    port=$(free_port)
    kdc_conf none "$port"
    use_realm none
    keytab_conf "ldaps://127.0.0.1:$SECURE ldap://127.0.0.1:$PLAIN"
    fetch 75
    assert_output "lookup-sync: ldaps://127.0.0.1:$SECURE: bind: Kerberos: $ME@$REALM: Cannot contact any KDC for realm '$REALM'"
    start_background silent.log socat -u "tcp-listen:$port,bind=127.0.0.1,fork" /dev/null
    start_background silent.udp.log socat -u "udp-recv:$port,bind=127.0.0.1" /dev/null
    wait_for_listen "127.0.0.1:$port" silent.log
    keytab_conf "ldaps://127.0.0.1:$SECURE ldap://127.0.0.1:$PLAIN"
    fetch 75
    assert_output "lookup-sync: ldaps://127.0.0.1:$SECURE: bind: Kerberos did not answer in time"
    run -0 sync --status
    assert_line "last error:   ldaps://127.0.0.1:$SECURE: bind: Kerberos did not answer in time"
}

@test "a clock that is an hour off: the KDC's counts, unless the configuration forbids it" {
    clock_off 3600
    keytab_conf "ldap://127.0.0.1:$PLAIN" 'tls = none'
    run -0 "${CLOCK_OFF[@]}" "$BUILD/lookup-sync" --config sync.conf
    answers u11 R11
    kdc_conf skewed "$KDC"
    sed -i '/^default_realm/akdc_timesync = 0' "$DIRECTORY/skewed/krb5.conf"
    use_realm skewed
    run -75 "${CLOCK_OFF[@]}" "$BUILD/lookup-sync" --config sync.conf
    assert_output "lookup-sync: ldap://127.0.0.1:$PLAIN: bind: Kerberos: $ME@$REALM: Clock skew too great in KDC reply"
}

@test "the servers of a domain, without TLS" {
    need dnsmasq
    [ "$(id -u)" = 0 ] || unavailable 'another resolv.conf takes root'
    admin realm 'addprinc -randkey ldap/ldap.example.org' "ktadd -k $DIRECTORY/realm/server.keytab ldap/ldap.example.org"
    start_background dns.log dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --local=/org/ \
        --listen-address=127.0.0.1 --bind-interfaces --user=root --pid-file= --log-facility=- --address=/org/127.0.0.1 \
        "--srv-host=_ldap._tcp.example.org,ldap.elsewhere.org,$PLAIN,1" "--srv-host=_ldap._tcp.example.org,ldap.example.org,$PLAIN,2"
    wait_for grep -q started dns.log
    echo 'nameserver 127.0.0.1' >resolv.conf
    keytab_conf x 'tls = none'
    sed -i 's/^uri = .*/domain = example.org/' sync.conf
    run -0 elsewhere timeout 60 "$BUILD/lookup-sync" --config "$PWD/sync.conf"
    assert_line --index 0 --partial ": refused: ldap.elsewhere.org port $PLAIN "
    answers u11 R11
}

@test "the mechanism is not installed: its package is named" {
    keytab_conf "ldaps://127.0.0.1:$SECURE"
    SASL_PATH=$PWD fetch 78
    assert_output 'lookup-sync: bind = gssapi needs the mechanism GSSAPI of Cyrus SASL: install libsasl2-modules-gssapi-mit (Debian) or cyrus-sasl-gssapi (Fedora)'
}

# moves: a change that this makes is fetched.
moves() {
    changes=$((${changes:-0} + 1))
    room "uid=u1,$SUFFIX" "X$changes" | change a
    wait_for knows u1 "X$changes"
}

# watch: in the background, and so far that it waits for changes.
watch() {
    start_background watch.log "$@" "$BUILD/lookup-sync" --config sync.conf --watch
    wait_for test -e book.cdb
    moves
    moves
}

@test "--watch: no ticket outlives a bind, so a server with new keys is accepted" {
    keytab_conf "ldaps://127.0.0.1:$SECURE"
    watch
    admin realm "ktadd -k $PWD/new.keytab ldap/127.0.0.1" "ktadd -k $PWD/new.keytab ldap/$(hostname)"
    mv new.keytab "$DIRECTORY/realm/server.keytab"
    moves
    moves
    refute grep -q lookup-sync: watch.log
}

@test "--watch: a clock that is set right" {
    clock_off 3600
    keytab_conf "ldaps://127.0.0.1:$SECURE"
    watch "${CLOCK_OFF[@]}"
    set_clock_off 0
    moves
    moves
    refute grep -q lookup-sync: watch.log
}

@test "--watch: wrong keys are offered once, although a bind by the right ones came before" {
    admin realm 'addprinc -randkey +requires_preauth lookup/turned.example.org' "ktadd -k $PWD/turned.keytab lookup/turned.example.org"
    mv turned.keytab keytab
    keytab_conf "ldaps://127.0.0.1:$SECURE ldap://127.0.0.1:$PLAIN"
    watch
    admin realm 'cpw -randkey lookup/turned.example.org'
    room "uid=u1,$SUFFIX" LATER | change a
    wait_for grep -q 'Preauthentication failed' watch.log
    wait_for is_asleep "$(tail -n 1 "$BATS_TEST_TMPDIR/background")"
    assert_equal "$(grep -c lookup-sync: watch.log)" 1
    assert_equal "$(grep -c 'PREAUTH_FAILED.*lookup/turned' "$DIRECTORY/realm/kdc.log")" 1
}

@test "--watch ends some time after Kerberos has refused the keys: whoever starts it again gives it the new ones" {
    keytab_conf "ldaps://127.0.0.1:$SECURE"
    admin realm 'addprinc -randkey lookup/gone.example.org' "ktadd -k $PWD/gone.keytab lookup/gone.example.org" \
        'delprinc -force lookup/gone.example.org'
    mv gone.keytab keytab
    start_background watch.log "$BUILD/lookup-sync" --config sync.conf --watch
    wait_for grep -q 'not found in Kerberos database' watch.log
    wait_for is_asleep "$(tail -n 1 "$BATS_TEST_TMPDIR/background")"
    assert_equal "$(wc -l <watch.log)" 1
    no_nap
    run -75 env LD_PRELOAD="$PWD/no_nap.so" timeout 120 "$BUILD/lookup-sync" --config sync.conf --watch
    assert_line 'a sleep of 300 s'
    assert_line --partial 'not found in Kerberos database'
    assert_equal "$(grep -c lookup-sync: <<<"$output")" 1
}

# is_asleep PID: it waits in clock_nanosleep(2), which has another number on x86-64, on arm64, on s390x and on 32-bit machines.
is_asleep() {
    grep -Eq '^(230|115|262|407) ' "/proc/$1/syscall"
}
