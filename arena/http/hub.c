#define _GNU_SOURCE /* memmem */
#include "http/hub.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/stream.h"

enum {
    STREAMS_DEFAULT = 16384,
    PER_ADDRESS_DEFAULT = 1024,
    PENDING_DEFAULT = 256 * 1024,
    PING_MS_DEFAULT = 20000,
    CLOSE_MS = 10000,   /* patience with a client that is to be let go */
    LINGER_MS = 2000,
    STOP_MS = 3000,
    ADDRESS_BUCKETS = 1024,
    CHANNEL_BUCKETS = 4096,
    HEARD_BUCKETS = 16384,
    EVENTS_AT_ONCE = 256,
};

/* The streams of one channel. */
struct channel_streams {
    struct channel_streams *next;
    struct stream *streams;
    uint64_t hash;
    arena_text name;
    char bytes[];
};

/* What the hub's thread is told, in order. */
enum order_kind { ORDER_EVENT, ORDER_ENTER, ORDER_BEGIN, ORDER_LINGER };

struct order {
    enum order_kind kind;
    union {
        struct event *event;
        struct stream *stream;
    };
    /* of ORDER_BEGIN */
    struct text text; /* framed already */
    uint32_t next_index;
    bool ended;
};

struct orders {
    struct order *items;
    size_t count, cap;
};

/* How many streams one client address has. */
struct address_count {
    struct address_count *next;
    uint8_t address[HUB_ADDRESS];
    uint32_t count;
};

struct hub {
    struct hub_config config;
    struct arena *arena;
    pthread_t thread;
    int epoll, wake;

    pthread_mutex_t lock; /* of the queue */
    struct orders queue;
    bool asleep, stopping;

    pthread_mutex_t gate; /* of the places */
    struct address_count *addresses[ADDRESS_BUCKETS];
    atomic_uint places; /* streams open or about to be */
    atomic_uint heard[HEARD_BUCKETS]; /* streams by their channel's hash */

    /* the thread's own */
    struct orders taken;
    struct channel_streams *channels[CHANNEL_BUCKETS];
    struct stream *all, *gone; /* gone: freed when no epoll event can name them any more */
    int64_t now_ms, look_ms; /* look_ms: when a stream wants to be looked after */
    atomic_ullong opened, dropped, events, deliveries;
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* FNV-1a. */
static uint64_t hash_of(const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ p[i]) * 1099511628211u;
    return hash ^ hash >> 32;
}

static void count(atomic_ullong *counter, uint64_t n) { atomic_fetch_add_explicit(counter, n, memory_order_relaxed); }

/* Places. -------------------------------------------------------------------------------------------------- */

/* The count of this address, made when absent; with the gate's lock. */
static struct address_count **address_slot(struct hub *hub, const uint8_t address[HUB_ADDRESS])
{
    struct address_count **slot = &hub->addresses[hash_of(address, HUB_ADDRESS) % ADDRESS_BUCKETS];
    while (*slot && memcmp((*slot)->address, address, HUB_ADDRESS) != 0)
        slot = &(*slot)->next;
    return slot;
}

bool hub_reserve(struct hub *hub, const uint8_t address[HUB_ADDRESS])
{
    pthread_mutex_lock(&hub->gate);
    struct address_count **slot = address_slot(hub, address);
    bool free_place = atomic_load(&hub->places) < hub->config.streams &&
                      (!*slot || (*slot)->count < hub->config.streams_per_address);
    if (free_place) {
        if (!*slot) {
            *slot = must(calloc(1, sizeof **slot));
            memcpy((*slot)->address, address, HUB_ADDRESS);
        }
        (*slot)->count++;
        atomic_fetch_add(&hub->places, 1);
    }
    pthread_mutex_unlock(&hub->gate);
    return free_place;
}

void hub_unreserve(struct hub *hub, const uint8_t address[HUB_ADDRESS])
{
    pthread_mutex_lock(&hub->gate);
    struct address_count **slot = address_slot(hub, address), *found = *slot;
    if (found && --found->count == 0) {
        *slot = found->next;
        free(found);
    }
    atomic_fetch_sub(&hub->places, 1);
    pthread_mutex_unlock(&hub->gate);
}

/* The queue. ----------------------------------------------------------------------------------------------- */

static void give_order(struct hub *hub, struct order order)
{
    uint64_t one = 1;

    pthread_mutex_lock(&hub->lock);
    if (hub->queue.count == hub->queue.cap) {
        hub->queue.cap = hub->queue.cap ? 2 * hub->queue.cap : 64;
        hub->queue.items = must(realloc(hub->queue.items, hub->queue.cap * sizeof *hub->queue.items));
    }
    hub->queue.items[hub->queue.count++] = order;
    bool wake = hub->asleep;
    hub->asleep = false;
    pthread_mutex_unlock(&hub->lock);
    if (wake && write(hub->wake, &one, sizeof one) < 0)
        abort(); /* an eventfd never refuses a 1 */
}

void hub_publish(struct hub *hub, struct event *event)
{
    count(&hub->events, 1);
    if (atomic_load(&hub->places) == 0)
        event_release(event);
    else
        give_order(hub, (struct order){.kind = ORDER_EVENT, .event = event});
}

