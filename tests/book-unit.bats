#!/usr/bin/env bats
# bats file_tags=native,first
# lookup-book.path and lookup-book.service under a real systemd: the source changes, and the book is made anew.
# shellcheck disable=SC2016 # what is in single quotes is for the machine's shells

load lib
load machine

UNIT=lookup-book.service
BOOK=/var/lib/lookup/book.cdb

setup_file() {
    boot_machine || return 0
    in_machine make -s -C /src install
    in_machine systemctl start lookup-book.path
}

teardown_file() {
    poweroff_machine
}

setup() {
    skip_if_unavailable
    write 'John = C45'
    wait_for answers John C45
    wait_for is_idle
}

# write LINE...: the source is these lines, written in place.
write() {
    printf '%s\n' "$@" | in_machine tee /etc/lookup/book.txt >/dev/null
}

answers() {
    [ "$(in_machine lookup-book query "$BOOK" "$1")" = "$2" ]
}

# Nothing is under way, and nothing is marked to be done.
is_idle() {
    ! is_active "$UNIT" && ! is_active lookup-book-changed.service && ! in_machine test -e /run/lookup-book/changed
}

is_active() {
    [[ ! $(in_machine systemctl show --property ActiveState --value "$1") =~ ^(inactive|failed)$ ]]
}

has_failed() {
    in_machine systemctl --quiet is-failed "$UNIT"
}

@test "the source written in place, replaced, moved away and written anew: the book is made each time" {
    write 'John = A1'
    wait_for answers John A1
    in_machine sh -c 'cd /etc/lookup && echo "John = A2" >new && mv new book.txt'
    wait_for answers John A2
    in_machine sh -c 'cd /etc/lookup && mv book.txt book.txt~ && echo "John = A3" >book.txt'
    wait_for answers John A3
    in_machine sh -c 'cd /etc/lookup && rm book.txt~ && ln book.txt book.txt~ && sed -i s/A3/A4/ book.txt'
    wait_for answers John A4
    in_machine sh -c 'echo "Ann = B1" >>/etc/lookup/book.txt'
    wait_for answers Ann B1
    in_machine rm /etc/lookup/book.txt~
}

@test "the source is a link, and the link is switched, or a folder that it leads through" {
    in_machine sh -c 'cd /etc/lookup && mkdir v1 v2 && echo "John = L1" >v1/book.txt && echo "John = L2" >v2/book.txt'
    in_machine ln -sfn v1/book.txt /etc/lookup/book.txt
    wait_for answers John L1
    in_machine ln -sfn v2/book.txt /etc/lookup/book.txt
    wait_for answers John L2
    in_machine sh -c 'cd /etc/lookup && ln -s v1/book.txt new && mv -T new book.txt'
    wait_for answers John L1
    # As soon as the book is there.
    in_machine timeout 300 sh -c 'cd /etc/lookup
        for number in 2 1 2 1 2 1 2 1 2 1; do
            ln -sfn "v$number/book.txt" book.txt
            until lookup-book query "$1" John | grep -qx "L$number"; do :; done
        done' sh "$BOOK"
    # Of what it is linked to: written in place.
    wait_for is_idle
    in_machine sh -c 'echo "John = L3" >/etc/lookup/v1/book.txt'
    wait_for answers John L3
    in_machine sh -c 'cd /etc/lookup && ln -sfn v1 current && ln -sfn current/book.txt book.txt'
    wait_for is_idle
    in_machine ln -sfn v2 /etc/lookup/current
    wait_for answers John L2
    in_machine sh -c 'cd /etc/lookup && ln -s v1 new && mv -T new current'
    wait_for answers John L3
    # A folder elsewhere, by the drop-in that the unit tells of.
    in_machine sh -c 'mkdir -p /srv/lookup /etc/systemd/system/lookup-book.path.d &&
        cp -r /etc/lookup/v1 /etc/lookup/v2 /srv/lookup && ln -s v1 /srv/lookup/current &&
        sed -n "s/^#   //p" /usr/local/lib/systemd/system/lookup-book.path >/etc/systemd/system/lookup-book.path.d/test.conf &&
        systemctl daemon-reload && systemctl restart lookup-book.path &&
        ln -sfn /srv/lookup/current/book.txt /etc/lookup/book.txt && ln -sfn v2 /srv/lookup/current'
    wait_for answers John L2
    wait_for is_idle
    in_machine ln -sfn v1 /srv/lookup/current
    wait_for answers John L3
    in_machine sh -c 'rm -r /etc/lookup/v1 /etc/lookup/v2 /etc/lookup/current /etc/lookup/book.txt /srv/lookup \
        /etc/systemd/system/lookup-book.path.d && systemctl daemon-reload && systemctl restart lookup-book.path'
}

