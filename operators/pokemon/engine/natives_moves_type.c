/*
 * natives_moves_type.c - moves about types and formes.
 */
#include "natives_moves.h"

NATIVE(type_by_plate)
{
    fresh(c);
    const struct dex_item *item = &c->dex->items[c->mon[e->target]->item];
    if (!c->item_off[e->target] && item->plate && !item->z_move)
        e->a->type = item->plate;
    return R_UNDEF;
}

NATIVE(type_own) /* Revelation Dance */
{
    struct types all = types_of(c, e->target, true, false);
    e->a->type = !type_at(all, 0) && types_n(all) > 1 ? type_at(all, 1) : type_at(all, 0);
    return R_UNDEF;
}

NATIVE(type_tera)
{
    const struct battle_mon *m = c->mon[e->target];
    if (m->flags & MON_TERASTALLIZED)
        e->a->type = m->tera;
    return R_UNDEF;
}

static bool stronger_attack(struct ctx *c, int t)
{
    const struct battle_active *on = c->on[t];
    return stat_staged(on->stats[STAT_ATK], on->boosts[STAT_ATK]) >
           stat_staged(on->stats[STAT_SPA], on->boosts[STAT_SPA]);
}

NATIVE(tera_blast)
{
    static const struct dex_effect weaker = {
        .boosted = true, .to_user = true, .boosts = {[STAT_ATK] = -1, [STAT_SPA] = -1}};
    const struct battle_mon *m = c->mon[e->target];
    if (!(m->flags & MON_TERASTALLIZED))
        return R_UNDEF;
    if (stronger_attack(c, e->target))
        e->a->category = MOVE_PHYSICAL;
    if (m->tera == TYPE_STELLAR)
        e->a->self_now = &weaker;
    return R_UNDEF;
}

NATIVE(also_flying) /* Flying Press */
{
    static const int8_t stages[5] = {0, -1, 0, 0, 1};
    return e->value + stages[dex_effectiveness(c->dex, TYPE_FLYING, e->thing)];
}

void say_type(struct ctx *c, int t, unsigned types, ref from)
{
    struct battle_event *line = say2(c, LINE_START, t, SAY_WORD | WORD_TYPECHANGE, SAY_TYPES | types);
    if (line)
        line->from = from;
}

static bool only_type(const struct ctx *c, int t, int type)
{
    struct types all = types_of(c, t, true, false);
    return types_n(all) == 1 && type_at(all, 0) == type;
}

NATIVE(soak)
{
    if (only_type(c, e->target, TYPE_WATER) || !set_type(c, e->target, TYPE_WATER, 0)) {
        say(c, LINE_FAIL, e->target);
        return R_NULL;
    }
    say_type(c, e->target, TYPE_WATER, REF_NONE);
    return R_UNDEF;
}

NATIVE(magic_powder)
{
    if (only_type(c, e->target, TYPE_PSYCHIC) || !set_type(c, e->target, TYPE_PSYCHIC, 0))
        return R_FALSE;
    say_type(c, e->target, TYPE_PSYCHIC, REF_NONE);
    return R_UNDEF;
}

NATIVE(conversion)
{
    const int type = move_row(c, slot_move(c, e->target, 0))->type;
    if (has_type(c, e->target, type) || !set_type(c, e->target, type, 0))
        return R_FALSE;
    say_type(c, e->target, (unsigned)type, REF_NONE);
    return R_UNDEF;
}

NATIVE(conversion2)
{
    const int last = c->on[e->target]->last_type;
    uint8_t list[TYPES];
    uint32_t n = 0;
    if (!last)
        return R_FALSE;
    /* in the order in which the reference names types */
    for (int type = 1; type < TYPE_STELLAR; type++) {
        const int effect = dex_effectiveness(c->dex, last, type);
        if (!has_type(c, e->source, type) && effect < 2)
            list[n++] = (uint8_t)type;
    }
    if (!n)
        return R_FALSE;
    const int type = list[draw(c, 0, n, DRAW_MOVE)];
    if (!set_type(c, e->source, type, 0))
        return R_FALSE;
    say_type(c, e->source, (unsigned)type, REF_NONE);
    return R_UNDEF;
}

NATIVE(reflect_type)
{
    const struct dex_species *s = species_now(c, e->source);
    const struct types all = types_of(c, e->target, false, false);
    uint8_t real[2] = {0}, n = 0;
    for (int i = 0; i < types_n(all); i++)
        if (type_at(all, i))
            real[n++] = type_at(all, i);
    if (s->number == 493 || s->number == 773 || c->mon[e->source]->flags & MON_TERASTALLIZED)
        return R_FALSE;
    if (!n && !c->on[e->target]->type_added)
        return R_FALSE;
    struct battle_event *line = say1(c, LINE_START, e->source, SAY_WORD | WORD_TYPECHANGE);
    if (line) {
        line->from = OWN_REF;
        line->of = who(c, e->target);
    }
    uint8_t shown[2];
    memcpy(shown, c->on[e->source]->types_shown, 2);
    set_type(c, e->source, n ? real[0] : TYPE_NORMAL, real[1]);
    memcpy(c->on[e->source]->types_shown, shown, 2); /* told when the turn ends */
    c->on[e->source]->type_added = c->on[e->target]->type_added;
    return R_UNDEF;
}

static int needs_kind(struct ctx *c, struct call *e, bool good)
{
    if (good)
        return R_UNDEF;
    say_mark(c, SAID_STILL);
    say1(c, LINE_FAIL, e->target, SAY_MOVE_FULL | e->a->number);
    return R_NULL;
}

NATIVE(needs_unbound)
{
    const bool unbound = S(hoopaunbound) && c->on[e->target]->species == S(hoopaunbound);
    const int r = needs_kind(c, e, unbound);
    if (c->log && !unbound && c->on[e->target]->species == S(hoopa))
        c->log->events[c->log->count - 1].extra = WORD_TAG_FORME;
    return r;
}

NATIVE(relic_song)
{
    const int t = e->target;
    if (!S(meloetta) || c->dex->species[c->mon[t]->species].base_species != S(meloetta) || has(c, t, VOL_TRANSFORMED))
        return R_UNDEF;
    const unsigned to = c->on[t]->species == S(meloettapirouette) ? S(meloetta) : S(meloettapirouette);
    forme_change(c, t, to, OWN_REF, false);
    if (c->log)
        c->log->events[c->log->count - 1].extra = WORD_TAG_MSG;
    return R_UNDEF;
}

NATIVE(anim_type) /* Tera Blast, Ivy Cudgel: what is seen */
{
    if (strcmp(e->a->move->id, "terablast") ? e->a->type != TYPE_GRASS
                                            : (c->mon[e->source]->flags & MON_TERASTALLIZED) != 0)
        say_animation(c, SAY_TYPES | (strcmp(e->a->move->id, "terablast") ? e->a->type : c->mon[e->source]->tera));
    return R_UNDEF;
}

const struct native natives_moves_type[] = {
    LISTED(type_by_plate), LISTED(type_own),     LISTED(type_tera),  LISTED(tera_blast),  LISTED(also_flying),
    LISTED(soak),          LISTED(magic_powder), LISTED(conversion), LISTED(conversion2), LISTED(reflect_type),
    LISTED(needs_unbound), LISTED(relic_song),   LISTED(anim_type),  {NULL, NULL}};
