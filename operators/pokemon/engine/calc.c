/*
 * calc.c - damage of constructed situations: for calculators, for agents that know a view only, for the tests
 * that hold the engine against an independent calculator.
 *
 * The situation is laid out as a battle of two and goes through the engine's own pipeline, so there is no second
 * formula that could differ.
 */
#include "internal.h"
#include "move.h"

void battle_fighter_from_set(const struct dex *dex, const struct battle_set *set, struct battle_fighter *out)
{
    uint16_t stats[6];
    battle_stats(dex, set, stats);
    memset(out, 0, sizeof *out);
    out->species = set->species;
    out->hp = out->hp_max = stats[0];
    memcpy(out->stats, stats + 1, sizeof out->stats);
    out->level = set->level;
}

static void put_fighter(struct battle_side *s, const struct battle_fighter *f)
{
    struct battle_mon *m = &s->party[0];
    s->size = 1;
    m->species = f->species;
    m->hp = f->hp;
    m->hp_max = f->hp_max;
    m->level = f->level;
    m->status = f->status;
    memcpy(m->stats, f->stats, sizeof m->stats);
    memcpy(s->on.boosts, f->boosts, sizeof s->on.boosts);
}

static bool nothing_comes_of_it(const struct ctx *c, const struct attack *a)
{
    const struct dex_move *m = a->move;
    if (m->category == MOVE_STATUS || immune_by_type(c, a) || immune_by_rule(c, a))
        return true;
    return m->flags & MF_OHKO && mon_of_const(c->b, 0)->level < mon_of_const(c->b, 1)->level;
}

int battle_damage(const struct dex *dex, const struct battle_fighter *attacker, const struct battle_fighter *target,
                  uint16_t move, bool crit, int roll)
{
    struct battle b = {.turn = 1};
    struct ctx c = {.b = &b, .dex = dex};
    struct attack a = {.move = &dex->moves[move],
                       .hit = 1,
                       .type = dex->moves[move].type,
                       .power = dex->moves[move].power,
                       .number = move};
    put_fighter(&b.sides[0], attacker);
    put_fighter(&b.sides[1], target);
    if (nothing_comes_of_it(&c, &a))
        return 0;
    int fixed = fixed_damage(&c, &a);
    if (fixed >= 0)
        return fixed;
    const struct hit h = attack_hit(&c, &a, crit || a.move->crit == 0xff);
    return (int)damage_of(&h, (uint32_t)roll);
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
    if (s->active == slot)
        memcpy(f->boosts, s->boosts, sizeof f->boosts);
    return true;
}

/* Hits in tenths: 2 to 5 hits are 3.1 on average. */
static unsigned mean_hits(const struct dex_move *m)
{
    return m->hits[0] == m->hits[1] ? m->hits[0] * 10u : 31;
}

int battle_expected_damage(const struct dex *dex, const struct battle_view *view, int side, int slot, int foe_slot,
                           uint16_t move)
{
    struct battle_fighter user, foe;
    if (!move || move > dex->struggle || !fighter_from_view(dex, &view->sides[side], slot, &user) ||
        !fighter_from_view(dex, &view->sides[!side], foe_slot, &foe))
        return 0;
    struct battle b = {.turn = 1, .weather = view->weather};
    struct ctx c = {.b = &b, .dex = dex};
    const struct dex_move *m = &dex->moves[move];
    /* the second hit stands for all: it is the middle one of Triple Axel, and no other move tells hits apart */
    struct attack a = {
        .move = m, .hit = m->op == OP_TRIPLE ? 2 : 1, .type = m->type, .power = m->power, .number = move};
    put_fighter(&b.sides[0], &user);
    put_fighter(&b.sides[1], &foe);
    memcpy(b.sides[1].conditions, view->sides[!side].conditions, SIDE_CONDITIONS);
    change_type(&c, &a);
    if (nothing_comes_of_it(&c, &a))
        return 0;
    int fixed = fixed_damage(&c, &a);
    uint64_t d = fixed > 0 ? (unsigned)fixed * 2u : 0;
    if (fixed < 0) {
        const struct hit h = attack_hit(&c, &a, m->crit == 0xff);
        d = damage_of(&h, 7) + damage_of(&h, 8);
    }
    return (int)(d * mean_hits(m) * 50 / foe.hp_max);
}
