# A directory: slapd in a folder of its own, as the user who runs the tests. Its files are in $DIRECTORY/NAME.
# shellcheck disable=SC2034 # variables are for the files that load this

SUFFIX=dc=example,dc=org
ROOT_DN=cn=root,$SUFFIX

need_directory() {
    need slapd slapadd slapcat ldapmodify openssl
}

# ldapi NAME: prints the URI of its Unix socket.
ldapi() {
    local path=$DIRECTORY/$1/ldapi
    echo "ldapi://${path//\//%2F}"
}

# make_provider NAME NUMBER [LINE...]: creates an empty provider. Adds the lines to the configuration of its
# database, and $DIRECTORY/NAME/tls.conf to that of the server.
make_provider() {
    local folder=$DIRECTORY/$1 number=$2
    mkdir -p "$folder/db" "$folder/plain"
    cat >"$folder/slapd.conf" <<END
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload syncprov
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile $folder/pid
serverID $number
$(cat "$folder/tls.conf" 2>/dev/null)
database mdb
suffix $SUFFIX
rootdn $ROOT_DN
rootpw secret
directory $folder/db
maxsize 1073741824
# No test is about a machine that loses power.
dbnosync
index objectClass,entryCSN,entryUUID eq
limits dn.exact="$ROOT_DN" size=unlimited time=unlimited
sizelimit unlimited
$(printf '%s\n' "${@:3}")
overlay syncprov
syncprov-checkpoint 100 10
syncprov-sessionlog 1000

# a database without the sync operation
database mdb
suffix dc=plain
rootdn cn=root,dc=plain
rootpw secret
directory $folder/plain
sizelimit size.soft=unlimited size.hard=unlimited size.prtotal=unlimited
END
    printf 'dn: %s\nobjectClass: domain\ndc: example\n' "$SUFFIX" | load_provider "$1" "$number" "$SUFFIX"
    printf 'dn: dc=plain\nobjectClass: domain\ndc: plain\n' | load_provider "$1" "$number" dc=plain
}

# make_pair: creates and starts the providers a and b, which replicate each other's changes. They are at 127.0.1.1 and 127.0.1.2,
# or at addresses that begin with PAIR_NET instead of 127.0.1. Nothing else may use these addresses: see part_pair.
make_pair() {
    local name number=0 port
    port=$(free_port)
    export PAIR_PORT=$port
    for name in a b; do
        number=$((number + 1))
        make_provider "$name" "$number" 'limits users size=unlimited'
        # Insert before the overlay, in the first database.
        sed -i "/^overlay syncprov/i\\
syncrepl rid=00$((3 - number)) provider=ldap://${PAIR_NET:-127.0.1.}$((3 - number)):$port type=refreshAndPersist retry=\"1 +\"\\
    searchbase=$SUFFIX bindmethod=simple binddn=$ROOT_DN credentials=secret keepalive=2:2:2 network-timeout=1 timeout=2\\
multiprovider on" "$DIRECTORY/$name/slapd.conf"
    done
    # Both start with the same data: the second has a copy.
    rm -r "$DIRECTORY/b/db"
    mkdir "$DIRECTORY/b/db"
    slapcat -f "$DIRECTORY/a/slapd.conf" -b "$SUFFIX" | slapadd -q -w -f "$DIRECTORY/b/slapd.conf" -b "$SUFFIX"
    start_of_pair a
    start_of_pair b
}

# start_of_pair NAME
start_of_pair() {
    local number=1
    [ "$1" = a ] || number=2
    start_provider "$1" "ldap://${PAIR_NET:-127.0.1.}$number:$PAIR_PORT" ${PAIR_NET:+"ldaps://$PAIR_NET$number"}
}

# part_pair, join_pair: interrupt and restore the connection between a and b.
part_pair() {
    ip route add unreachable 127.0.1.1/32 table local
    ip route add unreachable 127.0.1.2/32 table local
}

join_pair() {
    local number
    for number in 1 2; do
        ! ip route show table local | grep -q "^unreachable 127.0.1.$number " ||
            ip route del unreachable 127.0.1.$number/32 table local
    done
}

# is_known NAME DN ATTRIBUTE=VALUE: true if its directory has that value.
is_known() {
    ldapsearch -LLL -x -H "$(ldapi "$1")" -s base -b "$2" "($3)" 1.1 2>/dev/null | grep -q .
}

# load_provider NAME NUMBER SUFFIX: loads LDIF from standard input into a database of a stopped provider.
load_provider() {
    slapadd -q -w -S "$2" -f "$DIRECTORY/$1/slapd.conf" -b "$3"
}