/* True when events hold the session's end; in a JSON string the quotes would be escaped. */
static bool has_end(struct text *events)
{
    static const char end[] = "{\"type\":\"game_ended\"";
    return events->len && memmem(events->ptr, events->len, end, sizeof end - 1);
}

static atomic_uint *heard_slot(struct hub *hub, arena_text channel)
{
    return &hub->heard[hash_of(channel.ptr, channel.len) % HEARD_BUCKETS];
}

bool hub_heard(struct hub *hub, arena_text channel) { return atomic_load(heard_slot(hub, channel)) != 0; }

/* The order of the steps is what makes that nothing is lost: from ENTER on the stream holds what is published,
 * then what is durable is read, and BEGIN tells where the two meet. */
void hub_open(struct hub *hub, const struct hub_opening *o)
{
    struct stream *stream = stream_new(o);
    struct order begin = {.kind = ORDER_BEGIN, .stream = stream};
    struct text events = {0};

    atomic_fetch_add(heard_slot(hub, o->channel), 1);
    give_order(hub, (struct order){.kind = ORDER_ENTER, .stream = stream});
    arena_stream(hub->arena, o->channel, o->viewer, o->after, &events, &begin.next_index);
    begin.ended = has_end(&events);
    text_put_text(&begin.text, o->head);
    frame_events(&begin.text, text_slice(&events), o->chunked);
    text_free(&events);
    give_order(hub, begin);
}

void hub_linger(struct hub *hub, int fd)
{
    struct hub_opening opening = {.fd = fd};
    struct stream *stream = stream_new(&opening);
    stream->kind = STREAM_LINGER;
    give_order(hub, (struct order){.kind = ORDER_LINGER, .stream = stream});
}

/* Streams: from here on everything is the hub's thread's. -------------------------------------------------- */

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

/* Takes the stream out of everything.  It is freed later: an epoll event in hand, or BEGIN, may still name it. */
static void let_go(struct hub *hub, struct stream *s)
{
    if (s->channel)
        leave_channel(hub, s);
    *s->all_back = s->all_next;
    if (s->all_next)
        s->all_next->all_back = s->all_back;
    epoll_ctl(hub->epoll, EPOLL_CTL_DEL, s->fd, NULL);
    if (s->kind == STREAM_EVENTS) {
        atomic_fetch_sub(heard_slot(hub, s->channel_name), 1);
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

/* Watches the socket; a client that left already is let go.  Edge-triggered: one call for the stream's life. */
static bool watch(struct hub *hub, struct stream *s)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = s};
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
    s->ended |= has_end(&events);
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
    case ORDER_EVENT:
        on_event(hub, order->event);
        break;
    case ORDER_ENTER:
        enter(hub, order->stream);
        break;
    case ORDER_BEGIN:
        on_begin(hub, order);
        break;
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
    int n = epoll_wait(hub->epoll, events, EVENTS_AT_ONCE, timeout);

    hub->now_ms = monotonic_ms();
    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr)
            on_socket(hub, events[i].data.ptr, events[i].events);
        else if (read(hub->wake, &ignored, sizeof ignored) < 0 && errno != EAGAIN)
            abort();
    }
    free_gone(hub);
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

static void *run(void *arg)
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

struct hub *hub_start(const struct hub_config *config)
{
    struct hub *hub = must(calloc(1, sizeof *hub));
    struct epoll_event event = {.events = EPOLLIN};

    hub->config = (struct hub_config){
        .streams = config->streams ? config->streams : STREAMS_DEFAULT,
        .streams_per_address = config->streams_per_address ? config->streams_per_address : PER_ADDRESS_DEFAULT,
        .pending_bytes = config->pending_bytes ? config->pending_bytes : PENDING_DEFAULT,
        .ping_ms = config->ping_ms ? config->ping_ms : PING_MS_DEFAULT,
    };
    hub->look_ms = INT64_MAX;
    pthread_mutex_init(&hub->lock, NULL);
    pthread_mutex_init(&hub->gate, NULL);
    hub->epoll = epoll_create1(EPOLL_CLOEXEC);
    hub->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (hub->epoll < 0 || hub->wake < 0 || epoll_ctl(hub->epoll, EPOLL_CTL_ADD, hub->wake, &event) != 0 ||
        pthread_create(&hub->thread, NULL, run, hub) != 0)
        abort();
    return hub;
}

void hub_serve(struct hub *hub, struct arena *arena) { hub->arena = arena; }

struct hub_stats hub_stats(struct hub *hub)
{
    return (struct hub_stats){atomic_load(&hub->places), atomic_load(&hub->opened), atomic_load(&hub->dropped),
                              atomic_load(&hub->events), atomic_load(&hub->deliveries)};
}

void hub_stop(struct hub *hub)
{
    uint64_t one = 1;

    if (!hub)
        return;
    pthread_mutex_lock(&hub->lock);
    hub->stopping = true;
    pthread_mutex_unlock(&hub->lock);
    if (write(hub->wake, &one, sizeof one) < 0)
        abort();
    pthread_join(hub->thread, NULL);
}

void hub_free(struct hub *hub)
{
    if (!hub)
        return;
    close(hub->epoll);
    close(hub->wake);
    free(hub->queue.items);
    free(hub->taken.items);
    pthread_mutex_destroy(&hub->lock);
    pthread_mutex_destroy(&hub->gate);
    free(hub);
}
