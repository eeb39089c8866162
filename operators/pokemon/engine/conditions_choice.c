/*
 * conditions_choice.c - hooks of conditions about which move may be chosen and used.
 */
#include "conditions.h"

static void bar(struct ctx *c, int t, int slot)
{
    c->on[t]->disabled |= (uint8_t)(1u << slot);
}

static int flinch_before(struct ctx *c, struct call *e)
{
    say1(c, LINE_CANT, e->target, SAY_WORD | WORD_FLINCH);
    event(c, EV_flinch, e->target, NOBODY, REF_NONE, e->a);
    return R_FALSE;
}

static int recharge_before(struct ctx *c, struct call *e)
{
    say1(c, LINE_CANT, e->target, SAY_WORD | WORD_RECHARGE);
    remove_volatile(c, e->target, VOL_RECHARGE);
    if (has(c, e->target, VOL_TRUANT))
        drop_volatile(c, e->target, VOL_TRUANT);
    return R_NULL;
}

static int lock_recharge(struct ctx *c, struct call *e)
{
    (void)c;
    (void)e;
    return 0xfff; /* no move at all */
}

static int taunt_before(struct ctx *c, struct call *e)
{
    if (e->a->category != MOVE_STATUS || e->a->z || e->a->number == M(mefirst))
        return R_UNDEF;
    return say_cant(c, e->target, SAY_COND_FULL | (e->self & REF_NUMBER), SAY_MOVE | e->a->number);
}

static int taunt_moves(struct ctx *c, struct call *e)
{
    for (int i = 0; i < BATTLE_MOVES; i++) {
        unsigned m = slot_move(c, e->target, i);
        if (m && move_row(c, m)->category == MOVE_STATUS && m != M(mefirst))
            bar(c, e->target, i);
    }
    return R_UNDEF;
}

static int chop_before(struct ctx *c, struct call *e)
{
    return flagged(e->a, MF_SOUND) && !e->a->z ? say_cant(c, e->target, SAY_COND_FULL | (e->self & REF_NUMBER), 0)
                                               : R_UNDEF;
}

static int chop_moves(struct ctx *c, struct call *e)
{
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (move_row(c, slot_move(c, e->target, i))->flags & DEX_BIT(MF_SOUND))
            bar(c, e->target, i);
    return R_UNDEF;
}

static int torment_moves(struct ctx *c, struct call *e)
{
    const unsigned last = c->on[e->target]->last_move;
    int slot = move_slot(c, e->target, last);
    if (slot >= 0 && last != M(struggle))
        bar(c, e->target, slot);
    return R_UNDEF;
}

static int disable_before(struct ctx *c, struct call *e)
{
    if (e->a->number != c->on[e->target]->disable_move || e->a->z)
        return R_UNDEF;
    return say_cant(c, e->target, e->self, SAY_MOVE | e->a->number);
}

static int disable_moves(struct ctx *c, struct call *e)
{
    int slot = move_slot(c, e->target, c->on[e->target]->disable_move);
    if (slot >= 0)
        bar(c, e->target, slot);
    return R_UNDEF;
}

static void only(struct ctx *c, int t, unsigned move)
{
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (slot_move(c, t, i) != move)
            bar(c, t, i);
}

static int encore_action(struct ctx *c, struct call *e)
{
    const unsigned move = c->on[e->target]->encore_move;
    return e->a->number != move ? (int)move : R_UNDEF;
}

static int encore_residual(struct ctx *c, struct call *e)
{
    int slot = move_slot(c, e->target, c->on[e->target]->encore_move);
    if (slot < 0 || !*slot_pp(c, e->target, slot))
        remove_volatile(c, e->target, VOL_ENCORE);
    return R_UNDEF;
}

static int encore_moves(struct ctx *c, struct call *e)
{
    const unsigned move = c->on[e->target]->encore_move;
    if (move_slot(c, e->target, move) >= 0)
        only(c, e->target, move);
    return R_UNDEF;
}

