#include "sync/attributes.h"

#include "formats/postal.h"
#include "sync/checksum.h"
#include "sync/profile.h"
#include "sync/protocol.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define UUID_ATTRIBUTE "entryUUID"

/* Aliases of attributes (RFC 4519, RFC 2798, RFC 4524). A server may send another alias than the
 * one requested. */
static const char *const synonyms[][3] = {
    {"cn", "commonName", "2.5.4.3"},
    {"sn", "surname", "2.5.4.4"},
    {"uid", "userid", "0.9.2342.19200300.100.1.1"},
    {"givenName", "gn", "2.5.4.42"},
    {"displayName", "displayName", "2.16.840.1.113730.3.1.241"},
    {"roomNumber", "roomNumber", "0.9.2342.19200300.100.1.6"},
    {"physicalDeliveryOfficeName", "physicalDeliveryOfficeName", "2.5.4.19"},
};

/* An entry of one of these classes is not a person. When it moves, all entries below it move. */
static const char *const containers[] = {
    "organizationalUnit", "organization", "container",  "domain",
    "locality",           "country",      "nsContainer"};

static const char *base_name(struct span type) {
    for (size_t i = 0; i < sizeof(synonyms) / sizeof(*synonyms); i++)
        for (size_t j = 0; j < 3; j++)
            if (span_is_word(type, synonyms[i][j]))
                return synonyms[i][0];
    return NULL;
}

static struct span without_options(const char *attribute) {
    return (struct span){attribute, strcspn(attribute, ";")};
}

/* An attribute with options, such as cn;lang-de, is also a cn (RFC 4512, section 2.5). The
 * configuration can name cn;lang-de to take only that one. */
static bool is_wanted(const char *attribute, const char *wanted) {
    struct span type = without_options(attribute);
    struct span other = without_options(wanted);
    const char *base = base_name(type);
    if (wanted[other.len] == ';' && strcasecmp(attribute + type.len, wanted + other.len) != 0)
        return false;
    return (type.len == other.len && strncasecmp(type.at, other.at, type.len) == 0) ||
           (base != NULL && base == base_name(other));
}

void attributes_asked(const struct sync_config *config, const char *asked[ATTRIBUTES_ASKED]) {
    size_t count = 0;
    for (unsigned i = 0; i < config->names.count; i++)
        asked[count++] = config->names.at[i];
    for (unsigned i = 0; i < config->offices.count; i++)
        asked[count++] = config->offices.at[i];
    asked[count++] = config->id;
    if (strcasecmp(config->id, UUID_ATTRIBUTE) != 0)
        asked[count++] = UUID_ATTRIBUTE;
    asked[count++] = "objectClass";
    asked[count] = NULL;
}

static int by_bytes(const void *a, const void *b) {
    return span_compare(protocol_bytes(*(struct berval *const *)a),
                        protocol_bytes(*(struct berval *const *)b));
}

static void attributes_tell_skipped(struct attributes *attributes, LDAP *ldap, LDAPMessage *entry,
                                    const char *attribute, const char *what) {
    char *dn = ldap_get_dn(ldap, entry);
    attributes->skipped(attributes->context, dn == NULL ? "" : dn, attribute, what);
    ldap_memfree(dn);
}

/* Returns NULL, or why the value is skipped. */
static const char *take_value(struct person *person, enum person_part part, struct span value,
                              char *what) {
    const char *fault =
        part == PERSON_NAME ? source_name_fault(value, what) : source_office_fault(value, what);
    if (fault != NULL)
        return fault;
    person_add(person, part, value, 1);
    fault = person->fault; /* person_add had no room for the value */
    person->fault = NULL;
    return fault;
}

/* Sorts the values: LDAP values have no order, so servers may send them in different orders. */
static void attributes_take_values(struct attributes *attributes, LDAP *ldap, LDAPMessage *entry,
                                   const char *attribute, enum person_part part) {
    struct berval **values = ldap_get_values_len(ldap, entry, attribute);
    int count = ldap_count_values_len(values);
    char what[SOURCE_FAULT_MAX];
    if (count > 1)
        qsort(values, (size_t)count, sizeof(void *), by_bytes);
    for (int i = 0; i < count; i++) {
        struct span value = protocol_bytes(values[i]);
        if (postal_is(without_options(attribute)))
            value = postal_decode(value, values[i]->bv_val);
        const char *fault = take_value(&attributes->person, part, value, what);
        if (fault != NULL)
            attributes_tell_skipped(attributes, ldap, entry, attribute, fault);
    }
    ldap_value_free_len(values);
}

/* Takes the values of every attribute that matches wanted. */
static void attributes_take_wanted(struct attributes *attributes, LDAP *ldap, LDAPMessage *entry,
                                   const char *wanted, enum person_part part) {
    BerElement *walk = NULL;
    for (char *attribute = ldap_first_attribute(ldap, entry, &walk); attribute != NULL;
         attribute = ldap_next_attribute(ldap, entry, walk)) {
        if (is_wanted(attribute, wanted))
            attributes_take_values(attributes, ldap, entry, attribute, part);
        ldap_memfree(attribute);
    }
    ber_free(walk, 0);
}

