/*
 * tera.c - Terastallization.
 */
#include "queue.h"

bool may_tera(const struct ctx *c, int t)
{
    const unsigned base = species_now(c, t)->base_species;
    if (c->mon[t]->flags & (MON_TERASTALLIZED | MON_MAY_MEGA) || c->dex->items[c->mon[t]->item].z_move ||
        c->dex->species[c->mon[t]->species].forme != FORME_USUAL)
        return false;
    const bool masked = (base == S(ogerpon) || base == S(terapagos)) && base;
    return !(masked && has(c, t, VOL_TRANSFORMED));
}

/* The ability that comes back when it falls: kept where the Stellar type would count, which these cannot use.  One
 * that has changed its forme before (Terapagos) began with that of its first.  Formes of items do not terastallize. */
void keep_ability(const struct ctx *c, struct battle_mon *m)
{
    const unsigned ability =
        m->species == m->first_species ? m->ability : c->dex->species[m->first_species].abilities[0];
    m->stellar_used[0] = (uint8_t)ability;
    m->stellar_used[1] = (uint8_t)(ability >> 8);
    m->flags |= MON_REGRESS;
}

/* It fell: its first forme comes back, with its ability. */
void regress(const struct ctx *c, struct battle_mon *m)
{
    const unsigned base = c->dex->species[m->first_species].base_species;
    const bool kept =
        c->dex->species[m->species].forme != FORME_USUAL || (base && (base == S(ogerpon) || base == S(terapagos)));
    m->species = m->first_species;
    if (!kept) /* the others are not asked for theirs again */
        return;
    const unsigned ability = m->stellar_used[0] | (unsigned)m->stellar_used[1] << 8;
    m->ability = (uint16_t)(ability <= c->dex->abilities_n ? ability : 0);
}

/* Formes that come with it. */
static void tera_forme(struct ctx *c, int t)
{
    static const struct {
        uint8_t from, to;
    } formes[] = {{S_ogerpon, S_ogerpontealtera},
                  {S_ogerponwellspring, S_ogerponwellspringtera},
                  {S_ogerponhearthflame, S_ogerponhearthflametera},
                  {S_ogerponcornerstone, S_ogerponcornerstonetera},
                  {S_terapagosterastal, S_terapagosstellar}};
    for (size_t i = 0; i < sizeof formes / sizeof *formes; i++) {
        const unsigned from = c->rules->species_known[formes[i].from], to = c->rules->species_known[formes[i].to];
        if (from && to && c->on[t]->species == from) {
            keep_ability(c, c->mon[t]);
            forme_change(c, t, to, REF_NONE, true);
            return;
        }
    }
}

/* Looks that change with it themselves are given up first. */
static void drop_looks(struct ctx *c, int t)
{
    const unsigned slot = c->on[t]->illusion;
    if (slot == 0xff)
        return;
    const unsigned base = c->dex->species[c->b->sides[t].party[slot].species].base_species;
    if (base && (base == S(ogerpon) || base == S(terapagos)))
        single(c, EV_end, &c->rules->abilities[A(illusion)], t, t, NOBODY, REF_NONE, NULL, R_TRUE);
}

void terastallize(struct ctx *c, int t)
{
    struct battle_mon *m = c->mon[t];
    if (c->b->sides[t].once & ONCE_TERA || m->flags & MON_FAINT_TOLD)
        return;
    drop_looks(c, t);
    say1(c, LINE_TERA, t, SAY_TYPES | m->tera);
    m->flags |= MON_TERASTALLIZED;
    c->b->sides[t].once |= ONCE_TERA;
    c->on[t]->type_added = 0;
    show_tera_type(c, t);
    changed(c, t);
    tera_forme(c, t);
    if (S(morpeko) && c->on[t]->species == S(morpekohangry) && !has(c, t, VOL_TRANSFORMED)) {
        m->species = S(morpekohangry);
        m->flags |= MON_REGRESS;
    }
    event(c, EV_after_tera, t, NOBODY, REF_NONE, NULL);
}
