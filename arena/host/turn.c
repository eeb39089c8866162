#include "host/turn.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host/random.h"
#include "host/rules.h"

/* What runs right now, as the tags in operator.h name it. */
enum phase { PHASE_OTHER, PHASE_CREATE, PHASE_TURN, PHASE_ACTIONS };

/*
 * One call's host.  Services only note down what they were asked for, within the quota; whether that makes
 * sense is reply_problem's business at the end, so there is one set of rules for every hosting.  What leaves no
 * mark in the reply (a misplaced random, a second finish) is kept as the first problem here.
 */
struct call {
    arena_host host; /* first: services get its address */
    struct turn *turn;
    const arena_quota *quota;
    enum phase phase;
    struct random random;
    size_t allocated, said;
    struct effect *effects, *logs;
    uint32_t effect_room;
    bool rejected, bad;
    char problem[RULES_PROBLEM_MAX];
};

static struct call *call_of(const arena_host *h)
{
    return h->self;
}

/* Keeps the first problem: the later ones are mostly its consequences. */
__attribute__((format(printf, 2, 3))) static void problem_note(struct call *call, const char *format, ...)
{
    if (call->bad)
        return;
    call->bad = true;
    va_list args;
    va_start(args, format);
    vsnprintf(call->problem, sizeof call->problem, format, args);
    va_end(args);
}

static bool is_placed(struct call *call, const char *service, bool placed)
{
    if (!placed)
        problem_note(call, "called %s where the contract does not allow it", service);
    return placed;
}

static void *service_alloc(const arena_host *h, size_t size)
{
    struct call *call = call_of(h);
    if (size > call->quota->memory_bytes - call->allocated)
        return NULL;
    call->allocated += size;
    return pool_alloc(&call->turn->pool, size);
}

static uint64_t service_random(const arena_host *h, uint64_t bound)
{
    struct call *call = call_of(h);
    if (!is_placed(call, "random", call->phase == PHASE_CREATE || call->phase == PHASE_TURN ||
                                       call->random.use == RANDOM_AGENT) &&
        call->random.use == RANDOM_TURN) /* restore and active must not see what the turn will draw */
        call->random.use = RANDOM_QUERY;
    if (!bound) {
        problem_note(call, "called random with the bound 0");
        return 0;
    }
    return random_below(&call->random, bound);
}

static arena_text service_handle(const arena_host *h, uint32_t player)
{
    struct call *call = call_of(h);
    if (player < call->host.seats)
        return call->turn->request.handles[player];
    problem_note(call, "asked for the handle of seat %u of a game of %u", player, call->host.seats);
    return (arena_text){NULL, 0};
}

/* A copy in which control characters and, when it is not UTF-8, all bytes above ASCII became '?'.  For text whose
 * form must not be able to spoil a turn: reasons often quote what a player sent. */
static arena_text keep_clean(struct call *call, arena_text text)
{
    arena_text copy = pool_copy(&call->turn->pool, text);
    bool clean = text_is_utf8(copy);
    for (size_t i = 0; i < copy.len; i++) {
        char *c = (char *)copy.ptr + i;
        if ((unsigned char)*c < ' ' || *c == 0x7F || (!clean && (unsigned char)*c >= 0x80))
            *c = '?';
    }
    return copy;
}

static int service_reject(const arena_host *h, const char *code, const char *reason)
{
    struct call *call = call_of(h);
    if (!is_placed(call, "reject", call->phase == PHASE_CREATE || call->phase == PHASE_TURN))
        return ARENA_REJECTED;
    arena_text code_text = {code, code ? strnlen(code, HOST_CODE_MAX) : 0};
    arena_text text = {reason, reason ? strnlen(reason, RULES_REASON_MAX + 1) : 0};
    if (!code_is_valid(code_text)) {
        problem_note(call, "rejected with the code \"%.64s\", expected SCREAMING_SNAKE", code ? code : "");
        return ARENA_REJECTED;
    }
    text.len = text_cut(text, RULES_REASON_MAX);
    memset(call->turn->reply.code, 0, HOST_CODE_MAX);
    memcpy(call->turn->reply.code, code_text.ptr, code_text.len);
    call->turn->reply.reason = keep_clean(call, text);
    call->rejected = true;
    return ARENA_REJECTED;
}

/* Room for one effect more; NULL when the quota is spent. */
static struct effect *effect_add(struct call *call, size_t text_bytes)
{
    struct turn_reply *reply = &call->turn->reply;
    if (reply->effect_count >= call->quota->effects) {
        problem_note(call, "more than %u effects, which is the quota", call->quota->effects);
        return NULL;
    }
    if (text_bytes > call->quota->said_bytes - call->said) {
        problem_note(call, "more than %u bytes said, which is the quota", call->quota->said_bytes);
        return NULL;
    }
    if (reply->effect_count == call->effect_room) {
        uint32_t room = call->effect_room ? 2 * call->effect_room : 8;
        struct effect *larger = pool_alloc(&call->turn->pool, room * sizeof *larger);
        if (!larger) {
            problem_note(call, "no memory left for effects");
            return NULL;
        }
        if (call->effect_room)
            memcpy(larger, call->effects, call->effect_room * sizeof *larger);
        call->effects = larger;
        call->effect_room = room;
        reply->effects = larger;
    }
    call->said += text_bytes;
    return &call->effects[reply->effect_count++];
}

