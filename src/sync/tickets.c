#include "sync/tickets.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The mechanism of Cyrus SASL brings libkrb5 with it, and GSSAPI has no function for this. */
struct libkrb5 {
    int32_t (*init_context)(void **context);
    void (*free_context)(void *context);
    int32_t (*cc_resolve)(void *context, const char *name, void **cache);
    int32_t (*cc_destroy)(void *context, void *cache);
};

static bool libkrb5_find(struct libkrb5 *krb5, void *library) {
    const struct {
        const char *name;
        void **at; /* POSIX: dlsym returns function addresses as void * */
    } symbols[] = {
        {"krb5_init_context", (void **)&krb5->init_context},
        {"krb5_free_context", (void **)&krb5->free_context},
        {"krb5_cc_resolve", (void **)&krb5->cc_resolve},
        {"krb5_cc_destroy", (void **)&krb5->cc_destroy},
    };
    for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
        *symbols[i].at = dlsym(library, symbols[i].name);
        if (*symbols[i].at == NULL)
            return false;
    }
    return true;
}

void tickets_discard(void) {
    struct libkrb5 krb5 = {0};
    void *context = NULL;
    void *cache = NULL;
    void *library = dlopen("libkrb5.so.3", RTLD_NOW | RTLD_NOLOAD);
    if (library == NULL)
        return;
    if (libkrb5_find(&krb5, library) && krb5.init_context(&context) == 0) {
        if (krb5.cc_resolve(context, TICKETS, &cache) == 0)
            krb5.cc_destroy(context, cache);
        krb5.free_context(context);
    }
    dlclose(library);
}
