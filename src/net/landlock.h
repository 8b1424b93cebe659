/* Landlock, landlock(7), where the kernel's headers are older than it (Linux 5.13), as on
 * Debian 11. The program asks the kernel when it runs. */
#ifndef LOOKUP_LANDLOCK_H
#define LOOKUP_LANDLOCK_H

#include <sys/syscall.h>

#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#else
#include <stdint.h>

struct landlock_ruleset_attr {
    uint64_t handled_access_fs;
};

struct landlock_path_beneath_attr {
    uint64_t allowed_access;
    int32_t parent_fd;
} __attribute__((packed));

enum { LANDLOCK_RULE_PATH_BENEATH = 1 };

#define LANDLOCK_CREATE_RULESET_VERSION 1U

#define LANDLOCK_ACCESS_FS_EXECUTE 1U
#define LANDLOCK_ACCESS_FS_WRITE_FILE 2U
#define LANDLOCK_ACCESS_FS_READ_FILE 4U
#define LANDLOCK_ACCESS_FS_READ_DIR 8U
#define LANDLOCK_ACCESS_FS_REMOVE_FILE 32U
#define LANDLOCK_ACCESS_FS_MAKE_REG 256U
#endif

/* The numbers are the same on all machines but alpha. */
#if !defined(SYS_landlock_create_ruleset) && !defined(__alpha__)
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#endif