/* A copy of what the operator passed; notes a problem when there is no memory. */
static arena_text keep(struct call *call, arena_text text)
{
    arena_text copy = pool_copy(&call->turn->pool, text);
    if (!copy.ptr)
        problem_note(call, "no memory left for text of %zu bytes", text.len);
    return copy;
}

/* A name that the operator passed as a C string; what is too long for any name is cut one byte too long, so
 * that the rules refuse it. */
static arena_text keep_name(struct call *call, const char *name)
{
    return keep(call, (arena_text){name, name ? strnlen(name, RULES_NAME_MAX + 1) : 0});
}

static void service_house(const arena_host *h, uint32_t player, const char *name)
{
    struct call *call = call_of(h);
    if (!is_placed(call, "house", call->phase == PHASE_CREATE))
        return;
    struct effect *effect = effect_add(call, 0);
    if (effect) {
        *effect = (struct effect){.kind = EFFECT_HOUSE, .to = player < INT32_MAX ? (int32_t)player : INT32_MAX};
        effect->name = keep_name(call, name);
        call->host.joined++;
    }
}

static void service_say(const arena_host *h, int32_t to, arena_text content)
{
    struct call *call = call_of(h);
    if (!is_placed(call, "say", call->phase == PHASE_TURN))
        return;
    struct effect *effect = effect_add(call, content.len);
    if (effect) {
        *effect = (struct effect){.kind = EFFECT_SAY, .to = to};
        effect->text = keep(call, content);
    }
}

static void service_deadline(const arena_host *h, uint32_t id, int64_t at_ms)
{
    struct call *call = call_of(h);
    if (!is_placed(call, "deadline", call->phase == PHASE_TURN))
        return;
    struct effect *effect = effect_add(call, 0);
    if (effect)
        *effect = (struct effect){
            .kind = EFFECT_DEADLINE, .to = id < INT32_MAX ? (int32_t)id : INT32_MAX, .at_ms = at_ms};
}

static void service_blame(const arena_host *h, uint32_t from, uint32_t to, const char *type)
{
    struct call *call = call_of(h);
    if (!is_placed(call, "blame", call->phase == PHASE_TURN))
        return;
    struct effect *effect = effect_add(call, 0);
    if (effect) {
        *effect = (struct effect){.kind = EFFECT_BLAME,
                                  .to = to < INT32_MAX ? (int32_t)to : INT32_MAX,
                                  .from = from < INT32_MAX ? (int32_t)from : INT32_MAX};
        effect->name = keep_name(call, type);
    }
}

static void service_finish(const arena_host *h, const arena_score *scores)
{
    struct call *call = call_of(h);
    if (!is_placed(call, "finish", call->phase == PHASE_TURN))
        return;
    if (call->turn->reply.finished || !scores) {
        problem_note(call, "%s", scores ? "called finish twice" : "called finish without scores");
        return;
    }
    call->turn->reply.finished = true;
    memcpy(call->turn->reply.scores, scores, call->host.seats * sizeof *scores);
}

static void service_offer(const arena_host *h, const char *method, arena_text content)
{
    struct call *call = call_of(h);
    if (!is_placed(call, "offer", call->phase == PHASE_ACTIONS))
        return;
    struct effect *effect = effect_add(call, content.len);
    if (effect) {
        *effect = (struct effect){.kind = EFFECT_OFFER};
        effect->name = keep_name(call, method);
        effect->text = keep(call, content);
    }
}

/* Logging must not be able to spoil a turn either: lines beyond the limit are dropped. */
static void service_log(const arena_host *h, enum arena_level level, arena_text line)
{
    struct call *call = call_of(h);
    struct turn_reply *reply = &call->turn->reply;
    if (reply->log_count >= RULES_LOG_LINES)
        return;
    if (!call->logs) {
        call->logs = pool_alloc(&call->turn->pool, RULES_LOG_LINES * sizeof *call->logs);
        if (!call->logs)
            return;
        reply->logs = call->logs;
    }
    line.len = text_cut(line, RULES_LOG_LINE_MAX);
    arena_text copy = keep_clean(call, line);
    if (!copy.ptr)
        return;
    if ((int)level < ARENA_DEBUG || level > ARENA_ERROR)
        level = ARENA_ERROR;
    call->logs[reply->log_count++] = (struct effect){.to = (int32_t)level, .text = copy};
}

static const void *service_extension(const arena_host *h, const char *id)
{
    (void)h;
    (void)id;
    return NULL; /* none of revision 1 of the contract */
}

