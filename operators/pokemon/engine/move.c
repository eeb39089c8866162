/*
 * move.c - a Pokémon acts: may it move, PP, announcing, and where the move goes.
 *
 * run_move() is a turn's action; use_move() is the move itself, also when another move calls it.
 */
#include "engine.h"
#include "hit.h"
#include "queue.h"

void attack_of_row(struct attack *a, const struct dex_move *m, unsigned number)
{
    memset(a, 0, sizeof *a);
    a->move = m;
    a->hit_effect = &m->hit;
    a->flags = m->flags;
    a->number = (uint16_t)number;
    a->power = m->power;
    a->damage = m->damage;
    a->target = NOBODY;
    a->priority = m->priority;
    a->type = m->type;
    a->category = m->category;
    a->target_kind = m->target;
    a->accuracy = m->accuracy;
    a->crit = m->crit;
    memcpy(a->hits, m->hits, 2);
    memcpy(a->heal, m->heal, 2);
    a->multi = m->multi;
    a->chance_times = 1;
    a->self_switch = m->self_switch;
    a->sure_crit = flagged(a, MF_ALWAYS_CRIT);
    a->ignore_ability = flagged(a, MF_IGNORE_ABILITY);
    a->breaks_protect = flagged(a, MF_BREAKS_PROTECT);
    a->ignore_immunity = m->category == MOVE_STATUS ? !flagged(a, MF_HEED_IMMUNITY) : flagged(a, MF_IGNORE_IMMUNITY);
}

static int usual_target(struct ctx *c, const struct attack *a)
{
    if (HAS_GIMMICKS && a->z_base && a->category != MOVE_STATUS && move_row(c, a->z_base)->target == TARGET_SELF)
        return NOBODY; /* Bide as a Z-Move aims at nobody */
    switch (a->target_kind) {
    case TARGET_FOE:
    case TARGET_FOE_SIDE: return foe_of(c, a->user);
    case TARGET_ALLY: return NOBODY;
    default: return a->user;
    }
}

/* ------------------------------------------------------------------------------------------------ running --- */

static void aborted(struct ctx *c, struct attack *a, int t, int result)
{
    event(c, EV_move_aborted, t, a->target, (ref)(REF_MOVE | a->number), a);
    c->attack = NULL;
    c->active_user = NOBODY;
    c->on[t]->result = result == R_NULL ? MOVE_NULL : MOVE_FAILED;
}

/* False: a Dancer was kept from dancing. */
static bool dancers(struct ctx *c, unsigned move, int t)
{
    const int d = !t;
    if (!A(dancer) || !has_ability(c, d, A(dancer)) || semi_invulnerable(c, d))
        return true;
    if (faint_messages(c, true) || c->mon[d]->flags & MON_FAINT_TOLD)
        return true;
    say1(c, LINE_ACTIVATE, d, SAY_ABILITY_FULL | A(dancer));
    return run_move(c, move, d, -1, true, (ref)(REF_ABILITY | A(dancer)));
}

/* PP, and where it comes from.  False: it cannot be used. */
static bool pay(struct ctx *c, struct attack *a, unsigned move, int t, ref *source)
{
    unsigned locked;
    if (locked_move(c, t, &locked)) {
        *source = REF_OF_WORD(WORD_LOCKED);
    } else if (!deduct_pp(c, t, move, 1) && a->number != M(struggle)) {
        say2(c, LINE_CANT, t, SAY_WORD | WORD_NOPP, SAY_MOVE | a->number);
        c->attack = NULL;
        c->on[t]->result = MOVE_FAILED;
        return false;
    }
    c->on[t]->last_move = a->number;
    c->on[t]->last_z = a->z;
    c->on[t]->moved = a->number;
    return true;
}

static bool before(struct ctx *c, struct attack *a, int t)
{
    int r = event(c, EV_before_move, t, a->target, (ref)(REF_MOVE | a->number), a);
    if (!worked(r)) {
        aborted(c, a, t, r);
        return false;
    }
    if (flagged(a, MF_CANTUSETWICE) && c->on[t]->last_move == a->number)
        c->on[t]->volatiles[VOL_CANT_USE_TWICE / 64] |= 1ull << (VOL_CANT_USE_TWICE % 64);
    if (!going(move_single(c, EV_before_move_own, a, t, a->target, R_TRUE))) {
        c->attack = NULL;
        c->on[t]->result = MOVE_FAILED;
        return false;
    }
    return true;
}

static bool use_plain_move(struct ctx *c, struct attack *a, int t);