@test "any source makes the book: book.txt and what is beside it, or that alone" {
    in_machine sh -c 'printf "name\toffice\nTess\tT1\n" >/etc/lookup/STAFF.TSV; printf "name,office\nCora,C1\n" >/etc/lookup/Staff.CSV
        printf "dn: cn=Dora\ncn: Dora\nroomNumber: D1\n" >/etc/lookup/a.ldi
        printf "BEGIN:VCARD\nVERSION:3.0\nFN:Wanda\nX-OFFICE:W1\nEND:VCARD\n" >/etc/lookup/b.vcard'
    wait_for answers Wanda W1
    answers Tess T1
    answers Cora C1
    answers Dora D1
    in_machine rm /etc/lookup/STAFF.TSV /etc/lookup/Staff.CSV /etc/lookup/a.ldi /etc/lookup/b.vcard
    in_machine sh -c 'printf "name,office\nMary,M1\n" >/etc/lookup/staff.csv'
    wait_for answers Mary M1
    answers John C45
    in_machine sh -c 'printf "dn: cn=Lena\ncn: Lena\nroomNumber: L1\n" >/etc/lookup/more.ldif'
    wait_for answers Lena L1
    in_machine sh -c 'printf "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Vera\r\nORG:x\r\nADR;TYPE=WORK:;V1;;;;;\r\nEND:VCARD\r\n" >/etc/lookup/one.vcf'
    wait_for answers Vera V1
    in_machine rm /etc/lookup/book.txt
    wait_for answers John 'UNKNOWN NAME: JOHN'
    answers Mary M1
    in_machine rm /etc/lookup/staff.csv /etc/lookup/more.ldif /etc/lookup/one.vcf
}

@test "what was changed while nobody looked is compiled when the unit starts" {
    in_machine systemctl stop lookup-book.path
    write 'John = S1'
    in_machine systemctl start lookup-book.path
    wait_for answers John S1
}

# refused REGEXP: the journal says so since CURSOR.
refused() {
    in_machine journalctl --sync
    in_machine journalctl --quiet --after-cursor="$CURSOR" -o cat | grep -Eq "$1"
}

