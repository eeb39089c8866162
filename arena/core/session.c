/* session.c - sessions in memory: by name and by serial number, loaded when asked for, forgotten when idle. */
#include <stdlib.h>
#include <string.h>

#include "core/session.h"

const char *const status_names[STATUS_COUNT] = {"open", "active", "ended"};

enum { BUCKETS = 1 << 14, IDLE_MS = 2000, LONG_IDLE_MS = 60 * 1000 };

arena_text session_id(const struct session *session)
{
    return (arena_text){session->id, session->id_len};
}

static void *allocate(size_t size)
{
    void *bytes = calloc(1, size);
    if (!bytes)
        abort();
    return bytes;
}

struct session *session_new(struct arena *arena, uint64_t serial, arena_text id)
{
    struct session *session = allocate(sizeof *session);
    pthread_mutex_init(&session->lock, NULL);
    atomic_init(&session->refs, 1);
    session->arena = arena;
    session->serial = serial;
    session->id = allocate(id.len + 1);
    memcpy(session->id, id.ptr, id.len);
    session->id_len = id.len;
    session->waiting_end = &session->waiting;
    for (int i = 0; i < CHANNELS; i++)
        session->channel[i].first = 1;
    return session;
}

/* What depends on the number of seats, in one piece. */
void session_seats(struct session *session, uint32_t seats)
{
    size_t scores = 0, names = scores + seats * sizeof *session->scores;
    size_t seat = names + (1 + seats) * sizeof *session->names, invite = seat + seats * sizeof *session->seat;
    char *block = allocate(invite + seats * sizeof *session->invite);
    session->seats = seats;
    session->scores = (void *)(block + scores);
    session->names = (void *)(block + names);
    session->seat = (void *)(block + seat);
    session->invite = (void *)(block + invite);
}

void session_free(struct session *session)
{
    for (uint32_t i = 0; i < session->seats; i++)
        free(session->seat[i].user);
    free(session->scores); /* the whole block */
    for (int i = 0; i < CHANNELS; i++)
        channel_free(&session->channel[i]);
    kept_free(session->kept);
    free(session->blames);
    free(session->type);
    free(session->id);
    text_free(&session->version);
    text_free(&session->data);
    text_free(&session->state);
    pthread_mutex_destroy(&session->lock);
    free(session);
}

void session_put(struct session *session)
{
    if (session && atomic_fetch_sub(&session->refs, 1) == 1)
        session_free(session);
}

static struct session *take(struct session *session)
{
    if (session) {
        atomic_fetch_add(&session->refs, 1);
        atomic_store_explicit(&session->used_ms, now_ms(session->arena), memory_order_relaxed);
    }
    return session;
}

/* The map. ------------------------------------------------------------------------------------------------- */

static struct name **name_slot(struct map *map, uint64_t hash, arena_text text)
{
    struct name **slot = &map->names[hash % map->buckets];
    while (*slot && ((*slot)->hash != hash || !text_equal((*slot)->text, text)))
        slot = &(*slot)->next;
    return slot;
}

static void insert_name(struct map *map, struct session *session, arena_text text)
{
    struct name *name = &session->names[session->name_count++];
    *name = (struct name){.session = session, .hash = text_hash(text), .text = text};
    struct name **slot = &map->names[name->hash % map->buckets];
    name->next = *slot;
    *slot = name;
}

/* The map takes over the caller's reference. */
void session_insert(struct arena *arena, struct session *session)
{
    struct map *map = &arena->map;
    pthread_mutex_lock(&map->lock);
    if (!map->names) {
        map->buckets = BUCKETS;
        map->names = allocate(BUCKETS * sizeof *map->names);
        map->serials = allocate(BUCKETS * sizeof *map->serials);
    }
    session->name_count = 0;
    insert_name(map, session, session_id(session));
    for (uint32_t i = 0; i < session->invite_count; i++)
        insert_name(map, session, text_of(session->invite[i].code));
    struct session **chain = &map->serials[session->serial % map->buckets];
    session->by_serial = *chain;
    *chain = session;
    map->sessions++;
    pthread_mutex_unlock(&map->lock);
}

