/*
 * natives_abilities_formes.c - abilities about formes and looks.
 */
#include "natives_abilities.h"
#include "seen.h"

static void change_prey(struct ctx *c, const struct call *e, unsigned species)
{
    forme_change(c, e->holder, species, e->cause, false);
    if (c->log && c->log->count)
        c->log->events[c->log->count - 1].arg[1] = SAY_WORD | WORD_NONE; /* a field that is empty */
}

static void take_prey(struct ctx *c, const struct call *e)
{
    change_prey(c, e, low(c, e->holder) ? S(cramorantgorging) : S(cramorantgulping));
}

NATIVE(gulp_surf)
{
    if (S(cramorant) && e->a->number == M(surf) && c->on[e->holder]->species == S(cramorant))
        take_prey(c, e);
    return R_UNDEF;
}

NATIVE(gulp_dive)
{
    if (S(cramorant) && c->on[e->holder]->species == S(cramorant) && !has(c, e->holder, VOL_TRANSFORMED))
        take_prey(c, e);
    return R_UNDEF;
}

NATIVE(gulp_missile)
{
    static const int8_t less[STAGES] = {[STAT_DEF] = -1};
    const int t = e->holder, foe = e->source;
    const unsigned now = c->on[t]->species;
    if (foe == BENCHED || !alive(c, foe) || semi_invulnerable(c, t) || !S(cramorant) ||
        (now != S(cramorantgulping) && now != S(cramorantgorging)))
        return R_UNDEF;
    hurt_part(c, foe, 4, t, e->self);
    if (now == S(cramorantgulping))
        boost(c, foe, less, t, e->self, true, false);
    else
        try_status(c, foe, STATUS_PAR, t, e->cause);
    change_prey(c, e, S(cramorant));
    return R_UNDEF;
}

static bool masked(const struct ctx *c, int t)
{
    const unsigned now = c->on[t]->species;
    return now && (now == S(mimikyu) || now == S(mimikyutotem));
}

NATIVE(disguise_busts)
{
    const int t = e->target;
    if (!masked(c, t) || !c->on[t]->ability_n)
        return R_UNDEF;
    const unsigned busted = c->on[t]->species == S(mimikyu) ? S(mimikyubusted) : S(mimikyubustedtotem);
    forme_change(c, t, busted, e->self, true);
    hurt_part(c, t, 8, t, (ref)(SAY_SPECIES | busted));
    return R_UNDEF;
}

/* It looks like the last of its team. */
NATIVE(illusion)
{
    const int t = e->target;
    const struct battle_side *s = &c->b->sides[t];
    c->on[t]->illusion = 0xff;
    for (int i = s->size - 1; i > 0; i--) {
        const struct battle_mon *m = &s->party[s->standing[i]];
        const unsigned base = c->dex->species[m->species].base_species;
        if (!m->hp)
            continue;
        if (!(c->mon[t]->flags & MON_TERASTALLIZED) || !base || (base != S(ogerpon) && base != S(terapagos)))
            c->on[t]->illusion = s->standing[i];
        break;
    }
    return R_UNDEF;
}

NATIVE(illusion_ends)
{
    const int t = e->holder;
    if (c->on[t]->illusion == 0xff || c->on[t]->flags & ON_LEAVING)
        return R_UNDEF;
    c->on[t]->illusion = 0xff;
    seen_unmask(c, t);
    struct battle_event *line = say1(c, LINE_REPLACE, t, SAY_SPECIES | plain_looks(c->dex, c->mon[t]->species));
    if (line)
        line->arg[2] = c->mon[t]->level;
    say1(c, LINE_END, t, e->self);
    return R_UNDEF;
}

NATIVE(illusion_broken)
{
    return illusion_ends(c, e);
}

NATIVE(illusion_faints)
{
    c->on[e->holder]->illusion = 0xff;
    return R_UNDEF;
}

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

const struct native natives_abilities_formes[] = {
    LISTED(gulp_surf), LISTED(gulp_dive),     LISTED(gulp_missile),    LISTED(disguise_busts),
    LISTED(illusion),  LISTED(illusion_ends), LISTED(illusion_broken), LISTED(illusion_faints),
    LISTED(schools),   LISTED(shields_down),  LISTED(hero_leaves),     {NULL, NULL}};
