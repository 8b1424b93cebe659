#include "net/srv.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    MESSAGE_HEAD = 12,
    QUESTION_TAIL = 4, /* type and class */
    RECORD_TAIL = 10,  /* type, class, time to live and length */
    SRV_HEAD = 6,      /* priority, weight and port */
    TYPE_SRV = 33,
    CLASS_IN = 1,
    MESSAGE_MAX = 16384,
};

bool srv_is_service(const char *name) {
    return name[0] == '_';
}

/* A message, and the position in it. */
struct reader {
    const unsigned char *start;
    const unsigned char *at;
    const unsigned char *end;
};

static bool has(const struct reader *reader, size_t bytes) {
    return (size_t)(reader->end - reader->at) >= bytes;
}

static unsigned number_at(const unsigned char *at) {
    return (unsigned)at[0] << 8 | at[1];
}

/* Skips a name and so many bytes after it. */
static bool skip_name(struct reader *reader, size_t rest) {
    int len = dn_skipname(reader->at, reader->end);
    if (len < 0 || !has(reader, (size_t)len + rest))
        return false;
    reader->at += (size_t)len + rest;
    return true;
}

static bool read_srv(const struct reader *reader, struct srv *record) {
    const unsigned char *at = reader->at;
    if (!has(reader, SRV_HEAD + 1))
        return false;
    *record = (struct srv){
        .priority = (uint16_t)number_at(at),
        .weight = (uint16_t)number_at(at + 2),
        .port = (uint16_t)number_at(at + 4),
    };
    return dn_expand(reader->start, reader->end, at + SRV_HEAD, record->host,
                     sizeof(record->host)) >= 0;
}

/* Returns 1 if it is an SRV record, 0 if it is another one, -1 if it is broken. */
static int read_record(struct reader *reader, struct srv *record) {
    if (!skip_name(reader, RECORD_TAIL))
        return -1;
    const unsigned char *head = reader->at - RECORD_TAIL;
    size_t len = number_at(head + 8);
    bool wanted = number_at(head) == TYPE_SRV && number_at(head + 2) == CLASS_IN;
    if (!has(reader, len) || (wanted && !read_srv(reader, record)))
        return -1;
    reader->at += len;
    return wanted;
}

/* Returns the place of the last record among those of the highest number. */
static int last_by_priority(const struct srv records[SRV_MAX]) {
    int last = 0;
    for (int i = 1; i < SRV_MAX; i++)
        if (records[i].priority >= records[last].priority)
            last = i;
    return last;
}

/* Adds record, unless it says that there is no server. If there is no room, the last one to be
 * tried makes some. */
static int srv_add(const struct srv *record, int count, struct srv records[SRV_MAX]) {
    int at = count < SRV_MAX ? count : last_by_priority(records);
    if (record->host[0] == '\0')
        return count;
    if (count == SRV_MAX && record->priority >= records[at].priority)
        return count;
    records[at] = *record;
    return count < SRV_MAX ? count + 1 : count;
}

int srv_read(struct span message, struct srv records[SRV_MAX]) {
    const unsigned char *start = (const unsigned char *)message.at;
    struct reader reader = {start, start + MESSAGE_HEAD, start + message.len};
    struct srv record;
    int count = 0;
    if (message.len < MESSAGE_HEAD)
        return -1;
    for (unsigned left = number_at(start + 4); left > 0; left--)
        if (!skip_name(&reader, QUESTION_TAIL))
            return -1;
    for (unsigned left = number_at(start + 6); left > 0; left--) {
        int read = read_record(&reader, &record);
        if (read < 0)
            return -1;
        if (read > 0)
            count = srv_add(&record, count, records);
    }
    return count;
}

static int by_priority(const void *a, const void *b) {
    const struct srv *first = a;
    const struct srv *second = b;
    return first->priority != second->priority ? first->priority - second->priority
                                               : first->weight - second->weight;
}

/* Returns a random one of the first count, each with a probability in proportion to its
 * weight. Those of weight 0 must come first; elsewhere they would never be picked. */
static int pick(const struct srv *records, int count) {
    uint32_t random = 0;
    uint32_t sum = 0;
    for (int i = 0; i < count; i++)
        sum += records[i].weight;
    if (getrandom(&random, sizeof(random), 0) != sizeof(random))
        random = 0;
    random %= sum + 1;
    int picked = 0;
    for (sum = records[0].weight; sum < random; sum += records[picked].weight)
        picked++;
    return picked;
}

/* The order that RFC 2782 describes under "Weight". */
static void srv_sort(struct srv *records, int count) {
    qsort(records, (size_t)count, sizeof(*records), by_priority);
    for (int i = 0; i < count; i++) {
        int same = 1;
        while (i + same < count && records[i + same].priority == records[i].priority)
            same++;
        int picked = pick(records + i, same);
        struct srv next = records[i + picked];
        memmove(records + i + 1, records + i, (size_t)picked * sizeof(*records));
        records[i] = next;
    }
}

static int srv_error(int error) {
    return error == TRY_AGAIN ? EAI_AGAIN : error == NO_RECOVERY ? EAI_FAIL : EAI_NONAME;
}

int srv_find(const char *name, struct srv records[SRV_MAX]) {
    unsigned char message[MESSAGE_MAX];
    int len = res_query(name, CLASS_IN, TYPE_SRV, message, sizeof(message));
    if (len < 0)
        return srv_error(h_errno);
    size_t size = (size_t)len < sizeof(message) ? (size_t)len : sizeof(message);
    int count = srv_read((struct span){(const char *)message, size}, records);
    if (count < 0)
        return EAI_FAIL;
    if (count == 0)
        return EAI_NONAME;
    srv_sort(records, count);
    return count;
}
