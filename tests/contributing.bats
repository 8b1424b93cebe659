#!/usr/bin/env bats
# bats file_tags=native
# CONTRIBUTING.md and SECURITY.md name what is there.

load lib

# paths FILE: each thing in backquotes that begins as a path of this tree does.
# shellcheck disable=SC2016 # no expansion is meant
paths() {
    grep -o '`[^`]*`' "$1" | tr -d '`' | grep -E '^(src|tests|systemd|xinetd)(/|$)|^[A-Z]+\.md$' | sort -u
}

# targets FILE: each `make TARGET` in it.
targets() {
    grep -oE '(^|`)make [a-z-]+' "$1" | sed 's/.*make //' | sort -u
}

@test "every path that CONTRIBUTING.md and SECURITY.md name exists" {
    local path
    for path in $(paths "$ROOT/CONTRIBUTING.md") $(paths "$ROOT/SECURITY.md"); do
        [ -e "$ROOT/$path" ] || { echo "$path"; false; }
    done
    run -0 paths "$ROOT/CONTRIBUTING.md"
    [ "${#lines[@]}" -gt 20 ]
}

@test "every target of make that CONTRIBUTING.md names exists" {
    local target
    for target in $(targets "$ROOT/CONTRIBUTING.md"); do
        make -C "$ROOT" -n "$target" >/dev/null || { echo "$target"; false; }
    done
}

@test "make help lists the targets that people use" {
    run -0 make --no-print-directory -C "$ROOT" help
    local target
    for target in check test deps demo lint fuzz bench install uninstall; do
        assert_line --partial "make $target"
    done
}

@test "each room of src is in CONTRIBUTING.md" {
    local room
    for room in "$ROOT"/src/*/; do
        room=src/$(basename "$room")
        grep -q "\`$room\`" "$ROOT/CONTRIBUTING.md"
    done
}

@test "each option that --help names is in the man page" {
    local program option page
    need mandoc
    for program in lookup lookup-book lookup-handler lookup-server; do
        page=$(mandoc -T ascii "$ROOT/src/main/$program".[18] | col -b)
        for option in $("$BUILD/$program" --help | grep -oE -- '--[a-z][a-z-]+' | sort -u); do
            case $option in --help | --version) continue ;; esac
            grep -qE -- "$option([^a-z-]|\$)" <<<"$page" || { echo "$program $option"; false; }
        done
    done
}
