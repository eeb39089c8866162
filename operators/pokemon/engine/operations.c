/*
 * operations.c - what the sentences of the data do: deeds, changes, answers.
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
static int doer(const struct call *e)
{
    if (e->event == EV_eat && e->source != NOBODY)
        return e->source;
    return (e->self & REF_CLASS) == REF_MOVE && e->a ? e->a->user : e->holder;
}

/* Two words hold seven stages of four bits, each 8 more than it is; the most stands for all there is. */
static void unpack_stages(const uint16_t *arg, int8_t out[STAGES])
{
    for (int i = 0; i < STAGES; i++) {
        const int by = (int)(two_words(arg) >> (4 * i) & 15) - 8;
        out[i] = (int8_t)(by > 6 ? 12 : by);
    }
}

/* n/d of its full HP, at least 1. */
static int part_of(const struct ctx *c, int t, const uint16_t *r)
{
    const int n = c->mon[t]->hp_max * r[0] / r[1];
    return n ? n : 1;
}

static int rounded_part(const struct ctx *c, int t, const uint16_t *r)
{
    const int n = (int)share(c->mon[t]->hp_max, r[0], r[1]);
    return n ? n : 1;
}

static unsigned own_name(const struct call *e)
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
    const int taken = last ? deduct_pp(c, t, last, n) : 0;
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
    case VO_USE_ITEM: return use_item(c, e->holder, e->target, e->self) ? R_TRUE : R_FALSE;
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
    case VO_NO_SECONDARIES: a->no_secondaries = true; break;
    case VO_FORGO_SECONDARIES: a->no_secondaries = a->no_self = a->has_sheer_force = true; break;
    case VO_SECONDARY_TIMES: a->chance_times = (uint8_t)(a->chance_times * arg[0]); break;
    case VO_SECONDARY_FLINCH: a->extra_flinch = (uint8_t)arg[0]; break;
    case VO_IGNORE_ABILITY: a->ignore_ability = true; break;
    case VO_HIT_THROUGH: a->hit_through = true; break;
    case VO_INFILTRATE: a->infiltrates = true; break;
    case VO_STAY: a->self_switch = 0; break;
    default: break;
    }
}

/* ------------------------------------------------------------------------------ changes to the field, and words --- */

static void swap_stages(struct ctx *c, const struct call *e, unsigned group)
{
    static const uint16_t words[GROUP_COUNT] = {[GROUP_ATTACKS] = WORD_ATK_SPA, [GROUP_DEFENSES] = WORD_DEF_SPD};
    static const uint8_t stats[GROUP_COUNT] = {127, 1u << STAT_ATK | 1u << STAT_SPA, 1u << STAT_DEF | 1u << STAT_SPD};
    int8_t *x = c->on[e->target]->boosts, *y = c->on[e->source]->boosts;
    for (int i = 0; i < STAGES; i++)
        if (stats[group] >> i & 1) {
            const int8_t was = x[i];
            x[i] = y[i];
            y[i] = was;
        }
    struct battle_event *line = say2(c, LINE_SWAP_BOOST, e->source, SAY_WHO | who(c, e->target),
                                     words[group] ? SAY_WORD | (unsigned)words[group] : 0);
    if (line)
        line->from = e->self;
}

static void average(struct ctx *c, const struct call *e, unsigned group)
{
    const int first = group == GROUP_DEFENSES ? STAT_DEF : STAT_ATK;
    uint16_t *x = c->on[e->target]->stats, *y = c->on[e->source]->stats;
    for (int s = first; s <= STAT_SPD; s += 2)
        x[s] = y[s] = (uint16_t)((x[s] + y[s]) / 2u);
}

static void swap_speeds(struct ctx *c, const struct call *e)
{
    uint16_t *x = &c->on[e->target]->stats[STAT_SPE], *y = &c->on[e->source]->stats[STAT_SPE], was = *x;
    *x = *y;
    *y = was;
}

static void between_two(struct ctx *c, const struct call *e, unsigned v, unsigned group)
{
    if (e->source == NOBODY)
        return;
    if (v == VO_SWAP_STAGES)
        swap_stages(c, e, group);
    else if (v == VO_AVERAGE_STATS)
        average(c, e, group);
    else
        swap_speeds(c, e);
}

/* Its own switch stands, those that were due go no further. */
static void flee(struct ctx *c, int t)
{
    for (int i = 0; i < 2; i++) {
        c->on[i]->flags &= (uint16_t)~ON_SWITCH_OUT;
        c->b->sides[i].pivot = 0;
        c->b->sides[i].pivot_move = 0;
    }
    c->on[t]->flags |= ON_SWITCH_OUT;
}

/* Weather has no effect while it is there; when it ends, all see the weather again. */
static void sky(struct ctx *c, const struct call *e, bool calm)
{
    struct battle_active *on = c->on[e->holder];
    on->flags = (uint16_t)(calm ? on->flags & ~ON_ABILITY_ENDING : on->flags | ON_ABILITY_ENDING);
    changed(c, e->holder);
    each(c, EV_weather_change, e->self);
}

/* When who brought the weather goes: another of its ability takes it over, or it ends. */
static void leave_sky(struct ctx *c, const struct call *e)
{
    struct battle *b = c->b;
    const int t = e->holder, foe = !t;
    if (!b->weather || b->weather_by != t * 8 + b->sides[t].active)
        return;
    if (!(c->mon[foe]->flags & MON_FAINT_TOLD) && has_ability(c, foe, e->self & REF_NUMBER))
        b->weather_by = (uint8_t)(foe * 8 + b->sides[foe].active);
    else
        clear_weather(c);
}

