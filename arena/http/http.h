/*
 * http.h - how the world reaches the arena: an HTTP/1.1 server over core/arena.h.
 *
 *   libmicrohttpd's threads ─ server.c ─ exchange.c ─ routes.c ─ api_*.c ─> arena_*    requests and answers
 *   a thread of our own ───── hub.c, stream.c <── http_publish ─────────── the arena   server-sent events
 *
 * Start order: log, hub, arena (with http_publish), server; the stop runs the other way.  docs/http.md tells what
 * the server answers.
 */
#ifndef HTTP_H
#define HTTP_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/arena.h"
#include "http/address.h"
#include "http/hub.h"
#include "http/rate.h"

struct auth;
struct tls;

enum { HTTP_CONNECTIONS = 4096 };

/* What clients may take.  0 anywhere: the default (in brackets). */
struct http_limits {
    uint32_t threads;      /* that serve requests [2] */
    uint32_t connections;  /* open at once, streams not counted [4,096] */
    uint32_t per_address;  /* of them from one client address; loopback and proxies are not counted [a quarter] */
    uint32_t header_bytes; /* memory of a connection, which its request's head must fit into [8,192] */
    uint32_t body_bytes;   /* of a request [262,144] */
    uint32_t idle_ms;      /* a connection without a byte is closed [30,000] */
    uint32_t request_ms;   /* a request must have come in whole by then [60,000] */
};

struct http_config {
    struct sockaddr_storage address; /* where to listen */
    struct http_limits limits;
    struct arena *arena; /* borrowed, as all of these */
    struct store *store;
    struct host *host;
    struct hub *hub;
    const struct auth *auth;  /* auth.h; NULL: standalone */
    const struct auth *admin; /* auth.h; what administrators show */
    bool opaque;              /* every failed join gets the same answer */
    bool access_log;          /* a line for each request; without: for those that failed by the server's fault */
    struct tls *tls;          /* tls.h, not serving yet; NULL: plain HTTP */
    struct rate_config rates;
    const struct address_range *proxies; /* whose X-Forwarded- headers count */
    size_t proxy_count;
};

struct http;

/* Starts serving.  NULL and a sentence in error (error_size bytes) when the address cannot be had. */
struct http *http_start(const struct http_config *config, char *error, size_t error_size);

/* The port that is listened on; of use when 0 was asked for. */
uint16_t http_port(const struct http *http);

/* Closes the listening socket and marks every further answer as its connection's last. */
void http_quiesce(struct http *http);

/* Waits until no request is under way, at most timeout_ms, then stops the server and frees it.  The caller has called
 * http_quiesce and arena_drain.  False when requests were still under way. */
bool http_stop(struct http *http, int64_t timeout_ms);

/* Once a second or so: ends connections whose clients are too slow. */
void http_tick(struct http *http);

/* For arena_config.left. */
bool http_left(void *ctx, const struct request *request);

/* For arena_config.publish and .heard; ctx is the hub. */
void http_publish(void *ctx, struct event *event);
bool http_heard(void *ctx, arena_text channel);

#endif
