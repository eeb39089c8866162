/*
 * effect.c - what moves and residual effects do to Pokémon and sides: HP, status, stages, volatiles, side
 * conditions, coming and going.  move.c decides when.
 */
#include "internal.h"

void types_of(const struct ctx *c, int side, uint8_t out[2])
{
    const struct dex_species *sp = &c->dex->species[mon_of_const(c->b, side)->species];
    out[0] = sp->types[0];
    out[1] = sp->types[1];
    if (has(&c->b->sides[side], VOL_ROOST)) { /* not Flying for this turn; purely Flying ones become Normal */
        if (out[1] == TYPE_FLYING)
            out[1] = TYPE_NONE;
        if (out[0] == TYPE_FLYING) {
            out[0] = out[1] ? out[1] : TYPE_NORMAL;
            out[1] = TYPE_NONE;
        }
    }
}

bool has_type(const struct ctx *c, int side, int type)
{
    uint8_t t[2];
    types_of(c, side, t);
    return t[0] == type || t[1] == type;
}

bool grounded(const struct ctx *c, int side)
{
    return has(&c->b->sides[side], VOL_INGRAIN) || !has_type(c, side, TYPE_FLYING);
}

uint32_t speed_of(const struct battle *b, int side)
{
    const struct battle_side *s = &b->sides[side];
    const struct battle_mon *m = &s->party[s->active];
    uint32_t speed = apply_stage(m->stats[STAT_SPE], s->on.boosts[STAT_SPE]);
    if (s->conditions[SIDE_TAILWIND])
        speed *= 2;
    if (m->status == STATUS_PAR)
        speed /= 2;
    return speed > 10000 ? 10000 : speed;
}

/* In 13 bits, as in the games. */
uint32_t order_speed(const struct battle *b, int side)
{
    uint32_t speed = mon_of_const(b, side)->hp ? speed_of(b, side) : mon_of_const(b, side)->stats[STAT_SPE];
    return (b->trick_room ? 10000 - speed : speed) & 8191;
}

bool out_of_reach(const struct ctx *c, int side)
{
    const struct battle_side *s = &c->b->sides[side];
    return has(s, VOL_CHARGING) && c->dex->moves[s->on.lock_move].op >= OP_FLY &&
           c->dex->moves[s->on.lock_move].op <= OP_VANISH;
}

/* ---------------------------------------------------------------------------------------------------- HP --- */

void queue_faint(struct ctx *c, int side)
{
    for (int i = 0; i < c->fainted_n; i++)
        if (c->fainted[i] == side)
            return;
    if (c->fainted_n < 2)
        c->fainted[c->fainted_n++] = (uint8_t)side;
}

/* Takes HP from the active one; returns how many. */
unsigned hurt(struct ctx *c, int side, unsigned damage, enum battle_why why, unsigned other)
{
    struct battle_mon *m = mon_of(c->b, side);
    if (!m->hp)
        return 0;
    if (!damage)
        damage = 1;
    if (damage > m->hp)
        damage = m->hp;
    m->hp = (uint16_t)(m->hp - damage);
    if (why != WHY_DIRECT && why != WHY_STRUGGLE)
        c->b->sides[side].on.hurt = 1;
    if (c->log) {
        struct battle_event *e = log_event(c, EV_DAMAGE, who(c->b, side), other);
        e->a = m->hp;
        e->b = c->b->sides[side].on.bound_by;
        e->why = (uint8_t)why;
    }
    if (!m->hp)
        queue_faint(c, side);
    return damage;
}

