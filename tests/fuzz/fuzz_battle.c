/*
 * fuzz_battle.c - bytes that decode must be playable, whoever wrote them, and every battle ends.
 *
 *     u8 kind      bit 0: gen9-v1 instead of gen1-v1; bit 1: the state is made; bits 2 and 3: play on to the end
 *     raw:         u16 length and bytes of a state
 *     made:        u32 seed of a random battle, u8 steps into it, u8 patches; each u16 place and u8 what stands there
 *     the rest     choices: a byte for each side, which takes one of the legal ones; 0xff tries one as it comes
 *
 * Without libFuzzer, built with FUZZ_MAIN, it runs the files it is given, and with no files makes seeds:
 * fuzz_battle -seeds DIR.
 */
#include "../operators/test_battle_play.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int choose(uint32_t mask, uint8_t byte)
{
    int options[BATTLE_CHOICES], n = 0;
    for (int i = 0; i < BATTLE_CHOICES; i++)
        if (mask >> i & 1)
            options[n++] = i;
    return n ? options[byte % n] : BATTLE_NO_CHOICE;
}

static struct battle_known known; /* of the battle under way; nothing, when that is made of bytes */

static void look(const struct battle *b, const struct dex *dex, const struct battle_log *log)
{
    static char text[65536];
    struct battle_text out = {text, sizeof text, 0, false};
    for (int viewer = BATTLE_FULL; viewer < 2; viewer++) {
        struct battle_view view;
        battle_view(b, &known, dex, viewer, &view);
        out.len = 0;
        battle_log_text(b, dex, log, viewer, &out);
        const struct battle_view_mon *m = &view.sides[0].party[view.sides[0].active];
        for (int i = 0; i < BATTLE_MOVES; i++)
            battle_expected_damage(dex, &view, 0, view.sides[0].active, view.sides[1].active, m->moves[i]);
    }
}

static void round_trip(const struct battle *b, const struct dex *dex)
{
    uint8_t one[BATTLE_ENCODED_MAX], two[BATTLE_ENCODED_MAX];
    struct battle back;
    size_t n = battle_encode(b, one);
    assert(n <= sizeof one);
    int refused = battle_decode(&back, dex, one, n);
    assert(!refused);
    assert(battle_encode(&back, two) == n && !memcmp(one, two, n));
}

struct bytes {
    const uint8_t *at, *end;
};

static unsigned take(struct bytes *in, unsigned n) /* little-endian; zeros behind the end */
{
    unsigned v = 0;
    for (unsigned i = 0; i < n; i++)
        v |= in->at < in->end ? (unsigned)*in->at++ << (8 * i) : 0;
    return v;
}

static void random_battle(const struct dex *dex, struct battle *b, uint64_t seed, unsigned steps)
{
    struct battle_set teams[2][BATTLE_PARTY];
    int sizes[2];
    play_teams(dex, &seed, teams, sizes);
    for (int i = 0; i < 2 && dex->abilities_n; i++)
        for (int j = 0; j < sizes[i]; j++)
            teams[i][j] = play_any_set(dex, &seed);
    struct battle_log log = {.known = &known};
    const struct battle_options options = {.seed = seed, .clauses = seed >> 8 & CLAUSE_ALL, .ties = seed >> 10 & 1};
    int bad = battle_start_with(b, dex, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, &options, &log);
    assert(!bad);
    for (; steps && b->phase != BATTLE_ENDED; steps--) {
        int one = play_choice(battle_choices(b, dex, 0), &seed), two = play_choice(battle_choices(b, dex, 1), &seed);
        battle_step(b, dex, one, two, &log);
    }
}

/* A state from the bytes; 0, or -1 when they are none. */
static int state_of(struct bytes *in, const struct dex *dex, bool made, struct battle *b)
{
    uint8_t bytes[BATTLE_ENCODED_MAX], again[BATTLE_ENCODED_MAX];
    size_t n;
    if (made) {
        const unsigned seed = take(in, 4), steps = take(in, 1);
        random_battle(dex, b, seed, steps);
        n = battle_encode(b, bytes);
        for (unsigned patches = take(in, 1); patches; patches--) {
            const unsigned place = take(in, 2);
            bytes[place % n] = (uint8_t)take(in, 1);
        }
    } else {
        memset(&known, 0, sizeof known);
        n = take(in, 2);
        if (n > sizeof bytes || n > (size_t)(in->end - in->at))
            return -1;
        memcpy(bytes, in->at, n);
        in->at += n;
    }
    if (battle_decode(b, dex, bytes, n))
        return -1;
    assert(battle_encode(b, again) == n && !memcmp(again, bytes, n));
    return 0;
}

