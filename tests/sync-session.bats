#!/usr/bin/env bats
# lookup-sync and its servers: certificates, passwords, and which one is asked.

load lib
load directory

setup_file() {
    need_directory || return 0
    export DIRECTORY=$BATS_FILE_TMPDIR PLAIN SECURE EXPIRED OTHER
    PLAIN=$(free_port) SECURE=$(free_port) EXPIRED=$(free_port) OTHER=$(free_port)
    authority ca
    authority stranger
    certificate good ca 2 IP:127.0.0.1,DNS:localhost
    certificate expired ca 0 IP:127.0.0.1
    certificate other ca 2 DNS:other.example.org
    certificate client ca 2 DNS:client.example.org
    tls a good
    make_provider a 1 "access to attrs=userPassword by * auth" \
        "access to dn.subtree=ou=own,$SUFFIX by dn.exact=cn=client read
            by dn.exact=gidNumber=$(id -g)+uidNumber=$(id -u),cn=peercred,cn=external,cn=auth read by * none" \
        'access to * by * read'
    start_provider a "ldap://127.0.0.1:$PLAIN" "ldaps://127.0.0.1:$SECURE"
    for name in expired other; do
        tls "$name" "$name"
        make_provider "$name" 2
    done
    start_provider expired "ldaps://127.0.0.1:$EXPIRED"
    start_provider other "ldaps://127.0.0.1:$OTHER"
    { persons 1 3 "$SUFFIX"; unit "ou=own,$SUFFIX"; persons 11 12 "ou=own,$SUFFIX"; } | change a
    persons 1 3 "$SUFFIX" | tee >(change expired) | change other
    # A certificate of no days is good within the second in which it was made.
    wait_for is_expired "$DIRECTORY/expired.pem"
}

# is_expired CERTIFICATE: true if the last second in which GnuTLS accepts it is over. For OpenSSL it has expired in that second.
is_expired() {
    [ "$(openssl x509 -in "$1" -noout -checkend -1)" = 'Certificate will expire' ]
}

teardown_file() {
    stop_background
}

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    # shellcheck disable=SC2034 # sync_conf takes it
    BASE=$SUFFIX
    (umask 077 && echo secret >password)
}

teardown() {
    stop_background
}

# secure_conf URI [LINE...]: with our authority.
secure_conf() {
    sync_conf "$1" "ca-file = $DIRECTORY/ca.pem" "${@:2}"
}

# refused WHAT: by no environment and no ldaprc is a run brought to take that server.
refused() {
    printf 'TLS_REQCERT never\nTLS_CACERT %s\n' "$DIRECTORY/stranger.pem" | tee ldaprc .ldaprc >ldap.conf
    for environment in A=b LDAPTLS_REQCERT=never "LDAPTLS_CACERT=$DIRECTORY/stranger.pem" "LDAPCONF=$PWD/ldap.conf" "HOME=$PWD" \
        LDAPNOINIT=; do
        run -75 env "$environment" "$BUILD/lookup-sync" --config sync.conf
        assert_output --partial "lookup-sync: $1"
        assert [ ! -e book.cdb ]
    done
}

# stand_in MODE...: sets $uri to one that is no good; what it receives is in stand-in.log.
stand_in() {
    local port
    port=$(free_port)
    uri=127.0.0.1:$port
    start_background stand-in.log "$ROOT/tests/tools/directory.py" "$port" "$@"
    wait_for_listen "$uri" stand-in.log
}

@test "ldaps and StartTLS, the certificate being good" {
    secure_conf "ldaps://127.0.0.1:$SECURE"
    run -0 sync
    answers u1 R1
    rm book.cdb state
    secure_conf "ldap://127.0.0.1:$PLAIN"
    run -0 sync
    answers u1 R1
}

@test "a certificate that is expired, of another host or of a strange authority: refused, whatever the environment says" {
    secure_conf "ldaps://127.0.0.1:$EXPIRED"
    refused "ldaps://127.0.0.1:$EXPIRED: TLS: "
    secure_conf "ldaps://127.0.0.1:$OTHER"
    refused "ldaps://127.0.0.1:$OTHER: TLS: "
    sync_conf "ldaps://127.0.0.1:$SECURE" "ca-file = $DIRECTORY/stranger.pem"
    refused "ldaps://127.0.0.1:$SECURE: TLS: "
    sync_conf "ldap://127.0.0.1:$PLAIN" "ca-file = $DIRECTORY/stranger.pem"
    refused "ldap://127.0.0.1:$PLAIN: StartTLS: "
}

