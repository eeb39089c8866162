/*
 * volatile.c - conditions that a Pokémon loses when it leaves: how they begin and end.
 */
#include "engine.h"

static void put_volatile(struct ctx *c, int t, enum battle_volatile v)
{
    c->on[t]->volatiles[v / 64] |= 1ull << (v % 64);
    changed_volatile(c, t, v);
}

/* How many ends of turns one of the timed ones lasts. */
static uint8_t usual_turns(enum battle_volatile v)
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

static bool is_move(ref r, unsigned move)
{
    return move && r == (REF_MOVE | move);
}

static bool of_ability(ref r)
{
    return (r & REF_CLASS) == REF_ABILITY;
}

static struct battle_event *say_start(struct ctx *c, int t, enum battle_volatile v, bool full)
{
    return say1(c, LINE_START, t, (unsigned)(full ? SAY_COND_FULL : SAY_COND) | (REF_VOL(v) & REF_NUMBER));
}

static struct battle_event *say_single(struct ctx *c, int t, enum battle_volatile v, bool full)
{
    return say1(c, LINE_SINGLE_TURN, t, (unsigned)(full ? SAY_COND_FULL : SAY_COND) | (REF_VOL(v) & REF_NUMBER));
}

static void from_ability(struct ctx *c, struct battle_event *e, int source, ref cause)
{
    if (!of_ability(cause))
        return;
    if (source != NOBODY)
        reveal(c, source, MON_ABILITY_KNOWN);
    if (e) {
        e->from = cause;
        e->of = who(c, source);
    }
}

/* ---------------------------------------------------------------------------------------- single beginnings --- */

static int confusion_begins(struct ctx *c, int t, int source, ref cause)
{
    struct battle_event *e = say_start(c, t, VOL_CONFUSION, false);
    if (cause == REF_VOL(VOL_RAMPAGE)) {
        if (e)
            e->extra = WORD_TAG_FATIGUE;
    } else {
        from_ability(c, e, source, cause);
    }
    c->on[t]->confusion = (uint8_t)draw(c, is_move(cause, M(axekick)) ? 3 : 2, 6, DRAW_CONFUSION);
    return R_TRUE;
}

static int disable_begins(struct ctx *c, int t, int source, ref cause)
{
    struct battle_active *on = c->on[t];
    if (will_move(c, t) || (c->active_user == t && c->attack && !c->attack->external))
        on->turns[VOL_DISABLE]--;
    int slot = move_slot(c, t, on->last_move);
    if (!on->last_move || (slot >= 0 && !*slot_pp(c, t, slot)))
        return R_FALSE;
    struct battle_event *e = say2(c, LINE_START, t, REF_VOL(VOL_DISABLE), SAY_MOVE | on->last_move);
    from_ability(c, e, source, cause);
    on->disable_move = on->last_move;
    return R_TRUE;
}

static int encore_begins(struct ctx *c, int t)
{
    struct battle_active *on = c->on[t];
    int slot = move_slot(c, t, on->last_move);
    if (!on->last_move || on->last_z || slot < 0 || !*slot_pp(c, t, slot) ||
        move_row(c, on->last_move)->flags & DEX_BIT(MF_FAILENCORE))
        return R_FALSE;
    on->encore_move = on->last_move;
    say_start(c, t, VOL_ENCORE, false);
    if (!will_move(c, t))
        on->turns[VOL_ENCORE]++;
    return R_TRUE;
}

static int attract_begins(struct ctx *c, int t, int source, ref cause)
{
    const unsigned one = c->mon[t]->gender, other = c->mon[source]->gender;
    if (!one || !other || one == other || !worked(event(c, EV_attract, t, source, cause, c->attack)))
        return R_FALSE;
    struct battle_event *e = say_start(c, t, VOL_ATTRACT, false);
    if (of_ability(cause) || (cause & REF_CLASS) == REF_ITEM) {
        reveal(c, source, of_ability(cause) ? MON_ABILITY_KNOWN : MON_ITEM_KNOWN);
        if (e) {
            e->from = cause;
            e->of = who(c, source);
        }
    }
    return R_TRUE;
}

static int bound_begins(struct ctx *c, int t, int source, ref cause)
{
    struct battle_active *on = c->on[t];
    on->turns[VOL_BOUND] = has_item(c, source, I(gripclaw)) ? 8 : (uint8_t)draw(c, 5, 7, DRAW_BIND);
    on->bound_move = cause & REF_NUMBER;
    struct battle_event *e = say1(c, LINE_ACTIVATE, t, SAY_MOVE_FULL | on->bound_move);
    if (e)
        e->of = who(c, source);
    on->bound_part = has_item(c, source, I(bindingband)) ? 6 : 8;
    return R_TRUE;
}

