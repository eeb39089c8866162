/*
 * stream.h - one client that listens: its socket, what is still to be written, and how events are put on the wire.
 * Private to the hub and used by its thread alone.
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include "http/hub.h"

enum stream_kind { STREAM_EVENTS, STREAM_LINGER };

struct channel_streams;

struct stream {
    enum stream_kind kind;
    int fd;
    bool chunked, opening, ended, closing, gone;
    struct channel_streams *channel;
    struct stream *next, **back; /* of the channel */
    struct stream *all_next, **all_back;
    uint32_t next_index;          /* of the message that comes next */
    int64_t written_ms, close_ms; /* of the last write; closing: when patience ends */
    struct text pending;          /* bytes that the socket did not take yet; sent of them are written */
    size_t sent, allowance;       /* most that may be pending */
    struct event **held;          /* published while the stream is opening */
    uint32_t held_count, held_cap;
    arena_text viewer; /* JSON-escaped; behind the struct, as the channel's name is */
    arena_text channel_name;
    uint8_t address[HUB_ADDRESS];
    char bytes[];
};

/* A stream with its names in one piece of memory; it begins as opening. */
struct stream *stream_new(const struct hub_opening *opening);
void stream_free(struct stream *stream);

/* bytes as one chunk. */
void frame_chunk(struct text *out, arena_text bytes);

/* The events in text, each as a chunk of its own. */
void frame_events(struct text *out, arena_text events, bool chunked);

/* Writes what the socket takes and keeps the rest.  False: the client is gone. */
bool stream_write(struct stream *stream, arena_text bytes);

/* Writes what is pending.  False: the client is gone. */
bool stream_flush(struct stream *stream);

/* The bytes that are still pending. */
static inline size_t stream_behind(const struct stream *s)
{
    return s->pending.len - s->sent;
}

/* Reads and throws away what the client sends.  False: it has hung up. */
bool stream_drain(struct stream *stream);

#endif
