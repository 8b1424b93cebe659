#!/usr/bin/env bats
# bats file_tags=native
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

is_idle() {
    [[ $(in_machine systemctl show --property ActiveState --value "$UNIT") =~ ^(inactive|failed)$ ]]
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

@test "however many changes and however fast, the last one counts" {
    # More starts than systemd allows a unit by default: 5 in 10 s.
    for i in {1..8}; do
        write "John = D$i"
        wait_for answers John "D$i"
    done
    in_machine sh -c 'for i in $(seq 300); do echo "John = E$i" >/etc/lookup/book.txt; done'
    wait_for answers John E300
}

@test "a change while the book is made counts too" {
    in_machine sh -c 'seq -f "Name %.0f = F1" 200000 >/etc/lookup/new && mv /etc/lookup/new /etc/lookup/book.txt'
    wait_for in_machine sh -c '[ "$(cat /proc/$(systemctl show --property MainPID --value lookup-book)/comm)" = lookup-book ]'
    in_machine sh -c 'echo "John = F2" >>/etc/lookup/book.txt'
    wait_for answers John F2
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
