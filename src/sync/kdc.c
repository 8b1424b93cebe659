#include "sync/kdc.h"

#include <krb5.h>
#include <stdbool.h>
#include <stdio.h>

/* Returns true if trying again with the same keys is useless; it may also lock the account. Only
 * the code of libkrb5 counts, never the text of a server. */
static bool is_refusal(krb5_error_code code) {
    switch (code) {
    case KRB5KDC_ERR_PREAUTH_FAILED:
    case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
    case KRB5KDC_ERR_CLIENT_REVOKED:
    case KRB5KDC_ERR_NAME_EXP:
    case KRB5KDC_ERR_KEY_EXP:
    case KRB5KDC_ERR_POLICY:
    case KRB5KDC_ERR_ETYPE_NOSUPP:
    case KRB5KRB_AP_ERR_BAD_INTEGRITY: /* without pre-authentication, wrong keys show in the answer
                                        */
    case KRB5_PREAUTH_FAILED:          /* no key of a kind that the KDC accepts */
    case KRB5_KT_NOTFOUND: return true;
    default: return false;
    }
}

/* The client is the first principal of the keytab. */
struct kdc {
    krb5_context context;
    krb5_keytab keytab;
    krb5_principal client;
    char name[KDC_CLIENT_MAX]; /* of the client */
};

/* Writes what libkrb5 says of code, after the client's name if that is known. */
static void kdc_blame(const struct kdc *kdc, krb5_error_code code, char why[KDC_WHY]) {
    const char *text = krb5_get_error_message(kdc->context, code);
    snprintf(why, KDC_WHY, "%.128s%s%s", kdc->name, kdc->name[0] == '\0' ? "" : ": ", text);
    krb5_free_error_message(kdc->context, text);
}

static krb5_error_code first_principal(krb5_context context, krb5_keytab keytab,
                                       krb5_principal *client) {
    krb5_kt_cursor cursor;
    krb5_keytab_entry entry;
    krb5_error_code code = krb5_kt_start_seq_get(context, keytab, &cursor);
    if (code != 0)
        return code;
    code = krb5_kt_next_entry(context, keytab, &entry, &cursor);
    if (code == 0) {
        code = krb5_copy_principal(context, entry.principal, client);
        krb5_free_keytab_entry_contents(context, &entry);
    }
    krb5_kt_end_seq_get(context, keytab, &cursor);
    return code;
}

static krb5_error_code kdc_name_client(struct kdc *kdc) {
    char *text = NULL;
    krb5_error_code code = krb5_unparse_name(kdc->context, kdc->client, &text);
    if (code == 0 && snprintf(kdc->name, KDC_CLIENT_MAX, "%s", text) >= KDC_CLIENT_MAX)
        code = KRB5_PARSE_MALFORMED;
    krb5_free_unparsed_name(kdc->context, text);
    return code;
}

/* Call kdc_close in any case. */
static krb5_error_code kdc_open(struct kdc *kdc) {
    *kdc = (struct kdc){.context = NULL};
    krb5_error_code code = krb5_init_context(&kdc->context);
    if (code == 0)
        code = krb5_kt_client_default(kdc->context, &kdc->keytab);
    if (code == 0)
        code = first_principal(kdc->context, kdc->keytab, &kdc->client);
    return code == 0 ? kdc_name_client(kdc) : code;
}

static void kdc_close(struct kdc *kdc) {
    if (kdc->keytab != NULL)
        krb5_kt_close(kdc->context, kdc->keytab);
    krb5_free_principal(kdc->context, kdc->client);
    krb5_free_context(kdc->context);
}

/* Destroys the cache, which is in memory, and with it the KDC's time, which libkrb5 keeps there.
 * Then makes a new one. */
static krb5_error_code open_empty_cache(krb5_context context, krb5_ccache *cache) {
    krb5_error_code code = krb5_cc_default(context, cache);
    if (code == 0)
        code = krb5_cc_destroy(context, *cache);
    return code == 0 ? krb5_cc_default(context, cache) : code;
}

static krb5_error_code kdc_fill_cache(const struct kdc *kdc, krb5_ccache cache) {
    krb5_creds ticket = {.magic = 0};
    krb5_get_init_creds_opt *options = NULL;
    krb5_error_code code = krb5_get_init_creds_opt_alloc(kdc->context, &options);
    if (code == 0)
        code = krb5_get_init_creds_opt_set_out_ccache(kdc->context, options, cache);
    if (code == 0)
        code = krb5_get_init_creds_keytab(kdc->context, &ticket, kdc->client, kdc->keytab, 0, NULL,
                                          options);
    krb5_free_cred_contents(kdc->context, &ticket);
    krb5_get_init_creds_opt_free(kdc->context, options);
    return code;
}

static krb5_error_code kdc_get_ticket(const struct kdc *kdc) {
    krb5_ccache cache;
    krb5_error_code code = open_empty_cache(kdc->context, &cache);
    if (code != 0)
        return code;
    code = kdc_fill_cache(kdc, cache);
    krb5_cc_close(kdc->context, cache);
    return code;
}

int kdc_client(char name[KDC_CLIENT_MAX], char why[KDC_WHY]) {
    struct kdc kdc;
    char fault[KDC_WHY];
    krb5_error_code code = kdc_open(&kdc);
    if (code != 0) {
        kdc_blame(&kdc, code, fault);
        snprintf(why, KDC_WHY, "%s: %.256s",
                 kdc.keytab == NULL ? "Kerberos" : "the keytab names no principal", fault);
    }
    snprintf(name, KDC_CLIENT_MAX, "%s", kdc.name);
    kdc_close(&kdc);
    return code == 0 ? 0 : -1;
}

enum kdc_result kdc_ask(char why[KDC_WHY]) {
    struct kdc kdc;
    krb5_error_code code = kdc_open(&kdc);
    if (code == 0)
        code = kdc_get_ticket(&kdc);
    if (code != 0)
        kdc_blame(&kdc, code, why);
    kdc_close(&kdc);
    return code == 0 ? KDC_OK : is_refusal(code) ? KDC_REFUSED : KDC_FAILED;
}
