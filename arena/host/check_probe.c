#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/check_internal.h"
#include "host/turn.h"

enum { MEGABYTE = 1 << 20, DEEP = 4000, RANDOM_BYTES_MAX = 64, CUTS = 3, FLIPS = 3, RANDOMS = 2 };

/* What strangers send.  The last two are large and tried less often. */
enum garbage { EMPTY, NUL, NOT_UTF8, SURROGATE, HUGE_NUMBER, WRONG_TYPE, RANDOM_TEXT, LARGE, NESTED, GARBAGE_COUNT };

static const char *const garbage_names[GARBAGE_COUNT] = {
    "nothing",     "a NUL byte", "bytes that are not UTF-8", "a cut character", "a huge number", "wrong JSON",
    "random text", "a megabyte", "4,000 nested arrays",
};

static arena_text garbage_make(enum garbage what, uint64_t *dice)
{
    static char large[MEGABYTE], nested[2 * DEEP], random[RANDOM_BYTES_MAX];
    switch (what) {
    case NUL: return (arena_text){"a\0b", 3};
    case NOT_UTF8: return (arena_text){"\xFF\xFE{}", 4};
    case SURROGATE: return (arena_text){"\xED\xA0\x80\xE2\x82", 5};
    case HUGE_NUMBER: return ARENA_TEXT("-99999999999999999999999999999e999");
    case WRONG_TYPE: return ARENA_TEXT("{\"\":[null,{\"a\":-1,\"a\":1e400}],\"x\":\"\\u0000\"}");
    case RANDOM_TEXT: {
        size_t len = 1 + dice_roll(dice, sizeof random);
        for (size_t i = 0; i < len; i++)
            random[i] = (char)(' ' + dice_roll(dice, 95));
        return (arena_text){random, len};
    }
    case LARGE: memset(large, '9', sizeof large); return (arena_text){large, sizeof large};
    case NESTED:
        memset(nested, '[', DEEP);
        memset(nested + DEEP, ']', DEEP);
        return (arena_text){nested, sizeof nested};
    case EMPTY:
    case GARBAGE_COUNT: break;
    }
    return (arena_text){"", 0};
}

/* Content of this kind is never fine where the schema admits less than any text. */
static bool is_never_fine(enum garbage what)
{
    return what != EMPTY && what != RANDOM_TEXT && what != LARGE && what != HUGE_NUMBER;
}

static void probe_content(struct play *play, int32_t seat, const struct method *method, enum garbage what)
{
    struct shared *shared = play->subject->shared;
    arena_text content = garbage_make(what, &play->probe_dice);
    check_doing(shared, CHECK_GARBAGE, "seat %d sends %s %s as turn %u", seat, method->name.ptr, garbage_names[what],
                play->turn_number);
    shared->probes++;
    enum turn_outcome outcome = play_try(play, TURN_MESSAGE, seat, method->name, content);
    if (outcome == TURN_OK && method->is_strict && is_never_fine(what))
        check_note(shared, CHECK_GARBAGE, LEVEL_FAIL, "turn %u: seat %d sends %s %s, which is accepted",
                   play->turn_number, seat, method->name.ptr, garbage_names[what]);
}

static void probe_method(struct play *play, int32_t seat, arena_text method, const char *name)
{
    struct shared *shared = play->subject->shared;
    check_doing(shared, CHECK_GARBAGE, "seat %d sends the method %s as turn %u", seat, name, play->turn_number);
    shared->probes++;
    if (play_try(play, TURN_MESSAGE, seat, method, ARENA_TEXT("{}")) == TURN_OK)
        check_note(shared, CHECK_GARBAGE, LEVEL_FAIL, "turn %u: seat %d sends the method %s, which is accepted",
                   play->turn_number, seat, name);
}

void probe_garbage(struct play *play, bool heavy)
{
    static char large[MEGABYTE];
    const struct subject *subject = play->subject;
    int32_t seat = (int32_t)dice_roll(&play->probe_dice, subject->seats);
    const struct {
        arena_text method;
        const char *name;
    } methods[] = {
        {{"", 0}, "\"\""},
        {ARENA_TEXT("no-such-method"), "no-such-method"},
        {{"\0", 1}, "of a NUL byte"},
        {{"\xC3\x28", 2}, "that is not UTF-8"},
        {{large, heavy ? sizeof large : 300}, "of very many letters"},
    };
    memset(large, 'a', sizeof large);
    size_t which = dice_roll(&play->probe_dice, 5);
    probe_method(play, seat, methods[which].method, methods[which].name);
    if (!subject->method_count)
        return;
    const struct method *method = &subject->methods[dice_roll(&play->probe_dice, subject->method_count)];
    for (int what = 0; what < GARBAGE_COUNT; what++)
        if (what >= LARGE ? heavy : dice_roll(&play->probe_dice, 4) == 0)
            probe_content(play, seat, method, (enum garbage)what);
}