@test "a source that is its owner's alone works; one under /home is refused with its remedy, and the old book stays" {
    in_machine sh -c 'echo "Joe = J1" >/etc/lookup/joe.txt && chown 1234:1234 /etc/lookup/joe.txt && chmod 640 /etc/lookup/joe.txt &&
        mv /etc/lookup/joe.txt /etc/lookup/book.txt'
    wait_for answers Joe J1
    CURSOR=$(in_machine journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
    in_machine sh -c 'mkdir -p /home/joe && echo "Joe = J2" >/home/joe/book.txt && ln -sfn /home/joe/book.txt /etc/lookup/book.txt'
    wait_for refused '^/etc/lookup/book.txt: leads nowhere, or into /home, .*ProtectHome=read-only'
    wait_for has_failed
    answers Joe J1
    in_machine rm -r /etc/lookup/book.txt /home/joe
}

@test "an error is in the journal, the old book stays, and the next change is seen" {
    local cursor before
    cursor=$(in_machine journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
    before=$(in_machine sha256sum "$BOOK")
    write 'Ann = B1' nonsense
    wait_for has_failed
    in_machine journalctl --sync
    run -0 in_machine journalctl --quiet --after-cursor="$cursor" -o cat
    assert_line '/etc/lookup/book.txt:2: no "=" between name and office'
    assert_equal "$(in_machine sha256sum "$BOOK")" "$before"
    run -0 in_machine ls -A /var/lib/lookup
    assert_output book.cdb
    in_machine rm /etc/lookup/book.txt
    wait_for is_idle
    answers John C45
    write 'Ann = B2'
    wait_for answers Ann B2
}

@test "no folder for the book: it fails once; a unit that cannot be started: it fails in the end, and is not tried for ever" {
    local dropin=/run/systemd/system/$UNIT.d
    in_machine mv /var/lib/lookup /var/lib/kept
    write 'John = B4'
    wait_for has_failed
    in_machine mv /var/lib/kept /var/lib/lookup
    in_machine mkdir "$dropin"
    printf '[Service]\nReadWritePaths=/nowhere\n' | in_machine tee "$dropin/test.conf" >/dev/null
    in_machine systemctl daemon-reload
    in_machine systemctl reset-failed "$UNIT"
    write 'John = B5'
    wait_for in_machine systemctl --quiet is-failed lookup-book-due.path
    answers John C45
    in_machine rm -r "$dropin"
    in_machine systemctl daemon-reload
    in_machine systemctl reset-failed
    in_machine systemctl restart lookup-book.path
    wait_for answers John B5
}

@test "a FIFO among the sources is refused, nothing waits for it" {
    in_machine mkfifo /etc/lookup/pipe.csv
    write 'John = B3'
    wait_for has_failed
    run -0 in_machine journalctl --unit "$UNIT" --output cat
    assert_output --partial '/etc/lookup/pipe.csv: not a file'
    in_machine rm /etc/lookup/pipe.csv
    wait_for answers John B3
}

@test "however many changes and however fast, the last one counts" {
    # More starts than systemd allows a unit by default: 5 in 10 s.
    for i in {1..8}; do
        write "John = D$i"
        wait_for answers John "D$i"
    done
    in_machine sh -c 'for i in $(seq 300); do echo "John = E$i" >/etc/lookup/book.txt; done'
    wait_for answers John E300
}

# held: the book of another source is being made, by a process that is stopped.
held() {
    in_machine sh -c 'seq -f "Name %.0f = F1" 400000 >/run/new && mv /run/new /etc/lookup/book.txt'
    in_machine timeout 60 sh -c 'until [ "$(cat /proc/$(systemctl show --property MainPID --value lookup-book)/comm 2>/dev/null)" = lookup-book ] &&
        systemctl kill --signal=STOP lookup-book; do :; done'
}

@test "a change while the book is made counts too, however long that takes; then there is an end" {
    held
    # Not by the source that is open: this one is made a book of first.
    in_machine sh -c 'for i in $(seq 300); do echo "John = F$i" >/run/new && mv /run/new /etc/lookup/book.txt; done'
    wait_for in_machine test -e /run/lookup-book/changed
    in_machine systemctl kill --signal=CONT "$UNIT"
    wait_for answers John F300
    wait_for is_idle
}

@test "systemctl stop ends what is under way, and the old book stays" {
    held
    in_machine systemctl stop lookup-book.path "$UNIT"
    wait_for is_idle
    answers John C45
    run ! is_active lookup-book-due.path
    run -0 in_machine sh -c 'ls -A /var/lib/lookup'
    assert_output book.cdb
    in_machine systemctl start lookup-book.path
    wait_for answers 'Name 7' F1
}

@test "systemctl stop ends a compilation that has not begun to read, and the next change is compiled" {
    write 'John = S2'
    # The mark of the change is still there.
    in_machine timeout 60 sh -c "until [ \"\$(systemctl show --property ActiveState --value $UNIT)\" = activating ]; do :; done"
    in_machine systemctl stop "$UNIT"
    is_idle
    in_machine systemctl --quiet is-active lookup-book-due.path
    write 'John = S3'
    wait_for answers John S3
}

# says WHAT: the book does of John, a pattern.
says() {
    in_machine sh -c "lookup-book query $BOOK John | grep -qx '$1'"
}

@test "a source that changes all the time is compiled all the same" {
    in_machine sh -c 'i=0; while [ ! -e /run/enough ]; do i=$((i + 1)); echo "John = G$i" >/etc/lookup/book.txt; sleep 0.3; done' &
    wait_for says 'G[0-9]*'
    in_machine touch /run/enough
    wait
    write 'John = G'
    wait_for answers John G
    in_machine rm /run/enough
}

@test "the new book has the old one's owner and mode" {
    in_machine chown 12345:23456 "$BOOK"
    in_machine chmod 640 "$BOOK"
    write 'John = G1'
    wait_for answers John G1
    run -0 in_machine stat -c '%a %u %g' "$BOOK"
    assert_output '640 12345 23456'
    in_machine chown 0:0 "$BOOK"
    in_machine chmod 644 "$BOOK"
}

@test "exposure: at most 1.5, for what runs as root" {
    in_machine systemd-analyze security --offline=true --threshold=15 "$UNIT"
}
