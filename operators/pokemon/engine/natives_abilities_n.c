/*
 * natives_abilities_n.c - abilities n to z, what they do when their holder comes, stays and goes.
 */
#include "natives.h"

#define OWN (e->self & REF_NUMBER)

static bool in_play(const struct ctx *c, int t)
{
    return !(c->mon[t]->flags & MON_FAINT_TOLD);
}

/* ----------------------------------------------------------------------------------------- Neutralizing Gas --- */

static void end_ability(struct ctx *c, int t)
{
    const struct effect *fx = &c->rules->abilities[c->on[t]->ability];
    if (listens(fx, EV_end))
        single(c, EV_end, fx, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
}

/* Its end comes when the gas silences it; others only stop working. */
static bool ends_in_gas(const struct ctx *c, int t)
{
    const char *id = c->dex->abilities[c->on[t]->ability].id;
    return !strcmp(id, "desolateland") || !strcmp(id, "primordialsea") || !strcmp(id, "deltastream") ||
           (c->on[t]->illusion != 0xff && !strcmp(id, "illusion"));
}

NATIVE(gas_comes)
{
    say1(c, LINE_ABILITY, e->holder, e->self);
    c->on[e->holder]->flags &= (uint16_t)~ON_ABILITY_ENDING;
    changed(c, e->holder);
    for (int t = 0; t < 2; t++) {
        if (!in_play(c, t))
            continue;
        if (has_item(c, t, I(abilityshield)))
            say1(c, LINE_BLOCK, t, SAY_ITEM_FULL | I(abilityshield));
        else if (ends_in_gas(c, t))
            end_ability(c, t);
    }
    return R_UNDEF;
}

NATIVE(gas_goes)
{
    const int t = e->holder, foe = !t;
    if (has(c, t, VOL_TRANSFORMED) || (in_play(c, foe) && has_ability(c, foe, A(neutralizinggas))))
        return R_UNDEF;
    say1(c, LINE_END, t, SAY_ABILITY_FULL | OWN);
    if (on_flag(c, t, ON_ABILITY_ENDING))
        return R_UNDEF;
    c->on[t]->flags |= ON_ABILITY_ENDING;
    changed(c, t);
    if (in_play(c, foe) && !(ability_marks(c, foe) & DEX_BIT(MARK_CANT_SUPPRESS)) &&
        !has_item(c, foe, I(abilityshield)))
        ability_single(c, EV_start, foe, NOBODY);
    return R_UNDEF;
}

/* -------------------------------------------------------------------------------------------------- weather --- */

NATIVE(brings_sun) /* Orichalcum Pulse */
{
    if (worked(set_weather(c, WEATHER_SUN, e->holder, e->self))) {
        struct battle_event *line = say1(c, LINE_ACTIVATE, e->holder, SAY_ABILITY | OWN);
        if (line)
            line->extra = WORD_TAG_SOURCE;
    } else if (weather_now(c) == WEATHER_SUN) {
        say1(c, LINE_ACTIVATE, e->holder, SAY_ABILITY_FULL | OWN);
    }
    return R_UNDEF;
}

/* -------------------------------------------------------------------------------------------- the best stat --- */

NATIVE(rise_ends)
{
    const unsigned own = e->self == REF_VOL(VOL_QUARK_DRIVE) ? A(quarkdrive) : A(protosynthesis);
    say1(c, LINE_END, e->holder, SAY_ABILITY | own);
    return R_UNDEF;
}

/* -------------------------------------------------------------------------------------------------- formes --- */

static void forme(struct ctx *c, const struct call *e, unsigned species)
{
    if (species && c->on[e->holder]->species != species)
        forme_change(c, e->holder, species, e->self, false);
}

NATIVE(schools)
{
    const int t = e->holder;
    const struct battle_mon *m = c->mon[t];
    if (species_now(c, t)->base_species != S(wishiwashi) || !S(wishiwashi) || m->level < 20 ||
        has(c, t, VOL_TRANSFORMED) || !m->hp)
        return R_UNDEF;
    forme(c, e, m->hp * 4 > m->hp_max ? S(wishiwashischool) : S(wishiwashi));
    return R_UNDEF;
}

NATIVE(shields_down)
{
    const int t = e->holder;
    const struct battle_mon *m = c->mon[t];
    if (!S(minior) || c->dex->species[m->first_species].base_species != S(minior) || has(c, t, VOL_TRANSFORMED) ||
        !m->hp)
        return R_UNDEF;
    if (m->hp * 2 > m->hp_max)
        forme(c, e, S(miniormeteor));
    else if (c->on[t]->species == S(miniormeteor))
        forme(c, e, m->first_species);
    return R_UNDEF;
}

static bool is_palafin(const struct ctx *c, int t)
{
    return S(palafin) && c->dex->species[c->mon[t]->species].base_species == S(palafin);
}

NATIVE(hero_leaves)
{
    const int t = e->holder;
    if (!is_palafin(c, t) || c->on[t]->species == S(palafinhero))
        return R_UNDEF;
    forme_change(c, t, S(palafinhero), e->self, true);
    c->mon[t]->flags &= (uint16_t)~MON_ONCE;
    return R_UNDEF;
}

/* -------------------------------------------------------------------------------------------------- arrivals --- */

NATIVE(screens_fall) /* Screen Cleaner */
{
    static const uint8_t screens[3] = {SIDE_REFLECT, SIDE_LIGHT_SCREEN, SIDE_AURORA_VEIL};
    bool told = false;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 2; k++) {
            const int side = k ? !e->holder : e->holder;
            if (!c->b->sides[side].turns[screens[i]])
                continue;
            if (!told)
                say1(c, LINE_ACTIVATE, e->holder, SAY_ABILITY_FULL | OWN);
            told = true;
            end_side(c, side, screens[i]);
        }
    return R_UNDEF;
}

