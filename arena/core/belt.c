#include "core/belt.h"

#include "core/must.h"

enum { BLOCK_LEAST = 1024 - 64, BLOCK_MOST = 64 * 1024 - 64 };

struct belt_block {
    struct belt_block *newer;
    size_t size, used;
    char bytes[];
};

static struct belt_block *add_block(struct belt *belt, size_t needed)
{
    size_t size = belt->newest ? 2 * belt->newest->size : BLOCK_LEAST;
    if (size > BLOCK_MOST)
        size = BLOCK_MOST;
    if (size < needed)
        size = needed;
    struct belt_block *block = must(malloc(sizeof *block + size));
    *block = (struct belt_block){.size = size};
    if (belt->newest)
        belt->newest->newer = block;
    else
        belt->oldest = block;
    return belt->newest = block;
}

const char *belt_put(struct belt *belt, arena_text bytes)
{
    struct belt_block *block = belt->newest;
    if (!block || block->size - block->used < bytes.len)
        block = add_block(belt, bytes.len);
    char *at = block->bytes + block->used;
    if (bytes.len)
        memcpy(at, bytes.ptr, bytes.len);
    block->used += bytes.len;
    return at;
}

void belt_drop(struct belt *belt, const char *first)
{
    struct belt_block *block = belt->oldest;
    while (block && !(first && first >= block->bytes && first <= block->bytes + block->size)) {
        struct belt_block *newer = block->newer;
        free(block);
        block = newer;
    }
    belt->oldest = block;
    if (!block)
        belt->newest = NULL;
}
