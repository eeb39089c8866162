/*
 * operations.c - what the sentences of the data do: deeds, changes to somebody and to the move.
 */
#include "program.h"

/* -------------------------------------------------------------------------------------------- what is meant --- */

int quantity(struct ctx *c, const struct call *e, unsigned q, int t)
{
    if (t == NOBODY)
        return 0;
    const struct battle_active *on = c->on[t];
    switch (q) {
    case Q_HP: return c->mon[t]->hp;
    case Q_DAMAGE: return on->hit_damage;
    case Q_COUNTER: return on->counter_damage;
    case Q_WOUNDS: return c->mon[t]->times_hit;
    case Q_FALLEN: return c->b->sides[side_of(c, t)].fainted;
    case Q_RISES: return positive_boosts(c, t);
    case Q_STRIKES: return e->a ? e->a->hit : 0;
    case Q_STOCKPILE: return has(c, t, VOL_STOCKPILE) ? on->stockpile : 0;
    case Q_WEIGHT: return weight_of(c, t);
    case Q_SPEED: return stat_of(c, t, STAT_SPE, true, true);
    default: return 0;
    }
}

uint8_t *own_count(struct ctx *c, const struct call *e)
{
    struct battle_active *on = c->on[e->holder == NOBODY ? 0 : e->holder];
    return (e->self & REF_CLASS) == REF_ITEM ? &on->item_n : &on->ability_n;
}

/* Who does what a program says: who uses the move, or holds what the hook belongs to. */
int doer(const struct call *e)
{
    if ((e->event == EV_eat || e->event == EV_eat_item) && e->source != NOBODY)
        return e->source;
    return (e->self & REF_CLASS) == REF_MOVE && e->a ? e->a->user : e->holder;
}

/* Two words hold seven stages of four bits, each 8 more than it is; the most stands for all there is. */
void unpack_stages(const uint16_t *arg, int8_t out[STAGES])
{
    for (int i = 0; i < STAGES; i++) {
        const int by = (int)(two_words(arg) >> (4 * i) & 15) - 8;
        out[i] = (int8_t)(by > 6 ? 12 : by);
    }
}

/* n/d of its full HP, at least 1. */
int part_of(const struct ctx *c, int t, const uint16_t *r)
{
    const int n = c->mon[t]->hp_max * r[0] / r[1];
    return n ? n : 1;
}

static int rounded_part(const struct ctx *c, int t, const uint16_t *r)
{
    const int n = (int)share(c->mon[t]->hp_max, r[0], r[1]);
    return n ? n : 1;
}

unsigned own_name(const struct call *e)
{
    const unsigned class = e->self & REF_CLASS;
    const unsigned tag = class == REF_ABILITY ? SAY_ABILITY_FULL
                         : class == REF_ITEM  ? SAY_ITEM_FULL
                         : class == REF_MOVE  ? SAY_MOVE_FULL
                                              : SAY_COND_FULL;
    return tag | (e->self & REF_NUMBER);
}

void name_holder(struct ctx *c, const struct call *e, enum battle_line line)
{
    say1(c, line, e->holder, own_name(e));
}

/* -------------------------------------------------------------------------------------------------- deeds --- */

static int set_type_added(struct ctx *c, const struct call *e, int t, int type)
{
    if (has_type(c, t, type) || c->mon[t]->flags & MON_TERASTALLIZED)
        return R_FALSE;
    c->on[t]->type_added = (uint8_t)type;
    struct battle_event *line = say2(c, LINE_START, t, SAY_WORD | WORD_TYPEADD, SAY_TYPES | (unsigned)type);
    if (line)
        line->from = e->self;
    return R_TRUE;
}

static int take_pp(struct ctx *c, const struct call *e, int t, int n)
{
    const unsigned last = c->on[t]->last_move;
    const int taken = last && !c->on[t]->last_z ? deduct_pp(c, t, last, n) : 0;
    if (!taken)
        return R_FALSE;
    struct battle_event *line = say2(c, LINE_ACTIVATE, t, own_name(e), SAY_MOVE | last);
    if (line)
        line->arg[2] = (uint16_t)(SAY_NUMBER | (unsigned)taken);
    return R_TRUE;
}

static int clear_hazards(struct ctx *c, const struct call *e, int side)
{
    int any = R_FALSE;
    for (int k = SIDE_HAZARDS; k < SIDE_CONDITIONS; k++) {
        if (!end_side_quietly(c, side, k))
            continue;
        any = R_TRUE;
        struct battle_event *line = say1(c, LINE_SIDE_END, NOBODY, REF_SIDE(k));
        if (!line)
            continue;
        line->who = (uint8_t)(side * 8);
        line->from = e->self;
        line->of = who(c, doer(e));
    }
    return any;
}

/* An ability taken on; the number of the old one is as good as any. */
static int new_ability(struct ctx *c, const struct call *e, int t, unsigned ability, int source)
{
    const int r = set_ability(c, t, ability, source, e->self, false, false);
    return r >= 0 ? R_TRUE : r;
}

