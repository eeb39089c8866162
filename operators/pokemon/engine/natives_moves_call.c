/*
 * natives_moves_call.c - moves that call, learn or repeat others, and those that look at what was used.
 */
#include "natives_moves.h"

NATIVE(sleep_talk)
{
    uint16_t list[BATTLE_MOVES];
    uint32_t n = 0;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        const unsigned m = slot_move(c, e->target, i);
        if (m && !(move_row(c, m)->flags & (DEX_BIT(MF_NOSLEEPTALK) | DEX_BIT(MF_CHARGE))))
            list[n++] = (uint16_t)m;
    }
    if (!n)
        return R_FALSE;
    use_move(c, list[draw(c, 0, n, DRAW_MOVE)], e->target, NOBODY, OWN_REF, e->a);
    return R_UNDEF;
}

NATIVE(copycat)
{
    const unsigned last = c->b->last_move;
    if (!last)
        return R_UNDEF;
    if (move_row(c, last)->flags & DEX_BIT(MF_FAILCOPYCAT) || c->b->last_z)
        return R_FALSE;
    use_move(c, last, e->target, NOBODY, OWN_REF, e->a);
    return R_UNDEF;
}

/* Any move that may be called, in the order of the games' numbers. */
NATIVE(metronome_calls)
{
    const uint32_t n = c->dex->metronome_n;
    if (!n)
        return R_FALSE;
    use_move(c, c->dex->metronome[draw(c, 0, n, DRAW_MOVE)], e->target, NOBODY, OWN_REF, e->a);
    return R_UNDEF;
}

/* The action is made up as at the beginning of a turn: Quick Claw may show, and of Counter only what comes before
 * the turn is carried out at once. */
static void instructed(struct ctx *c, unsigned move, int t)
{
    struct attack a;
    attack_init(c, &a, move, t);
    if (heard(c, EV_fractional_priority, t, NOBODY))
        event_number(c, EV_fractional_priority, t, NOBODY, (ref)(REF_MOVE | move), &a, 64);
    queue_first(c, move_listens(c, move, EV_before_turn_move) ? ACT_BEFORE_TURN_MOVE : ACT_MOVE, move, t);
}

NATIVE(instruct)
{
    const int t = e->target;
    const unsigned last = c->on[t]->last_move;
    const uint64_t bad = DEX_BIT(MF_FAILINSTRUCT) | DEX_BIT(MF_CHARGE) | DEX_BIT(MF_RECHARGE);
    const int slot = move_slot(c, t, last);
    if (!last || c->on[t]->last_z || move_row(c, last)->flags & bad || has(c, t, VOL_BEAK_BLAST) ||
        has(c, t, VOL_FOCUS_PUNCH) || has(c, t, VOL_SHELL_TRAP) || (slot >= 0 && !*slot_pp(c, t, slot)))
        return R_FALSE;
    struct battle_event *line = say1(c, LINE_SINGLE_TURN, t, SAY_MOVE_FULL | e->a->number);
    if (line)
        line->of = who(c, e->source);
    instructed(c, last, t);
    return R_UNDEF;
}

static int learn(struct ctx *c, struct call *e, bool for_good)
{
    const int t = e->source, slot = move_slot(c, t, e->a->number);
    const unsigned last = c->on[e->target]->last_move;
    const uint64_t bad = DEX_BIT(for_good ? MF_NOSKETCH : MF_FAILMIMIC);
    if (has(c, t, VOL_TRANSFORMED) || !last || c->on[e->target]->last_z || move_row(c, last)->flags & bad ||
        move_slot(c, t, last) >= 0 || slot < 0)
        return R_FALSE;
    struct battle_active *on = c->on[t];
    tactics_lose(c, t, slot);
    on->moves[slot] = (uint16_t)last;
    on->used &= (uint8_t) ~(1u << slot); /* Last Resort asks */
    if (for_good) {
        c->mon[t]->moves[slot] = (uint16_t)last;
        c->mon[t]->pp[slot] = move_row(c, last)->base_pp;
        c->mon[t]->stellar_used[2] |= (uint8_t)(1u << (MON_SKETCHED + slot));
        reveal(c, t, (unsigned)MON_MOVE_KNOWN << slot);
        say2(c, LINE_ACTIVATE, t, SAY_MOVE_FULL | e->a->number, SAY_MOVE | last);
    } else {
        on->virtual_moves |= (uint8_t)(1u << slot);
        on->pp[slot] = move_row(c, last)->base_pp;
        say2(c, LINE_START, t, SAY_WORD | WORD_MIMIC, SAY_MOVE | last);
    }
    return R_UNDEF;
}

NATIVE(mimic)
{
    return learn(c, e, false);
}

NATIVE(sketch)
{
    return learn(c, e, true);
}

NATIVE(others_used) /* Last Resort */
{
    const int t = e->target;
    int n = 0;
    bool own = false;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        const unsigned m = slot_move(c, t, i);
        n += m != 0;
        if (m == e->a->number)
            own = true;
        else if (m && !(c->on[t]->used >> i & 1))
            return R_FALSE;
    }
    return n >= 2 && own ? R_UNDEF : R_FALSE;
}

NATIVE(can_disable)
{
    const unsigned last = c->on[e->target]->last_move;
    return !last || last == M(struggle) || c->on[e->target]->last_z ? R_FALSE : R_UNDEF;
}

NATIVE(joins_round) /* who is to sing as well does so next: the foe, or itself, when it was told to sing at once */
{
    for (int i = 0; i < c->queue_n; i++) {
        struct action *a = &c->queue[i];
        if (a->kind != ACT_MOVE || a->move != e->a->number || a->z)
            continue;
        queue_next(c, a);
        break;
    }
    return R_UNDEF;
}

const struct native natives_moves_call[] = {
    LISTED(sleep_talk), LISTED(copycat),     LISTED(metronome_calls), LISTED(instruct),    LISTED(mimic),
    LISTED(sketch),     LISTED(others_used), LISTED(can_disable),     LISTED(joins_round), {NULL, NULL}};
