/*
 * channel.c - the messages of a session's channels: written once as JSON text, told many times.
 *
 * Who may see a message's content is decided here and nowhere else (message_visible, event_visible): everybody sees a
 * broadcast; sender and recipient see theirs; and after the end everybody sees the game's channel.  All others get
 * the same message without its content.
 */
#include <stdlib.h>
#include <string.h>

#include "core/session.h"

enum { ANSWER_BYTES_MAX = 4 << 20, TRIM_BYTES = 16 << 10, TRIM_MESSAGES = 8, FORGET_BYTES = 8 << 10 };

void channel_name(const struct session *session, int channel, struct text *out)
{
    if (channel == CHANNEL_GAME)
        text_lit(out, GAME_PREFIX);
    text_put_text(out, session_id(session));
}

static void channel_name_escaped(const struct session *session, int channel, struct text *out)
{
    if (channel == CHANNEL_GAME)
        text_lit(out, GAME_PREFIX);
    text_json_escaped(out, session_id(session));
}

static struct message *new_message(struct channel *channel)
{
    uint32_t held = channel->last + 1 - channel->first;
    if (held == channel->cap) {
        channel->cap = channel->cap ? 2 * channel->cap : 8;
        channel->messages = realloc(channel->messages, channel->cap * sizeof *channel->messages);
        if (!channel->messages)
            abort();
    }
    channel->last++;
    channel->messages[held] = (struct message){0};
    return &channel->messages[held];
}

/* The text of a JSON string into out; where in it that is. */
static void put_part(struct text *out, arena_text s, uint32_t *part_at, uint32_t *part_len)
{
    *part_at = (uint32_t)out->len;
    text_json_escaped(out, s);
    *part_len = (uint32_t)out->len - *part_at;
}

static void write_message(struct message *m, const struct session *session, int channel, arena_text from,
                          const arena_text *to, arena_text content, int64_t now, uint32_t index, struct text *out)
{
    text_clear(out);
    text_lit(out, "{\"channel\":\"");
    channel_name_escaped(session, channel, out);
    text_lit(out, "\",\"from\":\"");
    put_part(out, from, &m->from_at, &m->from_len);
    if (to) {
        text_lit(out, "\",\"to\":\"");
        put_part(out, *to, &m->to_at, &m->to_len);
    }
    text_lit(out, "\",\"content\":\"");
    put_part(out, content, &m->content_at, &m->content_len);
    text_lit(out, "\",\"timestamp\":");
    text_int(out, now);
    text_lit(out, ",\"index\":");
    text_int(out, index);
    text_put_char(out, '}');
}

/* What is written stays the channel's. */
static void add_to_commit(struct change *change, int channel, uint32_t index, const struct message *m)
{
    if (change->message_count == change->message_cap) {
        change->message_cap = change->message_cap ? 2 * change->message_cap : 8;
        change->messages = realloc(change->messages, change->message_cap * sizeof *change->messages);
        if (!change->messages)
            abort();
    }
    change->messages[change->message_count++] = (struct store_message){(uint8_t)channel, index, {m->json, m->len}};
}

void channel_say(struct change *change, int channel, arena_text from, const arena_text *to, arena_text content,
                 int64_t now)
{
    struct session *session = change->session;
    struct channel *c = &session->channel[channel];
    struct message *m = new_message(c);
    write_message(m, session, channel, from, to, content, now, c->last, &change->said);
    m->json = belt_put(&c->texts, text_slice(&change->said));
    m->len = (uint32_t)change->said.len;
    c->bytes += m->len;
    add_to_commit(change, channel, c->last, m);
}

/* Reading back what write_message wrote: the keys stand in its order. -------------------------------------- */

/* The end of the JSON string content that begins at p, or NULL. */
static const char *string_end(const char *p, const char *end)
{
    while (p < end && *p != '"')
        p += *p == '\\' ? 2 : 1;
    return p < end ? p : NULL;
}

static bool part_after(arena_text json, const char **at, const char *key, uint32_t *part_at, uint32_t *part_len)
{
    size_t len = strlen(key);
    const char *end = json.ptr + json.len;
    if ((size_t)(end - *at) < len || memcmp(*at, key, len) != 0)
        return false;
    const char *begin = *at + len, *stop = string_end(begin, end);
    if (!stop)
        return false;
    *part_at = (uint32_t)(begin - json.ptr);
    *part_len = (uint32_t)(stop - begin);
    *at = stop;
    return true;
}

bool message_parse(arena_text json, struct message *m)
{
    const char *at = json.ptr;
    uint32_t name_at, name_len;
    *m = (struct message){.json = json.ptr, .len = (uint32_t)json.len};
    if (!part_after(json, &at, "{\"channel\":\"", &name_at, &name_len) ||
        !part_after(json, &at, "\",\"from\":\"", &m->from_at, &m->from_len))
        return false;
    part_after(json, &at, "\",\"to\":\"", &m->to_at, &m->to_len);
    return part_after(json, &at, "\",\"content\":\"", &m->content_at, &m->content_len);
}