static int take_forme(struct ctx *c, const struct call *e, int t, unsigned species, bool for_good)
{
    if (c->on[t]->species == species)
        return R_FALSE;
    forme_change(c, t, species, e->self, for_good);
    return R_TRUE;
}

static int raise(struct ctx *c, const struct call *e, unsigned v, int t, const uint16_t *arg)
{
    int8_t stages[STAGES];
    unpack_stages(arg, stages);
    return boost(c, t, stages, doer(e), e->self, v == VO_BOOST_SECONDARY, v == VO_BOOST_SELF);
}

static int deed_of_two(struct ctx *c, const struct call *e, unsigned v, int t, int other)
{
    if (other == NOBODY || other == BENCHED)
        return R_FALSE;
    if (v == VO_COPY_ABILITY)
        return new_ability(c, e, other, c->on[t]->ability, t);
    if (v == VO_SWAP_ABILITIES)
        return swap_abilities(c, t, other);
    return transform(c, t, other, e->self) ? R_TRUE : R_FALSE;
}

static int deed(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    const int t = who_is(c, e, arg[0]);
    if (t == NOBODY || t == BENCHED)
        return R_UNDEF;
    switch (v) {
    case VO_BOOST:
    case VO_BOOST_SELF:
    case VO_BOOST_SECONDARY: return raise(c, e, v, t, arg + 1);
    case VO_HEAL: return heal(c, t, part_of(c, t, arg + 1), doer(e), e->self);
    case VO_HEAL_ROUNDED: return heal(c, t, rounded_part(c, t, arg + 1), doer(e), e->self);
    case VO_HEAL_TIMES: return heal(c, t, (int)modify(c->mon[t]->hp_max, two_words(arg + 1)), doer(e), e->self);
    case VO_HEAL_BY: return heal(c, t, arg[1], doer(e), e->self);
    case VO_CURE: return cure_status(c, t, false) ? R_TRUE : R_FALSE;
    case VO_SET_STATUS: return try_status(c, t, arg[1], doer(e), e->self);
    case VO_STATUS_DRAWN: return try_status(c, t, arg[1 + draw(c, 0, 3, DRAW_MOVE)], doer(e), e->self);
    case VO_ADD_VOLATILE: return add_volatile(c, t, (enum battle_volatile)arg[1], doer(e), e->self);
    case VO_ADD_VOLATILE_BY: return add_volatile(c, t, (enum battle_volatile)arg[1], who_is(c, e, arg[2]), e->self);
    case VO_ADD_TYPE: return set_type_added(c, e, t, arg[1]);
    case VO_TAKE_PP: return take_pp(c, e, t, arg[1]);
    case VO_SET_ABILITY: return new_ability(c, e, t, arg[1], (e->self & REF_CLASS) == REF_MOVE ? NOBODY : e->holder);
    case VO_COPY_ABILITY:
    case VO_SWAP_ABILITIES:
    case VO_TRANSFORM: return deed_of_two(c, e, v, t, who_is(c, e, arg[1]));
    case VO_FORME:
    case VO_FORME_FOR_GOOD: return take_forme(c, e, t, arg[1], v == VO_FORME_FOR_GOOD);
    case VO_SET_SIDE: return set_side(c, side_of(c, t), arg[1], doer(e), e->self);
    case VO_CLEAR_HAZARDS: return clear_hazards(c, e, side_of(c, t));
    default: return R_UNDEF;
    }
}

/* Deeds that are not about anybody in particular. */
static int plain_deed(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    switch (v) {
    case VO_USE_ITEM: { /* of a room nobody is to blame */
        const int source = e->event == EV_room_change ? e->holder : e->target;
        return use_item(c, e->holder, source, e->self) ? R_TRUE : R_FALSE;
    }
    case VO_EAT_ITEM: return eat_item(c, e->holder, false, e->target, e->self) ? R_TRUE : R_FALSE;
    case VO_SET_WEATHER: return set_weather(c, arg[0], doer(e), e->self);
    case VO_SET_TERRAIN: return set_terrain(c, arg[0], doer(e), e->self);
    case VO_SET_ROOM: return set_room(c, arg[0], doer(e), e->self);
    default: return deed(c, e, v, arg);
    }
}

/* ------------------------------------------------------------------------------------- changes to somebody --- */

/* The type is gone for as long as it stays (Burn Up). */
static void lose_type(struct ctx *c, const struct call *e, int t, int type)
{
    uint8_t left[2], told[2];
    keep_types(left, types_of(c, t, false, false));
    for (int i = 0; i < 2; i++)
        if (left[i] == type)
            left[i] = TYPE_BLANK;
    set_type(c, t, left[0], left[1]);
    keep_types(told, types_of(c, t, true, false));
    struct battle_event *line =
        say2(c, LINE_START, t, SAY_WORD | WORD_TYPECHANGE, SAY_TYPES | told[0] | (unsigned)told[1] << 5);
    if (line)
        line->from = e->self;
}

static void end_told(struct ctx *c, const struct call *e, int t, enum battle_volatile v)
{
    if (!remove_volatile(c, t, v))
        return;
    struct battle_event *line = say1(c, LINE_END, t, REF_VOL(v));
    if (!line)
        return;
    line->from = e->self;
    line->of = who(c, t);
}

