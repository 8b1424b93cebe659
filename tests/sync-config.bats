#!/usr/bin/env bats
# lookup-sync --check-config: what stands in sync.conf, and what is wrong with it.

load lib

setup() {
    skip_if_unavailable
    cd "$BATS_TEST_TMPDIR"
    PATH=$BUILD:$PATH
}

# conf LINE...: sync.conf, of these lines.
conf() {
    printf '%s\n' "$@" >sync.conf
}

# refused WHAT: the file is, and that is all that is said.
refused() {
    run -78 lookup-sync --config sync.conf --check-config
    assert_output "lookup-sync: sync.conf$1"
}

accepted() {
    run -0 lookup-sync --config sync.conf --check-config
    assert_output ''
}

@test "the least there can be, and all there can be" {
    conf 'uri = ldapi://%2Frun%2Fslapd' 'base = dc=example,dc=org'
    accepted
    echo pem | tee ca cert key >/dev/null
    conf '# a comment' '' 'uri = ldaps://a.example.org ldap://b.example.org:3389' $'uri=ldap://[::1]\r' \
        'preset = AD' 'filter = (&(objectClass=person)(!(cn=x = y)))' 'names = cn, displayName;lang-de 2.5.4.4' \
        'offices = roomNumber' 'id = entryUUID' 'base = ou=people,dc=example,dc=org' 'scope = one' 'bind = simple' \
        'bind-dn = cn=sync,dc=example,dc=org' 'secret-file = /etc/lookup/secret' 'tls = starttls' "ca-file = $PWD/ca" \
        "cert-file = $PWD/cert" "key-file = $PWD/key" 'book = /b' 'state = /s' 'index = none' 'max-shrink = 30%' \
        'full-every = 12h' 'spread = 0s' 'timeout = 90s'
    accepted
}

@test "each error names its line, and all are told at once" {
    conf 'uri = ldap://127.0.0.1' 'uri = ldaps://x/dc=a' 'base = dc' 'filter = (objectClass=person' 'Nope = 1' \
        'preset = ad' 'scope = three' 'max-shrink = 101' 'full-every = 12' 'names =' 'book = x' 'line' 'timeout = 0s' \
        'spread = 1y'
    run -78 lookup-sync --config sync.conf --check-config
    assert_output 'lookup-sync: sync.conf:2: not a server such as ldaps://HOST, ldap://HOST:PORT or ldapi://%2FPATH
lookup-sync: sync.conf:3: not a distinguished name
lookup-sync: sync.conf:4: not a filter (RFC 4515)
lookup-sync: sync.conf:5: no such key; see sync.conf(5)
lookup-sync: sync.conf:6: preset must come before filter, names, offices and id
lookup-sync: sync.conf:7: neither base, one nor sub
lookup-sync: sync.conf:8: not a percentage
lookup-sync: sync.conf:9: not a time such as 90m, 12h or 1d
lookup-sync: sync.conf:10: a key without a value
lookup-sync: sync.conf:11: not an absolute path
lookup-sync: sync.conf:12: no "=" between key and value
lookup-sync: sync.conf:13: not a time such as 90m, 12h or 1d
lookup-sync: sync.conf:14: not a time such as 90m, 12h or 1d'
}

@test "a key said twice is an error, but uri" {
    conf 'uri = ldapi://%2Fs' 'uri = ldapi://%2Ft' 'base = dc=a' 'base = dc=b'
    refused ':4: a key that was given before'
}

@test "what must be said, and what goes together" {
    local uri='uri = ldapi://%2Fs' base='base = dc=a'
    conf "$base"
    refused ': no uri: which server to ask'
    conf "$uri"
    refused ': no base: below which entry to search'
    conf "$uri" "$base" 'bind = simple'
    refused ': bind = simple needs bind-dn'
    conf "$uri" "$base" 'bind = external' 'bind-dn = cn=x'
    refused ': bind-dn and secret-file are for bind = simple'
    conf "$uri" "$base" 'keytab-file = /x'
    refused ': keytab-file is for bind = gssapi'
    conf "$uri" "$base" 'bind = gssapi' 'bind-dn = cn=x'
    refused ': bind-dn and secret-file are for bind = simple'
    conf 'domain = example.org' "$base" 'tls = none'
    refused ': domain needs TLS or Kerberos: tls = starttls or ldaps, or bind = gssapi'
    conf 'domain = example.org' "$base" 'tls = none' 'bind = gssapi' 'keytab-file = /x'
    accepted
    conf "$uri" "$base" 'cert-file = /x'
    refused ': cert-file and key-file go together'
    conf 'uri = ldaps://a' "$base" 'ca-file = /nonexistent'
    refused ': ca-file cannot be read'
}

@test "a password never goes in clear" {
    conf 'uri = ldaps://a ldap://127.0.0.1' 'base = dc=a' 'bind-dn = cn=x' 'tls = none'
    refused ': a password is not sent in clear text: tls = starttls, or ldaps:// or ldapi:// servers'
}

@test "a file that is not there, or is no such file" {
    run -66 lookup-sync --config nope --check-config
    assert_output 'lookup-sync: nope: No such file or directory'
    head -c 70000 /dev/zero >sync.conf
    run -66 lookup-sync --config sync.conf --check-config
    assert_output 'lookup-sync: sync.conf: File too large'
}

@test "options" {
    run -0 lookup-sync --help
    assert_output --partial --check-config
    run -0 lookup-sync --version
    assert_output --regexp '^lookup-sync [0-9.]+$'
    run -64 lookup-sync x
    assert_output 'lookup-sync: unexpected argument: x; see --help'
    run -64 lookup-sync --nope
    assert_output 'lookup-sync: no such option: --nope; see --help'
}
