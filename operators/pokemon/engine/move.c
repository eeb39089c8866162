/*
 * move.c - a Pokémon acts: may it move, PP, the steps up to the hit, the hits, what follows.
 *
 * The order of steps decides the order of draws and what a player sees first; it is that of generation 9:
 * before the move - recharge, sleep or ice, flinch, confusion, paralysis; then out of reach, Protect, type,
 * powder and the like, accuracy; then per hit critical hit, roll, primary effects, the user's own stages,
 * secondary effects.
 */
#include "internal.h"
#include "move.h"

const struct dex_move *move_of_choice(const struct battle *b, const struct dex *dex, int side, int choice)
{
    const struct battle_side *s = &b->sides[side];
    if (choice < BATTLE_MOVES)
        return &dex->moves[s->party[s->active].moves[choice]];
    if (has(s, VOL_CHARGING) || has(s, VOL_RAMPAGE))
        return &dex->moves[s->on.lock_move];
    return &dex->moves[has(s, VOL_RECHARGE) ? 0 : dex->struggle];
}

/* ------------------------------------------------------------------------------------------- before moving --- */

static bool cant(struct ctx *c, int side, enum battle_why why)
{
    if (c->log)
        log_event(c, EV_CANT, who(c->b, side), NOBODY)->why = (uint8_t)why;
    return false;
}

static bool confused_move(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    if (--s->on.confusion == 0) {
        end_volatile(c, side, VOL_CONFUSION, false);
        return true;
    }
    note(c, EV_ACTIVATE, side, VOL_CONFUSION, 0);
    if (draw(c->b, 0, 100, DRAW_SELF_HIT) >= 33)
        return true;
    const struct battle_mon *m = mon_of(c->b, side);
    uint32_t attack = apply_stage(m->stats[STAT_ATK], s->on.boosts[STAT_ATK]);
    uint32_t defense = apply_stage(m->stats[STAT_DEF], s->on.boosts[STAT_DEF]);
    uint32_t roll = 15 - draw(c->b, 0, 16, DRAW_ROLL);
    hurt(c, side, confusion_damage(m->level, attack, defense ? defense : 1, roll), WHY_CONFUSION, NOBODY);
    return false;
}

static bool may_move(struct ctx *c, int side, const struct dex_move *m)
{
    struct battle_side *s = &c->b->sides[side];
    struct battle_mon *p = mon_of(c->b, side);
    if (has(s, VOL_RECHARGE)) {
        drop_volatile(s, VOL_RECHARGE);
        return cant(c, side, WHY_RECHARGE);
    }
    if (p->status == STATUS_SLP) {
        if (--p->status_n) {
            cant(c, side, WHY_SLP);
            if (!(m->flags & MF_SLEEP_USABLE))
                return false;
        } else {
            cure(c, side, 0);
        }
    } else if (p->status == STATUS_FRZ && !(m->flags & MF_DEFROST)) {
        if (draw(c->b, 0, 5, DRAW_THAW) != 0)
            return cant(c, side, WHY_FRZ);
        cure(c, side, 0);
    }
    if (has(s, VOL_FLINCH))
        return cant(c, side, WHY_FLINCH);
    if (has(s, VOL_THROAT_CHOP) && m->flags & MF_SOUND)
        return cant(c, side, WHY_THROAT_CHOP);
    if (has(s, VOL_TAUNT) && m->category == MOVE_STATUS)
        return cant(c, side, WHY_TAUNT);
    if (has(s, VOL_CONFUSION) && !confused_move(c, side))
        return false;
    if (has(s, VOL_ATTRACT)) {
        note(c, EV_ACTIVATE, side, VOL_ATTRACT, 0);
        if (draw(c->b, 0, 2, DRAW_ATTRACT) == 0)
            return cant(c, side, WHY_ATTRACT);
    }
    if (p->status == STATUS_PAR && draw(c->b, 0, 4, DRAW_PARALYSIS) == 0)
        return cant(c, side, WHY_PAR);
    return true;
}

/* ---------------------------------------------------------------------------------------------- the hits --- */

static void recoil(struct ctx *c, const struct attack *a, unsigned done)
{
    const struct dex_move *m = a->move;
    unsigned d;
    if (!done)
        return;
    if (m->flags & MF_STRUGGLE)
        d = share(mon_of(c->b, a->side)->hp_max, 1, 4);
    else if (m->recoil[1])
        d = share(done, m->recoil[0], m->recoil[1]);
    else
        return;
    hurt(c, a->side, d, m->flags & MF_STRUGGLE ? WHY_STRUGGLE : WHY_RECOIL, NOBODY);
}

