/*
 * api_admin.c - for who has the administrators' token.  What changes something is first put on record, then done.
 */
#include "http/exchange.h"

enum { AUDIT_DEFAULT = 50, AUDIT_MAX = 1000 };

enum { ADMIN_BENCHMARK, ADMIN_NAME, ADMIN_MODEL };
const struct field admin_user_fields[] = {
    {"isBenchmark", JSON_BOOL, true, "whether the user is a benchmark, whose games against players are tests"},
    {"username", JSON_STRING, true, "a name for people; empty takes it away"},
    {"model", JSON_STRING, true, "what plays; empty takes it away"},
    {0},
};

static uint64_t count_of(struct exchange *ex, int status)
{
    struct pool pool;
    uint32_t none;

    pool_init(&pool, 0);
    uint64_t total = store_list(ex->site->store, (arena_text){"", 0}, status, 0, 0, &pool, NULL, &none);
    pool_finish(&pool);
    return total;
}

bool admin_status(struct exchange *ex)
{
    struct store_stats store = store_stats(ex->site->store);
    struct text *out = &ex->request.body;
    struct arena_stats arena;

    arena_stats(ex->site->arena, &arena);
    text_printf(out, "{\"status\":\"%s\",\"sessions\":{\"open\":%llu,\"active\":%llu,\"ended\":%llu},",
                metrics_healthy(ex->site) ? "ok" : "degraded", (unsigned long long)count_of(ex, 0),
                (unsigned long long)count_of(ex, 1), (unsigned long long)count_of(ex, 2));
    text_printf(out, "\"inMemory\":%llu,\"longPolls\":%llu,\"boardsBehind\":%llu,", (unsigned long long)arena.live,
                (unsigned long long)arena.waiting, (unsigned long long)arena.boards_behind);
    text_printf(out, "\"store\":{\"bytes\":%llu,\"commits\":%llu,\"failedCommits\":%llu,\"unsettled\":%llu}}",
                (unsigned long long)store.bytes, (unsigned long long)store.commits,
                (unsigned long long)store.failed_commits, (unsigned long long)store.unsettled);
    return exchange_ok(ex);
}

bool admin_audit(struct exchange *ex)
{
    int64_t limit = query_int(ex, "limit", AUDIT_DEFAULT), offset = query_int(ex, "offset", 0);

    limit = limit < 1 ? 1 : limit > AUDIT_MAX ? AUDIT_MAX : limit;
    return arena_audit_list(ex->site->arena, &ex->request, (uint32_t)limit, offset < 0 ? 0 : (uint64_t)offset);
}

bool admin_on_record(struct exchange *ex, arena_text action, arena_text details, bool (*act)(struct exchange *))
{
    ex->go_on = act;
    return arena_audit(ex->site->arena, &ex->request, action, ex->param, details);
}

static bool end_session(struct exchange *ex)
{
    ex->go_on = NULL;
    return ex->request.status != ANSWER_OK || arena_end_session(ex->site->arena, &ex->request, ex->param);
}

bool admin_end_session(struct exchange *ex)
{
    return admin_on_record(ex, ARENA_TEXT("end-session"), (arena_text){"", 0}, end_session);
}

static bool change_user(struct exchange *ex)
{
    const struct json_member *benchmark = ex->member[ADMIN_BENCHMARK];

    ex->go_on = NULL;
    if (ex->request.status != ANSWER_OK)
        return true;
    const struct user_update update = {
        .user = ex->param,
        .username = exchange_text(ex, ADMIN_NAME),
        .model = exchange_text(ex, ADMIN_MODEL),
        .has_username = ex->member[ADMIN_NAME] != NULL,
        .has_model = ex->member[ADMIN_MODEL] != NULL,
        .benchmark = benchmark ? text_equal(benchmark->value, ARENA_TEXT("true")) : -1,
    };
    return arena_user_update(ex->site->arena, &ex->request, &update);
}

bool admin_user(struct exchange *ex)
{
    struct text details = {0};

    text_put_char(&details, '{');
    for (int i = 0; admin_user_fields[i].name; i++) {
        const struct json_member *m = ex->member[i];
        if (!m)
            continue;
        text_puts(&details, details.len > 1 ? ",\"" : "\"");
        text_puts(&details, admin_user_fields[i].name);
        text_lit(&details, "\":");
        if (m->type == JSON_STRING)
            text_json_string(&details, m->value);
        else
            text_put_text(&details, m->value);
    }
    text_put_char(&details, '}');
    arena_text kept = pool_copy(&ex->pool, text_slice(&details));
    text_free(&details);
    return kept.ptr ? admin_on_record(ex, ARENA_TEXT("change-user"), kept, change_user)
                    : exchange_refuse(ex, 413, NULL, "The request is too large");
}
