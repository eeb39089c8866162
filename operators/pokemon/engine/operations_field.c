/*
 * operations_field.c - what sentences change of sides and field, and what they tell.
 */
#include "program.h"

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

static void say_words(struct ctx *c, const struct call *e, unsigned v)
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

void change_field(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
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
    default: say_words(c, e, v); break;
    }
}
