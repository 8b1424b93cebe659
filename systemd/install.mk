# make install, make uninstall: programs, units, man pages, completions, and for root what is below /etc.

STAGE = $(DESTDIR)$(PREFIX)
UNITDIR = $(PREFIX)/lib/systemd/system
# completions for bash, zsh, fish
BASH_FILE = $(STAGE)/share/bash-completion/completions/lookup
ZSH_FILE = $(STAGE)/share/zsh/site-functions/_lookup
FISH_FILE = $(STAGE)/share/fish/vendor_completions.d/lookup.fish
XINETD = $(notdir $(wildcard xinetd/*))
PAGES = $(wildcard src/main/*.[1-8])
LISTENERS = $(filter %.socket %.path %.timer,$(UNITS))

# Shell functions. Files are replaced by renaming, so that a program started meanwhile is the old or the new
# one. Files in the tree name /usr/local; installed files name PREFIX.
PUT = put() { install -D -m "$$1" "$$2" "$$3.new" && mv -f "$$3.new" "$$3"; }; \
	place() { install -D -m "$$1" /dev/null "$$3.new" && sed 's,/usr/local,$(PREFIX),g' "$$2" >"$$3.new" && mv -f "$$3.new" "$$3"; }; \
	has() { [ -e "$$1" ] || [ -L "$$1" ]; }; \
	keep() { if has "$$3"; then echo "$$3 is kept as it is"; else place "$$@"; fi; }; set -e

# Whether this is for the whole system or for a package, and not for a user alone.
IS_ADMIN = { [ -n "$(DESTDIR)" ] || [ "$$(id -u)" = 0 ]; }
# ... and whether this system runs it.
HAS_SYSTEMD = { [ -z "$(DESTDIR)" ] && [ "$$(id -u)" = 0 ] && [ -d /run/systemd/system ]; }

.PHONY: install
install: all
	@$(PUT); for p in lookup lookup-book; do put 755 $(BUILD)/$$p "$(STAGE)/bin/$$p"; done; \
	for p in lookup-handler lookup-server; do put 755 $(BUILD)/$$p "$(STAGE)/libexec/lookup/$$p"; done; \
	put 755 $(BUILD)/lookup-sync "$(STAGE)/sbin/lookup-sync"; \
	for p in compile-book stop-units; do place 755 systemd/$$p "$(STAGE)/libexec/lookup/$$p"; done; \
	for u in $(UNITS); do place 644 $(BUILD)/systemd/$$u "$(DESTDIR)$(UNITDIR)/$$u"; done; \
	for d in sysusers tmpfiles; do put 644 systemd/lookup.$$d "$(STAGE)/lib/$$d.d/lookup.conf"; done; \
	put 644 systemd/lookup.preset "$(STAGE)/lib/systemd/system-preset/50-lookup.preset"; \
	for p in $(PAGES); do put 644 $$p "$(STAGE)/share/man/man$${p##*.}/$${p##*/}"; done; \
	put 644 src/main/lookup.bash "$(BASH_FILE)"; put 644 src/main/lookup.zsh "$(ZSH_FILE)"; put 644 src/main/lookup.fish "$(FISH_FILE)"
	@if $(IS_ADMIN); then $(MAKE) --no-print-directory install-etc; \
	else echo "not root: left out are /etc/lookup, /etc/xinetd.d, the user lookup, the book"; fi
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ] || sh systemd/after-install "$(PREFIX)" "$(UNITDIR)" $(LISTENERS)

# Files that an administrator may have changed. Whoever has a book, or any of the sources that systemd/compile-book takes,
# gets no sample. In xinetd files, this matches lookup-handler and lookup-server in that folder, and not in one below.
NAMES_OURS = -wF "$(PREFIX)/libexec/lookup/lookup"
.PHONY: install-etc
install-etc:
	@$(PUT); if has "$(DESTDIR)/var/lib/lookup/book.cdb" || \
		ls "$(DESTDIR)/etc/lookup" 2>/dev/null | grep -qiE '\.(csv|tsv|ldif?|ldf|vcf|vcard)$$'; \
	then echo "$(DESTDIR)/etc/lookup is kept as it is"; else keep 644 src/book.txt "$(DESTDIR)/etc/lookup/book.txt"; fi; \
	for x in $(XINETD); do keep 644 xinetd/$$x "$(DESTDIR)/etc/xinetd.d/$$x"; done; \
	cd "$(DESTDIR)/etc/xinetd.d"; grep -lsF /libexec/lookup/lookup- $(XINETD) | xargs -r grep -L $(NAMES_OURS) | xargs -r \
		echo "files in $(DESTDIR)/etc/xinetd.d name the programs of another PREFIX: remove these, then make install again:"

# Keeps /etc/lookup, /var/lib/lookup, /var/lib/lookup-sync and the users lookup and lookup-sync. Stops the units if the
# programs that they start are those of PREFIX, wherever systemd has them from.
STOPPED = $(LISTENERS) lookup-server.service lookup-book.service lookup-sync.service lookup-sync-watch.service
INSTALLED_UNITS = $(foreach unit,$(UNITS),"$(DESTDIR)$(UNITDIR)/$(unit)")
.PHONY: uninstall
uninstall:
	@[ ! -e "$(STAGE)/libexec/lookup" ] || ls $(INSTALLED_UNITS) 2>/dev/null | grep -q . || \
		{ echo "no unit is installed in $(DESTDIR)$(UNITDIR): give the UNITDIR= of make install, or run that again" >&2; exit 1; }
	@! $(HAS_SYSTEMD) || ! systemctl show --property=ExecStart lookup@x.service lookup-server.service | \
		grep -qF "path=$(PREFIX)/libexec/lookup/" || { sh systemd/stop-units $(STOPPED); systemctl --quiet disable $(STOPPED); \
		rm -rf /run/lookup-book /var/lib/systemd/timers/stamp-lookup-sync.timer; \
		[ ! -d /run/lookup ] || rmdir --ignore-fail-on-non-empty /run/lookup; }
	@cd "$(STAGE)/" && rm -rf bin/lookup bin/lookup-book sbin/lookup-sync libexec/lookup lib/sysusers.d/lookup.conf lib/tmpfiles.d/lookup.conf \
		lib/systemd/system-preset/50-lookup.preset
	@if grep -qs '/libexec/lookup/lookup-' $(INSTALLED_UNITS) && ! grep -qs $(NAMES_OURS) $(INSTALLED_UNITS); \
	then echo "the units in $(DESTDIR)$(UNITDIR) are kept: they start the programs of another PREFIX"; else rm -f $(INSTALLED_UNITS); fi
	@! $(IS_ADMIN) || [ ! -d "$(DESTDIR)/etc/xinetd.d" ] || { cd "$(DESTDIR)/etc/xinetd.d" && \
		grep -ls $(NAMES_OURS) $(XINETD) | xargs -r rm -f; }
	@rm -f "$(BASH_FILE)" "$(ZSH_FILE)" "$(FISH_FILE)"
	@set -e; for p in $(PAGES); do rm -f "$(STAGE)/share/man/man$${p##*.}/$${p##*/}"; done
	@! $(HAS_SYSTEMD) || systemctl daemon-reload
