/*
 * book.h - what the arena keeps that belongs to no session: rows in the store under a name of their own.  Private to
 * core/.
 *
 * A book is written to by one commit at a time, applied wholly or not at all.  Its rows are read once, at the start;
 * who owns the book has them in memory from then on.
 */
#ifndef CORE_BOOK_H
#define CORE_BOOK_H

#include "core/pool.h"
#include "core/text.h"
#include "store/store.h"

struct arena;

/* Names of books start with this byte, and no channel's name may. */
#define BOOK_MARK "\1"

struct book {
    struct arena *arena;
    arena_text name; /* static */
    uint64_t serial, lsn;
    bool writing;
    struct pool pool;
    struct store_row *rows;
    uint32_t row_count, row_cap;
    struct commit commit;
    void (*done)(void *owner, enum store_result result);
    void *owner;
};

/* Finds the book in the arena's store, or gives it a number, and calls each for its rows. */
void book_open(struct book *book, struct arena *arena, arena_text name,
               void (*each)(void *owner, arena_text key, arena_text bytes), void *owner);
void book_close(struct book *book);

/* Puts a row into the next commit; empty bytes remove it.  Key and bytes are copied. */
void book_put(struct book *book, arena_text key, arena_text bytes);

/* Hands the rows to the store.  No write may be under way (book.writing).  done is called from the store's thread; it
 * must call book_written, under the lock that guards the book, before the next write. */
void book_write(struct book *book, void (*done)(void *owner, enum store_result result));

void book_written(struct book *book, enum store_result result);

/* True when a channel or session may not be called so. */
static inline bool book_owns(arena_text name)
{
    return name.len && name.ptr[0] == BOOK_MARK[0];
}

#endif
