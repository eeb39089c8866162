/*
 * server.c - HTTP/1.1 on libmicrohttpd: connections, framing, sizes, answers.
 *
 * A connection has one exchange, used again for each of its requests.  An operation that is not answered at once
 * suspends the connection; whoever is last of the two, the handler that suspends or the arena that answers, sees the
 * other's mark in `phase`, so a resume never comes before its suspend.
 *
 * Streams leave libmicrohttpd: their socket is duplicated for the hub, and libmicrohttpd closes its own descriptor.
 * MHD_USE_TURBO is what makes that possible: without it a close is preceded by a shutdown of the socket.  Refusals
 * that leave unread bytes go the same way, see hub_linger.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "http/exchange.h"
#include "http/http.h"
#include "http/log.h"

enum {
    THREADS_DEFAULT = 2,
    CONNECTIONS_DEFAULT = 4096,
    HEADER_DEFAULT = 8192,
    BODY_DEFAULT = 256 * 1024,
    IDLE_MS_DEFAULT = 30000,
    REQUEST_MS_DEFAULT = 60000,
    SENDING_FACTOR = 5, /* a client may take longer to read an answer than to send a request */
    BACKLOG = 1024,
};

enum phase { PHASE_IDLE, PHASE_RUNNING, PHASE_SUSPENDED, PHASE_ANSWERED };

/* What a connection is at, for those that look for slow clients. */
enum stage { STAGE_QUIET, STAGE_READING, STAGE_WORKING, STAGE_SENDING };

struct connection {
    struct exchange exchange;
    struct http *http;
    struct MHD_Connection *mhd;
    int fd, linger;
    atomic_int phase, stage;
    atomic_llong since_ms; /* of the stage */
    int64_t started_ns;
    uint32_t serial, requests;
    bool head_read, version_10, counted;
    const char *method;
    struct connection *next, **back; /* of all */
};

struct http {
    struct site site;
    struct metrics metrics;
    struct MHD_Daemon *daemon;
    int listener;
    uint16_t port;
    struct http_limits limits;
    bool access_log;
    atomic_bool stopping;
    uint32_t id_prefix;
    atomic_uint serials;
    pthread_mutex_t lock; /* of the list */
    struct connection *all;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000 + now.tv_nsec;
}

static void set_stage(struct connection *c, enum stage stage, int64_t ns)
{
    atomic_store_explicit(&c->since_ms, ns / 1000000, memory_order_relaxed);
    atomic_store_explicit(&c->stage, stage, memory_order_relaxed);
}

/* Connections come and go. --------------------------------------------------------------------------------- */

static void on_done(struct request *request);

static void take_address(struct connection *c)
{
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;

    memset(c->exchange.address, 0, ADDRESS_BYTES);
    if (address && address->sa_family == AF_INET) {
        memcpy(c->exchange.address, mapped, sizeof mapped);
        memcpy(c->exchange.address + 12, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    } else if (address && address->sa_family == AF_INET6) {
        memcpy(c->exchange.address, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, ADDRESS_BYTES);
    }
}

static void *connection_open(struct http *http, struct MHD_Connection *mhd)
{
    struct connection *c = calloc(1, sizeof *c);

    if (!c)
        abort();
    c->http = http;
    c->mhd = mhd;
    c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    c->linger = -1;
    c->serial = atomic_fetch_add(&http->serials, 1);
    exchange_init(&c->exchange, &http->site, on_done, c);
    take_address(c);
    set_stage(c, STAGE_READING, now_ns());
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
    exchange_finish(&c->exchange);
    free(c);
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = connection_open(cls, mhd);
    } else if (*context) {
        connection_close(*context);
        *context = NULL;
    }
}

static void put_hex(char *out, uint32_t n, int digits)
{
    while (digits--) {
        out[digits] = "0123456789abcdef"[n & 15];
        n >>= 4;
    }
}

