# make            build the programs into build/ (V=1 shows the commands)
# make demo       build, compile the sample book, activate the services, query them
# make deps       install the Debian packages for building and for the demo
# make test-deps  ... and those for testing; starts no service
# make check      the tests that need no network and no root; less than a minute
# make test       all tests, of this build and of a sanitized one, or
#                 make test ONLY=tests/golden.bats [BUILDS=build/sanitized]
# make test-cluster  many machines at full size: 100,000 entries, HAProxy, faults
# make fuzz       each parser, for FUZZ_SECONDS=60, or SANITIZER=memory
# make bench      each program against its rivals, or make bench ONLY=spawn
# make lint       formatting, static analysis, scripts, man pages; make test leaves
#                 out clang-tidy and the analyzer of gcc
# make walk       before a release: lint, other compilers, machines and kernels, and
#                 on bare Debian 12 and 13 from a clone to packages and back
# make install    PREFIX=/usr/local DESTDIR=; make uninstall removes it again
# make deb        Debian packages, in build/deb
# make clean

PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
# make takes names with blanks for several, and so does systemd.
$(foreach name,BUILD PREFIX,$(if $(word 2,$($(name))),$(error $(name) has a blank in it: $($(name)))))
# sed writes PREFIX into units and scripts, which take these characters for something else.
comma = ,
$(if $(filter /%,$(PREFIX)),,$(error PREFIX is not an absolute path, such as "$$HOME/.local": $(PREFIX)))
$(foreach char,& $(comma) \ % $$ ` ' ",$(if $(findstring $(char),$(PREFIX)),$(error PREFIX has a $(char) in it: $(PREFIX))))
# no slash at the end, and none twice
override PREFIX := $(patsubst %/,%,$(abspath $(PREFIX)))

BUILD_PACKAGES = gcc libc6-dev linux-libc-dev musl-tools libldap-dev libsasl2-dev libkrb5-dev \
	libsystemd-dev libedit-dev systemd netcat-openbsd
DEB_PACKAGES = debhelper dpkg-dev fakeroot lintian

# ---- building

CC ?= cc
# CPPFLAGS, CFLAGS and LDFLAGS belong to the packager; the sources' own flags are added.
ALL_CPPFLAGS = -D_GNU_SOURCE -Isrc $(LARGE_FILES) $(CONFINE_$(CONFINE)) $(CPPFLAGS)
WARN = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wvla
# Warnings are errors in make lint and with CI=true. Elsewhere they may come from a compiler that nobody has
# tried.
WERROR = $(if $(filter true,$(CI)),-Werror)
CFLAGS ?= -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
# What the compilers can do is asked once, when it is first needed: make deps may have installed them just
# before.
once = $(eval $1 := $2)$($1)
# On 32-bit machines: files of more than 2 GB, and times after 2038.
LARGE_FILES = $(call once,LARGE_FILES,$(if $(findstring __LP64__,$(shell $(CC) $(CFLAGS) -E -dM -x c /dev/null 2>/dev/null)),,-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64))
# LTO inlines functions across files, which saves a sixth of a request's cost under load. The objects can also
# be linked without it. Clang's LTO needs a linker and an ar of its own.
LTO = $(call once,LTO,$(if $(findstring clang,$(shell $(CC) --version 2>/dev/null)),,-flto=auto -ffat-lto-objects))
# Programs do not contain the build folder's path, so that builds in all folders are identical.
SOURCE_CFLAGS = -std=gnu17 $(WARN) $(WERROR) -fstack-protector-strong -fno-common '-ffile-prefix-map=$(subst ','\'',$(CURDIR))=.' $(LTO)
# Hardens dynamic programs with the flags that the compiler supports.
supported = $(shell $(CC) -Werror $1 -x c -c -o /dev/null /dev/null 2>/dev/null && echo $1)
HARDENED = $(call once,HARDENED,$(foreach flag,-fstack-clash-protection -fcf-protection -mbranch-protection=standard,$(call supported,$(flag))))
ALL_CFLAGS = $(SOURCE_CFLAGS) $(HARDENED) $(CFLAGS)
ALL_LDFLAGS = -Wl,-z,relro,-z,now $(LDFLAGS)

# A handler starts for each request. Static with musl, it starts four times as fast as dynamic with glibc.
# Without a musl-gcc for the target machine, it is built like the other programs. Clang's machine names
# include a vendor.
target_of = $(subst -unknown-,-,$(subst -pc-,-,$(shell $1 -dumpmachine 2>/dev/null)))
ifeq ($(origin MUSL_GCC),undefined)
MUSL_GCC = $(call once,MUSL_GCC,$(if $(filter $(call target_of,$(CC)),$(call target_of,musl-gcc)),$(shell command -v musl-gcc)))
endif
HANDLER_CC = $(if $(MUSL_GCC),$(MUSL_GCC),$(CC))
# musl has no kernel headers, so the system's are searched last. -Os: the kernel maps 64 KB of a program at
# the first page fault; the code and constants of most requests just fit in that.
HANDLER_CFLAGS = $(SOURCE_CFLAGS) $(if $(MUSL_GCC),,$(HARDENED)) $(CFLAGS) -Os -fno-asynchronous-unwind-tables $(if $(MUSL_GCC),-fno-pie \
	-idirafter /usr/include -idirafter /usr/include/$(shell $(MUSL_GCC) -print-multiarch))
# With HANDLER_OBJ=obj it is made of the other programs' objects: for tests, where its optimisation is no matter.
HANDLER_OBJ = obj-handler
# Two segments instead of four, because each costs page faults at the start; and a static program has no
# tables to make read-only later.
HANDLER_STATIC = -static -no-pie -Wl,-z,noseparate-code,-z,norelro
HANDLER_LDFLAGS = $(if $(MUSL_GCC),$(HANDLER_STATIC))

# The effect of a refused system call on handler and server: it kills them. CONFINE=report logs it first, for
# debugging. CONFINE=none disables confinement, for tools that work inside the program.
CONFINE = kill
CONFINE_report = -DFILTER_REFUSAL=SECCOMP_RET_TRAP
CONFINE_none = -DFILTER_REFUSAL=SECCOMP_RET_ALLOW

PROGRAMS = lookup lookup-book lookup-handler lookup-server lookup-sync
CORE = $(wildcard src/data/*.c src/services/*.c src/net/*.c) src/main/cli.c
# ... without the files of the client
CORE_HANDLER = $(filter-out $(addprefix src/net/,ask.c resolve.c servers.c task.c),$(CORE))
SERVER = $(wildcard src/server/*.c)
CLIENT = src/main/lookup.c $(wildcard src/main/lookup_*.c)
BOOK = src/main/lookup-book.c $(wildcard src/main/book_*.c)
IMPORT = $(wildcard src/formats/*.c src/compile/*.c)
SYNC = $(wildcard src/sync/*.c)
SYNC_LIBS = -lldap -llber -lkrb5 -lpthread

# what each step prints, unless V=1
say = $(if $(V),,@echo "  $1 $@";)

.PHONY: all
all: $(PROGRAMS:%=$(BUILD)/%) units

# Objects that a sanitized build adds to each program.
EXTRA =
$(PROGRAMS:%=$(BUILD)/%): $(EXTRA)

$(BUILD)/lookup: $(CLIENT:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^
$(BUILD)/lookup-book: $(BOOK:%.c=$(BUILD)/obj/%.o) $(IMPORT:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^
$(BUILD)/lookup-sync: $(BUILD)/obj/src/main/lookup-sync.o $(SYNC:%.c=$(BUILD)/obj/%.o) $(IMPORT:%.c=$(BUILD)/obj/%.o) \
	$(BUILD)/core.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(SYNC_LIBS)
$(BUILD)/lookup-handler: $(BUILD)/$(HANDLER_OBJ)/src/main/lookup-handler.o $(BUILD)/core-handler.a
	$(call say,LINK)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) $(LDFLAGS) -o $@ $^

$(BUILD)/lookup-server: $(BUILD)/obj/src/main/lookup-server.o $(SERVER:%.c=$(BUILD)/obj/%.o) $(BUILD)/core.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lsystemd

# Archives, so that each program gets only the objects that it uses.
$(BUILD)/core.a: $(CORE:%.c=$(BUILD)/obj/%.o)
$(BUILD)/core-handler.a: $(CORE_HANDLER:%.c=$(BUILD)/$(HANDLER_OBJ)/%.o)
$(BUILD)/core.a $(BUILD)/core-handler.a:
	$(call say,AR)rm -f $@ && ar rcs $@ $^

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
ifneq ($(HANDLER_OBJ),obj)
# What two compilers made cannot be linked together. Installing asks for no other compiler than was built with.
.PHONY: always
$(BUILD)/$(HANDLER_OBJ)/compiler: always
	@mkdir -p $(@D); echo '$(notdir $(HANDLER_CC))' | cmp -s - $@ || { [ -e $@ ] && [ "$(MAKECMDGOALS)" = install ]; } || \
		echo '$(notdir $(HANDLER_CC))' >$@
$(BUILD)/$(HANDLER_OBJ)/%.o: %.c Makefile $(BUILD)/$(HANDLER_OBJ)/compiler
	@mkdir -p $(@D)
	$(call say,CC)$(HANDLER_CC) $(ALL_CPPFLAGS) $(HANDLER_CFLAGS) -MMD -MP -c -o $@ $<
endif
-include $(shell find $(BUILD)/obj $(BUILD)/obj-handler -name '*.d' 2>/dev/null)

include systemd/rules.mk

$(BUILD)/book.cdb: src/book.txt $(BUILD)/lookup-book
	$(BUILD)/lookup-book compile $< $@

.PHONY: deps
deps:
	tests/tools/apt-install --update $(BUILD_PACKAGES)

.PHONY: clean
clean:
	rm -rf $(BUILD)

# ---- showing

.PHONY: help
help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile

.PHONY: demo
demo: all $(BUILD)/book.cdb
	@tests/demo $(BUILD)

# ---- testing

include tests/rules.mk
include tests/fuzz/rules.mk

# Regenerates the Unicode tables; needs the package unicode-data.
.PHONY: unicode
unicode:
	for t in upper decompose; do src/data/$${t}_table.py /usr/share/unicode | \
		clang-format >$(BUILD)/$${t}_table.h && mv $(BUILD)/$${t}_table.h src/data/ || exit 1; done

# ---- measuring

include tests/bench/rules.mk

# ---- installing

include systemd/install.mk

# ---- packaging

# Debian packages in $(DEB), built from a copy of this tree. Needs debhelper and dpkg-dev.
DEB = $(BUILD)/deb
.PHONY: deb
deb:
	rm -rf $(DEB) && mkdir -p $(DEB)/tree
	tar --exclude=./.git --exclude=./build -cf - . | tar -C $(DEB)/tree -xf -
	cd $(DEB)/tree && env -u BUILD -u MAKEFLAGS -u MAKELEVEL dpkg-buildpackage -us -uc -b
	rm -rf $(DEB)/tree

# What "podman build" makes an image of: the server, with the libraries it is linked with.
.PHONY: container
container: $(BUILD)/lookup-server
	rm -rf $(BUILD)/container && mkdir -p $(BUILD)/container/root
	cp systemd/container/Containerfile $(BUILD)/container
	install -D $(BUILD)/lookup-server $(BUILD)/container/root/usr/libexec/lookup/lookup-server
	ldd $(BUILD)/lookup-server | grep -o '/[^ ]*' | xargs cp -L --parents -t $(BUILD)/container/root

# ---- linting

include tests/lint.mk
