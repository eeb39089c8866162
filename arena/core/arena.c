/* arena.c - opening and closing an arena, and what its requests have in common. */
#include "core/arena.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/session.h"

enum { OPEN_AGE_MS = 10 * 60 * 1000, CONTENT_MAX = 64 * 1024, LIVE_MAX = 1000 };
enum { SESSIONS_MAX = 128 * 1024, COMMITS_MAX = 16 * 1024, QUEUE_MAX = 256, WAITS_MAX = 1000000 };

/* Requests. ------------------------------------------------------------------------------------------------ */

void request_init(struct request *request, void (*done)(struct request *), void *owner)
{
    *request = (struct request){.done = done, .owner = owner};
    pool_init(&request->turn.pool, 0);
}

void request_reset(struct request *request)
{
    text_clear(&request->body);
    pool_reset(&request->turn.pool);
    request->tag[0] = '\0';
    request->has_key = false;
    request->session = NULL;
    request->next = NULL;
}

void request_finish(struct request *request)
{
    text_free(&request->body);
    pool_finish(&request->turn.pool);
}

void request_key(struct request *request, arena_text scope, arena_text key, arena_text fingerprint)
{
    crypto_generichash_state state;
    const unsigned char zero = 0;
    crypto_generichash_init(&state, NULL, 0, STORE_ANSWER_KEY);
    crypto_generichash_update(&state, (const unsigned char *)scope.ptr, scope.len);
    crypto_generichash_update(&state, &zero, 1);
    crypto_generichash_update(&state, (const unsigned char *)key.ptr, key.len);
    crypto_generichash_final(&state, request->key, STORE_ANSWER_KEY);
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)fingerprint.ptr, fingerprint.len, NULL, 0);
    memcpy(&request->fingerprint, hash, sizeof request->fingerprint);
    request->has_key = true;
}

bool request_fail(struct request *request, enum answer status, const char *code, const char *error)
{
    struct text *out = &request->body;
    request->status = status;
    text_clear(out);
    text_lit(out, "{\"error\":");
    text_json_string(out, text_of(error));
    if (code && *code) {
        text_lit(out, ",\"code\":");
        text_json_string(out, text_of(code));
    }
    text_put_char(out, '}');
    return true;
}

