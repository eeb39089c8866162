/*
 * sse.h - reads a stream of server-sent events (text/event-stream) piece by piece, as it comes from the network.
 */
#ifndef CLI_SSE_H
#define CLI_SSE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/text.h"

struct sse {
    struct text line, data;
    char id[128];  /* of the last event that had one; carried on, as the standard wants */
    bool after_cr; /* the last byte was CR: an LF now belongs to it */
    bool (*on_data)(void *ctx, const char *data, const char *id);
    void *ctx;
};

/* Feeds bytes; calls on_data for each whole event that has data.  False once on_data said stop. */
bool sse_feed(struct sse *sse, const char *bytes, size_t len);
void sse_finish(struct sse *sse);

#endif
