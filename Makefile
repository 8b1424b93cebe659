# make            build the programs into build/ (V=1 shows the commands)
# make demo       build, compile the sample book, activate the services, ask them
# make deps       install the Debian packages that building and testing take
# make test       all tests, of this build and of a sanitized one, or
#                 make test ONLY=tests/golden.bats [BUILDS=build/sanitized]
# make fuzz       each parser, for FUZZ_SECONDS=60, or FUZZ_SANITIZER=memory
# make bench      each program beside its rivals, or make bench ONLY=spawn
# make lint       formatting, static analysis, scripts, man pages
# make install    PREFIX=/usr/local DESTDIR=; make uninstall takes it away again
# make clean

PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build

BUILD_PACKAGES = gcc libc6-dev linux-libc-dev musl-tools libcdb-dev libunistring-dev \
	libsystemd-dev pkg-config
TEST_PACKAGES = bats bats-assert bats-support systemd systemd-sysv systemd-container dbus \
	xinetd ucspi-tcp tinycdb slapd ldap-utils libldap-dev python3 perl nodejs unicode-data locales \
	man-db procps iproute2 netcat-openbsd netcat-traditional ncat busybox socat telnet whois \
	curl strace valgrind faketime clang llvm libclang-rt-14-dev \
	binutils bsdutils libbsd0 libevent-2.1-7 libtirpc3 libwrap0
BENCH_PACKAGES = busybox nginx-light lighttpd
LINT_PACKAGES = clang-format clang-tidy cppcheck shellcheck pyflakes3 mandoc

# ---- building

CC ?= cc
CPPFLAGS += -D_GNU_SOURCE -Isrc $(CONFINE_$(CONFINE))
WARN = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wvla -Werror
CFLAGS ?= -O2 -g
# Functions are inlined across files: a sixth of what a request costs where many
# come at once. The objects can be linked without, too. Clang's would take a
# linker and an ar of its own.
LTO := $(if $(findstring clang,$(shell $(CC) --version 2>/dev/null)),,-flto=auto -ffat-lto-objects)
ALL_CFLAGS = -std=gnu17 $(WARN) -fstack-protector-strong -fno-common $(LTO) $(CFLAGS)

# The handler is started anew for each request. Static against musl, it starts
# four times as fast as a dynamic program against glibc; where there is no
# musl-gcc the same source is built as everything else is.
MUSL_GCC ?= $(shell command -v musl-gcc)
HANDLER_CC = $(if $(MUSL_GCC),$(MUSL_GCC),$(CC))
# musl has no headers of the kernel; the system's are looked into last. Small,
# because the kernel maps 64 KB of a program at its first page fault, and what
# most requests need of text and constants just fits. Its stack is not touched
# page by page in advance: it is smaller than the gap below any stack.
HANDLER_CFLAGS = $(ALL_CFLAGS) -Os -fno-asynchronous-unwind-tables -fno-stack-clash-protection $(if $(MUSL_GCC),-fno-pie \
	-idirafter /usr/include -idirafter /usr/include/$(shell $(CC) -print-multiarch))
# Two segments instead of four: each costs a start some page faults, and what
# is static has no tables that could be made read-only later.
HANDLER_STATIC = -static -no-pie -Wl,-z,noseparate-code,-z,norelro
HANDLER_LDFLAGS = $(if $(MUSL_GCC),$(HANDLER_STATIC))

# What a refused system call does to handler and server: kill them; with
# CONFINE=report it is logged first, for whoever has to mend that. CONFINE=none
# confines nothing, for tools that work from inside the program they look at.
CONFINE = kill
CONFINE_report = -DFILTER_REFUSAL=SECCOMP_RET_TRAP
CONFINE_none = -DFILTER_REFUSAL=SECCOMP_RET_ALLOW