/* The first line of a request is there; what this returns is the handler's *con_cls. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
    struct connection *c = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

    (void)cls;
    c->started_ns = now_ns();
    c->head_read = c->counted = false;
    c->method = "OTHER";
    atomic_store(&c->phase, PHASE_IDLE);
    set_stage(c, STAGE_READING, c->started_ns);
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
    int64_t now = now_ns();
    if (c->counted) {
        struct exchange *ex = &c->exchange;
        int64_t us = (now - c->started_ns) / 1000;
        int status = exchange_status(ex);
        size_t bytes = exchange_answer(ex).len;
        metrics_request(&http->metrics, route_index(ex->route), status, us, bytes);
        if (http->access_log)
            log_access(ex->id, c->method, ex->route ? ex->route->path : "unknown", status, bytes, us);
    }
    if (c->linger >= 0)
        hub_linger(http->site.hub, c->linger);
    c->linger = -1;
    exchange_reset(&c->exchange);
    set_stage(c, STAGE_QUIET, now);
}

/* Refusing before the whole request is read. --------------------------------------------------------------- */

/* Writes an answer past libmicrohttpd, which can give none while a body comes in, and lets the connection go.  The
 * answer fits the empty buffer of the socket; if not, the client gets none. */
static enum MHD_Result refuse(struct connection *c, int status, const char *words, const char *code, const char *error)
{
    struct exchange *ex = &c->exchange;
    char head[512];

    exchange_refuse(ex, status, code, error);
    arena_text body = exchange_answer(ex);
    int len = snprintf(head, sizeof head,
                       "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                       "Connection: close\r\nX-Request-Id: %s\r\n\r\n",
                       status, words, body.len, ex->id);
    if (send(c->fd, head, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT | MSG_MORE) == len &&
        send(c->fd, body.ptr, body.len, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
        c->linger = fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
    c->counted = true;
    atomic_fetch_add(&c->http->metrics.refused, 1);
    return MHD_NO;
}

static enum MHD_Result refuse_framing(struct connection *c, const char *error)
{
    return refuse(c, 400, "Bad Request", "BAD_FRAMING", error);
}

static enum MHD_Result refuse_size(struct connection *c)
{
    char error[96];
    snprintf(error, sizeof error, "The body is larger than %zu bytes", c->http->site.body_max);
    return refuse(c, 413, "Content Too Large", "BODY_TOO_LARGE", error);
}

/* The head of a request. ----------------------------------------------------------------------------------- */

struct head {
    struct exchange *exchange;
    unsigned hosts, lengths, encodings;
    bool chunked, number, closing;
    uint64_t length;
};

static bool is_name(const char *key, const char *name) { return strcasecmp(key, name) == 0; }

/* The decimal number of value; false when it is something else or beyond 10^18. */
static bool read_decimal(const char *value, size_t len, uint64_t *n)
{
    *n = 0;
    if (!len || len > 18)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (value[i] < '0' || value[i] > '9')
            return false;
        *n = *n * 10 + (uint64_t)(value[i] - '0');
    }
    return true;
}

/* A request id is echoed and logged, so only a plain one is taken. */
static void take_id(struct exchange *ex, const char *value, size_t len)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

    if (!len || len > REQUEST_ID_MAX || strlen(value) != len || strspn(value, plain) != len)
        return;
    memcpy(ex->id, value, len + 1);
}

static void take_key(struct exchange *ex, const char *value, size_t len)
{
    ex->key_len = len;
    if (len <= IDEMPOTENCY_KEY_MAX)
        memcpy(ex->key, value, len);
}

static void take_last_event(struct exchange *ex, const char *value, size_t len)
{
    uint64_t n;
    if (read_decimal(value, len, &n) && n <= UINT32_MAX)
        ex->last_event_id = (uint32_t)n;
}

