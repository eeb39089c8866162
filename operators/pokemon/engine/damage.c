/*
 * damage.c - the damage of one hit, in the order of generation 9.
 *
 * Base, weather, critical hit, roll, STAB, type, burn, final modifiers; all whole numbers, each step rounded
 * on its own.  Modifiers are 4096ths and round half down (modify); a critical hit and the roll truncate.
 * Source of the order and constants: the simulator's getDamage and modifyDamage, held against 5,000 vectors
 * of an independent calculator (tests/oracle).
 */
#include "internal.h"
#include "tables.h"

uint32_t apply_stage(uint32_t stat, int stage)
{
    return stage >= 0 ? stat * (uint32_t)(2 + stage) / 2 : stat * 2 / (uint32_t)(2 - stage);
}

int type_stages(int attack, const uint8_t types[2])
{
    static const int stages[5] = {TYPE_IMMUNE, -1, 0, 0, 1};
    int one = stages[dex_type_chart[attack][types[0]]];
    int two = stages[dex_type_chart[attack][types[1]]];
    return one == TYPE_IMMUNE || two == TYPE_IMMUNE ? TYPE_IMMUNE : one + two;
}

uint32_t damage_of(const struct hit *h, uint32_t roll)
{
    uint32_t d = (2 * h->level / 5 + 2) * h->power * h->attack / h->defense / 50 + 2;
    if (h->weather != 4096)
        d = modify(d, h->weather);
    if (h->crit)
        d = d * 3 / 2;
    d = d * (85 + roll) / 100;
    if (h->stab)
        d = modify(d, 6144);
    for (int i = h->effect; i > 0; i--)
        d *= 2;
    for (int i = h->effect; i < 0; i++)
        d /= 2;
    if (h->burned)
        d = modify(d, 2048);
    if (h->final != 4096)
        d = modify(d, h->final);
    return d ? d & 0xffff : 1;
}

/* A confused Pokémon hits itself: power 40, no type, no critical hit. */
uint32_t confusion_damage(uint32_t level, uint32_t attack, uint32_t defense, uint32_t roll)
{
    uint32_t d = (2 * level / 5 + 2) * 40 * attack / defense / 50 + 2;
    d = (d & 0xffff) * (85 + roll) / 100;
    return d ? d : 1;
}
