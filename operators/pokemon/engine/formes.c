/*
 * formes.c - a Pokémon on the field becomes what it is: its species, another forme, somebody else's looks.
 */
#include "seen.h"

static void stats_of_mon(const struct dex *dex, const struct battle_mon *m, unsigned species, uint16_t out[6])
{
    stats_of(&dex->species[species], m->level, m->nature, m->ivs, m->evs, out);
}

void set_species(struct ctx *c, int t, unsigned species)
{
    struct battle_active *on = c->on[t];
    const struct dex_species *s = &c->dex->species[species];
    uint16_t stats[6];
    stats_of_mon(c->dex, c->mon[t], species, stats);
    on->species = (uint16_t)species;
    memcpy(on->types, s->types, 2);
    forget(c, t, TOLD_TYPES);
    memcpy(on->types_shown, s->types, 2);
    on->type_added = 0;
    on->weight = s->weight;
    memcpy(on->stats, stats + 1, sizeof on->stats);
    c->speed[t] = on->stats[STAT_SPE];
    changed(c, t);
}

/* The log has a terastallized one's Tera type for its type: who takes its looks seems to be of it at first. */
void show_tera_type(struct ctx *c, int t)
{
    if (!terastallized(c, t))
        return;
    c->on[t]->types_shown[0] = c->mon[t]->tera;
    c->on[t]->types_shown[1] = TYPE_NONE;
}

/* A forme for good may have another number of HP (Zygarde, Terapagos). */
static void update_hp_max(struct ctx *c, int t)
{
    struct battle_mon *m = c->mon[t];
    uint16_t stats[6];
    stats_of_mon(c->dex, m, c->on[t]->species, stats);
    if (stats[0] == m->hp_max)
        return;
    int hp = m->hp ? stats[0] - (m->hp_max - m->hp) : 0;
    if (m->hp)
        m->hp = (uint16_t)(hp > 1 ? hp : 1);
    m->hp_max = stats[0];
    if (m->hp)
        say_hp(c, LINE_HEAL, t, REF_NONE, NOBODY, SAID_SILENT);
}

static void say_new_details(struct ctx *c, enum battle_line kind, int t, unsigned species)
{
    const unsigned looks = c->on[t]->illusion;
    const struct battle_mon *shown = looks != 0xff ? &c->b->sides[t].party[looks] : c->mon[t];
    struct battle_event *e = say1(c, kind, t, SAY_SPECIES | (looks != 0xff ? shown->species : species));
    if (!e)
        return;
    e->arg[1] = terastallized(c, t) ? c->mon[t]->tera : 0;
    e->arg[2] = shown->level;
}

/* from: an ability, the freeze or nothing; behind the first two of them stands a field that is empty. */
static void say_forme(struct ctx *c, int t, unsigned species, ref from)
{
    const bool frozen = from == REF_STATUS(STATUS_FRZ);
    struct battle_event *e = say_from(c, LINE_FORME, t, SAY_SPECIES | species, frozen ? REF_NONE : from, NOBODY);
    if (e && from)
        e->arg[1] = SAY_WORD | WORD_NONE;
}

void forme_change(struct ctx *c, int t, unsigned species, ref from, bool for_good)
{
    set_species(c, t, species);
    show_tera_type(c, t);
    if (!for_good) {
        say_forme(c, t, species, (from & REF_CLASS) == REF_ABILITY ? from : REF_NONE);
        return;
    }
    struct battle_mon *m = c->mon[t];
    m->species = (uint16_t)species;
    say_new_details(c, LINE_DETAILS, t, species);
    update_hp_max(c, t);
    if ((from & REF_CLASS) == REF_ITEM)
        say_item_forme(c, t, species, from & REF_NUMBER);
    if (from == REF_STATUS(STATUS_FRZ)) /* which lasts beyond its life */
        say_forme(c, t, species, from);
    else if ((from & REF_CLASS) != REF_ABILITY)
        m->flags |= MON_REGRESS;
    const bool mask = from == (REF_ABILITY | A(disguise)) || from == (REF_ABILITY | A(iceface));
    if (mask)
        return;
    unsigned ability = c->dex->species[species].abilities[0];
    if (from && c->on[t]->illusion != 0xff)
        c->on[t]->ability = 0; /* it keeps the looks that it has */
    if (from || !(ability_marks(c, t) & DEX_BIT(MARK_CANT_SUPPRESS)))
        set_ability(c, t, ability, NOBODY, REF_NONE, true, false);
    m->ability = (uint16_t)ability;
    seen_new_forme(c, t);
}

static void copy_moves(struct ctx *c, int t, int from)
{
    struct battle_active *on = c->on[t];
    on->virtual_moves = 0xf;
    on->used = 0;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        on->moves[i] = c->on[from]->moves[i];
        unsigned pp = move_row(c, on->moves[i])->base_pp;
        on->pp[i] = (uint8_t)(!on->moves[i] ? 0 : pp < 5 ? pp : 5);
    }
}

static void copy_focus(struct ctx *c, int t, int from)
{
    static const uint8_t kinds[3] = {VOL_DRAGON_CHEER, VOL_FOCUS_ENERGY, VOL_LASER_FOCUS};
    for (int i = 0; i < 3; i++)
        remove_volatile(c, t, (enum battle_volatile)kinds[i]);
    for (int i = 0; i < 3; i++)
        if (has(c, from, (enum battle_volatile)kinds[i]))
            add_volatile(c, t, (enum battle_volatile)kinds[i], t, REF_NONE);
}

bool transform(struct ctx *c, int t, int into, ref from)
{
    struct battle_active *on = c->on[t];
    const struct battle_active *model = c->on[into];
    const unsigned base = species_now(c, into)->base_species;
    const bool masked = (base == S(ogerpon) || base == S(terapagos)) && base;
    if (!alive(c, into) || on->illusion != 0xff || model->illusion != 0xff || has(c, into, VOL_SUBSTITUTE) ||
        has(c, into, VOL_TRANSFORMED) || has(c, t, VOL_TRANSFORMED) ||
        (masked && (c->mon[t]->flags | c->mon[into]->flags) & MON_TERASTALLIZED) ||
        (terastallized(c, t) && c->mon[t]->tera == TYPE_STELLAR))
        return false;
    set_species(c, t, model->species);
    on->volatiles[VOL_TRANSFORMED / 64] |= 1ull << (VOL_TRANSFORMED % 64);
    on->weight = model->weight;
    if (has(c, into, VOL_ROOST)) /* it will fly again */
        memcpy(on->types, model->types, 2);
    else
        keep_types(on->types, types_of(c, into, false, true));
    on->type_added = model->type_added;
    memcpy(on->types_shown, model->types_shown, 2);
    memcpy(on->stats, model->stats, sizeof on->stats);
    c->mon[t]->times_hit = c->mon[into]->times_hit;
    copy_moves(c, t, into);
    memcpy(on->boosts, model->boosts, STAGES);
    copy_focus(c, t, into);
    struct battle_event *e = say_from(c, LINE_TRANSFORM, t, SAY_WHO | who(c, into), from, NOBODY);
    if (e && (from & REF_CLASS) == REF_MOVE)
        e->from = REF_NONE;
    changed(c, t);
    set_ability(c, t, model->ability, t, REF_NONE, true, true);
    return true;
}
