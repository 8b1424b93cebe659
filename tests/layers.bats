#!/usr/bin/env bats
# bats file_tags=native
# The folders under src/ are layers: includes only point down, and so there are no cycles between them.

load lib

# offences SRC: each #include "FOLDER/FILE" that a file of its layer may not have.
offences() {
    local layer allowed
    while read -r layer allowed; do
        grep -rnE '^ *# *include +"' --include='*.[ch]' "$1/$layer" | grep -vE "\"($allowed)[^\"]*\"" || true
    done <<'LAYERS'
data data/
services services/|data/
net net/|services/service\.h|data/
server server/|net/|services/service\.h|data/
formats formats/|data/
compile compile/|formats/|data/
sync sync/|compile/(compile|atomic_file|folder|write_at)\.h|formats/|net/(deadline|confine|landlock|resolve|self_connect|srv|task)\.h|data/
main main/|sync/|server/|compile/|formats/|net/|services/|data/
LAYERS
}

@test "includes in src only point down" {
    run -0 offences "$ROOT/src"
    assert_output ''
}

@test "each folder of src is a known layer" {
    run -0 ls -d "$ROOT"/src/*/
    assert_output "$(printf "$ROOT/src/%s/\n" compile data formats main net server services sync)"
}

@test "an include that points up is found" {
    local src=$BATS_TEST_TMPDIR/src
    mkdir -p "$src"/{data,services,net,server,formats,compile,sync,main}
    echo '#include "services/service.h"' >"$src/data/a.c"
    echo '#include "net/log.h"' >"$src/services/b.h"
    echo '# include "services/line.h"' >"$src/net/c.c"
    echo '#include "a.h"' >"$src/formats/d.c"
    printf '#include "%s"\n' main/cli.h net/log.h services/service.h data/fold.h >"$src/main/e.c"
    run -0 offences "$src"
    assert_equal "${#lines[@]}" 4
}

# circles SRC: says which headers of it include each other.
circles() {
    (cd "$1" && grep -rE '^ *# *include +"' --include='*.h' .) |
        sed -E 's,^\./([^:]*):.*"([^"]*)".*,\1 \2,' | tsort >/dev/null
}

@test "no headers include each other" {
    run -0 circles "$ROOT/src"
    assert_output ''
}

@test "headers that include each other are found" {
    mkdir -p "$BATS_TEST_TMPDIR/data"
    echo '#include "data/b.h"' >"$BATS_TEST_TMPDIR/data/a.h"
    echo '#include "data/a.h"' >"$BATS_TEST_TMPDIR/data/b.h"
    run ! circles "$BATS_TEST_TMPDIR"
    assert_output --partial 'data/a.h'
}
