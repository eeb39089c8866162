/*
 * belt.h - bytes that are put down at one end and dropped at the other, and never move in between.
 *
 * Blocks grow with what lies in them, up to a size of which a block is asked for and given back once for many pieces.
 */
#ifndef CORE_BELT_H
#define CORE_BELT_H

#include "arena/operator.h"

struct belt_block;

/* {0} is the empty one. */
struct belt {
    struct belt_block *oldest, *newest;
};

/* A copy, which stays where it is until it is dropped.  Aborts when the machine has no memory. */
const char *belt_put(struct belt *belt, arena_text bytes);

/* Drops all that was put before `first`, as far as whole blocks go; NULL: everything. */
void belt_drop(struct belt *belt, const char *first);

#endif