static void spin(struct ctx *c, int side, unsigned move)
{
    if (!mon_of(c->b, side)->hp)
        return;
    end_volatile(c, side, VOL_LEECH_SEED, false);
    drop_side(c, side, SIDE_SPIKES, move);
    drop_side(c, side, SIDE_TOXIC_SPIKES, move);
    drop_side(c, side, SIDE_STEALTH_ROCK, move);
    end_volatile(c, side, VOL_BOUND, false);
}

/* The Substitute takes it.  Status moves just fail. */
static bool hit_substitute(struct ctx *c, const struct attack *a)
{
    struct battle_side *foe = &c->b->sides[!a->side];
    if (a->move->category == MOVE_STATUS) {
        note_fail(c, a->side, 0);
        return false;
    }
    unsigned d = attack_damage(c, a);
    if (d > foe->on.substitute)
        d = foe->on.substitute;
    foe->on.substitute = (uint16_t)(foe->on.substitute - d);
    if (!foe->on.substitute)
        end_volatile(c, !a->side, VOL_SUBSTITUTE, false);
    else
        note(c, EV_ACTIVATE, !a->side, VOL_SUBSTITUTE, 0);
    recoil(c, a, d);
    if (a->move->drain[1] && d) /* rounded up here, unlike below */
        heal(c, a->side, (d * a->move->drain[0] + a->move->drain[1] - 1u) / a->move->drain[1], WHY_DRAIN,
             who(c->b, !a->side));
    if (a->move->op == OP_RAPID_SPIN)
        spin(c, a->side, a->number);
    return true;
}

/* Damage to the Pokémon itself; returns what it lost. */
static unsigned hit_body(struct ctx *c, const struct attack *a)
{
    struct battle_mon *foe = mon_of(c->b, !a->side);
    unsigned d = attack_damage(c, a);
    if (d >= foe->hp && (a->move->op == OP_FALSE_SWIPE || has(&c->b->sides[!a->side], VOL_ENDURE))) {
        if (has(&c->b->sides[!a->side], VOL_ENDURE))
            note(c, EV_ACTIVATE, !a->side, VOL_ENDURE, 0);
        d = foe->hp - 1u;
    }
    if (!d) {
        if (c->log)
            log_event(c, EV_DAMAGE, who(c->b, !a->side), NOBODY)->a = foe->hp;
        return 0;
    }
    d = hurt(c, !a->side, d, WHY_MOVE, NOBODY);
    if (a->move->drain[1])
        heal(c, a->side, share(d, a->move->drain[0], a->move->drain[1]), WHY_DRAIN, who(c->b, !a->side));
    return d;
}

static void pain_split(struct ctx *c, const struct attack *a)
{
    for (int i = 0, half = (mon_of(c->b, 0)->hp + mon_of(c->b, 1)->hp) / 2; i < 2; i++) {
        int side = i ? a->side : !a->side;
        struct battle_mon *m = mon_of(c->b, side);
        int now = half ? half : 1;
        m->hp = (uint16_t)(now > m->hp_max ? m->hp_max : now);
        if (c->log)
            log_event(c, EV_SET_HP, who(c->b, side), NOBODY)->a = m->hp;
    }
}

static void psych_up(struct ctx *c, const struct attack *a)
{
    struct battle_side *user = &c->b->sides[a->side], *foe = &c->b->sides[!a->side];
    memcpy(user->on.boosts, foe->on.boosts, sizeof user->on.boosts);
    drop_volatile(user, VOL_FOCUS_ENERGY);
    if (has(foe, VOL_FOCUS_ENERGY))
        give_volatile(c, a->side, VOL_FOCUS_ENERGY, a->number, a->side, false);
    if (c->log)
        log_event(c, EV_COPY_BOOST, who(c->b, a->side), who(c->b, !a->side));
}

