/*
 * conditions_turn.c - conditions about which move may be used, two-turn moves, and those of a single turn.
 */
#include "conditions.h"

/* --------------------------------------------------------------------------------------- what may be chosen --- */

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
    struct battle_event *line = say2(c, LINE_MOVE, t, SAY_MOVE | e->a->number, SAY_WORD | WORD_NONE);
    if (line)
        line->marks = SAID_STILL;
    say(c, LINE_FAIL, t);
    return R_FALSE;
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

/* ----------------------------------------------------------------------------------- moves that go on and on --- */

static int rampage_residual(struct ctx *c, struct call *e)
{
    if (c->mon[e->target]->status == STATUS_SLP)
        drop_volatile(c, e->target, VOL_RAMPAGE);
    if (c->on[e->target]->rampage)
        c->on[e->target]->rampage--;
    return R_UNDEF;
}

static int rampage_after(struct ctx *c, struct call *e)
{
    if (c->on[e->target]->turns[VOL_RAMPAGE] == 1)
        remove_volatile(c, e->target, VOL_RAMPAGE);
    return R_UNDEF;
}

static int lock_move(struct ctx *c, struct call *e)
{
    return c->on[e->target]->lock_move;
}

static int lock_charge(struct ctx *c, struct call *e)
{
    return c->on[e->target]->charge_move;
}

static int lock_recharge(struct ctx *c, struct call *e)
{
    (void)c;
    (void)e;
    return 0xfff; /* no move at all */
}

static int charge_aborted(struct ctx *c, struct call *e)
{
    remove_volatile(c, e->target, VOL_CHARGING);
    return R_UNDEF;
}

static int rollout_residual(struct ctx *c, struct call *e)
{
    if (c->on[e->target]->last_move == M(struggle))
        drop_volatile(c, e->target, VOL_ROLLOUT);
    return R_UNDEF;
}

static int uproar_residual(struct ctx *c, struct call *e)
{
    if (has(c, e->target, VOL_THROAT_CHOP)) {
        remove_volatile(c, e->target, VOL_UPROAR);
        return R_UNDEF;
    }
    if (c->on[e->target]->last_move == M(struggle))
        drop_volatile(c, e->target, VOL_UPROAR);
    struct battle_event *line = say1(c, LINE_START, e->target, e->self);
    if (line)
        line->marks = SAID_UPKEEP;
    return R_UNDEF;
}

static int uproar_status(struct ctx *c, struct call *e)
{
    if (e->thing != REF_STATUS(STATUS_SLP))
        return R_UNDEF;
    struct battle_event *line = say1(c, LINE_FAIL, e->target, REF_STATUS(STATUS_SLP));
    if (line) {
        line->from = e->self;
        line->marks = e->target == e->holder ? SAID_MSG : 0;
    }
    return R_NULL;
}

static int stall_move(struct ctx *c, struct call *e)
{
    static const uint16_t once_in[7] = {1, 3, 9, 27, 81, 243, 729};
    if (chance(c, 1, once_in[c->on[e->target]->stall], DRAW_STALL))
        return R_TRUE;
    drop_volatile(c, e->target, VOL_STALL);
    return R_FALSE;
}

/* ------------------------------------------------------------------------------------------ out of reach --- */

static int in_the_air(struct ctx *c, struct call *e)
{
    const uint16_t reach[] = {M(gust),      M(twister),   M(skyuppercut),   M(thunder),
                              M(hurricane), M(smackdown), M(thousandarrows)};
    return is_one_of(e->a, reach, 7) ? R_UNDEF : R_FALSE;
}

static int in_the_air_damage(struct ctx *c, struct call *e)
{
    const uint16_t strong[] = {M(gust), M(twister)};
    return is_one_of(e->a, strong, 2) ? chain(e, 8192) : R_UNDEF;
}

static int under_ground(struct ctx *c, struct call *e)
{
    const uint16_t reach[] = {M(earthquake), M(magnitude)};
    return is_one_of(e->a, reach, 2) ? R_UNDEF : R_FALSE;
}

