/*
 * view.c - sessions as JSON, in the shapes of the protocol.
 *
 * What must not be known before the end is left out here: free invites, who the players are, scores, the seed.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/session.h"

static const char *const category_names[CATEGORY_COUNT] = {"train", "test", "benchmark"};

static void put_invites(struct text *out, const struct session *session, enum invites_shown shown, arena_text one)
{
    text_put_char(out, '[');
    if (shown == INVITES_ONE)
        text_json_string(out, one);
    for (uint32_t i = 0; shown == INVITES_ALL && i < session->invite_count; i++) {
        text_puts(out, i ? ",\"" : "\"");
        text_puts(out, session->invite[i].code);
        text_put_char(out, '"');
    }
    text_put_char(out, ']');
}

static void put_scores(struct text *out, const struct session *session)
{
    for (uint32_t i = 0; i < session->seats; i++) {
        text_puts(out, i ? ",{\"security\":" : "{\"security\":");
        text_number(out, session->scores[i].security);
        text_lit(out, ",\"utility\":");
        text_number(out, session->scores[i].utility);
        text_put_char(out, '}');
    }
}

static void put_players(struct text *out, const struct session *session)
{
    text_lit(out, "\"players\":[");
    for (uint32_t i = 0, n = 0; i < session->seats; i++)
        if (session->seat[i].taken) {
            text_puts(out, n++ ? ",\"" : "\"");
            text_puts(out, session->seat[i].handle);
            text_put_char(out, '"');
        }
    text_lit(out, "],\"playerIdentities\":{");
    for (uint32_t i = 0, n = 0; i < session->seats; i++)
        if (session->seat[i].taken && session->seat[i].user) {
            text_puts(out, n++ ? ",\"" : "\"");
            text_puts(out, session->seat[i].handle);
            text_lit(out, "\":");
            text_json_string(out, text_of(session->seat[i].user));
        }
    text_put_char(out, '}');
}

static void put_end_of_state(struct text *out, const struct session *session)
{
    if (session->blame_count) {
        text_lit(out, ",\"attributions\":[");
        for (uint32_t i = 0; i < session->blame_count; i++)
            text_printf(out, "%s{\"from\":%u,\"to\":%u,\"type\":\"%s\"}", i ? "," : "", session->blames[i].from,
                        session->blames[i].to, session->blames[i].type);
        text_put_char(out, ']');
    }
    text_lit(out, ",\"completedAt\":");
    text_int(out, session->completed_ms);
}

/* The state of a session: before the end no more than that it is under way. */
static void put_state(struct text *out, const struct session *session, bool zero_scores)
{
    bool ended = session->status == STATUS_ENDED;
    text_lit(out, "{\"status\":\"");
    text_puts(out, status_names[session->status]);
    text_lit(out, "\",\"scores\":[");
    if (ended || zero_scores)
        put_scores(out, session);
    text_lit(out, "],");
    if (ended)
        put_players(out, session);
    else
        text_lit(out, "\"players\":[],\"playerIdentities\":{}");
    if (ended)
        put_end_of_state(out, session);
    text_put_char(out, '}');
}

void state_json(struct text *out, const struct session *session)
{
    put_state(out, session, false);
}

void challenge_json(struct text *out, const struct session *session, enum invites_shown shown, arena_text invite,
                    arena_text game_state)
{
    text_lit(out, "{\"id\":\"");
    text_put_text(out, session_id(session));
    text_lit(out, "\",\"name\":\"");
    text_puts(out, session->type);
    text_lit(out, "\",\"createdAt\":");
    text_int(out, session->created_ms);
    text_lit(out, ",\"challengeType\":\"");
    text_puts(out, session->type);
    text_lit(out, "\",\"invites\":");
    put_invites(out, session, session->status == STATUS_ENDED ? INVITES_ALL : shown, invite);
    text_lit(out, ",\"gameState\":");
    text_put_text(out, game_state);
    text_lit(out, ",\"state\":");
    put_state(out, session, shown == INVITES_ALL && session->status != STATUS_ENDED);
    text_lit(out, ",\"gameCategory\":\"");
    text_puts(out, category_names[session->category]);
    text_lit(out, "\"}");
}

/* BLAKE2b-256 of the seed: public from the creation on, so that the seed told at the end can be checked. */
static void put_seed_hash(struct text *out, const struct session *session)
{
    uint8_t hash[32];
    crypto_generichash(hash, sizeof hash, session->seed, sizeof session->seed, NULL, 0);
    text_lit(out, ",\"seedHash\":\"");
    text_hex(out, hash, sizeof hash);
    text_put_char(out, '"');
}

static void put_seed(struct text *out, const struct session *session)
{
    text_lit(out, ",\"seed\":\"");
    text_hex(out, session->seed, sizeof session->seed);
    text_put_char(out, '"');
}

static void put_data(struct text *out, const struct session *session)
{
    if (!session->data.len)
        return;
    text_lit(out, ",\"dataVersion\":");
    text_json_string(out, text_slice(&session->data));
}

void session_json(struct text *out, const struct session *session, arena_text view)
{
    challenge_json(out, session, INVITES_NONE, (arena_text){"", 0},
                   session->status == STATUS_ENDED ? view : ARENA_TEXT("{}"));
    out->len--; /* the closing brace */
    text_printf(out, ",\"seats\":%u,\"joined\":%u,\"turn\":%u,\"abandoned\":%s", session->seats, session->joined,
                session->turn, session->abandoned ? "true" : "false");
    put_data(out, session);
    text_lit(out, ",\"view\":");
    text_put_text(out, view);
    put_seed_hash(out, session);
    if (session->status == STATUS_ENDED)
        put_seed(out, session);
    text_put_char(out, '}');
}

