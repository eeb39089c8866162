/*
 * turn.c - one request at a time enters a session; the operator plays its turn; the reply becomes a change.
 *
 * An operator in this process answers at once.  One in a worker answers later, from a thread of the host's: until then
 * the session is busy and who comes queues up.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/session.h"

/* Entering. ------------------------------------------------------------------------------------------------ */

static bool run_step(struct request *request)
{
    if (request->session->dead)
        return request_fail(request, ANSWER_BUSY, "STORE_FAILED",
                            "the session's last change could not be kept: try again");
    return request->step(request);
}

bool session_enter(struct session *session, struct request *request, bool (*step)(struct request *))
{
    request->session = session;
    request->step = step;
    pthread_mutex_lock(&session->lock);
    bool answered = false;
    struct arena *arena = session->arena;
    if (session->busy && session->waiting_count >= arena->config.queue_max && request->owner) {
        answered = shed(arena, request, SHED_SESSION); /* the clock has no owner, and is let in */
    } else if (session->busy) {
        request->next = NULL;
        *session->waiting_end = request;
        session->waiting_end = &request->next;
        session->waiting_count++;
        atomic_fetch_add(&arena->count.queued, 1);
    } else {
        answered = run_step(request);
    }
    pthread_mutex_unlock(&session->lock);
    return answered;
}

/* Lets the queue in until one makes the session busy again.  Returns those that are answered. */
static struct request *let_in(struct session *session)
{
    struct request *answered = NULL;
    while (!session->busy && session->waiting) {
        struct request *request = session->waiting;
        session->waiting = request->next;
        session->waiting_count--;
        atomic_fetch_sub(&session->arena->count.queued, 1);
        if (!session->waiting)
            session->waiting_end = &session->waiting;
        if (run_step(request)) {
            request->next = answered;
            answered = request;
        }
    }
    return answered;
}

/* A worker's turn is over. */
static void turn_done(struct turn *turn)
{
    struct request *request = turn->owner;
    struct session *session = request->session;
    pthread_mutex_lock(&session->lock);
    session->busy = false;
    struct request *answered = NULL;
    bool own = session->dead ? request_fail(request, ANSWER_BUSY, "STORE_FAILED",
                                            "the session's last change could not be kept: try again")
                             : request->step(request);
    if (own) {
        request->next = NULL;
        answered = request;
    }
    struct request *more = let_in(session);
    pthread_mutex_unlock(&session->lock);
    if (answered)
        answered->done(answered);
    while (more) {
        struct request *next = more->next;
        more->done(more);
        more = next;
    }
    struct arena *arena = session->arena;
    session_put(session);
    atomic_fetch_sub(&arena->turns_out, 1);
}

/* Runs the operator for a request that is in its session; `after` goes on with the reply in request->turn. */
bool turn_run(struct request *request, enum turn_kind kind, int32_t player, arena_text method, arena_text content,
              bool (*after)(struct request *))
{
    struct session *session = request->session;
    if (!session->op)
        return request_fail(
            request, ANSWER_FAILED, "OPERATOR_MISSING",
            "the operator of this challenge is not loaded on this server: the session waits until it is");
    struct turn *turn = &request->turn;
    pool_reset(&turn->pool);
    turn->op = session->op;
    turn->owner = request;
    turn->done = turn_done;
    turn->request = (struct turn_request){
        .kind = kind,
        .player = player,
        .seats = session->seats,
        .joined = session->joined,
        .turn = session->turn,
        .now_ms = now_ms(session->arena),
        .state_version = session->state_version,
        .state = text_slice(&session->state),
        .method = method,
        .content = content,
        .data = text_slice(&session->data),
    };
    memcpy(turn->request.seed, session->seed, sizeof session->seed);
    for (uint32_t i = 0; i < session->seats; i++)
        if (session->seat[i].taken)
            turn->request.handles[i] = text_of(session->seat[i].handle);
    atomic_fetch_add(&session->arena->turns_out, 1);
    if (host_run(turn)) {
        atomic_fetch_sub(&session->arena->turns_out, 1);
        return after(request);
    }
    request->step = after;
    session->busy = true;
    atomic_fetch_add(&session->refs, 1); /* turn_done gives it back */
    return false;
}

bool turn_refused(struct request *request)
{
    const struct turn_reply *reply = &request->turn.reply;
    struct arena *arena = request->session->arena;
    switch (reply->outcome) {
    case TURN_REJECTED:
        atomic_fetch_add(&arena->count.rejected, 1);
        request_failf(request, ANSWER_INVALID, reply->code, "%.*s", reply->reason.len ? (int)reply->reason.len : 7,
                      reply->reason.len ? reply->reason.ptr : "refused");
        return answer_after(request->session, request);
    case TURN_BUSY: return shed(arena, request, SHED_OPERATOR);
    default:
        atomic_fetch_add(&arena->count.faults, 1);
        return request_fail(request, ANSWER_FAILED, "OPERATOR_FAILED",
                            "the operator failed in this turn: nothing was changed, another move may do");
    }
}