bool run_move(struct ctx *c, unsigned move, int t, int slot, bool external, ref source)
{
    struct battle_active *on = c->on[t];
    struct attack a;
    const bool z = HAS_GIMMICKS && c->z_now;
    (void)slot;
    c->z_now = false;
    if (on->move_actions < 255)
        on->move_actions++;
    attack_init(c, &a, move, t);
    if (move != M(struggle) && !external && !z && heard(c, EV_override_action, t, NOBODY)) {
        int other = event(c, EV_override_action, t, NOBODY, (ref)(REF_MOVE | move), &a);
        if (other > 0 && other <= (int)c->dex->moves_n) { /* what rules of data answer may be any number */
            const int8_t priority = a.priority;
            const bool pranked = a.pranked;
            attack_init(c, &a, (unsigned)other, t);
            a.priority = priority;
            a.pranked = pranked;
            move = (unsigned)other;
        }
    }
    if (z) {
        z_become(c, &a);
        a.z_chosen = true;
    }
    if (!external) {
        a.priority = c->action_priority;
        a.pranked = c->action_pranked;
    }
    a.external = external;
    a.target = (int8_t)usual_target(c, &a);
    c->attack = &a;
    c->active_user = t;
    c->active_target = a.target;
    const bool asked = a.move->plain && heard(c, EV_before_move, t, a.target);
    if (!before(c, &a, t))
        return false;
    if (asked) { /* as use_move() begins: what was said before the move is no part of its use */
        const struct attack was = a;
        attack_init(c, &a, move, t);
        a.priority = was.priority;
        a.pranked = was.pranked;
        a.external = external;
        a.target = was.target;
    }
    if (!external && !pay(c, &a, move, t, &source))
        return false;
    if (z)
        z_spend(c, t);
    const bool no_lock = external && !has(c, t, VOL_RAMPAGE);
    const int target = a.target;
    const bool plain = !source && !external && !z && use_is_plain(c, &a);
    bool did = plain ? use_plain_move(c, &a, t) : use_move(c, move, t, target, source, &a);
    if (!plain && c->attack)
        a = *c->attack_done;
    c->b->last_success = did ? a.number : 0;
    move_single(c, EV_after_move, &a, t, target, R_TRUE);
    c->attack = &a;
    event(c, EV_after_move, t, target, (ref)(REF_MOVE | a.number), &a);
    if (has(c, t, VOL_CANT_USE_TWICE))
        drop_volatile(c, t, VOL_CANT_USE_TWICE);
    bool danced = true;
    if (flagged(&a, MF_DANCE) && did && !a.external)
        danced = dancers(c, a.number, t);
    if (no_lock && has(c, t, VOL_RAMPAGE))
        drop_volatile(c, t, VOL_RAMPAGE);
    faint_messages(c, true);
    check_win(c, NOBODY);
    if (danced) { /* otherwise nobody remembers the move as the last one */
        c->b->last_move = a.number;
        c->b->last_z = a.z;
    }
    c->attack = NULL;
    return true;
}

void run_move_action(struct ctx *c, const struct action *a)
{
    c->action_priority = a->move_priority;
    c->action_pranked = a->pranked;
    if (a->move != 0xfff) {
        c->z_now = a->z;
        run_move(c, a->move, a->side, a->arg, false, a->locked & ACTION_CALLED ? (ref)(REF_MOVE | a->move) : REF_NONE);
        return;
    }
    /* recharging: no move, but what comes before one */
    struct attack none;
    attack_init(c, &none, 0, a->side);
    none.target = (int8_t)a->side;
    c->attack = &none;
    c->active_user = a->side;
    if (c->on[a->side]->move_actions < 255)
        c->on[a->side]->move_actions++;
    int r = event(c, EV_before_move, a->side, a->side, REF_NONE, &none);
    if (!worked(r))
        aborted(c, &none, a->side, r);
    else /* a dance has used up the turn of rest */
        say2(c, LINE_CANT, a->side, SAY_WORD | WORD_NOPP, SAY_WORD | WORD_RECHARGE);
    c->attack = NULL;
}

/* ------------------------------------------------------------------------------------------------- using --- */

static APART void reveal_move(struct ctx *c, const struct attack *a, int t, ref source)
{
    const int slot = move_slot(c, t, a->number);
    /* what Metronome and its kind call may be its own by chance: that is not shown */
    const bool own = !source || (source & REF_CLASS) == REF_WORD || source == (REF_MOVE | M(sleeptalk));
    if (own && slot >= 0 && !(c->on[t]->virtual_moves >> slot & 1))
        reveal(c, t, (unsigned)MON_MOVE_KNOWN << slot);
}

static void announce(struct ctx *c, const struct attack *a, int t, int target, ref source)
{
    if (c->known)
        reveal_move(c, a, t, source);
    struct battle_event *e = say1(c, LINE_MOVE, t, SAY_MOVE | a->number);
    if (!e)
        return;
    e->arg[1] = target == NOBODY ? (uint16_t)(SAY_WORD | WORD_NULL) : (uint16_t)(SAY_WHO | who(c, target));
    e->from = source;
    if (a->z_chosen && a->category == MOVE_STATUS && !a->move->z)
        e->marks = SAID_TWO;
    c->move_event = c->log->count;
}