bool request_failf(struct request *request, enum answer status, const char *code, const char *format, ...)
{
    char error[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(error, sizeof error, format, args);
    va_end(args);
    for (size_t cut = strlen(error); cut && !text_is_utf8((arena_text){error, cut});)
        error[--cut] = '\0'; /* a sequence that the buffer's end cut through */
    return request_fail(request, status, code, error);
}

/* Too much at once. ---------------------------------------------------------------------------------------- */

bool shed(struct arena *arena, struct request *request, enum shed what)
{
    static const struct {
        const char *code, *error;
    } words[SHEDS] = {
        [SHED_SESSION] = {"SESSION_BUSY", "too many requests wait for this session: try again"},
        [SHED_COMMITS] = {"STORE_BUSY", "too many changes are on their way to the disk: try again"},
        [SHED_SESSIONS] = {"TOO_MANY_SESSIONS", "too many sessions are in use: try again later"},
        [SHED_WAITS] = {"TOO_MANY_WAITS", "too many requests wait for messages: try again, or ask without wait"},
        [SHED_OPERATOR] = {"OPERATOR_BUSY", "the operator cannot take this turn now: try again later"},
    };
    atomic_fetch_add(&arena->count.shed[what], 1);
    return request_fail(request, ANSWER_BUSY, words[what].code, words[what].error);
}

bool commits_full(struct arena *arena, struct request *request)
{
    return atomic_load(&arena->count.commits) >= arena->config.commits_max && shed(arena, request, SHED_COMMITS);
}

/* Opening. ------------------------------------------------------------------------------------------------- */

static void read_methods(struct challenge *challenge)
{
    json_t *metadata = json_loadb(challenge->info.metadata.ptr, challenge->info.metadata.len, 0, NULL);
    json_t *methods = json_object_get(metadata, "methods"), *method;
    size_t i;
    challenge->methods = calloc(json_array_size(methods) + 1, sizeof *challenge->methods);
    if (!challenge->methods)
        abort();
    json_array_foreach(methods, i, method) {
        const char *name = json_string_value(json_object_get(method, "name"));
        if (name)
            challenge->methods[challenge->method_count++] = strdup(name);
    }
    json_decref(metadata);
}

static void add_challenge(struct arena *arena, const struct host_operator *op)
{
    struct challenge *challenge = &arena->challenges[arena->challenge_count++];
    challenge->op = op;
    challenge->info = host_info(op);
    challenge->id = strdup(challenge->info.id);
    for (size_t i = 0; i < arena->config.challenge_count; i++)
        if (strcmp(arena->config.challenges[i].id, challenge->id) == 0 && arena->config.challenges[i].options)
            challenge->options = strdup(arena->config.challenges[i].options);
    read_methods(challenge);
}

static void wake_later(void *ctx, uint64_t serial, int64_t at_ms)
{
    alarm_session(ctx, serial, at_ms);
}

static void set_defaults(struct arena_config *config)
{
    config->open_age_ms = config->open_age_ms ? config->open_age_ms : OPEN_AGE_MS;
    config->content_max = config->content_max ? config->content_max : CONTENT_MAX;
    config->live_max = config->live_max ? config->live_max : LIVE_MAX;
    config->sessions_max = config->sessions_max ? config->sessions_max : SESSIONS_MAX;
    config->commits_max = config->commits_max ? config->commits_max : COMMITS_MAX;
    config->queue_max = config->queue_max ? config->queue_max : QUEUE_MAX;
    config->waits_max = config->waits_max ? config->waits_max : WAITS_MAX;
}

struct arena *arena_open(const struct arena_config *config)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena || sodium_init() < 0)
        abort();
    arena->config = *config;
    set_defaults(&arena->config);
    pthread_mutex_init(&arena->map.lock, NULL);
    pthread_mutex_init(&arena->loading, NULL);
    pthread_mutex_init(&arena->clock.lock, NULL);
    pthread_mutex_init(&arena->spare_lock, NULL);
    pthread_mutex_init(&arena->create_lock, NULL);
    pthread_mutex_init(&arena->end_lock, NULL);
    arena->last_end = config->store->last_end;
    atomic_init(&arena->last_serial, config->store->last_session);
    size_t count = 0;
    while (host_at(config->host, count))
        count++;
    arena->challenges = calloc(count + 1, sizeof *arena->challenges);
    if (!arena->challenges)
        abort();
    for (size_t i = 0; i < count; i++)
        add_challenge(arena, host_at(config->host, i));
    users_open(&arena->users, arena);
    audit_open(&arena->audit, arena);
    data_open(&arena->data, arena);
    boards_open(&arena->boards, arena, config->boards, config->board_count);
    arena->config.boards = NULL;
    store_wakes(config->store, wake_later, arena);
    return arena;
}

/* Closing. ------------------------------------------------------------------------------------------------- */

void arena_drain(struct arena *arena)
{
    atomic_store(&arena->draining, true);
    drain_waits(arena);
    boards_tick(&arena->boards, now_ms(arena), true);
}

static void free_changes(struct change *change)
{
    while (change) {
        struct change *next = change->next_free;
        pool_finish(&change->pool);
        text_free(&change->record);
        text_free(&change->input);
        text_free(&change->answer);
        text_free(&change->said);
        free(change->messages);
        free(change);
        change = next;
    }
}

static void free_map(struct map *map)
{
    for (size_t i = 0; i < map->buckets; i++)
        while (map->serials[i]) {
            struct session *session = map->serials[i];
            map->serials[i] = session->by_serial;
            session_put(session);
        }
    free(map->names);
    free(map->serials);
    pthread_mutex_destroy(&map->lock);
}

