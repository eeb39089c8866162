/*
 * hub_thread.c - the hub's thread: who listens to what, and who gets which event.  Nothing here takes a lock but to
 * fetch orders and to give places back.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/hub_internal.h"

enum {
    CLOSE_MS = 10000, /* patience with a client that is to be let go */
    LINGER_MS = 2000,
    STOP_MS = 3000,
    EVENTS_AT_ONCE = 256,
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct channel_streams **channel_slot(struct hub *hub, arena_text name, uint64_t hash)
{
    struct channel_streams **slot = &hub->channels[hash % CHANNEL_BUCKETS];
    while (*slot && ((*slot)->hash != hash || !text_equal((*slot)->name, name)))
        slot = &(*slot)->next;
    return slot;
}

static void join_channel(struct hub *hub, struct stream *s)
{
    uint64_t hash = hash_of(s->channel_name.ptr, s->channel_name.len);
    struct channel_streams **slot = channel_slot(hub, s->channel_name, hash);

    if (!*slot) {
        struct channel_streams *c = must(calloc(1, sizeof *c + s->channel_name.len));
        c->hash = hash;
        c->name = (arena_text){c->bytes, s->channel_name.len};
        if (c->name.len)
            memcpy(c->bytes, s->channel_name.ptr, c->name.len);
        *slot = c;
    }
    s->channel = *slot;
    s->next = s->channel->streams;
    s->back = &s->channel->streams;
    if (s->next)
        s->next->back = &s->next;
    *s->back = s;
}

static void leave_channel(struct hub *hub, struct stream *s)
{
    struct channel_streams *c = s->channel;

    *s->back = s->next;
    if (s->next)
        s->next->back = s->back;
    s->channel = NULL;
    if (c->streams)
        return;
    struct channel_streams **slot = channel_slot(hub, c->name, c->hash);
    *slot = c->next;
    free(c);
}

/* Takes the stream out of everything.  It is freed later: an epoll event in hand may still name it. */
static void let_go(struct hub *hub, struct stream *s)
{
    if (s->channel)
        leave_channel(hub, s);
    *s->all_back = s->all_next;
    if (s->all_next)
        s->all_next->all_back = s->all_back;
    epoll_ctl(hub->epoll, EPOLL_CTL_DEL, s->fd, NULL);
    if (s->kind == STREAM_EVENTS) {
        atomic_fetch_sub(hub_heard_slot(hub, s->channel_name), 1);
        hub_unreserve(hub, s->address);
    }
    s->gone = true;
    s->all_next = hub->gone;
    hub->gone = s;
}

static void free_gone(struct hub *hub)
{
    while (hub->gone) {
        struct stream *s = hub->gone;
        hub->gone = s->all_next;
        stream_free(s);
    }
}

static void look_at(struct hub *hub, int64_t at_ms)
{
    if (at_ms < hub->look_ms)
        hub->look_ms = at_ms;
}

static void enter(struct hub *hub, struct stream *s)
{
    s->all_next = hub->all;
    s->all_back = &hub->all;
    if (s->all_next)
        s->all_next->all_back = &s->all_next;
    hub->all = s;
    s->written_ms = hub->now_ms;
    if (s->kind == STREAM_EVENTS) {
        join_channel(hub, s);
        count(&hub->opened, 1);
        look_at(hub, hub->now_ms + hub->config.ping_ms);
    } else {
        s->closing = true;
        s->close_ms = hub->now_ms + LINGER_MS;
        look_at(hub, s->close_ms);
    }
}

/* Watches the socket; a client that left already is let go.  Edge-triggered: one call for the stream's life.  Not so
 * what lingers: its client may have more on the way than is drained at once, and waits until there is room again. */
static bool watch(struct hub *hub, struct stream *s)
{
    uint32_t lasting = s->kind == STREAM_EVENTS ? EPOLLOUT | EPOLLET : 0;
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | lasting, .data.ptr = s};
    if (epoll_ctl(hub->epoll, EPOLL_CTL_ADD, s->fd, &event) == 0)
        return true;
    let_go(hub, s);
    return false;
}

