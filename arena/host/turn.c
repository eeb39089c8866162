#include "host/turn.h"

#include <string.h>

#include "host/call.h"
#include "host/data.h"

/* The reply becomes a failure with this sentence; nothing but the log lines stays. */
static void fail(struct call *call, const char *sentence)
{
    struct turn_reply *reply = &call->turn->reply;
    arena_text text = {sentence, strlen(sentence)};
    text.len = text_cut(text, RULES_REASON_MAX);
    if (!text_is_utf8(text)) /* a name in it came from the operator */
        text = ARENA_TEXT("broke the contract with text that is not UTF-8");
    arena_text copy = pool_copy(&call->turn->pool, text);
    *reply = (struct turn_reply){.outcome = TURN_FAILED,
                                 .reason = copy.ptr ? copy : ARENA_TEXT("no memory left"),
                                 .log_count = reply->log_count,
                                 .logs = reply->logs};
}

/* Drops what a turn that was not accepted asked for. */
static void drop_results(struct turn_reply *reply)
{
    reply->effect_count = 0;
    reply->effects = NULL;
    reply->finished = false;
    reply->state = reply->view = (arena_text){NULL, 0};
    reply->active = 0;
}

/* Whether a function of the operator returned ARENA_OK; otherwise sets the outcome.  may says what else it may
 * return beside the failures. */
static bool returned_ok(struct call *call, const char *function, int result, enum arena_result may)
{
    struct turn_reply *reply = &call->turn->reply;
    if (call->bad) {
        fail(call, call->problem);
        return false;
    }
    if (result == ARENA_OK && !call->rejected)
        return true;
    if (result == ARENA_OK) {
        call_problem(call, "%s called reject and then returned ARENA_OK", function);
    } else if (result == ARENA_REJECTED && may == ARENA_REJECTED && call->rejected) {
        reply->outcome = TURN_REJECTED;
        drop_results(reply);
        return false;
    } else if (result == ARENA_CORRUPT && may == ARENA_CORRUPT) {
        reply->outcome = TURN_CORRUPT;
        drop_results(reply);
        return false;
    } else if (result == ARENA_REJECTED && may == ARENA_REJECTED) {
        call_problem(call, "%s returned ARENA_REJECTED without calling reject", function);
    } else if (result == ARENA_NOMEM) {
        call_problem(call, "%s ran out of the turn's memory, the quota is %u bytes", function,
                     call->quota->memory_bytes);
    } else if (result == ARENA_BROKEN) {
        call_problem(call, "%s found a bug of its own (ARENA_BROKEN)", function);
    } else {
        call_problem(call, "%s returned %d, which it may not", function, result);
    }
    fail(call, call->problem);
    return false;
}

/* Whether the caller's own numbers make sense; operators may rely on them. */
static const char *request_problem(const struct turn_request *request)
{
    bool by_seat = request->kind == TURN_JOIN || request->kind == TURN_MESSAGE || request->kind == TURN_ACTIONS;
    if (request->seats < 1 || request->seats > ARENA_SEATS_MAX || request->joined > request->seats)
        return "the request has an impossible number of seats";
    if (by_seat && (request->player < 0 || (uint32_t)request->player >= request->seats))
        return "the request names a seat that the game does not have";
    if (request->kind == TURN_VIEW && (request->player < ARENA_FULL || request->player >= (int32_t)request->seats))
        return "the request names a viewer that the game does not have";
    if (request->kind == TURN_TIMER && (request->player < 0 || request->player >= HOST_TIMERS_MAX))
        return "the request names a timer that cannot be";
    return (unsigned)request->kind > TURN_VIEW ? "the request is of an unknown kind" : NULL;
}

static bool run_restore(struct call *call, const arena_operator *code, void **game)
{
    const struct turn_request *request = &call->turn->request;
    if (!request->state_version || request->state_version > code->state_version) {
        call_problem(call, "state of version %u, this operator reads 1 to %u", request->state_version,
                     code->state_version);
        fail(call, call->problem);
        return false;
    }
    int result = code->restore(&call->host, request->state_version, request->state.ptr, request->state.len, game);
    return returned_ok(call, "restore", result, ARENA_CORRUPT);
}

