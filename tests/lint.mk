# make lint: each checker is a target of its own.

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

# The two that take long leave a mark for each file that they had nothing to say of.
checked = $(C_FILES:%=$(BUILD)/lint/$1/%)
clang-format:
	@echo "  $@"; clang-format --style=file:.clang-format --dry-run -Werror $(C_FILES) $(H_FILES)
clang-tidy: $(call checked,clang-tidy)
	@echo "  $@"
# How many states of a function its analyzer looks at: by its own count of
# 225000 it takes four times as long, and has found no planted fault more.
# Not of standard error: how many warnings the system's headers have.
NODES = 30000
$(BUILD)/lint/clang-tidy/%: % $(H_FILES) .clang-tidy Makefile tests/lint.mk
	@mkdir -p $(@D); clang-tidy --quiet --config-file=.clang-tidy $< -- $(CHECK_FLAGS) \
		-Xclang -analyzer-config -Xclang max-nodes=$(NODES) 2>/dev/null && touch $@
clang:
	@echo "  $@"; clang $(CHECK_FLAGS) $(WARN) -Werror -fsyntax-only $(C_FILES)
# It takes the -1 with which iconv_open(3) fails for memory that is lost, sees no
# system call write where libc does not make it, nor that must() ends a fuzzer.
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
