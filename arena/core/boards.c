#include "core/boards.h"

#include <stdlib.h>

#include "core/must.h"
#include "core/session.h"

enum { INDEX_FIRST = 1024, OPEN_FILL_MS = 300 };

/* Players. ------------------------------------------------------------------------------------------------- */

static uint32_t *player_slot(const struct boards *boards, arena_text id)
{
    uint32_t i = (uint32_t)text_hash(id) & (boards->index_cap - 1);
    while (boards->index[i] && !text_equal(id, text_of(boards->players[boards->index[i] - 1])))
        i = (i + 1) & (boards->index_cap - 1);
    return &boards->index[i];
}

static void grow_index(struct boards *boards)
{
    free(boards->index);
    boards->index_cap = boards->index_cap ? 2 * boards->index_cap : INDEX_FIRST;
    boards->index = must(calloc(boards->index_cap, sizeof *boards->index));
    for (uint32_t i = 0; i < boards->player_count; i++)
        *player_slot(boards, text_of(boards->players[i])) = i + 1;
}

bool boards_find_player(const struct boards *boards, arena_text id, uint32_t *player)
{
    uint32_t found = boards->index_cap ? *player_slot(boards, id) : 0;
    *player = found - 1;
    return found != 0;
}

uint32_t boards_player(struct boards *boards, arena_text id)
{
    uint32_t player;
    if (boards_find_player(boards, id, &player))
        return player;
    if (boards->player_count == boards->player_cap) {
        boards->player_cap = boards->player_cap ? 2 * boards->player_cap : 256;
        boards->players = must(realloc(boards->players, boards->player_cap * sizeof *boards->players));
    }
    boards->players[boards->player_count++] = must_copy(id);
    if (2 * boards->player_count > boards->index_cap)
        grow_index(boards); /* enters it, too */
    else
        *player_slot(boards, id) = boards->player_count;
    return boards->player_count - 1;
}

/* Rows. ---------------------------------------------------------------------------------------------------- */

struct row *board_find(const struct board *board, uint32_t player)
{
    uint32_t place = player < board->of_cap ? board->of_player[player] : 0;
    return place ? board_row(board, place - 1) : NULL;
}

static void grow_rows(struct board *board, uint32_t place)
{
    uint32_t cap = board->row_cap;
    while (place >= cap)
        cap = cap ? 2 * cap : 64;
    if (cap == board->row_cap)
        return;
    board->rows = must(realloc(board->rows, cap * board->row_bytes));
    memset(board->rows + board->row_cap * board->row_bytes, 0, (cap - board->row_cap) * board->row_bytes);
    board->row_cap = cap;
}

static void grow_players(struct board *board, uint32_t player)
{
    uint32_t cap = board->of_cap;
    while (player >= cap)
        cap = cap ? 2 * cap : 64;
    if (cap == board->of_cap)
        return;
    board->of_player = must(realloc(board->of_player, cap * sizeof *board->of_player));
    memset(board->of_player + board->of_cap, 0, (cap - board->of_cap) * sizeof *board->of_player);
    board->of_cap = cap;
}

struct row *board_add(struct board *board, uint32_t player, uint32_t place)
{
    grow_rows(board, place);
    grow_players(board, player);
    if (place >= board->row_count)
        board->row_count = place + 1;
    board->of_player[player] = place + 1;
    struct row *row = board_row(board, place);
    row->player = player;
    if (board->strategy->start)
        memcpy(row->numbers, board->strategy->start, board->strategy->number_count * sizeof *row->numbers);
    return row;
}

void board_clear(struct board *board)
{
    board->row_count = board->changed_count = board->writing_count = 0;
    memset(board->rows, 0, board->row_cap * board->row_bytes);
    memset(board->of_player, 0, board->of_cap * sizeof *board->of_player);
}

void board_touch(struct board *board, struct row *row)
{
    if (row->changed)
        return;
    row->changed = true;
    if (board->changed_count == board->changed_cap) {
        board->changed_cap = board->changed_cap ? 2 * board->changed_cap : 64;
        board->changed = must(realloc(board->changed, board->changed_cap * sizeof *board->changed));
    }
    board->changed[board->changed_count++] = (uint32_t)(((char *)row - board->rows) / (ptrdiff_t)board->row_bytes);
}

/* Counting. ------------------------------------------------------------------------------------------------ */

