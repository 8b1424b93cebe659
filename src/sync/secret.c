#include "sync/secret.h"

#include "compile/write_at.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Linux 6.3; a kernel may be set to demand it (sysctl vm.memfd_noexec). */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif

enum { KEYTAB_MAX = 1024 * 1024 }; /* bytes */

static int secret_fail(char why[SECRET_WHY], const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static int secret_fail(char why[SECRET_WHY], const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, SECRET_WHY, format, arguments);
    va_end(arguments);
    return -1;
}

/* Returns false with the reason in why, unless fd is regular and private if it must be. */
static bool is_secret_file(int fd, bool is_regular, bool is_private, const char *what,
                           char why[SECRET_WHY]) {
    struct stat st;
    if (fstat(fd, &st) < 0)
        secret_fail(why, "%s", strerror(errno));
    else if (is_regular && !S_ISREG(st.st_mode))
        secret_fail(why, "the %s's file is no regular file", what);
    else if (is_private && (st.st_mode & 077) != 0)
        secret_fail(why, "the %s's file can be read by others; chmod 600", what);
    else
        return true;
    return false;
}

/* Opens the file at path, or else the credential lookup-sync.WHAT. If it must be a regular file,
 * does not wait for a FIFO. */
static int secret_open(const char *path, const char *what, bool is_regular, char why[SECRET_WHY]) {
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    char credential[PATH_MAX];
    if (path == NULL && folder == NULL)
        return secret_fail(why, "no %s-file, and no credential lookup-sync.%s", what, what);
    snprintf(credential, sizeof(credential), "%s/lookup-sync.%s", folder == NULL ? "" : folder,
             what);
    const char *file = path != NULL ? path : credential;
    int fd = open(file, O_RDONLY | O_CLOEXEC | (is_regular ? O_NONBLOCK : 0));
    if (fd < 0)
        return errno == ENOENT
                   ? secret_fail(why, "the %s's file does not exist", what)
                   : secret_fail(why, "%s: the %s cannot be read: %s", file, what, strerror(errno));
    if (is_secret_file(fd, is_regular, path != NULL, what, why))
        return fd;
    close(fd);
    return -1;
}

static int read_line(int fd, char secret[SECRET_MAX], char why[SECRET_WHY]) {
    ssize_t got = read(fd, secret, SECRET_MAX);
    if (got < 0)
        return secret_fail(why, "%s", strerror(errno));
    if (got == SECRET_MAX)
        return secret_fail(why, "the secret is longer than 1023 bytes");
    secret[got] = '\0';
    secret[strcspn(secret, "\r\n")] = '\0';
    /* A bind with an empty secret would succeed, but as nobody (RFC 4513, section 5.1.2). */
    return secret[0] == '\0' ? secret_fail(why, "the secret is empty") : 0;
}

int secret_read(const struct sync_config *config, char secret[SECRET_MAX], char why[SECRET_WHY]) {
    secret[0] = '\0';
    if (config->bind != BIND_SIMPLE)
        return 0;
    int fd = secret_open(config->secret_file, "secret", false, why);
    if (fd < 0)
        return -1;
    int result = read_line(fd, secret, why);
    close(fd);
    return result;
}

/* Reads up to KEYTAB_MAX + 1 bytes. */
static ssize_t read_keytab(int fd, char *bytes) {
    size_t len = 0;
    ssize_t got = 1;
    while (got > 0 && len <= KEYTAB_MAX) {
        got = read(fd, bytes + len, KEYTAB_MAX + 1 - len);
        len += got > 0 ? (size_t)got : 0;
    }
    return got < 0 ? -1 : (ssize_t)len;
}

/* Version 1 or 2 of the format that MIT Kerberos describes, and something in it. */
static bool is_keytab(const char *bytes, ssize_t len) {
    return len > 6 && bytes[0] == 5 && (bytes[1] == 1 || bytes[1] == 2);
}

int secret_memory(const char *name) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
    return fd < 0 && errno == EINVAL ? memfd_create(name, MFD_CLOEXEC) : fd;
}

static int copy_bytes(const char *bytes, ssize_t len, char why[SECRET_WHY]) {
    if (len < 0)
        return secret_fail(why, "the keytab: %s", strerror(errno));
    if (len > KEYTAB_MAX)
        return secret_fail(why, "the keytab is longer than 1 MiB");
    if (!is_keytab(bytes, len))
        return secret_fail(why, "the keytab's file is no keytab; see ktutil(1)");
    int copy = secret_memory("keytab");
    if (copy >= 0 && write_at(copy, (struct span){bytes, (size_t)len}, 0) == 0)
        return copy;
    secret_fail(why, "the keytab: %s", strerror(errno));
    if (copy >= 0)
        close(copy);
    return -1;
}

int secret_keytab(const struct sync_config *config, char why[SECRET_WHY]) {
    int fd = secret_open(config->keytab_file, "keytab", true, why);
    if (fd < 0)
        return -1;
    char *bytes = malloc(KEYTAB_MAX + 1);
    int copy = bytes == NULL ? secret_fail(why, "out of memory")
                             : copy_bytes(bytes, read_keytab(fd, bytes), why);
    if (bytes != NULL)
        explicit_bzero(bytes, KEYTAB_MAX + 1);
    free(bytes);
    close(fd);
    return copy;
}
