# The programs that the tests need, and make check, make test.

TEST_PACKAGES = bats bats-assert bats-support systemd-sysv systemd-container dbus \
	xinetd ucspi-tcp tinycdb libunistring-dev slapd ldap-utils krb5-kdc krb5-admin-server libsasl2-modules-gssapi-mit haproxy dnsmasq-base python3 python3-vobject perl nodejs unicode-data locales \
	man-db procps iproute2 netcat-traditional ncat busybox socat telnet finger whois \
	libedit2 fish zsh jq \
	curl wget lynx openssl chromium fonts-dejavu-core strace valgrind clang llvm libclang-rt-dev \
	gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf gcc-i686-linux-gnu gcc-s390x-linux-gnu qemu-user-static \
	libc6-dev-arm64-cross libc6-dev-armhf-cross libc6-dev-i386-cross libc6-dev-s390x-cross \
	gnuplot-nox podman crun libcoap3-bin tftpd-hpa binutils bsdutils libbsd0 libevent-2.1-7 libtirpc3 libwrap0
.PHONY: test-deps
test-deps:
	tests/tools/apt-install --update $(BUILD_PACKAGES) $(TEST_PACKAGES) $(DEB_PACKAGES) $(LINT_PACKAGES)
# nodejs from elsewhere includes npm, and conflicts with Debian's package.
	command -v npm >/dev/null || tests/tools/apt-install npm

# Debian's two inetd packages conflict, so this one is unpacked into the build folder, for the tests only.
INETD = $(BUILD)/openbsd-inetd/usr/sbin/inetd
$(INETD):
	@rm -rf $(BUILD)/openbsd-inetd && mkdir -p $(BUILD)/openbsd-inetd
	cd $(BUILD)/openbsd-inetd && apt-get download -q openbsd-inetd && dpkg-deb -x openbsd-inetd_*.deb .

# promtool checks metrics. Its package would start a server that no test needs, so it is unpacked likewise.
PROMTOOL = $(BUILD)/prometheus/usr/bin/promtool
$(PROMTOOL):
	@rm -rf $(BUILD)/prometheus && mkdir -p $(BUILD)/prometheus
	cd $(BUILD)/prometheus && apt-get download -q prometheus && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb

