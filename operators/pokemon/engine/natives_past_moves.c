/*
 * natives_past_moves.c - moves of the past that act out of their turn, over several turns, or on what others do.
 */
#include "natives_moves.h"

/* A volatile of the field or a Pokémon names itself so in the log. */
static unsigned full_name(const struct call *e)
{
    return SAY_COND_FULL | (e->self & REF_NUMBER);
}

/* ----------------------------------------------------------------------------------------------------- Bide --- */

NATIVE(bide_stores)
{
    struct battle_active *on = c->on[e->holder];
    if (!is_move_ref(e->cause) || e->source == NOBODY || e->value <= 0)
        return R_UNDEF;
    const int sum = on->counter_damage + e->value;
    on->counter_damage = (uint16_t)(sum > INT16_MAX ? INT16_MAX : sum);
    return R_UNDEF;
}

/* It fails in another one's line, which may be still already, or end with another mark. */
static void fails_in_line(struct ctx *c, int t)
{
    const bool said = c->log && c->move_event && c->move_event <= c->log->count;
    struct battle_event *line = said ? &c->log->events[c->move_event - 1] : NULL;
    if (line && line->marks & SAID_STILL && !line->extra)
        line->extra = WORD_TAG_STILL;
    else if (line && line->marks & (SAID_MISS | SAID_NO_TARGET) && !line->extra) {
        line->extra = line->marks & SAID_MISS ? WORD_TAG_MISS : WORD_TAG_NO_TARGET;
        line->marks &= (uint8_t) ~(SAID_MISS | SAID_NO_TARGET);
    }
    say_fail(c, t);
}

/* Twice what was taken, as a hit without the steps to it: nothing but a type or a Substitute stops it. */
static void strike_back(struct ctx *c, int t)
{
    struct attack a;
    attack_init(c, &a, c->attack->number, t);
    memset(&a.own, 0, sizeof a.own);
    a.hit_effect = &a.own;
    a.flags = DEX_BIT(MF_CONTACT) | DEX_BIT(MF_PROTECT);
    a.ignore_immunity = false;
    a.damage = (uint16_t)(2 * c->on[t]->counter_damage); /* even, so not 0xff */
    a.target_kind = TARGET_FOE;
    a.target = (int8_t)!t;
    c->attack = &a;
    c->active_target = !t;
    const ref cause = (ref)(REF_MOVE | a.number);
    const int r = event(c, EV_prepare_hit, t, !t, cause, &a);
    if (!going(r) || !going(event(c, EV_try_hit_side, !t, t, cause, &a)))
        return;
    if (!has(c, !t, VOL_SUBSTITUTE) && !type_immunity(c, !t, &a, true))
        fails_in_line(c, t);
    else
        hit_once(c, &a, !t, NULL);
}

NATIVE(bide_before)
{
    const int t = e->target;
    struct battle_active *on = c->on[t];
    if (on->turns[VOL_BIDE] != 1) {
        say1(c, LINE_ACTIVATE, t, full_name(e));
        return R_UNDEF;
    }
    say1(c, LINE_END, t, full_name(e));
    if (!on->counter_damage) {
        fails_in_line(c, t);
        return R_FALSE;
    }
    struct attack *held = c->attack;
    strike_back(c, t);
    c->attack = held;
    remove_volatile(c, t, VOL_BIDE);
    return R_FALSE;
}

NATIVE(bide_locks)
{
    (void)e;
    return dex_move(c->dex, "bide");
}

NATIVE(bide_over)
{
    remove_volatile(c, e->target, VOL_BIDE);
    return R_UNDEF;
}

/* -------------------------------------------------------------------------------------------------- Pursuit --- */

static bool called_back(const struct ctx *c, int t)
{
    return c->on[t]->flags & (ON_LEAVING | ON_SWITCH_OUT);
}

NATIVE(power_pursuit)
{
    return called_back(c, e->target) ? 2 * e->value : R_UNDEF;
}

