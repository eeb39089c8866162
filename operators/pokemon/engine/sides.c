/*
 * sides.c - what lies on a side, and what waits for a place.
 */
#include "engine.h"

/* ------------------------------------------------------------------------------------------------- sides --- */

static uint8_t side_turns(struct ctx *c, int condition, int source)
{
    switch (condition) {
    case SIDE_REFLECT:
    case SIDE_LIGHT_SCREEN:
    case SIDE_AURORA_VEIL: return source != NOBODY && has_item(c, source, I(lightclay)) ? 8 : 5;
    case SIDE_TAILWIND:
    case SIDE_FIRE_PLEDGE:
    case SIDE_WATER_PLEDGE:
    case SIDE_GRASS_PLEDGE: return 4;
    case SIDE_QUICK_GUARD:
    case SIDE_WIDE_GUARD: return 1;
    case SIDE_LUCKY_CHANT:
    case SIDE_SAFEGUARD:
    case SIDE_MIST: return 5;
    default: return 1;
    }
}

static unsigned side_arg(int condition)
{
    const unsigned plain = 1u << SIDE_REFLECT | 1u << SIDE_SAFEGUARD | 1u << SIDE_MIST | 1u << SIDE_SPIKES |
                           1u << SIDE_FIRE_PLEDGE | 1u << SIDE_WATER_PLEDGE | 1u << SIDE_GRASS_PLEDGE;
    return (unsigned)(plain >> condition & 1 ? SAY_COND : SAY_COND_FULL) | (REF_SIDE(condition) & REF_NUMBER);
}

static void say_side(struct ctx *c, enum battle_line line, int side, int condition)
{
    struct battle_event *e = say1(c, line, NOBODY, side_arg(condition));
    if (e)
        e->who = (uint8_t)(side * 8);
}

int set_side(struct ctx *c, int side, int condition, int source, ref cause)
{
    struct battle_side *s = &c->b->sides[side];
    static const uint8_t most[SIDE_CONDITIONS] = {[SIDE_SPIKES] = 3, [SIDE_TOXIC_SPIKES] = 2};
    if ((unsigned)condition >= SIDE_CONDITIONS)
        return R_FALSE;
    if (s->turns[condition]) {
        if (s->turns[condition] >= most[condition])
            return R_FALSE;
        s->turns[condition]++;
        say_side(c, LINE_SIDE_START, side, condition);
        return R_UNDEF;
    }
    s->turns[condition] = side_turns(c, condition, source);
    if (condition < SIDE_SCREENS)
        s->longer = (uint8_t)((s->longer & ~(1u << condition)) | (unsigned)(s->turns[condition] > 5) << condition);
    if (condition >= SIDE_HAZARDS) {
        int i = 0;
        while (i < SIDE_CONDITIONS - SIDE_HAZARDS - 1 && s->hazards[i])
            i++;
        s->hazards[i] = (uint8_t)(1 + condition);
    }
    changed_field(c);
    if (side_guards(condition))
        say1(c, LINE_SINGLE_TURN, source, SAY_COND | (REF_SIDE(condition) & REF_NUMBER));
    else
        say_side(c, LINE_SIDE_START, side, condition);
    event_about(c, EV_side_start, side, source, cause, (unsigned)condition);
    return R_TRUE;
}

/* Takes it away without a word; false when it is not there. */
bool end_side_quietly(struct ctx *c, int side, int condition)
{
    struct battle_side *s = &c->b->sides[side];
    if (!s->turns[condition])
        return false;
    s->turns[condition] = 0;
    if (condition >= SIDE_HAZARDS) {
        const int last = SIDE_CONDITIONS - SIDE_HAZARDS - 1;
        int i = 0;
        while (i < last && s->hazards[i] != 1 + condition)
            i++;
        for (; i < last; i++)
            s->hazards[i] = s->hazards[i + 1];
        s->hazards[last] = 0;
    }
    changed_field(c);
    return true;
}