static void say_bound_end(struct ctx *c, int t, bool silent)
{
    struct battle_event *e = say1(c, LINE_END, t, SAY_MOVE | c->on[t]->bound_move);
    if (e) {
        e->extra = WORD_TAG_PARTIAL;
        e->marks = silent ? SAID_SILENT : 0;
    }
}

static int substitute_begins(struct ctx *c, int t, ref cause)
{
    struct battle_event *e = say_start(c, t, VOL_SUBSTITUTE, false);
    if (e && (cause & REF_CLASS) == REF_MOVE && !is_move(cause, M(substitute)))
        e->from = cause;
    c->on[t]->substitute = c->mon[t]->hp_max / 4;
    if (has(c, t, VOL_BOUND)) {
        say_bound_end(c, t, true);
        drop_volatile(c, t, VOL_BOUND);
    }
    return R_TRUE;
}

static int stockpile_grows(struct ctx *c, int t)
{
    struct battle_active *on = c->on[t];
    static const int8_t both[STAGES] = {[STAT_DEF] = 1, [STAT_SPD] = 1};
    if (on->stockpile >= 3)
        return R_FALSE;
    on->stockpile++;
    say1(c, LINE_START, t, SAY_WORD | (WORD_STOCKPILE1 + on->stockpile - 1u));
    const int8_t def = on->boosts[STAT_DEF], spd = on->boosts[STAT_SPD];
    boost(c, t, both, t, REF_VOL(VOL_STOCKPILE), false, false);
    on->stockpile_def = (uint8_t)(on->stockpile_def + (def != on->boosts[STAT_DEF]));
    on->stockpile_spd = (on->stockpile_spd + (spd != on->boosts[STAT_SPD])) & 3;
    return R_TRUE;
}

static void power_trick(struct ctx *c, int t)
{
    uint16_t *s = c->on[t]->stats, atk = s[STAT_ATK];
    s[STAT_ATK] = s[STAT_DEF];
    s[STAT_DEF] = atk;
}

static int smack_down_begins(struct ctx *c, int t)
{
    bool felt = has_type(c, t, TYPE_FLYING) || has_ability(c, t, A(levitate));
    if (has_item(c, t, I(ironball)) || has(c, t, VOL_INGRAIN) || c->b->rooms[ROOM_GRAVITY])
        felt = false;
    if (remove_volatile(c, t, VOL_FLY) || remove_volatile(c, t, VOL_BOUNCE)) {
        felt = true;
        cancel_action(c, t);
        remove_volatile(c, t, VOL_CHARGING);
    }
    static const uint8_t lifts[2] = {VOL_MAGNET_RISE, VOL_TELEKINESIS};
    for (int i = 0; i < 2; i++)
        if (has(c, t, lifts[i])) {
            felt = true;
            drop_volatile(c, t, lifts[i]);
        }
    if (!felt)
        return R_FALSE;
    say_start(c, t, VOL_SMACK_DOWN, false);
    return R_TRUE;
}

static int gastro_begins(struct ctx *c, int t)
{
    if (has_item(c, t, I(abilityshield)))
        return R_FALSE;
    say(c, LINE_END_ABILITY, t);
    const struct effect *fx = &c->rules->abilities[c->on[t]->ability];
    if (listens(fx, EV_end))
        single(c, EV_end, fx, t, t, t, REF_VOL(VOL_GASTRO_ACID), NULL, R_TRUE);
    return R_TRUE;
}

/* Those that live in the ground are not lifted, nor is a mega evolved Gengar. */
static int telekinesis_begins(struct ctx *c, int t)
{
    static const char *const heavy[] = {"diglett", "dugtrio", "palossand", "sandygast"};
    const struct dex_species *s = &c->dex->species[c->mon[t]->species];
    bool stays = !strcmp(s->id, "gengarmega");
    for (size_t i = 0; i < sizeof heavy / sizeof *heavy; i++)
        stays |= !strcmp(c->dex->species[s->base_species].id, heavy[i]);
    if (stays) {
        say(c, LINE_IMMUNE, t);
        return R_NULL;
    }
    if (has(c, t, VOL_SMACK_DOWN) || has(c, t, VOL_INGRAIN))
        return R_FALSE;
    say_start(c, t, VOL_TELEKINESIS, false);
    return R_TRUE;
}

