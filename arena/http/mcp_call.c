/*
 * mcp_call.c - what a call of a tool asks of the REST API, and what it tells the agent.
 */
#define _GNU_SOURCE
#include "http/mcp_call.h"

#include <stdlib.h>
#include <time.h>

#include "http/mcp_strict.h"

/* Waiting is done in slices: whoever is asked for a decision is told so by a message as a rule, but an operator may
 * ask silently, and then it is seen after a slice. */
enum { WAIT_SECONDS = 25, WAIT_SECONDS_MAX = 60, SLICE_MS = 5000 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

json_t *mcp_json(arena_text text)
{
    return mcp_json_is_strict(text)
               ? json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL)
               : NULL;
}

void mcp_call_open(struct mcp_call *call, const struct mcp_server *server, bool auth)
{
    *call = (struct mcp_call){.server = server, .auth = auth};
}

void mcp_call_close(struct mcp_call *call)
{
    json_decref(call->messages);
    text_free(&call->target);
    text_free(&call->body);
    text_free(&call->said);
}

/* Requests. -------------------------------------------------------------------------------------------------- */

static void put_argument(struct text *target, const char *prefix, const json_t *arguments, const char *name)
{
    const json_t *value = json_object_get(arguments, name);
    text_puts(target, prefix);
    mcp_encode(target, json_string_value(value), json_string_length(value));
}

static void ask_actions(struct mcp_call *call, enum mcp_stage stage)
{
    call->stage = stage;
    call->method = "GET";
    text_clear(&call->target);
    text_clear(&call->body);
    put_argument(&call->target, "/api/sessions/", call->arguments, "session");
    put_argument(&call->target, "/actions?from=", call->arguments, "from");
}

static void ask_messages(struct mcp_call *call, int64_t wait_ms)
{
    call->stage = STAGE_MESSAGES;
    call->method = "GET";
    call->asked_ms = now_ms();
    call->slice_ms = wait_ms;
    text_clear(&call->target);
    text_clear(&call->body);
    put_argument(&call->target, "/api/arena/sync?channel=", call->arguments, "session");
    put_argument(&call->target, "&from=", call->arguments, "from");
    text_printf(&call->target, "&index=%lld&wait=%lld", (long long)call->index, (long long)wait_ms);
}

static void ask_forfeit(struct mcp_call *call)
{
    json_t *body = json_pack("{s:O, s:O*, s:s, s:s}", "challengeId", json_object_get(call->arguments, "session"),
                             "from", json_object_get(call->arguments, "from"), "messageType", "forfeit", "content", "");
    char *json = json_dumps(body, JSON_COMPACT);

    call->stage = STAGE_ONE;
    call->method = "POST";
    text_clear(&call->target);
    text_clear(&call->body);
    text_lit(&call->target, "/api/arena/message");
    text_puts(&call->body, json ? json : "{}");
    free(json);
    json_decref(body);
}

static void begin_wait(struct mcp_call *call)
{
    const json_t *seconds = json_object_get(call->arguments, "timeoutSeconds");
    int64_t wait = seconds ? json_integer_value(seconds) : WAIT_SECONDS, now = now_ms();

    if (!call->deadline_ms)
        call->deadline_ms = now + 1000 * (wait > WAIT_SECONDS_MAX ? WAIT_SECONDS_MAX : wait);
    call->index = json_integer_value(json_object_get(call->arguments, "index"));
    call->index = call->index < 1 ? 1 : call->index;
    call->over = false;
    json_decref(call->messages);
    call->messages = json_array();
    ask_messages(call, 0);
}

void mcp_call_begin(struct mcp_call *call, const struct mcp_tool *tool, const json_t *arguments)
{
    call->tool = tool;
    call->arguments = arguments;
    call->failed = false;
    text_clear(&call->said);
    switch (tool->way) {
    case MCP_ONE:
        call->stage = STAGE_ONE;
        call->method = tool->method;
        mcp_request(tool, arguments, &call->target, &call->body);
        break;
    case MCP_WAIT: begin_wait(call); break;
    case MCP_LEAVE: ask_actions(call, STAGE_LEAVE); break;
    }
}

void mcp_call_ask(struct mcp_call *call, struct mcp_ask *ask)
{
    *ask = (struct mcp_ask){call->method, text_cstr(&call->target), text_slice(&call->body),
                            mcp_session_key(call->tool, call->arguments)};
}

/* Results. --------------------------------------------------------------------------------------------------- */

/* What an agent can do about a refusal: by its code, by how its sentence begins, or else by its status. */
static const struct {
    const char *code;
    int status;
    const char *hint;
} hints[] = {
    {"Authentication required", 0,
     "sessionKey must be the one that join answered for this session; without any you read as a spectator."},
    {"Invalid signature", 0,
     "Sign the text arena:v1:join:{invite}:{timestamp}, with the invite and timestamp you send."},
    {"Timestamp expired", 0, "It must be the time now, in milliseconds since 1970, and part of what is signed."},
    {"from is required", 0, "In auth mode give the sessionKey that join answered; else your invite as from."},
    {"STALE_TURN", 0, "Call wait or actions for the turn it is now."},
    {"INVITE_ALREADY_USED", 0, "If it was you who joined with it, go on with wait; else you need another invite."},
    {"UNKNOWN_METHOD", 0, "actions tells the methods."},
    {"PLAYER_NOT_FOUND", 0, "from must be the invite that you have joined with."},
    {"Unknown challenge type: ", 0, "list_challenges tells what there is."},
    {NULL, 404, "Check the id: list_challenges tells challenges, create_session and join tell sessions."},
    {NULL, 409, "Call actions to see how things stand."},
    {NULL, 503, "Nothing was changed: try again in a second."},
};

