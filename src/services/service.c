#include "services/service.h"

#include <string.h>

/* CONTRIBUTING.md says what else a new service needs. */
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

static const char *service_name_at(size_t number) {
    return number < SERVICES ? services[number]->name : NULL;
}

const char *service_names(const char *between, const char *last, char list[SERVICE_NAMES_MAX]) {
    return names_list(service_name_at, between, last, list);
}

const char *result_name(enum result result) {
    static const char *const names[] = {"hit", "miss", "refused", "late", "fault"};
    return names[result];
}
