/* boards_recompute.c - all boards made anew from the records, and compared with those that the store has. */
#include <stdlib.h>

#include "core/boards.h"
#include "core/session.h"

static struct arena *bare_arena(struct store *store)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        abort();
    arena->config.store = store;
    atomic_init(&arena->last_serial, store->last_session);
    return arena;
}

static void fill_wholly(struct boards *boards)
{
    enum { LONG_MS = 1000 };
    while (boards_fill(boards, LONG_MS))
        ;
}

/* The same player's row on another board of the same kind. */
static const struct row *twin(const struct boards *of, const struct board *board, const char *player)
{
    uint32_t number;
    return boards_find_player(of, text_of(player), &number) ? board_find(board, number) : NULL;
}

static bool is_same(const struct row *a, const struct row *b, uint32_t numbers)
{
    return a && b && a->games == b->games && memcmp(a->numbers, b->numbers, numbers * sizeof *a->numbers) == 0;
}

static void compare(const struct boards *stored, const struct boards *fresh, struct recompute_report *report)
{
    for (uint32_t i = 0; i < fresh->count; i++) {
        const struct board *new = &fresh->list[i], *old = &stored->list[i];
        report->rows += new->row_count;
        for (uint32_t k = 0; k < new->row_count; k++) {
            const struct row *row = board_row(new, k);
            report->differs +=
                !is_same(row, twin(stored, old, fresh->players[row->player]), new->strategy->number_count);
        }
        for (uint32_t k = 0; k < old->row_count; k++)
            report->differs += !twin(fresh, new, stored->players[board_row(old, k)->player]);
    }
}

static void write(struct boards *fresh, struct store *store)
{
    boards_tick(fresh, 0, true);
    store_settle(store);
    for (;;) { /* settled says that it is decided, written() that it was told */
        pthread_mutex_lock(&fresh->lock);
        bool writing = fresh->book.writing;
        pthread_mutex_unlock(&fresh->lock);
        if (!writing)
            return;
        store_settle(store);
    }
}

bool boards_recompute(const struct arena_board *list, size_t count, struct store *store, bool check,
                      struct recompute_report *report, struct text *error)
{
    struct arena *arena = bare_arena(store);
    struct boards stored, fresh;
    *report = (struct recompute_report){0};
    boards_open(&stored, arena, list, count);
    fill_wholly(&stored);
    boards_open(&fresh, arena, list, count);
    boards_reset(&fresh);
    fill_wholly(&fresh);
    report->games = fresh.ends;
    compare(&stored, &fresh, report);
    bool good = true;
    if (!check) {
        write(&fresh, store);
        good = fresh.written != UINT64_MAX;
        if (!good)
            text_puts(error, "the boards could not be written: the store is full or failed");
    }
    boards_close(&fresh);
    boards_close(&stored);
    free(arena);
    return good;
}
