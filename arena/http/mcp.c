/*
 * mcp.c - JSON-RPC: takes the messages of one POST one after the other and collects the events that answer them.
 *
 * All that a call needs comes with it, so nothing is remembered between two POSTs.
 */
#include "http/mcp.h"

#include <stdlib.h>

#include "http/mcp_call.h"

enum { PARSE_ERROR = -32700, INVALID_REQUEST = -32600, NO_METHOD = -32601, INVALID_PARAMS = -32602 };
enum { BATCH_MAX = 20 };

static const char *const versions[] = {"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"};

struct mcp {
    const struct mcp_server *server;
    json_t *messages; /* an array, also of a single one */
    size_t at;        /* the next one */
    bool batch, auth;
    struct mcp_call call; /* under way while its tool is set */
    struct text out;
};

bool mcp_knows_version(const char *version)
{
    for (size_t i = 0; version && i < sizeof versions / sizeof versions[0]; i++)
        if (strcmp(version, versions[i]) == 0)
            return true;
    return false;
}

void mcp_put_error(struct text *out, int code, const char *error)
{
    text_printf(out, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":%d,\"message\":", code);
    text_json_string(out, text_of(error));
    text_lit(out, "},\"id\":null}");
}

/* Messages in. ----------------------------------------------------------------------------------------------- */

static bool is_request(const json_t *message)
{
    return json_object_get(message, "id") != NULL && json_object_get(message, "method") != NULL;
}

static const char *method_of(const json_t *message)
{
    const char *method = json_string_value(json_object_get(message, "method"));
    return method ? method : "";
}

/* A request, a notification, or an answer to a question that the arena never asks. */
static bool is_message(const json_t *message)
{
    const json_t *id = json_object_get(message, "id"), *method = json_object_get(message, "method");
    const char *version = json_string_value(json_object_get(message, "jsonrpc"));

    if (!version || strcmp(version, "2.0") != 0)
        return false;
    if (id && !json_is_string(id) && !json_is_integer(id))
        return false;
    return method ? json_is_string(method)
                  : id && (json_object_get(message, "result") || json_object_get(message, "error"));
}

static const char *batch_error(const json_t *messages)
{
    size_t i;
    json_t *message;

    if (!json_array_size(messages))
        return "Invalid Request: an empty batch";
    if (json_array_size(messages) > BATCH_MAX)
        return "Invalid Request: a batch has at most 20 messages";
    json_array_foreach(messages, i, message)
        if (!is_message(message))
            return "Invalid Request: this is no JSON-RPC 2.0 message";
    return NULL;
}

struct mcp *mcp_open(enum mcp_endpoint endpoint, bool auth, arena_text body, int *code, const char **error)
{
    json_t *json = mcp_json(body);

    *code = PARSE_ERROR;
    *error = "Parse error: Invalid JSON";
    if (!json)
        return NULL;
    bool batch = json_is_array(json);
    json_t *messages = batch ? json : json_pack("[o]", json);
    *code = INVALID_REQUEST;
    *error = batch_error(messages);
    struct mcp *mcp = *error ? NULL : calloc(1, sizeof *mcp);
    if (!mcp) {
        json_decref(messages);
        return NULL;
    }
    mcp->server = mcp_server(endpoint);
    mcp->messages = messages;
    mcp->batch = batch;
    mcp->auth = auth;
    mcp_call_open(&mcp->call, mcp->server, auth);
    return mcp;
}

void mcp_close(struct mcp *mcp)
{
    if (!mcp)
        return;
    mcp_call_close(&mcp->call);
    json_decref(mcp->messages);
    text_free(&mcp->out);
    free(mcp);
}

bool mcp_is_initialize(const struct mcp *mcp)
{
    return strcmp(method_of(json_array_get(mcp->messages, 0)), "initialize") == 0;
}

bool mcp_is_batch(const struct mcp *mcp)
{
    return mcp->batch;
}

const struct text *mcp_reply(const struct mcp *mcp)
{
    return &mcp->out;
}

/* Answers out. ----------------------------------------------------------------------------------------------- */

/* An event with a member of this name, "result" or "error", which is used up, in answer to the message. */
static void put_event(struct mcp *mcp, const json_t *message, const char *name, json_t *value)
{
    json_t *answer = json_pack("{s:o, s:s, s:O}", name, value, "jsonrpc", "2.0", "id", json_object_get(message, "id"));
    char *json = json_dumps(answer, JSON_COMPACT);

    text_lit(&mcp->out, "event: message\ndata: ");
    text_puts(&mcp->out, json ? json : "{}");
    text_lit(&mcp->out, "\n\n");
    free(json);
    json_decref(answer);
}

