#!/usr/bin/env bats
# The checkers have nothing to say.

load lib

@test "make lint" {
    need clang-format clang-tidy cppcheck shellcheck mandoc
    run -0 make -C "$ROOT" lint
}
