#!/usr/bin/env bats
# lookup-sync and what Active Directory and FreeIPA call things: their attributes, in a slapd that is taught them.

load lib
load directory

setup_file() {
    need_directory || return 0
    export DIRECTORY=$BATS_FILE_TMPDIR
    mkdir "$DIRECTORY/a"
    # As the two name and number them; the syntaxes are those of OpenLDAP that come closest.
    cat >"$DIRECTORY/theirs.schema" <<'END'
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.782 NAME 'objectCategory' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP organizationalPerson STRUCTURAL MAY ( sAMAccountName $ userAccountControl $
    objectGUID $ objectCategory $ displayName $ roomNumber ) )
objectclass ( 1.2.840.113556.1.5.15 NAME 'contact' SUP organizationalPerson STRUCTURAL MAY ( displayName $ objectCategory $ objectGUID ) )
attributetype ( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 2.16.840.1.113730.3.8.3.1 NAME 'ipaUniqueID' EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 2.16.840.1.113730.3.8.4.1 NAME 'ipaObject' SUP top AUXILIARY MAY ( ipaUniqueID $ nsAccountLock ) )
END
    printf 'include %s\n' /etc/ldap/schema/nis.schema "$DIRECTORY/theirs.schema" >"$DIRECTORY/a/tls.conf"
    make_provider a 1
    start_provider a
}

teardown_file() {
    stop_background
}

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
}

# change_plain: standard input, as LDIF, to the part of the directory that has no sync operation.
change_plain() {
    ldapmodify -x -H "$(ldapi a)" -D cn=root,dc=plain -w secret >/dev/null
}

# ad_user CN GUID LINE...: as Active Directory has it.
ad_user() {
    printf '%s\n' "dn: cn=$1,dc=plain" 'changetype: add' 'objectClass: user' 'objectCategory: person' "cn: $1" "sn: ${1##* }" \
        "objectGUID:: $(printf '%016d' "$2" | base64)" "${@:3}" ''
}

# ipa_user UID CN NUMBER LINE...: as FreeIPA has it.
ipa_user() {
    printf '%s\n' "dn: uid=$1,$SUFFIX" 'changetype: add' 'objectClass: inetOrgPerson' 'objectClass: posixAccount' \
        'objectClass: ipaObject' "uid: $1" "cn: $2" "sn: ${2##* }" "uidNumber: $3" "gidNumber: $3" "homeDirectory: /home/$1" \
        "ipaUniqueID: 00000000-0000-0000-0000-$(printf '%012d' "$3")" "${@:4}" ''
}

@test "preset = ad: by pages, known by objectGUID, who is disabled is no more, names of all three kinds" {
    {
        ad_user 'John Smith' 1 'sAMAccountName: jsmith' 'displayName: Johnny (Sales)' 'userAccountControl: 512' \
            'physicalDeliveryOfficeName: C45'
        ad_user 'Ann Jones' 2 'sAMAccountName: ajones' 'userAccountControl: 66048' 'roomNumber: A1'
        # Disabled, in two ways of having other bits set besides.
        ad_user 'Gone Away' 3 'sAMAccountName: gone' 'userAccountControl: 514' 'physicalDeliveryOfficeName: X1'
        ad_user 'Gone Too' 4 'sAMAccountName: gone2' 'userAccountControl: 66050' 'physicalDeliveryOfficeName: X2'
        # No person of ours.
        printf '%s\n' 'dn: cn=Guest,dc=plain' 'changetype: add' 'objectClass: contact' 'objectCategory: person' 'cn: Guest' 'sn: Guest' \
            'physicalDeliveryOfficeName: X3' ''
    } | change_plain
    BASE=dc=plain
    sync_conf "$(ldapi a)" 'preset = ad'
    run -0 sync
    assert_output '2 added, 0 changed, 0 removed; 5 names'
    answers 'John Smith' C45
    answers jsmith C45
    answers 'Johnny (Sales)' C45
    answers ajones A1
    unknown gone 'Gone Too' Guest
    # One is disabled and one renamed; the latter is known to be the same.
    {
        printf '%s\n' 'dn: cn=Ann Jones,dc=plain' 'changetype: modify' 'replace: userAccountControl' 'userAccountControl: 66050' '-' ''
        printf '%s\n' 'dn: cn=John Smith,dc=plain' 'changetype: modrdn' 'newrdn: cn=John Brown' 'deleteoldrdn: 1' ''
    } | change_plain
    run -0 sync
    assert_output '0 added, 1 changed, 1 removed; 3 names'
    answers 'John Brown' C45
    unknown 'John Smith' ajones
}

@test "preset = freeipa: accounts that are not locked, and changes as they come" {
    {
        ipa_user jsmith 'John Smith' 1001 'displayName: Johnny Smith' 'roomNumber: C45'
        ipa_user ajones 'Ann Jones' 1002 'nsAccountLock: FALSE' 'physicalDeliveryOfficeName: A1' 'roomNumber: A2'
        ipa_user gone 'Gone Away' 1003 'nsAccountLock: TRUE' 'roomNumber: X1'
    } | change a
    # shellcheck disable=SC2034 # sync_conf takes it
    BASE=$SUFFIX
    sync_conf "$(ldapi a)" 'preset = freeipa'
    run -0 sync
    # The base is one.
    assert_output '3 added, 0 changed, 0 removed; 5 names'
    answers jsmith C45
    answers 'Johnny Smith' C45
    # The office is what counts where there is a room, too.
    answers 'Ann Jones' A1
    unknown gone
    printf '%s\n' "dn: uid=ajones,$SUFFIX" 'changetype: modify' 'replace: nsAccountLock' 'nsAccountLock: TRUE' '-' '' | change a
    printf '%s\n' "dn: uid=gone,$SUFFIX" 'changetype: modify' 'replace: nsAccountLock' 'nsAccountLock: FALSE' '-' '' | change a
    run -0 sync
    assert_output '1 added, 0 changed, 1 removed; 5 names'
    unknown ajones
    answers gone X1
}
