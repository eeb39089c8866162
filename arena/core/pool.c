#include "core/pool.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 8 * 1024 - 64, ALIGN = alignof(max_align_t) };

struct pool_block {
    struct pool_block *older;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

void pool_init(struct pool *pool, size_t limit)
{
    *pool = (struct pool){.limit = limit};
}

static struct pool_block *add_block(struct pool *pool, size_t size)
{
    if (size < BLOCK_BYTES)
        size = BLOCK_BYTES;
    struct pool_block *block = malloc(sizeof *block + size);
    if (!block)
        abort();
    block->size = size;
    block->used = 0;
    block->older = pool->blocks;
    pool->blocks = block;
    return block;
}

/* Bytes as they lie there. */
static void *take(struct pool *pool, size_t size)
{
    if (size > SIZE_MAX / 2 || (pool->limit && size > pool->limit - pool->used))
        return NULL;
    size_t rounded = (size + ALIGN - 1) / ALIGN * ALIGN;
    struct pool_block *block = pool->blocks;
    if (!block || block->size - block->used < rounded)
        block = add_block(pool, rounded);
    void *bytes = block->bytes + block->used;
    block->used += rounded;
    pool->used += size;
    return bytes;
}

void *pool_alloc(struct pool *pool, size_t size)
{
    void *bytes = take(pool, size);
    return bytes ? memset(bytes, 0, size) : NULL;
}

arena_text pool_copy(struct pool *pool, arena_text text)
{
    char *bytes = take(pool, text.len + 1);
    if (bytes && text.len)
        memcpy(bytes, text.ptr, text.len);
    if (bytes)
        bytes[text.len] = '\0';
    return (arena_text){bytes, bytes ? text.len : 0};
}

static void free_blocks(struct pool_block *block)
{
    while (block) {
        struct pool_block *older = block->older;
        free(block);
        block = older;
    }
}

void pool_reset(struct pool *pool)
{
    pool->used = 0;
    if (!pool->blocks)
        return;
    free_blocks(pool->blocks->older);
    pool->blocks->older = NULL;
    pool->blocks->used = 0;
    if (pool->blocks->size > 8 * (size_t)BLOCK_BYTES)
        pool_finish(pool);
}

void pool_finish(struct pool *pool)
{
    free_blocks(pool->blocks);
    pool->blocks = NULL;
    pool->used = 0;
}