static const char *hint_for(const char *code, const char *error, int status)
{
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        const char *sign = hints[i].code;
        if (sign ? (code && strcmp(code, sign) == 0) || (error && strncmp(error, sign, strlen(sign)) == 0)
                 : status == hints[i].status)
            return hints[i].hint;
    }
    return NULL;
}

/* The refusal in words. */
static void say_refusal(struct mcp_call *call, int status, arena_text body)
{
    json_t *json = mcp_json(body);
    const char *error = json_string_value(json_object_get(json, "error"));
    const char *code = json_string_value(json_object_get(json, "code")), *hint = hint_for(code, error, status);

    call->failed = true;
    if (error && *error)
        text_puts(&call->said, error);
    else
        text_printf(&call->said, "The arena refused this with status %d", status);
    if (code)
        text_printf(&call->said, " (%s)", code);
    if (hint)
        text_printf(&call->said, "%s %s", strchr(".!?", call->said.ptr[call->said.len - 1]) ? "" : ".", hint);
    json_decref(json);
}

/* True, with the refusal said, when the request was not granted. */
static bool refused(struct mcp_call *call, int status, arena_text body)
{
    if (status < 400 || call->server->reference)
        return false;
    say_refusal(call, status, body);
    return true;
}

static void say_json(struct mcp_call *call, const json_t *value)
{
    char *json = json_dumps(value, JSON_COMPACT);
    text_puts(&call->said, json ? json : "{}");
    free(json);
}

/* Takes over new messages. */
static void take_messages(struct mcp_call *call, arena_text body)
{
    json_t *json = mcp_json(body), *message;
    json_t *list = json_object_get(json, "messages");
    size_t i;

    json_array_foreach(list, i, message) {
        json_int_t index = json_integer_value(json_object_get(message, "index"));
        json_array_append(call->messages, message);
        if (index >= call->index)
            call->index = index + 1;
    }
    /* nothing, and not because the time is over: nobody waits any longer, the server is about to end */
    bool early = now_ms() - call->asked_ms < call->slice_ms / 2;
    if (call->slice_ms && !json_array_size(list) && early)
        call->over = true;
    json_decref(json);
}

/* True: there is something to do, the session has ended, or the time is over. */
static bool wait_is_over(struct mcp_call *call, arena_text body)
{
    json_t *now = mcp_json(body);
    const char *status = json_string_value(json_object_get(now, "status"));
    bool ended = status && strcmp(status, "ended") == 0;
    bool ready = ended || json_is_true(json_object_get(now, "active"));
    int64_t left = call->deadline_ms - now_ms();

    if (!ready && !call->over && left > 0) {
        json_decref(now);
        ask_messages(call, left < SLICE_MS ? left : SLICE_MS);
        return false;
    }
    json_t *result = json_pack("{s:b, s:b}", "ready", ready, "ended", ended);
    json_object_update(result, now);
    json_object_set(result, "messages", call->messages);
    json_object_set_new(result, "next", json_integer(call->index));
    say_json(call, result);
    json_decref(result);
    json_decref(now);
    return true;
}

/* True: it is said that there is no way to leave; false: the forfeit is on its way. */
static bool cannot_leave(struct mcp_call *call, arena_text body)
{
    json_t *now = mcp_json(body), *action;
    const char *status = json_string_value(json_object_get(now, "status"));
    bool offered = false;
    size_t i;

    json_array_foreach(json_object_get(now, "actions"), i, action) {
        const char *method = json_string_value(json_object_get(action, "method"));
        offered |= method && strcmp(method, "forfeit") == 0;
    }
    if (offered) {
        ask_forfeit(call);
    } else if (status && strcmp(status, "ended") == 0) {
        text_lit(&call->said, "{\"ok\":\"The session has ended: there is nothing to leave\"}");
    } else {
        call->failed = true;
        text_lit(&call->said, "This challenge has no method to give up with, or it cannot be used now. You may just "
                              "stop: the operator decides what becomes of a player who is silent.");
    }
    json_decref(now);
    return !offered;
}

bool mcp_call_answered(struct mcp_call *call, int status, arena_text body)
{
    if (refused(call, status, body))
        return true;
    switch (call->stage) {
    case STAGE_ONE: text_put_text(&call->said, body); return true;
    case STAGE_MESSAGES:
        take_messages(call, body);
        ask_actions(call, STAGE_ACTIONS);
        return false;
    case STAGE_ACTIONS: return wait_is_over(call, body);
    case STAGE_LEAVE: return cannot_leave(call, body);
    }
    return true;
}
