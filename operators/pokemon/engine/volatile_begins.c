/*
 * volatile_begins.c - what each volatile says and does as it begins.
 */
#include "volatile.h"

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

int volatile_begins(struct ctx *c, int t, enum battle_volatile v, int source, ref cause)
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
int volatile_begins_again(struct ctx *c, int t, enum battle_volatile v, int source, ref cause)
{
    struct battle_active *on = c->on[t];
    switch (v) {
    case VOL_MINIMIZE:
    case VOL_DEFENSE_CURL: return R_NULL;
    case VOL_CHARGE: return volatile_begins(c, t, VOL_CHARGE, source, cause);
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
