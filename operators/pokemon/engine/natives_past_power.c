/*
 * natives_past_power.c - power, damage and types of moves of national-dex play besides those of generation 9.
 */
#include "natives.h"

NATIVE(power_twice_first) /* Bolt Beak, Fishious Rend */
{
    return on_flag(c, e->target, ON_NEW) || will_move(c, e->target) ? 2 * e->value : R_UNDEF;
}

NATIVE(guardian) /* Guardian of Alola: three quarters of the HP, a quarter of that through Protect */
{
    static const uint8_t shields[] = {VOL_PROTECT, VOL_BANEFUL_BUNKER, VOL_KINGS_SHIELD, VOL_SPIKY_SHIELD};
    int n = c->mon[e->target]->hp * 3 / 4;
    bool shielded = c->b->sides[e->target].turns[SIDE_MAT_BLOCK];
    for (size_t i = 0; i < sizeof shields; i++)
        shielded |= has(c, e->target, (enum battle_volatile)shields[i]);
    if (shielded) {
        say(c, LINE_Z_BROKEN, e->target);
        n = (n + 1) / 4; /* a quarter, rounded half down */
    }
    return n ? n : 1;
}

NATIVE(power_punishment)
{
    const int n = 60 + 20 * positive_boosts(c, e->target);
    return n > 200 ? 200 : n;
}

/* Trump Card: the less PP are left of the move, or of the one that called it. */
NATIVE(power_trump)
{
    static const uint8_t powers[5] = {200, 80, 60, 50, 40};
    const ref by = e->a->source;
    const int slot = move_slot(c, e->source, (by & REF_CLASS) == REF_MOVE ? by & REF_NUMBER : e->a->number);
    const unsigned pp = slot < 0 ? 4 : *slot_pp(c, e->source, slot);
    return powers[pp < 4 ? pp : 4];
}

NATIVE(magnitude)
{
    static const struct {
        uint8_t below, power;
    } steps[] = {{5, 10}, {15, 30}, {35, 50}, {65, 70}, {85, 90}, {95, 110}, {100, 150}};
    const uint32_t n = draw(c, 0, 100, DRAW_MOVE);
    int i = 0;
    while (n >= steps[i].below)
        i++;
    e->a->power = steps[i].power;
    e->a->echo = (uint8_t)(4 + i);
    return R_UNDEF;
}

NATIVE(magnitude_told)
{
    say2(c, LINE_ACTIVATE, e->target, SAY_MOVE_FULL | e->a->number, SAY_NUMBER | e->a->echo);
    return R_UNDEF;
}

NATIVE(damage_psywave)
{
    const int n = (int)draw(c, 50, 151, DRAW_MOVE) * c->mon[e->source]->level / 100;
    return n ? n : 1;
}

/* ---------------------------------------------------------------------------------------------------- types --- */

/* The lowest bits of HP, Attack, Defense, Speed, Sp. Atk, Sp. Def say it. */
unsigned type_of_ivs(uint32_t ivs)
{
    static const uint8_t order[6] = {0, 1, 2, 5, 3, 4};
    static const uint8_t types[16] = {TYPE_FIGHTING, TYPE_FLYING, TYPE_POISON, TYPE_GROUND, TYPE_ROCK,  TYPE_BUG,
                                      TYPE_GHOST,    TYPE_STEEL,  TYPE_FIRE,   TYPE_WATER,  TYPE_GRASS, TYPE_ELECTRIC,
                                      TYPE_PSYCHIC,  TYPE_ICE,    TYPE_DRAGON, TYPE_DARK};
    unsigned n = 0;
    for (unsigned i = 0; i < 6; i++)
        n |= (ivs >> (5 * order[i]) & 1u) << i;
    return types[n * 15 / 63];
}

NATIVE(type_by_ivs) /* Hidden Power */
{
    e->a->type = (uint8_t)type_of_ivs(c->mon[e->target]->ivs);
    return R_UNDEF;
}

NATIVE(type_by_item) /* Multi-Attack, Techno Blast */
{
    fresh(c);
    const struct dex_item *item = &c->dex->items[c->mon[e->target]->item];
    const uint8_t type = !strcmp(e->a->move->id, "technoblast") ? item->drive : item->memory;
    if (!c->item_off[e->target])
        e->a->type = type ? type : TYPE_NORMAL;
    return R_UNDEF;
}

/* Thousand Arrows does as usual to Flying types, if they are in the air. */
NATIVE(arrows)
{
    const int t = e->target;
    const bool aloft = e->a->type == TYPE_GROUND && grounded(c, t, false) != R_TRUE && has_type(c, t, TYPE_FLYING);
    return aloft ? 64 : R_UNDEF;
}

NATIVE(shares_type) /* Synchronoise */
{
    struct types own = types_of(c, e->source, true, false);
    for (int i = 0; i < types_n(own); i++)
        if (type_at(own, i) && has_type(c, e->target, type_at(own, i)))
            return R_UNDEF;
    return R_FALSE;
}

NATIVE(camouflage)
{
    static const uint8_t types[TERRAINS] = {TYPE_NORMAL, TYPE_ELECTRIC, TYPE_GRASS, TYPE_FAIRY, TYPE_PSYCHIC};
    const int t = e->target, type = types[terrain_now(c)];
    struct types own = types_of(c, t, true, false);
    if ((types_n(own) == 1 && type_at(own, 0) == type) || !set_type(c, t, type, 0))
        return R_FALSE;
    say2(c, LINE_START, t, SAY_WORD | WORD_TYPECHANGE, SAY_TYPES | (unsigned)type);
    return R_UNDEF;
}

const struct native natives_past_power[] = {LISTED(power_twice_first),
                                            LISTED(guardian),
                                            LISTED(power_punishment),
                                            LISTED(power_trump),
                                            LISTED(magnitude),
                                            LISTED(magnitude_told),
                                            LISTED(damage_psywave),
                                            LISTED(type_by_ivs),
                                            LISTED(type_by_item),
                                            LISTED(arrows),
                                            LISTED(shares_type),
                                            LISTED(camouflage),
                                            {NULL, NULL}};