/* What the move does to its target besides damage, for certain. */
static void primary(struct ctx *c, const struct attack *a)
{
    const struct dex_move *m = a->move;
    int foe = !a->side;
    bool status_move = m->category == MOVE_STATUS;
    enum outcome out = OUT_NOTHING;
    if (m->boosted & 1 && mon_of(c->b, foe)->hp)
        out = combined(out, boost(c, foe, m->boosts, a->side, false, m->effects[0].chance));
    if (m->status) {
        enum outcome given = give_status(c, foe, m->status, m, a->side, true);
        if (given != OUT_DONE)
            return;
        out = OUT_DONE;
    }
    if (m->volatile_)
        out = combined(out, give_volatile(c, foe, (enum battle_volatile)(m->volatile_ - 1), a->number, a->side,
                                          m->effects[0].chance));
    if (m->flags & MF_FORCE_SWITCH)
        out = combined(out, can_switch(&c->b->sides[foe]) ? OUT_DONE : OUT_FAILED);
    switch (m->op) {
    case OP_PAIN_SPLIT: pain_split(c, a); break;
    case OP_PSYCH_UP: psych_up(c, a); break;
    case OP_CLEAR_SMOG:
        memset(c->b->sides[foe].on.boosts, 0, STAGES);
        note(c, EV_CLEAR_BOOST, foe, 0, 0);
        break;
    case OP_NO_ESCAPE: out = combined(out, give_volatile(c, foe, VOL_NO_ESCAPE, a->number, a->side, false)); break;
    case OP_CURSE: /* of a Ghost: half of its HP for a quarter of the foe's every turn */
        out = combined(out, give_volatile(c, foe, VOL_CURSE, a->number, a->side, false));
        if (out == OUT_DONE)
            hurt(c, a->side, mon_of(c->b, a->side)->hp_max / 2u, WHY_DIRECT, NOBODY);
        break;
    case OP_YAWN:
        out = mon_of(c->b, foe)->status ? OUT_FAILED : give_volatile(c, foe, VOL_YAWN, a->number, a->side, false);
        break;
    case OP_MEMENTO:
        mon_of(c->b, a->side)->hp = 0;
        queue_faint(c, a->side);
        return;
    default: break;
    }
    if (status_move && out == OUT_FAILED)
        note_fail(c, a->side, 0);
}

static void own_effects(struct ctx *c, const struct attack *a)
{
    const struct dex_move *m = a->move;
    struct battle_side *user = &c->b->sides[a->side];
    if (m->boosted & 2 && m->op != OP_CURSE && !(m->flags & (MF_CHARGE | MF_SELF_BOOST_LATE))) {
        draw(c->b, 0, 100, DRAW_SELF);
        boost(c, a->side, m->self_boosts, a->side, true, false);
    }
    if (!mon_of(c->b, a->side)->hp)
        return;
    if (m->flags & MF_RECHARGE && !has(user, VOL_RECHARGE)) {
        set_volatile(user, VOL_RECHARGE);
        note(c, EV_MUST_RECHARGE, a->side, 0, 0);
    }
    if (m->flags & MF_RAMPAGE) {
        if (!has(user, VOL_RAMPAGE)) {
            set_volatile(user, VOL_RAMPAGE);
            user->on.rampage = (uint8_t)draw(c->b, 2, 4, DRAW_RAMPAGE);
            user->on.lock_move = (uint16_t)a->number;
            user->on.rampage_fresh = 1;
        } else if (user->on.rampage >= 2) {
            user->on.rampage_fresh = 1;
        }
    }
}

static void secondary(struct ctx *c, const struct attack *a, const struct dex_effect *e, bool behind_substitute)
{
    if (e->to_user) {
        boost(c, a->side, e->boosts, a->side, true, true);
        return;
    }
    if (behind_substitute)
        return;
    int foe = !a->side;
    static const uint8_t tri[3] = {STATUS_BRN, STATUS_PAR, STATUS_FRZ};
    if (e->tri)
        give_status(c, foe, tri[draw(c->b, 0, 3, DRAW_TRI)], a->move, a->side, false);
    if (e->status)
        give_status(c, foe, e->status, a->move, a->side, false);
    else if (e->volatile_)
        give_volatile(c, foe, (enum battle_volatile)(e->volatile_ - 1), a->number, a->side, true);
    else if (!e->tri)
        boost(c, foe, e->boosts, a->side, true, true);
}

static void drag(struct ctx *c, const struct attack *a)
{
    if (!mon_of(c->b, a->side)->hp || !mon_of(c->b, !a->side)->hp || !can_switch(&c->b->sides[!a->side]))
        return;
    if (has(&c->b->sides[!a->side], VOL_INGRAIN))
        note(c, EV_ACTIVATE, !a->side, VOL_INGRAIN, 0);
    else
        c->dragged[!a->side] = true;
}