NATIVE(pursuit_aims)
{
    if (e->source != NOBODY && e->source != BENCHED && called_back(c, e->source))
        e->a->accuracy = 0;
    return R_UNDEF;
}

/* Takes an action of a Pokémon out of the queue; false when there is none of that kind. */
static bool take_action(struct ctx *c, int t, enum action_kind kind)
{
    int i = 0;
    while (i < c->queue_n && (c->queue[i].side != t || c->queue[i].kind != kind))
        i++;
    if (i == c->queue_n)
        return false;
    for (c->queue_n--; i < c->queue_n; i++)
        c->queue[i] = c->queue[i + 1];
    return true;
}

/* Who pursues strikes at who leaves; what it was to do before its move it does now. */
NATIVE(pursues)
{
    const int t = e->holder;
    const unsigned move = dex_move(c->dex, "pursuit");
    if (!alive(c, t) || (has(c, t, VOL_ENCORE) && c->on[t]->encore_move != move) || !take_action(c, t, ACT_MOVE))
        return R_UNDEF;
    if (take_action(c, t, ACT_MEGA))
        mega_evolve(c, t);
    else if (take_action(c, t, ACT_TERA))
        terastallize(c, t);
    drop_volatile(c, e->target, VOL_DESTINY_BOND);
    c->action_priority = 0;
    c->action_pranked = false;
    run_move(c, move, t, -1, false, (ref)(REF_MOVE | move));
    return R_UNDEF;
}

/* ----------------------------------------------------------------------------------- what others do is taken --- */

/* Magic Coat: what comes is sent back, as if by Prankster when the coat was. */
static int sent_back(struct ctx *c, struct call *e, bool pranked)
{
    struct attack caller = *e->a;
    caller.calls_bounce = true;
    caller.bounced = !pranked;
    caller.pranked = pranked;
    use_move(c, e->a->number, e->holder, e->source, e->self, &caller);
    return R_NULL;
}

static bool may_send_back(const struct ctx *c, const struct call *e)
{
    return e->source != BENCHED && e->source != NOBODY && e->target != e->source && !e->a->bounced &&
           flagged(e->a, MF_REFLECTABLE) && !semi_invulnerable(c, e->target);
}

NATIVE(magic_coat)
{
    return may_send_back(c, e) ? sent_back(c, e, has(c, e->holder, VOL_COAT_PRANKED)) : R_UNDEF;
}

NATIVE(magic_coat_side)
{
    if (!may_send_back(c, e))
        return R_UNDEF;
    sent_back(c, e, false);
    e->a->bounced = true;
    return R_NULL;
}

NATIVE(snatches)
{
    const int t = e->holder;
    if (sky_dropped(c, t) || e->a->z || !flagged(e->a, MF_SNATCH) || e->a->source == e->self)
        return R_UNDEF;
    remove_volatile(c, t, VOL_SNATCH);
    struct battle_event *line = say1(c, LINE_ACTIVATE, t, full_name(e));
    if (line)
        line->of = who(c, e->target);
    use_move(c, e->a->number, t, NOBODY, e->self, NULL);
    return R_NULL;
}

NATIVE(can_swallow) /* what was snatched needs no stockpile */
{
    return has(c, e->target, VOL_STOCKPILE) || e->a->source == REF_VOL(VOL_SNATCH) ? R_UNDEF : R_FALSE;
}

/* -------------------------------------------------------------------------------------- shields of the side --- */

NATIVE(crafty_shield)
{
    if (e->a->category != MOVE_STATUS || e->a->target_kind == TARGET_SELF || e->a->target_kind == TARGET_ALL)
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, e->target, full_name(e));
    return R_NOT_FAIL;
}

