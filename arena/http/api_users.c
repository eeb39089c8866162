/*
 * api_users.c - who plays, and how well: profiles, histories, boards, figures.
 */
#include "http/auth.h"

enum { USERS_MAX = 1000, HISTORY_DEFAULT = 50, HISTORY_MAX = 1000 };

enum { USER_ID, USER_NAME, USER_MODEL };
const struct field user_fields[] = {
    {"userId", JSON_STRING, true, "whose profile; without it, who asks"},
    {"username", JSON_STRING, true, "a name for people; empty takes it away"},
    {"model", JSON_STRING, true, "what plays; empty takes it away"},
    {"publicKey", JSON_STRING, true, "in auth mode: the user's Ed25519 key, SPKI DER in hex"},
    {"signature", JSON_STRING, true, "in auth mode: of arena:v1:user-update:{timestamp}, in hex; good once"},
    {"timestamp", JSON_REAL, true, "in auth mode: Unix time of the signature, in milliseconds"},
    {0},
};

/* Profiles. ------------------------------------------------------------------------------------------------ */

/* parseInt of a query, within bounds. */
static int64_t whole(struct exchange *ex, const char *name, int64_t fallback, int64_t min, int64_t max)
{
    int64_t n = query_int(ex, name, fallback);
    return n < min ? min : n > max ? max : n;
}

bool api_users(struct exchange *ex)
{
    return arena_users(ex->site->arena, &ex->request, (uint32_t)whole(ex, "limit", USERS_MAX, 1, USERS_MAX),
                       (uint64_t)whole(ex, "offset", 0, 0, INT64_MAX));
}

bool api_users_batch(struct exchange *ex)
{
    arena_text ids = {"", 0};

    query_get(ex, "ids", &ids);
    if (!ids.len)
        return exchange_invalid(ex, "ids query parameter is required");
    return arena_users_batch(ex->site->arena, &ex->request, ids);
}

bool api_user(struct exchange *ex)
{
    return arena_user(ex->site->arena, &ex->request, ex->param);
}

static void take_profile(struct exchange *ex, struct user_update *update)
{
    update->username = exchange_text(ex, USER_NAME);
    update->model = exchange_text(ex, USER_MODEL);
    update->has_username = ex->member[USER_NAME] != NULL;
    update->has_model = ex->member[USER_MODEL] != NULL;
}

/* In auth mode a signature says who it is.  What it covers is its time alone, so each is good once: whoever saw it
 * could set another name with it. */
static bool update_signed(struct exchange *ex)
{
    struct user_update update = {.benchmark = -1};
    struct text once = {0};
    struct proof proof;

    if (!auth_prove(ex, ARENA_TEXT("user-update"), &proof))
        return true;
    if (!auth_text(ex, "username", &update.username) || !auth_text(ex, "model", &update.model))
        return true;
    update.has_username = update.username.ptr && json_get(&ex->json, "username");
    update.has_model = update.model.ptr && json_get(&ex->json, "model");
    text_puts(&once, proof.user);
    text_printf(&once, ":%lld", (long long)proof.timestamp);
    update.user = pool_copy(&ex->pool, text_of(proof.user));
    update.once = pool_copy(&ex->pool, text_slice(&once));
    update.once_until_ms = proof.timestamp + AUTH_WINDOW_MS;
    text_free(&once);
    if (!update.user.ptr || !update.once.ptr)
        return exchange_refuse(ex, 413, NULL, "The request is too large");
    return arena_user_update(ex->site->arena, &ex->request, &update);
}

bool api_user_update(struct exchange *ex)
{
    struct user_update update = {.benchmark = -1};

    if (ex->site->auth)
        return update_signed(ex);
    update.user = exchange_text(ex, USER_ID);
    if (!update.user.len && !exchange_identity(ex, &update.user))
        return true;
    if (exchange_is_reserved(update.user))
        return exchange_reserved(ex);
    take_profile(ex, &update);
    return arena_user_update(ex->site->arena, &ex->request, &update);
}

bool api_user_sessions(struct exchange *ex)
{
    return arena_user_sessions(ex->site->arena, &ex->request, ex->param,
                               (uint32_t)whole(ex, "limit", HISTORY_DEFAULT, 1, HISTORY_MAX),
                               (uint64_t)whole(ex, "offset", 0, 0, INT64_MAX));
}

/* Boards. -------------------------------------------------------------------------------------------------- */

static struct board_query board_query(struct exchange *ex)
{
    struct board_query query = {0};

    query_get(ex, "strategy", &query.strategy);
    query_get(ex, "sort", &query.sort);
    query.limit = (uint32_t)whole(ex, "limit", 0, 0, UINT32_MAX);
    query.offset = (uint64_t)whole(ex, "offset", 0, 0, INT64_MAX);
    return query;
}

bool api_scoring(struct exchange *ex)
{
    struct board_query query = board_query(ex);
    return arena_scoring(ex->site->arena, &ex->request, &query);
}

bool api_scoring_of(struct exchange *ex)
{
    struct board_query query = board_query(ex);
    return arena_scoring_of(ex->site->arena, &ex->request, ex->param, &query);
}

bool api_user_scores(struct exchange *ex)
{
    return arena_user_scores(ex->site->arena, &ex->request, ex->param);
}

bool api_stats(struct exchange *ex)
{
    return arena_games(ex->site->arena, &ex->request);
}
