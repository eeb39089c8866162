/* create.c - a new session: the operator deals, the arena mints an invite for each free seat. */
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/session.h"

/* A random UUID (RFC 9562, version 4). */
static void uuid(char out[ID_CHARS + 1])
{
    uint8_t bytes[16];
    randombytes_buf(bytes, sizeof bytes);
    bytes[6] = (uint8_t)((bytes[6] & 0x0F) | 0x40);
    bytes[8] = (uint8_t)((bytes[8] & 0x3F) | 0x80);
    static const char hex[] = "0123456789abcdef";
    char *at = out;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = hex[bytes[i] >> 4];
        *at++ = hex[bytes[i] & 15];
    }
    *at = '\0';
}

/* The game's rule data goes into the options, so that the operator and the journal have it: what they ask for, else the
 * active version.  False: there is no such version. */
static bool choose_data(struct request *request, const struct challenge *challenge, json_t *options)
{
    const json_t *wanted = json_object_get(options, "data");
    const char *name = json_string_value(wanted);
    const char *chosen =
        data_choose(&request->arena->data, challenge->id, wanted ? text_of(name ? name : "") : (arena_text){NULL, 0});
    if (chosen) {
        request->as.create.data = chosen;
        json_object_set_new(options, "data", json_string(chosen));
        return true;
    }
    request_failf(request, ANSWER_INVALID, "UNKNOWN_DATA_VERSION",
                  "options.data: %.100s is no version of this challenge's rule data that games may have: "
                  "GET /api/data/%s lists them",
                  name ? name : "what is no text", challenge->id);
    return false;
}

/* The configured options with the request's over them, and the rule data.  False: the request is answered. */
static bool merge_options(struct request *request, const struct challenge *challenge, arena_text *options)
{
    arena_text own = text_of(challenge->options);
    bool has_data = data_rules_find(&request->arena->data, text_of(challenge->id));
    request->as.create.data = NULL;
    if (!options->len && !has_data) {
        *options = own;
        return true;
    }
    json_error_t error;
    json_t *given =
        options->len ? json_loadb(options->ptr, options->len, JSON_REJECT_DUPLICATES, &error) : json_object();
    if (!json_is_object(given)) {
        json_decref(given);
        request_fail(request, ANSWER_INVALID, "INVALID_OPTIONS",
                     "options must be a JSON object, as the challenge's metadata describes it");
        return false;
    }
    json_t *merged = own.len ? json_loadb(own.ptr, own.len, 0, NULL) : json_object();
    json_object_update(merged, given);
    json_decref(given);
    char *text = !has_data || choose_data(request, challenge, merged) ? json_dumps(merged, JSON_COMPACT) : NULL;
    json_decref(merged);
    if (!text)
        return false;
    *options = pool_copy(&request->turn.pool, text_of(text));
    free(text);
    return true;
}

/* Creates with the same key that are not in the store's tables yet: the first one's session tells. ---------- */

static struct created **created_chain(struct arena *arena, const uint8_t key[STORE_ANSWER_KEY])
{
    return &arena->creates[(key[0] | (unsigned)key[1] << 8) % CREATE_BUCKETS];
}

static struct created **created_slot(struct arena *arena, const uint8_t key[STORE_ANSWER_KEY])
{
    struct created **slot = created_chain(arena, key);
    while (*slot && memcmp((*slot)->key, key, STORE_ANSWER_KEY) != 0)
        slot = &(*slot)->next;
    return slot;
}

/* Only tried: who has the session's lock may be waiting for this list's.  An entry outlives its commit's arrival in the
 * store's tables by a while, for a request that looked there just before and looks here just after. */
static bool created_is_over(struct session *session, uint64_t settled)
{
    enum { KEEP_MS = 5000 };
    if (pthread_mutex_trylock(&session->lock))
        return false;
    bool over = session->dead ||
                (session->stored && session->lsn <= settled && now_ms(session->arena) - session->created_ms > KEEP_MS);
    pthread_mutex_unlock(&session->lock);
    return over;
}

/* The session that a create with this key makes or made, with a reference; else mine is noted for it. */
static struct session *created_before(struct arena *arena, const struct request *request, struct session *mine)
{
    uint64_t settled = store_settled(arena->config.store);
    pthread_mutex_lock(&arena->create_lock);
    for (struct created **slot = created_chain(arena, request->key); *slot;) {
        struct created *entry = *slot;
        if (created_is_over(entry->session, settled)) {
            *slot = entry->next;
            session_put(entry->session);
            free(entry);
        } else {
            slot = &entry->next;
        }
    }
    struct created **slot = created_slot(arena, request->key);
    struct session *before = NULL;
    if (*slot) {
        before = (*slot)->session;
        atomic_fetch_add(&before->refs, 1);
    } else if (mine) {
        *slot = calloc(1, sizeof **slot);
        if (!*slot)
            abort();
        memcpy((*slot)->key, request->key, STORE_ANSWER_KEY);
        (*slot)->session = mine;
        atomic_fetch_add(&mine->refs, 1);
    }
    pthread_mutex_unlock(&arena->create_lock);
    return before;
}