# start_provider NAME [URL...]: starts a provider that listens on these and on its Unix socket. UNDER_NAME, if set, is a prefix for
# its command.
start_provider() {
    local folder=$DIRECTORY/$1 name=UNDER_$1 under
    read -ra under <<<"${!name:-}"
    rm -f "$folder/ldapi"
    # It belongs to the file, even if a test starts it.
    BATS_TEST_TMPDIR='' start_background "$folder/log" "${under[@]}" slapd -d "${SLAPD_DEBUG:-stats,sync}" -f "$folder/slapd.conf" -h "$(ldapi "$1") ${*:2}"
    tail -n 1 "$BATS_FILE_TMPDIR/background" >"$folder/started"
    wait_for answers_ldap "$1" || { tail -n 20 "$folder/log" >&2; return 1; }
}

# authority NAME: creates a certificate authority, $DIRECTORY/NAME.pem.
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -keyout "$DIRECTORY/$1.key" -out "$DIRECTORY/$1.pem" 2>/dev/null
}

# certificate NAME AUTHORITY DAYS ALTERNATIVE: creates $DIRECTORY/NAME.pem and NAME.key for that host.
certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
        -keyout "$DIRECTORY/$1.key" -out "$DIRECTORY/$1.csr" 2>/dev/null
    openssl x509 -req -in "$DIRECTORY/$1.csr" -CA "$DIRECTORY/$2.pem" -CAkey "$DIRECTORY/$2.key" -CAcreateserial \
        -days "$3" -extfile <(echo "subjectAltName=$4") -out "$DIRECTORY/$1.pem" 2>/dev/null
}

# tls NAME CERTIFICATE: gives the provider NAME that certificate. Call it before make_provider.
tls() {
    mkdir -p "$DIRECTORY/$1"
    printf '%s\n' "TLSCACertificateFile $DIRECTORY/ca.pem" "TLSCertificateFile $DIRECTORY/$2.pem" \
        "TLSCertificateKeyFile $DIRECTORY/$2.key" 'TLSVerifyClient try' >"$DIRECTORY/$1/tls.conf"
}

answers_ldap() {
    ldapsearch -LLL -x -H "$(ldapi "$1")" -s base -b "" 1.1 >/dev/null 2>&1
}

# stop_provider NAME [SIGNAL]. Its number is then forgotten, because another process may get it before the file ends.
stop_provider() {
    local pid
    pid=$(<"$DIRECTORY/$1/started")
    kill "-${2:-INT}" "$pid"
    wait "$pid" 2>/dev/null || true
    wait_for is_gone "$pid"
    rm "$DIRECTORY/$1/started"
    sed -i "/^$pid\$/d" "$BATS_FILE_TMPDIR/background"
}

# change NAME: applies the changes on standard input (LDIF) to its directory.
change() {
    ldapmodify -x -H "$(ldapi "$1")" -D "$ROOT_DN" -w secret >/dev/null
}

# unit NAME DN: prints an organizational unit as LDIF.
unit() {
    local rest=${1#ou=}
    printf 'dn: %s\nchangetype: add\nobjectClass: organizationalUnit\nou: %s\n\n' "$1" "${rest%%,*}"
}

# person UID CN ROOM BASE: prints a person as LDIF, without a room if ROOM is empty.
person() {
    printf 'dn: uid=%s,%s\nchangetype: add\nobjectClass: inetOrgPerson\nuid: %s\ncn: %s\nsn: %s\n' "$1" "$4" "$1" "$2" "$1"
    [ -z "$3" ] || printf 'roomNumber: %s\n' "$3"
    echo
}

# persons FROM TO BASE: prints persons with these numbers: uN, Person N, in room RN.
persons() {
    local i
    for ((i = $1; i <= $2; i++)); do
        person "u$i" "Person $i" "R$i" "$3"
    done
}

# gone DN: prints its removal as LDIF.
gone() {
    printf 'dn: %s\nchangetype: delete\n\n' "$1"
}

# room DN ROOM: prints the change of its room as LDIF.
room() {
    printf 'dn: %s\nchangetype: modify\nreplace: roomNumber\nroomNumber: %s\n\n' "$1" "$2"
}

# sync_conf URI [LINE...]: writes sync.conf in the current folder, for the base $BASE.
sync_conf() {
    printf '%s\n' "uri = $1" "base = $BASE" "book = $PWD/book.cdb" "state = $PWD/state" "${@:2}" >sync.conf
}

sync() {
    "$BUILD/lookup-sync" --config sync.conf "$@"
}

# answers REQUEST ANSWER: asserts that the book gives that answer.
answers() {
    local answer
    answer=$("$BUILD/lookup-book" query book.cdb "$1") || true
    assert_equal "$answer" "$2"
}

# unknown NAME...: asserts that the book has none of these names.
unknown() {
    local name
    for name; do
        answers "$name" "UNKNOWN NAME: ${name^^}"
    done
}

# knows NAME OFFICE: true if there is a book that has this answer.
knows() {
    [ "$("$BUILD/lookup-book" query book.cdb "$1" 2>/dev/null)" = "$2" ]
}

# no_nap: makes no_nap.so, which reports long sleeps of the program that it is preloaded into, and cuts them short.
no_nap() {
    "${CC:-cc}" -shared -fPIC -o no_nap.so "$ROOT/tests/tools/no_nap.c"
}