/* What is not legal is refused and changes nothing. */
static void try_any(struct battle *b, const struct dex *dex, int one, int two)
{
    const struct battle before = *b;
    const int choices[2] = {one, two};
    for (int i = 0; i < 2; i++) {
        const uint32_t mask = battle_choices(b, dex, i);
        if (mask ? choices[i] >= 0 && choices[i] < 32 && mask >> choices[i] & 1 : choices[i] == BATTLE_NO_CHOICE)
            continue;
        enum battle_result r = battle_step(b, dex, one, two, NULL);
        assert(r == BATTLE_BAD_CHOICE && !memcmp(b, &before, sizeof before));
        return;
    }
}

static void one_step(struct battle *b, const struct dex *dex, uint8_t one, uint8_t two)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX, .known = &known};
    enum battle_result r =
        battle_step(b, dex, choose(battle_choices(b, dex, 0), one), choose(battle_choices(b, dex, 1), two), &log);
    assert(r >= 0 && !log.overflow);
    round_trip(b, dex);
    look(b, dex, &log);
}

/* In a turn each side is asked for its choice, and for a switch when somebody falls, is called back or driven out. */
static void play_to_the_end(struct battle *b, const struct dex *dex)
{
    uint64_t state = b->rng;
    long steps = 0, most = 16L * (dex->turn_cap + 1 - b->turn) + 64;
    while (b->phase != BATTLE_ENDED) {
        int one = play_choice(battle_choices(b, dex, 0), &state), two = play_choice(battle_choices(b, dex, 1), &state);
        enum battle_result r = battle_step(b, dex, one, two, NULL);
        assert(r >= 0 && steps < most);
        steps++;
    }
    round_trip(b, dex);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, data + size};
    const unsigned kind = take(&in, 1);
    const struct dex *dex = dex_find(kind & 1 ? "gen9-v1" : "gen1-v1");
    struct battle b;
    if (state_of(&in, dex, kind & 2, &b))
        return 0;
    while (in.at < in.end && b.phase != BATTLE_ENDED) {
        const uint8_t one = (uint8_t)take(&in, 1), two = (uint8_t)take(&in, 1);
        if (one == 0xff)
            try_any(&b, dex, (int8_t)two, (int8_t)take(&in, 1));
        else
            one_step(&b, dex, one, two);
    }
    if ((kind & 12) == 12)
        play_to_the_end(&b, dex);
    return 0;
}

#ifdef FUZZ_MAIN
/* States from the midst of random battles, each with bytes to go on with. */
static int write_seeds(const char *dir)
{
    uint64_t state = 1;
    for (int i = 0; i < 64; i++) {
        const struct dex *dex = dex_find(i & 1 ? "gen9-v1" : "gen1-v1");
        struct battle b;
        uint8_t bytes[3 + BATTLE_ENCODED_MAX + 64] = {(uint8_t)(i & 1 ? 13 : 0)};
        char name[256];
        random_battle(dex, &b, play_next(&state), play_below(&state, 60));
        size_t n = battle_encode(&b, bytes + 3);
        bytes[1] = (uint8_t)n;
        bytes[2] = (uint8_t)(n >> 8);
        for (int j = 0; j < 64; j++)
            bytes[3 + n + (size_t)j] = (uint8_t)play_next(&state);
        snprintf(name, sizeof name, "%s/seed%02d", dir, i);
        FILE *f = fopen(name, "wb");
        if (!f || fwrite(bytes, 1, n + 67, f) != n + 67 || fclose(f))
            return perror(name), 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static uint8_t bytes[1 << 16];
    if (argc == 3 && !strcmp(argv[1], "-seeds"))
        return write_seeds(argv[2]);
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (!f)
            return perror(argv[i]), 1;
        size_t n = fread(bytes, 1, sizeof bytes, f);
        fclose(f);
        LLVMFuzzerTestOneInput(bytes, n);
    }
    return 0;
}
#endif
