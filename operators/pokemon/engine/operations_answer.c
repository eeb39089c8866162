/*
 * operations_answer.c - what sentences answer: numbers, results, and moves that stop or go on.
 */
#include "program.h"

/* Stages that the holder keeps: those of the list that would fall. */
static int keep_stages(struct ctx *c, struct call *e, const int8_t *only)
{
    bool kept = false;
    if (e->source == e->target && e->source != NOBODY)
        return R_UNDEF;
    for (int i = 0; i < STAGES; i++)
        if (e->stages && e->stages[i] < 0 && (!only || only[i]) && e->thing >> i & 1) {
            e->stages[i] = 0;
            e->thing &= (uint16_t) ~(1u << i);
            kept = true;
        }
    if (kept && !has_secondaries(c, e->cause) && e->cause != REF_VOL(VOL_OCTOLOCK)) {
        const bool item = (e->self & REF_CLASS) == REF_ITEM;
        struct battle_event *line = only && !item ? say2(c, LINE_FAIL, e->holder, SAY_WORD | WORD_UNBOOST, 0)
                                                  : say1(c, LINE_FAIL, e->holder, SAY_WORD | WORD_UNBOOST);
        reveal(c, e->holder, item ? MON_ITEM_KNOWN : MON_ABILITY_KNOWN);
        if (line) {
            if (only && !item)
                for (int i = 0; i < STAGES; i++)
                    if (only[i])
                        line->arg[1] = (uint16_t)(SAY_WORD | (i == STAT_ATK   ? WORD_ATK
                                                              : i == STAT_DEF ? WORD_DEF
                                                                              : WORD_ACCURACY));
            line->from = e->self;
            line->of = who(c, e->holder);
        }
    }
    return R_UNDEF;
}

/* A status does not come; a move that is for nothing else is told so. */
static int refuse_status(struct ctx *c, struct call *e)
{
    const bool move = is_move_ref(e->cause) && move_row(c, e->cause & REF_NUMBER)->hit.status;
    if (move || e->cause == REF_OF_WORD(WORD_SYNCHRONIZE))
        say_from(c, LINE_IMMUNE, e->target, 0, e->self, NOBODY);
    return R_FALSE;
}

/* Intimidate does not lower it. */
static int keep_attack(struct ctx *c, struct call *e)
{
    if (!e->stages || !(e->thing >> STAT_ATK & 1) || !e->stages[STAT_ATK])
        return R_UNDEF;
    e->stages[STAT_ATK] = 0;
    e->thing &= (uint16_t) ~(1u << STAT_ATK);
    struct battle_event *line = say2(c, LINE_FAIL, e->target, SAY_WORD | WORD_UNBOOST, SAY_WORD | WORD_ATK);
    reveal(c, e->target, MON_ABILITY_KNOWN);
    if (line) {
        line->from = e->self;
        line->of = who(c, e->target);
    }
    return R_UNDEF;
}

/* The move does nothing but good. */
static int absorbed(struct ctx *c, struct call *e, int done)
{
    if (!worked(done))
        say_from(c, LINE_IMMUNE, e->target, 0, e->self, NOBODY);
    return R_NULL;
}

/* Numbers of events are not below 0, where results lie (R_FALSE and so on), and not so high that sums overflow. */
static int number(int64_t n)
{
    enum { MOST = 1 << 20 };
    return n < 0 ? 0 : n > MOST ? MOST : (int)n;
}

static int at_least_one(int64_t n)
{
    return number(n < 1 ? 1 : n);
}

/* The list's number for how often the other's goes into one's own. */
static int by_ratio(struct ctx *c, const struct call *e, const uint16_t *arg)
{
    const int own = quantity(c, e, arg[0], who_is(c, e, arg[1])), other = quantity(c, e, arg[0], who_is(c, e, arg[2]));
    const int ratio = other ? own / other : 0;
    return number((int16_t)arg[3 + (ratio < VOCAB_LIST ? ratio : VOCAB_LIST - 1)]);
}

/* The most, times the share of HP that is left, in 4096ths and rounded half down. */
static int by_hp_left(const struct ctx *c, int t, int64_t most)
{
    if (t == NOBODY)
        return number(most);
    const struct battle_mon *m = c->mon[t];
    return at_least_one((most * (100 * (m->hp * 4096 / m->hp_max)) + 2047) / 4096 / 100);
}

/* Numbers that do not depend on what there was. */
static int number_set(struct ctx *c, const struct call *e, unsigned v, const uint16_t *arg)
{
    switch (v) {
    case VO_SET: return number((int16_t)arg[0]);
    case VO_SET_PER: return number((int64_t)(int16_t)arg[0] * quantity(c, e, arg[1], who_is(c, e, arg[2])));
    case VO_SET_PART: return at_least_one((int64_t)quantity(c, e, arg[2], who_is(c, e, arg[3])) * arg[0] / arg[1]);
    case VO_SET_BY: return by_ratio(c, e, arg);
    case VO_SET_SHARE: return by_hp_left(c, who_is(c, e, arg[1]), (int16_t)arg[0]);
    case VO_EFFECTIVENESS: return number(64 + (int16_t)arg[0]); /* as typing.c has it */
    default: return number(c->mon[e->target]->hp - 1);
    }
}

