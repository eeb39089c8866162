/* join.c - invites: looking one up, announcing one, and taking its seat. */
#include <stdlib.h>
#include <string.h>

#include "core/must.h"
#include "core/session.h"

static struct invite *find_invite(struct session *session, arena_text code)
{
    for (uint32_t i = 0; session && i < session->invite_count; i++)
        if (text_equal(code, text_of(session->invite[i].code)))
            return &session->invite[i];
    return NULL;
}

static bool unknown_invite(struct request *request, enum answer status, arena_text code)
{
    int len = code.len > NAME_MAX_BYTES ? NAME_MAX_BYTES : (int)code.len;
    return request_failf(request, status, NULL, "Challenge not found for invite: %.*s", len, code.ptr);
}

/* Joining. ------------------------------------------------------------------------------------------------- */

static int32_t free_seat(const struct session *session)
{
    for (uint32_t i = 0; i < session->seats; i++)
        if (!session->seat[i].taken)
            return (int32_t)i;
    return -1;
}

static void leave_seat(struct session *session, struct seat *seat)
{
    free(seat->user);
    *seat = (struct seat){0};
    session->joined--;
}

static bool join_after(struct request *request)
{
    struct session *session = request->session;
    const struct turn *turn = &request->turn;
    struct seat *seat = &session->seat[request->as.join.seat];
    if (turn->reply.outcome != TURN_OK) {
        leave_seat(session, seat);
        return turn_refused(request);
    }
    struct change *change = change_begin(session);
    session->invite[request->as.join.slot].used = true;
    turn_apply(change, turn);
    if (session->joined == session->seats && session->status == STATUS_OPEN)
        session->status = STATUS_ACTIVE;
    journal_entry(change, &turn->request, text_of(seat->handle));
    request->status = ANSWER_OK;
    text_clear(&request->body);
    text_lit(&request->body, "{\"ChallengeID\":");
    text_json_string(&request->body, session_id(session));
    text_lit(&request->body, ",\"ChallengeInfo\":");
    text_put_text(&request->body, host_info(session->op).metadata);
    text_put_char(&request->body, '}');
    atomic_fetch_add(&session->arena->count.joined, 1);
    turn_release(request);
    change_commit(change, request);
    return false;
}

static bool join_step(struct request *request)
{
    struct session *session = request->session;
    bool answered;
    if (kept_find(session, request, &answered))
        return answered;
    struct invite *invite = find_invite(session, request->as.join.invite);
    int32_t seat = free_seat(session);
    if (!invite)
        return unknown_invite(request, ANSWER_INVALID, request->as.join.invite);
    if (invite->used || seat < 0) {
        request_fail(request, ANSWER_INVALID, "INVITE_ALREADY_USED", "This invite has already been used.");
        return answer_after(session, request);
    }
    request->as.join.slot = (uint32_t)(invite - session->invite);
    request->as.join.seat = (uint32_t)seat;
    struct seat *taken = &session->seat[seat];
    memcpy(taken->handle, invite->code, sizeof taken->handle);
    taken->taken = true;
    if (request->as.join.user.len)
        taken->user = must_copy(request->as.join.user);
    session->joined++;
    arena_text none = {"", 0};
    return turn_run(request, TURN_JOIN, seat, none, none, join_after);
}

bool arena_join(struct arena *arena, struct request *request, arena_text invite, arena_text user)
{
    request->arena = arena;
    if (atomic_load(&arena->draining))
        return request_fail(request, ANSWER_BUSY, "SHUTTING_DOWN", SHUTTING_DOWN);
    if (user.len > USER_MAX_BYTES || (user.len && memchr(user.ptr, 0, user.len)))
        return request_failf(request, ANSWER_INVALID, "INVALID_USER", "userId may have at most %d bytes and no NUL",
                             USER_MAX_BYTES);
    if (commits_full(arena, request))
        return true;
    struct session *session = session_find(arena, invite);
    bool answered;
    if (!find_invite(session, invite)) {
        answered = unknown_invite(request, ANSWER_INVALID, invite);
    } else {
        request->as.join.invite = invite;
        request->as.join.user = user;
        answered = session_enter(session, request, join_step);
    }
    session_put(session);
    return answered;
}

