/*
 * choices.c - what a side may choose, and what it chose as actions in the queue.
 */
#include "turn.h"

/* ------------------------------------------------------------------------------------------------ requests --- */

static uint32_t switches(const struct battle_side *s)
{
    unsigned fit = 0;
    for (int i = 0; i < BATTLE_PARTY; i++) /* no branches: nobody can foretell them */
        fit |= (unsigned)(s->party[i].hp != 0) << i;
    return (fit & ((1u << s->size) - 1) & ~(1u << s->active)) << BATTLE_CHOICE_SWITCH;
}

bool find_locked_move(struct ctx *c, int t, unsigned *move)
{
    int r = event(c, EV_lock_move, t, NOBODY, REF_NONE, NULL);
    if (r <= 0 || (r > c->dex->moves_n && r != 0xfff)) /* 0xfff: it recharges */
        return false;
    *move = (unsigned)r;
    return true;
}

/* Bit i: number i of the four is not 0.  Its highest bit says so at first, and those are brought together. */
static unsigned which_of_bytes(const uint8_t four[4])
{
    const uint32_t most = 0x7f7f7f7fu;
    uint32_t all;
    memcpy(&all, four, sizeof all);
    return ((((all & most) + most) | all) >> 7 & 0x01010101u) * 0x01020408u >> 24;
}
static unsigned which_of_words(const uint16_t four[4])
{
    const uint64_t most = 0x7fff7fff7fff7fffu, gather = 1ull << 48 | 1ull << 33 | 1ull << 18 | 1ull << 3;
    uint64_t all;
    memcpy(&all, four, sizeof all);
    return (unsigned)(((((all & most) + most) | all) >> 15 & 0x0001000100010001u) * gather >> 48);
}

/* Which of its moves have PP left, a bit each. */
static unsigned usable(const struct battle_active *on, const struct battle_mon *m)
{
    uint8_t pp[BATTLE_MOVES];
    memcpy(pp, m->pp, sizeof pp);
    for (unsigned i = 0; i < BATTLE_MOVES && on->virtual_moves; i++)
        if (on->virtual_moves >> i & 1)
            pp[i] = on->pp[i];
    return which_of_words(on->moves) & which_of_bytes(pp);
}

static uint32_t move_choices(struct ctx *c, int t)
{
    const struct battle_side *s = &c->b->sides[t];
    unsigned move;
    if (locked_move(c, t, &move))
        return 1u << BATTLE_CHOICE_FORCED;
    const unsigned moves = usable(c->on[t], c->mon[t]) & ~(unsigned)c->on[t]->disabled;
    unsigned mask = moves;
    if (HAS_GIMMICKS && moves && may_mega(c, t))
        mask |= moves << BATTLE_CHOICE_MEGA;
    for (int i = 0; HAS_GIMMICKS && c->dex->z_moves && moves && i < BATTLE_MOVES; i++)
        mask |= (unsigned)(z_move_of(c, t, i) != 0) << (BATTLE_CHOICE_Z + i);
    if (!moves)
        mask = 1u << BATTLE_CHOICE_FORCED;
    if (!c->on[t]->trapped)
        mask |= switches(s);
    if (HAS_GIMMICKS && c->dex->generation_tera && !(s->once & ONCE_TERA) && may_tera(c, t))
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

/* What is still to be done before the move of a side: what is added to the number of its choice. */
static int with_it(const struct ctx *c, int side)
{
    for (int k = 0; k < c->queue_n; k++)
        if (c->queue[k].side == side && (c->queue[k].kind == ACT_MEGA || c->queue[k].kind == ACT_TERA))
            return c->queue[k].kind == ACT_MEGA ? BATTLE_CHOICE_MEGA : BATTLE_CHOICE_TERA;
    return 0;
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
                                  : a->locked & 1       ? BATTLE_CHOICE_FORCED
                                  : a->z                ? BATTLE_CHOICE_Z + a->arg
                                                        : a->arg + with_it(c, i));
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

/* What comes with the move of a choice: the first number of its kind, 0 nothing. */
static int choice_with(int choice)
{
    return choice >= BATTLE_CHOICE_Z      ? BATTLE_CHOICE_Z
           : choice >= BATTLE_CHOICE_MEGA ? BATTLE_CHOICE_MEGA
           : choice >= BATTLE_CHOICE_TERA ? BATTLE_CHOICE_TERA
                                          : 0;
}

/* The slot of its move. */
static int choice_slot(int choice)
{
    return choice - choice_with(choice);
}

/* What comes before a move: its charging, Terastallization, and so on. */
static APART void commit_extras(struct ctx *c, int t, int slot, unsigned move, int with, bool z)
{
    struct action extra[3];
    int n = 0;
    const unsigned row = move == 0xfff ? 0 : move;
    if (move_listens(c, row, EV_priority_charge) && !z)
        extra[n++].kind = ACT_CHARGE_MOVE;
    if (with == BATTLE_CHOICE_TERA || (with == BATTLE_CHOICE_MEGA && !sky_dropped(c, t)))
        extra[n++].kind = with == BATTLE_CHOICE_TERA ? ACT_TERA : ACT_MEGA;
    if (move_listens(c, row, EV_before_turn_move) && !z)
        extra[n++].kind = ACT_BEFORE_TURN_MOVE;
    for (int i = 0; i < n; i++) {
        struct action *a = queue_add(c, (enum action_kind)extra[i].kind, t, slot);
        a->move = (uint16_t)move;
        action_time(c, a);
    }
}

/* Quick Claw and its kind. */
static APART int ask_fraction(struct ctx *c, int t, unsigned move)
{
    struct attack attack;
    attack_init(c, &attack, move == 0xfff ? 0 : move, t);
    return event_number(c, EV_fractional_priority, t, NOBODY, (ref)(REF_MOVE | move), &attack, 64) - 64;
}

void commit_move(struct ctx *c, int t, int choice)
{
    const int with = choice_with(choice), slot = choice_slot(choice);
    bool locked;
    const unsigned move = chosen_move(c, t, slot, &locked);
    const unsigned z = with == BATTLE_CHOICE_Z ? z_move_of(c, t, slot) : 0;
    const unsigned row = move == 0xfff ? 0 : move;
    if (with || c->rules->acts_early[row])
        commit_extras(c, t, slot, move, with, z);
    struct action *a = queue_add(c, ACT_MOVE, t, slot);
    a->move = (uint16_t)move;
    a->z = (uint16_t)z;
    a->locked = locked;
    if (heard(c, EV_fractional_priority, t, NOBODY))
        a->fraction = (int8_t)ask_fraction(c, t, move);
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
        if (queued[t] >= BATTLE_CHOICE_SWITCH && queued[t] < BATTLE_CHOICE_TERA) {
            commit_switch(c, t, queued[t] - BATTLE_CHOICE_SWITCH);
            continue;
        }
        bool locked;
        const int with = choice_with(queued[t]), slot = choice_slot(queued[t]);
        const unsigned move = chosen_move(c, t, slot, &locked);
        if (with == BATTLE_CHOICE_TERA || with == BATTLE_CHOICE_MEGA)
            action_time(c, queue_add(c, with == BATTLE_CHOICE_TERA ? ACT_TERA : ACT_MEGA, t, slot));
        struct action *a = queue_add(c, ACT_MOVE, t, slot);
        a->move = (uint16_t)move;
        a->z = (uint16_t)(with == BATTLE_CHOICE_Z ? z_move_of(c, t, slot) : 0);
        a->locked = locked;
        a->fraction = c->b->sides[t].queued_fraction;
        action_time(c, a);
    }
}