NATIVE(mat_block)
{
    struct attack *a = e->a;
    if (a->target_kind == TARGET_SELF)
        return R_UNDEF;
    if (!flagged(a, MF_PROTECT) || a->category == MOVE_STATUS) {
        a->z_broke |= a->z;
        return R_UNDEF;
    }
    say2(c, LINE_ACTIVATE, e->target, full_name(e), SAY_MOVE | a->number);
    const int user = e->source;
    if (user != BENCHED && has(c, user, VOL_RAMPAGE) && c->on[user]->turns[VOL_RAMPAGE] == 2)
        drop_volatile(c, user, VOL_RAMPAGE);
    return R_NOT_FAIL;
}

NATIVE(first_turn_out)
{
    return c->on[e->target]->move_actions > 1 || !will_act(c) ? R_FALSE : R_UNDEF;
}

/* ----------------------------------------------------------------------------------- Shell Trap, Secret Power --- */

NATIVE(trap_springs)
{
    const int t = e->target;
    if (e->a->category != MOVE_PHYSICAL || e->source == t || has(c, t, VOL_BIDE))
        return R_UNDEF;
    c->on[t]->counter_damage = 1;
    struct action *a = queued_move(c, t);
    if (a) {
        queue_next(c, a);
        c->queue[0].locked &= (uint8_t)~ACTION_CALLED;
    }
    return R_UNDEF;
}

NATIVE(trap_unsprung)
{
    const int t = e->target;
    if (has(c, t, VOL_SHELL_TRAP) && c->on[t]->counter_damage)
        return R_UNDEF;
    say_mark(c, SAID_STILL);
    say2(c, LINE_CANT, t, SAY_MOVE | e->a->number, SAY_MOVE | e->a->number);
    return R_NULL;
}

/* The floor decides what it may do besides. */
NATIVE(secret_power)
{
    static const struct dex_effect parts[TERRAINS] = {
        [TERRAIN_ELECTRIC] = {.chance = 30, .status = STATUS_PAR},
        [TERRAIN_GRASSY] = {.chance = 30, .status = STATUS_SLP},
        [TERRAIN_MISTY] = {.chance = 30, .boosted = true, .boosts = {[STAT_SPA] = -1}},
        [TERRAIN_PSYCHIC] = {.chance = 30, .boosted = true, .boosts = {[STAT_SPE] = -1}}};
    const int terrain = terrain_now(c);
    if (!terrain)
        return R_UNDEF;
    e->a->own = parts[terrain];
    e->a->no_secondaries = e->a->flung_part = true;
    return R_UNDEF;
}

/* ------------------------------------------------------------------------------------------------ Sky Drop --- */

NATIVE(sky_lifts) /* as it is used: it does not miss or touch whom it lifts */
{
    if (!has(c, e->target, VOL_SKY_DROP)) {
        e->a->accuracy = 0;
        e->a->flags &= ~DEX_BIT(MF_CONTACT);
    }
    return R_UNDEF;
}

static int lift(struct ctx *c, struct call *e)
{
    const int t = e->source, foe = e->target;
    if (has(c, foe, VOL_SUBSTITUTE) || foe == t)
        return R_FALSE;
    if (weight_of(c, foe) >= 2000) {
        struct battle_event *line = say1(c, LINE_FAIL, foe, SAY_MOVE_FULL | e->a->number);
        if (line)
            line->extra = WORD_TAG_HEAVY;
        return R_NULL;
    }
    say2(c, LINE_PREPARE, t, SAY_MOVE | e->a->number, SAY_WHO | who(c, foe));
    if (worked(add_volatile(c, t, VOL_CHARGING, foe, OWN_REF))) {
        c->on[t]->charge_move = e->a->number;
        drop_volatile(c, t, VOL_SKY_EMPTY);
        add_volatile(c, t, VOL_SKY_DROP, foe, OWN_REF);
        say_mark(c, SAID_STILL);
        event(c, EV_prepare_hit, t, foe, OWN_REF, e->a);
    }
    return R_NULL;
}

