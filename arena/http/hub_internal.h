/*
 * hub_internal.h - the hub's own view of itself: hub.c takes orders from all threads, hub_thread.c carries them out.
 */
#ifndef HTTP_HUB_INTERNAL_H
#define HTTP_HUB_INTERNAL_H

#include <pthread.h>
#include <stdlib.h>

#include "http/stream.h"

enum { ADDRESS_BUCKETS = 1024, CHANNEL_BUCKETS = 4096, HEARD_BUCKETS = 16384 };

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
    atomic_uint places;               /* streams open or about to be */
    atomic_uint heard[HEARD_BUCKETS]; /* streams by their channel's hash */

    /* the thread's own */
    struct orders taken;
    struct channel_streams *channels[CHANNEL_BUCKETS];
    struct stream *all, *gone; /* gone: freed when no epoll event can name them any more */
    int64_t now_ms, look_ms;   /* look_ms: when a stream wants to be looked after */
    atomic_ullong opened, dropped, events, deliveries;
};

static inline void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* FNV-1a. */
static inline uint64_t hash_of(const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ p[i]) * 1099511628211u;
    return hash ^ hash >> 32;
}

static inline void count(atomic_ullong *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

/* The count of streams whose channel has this name's hash. */
atomic_uint *hub_heard_slot(struct hub *hub, arena_text channel);

/* True when events hold a session's end. */
bool events_have_end(const struct text *events);

/* The thread. */
void *hub_run(void *hub);

#endif
