# Completion of lookup(1) for fish.
complete -c lookup -f
complete -c lookup -s h -x -a '(__fish_print_hostnames)' -d 'Whom to ask, several in turn'
complete -c lookup -s p -x -d 'Port'
complete -c lookup -s 4 -d 'IPv4 only'
complete -c lookup -s 6 -d 'IPv6 only'
complete -c lookup -s u -d 'By UDP, or by datagram with -U'
complete -c lookup -s U -r -F -d 'Unix socket'
complete -c lookup -s s -x -a 'lookup clock' -d 'Service to query'
complete -c lookup -s w -x -d 'Seconds to wait for each answer'
complete -c lookup -l label -d 'Name and tab before each line'
complete -c lookup -l json -d 'A JSON object for each name'
complete -c lookup -s q -d 'Nothing for an unknown name'
complete -c lookup -s v -d 'Say what happens; twice: with times'
complete -c lookup -l help -d Usage
complete -c lookup -l version -d Version
complete -c lookup -n '__fish_seen_subcommand_from clock' -a 'Date Time DateAndTime'
