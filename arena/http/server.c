/*
 * server.c - HTTP/1.1 on libmicrohttpd: the life of connections and of the server itself.
 *
 * A connection has one exchange, used again for each of its requests: head.c fills it, answer.c runs it.
 *
 * MHD_USE_TURBO is not for speed: without it a close is preceded by a shutdown of the socket, which streams that have
 * left for the hub would not survive.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "http/connection.h"
#include "http/documents.h"
#include "http/forward.h"
#include "http/log.h"
#include "http/tag.h"
#include "http/tally.h"
#include "http/tls.h"

enum {
    THREADS_DEFAULT = 2,
    HEADER_DEFAULT = 8192,
    BODY_DEFAULT = 256 * 1024,
    IDLE_MS_DEFAULT = 30000,
    REQUEST_MS_DEFAULT = 60000,
    CROWDED_FACTOR = 12,
    SENDING_FACTOR = 5, /* a client may take longer to read an answer than to send a request */
    BACKLOG = 1024,
};

int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000 + now.tv_nsec;
}

void connection_stage(struct connection *c, enum stage stage, int64_t ns)
{
    atomic_store_explicit(&c->since_ms, ns / 1000000, memory_order_relaxed);
    atomic_store_explicit(&c->stage, stage, memory_order_relaxed);
}

/* Connections come and go. --------------------------------------------------------------------------------- */

/* Whether connections from this address are not counted: a proxy's are its clients', and loopback is one's own. */
static bool is_uncounted(void *ctx, const uint8_t *address)
{
    const struct http *http = ctx;
    return address_is_loopback(address) || address_in(http->site.proxies, http->site.proxy_count, address);
}

/* libmicrohttpd asks before it takes a connection. */
static enum MHD_Result on_accept(void *cls, const struct sockaddr *peer, socklen_t len)
{
    struct http *http = cls;
    uint8_t address[ADDRESS_BYTES], client[ADDRESS_BYTES];

    (void)len;
    address_of(peer, address);
    address_client(address, client);
    if (http->tls || is_uncounted(http, address) || tally_take(http->tally, client, http->limits.per_address))
        return MHD_YES;
    atomic_fetch_add(&http->metrics.connections_refused, 1);
    return MHD_NO;
}

static void *connection_open(struct http *http, struct MHD_Connection *mhd)
{
    struct connection *c = calloc(1, sizeof *c);

    if (!c)
        abort();
    c->http = http;
    c->mhd = mhd;
    c->loop = loop_current;
    c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    c->linger = -1;
    c->serial = atomic_fetch_add(&http->serials, 1);
    exchange_init(&c->exchange, &http->site, connection_done, c);
    forward_peer(&c->exchange, MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    c->tallied = !http->tls && !is_uncounted(http, c->exchange.peer);
    connection_stage(c, STAGE_READING, monotonic_ns());
    atomic_fetch_add(&http->metrics.connections, 1);
    pthread_mutex_lock(&http->lock);
    c->next = http->all;
    c->back = &http->all;
    if (c->next)
        c->next->back = &c->next;
    http->all = c;
    pthread_mutex_unlock(&http->lock);
    return c;
}

static void connection_close(struct connection *c)
{
    struct http *http = c->http;

    pthread_mutex_lock(&http->lock);
    *c->back = c->next;
    if (c->next)
        c->next->back = c->back;
    pthread_mutex_unlock(&http->lock);
    atomic_fetch_sub(&http->metrics.connections, 1);
    if (c->tallied) {
        uint8_t client[ADDRESS_BYTES];
        address_client(c->exchange.peer, client);
        tally_give(http->tally, client);
    }
    if (c->linger >= 0)
        hub_linger(http->site.hub, c->linger);
    exchange_finish(&c->exchange);
    free(c);
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = connection_open(cls, mhd);
    } else if (*context) {
        if (connection_reading == *context)
            connection_reading = NULL;
        connection_close(*context);
        *context = NULL;
    }
}

