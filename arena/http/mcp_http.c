/*
 * mcp_http.c - the transport of MCP: Streamable HTTP without sessions.  A POST is answered with its events at once and
 * no stream stays open, so nothing is left to resume or to delete.
 */
#include <stdlib.h>

#include "http/exchange.h"
#include "http/mcp.h"
#include "http/mcp_strict.h"

/* What an exchange remembers while requests of the REST API stand in its place. */
struct work {
    struct mcp *mcp;
    const struct route *route; /* the address that was asked */
    bool has_key;              /* the session key that came with it, in header or query */
    char key[BEARER_MAX + 1];
};

static struct mcp *mcp_of(const struct exchange *ex)
{
    return ((const struct work *)ex->work)->mcp;
}

/* Answers with an error that belongs to no message. */
static bool refuse(struct exchange *ex, int status, int code, const char *error)
{
    ex->status = status;
    ex->type = "application/json";
    text_clear(&ex->request.body);
    mcp_put_error(&ex->request.body, code, error);
    return true;
}

static bool finish(struct exchange *ex)
{
    const struct text *reply = mcp_reply(mcp_of(ex));

    ex->route = ((const struct work *)ex->work)->route;
    text_clear(&ex->request.body);
    text_put_text(&ex->request.body, text_slice(reply));
    ex->is_page = false;
    ex->status = reply->len ? 200 : 202; /* notifications have no answer */
    ex->type = reply->len ? "text/event-stream" : NULL;
    return true;
}

/* What cannot be a key is kept as an empty one, which fits no session, as head.c does with the header. */
static void copy_key(char out[BEARER_MAX + 1], arena_text key)
{
    size_t len = key.len <= BEARER_MAX && !memchr(key.ptr, '\0', key.len) ? key.len : 0;
    memcpy(out, key.ptr, len);
    out[len] = '\0';
}

/* A session key among a call's arguments counts as the header would, and before it. */
static void put_key(struct exchange *ex, arena_text key)
{
    const struct work *work = ex->work;
    ex->has_bearer = key.len || work->has_key;
    copy_key(ex->bearer, key.len ? key : text_of(work->key));
}

/* Puts a request of the REST API in the place of the one that was sent. */
static void put_request(struct exchange *ex, const struct mcp_ask *ask)
{
    text_clear(&ex->target);
    text_clear(&ex->body);
    text_put_text(&ex->body, ask->body);
    request_reset(&ex->request);
    ex->param = ex->query = (arena_text){"", 0};
    ex->json.count = 0;
    memset(ex->member, 0, sizeof ex->member);
    ex->type = "application/json";
    ex->is_page = false;
    ex->status = 0;
    put_key(ex, ask->key);
    exchange_begin(ex, ask->target);
    exchange_route(ex, ask->method);
}

static void take_answer(struct exchange *ex)
{
    exchange_complete(ex);
    mcp_answered(mcp_of(ex), exchange_status(ex), exchange_answer(ex));
}

/* Runs one request after the other, until one is not answered at once or all are done. */
static bool go_on(struct exchange *ex)
{
    struct mcp_ask ask;

    while (mcp_next(mcp_of(ex), &ask)) {
        put_request(ex, &ask);
        if (!exchange_run(ex))
            return false;
        take_answer(ex);
    }
    return finish(ex);
}

static bool answered(struct exchange *ex)
{
    take_answer(ex);
    return go_on(ex);
}

static void release(struct exchange *ex)
{
    mcp_close(mcp_of(ex));
    free(ex->work);
}

static void begin(struct exchange *ex, struct mcp *mcp)
{
    struct work *work = malloc(sizeof *work);
    arena_text key = text_of(ex->bearer);

    if (!work)
        abort();
    *work = (struct work){.mcp = mcp, .route = ex->route, .has_key = ex->has_bearer};
    if (!ex->has_bearer)
        work->has_key = query_get(ex, "key", &key) && key.len;
    copy_key(work->key, key);
    ex->work = work;
    ex->go_on = answered;
    ex->release = release;
}

/* True when the headers are not what the transport wants, and the request has been answered. */
static bool headers_refused(struct exchange *ex)
{
    if (!ex->accepts_json || !ex->accepts_events)
        return refuse(ex, 406, -32000,
                      "Not Acceptable: Client must accept both application/json and text/event-stream");
    if (!ex->sends_json)
        return refuse(ex, 415, -32000, "Unsupported Media Type: Content-Type must be application/json");
    return false;
}

static bool serve(struct exchange *ex, enum mcp_endpoint endpoint)
{
    int code;
    const char *error;

    if (headers_refused(ex))
        return true;
    struct mcp *mcp = mcp_open(endpoint, ex->site->auth != NULL, text_slice(&ex->body), &code, &error);
    if (!mcp)
        return refuse(ex, 400, code, error);
    begin(ex, mcp);
    if (ex->mcp_version[0] && !mcp_is_initialize(mcp) && !mcp_knows_version(ex->mcp_version)) {
        struct text sentence = {0};
        text_printf(&sentence, "Bad Request: Unsupported protocol version: %s", ex->mcp_version);
        refuse(ex, 400, -32000, text_cstr(&sentence));
        text_free(&sentence);
        return true;
    }
    if (mcp_is_batch(mcp))
        ex->key_len = 0; /* one key can stand for one change only */
    return go_on(ex);
}

bool mcp_play(struct exchange *ex)
{
    return serve(ex, MCP_PLAY);
}
bool mcp_arena(struct exchange *ex)
{
    return serve(ex, MCP_ARENA);
}
bool mcp_chat(struct exchange *ex)
{
    return serve(ex, MCP_CHAT);
}

bool mcp_no_stream(struct exchange *ex)
{
    return refuse(ex, 405, -32000, "Method not allowed.");
}

bool mcp_json_is_strict(arena_text text)
{
    enum json_type type;
    return text.len && !json_check(text, &type);
}
