/*
 * test_battle_random.c - many random battles: each ends, and can be told again bit for bit.
 *
 *     test_battle_random [BATTLES [SEED [VERSION]]]
 *
 * After every step the battle goes through its bytes and back, and each battle is then played twice more from its
 * teams, seed and choices, unwatched and, core rules too, by what plays all rules; the digests of all states must be
 * the same, and the lines.  The last line is one digest of everything: battles_determinism.sh compares it between
 * compilers.
 */
#include "test_battle_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dex.h"

enum { STEPS_MAX = 4000 };

struct record {
    int8_t choices[STEPS_MAX][2];
    uint64_t digests[STEPS_MAX], lines[STEPS_MAX];
    int steps;
};

static int fail(const char *what, int battle)
{
    fprintf(stderr, "battle %d: %s\n", battle, what);
    return 1;
}

static int round_trip(const struct battle *b, const struct dex *dex)
{
    uint8_t one[BATTLE_ENCODED_MAX], two[BATTLE_ENCODED_MAX];
    struct battle back;
    size_t n = battle_encode(b, one);
    if (battle_decode(&back, dex, one, n) || battle_digest(&back) != battle_digest(b))
        return 1;
    return battle_encode(&back, two) != n || memcmp(one, two, n) || memcmp(&back, b, sizeof back);
}

/* The protocol lines of a step. */
static uint64_t hash_of(const struct battle *b, const struct dex *dex, const struct battle_log *log)
{
    static char text[1 << 17];
    struct battle_text out = {text, sizeof text, 0, false};
    uint64_t h = log->count;
    battle_log_text(b, dex, log, BATTLE_FULL, &out);
    for (size_t i = 0; i < out.len; i++)
        h = (h ^ (unsigned char)text[i]) * 1099511628211u;
    return out.overflow ? 0 : h;
}

static int play(const struct dex *dex, struct battle *b, uint64_t *state, struct record *r, int number)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    while (b->phase != BATTLE_ENDED) {
        struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
        if (r->steps == STEPS_MAX)
            return fail("does not end", number);
        for (int i = 0; i < 2; i++)
            r->choices[r->steps][i] = (int8_t)play_choice(battle_choices(b, dex, i), state);
        if (battle_step(b, dex, r->choices[r->steps][0], r->choices[r->steps][1], &log) < 0)
            return fail("a legal choice was refused", number);
        if (log.overflow)
            return fail("log overflow", number);
        if (round_trip(b, dex))
            return fail("does not survive its bytes", number);
        r->lines[r->steps] = dex->core ? hash_of(b, dex, &log) : 0;
        r->digests[r->steps++] = battle_digest(b);
    }
    return 0;
}

/* watched: with a log, whose lines must be the same, too. */
static int again(const struct dex *dex, struct battle *b, const struct record *r, bool watched, int number)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    for (int i = 0; i < r->steps; i++) {
        struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
        if (battle_step(b, dex, r->choices[i][0], r->choices[i][1], watched ? &log : NULL) < 0)
            return fail("replay: a choice was refused", number);
        if (battle_digest(b) != r->digests[i])
            return fail("replay: another state", number);
        if (watched && hash_of(b, dex, &log) != r->lines[i])
            return fail("replay: other lines", number);
    }
    return b->phase != BATTLE_ENDED ? fail("replay: did not end", number) : 0;
}

int main(int argc, char **argv)
{
    static struct record record;
    const struct dex *dex = dex_find(argc > 3 ? argv[3] : "gen1-v1");
    int battles = argc > 1 ? atoi(argv[1]) : 10000, capped = 0, won[4] = {0};
    if (!dex)
        return fail("there is no such data version", 0);
    if (dex->core != !strcmp(dex->version, "gen1-v1"))
        return fail("core rules are those of gen1-v1", 0);
    struct dex whole = *dex; /* to be played by what plays all rules */
    whole.core = false;
    uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1, all = 0;
    long turns = 0;
    for (int i = 0; i < battles; i++) {
        struct battle_set teams[2][BATTLE_PARTY];
        int sizes[2];
        struct battle b, copy;
        play_teams(dex, &state, teams, sizes);
        if (battle_start(&b, dex, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, (uint64_t)i, NULL))
            return fail("does not start", i);
        copy = b;
        record.steps = 0;
        if (play(dex, &b, &state, &record, i))
            return 1;
        b = copy;
        if (again(dex, &b, &record, false, i) || (dex->core && again(&whole, &copy, &record, true, i)))
            return 1;
        for (int j = 0; j < record.steps; j++)
            all = (all ^ record.digests[j]) * 1099511628211u;
        turns += b.turn;
        capped += b.turn == dex->turn_cap;
        won[b.winner]++;
    }
    printf("%d battles, %ld turns, won %d and %d, drawn %d, reached the cap %d\n", battles, turns, won[0], won[1],
           won[2], capped);
    printf("digest %016llx\n", (unsigned long long)all);
    return 0;
}