/* A player's row on a global board, from its rows on the boards below. */
void boards_combine(struct boards *boards, struct board *global, uint32_t player)
{
    double metrics[ARENA_STRATEGY_METRICS_MAX];
    arena_standing *standings = must(calloc(global->source_count + 1, sizeof *standings));
    double *shown = must(calloc((global->source_count + 1) * sizeof metrics, 1));
    uint32_t count = 0;
    uint64_t games = 0;
    for (uint32_t i = 0; i < global->source_count; i++) {
        const struct board *source = global->sources[i];
        const struct row *row = board_find(source, player);
        if (!row)
            continue;
        double *at = shown + (size_t)count * ARENA_STRATEGY_METRICS_MAX;
        source->strategy->show(row->numbers, row->games, at);
        standings[count++] = (arena_standing){.games = row->games, .metrics = at};
        games += row->games;
    }
    if (count) {
        struct row *row = board_find(global, player);
        if (!row)
            row = board_add(global, player, global->row_count);
        global->strategy->combine(standings, count, row->numbers);
        row->games = games;
        board_touch(global, row);
    }
    (void)boards;
    free(standings);
    free(shown);
}

static void combine_above(struct boards *boards, const struct board *source, const struct scored_game *game)
{
    for (uint32_t b = 0; b < boards->count; b++)
        for (uint32_t i = 0; i < boards->list[b].source_count; i++)
            for (uint32_t seat = 0; boards->list[b].sources[i] == source && seat < game->seats; seat++)
                if (game->player[seat])
                    boards_combine(boards, &boards->list[b], game->player[seat] - 1);
}

static bool is_whole(const struct scored_game *game)
{
    for (uint32_t i = 0; i < game->seats; i++)
        if (!game->player[i])
            return false;
    return game->seats >= 2;
}

static void count_on(struct board *board, const struct scored_game *game)
{
    arena_played played[ARENA_SEATS_MAX] = {0};
    arena_attribution *attributions = must(calloc(game->blame_count + 1, sizeof *attributions));
    for (uint32_t i = 0; i < game->blame_count; i++)
        attributions[i] = (arena_attribution){game->blames[i].from, game->blames[i].to, text_of(game->blames[i].type)};
    for (uint32_t i = 0; i < game->seats; i++) /* first all, for rows move when there are more */
        if (game->player[i] && !board_find(board, game->player[i] - 1))
            board_add(board, game->player[i] - 1, board->row_count);
    for (uint32_t i = 0; i < game->seats; i++) {
        struct row *row = game->player[i] ? board_find(board, game->player[i] - 1) : NULL;
        played[i] = (arena_played){row ? row->numbers : NULL, game->scores[i]};
        if (row) {
            row->games++;
            board_touch(board, row);
        }
    }
    const arena_game whole = {
        .size = sizeof whole,
        .seats = game->seats,
        .played = played,
        .attribution_count = game->blame_count,
        .attributions = attributions,
    };
    board->strategy->game(&whole);
    free(attributions);
}

void boards_count(struct boards *boards, const struct scored_game *game, bool live)
{
    for (uint32_t i = 0; i < boards->count; i++) {
        struct board *board = &boards->list[i];
        if (board->source_count || board->live != live || (!live && board->position >= game->number) ||
            strcmp(board->type, game->type) != 0)
            continue;
        board->position = game->number;
        atomic_fetch_add(&boards->version, 1);
        if (board->strategy->flags & ARENA_WHOLE_GAMES && !is_whole(game))
            continue;
        count_on(board, game);
        combine_above(boards, board, game);
    }
}

/* Ends. ---------------------------------------------------------------------------------------------------- */

static bool is_self_play(const struct session *session)
{
    for (uint32_t i = 0; i < session->seats; i++)
        for (uint32_t k = 0; k < i; k++)
            if (session->seat[i].user && session->seat[k].user &&
                strcmp(session->seat[i].user, session->seat[k].user) == 0)
                return true;
    return false;
}

/* The type's name as long as the boards live, or NULL when no board is of this type. */
static const char *type_of(const struct boards *boards, const char *type)
{
    for (uint32_t i = 0; i < boards->count; i++)
        if (strcmp(boards->list[i].type, type) == 0)
            return boards->list[i].type;
    return NULL;
}

struct scored_game *boards_game_of(struct boards *boards, const struct session *session, uint64_t end_number)
{
    const char *type = type_of(boards, session->type);
    if (!type || session->abandoned || is_self_play(session))
        return NULL;
    struct scored_game *game = must(calloc(1, sizeof *game + session->blame_count * sizeof *game->blames));
    game->number = end_number;
    game->type = type;
    game->seats = session->seats;
    for (uint32_t i = 0; i < session->seats; i++) {
        const struct seat *seat = &session->seat[i];
        game->player[i] = seat->taken && seat->user ? 1 + boards_player(boards, text_of(seat->user)) : 0;
        game->scores[i] = session->scores[i];
    }
    game->blame_count = session->blame_count;
    if (session->blame_count)
        memcpy(game->blames, session->blames, session->blame_count * sizeof *game->blames);
    return game;
}

