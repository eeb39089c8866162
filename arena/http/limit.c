/*
 * limit.c - which rates a request is measured by: one of its client's address, and one of its seat.
 *
 * In auth mode a seat is known by its key, wherever it comes from.  In standalone mode anybody may write any name into
 * `from`; so there a seat counts together with its address, or strangers could use up what a player has.
 */
#include "http/limit.h"

#include <stdio.h>
#include <time.h>

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* Pages, health and figures are for those who run the server, and cheap. */
static bool is_free(const struct route *route)
{
    return route && (route->handle == page_index || route->handle == page_asset || route->handle == page_health ||
                     route->handle == page_metrics);
}

/* A call of MCP counts as a read by itself; the requests that its tools stand for come here as well. */
static bool is_read(const struct route *route)
{
    return !route || strcmp(route->method, "GET") == 0 || route->handle == mcp_play || route->handle == mcp_arena ||
           route->handle == mcp_chat;
}

static enum rate rate_of(const struct route *route)
{
    if (is_read(route))
        return RATE_READ;
    if (route->handle == api_create)
        return RATE_CREATE;
    return route->handle == api_join ? RATE_JOIN : RATE_WRITE;
}

static bool refuse(struct exchange *ex, enum rate rate, uint32_t seconds)
{
    char error[96];

    atomic_fetch_add_explicit(&ex->site->metrics->limited[rate], 1, memory_order_relaxed);
    ex->retry_s = seconds;
    snprintf(error, sizeof error, "Too many requests of this kind: try again in %u second%s", seconds,
             seconds == 1 ? "" : "s");
    return exchange_refuse(ex, 429, "RATE_LIMITED", error);
}

bool limit_client(struct exchange *ex)
{
    if (ex->unlimited || is_free(ex->route))
        return false;
    enum rate rate = rate_of(ex->route);
    uint32_t seconds = rate_take(ex->site->rates, rate, ex->client, sizeof ex->client, now_us());
    return seconds && refuse(ex, rate, seconds);
}

bool limit_seat(struct exchange *ex)
{
    enum { WHO_MAX = ADDRESS_BYTES + 256 };
    uint8_t who[WHO_MAX];
    arena_text seat = ex->player;
    size_t head = 0;

    if (ex->unlimited || is_free(ex->route))
        return false;
    if (!ex->site->auth) {
        const struct json_member *m = json_get(&ex->json, "from");
        query_get(ex, "from", &seat);
        if (!seat.len && m && m->type == JSON_STRING)
            seat = m->value;
        memcpy(who, ex->client, sizeof ex->client);
        head = sizeof ex->client;
    }
    if (!seat.len)
        return false;
    size_t len = seat.len < sizeof who - head ? seat.len : sizeof who - head;
    memcpy(who + head, seat.ptr, len);
    enum rate rate = is_read(ex->route) ? RATE_SEAT_READ : RATE_SEAT_WRITE;
    uint32_t seconds = rate_take(ex->site->rates, rate, who, head + len, now_us());
    return seconds && refuse(ex, rate, seconds);
}