/* Telling. ------------------------------------------------------------------------------------------------- */

static arena_text part(const struct message *m, uint32_t at, uint32_t len)
{
    return (arena_text){m->json + at, len};
}

static bool message_visible(const struct message *m, arena_text viewer)
{
    return !m->to_at || (viewer.len && (text_equal(part(m, m->to_at, m->to_len), viewer) ||
                                        text_equal(part(m, m->from_at, m->from_len), viewer)));
}

static void put_redacted(struct text *out, const struct message *m)
{
    text_put(out, m->json, m->content_at);
    uint32_t rest = m->content_at + m->content_len;
    text_put(out, m->json + rest, m->len - rest - 1);
    text_lit(out, ",\"redacted\":true}");
}

static void put_seen(struct text *out, const struct message *m, bool revealed, arena_text viewer)
{
    if (revealed || message_visible(m, viewer))
        text_put(out, m->json, m->len);
    else
        put_redacted(out, m);
}

/* Messages older than those in memory come from the store. */
static uint32_t write_stored(struct session *session, int channel, uint32_t from, uint32_t end, bool revealed,
                             arena_text viewer, struct text *out)
{
    enum { SLICE = 64 };
    struct store_message slice[SLICE];
    struct pool pool;
    uint32_t written = 0;
    pool_init(&pool, 0);
    while (from < end && out->len < ANSWER_BYTES_MAX) {
        uint32_t upto = end - from > SLICE ? from + SLICE : end;
        uint32_t n =
            store_messages(session->arena->config.store, session->serial, (uint8_t)channel, from, upto, &pool, slice);
        for (uint32_t i = 0; i < n; i++) {
            struct message m;
            if (!message_parse(slice[i].bytes, &m))
                continue;
            if (written++)
                text_put_char(out, ',');
            put_seen(out, &m, revealed, viewer);
        }
        if (n < upto - from)
            break;
        from = upto;
        pool_reset(&pool);
    }
    pool_finish(&pool);
    return written;
}

/* Writes the durable messages from an index on, separated by commas, and returns how many.  viewer is JSON-escaped.
 * The caller has the session's lock. */
uint32_t channel_write(struct session *session, int channel, uint32_t from, arena_text viewer, struct text *out)
{
    struct channel *c = &session->channel[channel];
    bool revealed = channel == CHANNEL_GAME && session->durable_status == STATUS_ENDED;
    uint32_t written = 0;
    if (from < 1)
        from = 1;
    if (from < c->first && from <= c->durable) {
        uint32_t end = c->first <= c->durable ? c->first : c->durable + 1;
        written = write_stored(session, channel, from, end, revealed, viewer, out);
        if (written < end - from)
            return written;
        from = end;
    }
    for (; from <= c->durable && out->len < ANSWER_BYTES_MAX; from++) {
        const struct message *m = &c->messages[from - c->first];
        if (written++)
            text_put_char(out, ',');
        put_seen(out, m, revealed, viewer);
    }
    return written;
}

/* Forgetting. ---------------------------------------------------------------------------------------------- */

static void drop_until(struct channel *c, uint32_t index)
{
    uint32_t dropped = index + 1 - c->first, kept = c->last - index;
    for (uint32_t i = 0; i < dropped; i++)
        c->bytes -= c->messages[i].len;
    memmove(c->messages, c->messages + dropped, kept * sizeof *c->messages);
    belt_drop(&c->texts, kept ? c->messages[0].json : NULL);
    c->first = index + 1;
}

void channel_free(struct channel *c)
{
    if (c->messages)
        drop_until(c, c->last);
    free(c->messages);
    c->messages = NULL;
    c->cap = 0;
}

/* What the store's tables have need not be kept; with the session's lock. */
void channel_forget(struct channel *c)
{
    if (c->bytes < FORGET_BYTES)
        return;
    channel_free(c);
}

void channel_kept(struct channel *c, uint32_t upto, uint64_t lsn)
{
    for (uint32_t index = c->durable + 1; index <= upto; index++)
        c->messages[index - c->first].lsn = lsn;
    c->durable = upto;
}

/* A long channel is kept in memory only as far as the store's tables do not have it. */
void channel_trim(const struct session *session, struct channel *c)
{
    uint64_t settled = c->bytes < TRIM_BYTES ? 0 : store_settled(session->arena->config.store);
    uint32_t index = c->first;
    while (settled && index <= c->durable && c->messages[index - c->first].lsn <= settled)
        index++;
    if (index - c->first >= TRIM_MESSAGES)
        drop_until(c, index - 1);
}

/* Events. -------------------------------------------------------------------------------------------------- */

void event_release(struct event *event)
{
    if (event && atomic_fetch_sub(&event->refs, 1) == 1)
        free(event);
}

