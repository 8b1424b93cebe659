# A Kerberos realm: a KDC whose files are in $DIRECTORY/NAME. $DIRECTORY is that of directory.bash.

REALM=EXAMPLE.ORG
ME=lookup/node.example.org

# kdc_conf NAME PORT: writes the configuration of a KDC and of its clients.
kdc_conf() {
    local folder=$DIRECTORY/$1
    mkdir -p "$folder"
    printf '%s\n' '[libdefaults]' "default_realm = $REALM" 'dns_lookup_kdc = false' 'dns_lookup_realm = false' \
        'ignore_acceptor_hostname = true' '[realms]' "$REALM = {" "kdc = 127.0.0.1:$2" '}' >"$folder/krb5.conf"
    printf '%s\n' '[kdcdefaults]' "kdc_listen = 127.0.0.1:$2" "kdc_tcp_listen = 127.0.0.1:$2" '[realms]' "$REALM = {" \
        "database_name = $folder/principal" "key_stash_file = $folder/stash" "acl_file = $folder/acl" 'max_life = 1d' '}' \
        '[logging]' "kdc = FILE:$folder/kdc.log" >"$folder/kdc.conf"
}

# in_realm NAME COMMAND...: runs COMMAND with this configuration.
in_realm() {
    KRB5_CONFIG=$DIRECTORY/$1/krb5.conf KRB5_KDC_PROFILE=$DIRECTORY/$1/kdc.conf "${@:2}"
}

# admin NAME QUERY...: changes the realm by queries of kadmin.local(8).
admin() {
    local query
    for query in "${@:2}"; do
        in_realm "$1" kadmin.local -r "$REALM" -q "$query" >>"$DIRECTORY/$1/admin.log" 2>&1
    done
}

# make_realm NAME PORT: creates a realm, with principals and keytabs for $ME and for the directory at 127.0.0.1.
make_realm() {
    local folder=$DIRECTORY/$1
    kdc_conf "$1" "$2"
    in_realm "$1" kdb5_util create -r "$REALM" -s -P master >"$folder/admin.log" 2>&1
    admin "$1" "addprinc -randkey $ME" 'addprinc -randkey ldap/127.0.0.1' "addprinc -randkey ldap/$(hostname)" \
        "ktadd -k $folder/client.keytab $ME" "ktadd -k $folder/server.keytab ldap/$(hostname)" \
        "ktadd -k $folder/server.keytab ldap/127.0.0.1"
}
