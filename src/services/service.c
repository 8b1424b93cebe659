#include "services/service.h"

#include <string.h>

/* To add a service, write a file for it and add it here. */
static const struct service *const services[] = {&lookup_service, &clock_service, &hello_service};

enum { SERVICES = sizeof(services) / sizeof(services[0]) };
_Static_assert((int)SERVICES <= (int)SERVICES_MAX, "raise SERVICES_MAX");

const struct service *service_named(const char *name) {
    for (size_t i = 0; i < SERVICES; i++)
        if (strcmp(services[i]->name, name) == 0)
            return services[i];
    return NULL;
}

const struct service *service_at(size_t number) {
    return number < SERVICES ? services[number] : NULL;
}

size_t service_number(const struct service *service) {
    size_t number = 0;
    while (number < SERVICES - 1 && services[number] != service)
        number++;
    return number;
}

const char *service_names(const char *between, const char *last, char list[SERVICE_NAMES_MAX]) {
    struct text out = {.at = list, .cap = SERVICE_NAMES_MAX - 1};
    for (size_t i = 0; i < SERVICES; i++) {
        if (i > 0)
            text_put(&out, span_of(i + 1 < SERVICES ? between : last));
        text_put(&out, span_of(services[i]->name));
    }
    list[out.len] = '\0';
    return list;
}

const char *result_name(enum result result) {
    static const char *const names[] = {"hit", "miss", "refused", "late", "fault"};
    return names[result];
}