static int focus_begins(struct ctx *c, int t, enum battle_volatile v, ref cause)
{
    if (has(c, t, v == VOL_FOCUS_ENERGY ? VOL_DRAGON_CHEER : VOL_FOCUS_ENERGY))
        return R_FALSE;
    struct battle_event *e = say_start(c, t, v, true);
    if (e && cause == REF_NONE) /* copied */
        e->marks = SAID_SILENT;
    if (e && cause == REF_Z_POWER)
        e->extra = WORD_TAG_ZEFFECT;
    if (v == VOL_DRAGON_CHEER)
        c->on[t]->echo = has_type(c, t, TYPE_DRAGON);
    return R_TRUE;
}

static int choice_locks(struct ctx *c, int t)
{
    if (!c->attack || c->attack->bounced || c->attack->source == REF_VOL(VOL_SNATCH))
        return R_FALSE;
    c->on[t]->choice_move = c->attack->number;
    return R_TRUE;
}

/* Protosynthesis and Quark Drive raise the stat that is best now. */
static int rise_begins(struct ctx *c, int t, enum battle_volatile v, ref cause)
{
    const bool quark = v == VOL_QUARK_DRIVE, item = (cause & REF_CLASS) == REF_ITEM;
    const int best = best_stat(c, t);
    c->on[t]->best_stat = (uint8_t)((1 + best) | (item ? 0x80 : 0));
    struct battle_event *e = say1(c, LINE_ACTIVATE, t, SAY_ABILITY_FULL | (quark ? A(quarkdrive) : A(protosynthesis)));
    if (e && item)
        e->extra = WORD_TAG_FROM_BOOSTER;
    say1(c, LINE_START, t, SAY_WORD | ((unsigned)(quark ? WORD_QUARKATK : WORD_PROTOATK) + (unsigned)best));
    return R_TRUE;
}

static int rampage_begins(struct ctx *c, int t, ref cause)
{
    c->on[t]->rampage = (uint8_t)draw(c, 2, 4, DRAW_RAMPAGE);
    c->on[t]->lock_move = cause & REF_NUMBER;
    return R_TRUE;
}

/* The simple ones: what is said.  0: nothing. */
static unsigned start_word(enum battle_volatile v)
{
    enum { PLAIN = 1, FULL, SINGLE, SINGLE_FULL, SILENT };
    static const uint8_t how[VOLATILES] = {[VOL_AQUA_RING] = PLAIN,
                                           [VOL_CHARGE] = PLAIN,
                                           [VOL_MAGNET_RISE] = PLAIN,
                                           [VOL_POWER_TRICK] = PLAIN,
                                           [VOL_POWER_SHIFT] = PLAIN,
                                           [VOL_BIDE] = FULL,
                                           [VOL_MAGIC_COAT] = SINGLE_FULL,
                                           [VOL_SALT_CURE] = PLAIN,
                                           [VOL_TORMENT] = PLAIN,
                                           [VOL_UPROAR] = PLAIN,
                                           [VOL_SYRUP_BOMB] = PLAIN,
                                           [VOL_INGRAIN] = FULL,
                                           [VOL_LEECH_SEED] = FULL,
                                           [VOL_IMPRISON] = FULL,
                                           [VOL_NO_RETREAT] = FULL,
                                           [VOL_FLASH_FIRE] = 0,
                                           [VOL_PROTECT] = SINGLE,
                                           [VOL_SILK_TRAP] = SINGLE,
                                           [VOL_ENDURE] = SINGLE_FULL,
                                           [VOL_BANEFUL_BUNKER] = SINGLE_FULL,
                                           [VOL_BURNING_BULWARK] = SINGLE_FULL,
                                           [VOL_SPIKY_SHIELD] = SINGLE_FULL,
                                           [VOL_KINGS_SHIELD] = SINGLE,
                                           [VOL_OBSTRUCT] = SINGLE,
                                           [VOL_FOCUS_PUNCH] = SINGLE_FULL,
                                           [VOL_BEAK_BLAST] = SINGLE_FULL,
                                           [VOL_SHELL_TRAP] = SINGLE_FULL,
                                           [VOL_FOLLOW_ME] = SINGLE_FULL,
                                           [VOL_RAGE_POWDER] = SINGLE_FULL,
                                           [VOL_THROAT_CHOP] = SILENT,
                                           [VOL_HEAL_BLOCK] = FULL,
                                           [VOL_EMBARGO] = PLAIN,
                                           [VOL_FORESIGHT] = PLAIN,
                                           [VOL_MIRACLE_EYE] = PLAIN,
                                           [VOL_ELECTRIFY] = SINGLE_FULL};
    return how[v];
}