/* Names are told apart by their length first: most headers are none of ours. */
static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_len, const char *value,
                                 size_t len)
{
    struct head *head = cls;

    (void)kind;
    if (!value)
        return MHD_YES;
    switch (key_len) {
    case 4:
        head->hosts += is_name(key, "Host");
        break;
    case 12:
        if (is_name(key, "X-Request-Id"))
            take_id(head->exchange, value, len);
        break;
    case 13:
        if (is_name(key, "Last-Event-ID"))
            take_last_event(head->exchange, value, len);
        break;
    case 14:
        if (is_name(key, "Content-Length")) {
            head->lengths++;
            head->number = read_decimal(value, len, &head->length);
        }
        break;
    case 15:
        if (is_name(key, "Idempotency-Key"))
            take_key(head->exchange, value, len);
        break;
    case 17:
        if (is_name(key, "Transfer-Encoding")) {
            head->encodings++;
            head->chunked = is_name(value, "chunked");
        }
        break;
    default:
        break;
    }
    return MHD_YES;
}

/* What two servers in a row could understand differently: where a request ends, and whom it is for. */
static const char *framing_error(const struct connection *c, const struct head *h)
{
    if (h->lengths && h->encodings)
        return "Content-Length and Transfer-Encoding exclude each other";
    if (h->lengths > 1)
        return "Content-Length is given more than once";
    if (h->lengths && !h->number)
        return "Content-Length is not a number";
    if (h->encodings > 1 || (h->encodings && !h->chunked))
        return "The only Transfer-Encoding known is chunked";
    if (h->encodings && c->version_10)
        return "HTTP/1.0 has no Transfer-Encoding";
    if (h->hosts > 1 || (!h->hosts && !c->version_10))
        return "Exactly one Host is needed";
    return NULL;
}

