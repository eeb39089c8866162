/*
 * change.c - a change on its way from a session to the store, and what is told when it has arrived.
 *
 * A session may be changed again while its last change is still being synced: the store keeps the order.  Whoever asks
 * for something that such a change decided rides along with it (riders) and is answered when it is durable.
 */
#include <stdlib.h>
#include <string.h>

#include "core/session.h"

enum { RETRY_MS = 1000, KEEP_BYTES = 64 << 10 /* of a text that a change keeps for the next */ };

static void change_done(struct commit *commit, enum store_result result);

struct change *change_begin(struct session *session)
{
    struct arena *arena = session->arena;
    pthread_mutex_lock(&arena->spare_lock);
    struct change *change = arena->spare;
    if (change)
        arena->spare = change->next_free;
    pthread_mutex_unlock(&arena->spare_lock);
    if (!change) {
        change = calloc(1, sizeof *change);
        if (!change)
            abort();
        pool_init(&change->pool, 0);
    }
    change->session = session;
    atomic_fetch_add(&session->refs, 1);
    return change;
}

static void change_free(struct change *change)
{
    struct arena *arena = change->session->arena;
    session_put(change->session);
    pool_reset(&change->pool);
    text_clear(&change->record);
    text_clear(&change->input);
    text_clear(&change->answer);
    if (change->said.cap > KEEP_BYTES)
        text_free(&change->said);
    change->message_count = 0;
    change->ended = false;
    change->riders = NULL;
    memset(&change->commit, 0, sizeof change->commit);
    pthread_mutex_lock(&arena->spare_lock);
    change->next_free = arena->spare;
    arena->spare = change;
    pthread_mutex_unlock(&arena->spare_lock);
}

/* Answers kept under idempotency keys: status, fingerprint, body. ------------------------------------------ */

void kept_encode(const struct request *request, struct text *out)
{
    uint16_t status = (uint16_t)request->status;
    text_put(out, (const char *)&status, sizeof status);
    text_put(out, (const char *)&request->fingerprint, sizeof request->fingerprint);
    text_put_text(out, text_slice(&request->body));
}

bool kept_decode(struct request *request, arena_text answer)
{
    uint16_t status;
    uint64_t fingerprint;
    if (answer.len < sizeof status + sizeof fingerprint)
        return false;
    memcpy(&status, answer.ptr, sizeof status);
    memcpy(&fingerprint, answer.ptr + sizeof status, sizeof fingerprint);
    if (fingerprint != request->fingerprint) {
        request_fail(request, ANSWER_MISUSED_KEY, "IDEMPOTENCY_KEY_REUSED",
                     "this Idempotency-Key was used for another request; use a new key for a new request");
        return true;
    }
    size_t head = sizeof status + sizeof fingerprint;
    request->status = (enum answer)status;
    text_clear(&request->body);
    text_put(&request->body, answer.ptr + head, answer.len - head);
    return true;
}

static void keep(struct session *session, const struct request *request, arena_text answer)
{
    struct kept *kept = malloc(sizeof *kept);
    char *copy = malloc(answer.len);
    if (!kept || !copy)
        abort();
    memcpy(copy, answer.ptr, answer.len);
    memcpy(kept->key, request->key, sizeof kept->key);
    kept->answer = (arena_text){copy, answer.len};
    kept->lsn = UINT64_MAX; /* until it has one */
    kept->older = session->kept;
    session->kept = kept;
    session->kept_count++;
}

void kept_free(struct kept *kept)
{
    while (kept) {
        struct kept *older = kept->older;
        free((char *)kept->answer.ptr);
        free(kept);
        kept = older;
    }
}

/* What the store's tables have need not be kept twice. */
static void kept_trim(struct session *session)
{
    enum { KEPT_MANY = 128 };
    if (session->kept_count < KEPT_MANY)
        return;
    uint64_t settled = store_settled(session->arena->config.store);
    struct kept **slot = &session->kept;
    session->kept_count = 0;
    for (; *slot && (*slot)->lsn > settled; slot = &(*slot)->older)
        session->kept_count++;
    kept_free(*slot);
    *slot = NULL;
}

/* True when this request was answered before; *answered says whether its answer may leave at once. */
bool kept_find(struct session *session, struct request *request, bool *answered)
{
    if (!request->has_key)
        return false;
    bool found = false;
    for (const struct kept *kept = session->kept; kept && !found; kept = kept->older)
        found = memcmp(kept->key, request->key, sizeof kept->key) == 0 && kept_decode(request, kept->answer);
    if (!found && session->stored) {
        struct pool pool;
        arena_text answer;
        pool_init(&pool, 0);
        found =
            store_answer(session->arena->config.store, request->key, &pool, &answer) && kept_decode(request, answer);
        pool_finish(&pool);
    }
    if (found)
        *answered = answer_after(session, request);
    return found;
}

