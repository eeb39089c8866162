#define _GNU_SOURCE /* memmem */
#include "http/hub.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/hub_internal.h"

enum {
    STREAMS_DEFAULT = 16384,
    PER_ADDRESS_DEFAULT = 1024,
    PENDING_DEFAULT = 256 * 1024,
    PING_MS_DEFAULT = 20000,
};

/* Places. -------------------------------------------------------------------------------------------------- */

/* The count of this address, made when absent; with the gate's lock. */
static struct address_count **address_slot(struct hub *hub, const uint8_t address[HUB_ADDRESS])
{
    struct address_count **slot = &hub->addresses[hash_of(address, HUB_ADDRESS) % ADDRESS_BUCKETS];
    while (*slot && memcmp((*slot)->address, address, HUB_ADDRESS) != 0)
        slot = &(*slot)->next;
    return slot;
}

enum hub_place hub_reserve(struct hub *hub, const uint8_t address[HUB_ADDRESS])
{
    enum hub_place place = HUB_PLACE;

    pthread_mutex_lock(&hub->gate);
    struct address_count **slot = address_slot(hub, address);
    if (atomic_load(&hub->places) >= hub->config.streams)
        place = HUB_FULL;
    else if (*slot && (*slot)->count >= hub->config.streams_per_address)
        place = HUB_ADDRESS_FULL;
    if (place == HUB_PLACE) {
        if (!*slot) {
            *slot = must(calloc(1, sizeof **slot));
            memcpy((*slot)->address, address, HUB_ADDRESS);
        }
        (*slot)->count++;
        atomic_fetch_add(&hub->places, 1);
    }
    pthread_mutex_unlock(&hub->gate);
    return place;
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
bool events_have_end(const struct text *events)
{
    static const char end[] = "{\"type\":\"game_ended\"";
    return events->len && memmem(events->ptr, events->len, end, sizeof end - 1);
}

atomic_uint *hub_heard_slot(struct hub *hub, arena_text channel)
{
    return &hub->heard[hash_of(channel.ptr, channel.len) % HEARD_BUCKETS];
}

bool hub_heard(struct hub *hub, arena_text channel)
{
    return atomic_load(hub_heard_slot(hub, channel)) != 0;
}

/* The order of the steps is what makes that nothing is lost: from ENTER on the stream holds what is published,
 * then what is durable is read, and BEGIN tells where the two meet. */
void hub_open(struct hub *hub, const struct hub_opening *o)
{
    struct stream *stream = stream_new(o);
    struct order begin = {.kind = ORDER_BEGIN, .stream = stream};
    struct text events = {0};

    atomic_fetch_add(hub_heard_slot(hub, o->channel), 1);
    give_order(hub, (struct order){.kind = ORDER_ENTER, .stream = stream});
    arena_stream(hub->arena, o->channel, o->viewer, o->after, &events, &begin.next_index);
    begin.ended = events_have_end(&events);
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

/* Start and end. ------------------------------------------------------------------------------------------- */

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
        pthread_create(&hub->thread, NULL, hub_run, hub) != 0)
        abort();
    return hub;
}

struct hub_config hub_limits(const struct hub *hub)
{
    return hub->config;
}

void hub_serve(struct hub *hub, struct arena *arena)
{
    hub->arena = arena;
}

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
    for (size_t i = 0; i < hub->queue.count; i++) /* published while the thread was ending */
        if (hub->queue.items[i].kind == ORDER_EVENT)
            event_release(hub->queue.items[i].event);
    free(hub->queue.items);
    free(hub->taken.items);
    pthread_mutex_destroy(&hub->lock);
    pthread_mutex_destroy(&hub->gate);
    free(hub);
}
