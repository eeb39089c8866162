#include "core/users.h"

#include <sodium.h>
#include <stdlib.h>

#include "core/pack.h"
#include "core/must.h"
#include "core/session.h"

enum { LIST_FIRST = 64, INDEX_FIRST = 256, SPENT_HASH = 16 };
#define USER_ROW "u/"
#define SPENT_ROW "s/"

/* The list and its index. ---------------------------------------------------------------------------------- */

static uint32_t *slot_of(const struct users *users, arena_text id)
{
    uint32_t i = (uint32_t)text_hash(id) & (users->index_cap - 1);
    while (users->index[i] && !text_equal(id, text_of(users->list[users->index[i] - 1].id)))
        i = (i + 1) & (users->index_cap - 1);
    return &users->index[i];
}

static void grow_index(struct users *users)
{
    free(users->index);
    users->index_cap = users->index_cap ? 2 * users->index_cap : INDEX_FIRST;
    users->index = must(calloc(users->index_cap, sizeof *users->index));
    for (uint32_t i = 0; i < users->count; i++)              /* realloc kept them, which the analyzer doubts */
        *slot_of(users, text_of(users->list[i].id)) = i + 1; // NOLINT(clang-analyzer-core.*)
}

static struct user *find(const struct users *users, arena_text id)
{
    uint32_t place = *slot_of(users, id);
    return place ? &users->list[place - 1] : NULL;
}

static struct user *add(struct users *users, arena_text id)
{
    if (users->count == users->cap) {
        users->cap *= 2;
        users->list = must(realloc(users->list, users->cap * sizeof *users->list));
    }
    if (2 * (users->count + 1) > users->index_cap)
        grow_index(users);
    *slot_of(users, id) = users->count + 1;
    // NOLINTNEXTLINE(clang-analyzer-core.*): the list is there from the start
    users->list[users->count] = (struct user){.id = must_copy(id)};
    return &users->list[users->count++];
}

static void free_user(struct user *user)
{
    free(user->id);
    free(user->username);
    free(user->model);
    *user = (struct user){0};
}

/* Rows. ---------------------------------------------------------------------------------------------------- */

enum { HAS_USERNAME = 1, HAS_MODEL = 2, IS_BENCHMARK = 4 };

static void encode(const struct user *user, uint32_t place, struct text *out)
{
    pack_put_u32(out, place);
    pack_put_u8(out, (uint8_t)((user->username ? HAS_USERNAME : 0) | (user->model ? HAS_MODEL : 0) |
                               (user->benchmark ? IS_BENCHMARK : 0)));
    pack_put_text(out, text_of(user->username));
    pack_put_text(out, text_of(user->model));
}

/* Rows come in the order of their keys; the places say in which the users came. */
struct loaded {
    struct users *users;
    struct user *at; /* by place */
    uint32_t cap;
};

static void load_user(struct loaded *loaded, arena_text id, struct cursor *c)
{
    uint32_t place = pack_get_u32(c);
    uint8_t flags = pack_get_u8(c);
    arena_text username = pack_get_text(c), model = pack_get_text(c);
    if (c->bad || place > INT32_MAX)
        return;
    while (place >= loaded->cap) {
        uint32_t cap = loaded->cap ? 2 * loaded->cap : 64;
        loaded->at = must(realloc(loaded->at, cap * sizeof *loaded->at));
        memset(loaded->at + loaded->cap, 0, (cap - loaded->cap) * sizeof *loaded->at);
        loaded->cap = cap;
    }
    free_user(&loaded->at[place]);
    loaded->at[place] = (struct user){
        .id = must_copy(id),
        .username = flags & HAS_USERNAME ? must_copy(username) : NULL,
        .model = flags & HAS_MODEL ? must_copy(model) : NULL,
        .benchmark = flags & IS_BENCHMARK,
    };
}

static void add_spent(struct users *users, const uint8_t *hash, int64_t until_ms)
{
    if (users->spent_count == users->spent_cap) {
        users->spent_cap = users->spent_cap ? 2 * users->spent_cap : 16;
        users->spent = must(realloc(users->spent, users->spent_cap * sizeof *users->spent));
    }
    struct spent *spent = &users->spent[users->spent_count++];
    memcpy(spent->hash, hash, SPENT_HASH);
    spent->until_ms = until_ms;
}

