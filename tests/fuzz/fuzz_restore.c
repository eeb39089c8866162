/*
 * fuzz_restore.c - bytes that no operator wrote, given to an operator: ARENA_FUZZ_MODULE=module.so
 * [ARENA_FUZZ_INDEX=0].
 *
 * Whatever restore accepts must bear every view, every action and a message, and must serialize.  The contract may
 * not be broken by bytes: TURN_FAILED is a finding.  Without a module the target ends at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "host/module.h"
#include "host/turn.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct module module;
static struct module_operator *subject;
static arena_quota quota;
static uint32_t seats;
static struct turn turn;

/* The module is opened here, not at the first input: so its own coverage counts. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char problem[MODULE_PROBLEM_MAX];
    const char *path = getenv("ARENA_FUZZ_MODULE"), *number = getenv("ARENA_FUZZ_INDEX");
    uint32_t index = number ? (uint32_t)strtoul(number, NULL, 10) : 0;
    (void)argc;
    (void)argv;
    if (!path) {
        fputs("set ARENA_FUZZ_MODULE to the module to fuzz\n", stderr);
        exit(0);
    }
    if (sodium_init() < 0 || !module_open(&module, path, problem)) {
        fprintf(stderr, "%s: %s\n", path, problem);
        exit(1);
    }
    if (index >= module.count || !facts_check(&module.operators[index].facts, NULL, &seats, problem)) {
        fprintf(stderr, "%s: operator %u: %s\n", path, index, index < module.count ? problem : "there is none");
        exit(1);
    }
    subject = &module.operators[index];
    quota = quota_resolve(subject->facts.quota);
    pool_init(&turn.pool, 0);
    return 0;
}

static enum turn_outcome run(enum turn_kind kind, int32_t player)
{
    turn.request.kind = kind;
    turn.request.player = player;
    turn_call(&subject->code, &quota, &turn);
    if (turn.reply.outcome == TURN_FAILED) {
        fprintf(stderr, "kind %d for %d: %.*s\n", (int)kind, player, (int)turn.reply.reason.len, turn.reply.reason.ptr);
        abort();
    }
    return turn.reply.outcome;
}

/* The last bytes of the input are a message: one byte says how long its content is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    size_t content = data[size - 1] % 64;
    content = content < size ? content : size - 1;
    size_t len = size - 1 - content;
    char *state = malloc(len ? len : 1);
    if (!state)
        abort();
    memcpy(state, data, len);
    turn.request = (struct turn_request){
        .seats = seats,
        .joined = seats,
        .turn = 9,
        .now_ms = INT64_C(1767225600000),
        .state_version = 1 + (uint32_t)(size % subject->code.state_version),
        .state = {state, len},
        .content = {(const char *)data + len, content},
    };
    for (uint32_t i = 0; i < seats; i++)
        turn.request.handles[i] = ARENA_TEXT("inv_x");
    bool good = run(TURN_VIEW, ARENA_FULL) == TURN_OK;
    for (int32_t viewer = ARENA_ALL; good && viewer < (int32_t)seats; viewer++)
        run(TURN_VIEW, viewer);
    for (int32_t seat = 0; good && seat < (int32_t)seats; seat++) {
        char offered[80] = "";
        size_t offered_len = 0;
        if (run(TURN_ACTIONS, seat) == TURN_OK && turn.reply.effect_count) {
            const struct effect *offer = &turn.reply.effects[size % turn.reply.effect_count];
            memcpy(offered, offer->name.ptr, offered_len = offer->name.len);
        }
        turn.request.method = (arena_text){offered, offered_len};
        run(TURN_MESSAGE, seat);
    }
    free(state);
    return 0;
}
