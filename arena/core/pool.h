/*
 * pool.h - memory that is given out piece by piece and taken back at once.
 *
 * One pool per request and one per turn: nothing in it is freed alone, so no path can forget to.
 */
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include <stddef.h>

#include "arena/operator.h"

struct pool_block;

struct pool {
    struct pool_block *blocks; /* newest first */
    size_t used;               /* bytes given out since the last reset */
    size_t limit;              /* most that may be given out; 0 = no limit */
};

/* An empty pool; takes no memory before the first pool_alloc. */
void pool_init(struct pool *pool, size_t limit);

/* Zeroed bytes, aligned for anything, until the next reset or finish.  NULL when the limit is passed; aborts
 * when the machine has no memory. */
void *pool_alloc(struct pool *pool, size_t size);

/* A copy of bytes, with a NUL behind it that does not count.  ptr is NULL when the limit is passed. */
arena_text pool_copy(struct pool *pool, arena_text text);

/* Takes everything back and keeps one block for the next use. */
void pool_reset(struct pool *pool);

/* Takes everything back and frees it.  The pool is as after pool_init. */
void pool_finish(struct pool *pool);

#endif