static void load_row(void *owner, arena_text key, arena_text bytes)
{
    struct loaded *loaded = owner;
    struct cursor c = {(const unsigned char *)bytes.ptr, (const unsigned char *)bytes.ptr + bytes.len, false};
    arena_text rest = {key.ptr + 2, key.len - 2};
    if (text_starts(key, ARENA_TEXT(USER_ROW)))
        load_user(loaded, rest, &c);
    else if (text_starts(key, ARENA_TEXT(SPENT_ROW)) && rest.len == SPENT_HASH)
        add_spent(loaded->users, (const uint8_t *)rest.ptr, (int64_t)pack_get_u64(&c));
}

void users_open(struct users *users, struct arena *arena)
{
    struct loaded loaded = {.users = users};
    *users = (struct users){.end = &users->first, .cap = LIST_FIRST};
    users->list = must(calloc(LIST_FIRST, sizeof *users->list));
    pthread_mutex_init(&users->lock, NULL);
    grow_index(users);
    book_open(&users->book, arena, ARENA_TEXT(BOOK_MARK "users"), load_row, &loaded);
    users->book.owner = users;
    for (uint32_t i = 0; i < loaded.cap; i++)
        if (loaded.at[i].id) {
            struct user *user = add(users, text_of(loaded.at[i].id));
            free_user(user);
            *user = loaded.at[i];
        }
    free(loaded.at);
}

void users_close(struct users *users)
{
    book_close(&users->book);
    for (uint32_t i = 0; i < users->count; i++)
        free_user(&users->list[i]);
    free(users->list);
    free(users->index);
    free(users->spent);
    pthread_mutex_destroy(&users->lock);
}

/* Changing. ------------------------------------------------------------------------------------------------ */

static void set_name(char **name, arena_text value, bool given)
{
    if (!given)
        return;
    free(*name);
    *name = value.len ? must_copy(value) : NULL;
}

/* The user as this change would leave it: what is left out keeps its value. */
static struct user merged(const struct users *users, const struct user_update *update)
{
    const struct user *old = find(users, update->user);
    struct user user = {.id = must_copy(update->user)};
    if (old) {
        user.username = old->username ? strdup(old->username) : NULL;
        user.model = old->model ? strdup(old->model) : NULL;
        user.benchmark = old->benchmark;
    }
    set_name(&user.username, update->username, update->has_username);
    set_name(&user.model, update->model, update->has_model);
    if (update->benchmark >= 0)
        user.benchmark = update->benchmark;
    return user;
}

static void put_row(struct users *users, const char *prefix, arena_text name, arena_text bytes)
{
    struct text key = {0};
    text_puts(&key, prefix);
    text_put_text(&key, name);
    book_put(&users->book, text_slice(&key), bytes);
    text_free(&key);
}

static void forget_spent(struct users *users, int64_t now)
{
    for (uint32_t i = 0; i < users->spent_count; i++)
        if (users->spent[i].until_ms < now) {
            put_row(users, SPENT_ROW, (arena_text){(const char *)users->spent[i].hash, SPENT_HASH},
                    (arena_text){"", 0});
            users->spent[i--] = users->spent[--users->spent_count];
        }
}

static bool is_spent(const struct users *users, const uint8_t hash[SPENT_HASH])
{
    for (uint32_t i = 0; i < users->spent_count; i++)
        if (memcmp(users->spent[i].hash, hash, SPENT_HASH) == 0)
            return true;
    return false;
}

static void hash_once(arena_text once, uint8_t hash[SPENT_HASH])
{
    crypto_generichash(hash, SPENT_HASH, (const unsigned char *)once.ptr, once.len, NULL, 0);
}

static void users_done(void *owner, enum store_result result);

/* Starts a change, the first of the queue.  False: it was refused and is answered. */
static bool start(struct users *users, struct request *request)
{
    const struct user_update *update = &request->as.user;
    struct text row = {0};
    uint8_t hash[SPENT_HASH];
    hash_once(update->once, hash);
    if (update->once.len && is_spent(users, hash))
        return !request_fail(request, ANSWER_INVALID, "SIGNATURE_ALREADY_USED",
                             "This signature has already been used: sign again with a new timestamp.");
    forget_spent(users, now_ms(users->book.arena));
    users->next = merged(users, update);
    const struct user *old = find(users, update->user);
    encode(&users->next, old ? (uint32_t)(old - users->list) : users->count, &row);
    put_row(users, USER_ROW, update->user, text_slice(&row));
    if (update->once.len) {
        text_clear(&row);
        pack_put_u64(&row, (uint64_t)update->once_until_ms);
        put_row(users, SPENT_ROW, (arena_text){(const char *)hash, sizeof hash}, text_slice(&row));
        add_spent(users, hash, update->once_until_ms);
    }
    text_free(&row);
    book_write(&users->book, users_done);
    return true;
}

