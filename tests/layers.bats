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
mechanism mechanism/|services/service\.h|data/
import import/|data/
main main/|mechanism/|services/|import/|data/
LAYERS
}

@test "includes in src only point down" {
    run -0 offences "$ROOT/src"
    assert_output ''
}

@test "each folder of src is a known layer" {
    run -0 ls -d "$ROOT"/src/*/
    assert_output "$(printf "$ROOT/src/%s/\n" data import main mechanism services)"
}

@test "an include that points up is found" {
    local src=$BATS_TEST_TMPDIR/src
    mkdir -p "$src"/{data,services,mechanism,import,main}
    echo '#include "services/service.h"' >"$src/data/a.c"
    echo '#include "mechanism/log.h"' >"$src/services/b.h"
    echo '# include "services/line.h"' >"$src/mechanism/c.c"
    echo '#include "a.h"' >"$src/import/d.c"
    printf '#include "%s"\n' main/cli.h mechanism/log.h services/service.h data/fold.h >"$src/main/e.c"
    run -0 offences "$src"
    assert_equal "${#lines[@]}" 4
}
