/*
 * ties.c - ties drawn as the simulator draws them.
 */
#include "ties.h"
#include "engine.h"
#include "stats.h"

static void exchange(uint64_t *keys, uint8_t *which, int i, int j)
{
    const uint64_t key = keys[i];
    const uint8_t one = which[i];
    keys[i] = keys[j];
    which[i] = which[j];
    keys[j] = key;
    which[j] = one;
}

void sort_with_ties(struct ctx *c, uint64_t *keys, uint8_t *which, int n)
{
    for (int sorted = 0; sorted + 1 < n;) {
        int lowest[SORTED_MAX], equal = 1;
        lowest[0] = sorted;
        for (int i = sorted + 1; i < n; i++) {
            const uint64_t least = keys[lowest[0]];
            if (keys[i] < least)
                equal = 0;
            if (keys[i] <= least)
                lowest[equal++] = i;
        }
        for (int i = 0; i < equal; i++)
            exchange(keys, which, sorted + i, lowest[i]);
        for (int i = sorted; i < sorted + equal - 1; i++)
            exchange(keys, which, i, (int)draw(c, (uint32_t)i, (uint32_t)(sorted + equal), DRAW_TIE));
        sorted += equal;
    }
}

int first_asked(struct ctx *c)
{
    if (c->speed[0] != c->speed[1])
        return c->speed[1] > c->speed[0];
    return (int)draw(c, 0, 2, DRAW_TIE);
}

int place_among(struct ctx *c, int first, int last)
{
    return first == last ? first : (int)draw(c, (uint32_t)first, (uint32_t)last + 1, DRAW_TIE);
}

void speeds_before(struct ctx *c)
{
    c->b->ties = false; /* nothing is drawn for them */
    update_speeds(c);
    c->b->ties = true;
    dirty(c, 7); /* who listens is another matter again */
    for (int t = 0; t < 2; t++)
        if (!in_play(c, t))
            c->speed[t] = c->on[t]->stats[STAT_SPE];
}

static int raw_speed(const struct ctx *c, const struct battle_mon *m)
{
    uint16_t stats[5];
    other_stats(&c->dex->species[m->species], m->level, m->nature, m->ivs, m->evs, stats);
    return stats[STAT_SPE - STAT_ATK] & 8191;
}

void draw_team_order(struct ctx *c)
{
    const struct battle_side *s = c->b->sides;
    for (int i = 0; i < s[0].size && i < s[1].size; i++)
        if (raw_speed(c, &s[0].party[i]) == raw_speed(c, &s[1].party[i]))
            draw(c, 2 * (uint32_t)i, 2 * (uint32_t)i + 2, DRAW_TIE);
}