/* The event itself: join, message or timer. */
static bool run_event(struct call *call, const arena_operator *code, void *game)
{
    const struct turn_request *request = &call->turn->request;
    const char *name = "timer";
    int result = ARENA_OK;
    call->phase = PHASE_TURN;
    if (request->kind == TURN_JOIN) {
        name = "join";
        result = code->join(&call->host, game, (uint32_t)request->player);
    } else if (request->kind == TURN_MESSAGE) {
        name = "message";
        result = code->message(&call->host, game, (uint32_t)request->player, request->method, request->content);
    } else if (code->timer) {
        result = code->timer(&call->host, game, (uint32_t)request->player);
    } else {
        call_problem(call, "set a deadline but has no timer function");
    }
    call->phase = PHASE_OTHER;
    return returned_ok(call, name, result, ARENA_REJECTED);
}

static bool run_serialize(struct call *call, const arena_operator *code, const void *game)
{
    const void *bytes = NULL;
    size_t len = 0;
    if (!returned_ok(call, "serialize", code->serialize(&call->host, game, &bytes, &len), ARENA_OK))
        return false;
    if (len > call->quota->state_bytes) {
        call_problem(call, "%zu bytes of state, the quota is %u", len, call->quota->state_bytes);
    } else if (len && !bytes) {
        call_problem(call, "serialize gave no bytes");
    } else { /* copied: it may lie in memory of the request, which ends before the reply */
        call->turn->reply.state = call_keep(call, (arena_text){bytes, len});
        call->turn->reply.state_version = code->state_version;
    }
    return returned_ok(call, "serialize", ARENA_OK, ARENA_OK);
}

static bool run_turn(struct call *call, const arena_operator *code)
{
    const struct turn_request *request = &call->turn->request;
    void *game = NULL;
    if (request->kind == TURN_CREATE) {
        call->phase = PHASE_CREATE;
        int result = code->create(&call->host, request->content, &game);
        call->phase = PHASE_OTHER;
        if (!returned_ok(call, "create", result, ARENA_REJECTED))
            return false;
    } else if (!run_restore(call, code, &game) || !run_event(call, code, game)) {
        return false;
    }
    call->turn->reply.active = code->active(&call->host, game);
    return run_serialize(call, code, game);
}

static bool run_query(struct call *call, const arena_operator *code)
{
    const struct turn_request *request = &call->turn->request;
    struct turn_reply *reply = &call->turn->reply;
    void *game = NULL;
    arena_text json = {NULL, 0};
    if (!run_restore(call, code, &game))
        return false;
    if (request->kind == TURN_ACTIONS) {
        call->phase = PHASE_ACTIONS;
        int result = code->actions(&call->host, game, (uint32_t)request->player);
        call->phase = PHASE_OTHER;
        return returned_ok(call, "actions", result, ARENA_OK);
    }
    if (!returned_ok(call, "view", code->view(&call->host, game, request->player, &json), ARENA_OK))
        return false;
    if (json.len > call->quota->memory_bytes)
        call_problem(call, "a view of %zu bytes, the quota is %u", json.len, call->quota->memory_bytes);
    else
        reply->view = call_keep(call, json);
    return returned_ok(call, "view", ARENA_OK, ARENA_OK);
}

void turn_call(const arena_operator *code, const arena_quota *quota, struct turn *turn)
{
    struct call call;
    if (turn->request.kind >= TURN_DATA_LIST && turn->request.kind <= TURN_DATA_LOAD) {
        data_call(code, turn);
        return;
    }
    call_init(&call, quota, turn);
    const char *bad_request = request_problem(&turn->request);
    if (bad_request) {
        fail(&call, bad_request);
        return;
    }
    if (turn->request.kind == TURN_ACTIONS || turn->request.kind == TURN_VIEW)
        run_query(&call, code);
    else
        run_turn(&call, code);
    if (reply_problem(&turn->request, &turn->reply, quota, code->state_version, call.problem))
        fail(&call, call.problem);
}

void turn_resave(const arena_operator *code, const arena_quota *quota, struct turn *turn)
{
    struct call call;
    void *game = NULL;
    call_init(&call, quota, turn);
    if (run_restore(&call, code, &game))
        run_serialize(&call, code, game);
}