static void call_init(struct call *call, const arena_quota *quota, struct turn *turn)
{
    const struct turn_request *request = &turn->request;
    enum random_use use =
        request->kind == TURN_ACTIONS || request->kind == TURN_VIEW ? RANDOM_QUERY : RANDOM_TURN;
    pool_reset(&turn->pool);
    turn->reply = (struct turn_reply){.outcome = TURN_OK};
    call->host = (arena_host){
        .size = sizeof call->host,
        .seats = request->seats,
        .joined = request->joined,
        .turn = request->turn,
        .now_ms = request->now_ms,
        .self = call,
        .alloc = service_alloc,
        .random = service_random,
        .handle = service_handle,
        .reject = service_reject,
        .house = service_house,
        .say = service_say,
        .deadline = service_deadline,
        .blame = service_blame,
        .finish = service_finish,
        .offer = service_offer,
        .log = service_log,
        .extension = service_extension,
    };
    call->turn = turn;
    call->quota = quota;
    call->phase = PHASE_OTHER;
    random_init(&call->random, request->seed, request->turn, use, 0);
    call->allocated = call->said = 0;
    call->effects = call->logs = NULL;
    call->effect_room = 0;
    call->rejected = call->bad = false;
}

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
        problem_note(call, "%s called reject and then returned ARENA_OK", function);
    } else if (result == ARENA_REJECTED && may == ARENA_REJECTED && call->rejected) {
        reply->outcome = TURN_REJECTED;
        drop_results(reply);
        return false;
    } else if (result == ARENA_CORRUPT && may == ARENA_CORRUPT) {
        reply->outcome = TURN_CORRUPT;
        drop_results(reply);
        return false;
    } else if (result == ARENA_REJECTED && may == ARENA_REJECTED) {
        problem_note(call, "%s returned ARENA_REJECTED without calling reject", function);
    } else if (result == ARENA_NOMEM) {
        problem_note(call, "%s ran out of the turn's memory, the quota is %u bytes", function,
                     call->quota->memory_bytes);
    } else if (result == ARENA_BROKEN) {
        problem_note(call, "%s found a bug of its own (ARENA_BROKEN)", function);
    } else {
        problem_note(call, "%s returned %d, which it may not", function, result);
    }
    fail(call, call->problem);
    return false;
}

/* Whether the caller's own numbers make sense; operators may rely on them. */
static const char *request_problem(const struct turn_request *request)
{
    bool by_seat =
        request->kind == TURN_JOIN || request->kind == TURN_MESSAGE || request->kind == TURN_ACTIONS;
    if (request->seats < 1 || request->seats > ARENA_SEATS_MAX || request->joined > request->seats)
        return "the request has an impossible number of seats";
    if (by_seat && (request->player < 0 || (uint32_t)request->player >= request->seats))
        return "the request names a seat that the game does not have";
    if (request->kind == TURN_VIEW &&
        (request->player < ARENA_FULL || request->player >= (int32_t)request->seats))
        return "the request names a viewer that the game does not have";
    if (request->kind == TURN_TIMER && (request->player < 0 || request->player >= HOST_TIMERS_MAX))
        return "the request names a timer that cannot be";
    return (unsigned)request->kind > TURN_VIEW ? "the request is of an unknown kind" : NULL;
}

static bool run_restore(struct call *call, const arena_operator *code, void **game)
{
    const struct turn_request *request = &call->turn->request;
    if (!request->state_version || request->state_version > code->state_version) {
        problem_note(call, "state of version %u, this operator reads 1 to %u", request->state_version,
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
        result =
            code->message(&call->host, game, (uint32_t)request->player, request->method, request->content);
    } else if (code->timer) {
        result = code->timer(&call->host, game, (uint32_t)request->player);
    } else {
        problem_note(call, "set a deadline but has no timer function");
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
        problem_note(call, "%zu bytes of state, the quota is %u", len, call->quota->state_bytes);
    } else if (len && !bytes) {
        problem_note(call, "serialize gave no bytes");
    } else { /* copied: it may lie in memory of the request, which ends before the reply */
        call->turn->reply.state = keep(call, (arena_text){bytes, len});
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
        problem_note(call, "a view of %zu bytes, the quota is %u", json.len, call->quota->memory_bytes);
    else
        reply->view = keep(call, json);
    return returned_ok(call, "view", ARENA_OK, ARENA_OK);
}

void turn_call(const arena_operator *code, const arena_quota *quota, struct turn *turn)
{
    struct call call;
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

void turn_decide(const arena_agent_1 *agent, const arena_quota *quota, struct turn *turn, const char *name,
                 arena_text view, arena_text choices, uint32_t *choice)
{
    struct call call;
    call_init(&call, quota, turn);
    const struct turn_request *request = &turn->request;
    random_init(&call.random, request->seed, request->turn, RANDOM_AGENT, (uint32_t)request->player);
    uint32_t lines = choices.len != 0;
    for (size_t i = 0; i < choices.len; i++)
        lines += choices.ptr[i] == '\n' && i + 1 < choices.len;
    *choice = UINT32_MAX;
    if (!returned_ok(&call, "decide", agent->decide(&call.host, name, view, choices, choice), ARENA_OK))
        return;
    if (*choice >= lines) {
        problem_note(&call, "agent %.64s chose line %u of %u", name, *choice, lines);
        fail(&call, call.problem);
    }
}