/* Numbers made of the one there is; an event that has none is left alone. */
static int number_changed(struct ctx *c, const struct call *e, unsigned v, const uint16_t *arg)
{
    const int64_t now = e->value;
    const int t = v == VO_MULTIPLY_HP ? who_is(c, e, arg[0]) : NOBODY;
    if (now < 0)
        return R_UNDEF;
    switch (v) {
    case VO_MULTIPLY: return number(modify((uint32_t)now, two_words(arg)));
    case VO_MULTIPLY_HP: return t == NOBODY ? R_UNDEF : at_least_one(now * c->mon[t]->hp / c->mon[t]->hp_max);
    case VO_ADD: return number(now + (int16_t)arg[0]);
    default: break;
    }
    const int64_t sum = now + (int64_t)(int16_t)arg[0] * quantity(c, e, arg[1], who_is(c, e, arg[2]));
    return number(v == VO_ADD_PER_UP_TO && sum > (int16_t)arg[3] ? (int16_t)arg[3] : sum);
}

/* The second turn of a move: what it was in between ends. */
static int release(struct ctx *c, const struct call *e, enum battle_volatile between)
{
    if (!e->a || !has(c, e->target, between) || c->on[e->target]->charge_move != e->a->number)
        return R_UNDEF;
    drop_volatile(c, e->target, between);
    return R_DONE;
}

/* The first turn of a move, unless something makes it strike at once. */
static int charge(struct ctx *c, const struct call *e, enum battle_volatile between)
{
    const int t = e->target;
    if (!e->a)
        return R_DONE;
    if (!worked(event(c, EV_charge_move, t, e->source, e->self, e->a)))
        return R_DONE;
    if (worked(add_volatile(c, t, VOL_CHARGING, t, e->self))) {
        c->on[t]->charge_move = e->a->number;
        add_volatile(c, t, between, t, e->self);
        say_mark(c, SAID_STILL);
        event(c, EV_prepare_hit, t, e->source, e->self, e->a);
    }
    return R_NULL;
}

/* The stages of the move come before the rest of it, which fails when none changes. */
static int boost_at_once(struct ctx *c, const struct call *e)
{
    static const struct dex_effect nothing;
    if (!e->a)
        return R_UNDEF;
    if (boost(c, e->target, e->a->hit_effect->boosts, e->source, e->self, false, false) != R_TRUE)
        return R_NULL;
    e->a->hit_effect = &nothing;
    return R_UNDEF;
}

static int bar_by_room(struct ctx *c, const struct call *e, unsigned room)
{
    say2(c, LINE_CANT, e->target, SAY_COND_FULL | (REF_ROOM(room) & REF_NUMBER), SAY_MOVE | (e->self & REF_NUMBER));
    return R_NULL;
}

static int bar_move(struct ctx *c, const struct call *e)
{
    say_mark(c, SAID_STILL);
    struct battle_event *line = say2(c, LINE_CANT, e->holder, own_name(e), SAY_MOVE | (e->a ? e->a->number : 0u));
    if (line)
        line->of = who(c, e->target);
    return R_FALSE;
}

static int other_answer(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    int8_t stages[STAGES];
    switch (v) {
    case VO_FAIL: return R_FALSE;
    case VO_STOP: return R_NULL;
    case VO_YES: return R_TRUE;
    case VO_NOTHING: return R_NOT_FAIL;
    case VO_DONE: return R_DONE;
    case VO_RELEASE: return release(c, e, (enum battle_volatile)arg[0]);
    case VO_CHARGE: return charge(c, e, (enum battle_volatile)arg[0]);
    case VO_BOOST_AT_ONCE: return boost_at_once(c, e);
    case VO_HEAL_FAILED: say1(c, LINE_FAIL, e->target, SAY_WORD | WORD_HEAL); return R_NOT_FAIL;
    case VO_BAR_BY_ROOM: return bar_by_room(c, e, arg[0]);
    case VO_BAR_MOVE: return bar_move(c, e);
    case VO_KEEP_STAGES: unpack_stages(arg, stages); return keep_stages(c, e, stages);
    case VO_KEEP_ALL: return keep_stages(c, e, NULL);
    case VO_KEEP_ATTACK: return keep_attack(c, e);
    case VO_REFUSE_STATUS: return refuse_status(c, e);
    case VO_ABSORB_BOOST:
        unpack_stages(arg, stages);
        return absorbed(c, e, boost(c, e->holder, stages, e->source, e->self, false, false));
    case VO_ABSORB_HEAL: return absorbed(c, e, heal(c, e->holder, part_of(c, e->holder, arg), e->source, e->self));
    case VO_ABSORB_VOLATILE:
        return absorbed(c, e, add_volatile(c, e->target, (enum battle_volatile)arg[0], e->target, e->self));
    default: return battle_natives[arg[0]](c, e);
    }
}

int answer(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    return v <= VO_ADD_PER_UP_TO ? number_changed(c, e, v, arg)
           : v <= VO_LEAVE_ONE   ? number_set(c, e, v, arg)
                                 : other_answer(c, e, v, arg);
}