static const char *known_method(const char *method)
{
    static const char *const methods[] = {"GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(method, methods[i]) == 0)
            return methods[i];
    return "OTHER";
}

static void make_id(struct connection *c)
{
    char *id = c->exchange.id;
    put_hex(id, c->http->id_prefix, 8);
    put_hex(id + 8, c->serial, 6);
    put_hex(id + 14, c->requests, 4);
    id[18] = '\0';
}

static enum MHD_Result read_head(struct connection *c, const char *method, const char *version)
{
    struct head head = {.exchange = &c->exchange};

    c->head_read = true;
    c->requests++;
    c->method = known_method(method);
    c->version_10 = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
    MHD_get_connection_values_n(c->mhd, MHD_HEADER_KIND, on_header, &head);
    if (!c->exchange.id[0])
        make_id(c);
    exchange_route(&c->exchange, method);
    const char *error = framing_error(c, &head);
    if (error)
        return refuse_framing(c, error);
    if (head.lengths && head.length > c->http->site.body_max)
        return refuse_size(c);
    return MHD_YES;
}

static enum MHD_Result read_body(struct connection *c, const char *bytes, size_t *len)
{
    if (*len > c->http->site.body_max - c->exchange.body.len)
        return refuse_size(c);
    text_put(&c->exchange.body, bytes, *len);
    *len = 0;
    return MHD_YES;
}

/* Streams leave. ------------------------------------------------------------------------------------------- */

#define STREAM_HEADERS                                                                                                \
    X("Content-Type", "text/event-stream")                                                                            \
    X("Cache-Control", "no-cache, no-transform")                                                                      \
    X("X-Accel-Buffering", "no")                                                                                      \
    X("X-Content-Type-Options", "nosniff")                                                                            \
    X("Access-Control-Allow-Origin", "*")                                                                             \
    X("Access-Control-Allow-Methods", "GET")                                                                          \
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

/* Hands the socket to the hub.  False when there are too many streams and the request is answered so. */
static bool leave_as_stream(struct connection *c)
{
    struct exchange *ex = &c->exchange;
    struct hub *hub = c->http->site.hub;
    struct text head = {0};
    int one = 1;

    if (!hub_reserve(hub, ex->address))
        return !exchange_refuse(ex, 429, "TOO_MANY_STREAMS", "Too many streams are open");
    struct hub_opening opening = {
        .fd = fcntl(c->fd, F_DUPFD_CLOEXEC, 0),
        .chunked = !c->version_10,
        .channel = ex->channel,
        .viewer = ex->viewer,
        .after = ex->last_event_id,
    };
    memcpy(opening.address, ex->address, ADDRESS_BYTES);
    if (opening.fd < 0) {
        hub_unreserve(hub, ex->address);
        return !exchange_refuse(ex, 503, "BUSY", "The server has no more descriptors");
    }
    setsockopt(opening.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    stream_head(c, &head);
    opening.head = text_slice(&head);
    hub_open(hub, &opening);
    text_free(&head);
    return true;
}

/* Answers. ------------------------------------------------------------------------------------------------- */

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
    MHD_add_response_header(response, "Content-Type", ex->type);
    if (ex->is_page && status == 200) {
        MHD_add_response_header(response, "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
        MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
        MHD_add_response_header(response, "Cache-Control", "no-cache");
    }
    if (status == 429 || status == 503)
        MHD_add_response_header(response, "Retry-After", "1");
    if (atomic_load_explicit(&c->http->stopping, memory_order_relaxed))
        MHD_add_response_header(response, "Connection", "close");
}

static enum MHD_Result send_answer(struct connection *c)
{
    arena_text answer = exchange_answer(&c->exchange);
    int status = exchange_status(&c->exchange);

    /* the bytes stay where they are until on_completed, so nothing needs to be copied */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer.len, (void *)(uintptr_t)answer.ptr, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    add_headers(c, response, status);
    set_stage(c, STAGE_SENDING, now_ns());
    enum MHD_Result result = MHD_queue_response(c->mhd, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static void on_done(struct request *request)
{
    struct connection *c = request->owner;
    if (atomic_exchange(&c->phase, PHASE_ANSWERED) == PHASE_SUSPENDED)
        MHD_resume_connection(c->mhd);
}

static enum MHD_Result run(struct connection *c)
{
    struct exchange *ex = &c->exchange;
    int running = PHASE_RUNNING;

    c->counted = true;
    atomic_store(&c->phase, PHASE_RUNNING);
    set_stage(c, STAGE_WORKING, c->started_ns);
    if (exchange_run(ex)) {
        atomic_store(&c->phase, PHASE_ANSWERED);
        if (ex->route && ex->route->stream && !ex->head && exchange_status(ex) == 200 && leave_as_stream(c))
            return MHD_NO; /* its descriptor is closed, the socket lives on */
        return send_answer(c);
    }
    if (atomic_load(&c->phase) == PHASE_ANSWERED)
        return send_answer(c);
    MHD_suspend_connection(c->mhd);
    if (!atomic_compare_exchange_strong(&c->phase, &running, PHASE_SUSPENDED))
        MHD_resume_connection(c->mhd);
    return MHD_YES;
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
        return read_head(c, method, version);
    if (*len)
        return read_body(c, bytes, len);
    switch (atomic_load(&c->phase)) {
    case PHASE_IDLE:
        return run(c);
    case PHASE_ANSWERED:
        return send_answer(c);
    default:
        return MHD_YES; /* woken for nothing */
    }
}

/* Start, watch, stop. -------------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 0))) static void on_log(void *cls, const char *format, va_list args)
{
    char line[512];
    (void)cls;
    vsnprintf(line, sizeof line, format, args);
    line[strcspn(line, "\n")] = '\0';
    log_line(ARENA_DEBUG, line);
}

static struct http_limits with_defaults(struct http_limits l)
{
    l.threads = l.threads < 2 ? THREADS_DEFAULT : l.threads; /* a lone thread was seen to stall under suspensions */
    l.connections = l.connections ? l.connections : CONNECTIONS_DEFAULT;
    l.header_bytes = l.header_bytes ? l.header_bytes : HEADER_DEFAULT;
    l.body_bytes = l.body_bytes ? l.body_bytes : BODY_DEFAULT;
    l.idle_ms = l.idle_ms ? l.idle_ms : IDLE_MS_DEFAULT;
    l.request_ms = l.request_ms ? l.request_ms : REQUEST_MS_DEFAULT;
    return l;
}

static int listen_on(const struct sockaddr_storage *address, uint16_t *port)
{
    socklen_t len = address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    struct sockaddr_storage bound;
    socklen_t bound_len = sizeof bound;
    int one = 1, fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (const struct sockaddr *)address, len) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &bound_len) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    /* the port stands at the same place for both families */
    *port = ntohs(((struct sockaddr_in *)(void *)&bound)->sin_port);
    return fd;
}

static struct MHD_Daemon *start_daemon(struct http *http)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, http,
                            MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, /* first: it hears of the others */
                            MHD_OPTION_LISTEN_SOCKET, http->listener,
                            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)http->limits.threads,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)http->limits.connections,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)http->limits.header_bytes,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)((http->limits.idle_ms + 999) / 1000),
                            MHD_OPTION_STRICT_FOR_CLIENT, 1,
                            MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
                            MHD_OPTION_URI_LOG_CALLBACK, on_target, http,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
                            MHD_OPTION_END);
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
    http->site = (struct site){config->arena, config->store, config->host, config->hub, &http->metrics,
                               http->limits.body_bytes};
    if (getrandom(&http->id_prefix, sizeof http->id_prefix, 0) < 0)
        abort();
    http->listener = listen_on(&config->address, &http->port);
    if (http->listener < 0)
        snprintf(error, error_size, "%s", strerror(errno));
    else if (!(http->daemon = start_daemon(http)))
        snprintf(error, error_size, "the HTTP server did not start");
    if (http->daemon)
        return http;
    if (http->listener >= 0)
        close(http->listener);
    free(http);
    return NULL;
}