/* The same; what has a word for its end says it. */
bool end_side(struct ctx *c, int side, int condition)
{
    if (!end_side_quietly(c, side, condition))
        return false;
    if (condition <= SIDE_GRASS_PLEDGE || condition == SIDE_LUCKY_CHANT)
        say_side(c, LINE_SIDE_END, side, condition);
    return true;
}

void pledge_residual(struct ctx *c, int t)
{
    if (c->b->sides[t].turns[SIDE_FIRE_PLEDGE] && !has_type(c, t, TYPE_FIRE))
        hurt_part(c, t, 8, NOBODY, REF_SIDE(SIDE_FIRE_PLEDGE));
}

/* ------------------------------------------------------------------------------------------------ places --- */

int set_slot(struct ctx *c, int side, int slot, int source, ref cause, struct attack *a)
{
    struct battle_side *s = &c->b->sides[side];
    (void)cause;
    if (slot == SLOT_WISH) {
        if (s->wish_turns)
            return R_FALSE;
        s->wish_turns = 2;
        s->wish_hp = (uint16_t)(c->mon[source]->hp_max / 2);
        s->wish_hp += !s->wish_hp; /* that of Shedinja, who has one HP, heals one */
        s->wish_by = c->b->sides[source].active;
        return R_TRUE;
    }
    if (slot == SLOT_FUTURE) {
        if (s->future_turns)
            return R_FALSE;
        s->future_turns = 3;
        s->future_move = a->number;
        s->future_by = c->b->sides[source].active;
        return R_TRUE;
    }
    if (s->replacing >> slot & 1)
        return R_FALSE;
    s->replacing &= (uint8_t)~REPLACING_LUNAR_FIRST;
    if (slot == SLOT_HEALING_WISH && s->replacing >> SLOT_LUNAR_DANCE & 1)
        s->replacing |= REPLACING_LUNAR_FIRST;
    s->replacing |= (uint8_t)(1u << slot);
    changed_field(c);
    return R_TRUE;
}

void wish_residual(struct ctx *c, int t)
{
    struct battle_side *s = &c->b->sides[t];
    if (!s->wish_turns || --s->wish_turns)
        return;
    if (c->mon[t]->flags & MON_FAINT_TOLD)
        return;
    if (heal(c, t, s->wish_hp, t, REF_SLOT(SLOT_WISH)) > 0) {
        say_hp(c, LINE_HEAL, t, (ref)(REF_MOVE | M(wish)), NOBODY, 0);
        if (c->log)
            c->log->events[c->log->count - 1].wisher = (uint8_t)(1 + t * 8 + s->wish_by);
    }
}

/* Future Sight comes down, whether its user is still there or not. */
void future_residual(struct ctx *c, int t)
{
    struct battle_side *s = &c->b->sides[t];
    if (!s->future_turns || --s->future_turns)
        return;
    const unsigned move = s->future_move;
    s->future_move = 0;
    if (c->mon[t]->flags & MON_FAINT_TOLD)
        return;
    say1(c, LINE_END, t, SAY_MOVE_FULL | move);
    remove_volatile(c, t, VOL_PROTECT);
    remove_volatile(c, t, VOL_ENDURE);
    int user = !t;
    const bool there = c->b->sides[!t].active == s->future_by && alive(c, !t);
    if (!there) {
        user = BENCHED;
        c->bench_side = !t;
        changed(c, 0); /* who may help it */
        c->bench_slot = s->future_by;
        bind_bench(c);
    }
    struct attack a;
    attack_init(c, &a, move, user);
    a.landing = true;
    a.flags &= ~(DEX_BIT(MF_PROTECT) | DEX_BIT(MF_MIRROR));
    a.ignore_immunity = false;
    a.target = (int8_t)t;
    if (user != BENCHED && has_ability(c, user, A(infiltrator)))
        a.infiltrates = true;
    if (user != BENCHED && has_ability(c, user, A(normalize)))
        a.type = TYPE_NORMAL;
    c->attack = &a;
    c->active_user = user;
    c->active_target = t;
    spread_hit(c, &a, t);
    if (user != BENCHED && has_item(c, user, I(lifeorb)))
        item_single(c, EV_after_move_secondary_self, user, t);
    c->attack = NULL;
    check_win(c, NOBODY);
}
