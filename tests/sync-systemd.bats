#!/usr/bin/env bats
# bats file_tags=native
# lookup-sync.service and its timer under a real systemd, with a directory in the same machine.
# shellcheck disable=SC2016 # what is in single quotes is for the machine's shells

load lib
load directory
load kerberos
load machine

BOOK=/var/lib/lookup-sync/book.cdb

setup_file() {
    need_directory || return 0
    boot_machine || return 0
    in_machine make -s -C /src install
    tar -C /etc -c ldap/schema | in_machine tar -C /etc -x
    in_machine bash -euc '
        . /src/tests/directory.bash
        DIRECTORY=/root/directory
        make_provider a 1 "access to attrs=userPassword by * auth" "access to * by users read"
        systemd-run --quiet --unit=directory --setenv=KRB5_KTNAME=/root/directory/realm/server.keytab slapd -d 0 -f /root/directory/a/slapd.conf -h "ldapi://%2Frun%2Fldapi"
        mkdir -p -m 700 /etc/credstore
        echo secret >/etc/credstore/lookup-sync.secret
        chmod 600 /etc/credstore/lookup-sync.secret
        printf "%s\n" "uri = ldapi://%2Frun%2Fldapi" "base = $SUFFIX" "bind-dn = $ROOT_DN" >/etc/lookup/sync.conf'
    wait_for in_machine ldapsearch -LLL -x -H ldapi://%2Frun%2Fldapi -s base -b '' 1.1
    persons 1 3 "$SUFFIX" | change_there
}

teardown_file() {
    poweroff_machine
}

# change_there: standard input, as LDIF, to the machine's directory.
change_there() {
    in_machine ldapmodify -x -H ldapi://%2Frun%2Fldapi -D "$ROOT_DN" -w secret >/dev/null
}

# answers_there REQUEST ANSWER
answers_there() {
    [ "$(in_machine lookup-book query "${3:-$BOOK}" "$1")" = "$2" ]
}

@test "the service makes the book, with a credential, as a user of its own" {
    in_machine systemctl start lookup-sync.service
    answers_there u2 R2
    run -0 in_machine stat -c '%U %a %n' /var/lib/lookup-sync "$BOOK" /var/lib/lookup-sync/state
    assert_output "lookup-sync 755 /var/lib/lookup-sync
lookup-sync 644 $BOOK
lookup-sync 600 /var/lib/lookup-sync/state"
    run -0 in_machine journalctl --quiet --output cat --unit lookup-sync.service
    assert_line '4 added, 0 changed, 0 removed; 6 names'
    refute_line --partial 'not confined'
}

@test "the timer asks again, and the handler answers from the book that is linked" {
    in_machine ln -sf "$BOOK" /var/lib/lookup/book.cdb
    in_machine systemctl start lookup.socket
    run -0 in_machine lookup u2
    assert_output R2
    room "uid=u2,$SUFFIX" X2 | change_there
    in_machine mkdir -p /etc/systemd/system/lookup-sync.timer.d
    in_machine tee /etc/systemd/system/lookup-sync.timer.d/soon.conf >/dev/null <<<$'[Timer]\nOnCalendar=*:*:*\nRandomizedDelaySec=0'
    in_machine systemctl daemon-reload
    in_machine systemctl start lookup-sync.timer
    wait_for answers_there u2 X2
    run -0 in_machine lookup u2
    assert_output X2
    in_machine systemctl stop lookup-sync.timer
}

@test "what fails is a failed unit, and the book stays" {
    for i in 1 2 3; do gone "uid=u$i,$SUFFIX"; done | change_there
    run -1 in_machine systemctl start lookup-sync.service
    run -0 in_machine systemctl show --property ExecMainStatus --value lookup-sync.service
    assert_output 75
    answers_there u1 R1
    persons 1 3 "$SUFFIX" | change_there
    in_machine systemctl start lookup-sync.service
}