/* From a reply to the session. ----------------------------------------------------------------------------- */

static void apply_say(struct change *change, const struct effect *effect, int64_t now)
{
    struct session *session = change->session;
    arena_text to = {0};
    bool broadcast = effect->to < 0 || (uint32_t)effect->to >= session->seats;
    if (!broadcast)
        to = text_of(session->seat[effect->to].handle);
    channel_say(change, CHANNEL_GAME, ARENA_TEXT("operator"), broadcast ? NULL : &to, effect->text, now);
}

static void apply_blame(struct session *session, const struct effect *effect)
{
    session->blames = realloc(session->blames, (session->blame_count + 1) * sizeof *session->blames);
    if (!session->blames)
        abort();
    struct blame *blame = &session->blames[session->blame_count++];
    *blame = (struct blame){.from = (uint32_t)effect->from, .to = (uint32_t)effect->to};
    size_t len = effect->name.len < sizeof blame->type ? effect->name.len : sizeof blame->type - 1;
    memcpy(blame->type, effect->name.ptr, len);
}

/* A seat is asked anew when it acted, when the clock moved the game on, or when it was not asked before. */
static void apply_active(struct session *session, const struct turn *turn)
{
    for (uint32_t i = 0; i < session->seats; i++) {
        bool asked = turn->reply.active >> i & 1, was = session->active >> i & 1;
        bool acted = turn->request.kind == TURN_MESSAGE && turn->request.player == (int32_t)i;
        if (asked && (!was || acted || turn->request.kind == TURN_TIMER))
            session->seat[i].token = session->turn;
    }
    session->active = turn->reply.active;
}

void session_end(struct change *change)
{
    struct session *session = change->session;
    session->status = STATUS_ENDED;
    session->category = users_category(&session->arena->users, session);
    session->completed_ms = now_ms(session->arena);
    session->active = 0;
    memset(session->timers, 0, sizeof session->timers);
    change->ended = true;
}

/* The turn becomes part of the session: state, messages, deadlines, blames, the end. */
void turn_apply(struct change *change, const struct turn *turn)
{
    struct session *session = change->session;
    const struct turn_reply *reply = &turn->reply;
    text_clear(&session->state);
    text_put_text(&session->state, reply->state);
    session->state_version = reply->state_version;
    session->turn++;
    apply_active(session, turn);
    for (uint32_t i = 0; i < reply->effect_count; i++) {
        const struct effect *effect = &reply->effects[i];
        if (effect->kind == EFFECT_SAY)
            apply_say(change, effect, turn->request.now_ms);
        else if (effect->kind == EFFECT_BLAME)
            apply_blame(session, effect);
        else if (effect->kind == EFFECT_DEADLINE && effect->to >= 0 && effect->to < HOST_TIMERS_MAX)
            session->timers[effect->to] = effect->at_ms;
    }
    if (reply->finished) {
        memcpy(session->scores, reply->scores, session->seats * sizeof *session->scores);
        session_end(change);
    }
}

/* The journal: what replay needs to play the turn again, and the digest that says it went the same way. */
void journal_entry(struct change *change, const struct turn_request *turn, arena_text handle)
{
    struct session *session = change->session;
    uint8_t digest[16];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)session->state.ptr, session->state.len, NULL, 0);
    struct text *out = &change->input;
    text_reserve(out, turn->method.len + turn->content.len + handle.len + 64);
    uint8_t head[1 + 4 + 8 + 16];
    head[0] = (uint8_t)turn->kind;
    memcpy(head + 1, &turn->player, 4); /* little-endian hosts only, as stated in store/ */
    memcpy(head + 5, &turn->now_ms, 8);
    memcpy(head + 13, digest, 16);
    text_put(out, (const char *)head, sizeof head);
    const arena_text parts[] = {turn->method, turn->content, handle};
    for (int i = 0; i < 3; i++) {
        uint32_t len = (uint32_t)parts[i].len;
        text_put(out, (const char *)&len, 4);
        text_put_text(out, parts[i]);
    }
    session->inputs++;
}

/* The next turn finds this one's memory still warm: a request waits for its commit with nothing of it. */
void turn_release(struct request *request)
{
    pool_reset(&request->turn.pool);
    request->turn.reply = (struct turn_reply){0};
}

/* When somebody must look after the session although nobody asks for it. */
void session_wake(struct session *session)
{
    const struct arena *arena = session->arena;
    session->wake_ms = 0;
    if (!arena || session->lobby)
        return;
    int64_t wake = INT64_MAX;
    if (session->status == STATUS_OPEN)
        wake = session->activity_ms + arena->config.open_age_ms;
    if (session->status == STATUS_ACTIVE && arena->config.idle_age_ms)
        wake = session->activity_ms + arena->config.idle_age_ms;
    for (int i = 0; session->status == STATUS_ACTIVE && i < HOST_TIMERS_MAX; i++)
        if (session->timers[i] && session->timers[i] < wake)
            wake = session->timers[i];
    session->wake_ms = wake == INT64_MAX ? 0 : wake;
}