/* One hit.  Adds to *total what the Pokémon itself lost; returns whether it was the Substitute that was hit. */
static bool one_hit(struct ctx *c, struct attack *a, unsigned *total)
{
    const struct dex_move *m = a->move;
    struct battle_side *foe = &c->b->sides[!a->side];
    if (m->op == OP_BREAK_SCREENS) {
        drop_side(c, !a->side, SIDE_REFLECT, 0);
        drop_side(c, !a->side, SIDE_LIGHT_SCREEN, 0);
    }
    bool sub = has(foe, VOL_SUBSTITUTE) && !(m->flags & MF_BYPASSSUB);
    if (sub) {
        if (!hit_substitute(c, a))
            return true;
    } else {
        if (m->category != MOVE_STATUS) {
            a->last = hit_body(c, a);
            *total += a->last;
        }
        primary(c, a);
        if (m->category != MOVE_STATUS && foe->on.focus)
            foe->on.focus = 2;
    }
    if (m->flags & MF_SELF_SWITCH && mon_of(c->b, a->side)->hp)
        c->pivot[a->side] = can_switch(&c->b->sides[a->side]);
    own_effects(c, a);
    for (int i = 0; i < 2 && m->effects[i].chance; i++)
        if (draw(c->b, 0, 100, DRAW_EFFECT) < m->effects[i].chance)
            secondary(c, a, &m->effects[i], sub);
    if (sub)
        return true;
    if (m->flags & MF_FORCE_SWITCH)
        drag(c, a);
    if (m->category != MOVE_STATUS) {
        if (a->type == TYPE_FIRE && mon_of(c->b, !a->side)->status == STATUS_FRZ)
            cure(c, !a->side, 0);
        if (m->op == OP_RAPID_SPIN)
            spin(c, a->side, a->number);
    }
    return false;
}

static int draw_hits(struct ctx *c, const struct dex_move *m)
{
    static const uint8_t of_20[20] = {2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5};
    return m->hits[0] == m->hits[1] ? m->hits[0] : of_20[draw(c->b, 0, 20, DRAW_HITS)];
}

static void hits(struct ctx *c, struct attack *a)
{
    const struct dex_move *m = a->move;
    int n = draw_hits(c, m), done = 0;
    unsigned total = 0;
    bool sub = false;
    for (a->hit = 1; a->hit <= n && mon_of(c->b, !a->side)->hp; a->hit++) {
        if (a->hit > 1 && m->flags & MF_MULTI_ACCURACY && !further_hit(c, a))
            break;
        sub = one_hit(c, a, &total);
        done++;
        if (!mon_of(c->b, a->side)->hp)
            break;
    }
    announce_faints(c, !mon_of(c->b, a->side)->hp);
    if (n > 1)
        note(c, EV_HIT_COUNT, !a->side, 0, done);
    recoil(c, a, total);
    if (!sub && a->last && mon_of(c->b, !a->side)->hp)
        c->b->sides[!a->side].on.hurt_by_foe = 1;
    if (m->flags & MF_OHKO && !mon_of(c->b, !a->side)->hp && c->log)
        log_event(c, EV_OHKO, NOBODY, NOBODY);
    if (m->flags & MF_THAWS && !sub && mon_of(c->b, !a->side)->status == STATUS_FRZ)
        cure(c, !a->side, 0);
    if (m->flags & MF_SELF_BOOST_LATE && !c->ended && alive(&c->b->sides[!a->side]))
        boost(c, a->side, m->self_boosts, a->side, true, false);
}

/* ------------------------------------------------------------------------------------------- using a move --- */

/* The first of two turns; false when the move goes on at once. */
static bool charges(struct ctx *c, const struct attack *a)
{
    struct battle_side *user = &c->b->sides[a->side];
    if (has(user, VOL_CHARGING)) {
        drop_volatile(user, VOL_CHARGING);
        user->on.lock_move = 0;
        return false;
    }
    note(c, EV_PREPARE, a->side, a->number, 0);
    if (a->move->boosted & 2)
        boost(c, a->side, a->move->self_boosts, a->side, false, false);
    if (a->move->op == OP_SOLAR_BEAM && c->b->weather == WEATHER_SUN)
        return false;
    set_volatile(user, VOL_CHARGING);
    user->on.lock_move = (uint16_t)a->number;
    log_mark(c, EV_STILL);
    return true;
}

/* Weather Ball takes the weather's type. */
void change_type(const struct ctx *c, struct attack *a)
{
    static const uint8_t types[WEATHERS] = {TYPE_NORMAL, TYPE_FIRE, TYPE_WATER, TYPE_ROCK, TYPE_ICE};
    if (a->move->op != OP_WEATHER_BALL || !c->b->weather)
        return;
    a->type = types[c->b->weather];
    a->power *= 2;
}

static void use_move(struct ctx *c, struct attack *a, bool rampage);