/* ---- damaged bytes -------------------------------------------------------------------------------------- */

/* Looks at a game made of bytes that nobody wrote: whatever it is, it must not fall over. */
static void probe_queries(struct play *play, arena_text bytes)
{
    const arena_text none = {NULL, 0}, mine = play->state;
    int32_t seat = (int32_t)dice_roll(&play->probe_dice, play->subject->seats);
    play->state = bytes;
    play_try(play, TURN_VIEW, ARENA_ALL, none, none);
    play_try(play, TURN_VIEW, seat, none, none);
    play_try(play, TURN_ACTIONS, seat, none, none);
    if (play->joined == play->subject->seats && play->subject->method_count) {
        const struct method *method =
            &play->subject->methods[dice_roll(&play->probe_dice, play->subject->method_count)];
        const json_t *example = json_array_get(method->contents, 0);
        play_try(play, TURN_MESSAGE, seat, method->name,
                 (arena_text){json_string_value(example), json_string_length(example)});
    }
    play->state = mine;
}

/* Serialize is canonical, so bytes that restore takes but serialize would write otherwise were never written by
 * it.  For a flipped bit that is a warning: it may lie in something that does not matter. */
static void probe_bytes(struct play *play, arena_text bytes, const char *what, enum level level)
{
    struct shared *shared = play->subject->shared;
    const arena_text mine = play->state, none = {NULL, 0};
    if (bytes.len == mine.len && (!mine.len || memcmp(bytes.ptr, mine.ptr, mine.len) == 0))
        return;
    check_doing(shared, CHECK_DAMAGE, "restore of %s, before turn %u", what, play->turn_number);
    shared->probes++;
    play->state = bytes;
    enum turn_outcome outcome = play_try(play, TURN_VIEW, ARENA_FULL, none, none);
    struct turn *turn = &play->turn;
    if (outcome == TURN_OK) {
        turn_resave(&play->subject->op->code, &play->subject->quota, turn);
        bool same = turn->reply.outcome == TURN_OK && turn->reply.state.len == bytes.len &&
                    (!bytes.len || memcmp(turn->reply.state.ptr, bytes.ptr, bytes.len) == 0);
        if (!same)
            check_note(shared, CHECK_DAMAGE, level,
                       "turn %u: restore accepts %s, which serialize never writes (expected ARENA_CORRUPT)",
                       play->turn_number, what);
    }
    play->state = mine;
    if (outcome == TURN_OK)
        probe_queries(play, bytes);
}

void probe_damage(struct play *play)
{
    const arena_text state = play->state;
    char what[80], *copy = malloc(state.len + RANDOM_BYTES_MAX + 1);
    if (!copy)
        abort();
    probe_bytes(play, (arena_text){copy, 0}, "no bytes", LEVEL_FAIL);
    for (int i = 0; i < CUTS && state.len > 1; i++) {
        /* a copy that ends where the bytes end, so that reading beyond is seen under AddressSanitizer */
        size_t len = 1 + dice_roll(&play->probe_dice, state.len - 1);
        char *cut = malloc(len);
        if (!cut)
            abort();
        memcpy(cut, state.ptr, len);
        snprintf(what, sizeof what, "the first %zu of %zu bytes", len, state.len);
        probe_bytes(play, (arena_text){cut, len}, what, LEVEL_FAIL);
        free(cut);
    }
    if (state.len) {
        memcpy(copy, state.ptr, state.len);
        copy[state.len] = (char)dice_roll(&play->probe_dice, 256);
        probe_bytes(play, (arena_text){copy, state.len + 1}, "the bytes and one more", LEVEL_FAIL);
    }
    for (int i = 0; i < FLIPS && state.len; i++) {
        size_t at = dice_roll(&play->probe_dice, state.len);
        memcpy(copy, state.ptr, state.len);
        copy[at] = (char)(copy[at] ^ (1 << dice_roll(&play->probe_dice, 8)));
        snprintf(what, sizeof what, "a flipped bit in byte %zu", at);
        probe_bytes(play, (arena_text){copy, state.len}, what, LEVEL_WARN);
    }
    for (int i = 0; i < RANDOMS; i++) {
        size_t len = 1 + dice_roll(&play->probe_dice, RANDOM_BYTES_MAX);
        for (size_t k = 0; k < len; k++)
            copy[k] = (char)dice_roll(&play->probe_dice, 256);
        snprintf(what, sizeof what, "%zu random bytes", len);
        probe_bytes(play, (arena_text){copy, len}, what, LEVEL_FAIL);
    }
    free(copy);
}