/* The first line of a request is there; what this returns is the handler's *con_cls. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
    struct connection *c = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

    (void)cls;
    c->started_ns = monotonic_ns();
    c->head_read = c->counted = false;
    c->method = "OTHER";
    /* behind the target, in libmicrohttpd's buffer, stands the version; not so when the target has a NUL in it */
    c->odd_target = strncmp(target + strlen(target) + 1, "HTTP/", 5) != 0;
    connection_reading = c;
    atomic_store(&c->phase, PHASE_IDLE);
    connection_stage(c, STAGE_READING, c->started_ns);
    forward_begin(&c->exchange);
    exchange_begin(&c->exchange, target);
    return c;
}

static void on_completed(void *cls, struct MHD_Connection *mhd, void **con_cls, enum MHD_RequestTerminationCode why)
{
    struct connection *c = *con_cls;
    struct http *http = cls;

    (void)mhd;
    (void)why;
    if (!c)
        return;
    *con_cls = NULL;
    int64_t now = monotonic_ns();
    if (c->counted) {
        struct exchange *ex = &c->exchange;
        int64_t us = (now - c->started_ns) / 1000;
        int status = exchange_status(ex);
        size_t bytes = status == NOT_MODIFIED ? 0 : exchange_answer(ex).len;
        metrics_request(&http->metrics, route_index(ex->route), status, us, bytes);
        if (http->access_log || status >= 500)
            log_access(ex->id, c->method, ex->route ? ex->route->path : "unknown", status, bytes, us);
    }
    if (c->linger >= 0)
        hub_linger(http->site.hub, c->linger);
    c->linger = -1;
    exchange_reset(&c->exchange);
    connection_stage(c, STAGE_QUIET, now);
}

/* Called for the head, for each piece of the body, at the end, and after a resume. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *bytes, size_t *len, void **con_cls)
{
    struct connection *c = *con_cls;

    (void)cls;
    (void)mhd;
    (void)url;
    if (!c->head_read)
        return connection_read_head(c, method, version);
    if (*len)
        return connection_read_body(c, bytes, len);
    switch (atomic_load(&c->phase)) {
    case PHASE_IDLE: return connection_run(c);
    case PHASE_ANSWERED: return connection_go_on(c);
    default: return MHD_YES; /* woken for nothing */
    }
}

/* Start, watch, stop. -------------------------------------------------------------------------------------- */

static struct http_limits with_defaults(struct http_limits l)
{
    l.threads = l.threads ? l.threads : THREADS_DEFAULT;
    l.connections = l.connections ? l.connections : HTTP_CONNECTIONS;
    l.per_address = l.per_address ? l.per_address : (l.connections + 3) / 4;
    l.header_bytes = l.header_bytes ? l.header_bytes : HEADER_DEFAULT;
    l.body_bytes = l.body_bytes ? l.body_bytes : BODY_DEFAULT;
    l.idle_ms = l.idle_ms ? l.idle_ms : IDLE_MS_DEFAULT;
    l.request_ms = l.request_ms ? l.request_ms : REQUEST_MS_DEFAULT;
    return l;
}

static int listen_on(const struct sockaddr_storage *address, uint16_t *port)
{
    socklen_t len = address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } bound = {0};
    socklen_t bound_len = sizeof bound;
    int one = 1, fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (const struct sockaddr *)address, len) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, &bound.any, &bound_len) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    *port = ntohs(address->ss_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
    return fd;
}

/* What stands in documents for those who do not say by which name they came here. */
static void name_authority(struct http *http, const struct sockaddr_storage *address)
{
    char host[INET6_ADDRSTRLEN] = "localhost";
    bool v6 = address->ss_family == AF_INET6;

    if (v6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, host, sizeof host);
    else
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, host, sizeof host);
    snprintf(http->site.authority, sizeof http->site.authority, v6 ? "[%s]:%u" : "%s:%u", host, http->port);
}