bool heal(struct ctx *c, int side, unsigned hp, enum battle_why why, unsigned other)
{
    struct battle_mon *m = mon_of(c->b, side);
    if (!m->hp || m->hp >= m->hp_max)
        return false;
    if (!hp)
        hp = 1;
    m->hp = (uint16_t)(hp > (unsigned)(m->hp_max - m->hp) ? m->hp_max : m->hp + hp);
    if (c->log) {
        struct battle_event *e = log_event(c, EV_HEAL, who(c->b, side), other);
        e->a = m->hp;
        e->why = (uint8_t)why;
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------ status --- */

static bool immune_to(const struct ctx *c, int side, int status)
{
    switch (status) {
    case STATUS_BRN: return has_type(c, side, TYPE_FIRE);
    case STATUS_PAR: return has_type(c, side, TYPE_ELECTRIC);
    case STATUS_FRZ: return has_type(c, side, TYPE_ICE) || c->b->weather == WEATHER_SUN;
    case STATUS_PSN:
    case STATUS_TOX: return has_type(c, side, TYPE_POISON) || has_type(c, side, TYPE_STEEL);
    default: return false;
    }
}

/* `m` is the move that does it, NULL for hazards; `primary`: it is the move's own business, so failure is told.
 * `source` is the side that does it. */
enum outcome give_status(struct ctx *c, int side, int status, const struct dex_move *m, int source, bool primary)
{
    struct battle_mon *p = mon_of(c->b, side);
    if (!p->hp)
        return OUT_FAILED;
    if (p->status && !(m && m->op == OP_REST)) {
        if (primary && p->status == status)
            note(c, EV_FAIL, side, 2u + (unsigned)status, 0);
        else if (primary)
            note_fail(c, source, 0);
        return OUT_NOTHING;
    }
    if (immune_to(c, side, status)) {
        if (primary)
            note(c, EV_IMMUNE, side, 0, 0);
        return OUT_NOTHING;
    }
    if (source != side && c->b->sides[side].conditions[SIDE_SAFEGUARD]) {
        if (!m || !m->effects[0].chance)
            note(c, EV_ACTIVATE_MOVE, side, 0, 1);
        return OUT_NOTHING;
    }
    p->status = (uint8_t)status;
    p->status_n = 0;
    if (c->log) {
        struct battle_event *e = log_event(c, EV_STATUS, who(c->b, side), NOBODY);
        e->b = (uint16_t)status;
        e->a = m && status == STATUS_SLP ? (uint16_t)(m - c->dex->moves) : 0;
    }
    if (status == STATUS_SLP)
        p->status_n = (uint8_t)draw(c->b, 2, 5, DRAW_SLEEP);
    return OUT_DONE;
}

void cure(struct ctx *c, int side, unsigned move)
{
    struct battle_mon *m = mon_of(c->b, side);
    if (!m->hp || !m->status)
        return;
    if (c->log) {
        struct battle_event *e = log_event(c, EV_CURE, who(c->b, side), NOBODY);
        e->b = m->status;
        e->a = (uint16_t)move;
    }
    m->status = STATUS_NONE;
    m->status_n = 0;
}

/* ------------------------------------------------------------------------------------------------ stages --- */

/* quiet: nothing is said about a stage that cannot change. */
enum outcome boost(struct ctx *c, int side, const int8_t stages[STAGES], int source, bool quiet, bool secondary)
{
    struct battle_side *s = &c->b->sides[side];
    if (!mon_of(c->b, side)->hp)
        return OUT_NOTHING;
    bool mist = side != source && s->conditions[SIDE_MIST], told = false;
    enum outcome result = OUT_NOTHING;
    for (int i = 0; i < STAGES; i++) {
        const int8_t want = stages[i], old = s->on.boosts[i];
        if (!want)
            continue;
        if (mist && want < 0) {
            told = true;
            continue;
        }
        int now = old + want > 6 ? 6 : old + want < -6 ? -6 : old + want;
        s->on.boosts[i] = (int8_t)now;
        if (now != old)
            result = OUT_DONE;
        if (now != old || !quiet)
            note(c, want < 0 || (now == -6 && old == -6) ? EV_UNBOOST : EV_BOOST, side, (unsigned)i,
                 now > old ? now - old : old - now);
    }
    if (told && !secondary)
        note(c, EV_ACTIVATE_MOVE, side, 0, 2);
    return result;
}

/* --------------------------------------------------------------------------------------------- volatiles --- */

enum outcome give_volatile(struct ctx *c, int side, enum battle_volatile v, unsigned move, int source, bool secondary)
{
    struct battle_side *s = &c->b->sides[side];
    if (!mon_of(c->b, side)->hp)
        return OUT_FAILED;
    if (has(s, v)) /* defense curl and minimize may be repeated */
        return v == VOL_MINIMIZE || v == VOL_DEFENSE_CURL ? OUT_NOTHING : OUT_FAILED;
    if (v == VOL_NO_ESCAPE && has_type(c, side, TYPE_GHOST))
        return OUT_FAILED;
    if ((v == VOL_CONFUSION || v == VOL_YAWN) && side != source && s->conditions[SIDE_SAFEGUARD]) {
        if (!secondary)
            note(c, EV_ACTIVATE_MOVE, side, 0, 1);
        return OUT_NOTHING;
    }
    if (v == VOL_FLINCH && s->on.focus) /* who gathers focus does not flinch */
        return OUT_NOTHING;
    set_volatile(s, v);
    switch (v) {
    case VOL_CONFUSION:
        note(c, EV_START, side, v, !move); /* no move: fatigue after a rampage */
        s->on.confusion = (uint8_t)draw(c->b, c->dex->moves[move].op == OP_CRASH ? 3 : 2, 6, DRAW_CONFUSION);
        break;
    case VOL_BOUND:
        s->on.bound = (uint8_t)draw(c->b, 5, 7, DRAW_BIND);
        s->on.bound_by = (uint16_t)move;
        if (c->log)
            log_event(c, EV_BIND, who(c->b, side), who(c->b, source))->a = (uint16_t)move;
        break;
    case VOL_SUBSTITUTE:
        note(c, EV_START, side, v, 0);
        s->on.substitute = mon_of(c->b, side)->hp_max / 4;
        if (has(s, VOL_BOUND))
            end_volatile(c, side, VOL_BOUND, true);
        break;
    case VOL_PROTECT:
    case VOL_ENDURE: note(c, EV_SINGLE_TURN, side, v, 0); break;
    case VOL_TAUNT:
        /* one turn more for who has moved already, or it would end before it was felt */
        s->on.taunt = s->queued <= BATTLE_CHOICE_FORCED || s->on.arrived ? 3 : 4;
        note(c, EV_START, side, v, 0);
        break;
    case VOL_YAWN:
        s->on.yawn = 2;
        note(c, EV_START, side, v, 0);
        break;
    case VOL_THROAT_CHOP:
        s->on.throat = 2;
        note(c, EV_START, side, v, 0);
        break;
    case VOL_CURSE:
    case VOL_ATTRACT:
    case VOL_LEECH_SEED:
    case VOL_FOCUS_ENERGY:
    case VOL_AQUA_RING:
    case VOL_INGRAIN: note(c, EV_START, side, v, 0); break;
    case VOL_NO_ESCAPE: note(c, EV_ACTIVATE, side, v, 0); break;
    default: break;
    }
    return OUT_DONE;
}

void end_volatile(struct ctx *c, int side, enum battle_volatile v, bool silent)
{
    struct battle_side *s = &c->b->sides[side];
    if (!has(s, v))
        return;
    drop_volatile(s, v);
    if (v == VOL_BOUND) {
        note(c, EV_BIND_END, side, s->on.bound_by, silent);
        s->on.bound = 0;
        s->on.bound_by = 0;
    } else if (v == VOL_CONFUSION) {
        s->on.confusion = 0;
        note(c, EV_END, side, v, silent);
    } else {
        if (v == VOL_SUBSTITUTE)
            s->on.substitute = 0;
        if (v == VOL_TAUNT)
            s->on.taunt = 0;
        if (v == VOL_YAWN)
            s->on.yawn = 0;
        if (v == VOL_THROAT_CHOP)
            s->on.throat = 0;
        note(c, EV_END, side, v, silent);
    }
}

/* ----------------------------------------------------------------------------------------------- the side --- */

enum outcome set_side(struct ctx *c, int side, enum battle_side_condition k)
{
    struct battle_side *s = &c->b->sides[side];
    int most = k == SIDE_SPIKES ? 3 : k == SIDE_TOXIC_SPIKES ? 2 : 1;
    if (k >= SIDE_HAZARDS) {
        if (s->conditions[k] >= most)
            return OUT_FAILED;
        if (!s->conditions[k]) {
            int i = 0;
            while (s->hazards[i])
                i++;
            s->hazards[i] = (uint8_t)(1 + k);
        }
        s->conditions[k]++;
    } else {
        if (s->conditions[k])
            return OUT_FAILED;
        s->conditions[k] = k == SIDE_TAILWIND ? 4 : 5;
    }
    if (c->log)
        log_event(c, EV_SIDE_START, (unsigned)side * 8, NOBODY)->a = (uint16_t)k;
    return OUT_DONE;
}

void drop_side(struct ctx *c, int side, enum battle_side_condition k, unsigned move)
{
    struct battle_side *s = &c->b->sides[side];
    if (!s->conditions[k])
        return;
    s->conditions[k] = 0;
    if (k >= SIDE_HAZARDS) {
        int i = 0;
        while (s->hazards[i] != 1 + k)
            i++;
        for (; i < 3; i++)
            s->hazards[i] = s->hazards[i + 1];
    }
    if (c->log) {
        struct battle_event *e = log_event(c, EV_SIDE_END, (unsigned)side * 8, who(c->b, side));
        e->a = (uint16_t)k;
        e->b = (uint16_t)move;
    }
}

/* ------------------------------------------------------------------------------------------ coming, going --- */

int alive(const struct battle_side *s)
{
    int n = 0;
    for (int i = 0; i < s->size; i++)
        n += s->party[i].hp > 0;
    return n;
}

bool can_switch(const struct battle_side *s)
{
    for (int i = 0; i < s->size; i++)
        if (i != s->active && s->party[i].hp)
            return true;
    return false;
}

void leave(struct ctx *c, int side)
{
    memset(&c->b->sides[side].on, 0, sizeof c->b->sides[side].on);
    if (has(&c->b->sides[!side], VOL_BOUND))
        end_volatile(c, !side, VOL_BOUND, true);
    drop_volatile(&c->b->sides[!side], VOL_NO_ESCAPE);
    end_volatile(c, !side, VOL_ATTRACT, true);
    c->b->sides[!side].on.hurt_by_foe = 0;
}

void come_in(struct ctx *c, int side, int slot, bool dragged)
{
    struct battle_side *s = &c->b->sides[side];
    leave(c, side);
    s->active = (uint8_t)slot;
    s->on.arrived = 1;
    struct battle_mon *m = &s->party[slot];
    m->seen = 1;
    if (m->status == STATUS_TOX)
        m->status_n = 0;
    if (c->log) {
        struct battle_event *e = log_event(c, dragged ? EV_DRAG : EV_SWITCH, who(c->b, side), NOBODY);
        e->a = m->hp;
    }
}

/* What lies on the ground hurts who comes in, in the order in which it was laid. */
void hazards(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    struct battle_mon *m = mon_of(c->b, side);
    uint8_t order[3];
    memcpy(order, s->hazards, sizeof order); /* Toxic Spikes may vanish on the way */
    for (int i = 0; i < 3 && order[i] && m->hp; i++) {
        int k = order[i] - 1;
        if (k == SIDE_STEALTH_ROCK) {
            uint8_t t[2];
            types_of(c, side, t);
            int stages = type_stages(TYPE_ROCK, t);
            unsigned d = stages >= 0 ? ((unsigned)m->hp_max << stages) / 8 : (unsigned)m->hp_max / (8u << -stages);
            hurt(c, side, d, WHY_STEALTH_ROCK, NOBODY);
        } else if (!grounded(c, side)) {
            continue;
        } else if (k == SIDE_SPIKES) {
            static const uint8_t part[4] = {0, 3, 4, 6};
            hurt(c, side, part[s->conditions[k]] * (unsigned)m->hp_max / 24, WHY_SPIKES, NOBODY);
        } else if (has_type(c, side, TYPE_POISON)) {
            drop_side(c, side, SIDE_TOXIC_SPIKES, 0);
        } else if (!has_type(c, side, TYPE_STEEL) && !m->status) {
            give_status(c, side, s->conditions[k] > 1 ? STATUS_TOX : STATUS_PSN, NULL, !side, false);
        }
        announce_faints(c, true);
        if (c->ended)
            return;
    }
}

void end_battle(struct ctx *c, enum battle_winner winner)
{
    struct battle *b = c->b;
    b->phase = BATTLE_ENDED;
    b->winner = (uint8_t)winner;
    for (int i = 0; i < 2; i++) {
        b->sides[i].asked = 0;
        b->sides[i].queued = BATTLE_NOTHING_QUEUED;
    }
    c->ended = true;
    if (c->log)
        log_event(c, winner == BATTLE_DRAW ? EV_TIE : EV_WIN, NOBODY, NOBODY)->n = (int8_t)winner;
}

/* Tells who fainted since the last time.  decide: the battle may end here.  It is a draw when nobody is left on
 * either side. */
void announce_faints(struct ctx *c, bool decide)
{
    if (c->ended || (!c->fainted_n && !c->undecided))
        return;
    for (int i = 0; i < c->fainted_n; i++) {
        int side = c->fainted[i];
        struct battle_mon *m = mon_of(c->b, side);
        note(c, EV_FAINT, side, 0, 0);
        m->status = STATUS_NONE;
        m->status_n = 0;
        leave(c, side);
        c->b->sides[side].queued = BATTLE_NOTHING_QUEUED;
        c->pivot[side] = c->dragged[side] = false;
    }
    c->fainted_n = 0;
    c->undecided = !decide;
    if (!decide)
        return;
    int left[2] = {alive(&c->b->sides[0]), alive(&c->b->sides[1])};
    if (!left[0] || !left[1])
        end_battle(c, left[0] ? BATTLE_WON_0 : left[1] ? BATTLE_WON_1 : BATTLE_DRAW);
}