@test "a server that has no StartTLS, or stalls in it, gets no password" {
    stand_in refuse
    secure_conf "ldap://$uri" "bind-dn = $ROOT_DN" "secret-file = $PWD/password"
    run -75 sync
    assert_output --partial "lookup-sync: ldap://$uri: StartTLS: Protocol error"
    run -1 grep "$(printf secret | od -An -tx1 | tr -d ' ')" stand-in.log
    grep -q "$(printf 1.3.6.1.4.1.1466.20037 | od -An -v -w99 -tx1 | tr -d ' ')" stand-in.log
    stop_background
    stand_in stall
    secure_conf "ldap://$uri" "bind-dn = $ROOT_DN" "secret-file = $PWD/password"
    run -75 sync
    assert_output "lookup-sync: ldap://$uri: StartTLS: timed out"
    run -1 grep "$(printf secret | od -An -tx1 | tr -d ' ')" stand-in.log
}

@test "a server that is silent in the TLS handshake is left within seconds, and the next is asked" {
    stand_in silent
    secure_conf "ldaps://$uri ldaps://127.0.0.1:$SECURE"
    run -0 timeout 120 "$BUILD/lookup-sync" --config sync.conf
    assert_line "lookup-sync: ldaps://$uri: TLS: timed out"
    answers u1 R1
    # The good one comes first now.
    run -0 sync --verbose
    assert_output --regexp '^0 added, 0 changed, 0 removed; [0-9]+ names$'
}

@test "a server that is silent in the middle of an answer is left after timeout" {
    stand_in hold "$DIRECTORY/a/ldapi" 20
    sync_conf "ldap://$uri $(ldapi a)" 'tls = none' 'timeout = 3s'
    run -0 timeout 120 "$BUILD/lookup-sync" --config sync.conf
    assert_line "lookup-sync: ldap://$uri: connection: timed out"
    answers u1 R1
}

@test "one that hangs, one that is not there, one whose name there is not: the next is asked" {
    kill -STOP "$(<"$DIRECTORY/expired/started")"
    secure_conf "ldaps://127.0.0.1:$EXPIRED ldap://127.0.0.1:$(free_port) ldap://nowhere.invalid ldap://127.0.0.1:$PLAIN"
    run -0 timeout 60 "$BUILD/lookup-sync" --config sync.conf
    kill -CONT "$(<"$DIRECTORY/expired/started")"
    assert_line --index 0 "lookup-sync: ldaps://127.0.0.1:$EXPIRED: TLS: timed out"
    assert_line --index 1 --partial ': Connection refused'
    assert_line --index 2 --partial 'ldap://nowhere.invalid: '
    answers u1 R1
}

@test "a simple bind, and a wrong password, which is offered to no other server" {
    secure_conf "ldap://127.0.0.1:$PLAIN" "bind-dn = $ROOT_DN" "secret-file = $PWD/password"
    run -0 sync
    answers u11 R11
    echo wrong >password
    secure_conf "ldap://127.0.0.1:$PLAIN ldaps://127.0.0.1:$SECURE" "bind-dn = $ROOT_DN" "secret-file = $PWD/password"
    run -77 sync
    assert_output "lookup-sync: ldap://127.0.0.1:$PLAIN: bind: Invalid credentials"
    answers u11 R11
}

@test "the secret: the service's credential, or a file that nobody else can read, and never an empty one" {
    secure_conf "ldap://127.0.0.1:$PLAIN" "bind-dn = $ROOT_DN"
    run -78 env -u CREDENTIALS_DIRECTORY "$BUILD/lookup-sync" --config sync.conf
    assert_output 'lookup-sync: no secret-file, and no credential lookup-sync.secret'
    cp password lookup-sync.secret
    run -0 env CREDENTIALS_DIRECTORY="$PWD" "$BUILD/lookup-sync" --config sync.conf
    answers u11 R11
    secure_conf "ldap://127.0.0.1:$PLAIN" "bind-dn = $ROOT_DN" "secret-file = $PWD/password"
    chmod 640 password
    run -78 sync
    assert_output "lookup-sync: the secret's file can be read by others; chmod 600"
    chmod 600 password
    echo >password
    run -78 sync
    assert_output 'lookup-sync: the secret is empty'
    rm password
    run -78 sync
    assert_output "lookup-sync: the secret's file does not exist"
}

# libldap keeps for ever what it has read of a client's certificate, which a sanitizer takes for ours.
# bats test_tags=native
@test "bind = external: who the kernel says we are, or the certificate" {
    secure_conf "$(ldapi a)" 'bind = external'
    run -0 sync
    answers u11 R11
    secure_conf "ldap://127.0.0.1:$PLAIN" 'max-shrink = 100'
    run -0 sync
    unknown u11
    secure_conf "ldap://127.0.0.1:$PLAIN" 'bind = external' "cert-file = $DIRECTORY/client.pem" "key-file = $DIRECTORY/client.key"
    run -0 sync
    answers u11 R11
}

@test "a connection that is cut, after however many bytes: the old book, and no other" {
    local bytes=1 status=75 uri
    sync_conf "$(ldapi a)"
    sync
    cp book.cdb before.cdb
    while [ "$status" = 75 ]; do
        stand_in cut "$DIRECTORY/a/ldapi" "$bytes"
        sync_conf "ldap://$uri" 'tls = none'
        run timeout 120 "$BUILD/lookup-sync" --config sync.conf --full
        stop_background
        cmp book.cdb before.cdb
        bytes=$((bytes + 61))
    done
    assert_equal "$status" 0
    [ "$bytes" -gt 600 ]
}

