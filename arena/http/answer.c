/*
 * answer.c - runs requests and sends their answers; streams leave from here.
 *
 * An operation that is not answered at once suspends its connection.  Whoever is last of the two, the handler that
 * suspends or the arena that answers, sees the other's mark in `phase`, so a resume never comes before its suspend.
 *
 * A stream leaves libmicrohttpd: its socket is duplicated for the hub, and libmicrohttpd closes its own descriptor.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>

#include "http/connection.h"
#include "http/tag.h"

/* Streams leave. ------------------------------------------------------------------------------------------- */

#define STREAM_HEADERS                                                                                                 \
    X("Content-Type", "text/event-stream")                                                                             \
    X("Cache-Control", "no-cache, no-transform")                                                                       \
    X("X-Accel-Buffering", "no")                                                                                       \
    X("Arena-Events", "1") /* the version of the events' shapes, see docs/http.md */                                   \
    X("X-Content-Type-Options", "nosniff")                                                                             \
    X("Access-Control-Allow-Origin", "*")                                                                              \
    X("Access-Control-Allow-Methods", "GET")                                                                           \
    X("Access-Control-Allow-Headers", "Cache-Control")

static void stream_head(const struct connection *c, struct text *out)
{
#define X(name, value) name ": " value "\r\n"
    text_lit(out, "HTTP/1.1 200 OK\r\n" STREAM_HEADERS "X-Request-Id: ");
#undef X
    text_puts(out, c->exchange.id);
    if (c->version_10)
        text_lit(out, "\r\nConnection: close\r\n\r\n");
    else
        text_lit(out, "\r\nTransfer-Encoding: chunked\r\n\r\n");
}

/* A place among the streams.  False: there is none, and the request is answered so. */
static bool reserve_stream(struct connection *c)
{
    struct exchange *ex = &c->exchange;
    enum hub_place place = hub_reserve(c->http->site.hub, ex->client);

    if (place == HUB_PLACE)
        return true;
    atomic_fetch_add(&c->http->metrics.streams_refused, 1);
    if (place == HUB_ADDRESS_FULL)
        return !exchange_refuse(ex, 429, "TOO_MANY_STREAMS",
                                "Too many streams are open: close one, or read with /api/chat/sync and wait");
    return !exchange_refuse(ex, 503, "TOO_MANY_STREAMS",
                            "Too many streams are open: try again later, or read with /api/chat/sync and wait");
}

/* Hands the socket to the hub.  False when there are too many streams and the request is answered so. */
static bool leave_as_stream(struct connection *c)
{
    struct exchange *ex = &c->exchange;
    struct hub *hub = c->http->site.hub;
    struct text head = {0};
    int one = 1;

    if (!reserve_stream(c))
        return false;
    struct hub_opening opening = {
        .fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0),
        .chunked = !c->version_10,
        .channel = ex->channel,
        .viewer = ex->viewer,
        .after = ex->last_event_id,
    };
    memcpy(opening.address, ex->client, ADDRESS_BYTES);
    if (opening.fd < 0) {
        hub_unreserve(hub, ex->client);
        return !exchange_refuse(ex, 503, "BUSY",
                                "The server has no more descriptors: nothing was changed, try again in a moment");
    }
    setsockopt(opening.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    stream_head(c, &head);
    opening.head = text_slice(&head);
    hub_open(hub, &opening);
    text_free(&head);
    return true;
}

/* Answers. ------------------------------------------------------------------------------------------------- */

static void add_retry_after(const struct exchange *ex, struct MHD_Response *response)
{
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%u", ex->retry_s ? ex->retry_s : 1);
    MHD_add_response_header(response, "Retry-After", seconds);
}

/* What has a tag may be kept, and asked for again with the tag: then it is not sent again. */
static void add_tag(const struct exchange *ex, struct MHD_Response *response, int status)
{
    if (!ex->request.tag[0] || (status != 200 && status != NOT_MODIFIED))
        return;
    MHD_add_response_header(response, "ETag", ex->request.tag);
    MHD_add_response_header(response, "Cache-Control", "no-cache"); /* keep it, but ask */
}

static void add_headers(const struct connection *c, struct MHD_Response *response, int status)
{
    const struct exchange *ex = &c->exchange;

    MHD_add_response_header(response, "X-Request-Id", ex->id);
    if (ex->route && ex->route->stream && status == 200) {
#define X(name, value) MHD_add_response_header(response, name, value);
        STREAM_HEADERS
#undef X
        return;
    }
    if (ex->type && status != NOT_MODIFIED)
        MHD_add_response_header(response, "Content-Type", ex->type);
    if (ex->type && strcmp(ex->type, "text/event-stream") == 0)
        MHD_add_response_header(response, "Cache-Control", "no-cache");
    add_tag(ex, response, status);
    if (status == 405)
        MHD_add_response_header(response, "Allow", "POST");
    if (ex->is_page && status == 200) {
        MHD_add_response_header(response, "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
        MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    }
    if (status == 401)
        MHD_add_response_header(response, "WWW-Authenticate", "Bearer");
    if (status == 429 || status == 503)
        add_retry_after(ex, response);
    if (atomic_load_explicit(&c->http->stopping, memory_order_relaxed))
        MHD_add_response_header(response, "Connection", "close");
}

static enum MHD_Result connection_answer(struct connection *c)
{
    exchange_complete(&c->exchange);
    arena_text answer = exchange_answer(&c->exchange);
    int status = exchange_status(&c->exchange);

    /* The bytes stay where they are until on_completed, so nothing needs to be copied.  With a 304 libmicrohttpd sends
     * their length alone, as it should. */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer.len, (void *)answer.ptr, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    add_headers(c, response, status);
    connection_stage(c, STAGE_SENDING, monotonic_ns());
    enum MHD_Result result = MHD_queue_response(c->mhd, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

void connection_done(struct request *request)
{
    struct connection *c = request->owner;
    struct loop *loop = c->loop; /* the connection may be gone as soon as it is resumed */
    if (atomic_exchange(&c->phase, PHASE_ANSWERED) != PHASE_SUSPENDED)
        return;
    MHD_resume_connection(c->mhd);
    loop_wake(loop);
}

/* Runs the request, or goes on with it, as far as it gets without waiting. */
static enum MHD_Result work(struct connection *c, bool (*step)(struct exchange *))
{
    struct exchange *ex = &c->exchange;

    for (;; step = exchange_go_on) {
        int running = PHASE_RUNNING;
        atomic_store(&c->phase, PHASE_RUNNING);
        if (step(ex))
            break;
        if (atomic_load(&c->phase) == PHASE_ANSWERED)
            continue;
        MHD_suspend_connection(c->mhd);
        if (!atomic_compare_exchange_strong(&c->phase, &running, PHASE_SUSPENDED)) {
            MHD_resume_connection(c->mhd);
            loop_wake(c->loop);
        }
        return MHD_YES;
    }
    atomic_store(&c->phase, PHASE_ANSWERED);
    if (ex->route && ex->route->stream && !ex->head && exchange_status(ex) == 200 && leave_as_stream(c))
        return MHD_NO; /* its descriptor is closed, the socket lives on */
    return connection_answer(c);
}

enum MHD_Result connection_run(struct connection *c)
{
    c->counted = true;
    connection_stage(c, STAGE_WORKING, c->started_ns);
    return work(c, exchange_run);
}

enum MHD_Result connection_go_on(struct connection *c)
{
    return work(c, exchange_go_on);
}
