/* boards_view.c - boards as JSON.  Rows are copied under the lock and written without it. */
#include <math.h>
#include <stdlib.h>

#include "core/boards.h"
#include "core/must.h"
#include "core/session.h"

struct shown {
    const char *player;
    uint32_t place;
    uint64_t games;
    double metrics[ARENA_STRATEGY_METRICS_MAX];
    uint32_t sort, metric_count; /* for comparing */
};

static void show(const struct boards *boards, const struct board *board, uint32_t place, struct shown *out)
{
    const struct row *row = board_row(board, place);
    const arena_strategy *strategy = board->strategy;
    *out = (struct shown){.player = boards->players[row->player], .place = place, .games = row->games};
    strategy->show(row->numbers, row->games, out->metrics);
    for (uint32_t i = 0; i < strategy->metric_count; i++)
        if (!isfinite(out->metrics[i]))
            out->metrics[i] = 0;
}

static int compare(const void *a, const void *b)
{
    const struct shown *x = a, *y = b;
    for (uint32_t i = x->sort; i < x->metric_count; i++)
        if (x->metrics[i] != y->metrics[i])
            return x->metrics[i] < y->metrics[i] ? 1 : -1;
    return (x->place > y->place) - (x->place < y->place);
}

/* The number of a metric, or metric_count when there is none of that name. */
static uint32_t metric_of(const arena_strategy *strategy, arena_text name)
{
    uint32_t i = 0;
    while (i < strategy->metric_count && !text_equal(name, text_of(strategy->metrics[i])))
        i++;
    return i;
}

/* All rows of a board; to be freed. */
static struct shown *show_all(struct boards *boards, const struct board *board, const struct board_query *query,
                              uint32_t *count)
{
    const arena_strategy *strategy = board->strategy;
    uint32_t sort = query->sort.len ? metric_of(strategy, query->sort) : strategy->metric_count;
    pthread_mutex_lock(&boards->lock);
    struct shown *rows = must(calloc(board->row_count + 1, sizeof *rows));
    *count = board->row_count;
    for (uint32_t i = 0; i < board->row_count; i++) {
        show(boards, board, i, &rows[i]);
        rows[i].sort = sort;
        rows[i].metric_count = strategy->metric_count;
    }
    pthread_mutex_unlock(&boards->lock);
    if (sort < strategy->metric_count)
        qsort(rows, *count, sizeof *rows, compare);
    return rows;
}

static void put_entry(struct arena *arena, const arena_strategy *strategy, const struct shown *row, struct text *out)
{
    text_lit(out, "{\"playerId\":");
    text_json_string(out, text_of(row->player));
    text_lit(out, ",\"gamesPlayed\":");
    text_int(out, (int64_t)row->games);
    text_lit(out, ",\"metrics\":{");
    for (uint32_t i = 0; i < strategy->metric_count; i++) {
        text_puts(out, i ? ",\"" : "\"");
        text_puts(out, strategy->name);
        text_put_char(out, ':');
        text_puts(out, strategy->metrics[i]);
        text_lit(out, "\":");
        text_number(out, row->metrics[i]);
    }
    text_put_char(out, '}');
    users_put_profile(&arena->users, text_of(row->player), out);
    text_put_char(out, '}');
}

static void put_board(struct arena *arena, const struct board *board, const struct board_query *query, struct text *out,
                      uint32_t *written)
{
    uint32_t count;
    struct shown *rows = show_all(&arena->boards, board, query, &count);
    for (uint64_t i = query->offset; i < count && (!query->limit || i - query->offset < query->limit); i++) {
        if ((*written)++)
            text_put_char(out, ',');
        put_entry(arena, board->strategy, &rows[i], out);
    }
    free(rows);
}

/* The board under this name, when a query may name one. */
static bool is_wanted(const struct board *board, const struct board_query *query)
{
    return !query->strategy.len || text_equal(query->strategy, text_of(board->strategy->name));
}