static void pressure(struct ctx *c, struct attack *a, int t, int target, ref source, unsigned move)
{
    const bool by_move = (source & REF_CLASS) == REF_MOVE;
    if (source && !by_move)
        return;
    if (flagged(a, MF_MUSTPRESSURE))
        target = foe_of(c, t);
    else if (a->target_kind == TARGET_FOE_SIDE)
        return;
    else if (a->target_kind == TARGET_ALL)
        target = foe_of(c, t);
    if (target == NOBODY || !heard(c, EV_deduct_pp, target, t) || c->mon[target]->flags & MON_FAINT_TOLD)
        return;
    int drop = event(c, EV_deduct_pp, target, t, (ref)(REF_MOVE | a->number), a);
    if (drop > 0)
        deduct_pp(c, t, by_move ? source & REF_NUMBER : move, drop);
}

/* Sides and the field: no target to miss. */
static bool at_field(const struct attack *a)
{
    return a->target_kind == TARGET_ALL || a->target_kind == TARGET_FOE_SIDE || a->target_kind == TARGET_OWN_SIDE;
}

static int field_hit(struct ctx *c, struct attack *a, int target)
{
    const int t = a->user;
    int r = move_single(c, EV_try, a, t, target, R_TRUE);
    if (going(r))
        r = move_single(c, EV_prepare_hit, a, target, t, R_TRUE);
    if (going(r))
        r = event(c, EV_prepare_hit, t, target, (ref)(REF_MOVE | a->number), a);
    if (going(r))
        r = event(c, a->target_kind == TARGET_ALL ? EV_try_hit_field : EV_try_hit_side, target, t,
                  (ref)(REF_MOVE | a->number), a);
    if (!going(r)) {
        if (r == R_FALSE)
            say_fail(c, t);
        return R_FALSE;
    }
    return move_hit(c, a, target, a->hit_effect, false, false);
}

static void after_failure(struct ctx *c, struct attack *a, int t, int target)
{
    const int hp = c->mon[t]->hp, half = c->mon[t]->hp_max / 2;
    move_single(c, EV_move_fail, a, target, t, R_TRUE);
    if (t != target && a->category != MOVE_STATUS && c->mon[t]->hp <= half && hp > half)
        event(c, EV_emergency_exit, t, t, REF_NONE, a);
}

static void after_success(struct ctx *c, struct attack *a, int t, int target)
{
    if ((a->has_sheer_force && has_ability(c, t, A(sheerforce))) || flagged(a, MF_FUTUREMOVE))
        return;
    const int hp = c->mon[t]->hp, half = c->mon[t]->hp_max / 2;
    move_single(c, EV_after_move_secondary_self, a, t, target, R_TRUE);
    event(c, EV_after_move_secondary_self, t, target, (ref)(REF_MOVE | a->number), a);
    if (t != target && a->category != MOVE_STATUS && c->mon[t]->hp <= half && hp > half)
        event(c, EV_emergency_exit, t, t, REF_NONE, a);
}

/* As use_move(). */
static APART bool use_plain_move(struct ctx *c, struct attack *a, int t)
{
    struct battle_active *on = c->on[t];
    on->result = MOVE_UNKNOWN;
    announce(c, a, t, a->target, REF_NONE);
    const bool did = use_plainly(c, a);
    if (!c->mon[t]->hp)
        faint(c, t, t, (ref)(REF_MOVE | a->number));
    if (did)
        after_success(c, a, t, a->target);
    if (on->result == MOVE_UNKNOWN)
        on->result = did ? MOVE_DONE : MOVE_FAILED;
    return did;
}

static bool hits_target(struct ctx *c, struct attack *a, int t, int *target, bool *null)
{
    *null = false;
    if (at_field(a)) {
        int r = field_hit(c, a, *target);
        *null = r == R_NOT_FAIL;
        return going(r) || r == 0;
    }
    if (*target != NOBODY && *target != t && c->mon[*target]->flags & MON_FAINT_TOLD && !flagged(a, MF_FUTUREMOVE)) {
        say_mark(c, SAID_NO_TARGET);
        say(c, LINE_FAIL, t);
        a->fallen_back = true;
        return false;
    }
    int was = c->on[t]->result;
    bool hit = spread_hit(c, a, *target);
    *null = !hit && c->on[t]->result == MOVE_NULL && was != MOVE_NULL;
    return hit;
}

