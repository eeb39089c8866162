/*
 * battle.c - the calls that play: a step, many at once, a forfeit.
 */
#include "turn.h"

/* Core rules have a copy of what plays that is made for them; where there is none, the other plays the same. */
static play_function *step_of(const struct battle *b, const struct dex *dex)
{
#ifdef CORE_RULES_TOO
    return dex->core && !b->ties ? core_play_step : play_step;
#else
    (void)b;
    (void)dex;
    return play_step;
#endif
}

static bool legal(const struct battle *b, int side, int choice)
{
    const uint32_t mask = stored_choices(&b->sides[side]);
    if (!mask)
        return choice == BATTLE_NO_CHOICE;
    return choice >= 0 && choice < BATTLE_CHOICES && mask >> choice & 1;
}

enum battle_result battle_step(struct battle *b, const struct dex *dex, int choice0, int choice1,
                               struct battle_log *log)
{
    const int choices[2] = {choice0, choice1};
    if (b->phase >= BATTLE_ENDED || b->data != dex->fingerprint || b->contents != dex->contents ||
        !legal(b, 0, choice0) || !legal(b, 1, choice1))
        return BATTLE_BAD_CHOICE;
    return step_of(b, dex)(b, dex, choices, log);
}

/* The battle that comes next is on its way to the cache while this one is stepped: thousands of them do not fit in it,
 * and a step alone would wait for each line that it touches. */
static void fetch(const struct battle *b)
{
    enum { LINE = 64 };
    for (size_t at = 0; at < sizeof *b; at += LINE)
        __builtin_prefetch((const char *)b + at);
}

size_t battle_step_many(struct battle *b, const struct dex *dex, size_t n, const int8_t *choices, int8_t *results)
{
    size_t going_on = 0;
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n)
            fetch(&b[i + 1]);
        enum battle_result r = b[i].phase == BATTLE_ENDED
                                   ? BATTLE_DONE
                                   : battle_step(&b[i], dex, choices[2 * i], choices[2 * i + 1], NULL);
        if (results)
            results[i] = (int8_t)r;
        going_on += r != BATTLE_DONE;
    }
    return going_on;
}

void battle_forfeit(struct battle *b, int side, struct battle_log *log)
{
    if (b->phase == BATTLE_ENDED)
        return;
    struct ctx c;
    memset(&c, 0, sizeof c);
    c.b = b;
    c.log = log && log->cap ? log : NULL;
    c.watched = c.log;
    end_battle(&c, side ? BATTLE_WON_0 : BATTLE_WON_1);
}

void battle_reseed(struct battle *b, uint64_t seed)
{
    b->rng = seed;
}
