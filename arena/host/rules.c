#include "host/rules.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Defaults of arena_quota, and the most that a module may ask for. */
static const arena_quota quota_default = {64u << 10, 256u << 10, 256, 1u << 20};
static const arena_quota quota_most = {16u << 20, 16u << 20, 65536, 128u << 20};

static bool problem_set(char problem[RULES_PROBLEM_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool problem_set(char problem[RULES_PROBLEM_MAX], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(problem, RULES_PROBLEM_MAX, format, args);
    va_end(args);
    return true;
}

bool text_is_object(arena_text text)
{
    return text.len >= 2 && text.ptr[0] == '{' && text.ptr[text.len - 1] == '}' && text_is_utf8(text);
}

size_t text_cut(arena_text text, size_t max)
{
    if (text.len <= max)
        return text.len;
    while (max && ((unsigned char)text.ptr[max] & 0xC0) == 0x80)
        max--;
    return max;
}

bool id_is_valid(arena_text id)
{
    if (id.len < 1 || id.len > 64)
        return false;
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return true;
}

bool code_is_valid(arena_text code)
{
    if (code.len < 1 || code.len >= HOST_CODE_MAX || code.ptr[0] < 'A' || code.ptr[0] > 'Z')
        return false;
    for (size_t i = 1; i < code.len; i++) {
        char c = code.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

/* What was blamed: a-z and '_'. */
static bool type_is_valid(arena_text type)
{
    if (type.len < 1 || type.len > RULES_NAME_MAX)
        return false;
    for (size_t i = 0; i < type.len; i++)
        if (!((type.ptr[i] >= 'a' && type.ptr[i] <= 'z') || type.ptr[i] == '_'))
            return false;
    return true;
}

/* A method's name: some printable text without a space, as it stands in a line before its content. */
static bool method_is_valid(arena_text method)
{
    if (method.len < 1 || method.len > RULES_NAME_MAX || !text_is_utf8(method))
        return false;
    for (size_t i = 0; i < method.len; i++)
        if ((unsigned char)method.ptr[i] <= ' ' || method.ptr[i] == 0x7F)
            return false;
    return true;
}

arena_quota quota_resolve(arena_quota quota)
{
    return (arena_quota){
        quota.state_bytes ? quota.state_bytes : quota_default.state_bytes,
        quota.said_bytes ? quota.said_bytes : quota_default.said_bytes,
        quota.effects ? quota.effects : quota_default.effects,
        quota.memory_bytes ? quota.memory_bytes : quota_default.memory_bytes,
    };
}

bool quota_is_valid(arena_quota quota, char problem[RULES_PROBLEM_MAX])
{
    const struct {
        const char *name;
        uint32_t asked, most;
    } rows[] = {
        {"state_bytes", quota.state_bytes, quota_most.state_bytes},
        {"said_bytes", quota.said_bytes, quota_most.said_bytes},
        {"effects", quota.effects, quota_most.effects},
        {"memory_bytes", quota.memory_bytes, quota_most.memory_bytes},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].asked > rows[i].most)
            return !problem_set(problem, "quota.%s is %u, expected at most %u", rows[i].name, rows[i].asked,
                                rows[i].most);
    return true;
}

static bool is_seat(const struct turn_request *request, int32_t seat)
{
    return seat >= 0 && (uint32_t)seat < request->seats;
}

/* Services by the kind of request that may call them. */
static bool effect_is_placed(enum turn_kind turn, enum effect_kind effect)
{
    switch (effect) {
    case EFFECT_SAY:
    case EFFECT_DEADLINE:
    case EFFECT_BLAME: return turn == TURN_JOIN || turn == TURN_MESSAGE || turn == TURN_TIMER;
    case EFFECT_OFFER: return turn == TURN_ACTIONS;
    case EFFECT_HOUSE: return turn == TURN_CREATE;
    }
    return false;
}

static bool effect_problem(const struct turn_request *request, const struct effect *effect,
                           char problem[RULES_PROBLEM_MAX])
{
    static const char *const names[] = {"say", "deadline", "blame", "offer", "house"};
    if ((unsigned)effect->kind >= sizeof names / sizeof names[0])
        return problem_set(problem, "an effect of the unknown kind %d", (int)effect->kind);
    if (!effect_is_placed(request->kind, effect->kind))
        return problem_set(problem, "called %s where the contract does not allow it", names[effect->kind]);
    switch (effect->kind) {
    case EFFECT_SAY:
        if (effect->to != ARENA_ALL && !is_seat(request, effect->to))
            return problem_set(problem, "say to seat %d of a game of %u", effect->to, request->seats);
        if (!text_is_utf8(effect->text))
            return problem_set(problem, "say with content that is not UTF-8");
        break;
    case EFFECT_DEADLINE:
        if (effect->to < 0 || effect->to >= HOST_TIMERS_MAX)
            return problem_set(problem, "deadline for timer %d, expected 0 to %d", effect->to, HOST_TIMERS_MAX - 1);
        if (effect->at_ms < 0)
            return problem_set(problem, "deadline at the negative time %lld", (long long)effect->at_ms);
        break;
    case EFFECT_BLAME:
        if (!is_seat(request, effect->from) || !is_seat(request, effect->to))
            return problem_set(problem, "blame from seat %d to seat %d of a game of %u", effect->from, effect->to,
                               request->seats);
        if (!type_is_valid(effect->name))
            return problem_set(problem, "blame with a type that is not [a-z_]{1,%d}", RULES_NAME_MAX);
        break;
    case EFFECT_OFFER:
        if (!method_is_valid(effect->name))
            return problem_set(problem, "offer of a method that is not printable text of 1 to %d bytes",
                               RULES_NAME_MAX);
        if (!text_is_utf8(effect->text))
            return problem_set(problem, "offer with content that is not UTF-8");
        break;
    case EFFECT_HOUSE:
        if (!is_seat(request, effect->to))
            return problem_set(problem, "house for seat %d of a game of %u", effect->to, request->seats);
        if (!id_is_valid(effect->name))
            return problem_set(problem, "house with a name that is not [a-z0-9-]{1,64}");
        break;
    }
    return false;
}

/* What holds for the effects together: how many, how much, which house seats. */
static bool effects_problem(const struct turn_request *request, const struct turn_reply *reply,
                            const arena_quota *quota, char problem[RULES_PROBLEM_MAX])
{
    uint64_t said = 0;
    uint32_t house = 0, house_count = 0;
    if (reply->effect_count > quota->effects)
        return problem_set(problem, "%u effects, the quota is %u", reply->effect_count, quota->effects);
    for (uint32_t i = 0; i < reply->effect_count; i++) {
        const struct effect *effect = &reply->effects[i];
        if (effect_problem(request, effect, problem))
            return true;
        said += effect->text.len;
        if (effect->kind == EFFECT_HOUSE) {
            if (house & 1u << effect->to)
                return problem_set(problem, "house for seat %d twice", effect->to);
            house |= 1u << effect->to;
            house_count++;
        }
    }
    if (house_count && house_count >= request->seats)
        return problem_set(problem, "house for all %u seats, at least one must remain free", request->seats);
    if (said > quota->said_bytes)
        return problem_set(problem, "%llu bytes said, the quota is %u", (unsigned long long)said, quota->said_bytes);
    return false;
}

/* A turn that was accepted. */
static bool accepted_problem(const struct turn_request *request, const struct turn_reply *reply,
                             const arena_quota *quota, uint32_t state_version, char problem[RULES_PROBLEM_MAX])
{
    if (reply->state_version != state_version)
        return problem_set(problem, "state of version %u, the operator's is %u", reply->state_version, state_version);
    if (reply->state.len > quota->state_bytes)
        return problem_set(problem, "%zu bytes of state, the quota is %u", reply->state.len, quota->state_bytes);
    if (reply->finished && request->kind == TURN_CREATE)
        return problem_set(problem, "called finish where the contract does not allow it");
    if (reply->active >> request->seats)
        return problem_set(problem, "active names seats %#x of a game of %u", reply->active, request->seats);
    if (reply->active && reply->finished)
        return problem_set(problem, "active names seats %#x after the end", reply->active);
    if (reply->active && (request->kind == TURN_CREATE || request->joined < request->seats))
        return problem_set(problem, "active names seats %#x before the game began", reply->active);
    for (uint32_t i = 0; reply->finished && i < request->seats; i++)
        if (!isfinite(reply->scores[i].security) || !isfinite(reply->scores[i].utility))
            return problem_set(problem, "finish with a score for seat %u that is not a finite number", i);
    return false;
}

static bool logs_problem(const struct turn_reply *reply, char problem[RULES_PROBLEM_MAX])
{
    if (reply->log_count > RULES_LOG_LINES)
        return problem_set(problem, "%u log lines, expected at most %d", reply->log_count, RULES_LOG_LINES);
    for (uint32_t i = 0; i < reply->log_count; i++) {
        const struct effect *line = &reply->logs[i];
        if (line->to < ARENA_DEBUG || line->to > ARENA_ERROR || line->text.len > RULES_LOG_LINE_MAX ||
            !text_is_utf8(line->text))
            return problem_set(problem, "a malformed log line");
    }
    return false;
}

bool reply_problem(const struct turn_request *request, const struct turn_reply *reply, const arena_quota *quota,
                   uint32_t state_version, char problem[RULES_PROBLEM_MAX])
{
    bool query = request->kind >= TURN_ACTIONS;
    if (logs_problem(reply, problem))
        return true;
    if (reply->reason.len > RULES_REASON_MAX || !text_is_utf8(reply->reason))
        return problem_set(problem, "a reason that is not UTF-8 of at most %d bytes", RULES_REASON_MAX);
    if (reply->outcome == TURN_OK) {
        if (effects_problem(request, reply, quota, problem))
            return true;
        if (!query)
            return accepted_problem(request, reply, quota, state_version, problem);
        if (request->kind == TURN_VIEW && reply->view.len > quota->memory_bytes)
            return problem_set(problem, "a view of %zu bytes, the quota is %u", reply->view.len, quota->memory_bytes);
        if (request->kind == TURN_VIEW && !text_is_object(reply->view))
            return problem_set(problem, "a view that is not a JSON object in UTF-8");
        if (request->kind >= TURN_DATA_LIST && reply->view.len > HOST_DATA_MAX)
            return problem_set(problem, "rule data of %zu bytes, expected at most %d", reply->view.len, HOST_DATA_MAX);
        return reply->finished && problem_set(problem, "called finish where the contract does not allow it");
    }
    if (reply->outcome == TURN_REJECTED) {
        if (query)
            return problem_set(problem, "rejected a query");
        if (!code_is_valid((arena_text){reply->code, strnlen(reply->code, HOST_CODE_MAX)}))
            return problem_set(problem, "rejected with a code that is not SCREAMING_SNAKE of 1 to %d letters",
                               HOST_CODE_MAX - 1);
    } else if (reply->outcome == TURN_CORRUPT && request->kind == TURN_CREATE) {
        return problem_set(problem, "found corrupt bytes in a game that has none");
    } else if (reply->outcome != TURN_CORRUPT && reply->outcome != TURN_FAILED) {
        return problem_set(problem, "an unknown outcome %d", (int)reply->outcome);
    }
    if (reply->effect_count || reply->state.len || reply->view.len || reply->finished)
        return problem_set(problem, "results beside an outcome that has none");
    return false;
}