static void say_beginning(struct ctx *c, int t, enum battle_volatile v)
{
    struct battle_event *e = NULL;
    switch (start_word(v)) {
    case 1: say_start(c, t, v, false); break;
    case 2: say_start(c, t, v, true); break;
    case 3: say1(c, LINE_SINGLE_TURN, t, SAY_WORD | WORD_PROTECT); break;
    case 4: {
        const bool guard = v == VOL_BANEFUL_BUNKER || v == VOL_BURNING_BULWARK || v == VOL_SPIKY_SHIELD;
        say_single(c, t, guard ? VOL_PROTECT : v, true);
        break;
    }
    case 5:
        e = say_start(c, t, v, false);
        if (e)
            e->marks = SAID_SILENT;
        break;
    default: break;
    }
}

static int begins(struct ctx *c, int t, enum battle_volatile v, int source, ref cause)
{
    struct battle_active *on = c->on[t];
    struct battle_event *e = NULL;
    say_beginning(c, t, v);
    switch (v) {
    case VOL_CONFUSION: return confusion_begins(c, t, source, cause);
    case VOL_DISABLE: return disable_begins(c, t, source, cause);
    case VOL_ENCORE: return encore_begins(c, t);
    case VOL_ATTRACT: return attract_begins(c, t, source, cause);
    case VOL_BOUND: return bound_begins(c, t, source, cause);
    case VOL_SUBSTITUTE: return substitute_begins(c, t, cause);
    case VOL_SMACK_DOWN: return smack_down_begins(c, t);
    case VOL_GASTRO_ACID: return gastro_begins(c, t);
    case VOL_CHOICE_LOCK: return choice_locks(c, t);
    case VOL_RAMPAGE: return rampage_begins(c, t, cause);
    case VOL_FOCUS_ENERGY:
    case VOL_DRAGON_CHEER: return focus_begins(c, t, v, cause);
    case VOL_LASER_FOCUS:
        e = say_start(c, t, v, true);
        if (e && cause == REF_NONE) /* copied */
            e->marks = SAID_SILENT;
        return R_TRUE;
    case VOL_PROTOSYNTHESIS:
    case VOL_QUARK_DRIVE: return rise_begins(c, t, v, cause);
    case VOL_STOCKPILE: on->stockpile = on->stockpile_def = on->stockpile_spd = 0; return stockpile_grows(c, t);
    case VOL_TAUNT:
        if (on->active_turns && !will_move(c, t))
            on->turns[VOL_TAUNT]++;
        say_start(c, t, v, true);
        return R_TRUE;
    case VOL_CURSE: e = say_start(c, t, v, false); break;
    case VOL_YAWN: e = say_start(c, t, v, true); break;
    case VOL_HELPING_HAND: e = say_single(c, t, v, false); break;
    case VOL_CHARGE:
        if (of_ability(cause) && c->log) {
            e = &c->log->events[c->log->count - 1];
            e->arg[1] = (uint16_t)(c->attack ? SAY_MOVE | c->attack->number : 0);
            e->from = cause;
        }
        if (of_ability(cause))
            reveal(c, t, MON_ABILITY_KNOWN);
        return R_TRUE;
    case VOL_FLASH_FIRE: say1(c, LINE_START, t, SAY_ABILITY_FULL | A(flashfire)); return R_TRUE;
    case VOL_NO_ESCAPE: say1(c, LINE_ACTIVATE, t, SAY_WORD | WORD_TRAPPED); return R_TRUE;
    case VOL_RECHARGE: say(c, LINE_MUST_RECHARGE, t); return R_TRUE;
    case VOL_GRUDGE:
    case VOL_DESTINY_BOND: say1(c, LINE_SINGLE_MOVE, t, REF_VOL(v)); return R_TRUE;
    case VOL_POWDER: say_single(c, t, v, false); return R_TRUE;
    case VOL_NIGHTMARE:
        if (c->mon[t]->status != STATUS_SLP && !has_ability(c, t, A(comatose)))
            return R_FALSE;
        say_start(c, t, v, false);
        return R_TRUE;
    case VOL_EMBARGO:
        if (listens(&c->rules->items[c->mon[t]->item], EV_end))
            single(c, EV_end, &c->rules->items[c->mon[t]->item], t, t, NOBODY, REF_NONE, NULL, R_TRUE);
        return R_TRUE;
    case VOL_OCTOLOCK:
        on->gone &= (uint8_t)~64;
        e = say_start(c, t, v, true);
        if (e)
            e->of = who(c, source);
        return R_TRUE;
    case VOL_GLAIVE_RUSH:
        e = say1(c, LINE_SINGLE_MOVE, t, REF_VOL(v));
        if (e)
            e->marks = SAID_SILENT;
        return R_TRUE;
    case VOL_STALL: on->stall = 1; return R_TRUE;
    case VOL_POWER_SHIFT:
    case VOL_POWER_TRICK: power_trick(c, t); return R_TRUE;
    case VOL_BIDE: on->counter_damage = 0; return R_TRUE;
    case VOL_TELEKINESIS: return telekinesis_begins(c, t);
    case VOL_RAGE: say1(c, LINE_SINGLE_MOVE, t, REF_VOL(v)); return R_TRUE;
    case VOL_MAGIC_COAT:
        if (c->attack && c->attack->pranked)
            put_volatile(c, t, VOL_COAT_PRANKED);
        return R_TRUE;
    case VOL_SNATCH: say_single(c, t, v, false); return R_TRUE;
    case VOL_ROOST:
        if (c->mon[t]->flags & MON_TERASTALLIZED)
            return R_FALSE;
        say_single(c, t, v, true);
        return R_TRUE;
    case VOL_TAR_SHOT:
        if (c->mon[t]->flags & MON_TERASTALLIZED)
            return R_FALSE;
        say_start(c, t, v, false);
        return R_TRUE;
    case VOL_FURY_CUTTER: on->fury = 1; return R_TRUE;
    case VOL_COUNTER:
    case VOL_MIRROR_COAT: on->counter_damage = 0; return R_TRUE;
    default: return R_TRUE;
    }
    if (e)
        e->of = who(c, source);
    return R_TRUE;
}