static struct request *take_first(struct users *users)
{
    struct request *request = users->first;
    users->first = request->next;
    if (!users->first)
        users->end = &users->first;
    return request;
}

/* Starts changes until one is under way; returns those that were refused. */
static struct request *start_next(struct users *users)
{
    struct request *refused = NULL;
    while (users->first && !start(users, users->first)) {
        struct request *request = take_first(users);
        request->next = refused;
        refused = request;
    }
    return refused;
}

static void put_user(const struct user *user, struct text *out);

/* The change is durable: it is seen from now on. */
static void adopt(struct users *users, struct request *request)
{
    struct user *user = find(users, text_of(users->next.id));
    if (!user)
        user = add(users, text_of(users->next.id));
    free_user(user);
    *user = users->next; /* and is shown from there: the analyzer takes the two for one that was freed */
    atomic_fetch_add(&users->version, 1);
    request->status = ANSWER_OK;
    text_clear(&request->body);
    put_user(&users->next, &request->body);
}

static void users_done(void *owner, enum store_result result)
{
    struct users *users = owner;
    pthread_mutex_lock(&users->lock);
    struct request *request = take_first(users);
    book_written(&users->book, result);
    if (result == STORE_OK) {
        adopt(users, request);
    } else {
        free_user(&users->next);
        if (request->as.user.once.len)
            users->spent_count--; /* the last, so it may be tried again */
        request_fail(request, ANSWER_BUSY, result == STORE_FULL ? "STORE_FULL" : "STORE_FAILED",
                     "the profile could not be kept: nothing was changed, try again later");
    }
    users->next = (struct user){0};
    struct request *refused = start_next(users);
    pthread_mutex_unlock(&users->lock);
    request->done(request);
    while (refused) {
        struct request *next = refused->next;
        refused->done(refused);
        refused = next;
    }
}

bool arena_user_update(struct arena *arena, struct request *request, const struct user_update *update)
{
    struct users *users = &arena->users;
    request->arena = arena;
    if (atomic_load(&arena->draining))
        return request_fail(request, ANSWER_BUSY, "SHUTTING_DOWN", "the arena is shutting down");
    if (!update->user.len)
        return request_fail(request, ANSWER_INVALID, NULL, "userId is required");
    if (update->user.len > USER_MAX_BYTES || memchr(update->user.ptr, 0, update->user.len))
        return request_failf(request, ANSWER_INVALID, "INVALID_USER", "userId may have at most %d bytes and no NUL",
                             USER_MAX_BYTES);
    if (update->username.len > PROFILE_MAX_BYTES || update->model.len > PROFILE_MAX_BYTES)
        return request_failf(request, ANSWER_INVALID, "INVALID_PROFILE",
                             "username and model may have at most %d bytes each", PROFILE_MAX_BYTES);
    request->as.user = *update;
    request->next = NULL;
    pthread_mutex_lock(&users->lock);
    bool idle = !users->first, answered = false;
    *(idle ? &users->first : users->end) = request;
    users->end = &request->next;
    if (idle && !start(users, request)) {
        take_first(users);
        answered = true;
    }
    pthread_mutex_unlock(&users->lock);
    return answered;
}

/* Telling. ------------------------------------------------------------------------------------------------- */

static void put_members(const struct user *user, struct text *out)
{
    if (user->username) {
        text_lit(out, ",\"username\":");
        text_json_string(out, text_of(user->username));
    }
    if (user->model) {
        text_lit(out, ",\"model\":");
        text_json_string(out, text_of(user->model));
    }
    if (user->benchmark)
        text_lit(out, ",\"isBenchmark\":true");
}

static void put_user(const struct user *user, struct text *out)
{
    text_lit(out, "{\"userId\":");
    text_json_string(out, text_of(user->id));
    put_members(user, out);
    text_put_char(out, '}');
}