static void say_too_weak(struct ctx *c, const struct call *e, int t)
{
    struct battle_event *line = say1(c, LINE_FAIL, t, own_name(e));
    if (line)
        line->extra = WORD_TAG_WEAK;
}

static void say_of(struct ctx *c, const struct call *e, int t, int of)
{
    struct battle_event *line = say1(c, LINE_ACTIVATE, t, own_name(e));
    if (line)
        line->of = who(c, of);
}

static void to_somebody(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    const int t = who_is(c, e, arg[0]);
    const ref bare = (ref)(SAY_MOVE_BARE | (e->self & REF_NUMBER));
    if (t == NOBODY || t == BENCHED)
        return;
    switch (v) {
    case VO_HURT: hurt(c, t, part_of(c, t, arg + 1), e->holder, e->self, NULL); break;
    case VO_HURT_BY: hurt(c, t, e->value, e->holder, e->self, NULL); break;
    case VO_COST: hurt_directly(c, t, c->mon[t]->hp_max * arg[1] / arg[2], REF_NONE); break;
    case VO_COST_ROUNDED: hurt_directly(c, t, (int)share(c->mon[t]->hp_max, arg[1], arg[2]), REF_NONE); break;
    case VO_CRASH: hurt(c, t, part_of(c, t, arg + 1), t, bare, NULL); break;
    case VO_CRASH_ROUNDED: hurt(c, t, rounded_part(c, t, arg + 1), t, bare, NULL); break;
    case VO_END_VOLATILE: remove_volatile(c, t, (enum battle_volatile)arg[1]); break;
    case VO_END_TOLD: end_told(c, e, t, (enum battle_volatile)arg[1]); break;
    case VO_DROP_VOLATILE: drop_volatile(c, t, (enum battle_volatile)arg[1]); break;
    case VO_LOSE_TYPE: lose_type(c, e, t, arg[1]); break;
    case VO_END_SIDE: end_side(c, side_of(c, t), arg[1]); break;
    case VO_FORGET_DAMAGE: c->on[t]->counter_damage = 0; break;
    case VO_SAY_FAIL: say_fail(c, t); break;
    case VO_SAY_MOVE_FAILS: say1(c, LINE_FAIL, t, own_name(e)); break;
    case VO_SAY_TOO_WEAK: say_too_weak(c, e, t); break;
    case VO_SAY_OF: say_of(c, e, t, who_is(c, e, arg[1])); break;
    default: break;
    }
}

/* -------------------------------------------------------------------------------------- changes to the move --- */

static int16_t power_within(int n)
{
    return (int16_t)(n < 0 ? 0 : n > INT16_MAX ? INT16_MAX : n);
}

static void to_move(struct attack *a, const struct call *e, unsigned v, const uint16_t *arg)
{
    if (!a)
        return;
    switch (v) {
    case VO_MOVE_TYPE_SET: a->type = (uint8_t)arg[0]; break;
    case VO_TURN_TYPE:
        a->type = (uint8_t)arg[0];
        a->boosted_by = e->self;
        break;
    case VO_CATEGORY_SET: a->category = (uint8_t)arg[0]; break;
    case VO_FLAG_OFF: a->flags &= ~DEX_BIT(arg[0]); break;
    case VO_FLAG_ON: a->flags |= DEX_BIT(arg[0]); break;
    case VO_NEVER_MISS: a->accuracy = 0; break;
    case VO_SET_ACCURACY: a->accuracy = (uint8_t)arg[0]; break;
    case VO_POWER_SET: a->power = power_within((int16_t)arg[0]); break;
    case VO_POWER_TIMES: a->power = power_within(a->power * (int16_t)arg[0]); break;
    case VO_CRIT_SURE: a->sure_crit = true; break;
    case VO_MOST_HITS: a->hits[0] = a->hits[1]; break;
    case VO_NO_SECONDARIES:
        a->no_secondaries = true;
        a->flung_part = false;
        break;
    case VO_FORGO_SECONDARIES:
        a->no_secondaries = a->no_self = a->has_sheer_force = true;
        a->flung_part = false;
        break;
    case VO_SECONDARY_TIMES: a->chance_times = (uint8_t)(a->chance_times * arg[0]); break;
    case VO_SECONDARY_FLINCH: a->extra_flinch = (uint8_t)arg[0]; break;
    case VO_IGNORE_ABILITY: a->ignore_ability = true; break;
    case VO_HIT_THROUGH: a->hit_through = true; break;
    case VO_INFILTRATE: a->infiltrates = true; break;
    case VO_STAY: a->self_switch = 0; break;
    default: break;
    }
}

int operate(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    if (v >= V_ANSWERS)
        return answer(c, e, v, arg);
    if (v < V_TO_SOMEBODY)
        return plain_deed(c, e, v, arg);
    if (v < V_TO_MOVE)
        to_somebody(c, e, v, arg);
    else if (v < V_TO_FIELD)
        to_move(e->a, e, v, arg);
    else
        change_field(c, e, v, arg);
    return R_UNDEF;
}
