# The benchmark: make bench-deps, make bench.

BENCH_PACKAGES = busybox nginx-light lighttpd libcdb-dev libsqlite3-dev gnuplot-nox
# The packages of the rivals, in addition to those of the tests.
.PHONY: bench-deps
bench-deps:
	tests/tools/apt-install $(BENCH_PACKAGES)

BENCH = load session datagram spawn nolibc nothing least empty calls calls-confined loop echo find connect words fts
BENCH_CC = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -o $@ $(filter %.c %.a,$^)

$(BUILD)/bench/%: tests/bench/%.c tests/bench/bench.h
	@mkdir -p $(@D)
	$(call say,CC)$(BENCH_CC)
$(BUILD)/bench/%: tests/bench/rivals/%.c tests/bench/bench.h
	@mkdir -p $(@D)
	$(call say,CC)$(BENCH_CC)
$(BUILD)/bench/find: tests/bench/rivals/find.c $(BUILD)/core.a
	@mkdir -p $(@D)
	$(call say,CC)$(BENCH_CC) -lcdb
$(BUILD)/bench/fts: tests/bench/rivals/fts.c tests/bench/bench.h
	@mkdir -p $(@D)
	$(call say,CC)$(BENCH_CC) -lsqlite3
$(BUILD)/bench/empty: tests/bench/rivals/empty.c
	@mkdir -p $(@D)
	$(call say,CC)$(HANDLER_CC) $(HANDLER_CFLAGS) $(HANDLER_LDFLAGS) -o $@ $<
# As large as the handler: linked with its code except main, none of which runs.
CALLS_calls-confined = -DCONFINED
$(BUILD)/bench/calls $(BUILD)/bench/calls-confined: tests/bench/rivals/calls.c $(BUILD)/core-handler.a
	@mkdir -p $(@D)
	$(call say,CC)$(HANDLER_CC) $(ALL_CPPFLAGS) $(HANDLER_CFLAGS) -fno-lto $(CALLS_$(@F)) $(HANDLER_LDFLAGS) -o $@ \
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
	@tests/bench/plot $(BUILD)/bench.tsv $(BUILD)/bench.svg