@test "root, by hand, leaves nothing that the service cannot write" {
    in_machine sh -c 'printf "%s\n" "uri = ldapi://%2Frun%2Fldapi" "base = dc=example,dc=org" "bind-dn = cn=root,dc=example,dc=org" \
        "secret-file = /etc/credstore/lookup-sync.secret" >/root/sync.conf'
    room "uid=u3,$SUFFIX" X3 | change_there
    in_machine lookup-sync --config /root/sync.conf
    answers_there u3 X3
    run -0 in_machine sh -c 'stat -c %U /var/lib/lookup-sync/* | sort -u'
    assert_output lookup-sync
    in_machine systemctl start lookup-sync.service
}

@test "without a credential the service starts nevertheless, and says what is missing" {
    in_machine mv /etc/credstore/lookup-sync.secret /root/
    run -1 in_machine systemctl start lookup-sync.service
    run -0 in_machine systemctl show --property ExecMainStatus --value lookup-sync.service
    assert_output 78
    in_machine mv /root/lookup-sync.secret /etc/credstore/
}

@test "bind = gssapi: the keytab is a credential, and the service is still confined" {
    need krb5kdc kdb5_util kadmin.local
    in_machine bash -euc '
        . /src/tests/kerberos.bash
        DIRECTORY=/root/directory
        make_realm realm 88
        cp "$DIRECTORY/realm/krb5.conf" /etc
        install -m 600 "$DIRECTORY/realm/client.keytab" /etc/credstore/lookup-sync.keytab
        systemd-run --quiet --unit=kdc --setenv=KRB5_KDC_PROFILE="$DIRECTORY/realm/kdc.conf" krb5kdc -n
        cp /etc/lookup/sync.conf /root/simple.conf
        sed -i "s/^bind-dn = .*/bind = gssapi/" /etc/lookup/sync.conf'
    wait_for in_machine grep -qs 'commencing operation' /root/directory/realm/kdc.log
    room "uid=u3,$SUFFIX" K3 | change_there
    in_machine systemctl start lookup-sync.service
    answers_there u3 K3
    run -0 in_machine journalctl --quiet --output cat --unit lookup-sync.service
    refute_line --partial 'not confined'
    room "uid=u3,$SUFFIX" R3 | change_there
    in_machine systemctl start lookup-sync.service
    answers_there u3 R3
    # The next test finds a state of its own configuration: another one is fetched after a while only, see spread.
    in_machine cp /root/simple.conf /etc/lookup/sync.conf
    in_machine systemctl start lookup-sync.service
}

answered_there() {
    [ "$(in_machine lookup-book query "$BOOK" "$1")" = "$2" ]
}

@test "the service that watches takes the timer's place, and has each change" {
    in_machine systemctl start lookup-sync.timer
    in_machine systemctl start lookup-sync-watch.service
    run -3 in_machine systemctl is-active lookup-sync.timer
    room "uid=u3,$SUFFIX" W3 | change_there
    wait_for answered_there u3 W3
    room "uid=u3,$SUFFIX" R3 | change_there
    wait_for answered_there u3 R3
    in_machine systemctl start lookup-sync.timer
    run -3 in_machine systemctl is-active lookup-sync-watch.service
    in_machine systemctl stop lookup-sync.timer
    # What a restart does not mend is not tried again.
    in_machine mv /etc/credstore/lookup-sync.secret /root
    in_machine systemctl start lookup-sync-watch.service || true
    wait_for has_failed lookup-sync-watch.service
    in_machine mv /root/lookup-sync.secret /etc/credstore/
}

has_failed() {
    in_machine systemctl --quiet is-failed "$1"
}

@test "both services are confined alike" {
    run -0 diff <(sed -n '/^User=/,/^TasksMax/p' "$ROOT/systemd/lookup-sync.service") \
        <(sed -n '/^User=/,/^TasksMax/p' "$ROOT/systemd/lookup-sync-watch.service")
    grep -q '^User=.*' "$ROOT/systemd/lookup-sync.service"
    grep -q '^TasksMax' "$ROOT/systemd/lookup-sync.service"
}

@test "the units are sound, and the service is exposed as little as can be" {
    run -0 in_machine systemd-analyze verify --man=no lookup-sync.service lookup-sync.timer lookup-sync-watch.service
    assert_output ''
    run -0 in_machine systemd-analyze security --threshold=20 lookup-sync.service
}