static void count_played(struct boards *boards, const char *type, uint64_t games)
{
    for (uint32_t i = 0; i < boards->played_count; i++)
        if (strcmp(boards->played[i].type, type) == 0) {
            boards->played[i].games += games;
            return;
        }
    boards->played = must(realloc(boards->played, (boards->played_count + 1) * sizeof *boards->played));
    boards->played[boards->played_count++] = (struct played){must(strdup(type)), games};
}

void boards_game(struct boards *boards, const struct session *session, uint64_t end_number)
{
    pthread_mutex_lock(&boards->lock);
    count_played(boards, session->type, 1);
    boards->newest = end_number;
    struct scored_game *game = boards_game_of(boards, session, end_number);
    if (game)
        boards_count(boards, game, true);
    if (game && boards->filling) {
        *boards->late_end = game;
        boards->late_end = &game->next;
        game = NULL;
    }
    free(game);
    pthread_mutex_unlock(&boards->lock);
}

uint64_t boards_behind(struct boards *boards)
{
    pthread_mutex_lock(&boards->lock);
    uint64_t behind = boards->filling ? boards->newest - boards->fill_at : 0;
    pthread_mutex_unlock(&boards->lock);
    return behind;
}

/* Opening and closing. ------------------------------------------------------------------------------------- */

static void add_board(struct boards *boards, const struct arena_board *from)
{
    struct board *board = &boards->list[boards->count++];
    *board = (struct board){
        .type = must(strdup(from->type)),
        .strategy = from->strategy,
        .row_bytes = sizeof(struct row) + from->strategy->number_count * sizeof(double),
    };
    grow_rows(board, 0);
    grow_players(board, 0);
}

static int by_type(const void *a, const void *b)
{
    return strcmp((*(struct board *const *)a)->type, (*(struct board *const *)b)->type);
}

static void find_sources(struct boards *boards, struct board *global)
{
    if (!global->strategy || !global->strategy->source)
        return;
    global->sources = must(calloc(boards->count + 1, sizeof *global->sources));
    for (uint32_t i = 0; i < boards->count; i++)
        if (!boards->list[i].strategy->source && strcmp(boards->list[i].strategy->name, global->strategy->source) == 0)
            global->sources[global->source_count++] = &boards->list[i];
    qsort(global->sources, global->source_count, sizeof(struct board *), by_type);
}

void boards_open(struct boards *boards, struct arena *arena, const struct arena_board *list, size_t count)
{
    enum { ENDED = STATUS_ENDED };
    struct pool pool;
    uint32_t none;
    *boards = (struct boards){.arena = arena, .late_end = &boards->late, .newest = arena->config.store->last_end};
    pthread_mutex_init(&boards->lock, NULL);
    pthread_mutex_init(&boards->answers_lock, NULL);
    boards->list = must(calloc(count + 1, sizeof *boards->list));
    boards->answers = must(calloc(count + 1, sizeof *boards->answers));
    for (size_t i = 0; i < count; i++)
        add_board(boards, &list[i]);
    for (uint32_t i = 0; i < boards->count; i++)
        find_sources(boards, &boards->list[i]);
    grow_index(boards);
    pool_init(&pool, 0);
    for (size_t i = 0; i < arena->challenge_count; i++)
        count_played(
            boards, arena->challenges[i].id,
            store_list(arena->config.store, text_of(arena->challenges[i].id), ENDED, 0, 0, &pool, NULL, &none));
    pool_finish(&pool);
    boards_load(boards);
    boards_fill(boards, OPEN_FILL_MS);
}

void boards_close(struct boards *boards)
{
    book_close(&boards->book);
    while (boards->late) {
        struct scored_game *next = boards->late->next;
        free(boards->late);
        boards->late = next;
    }
    for (uint32_t i = 0; i < boards->count; i++) {
        struct board *board = &boards->list[i];
        text_free(&boards->answers[i].body);
        free(board->type);
        free(board->rows);
        free(board->of_player);
        free(board->changed);
        free(board->sources);
    }
    for (uint32_t i = 0; i < boards->player_count; i++)
        free(boards->players[i]);
    for (uint32_t i = 0; i < boards->played_count; i++)
        free(boards->played[i].type);
    free(boards->played);
    free(boards->answers);
    free(boards->list);
    free(boards->players);
    free(boards->index);
    pthread_mutex_destroy(&boards->answers_lock);
    pthread_mutex_destroy(&boards->lock);
}