static void created_forget(struct arena *arena, struct session *session)
{
    pthread_mutex_lock(&arena->create_lock);
    for (int i = 0; i < CREATE_BUCKETS; i++)
        for (struct created **slot = &arena->creates[i]; *slot;) {
            struct created *entry = *slot;
            if (entry->session != session) {
                slot = &entry->next;
                continue;
            }
            *slot = entry->next;
            session_put(session);
            free(entry);
        }
    pthread_mutex_unlock(&arena->create_lock);
}

/* The turn. ------------------------------------------------------------------------------------------------ */

static void seat_house(struct session *session, const struct effect *effect)
{
    struct seat *seat = &session->seat[effect->to];
    static const char prefix[] = "house:";
    size_t room = sizeof seat->handle - sizeof prefix;
    size_t len = effect->name.len < room ? effect->name.len : room;
    memcpy(seat->handle, prefix, sizeof prefix - 1);
    memcpy(seat->handle + sizeof prefix - 1, effect->name.ptr, len);
    seat->user = strdup(seat->handle);
    seat->taken = seat->house = true;
    session->joined++;
}

static void mint_invites(struct session *session)
{
    for (uint32_t i = 0; i < session->seats; i++)
        if (!session->seat[i].house) {
            struct invite *invite = &session->invite[session->invite_count++];
            memcpy(invite->code, "inv_", 4);
            uuid(invite->code + 4);
        }
}

static bool create_after(struct request *request)
{
    struct session *session = request->session;
    const struct turn *turn = &request->turn;
    if (turn->reply.outcome != TURN_OK) {
        session->dead = true;
        if (request->has_key)
            created_forget(session->arena, session);
        return turn_refused(request);
    }
    struct change *change = change_begin(session);
    for (uint32_t i = 0; i < turn->reply.effect_count; i++)
        if (turn->reply.effects[i].kind == EFFECT_HOUSE)
            seat_house(session, &turn->reply.effects[i]);
    turn_apply(change, turn);
    mint_invites(session);
    journal_entry(change, &turn->request, (arena_text){"", 0});
    request->status = ANSWER_OK;
    text_clear(&request->body);
    challenge_json(&request->body, session, INVITES_ALL, (arena_text){"", 0}, ARENA_TEXT("{}"));
    atomic_fetch_add(&session->arena->count.created, 1);
    atomic_fetch_add(&session->refs, 1);
    session_insert(session->arena, session); /* before anyone can know its names */
    change_commit(change, request);
    return false;
}

static bool create_step(struct request *request)
{
    return turn_run(request, TURN_CREATE, -1, (arena_text){"", 0}, request->as.create.options, create_after);
}

static bool again_step(struct request *request)
{
    bool answered = true;
    if (!kept_find(request->session, request, &answered))
        return request_fail(request, ANSWER_BUSY, "TRY_AGAIN", "the same request is still under way: try again");
    return answered;
}

static struct session *new_session(struct arena *arena, const struct challenge *challenge)
{
    char id[ID_CHARS + 1];
    uuid(id);
    struct session *session = session_new(arena, atomic_fetch_add(&arena->last_serial, 1) + 1, text_of(id));
    session->op = challenge->op;
    session->type = strdup(challenge->id);
    text_puts(&session->version, challenge->info.version);
    session_seats(session, challenge->info.players);
    session->created_ms = session->activity_ms = now_ms(arena);
    randombytes_buf(session->seed, sizeof session->seed);
    return session;
}

bool arena_create(struct arena *arena, struct request *request, arena_text type, arena_text options)
{
    request->arena = arena;
    const struct challenge *challenge = challenge_find(arena, type);
    if (atomic_load(&arena->draining))
        return request_fail(request, ANSWER_BUSY, "SHUTTING_DOWN", SHUTTING_DOWN);
    if (!challenge)
        return request_failf(request, ANSWER_INVALID, NULL, "Unknown challenge type: %.*s", (int)type.len, type.ptr);
    if (commits_full(arena, request))
        return true;
    if (atomic_load(&arena->map.sessions) >= arena->config.sessions_max)
        return shed(arena, request, SHED_SESSIONS);
    pool_reset(&request->turn.pool);
    request->as.create.options = options;
    if (!merge_options(request, challenge, &request->as.create.options))
        return true;
    /* The pool is the turn's: what must outlive its reset is copied to the request's body meanwhile. */
    text_clear(&request->body);
    text_put_text(&request->body, request->as.create.options);
    request->as.create.options = text_slice(&request->body);
    if (request->has_key) {
        struct pool pool;
        arena_text answer;
        pool_init(&pool, 0);
        bool found = store_answer(arena->config.store, request->key, &pool, &answer) && kept_decode(request, answer);
        pool_finish(&pool);
        if (found)
            return true;
    }
    struct session *session = new_session(arena, challenge);
    text_puts(&session->data, request->as.create.data ? request->as.create.data : "");
    struct session *before = request->has_key ? created_before(arena, request, session) : NULL;
    bool answered = before ? session_enter(before, request, again_step) : session_enter(session, request, create_step);
    session_put(before);
    session_put(session);
    return answered;
}
