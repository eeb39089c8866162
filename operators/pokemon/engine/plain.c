/*
 * plain.c - the use of a move at its plainest: one hit that does damage, and nobody who has a say in it.
 *
 * A third of the moves of core rules, a tenth of those of generation 9 are like that: no rule of their own, nobody on
 * either side who listens to what happens on the way to the damage.  What use_move() does then comes to what is here: a
 * draw whether it hits, one whether it is critical, one for the roll, with the same numbers and lines in the same
 * order.
 */
#include "hit.h"
#include "ties.h"

/* ------------------------------------------------------------------------------------------- what is plain --- */

#define WORD(w, EVENTS_OF) (0 EVENTS_OF(OR_##w))
#define OR_0(name) | IN_WORD(EV_##name, 0)
#define OR_1(name) | IN_WORD(EV_##name, 1)
/* What is asked about the user, and what about the target, from the use to the damage. */
/* clang-format off */
#define OF_USER(X) \
    X(modify_type) X(modify_move) X(try_move) X(prepare_hit) X(modify_boost) X(modify_crit) X(base_power) X(modify_atk) \
    X(modify_def) X(modify_spa) X(modify_spd) X(modify_spe) X(weather_modify_damage) X(modify_stab) X(modify_damage) \
    X(after_move)
#define OF_TARGET(X) \
    X(deduct_pp) X(invulnerability) X(try_hit) X(try_immunity) X(modify_accuracy) X(modify_boost) X(accuracy) \
    X(try_primary_hit) X(negate_immunity) X(critical_hit) X(modify_atk) X(modify_def) X(modify_spa) X(modify_spd) \
    X(modify_spe) X(effectiveness) X(damage) X(hit)
/* clang-format on */
static const struct events of_user = {{WORD(0, OF_USER), WORD(1, OF_USER)}};
static const struct events of_target = {{WORD(0, OF_TARGET), WORD(1, OF_TARGET)}};

static bool any_of(struct events heard, struct events more, struct events asked)
{
    return ((heard.w[0] | more.w[0]) & asked.w[0]) | ((heard.w[1] | more.w[1]) & asked.w[1]);
}

static bool nobody_listens(const struct ctx *c, int t, int foe)
{
    return !c->dirty && !any_of(c->by_target[t], c->by_source[1 + foe], of_user) &&
           !any_of(c->by_target[foe], c->by_source[1 + t], of_target);
}

/* What looks at a kit or a forme without being an event. */
static bool is(unsigned known, unsigned one)
{
    return known && known == one;
}

static bool something_odd(const struct ctx *c, int t, int foe)
{
    return HAS_KITS && (is(I(blunderpolicy), c->mon[t]->item) || is(A(guts), c->on[t]->ability) ||
                        is(S(terapagosterastal), c->on[foe]->species));
}

enum { IMMUNE = -99 };

/* How well it does against the types of the foe, who is on the ground when that matters. */
static int plain_stages(const struct ctx *c, int foe, unsigned type)
{
    static const int8_t stages[5] = {IMMUNE, -1, 0, 0, 1};
    const uint8_t *types = c->on[foe]->types, *row = c->dex->chart[type];
    const int first = stages[row[types[0]]], second = types[1] ? stages[row[types[1]]] : 0;
    if (type == TYPE_GROUND)
        return (first == IMMUNE ? 0 : first) + (second == IMMUNE ? 0 : second);
    return first == IMMUNE || second == IMMUNE ? IMMUNE : first + second;
}

bool use_is_plain(struct ctx *c, const struct attack *a)
{
    const int t = a->user, foe = !t;
    return a->move->plain && !a->pranked && !draws_ties(c) && nobody_listens(c, t, foe) && alive(c, foe) &&
           plain_types(c, t) && plain_types(c, foe) && !c->b->rooms[ROOM_WONDER] && !something_odd(c, t, foe) &&
           (a->type != TYPE_GROUND || is_grounded(c, foe)) && plain_stages(c, foe, a->type) != IMMUNE;
}

/* ------------------------------------------------------------------------------------------------ the use --- */

static bool hits(struct ctx *c, const struct attack *a, int foe)
{
    if (!a->accuracy)
        return true;
    int stage = c->on[a->user]->boosts[STAT_ACC] - c->on[foe]->boosts[STAT_EVA];
    stage = stage > 6 ? 6 : stage < -6 ? -6 : stage;
    return drawn_hit(c, stage >= 0 ? a->accuracy * (3 + stage) / 3 : a->accuracy * 3 / (3 - stage));
}

/* Stages that are bad for the user count only without a critical hit. */
static uint32_t staged(const struct ctx *c, int t, unsigned stat, bool crit, int bad)
{
    const int stage = c->on[t]->boosts[stat];
    return (uint32_t)stat_staged(c->on[t]->stats[stat], crit && stage * bad > 0 ? 0 : stage);
}

static uint32_t plain_damage(struct ctx *c, struct attack *a, int foe)
{
    const int t = a->user, stages = plain_stages(c, foe, a->type);
    const struct battle_active *on = c->on[t];
    const bool physical = a->category == MOVE_PHYSICAL, crit = drawn_crit(c, 1 + a->crit);
    const unsigned offense = a->move->offense != 0xff ? a->move->offense : physical ? STAT_ATK : STAT_SPA;
    const unsigned defense = a->move->defense != 0xff ? a->move->defense : physical ? STAT_DEF : STAT_SPD;
    uint32_t attack = staged(c, t, offense, crit, -1), against = staged(c, foe, defense, crit, 1);
    uint32_t d = (2u * c->mon[t]->level / 5 + 2) * a->power * attack / (against ? against : 1) / 50 + 2;
    a->crit_now = crit;
    a->type_mod = (int8_t)stages;
    if (crit)
        d = d * 3 / 2;
    d = d * (100 - roll_damage(c)) / 100;
    if (on->types[0] == a->type || on->types[1] == a->type)
        d = modify(d, 6144);
    d = stages >= 0 ? d << stages : d >> -stages;
    if (stages)
        say(c, stages > 0 ? LINE_SUPER : LINE_RESIST, foe);
    if (crit)
        say(c, LINE_CRIT, foe);
    if (c->mon[t]->status == STATUS_BRN && physical)
        d = modify(d, 2048);
    d &= 0xffff;
    return d ? d : 1;
}

/* It is as hurt() has it. */
static int take(struct ctx *c, const struct attack *a, int foe, uint32_t damage)
{
    struct battle_mon *m = c->mon[foe];
    const unsigned n = damage < m->hp ? damage : m->hp;
    m->hp = (uint16_t)(m->hp - n);
    if (!m->hp)
        faint(c, foe, a->user, move_ref(a));
    c->on[foe]->flags |= ON_HURT;
    c->on[foe]->hurt_hp = m->hp;
    say_hp(c, LINE_DAMAGE, foe, REF_NONE, NOBODY, 0);
    drain(c, foe, (int)n, a->user, a);
    return (int)n;
}

bool use_plainly(struct ctx *c, struct attack *a)
{
    const int foe = !a->user;
    c->on[a->user]->last_type = a->type;
    if (!hits(c, a, foe)) {
        say_missed(c, a, foe);
        return false;
    }
    plain_hit_done(c, a, foe, take(c, a, foe, plain_damage(c, a, foe)));
    return true;
}