/* Not when a move that passes over abilities brought it in. */
static void show_unless_ignored(struct ctx *c, const struct call *e)
{
    const int t = e->holder;
    const struct attack *a = c->attack;
    const bool ignored = a && a->ignore_ability && c->active_user != t && c->active_user != NOBODY &&
                         c->active_user != BENCHED && !has_item(c, t, I(abilityshield));
    if (!ignored)
        say1(c, LINE_ABILITY, t, e->self);
}

static void say_item_weakens(struct ctx *c, const struct call *e)
{
    struct battle_event *line = say1(c, LINE_END_ITEM, e->holder, SAY_ITEM | (e->self & REF_NUMBER));
    if (line)
        line->extra = WORD_TAG_WEAKEN;
}

static void say_end_silently(struct ctx *c, const struct call *e)
{
    struct battle_event *line = say1(c, LINE_END, e->holder, e->self);
    if (line)
        line->marks = SAID_SILENT;
}

static void say_still_animation(struct ctx *c, const struct call *e)
{
    const int t = e->target;
    say_mark(c, SAID_STILL);
    if (say2(c, LINE_ANIM, t, SAY_MOVE | (e->self & REF_NUMBER), SAY_WHO | who(c, foe_of(c, t))))
        c->move_event = c->log->count;
}

/* A move of two turns begins; who dives is seen to. */
static void say_prepare(struct ctx *c, const struct call *e)
{
    const unsigned move = e->self & REF_NUMBER;
    event_about(c, EV_check_show, e->target, e->target, e->self, move);
    say1(c, LINE_PREPARE, e->target, SAY_MOVE | move);
}

static void say_veiled(struct ctx *c, const struct call *e)
{
    struct battle_event *line = say1(c, LINE_BLOCK, e->target, own_name(e));
    reveal(c, e->holder, MON_ABILITY_KNOWN);
    if (line)
        line->of = who(c, e->holder);
}

static void words(struct ctx *c, const struct call *e, unsigned v)
{
    switch (v) {
    case VO_SHOW: say1(c, LINE_ABILITY, e->holder, e->self); break;
    case VO_SHOW_UNLESS_IGNORED: show_unless_ignored(c, e); break;
    case VO_ACTIVATE: name_holder(c, e, LINE_ACTIVATE); break;
    case VO_SAY_ITEM: say1(c, LINE_ITEM, e->holder, SAY_ITEM | (e->self & REF_NUMBER)); break;
    case VO_SAY_ITEM_WEAKENS: say_item_weakens(c, e); break;
    case VO_SAY_START: name_holder(c, e, LINE_START); break;
    case VO_SAY_END_SILENTLY: say_end_silently(c, e); break;
    case VO_SAY_PREPARE: say_prepare(c, e); break;
    case VO_SAY_ANIMATION: say_still_animation(c, e); break;
    case VO_SAY_STILL: say_mark(c, SAID_STILL); break;
    case VO_SAY_NOTHING: say(c, LINE_NOTHING, NOBODY); break; /* about nobody, as the protocol has it */
    case VO_SAY_VEILED: say_veiled(c, e); break;
    default: say_from(c, LINE_IMMUNE, e->target, 0, e->self, NOBODY); break;
    }
}

static void to_field(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    switch (v) {
    case VO_SET_COUNT: *own_count(c, e) = (uint8_t)arg[0]; break;
    case VO_STAGES_TIMES:
        for (int i = 0; i < STAGES && e->stages; i++)
            e->stages[i] = (int8_t)(e->stages[i] * (int16_t)arg[0]);
        break;
    case VO_SWAP_STAGES:
    case VO_AVERAGE_STATS:
    case VO_SWAP_SPEEDS: between_two(c, e, v, arg[0]); break;
    case VO_TRAP:
        if (status_immunity(c, e->target, REF_TRAPPED))
            c->on[e->target]->trapped = 1;
        break;
    case VO_UNTRAP: c->on[e->target]->trapped = 0; break;
    case VO_LEAVE_AT_ONCE: c->on[e->target]->flags |= ON_BEFORE_OUT; break;
    case VO_FLEE: flee(c, e->target); break;
    case VO_CLEAR_WEATHER: clear_weather(c); break;
    case VO_CLEAR_TERRAIN: clear_terrain(c); break;
    case VO_CALM_SKY: sky(c, e, true); break;
    case VO_FREE_SKY: sky(c, e, false); break;
    case VO_LEAVE_SKY: leave_sky(c, e); break;
    default: words(c, e, v); break;
    }
}

/* ------------------------------------------------------------------------------------------------ answers --- */

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
    case VO_EFFECTIVENESS: return number(64 + (int16_t)arg[0]); /* as mon.c has it */
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

static int answer(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
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

int operate(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    if (v >= V_ANSWERS)
        return v <= VO_ADD_PER_UP_TO ? number_changed(c, e, v, arg)
               : v <= VO_LEAVE_ONE   ? number_set(c, e, v, arg)
                                     : answer(c, e, v, arg);
    if (v < V_TO_SOMEBODY)
        return plain_deed(c, e, v, arg);
    if (v < V_TO_MOVE)
        to_somebody(c, e, v, arg);
    else if (v < V_TO_FIELD)
        to_move(e->a, e, v, arg);
    else
        to_field(c, e, v, arg);
    return R_UNDEF;
}
