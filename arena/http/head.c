/*
 * head.c - reads what a request begins with, strictly: what two servers in a row could understand differently is
 * refused, and so is what is too large, before the rest of it is read.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "http/connection.h"
#include "http/forward.h"
#include "http/log.h"

_Thread_local struct connection *connection_reading;

static void put_hex(char *out, uint32_t n, int digits)
{
    while (digits--) {
        out[digits] = "0123456789abcdef"[n & 15];
        n >>= 4;
    }
}

static void make_id(struct connection *c)
{
    char *id = c->exchange.id;
    put_hex(id, c->http->id_prefix, 8);
    put_hex(id + 8, c->serial, 6);
    put_hex(id + 14, c->requests, 4);
    id[18] = '\0';
}

/* Refusing before the whole request is read. --------------------------------------------------------------- */

/* Writes an answer past libmicrohttpd, which can give none while a body comes in, and lets the connection go.  The
 * answer fits the empty buffer of the socket; if not, the client gets none.  Returns what makes libmicrohttpd close. */
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
    bool chunked, number, odd_line;
    uint64_t length;
    uintptr_t from, upto;  /* where the head lies in libmicrohttpd's buffer */
    uintptr_t first, last; /* the first header's name and the last one's end */
};

static bool is_name(const char *key, const char *name)
{
    return strcasecmp(key, name) == 0;
}

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

/* Another scheme is none of ours.  Of two headers neither is believed. */
static void take_bearer(struct exchange *ex, const char *value, size_t len)
{
    static const char scheme[] = "Bearer ";
    size_t skip = sizeof scheme - 1;

    if (len < skip || memcmp(value, scheme, skip) != 0)
        return;
    bool usable = !ex->has_bearer && len - skip <= BEARER_MAX && !memchr(value, '\0', len);
    ex->has_bearer = true;
    memcpy(ex->bearer, value + skip, usable ? len - skip : 0);
    ex->bearer[usable ? len - skip : 0] = '\0';
}

static void take_last_event(struct exchange *ex, const char *value, size_t len)
{
    uint64_t n;
    if (read_decimal(value, len, &n) && n <= UINT32_MAX)
        ex->last_event_id = (uint32_t)n;
}

/* There may be several such lines: together they are one list. */
static void take_accept(struct exchange *ex, const char *value)
{
    ex->accepts_json |= strcasestr(value, "application/json") != NULL;
    ex->accepts_events |= strcasestr(value, "text/event-stream") != NULL;
}

/* libmicrohttpd takes a lone line feed for the end of a line, ends the head at a header without a name, and mixes up
 * folded headers; other servers read such a head otherwise.  But it parses in place and puts a NUL where each byte of a
 * line's end was, so what it read can be checked against the bytes: every name must lie in the head, and two bytes
 * stand between lines, four at the end. */
static void check_line(struct head *head, const char *key, const char *value, size_t len)
{
    uintptr_t begin = (uintptr_t)key, end = (uintptr_t)value + len;

    size_t name = strcspn(key, " \t");
    if (begin < head->from || end < begin || end + 2 > head->upto || key[name]) {
        head->odd_line = true;
        return;
    }
    head->odd_line |= head->last && begin != head->last + 2; /* a NUL at a value's end is not in its length */
    if (!head->first || begin < head->first)
        head->first = begin;
    if (end > head->last)
        head->last = end;
    /* within a value: for others a lone carriage return ends the line, a NUL the text */
    head->odd_line |= len && (memchr(value, '\0', len) || memchr(value, '\r', len));
    head->odd_line |= value[len + 1] != '\0' && value[len + 1] != '\r' && value[len + 1] != '\n';
}

static bool is_odd(const struct head *head, const char *version)
{
    return head->odd_line ||
           (head->first && (head->last + 4 != head->upto || head->first != (uintptr_t)version + strlen(version) + 2));
}