PROGRAMS = lookup lookup-book lookup-handler lookup-server
CORE = $(wildcard src/data/*.c src/services/*.c src/net/*.c) src/main/cli.c
SERVER = $(wildcard src/server/*.c)
IMPORT = $(wildcard src/formats/*.c src/compile/*.c)
IMPORT_LIBS = -lcdb -lunistring

# what each kind of step prints, unless V=1
say = $(if $(V),,@echo "  $1 $@";)

.PHONY: all
all: $(PROGRAMS:%=$(BUILD)/%)

# What a sanitized build has beside in each program.
EXTRA =
$(PROGRAMS:%=$(BUILD)/%): $(EXTRA)

$(BUILD)/lookup: $(BUILD)/obj/src/main/lookup.o $(BUILD)/core.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/lookup-book: $(BUILD)/obj/src/main/lookup-book.o $(IMPORT:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(IMPORT_LIBS)
$(BUILD)/lookup-handler: $(BUILD)/obj-handler/src/main/lookup-handler.o $(BUILD)/core-handler.a
	$(call say,LINK)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) $(LDFLAGS) -o $@ $^

$(BUILD)/lookup-server: $(BUILD)/obj/src/main/lookup-server.o $(SERVER:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lsystemd

# Archives, so that each program is linked with what it uses and no more.
$(BUILD)/core.a: $(CORE:%.c=$(BUILD)/obj/%.o)
$(BUILD)/core-handler.a: $(CORE:%.c=$(BUILD)/obj-handler/%.o)
$(BUILD)/core.a $(BUILD)/core-handler.a:
	$(call say,AR)rm -f $@ && ar rcs $@ $^

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj-handler/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(HANDLER_CC) $(CPPFLAGS) $(HANDLER_CFLAGS) -MMD -MP -c -o $@ $<
-include $(shell find $(BUILD)/obj $(BUILD)/obj-handler $(BUILD)/fuzz* -name '*.d' 2>/dev/null)

$(BUILD)/book.cdb: src/book.txt $(BUILD)/lookup-book
	$(BUILD)/lookup-book compile $< $@

.PHONY: clean
clean:
	rm -rf $(BUILD)

# ---- showing

.PHONY: demo
demo: all $(BUILD)/book.cdb
	@tests/demo $(BUILD)

# ---- testing

.PHONY: deps
deps:
	apt-get update -q
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
		$(BUILD_PACKAGES) $(TEST_PACKAGES) $(LINT_PACKAGES)
# A nodejs that is not Debian's has npm in it, and Debian's package conflicts.
	command -v npm >/dev/null || \
		DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends npm

# Two inetds cannot be installed side by side: Debian's packages conflict. So
# this one is unpacked into the build folder, for the tests alone.
INETD = $(BUILD)/openbsd-inetd/usr/sbin/inetd
$(INETD):
	@rm -rf $(BUILD)/openbsd-inetd && mkdir -p $(BUILD)/openbsd-inetd
	cd $(BUILD)/openbsd-inetd && apt-get download -q openbsd-inetd && dpkg-deb -x openbsd-inetd_*.deb .

# Handler and server with a service that tries to break out (tests/breach.c).
BREACH = $(BUILD)/breach/lookup-handler $(BUILD)/breach/lookup-server
$(BUILD)/breach/lookup-handler: $(BUILD)/obj-handler/tests/breach.o $(BUILD)/obj-handler/src/main/lookup-handler.o \
	$(BUILD)/core-handler.a
	@mkdir -p $(@D)
	$(call say,LINK)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/breach/lookup-server: $(BUILD)/obj/tests/breach.o $(BUILD)/obj/src/main/lookup-server.o $(SERVER:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lsystemd

# Unconfined, for valgrind, and to see that the attempts would succeed; and as a
# developer builds them to be told what was refused.
.PHONY: breach unconfined reporting
breach: $(BREACH)
unconfined:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/unconfined CONFINE=none all breach
reporting:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/reporting CONFINE=report breach

# Another reader of vCards, to compare ours with.
ICAL = $(BUILD)/node_modules/ical.js
$(ICAL):
	npm install --silent --no-save --no-package-lock --prefix $(BUILD) ical.js@2.2.1

# Memory, leaks and undefined behaviour: a program with one of these faults ends
# there and leaves a report in $(SANITIZED)/reports, which fails the run.
SANITIZED = $(BUILD)/sanitized
SANITIZE_CFLAGS = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all -DREPORTS='"$(abspath $(SANITIZED))/reports"'

.PHONY: sanitized
sanitized:
	@$(MAKE) --no-print-directory BUILD=$(SANITIZED) CONFINE=none CC=clang MUSL_GCC= \
		CFLAGS='$(subst ','\'',$(SANITIZE_CFLAGS))' EXTRA=tests/tools/sanitized.c all
	@mkdir -p -m 1777 $(SANITIZED)/reports
	@ln -sf ../openbsd-inetd ../node_modules $(SANITIZED)

BUILDS = $(BUILD) $(if $(ONLY),,$(SANITIZED))

.PHONY: test
test: all breach unconfined reporting $(INETD) $(ICAL) fuzzers $(if $(filter $(SANITIZED),$(BUILDS)),sanitized)
	BUILDS="$(BUILDS)" tests/run $(ONLY)

# A fuzzer for each thing that reads foreign bytes: tests/fuzz/NAME.c. What one
# finds is left as $(FUZZ)/NAME-*, what it has learnt in $(FUZZ)/corpus/NAME.
# FUZZ_SANITIZER=memory is for reads of what was never written; those that call
# libunistring go without it, as all a program calls would have to be built so.
FUZZ_SANITIZER ?= address,undefined
FUZZ_SECONDS ?= 60
FUZZ = $(BUILD)/fuzz$(if $(filter memory,$(FUZZ_SANITIZER)),-memory)
FUZZERS = clock datagram hello lookup names $(if $(filter memory,$(FUZZ_SANITIZER)),,$(FUZZERS_UNISTRING))
FUZZERS_UNISTRING = book keys plain csv ldif vcard
FUZZED_SERVER = $(filter-out %/journal.c %/notify.c %/sockets.c %/workers.c,$(SERVER))
FUZZ_FLAGS = -g -O1 -fsanitize=$(FUZZ_SANITIZER) -fno-sanitize-recover=all

$(FUZZ)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CLANG)clang $(CPPFLAGS) -std=gnu17 $(WARN) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link \
		-MMD -MP -c -o $@ $<
$(FUZZ)/core.a: $(patsubst %.c,$(FUZZ)/obj/%.o,$(CORE) $(IMPORT) $(FUZZED_SERVER))
	$(call say,AR)rm -f $@ && ar rcs $@ $^
$(FUZZERS:%=$(FUZZ)/%): $(FUZZ)/%: $(FUZZ)/obj/tests/fuzz/%.o $(FUZZ)/core.a
	$(call say,LINK)clang $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $^ $(IMPORT_LIBS)

.PHONY: fuzzers
fuzzers: $(BUILD)/lookup-book $(FUZZERS:%=$(FUZZ)/%)
	@tests/fuzz/seeds $(FUZZ)/seeds $(BUILD)

.PHONY: fuzz
fuzz: fuzzers
	@set -e; for f in $(FUZZERS); do echo "  $$f"; mkdir -p $(FUZZ)/corpus/$$f; \
		$(FUZZ)/$$f -max_total_time=$(FUZZ_SECONDS) -max_len=2048 -print_final_stats=1 \
		-artifact_prefix=$(FUZZ)/$$f- $(FUZZ)/corpus/$$f tests/fuzz/corpus/$$f $(FUZZ)/seeds/$$f \
		>$(FUZZ)/$$f.log 2>&1 || { tail -40 $(FUZZ)/$$f.log; exit 1; }; \
		grep -E '^stat::number|cov: ' $(FUZZ)/$$f.log | tail -2; done

# Makes the corpus anew, of itself and of what they have learnt.
.PHONY: fuzz-corpus
fuzz-corpus: fuzzers
	@tests/fuzz/keep $(FUZZ) $(FUZZ)/corpus $(FUZZERS)

# The lines that the seeds and the corpus reach.
.PHONY: fuzz-coverage
fuzz-coverage: FUZZ = $(BUILD)/fuzz-coverage
fuzz-coverage:
	@$(MAKE) --no-print-directory fuzzers FUZZ=$(FUZZ) FUZZ_FLAGS='-fprofile-instr-generate -fcoverage-mapping'
	@for f in $(FUZZERS); do LLVM_PROFILE_FILE=$(FUZZ)/$$f.profraw \
		$(FUZZ)/$$f -runs=0 tests/fuzz/corpus/$$f $(FUZZ)/seeds/$$f 2>$(FUZZ)/$$f.log; done
	@llvm-profdata merge -o $(FUZZ)/all.profdata $(FUZZERS:%=$(FUZZ)/%.profraw)
	@llvm-cov report $(FUZZ)/clock $(FUZZERS:%=-object $(FUZZ)/%) -instr-profile=$(FUZZ)/all.profdata src

# Regenerates the upper case table; its package: unicode-data.
.PHONY: unicode
unicode:
	src/data/upper_table.py /usr/share/unicode | clang-format >$(BUILD)/upper_table.h
	mv $(BUILD)/upper_table.h src/data/upper_table.h

# ---- measuring

# What the rivals take, beside what the tests do.
.PHONY: bench-deps
bench-deps:
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(BENCH_PACKAGES)

BENCH = load session datagram spawn nolibc nothing least empty calls calls-confined loop echo find connect
BENCH_CC = $(CC) $(CPPFLAGS) $(ALL_CFLAGS) -o $@ $(filter %.c %.a,$^)

$(BUILD)/bench/%: tests/bench/%.c tests/bench/bench.h
	@mkdir -p $(@D)
	$(call say,CC)$(BENCH_CC)
$(BUILD)/bench/%: tests/bench/rivals/%.c tests/bench/bench.h
	@mkdir -p $(@D)
	$(call say,CC)$(BENCH_CC)
$(BUILD)/bench/find: tests/bench/rivals/find.c $(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,CC)$(BENCH_CC) -lcdb
$(BUILD)/bench/empty: tests/bench/rivals/empty.c
	@mkdir -p $(@D)
	$(call say,CC)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) -o $@ $<
# As large as the handler: with its code but for main, none of which runs.
CALLS_calls-confined = -DCONFINED
$(BUILD)/bench/calls $(BUILD)/bench/calls-confined: tests/bench/rivals/calls.c $(BUILD)/core-handler.a
	@mkdir -p $(@D)
	$(call say,CC)$(HANDLER_CC) $(CPPFLAGS) $(HANDLER_CFLAGS) -fno-lto $(CALLS_$(@F)) $(HANDLER_LDFLAGS) -o $@ \
		$< -Wl,--whole-archive $(BUILD)/core-handler.a -Wl,--no-whole-archive
NOLIBC_nothing = -DNOTHING
NOLIBC_least = -DBOOK='"$(abspath $(BUILD))/book.cdb"'
$(BUILD)/bench/least: $(BUILD)/book.cdb
$(BUILD)/bench/nolibc $(BUILD)/bench/nothing $(BUILD)/bench/least: tests/bench/rivals/nolibc.c
	@mkdir -p $(@D)
	$(call say,CC)$(BENCH_CC) $(NOLIBC_$(@F)) -fno-stack-protector -fno-pie -static -no-pie -nostdlib -Wl,-e,begin

.PHONY: bench
bench: all unconfined $(BENCH:%=$(BUILD)/bench/%)
	@tests/bench/bench $(ONLY)

# ---- installing

BINDIR = $(DESTDIR)$(PREFIX)/bin
LIBEXECDIR = $(DESTDIR)$(PREFIX)/libexec/lookup
UNITDIR = $(DESTDIR)$(PREFIX)/lib/systemd/system
SYSUSERSDIR = $(DESTDIR)$(PREFIX)/lib/sysusers.d
MANDIR = $(DESTDIR)$(PREFIX)/share/man
XINETDDIR = $(DESTDIR)/etc/xinetd.d
ETCDIR = $(DESTDIR)/etc/lookup
BOOKDIR = $(DESTDIR)/var/lib/lookup

UNITS = $(notdir $(wildcard systemd/*.path systemd/*.socket systemd/*.service))
XINETD = $(notdir $(wildcard xinetd/*))
PAGES = $(wildcard src/main/*.[1-8])

# The files in the tree name /usr/local; what is installed names PREFIX.
place = sed 's,/usr/local,$(PREFIX),g' $1 >$2.new && chmod 644 $2.new && mv $2.new $2

.PHONY: install
install: all
	install -d $(BINDIR) $(LIBEXECDIR) $(UNITDIR) $(SYSUSERSDIR) $(XINETDDIR) $(ETCDIR) $(BOOKDIR)
	install $(BUILD)/lookup $(BUILD)/lookup-book $(BINDIR)
	install $(BUILD)/lookup-handler $(BUILD)/lookup-server $(LIBEXECDIR)
	@set -e; for u in $(UNITS); do $(call place,systemd/$$u,$(UNITDIR)/$$u); done
	@set -e; for x in $(XINETD); do $(call place,xinetd/$$x,$(XINETDDIR)/$$x); done
	@set -e; for p in $(PAGES); do d=$(MANDIR)/man$${p##*.}; \
		install -d $$d; install -m 644 $$p $$d; done
	install -m 644 systemd/lookup.sysusers $(SYSUSERSDIR)/lookup.conf
	@if [ -e $(ETCDIR)/book.txt ]; then echo "$(ETCDIR)/book.txt is kept as it is"; \
	else install -m 644 src/book.txt $(ETCDIR)/book.txt; fi
	@if [ -e $(BOOKDIR)/book.cdb ]; then echo "$(BOOKDIR)/book.cdb is kept as it is"; \
	else $(BUILD)/lookup-book compile $(ETCDIR)/book.txt $(BOOKDIR)/book.cdb; fi
	@[ -n "$(DESTDIR)" ] || $(MAKE) --no-print-directory after-install

# What a package would do after unpacking: the user, and systemd told of the units.
.PHONY: after-install
after-install:
	@if command -v systemd-sysusers >/dev/null; then systemd-sysusers $(SYSUSERSDIR)/lookup.conf; \
	elif ! getent passwd lookup >/dev/null; then \
		useradd --system --no-create-home --shell /usr/sbin/nologin lookup; fi
	@! [ -d /run/systemd/system ] || systemctl daemon-reload

# What an administrator may have changed stays: /etc/lookup, /var/lib/lookup.
.PHONY: uninstall
uninstall:
	rm -f $(BINDIR)/lookup $(BINDIR)/lookup-book $(SYSUSERSDIR)/lookup.conf
	rm -rf $(LIBEXECDIR)
	rm -f $(UNITS:%=$(UNITDIR)/%) $(XINETD:%=$(XINETDDIR)/%)
	@set -e; for p in $(PAGES); do rm -f $(MANDIR)/man$${p##*.}/$${p##*/}; done
	@[ -n "$(DESTDIR)" ] || ! [ -d /run/systemd/system ] || systemctl daemon-reload