NATIVE(sky_drop)
{
    const int t = e->source, foe = e->target;
    if (!has(c, t, VOL_SKY_DROP))
        return lift(c, e);
    drop_volatile(c, t, VOL_SKY_DROP);
    if (has(c, t, VOL_SKY_EMPTY))
        return R_FALSE;
    if (!has_type(c, foe, TYPE_FLYING))
        return R_UNDEF;
    say(c, LINE_IMMUNE, foe);
    return R_NULL;
}

NATIVE(sky_lands)
{
    if (alive(c, e->target))
        say1(c, LINE_END, e->target, SAY_MOVE | e->a->number);
    return R_UNDEF;
}

NATIVE(sky_fails)
{
    const int t = e->source;
    if (!has(c, t, VOL_CHARGING) || c->on[t]->turns[VOL_CHARGING] != 1)
        return R_UNDEF;
    drop_volatile(c, t, VOL_SKY_DROP);
    remove_volatile(c, t, VOL_CHARGING);
    return R_UNDEF;
}

/* Whether this one is who holds or is held. */
static bool in_the_grip(const struct ctx *c, const struct call *e, int t)
{
    return t == e->holder || (t == !e->holder && !has(c, e->holder, VOL_SKY_EMPTY));
}

NATIVE(sky_stays)
{
    return in_the_grip(c, e, e->target) ? R_FALSE : R_UNDEF;
}

NATIVE(sky_traps)
{
    if (in_the_grip(c, e, e->target))
        c->on[e->target]->trapped = 1;
    return R_UNDEF;
}

NATIVE(sky_holds_still)
{
    if (!in_the_grip(c, e, e->target))
        return R_UNDEF;
    if (c->on[e->target]->move_actions)
        c->on[e->target]->move_actions--;
    return R_NULL;
}

NATIVE(sky_hides)
{
    static const char *const reach[] = {"gust",      "twister",   "skyuppercut",   "thunder",
                                        "hurricane", "smackdown", "thousandarrows"};
    if (!in_the_grip(c, e, e->target) || (e->source == e->holder && e->target != e->holder))
        return R_UNDEF;
    for (size_t i = 0; i < sizeof reach / sizeof *reach; i++)
        if (!strcmp(e->a->move->id, reach[i]))
            return R_UNDEF;
    return R_FALSE;
}

NATIVE(sky_lets_go)
{
    const int foe = !e->holder;
    struct battle_event *line =
        has(c, e->holder, VOL_SKY_EMPTY) ? NULL : say1(c, LINE_END, foe, SAY_MOVE | dex_move(c->dex, "skydrop"));
    if (line)
        line->extra = WORD_TAG_INTERRUPT;
    return R_UNDEF;
}

/* --------------------------------------------------------------------------------------------- Telekinesis --- */

NATIVE(too_heavy_now) /* a Gengar that has mega evolved comes down */
{
    const int t = e->target;
    if (strcmp(c->dex->species[c->mon[t]->species].id, "gengarmega") != 0)
        return R_UNDEF;
    drop_volatile(c, t, VOL_TELEKINESIS);
    struct battle_event *line = say1(c, LINE_END, t, SAY_COND | (e->self & REF_NUMBER));
    if (line)
        line->marks = SAID_SILENT;
    return R_UNDEF;
}

const struct native natives_past_moves[] = {
    LISTED(bide_stores),   LISTED(bide_before),   LISTED(bide_locks), LISTED(bide_over),       LISTED(power_pursuit),
    LISTED(pursuit_aims),  LISTED(pursues),       LISTED(magic_coat), LISTED(magic_coat_side), LISTED(snatches),
    LISTED(can_swallow),   LISTED(crafty_shield), LISTED(mat_block),  LISTED(first_turn_out),  LISTED(trap_springs),
    LISTED(trap_unsprung), LISTED(secret_power),  LISTED(sky_lifts),  LISTED(sky_drop),        LISTED(sky_lands),
    LISTED(sky_fails),     LISTED(sky_stays),     LISTED(sky_traps),  LISTED(sky_holds_still), LISTED(sky_hides),
    LISTED(sky_lets_go),   LISTED(too_heavy_now), {NULL, NULL}};
