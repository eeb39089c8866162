/*
 * natives_formes.c - formes that abilities and orbs bring, of species that generation 9 has not.
 */
#include "natives_abilities.h"

static bool kind_of(const struct ctx *c, int t, unsigned base)
{
    return base && c->dex->species[c->mon[t]->species].base_species == base && !has(c, t, VOL_TRANSFORMED);
}

/* The forme, and in its line a mark instead of an empty field. */
static void marked_forme(struct ctx *c, int t, unsigned species, ref from, unsigned word)
{
    forme_change(c, t, species, from, false);
    if (c->log)
        c->log->events[c->log->count - 1].arg[1] = (uint16_t)(SAY_WORD | word);
}

NATIVE(stance_changes)
{
    const int t = e->target;
    const bool shield = M(kingsshield) && e->a->number == M(kingsshield);
    const unsigned to = shield ? S(aegislash) : S(aegislashblade);
    if (!kind_of(c, t, S(aegislash)) || (e->a->category == MOVE_STATUS && !shield) || !to || c->on[t]->species == to)
        return R_UNDEF;
    forme_change(c, t, to, e->self, false);
    return R_UNDEF;
}

/* ------------------------------------------------------------------------------------------------ Zen Mode --- */

static unsigned zen_of(const struct ctx *c, unsigned species)
{
    return species == S(darmanitan) ? S(darmanitanzen) : species == S(darmanitangalar) ? S(darmanitangalarzen) : 0;
}

static unsigned usual_of(const struct ctx *c, unsigned species)
{
    return species == S(darmanitanzen) ? S(darmanitan) : species == S(darmanitangalarzen) ? S(darmanitangalar) : 0;
}

NATIVE(zen_mode)
{
    const int t = e->holder;
    const struct battle_mon *m = c->mon[t];
    const unsigned now = c->on[t]->species, zen = zen_of(c, now), usual = usual_of(c, now);
    if (!kind_of(c, t, S(darmanitan)) || !m->hp)
        return R_UNDEF;
    if (m->hp * 2 <= m->hp_max && zen) {
        c->on[t]->volatiles[VOL_ZEN_MODE / 64] |= 1ull << (VOL_ZEN_MODE % 64);
        marked_forme(c, t, zen, REF_NONE, WORD_NONE);
    } else if (m->hp * 2 > m->hp_max && usual) {
        drop_volatile(c, t, VOL_ZEN_MODE);
        marked_forme(c, t, usual, REF_NONE, WORD_NONE);
    }
    return R_UNDEF;
}

NATIVE(zen_ends)
{
    const int t = e->holder;
    const unsigned usual = usual_of(c, c->on[t]->species);
    if (!has(c, t, VOL_ZEN_MODE) || !c->mon[t]->hp)
        return R_UNDEF;
    drop_volatile(c, t, VOL_ZEN_MODE);
    if (usual)
        marked_forme(c, t, usual, e->self, WORD_TAG_SILENT);
    return R_UNDEF;
}

/* ------------------------------------------------------------------------------------------------- weather --- */

NATIVE(forecast)
{
    const int t = e->holder;
    static const uint8_t formes[WEATHERS] = {[WEATHER_NONE] = S_castform,
                                             [WEATHER_SUN] = S_castformsunny,
                                             [WEATHER_RAIN] = S_castformrainy,
                                             [WEATHER_SAND] = S_castform,
                                             [WEATHER_SNOW] = S_castformsnowy,
                                             [WEATHER_HARSH_SUN] = S_castformsunny,
                                             [WEATHER_HEAVY_RAIN] = S_castformrainy,
                                             [WEATHER_STRONG_WINDS] = S_castform,
                                             [WEATHER_HAIL] = S_castformsnowy};
    if (!kind_of(c, t, S(castform)))
        return R_UNDEF;
    const unsigned to = c->rules->species_known[formes[weather_for(c, t)]];
    if (to && c->on[t]->species != to)
        marked_forme(c, t, to, e->self, WORD_TAG_MSG);
    return R_UNDEF;
}

static bool sunny_for(struct ctx *c, int t)
{
    const int w = weather_for(c, t);
    return w == WEATHER_SUN || w == WEATHER_HARSH_SUN;
}

NATIVE(flower_opens)
{
    const int t = e->holder;
    if (!kind_of(c, t, S(cherrim)) || !c->mon[t]->hp)
        return R_UNDEF;
    const unsigned to = sunny_for(c, t) ? S(cherrimsunshine) : S(cherrim);
    if (to && c->on[t]->species != to)
        marked_forme(c, t, to, e->self, WORD_TAG_MSG);
    return R_UNDEF;
}

NATIVE(flower_gift)
{
    const int t = e->holder;
    const bool kind = S(cherrim) && c->dex->species[c->mon[t]->species].base_species == S(cherrim);
    return kind && sunny_for(c, t) ? chain(e, 6144) : R_UNDEF;
}

/* ------------------------------------------------------------------------------------------------- Zygarde --- */

NATIVE(power_constructs)
{
    const int t = e->holder;
    const struct battle_mon *m = c->mon[t];
    if (!kind_of(c, t, S(zygarde)) || !m->hp || !S(zygardecomplete) || c->on[t]->species == S(zygardecomplete) ||
        m->hp * 2 > m->hp_max)
        return R_UNDEF;
    activates(c, e);
    forme_change(c, t, S(zygardecomplete), e->self, true);
    c->mon[t]->flags |= MON_REGRESS;
    return R_UNDEF;
}

/* ------------------------------------------------------------------------------------------ Primal Reversion --- */

/* Kyogre and Groudon with their orbs. */
NATIVE(primal_reverts)
{
    const int t = e->holder;
    const struct battle_mon *m = c->mon[t];
    const struct dex_item *item = &c->dex->items[m->item];
    const unsigned to = m->species == S(kyogre) ? S(kyogreprimal) : S(groudonprimal);
    if (!c->dex->mega || !item->primal || !m->species || item->users[0] != m->species || !to ||
        has(c, t, VOL_TRANSFORMED))
        return R_UNDEF;
    keep_ability(c, c->mon[t]);
    forme_change(c, t, to, e->self, true);
    return R_UNDEF;
}

const struct native natives_formes[] = {LISTED(stance_changes),   LISTED(zen_mode),       LISTED(zen_ends),
                                        LISTED(forecast),         LISTED(flower_opens),   LISTED(flower_gift),
                                        LISTED(power_constructs), LISTED(primal_reverts), {NULL, NULL}};
