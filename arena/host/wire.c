#include "host/wire.h"

#include <stdlib.h>
#include <string.h>

/* Writing.  A frame holds what our own process or the operator's quota bounds, so lack of memory is fatal. */

static unsigned char *put_room(struct wire_frame *frame, size_t bytes)
{
    if (frame->room - frame->len < bytes) {
        size_t room = frame->room ? frame->room : 4096;
        while (room - frame->len < bytes)
            room *= 2;
        unsigned char *larger = realloc(frame->bytes, room);
        if (!larger)
            abort();
        frame->bytes = larger;
        frame->room = room;
    }
    unsigned char *at = frame->bytes + frame->len;
    frame->len += bytes;
    return at;
}

static void put_u8(struct wire_frame *frame, uint8_t value)
{
    *put_room(frame, 1) = value;
}

static void put_number(struct wire_frame *frame, uint64_t value, size_t bytes)
{
    unsigned char *at = put_room(frame, bytes);
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static void put_u32(struct wire_frame *frame, uint32_t value)
{
    put_number(frame, value, 4);
}

static void put_u64(struct wire_frame *frame, uint64_t value)
{
    put_number(frame, value, 8);
}

static void put_f64(struct wire_frame *frame, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_u64(frame, bits);
}

static void put_text(struct wire_frame *frame, arena_text text)
{
    put_u32(frame, (uint32_t)text.len);
    if (text.len)
        memcpy(put_room(frame, text.len), text.ptr, text.len);
}

static void put_begin(struct wire_frame *frame, enum wire_kind kind)
{
    frame->len = 0;
    put_u32(frame, 0); /* the length, set by put_end */
    put_u32(frame, kind);
}

static void put_end(struct wire_frame *frame)
{
    size_t end = frame->len;
    frame->len = 0;
    put_u32(frame, (uint32_t)(end - WIRE_HEADER_BYTES));
    frame->len = end;
}

void wire_finish(struct wire_frame *frame)
{
    free(frame->bytes);
    *frame = (struct wire_frame){NULL, 0, 0};
}

void wire_put_request(struct wire_frame *frame, uint32_t operator_index, const struct turn_request *request)
{
    put_begin(frame, WIRE_REQUEST);
    put_u32(frame, operator_index);
    put_u8(frame, (uint8_t)request->kind);
    put_u32(frame, (uint32_t)request->player);
    put_u32(frame, request->seats);
    put_u32(frame, request->joined);
    put_u32(frame, request->turn);
    put_u64(frame, (uint64_t)request->now_ms);
    memcpy(put_room(frame, HOST_SEED_BYTES), request->seed, HOST_SEED_BYTES);
    put_u32(frame, request->state_version);
    put_text(frame, request->state);
    put_text(frame, request->method);
    put_text(frame, request->content);
    for (uint32_t i = 0; i < request->seats && i < ARENA_SEATS_MAX; i++)
        put_text(frame, request->handles[i]);
    put_end(frame);
}

static void put_effects(struct wire_frame *frame, uint32_t count, const struct effect *effects)
{
    put_u32(frame, count);
    for (uint32_t i = 0; i < count; i++) {
        put_u8(frame, (uint8_t)effects[i].kind);
        put_u32(frame, (uint32_t)effects[i].to);
        put_u32(frame, (uint32_t)effects[i].from);
        put_u64(frame, (uint64_t)effects[i].at_ms);
        put_text(frame, effects[i].name);
        put_text(frame, effects[i].text);
    }
}

void wire_put_reply(struct wire_frame *frame, const struct turn_reply *reply)
{
    put_begin(frame, WIRE_REPLY);
    put_u8(frame, (uint8_t)reply->outcome);
    put_text(frame, (arena_text){reply->code, strnlen(reply->code, HOST_CODE_MAX - 1)});
    put_text(frame, reply->reason);
    put_u32(frame, reply->state_version);
    put_text(frame, reply->state);
    put_u32(frame, reply->active);
    put_u8(frame, reply->finished);
    for (size_t i = 0; reply->finished && i < ARENA_SEATS_MAX; i++) {
        put_f64(frame, reply->scores[i].security);
        put_f64(frame, reply->scores[i].utility);
    }
    put_text(frame, reply->view);
    put_effects(frame, reply->effect_count, reply->effects);
    put_effects(frame, reply->log_count, reply->logs);
    put_end(frame);
}

void wire_put_hello(struct wire_frame *frame, const char *problem, bool sandboxed, const struct module *module)
{
    put_begin(frame, WIRE_HELLO);
    put_text(frame, (arena_text){problem, strlen(problem)});
    if (!*problem) {
        put_u8(frame, sandboxed);
        put_u32(frame, module->count);
        for (uint32_t i = 0; i < module->count; i++) {
            const struct operator_facts *facts = &module->operators[i].facts;
            put_text(frame, facts->id);
            put_text(frame, facts->version);
            put_u32(frame, facts->state_version);
            put_u32(frame, facts->quota.state_bytes);
            put_u32(frame, facts->quota.said_bytes);
            put_u32(frame, facts->quota.effects);
            put_u32(frame, facts->quota.memory_bytes);
            put_text(frame, facts->metadata);
        }
    }
    put_end(frame);
}

/* Reading.  Once something was missing, bad stays set, and everything read is zero or empty. */

struct reader {
    const unsigned char *at;
    size_t left;
    bool bad;
};

static const unsigned char *get_bytes(struct reader *reader, size_t bytes)
{
    if (reader->bad || bytes > reader->left) {
        reader->bad = true;
        return NULL;
    }
    const unsigned char *at = reader->at;
    reader->at += bytes;
    reader->left -= bytes;
    return at;
}

static uint64_t get_number(struct reader *reader, size_t bytes)
{
    const unsigned char *at = get_bytes(reader, bytes);
    uint64_t value = 0;
    for (size_t i = 0; at && i < bytes; i++)
        value |= (uint64_t)at[i] << 8 * i;
    return value;
}

static uint32_t get_u32(struct reader *reader)
{
    return (uint32_t)get_number(reader, 4);
}

static int32_t get_i32(struct reader *reader)
{
    return (int32_t)get_u32(reader);
}

/* A byte that must be at most `most`. */
static uint8_t get_u8(struct reader *reader, uint8_t most)
{
    uint8_t value = (uint8_t)get_number(reader, 1);
    reader->bad |= value > most;
    return reader->bad ? 0 : value;
}

static double get_f64(struct reader *reader)
{
    uint64_t bits = get_number(reader, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static arena_text get_text(struct reader *reader)
{
    size_t len = get_u32(reader);
    const unsigned char *at = get_bytes(reader, len);
    return (arena_text){(const char *)at, at ? len : 0};
}

static bool is_done(const struct reader *reader)
{
    return !reader->bad && !reader->left;
}

bool wire_get_header(const unsigned char header[WIRE_HEADER_BYTES], enum wire_kind kind, uint32_t *length)
{
    struct reader reader = {header, WIRE_HEADER_BYTES, false};
    *length = get_u32(&reader);
    return get_u32(&reader) == (uint32_t)kind && *length <= WIRE_BODY_MAX;
}

bool wire_get_request(const unsigned char *bytes, size_t len, uint32_t *operator_index, struct turn_request *request)
{
    struct reader reader = {bytes, len, false};
    memset(request, 0, sizeof *request);
    *operator_index = get_u32(&reader);
    request->kind = (enum turn_kind)get_u8(&reader, TURN_DATA_LOAD);
    request->player = get_i32(&reader);
    request->seats = get_u32(&reader);
    request->joined = get_u32(&reader);
    request->turn = get_u32(&reader);
    request->now_ms = (int64_t)get_number(&reader, 8);
    const unsigned char *seed = get_bytes(&reader, HOST_SEED_BYTES);
    if (seed)
        memcpy(request->seed, seed, HOST_SEED_BYTES);
    request->state_version = get_u32(&reader);
    request->state = get_text(&reader);
    request->method = get_text(&reader);
    request->content = get_text(&reader);
    if (request->seats > ARENA_SEATS_MAX)
        return false;
    for (uint32_t i = 0; i < request->seats; i++)
        request->handles[i] = get_text(&reader);
    return is_done(&reader);
}

/* The least bytes of an effect: a count that cannot fit is refused before memory is taken for it. */
enum { EFFECT_BYTES_MIN = 1 + 4 + 4 + 8 + 4 + 4 };

static const struct effect *get_effects(struct reader *reader, struct pool *pool, uint32_t *count)
{
    uint32_t stated = get_u32(reader);
    *count = 0;
    if (!stated)
        return NULL;
    if (stated > reader->left / EFFECT_BYTES_MIN) {
        reader->bad = true;
        return NULL;
    }
    struct effect *effects = pool_alloc(pool, stated * sizeof *effects);
    if (!effects) {
        reader->bad = true;
        return NULL;
    }
    for (uint32_t i = 0; i < stated; i++) {
        effects[i].kind = (enum effect_kind)get_u8(reader, EFFECT_HOUSE);
        effects[i].to = get_i32(reader);
        effects[i].from = get_i32(reader);
        effects[i].at_ms = (int64_t)get_number(reader, 8);
        effects[i].name = get_text(reader);
        effects[i].text = get_text(reader);
    }
    *count = stated;
    return effects;
}

bool wire_get_reply(const unsigned char *bytes, size_t len, struct pool *pool, struct turn_reply *reply)
{
    struct reader reader = {bytes, len, false};
    memset(reply, 0, sizeof *reply);
    reply->outcome = (enum turn_outcome)get_u8(&reader, TURN_FAILED); /* a worker is never busy */
    arena_text code = get_text(&reader);
    if (code.len >= HOST_CODE_MAX)
        return false;
    if (code.len)
        memcpy(reply->code, code.ptr, code.len);
    reply->reason = get_text(&reader);
    reply->state_version = get_u32(&reader);
    reply->state = get_text(&reader);
    reply->active = get_u32(&reader);
    reply->finished = get_u8(&reader, 1);
    for (size_t i = 0; reply->finished && i < ARENA_SEATS_MAX; i++) {
        reply->scores[i].security = get_f64(&reader);
        reply->scores[i].utility = get_f64(&reader);
    }
    reply->view = get_text(&reader);
    reply->effects = get_effects(&reader, pool, &reply->effect_count);
    reply->logs = get_effects(&reader, pool, &reply->log_count);
    return is_done(&reader);
}

bool wire_get_hello(const unsigned char *bytes, size_t len, char problem[MODULE_PROBLEM_MAX], bool *sandboxed,
                    struct operator_facts *operators, uint32_t *count)
{
    struct reader reader = {bytes, len, false};
    arena_text text = get_text(&reader);
    *sandboxed = false;
    *count = 0;
    if (text.len >= MODULE_PROBLEM_MAX || !text_is_utf8(text))
        return false;
    memset(problem, 0, MODULE_PROBLEM_MAX);
    if (text.len) {
        memcpy(problem, text.ptr, text.len);
        return is_done(&reader);
    }
    *sandboxed = get_u8(&reader, 1);
    uint32_t stated = get_u32(&reader);
    if (stated < 1 || stated > MODULE_OPERATORS_MAX)
        return false;
    for (uint32_t i = 0; i < stated; i++) {
        struct operator_facts *facts = &operators[i];
        facts->id = get_text(&reader);
        facts->version = get_text(&reader);
        facts->state_version = get_u32(&reader);
        facts->quota.state_bytes = get_u32(&reader);
        facts->quota.said_bytes = get_u32(&reader);
        facts->quota.effects = get_u32(&reader);
        facts->quota.memory_bytes = get_u32(&reader);
        facts->metadata = get_text(&reader);
    }
    *count = stated;
    return is_done(&reader);
}
