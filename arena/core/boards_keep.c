/*
 * boards_keep.c - boards in the store: a row of the book `boards` for each row of a board and for each board's
 * position.
 *
 *   p/TYPE/STRATEGY            position, revision, generation
 *   r/TYPE/STRATEGY/PLAYER     generation, place, games, numbers
 *
 * Rows of another generation are what is left from before the board was made anew.
 */
#include <stdlib.h>
#include <time.h>

#include "core/boards.h"
#include "core/pack.h"
#include "core/session.h"

enum { WRITE_MS = 5000, FAILED_MS = 30000, WRITE_ROWS = 20000, TICK_FILL_MS = 40, ENDS_AT_ONCE = 256 };

static const uint64_t NEVER = UINT64_MAX; /* boards.written: something must be written, whatever comes */
static const char POSITION[] = "p/", ROW[] = "r/";

/* Loading. ------------------------------------------------------------------------------------------------- */

/* "TYPE/STRATEGY"; neither may hold a slash. */
static void put_name(const struct board *board, struct text *out)
{
    text_puts(out, board->type);
    text_put_char(out, '/');
    text_puts(out, board->strategy->name);
}

/* The board that a key names; *rest is what follows. */
static struct board *board_of(struct boards *boards, arena_text key, arena_text *rest)
{
    struct text name = {0};
    struct board *found = NULL;
    for (uint32_t i = 0; i < boards->count && !found; i++) {
        text_clear(&name);
        put_name(&boards->list[i], &name);
        bool same = text_starts(key, text_slice(&name)) && (key.len == name.len || key.ptr[name.len] == '/');
        if (!same)
            continue;
        found = &boards->list[i];
        size_t skip = name.len + (key.len > name.len);
        *rest = (arena_text){key.ptr + skip, key.len - skip};
    }
    text_free(&name);
    return found;
}

static void load_position(struct board *board, struct cursor *c)
{
    uint64_t position = pack_get_u64(c);
    uint32_t revision = pack_get_u32(c), generation = pack_get_u32(c);
    if (c->bad)
        return;
    bool same = revision == board->strategy->revision;
    board->generation = same ? generation : generation + 1;
    board->position = same ? position : 0;
}

static void load_board_row(struct boards *boards, struct board *board, arena_text player, struct cursor *c)
{
    uint32_t generation = pack_get_u32(c), place = pack_get_u32(c);
    uint64_t games = pack_get_u64(c);
    double numbers[ARENA_STRATEGY_NUMBERS_MAX];
    for (uint32_t i = 0; i < board->strategy->number_count; i++)
        numbers[i] = pack_get_double(c);
    if (c->bad || generation != board->generation || !board->position || place > INT32_MAX / 2)
        return;
    struct row *row = board_add(board, boards_player(boards, player), place);
    row->games = games;
    memcpy(row->numbers, numbers, board->strategy->number_count * sizeof *numbers);
}

/* Positions come before rows, as their keys do. */
static void load_row(void *owner, arena_text key, arena_text bytes)
{
    struct boards *boards = owner;
    struct cursor c = {(const unsigned char *)bytes.ptr, (const unsigned char *)bytes.ptr + bytes.len, false};
    arena_text name = {key.ptr + 2, key.len - 2}, rest;
    struct board *board = key.len > 2 ? board_of(boards, name, &rest) : NULL;
    if (board && text_starts(key, text_of(POSITION)))
        load_position(board, &c);
    else if (board && text_starts(key, text_of(ROW)))
        load_board_row(boards, board, rest, &c);
}

/* A place that no row has can only come from a damaged book. */
static bool has_holes(const struct board *board)
{
    for (uint32_t i = 0; i < board->row_count; i++)
        if (!board_row(board, i)->games)
            return true;
    return false;
}

static void start_anew(struct board *board)
{
    board_clear(board);
    board->position = 0;
    board->generation++;
}

static void refill_global(struct boards *boards, struct board *global)
{
    start_anew(global);
    for (uint32_t player = 0; player < boards->player_count; player++)
        boards_combine(boards, global, player);
}

/* A global board is made anew when it or one below it is. */
static bool global_is_stale(const struct board *global)
{
    bool stale = !global->position;
    for (uint32_t i = 0; i < global->source_count; i++)
        stale |= !global->sources[i]->position;
    return stale;
}

/* What the positions mean for what is to be done. */
static void plan(struct boards *boards)
{
    boards->fill_to = boards->fill_at = boards->written = boards->newest;
    for (uint32_t i = 0; i < boards->count; i++) {
        struct board *board = &boards->list[i];
        board->live = board->strategy->source || board->position == boards->newest;
        if (!board->live && board->position < boards->fill_at)
            boards->fill_at = board->position;
        boards->filling |= !board->live;
    }
    if (boards->filling)
        boards->written = NEVER;
    for (uint32_t i = 0; i < boards->count; i++)
        if (boards->list[i].strategy->source && global_is_stale(&boards->list[i]))
            refill_global(boards, &boards->list[i]);
}

void boards_load(struct boards *boards)
{
    book_open(&boards->book, boards->arena, ARENA_TEXT(BOOK_MARK "boards"), load_row, boards);
    for (uint32_t i = 0; i < boards->count; i++)
        if (boards->list[i].position > boards->newest || has_holes(&boards->list[i]))
            start_anew(&boards->list[i]);
    plan(boards);
}

void boards_reset(struct boards *boards)
{
    for (uint32_t i = 0; i < boards->count; i++)
        start_anew(&boards->list[i]);
    plan(boards);
    boards->written = NEVER;
    boards->ends = 0;
}