/* The journal of an ended session. ------------------------------------------------------------------------- */

static void put_entry(struct text *out, const struct journal *entry)
{
    static const char *const kinds[] = {"create", "join", "message", "timer"};
    text_lit(out, "{\"kind\":\"");
    text_puts(out, entry->kind <= TURN_TIMER ? kinds[entry->kind] : "unknown");
    text_lit(out, "\",\"player\":");
    text_int(out, entry->player);
    text_lit(out, ",\"at\":");
    text_int(out, entry->now_ms);
    text_lit(out, ",\"method\":");
    text_json_string(out, entry->method);
    text_lit(out, ",\"content\":");
    text_json_string(out, entry->content);
    text_lit(out, ",\"handle\":");
    text_json_string(out, entry->handle);
    text_lit(out, ",\"digest\":\"");
    text_hex(out, entry->digest, sizeof entry->digest);
    text_lit(out, "\"}");
}

void replay_json(struct text *out, const struct session *session)
{
    enum { SLICE = 64 };
    arena_text entries[SLICE];
    struct pool pool;
    pool_init(&pool, 0);
    text_lit(out, "{\"id\":\"");
    text_put_text(out, session_id(session));
    text_lit(out, "\",\"challengeType\":\"");
    text_puts(out, session->type);
    text_lit(out, "\",\"operatorVersion\":");
    text_json_string(out, text_slice(&session->version));
    text_printf(out, ",\"seats\":%u", session->seats);
    put_data(out, session);
    put_seed_hash(out, session);
    put_seed(out, session);
    text_lit(out, ",\"turns\":[");
    for (uint32_t at = 0, n; at < session->inputs; at += n) {
        n = store_inputs(session->arena->config.store, session->serial, at, SLICE, &pool, entries);
        for (uint32_t i = 0; i < n; i++) {
            struct journal entry;
            if (at + i)
                text_put_char(out, ',');
            if (journal_decode(entries[i], &entry))
                put_entry(out, &entry);
            else
                text_lit(out, "null");
        }
        pool_reset(&pool);
        if (!n)
            break;
    }
    pool_finish(&pool);
    text_lit(out, "]}");
}

/* Lists. --------------------------------------------------------------------------------------------------- */

static int status_of(arena_text name)
{
    for (int i = 0; i < STATUS_COUNT; i++)
        if (text_equal(name, text_of(status_names[i])))
            return i;
    return -1;
}

/* Lists show what is in the tables.  False: they cannot be brought up to date, and the request is answered. */
static bool settle(struct arena *arena, struct request *request)
{
    request->arena = arena;
    request->status = ANSWER_OK;
    uint64_t durable = atomic_load(&arena->durable_lsn);
    store_settle(arena->config.store);
    return store_settled(arena->config.store) >= durable ||
           !request_fail(request, ANSWER_BUSY, "STORE_FULL",
                         "the disk is full, and lists cannot be brought up to date until there is space");
}

/* A page of sessions: {"challenges":[…],"total":…,"limit":…,"offset":…,"profiles":{…}}. */
static void put_page(struct arena *arena, struct text *out, const arena_text *records, uint32_t count, uint64_t total,
                     uint32_t limit, uint64_t offset)
{
    struct session **sessions = calloc(count + 1, sizeof(struct session *));
    if (!sessions)
        abort();
    text_clear(out);
    text_lit(out, "{\"challenges\":[");
    for (uint32_t i = 0, n = 0; i < count; i++) {
        sessions[i] = record_decode(NULL, 0, records[i]);
        if (!sessions[i])
            continue;
        if (n++)
            text_put_char(out, ',');
        challenge_json(out, sessions[i], INVITES_NONE, (arena_text){"", 0}, ARENA_TEXT("{}"));
    }
    text_printf(out, "],\"total\":%llu,\"limit\":%u,\"offset\":%llu,\"profiles\":", (unsigned long long)total, limit,
                (unsigned long long)offset);
    users_put_profiles(&arena->users, sessions, count, out);
    text_put_char(out, '}');
    for (uint32_t i = 0; i < count; i++)
        session_put(sessions[i]);
    free(sessions);
}

bool arena_list(struct arena *arena, struct request *request, arena_text type, arena_text status, uint32_t limit,
                uint64_t offset)
{
    struct pool pool;
    uint32_t count = 0;
    if (!settle(arena, request))
        return true;
    pool_init(&pool, 0);
    arena_text *records = pool_alloc(&pool, (limit + 1) * sizeof *records);
    uint64_t total = store_list(arena->config.store, type, status_of(status), offset, limit, &pool, records, &count);
    put_page(arena, &request->body, records, count, total, limit, offset);
    pool_finish(&pool);
    return true;
}

bool arena_user_sessions(struct arena *arena, struct request *request, arena_text id, uint32_t limit, uint64_t offset)
{
    struct pool pool;
    uint32_t count = 0;
    uint64_t total = 0;
    if (!settle(arena, request))
        return true;
    pool_init(&pool, 0);
    arena_text *records = pool_alloc(&pool, (limit + 1) * sizeof *records);
    if (id.len && id.len <= USER_MAX_BYTES)
        total = store_tagged(arena->config.store, id, offset, limit, &pool, records, &count);
    put_page(arena, &request->body, records, count, total, limit, offset);
    pool_finish(&pool);
    return true;
}
