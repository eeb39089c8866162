/*
 * clock.c - deadlines: a heap of alarms, earliest first, and what happens when one is due.
 *
 * An idle session costs one entry here and nothing else.  Entries are not searched for: a session's current wake time
 * stands in a table beside the heap, and an entry that does not agree with it any more is dropped when it comes up.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/session.h"

enum { TICK_MAX_MS = 100, TICK_BATCH = 1024, RETRY_MS = 1000, LOOK_MS = 2000 };

int64_t now_ms(const struct arena *arena)
{
    if (arena->config.now_ms)
        return arena->config.now_ms(arena->config.ctx);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The heap. ------------------------------------------------------------------------------------------------ */

static void heap_push(struct alarm_clock *clock, struct alarm alarm)
{
    if (clock->count == clock->cap) {
        clock->cap = clock->cap ? 2 * clock->cap : 64;
        clock->heap = realloc(clock->heap, clock->cap * sizeof *clock->heap);
        if (!clock->heap)
            abort();
    }
    size_t i = clock->count++;
    while (i && clock->heap[(i - 1) / 2].at_ms > alarm.at_ms) {
        clock->heap[i] = clock->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    clock->heap[i] = alarm;
}

static struct alarm heap_pop(struct alarm_clock *clock)
{
    struct alarm top = clock->heap[0], last = clock->heap[--clock->count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < clock->count && clock->heap[child + 1].at_ms < clock->heap[child].at_ms)
            child++;
        if (child >= clock->count || clock->heap[child].at_ms >= last.at_ms)
            break;
        clock->heap[i] = clock->heap[child];
        i = child;
    }
    if (clock->count)
        clock->heap[i] = last;
    return top;
}

/* The table of wake times: linear probing, removal by shifting back. --------------------------------------- */

static size_t home_of(const struct alarm_clock *clock, uint64_t serial)
{
    return (size_t)(serial * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (clock->wake_cap - 1);
}

static struct wake *wake_slot(const struct alarm_clock *clock, uint64_t serial)
{
    size_t i = home_of(clock, serial);
    while (clock->wakes[i].serial && clock->wakes[i].serial != serial)
        i = (i + 1) & (clock->wake_cap - 1);
    return &clock->wakes[i];
}

static void wake_grow(struct alarm_clock *clock)
{
    struct wake *old = clock->wakes;
    size_t old_cap = clock->wake_cap;
    clock->wake_cap = old_cap ? 2 * old_cap : 256;
    clock->wakes = calloc(clock->wake_cap, sizeof *clock->wakes);
    if (!clock->wakes)
        abort();
    for (size_t i = 0; i < old_cap; i++)
        if (old[i].serial)
            *wake_slot(clock, old[i].serial) = old[i];
    free(old);
}

static void wake_remove(struct alarm_clock *clock, struct wake *slot)
{
    size_t mask = clock->wake_cap - 1, hole = (size_t)(slot - clock->wakes), i = hole;
    clock->wake_count--;
    for (;;) {
        i = (i + 1) & mask;
        if (!clock->wakes[i].serial)
            break;
        size_t home = home_of(clock, clock->wakes[i].serial);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            clock->wakes[hole] = clock->wakes[i];
            hole = i;
        }
    }
    clock->wakes[hole].serial = 0;
}

void alarm_session(struct arena *arena, uint64_t serial, int64_t at_ms)
{
    struct alarm_clock *clock = &arena->clock;
    pthread_mutex_lock(&clock->lock);
    if (4 * (clock->wake_count + 1) > 3 * clock->wake_cap)
        wake_grow(clock);
    struct wake *slot = wake_slot(clock, serial);
    if (at_ms && !slot->serial) {
        *slot = (struct wake){serial, at_ms};
        clock->wake_count++;
        heap_push(clock, (struct alarm){.at_ms = at_ms, .serial = serial});
    } else if (at_ms) {
        bool earlier = at_ms < slot->at_ms;
        slot->at_ms = at_ms;
        if (earlier)
            heap_push(clock, (struct alarm){.at_ms = at_ms, .serial = serial});
    } else if (slot->serial) {
        wake_remove(clock, slot);
    }
    pthread_mutex_unlock(&clock->lock);
}

