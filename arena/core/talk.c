/* talk.c - chat, and reading channels: at once, or when something comes (long polls). */
#include <string.h>

#include "core/session.h"

/* Chat. ---------------------------------------------------------------------------------------------------- */

static bool chat_step(struct request *request)
{
    struct session *session = request->session;
    int channel = request->as.chat.channel;
    bool answered;
    if (kept_find(session, request, &answered))
        return answered;
    struct change *change = change_begin(session);
    arena_text to = request->as.chat.to;
    channel_say(change, channel, request->as.chat.from, to.len ? &to : NULL, request->as.chat.content,
                now_ms(request->arena));
    struct text *out = &request->body;
    request->status = ANSWER_OK;
    text_clear(out);
    text_lit(out, "{\"index\":");
    text_int(out, session->channel[channel].last);
    text_lit(out, ",\"channel\":\"");
    if (channel == CHANNEL_GAME)
        text_lit(out, GAME_PREFIX);
    text_json_escaped(out, session_id(session));
    text_lit(out, "\",\"from\":");
    text_json_string(out, request->as.chat.from);
    text_lit(out, ",\"to\":");
    if (to.len)
        text_json_string(out, to);
    else
        text_lit(out, "null");
    text_put_char(out, '}');
    atomic_fetch_add(&request->arena->count.chats, 1);
    change_commit(change, request);
    return false;
}

bool arena_chat(struct arena *arena, struct request *request, arena_text name, arena_text from, arena_text to,
                arena_text content)
{
    if (content_refused(arena, request, from, content))
        return true;
    if (name.len == 0 || name.len > NAME_MAX_BYTES || to.len > NAME_MAX_BYTES)
        return request_failf(request, ANSWER_INVALID, "INVALID_CHANNEL", "a channel's name has 1 to %d bytes",
                             NAME_MAX_BYTES);
    struct session *session = session_of_channel(arena, name, true, &request->as.chat.channel);
    if (!session)
        return request_fail(
            request, ANSWER_INVALID, "INVALID_CHANNEL",
            "this is not a channel but an invite, or a name that the arena keeps to itself: players chat "
            "on the session's id");
    request->as.chat.from = from;
    request->as.chat.to = to;
    request->as.chat.content = content;
    bool answered = session_enter(session, request, chat_step);
    session_put(session);
    return answered;
}

/* Sync. ---------------------------------------------------------------------------------------------------- */

void sync_answer(struct request *request)
{
    struct text *out = &request->body, viewer = {0};
    request->status = ANSWER_OK;
    text_clear(out);
    text_json_escaped(&viewer, request->as.sync.viewer);
    text_lit(out, "{\"messages\":[");
    uint32_t count = 0;
    if (request->session)
        count =
            channel_write(request->session, request->as.sync.channel, request->as.sync.from, text_slice(&viewer), out);
    text_lit(out, "],\"count\":");
    text_int(out, count);
    text_put_char(out, '}');
    text_free(&viewer);
}

/* Waits for a message that is not there yet, or for the next look at who waits; with the session's lock. */
static void wait_for_more(struct arena *arena, struct request *request, struct session *session, int64_t wait_ms)
{
    struct channel *channel = &session->channel[request->as.sync.channel];
    request->as.sync.until_ms = now_ms(arena) + wait_ms;
    request->as.sync.look_ms = wait_look(arena, request->as.sync.until_ms);
    request->next = channel->waiters;
    channel->waiters = request;
    atomic_fetch_add(&arena->count.waiting, 1);
    alarm_wait(arena, session, request->as.sync.look_ms);
}

bool arena_sync(struct arena *arena, struct request *request, arena_text name, uint32_t from, arena_text viewer,
                int64_t wait_ms)
{
    request->arena = arena;
    request->as.sync.viewer = viewer;
    request->as.sync.from = from < 1 ? 1 : from;
    bool waits = wait_ms > 0 && !atomic_load(&arena->draining) && name.len && name.len <= NAME_MAX_BYTES;
    struct session *session = session_of_channel(arena, name, waits, &request->as.sync.channel);
    request->session = session;
    if (!session) {
        sync_answer(request);
        return true;
    }
    pthread_mutex_lock(&session->lock);
    bool there = request->as.sync.from <= session->channel[request->as.sync.channel].durable;
    bool ended = session->durable_status == STATUS_ENDED && request->as.sync.channel == CHANNEL_GAME;
    waits = waits && !there && !ended && !atomic_load(&session->dead);
    if (waits && atomic_load(&arena->count.waiting) >= arena->config.waits_max) {
        waits = false;
        shed(arena, request, SHED_WAITS);
    } else if (waits)
        wait_for_more(arena, request, session, wait_ms);
    else
        sync_answer(request);
    pthread_mutex_unlock(&session->lock);
    session_put(session);
    return !waits;
}
