#!/usr/bin/env bats
# bats file_tags=native
# The completions of lookup for bash, zsh and fish: each knows all options that --help lists, and what may follow them.
# shellcheck disable=SC2016 # what is in single quotes is for inner shells

load lib

setup() {
    need bash zsh fish
    export HOME=$BATS_TEST_TMPDIR
}

# bash_completes WORD...: what bash proposes for the last of them.
bash_completes() {
    bash -c '
        source "$1/src/main/lookup.bash"
        compopt() { :; } # there is no completion going on
        COMP_WORDS=("${@:2}")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _lookup
        printf "%s\n" "${COMPREPLY[@]}"' bash "$ROOT" "$@"
}

fish_completes() {
    fish --no-config -c 'source $argv[1]; complete -C "$argv[2]"' "$ROOT/src/main/lookup.fish" "$1" | cut -f1
}

# The line as zsh has it after TAB. What it prints has a number in it that is not in the commands, which may be echoed.
zsh_completes() {
    local fpath=$BATS_TEST_TMPDIR/zsh
    mkdir -p "$fpath"
    cp "$ROOT/src/main/lookup.zsh" "$fpath/_lookup"
    TERM=dumb zsh -f -c '
        zmodload zsh/zpty
        zpty shell "TERM=dumb zsh -f -i"
        zpty -w shell "PS1=; stty -echo cols 500; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D"
        zpty -w shell "zstyle \":completion:*\" list-colors; setopt no_list_beep; bindkey \"^I\" complete-word; shown() { print -r -- \"line\$((6 * 7)):\$BUFFER:\"; zle .send-break }; zle -N shown; bindkey \"^X\" shown; print ready\$((6 * 7))"
        while zpty -r shell line && [[ $line != *ready42* ]]; do :; done
        zpty -n -w shell "$2"$'"'\t\x18'"'
        while zpty -r shell line; do
            [[ $line != *line42:*:* ]] || { print -r -- ${${line#*line42:}%:*}; exit 0; }
        done' zsh "$fpath" "$1"
}

# The options of --help, each on a line.
options() {
    "$BUILD/lookup" --help | grep -oE '(^  |, |[;:] )--?[A-Za-z0-9]+' | grep -oE -- '--?[A-Za-z0-9]+' | sort -u
}

@test "all options of --help are known, and no others" {
    local option
    run -0 bash_completes lookup -
    diff <(options) <(sort -u <<<"$output")
    for option in $(options); do
        # A second -v is no option of its own.
        [ "$option" != -vv ] || continue
        case $option in
            --*) grep -q -- "-l ${option#--} " "$ROOT/src/main/lookup.fish" ;;
            *) grep -q -- "-s ${option#-} " "$ROOT/src/main/lookup.fish" ;;
        esac || fail "fish: $option"
        grep -qE -- "^    '(\(.*\)\*?)?$option\+?\[" "$ROOT/src/main/lookup.zsh" || fail "zsh: $option"
    done
    assert_equal "$(grep -c '^complete .* -[sl] ' "$ROOT/src/main/lookup.fish")" "$(($(options | wc -l) - 1))"
    assert_equal "$(grep -c '\[.*\].*' "$ROOT/src/main/lookup.zsh")" "$(options | wc -l)"
}

@test "the services of --help are known, in lookup(1) too, and no others" {
    local services
    services=$("$BUILD/lookup" --help | sed -n 's/^  -s SERVICE .*: //p' | grep -oE '[a-z]+' | sort)
    [[ $services == *lookup* ]]
    assert_equal "$(sed -n 's/^\.It Fl s Cm //p' "$ROOT/src/main/lookup.1" | grep -oE '[a-z]+' | sort)" "$services"
    assert_equal "$(bash_completes lookup -s '' | sort)" "$services"
    assert_equal "$(fish_completes 'lookup -s ' | sort)" "$services"
    assert_equal "$(sed -n "s/.*:service:(\(.*\))'.*/\1/p" "$ROOT/src/main/lookup.zsh" | tr ' ' '\n' | sort)" "$services"
}

@test "bash: services, the clock's options, sockets" {
    run -0 bash_completes lookup -s c
    assert_output clock
    run -0 bash_completes lookup -s clock Date
    assert_output $'Date\nDateAndTime'
    run -0 bash_completes lookup -v D
    assert_output ''
    touch "$BATS_TEST_TMPDIR/s.sock"
    run -0 bash_completes lookup -U "$BATS_TEST_TMPDIR/s."
    assert_output "$BATS_TEST_TMPDIR/s.sock"
}

@test "fish: services, the clock's options, options" {
    run -0 fish_completes 'lookup -s c'
    assert_output clock
    run -0 fish_completes 'lookup -s clock Date'
    assert_output $'Date\nDateAndTime'
    run -0 fish_completes 'lookup --js'
    assert_output -- --json
}

@test "zsh: services, the clock's options, options" {
    run -0 zsh_completes 'lookup -s c'
    assert_output --regexp '^lookup -s clock ?$'
    run -0 zsh_completes 'lookup -s clock DateA'
    assert_output --regexp '^lookup -s clock DateAndTime ?$'
    run -0 zsh_completes 'lookup --js'
    assert_output --regexp '^lookup --json ?$'
    # What contradicts what is there already is not proposed.
    run -0 zsh_completes 'lookup --label --js'
    assert_output 'lookup --label --js'
}

@test "they are installed where each shell looks, and taken away again" {
    local to=$BATS_TEST_TMPDIR/to
    make -C "$ROOT" -s BUILD="$BUILD" DESTDIR="$to" PREFIX=/usr install
    [ -s "$to/usr/share/bash-completion/completions/lookup" ]
    [ -s "$to/usr/share/zsh/site-functions/_lookup" ]
    [ -s "$to/usr/share/fish/vendor_completions.d/lookup.fish" ]
    make -C "$ROOT" -s BUILD="$BUILD" DESTDIR="$to" PREFIX=/usr uninstall
    [ -z "$(find "$to/usr/share" -type f -path '*/[bzf]*sh*/*')" ]
}