static int under_ground_damage(struct ctx *c, struct call *e)
{
    const uint16_t strong[] = {M(earthquake), M(magnitude)};
    return is_one_of(e->a, strong, 2) ? chain(e, 8192) : R_UNDEF;
}

static int under_water(struct ctx *c, struct call *e)
{
    const uint16_t reach[] = {M(surf), M(whirlpool)};
    return is_one_of(e->a, reach, 2) ? R_UNDEF : R_FALSE;
}

static int under_water_damage(struct ctx *c, struct call *e)
{
    const uint16_t strong[] = {M(surf), M(whirlpool)};
    return is_one_of(e->a, strong, 2) ? chain(e, 8192) : R_UNDEF;
}

static int below_the_sand(struct ctx *c, struct call *e)
{
    (void)c;
    return e->thing == REF_WEATHER(WEATHER_SAND) || e->thing == REF_WEATHER(WEATHER_HAIL) ? R_FALSE : R_UNDEF;
}

static int vanished(struct ctx *c, struct call *e)
{
    (void)c;
    (void)e;
    return R_FALSE;
}

/* ----------------------------------------------------------------------------------------- for one turn --- */

/* What it costs to touch one that is shielded. */
static void touched(struct ctx *c, struct call *e)
{
    const unsigned v = (e->self & REF_NUMBER) - COND_VOLATILE;
    const int user = e->source;
    if (v == VOL_PROTECT || !contact(c, e->a, user))
        return;
    switch (v) {
    case VOL_BANEFUL_BUNKER: try_status(c, user, STATUS_PSN, e->target, e->self); break;
    case VOL_BURNING_BULWARK: try_status(c, user, STATUS_BRN, e->target, e->self); break;
    case VOL_SPIKY_SHIELD: hurt_part(c, user, 8, e->target, e->self); break;
    case VOL_SILK_TRAP: boost_one(c, user, STAT_SPE, -1, e->target, (ref)(REF_MOVE | M(protect))); break;
    case VOL_KINGS_SHIELD: boost_one(c, user, STAT_ATK, -1, e->target, (ref)(REF_MOVE | M(protect))); break;
    case VOL_OBSTRUCT: boost_one(c, user, STAT_DEF, -2, e->target, (ref)(REF_MOVE | M(protect))); break;
    default: break;
    }
}

/* A Z-Move breaks through, but it touches. */
static int shield_broken(struct ctx *c, struct call *e)
{
    if (e->a->z && e->source < 2)
        touched(c, e);
    return R_UNDEF;
}

/* Protect and its kind; what it costs to touch them. */
static int shield(struct ctx *c, struct call *e)
{
    struct attack *a = e->a;
    const unsigned v = (e->self & REF_NUMBER) - COND_VOLATILE;
    const bool passes_status =
        v == VOL_BURNING_BULWARK || v == VOL_SILK_TRAP || v == VOL_KINGS_SHIELD || v == VOL_OBSTRUCT;
    const int user = e->source;
    if (!flagged(a, MF_PROTECT) || (passes_status && a->category == MOVE_STATUS)) {
        a->z_broke |= a->z;
        return R_UNDEF;
    }
    say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (REF_VOL(VOL_PROTECT) & REF_NUMBER));
    if (user == BENCHED)
        return R_NOT_FAIL;
    if (has(c, user, VOL_RAMPAGE) && c->on[user]->turns[VOL_RAMPAGE] == 2)
        drop_volatile(c, user, VOL_RAMPAGE);
    touched(c, e);
    return R_NOT_FAIL;
}

static int endure(struct ctx *c, struct call *e)
{
    if (!is_move_ref(e->cause) && e->cause != REF_OF_WORD(WORD_CONFUSED))
        return R_UNDEF;
    if (e->value < c->mon[e->target]->hp)
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (e->self & REF_NUMBER));
    return c->mon[e->target]->hp - 1;
}

/* What Bide stores stands in the same place; who has begun it has done what it does in this turn. */
static void note_damage(struct ctx *c, int t, int n)
{
    if (!has(c, t, VOL_BIDE))
        c->on[t]->counter_damage = (uint16_t)n;
}

