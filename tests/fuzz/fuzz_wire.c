/*
 * fuzz_wire.c - frames that nobody wrote, as a hostile worker could send them.
 *
 * The first byte chooses the decoder.  What a decoder accepts must encode to the same bytes again, and must be
 * safe to look at: all of it is read, and the rules are applied to it.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "host/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads every byte of text, so that the sanitizer sees where it points. */
static unsigned touch(arena_text text)
{
    unsigned sum = text_is_utf8(text);
    for (size_t i = 0; i < text.len; i++)
        sum += (unsigned char)text.ptr[i];
    return sum;
}

static void expect_same(const struct wire_frame *frame, const uint8_t *data, size_t size)
{
    assert(frame->len == size + WIRE_HEADER_BYTES);
    assert(memcmp(frame->bytes + WIRE_HEADER_BYTES, data, size) == 0);
}

static void fuzz_request(const uint8_t *data, size_t size)
{
    struct turn_request request;
    struct wire_frame frame = {NULL, 0, 0};
    uint32_t index, length;
    if (!wire_get_request(data, size, &index, &request))
        return;
    for (uint32_t i = 0; i < request.seats; i++)
        touch(request.handles[i]);
    wire_put_request(&frame, index, &request);
    expect_same(&frame, data, size);
    assert(wire_get_header(frame.bytes, WIRE_REQUEST, &length) && length == size);
    wire_finish(&frame);
}

/* A code may hold a NUL byte, and NaN has many forms: those replies are not the same bytes again. */
static bool is_plain(const struct turn_reply *reply, const uint8_t *data)
{
    return !reply->finished && data[1] == strnlen(reply->code, HOST_CODE_MAX);
}

static void fuzz_reply(const uint8_t *data, size_t size)
{
    static const arena_quota quota = {1000, 1000, 10, 1000};
    struct turn_request request = {.kind = (enum turn_kind)(size % (TURN_DATA_LOAD + 1)), .seats = 2, .joined = 2};
    struct turn_reply reply;
    struct wire_frame frame = {NULL, 0, 0};
    struct pool pool;
    char problem[RULES_PROBLEM_MAX];
    pool_init(&pool, 0);
    if (wire_get_reply(data, size, &pool, &reply)) {
        touch(reply.reason);
        touch(reply.state);
        touch(reply.view);
        for (uint32_t i = 0; i < reply.effect_count; i++)
            touch(reply.effects[i].name), touch(reply.effects[i].text);
        for (uint32_t i = 0; i < reply.log_count; i++)
            touch(reply.logs[i].name), touch(reply.logs[i].text);
        if (reply_problem(&request, &reply, &quota, 1, problem))
            assert(strlen(problem) > 0);
        wire_put_reply(&frame, &reply);
        if (is_plain(&reply, data))
            expect_same(&frame, data, size);
        wire_finish(&frame);
    }
    pool_finish(&pool);
}

static void fuzz_hello(const uint8_t *data, size_t size)
{
    static struct operator_facts operators[MODULE_OPERATORS_MAX];
    char problem[MODULE_PROBLEM_MAX];
    uint32_t count, players;
    bool sandboxed;
    if (!wire_get_hello(data, size, problem, &sandboxed, operators, &count))
        return;
    assert(strlen(problem) < sizeof problem);
    for (uint32_t i = 0; i < count; i++) {
        arena_text name;
        touch(operators[i].metadata);
        if (facts_check(&operators[i], &name, &players, problem)) {
            assert(players >= 1 && players <= ARENA_SEATS_MAX);
            free((char *)name.ptr);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const decoders[])(const uint8_t *, size_t) = {fuzz_request, fuzz_reply, fuzz_hello};
    if (!size)
        return 0;
    /* a copy of the exact size: reading one byte beyond is seen */
    uint8_t *copy = malloc(size);
    if (!copy)
        abort();
    memcpy(copy, data + 1, size - 1);
    decoders[data[0] % 3](copy, size - 1);
    free(copy);
    return 0;
}
