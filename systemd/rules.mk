# make units: one template for all services. @NAME@ before a line keeps the line for the service NAME only.
# @255@ before a line keeps it if systemd is of version 255 or later; older ones warn of keys that they do not know.
# @EARLIER@: the sockets that start before this service's: lookup-unix.socket, and those of the services before it.
SERVICES = lookup clock hello
PORT_lookup = 8084
PORT_clock = 8085
PORT_hello = 8080
TITLE_lookup = Address book lookup
TITLE_clock = Date and time
TITLE_hello = Greeting and offices page over HTTP
unit_service = $(firstword $(subst @, ,$(subst -, ,$(subst ., ,$(@F)))))
sockets_before = $(if $(filter-out $1,$(firstword $2)),$(firstword $2).socket $(call sockets_before,$1,$(wordlist 2,99,$2)))
unit_earlier = $(strip lookup-unix.socket $(call sockets_before,$(unit_service),$(SERVICES)))
PLAIN_UNITS = $(notdir $(wildcard systemd/*.path systemd/*.socket systemd/*.service systemd/*.timer))
INSTANCES = $(SERVICES:%=%@.service) lookup-unix@.service
UNITS = $(INSTANCES) $(SERVICES:%=%.socket) $(SERVICES:%=%-server.socket) $(PLAIN_UNITS)

# The version of the systemd that lookup-server is linked with, also where none runs.
SYSTEMD_VERSION := $(shell sed -n 's/^Version: *\([0-9]*\).*/\1/p' "$$($(CC) -print-file-name=pkgconfig/libsystemd.pc)" 2>/dev/null)
KEPT_BY_VERSION := $(shell [ 0$(SYSTEMD_VERSION) -lt 255 ] || echo '-e s/^@255@//')

UNIT_DIR = $(BUILD)/systemd
.PHONY: units
units: $(UNITS:%=$(UNIT_DIR)/%)
$(INSTANCES:%=$(UNIT_DIR)/%): systemd/service@.service.in
$(SERVICES:%=$(UNIT_DIR)/%.socket): $(UNIT_DIR)/%.socket: systemd/service.socket.in
$(SERVICES:%=$(UNIT_DIR)/%-server.socket): $(UNIT_DIR)/%-server.socket: systemd/service-server.socket.in
$(PLAIN_UNITS:%=$(UNIT_DIR)/%): $(UNIT_DIR)/%: systemd/%
$(UNITS:%=$(UNIT_DIR)/%): systemd/rules.mk
	@mkdir -p $(@D)
	$(call say,UNIT)sed -e 's/@SERVICE@/$(unit_service)/g; s/@PORT@/$(PORT_$(unit_service))/g' \
		-e 's/@TITLE@/$(TITLE_$(unit_service))/g; s/@EARLIER@/$(unit_earlier)/' \
		$(KEPT_BY_VERSION) -e 's/^@$(unit_service)@//; /^@/d' $(filter-out %.mk,$^) >$@
