/*
 * choices.c - what a side may choose, and what it chose as actions in the queue.
 */
#include "turn.h"

/* ------------------------------------------------------------------------------------------------ requests --- */

static uint32_t switches(const struct battle_side *s)
{
    unsigned mask = 0;
    for (int i = 0; i < s->size; i++)
        if (i != s->active && s->party[i].hp)
            mask |= 1u << (BATTLE_CHOICE_SWITCH + i);
    return mask;
}

bool locked_move(struct ctx *c, int t, unsigned *move)
{
    if (!heard(c, EV_lock_move, t, NOBODY))
        return false;
    int r = event(c, EV_lock_move, t, NOBODY, REF_NONE, NULL);
    if (r <= 0 || (r > c->dex->moves_n && r != 0xfff)) /* 0xfff: it recharges */
        return false;
    *move = (unsigned)r;
    return true;
}

static uint32_t move_choices(struct ctx *c, int t)
{
    const struct battle_side *s = &c->b->sides[t];
    unsigned mask = 0, move;
    if (locked_move(c, t, &move))
        return 1u << BATTLE_CHOICE_FORCED;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (slot_move(c, t, i) && *slot_pp(c, t, i) && !(c->on[t]->disabled >> i & 1))
            mask |= 1u << i;
    const unsigned moves = mask;
    if (!mask)
        mask = 1u << BATTLE_CHOICE_FORCED;
    if (!c->on[t]->trapped)
        mask |= switches(s);
    if (c->dex->generation_tera && !(s->once & ONCE_TERA) && may_tera(c, t))
        mask |= moves << BATTLE_CHOICE_TERA;
    return mask;
}

void ask_moves(struct ctx *c)
{
    c->b->phase = BATTLE_CHOOSING;
    for (int i = 0; i < 2; i++) {
        c->b->sides[i].queued = BATTLE_NOTHING_QUEUED;
        set_choices(&c->b->sides[i], move_choices(c, i));
    }
}

static uint32_t revivals(const struct battle_side *s)
{
    unsigned mask = 0;
    for (int i = 0; i < s->size; i++)
        if (s->party[i].flags & MON_FAINT_TOLD)
            mask |= 1u << (BATTLE_CHOICE_SWITCH + i);
    return mask;
}

/* What is left of the turn is stored and comes back with the next step. */
static void store_queue(struct ctx *c)
{
    for (int i = 0; i < 2; i++) {
        struct battle_side *s = &c->b->sides[i];
        s->queued = BATTLE_NOTHING_QUEUED;
        for (int k = 0; k < c->queue_n; k++) {
            const struct action *a = &c->queue[k];
            if (a->side != i || (a->kind != ACT_MOVE && a->kind != ACT_SWITCH))
                continue;
            s->queued = (uint8_t)(a->kind == ACT_SWITCH ? BATTLE_CHOICE_SWITCH + a->arg
                                  : a->locked           ? BATTLE_CHOICE_FORCED
                                                        : a->arg);
            s->queued_fraction = a->fraction;
        }
    }
}

void ask_switches(struct ctx *c, const bool asked[2], bool midway)
{
    c->b->phase = midway ? BATTLE_PIVOT : BATTLE_REPLACE;
    for (int i = 0; i < 2; i++) {
        struct battle_side *s = &c->b->sides[i];
        const bool revives = s->replacing >> SLOT_REVIVAL_BLESSING & 1;
        set_choices(s, !asked[i] ? 0 : revives ? revivals(s) : switches(s));
    }
    store_queue(c);
    c->asked = true;
}

/* What a stored battle would offer: turn by turn it is what the engine stored itself. */
void battle_offered(struct battle *b, const struct dex *dex, uint32_t out[2])
{
    struct ctx c;
    ctx_begin(&c, b, dex, NULL);
    for (int i = 0; i < 2; i++) {
        const struct battle_side *s = &b->sides[i];
        const bool revives = s->replacing >> SLOT_REVIVAL_BLESSING & 1;
        if (b->phase == BATTLE_CHOOSING)
            out[i] = alive(&c, i) ? move_choices(&c, i) : 0;
        else
            out[i] = !stored_choices(s) ? 0 : revives ? revivals(s) : switches(s);
    }
    if (b->phase != BATTLE_CHOOSING && !out[0] && !out[1])
        out[0] = UINT32_MAX; /* somebody must be asked */
}

uint32_t battle_choices(const struct battle *b, const struct dex *dex, int side)
{
    (void)dex;
    return stored_choices(&b->sides[side]);
}

/* -------------------------------------------------------------------------------------------------- commit --- */

static unsigned chosen_move(struct ctx *c, int t, int choice, bool *locked)
{
    unsigned move;
    *locked = locked_move(c, t, &move);
    if (*locked)
        return move;
    *locked = choice == BATTLE_CHOICE_FORCED;
    return *locked ? M(struggle) : slot_move(c, t, choice);
}

void commit_move(struct ctx *c, int t, int choice)
{
    const bool tera = choice >= BATTLE_CHOICE_TERA;
    const int slot = tera ? choice - BATTLE_CHOICE_TERA : choice;
    bool locked;
    const unsigned move = chosen_move(c, t, slot, &locked);
    struct action extra[3];
    int n = 0;
    const unsigned row = move == 0xfff ? 0 : move;
    if (move_listens(c, row, EV_priority_charge))
        extra[n++].kind = ACT_CHARGE_MOVE;
    if (tera)
        extra[n++].kind = ACT_TERA;
    if (move_listens(c, row, EV_before_turn_move))
        extra[n++].kind = ACT_BEFORE_TURN_MOVE;
    for (int i = 0; i < n; i++) {
        struct action *a = queue_add(c, (enum action_kind)extra[i].kind, t, slot);
        a->move = (uint16_t)move;
        action_time(c, a);
    }
    struct action *a = queue_add(c, ACT_MOVE, t, slot);
    a->move = (uint16_t)move;
    a->locked = locked;
    struct attack attack;
    if (heard(c, EV_fractional_priority, t, NOBODY)) {
        attack_init(c, &attack, row, t);
        a->fraction =
            (int8_t)(event_number(c, EV_fractional_priority, t, NOBODY, (ref)(REF_MOVE | move), &attack, 64) - 64);
    }
    action_time(c, a);
}

void commit_switch(struct ctx *c, int t, int slot)
{
    struct action *a = queue_add(c, ACT_SWITCH, t, slot);
    action_time(c, a);
}

/* The stored rest of a halted turn, behind what was just chosen. */
void restore_queue(struct ctx *c, const uint8_t queued[2])
{
    for (int t = 0; t < 2; t++) {
        if (queued[t] == BATTLE_NOTHING_QUEUED)
            continue;
        if (queued[t] >= BATTLE_CHOICE_SWITCH) {
            commit_switch(c, t, queued[t] - BATTLE_CHOICE_SWITCH);
            continue;
        }
        bool locked;
        const unsigned move = chosen_move(c, t, queued[t], &locked);
        struct action *a = queue_add(c, ACT_MOVE, t, queued[t]);
        a->move = (uint16_t)move;
        a->locked = locked;
        a->fraction = c->b->sides[t].queued_fraction;
        action_time(c, a);
    }
}
