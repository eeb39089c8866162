/*
 * hub.h - server-sent events: one thread that owns every stream and writes each event to all who listen.
 *
 *   server ── hub_open ──┐                 ┌─> channel ─> stream ─> socket
 *                        ├─> queue ─> thread ─> channel ─> stream ─> socket
 *   arena ── hub_publish ┘                 └─> ...
 *
 * Everything that happens goes through one queue, so a stream that is announced in it before its first messages are
 * read misses nothing, and only the hub's thread touches channels and streams: no locks but the queue's.
 */
#ifndef HTTP_HUB_H
#define HTTP_HUB_H

#include "core/arena.h"

enum { HUB_ADDRESS = 16 };

/* 0 anywhere: the default (in brackets). */
struct hub_config {
    uint32_t streams;             /* open at once [16,384] */
    uint32_t streams_per_address; /* of them from one client address [1,024] */
    uint32_t pending_bytes;       /* that a slow reader may be behind, beyond what it began with [262,144] */
    uint32_t ping_ms;             /* a stream without an event gets a comment after this [20,000] */
};

struct hub_stats {
    uint64_t streams, opened, dropped, events, deliveries;
};

struct hub;

struct hub *hub_start(const struct hub_config *config);

/* The arena whose channels are streamed; before the first hub_open. */
void hub_serve(struct hub *hub, struct arena *arena);

/* What it was started with, defaults filled in. */
struct hub_config hub_limits(const struct hub *hub);

/* A place for a stream from this address; or why there is none: too many in all, or from the address. */
enum hub_place { HUB_PLACE, HUB_FULL, HUB_ADDRESS_FULL };
enum hub_place hub_reserve(struct hub *hub, const uint8_t address[HUB_ADDRESS]);
void hub_unreserve(struct hub *hub, const uint8_t address[HUB_ADDRESS]);

/* What a stream is to be. */
struct hub_opening {
    int fd;             /* the hub's from now on: it must be non-blocking, nobody else may write to it */
    bool chunked;       /* HTTP/1.1 */
    arena_text head;    /* the answer's head, written first */
    arena_text channel; /* full stored name */
    arena_text viewer;
    uint32_t after; /* the last message the client has; 0: it has none */
    uint8_t address[HUB_ADDRESS];
};

/* Opens a stream in a reserved place. */
void hub_open(struct hub *hub, const struct hub_opening *opening);

/* A connection that was refused while the client still sends: what comes is thrown away for a moment, so that closing
 * does not reset the connection before the client has read why.  The descriptor is the hub's from now on. */
void hub_linger(struct hub *hub, int fd);

/* Hands an event to all streams of its channel; takes over the reference.  Any thread; never blocks on a client. */
void hub_publish(struct hub *hub, struct event *event);

struct hub_stats hub_stats(struct hub *hub);

/* Whether anybody may be listening to this channel; sometimes true when nobody does, never the other way round. */
bool hub_heard(struct hub *hub, arena_text channel);

/* Ends all streams in good order and stops the thread.  No stream may be opened any more; what is published from now
 * on is let go. */
void hub_stop(struct hub *hub);

/* Nothing may be published any more. */
void hub_free(struct hub *hub);

#endif
