/*
 * services.c - the functions of struct arena_host.
 *
 * They only note down what they were asked for, within the quota; whether that makes sense is reply_problem's
 * business at the end, so there is one set of rules for every hosting.
 */
#include "host/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct call *call_of(const arena_host *h)
{
    return h->self;
}

void call_problem(struct call *call, const char *format, ...)
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
        call_problem(call, "called %s where the contract does not allow it", service);
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
    if (!is_placed(call, "random", call->phase == PHASE_CREATE || call->phase == PHASE_TURN))
        call->random.use = RANDOM_QUERY; /* who asks too early must not see what the turn will draw */
    if (!bound) {
        call_problem(call, "called random with the bound 0");
        return 0;
    }
    return random_below(&call->random, bound);
}

static arena_text service_handle(const arena_host *h, uint32_t player)
{
    struct call *call = call_of(h);
    if (player < call->host.seats)
        return call->turn->request.handles[player];
    call_problem(call, "asked for the handle of seat %u of a game of %u", player, call->host.seats);
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
    if (!code || !code_is_valid(code_text)) {
        call_problem(call, "rejected with the code \"%.64s\", expected SCREAMING_SNAKE", code ? code : "");
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
        call_problem(call, "more than %u effects, which is the quota", call->quota->effects);
        return NULL;
    }
    if (text_bytes > call->quota->said_bytes - call->said) {
        call_problem(call, "more than %u bytes said, which is the quota", call->quota->said_bytes);
        return NULL;
    }
    if (reply->effect_count == call->effect_room) {
        uint32_t room = call->effect_room ? 2 * call->effect_room : 8;
        struct effect *larger = pool_alloc(&call->turn->pool, room * sizeof *larger);
        if (!larger) {
            call_problem(call, "no memory left for effects");
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

arena_text call_keep(struct call *call, arena_text text)
{
    arena_text copy = pool_copy(&call->turn->pool, text);
    if (!copy.ptr)
        call_problem(call, "no memory left for text of %zu bytes", text.len);
    return copy;
}

/* A name that the operator passed as a C string; what is too long for any name is cut one byte too long, so
 * that the rules refuse it. */
static arena_text keep_name(struct call *call, const char *name)
{
    return call_keep(call, (arena_text){name, name ? strnlen(name, RULES_NAME_MAX + 1) : 0});
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
        effect->text = call_keep(call, content);
    }
}

static void service_deadline(const arena_host *h, uint32_t id, int64_t at_ms)
{
    struct call *call = call_of(h);
    if (!is_placed(call, "deadline", call->phase == PHASE_TURN))
        return;
    struct effect *effect = effect_add(call, 0);
    if (effect)
        *effect =
            (struct effect){.kind = EFFECT_DEADLINE, .to = id < INT32_MAX ? (int32_t)id : INT32_MAX, .at_ms = at_ms};
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
        call_problem(call, "%s", scores ? "called finish twice" : "called finish without scores");
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
        effect->text = call_keep(call, content);
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

static void service_record(const arena_host *h, const char *kind, arena_text piece)
{
    const struct turn_record *record = call_of(h)->turn->record;
    if (record)
        record->put(record->ctx, kind, piece);
}

static const void *service_extension(const arena_host *h, const char *id)
{
    static const arena_record_1 record = {sizeof record, service_record};
    return call_of(h)->turn->record && strcmp(id, ARENA_RECORD_1) == 0 ? &record : NULL;
}

void call_init(struct call *call, const arena_quota *quota, struct turn *turn)
{
    const struct turn_request *request = &turn->request;
    enum random_use use = request->kind == TURN_ACTIONS || request->kind == TURN_VIEW ? RANDOM_QUERY : RANDOM_TURN;
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
    random_init(&call->random, request->seed, request->turn, use);
    call->allocated = call->said = 0;
    call->effects = call->logs = NULL;
    call->effect_room = 0;
    call->rejected = call->bad = false;
}
