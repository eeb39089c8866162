/*
 * natives_moves_field.c - moves about sides, the field and everybody on it.
 */
#include "natives_moves.h"
#include "seen.h"

static void say_side_gone(struct ctx *c, int side, int k, ref from, int of)
{
    struct battle_event *line = say1(c, LINE_SIDE_END, NOBODY, REF_SIDE(k));
    if (!line)
        return;
    line->who = (uint8_t)(side * 8);
    line->from = from;
    line->of = who(c, of);
}

static bool clear_hazards(struct ctx *c, int side, ref from, int of)
{
    bool any = false;
    for (int k = SIDE_HAZARDS; k < SIDE_CONDITIONS; k++)
        if (end_side_quietly(c, side, k)) {
            say_side_gone(c, side, k, from, of);
            any = true;
        }
    return any;
}

NATIVE(defog)
{
    static const uint8_t foes[] = {SIDE_REFLECT, SIDE_LIGHT_SCREEN, SIDE_AURORA_VEIL, SIDE_SAFEGUARD, SIDE_MIST};
    bool any = false;
    if (!has(c, e->target, VOL_SUBSTITUTE) || e->a->infiltrates)
        any = boost_one(c, e->target, STAT_EVA, -1, e->source, OWN_REF) == R_TRUE;
    for (size_t i = 0; i < sizeof foes; i++)
        end_side(c, e->target, foes[i]);
    any |= clear_hazards(c, e->target, OWN_REF, e->source);
    any |= clear_hazards(c, e->source, OWN_REF, e->source);
    clear_terrain(c);
    return any ? R_TRUE : R_FALSE;
}

NATIVE(tidy_up)
{
    static const int8_t up[STAGES] = {[STAT_ATK] = 1, [STAT_SPE] = 1};
    bool any = false;
    for (int i = 0; i < 2; i++)
        any |= remove_volatile(c, i, VOL_SUBSTITUTE);
    any |= clear_hazards(c, e->target, REF_NONE, NOBODY);
    any |= clear_hazards(c, !e->target, REF_NONE, NOBODY);
    if (any)
        say1(c, LINE_ACTIVATE, e->target, SAY_MOVE_FULL | e->a->number);
    return boost(c, e->target, up, e->target, OWN_REF, false, true) == R_TRUE || any ? R_TRUE : R_FALSE;
}

NATIVE(court_change)
{
    struct battle_side *x = &c->b->sides[0], *y = &c->b->sides[1];
    bool any = false;
    for (int k = 0; k < SIDE_CONDITIONS; k++) {
        if (side_guards(k))
            continue;
        any |= x->turns[k] || y->turns[k];
    }
    if (!any)
        return R_FALSE;
    uint8_t turns[SIDE_CONDITIONS], order[SIDE_CONDITIONS - SIDE_HAZARDS];
    memcpy(turns, x->turns, sizeof turns);
    memcpy(order, x->hazards, sizeof order);
    memcpy(x->turns, y->turns, sizeof turns);
    memcpy(x->hazards, y->hazards, sizeof order);
    memcpy(y->turns, turns, sizeof turns);
    memcpy(y->hazards, order, sizeof order);
    const uint8_t longer = x->longer;
    x->longer = y->longer;
    y->longer = longer;
    changed_field(c);
    say(c, LINE_SWAP_SIDES, NOBODY);
    say1(c, LINE_ACTIVATE, e->source, SAY_MOVE_FULL | e->a->number);
    return R_UNDEF;
}

/* Nobody to change places with; trying gets rarer in a row all the same. */
NATIVE(ally_switch_tries)
{
    struct battle_active *on = c->on[e->source];
    static const uint16_t once_in[7] = {1, 3, 9, 27, 81, 243, 729};
    if (!has(c, e->source, VOL_ALLY_SWITCH)) {
        add_volatile(c, e->source, VOL_ALLY_SWITCH, e->source, OWN_REF);
        on->ally_switch = 1;
        return R_UNDEF;
    }
    if (!chance(c, 1, once_in[on->ally_switch], DRAW_STALL)) {
        drop_volatile(c, e->source, VOL_ALLY_SWITCH);
        return R_FALSE;
    }
    if (on->ally_switch < 6)
        on->ally_switch++;
    on->turns[VOL_ALLY_SWITCH] = 2;
    return R_UNDEF;
}

NATIVE(ally_switch)
{
    say1(c, LINE_FAIL, e->source, SAY_MOVE_FULL | e->a->number);
    say_mark(c, SAID_STILL);
    return R_NOT_FAIL;
}

NATIVE(perish_song)
{
    bool any = false, told = false;
    for (int t = 0; t < 2; t++) {
        if (c->mon[t]->flags & MON_FAINT_TOLD)
            continue;
        if (event(c, EV_invulnerability, t, e->source, OWN_REF, e->a) == R_FALSE) {
            say1(c, LINE_MISS, e->source, SAY_WHO | who(c, t));
            any = true;
        } else if (event(c, EV_try_hit, t, e->source, OWN_REF, e->a) == R_NULL) {
            any = true;
        } else if (!has(c, t, VOL_PERISH)) {
            add_volatile(c, t, VOL_PERISH, e->source, OWN_REF);
            struct battle_event *line = say1(c, LINE_START, t, SAY_WORD | WORD_PERISH3);
            if (line)
                line->marks = SAID_SILENT;
            any = told = true;
        }
    }
    if (!any)
        return R_FALSE;
    if (told)
        say1(c, LINE_FIELD_ACTIVATE, NOBODY, SAY_MOVE_FULL | e->a->number);
    return R_UNDEF;
}

NATIVE(heal_bell)
{
    struct battle_side *s = &c->b->sides[e->source];
    const int t = e->source;
    bool any = false;
    say1(c, LINE_ACTIVATE, t, SAY_MOVE_FULL | e->a->number);
    /* who is out comes first, as the team stands */
    for (int k = 0; k < s->size; k++) {
        const int slot = s->standing[k];
        struct battle_mon *m = &s->party[slot];
        if (!m->hp || !m->status)
            continue;
        struct battle_event *line = say1(c, LINE_CURE, t, REF_STATUS(m->status));
        if (line)
            line->marks = SAID_MSG;
        if (line && k)
            line->who = who_benched(c, t, slot);
        seen_cured(c, t, slot);
        forget_status(m);
        any = true;
        changed(c, t);
    }
    return any ? R_TRUE : R_FALSE;
}

NATIVE(sparkling_aria)
{
    for (int t = 0; t < 2; t++)
        if (has(c, t, VOL_SPARKLING_ARIA)) {
            const bool cures = alive(c, e->target) && t != e->target && !e->a->has_sheer_force && alive(c, t);
            drop_volatile(c, t, VOL_SPARKLING_ARIA);
            if (cures && c->mon[t]->status == STATUS_BRN)
                cure_status(c, t, false);
        }
    return R_UNDEF;
}

NATIVE(future)
{
    if (c->b->sides[e->source].future_turns)
        return R_FALSE;
    set_slot(c, e->source, SLOT_FUTURE, e->target, OWN_REF, e->a);
    const bool full = e->a->number == M(futuresight);
    say1(c, LINE_START, e->target, (unsigned)(full ? SAY_MOVE_FULL : SAY_MOVE) | e->a->number);
    return R_NOT_FAIL;
}

const struct native natives_moves_field[] = {
    LISTED(defog),       LISTED(tidy_up),     LISTED(court_change), LISTED(ally_switch_tries),
    LISTED(ally_switch), LISTED(perish_song), LISTED(heal_bell),    LISTED(sparkling_aria),
    LISTED(future),      {NULL, NULL}};
