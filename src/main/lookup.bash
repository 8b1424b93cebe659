# Completion of lookup(1) for bash.
# shellcheck shell=bash
_lookup() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} i words=''
    COMPREPLY=()
    case $before in
        -h) mapfile -t COMPREPLY < <(compgen -A hostname -- "$word"); return ;;
        -U) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        -s) mapfile -t COMPREPLY < <(compgen -W 'lookup clock' -- "$word"); return ;;
        -p | -w) return ;;
    esac
    case $word in
        -*) words='-h -p -4 -6 -u -U -s -w --label --json -q -v -vv --help --version' ;;
        *)
            for ((i = 1; i < COMP_CWORD; i++)); do
                [ "${COMP_WORDS[i]} ${COMP_WORDS[i + 1]}" != '-s clock' ] || words='Date Time DateAndTime'
            done
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _lookup lookup