/* Under way. ----------------------------------------------------------------------------------------------- */

static void ride(struct change *change, struct request *request)
{
    request->next = change->riders;
    change->riders = request;
}

bool answer_after(struct session *session, struct request *request)
{
    if (!session->inflight)
        return true;
    ride(session->newest, request);
    return false;
}

static void fill_commit(struct change *change, struct session *session, const struct request *request)
{
    struct commit *commit = &change->commit;
    record_encode(session, &change->record);
    *commit = (struct commit){
        .session = session->serial,
        .after = session->lsn,
        .record = text_slice(&change->record),
        .id = session_id(session),
        .type = text_of(session->type),
        .status = (uint8_t)session->status,
        .created_ms = session->created_ms,
        .wake_ms = session->wake_ms,
        .message_count = change->message_count,
        .messages = change->messages,
        .done = change_done,
        .owner = change,
    };
    if (change->input.len) {
        commit->input_number = session->inputs - 1;
        commit->input = text_slice(&change->input);
    }
    if (!session->lsn && !session->stored && session->invite_count) {
        arena_text *names = pool_alloc(&change->pool, session->invite_count * sizeof *names);
        for (uint32_t i = 0; i < session->invite_count; i++)
            names[i] = text_of(session->invite[i].code);
        commit->names = names;
        commit->name_count = session->invite_count;
    }
    if (request && request->has_key) {
        kept_encode(request, &change->answer);
        memcpy(commit->answer_key, request->key, sizeof commit->answer_key);
        commit->answer = text_slice(&change->answer);
        keep(session, request, commit->answer);
    }
}

/* Who played, each once. */
static uint32_t gather_tags(struct change *change)
{
    const struct session *session = change->session;
    uint32_t count = 0;
    for (uint32_t i = 0; i < session->seats; i++) {
        arena_text user = text_of(session->seat[i].user);
        bool again = !user.len;
        for (uint32_t k = 0; k < count; k++)
            again |= text_equal(change->tags[k], user);
        if (!again)
            change->tags[count++] = user;
    }
    return count;
}

/* The numbers of ends must grow in the order in which the store has them. */
static void submit_end(struct change *change)
{
    struct session *session = change->session;
    struct arena *arena = session->arena;
    change->commit.tags = change->tags;
    change->commit.tag_count = gather_tags(change);
    pthread_mutex_lock(&arena->end_lock);
    change->commit.end_number = ++arena->last_end;
    session->lsn = store_submit(arena->config.store, &change->commit);
    pthread_mutex_unlock(&arena->end_lock);
}

/* Hands the change to the store.  The session's lock is held, so that its changes get there in order. */
void change_commit(struct change *change, struct request *request)
{
    struct session *session = change->session;
    session->activity_ms = now_ms(session->arena);
    session_wake(session);
    fill_commit(change, session, request);
    for (int i = 0; i < CHANNELS; i++)
        change->upto[i] = session->channel[i].last;
    change->status = session->status;
    if (request)
        ride(change, request);
    session->inflight++;
    session->newest = change;
    if (session->armed_ms != session->wake_ms) {
        session->armed_ms = session->wake_ms;
        alarm_session(session->arena, session->serial, session->wake_ms);
    }
    atomic_fetch_add(&session->arena->count.commits, 1);
    if (change->ended)
        submit_end(change);
    else
        session->lsn = store_submit(session->arena->config.store, &change->commit);
    if (request && request->has_key)
        session->kept->lsn = session->lsn;
}

/* Removes the session with all it has.  The lock is held; the session must be marked dead. */
void change_erase(struct change *change, struct request *request)
{
    struct session *session = change->session;
    change->commit = (struct commit){
        .session = session->serial, .after = session->lsn, .erase = true, .done = change_done, .owner = change};
    ride(change, request);
    session->inflight++;
    session->newest = change;
    atomic_fetch_add(&session->arena->count.commits, 1);
    session->lsn = store_submit(session->arena->config.store, &change->commit);
}

/* Arrived. ------------------------------------------------------------------------------------------------- */

