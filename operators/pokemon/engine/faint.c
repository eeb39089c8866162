/*
 * faint.c - who fainted, and who won.
 */
#include "seen.h"
#include "turn.h"

/* ------------------------------------------------------------------------------------------------- the end --- */

/* Mostly it is the active one that is left. */
static bool team_left(const struct ctx *c, int side)
{
    const struct battle_side *s = &c->b->sides[side];
    if (side != c->falling && !(s->party[s->active].flags & MON_FAINT_TOLD))
        return true;
    for (int i = 0; i < s->size; i++)
        if (!(s->party[i].flags & MON_FAINT_TOLD) && !(side == c->falling && i == s->active))
            return true;
    return false;
}

bool foe_left(const struct ctx *c, int t)
{
    return team_left(c, foe_of(c, t));
}

void end_battle(struct ctx *c, enum battle_winner winner)
{
    struct battle *b = c->b;
    b->phase = BATTLE_ENDED;
    b->winner = (uint8_t)winner;
    for (int i = 0; i < 2; i++) {
        set_choices(&b->sides[i], 0);
        b->sides[i].queued = BATTLE_NOTHING_QUEUED;
    }
    c->ended = true;
    struct battle_event *e = say(c, winner == BATTLE_DRAW ? LINE_TIE : LINE_WIN, NOBODY);
    if (e && winner == BATTLE_WON_1)
        e->arg[0] = 1;
}

bool decide_win(struct ctx *c, int last)
{
    const bool left[2] = {team_left(c, 0), team_left(c, 1)};
    if (left[0] && left[1])
        return false;
    if (c->ended)
        return true;
    if (!left[0] && !left[1])
        end_battle(c, c->dex->last_faint_draws || last == NOBODY ? BATTLE_DRAW : last ? BATTLE_WON_1 : BATTLE_WON_0);
    else
        end_battle(c, left[0] ? BATTLE_WON_0 : BATTLE_WON_1);
    return true;
}

/* After the turn cap. */
void end_by_cap(struct ctx *c)
{
    uint64_t left[2] = {0, 0};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < c->b->sides[i].size; j++) {
            const struct battle_mon *m = &c->b->sides[i].party[j];
            left[i] += ((uint64_t)m->hp << 20) / m->hp_max;
        }
    if (!c->dex->cap_by_hp)
        end_battle(c, BATTLE_DRAW);
    else
        end_battle(c, left[0] > left[1] ? BATTLE_WON_0 : left[0] < left[1] ? BATTLE_WON_1 : BATTLE_DRAW);
}

/* ------------------------------------------------------------------------------------------------ fainting --- */

static void fall(struct ctx *c, int t, int by, ref cause)
{
    struct battle_mon *m = c->mon[t];
    struct battle_side *s = &c->b->sides[t];
    say(c, LINE_FAINT, t);
    seen_leave(c, t);
    if (s->fainted < 100)
        s->fainted++;
    m->flags |= MON_FAINT_TOLD;
    struct call e = {.event = EV_faint,
                     .target = (int8_t)t,
                     .source = (int8_t)by,
                     .cause = cause,
                     .value = R_TRUE,
                     .mod = 4096,
                     .a = c->attack};
    m->flags &= (uint16_t)~MON_FAINT_TOLD;
    c->falling = (int8_t)t;
    if (heard(c, EV_faint, t, by))
        dispatch(c, &e);
    end_effects(c, t);
    c->falling = NOBODY;
    const bool regresses = m->flags & MON_REGRESS;
    if (regresses && !has(c, t, VOL_TRANSFORMED))
        regress(c, m);
    m->flags |= MON_FAINT_TOLD;
    clear_active(c, t);
    c->fell_with[t] = m->status;
    forget_status(m);
    m->flags &= (uint16_t) ~(MON_TERASTALLIZED | MON_REGRESS);
    if (regresses)
        say_details(c, LINE_DETAILS, t);
    s->fainted_this_turn = 1;
    changed(c, t);
}

bool tell_fainted(struct ctx *c, bool decide)
{
    int last = NOBODY, n = 0, by = NOBODY;
    ref cause = REF_NONE;
    const int length = c->fainted_n;
    while (n < c->fainted_n) {
        int t = c->fainted[n].side;
        by = c->fainted[n].by;
        cause = c->fainted[n].cause;
        const int before = c->fainted_n;
        if (!(c->mon[t]->flags & MON_FAINT_TOLD)) {
            fall(c, t, by, cause);
            if (c->fainted_n > before)
                decide = true;
            last = t;
        }
        n++;
    }
    c->fainted_n = 0;
    c->undecided |= !decide;
    if (decide && check_win(c, last))
        return true;
    if (last != NOBODY && length) {
        struct call e = {.event = EV_after_faint,
                         .target = (int8_t)last,
                         .source = (int8_t)by,
                         .cause = cause,
                         .value = length,
                         .mod = 4096,
                         .a = c->attack};
        if (heard(c, EV_after_faint, last, by))
            dispatch(c, &e);
    }
    return false;
}