uint16_t http_port(const struct http *http) { return http->port; }

/* How long a connection may stay in a stage; 0: as long as it takes. */
static int64_t patience(const struct http *http, int stage)
{
    switch (stage) {
    case STAGE_READING:
        return http->limits.request_ms;
    case STAGE_SENDING:
        return (int64_t)http->limits.request_ms * SENDING_FACTOR;
    case STAGE_QUIET: /* libmicrohttpd ends it when nothing comes; this is for a request line that comes in drops */
        return (int64_t)http->limits.idle_ms + http->limits.request_ms;
    default:
        return 0;
    }
}

void http_tick(struct http *http)
{
    int64_t now = now_ns() / 1000000;

    pthread_mutex_lock(&http->lock);
    for (struct connection *c = http->all; c; c = c->next) {
        int64_t longest = patience(http, atomic_load_explicit(&c->stage, memory_order_relaxed));
        if (longest && now - atomic_load_explicit(&c->since_ms, memory_order_relaxed) > longest)
            shutdown(c->fd, SHUT_RDWR); /* libmicrohttpd sees the end and closes */
    }
    pthread_mutex_unlock(&http->lock);
    metrics_healthy(&http->site);
}

void http_quiesce(struct http *http)
{
    atomic_store(&http->stopping, true);
    MHD_socket listener = MHD_quiesce_daemon(http->daemon);
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
    http->listener = -1;
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
    int64_t until = now_ns() / 1000000 + timeout_ms;
    bool busy;

    while ((busy = at_work(http)) && now_ns() / 1000000 < until)
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    if (busy)
        return false; /* a daemon with suspended connections cannot be stopped: the process ends with it */
    MHD_stop_daemon(http->daemon);
    pthread_mutex_destroy(&http->lock);
    free(http);
    return true;
}

void http_publish(void *ctx, struct event *event) { hub_publish(ctx, event); }
bool http_heard(void *ctx, arena_text channel) { return hub_heard(ctx, channel); }