static bool unlink_session(struct map *map, struct session *session)
{
    struct session **chain = &map->serials[session->serial % map->buckets];
    while (*chain && *chain != session)
        chain = &(*chain)->by_serial;
    if (!*chain)
        return false;
    *chain = session->by_serial;
    for (uint32_t i = 0; i < session->name_count; i++) {
        struct name **slot = &map->names[session->names[i].hash % map->buckets];
        while (*slot != &session->names[i])
            slot = &(*slot)->next;
        *slot = session->names[i].next;
    }
    map->sessions--;
    return true;
}

void session_remove(struct arena *arena, struct session *session)
{
    pthread_mutex_lock(&arena->map.lock);
    bool was_there = arena->map.names && unlink_session(&arena->map, session);
    pthread_mutex_unlock(&arena->map.lock);
    if (was_there)
        session_put(session);
}

static struct session *map_name(struct arena *arena, arena_text name)
{
    struct map *map = &arena->map;
    pthread_mutex_lock(&map->lock);
    struct name *found = map->names ? *name_slot(map, text_hash(name), name) : NULL;
    struct session *session = take(found ? found->session : NULL);
    pthread_mutex_unlock(&map->lock);
    return session;
}

static struct session *map_serial(struct arena *arena, uint64_t serial)
{
    struct map *map = &arena->map;
    pthread_mutex_lock(&map->lock);
    struct session *session = map->names ? map->serials[serial % map->buckets] : NULL;
    while (session && session->serial != serial)
        session = session->by_serial;
    take(session);
    pthread_mutex_unlock(&map->lock);
    return session;
}

/* Loading. ------------------------------------------------------------------------------------------------- */

static struct session *load(struct arena *arena, uint64_t serial)
{
    struct pool pool;
    arena_text record;
    pool_init(&pool, 0);
    struct session *session = NULL;
    if (store_record(arena->config.store, serial, &pool, &record)) {
        session = record_decode(arena, serial, record);
        if (!session && arena->config.log)
            arena->config.log(arena->config.ctx, ARENA_ERROR, "a stored session is damaged and cannot be read");
    }
    pool_finish(&pool);
    if (session) {
        session_insert(arena, session);
        take(session);
    }
    return session;
}

/* What to do with a session from the map.  A dead one goes as soon as the tables have all that is durable of it; until
 * then (the disk may be full) it stays, or the tables' older state would be taken for the truth. */
enum found { FOUND, FOUND_ERASED, FOUND_NOTHING };

static enum found look_at(struct arena *arena, struct session **session)
{
    if (!*session)
        return FOUND_NOTHING;
    if (!atomic_load(&(*session)->dead))
        return FOUND;
    store_settle(arena->config.store);
    pthread_mutex_lock(&(*session)->lock);
    bool gone = (*session)->gone;
    bool settled = !(*session)->inflight && (*session)->durable_lsn <= store_settled(arena->config.store);
    pthread_mutex_unlock(&(*session)->lock);
    if (settled)
        session_remove(arena, *session);
    if (!settled && !gone)
        return FOUND;
    session_put(*session);
    *session = NULL;
    return settled ? FOUND_NOTHING : FOUND_ERASED;
}

struct session *session_serial(struct arena *arena, uint64_t serial)
{
    struct session *session = map_serial(arena, serial);
    if (look_at(arena, &session) != FOUND_NOTHING)
        return session;
    pthread_mutex_lock(&arena->loading);
    session = map_serial(arena, serial);
    if (!session)
        session = load(arena, serial);
    pthread_mutex_unlock(&arena->loading);
    return session;
}

struct session *session_find(struct arena *arena, arena_text name)
{
    struct session *session = map_name(arena, name);
    if (look_at(arena, &session) != FOUND_NOTHING || name.len == 0 || name.len > NAME_MAX_BYTES || book_owns(name))
        return session;
    pthread_mutex_lock(&arena->loading);
    uint64_t serial;
    session = map_name(arena, name);
    if (!session && store_find(arena->config.store, name, &serial)) {
        session = map_serial(arena, serial);
        if (!session)
            session = load(arena, serial);
    }
    pthread_mutex_unlock(&arena->loading);
    return session;
}

