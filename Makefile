# make          build the programs into build/
# make demo     build, compile the sample book, activate the services, ask them
# make deps     install the Debian packages that building and testing take
# make test     all tests; make lint, the checkers
# make install  PREFIX=/usr/local DESTDIR= ; make uninstall

PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build

CC ?= cc
CPPFLAGS += -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -Isrc
WARN = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wvla -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu17 $(WARN) -fstack-protector-strong -fno-common $(CFLAGS)

# The handler is started for each request. A static program against musl starts
# four times as fast as a dynamic one against glibc; without musl-gcc the same
# source is built as everything else is.
MUSL_GCC ?= $(shell command -v musl-gcc)
HANDLER_CC = $(if $(MUSL_GCC),$(MUSL_GCC),$(CC))
HANDLER_LDFLAGS = $(if $(MUSL_GCC),-static -no-pie)
HANDLER_CFLAGS = $(ALL_CFLAGS) $(if $(MUSL_GCC),-fno-pie)

SHARED = $(wildcard src/data/*.c src/services/*.c src/mechanism/*.c) src/main/cli.c
IMPORT = $(wildcard src/import/*.c)

PROGRAMS = lookup lookup-book lookup-handler
all: $(PROGRAMS:%=$(BUILD)/%)

lookup_SRC = src/main/lookup.c $(SHARED)
lookup-book_SRC = src/main/lookup-book.c $(SHARED) $(IMPORT)
lookup-handler_SRC = src/main/lookup-handler.c $(SHARED)

$(BUILD)/lookup: $(lookup_SRC:%.c=$(BUILD)/obj/%.o)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/lookup-book: $(lookup-book_SRC:%.c=$(BUILD)/obj/%.o)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcdb -lunistring
$(BUILD)/lookup-handler: $(lookup-handler_SRC:%.c=$(BUILD)/obj-handler/%.o)
	$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) $(LDFLAGS) -o $@ $^

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj-handler/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(HANDLER_CC) $(CPPFLAGS) $(HANDLER_CFLAGS) -MMD -MP -c -o $@ $<
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