/* A query that names what no board of this type has is a mistake of who asks. */
static bool is_refused(struct arena *arena, struct request *request, arena_text type, const struct board_query *query)
{
    bool has_strategy = !query->strategy.len, has_metric = !query->sort.len;
    for (uint32_t i = 0; i < arena->boards.count; i++) {
        const struct board *board = &arena->boards.list[i];
        if (!text_equal(type, text_of(board->type)) || !is_wanted(board, query))
            continue;
        has_strategy = true;
        has_metric |= metric_of(board->strategy, query->sort) < board->strategy->metric_count;
    }
    if (has_strategy && has_metric)
        return false;
    return request_failf(request, ANSWER_INVALID, has_strategy ? "UNKNOWN_METRIC" : "UNKNOWN_STRATEGY",
                         "There is no such %s here: ask without it to see what there is",
                         has_strategy ? "metric" : "strategy");
}

/* Answers kept. -------------------------------------------------------------------------------------------- */

static bool is_whole(const struct board_query *query)
{
    return !query->strategy.len && !query->sort.len && !query->limit && !query->offset;
}

/* The place of a type's answer: that of its first board. */
static struct boards_answer *answer_of(struct boards *boards, arena_text type)
{
    for (uint32_t i = 0; i < boards->count; i++)
        if (text_equal(type, text_of(boards->list[i].type)))
            return &boards->answers[i];
    return NULL;
}

static bool recall(struct arena *arena, arena_text type, const struct board_query *query, struct text *out)
{
    struct boards *boards = &arena->boards;
    struct boards_answer *answer = is_whole(query) ? answer_of(boards, type) : NULL;
    bool found = false;
    if (!answer)
        return false;
    pthread_mutex_lock(&boards->answers_lock);
    found = answer->type && answer->boards == atomic_load(&boards->version) &&
            answer->users == atomic_load(&arena->users.version);
    if (found) {
        text_clear(out);
        text_put_text(out, text_slice(&answer->body));
    }
    pthread_mutex_unlock(&boards->answers_lock);
    return found;
}

/* The versions are those from before the answer was written: what changed meanwhile makes it old at once. */
static void keep(struct arena *arena, arena_text type, const struct board_query *query, const uint64_t versions[2],
                 const struct text *body)
{
    struct boards *boards = &arena->boards;
    struct boards_answer *answer = is_whole(query) ? answer_of(boards, type) : NULL;
    if (!answer)
        return;
    pthread_mutex_lock(&boards->answers_lock);
    text_clear(&answer->body);
    text_put_text(&answer->body, text_slice(body));
    answer->type = boards->list[answer - boards->answers].type;
    answer->boards = versions[0];
    answer->users = versions[1];
    pthread_mutex_unlock(&boards->answers_lock);
}

bool arena_scoring(struct arena *arena, struct request *request, const struct board_query *query)
{
    const uint64_t versions[2] = {atomic_load(&arena->boards.version), atomic_load(&arena->users.version)};
    const arena_text global = {"", 0};
    struct text *out = &request->body;
    uint32_t written = 0;
    if (is_refused(arena, request, global, query))
        return true;
    request->status = ANSWER_OK;
    if (recall(arena, global, query, out))
        return true;
    text_clear(out);
    text_put_char(out, '[');
    for (uint32_t i = 0; i < arena->boards.count; i++)
        if (arena->boards.list[i].strategy->source && is_wanted(&arena->boards.list[i], query))
            put_board(arena, &arena->boards.list[i], query, out, &written);
    text_put_char(out, ']');
    keep(arena, global, query, versions, out);
    return true;
}

bool arena_scoring_of(struct arena *arena, struct request *request, arena_text type, const struct board_query *query)
{
    const uint64_t versions[2] = {atomic_load(&arena->boards.version), atomic_load(&arena->users.version)};
    struct text *out = &request->body;
    if (!type.len || !challenge_find(arena, type))
        return request_fail(request, ANSWER_UNKNOWN, NULL, "Unknown challenge type");
    if (is_refused(arena, request, type, query))
        return true;
    request->status = ANSWER_OK;
    if (recall(arena, type, query, out))
        return true;
    text_clear(out);
    text_put_char(out, '{');
    for (uint32_t i = 0, n = 0; i < arena->boards.count; i++) {
        const struct board *board = &arena->boards.list[i];
        if (!text_equal(type, text_of(board->type)) || !is_wanted(board, query))
            continue;
        size_t before = out->len;
        uint32_t written = 0;
        text_puts(out, n ? ",\"" : "\"");
        text_puts(out, board->strategy->name);
        text_lit(out, "\":[");
        put_board(arena, board, query, out, &written);
        text_put_char(out, ']');
        if (written)
            n++;
        else
            out->len = before;
    }
    text_put_char(out, '}');
    keep(arena, type, query, versions, out);
    return true;
}