/* Writes the last bytes and closes when they are gone, or when patience is. */
static void close_stream(struct hub *hub, struct stream *s, arena_text last)
{
    struct text text = {0};
    bool alive;

    if (s->closing)
        return;
    if (s->chunked) {
        if (last.len)
            frame_chunk(&text, last);
        text_lit(&text, "0\r\n\r\n");
        last = text_slice(&text);
    }
    alive = !last.len || stream_write(s, last);
    text_free(&text);
    if (!alive || !stream_behind(s)) {
        let_go(hub, s);
        return;
    }
    s->closing = true;
    s->close_ms = hub->now_ms + CLOSE_MS;
    look_at(hub, s->close_ms);
    if (s->channel)
        leave_channel(hub, s);
}

/* Bytes on the way to one stream. */
static void put(struct hub *hub, struct stream *s, arena_text bytes)
{
    if (!stream_write(s, bytes)) {
        let_go(hub, s);
        return;
    }
    s->written_ms = hub->now_ms;
    if (stream_behind(s) > hub->config.pending_bytes + s->allowance) {
        count(&hub->dropped, 1);
        close_stream(hub, s, ARENA_TEXT(": dropped, too slow\n\n"));
    }
}

/* Messages between what the stream has and this event never came to it: they are read again, this one too. */
static void catch_up(struct hub *hub, struct stream *s)
{
    struct text events = {0}, framed = {0};

    arena_stream(hub->arena, s->channel_name, s->viewer, s->next_index - 1, &events, &s->next_index);
    s->ended |= events_have_end(&events);
    frame_events(&framed, text_slice(&events), s->chunked);
    put(hub, s, text_slice(&framed));
    text_free(&events);
    text_free(&framed);
}

static void hold(struct stream *s, struct event *e)
{
    if (s->held_count == s->held_cap) {
        s->held_cap = s->held_cap ? 2 * s->held_cap : 4;
        s->held = must(realloc(s->held, s->held_cap * sizeof(struct event *)));
    }
    atomic_fetch_add(&e->refs, 1);
    s->held[s->held_count++] = e;
}

/* The event as chunk and as it is, made when the first stream wants it. */
static arena_text framed(struct text *chunk, arena_text event, bool chunked)
{
    if (!chunked)
        return event;
    if (!chunk->len)
        frame_chunk(chunk, event);
    return text_slice(chunk);
}

static void deliver(struct hub *hub, struct stream *s, struct event *e, struct text *clear, struct text *redacted)
{
    if (s->opening) {
        hold(s, e);
        return;
    }
    if (e->index ? e->index < s->next_index : s->ended)
        return;
    count(&hub->deliveries, 1);
    if (e->index > s->next_index) {
        catch_up(hub, s);
        return;
    }
    if (e->index)
        s->next_index = e->index + 1;
    else
        s->ended = true;
    if (event_visible(e, s->viewer))
        put(hub, s, framed(clear, e->clear, s->chunked));
    else
        put(hub, s, framed(redacted, e->redacted, s->chunked));
}

static void on_event(struct hub *hub, struct event *e)
{
    struct channel_streams *c = *channel_slot(hub, e->channel, hash_of(e->channel.ptr, e->channel.len));
    struct text clear = {0}, redacted = {0};

    for (struct stream *s = c ? c->streams : NULL, *next; s; s = next) {
        next = s->next;
        deliver(hub, s, e, &clear, &redacted);
    }
    text_free(&clear);
    text_free(&redacted);
    event_release(e);
}

/* The stream begins: what is durable, then what was published meanwhile. */
static void on_begin(struct hub *hub, struct order *order)
{
    struct stream *s = order->stream;
    struct text clear = {0}, redacted = {0};

    s->opening = false;
    s->next_index = order->next_index;
    s->ended = order->ended;
    s->allowance = order->text.len;
    if (watch(hub, s))
        put(hub, s, text_slice(&order->text));
    text_free(&order->text);
    for (uint32_t i = 0; i < s->held_count; i++) {
        if (s->channel)
            deliver(hub, s, s->held[i], &clear, &redacted);
        text_clear(&clear);
        text_clear(&redacted);
    }
    for (uint32_t i = 0; i < s->held_count; i++)
        event_release(s->held[i]);
    free(s->held);
    s->held = NULL;
    s->held_count = s->held_cap = 0;
    text_free(&clear);
    text_free(&redacted);
}