# Handler and server with a service that tries to break out (tests/breach.c).
BREACH = $(BUILD)/breach/lookup-handler $(BUILD)/breach/lookup-server
$(BUILD)/breach/lookup-handler: $(BUILD)/$(HANDLER_OBJ)/tests/breach.o $(BUILD)/$(HANDLER_OBJ)/src/main/lookup-handler.o \
	$(BUILD)/core-handler.a
	@mkdir -p $(@D)
	$(call say,LINK)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/breach/lookup-server: $(BUILD)/obj/tests/breach.o $(BUILD)/obj/src/main/lookup-server.o $(SERVER:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lsystemd

# The programs without confinement: for valgrind, and to show that without it the attempts succeed. And the
# programs that report refused calls, as a developer builds them. They differ from the real programs in one file.
UNCONFINED = $(addprefix $(BUILD)/unconfined/,lookup-book lookup-handler lookup-server breach/lookup-handler breach/lookup-server)
REPORTING = $(addprefix $(BUILD)/reporting/,lookup-handler lookup-server breach/lookup-handler)
$(BUILD)/%/breach/lookup-handler: $(BUILD)/$(HANDLER_OBJ)/tests/%.o $(BUILD)/$(HANDLER_OBJ)/tests/breach.o \
	$(BUILD)/$(HANDLER_OBJ)/src/main/lookup-handler.o $(BUILD)/core-handler.a
	@mkdir -p $(@D)
	$(call say,LINK)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/%/breach/lookup-server: $(BUILD)/obj/tests/%.o $(BUILD)/obj/tests/breach.o $(BUILD)/obj/src/main/lookup-server.o \
	$(SERVER:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lsystemd
$(BUILD)/%/lookup-handler: $(BUILD)/$(HANDLER_OBJ)/tests/%.o $(BUILD)/$(HANDLER_OBJ)/src/main/lookup-handler.o $(BUILD)/core-handler.a
	@mkdir -p $(@D)
	$(call say,LINK)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/%/lookup-book: $(BUILD)/obj/tests/%.o $(BOOK:%.c=$(BUILD)/obj/%.o) $(IMPORT:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^
$(BUILD)/%/lookup-server: $(BUILD)/obj/tests/%.o $(BUILD)/obj/src/main/lookup-server.o $(SERVER:%.c=$(BUILD)/obj/%.o) \
	$(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lsystemd

# These are linked without LTO, which takes most of the time. Only the handler that the benchmark measures is
# linked as the real one is.
$(BREACH) $(REPORTING) $(filter-out $(BUILD)/unconfined/lookup-handler,$(UNCONFINED)): private LTO = -fno-lto

# Keeps intermediate files, such as objects that only a pattern names.
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
SANITIZING = $(MAKE) --no-print-directory BUILD=$(SANITIZED) CONFINE=none CC=clang MUSL_GCC= HANDLER_OBJ=obj \
	CFLAGS='$(subst ','\'',$(SANITIZE_CFLAGS))' EXTRA=tests/tools/sanitized.c

.PHONY: sanitized
sanitized: $(BUILD)/lookup-book
	@+$(SANITIZING) all fuzz-programs
# For make install, which knows no HANDLER_OBJ.
	@[ -L $(SANITIZED)/obj-handler ] || { rm -rf $(SANITIZED)/obj-handler && ln -s obj $(SANITIZED)/obj-handler; }
	@touch -d @0 $(SANITIZED)/obj-handler/compiler
	@tests/fuzz/seeds $(FUZZ)/seeds $(BUILD)
	@mkdir -p -m 1777 $(SANITIZED)/reports
	@ln -sf ../openbsd-inetd ../prometheus $(SANITIZED)

# As many parallel jobs as processors, unless -j is given.
PARALLEL = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# Quick tests to run after each edit. They need no root.
CHECKED = layers golden handler client log book import csv ldif vcard words server-golden
.PHONY: check
check:
	@+$(PARALLEL) all
	BUILD=$(abspath $(BUILD)) tests/run $(CHECKED:%=tests/%.bats)

# Two directory servers, three machines and HAProxy at full size. Prints the lag from change to answer.
.PHONY: test-cluster
test-cluster: all
	CLUSTER_ENTRIES=100000 CLUSTER_NAMES=1000 CLUSTER_RATE=1000 CLUSTER_KILLS=200 CLUSTER_TICK=30 \
		BUILD=$(abspath $(BUILD)) tests/run tests/cluster.bats

BUILDS = $(BUILD) $(if $(ONLY),,$(SANITIZED))
.PHONY: test tested
tested: all breach unconfined reporting sanitized $(INETD) $(PROMTOOL) $(NODE_MODULES)
test:
	@+$(PARALLEL) tested
	BUILDS="$(BUILDS)" tests/run $(ONLY)

# The kernels of other machines, for qemu. That of s390x must be Linux 6.3 or later, which itself refuses executable memory.
KERNELS = $(BUILD)/foreign/armhf/kernel $(BUILD)/foreign/s390x/kernel
KERNEL_armhf = bookworm linux-image-armmp
KERNEL_s390x = bookworm-backports linux-image-s390x
$(KERNELS): $(BUILD)/foreign/%/kernel:
	tests/tools/foreign-kernel $* $(KERNEL_$*) "$(abspath $(@D))"

# Checks that take too long for each commit: make lint; tests/long, which builds by other compilers and for other machines, boots
# those kernels, and makes the Debian packages; and tests/walk, which goes from clone to purge in bare trees of Debian 12, also as
# i386, and 13. They need root, Debian's archive and what make test needs.
WALK_PACKAGES = arch-test mmdebstrap systemd-container qemu-system-arm qemu-system-misc cpio
.PHONY: walk-deps walk walk-long
walk-deps: test-deps
	tests/tools/apt-install $(WALK_PACKAGES)
walk: lint walk-long
	tests/walk
walk-long: all $(KERNELS)
	CI=true BUILD=$(abspath $(BUILD)) tests/run tests/long/*.bats
