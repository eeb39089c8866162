#define _GNU_SOURCE /* memmem */
#include "http/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct stream *stream_new(const struct hub_opening *o)
{
    struct text viewer = {0};

    text_json_escaped(&viewer, o->viewer);
    struct stream *s = calloc(1, sizeof *s + viewer.len + o->channel.len);
    if (!s)
        abort();
    s->fd = o->fd;
    s->chunked = o->chunked;
    s->opening = true;
    s->next_index = 1;
    if (viewer.len)
        memcpy(s->bytes, viewer.ptr, viewer.len);
    if (o->channel.len)
        memcpy(s->bytes + viewer.len, o->channel.ptr, o->channel.len);
    s->viewer = (arena_text){s->bytes, viewer.len};
    s->channel_name = (arena_text){s->bytes + viewer.len, o->channel.len};
    memcpy(s->address, o->address, sizeof s->address);
    text_free(&viewer);
    return s;
}

void stream_free(struct stream *s)
{
    for (uint32_t i = 0; i < s->held_count; i++)
        event_release(s->held[i]);
    free(s->held);
    text_free(&s->pending);
    close(s->fd);
    free(s);
}

void frame_chunk(struct text *out, arena_text bytes)
{
    char digits[16];
    size_t at = sizeof digits, n = bytes.len;

    do
        digits[--at] = "0123456789abcdef"[n & 15];
    while (n >>= 4);
    text_reserve(out, bytes.len + sizeof digits + 4);
    text_put(out, digits + at, sizeof digits - at);
    text_lit(out, "\r\n");
    text_put_text(out, bytes);
    text_lit(out, "\r\n");
}

void frame_events(struct text *out, arena_text events, bool chunked)
{
    while (events.len) {
        /* an event ends with an empty line, and JSON text has no line ends in it */
        const char *end = memmem(events.ptr, events.len, "\n\n", 2);
        size_t len = end ? (size_t)(end - events.ptr) + 2 : events.len;
        arena_text event = {events.ptr, len};
        if (chunked)
            frame_chunk(out, event);
        else
            text_put_text(out, event);
        events = (arena_text){events.ptr + len, events.len - len};
    }
}

/* How much of bytes the socket took, or -1 when the client is gone. */
static ssize_t write_some(int fd, const char *bytes, size_t len)
{
    for (;;) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n >= 0)
            return n;
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return 0;
        if (errno != EINTR)
            return -1;
    }
}

bool stream_write(struct stream *s, arena_text bytes)
{
    ssize_t n = 0;

    if (!stream_behind(s)) {
        n = write_some(s->fd, bytes.ptr, bytes.len);
        if (n < 0)
            return false;
    }
    if ((size_t)n < bytes.len)
        text_put(&s->pending, bytes.ptr + n, bytes.len - (size_t)n);
    return true;
}

bool stream_flush(struct stream *s)
{
    while (stream_behind(s)) {
        ssize_t n = write_some(s->fd, s->pending.ptr + s->sent, stream_behind(s));
        if (n < 0)
            return false;
        if (n == 0)
            return true;
        s->sent += (size_t)n;
    }
    text_free(&s->pending); /* most streams are never behind: they shall not pay for it */
    s->sent = 0;
    return true;
}

bool stream_drain(struct stream *s)
{
    char waste[4096];

    for (int i = 0; i < 64; i++) {
        ssize_t n = recv(s->fd, waste, sizeof waste, MSG_DONTWAIT);
        if (n > 0 || (n < 0 && errno == EINTR))
            continue;
        return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }
    return true;
}