/* Names are told apart by their length first: most headers are none of ours. */
static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_len, const char *value,
                                 size_t len)
{
    struct head *head = cls;

    (void)kind;
    if (!value)
        return MHD_YES;
    check_line(head, key, value, len);
    switch (key_len) {
    case 4:
        if (is_name(key, "Host")) {
            head->hosts++;
            head->exchange->host = (arena_text){value, len};
        }
        break;
    case 6:
        if (is_name(key, "Accept"))
            take_accept(head->exchange, value);
        break;
    case 12:
        if (is_name(key, "X-Request-Id"))
            take_id(head->exchange, value, len);
        else if (is_name(key, "Content-Type"))
            head->exchange->sends_json = strcasestr(value, "application/json") != NULL;
        break;
    case 13:
        if (is_name(key, "Last-Event-ID"))
            take_last_event(head->exchange, value, len);
        else if (is_name(key, "Authorization"))
            take_bearer(head->exchange, value, len);
        else if (is_name(key, "If-None-Match")) /* of several lines the last counts: at worst an answer is sent again */
            head->exchange->known = (arena_text){value, len};
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
        else if (is_name(key, "X-Forwarded-For"))
            forward_for(head->exchange, (arena_text){value, len});
        break;
    case 16:
        if (is_name(key, "X-Forwarded-Host"))
            head->exchange->forwarded_host = (arena_text){value, len};
        break;
    case 17:
        if (is_name(key, "Transfer-Encoding")) {
            head->encodings++;
            head->chunked = is_name(value, "chunked");
        } else if (is_name(key, "X-Forwarded-Proto")) {
            head->exchange->forwarded_proto = (arena_text){value, len};
            forward_proto(head->exchange, (arena_text){value, len});
        }
        break;
    case 20:
        if (is_name(key, "MCP-Protocol-Version"))
            snprintf(head->exchange->mcp_version, sizeof head->exchange->mcp_version, "%s", value);
        break;
    default: break;
    }
    return MHD_YES;
}

/* What two servers in a row could understand differently: where a request ends, and whom it is for. */
static const char *framing_error(const struct connection *c, const struct head *h)
{
    if (c->odd_target || h->odd_line)
        return "The request's head is malformed";
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

enum MHD_Result connection_read_head(struct connection *c, const char *method, const char *version)
{
    size_t size = MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
    struct head head = {.exchange = &c->exchange, .from = (uintptr_t)method, .upto = (uintptr_t)method + size};

    c->head_read = true;
    c->requests++;
    c->method = known_method(method);
    c->version_10 = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
    MHD_get_connection_values_n(c->mhd, MHD_HEADER_KIND, on_header, &head);
    head.odd_line = is_odd(&head, version);
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

enum MHD_Result connection_read_body(struct connection *c, const char *bytes, size_t *len)
{
    if (*len > c->http->site.body_max - c->exchange.body.len)
        return refuse_size(c);
    text_put(&c->exchange.body, bytes, *len);
    *len = 0;
    return MHD_YES;
}

/* What libmicrohttpd refuses itself. ------------------------------------------------------------------------ */

/* Requests that libmicrohttpd itself finds malformed never come to the handler, and version 0.9.75 answers some of them
 * with two heads.  What it is about to do it tells its log, from the thread that does it: when the connection whose
 * line was read last is the one that failed, it is answered here, and libmicrohttpd finds the socket's way out shut. */
static void answer_for_library(unsigned status)
{
    struct connection *c = connection_reading;

    if (!c || c->head_read || (status != 400 && status != 413) ||
        !MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE))
        return;
    make_id(c);
    if (status == 413)
        refuse_size(c);
    else
        refuse_framing(c, "The request's head is malformed");
    shutdown(c->fd, SHUT_WR);
}

__attribute__((format(printf, 2, 0))) void connection_library_log(void *cls, const char *format, va_list args)
{
    static const char failed[] = "Error processing request (HTTP response code is %u";
    char line[512];
    va_list copy;

    (void)cls;
    va_copy(copy, args);
    bool is_failure = strncmp(format, failed, sizeof failed - 1) == 0;
    if (is_failure)
        answer_for_library(va_arg(copy, unsigned));
    va_end(copy);
    if (is_failure || !strstr(format, "%s"))
        vsnprintf(line, sizeof line, format, args);
    else /* the text may be a part of the request, in which invites and session keys are */
        snprintf(line, sizeof line, "%s", format);
    line[strcspn(line, "\n")] = '\0';
    log_line(ARENA_DEBUG, line);
}