static int focus_hit(struct ctx *c, struct call *e)
{
    if (e->a->category != MOVE_STATUS)
        note_damage(c, e->target, 1); /* lost */
    return R_UNDEF;
}

static int focus_flinch(struct ctx *c, struct call *e)
{
    (void)c;
    return e->thing == REF_VOL(VOL_FLINCH) ? R_NULL : R_UNDEF;
}

static int beak_hit(struct ctx *c, struct call *e)
{
    if (contact(c, e->a, e->source))
        try_status(c, e->source, STATUS_BRN, e->target, e->self);
    return R_UNDEF;
}

/* A hit that took nothing, as False Swipe's on one with 1 HP, is given back, too. */
static int counter_hit(struct ctx *c, struct call *e)
{
    if (e->a->category == MOVE_PHYSICAL)
        note_damage(c, e->target, e->value ? 2 * e->value : 1);
    return R_UNDEF;
}

static int mirror_hit(struct ctx *c, struct call *e)
{
    if (e->a->category == MOVE_SPECIAL)
        note_damage(c, e->target, e->value ? 2 * e->value : 1);
    return R_UNDEF;
}

static int bond_faint(struct ctx *c, struct call *e)
{
    if (e->source == NOBODY || e->source == e->target || e->source == BENCHED || !is_move_ref(e->cause) ||
        move_row(c, e->cause & REF_NUMBER)->flags & DEX_BIT(MF_FUTUREMOVE))
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (e->self & REF_NUMBER));
    faint(c, e->source, NOBODY, REF_NONE);
    return R_UNDEF;
}

static int bond_over(struct ctx *c, struct call *e)
{
    if (e->event == EV_before_move && !strcmp(e->a->move->id, "destinybond"))
        return R_UNDEF;
    drop_volatile(c, e->target, VOL_DESTINY_BOND);
    return R_UNDEF;
}

static int glaive_over(struct ctx *c, struct call *e)
{
    drop_volatile(c, e->target, VOL_GLAIVE_RUSH);
    return R_UNDEF;
}

static int chilly_before(struct ctx *c, struct call *e)
{
    if (strcmp(e->a->move->id, "chillyreception") != 0)
        return R_UNDEF;
    struct battle_event *line = say1(c, LINE_PREPARE, e->target, SAY_MOVE | e->a->number);
    if (line)
        line->extra = WORD_TAG_PREMAJOR;
    return R_UNDEF;
}