static struct MHD_Daemon *start_daemon(struct http *http)
{
    unsigned flags = MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     (http->tls ? MHD_USE_NO_LISTEN_SOCKET : 0);
    bool listens = !http->tls;
    unsigned connections = (http->limits.connections + http->limits.threads - 1) / http->limits.threads;

    /* clang-format off */
    return MHD_start_daemon(flags, 0, on_accept, http, on_request, http,
                            MHD_OPTION_EXTERNAL_LOGGER, connection_library_log, NULL, /* first: it hears of the others */
                            MHD_OPTION_CONNECTION_LIMIT, connections,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)http->limits.header_bytes,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)((http->limits.idle_ms + 999) / 1000),
                            MHD_OPTION_STRICT_FOR_CLIENT, 1,
                            MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
                            MHD_OPTION_URI_LOG_CALLBACK, on_target, http,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
                            listens ? MHD_OPTION_LISTEN_SOCKET : MHD_OPTION_END, http->listener,
                            MHD_OPTION_END);
    /* clang-format on */
}

/* One daemon and one loop a thread, all on the same listening socket. */
static bool start_loops(struct http *http)
{
    http->loops = calloc(http->limits.threads, sizeof *http->loops);
    if (!http->loops)
        abort();
    for (; http->loop_count < http->limits.threads; http->loop_count++) {
        struct MHD_Daemon *daemon = start_daemon(http);
        if (!daemon)
            return false;
        if (!loop_start(&http->loops[http->loop_count], daemon)) {
            MHD_quiesce_daemon(daemon);
            MHD_stop_daemon(daemon);
            return false;
        }
    }
    return true;
}

/* A client of TLS; from a thread of TLS'. */
static void take_guest(void *ctx, int fd, const struct sockaddr *address, socklen_t len)
{
    struct http *http = ctx;
    loop_give(&http->loops[atomic_fetch_add(&http->next_guest, 1) % http->loop_count], fd, address, len);
}

/* A client has a connection and streams; TLS does not know which is which. */
static bool start_tls(struct http *http, const struct http_config *config)
{
    const struct tls_serving serving = {
        .listener = http->listener,
        .threads = http->limits.threads,
        .connections = http->limits.connections + hub_limits(config->hub).streams,
        .per_address = http->limits.per_address + hub_limits(config->hub).streams_per_address,
        .give = take_guest,
        .uncounted = is_uncounted,
        .ctx = http,
    };
    if (!http->tls)
        return true;
    http->listener = -1; /* it is TLS's now */
    return tls_serve(http->tls, &serving);
}

/* The socket is closed once, by us, and not by each daemon. */
static void quiesce_loops(struct http *http)
{
    if (http->tls)
        tls_quiesce(http->tls);
    for (uint32_t i = 0; i < http->loop_count; i++)
        MHD_quiesce_daemon(http->loops[i].daemon);
    if (http->listener >= 0)
        close(http->listener);
    http->listener = -1;
}

static void stop_loops(struct http *http)
{
    for (uint32_t i = 0; i < http->loop_count; i++)
        loop_stop(&http->loops[i]);
    free(http->loops);
}

static void free_http(struct http *http)
{
    documents_close(http->site.documents);
    pthread_mutex_destroy(&http->lock);
    rate_close(http->site.rates);
    tally_close(http->tally);
    free(http);
}

struct http *http_start(const struct http_config *config, char *error, size_t error_size)
{
    struct http *http = calloc(1, sizeof *http);

