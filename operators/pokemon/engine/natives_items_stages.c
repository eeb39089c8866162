/*
 * natives_items_stages.c - items about stages and conditions of the mind.
 */
#include "natives_items.h"

NATIVE(adrenaline_orb)
{
    const unsigned intimidate = dex_ability(c->dex, "intimidate");
    const bool kept = e->thing >> STAT_ATK & 1 && !e->stages[STAT_ATK];
    if (intimidate && e->cause == (REF_ABILITY | intimidate) && !kept && c->on[e->target]->boosts[STAT_SPE] < 6)
        use_item(c, e->target, e->target, e->self);
    return R_UNDEF;
}

/* Mirror Herb keeps what it saw: stages in the low four bits, above them the place in the order of first sight. */
NATIVE(mirror_herb_sees)
{
    struct battle_active *on = c->on[e->holder];
    const unsigned opportunist = dex_ability(c->dex, "opportunist");
    unsigned seen = 0;
    if (e->cause == e->self || (opportunist && e->cause == (REF_ABILITY | opportunist)))
        return R_UNDEF;
    for (int i = 0; i < STAGES; i++)
        seen += on->herb[i] != 0;
    for (uint32_t order = sequence_of(c, e->cause); order; order >>= 4) {
        const int i = (int)(order & 15) - 1;
        if (i < 0 || e->stages[i] <= 0)
            continue;
        const unsigned place = on->herb[i] ? on->herb[i] >> 4 : seen++,
                       sum = (on->herb[i] & 15u) + (unsigned)e->stages[i];
        on->herb[i] = (uint8_t)(place << 4 | (sum < 12 ? sum : 12));
        on->item_n = 1;
    }
    return R_UNDEF;
}

NATIVE(mirror_herb)
{
    int8_t stages[STAGES];
    uint8_t *herb = c->on[e->target]->herb;
    uint32_t sequence = 0;
    for (int i = 0; i < STAGES; i++) {
        stages[i] = (int8_t)(herb[i] & 15);
        if (herb[i])
            sequence |= (uint32_t)(i + 1) << (4 * (herb[i] >> 4));
    }
    memset(herb, 0, STAGES);
    c->sequence = sequence;
    boost(c, e->target, stages, e->source, e->self, false, false);
    return R_UNDEF;
}

NATIVE(mirror_herb_forgets)
{
    memset(c->on[e->target]->herb, 0, STAGES);
    c->on[e->target]->item_n = 0;
    return R_UNDEF;
}

static bool lowered(const struct ctx *c, int t)
{
    for (int i = 0; i < STAGES; i++)
        if (c->on[t]->boosts[i] < 0)
            return true;
    return false;
}

NATIVE(white_herb)
{
    const int t = e->target;
    if (!lowered(c, t))
        return R_UNDEF;
    for (int i = 0; i < STAGES; i++)
        if (c->on[t]->boosts[i] < 0)
            c->on[t]->boosts[i] = 0;
    struct battle_event *line = say(c, LINE_CLEAR_NEGATIVE, t);
    if (line)
        line->marks = SAID_SILENT;
    return R_UNDEF;
}

NATIVE(ability_shield)
{
    const bool told = (e->cause & REF_CLASS) == REF_ABILITY && e->cause != (REF_ABILITY | A(trace));
    if (told && e->source != NOBODY)
        say1(c, LINE_ABILITY, e->source, e->cause);
    say1(c, LINE_BLOCK, e->target, SAY_ITEM_FULL | own_item(e));
    return R_NULL;
}

static const uint8_t mind_bonds[] = {VOL_ATTRACT, VOL_TAUNT, VOL_ENCORE, VOL_TORMENT, VOL_DISABLE, VOL_HEAL_BLOCK};

NATIVE(mental_herb)
{
    const int t = e->target;
    const bool attracted = has(c, t, VOL_ATTRACT);
    for (size_t i = 0; i < sizeof mind_bonds; i++) {
        remove_volatile(c, t, (enum battle_volatile)mind_bonds[i]);
        if (i == 0 && attracted)
            say_from(c, LINE_END, t, SAY_COND_FULL | (REF_VOL(VOL_ATTRACT) & REF_NUMBER), e->self, NOBODY);
    }
    return R_UNDEF;
}

NATIVE(booster_energy)
{
    const int t = e->target;
    if (!c->on[t]->item_n || has(c, t, VOL_TRANSFORMED))
        return R_UNDEF;
    if (has_ability(c, t, A(protosynthesis)) && weather_now(c) != WEATHER_SUN && use_item(c, t, t, e->self))
        add_volatile(c, t, VOL_PROTOSYNTHESIS, t, e->self);
    if (has_ability(c, t, A(quarkdrive)) && c->b->terrain != TERRAIN_ELECTRIC && use_item(c, t, t, e->self))
        add_volatile(c, t, VOL_QUARK_DRIVE, t, e->self);
    return R_UNDEF;
}

NATIVE(booster_starts)
{
    c->on[e->target]->item_n = 1;
    return booster_energy(c, e);
}

NATIVE(paradox_keeps)
{
    return c->dex->species[c->mon[e->target]->species].paradox ? R_FALSE : R_UNDEF;
}

const struct native natives_items_stages[] = {
    LISTED(adrenaline_orb), LISTED(mirror_herb_sees), LISTED(mirror_herb), LISTED(mirror_herb_forgets),
    LISTED(white_herb),     LISTED(ability_shield),   LISTED(mental_herb), LISTED(booster_energy),
    LISTED(booster_starts), LISTED(paradox_keeps),    {NULL, NULL}};