# held COMMAND...: begins a run, whose server is $uri, a stand-in that stops in its answer; applies the changes that COMMAND
# prints; lets the server go on; and prints what the run said.
held() {
    local count status=0
    count=$(grep -cx held stand-in.log) || true
    start_background held.log "$BUILD/lookup-sync" --config sync.conf --verbose "${OPTIONS[@]}"
    wait_for holds $((count + 1))
    "$@" | change a
    kill -USR1 "$(head -n 1 background)"
    wait "$(tail -n 1 background)" || status=$?
    cat held.log
    return "$status"
}

holds() {
    [ "$(grep -cx held stand-in.log)" = "$1" ]
}

# Large ones, so that a server that is not read from stops in the middle of them.
many() {
    unit "$BASE"
    persons 1 1500 "$BASE" | sed "s/^roomNumber: .*/&$(printf '%0700d' 0)/"
}

# rooms FROM TO PREFIX
rooms() {
    local i
    for ((i = $1; i <= $2; i++)); do room "uid=u$i,$BASE" "$3$i"; done
}

meanwhile() {
    room "uid=u1400,$BASE" X1400
    gone "uid=u1401,$BASE"
    printf 'dn: uid=u1402,%s\nchangetype: modrdn\nnewrdn: uid=x1402\ndeleteoldrdn: 1\n\n' "$BASE"
    printf 'dn: uid=u1403,%s\nchangetype: modrdn\nnewrdn: uid=u1403\ndeleteoldrdn: 0\nnewsuperior: %s\n\n' "$BASE" "$SUFFIX"
    employed u1404 no
}

employed() {
    printf 'dn: uid=%s,%s\nchangetype: modify\nreplace: employeeType\nemployeeType: %s\n\n' "$1" "$BASE" "$2"
}

# OpenLDAP leaves out of an answer what has changed since the answer began. It is in the next.
@test "entries that change while the server answers: those that are still there stay" {
    local uri
    BASE=ou=many,$SUFFIX
    many | change a
    stand_in hold "$DIRECTORY/a/ldapi" 20000
    sync_conf "ldap://$uri" 'tls = none' 'filter = (&(objectClass=inetOrgPerson)(!(employeeType=no)))'
    run -0 held true
    assert_output '1501 added, 0 changed, 0 removed; 3000 names'
    OPTIONS=(--full)
    run -0 held meanwhile
    assert_output '0 added, 2 changed, 3 removed; 2994 names'
    answers u1400 X1400
    unknown u1401 u1402 u1403 u1404
    assert_equal "$("$BUILD/lookup-book" list book.cdb | grep -c '^x1402')" 1
    run -0 sync --verbose
    assert_output '0 added, 0 changed, 0 removed; 2994 names'
    # Whatever their number.
    run -0 held rooms 1000 1250 Y
    assert_output '0 added, 251 changed, 0 removed; 2994 names'
    run -0 held rooms 350 1390 Z
    assert_output '0 added, 1041 changed, 0 removed; 2994 names'
    answers u1000 Z1000
}

@test "an entry that the server says is gone, and that is back: it stays" {
    local uri
    BASE=ou=back,$SUFFIX
    { unit "$BASE"; persons 1 30 "$BASE"; } | change a
    # A bind takes 14.
    stand_in hold "$DIRECTORY/a/ldapi" 16
    sync_conf "ldap://$uri" 'tls = none' 'filter = (&(objectClass=inetOrgPerson)(!(employeeType=no)))'
    run -0 held true
    { employed u1 no; employed u2 no; } | change a
    run -0 held employed u1 yes
    assert_output '0 added, 0 changed, 1 removed; 58 names'
    answers u1 R1
    unknown u2
}

@test "389-ds says that what it does not name is gone, and means that it has not changed: everything is fetched" {
    local i
    mkdir "$DIRECTORY/sham"
    for i in {1..40}; do echo "u$i R$i"; done >people
    start_background sham.log "$ROOT/tests/tools/sync_like_389.py" "$DIRECTORY/sham/ldapi" "$PWD/people"
    wait_for answers_ldap sham
    sync_conf "$(ldapi sham)"
    run -0 sync
    assert_output '40 added, 0 changed, 0 removed; 40 names'
    run -0 sync --verbose
    assert_output '0 added, 0 changed, 0 removed; 40 names'
    # One is changed, one is new, and one has left the filter, which is not told.
    sed -i 's/^u1 R1$/u1 X1/; /^u2 /d' people
    echo u41 R41 >>people
    run -0 sync
    assert_output '1 added, 1 changed, 1 removed; 40 names'
    answers u1 X1
    unknown u2
    answers u3 R3
    sed -i '/^u3 /d' people
    run -0 sync
    unknown u3
    answers u4 R4
}