struct session *session_lobby(struct arena *arena, arena_text name)
{
    struct session *session = session_find(arena, name);
    if (session)
        return session;
    pthread_mutex_lock(&arena->loading);
    session = map_name(arena, name);
    if (!session) {
        session = session_new(arena, atomic_fetch_add(&arena->last_serial, 1) + 1, name);
        session->lobby = true;
        session_seats(session, 0);
        session->created_ms = now_ms(arena);
        session_insert(arena, session);
        take(session);
    }
    pthread_mutex_unlock(&arena->loading);
    return session;
}

struct session *session_of_channel(struct arena *arena, arena_text name, bool make, int *channel)
{
    arena_text prefix = ARENA_TEXT(GAME_PREFIX);
    if (text_starts(name, prefix)) {
        arena_text id = {name.ptr + prefix.len, name.len - prefix.len};
        struct session *session = id.len == ID_CHARS ? session_find(arena, id) : NULL;
        *channel = CHANNEL_GAME;
        if (session && !session->lobby && text_equal(session_id(session), id))
            return session;
        session_put(session);
    }
    *channel = CHANNEL_CHAT;
    if (book_owns(name))
        return NULL;
    struct session *session = make ? session_lobby(arena, name) : session_find(arena, name);
    if (session && !text_equal(session_id(session), name)) { /* an invite is no channel */
        session_put(session);
        return NULL;
    }
    return session;
}

/* Forgetting. ---------------------------------------------------------------------------------------------- */

/* A session of which the store's tables have everything that memory has.  Called with the map's lock. */
static bool is_settled(struct session *session, uint64_t settled)
{
    return !session->inflight && !session->busy &&
           (atomic_load(&session->dead) ? session->durable_lsn : session->lsn) <= settled;
}

/* Whether it may go.  A reference can only come from the map, so one that is alone stays alone while the map is locked.
 * What stays keeps only short channels. */
static bool may_go(struct session *session, uint64_t settled, int64_t now, bool crowded)
{
    int64_t idle = now - atomic_load(&session->used_ms);
    bool go = false;
    if (idle < IDLE_MS || pthread_mutex_trylock(&session->lock))
        return false;
    if (is_settled(session, settled)) {
        bool done = session->lobby || session->status == STATUS_ENDED || idle > LONG_IDLE_MS;
        go = (crowded || done) && atomic_load(&session->refs) == 1;
        for (int i = 0; i < CHANNELS && !go; i++)
            channel_forget(&session->channel[i]);
    }
    pthread_mutex_unlock(&session->lock);
    return go;
}

void sessions_evict(struct arena *arena)
{
    struct map *map = &arena->map;
    uint64_t settled = store_settled(arena->config.store);
    int64_t now = now_ms(arena);
    if (!atomic_load(&map->sessions) || now < arena->evict_ms)
        return;
    arena->evict_ms = now + IDLE_MS / 2;
    struct session *gone = NULL;
    pthread_mutex_lock(&map->lock);
    for (size_t i = 0; i < map->buckets; i++)
        for (struct session *session = map->serials[i], *next; session; session = next) {
            next = session->by_serial;
            if (!may_go(session, settled, now, atomic_load(&map->sessions) > arena->config.live_max))
                continue;
            unlink_session(map, session);
            session->by_serial = gone;
            gone = session;
        }
    pthread_mutex_unlock(&map->lock);
    while (gone) {
        struct session *next = gone->by_serial;
        session_put(gone);
        gone = next;
    }
}

int32_t seat_of(const struct session *session, arena_text handle)
{
    for (uint32_t i = 0; i < session->seats; i++)
        if (session->seat[i].taken && !session->seat[i].house && text_equal(handle, text_of(session->seat[i].handle)))
            return (int32_t)i;
    return -1;
}

const struct challenge *challenge_find(const struct arena *arena, arena_text type)
{
    for (size_t i = 0; i < arena->challenge_count; i++)
        if (text_equal(type, text_of(arena->challenges[i].id)))
            return &arena->challenges[i];
    return NULL;
}