    if (!http)
        abort();
    routes_prepare();
    metrics_init(&http->metrics);
    pthread_mutex_init(&http->lock, NULL);
    http->limits = with_defaults(config->limits);
    http->access_log = config->access_log;
    http->site = (struct site){
        .arena = config->arena,
        .store = config->store,
        .host = config->host,
        .hub = config->hub,
        .metrics = &http->metrics,
        .body_max = http->limits.body_bytes,
        .auth = config->auth,
        .admin = config->admin,
        .opaque = config->opaque,
        .rates = rate_open(&config->rates),
        .rates_loopback = config->rates.loopback,
        .proxies = config->proxies,
        .proxy_count = config->proxy_count,
        .tls_front = config->tls,
    };
    http->tls = config->tls;
    http->tally = tally_open();
    if (getrandom(&http->id_prefix, sizeof http->id_prefix, 0) < 0)
        abort();
    http->listener = listen_on(&config->address, &http->port);
    name_authority(http, &config->address);
    http->site.documents = documents_open(&http->site);
    if (http->listener < 0)
        snprintf(error, error_size, "%s", strerror(errno));
    else if (start_loops(http) && start_tls(http, config))
        return http;
    else
        snprintf(error, error_size, "the HTTP server did not start");
    quiesce_loops(http);
    stop_loops(http);
    free_http(http);
    return NULL;
}

uint16_t http_port(const struct http *http)
{
    return http->port;
}

/* How long a connection may stay in a stage; 0: as long as it takes.  When nearly all places are taken, those that
 * keep one and ask for nothing have to go earlier. */
static int64_t patience(const struct http *http, int stage, bool crowded)
{
    int64_t request_ms = crowded ? http->limits.request_ms / CROWDED_FACTOR : http->limits.request_ms;

    switch (stage) {
    case STAGE_READING: return request_ms;
    case STAGE_SENDING: return (int64_t)http->limits.request_ms * SENDING_FACTOR;
    case STAGE_QUIET: /* libmicrohttpd ends it when nothing comes; this is for a request line that comes in drops */
        return crowded ? request_ms : (int64_t)http->limits.idle_ms + request_ms;
    default: return 0;
    }
}

void http_tick(struct http *http)
{
    int64_t now = monotonic_ns() / 1000000;
    bool crowded = atomic_load(&http->metrics.connections) >= http->limits.connections - http->limits.connections / 8;

    pthread_mutex_lock(&http->lock);
    for (struct connection *c = http->all; c; c = c->next) {
        int64_t longest = patience(http, atomic_load_explicit(&c->stage, memory_order_relaxed), crowded);
        if (longest && now - atomic_load_explicit(&c->since_ms, memory_order_relaxed) > longest)
            shutdown(c->fd, SHUT_RDWR); /* libmicrohttpd sees the end and closes */
    }
    pthread_mutex_unlock(&http->lock);
    metrics_healthy(&http->site);
}

void http_quiesce(struct http *http)
{
    atomic_store(&http->stopping, true);
    quiesce_loops(http);
}

static bool at_work(struct http *http)
{
    bool busy = false;

    pthread_mutex_lock(&http->lock);
    for (struct connection *c = http->all; c && !busy; c = c->next) {
        int stage = atomic_load(&c->stage);
        busy = stage == STAGE_WORKING || stage == STAGE_SENDING;
    }
    pthread_mutex_unlock(&http->lock);
    return busy;
}

bool http_stop(struct http *http, int64_t timeout_ms)
{
    int64_t until = monotonic_ns() / 1000000 + timeout_ms;
    bool busy;

    while ((busy = at_work(http)) && monotonic_ns() / 1000000 < until)
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    if (busy)
        return false; /* a daemon with suspended connections cannot be stopped: the process ends with it */
    stop_loops(http);
    free_http(http);
    return true;
}

/* While a request waits, its connection is suspended and stays: nobody else looks at the socket. */
bool http_left(void *ctx, const struct request *request)
{
    const struct connection *c = request->owner;
    struct pollfd fd = {.fd = c->fd, .events = POLLRDHUP};

    (void)ctx;
    return poll(&fd, 1, 0) > 0;
}

void http_publish(void *ctx, struct event *event)
{
    hub_publish(ctx, event);
}

bool http_heard(void *ctx, arena_text channel)
{
    return hub_heard(ctx, channel);
}
