# The programs that the tests need, and make check, make test.

# Debian's two inetd packages conflict, so this one is unpacked into the build folder, for the tests only.
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
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lsystemd

# The same without confinement: for valgrind, and to show that the attempts would succeed. And with reports of
# refused calls, as a developer builds them. All but one of their files are the real ones.
UNCONFINED = $(addprefix $(BUILD)/unconfined/,lookup-book lookup-handler lookup-server breach/lookup-handler breach/lookup-server)
REPORTING = $(addprefix $(BUILD)/reporting/,lookup-handler lookup-server breach/lookup-handler)
$(BUILD)/%/breach/lookup-handler: $(BUILD)/obj-handler/tests/%.o $(BUILD)/obj-handler/tests/breach.o \
	$(BUILD)/obj-handler/src/main/lookup-handler.o $(BUILD)/core-handler.a
	@mkdir -p $(@D)
	$(call say,LINK)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/%/breach/lookup-server: $(BUILD)/obj/tests/%.o $(BUILD)/obj/tests/breach.o $(BUILD)/obj/src/main/lookup-server.o \
	$(SERVER:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lsystemd
$(BUILD)/%/lookup-handler: $(BUILD)/obj-handler/tests/%.o $(BUILD)/obj-handler/src/main/lookup-handler.o $(BUILD)/core-handler.a
	@mkdir -p $(@D)
	$(call say,LINK)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/%/lookup-book: $(BUILD)/obj/tests/%.o $(BUILD)/obj/src/main/lookup-book.o $(BUILD)/obj/src/main/book_usage.o $(IMPORT:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^
$(BUILD)/%/lookup-server: $(BUILD)/obj/tests/%.o $(BUILD)/obj/src/main/lookup-server.o $(SERVER:%.c=$(BUILD)/obj/%.o) \
	$(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lsystemd

# Keep these, although only a pattern names them.
.SECONDARY:

.PHONY: breach unconfined reporting
breach: $(BREACH)
unconfined: $(UNCONFINED)
reporting: $(REPORTING)

# A browser driver and an accessibility checker. Each is self-contained.
NODE_MODULES = $(BUILD)/node_modules/playwright-core $(BUILD)/node_modules/axe-core
NODE_VERSIONS = playwright-core@1.56.1 axe-core@4.11.0
$(NODE_MODULES): $(BUILD)/node_modules/%:
	@rm -rf $@.new && mkdir -p $@.new
	cd $@.new && npm pack --silent $(filter $*@%,$(NODE_VERSIONS)) | xargs tar -xz --strip-components=1 -f
	@rm $@.new/*.tgz && mv $@.new $@

# Memory errors, leaks and undefined behaviour: a program with such a fault ends and leaves a report in
# $(SANITIZED)/reports, which fails the run. The fuzzers use the same objects.
SANITIZER ?= address,undefined
SANITIZED = $(BUILD)/$(if $(filter memory,$(SANITIZER)),memory,sanitized)
SANITIZE_CFLAGS = -O1 -g -fno-omit-frame-pointer -fsanitize=$(SANITIZER),fuzzer-no-link \
	-fno-sanitize-recover=all -DREPORTS='"$(abspath $(SANITIZED))/reports"'
SANITIZING = $(MAKE) --no-print-directory BUILD=$(SANITIZED) CONFINE=none CC=clang MUSL_GCC= \
	CFLAGS='$(subst ','\'',$(SANITIZE_CFLAGS))' EXTRA=tests/tools/sanitized.c

.PHONY: sanitized
sanitized: $(BUILD)/lookup-book
	@+$(SANITIZING) all fuzz-programs
	@tests/fuzz/seeds $(FUZZ)/seeds $(BUILD)
	@mkdir -p -m 1777 $(SANITIZED)/reports
	@ln -sf ../openbsd-inetd $(SANITIZED)

# As many parallel jobs as processors, unless -j is given.
PARALLEL = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# The tests to run after each edit: those that need no root.
CHECKED = layers golden handler client log book import csv ldif vcard words server-golden
.PHONY: check
check:
	@+$(PARALLEL) all
	BUILD=$(abspath $(BUILD)) tests/run $(CHECKED:%=tests/%.bats)

BUILDS = $(BUILD) $(if $(ONLY),,$(SANITIZED))
.PHONY: test tested
tested: all breach unconfined reporting sanitized $(INETD) $(NODE_MODULES)
test:
	@+$(PARALLEL) tested
	BUILDS="$(BUILDS)" tests/run $(ONLY)