/* A player on one board.  False: it is not there. */
static bool show_player(struct boards *boards, const struct board *board, arena_text id, struct shown *out)
{
    uint32_t player;
    pthread_mutex_lock(&boards->lock);
    const struct row *row = boards_find_player(boards, id, &player) ? board_find(board, player) : NULL;
    if (row)
        show(boards, board, board->of_player[player] - 1, out);
    pthread_mutex_unlock(&boards->lock);
    return row != NULL;
}

static void put_global_scores(struct arena *arena, arena_text id, struct text *out)
{
    struct shown row;
    text_lit(out, "{\"global\":");
    bool found = false;
    for (uint32_t i = 0; i < arena->boards.count && !found; i++) {
        const struct board *board = &arena->boards.list[i];
        found = board->strategy->source && show_player(&arena->boards, board, id, &row);
        if (found)
            put_entry(arena, board->strategy, &row, out);
    }
    if (!found)
        text_lit(out, "null");
}

/* The strategies of the type that board i is the first of. */
static void put_type_scores(struct arena *arena, uint32_t first, arena_text id, struct text *out, uint32_t *types)
{
    const char *type = arena->boards.list[first].type;
    uint32_t strategies = 0;
    for (uint32_t i = first; i < arena->boards.count; i++) {
        const struct board *board = &arena->boards.list[i];
        struct shown row;
        if (strcmp(board->type, type) != 0 || !show_player(&arena->boards, board, id, &row))
            continue;
        if (!strategies++) {
            text_puts(out, (*types)++ ? ",\"" : "\"");
            text_puts(out, type);
            text_lit(out, "\":{\"");
        } else {
            text_lit(out, ",\"");
        }
        text_puts(out, board->strategy->name);
        text_lit(out, "\":");
        put_entry(arena, board->strategy, &row, out);
    }
    if (strategies)
        text_put_char(out, '}');
}

bool arena_user_scores(struct arena *arena, struct request *request, arena_text id)
{
    struct text *out = &request->body;
    uint32_t types = 0;
    request->status = ANSWER_OK;
    text_clear(out);
    put_global_scores(arena, id, out);
    text_lit(out, ",\"challenges\":{");
    for (uint32_t i = 0; i < arena->boards.count; i++) {
        bool first = !arena->boards.list[i].strategy->source;
        for (uint32_t k = 0; k < i && first; k++)
            first = strcmp(arena->boards.list[k].type, arena->boards.list[i].type) != 0;
        if (first)
            put_type_scores(arena, i, id, out, &types);
    }
    text_lit(out, "}}");
    return true;
}

bool arena_games(struct arena *arena, struct request *request)
{
    struct boards *boards = &arena->boards;
    struct text *out = &request->body;
    uint64_t games = 0;
    uint32_t participants = 0;
    request->status = ANSWER_OK;
    text_clear(out);
    text_lit(out, "{\"challenges\":{");
    pthread_mutex_lock(&boards->lock);
    for (uint32_t i = 0; i < boards->played_count; i++) {
        text_puts(out, i ? ",\"" : "\"");
        text_puts(out, boards->played[i].type);
        text_lit(out, "\":{\"gamesPlayed\":");
        text_int(out, (int64_t)boards->played[i].games);
        text_put_char(out, '}');
        games += boards->played[i].games;
    }
    for (uint32_t i = 0; i < boards->count; i++)
        if (boards->list[i].strategy->source && boards->list[i].row_count > participants)
            participants = boards->list[i].row_count;
    pthread_mutex_unlock(&boards->lock);
    text_printf(out, "},\"global\":{\"participants\":%u,\"gamesPlayed\":%llu}}", participants,
                (unsigned long long)games);
    return true;
}
