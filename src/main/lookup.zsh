#compdef lookup
# Completion of lookup(1) for zsh.
_lookup_names() {
    if [[ ${opt_args[-s]} == clock ]]; then
        local -a options=(Date Time DateAndTime)
        _describe option options
    else
        _message 'name, a quoted one if it has several words'
    fi
}
_arguments -s -S \
    '(-U)-h+[whom to ask, several in turn]:host:_hosts' \
    '(-U)-p+[port]:port:_ports' \
    '(-6 -U)-4[IPv4 only]' \
    '(-4 -U)-6[IPv6 only]' \
    '-u[by UDP, or by datagram with -U]' \
    '(-h -p -4 -6)-U+[Unix socket]:socket:_files' \
    '-s+[service to query]:service:(lookup clock)' \
    '-w+[seconds to wait for each answer]:seconds' \
    '(--json -v)--label[name and tab before each line]' \
    '(--label -v)--json[a JSON object for each name]' \
    '(-v)-q[nothing for an unknown name]' \
    '(-q --json --label)*-v[say what happens]' \
    '(- *)--help[usage]' \
    '(- *)--version[version]' \
    '*:name:_lookup_names'
