/*
 * volatile.c - conditions that a Pokémon loses when it leaves: how they come and go.
 */
#include "volatile.h"

uint8_t volatile_turns(unsigned v)
{
    static const uint8_t turns[VOLATILES_TIMED] = {
        [VOL_RAMPAGE] = 2,      [VOL_CHARGING] = 2,    [VOL_RECHARGE] = 2,
        [VOL_STALL] = 2,        [VOL_TAUNT] = 3,       [VOL_ENCORE] = 3,
        [VOL_DISABLE] = 5,      [VOL_HEAL_BLOCK] = 5,  [VOL_EMBARGO] = 5,
        [VOL_MAGNET_RISE] = 5,  [VOL_THROAT_CHOP] = 2, [VOL_YAWN] = 2,
        [VOL_PERISH] = 4,       [VOL_BOUND] = 5,       [VOL_LOCK_ON] = 2,
        [VOL_UPROAR] = 3,       [VOL_SYRUP_BOMB] = 4,  [VOL_LASER_FOCUS] = 2,
        [VOL_MICLE] = 2,        [VOL_FURY_CUTTER] = 2, [VOL_ROLLOUT_STORAGE] = 2,
        [VOL_TELEKINESIS] = 3,  [VOL_FLY] = 2,         [VOL_BOUNCE] = 2,
        [VOL_DIG] = 2,          [VOL_DIVE] = 2,        [VOL_PHANTOM_FORCE] = 2,
        [VOL_SHADOW_FORCE] = 2, [VOL_CHARGE_TURN] = 2, [VOL_ALLY_SWITCH] = 2,
        [VOL_BIDE] = 3};
    return v < VOLATILES_TIMED ? turns[v] : 0;
}

/* Octolock and Attract take their turns before Syrup Bomb or after it, as they came. */
static void note_order(struct ctx *c, int t, enum battle_volatile v, bool comes)
{
    struct battle_active *on = c->on[t];
    if (v == VOL_OCTOLOCK)
        on->before_syrup &= ATTRACT_FIRST;
    else if (v == VOL_ATTRACT)
        on->before_syrup &= OCTOLOCK_FIRST;
    else if (v == VOL_SYRUP_BOMB)
        on->before_syrup =
            !comes ? 0 : (has(c, t, VOL_OCTOLOCK) ? OCTOLOCK_FIRST : 0) | (has(c, t, VOL_ATTRACT) ? ATTRACT_FIRST : 0);
}

int add_volatile(struct ctx *c, int t, enum battle_volatile v, int source, ref cause)
{
    if (t == BENCHED || (!alive(c, t) && v != VOL_GEM))
        return R_FALSE;
    if (source == NOBODY)
        source = t;
    if (has(c, t, v))
        return volatile_begins_again(c, t, v, source, cause);
    if (!status_immunity(c, t, REF_VOL(v))) {
        if ((cause & REF_CLASS) == REF_MOVE && move_row(c, cause & REF_NUMBER)->hit.status)
            say(c, LINE_IMMUNE, t);
        return R_FALSE;
    }
    int r = event_about(c, EV_try_add_volatile, t, source, cause, REF_VOL(v));
    if (!worked(r))
        return r;
    put_volatile(c, t, v);
    if (v == VOL_ATTRACT || v == VOL_SYRUP_BOMB || v == VOL_BOUND)
        c->on[t]->gone &= (uint8_t) ~(v == VOL_ATTRACT ? 1 : v == VOL_SYRUP_BOMB ? 2 : 4);
    if (v == VOL_BOUND || v == VOL_SALT_CURE) /* they hurt in the order in which they came */
        c->on[t]->gone = (uint8_t)((c->on[t]->gone & ~GONE_SALT_FIRST) |
                                   (v == VOL_BOUND && has(c, t, VOL_SALT_CURE) ? GONE_SALT_FIRST : 0));
    note_order(c, t, v, true);
    if (v < VOLATILES_TIMED)
        c->on[t]->turns[v] = v == VOL_HEAL_BLOCK && is_move(cause, M(psychicnoise)) ? 2 : volatile_turns(v);
    r = volatile_begins(c, t, v, source, cause);
    if (!worked(r))
        drop_volatile(c, t, v);
    return r;
}

/* -------------------------------------------------------------------------------------------------- ends --- */

void power_trick(struct ctx *c, int t)
{
    uint16_t *s = c->on[t]->stats, atk = s[STAT_ATK];
    s[STAT_ATK] = s[STAT_DEF];
    s[STAT_DEF] = atk;
}

void say_bound_end(struct ctx *c, int t, bool silent)
{
    struct battle_event *e = say1(c, LINE_END, t, SAY_MOVE | c->on[t]->bound_move);
    if (e) {
        e->extra = WORD_TAG_PARTIAL;
        e->marks = silent ? SAID_SILENT : 0;
    }
}

static void rampage_ends(struct ctx *c, int t)
{
    drop_volatile(c, t, VOL_RAMPAGE);
    c->on[t]->lock_move = 0;
    if (c->on[t]->rampage <= 1)
        add_volatile(c, t, VOL_CONFUSION, t, REF_VOL(VOL_RAMPAGE));
    c->on[t]->rampage = 0;
}

