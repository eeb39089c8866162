/*
 * api_play.c - playing and talking: join, message, chat, sync, streams.
 */
#include "http/auth.h"

enum { WAIT_MAX_MS = 60000 };

enum { JOIN_INVITE, JOIN_USER };
const struct field join_fields[] = {
    {"invite", JSON_STRING, false, "the invite whose seat is taken"},
    {"userId", JSON_STRING, true, "who joins; told to nobody before the end"},
    {"publicKey", JSON_STRING, true, "in auth mode: the Ed25519 key, SPKI DER in hex"},
    {"signature", JSON_STRING, true, "in auth mode: of arena:v1:join:{invite}:{timestamp}, in hex"},
    {"timestamp", JSON_REAL, true, "in auth mode: Unix time of the signature, in milliseconds"},
    {0},
};

enum { MESSAGE_SESSION, MESSAGE_CONTENT, MESSAGE_METHOD, MESSAGE_TURN };
const struct field message_fields[] = {
    {"challengeId", JSON_STRING, false, "the session"},
    {"content", JSON_STRING, false, "of the move"},
    {"messageType", JSON_STRING, true, "one of the challenge's methods"},
    {"turn", JSON_INT, true, "the turn it is meant for, as the actions tell it; any other is refused"},
    {0},
};

enum { CHAT_CHANNEL, CHAT_CONTENT, CHAT_TO };
const struct field chat_fields[] = {
    {"channel", JSON_STRING, false, "any name; a session's id is its players' chat"},
    {"content", JSON_STRING, false, "of the message"},
    {"to", JSON_STRING, true, "the only one who shall read it, beside the sender"},
    {0},
};

bool api_join(struct exchange *ex)
{
    arena_text invite = exchange_text(ex, JOIN_INVITE), user = exchange_text(ex, JOIN_USER);

    ex->complete = auth_joined;
    if (ex->site->auth)
        return auth_join(ex);
    if (exchange_is_reserved(user))
        return exchange_reserved(ex);
    if (!exchange_key(ex, invite))
        return true;
    return arena_join(ex->site->arena, &ex->request, invite, user);
}

/* Who acts; false when nobody or somebody reserved, and the request is answered. */
static bool actor(struct exchange *ex, arena_text *from)
{
    if (!exchange_identity(ex, from))
        return false;
    if (!from->len)
        return !exchange_invalid(ex, "from is required");
    return exchange_key(ex, *from);
}

bool api_message(struct exchange *ex)
{
    arena_text from;
    int64_t token = -1;

    if (!actor(ex, &from))
        return true;
    const struct json_member *turn = ex->member[MESSAGE_TURN];
    if (turn && (!json_int(turn, &token) || token < 0))
        return exchange_invalid(ex, "turn must be the whole number that the actions told, or left out");
    return arena_message(ex->site->arena, &ex->request, exchange_text(ex, MESSAGE_SESSION), from,
                         exchange_text(ex, MESSAGE_METHOD), exchange_text(ex, MESSAGE_CONTENT), token);
}

bool api_chat_send(struct exchange *ex)
{
    arena_text from;

    if (!actor(ex, &from))
        return true;
    return arena_chat(ex->site->arena, &ex->request, exchange_text(ex, CHAT_CHANNEL), from, exchange_text(ex, CHAT_TO),
                      exchange_text(ex, CHAT_CONTENT));
}

/* No index can be reached: an empty answer, as for a channel without messages. */
static bool no_messages(struct exchange *ex)
{
    text_lit(&ex->request.body, "{\"messages\":[],\"count\":0}");
    return exchange_ok(ex);
}

static bool sync_channel(struct exchange *ex, arena_text channel)
{
    arena_text viewer;
    double index;

    if (!exchange_identity(ex, &viewer))
        return true;
    if (!channel.len || !query_number(ex, "index", &index) || index > UINT32_MAX)
        return no_messages(ex);
    int64_t wait = query_int(ex, "wait", 0);
    wait = wait < 0 ? 0 : wait > WAIT_MAX_MS ? WAIT_MAX_MS : wait;
    return arena_sync(ex->site->arena, &ex->request, channel, index < 0 ? 0 : (uint32_t)index, viewer, wait);
}

bool api_chat_sync(struct exchange *ex)
{
    arena_text channel;

    if (!query_get(ex, "channel", &channel))
        return exchange_invalid(ex, "Required");
    return sync_channel(ex, channel);
}

/* The operator's channel of a session: both the bare id and the channel's stored name are understood. */
bool api_sync(struct exchange *ex)
{
    static const char prefix[] = "challenge_";
    arena_text channel;

    if (!query_get(ex, "channel", &channel))
        return exchange_invalid(ex, "Required");
    if (channel.len && !text_starts(channel, text_of(prefix))) {
        size_t len = sizeof prefix - 1 + channel.len;
        char *name = pool_alloc(&ex->pool, len);
        if (!name)
            return exchange_refuse(ex, 413, NULL, "The request is too large");
        memcpy(name, prefix, sizeof prefix - 1);
        memcpy(name + sizeof prefix - 1, channel.ptr, channel.len);
        channel = (arena_text){name, len};
    }
    return sync_channel(ex, channel);
}

/* The server opens the stream when this has named it. */
bool api_stream(struct exchange *ex)
{
    arena_text last;

    if (!exchange_identity(ex, &ex->viewer))
        return true;
    if (!ex->last_event_id && query_get(ex, "lastEventId", &last)) {
        int64_t after = query_int(ex, "lastEventId", 0);
        ex->last_event_id = after < 0 || after > UINT32_MAX ? 0 : (uint32_t)after;
    }
    ex->channel = ex->param;
    ex->type = "text/event-stream";
    return exchange_ok(ex);
}