/* Its type and what else abilities, items and the move itself change.  False: it does not come about. */
static bool modify_move(struct ctx *c, struct attack *a, int t, int *target)
{
    const int kind = a->target_kind;
    move_single(c, EV_modify_type, a, t, *target, R_TRUE);
    move_single(c, EV_modify_move, a, t, *target, R_TRUE);
    if (kind != a->target_kind)
        *target = usual_target(c, a);
    const int now = a->target_kind;
    event(c, EV_modify_type, t, *target, (ref)(REF_MOVE | a->number), a);
    int r = event(c, EV_modify_move, t, *target, (ref)(REF_MOVE | a->number), a);
    if (now != a->target_kind)
        *target = usual_target(c, a);
    return going(r) && !(c->mon[t]->flags & MON_FAINT_TOLD);
}

static bool use_inner(struct ctx *c, struct attack *a, unsigned move, int t, int target, ref source)
{
    c->on[t]->last_type = a->type;
    if (target == NOBODY)
        target = usual_target(c, a);
    if (a->target_kind == TARGET_SELF)
        target = t;
    a->source = source;
    c->attack = a;
    c->active_user = t;
    c->active_target = target;
    if (!modify_move(c, a, t, &target))
        return false;
    c->on[t]->last_type = a->type;
    a->target = (int8_t)target;
    announce(c, a, t, target, source);
    if (HAS_GIMMICKS && a->z_chosen)
        z_power(c, a);
    if (target == NOBODY) {
        say_mark(c, SAID_NO_TARGET);
        say(c, LINE_FAIL, t);
        return false;
    }
    pressure(c, a, t, target, source, move);
    int r = move_single(c, EV_try_move, a, t, target, R_TRUE);
    if (going(r))
        r = event(c, EV_try_move, t, target, (ref)(REF_MOVE | a->number), a);
    if (!going(r)) {
        c->on[t]->result = r == R_NULL ? MOVE_NULL : MOVE_FAILED;
        return false;
    }
    move_single(c, EV_use_message, a, t, target, R_TRUE);
    if (flagged(a, MF_SELF_DESTRUCT))
        faint(c, t, t, (ref)(REF_MOVE | move));
    bool null = false, hit = hits_target(c, a, t, &target, &null);
    if (a->fallen_back)
        return false;
    if (a->move->self_boosted && hit && !a->has_sheer_force) {
        struct dex_effect part = {.to_user = true, .boosted = true};
        memcpy(part.boosts, a->move->self_boost, STAGES);
        move_hit(c, a, t, &part, false, true);
    }
    if (!c->mon[t]->hp)
        faint(c, t, t, (ref)(REF_MOVE | move));
    if (!hit) {
        if (null)
            c->on[t]->result = MOVE_NULL;
        after_failure(c, a, t, target);
        return false;
    }
    after_success(c, a, t, target);
    return true;
}

/* The move that was chosen as a Z-Move, and damaging ones that a Z-Move calls. */
static void as_z_move(struct ctx *c, struct attack *a, const struct attack *caller, ref *source)
{
    const bool chosen = caller->z_chosen && caller->z_base == a->number;
    if (caller->user != a->user || (!chosen && a->category == MOVE_STATUS))
        return;
    if (chosen && a->number == M(weatherball) && M(weatherball)) { /* the sky decides which Z-Move it is */
        move_single(c, EV_modify_type, a, a->user, caller->target, R_TRUE);
        if (a->type != TYPE_NORMAL)
            *source = (ref)(REF_MOVE | a->number);
    }
    z_become(c, a);
    a->z_chosen = chosen;
}

bool use_move(struct ctx *c, unsigned move, int t, int target, ref source, const struct attack *caller)
{
    struct attack a;
    attack_init(c, &a, move, t);
    if (c->depth >= 24)
        return false;
    c->depth++;
    if (HAS_GIMMICKS && caller && caller->z)
        as_z_move(c, &a, caller, &source);
    if (caller) {
        a.priority = caller->priority;
        a.pranked = caller->bounced ? false : caller->pranked;
        a.external = caller->external;
        a.bounced = caller->calls_bounce;
    }
    if ((source & REF_CLASS) == REF_MOVE)
        a.ignore_ability |= move_row(c, source & REF_NUMBER)->flags >> MF_IGNORE_ABILITY & 1;
    c->on[t]->result = MOVE_UNKNOWN;
    c->called = false;
    bool did = use_inner(c, &a, move, t, target, source);
    if (c->on[t]->result == MOVE_UNKNOWN)
        c->on[t]->result = did ? MOVE_DONE : MOVE_FAILED;
    if (!c->called) /* otherwise the move that it called is the last one */
        c->done = a;
    c->called = true;
    c->attack_done = &c->done;
    c->attack = &c->done;
    c->depth--;
    return did;
}