void alarm_wait(struct arena *arena, struct session *session, int64_t at_ms)
{
    atomic_fetch_add(&session->refs, 1);
    pthread_mutex_lock(&arena->clock.lock);
    heap_push(&arena->clock, (struct alarm){.at_ms = at_ms, .session = session});
    pthread_mutex_unlock(&arena->clock.lock);
}

/* Takes the next alarm that is due and still meant. */
static bool next_due(struct alarm_clock *clock, int64_t now, struct alarm *due)
{
    bool found = false;
    pthread_mutex_lock(&clock->lock);
    while (!found && clock->count && clock->heap[0].at_ms <= now) {
        *due = heap_pop(clock);
        if (due->session) {
            found = true;
            break;
        }
        struct wake *slot = clock->wake_cap ? wake_slot(clock, due->serial) : NULL;
        if (!slot || !slot->serial)
            continue;
        if (slot->at_ms > due->at_ms) {
            heap_push(clock, (struct alarm){.at_ms = slot->at_ms, .serial = due->serial});
            continue;
        }
        wake_remove(clock, slot);
        found = true;
    }
    pthread_mutex_unlock(&clock->lock);
    return found;
}

/* What is due. --------------------------------------------------------------------------------------------- */

int64_t wait_look(const struct arena *arena, int64_t until_ms)
{
    int64_t look_ms = now_ms(arena) + LOOK_MS;
    return arena->config.left && look_ms < until_ms ? look_ms : until_ms;
}

/* Whether a wait is over: its time has come, or who waits has gone.  Every wait has one alarm, at its look_ms. */
static bool is_over(struct arena *arena, struct session *session, struct request *request, int64_t now)
{
    if (request->as.sync.until_ms <= now)
        return true;
    if (request->as.sync.look_ms > now)
        return false;
    if (arena->config.left(arena->config.ctx, request)) {
        atomic_fetch_add(&arena->count.left, 1);
        return true;
    }
    request->as.sync.look_ms = wait_look(arena, request->as.sync.until_ms);
    alarm_wait(arena, session, request->as.sync.look_ms);
    return false;
}

static void answer_waits(struct session *session, int64_t now)
{
    struct arena *arena = session->arena;
    struct request *ready = NULL;
    pthread_mutex_lock(&session->lock);
    for (int i = 0; i < CHANNELS; i++)
        for (struct request **slot = &session->channel[i].waiters; *slot;) {
            struct request *request = *slot;
            if (!is_over(arena, session, request, now)) {
                slot = &request->next;
                continue;
            }
            *slot = request->next;
            sync_answer(request);
            request->next = ready;
            ready = request;
        }
    pthread_mutex_unlock(&session->lock);
    while (ready) {
        struct request *next = ready->next;
        atomic_fetch_sub(&arena->count.waiting, 1);
        ready->done(ready);
        ready = next;
    }
    session_put(session);
}

/* Takes a wait out of the heap; its place goes to the last one, and the heap is put in order again at the end. */
static struct session *take_wait(struct alarm_clock *clock)
{
    struct session *session = NULL;
    pthread_mutex_lock(&clock->lock);
    for (size_t i = 0; i < clock->count && !session; i++)
        if (clock->heap[i].session) {
            session = clock->heap[i].session;
            clock->heap[i] = clock->heap[--clock->count];
        }
    pthread_mutex_unlock(&clock->lock);
    return session;
}

static void reorder(struct alarm_clock *clock)
{
    pthread_mutex_lock(&clock->lock);
    size_t count = clock->count;
    clock->count = 0;
    for (size_t i = 0; i < count; i++)
        heap_push(clock, clock->heap[i]);
    pthread_mutex_unlock(&clock->lock);
}