/* One of the user's other moves, any that Sleep Talk can call; it costs no PP of its own. */
static void sleep_talk(struct ctx *c, const struct attack *a)
{
    struct battle_mon *p = mon_of(c->b, a->side);
    int slots[BATTLE_MOVES], n = 0;
    for (int i = 0; i < BATTLE_MOVES && p->moves[i]; i++)
        if (!(c->dex->moves[p->moves[i]].flags & (MF_NO_SLEEP_TALK | MF_CHARGE)))
            slots[n++] = i;
    if (p->status != STATUS_SLP || !n) {
        note_fail(c, a->side, 0);
        return;
    }
    int slot = slots[n > 1 ? draw(c->b, 0, (uint32_t)n, DRAW_SLEEP_TALK) : 0];
    const struct dex_move *m = &c->dex->moves[p->moves[slot]];
    struct attack called = {.move = m, .side = a->side, .type = m->type, .power = m->power, .number = p->moves[slot]};
    if (has(&c->b->sides[a->side], VOL_THROAT_CHOP) && m->flags & MF_SOUND) {
        cant(c, a->side, WHY_THROAT_CHOP);
        return;
    }
    p->revealed |= (uint8_t)(1u << slot);
    use_move(c, &called, false);
}

static void use_move(struct ctx *c, struct attack *a, bool rampage)
{
    const struct dex_move *m = a->move;
    const int target = m->op == OP_CURSE && !has_type(c, a->side, TYPE_GHOST) ? TARGET_SELF : m->target;
    bool at_foe = target == TARGET_FOE || target == TARGET_FOE_SIDE;
    if (mon_of(c->b, a->side)->status == STATUS_FRZ && m->flags & MF_DEFROST)
        cure(c, a->side, a->number);
    change_type(c, a);
    if (c->log) {
        struct battle_event *e = log_event(c, EV_MOVE, who(c->b, a->side), who(c->b, at_foe ? !a->side : a->side));
        e->a = (uint16_t)a->number;
        e->why = rampage ? WHY_RAMPAGE : 0;
        c->move_event = c->log->count;
    }
    if (m->flags & MF_CHARGE && charges(c, a))
        return;
    if (m->flags & MF_STRUGGLE)
        note(c, EV_ACTIVATE_MOVE, a->side, a->number, 0);
    if (m->flags & MF_SELF_DESTRUCT) {
        mon_of(c->b, a->side)->hp = 0;
        queue_faint(c, a->side);
    }
    if (m->op == OP_SLEEP_TALK) {
        sleep_talk(c, a);
    } else if (target == TARGET_SELF) {
        self_move(c, a);
    } else if (target != TARGET_FOE) {
        field_move(c, a);
    } else if (!mon_of(c->b, !a->side)->hp) {
        log_mark(c, EV_NO_TARGET);
        note(c, EV_FAIL, a->side, 0, 0);
    } else if (reaches(c, a)) {
        hits(c, a);
    } else if (m->op == OP_CRASH) {
        hurt(c, a->side, mon_of(c->b, a->side)->hp_max / 2u, WHY_CRASH, NOBODY);
    }
}

/* A rampage that was not renewed is over; in its last turn it confuses. */
static void rampage_over(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    if (!has(s, VOL_RAMPAGE) || s->on.rampage_fresh)
        return;
    bool tired = s->on.rampage <= 1;
    drop_volatile(s, VOL_RAMPAGE);
    s->on.rampage = 0;
    s->on.lock_move = 0;
    if (tired)
        give_volatile(c, side, VOL_CONFUSION, 0, side, false);
}

void run_move(struct ctx *c, int side, int choice)
{
    struct battle_side *s = &c->b->sides[side];
    struct battle_mon *p = mon_of(c->b, side);
    const struct dex_move *m = move_of_choice(c->b, c->dex, side, choice);
    struct attack a = {
        .move = m, .side = side, .type = m->type, .power = m->power, .number = (unsigned)(m - c->dex->moves)};
    if (s->on.acted < 2)
        s->on.acted++;
    if (!may_move(c, side, m)) {
        if (has(s, VOL_CHARGING)) {
            drop_volatile(s, VOL_CHARGING);
            s->on.lock_move = 0;
        }
        announce_faints(c, true);
        return;
    }
    if (m->op == OP_FOCUS_PUNCH && s->on.focus == 2) {
        cant(c, side, WHY_FOCUS);
        announce_faints(c, true);
        return;
    }
    bool rampage = has(s, VOL_RAMPAGE);
    if (choice < BATTLE_MOVES) {
        p->pp[choice]--;
        p->revealed |= (uint8_t)(1u << choice);
    }
    use_move(c, &a, rampage || (choice == BATTLE_CHOICE_FORCED && !(m->flags & MF_STRUGGLE)));
    if (!c->ended)
        rampage_over(c, side);
    announce_faints(c, true);
}