static void carry_out(struct hub *hub, struct order *order)
{
    switch (order->kind) {
    case ORDER_EVENT: on_event(hub, order->event); break;
    case ORDER_ENTER: enter(hub, order->stream); break;
    case ORDER_BEGIN: on_begin(hub, order); break;
    case ORDER_LINGER:
        shutdown(order->stream->fd, SHUT_WR);
        enter(hub, order->stream);
        watch(hub, order->stream);
        break;
    }
}

/* One round of what was ordered.  Sockets come to their turn between rounds. */
static void carry_out_all(struct hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    struct orders taken = hub->queue;
    hub->queue = (struct orders){hub->taken.items, 0, hub->taken.cap};
    pthread_mutex_unlock(&hub->lock);
    hub->taken = taken;
    for (size_t i = 0; i < taken.count; i++)
        carry_out(hub, &hub->taken.items[i]);
}

static void on_socket(struct hub *hub, struct stream *s, uint32_t events)
{
    if (s->gone)
        return; /* within this very round */
    bool alive = !(events & (EPOLLHUP | EPOLLERR));
    if (alive && events & (EPOLLIN | EPOLLRDHUP))
        alive = stream_drain(s);
    if (alive && events & EPOLLOUT)
        alive = stream_flush(s);
    if (!alive || (s->closing && s->kind == STREAM_EVENTS && !stream_behind(s)))
        let_go(hub, s);
}

/* Comments for the quiet ones, an end to patience. */
static void look_after_all(struct hub *hub)
{
    hub->look_ms = INT64_MAX;
    for (struct stream *s = hub->all, *after; s; s = after) {
        after = s->all_next;
        int64_t due = s->closing ? s->close_ms : s->written_ms + hub->config.ping_ms;
        if (due <= hub->now_ms && s->closing) {
            let_go(hub, s);
            continue;
        }
        if (due <= hub->now_ms && s->opening)
            s->written_ms = hub->now_ms;
        else if (due <= hub->now_ms)
            put(hub, s, s->chunked ? ARENA_TEXT("8\r\n: ping\n\n\r\n") : ARENA_TEXT(": ping\n\n"));
        if (!s->gone)
            look_at(hub, s->closing ? s->close_ms : s->written_ms + hub->config.ping_ms);
    }
}

/* Whether to sleep: not when something was ordered meanwhile. */
static bool may_sleep(struct hub *hub, bool *stopping)
{
    pthread_mutex_lock(&hub->lock);
    *stopping = hub->stopping;
    hub->asleep = !hub->queue.count && !hub->stopping;
    bool sleep = hub->asleep;
    pthread_mutex_unlock(&hub->lock);
    return sleep;
}

static void wait_for_sockets(struct hub *hub, int timeout)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    uint64_t ignored;

    free_gone(hub); /* nothing names them any more, and the wait may be long */
    int n = epoll_wait(hub->epoll, events, EVENTS_AT_ONCE, timeout);

    hub->now_ms = monotonic_ms();
    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr)
            on_socket(hub, events[i].data.ptr, events[i].events);
        else if (read(hub->wake, &ignored, sizeof ignored) < 0 && errno != EAGAIN)
            abort();
    }
}

static void end_all(struct hub *hub)
{
    int64_t until = monotonic_ms() + STOP_MS;

    for (struct stream *s = hub->all, *next; s; s = next) {
        next = s->all_next;
        close_stream(hub, s, (arena_text){"", 0});
    }
    while (hub->all && hub->now_ms < until)
        wait_for_sockets(hub, 100);
    while (hub->all)
        let_go(hub, hub->all);
    free_gone(hub);
}

void *hub_run(void *arg)
{
    struct hub *hub = arg;
    bool stopping = false;

    hub->now_ms = monotonic_ms();
    while (!stopping) {
        carry_out_all(hub);
        if (hub->now_ms >= hub->look_ms)
            look_after_all(hub);
        bool sleep = may_sleep(hub, &stopping);
        int64_t pause = hub->look_ms == INT64_MAX ? -1 : hub->look_ms - hub->now_ms;
        wait_for_sockets(hub, sleep ? (int)pause : 0);
    }
    carry_out_all(hub);
    end_all(hub);
    return NULL;
}