/* It is there already. */
static int begins_again(struct ctx *c, int t, enum battle_volatile v, int source, ref cause)
{
    struct battle_active *on = c->on[t];
    switch (v) {
    case VOL_MINIMIZE:
    case VOL_DEFENSE_CURL: return R_NULL;
    case VOL_CHARGE: return begins(c, t, VOL_CHARGE, source, cause);
    case VOL_STALL:
        if (on->stall < 6)
            on->stall++;
        on->turns[VOL_STALL] = 2;
        return R_TRUE;
    case VOL_RAMPAGE:
        if (on->rampage >= 2)
            on->turns[VOL_RAMPAGE] = 2;
        return R_TRUE;
    case VOL_FURY_CUTTER:
        if (on->fury < 4)
            on->fury = (uint8_t)(on->fury * 2);
        on->turns[VOL_FURY_CUTTER] = 2;
        return R_TRUE;
    case VOL_STOCKPILE: return stockpile_grows(c, t);
    case VOL_HELPING_HAND: say_single(c, t, v, false); return R_TRUE;
    case VOL_POWER_SHIFT:
    case VOL_POWER_TRICK: remove_volatile(c, t, v); return R_TRUE;
    case VOL_HEAL_BLOCK:
        if (!is_move(cause, M(psychicnoise)))
            say1(c, LINE_FAIL, t, SAY_COND_FULL | (REF_VOL(v) & REF_NUMBER));
        return R_UNDEF;
    case VOL_LASER_FOCUS:
        on->turns[v] = 2;
        say_start(c, t, v, true);
        return R_TRUE;
    case VOL_SMACK_DOWN:
        if (remove_volatile(c, t, VOL_FLY) || remove_volatile(c, t, VOL_BOUNCE)) {
            cancel_action(c, t);
            remove_volatile(c, t, VOL_CHARGING);
            say_start(c, t, v, false);
        }
        return R_TRUE;
    default: return R_FALSE;
    }
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
        return begins_again(c, t, v, source, cause);
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
        c->on[t]->turns[v] = v == VOL_HEAL_BLOCK && is_move(cause, M(psychicnoise)) ? 2 : usual_turns(v);
    r = begins(c, t, v, source, cause);
    if (!worked(r))
        drop_volatile(c, t, v);
    return r;
}

/* -------------------------------------------------------------------------------------------------- ends --- */

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