/* Filling. ------------------------------------------------------------------------------------------------- */

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Everything up to fill_to is counted: now what ended meanwhile, and then the boards go with the others. */
static void catch_up(struct boards *boards)
{
    while (boards->late) {
        struct scored_game *game = boards->late;
        boards->late = game->next;
        boards_count(boards, game, false);
        free(game);
    }
    boards->late_end = &boards->late;
    for (uint32_t i = 0; i < boards->count; i++)
        boards->list[i].live = true;
    boards->filling = false;
    boards->written = NEVER;
}

static void fill_some(struct boards *boards, const struct store_end *ends, uint32_t count)
{
    for (uint32_t i = 0; i < count && ends[i].end_number <= boards->fill_to; i++) {
        struct session *session = record_decode(NULL, ends[i].session, ends[i].record);
        struct scored_game *game =
            session && !session->lobby ? boards_game_of(boards, session, ends[i].end_number) : NULL;
        if (game)
            boards_count(boards, game, false);
        free(game);
        session_put(session);
        boards->fill_at = ends[i].end_number;
        boards->ends++;
    }
    if (boards->fill_at >= boards->fill_to) /* the last end at the opening is there, so this comes */
        catch_up(boards);
}

static uint32_t changed_rows(const struct boards *boards)
{
    uint32_t changed = 0;
    for (uint32_t i = 0; i < boards->count; i++)
        changed += boards->list[i].changed_count;
    return changed;
}

bool boards_fill(struct boards *boards, int64_t budget_ms)
{
    int64_t until = clock_ms() + budget_ms;
    struct pool pool;
    bool more = boards->filling;
    pool_init(&pool, 0);
    while (more && clock_ms() < until) {
        struct store_end ends[ENDS_AT_ONCE];
        uint32_t count = store_ends(boards->arena->config.store, boards->fill_at, ENDS_AT_ONCE, &pool, ends);
        pthread_mutex_lock(&boards->lock);
        fill_some(boards, ends, count);
        more = count && boards->filling && changed_rows(boards) < WRITE_ROWS; /* first write what there is */
        pthread_mutex_unlock(&boards->lock);
        pool_reset(&pool);
    }
    pool_finish(&pool);
    return boards->filling;
}

/* Writing. ------------------------------------------------------------------------------------------------- */

/* Up to where every end is in the board, although the last of them may not have been of its type. */
static uint64_t position_of(const struct boards *boards, const struct board *board)
{
    if (board->live)
        return boards->newest;
    return board->position > boards->fill_at ? board->position : boards->fill_at;
}

static void put_position(struct boards *boards, struct board *board, struct text *key, struct text *bytes)
{
    text_clear(key);
    text_clear(bytes);
    text_puts(key, POSITION);
    put_name(board, key);
    pack_put_u64(bytes, position_of(boards, board));
    pack_put_u32(bytes, board->strategy->revision);
    pack_put_u32(bytes, board->generation);
    book_put(&boards->book, text_slice(key), text_slice(bytes));
}

static void put_row(struct boards *boards, const struct board *board, uint32_t place, struct text *key,
                    struct text *bytes)
{
    const struct row *row = board_row(board, place);
    text_clear(key);
    text_clear(bytes);
    text_puts(key, ROW);
    put_name(board, key);
    text_put_char(key, '/');
    text_puts(key, boards->players[row->player]);
    pack_put_u32(bytes, board->generation);
    pack_put_u32(bytes, place);
    pack_put_u64(bytes, row->games);
    for (uint32_t i = 0; i < board->strategy->number_count; i++)
        pack_put_double(bytes, row->numbers[i]);
    book_put(&boards->book, text_slice(key), text_slice(bytes));
}

/* What changes from here on comes behind writing_count again. */
static void put_changed(struct boards *boards, struct board *board, struct text *key, struct text *bytes)
{
    for (uint32_t i = 0; i < board->changed_count; i++) {
        put_row(boards, board, board->changed[i], key, bytes);
        board_row(board, board->changed[i])->changed = false;
    }
    board->writing_count = board->changed_count;
}

static void written(void *owner, enum store_result result)
{
    struct boards *boards = owner;
    pthread_mutex_lock(&boards->lock);
    book_written(&boards->book, result);
    for (uint32_t i = 0; i < boards->count; i++) {
        struct board *board = &boards->list[i];
        if (result == STORE_OK && board->writing_count) { /* before the first change there is no list to move */
            board->changed_count -= board->writing_count;
            memmove(board->changed, board->changed + board->writing_count,
                    board->changed_count * sizeof *board->changed);
        }
        for (uint32_t k = 0; result != STORE_OK && k < board->writing_count; k++)
            board_row(board, board->changed[k])->changed = true;
        board->writing_count = 0;
    }
    if (result != STORE_OK) { /* what is lacking room for others too is not asked for again at once */
        boards->written = NEVER;
        boards->written_ms += FAILED_MS;
    }
    pthread_mutex_unlock(&boards->lock);
}

static void write_all(struct boards *boards)
{
    struct text key = {0}, bytes = {0};
    for (uint32_t i = 0; i < boards->count; i++) {
        put_position(boards, &boards->list[i], &key, &bytes);
        put_changed(boards, &boards->list[i], &key, &bytes);
    }
    text_free(&key);
    text_free(&bytes);
    boards->written = boards->newest;
    book_write(&boards->book, written);
}

bool boards_tick(struct boards *boards, int64_t now_ms, bool write)
{
    bool more = boards_fill(boards, TICK_FILL_MS);
    pthread_mutex_lock(&boards->lock);
    uint32_t changed = changed_rows(boards);
    bool due = write || changed >= WRITE_ROWS || now_ms >= boards->written_ms + WRITE_MS;
    if (due && !boards->book.writing && (changed || boards->written != boards->newest)) {
        boards->written_ms = now_ms;
        write_all(boards);
    }
    pthread_mutex_unlock(&boards->lock);
    return more;
}
