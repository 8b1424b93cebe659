# make lint: each checker is a target.

LINT_PACKAGES = clang-format clang-tidy cppcheck shellcheck pyflakes3 mandoc
C_FILES = $(wildcard src/*/*.c tests/*.c tests/*/*.c tests/*/*/*.c)
H_FILES = $(wildcard src/*/*.h tests/*/*.h)
SHELL_FILES = $(shell grep -rlE '^\#!.*(sh|bats)$$' .ci src systemd tests) $(wildcard src/main/*.bash tests/*.bash tests/*/*.bash)
PYTHON_FILES = $(sort $(shell grep -rl '^\#!.*python' src tests) $(wildcard tests/*/*.py))
CHECK_FLAGS = $(ALL_CPPFLAGS) -std=gnu17 -DREPORTS='""'

CHECKERS = clang-format clang-tidy clang gcc-analyzer cppcheck shellcheck pyflakes mandoc
.PHONY: lint $(CHECKERS)
lint:
	@+$(PARALLEL) --output-sync=target $(CHECKERS)

# The two slow checkers leave a stamp for each file without findings.
checked = $(C_FILES:%=$(BUILD)/lint/$1/%)
clang-format:
	@echo "  $@"; clang-format --style=file:.clang-format --dry-run -Werror $(C_FILES) $(H_FILES)
clang-tidy: $(call checked,clang-tidy)
	@echo "  $@"
# The analyzer looks at this many states of a function. With its default of 225000 it takes four times as
# long, and it found no more of the faults that were planted to try it.
NODES = 30000
# Discards standard error: it counts the warnings in system headers.
$(BUILD)/lint/clang-tidy/%: % $(H_FILES) .clang-tidy Makefile tests/lint.mk
	@mkdir -p $(@D); clang-tidy --quiet --config-file=.clang-tidy $< -- $(CHECK_FLAGS) \
		-Xclang -analyzer-config -Xclang max-nodes=$(NODES) 2>/dev/null && touch $@
clang:
	@echo "  $@"; clang $(CHECK_FLAGS) $(WARN) -Werror -fsyntax-only $(C_FILES)
# gcc's analyzer has three weaknesses: it takes iconv_open(3)'s -1 for lost memory, does not see system calls
# made without libc, and does not know that must() ends a fuzzer.
ANALYZER_src/formats/charset.c = -Wno-analyzer-malloc-leak
ANALYZER_tests/bench/rivals/nolibc.c = -Wno-maybe-uninitialized
gcc-analyzer: $(filter-out $(BUILD)/lint/gcc-analyzer/tests/fuzz/%,$(call checked,gcc-analyzer))
	@echo "  $@"
$(BUILD)/lint/gcc-analyzer/%: % $(H_FILES) Makefile tests/lint.mk
	@mkdir -p $(@D); gcc $(CHECK_FLAGS) $(WARN) -Werror -fanalyzer $(ANALYZER_$<) -c -o /dev/null $< && touch $@
cppcheck:
	@echo "  $@"; cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr \
		--enable=warning,performance,portability $(ALL_CPPFLAGS) -DREPORTS='""' $(C_FILES)
shellcheck:
	@echo "  $@"; shellcheck -x $(SHELL_FILES)
pyflakes:
	@echo "  $@"; pyflakes3 $(PYTHON_FILES)
mandoc:
	@echo "  $@"; mandoc -T lint -W warning $(PAGES)
