/* play.c - a player's move, and what a seat may ask about the game. */
#include <string.h>

#include "core/session.h"

static const arena_text none = {"", 0};

static bool known_method(const struct session *session, arena_text method)
{
    const struct challenge *challenge = challenge_find(session->arena, text_of(session->type));
    for (size_t i = 0; challenge && i < challenge->method_count; i++)
        if (text_equal(method, text_of(challenge->methods[i])))
            return true;
    return false;
}

static void sent(struct request *request)
{
    request->status = ANSWER_OK;
    text_clear(&request->body);
    text_lit(&request->body, "{\"ok\":\"Message sent\"}");
}

/* The move as it stands in the channel: from the player to the operator, "(method) content". */
static void record_move(struct change *change, const struct request *request, int64_t now)
{
    struct text line = {0};
    if (request->as.message.method.len) {
        text_put_char(&line, '(');
        text_put_text(&line, request->as.message.method);
        text_lit(&line, ") ");
    }
    text_put_text(&line, request->as.message.content);
    arena_text to = ARENA_TEXT("operator");
    channel_say(change, CHANNEL_GAME, request->as.message.from, &to, text_slice(&line), now);
    text_free(&line);
}

static bool message_after(struct request *request)
{
    struct session *session = request->session;
    const struct turn *turn = &request->turn;
    if (turn->reply.outcome != TURN_OK)
        return turn_refused(request);
    struct change *change = change_begin(session);
    record_move(change, request, turn->request.now_ms);
    turn_apply(change, turn);
    journal_entry(change, &turn->request, none);
    atomic_fetch_add(&session->arena->count.messages, 1);
    sent(request);
    turn_release(request);
    change_commit(change, request);
    return false;
}

/* The protocol's answer for a game that is not running: accepted, and a private word that nothing came of it. */
static bool not_running(struct request *request)
{
    struct change *change = change_begin(request->session);
    channel_say(change, CHANNEL_GAME, ARENA_TEXT("operator"), &request->as.message.from,
                ARENA_TEXT("ERR_GAME_NOT_RUNNING: Game not running."), now_ms(request->arena));
    sent(request);
    change_commit(change, request);
    return false;
}

static bool refuse(struct request *request, enum answer status, const char *code, const char *error)
{
    atomic_fetch_add(&request->arena->count.rejected, 1);
    request_fail(request, status, code, error);
    return answer_after(request->session, request);
}

static bool message_step(struct request *request)
{
    struct session *session = request->session;
    bool answered;
    if (kept_find(session, request, &answered))
        return answered;
    int32_t seat = seat_of(session, request->as.message.from);
    if (session->status != STATUS_ACTIVE)
        return not_running(request);
    if (seat < 0)
        return refuse(request, ANSWER_INVALID, "PLAYER_NOT_FOUND", "Player not found.");
    arena_text method = request->as.message.method;
    if (!known_method(session, method)) {
        request_failf(request, ANSWER_INVALID, "UNKNOWN_METHOD", "Unknown challenge method: %.*s",
                      method.len ? (int)method.len : 9, method.len ? method.ptr : "undefined");
        return answer_after(session, request);
    }
    if (request->as.message.token >= 0 && request->as.message.token != session->seat[seat].token)
        return refuse(request, ANSWER_CONFLICT, "STALE_TURN",
                      "the game has moved on since this turn: ask for the actions again");
    return turn_run(request, TURN_MESSAGE, seat, method, request->as.message.content, message_after);
}

static bool no_session(struct request *request)
{
    return request_fail(request, ANSWER_UNKNOWN, "UNKNOWN_SESSION",
                        "there is no session with this id: GET /api/challenges lists those there are");
}

/* The session that an operation names; lobbies and invites are none. */
static struct session *find_game(struct arena *arena, arena_text id)
{
    struct session *session = id.len == ID_CHARS ? session_find(arena, id) : NULL;
    if (session && !session->lobby && text_equal(session_id(session), id))
        return session;
    session_put(session);
    return NULL;
}

/* What every message must keep to.  True: it was answered. */
bool content_refused(struct arena *arena, struct request *request, arena_text from, arena_text content)
{
    request->arena = arena;
    if (atomic_load(&arena->draining))
        return request_fail(request, ANSWER_BUSY, "SHUTTING_DOWN", SHUTTING_DOWN);
    if (text_equal(from, ARENA_TEXT("operator")) || text_starts(from, ARENA_TEXT("house:")))
        return request_fail(request, ANSWER_INVALID, "RESERVED_NAME",
                            "this name is the arena's own: players go by their invites");
    if (from.len > NAME_MAX_BYTES)
        return request_failf(request, ANSWER_INVALID, "NAME_TOO_LONG", "a name may have at most %d bytes",
                             NAME_MAX_BYTES);
    if (content.len > arena->config.content_max)
        return request_failf(request, ANSWER_TOO_LARGE, "CONTENT_TOO_LARGE", "content may have at most %u bytes",
                             arena->config.content_max);
    return commits_full(arena, request);
}