# ---- linting

C_FILES = $(wildcard src/*/*.c tests/*.c tests/*/*.c tests/*/*/*.c)
H_FILES = $(wildcard src/*/*.h tests/*/*.h)
SHELL_FILES = $(shell grep -rlE '^\#!.*(sh|bats)$$' .ci src tests) $(wildcard tests/*.bash tests/*/*.bash)
PYTHON_FILES = $(sort $(shell grep -rl '^\#!.*python' src tests) $(wildcard tests/*/*.py))
CHECK_FLAGS = $(CPPFLAGS) -std=gnu17 -DREPORTS='""'

CHECKERS = clang-format clang-tidy clang gcc-analyzer cppcheck shellcheck pyflakes mandoc
.PHONY: lint $(CHECKERS)
lint: $(CHECKERS)

clang-format:
	@echo "  $@"; clang-format --style=file:.clang-format --dry-run -Werror $(C_FILES) $(H_FILES)
clang-tidy: # of standard error: how many warnings the system's headers have
	@echo "  $@"; clang-tidy --quiet --config-file=.clang-tidy $(C_FILES) -- $(CHECK_FLAGS) 2>/dev/null
clang:
	@echo "  $@"; clang $(CHECK_FLAGS) $(WARN) -fsyntax-only $(C_FILES)
# It takes the -1 with which iconv_open(3) fails for memory that is lost, sees no
# system call write where libc does not make it, nor that must() ends a fuzzer.
ANALYZER_src/formats/charset.c = -Wno-analyzer-malloc-leak
ANALYZER_tests/bench/rivals/nolibc.c = -Wno-maybe-uninitialized
ANALYZED = $(filter-out tests/fuzz/%,$(C_FILES))
gcc-analyzer:
	@echo "  $@"; $(foreach f,$(ANALYZED),gcc $(CHECK_FLAGS) $(WARN) -fanalyzer $(ANALYZER_$f) -c -o /dev/null $f &&) :
cppcheck:
	@echo "  $@"; cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr \
		--enable=warning,performance,portability $(CPPFLAGS) -DREPORTS='""' $(C_FILES)
shellcheck:
	@echo "  $@"; shellcheck -x $(SHELL_FILES)
pyflakes:
	@echo "  $@"; pyflakes3 $(PYTHON_FILES)
mandoc:
	@echo "  $@"; mandoc -T lint -W warning $(PAGES)
