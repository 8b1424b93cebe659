# The fuzzers: make fuzz, make fuzz-corpus, make fuzz-coverage.

# One fuzzer for each parser of untrusted bytes: tests/fuzz/NAME.c. Findings go to $(FUZZ)/NAME-*, new inputs
# to $(FUZZ)/corpus/NAME. SANITIZER=memory finds reads of uninitialised memory; it needs all libraries built
# that way, so the fuzzers that use libunistring or libldap are left out.
FUZZ_SECONDS ?= 60
FUZZ = $(SANITIZED)/fuzz
FUZZERS = clock datagram hello lookup names postings proxy srv words $(if $(filter memory,$(SANITIZER)),,$(FUZZERS_UNISTRING))
FUZZERS_UNISTRING = fold state sync
FUZZERS += book plain csv ldif vcard
FUZZED_SERVER = $(filter-out %/journal.c %/notify.c %/sockets.c %/workers.c,$(SERVER))

# Needs a sanitized tree, see $(SANITIZING).
$(BUILD)/fuzz/core.a: $(patsubst %.c,$(BUILD)/obj/%.o,$(CORE) $(IMPORT) $(SYNC) $(FUZZED_SERVER))
	@mkdir -p $(@D)
	$(call say,AR)rm -f $@ && ar rcs $@ $^
$(FUZZERS:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/fuzz/core.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(SYNC_LIBS) $(if $(filter fold,$(@F)),-lunistring)

.PHONY: fuzz-programs fuzzers
fuzz-programs: $(FUZZERS:%=$(BUILD)/fuzz/%)
fuzzers: $(BUILD)/lookup-book
	@+$(SANITIZING) fuzz-programs
	@tests/fuzz/seeds $(FUZZ)/seeds $(BUILD)

.PHONY: fuzz
fuzz: fuzzers
	@set -e; for f in $(FUZZERS); do echo "  $$f"; mkdir -p $(FUZZ)/corpus/$$f; \
		$(FUZZ)/$$f -max_total_time=$(FUZZ_SECONDS) -max_len=2048 -print_final_stats=1 \
		-artifact_prefix=$(FUZZ)/$$f- $(FUZZ)/corpus/$$f tests/fuzz/corpus/$$f $(FUZZ)/seeds/$$f \
		>$(FUZZ)/$$f.log 2>&1 || { tail -40 $(FUZZ)/$$f.log; exit 1; }; \
		grep -E '^stat::number|cov: ' $(FUZZ)/$$f.log | tail -2; done

# Rebuilds the corpus from itself and the new inputs.
.PHONY: fuzz-corpus
fuzz-corpus: fuzzers
	@tests/fuzz/keep $(FUZZ) $(FUZZ)/corpus $(FUZZERS)

# The lines that the seeds and the corpus cover.
.PHONY: fuzz-coverage
fuzz-coverage: SANITIZED = $(BUILD)/coverage
fuzz-coverage: SANITIZE_CFLAGS = -O1 -g -fprofile-instr-generate -fcoverage-mapping
fuzz-coverage: $(BUILD)/lookup-book
	@+$(SANITIZING) fuzz-programs
	@tests/fuzz/seeds $(FUZZ)/seeds $(BUILD)
	@for f in $(FUZZERS); do LLVM_PROFILE_FILE=$(FUZZ)/$$f.profraw \
		$(FUZZ)/$$f -runs=0 tests/fuzz/corpus/$$f $(FUZZ)/seeds/$$f 2>$(FUZZ)/$$f.log; done
	@llvm-profdata merge -o $(FUZZ)/all.profdata $(FUZZERS:%=$(FUZZ)/%.profraw)
	@llvm-cov report $(FUZZ)/clock $(FUZZERS:%=-object $(FUZZ)/%) -instr-profile=$(FUZZ)/all.profdata src