static void free_challenges(struct arena *arena)
{
    for (size_t i = 0; i < arena->challenge_count; i++) {
        struct challenge *challenge = &arena->challenges[i];
        for (size_t m = 0; m < challenge->method_count; m++)
            free(challenge->methods[m]);
        free(challenge->methods);
        free(challenge->options);
        free(challenge->id);
    }
    free(arena->challenges);
}

void arena_close(struct arena *arena)
{
    if (!arena)
        return;
    for (int i = 0; i < CREATE_BUCKETS; i++)
        while (arena->creates[i]) {
            struct created *entry = arena->creates[i];
            arena->creates[i] = entry->next;
            session_put(entry->session);
            free(entry);
        }
    for (size_t i = 0; i < arena->clock.count; i++)
        session_put(arena->clock.heap[i].session);
    free_map(&arena->map);
    free_changes(arena->spare);
    free_challenges(arena);
    free(arena->clock.heap);
    free(arena->clock.wakes);
    pthread_mutex_destroy(&arena->loading);
    pthread_mutex_destroy(&arena->clock.lock);
    pthread_mutex_destroy(&arena->spare_lock);
    pthread_mutex_destroy(&arena->create_lock);
    pthread_mutex_destroy(&arena->end_lock);
    users_close(&arena->users);
    audit_close(&arena->audit);
    data_close(&arena->data);
    boards_close(&arena->boards);
    free(arena);
}

/* What needs no session. ----------------------------------------------------------------------------------- */

/* What the operator says of itself, and which rule data new games get. */
static void put_metadata(struct arena *arena, const struct challenge *challenge, struct text *out)
{
    const char *version = data_choose(&arena->data, challenge->id, (arena_text){NULL, 0});
    arena_text metadata = challenge->info.metadata;
    text_put_text(out, metadata);
    if (!version)
        return;
    while (out->ptr[--out->len] != '}') /* white space behind the object */
        ;
    text_lit(out, ",\"dataVersion\":");
    text_json_string(out, text_of(version));
    text_put_char(out, '}');
}

bool arena_metadata(struct arena *arena, struct request *request)
{
    struct text *out = &request->body;
    request->status = ANSWER_OK;
    text_clear(out);
    text_put_char(out, '{');
    for (size_t i = 0; i < arena->challenge_count; i++) {
        text_puts(out, i ? ",\"" : "\"");
        text_puts(out, arena->challenges[i].id);
        text_lit(out, "\":");
        put_metadata(arena, &arena->challenges[i], out);
    }
    text_put_char(out, '}');
    return true;
}

bool arena_metadata_of(struct arena *arena, struct request *request, arena_text type)
{
    const struct challenge *challenge = challenge_find(arena, type);
    if (!challenge)
        return request_fail(request, ANSWER_UNKNOWN, NULL, "Challenge not found");
    request->status = ANSWER_OK;
    text_clear(&request->body);
    put_metadata(arena, challenge, &request->body);
    return true;
}

void arena_stats(struct arena *arena, struct arena_stats *stats)
{
    *stats = (struct arena_stats){
        .live = atomic_load(&arena->map.sessions),
        .waiting = atomic_load(&arena->count.waiting),
        .created = atomic_load(&arena->count.created),
        .joined = atomic_load(&arena->count.joined),
        .messages = atomic_load(&arena->count.messages),
        .chats = atomic_load(&arena->count.chats),
        .rejected = atomic_load(&arena->count.rejected),
        .faults = atomic_load(&arena->count.faults),
        .timers = atomic_load(&arena->count.timers),
        .pruned = atomic_load(&arena->count.pruned),
        .boards_behind = boards_behind(&arena->boards),
        .queued = atomic_load(&arena->count.queued),
        .commits = atomic_load(&arena->count.commits),
        .left = atomic_load(&arena->count.left),
    };
    for (int i = 0; i < SHEDS; i++)
        stats->shed[i] = atomic_load(&arena->count.shed[i]);
}