/* Packs the four texts into one piece of memory. */
static struct event *new_event(uint32_t index, const arena_text part[5])
{
    size_t size = 0;
    for (int i = 0; i < 5; i++)
        size += part[i].len;
    struct event *event = malloc(sizeof *event + size);
    if (!event)
        abort();
    atomic_init(&event->refs, 1);
    event->index = index;
    arena_text *slots[5] = {&event->channel, &event->from, &event->to, &event->clear, &event->redacted};
    char *at = event->bytes;
    for (int i = 0; i < 5; i++) {
        if (part[i].len)
            memcpy(at, part[i].ptr, part[i].len);
        *slots[i] = (arena_text){at, part[i].len};
        at += part[i].len;
    }
    return event;
}

static void put_event_head(struct text *out, uint32_t index)
{
    text_lit(out, "id: ");
    text_int(out, index);
    text_lit(out, "\ndata: {\"type\":\"new_message\",\"message\":");
}

struct event *event_message(const struct session *session, int channel, uint32_t index)
{
    const struct channel *c = &session->channel[channel];
    const struct message *m = &c->messages[index - c->first];
    struct text name = {0}, clear = {0}, redacted = {0};
    channel_name(session, channel, &name);
    put_event_head(&clear, index);
    text_put(&clear, m->json, m->len);
    text_lit(&clear, "}\n\n");
    if (m->to_at) {
        put_event_head(&redacted, index);
        put_redacted(&redacted, m);
        text_lit(&redacted, "}\n\n");
    }
    struct event *event =
        new_event(index, (arena_text[5]){text_slice(&name), part(m, m->from_at, m->from_len),
                                         part(m, m->to_at, m->to_len), text_slice(&clear), text_slice(&redacted)});
    event->broadcast = !m->to_at;
    if (event->broadcast)
        event->redacted = event->clear;
    text_free(&name);
    text_free(&clear);
    text_free(&redacted);
    return event;
}

static void put_end(struct text *out, struct session *session)
{
    text_lit(out, "data: {\"type\":\"game_ended\",\"data\":");
    state_json(out, session);
    out->len--; /* the state's closing brace */
    text_lit(out, ",\"profiles\":");
    users_put_profiles(&session->arena->users, &session, 1, out);
    text_lit(out, "}}\n\n");
}

struct event *event_end(struct session *session, int channel)
{
    struct text name = {0}, end = {0};
    channel_name(session, channel, &name);
    put_end(&end, session);
    arena_text none = {"", 0};
    struct event *event = new_event(0, (arena_text[5]){text_slice(&name), none, none, text_slice(&end), none});
    event->broadcast = true;
    event->redacted = event->clear;
    text_free(&name);
    text_free(&end);
    return event;
}

/* One event for each durable message from an index on; returns the index after the last. */
static uint32_t put_missed(struct session *session, int channel, uint32_t from, arena_text viewer, struct text *out)
{
    struct channel *c = &session->channel[channel];
    struct text one = {0};
    uint32_t index = from, durable = c->durable;
    for (; index <= durable && out->len < ANSWER_BYTES_MAX; index++) {
        text_clear(&one);
        c->durable = index; /* one message only */
        channel_write(session, channel, index, viewer, &one);
        c->durable = durable;
        put_event_head(out, index);
        text_put_text(out, text_slice(&one));
        text_lit(out, "}\n\n");
    }
    text_free(&one);
    return index;
}

/* Everything from the first message on, in one event, as far as an answer goes; returns the index after the last. */
static uint32_t put_initial(struct session *session, int channel, arena_text viewer, struct text *out)
{
    struct text messages = {0};
    uint32_t count = session ? channel_write(session, channel, 1, viewer, &messages) : 0;
    if (count) {
        text_lit(out, "id: ");
        text_int(out, count);
        text_put_char(out, '\n');
    }
    text_lit(out, "data: {\"type\":\"initial\",\"messages\":[");
    text_put_text(out, text_slice(&messages));
    text_lit(out, "]}\n\n");
    text_free(&messages);
    return count + 1;
}

void arena_stream(struct arena *arena, arena_text name, arena_text viewer, uint32_t after, struct text *out,
                  uint32_t *next)
{
    int channel;
    struct text escaped = {0};
    text_json_escaped(&escaped, viewer);
    struct session *session = session_of_channel(arena, name, false, &channel);
    if (session)
        pthread_mutex_lock(&session->lock);
    if (!after)
        *next = put_initial(session, channel, text_slice(&escaped), out);
    else if (session && after < session->channel[channel].durable)
        *next = put_missed(session, channel, after + 1, text_slice(&escaped), out);
    else
        *next = session ? session->channel[channel].durable + 1 : 1;
    if (session && !session->lobby && session->durable_status == STATUS_ENDED)
        put_end(out, session);
    if (session)
        pthread_mutex_unlock(&session->lock);
    session_put(session);
    text_free(&escaped);
}
