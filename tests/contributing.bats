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

# options PROGRAM: those that its source knows: the table of long ones, and the letters of short ones.
options() {
    sed -nE 's/.*cli_option\(argc, argv, ":([^"]*)".*/\1/p' "$ROOT/src/main/$1.c" | tr -d : | sed 's/./-&\n/g'
    grep -oE '\{"[a-z-]+", (no|required|optional)_argument' "$ROOT/src/main/$1.c" | sed 's/{"\([^"]*\).*/--\1/'
}

# named OPTION TEXT
named() {
    grep -qE -- "(^|[^a-z-])$1([^a-z-]|\$)" <<<"$2"
}

@test "each option of a program is in its --help and in its man page" {
    local program option help page known said
    need mandoc
    for program in lookup lookup-book lookup-handler lookup-server lookup-sync; do
        help=$("$BUILD/$program" --help)
        # The lines of the options that it describes, not of those that it only names.
        page=$(mandoc -T ascii "$ROOT/src/main/$program".[18] | col -bx | grep -E "^ +-")
        known=$(options "$program")
        [[ $known == *--version* ]]
        for option in $known; do
            case $program$option in lookup-book--help | lookup-book--version | lookup-book-h) continue ;; esac
            named "$option" "$help" || fail "$program --help: $option"
            named "$option" "$page" || fail "$program, man page: $option"
        done
        said=$(grep -oE -- '--[a-z][a-z-]+' <<<"$help")
        for option in $said; do
            grep -qxe "$option" <<<"$known" || fail "$program knows no $option"
        done
    done
}

@test "each format of --help is in lookup-book(1), and those of sources in lookup-book(5)" {
    local command format formats
    for command in compile list; do
        formats=$("$BUILD/lookup-book" help "$command" | sed -n 's/^  --format \([a-z|]*\) .*/\1/p' | tr '|' ' ')
        [[ $formats == plain\ * ]]
        for format in $formats; do
            grep -qE "^\.It Fl -format Cm .*\b$format\b" "$ROOT/src/main/lookup-book.1" || fail "$format"
            [ "$command" = list ] || grep -qix "\.Ss $format" "$ROOT/src/main/lookup-book.5" || fail "$format"
        done
    done
}

@test "each service has all that CONTRIBUTING.md asks for, and is named wherever services are listed" {
    local service file port
    all_services
    for service in "${SERVICES[@]}"; do
        for file in src/services/$service.c tests/golden/$service.golden tests/fuzz/$service.c xinetd/$service; do
            [ -s "$ROOT/$file" ] || fail "$file"
        done
        port=$(sed -n 's/^    \.port = \([0-9]*\),$/\1/p' "$ROOT/src/services/$service.c")
        grep -qx "PORT_$service = $port" "$ROOT/systemd/rules.mk" || fail "PORT_$service = $port"
        grep -q "^TITLE_$service = " "$ROOT/systemd/rules.mk" || fail "TITLE_$service"
        for file in systemd/{lookup.preset,lookup-server.service,stop-units} debian/office-lookup.{install,prerm} \
            src/main/lookup-{handler,server}.8; do
            grep -qw "$service" "$ROOT/$file" || fail "$file: $service"
        done
    done
    grep -qx "SERVICES = ${SERVICES[*]}" "$ROOT/systemd/rules.mk"
}