static struct event **gather_events(struct change *change, const uint32_t told[CHANNELS], size_t *count)
{
    struct session *session = change->session;
    struct arena *arena = session->arena;
    size_t max = 2;
    struct text *name = &change->said; /* which is of no more use */
    bool heard[CHANNELS];
    for (int i = 0; i < CHANNELS; i++) {
        text_clear(name);
        channel_name(session, i, name);
        heard[i] =
            arena->config.publish && (!arena->config.heard || arena->config.heard(arena->config.ctx, text_slice(name)));
        max += heard[i] ? change->upto[i] - told[i] : 0;
    }
    *count = 0;
    if (!heard[0] && !heard[1])
        return NULL;
    struct event **events = calloc(max, sizeof(struct event *));
    if (!events)
        abort();
    for (int i = 0; i < CHANNELS; i++)
        for (uint32_t index = told[i] + 1; heard[i] && index <= change->upto[i]; index++)
            events[(*count)++] = event_message(session, i, index);
    for (int i = 0; i < CHANNELS; i++)
        if (heard[i] && change->ended)
            events[(*count)++] = event_end(session, i);
    return events;
}

/* Long polls whose channel got something: their answers are written, and they are taken off the list. */
static struct request *gather_waiters(struct session *session)
{
    struct request *ready = NULL;
    for (int i = 0; i < CHANNELS; i++) {
        struct request **slot = &session->channel[i].waiters;
        while (*slot) {
            struct request *request = *slot;
            if (request->as.sync.from > session->channel[i].durable) {
                slot = &request->next;
                continue;
            }
            *slot = request->next;
            sync_answer(request);
            request->next = ready;
            ready = request;
        }
    }
    return ready;
}

static void answer_all(struct request *request, enum store_result result)
{
    while (request) {
        struct request *next = request->next;
        if (result == STORE_FULL)
            request_fail(request, ANSWER_BUSY, "STORE_FULL", "the disk is full: nothing was changed, try again later");
        else if (result != STORE_OK)
            request_fail(request, ANSWER_BUSY, "STORE_FAILED",
                         "the change could not be kept: nothing was changed, try again");
        request->done(request);
        request = next;
    }
}

static void change_kept(struct change *change)
{
    struct session *session = change->session;
    struct arena *arena = session->arena;
    uint32_t told[CHANNELS];
    size_t event_count;
    atomic_store(&arena->durable_lsn, change->commit.lsn); /* changes arrive in order, one at a time */
    pthread_mutex_lock(&session->lock);
    session->inflight--;
    if (session->newest == change)
        session->newest = NULL;
    session->stored = true;
    session->durable_lsn = change->commit.lsn;
    for (int i = 0; i < CHANNELS; i++) {
        told[i] = session->channel[i].durable;
        channel_kept(&session->channel[i], change->upto[i], change->commit.lsn);
    }
    session->durable_status = change->status;
    struct event **events = gather_events(change, told, &event_count);
    struct request *waiters = gather_waiters(session);
    struct request *riders = change->riders;
    for (int i = 0; i < CHANNELS; i++)
        channel_trim(session, &session->channel[i]);
    kept_trim(session);
    pthread_mutex_unlock(&session->lock);
    if (change->ended) /* before anybody is told of the end */
        boards_game(&arena->boards, session, change->commit.end_number);
    for (size_t i = 0; i < event_count; i++)
        arena->config.publish(arena->config.ctx, events[i]);
    free(events);
    for (struct request *waiter = waiters; waiter; waiter = waiter->next)
        atomic_fetch_sub(&arena->count.waiting, 1);
    answer_all(riders, STORE_OK);
    answer_all(waiters, STORE_OK);
}

/* What memory has is ahead of the disk: nobody may build on it. */
static void change_lost(struct change *change, enum store_result result)
{
    struct session *session = change->session;
    pthread_mutex_lock(&session->lock);
    session->inflight--;
    session->dead = true;
    if (session->newest == change)
        session->newest = NULL;
    struct request *riders = change->riders;
    pthread_mutex_unlock(&session->lock);
    alarm_session(session->arena, session->serial, now_ms(session->arena) + RETRY_MS);
    answer_all(riders, result);
}

/* Gone, or, when the store could not, to be loaded again by whoever asks next. */
static void change_erased(struct change *change, enum store_result result)
{
    struct session *session = change->session;
    pthread_mutex_lock(&session->lock);
    session->inflight--;
    session->newest = NULL;
    if (result == STORE_OK) {
        session->gone = true;
        session->durable_lsn = change->commit.lsn;
    }
    struct request *riders = change->riders;
    pthread_mutex_unlock(&session->lock);
    if (result != STORE_OK)
        alarm_session(session->arena, session->serial, now_ms(session->arena) + RETRY_MS);
    answer_all(riders, result);
}

static void change_done(struct commit *commit, enum store_result result)
{
    struct change *change = commit->owner;
    atomic_fetch_sub(&change->session->arena->count.commits, 1);
    if (commit->erase)
        change_erased(change, result);
    else if (result == STORE_OK)
        change_kept(change);
    else
        change_lost(change, result);
    change_free(change);
}
