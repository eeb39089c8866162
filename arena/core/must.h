/*
 * must.h - memory that has to be there: a server that has none left ends, and what it had acknowledged is on disk.
 */
#ifndef CORE_MUST_H
#define CORE_MUST_H

#include <stdlib.h>
#include <string.h>

#include "arena/operator.h"

static inline void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* A copy that ends in NUL; to be freed. */
static inline char *must_copy(arena_text text)
{
    char *copy = must(malloc(text.len + 1));
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

#endif
