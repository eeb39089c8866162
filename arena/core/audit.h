/*
 * audit.h - what administrators did: entries in the book `audit`, newest kept.  Private to core/.
 */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include <pthread.h>

#include "core/book.h"

struct request;

enum { AUDIT_KEPT = 10000 };

struct audit_entry {
    uint64_t number; /* 1, 2, 3, ... */
    char *json;      /* owned */
};

struct audit {
    pthread_mutex_t lock;
    struct book book;
    struct audit_entry *entries; /* oldest first */
    uint32_t count, cap;
    struct request *first, **end; /* entries to be written: the first one is under way */
    char *next;
};

void audit_open(struct audit *audit, struct arena *arena);
void audit_close(struct audit *audit);

#endif