NATIVE(slow_passes)
{
    struct battle_active *on = c->on[e->holder];
    if (on->active_turns && on->ability_n && --on->ability_n == 0)
        say1(c, LINE_END, e->holder, SAY_ABILITY | OWN);
    return R_UNDEF;
}

NATIVE(syrup_smells) /* Supersweet Syrup */
{
    static const int8_t easier[STAGES] = {[STAT_EVA] = -1};
    const int t = e->holder, foe = !t;
    if (c->mon[t]->flags & MON_SYRUP_SHOWN)
        return R_UNDEF;
    c->mon[t]->flags |= MON_SYRUP_SHOWN;
    say1(c, LINE_ABILITY, t, e->self);
    if (!alive(c, foe))
        return R_UNDEF;
    if (has(c, foe, VOL_SUBSTITUTE))
        say(c, LINE_IMMUNE, foe);
    else
        boost(c, foe, easier, t, e->self, true, false);
    return R_UNDEF;
}

NATIVE(counts_fallen) /* Supreme Overlord */
{
    const unsigned n = c->b->sides[e->holder].fainted;
    if (!n)
        return R_UNDEF;
    c->on[e->holder]->ability_n = (uint8_t)(n < 5 ? n : 5);
    say1(c, LINE_ACTIVATE, e->holder, SAY_ABILITY_FULL | OWN);
    struct battle_event *line =
        say1(c, LINE_START, e->holder, SAY_WORD | (WORD_FALLEN1 + c->on[e->holder]->ability_n - 1u));
    if (line)
        line->marks = SAID_SILENT;
    return R_UNDEF;
}

NATIVE(forgets_fallen)
{
    const unsigned n = c->on[e->holder]->ability_n;
    struct battle_event *line = say1(c, LINE_END, e->holder, SAY_WORD | (n ? WORD_FALLEN1 + n - 1u : WORD_FALLEN_NONE));
    if (line)
        line->marks = SAID_SILENT;
    return R_UNDEF;
}

NATIVE(traces)
{
    const int t = e->holder, foe = !t;
    if (!c->on[t]->ability_n || !alive(c, foe) || !in_play(c, foe) || !c->on[foe]->ability ||
        ability_marks(c, foe) & DEX_BIT(MARK_NO_TRACE))
        return R_UNDEF;
    set_ability(c, t, c->on[foe]->ability, foe, e->self, false, false);
    return R_UNDEF;
}

NATIVE(trace_starts)
{
    const int t = e->holder, foe = !t;
    c->on[t]->ability_n = !(alive(c, foe) && !c->on[foe]->ability);
    if (has_item(c, t, I(abilityshield))) {
        say1(c, LINE_BLOCK, t, SAY_ITEM_FULL | I(abilityshield));
        c->on[t]->ability_n = 0;
    }
    return traces(c, e);
}

/* --------------------------------------------------------------------------------------------------- leaving --- */

NATIVE(cures_leaving) /* Natural Cure */
{
    const int t = e->holder;
    if (!c->mon[t]->status)
        return R_UNDEF;
    struct battle_event *line = say_from(c, LINE_CURE, t, REF_STATUS(c->mon[t]->status), e->self, NOBODY);
    if (line)
        line->marks = SAID_SILENT;
    clear_status(c, t);
    return R_UNDEF;
}

NATIVE(heals_leaving) /* Regenerator */
{
    struct battle_mon *m = c->mon[e->holder];
    const unsigned hp = m->hp + m->hp_max / 3u;
    if (m->hp)
        m->hp = (uint16_t)(hp < m->hp_max ? hp : m->hp_max);
    return R_UNDEF;
}

const struct native natives_abilities_n[] = {LISTED(gas_comes),     LISTED(gas_goes),      LISTED(brings_sun),
                                             LISTED(rise_ends),     LISTED(schools),       LISTED(shields_down),
                                             LISTED(hero_leaves),   LISTED(screens_fall),  LISTED(slow_passes),
                                             LISTED(syrup_smells),  LISTED(counts_fallen), LISTED(forgets_fallen),
                                             LISTED(traces),        LISTED(trace_starts),  LISTED(cures_leaving),
                                             LISTED(heals_leaving), {NULL, NULL}};