int say_held(struct ctx *c, int t, unsigned move)
{
    struct battle_event *line = say2(c, LINE_MOVE, t, SAY_MOVE | move, SAY_WORD | WORD_NONE);
    if (line)
        line->marks = SAID_STILL;
    say(c, LINE_FAIL, t);
    return R_FALSE;
}

static bool choice_item(const struct ctx *c, int t)
{
    return c->dex->items[c->mon[t]->item].marks & DEX_BIT(MARK_CHOICE);
}

static int choice_before(struct ctx *c, struct call *e)
{
    const int t = e->target;
    if (!choice_item(c, t)) {
        drop_volatile(c, t, VOL_CHOICE_LOCK);
        return R_UNDEF;
    }
    fresh(c);
    if (c->item_off[t] || e->a->number == c->on[t]->choice_move || e->a->number == M(struggle))
        return R_UNDEF;
    return say_held(c, t, e->a->number);
}

static int choice_moves(struct ctx *c, struct call *e)
{
    const int t = e->target;
    if (!choice_item(c, t) || move_slot(c, t, c->on[t]->choice_move) < 0) {
        drop_volatile(c, t, VOL_CHOICE_LOCK);
        return R_UNDEF;
    }
    fresh(c);
    if (!c->item_off[t])
        only(c, t, c->on[t]->choice_move);
    return R_UNDEF;
}

static int imprison_moves(struct ctx *c, struct call *e)
{
    for (int i = 0; i < BATTLE_MOVES; i++) {
        int slot = move_slot(c, e->target, slot_move(c, e->holder, i));
        if (slot >= 0)
            bar(c, e->target, slot);
    }
    return R_UNDEF;
}

static int imprison_before(struct ctx *c, struct call *e)
{
    if (e->a->number == M(struggle) || e->a->z || move_slot(c, e->holder, e->a->number) < 0)
        return R_UNDEF;
    return say_cant(c, e->target, SAY_COND_FULL | (e->self & REF_NUMBER), SAY_MOVE | e->a->number);
}

const struct native_hook condition_hooks_choice[] = {
    {VOL(FLINCH), EV_before_move, ROLE_SELF, 8, 0, 0, flinch_before},
    {VOL(RECHARGE), EV_before_move, ROLE_SELF, 11, 0, 0, recharge_before},
    {VOL(RECHARGE), EV_lock_move, ROLE_SELF, 0, 0, 0, lock_recharge},
    {VOL(TAUNT), EV_before_move, ROLE_SELF, 5, 0, 0, taunt_before},
    {VOL(TAUNT), EV_disable_move, ROLE_SELF, 0, 0, 0, taunt_moves},
    {VOL(THROAT_CHOP), EV_before_move, ROLE_SELF, 6, 0, 0, chop_before},
    {VOL(THROAT_CHOP), EV_modify_move, ROLE_SELF, 0, 0, 0, chop_before},
    {VOL(THROAT_CHOP), EV_disable_move, ROLE_SELF, 0, 0, 0, chop_moves},
    {VOL(TORMENT), EV_disable_move, ROLE_SELF, 0, 0, 0, torment_moves},
    {VOL(DISABLE), EV_before_move, ROLE_SELF, 7, 0, 0, disable_before},
    {VOL(DISABLE), EV_disable_move, ROLE_SELF, 0, 0, 0, disable_moves},
    {VOL(ENCORE), EV_override_action, ROLE_SELF, 0, 0, 0, encore_action},
    {VOL(ENCORE), EV_residual, ROLE_SELF, 0, 16, 0, encore_residual},
    {VOL(ENCORE), EV_disable_move, ROLE_SELF, 0, 0, 0, encore_moves},
    {VOL(CHOICE_LOCK), EV_before_move, ROLE_SELF, 0, 0, 0, choice_before},
    {VOL(CHOICE_LOCK), EV_disable_move, ROLE_SELF, 0, 0, 0, choice_moves},
    {VOL(IMPRISON), EV_disable_move, ROLE_FOE, 0, 0, 0, imprison_moves},
    {VOL(IMPRISON), EV_before_move, ROLE_FOE, 4, 0, 0, imprison_before},
    {0, EV_NONE, 0, 0, 0, 0, NULL}};
