/*
 * calc.c - damage of constructed situations: for calculators, for agents that know a view only, for the tests
 * that hold the engine against an independent calculator.
 *
 * The situation is laid out as a battle of two and goes through the engine's own pipeline, so there is no second
 * formula that could differ.
 */
#include "engine.h"

void battle_fighter_from_set(const struct dex *dex, const struct battle_set *set, struct battle_fighter *out)
{
    uint16_t stats[6];
    battle_stats(dex, set, stats);
    memset(out, 0, sizeof *out);
    out->species = set->species;
    out->hp = out->hp_max = stats[0];
    memcpy(out->stats, stats + 1, sizeof out->stats);
    out->ability = set->ability;
    out->item = set->item;
    out->gender = set->gender;
    out->level = set->level;
}

static void put_fighter(const struct dex *dex, struct battle_side *s, const struct battle_fighter *f)
{
    struct battle_mon *m = &s->party[0];
    const struct dex_species *sp = &dex->species[f->species];
    s->size = 1;
    m->species = m->first_species = f->species;
    m->hp = f->hp;
    m->hp_max = f->hp_max;
    m->level = f->level;
    m->status = f->status;
    m->ability = f->ability;
    m->item = f->item;
    m->gender = f->gender;
    m->tera = f->tera;
    m->flags = f->tera ? MON_TERASTALLIZED : 0;
    s->on.species = f->species;
    s->on.ability = f->ability;
    s->on.weight = sp->weight;
    s->on.illusion = 0xff;
    s->on.active_turns = 1;
    memcpy(s->on.types, sp->types, 2);
    memcpy(s->on.stats, f->stats, sizeof s->on.stats);
    memcpy(s->on.boosts, f->boosts, sizeof s->on.boosts);
    /* it has been there for a while: the foe is too nervous to eat (Unnerve) */
    s->on.ability_n = has_event(dex->rules->abilities[f->ability].hears[HEARS_OTHER], EV_try_eat_item);
    memcpy(s->turns, f->side, SIDE_HAZARDS); /* what lies on the ground does not matter here */
}

static bool nothing_comes_of_it(struct ctx *c, struct attack *a)
{
    if (a->category == MOVE_STATUS || !type_immunity(c, 1, a, false) ||
        !going(move_single(c, EV_try_immunity, a, 1, 0, R_TRUE)))
        return true;
    return flagged(a, MF_OHKO) && c->mon[0]->level < c->mon[1]->level;
}

static void set_scene(struct battle *b, const struct battle_scene *scene)
{
    if (!scene)
        return;
    b->weather = scene->weather;
    b->terrain = scene->terrain;
    memcpy(b->rooms, scene->rooms, sizeof b->rooms);
}

static int damage_by(const struct dex *dex, const struct battle_scene *scene, const struct battle_fighter *attacker,
                     const struct battle_fighter *target, uint16_t move, bool crit, int off, int hit)
{
    struct battle b;
    struct ctx c;
    struct attack a;
    memset(&b, 0, sizeof b);
    b.turn = 1;
    b.data = dex->fingerprint;
    b.contents = dex->contents;
    set_scene(&b, scene);
    put_fighter(dex, &b.sides[0], attacker);
    put_fighter(dex, &b.sides[1], target);
    ctx_begin(&c, &b, dex, NULL);
    update_speeds(&c);
    attack_init(&c, &a, move, 0);
    a.target = 1;
    a.hit = (uint8_t)hit;
    a.sure_crit |= crit;
    a.no_crit = true;
    c.attack = &a;
    c.active_user = 0;
    c.active_target = 1;
    c.fixed_roll = (uint8_t)(off + 1);
    move_single(&c, EV_modify_type, &a, 0, 1, R_TRUE);
    move_single(&c, EV_modify_move, &a, 0, 1, R_TRUE);
    event(&c, EV_modify_type, 0, 1, (ref)(REF_MOVE | move), &a);
    event(&c, EV_modify_move, 0, 1, (ref)(REF_MOVE | move), &a);
    if (nothing_comes_of_it(&c, &a))
        return 0;
    int d = get_damage(&c, &a, 1, true);
    return d > 0 ? d : 0;
}

int battle_damage_in(const struct dex *dex, const struct battle_scene *scene, const struct battle_fighter *attacker,
                     const struct battle_fighter *target, uint16_t move, bool crit, int roll)
{
    return damage_by(dex, scene, attacker, target, move, crit, 15 - roll, 1);
}

int battle_damage(const struct dex *dex, const struct battle_fighter *attacker, const struct battle_fighter *target,
                  uint16_t move, bool crit, int roll)
{
    return damage_by(dex, NULL, attacker, target, move, crit, 15 - roll, 1);
}

/* -------------------------------------------------------------------------------------- from what is seen --- */

static bool fighter_from_view(const struct dex *dex, const struct battle_view_side *s, int slot,
                              struct battle_fighter *f)
{
    const struct battle_view_mon *m = &s->party[slot];
    if (!m->known || !m->species)
        return false;
    struct battle_set set = battle_set_default(m->species);
    set.level = m->level;
    battle_fighter_from_set(dex, &set, f);
    if (m->exact) {
        memcpy(f->stats, m->stats, sizeof f->stats);
        f->hp = m->hp;
        f->hp_max = m->hp_max;
    } else {
        f->hp = (uint16_t)((unsigned)f->hp_max * m->hp / 100);
        if (!f->hp && !m->fainted)
            f->hp = 1;
    }
    f->status = m->status;
    f->ability = m->ability;
    f->item = m->item;
    f->gender = m->gender;
    f->tera = m->terastallized ? m->tera : 0;
    if (s->active == slot)
        memcpy(f->boosts, s->boosts, sizeof f->boosts);
    return true;
}

/* Hits in tenths: 2 to 5 hits are 3.1 on average. */
static unsigned mean_hits(const struct dex_move *m)
{
    return m->hits[0] == m->hits[1]             ? m->hits[0] * 10u
           : m->hits[0] == 2 && m->hits[1] == 5 ? 31
                                                : 5u * (m->hits[0] + m->hits[1]);
}

int battle_expected_damage(const struct dex *dex, const struct battle_view *view, int side, int slot, int foe_slot,
                           uint16_t move)
{
    struct battle_fighter user, foe;
    if (!move || move > dex->moves_n || !fighter_from_view(dex, &view->sides[side], slot, &user) ||
        !fighter_from_view(dex, &view->sides[!side], foe_slot, &foe))
        return 0;
    memcpy(foe.side, view->sides[!side].conditions, SIDE_CONDITIONS);
    memset(foe.side + SIDE_HAZARDS, 0, SIDE_CONDITIONS - SIDE_HAZARDS);
    struct battle_scene scene = {view->weather, view->terrain, {0}};
    memcpy(scene.rooms, view->rooms, sizeof scene.rooms);
    const struct dex_move *m = &dex->moves[move];
    /* the second hit stands for all: it is the middle one of Triple Axel, and no other move tells hits apart */
    const int hit = m->hits[1] > 1 ? 2 : 1;
    uint64_t d = (uint64_t)damage_by(dex, &scene, &user, &foe, move, false, 8, hit) +
                 (uint64_t)damage_by(dex, &scene, &user, &foe, move, false, 7, hit);
    return (int)(d * mean_hits(m) * 50 / foe.hp_max);
}
