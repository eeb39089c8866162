/* test_battle_watched.h - random battles with what is known in them, as the tests of fog play and compare them. */
#ifndef TEST_BATTLE_WATCHED_H
#define TEST_BATTLE_WATCHED_H

#include "test_battle_hidden.h"
#include "test_battle_play.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { STEPS = 60 };

static const char *version = "gen9-v1"; /* a test may play another one */

static inline const struct dex *dex(void)
{
    return dex_find(version);
}

/* A battle, and what is known in it: where a battle is asked for, the one in front of this is meant. */
struct watched {
    struct battle battle;
    struct battle_known known;
};

static inline struct battle_known *known_in(const struct battle *b)
{
    return &((struct watched *)b)->known;
}

/* ---------------------------------------------------------------------------------------------- random battles --- */

static inline void any_battle(uint64_t *state, struct battle *b)
{
    struct battle_set teams[2][BATTLE_PARTY];
    int sizes[2];
    for (int i = 0; i < 2; i++) {
        sizes[i] = 2 + (int)play_below(state, 5);
        for (int j = 0; j < sizes[i]; j++)
            teams[i][j] = dex()->abilities_n ? play_any_set(dex(), state) : play_set(dex(), state);
    }
    int bad = battle_start(b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, play_next(state),
                           &(struct battle_log){.known = known_in(b)});
    cr_assert_eq(bad, 0, "team %d", bad);
}

/* Switches often: who comes and goes is what this is about. */
static inline int any_choice(const struct battle *b, int side, uint64_t *state)
{
    const uint32_t all = battle_choices(b, dex(), side), bench = all & 63u << BATTLE_CHOICE_SWITCH;
    return play_choice(bench && play_below(state, 3) == 0 ? bench : all, state);
}

static inline void one_step(struct battle *b, const int choices[2], struct battle_log *log)
{
    struct battle_log none = {.cap = 0};
    log = log ? log : &none;
    log->known = known_in(b);
    cr_assert(battle_step(b, dex(), choices[0], choices[1], log) >= 0);
}

static inline void same_view(const struct battle *b, const struct battle *c, int viewer, int number, int step)
{
    struct battle_view one, two;
    memset(&one, 0x5a, sizeof one);
    memset(&two, 0xa5, sizeof two);
    battle_view(b, known_in(b), dex(), viewer, &one);
    battle_view(c, known_in(c), dex(), viewer, &two);
    const uint8_t *p = (const uint8_t *)&one, *q = (const uint8_t *)&two;
    for (size_t i = 0; i < sizeof one; i++)
        cr_assert_eq(p[i], q[i], "battle %d, step %d, viewer %d: byte %zu of the view is %d or %d", number, step,
                     viewer, i, p[i], q[i]);
}

#endif