static void put_failure(struct mcp *mcp, const json_t *message, int code, const char *error)
{
    put_event(mcp, message, "error", json_pack("{s:i, s:s}", "code", code, "message", error));
}

/* What a tool has to say: a text, and whether it failed. */
static void put_said(struct mcp *mcp, const json_t *message, arena_text said, bool failed)
{
    json_t *result =
        json_pack("{s:[{s:s, s:s%}]}", "content", "type", "text", "text", said.len ? said.ptr : "", said.len);
    if (failed)
        json_object_set_new(result, "isError", json_true());
    put_event(mcp, message, "result", result);
}

/* Methods. --------------------------------------------------------------------------------------------------- */

static void initialize(struct mcp *mcp, const json_t *message)
{
    const char *version = json_string_value(json_object_get(json_object_get(message, "params"), "protocolVersion"));
    json_t *result =
        json_pack("{s:s, s:{s:{s:b}}, s:{s:s, s:s}}", "protocolVersion",
                  mcp_knows_version(version) ? version : versions[0], "capabilities", "tools", "listChanged",
                  mcp->server->reference, "serverInfo", "name", mcp->server->name, "version", mcp->server->version);
    if (mcp->server->instructions)
        json_object_set_new(result, "instructions", json_string(mcp->server->instructions));
    put_event(mcp, message, "result", result);
}

static void ping(struct mcp *mcp, const json_t *message)
{
    put_event(mcp, message, "result", json_object());
}

static void list_tools(struct mcp *mcp, const json_t *message)
{
    put_event(mcp, message, "result", mcp_list(mcp->server, mcp->auth));
}

/* A call that cannot be made is a result too: it is the agent that has to read it, not its client. */
static void put_refused_call(struct mcp *mcp, const json_t *message, struct text *error)
{
    struct text said = {0};
    text_printf(&said, "MCP error %d: ", INVALID_PARAMS);
    text_put_text(&said, text_slice(error));
    put_said(mcp, message, text_slice(&said), true);
    text_free(&said);
}

static void call_tool(struct mcp *mcp, const json_t *message)
{
    const json_t *params = json_object_get(message, "params");
    const char *name = json_string_value(json_object_get(params, "name"));
    json_t *arguments = json_object_get(params, "arguments");
    struct text error = {0}, detail = {0};

    if (!name) {
        put_failure(mcp, message, INVALID_PARAMS, "Invalid params: name must be the name of a tool");
        return;
    }
    const struct mcp_tool *tool = mcp_tool(mcp->server, name);
    if (!tool)
        text_printf(&error, "Tool %s not found", name);
    else if (!mcp_check(mcp->server, mcp->auth, tool, arguments, &detail))
        text_printf(&error, "Input validation error: Invalid arguments for tool %s: %s", name, text_cstr(&detail));
    else
        mcp_call_begin(&mcp->call, tool, arguments);
    if (error.len)
        put_refused_call(mcp, message, &error);
    text_free(&error);
    text_free(&detail);
}

static void answer_message(struct mcp *mcp, const json_t *message)
{
    static const struct {
        const char *name;
        void (*run)(struct mcp *mcp, const json_t *message);
    } methods[] = {{"initialize", initialize}, {"ping", ping}, {"tools/list", list_tools}, {"tools/call", call_tool}};

    if (!is_request(message))
        return;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(methods[i].name, method_of(message)) == 0) {
            methods[i].run(mcp, message);
            return;
        }
    put_failure(mcp, message, NO_METHOD, "Method not found");
}

/* A call that has been begun wants requests to be run; all else is answered at once. */
bool mcp_next(struct mcp *mcp, struct mcp_ask *ask)
{
    while (!mcp->call.tool && mcp->at < json_array_size(mcp->messages))
        answer_message(mcp, json_array_get(mcp->messages, mcp->at++));
    if (!mcp->call.tool)
        return false;
    mcp_call_ask(&mcp->call, ask);
    return true;
}

void mcp_answered(struct mcp *mcp, int status, arena_text body)
{
    if (!mcp_call_answered(&mcp->call, status, body))
        return;
    put_said(mcp, json_array_get(mcp->messages, mcp->at - 1), text_slice(&mcp->call.said), mcp->call.failed);
    mcp->call.tool = NULL;
}
