#include "core/book.h"

#include <stdlib.h>

#include "core/session.h"

void book_open(struct book *book, struct arena *arena, arena_text name,
               void (*each)(void *owner, arena_text key, arena_text bytes), void *owner)
{
    *book = (struct book){.arena = arena, .name = name, .owner = owner};
    pool_init(&book->pool, 0);
    if (store_find(arena->config.store, name, &book->serial))
        store_rows(arena->config.store, book->serial, each, owner);
    else
        book->serial = atomic_fetch_add(&arena->last_serial, 1) + 1;
}

void book_close(struct book *book)
{
    pool_finish(&book->pool);
    free(book->rows);
}

void book_put(struct book *book, arena_text key, arena_text bytes)
{
    if (book->row_count == book->row_cap) {
        book->row_cap = book->row_cap ? 2 * book->row_cap : 16;
        book->rows = realloc(book->rows, book->row_cap * sizeof *book->rows);
        if (!book->rows)
            abort();
    }
    book->rows[book->row_count++] =
        (struct store_row){.key = pool_copy(&book->pool, key), .bytes = pool_copy(&book->pool, bytes)};
}

static void book_done(struct commit *commit, enum store_result result)
{
    struct book *book = commit->owner;
    book->done(book->owner, result);
}

/* A commit that failed leaves the one before as the newest, which the next is built upon. */
void book_written(struct book *book, enum store_result result)
{
    if (result == STORE_OK)
        book->lsn = book->commit.lsn;
    book->row_count = 0;
    pool_reset(&book->pool);
    book->writing = false;
}

void book_write(struct book *book, void (*done)(void *owner, enum store_result result))
{
    book->writing = true;
    book->done = done;
    book->commit = (struct commit){
        .session = book->serial,
        .after = book->lsn,
        .id = book->name,
        .row_count = book->row_count,
        .rows = book->rows,
        .done = book_done,
        .owner = book,
    };
    store_submit(book->arena->config.store, &book->commit);
}
