/* The tickets of this machine: what a KDC gives for the keytab (RFC 4120, section 3.1). The
 * environment names keytab and cache, as for all users of libkrb5: KRB5_CLIENT_KTNAME, KRB5CCNAME.
 */
#ifndef LOOKUP_SYNC_KDC_H
#define LOOKUP_SYNC_KDC_H

enum {
    KDC_CLIENT_MAX = 512, /* bytes of a principal, with its final NUL */
    KDC_WHY = 384,        /* bytes of a reason, with its final NUL */
};

enum kdc_result {
    KDC_OK,
    KDC_FAILED,
    KDC_REFUSED, /* the keys are wrong, or the KDC no longer serves their owner */
};

/* Sets name to the first principal of the keytab. Sends nothing. Returns 0, or -1 with the reason
 * in why. */
int kdc_client(char name[KDC_CLIENT_MAX], char why[KDC_WHY]);

/* Gets a new ticket as the first principal of the keytab. It replaces all others in the cache: an
 * old one may be for keys or for a time that no longer count. On failure the reason is in why; if
 * the keytab could be read, the cache is then empty. Waits for KDCs as long as libkrb5 does. */
enum kdc_result kdc_ask(char why[KDC_WHY]);

#endif