void drain_waits(struct arena *arena)
{
    for (struct session *session; (session = take_wait(&arena->clock));)
        answer_waits(session, INT64_MAX);
    reorder(&arena->clock);
    while (atomic_load(&arena->turns_out)) /* workers have deadlines, so this ends */
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void own_done(struct request *request)
{
    session_put(request->session);
    request_finish(request);
    free(request);
}

/* A request of the arena's own. */
static void enter_self(struct session *session, bool (*step)(struct request *))
{
    struct request *request = malloc(sizeof *request);
    if (!request)
        abort();
    request_init(request, own_done, NULL);
    request->arena = session->arena;
    if (session_enter(session, request, step))
        own_done(request);
}

static void again(struct session *session)
{
    session->armed_ms = now_ms(session->arena) + RETRY_MS;
    alarm_session(session->arena, session->serial, session->armed_ms);
}

static bool timer_after(struct request *request)
{
    struct session *session = request->session;
    const struct turn *turn = &request->turn;
    if (turn->reply.outcome != TURN_OK) {
        atomic_fetch_add(&session->arena->count.faults, 1);
        again(session);
        return true;
    }
    struct change *change = change_begin(session);
    session->timers[turn->request.player] = 0;
    turn_apply(change, turn);
    journal_entry(change, &turn->request, (arena_text){"", 0});
    atomic_fetch_add(&session->arena->count.timers, 1);
    change_commit(change, request);
    return false;
}

static bool prune(struct request *request)
{
    struct session *session = request->session;
    struct change *change = change_begin(session);
    atomic_fetch_add(&session->arena->count.pruned, 1);
    session->dead = true;
    change_erase(change, request);
    return false;
}

static bool abandon(struct request *request)
{
    struct session *session = request->session;
    struct change *change = change_begin(session);
    session->abandoned = true;
    arena_text word = ARENA_TEXT("The session was abandoned: nobody acted for too long.");
    channel_say(change, CHANNEL_GAME, ARENA_TEXT("operator"), NULL, word, now_ms(session->arena));
    session_end(change);
    change_commit(change, request);
    return false;
}

static bool wake_step(struct request *request)
{
    struct session *session = request->session;
    const struct arena *arena = session->arena;
    int64_t now = now_ms(arena);
    session_wake(session);
    session->armed_ms = 0;
    if (!session->wake_ms)
        return true;
    if (session->wake_ms > now) {
        session->armed_ms = session->wake_ms;
        alarm_session(session->arena, session->serial, session->wake_ms);
        return true;
    }
    if (session->status == STATUS_OPEN)
        return prune(request);
    int earliest = -1;
    for (int i = 0; i < HOST_TIMERS_MAX; i++)
        if (session->timers[i] && session->timers[i] <= now &&
            (earliest < 0 || session->timers[i] < session->timers[earliest]))
            earliest = i;
    if (earliest < 0)
        return abandon(request);
    bool answered = turn_run(request, TURN_TIMER, earliest, (arena_text){"", 0}, (arena_text){"", 0}, timer_after);
    if (answered && !session->op)
        again(session);
    return answered;
}

int64_t arena_tick(struct arena *arena)
{
    int64_t now = now_ms(arena);
    struct alarm due;
    for (int i = 0; i < TICK_BATCH && next_due(&arena->clock, now, &due); i++) {
        if (due.session) {
            answer_waits(due.session, now);
            continue;
        }
        struct session *session = session_serial(arena, due.serial);
        if (session)
            enter_self(session, wake_step);
    }
    sessions_evict(arena);
    if (boards_tick(&arena->boards, now, false))
        return now + 1;
    pthread_mutex_lock(&arena->clock.lock);
    int64_t next = arena->clock.count ? arena->clock.heap[0].at_ms : now + TICK_MAX_MS;
    pthread_mutex_unlock(&arena->clock.lock);
    if (next > now + TICK_MAX_MS)
        next = now + TICK_MAX_MS;
    return next > now ? next : now + 1;
}