static bool is_container(LDAP *ldap, LDAPMessage *entry) {
    struct berval **classes = ldap_get_values_len(ldap, entry, "objectClass");
    bool found = false;
    for (int i = 0; i < ldap_count_values_len(classes); i++)
        for (size_t j = 0; j < sizeof(containers) / sizeof(*containers); j++)
            found |= span_is_word(protocol_bytes(classes[i]), containers[j]);
    ldap_value_free_len(classes);
    return found;
}

static uint64_t hash_of_dn(LDAP *ldap, LDAPMessage *entry) {
    char *dn = ldap_get_dn(ldap, entry);
    uint64_t hash = checksum(CHECKSUM_START, span_of(dn == NULL ? "" : dn));
    ldap_memfree(dn);
    return hash;
}

static void write_profile(const struct person *person, struct text *profile) {
    for (size_t i = 0; i < person->count; i++)
        profile_add(profile, person->value[i].part == PERSON_NAME ? PROFILE_NAME : PROFILE_OFFICE,
                    person->value[i].text);
    if (profile_names(text_span(profile)) == 0)
        profile->len = 0;
}

int attributes_take(struct attributes *attributes, LDAP *ldap, LDAPMessage *entry,
                    struct text *profile) {
    const struct sync_config *config = attributes->config;
    struct person *person = &attributes->person;
    profile->len = 0;
    if (is_container(ldap, entry)) {
        uint64_t hash = hash_of_dn(ldap, entry);
        profile_add(profile, PROFILE_CONTAINER, (struct span){(char *)&hash, sizeof(hash)});
        return 0;
    }
    person_clear(person);
    for (unsigned i = 0; i < config->names.count; i++)
        attributes_take_wanted(attributes, ldap, entry, config->names.at[i], PERSON_NAME);
    size_t names = person->count;
    for (unsigned i = 0; i < config->offices.count && person->count == names; i++)
        attributes_take_wanted(attributes, ldap, entry, config->offices.at[i], PERSON_OFFICE);
    write_profile(person, profile);
    return profile->full ? -1 : 0;
}

/* Reads a UUID as text (RFC 4122, section 3). */
static bool read_uuid(const struct berval *text, struct identity *id) {
    size_t digits = 0;
    char hex[3] = "";
    if (text->bv_len != 36)
        return false;
    for (size_t i = 0; i < text->bv_len; i++) {
        if (text->bv_val[i] == '-')
            continue;
        if (isxdigit((unsigned char)text->bv_val[i]) == 0 || digits == 2 * sizeof(id->bytes))
            return false;
        hex[digits % 2] = text->bv_val[i];
        if (digits % 2 == 1)
            id->bytes[digits / 2] = (char)strtoul(hex, NULL, 16);
        digits++;
    }
    return digits == 2 * sizeof(id->bytes);
}

static struct identity hash_identity(struct span s) {
    struct identity id;
    uint64_t halves[2] = {checksum(CHECKSUM_START, s), checksum(~CHECKSUM_START, s)};
    memcpy(id.bytes, halves, sizeof(id.bytes));
    return id;
}

struct identity attributes_identity(const struct sync_config *config, LDAP *ldap,
                                    LDAPMessage *entry) {
    struct berval **values = ldap_get_values_len(ldap, entry, config->id);
    struct identity id;
    if (ldap_count_values_len(values) == 0) {
        char *dn = ldap_get_dn(ldap, entry);
        id = hash_identity(span_of(dn == NULL ? "" : dn));
        ldap_memfree(dn);
    } else if (values[0]->bv_len == sizeof(id.bytes)) {
        memcpy(id.bytes, values[0]->bv_val, sizeof(id.bytes));
    } else if (!read_uuid(values[0], &id)) {
        id = hash_identity(protocol_bytes(values[0]));
    }
    ldap_value_free_len(values);
    return id;
}

bool attributes_uuid(LDAP *ldap, LDAPMessage *entry, struct identity *id) {
    struct berval **values = ldap_get_values_len(ldap, entry, UUID_ATTRIBUTE);
    bool found = ldap_count_values_len(values) == 1 && read_uuid(values[0], id);
    ldap_value_free_len(values);
    return found;
}

char *attributes_filter(const char *filter) {
    static const char start[] = "(|";
    bool bare = filter[0] != '(';
    size_t room = strlen(filter) + 8 + sizeof(containers) / sizeof(*containers) * 48;
    char *all = malloc(room);
    if (all == NULL)
        return NULL;
    struct text out = {.at = all, .cap = room - 1};
    text_put(&out, span_of(start));
    text_put(&out, span_of(bare ? "(" : ""));
    text_put(&out, span_of(filter));
    text_put(&out, span_of(bare ? ")" : ""));
    for (size_t i = 0; i < sizeof(containers) / sizeof(*containers); i++) {
        text_put(&out, SPAN("(objectClass="));
        text_put(&out, span_of(containers[i]));
        text_put(&out, SPAN(")"));
    }
    text_put(&out, SPAN(")"));
    all[out.len] = '\0';
    return all;
}