bool arena_message(struct arena *arena, struct request *request, arena_text id, arena_text from, arena_text method,
                   arena_text content, int64_t token)
{
    if (content_refused(arena, request, from, content))
        return true;
    if (method.len > NAME_MAX_BYTES)
        return request_fail(request, ANSWER_INVALID, "UNKNOWN_METHOD", "Unknown challenge method: a name this long");
    struct session *session = find_game(arena, id);
    if (!session)
        return request_fail(request, ANSWER_INVALID, NULL, "Challenge not found");
    request->as.message.from = from;
    request->as.message.method = method;
    request->as.message.content = content;
    request->as.message.token = token;
    bool answered = session_enter(session, request, message_step);
    session_put(session);
    return answered;
}

/* Queries. ------------------------------------------------------------------------------------------------- */

static bool query(struct arena *arena, struct request *request, arena_text id, arena_text viewer,
                  bool (*step)(struct request *))
{
    request->arena = arena;
    struct session *session = find_game(arena, id);
    if (!session)
        return no_session(request);
    request->as.query.viewer = viewer;
    bool answered = session_enter(session, request, step);
    session_put(session);
    return answered;
}

static bool view_after(struct request *request)
{
    if (request->turn.reply.outcome != TURN_OK)
        return turn_refused(request);
    request->status = ANSWER_OK;
    text_clear(&request->body);
    text_put_text(&request->body, request->turn.reply.view);
    return answer_after(request->session, request);
}

static bool view_step(struct request *request)
{
    struct session *session = request->session;
    int32_t viewer = seat_of(session, request->as.query.viewer);
    if (session->status == STATUS_ENDED && viewer < 0)
        viewer = ARENA_FULL;
    return turn_run(request, TURN_VIEW, viewer, none, none, view_after);
}

bool arena_view(struct arena *arena, struct request *request, arena_text id, arena_text viewer)
{
    return query(arena, request, id, viewer, view_step);
}

static void put_actions_head(struct text *out, const struct session *session, int32_t seat)
{
    text_lit(out, "{\"status\":\"");
    text_puts(out, status_names[session->status]);
    text_lit(out, "\",\"active\":");
    text_puts(out, session->active >> seat & 1 ? "true" : "false");
    text_lit(out, ",\"turn\":");
    text_int(out, session->seat[seat].token);
    text_lit(out, ",\"actions\":[");
}

static bool actions_after(struct request *request)
{
    const struct turn_reply *reply = &request->turn.reply;
    if (reply->outcome != TURN_OK)
        return turn_refused(request);
    struct text *out = &request->body;
    request->status = ANSWER_OK;
    text_clear(out);
    put_actions_head(out, request->session, request->as.query.seat);
    for (uint32_t i = 0, n = 0; i < reply->effect_count; i++) {
        if (reply->effects[i].kind != EFFECT_OFFER)
            continue;
        text_puts(out, n++ ? ",{\"method\":" : "{\"method\":");
        text_json_string(out, reply->effects[i].name);
        text_lit(out, ",\"content\":");
        text_json_string(out, reply->effects[i].text);
        text_put_char(out, '}');
    }
    text_lit(out, "]}");
    return answer_after(request->session, request);
}

static bool actions_step(struct request *request)
{
    struct session *session = request->session;
    int32_t seat = seat_of(session, request->as.query.viewer);
    if (seat < 0)
        return refuse(request, ANSWER_INVALID, "PLAYER_NOT_FOUND", "Player not found.");
    request->as.query.seat = seat;
    if (session->status == STATUS_ACTIVE)
        return turn_run(request, TURN_ACTIONS, seat, none, none, actions_after);
    request->status = ANSWER_OK;
    text_clear(&request->body);
    put_actions_head(&request->body, session, seat);
    text_lit(&request->body, "]}");
    return answer_after(session, request);
}

bool arena_actions(struct arena *arena, struct request *request, arena_text id, arena_text viewer)
{
    return query(arena, request, id, viewer, actions_step);
}

/* The session with what the operator lets the public see of the game. */
static bool session_after(struct request *request)
{
    const struct turn_reply *reply = &request->turn.reply;
    request->status = ANSWER_OK;
    text_clear(&request->body);
    session_json(&request->body, request->session, reply->outcome == TURN_OK ? reply->view : ARENA_TEXT("{}"));
    return answer_after(request->session, request);
}

static bool session_step(struct request *request)
{
    struct session *session = request->session;
    int32_t viewer = session->status == STATUS_ENDED ? ARENA_FULL : ARENA_ALL;
    if (session->op)
        return turn_run(request, TURN_VIEW, viewer, none, none, session_after);
    request->turn.reply.outcome = TURN_FAILED;
    return session_after(request);
}

bool arena_session(struct arena *arena, struct request *request, arena_text id)
{
    return query(arena, request, id, none, session_step);
}

bool arena_replay(struct arena *arena, struct request *request, arena_text id)
{
    request->arena = arena;
    struct session *session = find_game(arena, id);
    if (!session)
        return no_session(request);
    pthread_mutex_lock(&session->lock);
    bool ended = session->durable_status == STATUS_ENDED;
    pthread_mutex_unlock(&session->lock);
    if (!ended) {
        session_put(session);
        return request_fail(request, ANSWER_CONFLICT, "NOT_ENDED",
                            "a session can be replayed when it has ended: until then ask for its view");
    }
    store_settle(arena->config.store); /* without the session's lock, which the store's thread may want */
    request->status = ANSWER_OK;
    text_clear(&request->body);
    pthread_mutex_lock(&session->lock);
    replay_json(&request->body, session);
    pthread_mutex_unlock(&session->lock);
    session_put(session);
    return true;
}