static void stockpile_ends(struct ctx *c, int t)
{
    struct battle_active *on = c->on[t];
    int8_t stages[STAGES] = {0};
    stages[STAT_DEF] = (int8_t)-on->stockpile_def;
    stages[STAT_SPD] = (int8_t)-on->stockpile_spd;
    if (on->stockpile_def || on->stockpile_spd)
        boost(c, t, stages, t, REF_VOL(VOL_STOCKPILE), false, false);
    on->stockpile = on->stockpile_def = on->stockpile_spd = 0;
    say1(c, LINE_END, t, REF_VOL(VOL_STOCKPILE));
}

/* The states between two turns of a move go with it. */
static void charging_ends(struct ctx *c, int t)
{
    static const uint8_t states[] = {VOL_FLY,          VOL_BOUNCE,      VOL_DIG,      VOL_DIVE,     VOL_PHANTOM_FORCE,
                                     VOL_SHADOW_FORCE, VOL_CHARGE_TURN, VOL_SKY_DROP, VOL_SKY_EMPTY};
    c->on[t]->charge_move = 0;
    for (size_t i = 0; i < sizeof states; i++)
        if (has(c, t, states[i]))
            drop_volatile(c, t, states[i]);
}

static void say_end(struct ctx *c, int t, enum battle_volatile v)
{
    enum { PLAIN = 1, FULL, SILENT, FULL_SILENT };
    static const uint8_t how[VOLATILES] = {
        [VOL_CONFUSION] = PLAIN,        [VOL_DISABLE] = PLAIN,     [VOL_ENCORE] = PLAIN,
        [VOL_MAGNET_RISE] = PLAIN,      [VOL_POWER_TRICK] = PLAIN, [VOL_POWER_SHIFT] = PLAIN,
        [VOL_BIDE] = FULL_SILENT,       [VOL_SALT_CURE] = PLAIN,   [VOL_SUBSTITUTE] = PLAIN,
        [VOL_TORMENT] = PLAIN,          [VOL_UPROAR] = PLAIN,      [VOL_TAUNT] = FULL,
        [VOL_ATTRACT] = SILENT,         [VOL_CHARGE] = SILENT,     [VOL_SYRUP_BOMB] = SILENT,
        [VOL_THROAT_CHOP] = SILENT,     [VOL_YAWN] = FULL_SILENT,  [VOL_HEAL_BLOCK] = FULL,
        [VOL_EMBARGO] = PLAIN,          [VOL_TELEKINESIS] = PLAIN, [VOL_NO_RETREAT] = 0,
        [VOL_LASER_FOCUS] = FULL_SILENT};
    const unsigned n = how[v];
    if (v == VOL_FLASH_FIRE) {
        struct battle_event *e = say1(c, LINE_END, t, SAY_ABILITY_FULL | A(flashfire));
        if (e)
            e->marks = SAID_SILENT;
    }
    if (!n)
        return;
    struct battle_event *e =
        say1(c, LINE_END, t,
             (unsigned)(n == FULL || n == FULL_SILENT ? SAY_COND_FULL : SAY_COND) | (REF_VOL(v) & REF_NUMBER));
    if (e && n >= SILENT)
        e->marks = SAID_SILENT;
}

bool remove_volatile(struct ctx *c, int t, enum battle_volatile v)
{
    if (!alive(c, t) || !has(c, t, v))
        return false;
    say_end(c, t, v);
    switch (v) {
    case VOL_RAMPAGE: rampage_ends(c, t); return true;
    case VOL_STOCKPILE: stockpile_ends(c, t); break;
    case VOL_CHARGING: charging_ends(c, t); break;
    case VOL_POWER_SHIFT:
    case VOL_POWER_TRICK: power_trick(c, t); break;
    case VOL_BOUND: say_bound_end(c, t, false); break;
    case VOL_YAWN:
        drop_volatile(c, t, v);
        try_status(c, t, STATUS_SLP, foe_of(c, t), REF_VOL(VOL_YAWN));
        return true;
    case VOL_PERISH:
        say1(c, LINE_START, t, SAY_WORD | WORD_PERISH0);
        faint(c, t, NOBODY, REF_VOL(VOL_PERISH));
        break;
    case VOL_CONFUSION: c->on[t]->confusion = 0; break;
    case VOL_ATTRACT:
    case VOL_SYRUP_BOMB: note_order(c, t, v, false); break;
    case VOL_SUBSTITUTE: c->on[t]->substitute = 0; break;
    case VOL_FLASH_FIRE:
    case VOL_PROTOSYNTHESIS:
    case VOL_QUARK_DRIVE:
    case VOL_ZEN_MODE: {
        const struct effect *fx = &c->rules->conds[COND_VOLATILE + v];
        if (listens(fx, EV_end))
            single(c, EV_end, fx, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
        break;
    }
    default: break;
    }
    drop_volatile(c, t, v);
    return true;
}