const struct native_hook condition_hooks_turn[] = {
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
    {VOL(RAMPAGE), EV_residual, ROLE_SELF, 0, 0, 0, rampage_residual},
    {VOL(RAMPAGE), EV_after_move, ROLE_SELF, 0, 0, 0, rampage_after},
    {VOL(RAMPAGE), EV_lock_move, ROLE_SELF, 0, 0, 0, lock_move},
    {VOL(CHARGING), EV_lock_move, ROLE_SELF, 0, 0, 0, lock_charge},
    {VOL(CHARGING), EV_move_aborted, ROLE_SELF, 0, 0, 0, charge_aborted},
    {VOL(ROLLOUT), EV_lock_move, ROLE_SELF, 0, 0, 0, lock_move},
    {VOL(ROLLOUT), EV_residual, ROLE_SELF, 0, 0, 0, rollout_residual},
    {VOL(UPROAR), EV_lock_move, ROLE_SELF, 0, 0, 0, lock_move},
    {VOL(UPROAR), EV_residual, ROLE_SELF, 0, 28, 1, uproar_residual},
    {VOL(UPROAR), EV_set_status, ROLE_ANY, 0, 0, 0, uproar_status},
    {VOL(STALL), EV_stall_move, ROLE_SELF, 0, 0, 0, stall_move},
    {VOL(FLY), EV_invulnerability, ROLE_SELF, 0, 0, 0, in_the_air},
    {VOL(FLY), EV_modify_damage, ROLE_SOURCE, 0, 0, 0, in_the_air_damage},
    {VOL(BOUNCE), EV_invulnerability, ROLE_SELF, 0, 0, 0, in_the_air},
    {VOL(BOUNCE), EV_base_power, ROLE_SOURCE, 0, 0, 0, in_the_air_damage},
    {VOL(DIG), EV_invulnerability, ROLE_SELF, 0, 0, 0, under_ground},
    {VOL(DIG), EV_modify_damage, ROLE_SOURCE, 0, 0, 0, under_ground_damage},
    {VOL(DIG), EV_immunity, ROLE_SELF, 0, 0, 0, below_the_sand},
    {VOL(DIVE), EV_invulnerability, ROLE_SELF, 0, 0, 0, under_water},
    {VOL(DIVE), EV_modify_damage, ROLE_SOURCE, 0, 0, 0, under_water_damage},
    {VOL(DIVE), EV_immunity, ROLE_SELF, 0, 0, 0, below_the_sand},
    {VOL(PHANTOM_FORCE), EV_invulnerability, ROLE_SELF, 0, 0, 0, vanished},
    {VOL(SHADOW_FORCE), EV_invulnerability, ROLE_SELF, 0, 0, 0, vanished},
    {VOL(PROTECT), EV_try_hit, ROLE_SELF, 3, 0, 0, shield},
    {VOL(BANEFUL_BUNKER), EV_try_hit, ROLE_SELF, 3, 0, 0, shield},
    {VOL(BURNING_BULWARK), EV_try_hit, ROLE_SELF, 3, 0, 0, shield},
    {VOL(KINGS_SHIELD), EV_try_hit, ROLE_SELF, 3, 0, 0, shield},
    {VOL(OBSTRUCT), EV_try_hit, ROLE_SELF, 3, 0, 0, shield},
    {VOL(SILK_TRAP), EV_try_hit, ROLE_SELF, 3, 0, 0, shield},
    {VOL(SPIKY_SHIELD), EV_try_hit, ROLE_SELF, 3, 0, 0, shield},
    {VOL(BANEFUL_BUNKER), EV_hit, ROLE_SELF, 0, 0, 0, shield_broken},
    {VOL(BURNING_BULWARK), EV_hit, ROLE_SELF, 0, 0, 0, shield_broken},
    {VOL(KINGS_SHIELD), EV_hit, ROLE_SELF, 0, 0, 0, shield_broken},
    {VOL(OBSTRUCT), EV_hit, ROLE_SELF, 0, 0, 0, shield_broken},
    {VOL(SILK_TRAP), EV_hit, ROLE_SELF, 0, 0, 0, shield_broken},
    {VOL(SPIKY_SHIELD), EV_hit, ROLE_SELF, 0, 0, 0, shield_broken},
    {VOL(ENDURE), EV_damage, ROLE_SELF, -10, 0, 0, endure},
    {VOL(FOCUS_PUNCH), EV_hit, ROLE_SELF, 0, 0, 0, focus_hit},
    {VOL(FOCUS_PUNCH), EV_try_add_volatile, ROLE_SELF, 0, 0, 0, focus_flinch},
    {VOL(BEAK_BLAST), EV_hit, ROLE_SELF, 0, 0, 0, beak_hit},
    {VOL(COUNTER), EV_damaging_hit, ROLE_SELF, 0, 0, 0, counter_hit},
    {VOL(MIRROR_COAT), EV_damaging_hit, ROLE_SELF, 0, 0, 0, mirror_hit},
    {VOL(DESTINY_BOND), EV_faint, ROLE_SELF, 0, 0, 0, bond_faint},
    {VOL(DESTINY_BOND), EV_before_move, ROLE_SELF, -1, 0, 0, bond_over},
    {VOL(DESTINY_BOND), EV_move_aborted, ROLE_SELF, 0, 0, 0, bond_over},
    {VOL(GLAIVE_RUSH), EV_before_move, ROLE_SELF, 100, 0, 0, glaive_over},
    {VOL(CHILLY_RECEPTION), EV_before_move, ROLE_SELF, 100, 0, 0, chilly_before},
    {0, EV_NONE, 0, 0, 0, 0, NULL}};
