/*
 * natives_items.c - what other held items do that sentences do not say.
 */
#include "natives_items.h"

NATIVE(shell_bell)
{
    const int t = e->target, total = e->a->total;
    if (total && !on_flag(c, t, ON_DRAG_OUT))
        heal(c, t, total < 8 ? 1 : total / 8, e->source, e->self);
    return R_UNDEF;
}

/* The Metronome: the same move again and again. */
NATIVE(metronome_counts)
{
    const int t = e->target;
    struct battle_active *on = c->on[t];
    if (!has_item(c, t, I(metronome))) {
        remove_volatile(c, t, VOL_METRONOME);
        return R_UNDEF;
    }
    if (flagged(e->a, MF_CALLS_MOVE))
        return R_UNDEF;
    const bool same = on->metronome_move == e->a->number;
    if (same && (on->result_before == MOVE_DONE || has(c, t, VOL_CHARGING)))
        on->metronome = (uint8_t)(on->metronome < 5 ? on->metronome + 1 : 5);
    else
        on->metronome = !same && has(c, t, VOL_CHARGING);
    on->metronome_move = e->a->number;
    return R_UNDEF;
}

NATIVE(metronome_power)
{
    static const uint16_t times[6] = {4096, 4915, 5734, 6553, 7372, 8192};
    return chain(e, times[c->on[e->target]->metronome]);
}

NATIVE(bar_status_moves)
{
    for (int i = 0; i < BATTLE_MOVES; i++) {
        const struct dex_move *m = move_row(c, slot_move(c, e->target, i));
        if (m->category == MOVE_STATUS && strcmp(m->id, "mefirst") != 0)
            c->on[e->target]->disabled |= (uint8_t)(1u << i);
    }
    return R_UNDEF;
}

NATIVE(power_herb)
{
    if (!use_item(c, e->target, e->target, e->self))
        return R_UNDEF;
    say_mark(c, SAID_STILL);
    struct battle_event *line = say2(c, LINE_ANIM, e->target, SAY_MOVE | e->a->number, 0);
    if (line && e->source != NOBODY)
        line->arg[1] = (uint16_t)(SAY_WHO | who(c, e->source));
    if (line)
        c->move_event = c->log->count;
    return R_FALSE;
}

NATIVE(balloon_pops) /* it is gone for good: not an item used up */
{
    const int t = e->holder;
    say1(c, LINE_END_ITEM, t, SAY_ITEM | own_item(e));
    drop_item(c, t);
    event_about(c, EV_after_use_item, t, NOBODY, REF_NONE, own_item(e));
    return R_UNDEF;
}

NATIVE(barb_sticks)
{
    const int t = e->target, by = e->source;
    if (by == NOBODY || by == BENCHED || by == t || c->mon[by]->item || !contact(c, e->a, by))
        return R_UNDEF;
    const unsigned barb = take_item(c, t, t);
    if (barb)
        set_item(c, by, barb, NOBODY, REF_NONE);
    return R_UNDEF;
}

NATIVE(red_card)
{
    const int t = e->target, by = e->source;
    if (by == NOBODY || by == BENCHED || by == t || !alive(c, by) || !alive(c, t) || e->a->category == MOVE_STATUS)
        return R_UNDEF;
    if (!can_switch(c, by) || on_flag(c, by, ON_DRAG_OUT) || on_flag(c, t, ON_DRAG_OUT))
        return R_UNDEF;
    if (use_item(c, t, by, e->self) && worked(event(c, EV_drag_out, by, t, e->cause, e->a)))
        c->on[by]->flags |= ON_DRAG_OUT;
    return R_UNDEF;
}

/* A switch of somebody's is due that is not the second half of a move such as U-turn. */
static bool switch_due(const struct ctx *c)
{
    for (int t = 0; t < 2; t++)
        if (on_flag(c, t, ON_SWITCH_OUT) && !c->b->sides[t].pivot)
            return true;
    return false;
}

static void stays(struct ctx *c, int t)
{
    c->on[t]->flags &= (uint16_t)~ON_SWITCH_OUT;
    c->b->sides[t].pivot = 0;
    c->b->sides[t].pivot_move = 0;
}

NATIVE(eject_button)
{
    const int t = e->target, by = e->source;
    if (by == NOBODY || by == t || !alive(c, t) || e->a->category == MOVE_STATUS || flagged(e->a, MF_FUTUREMOVE))
        return R_UNDEF;
    if (!can_switch(c, t) || c->on[t]->flags & (ON_DRAG_OUT | ON_LEAVING) || switch_due(c))
        return R_UNDEF;
    c->on[t]->flags |= ON_SWITCH_OUT;
    if (!use_item(c, t, t, e->self))
        c->on[t]->flags &= (uint16_t)~ON_SWITCH_OUT;
    else if (by < 2)
        stays(c, by);
    return R_UNDEF;
}

NATIVE(eject_pack_sees)
{
    if (c->attack && !strcmp(c->attack->move->id, "partingshot"))
        return R_UNDEF;
    for (int i = 0; i < STAGES; i++)
        if (e->stages[i] < 0)
            c->on[e->target]->item_n = 1;
    return R_UNDEF;
}

NATIVE(eject_pack_may)
{
    return can_switch(c, e->target) && !switch_due(c) ? R_UNDEF : R_FALSE;
}

NATIVE(eject_pack)
{
    stays(c, e->target);
    c->on[e->target]->flags |= ON_SWITCH_OUT;
    return R_UNDEF;
}

NATIVE(safety_goggles)
{
    if (e->target == e->source || !natural_immunity(c, e->target, REF_POWDER))
        return R_UNDEF;
    say2(c, LINE_ACTIVATE, e->target, SAY_ITEM_FULL | own_item(e), SAY_MOVE | e->a->number);
    return R_NULL;
}

/* With and without it the weather is another one to its holder. */
static void sky_changes(struct ctx *c, int t, ref cause)
{
    const int w = weather_now(c);
    if (w == WEATHER_SUN || w == WEATHER_RAIN || w == WEATHER_HARSH_SUN || w == WEATHER_HEAVY_RAIN)
        event(c, EV_weather_change, t, t, cause, NULL);
}

NATIVE(umbrella_starts)
{
    fresh(c);
    if (c->item_off[e->target])
        sky_changes(c, e->target, e->self);
    return R_UNDEF;
}

NATIVE(umbrella_opens)
{
    if (!c->on[e->target]->item_n)
        return R_UNDEF;
    c->on[e->target]->item_n = 0;
    sky_changes(c, e->target, e->self);
    return R_UNDEF;
}

NATIVE(umbrella_ends)
{
    sky_changes(c, e->target, e->self);
    if (c->mon[e->target]->item == own_item(e))
        c->on[e->target]->item_n = 1;
    return R_UNDEF;
}

const struct native natives_items[] = {LISTED(shell_bell),
                                       LISTED(metronome_counts),
                                       LISTED(metronome_power),
                                       LISTED(bar_status_moves),
                                       LISTED(power_herb),
                                       LISTED(balloon_pops),
                                       LISTED(barb_sticks),
                                       LISTED(red_card),
                                       LISTED(eject_button),
                                       LISTED(eject_pack_sees),
                                       LISTED(eject_pack_may),
                                       LISTED(eject_pack),
                                       LISTED(safety_goggles),
                                       LISTED(umbrella_starts),
                                       LISTED(umbrella_opens),
                                       LISTED(umbrella_ends),
                                       {NULL, NULL}};