bool arena_seated(struct arena *arena, arena_text invite, struct text *session, uint32_t *seat)
{
    struct session *found = session_find(arena, invite);
    if (!found)
        return false;
    pthread_mutex_lock(&found->lock);
    int32_t number = seat_of(found, invite);
    if (number >= 0) {
        *seat = (uint32_t)number;
        text_put_text(session, session_id(found));
    }
    pthread_mutex_unlock(&found->lock);
    session_put(found);
    return number >= 0;
}

bool arena_handle(struct arena *arena, arena_text session, uint32_t seat, struct text *invite)
{
    struct session *found = session_find(arena, session);
    if (!found)
        return false;
    pthread_mutex_lock(&found->lock);
    bool plays = seat < found->seats && found->seat[seat].taken && !found->seat[seat].house;
    if (plays)
        text_puts(invite, found->seat[seat].handle);
    pthread_mutex_unlock(&found->lock);
    session_put(found);
    return plays;
}

/* Looking up, announcing. ---------------------------------------------------------------------------------- */

static bool invite_used(struct request *request, arena_text code)
{
    request_failf(request, ANSWER_CONFLICT, NULL, "Invite already used: %.*s", (int)code.len, code.ptr);
    return answer_after(request->session, request);
}

static bool look_step(struct request *request)
{
    struct session *session = request->session;
    arena_text code = request->as.join.invite;
    const struct invite *invite = find_invite(session, code);
    if (invite->used || invite->claimed)
        return invite_used(request, code);
    request->status = ANSWER_OK;
    text_clear(&request->body);
    challenge_json(&request->body, session, INVITES_ONE, code, ARENA_TEXT("{}")); /* who has it may see it */
    return answer_after(session, request);
}

bool arena_invite(struct arena *arena, struct request *request, arena_text invite)
{
    request->arena = arena;
    struct session *session = session_find(arena, invite);
    request->as.join.invite = invite;
    bool answered = find_invite(session, invite) ? session_enter(session, request, look_step)
                                                 : unknown_invite(request, ANSWER_UNKNOWN, invite);
    session_put(session);
    return answered;
}

static bool claim_step(struct request *request)
{
    struct session *session = request->session;
    bool answered;
    if (kept_find(session, request, &answered))
        return answered;
    struct invite *invite = find_invite(session, request->as.join.invite);
    if (invite->used || invite->claimed)
        return invite_used(request, request->as.join.invite);
    request->status = ANSWER_OK;
    text_clear(&request->body);
    text_lit(&request->body, "{\"success\":true}");
    if (!request->as.join.seat)
        return answer_after(session, request);
    invite->claimed = true;
    change_commit(change_begin(session), request);
    return false;
}

static bool announce_step(struct request *request)
{
    bool answered;
    if (kept_find(request->session, request, &answered))
        return answered;
    struct change *change = change_begin(request->session);
    channel_say(change, CHANNEL_CHAT, ARENA_TEXT("operator"), NULL, request->as.join.invite, now_ms(request->arena));
    request->status = ANSWER_OK;
    text_clear(&request->body);
    text_lit(&request->body, "{\"success\":true}");
    change_commit(change, request);
    return false;
}

/* First the session says whether the invite is free, then the channel `invites` hears of it.  Two commits: an
 * announcement of an invite that is taken meanwhile does no harm, a claim is decided in the session's own commit. */
bool arena_invite_announce(struct arena *arena, struct request *request, arena_text invite, bool claim)
{
    request->arena = arena;
    if (commits_full(arena, request))
        return true;
    struct session *session = session_find(arena, invite);
    request->as.join.invite = invite;
    request->as.join.seat = claim;
    if (!find_invite(session, invite)) {
        session_put(session);
        return unknown_invite(request, ANSWER_UNKNOWN, invite);
    }
    bool answered;
    pthread_mutex_lock(&session->lock);
    const struct invite *found = find_invite(session, invite);
    bool free_now = !found->used && !found->claimed;
    pthread_mutex_unlock(&session->lock);
    if (!free_now || claim) {
        answered = session_enter(session, request, claim_step);
    } else {
        struct session *lobby = session_lobby(arena, ARENA_TEXT("invites"));
        answered = session_enter(lobby, request, announce_step);
        session_put(lobby);
    }
    session_put(session);
    return answered;
}