void users_put_profile(struct users *users, arena_text id, struct text *out)
{
    pthread_mutex_lock(&users->lock);
    const struct user *user = find(users, id);
    if (user)
        put_members(user, out);
    pthread_mutex_unlock(&users->lock);
}

bool arena_user(struct arena *arena, struct request *request, arena_text id)
{
    struct users *users = &arena->users;
    request->status = ANSWER_OK;
    text_clear(&request->body);
    pthread_mutex_lock(&users->lock);
    const struct user *user = find(users, id);
    if (user)
        put_user(user, &request->body);
    pthread_mutex_unlock(&users->lock);
    return user || request_fail(request, ANSWER_UNKNOWN, NULL, "User not found");
}

bool arena_users(struct arena *arena, struct request *request, uint32_t limit, uint64_t offset)
{
    struct users *users = &arena->users;
    struct text *out = &request->body;
    request->status = ANSWER_OK;
    text_clear(out);
    text_put_char(out, '[');
    pthread_mutex_lock(&users->lock);
    for (uint64_t i = offset; i < users->count && i - offset < limit; i++) {
        if (i > offset)
            text_put_char(out, ',');
        put_user(&users->list[i], out);
    }
    pthread_mutex_unlock(&users->lock);
    text_put_char(out, ']');
    return true;
}

/* One entry of a map of profiles; *count is how many it has. */
static void put_entry(struct users *users, arena_text id, struct text *out, uint32_t *count)
{
    const struct user *user = find(users, id);
    if (!user)
        return;
    if ((*count)++)
        text_put_char(out, ',');
    text_json_string(out, id);
    text_put_char(out, ':');
    put_user(user, out);
}

bool arena_users_batch(struct arena *arena, struct request *request, arena_text ids)
{
    struct users *users = &arena->users;
    struct text *out = &request->body;
    uint32_t count = 0;
    request->status = ANSWER_OK;
    text_clear(out);
    text_put_char(out, '{');
    pthread_mutex_lock(&users->lock);
    while (ids.len) {
        const char *comma = memchr(ids.ptr, ',', ids.len);
        size_t len = comma ? (size_t)(comma - ids.ptr) : ids.len;
        put_entry(users, (arena_text){ids.ptr, len}, out, &count);
        len += comma != NULL;
        ids = (arena_text){ids.ptr + len, ids.len - len};
    }
    pthread_mutex_unlock(&users->lock);
    text_put_char(out, '}');
    return true;
}

/* Sessions. ------------------------------------------------------------------------------------------------ */

static int by_place(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void users_put_profiles(struct users *users, struct session *const *sessions, uint32_t count, struct text *out)
{
    uint32_t found = 0, *places = must(calloc(count * (size_t)ARENA_SEATS_MAX + 1, sizeof *places));
    text_put_char(out, '{');
    pthread_mutex_lock(&users->lock);
    for (uint32_t s = 0; s < count; s++)
        for (uint32_t i = 0; sessions[s] && sessions[s]->status == STATUS_ENDED && i < sessions[s]->seats; i++) {
            const char *id = sessions[s]->seat[i].user;
            const struct user *user = id ? find(users, text_of(id)) : NULL;
            if (user)
                places[found++] = (uint32_t)(user - users->list);
        }
    qsort(places, found, sizeof *places, by_place);
    for (uint32_t i = 0, written = 0; i < found; i++)
        if (!i || places[i] != places[i - 1])
            put_entry(users, text_of(users->list[places[i]].id), out, &written);
    pthread_mutex_unlock(&users->lock);
    text_put_char(out, '}');
    free(places);
}

enum category users_category(struct users *users, const struct session *session)
{
    uint32_t known = 0, players = 0;
    pthread_mutex_lock(&users->lock);
    for (uint32_t i = 0; i < session->seats; i++) {
        const struct seat *seat = &session->seat[i];
        if (!seat->taken || !seat->user)
            continue;
        const struct user *user = find(users, text_of(seat->user));
        known++;
        players += !seat->house && !(user && user->benchmark);
    }
    pthread_mutex_unlock(&users->lock);
    return !known || players > 1 ? CATEGORY_TRAIN : players ? CATEGORY_TEST : CATEGORY_BENCHMARK;
}
