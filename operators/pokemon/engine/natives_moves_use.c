/*
 * natives_moves_use.c - whether and how a move is used: its conditions, two turns, moves that call others, moves
 * on the user itself.
 *
 * On "try", "try_move", "modify_move" and "after_move" the user is e->target; on "hit", "try_hit", "prepare_hit" and
 * "move_fail" it is e->source.
 */
#include "natives.h"

#define OWN_REF ((ref)(REF_MOVE | e->a->number))

/* ---------------------------------------------------------------------------------------------- two turns --- */

/* --------------------------------------------------------------------------------------------- protection --- */

/* ----------------------------------------------------------------------------------------- on the user itself --- */

static int sub_fails(struct ctx *c, struct call *e)
{
    say1(c, LINE_FAIL, e->source, SAY_MOVE_FULL | e->a->number);
    return R_NOT_FAIL;
}

NATIVE(shed_tail_starts)
{
    const struct battle_mon *m = c->mon[e->source];
    if (!can_switch(c, e->source)) {
        say(c, LINE_FAIL, e->source);
        return R_NOT_FAIL;
    }
    if (has(c, e->source, VOL_SUBSTITUTE))
        return sub_fails(c, e);
    if (m->hp > (m->hp_max + 1) / 2)
        return R_UNDEF;
    sub_fails(c, e);
    if (c->log)
        c->log->events[c->log->count - 1].extra = WORD_TAG_WEAK;
    return R_NOT_FAIL;
}

NATIVE(revives)
{
    const struct battle_side *s = &c->b->sides[e->source];
    for (int i = 0; i < s->size; i++)
        if (s->party[i].flags & MON_FAINT_TOLD)
            return R_UNDEF;
    return R_FALSE;
}

NATIVE(curse_target)
{
    if (!has_type(c, e->target, TYPE_GHOST))
        e->a->target_kind = TARGET_SELF;
    return R_UNDEF;
}

NATIVE(curse_starts)
{
    static const struct dex_effect nothing;
    static const struct dex_effect stronger = {.boosted = true,
                                               .to_user = true,
                                               .boosts = {[STAT_ATK] = 1, [STAT_DEF] = 1, [STAT_SPE] = -1},
                                               .sequence = 0x215};
    if (!has_type(c, e->source, TYPE_GHOST)) {
        e->a->hit_effect = &nothing;
        e->a->self_now = &stronger; /* the Speed is told first */
        e->a->echo = 1;
        return R_UNDEF;
    }
    return has(c, e->target, VOL_CURSE) ? R_FALSE : R_UNDEF;
}

NATIVE(curse_costs)
{
    if (!e->a->echo)
        hurt_directly(c, e->source, c->mon[e->source]->hp_max / 2, REF_NONE);
    return R_UNDEF;
}

NATIVE(swallow)
{
    static const uint16_t parts[3] = {1024, 2048, 4096};
    const int n = c->on[e->target]->stockpile;
    const bool healed =
        heal(c, e->target, (int)modify(c->mon[e->target]->hp_max, parts[n > 1 ? n - 1 : 0]), e->target, OWN_REF) > 0;
    if (!healed)
        say1(c, LINE_FAIL, e->target, SAY_WORD | WORD_HEAL);
    remove_volatile(c, e->target, VOL_STOCKPILE);
    return healed ? R_TRUE : R_NOT_FAIL;
}

NATIVE(no_retreat)
{
    if (has(c, e->target, VOL_NO_RETREAT))
        return R_FALSE;
    if (has(c, e->target, VOL_NO_ESCAPE)) {
        e->a->own = *e->a->hit_effect;
        e->a->own.volatile_ = 0;
        e->a->hit_effect = &e->a->own;
    }
    return R_UNDEF;
}

/* ------------------------------------------------------------------------------------------- types, formes --- */

static void say_type(struct ctx *c, int t, unsigned types, ref from)
{
    struct battle_event *line = say2(c, LINE_START, t, SAY_WORD | WORD_TYPECHANGE, SAY_TYPES | types);
    if (line)
        line->from = from;
}

static bool only_type(const struct ctx *c, int t, int type)
{
    struct types all = types_of(c, t, true, false);
    return all.n == 1 && all.t[0] == type;
}

NATIVE(soak)
{
    if (only_type(c, e->target, TYPE_WATER) || !set_type(c, e->target, TYPE_WATER, 0)) {
        say(c, LINE_FAIL, e->target);
        return R_NULL;
    }
    say_type(c, e->target, TYPE_WATER, REF_NONE);
    return R_UNDEF;
}

NATIVE(magic_powder)
{
    if (only_type(c, e->target, TYPE_PSYCHIC) || !set_type(c, e->target, TYPE_PSYCHIC, 0))
        return R_FALSE;
    say_type(c, e->target, TYPE_PSYCHIC, REF_NONE);
    return R_UNDEF;
}

NATIVE(conversion)
{
    const int type = move_row(c, slot_move(c, e->target, 0))->type;
    if (has_type(c, e->target, type) || !set_type(c, e->target, type, 0))
        return R_FALSE;
    say_type(c, e->target, (unsigned)type, REF_NONE);
    return R_UNDEF;
}

NATIVE(conversion2)
{
    const int last = c->on[e->target]->last_type;
    uint8_t list[TYPES];
    uint32_t n = 0;
    if (!last)
        return R_FALSE;
    /* in the order in which the reference names types */
    for (int type = 1; type < TYPE_STELLAR; type++) {
        const int effect = dex_effectiveness(c->dex, last, type);
        if (!has_type(c, e->source, type) && effect < 2)
            list[n++] = (uint8_t)type;
    }
    if (!n)
        return R_FALSE;
    const int type = list[draw(c, 0, n, DRAW_MOVE)];
    if (!set_type(c, e->source, type, 0))
        return R_FALSE;
    say_type(c, e->source, (unsigned)type, REF_NONE);
    return R_UNDEF;
}

NATIVE(reflect_type)
{
    const struct dex_species *s = species_now(c, e->source);
    const struct types all = types_of(c, e->target, false, false);
    uint8_t real[2] = {0}, n = 0;
    for (int i = 0; i < all.n; i++)
        if (all.t[i])
            real[n++] = all.t[i];
    if (s->number == 493 || s->number == 773 || c->mon[e->source]->flags & MON_TERASTALLIZED)
        return R_FALSE;
    if (!n && !c->on[e->target]->type_added)
        return R_FALSE;
    struct battle_event *line = say1(c, LINE_START, e->source, SAY_WORD | WORD_TYPECHANGE);
    if (line) {
        line->from = OWN_REF;
        line->of = who(c, e->target);
    }
    uint8_t shown[2];
    memcpy(shown, c->on[e->source]->types_shown, 2);
    set_type(c, e->source, n ? real[0] : TYPE_NORMAL, real[1]);
    memcpy(c->on[e->source]->types_shown, shown, 2); /* told when the turn ends */
    c->on[e->source]->type_added = c->on[e->target]->type_added;
    return R_UNDEF;
}

static int needs_kind(struct ctx *c, struct call *e, bool good)
{
    if (good)
        return R_UNDEF;
    say_mark(c, SAID_STILL);
    say1(c, LINE_FAIL, e->target, SAY_MOVE_FULL | e->a->number);
    return R_NULL;
}

NATIVE(needs_unbound)
{
    const bool unbound = S(hoopaunbound) && c->on[e->target]->species == S(hoopaunbound);
    const int r = needs_kind(c, e, unbound);
    if (c->log && !unbound && c->on[e->target]->species == S(hoopa))
        c->log->events[c->log->count - 1].extra = WORD_TAG_FORME;
    return r;
}

NATIVE(relic_song)
{
    const int t = e->target;
    if (!S(meloetta) || c->dex->species[c->mon[t]->species].base_species != S(meloetta) || has(c, t, VOL_TRANSFORMED))
        return R_UNDEF;
    const unsigned to = c->on[t]->species == S(meloettapirouette) ? S(meloetta) : S(meloettapirouette);
    forme_change(c, t, to, OWN_REF, false);
    if (c->log)
        c->log->events[c->log->count - 1].extra = WORD_TAG_MSG;
    return R_UNDEF;
}

/* ---------------------------------------------------------------------------------------- calling other moves --- */

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
    if (move_row(c, last)->flags & DEX_BIT(MF_FAILCOPYCAT) || move_row(c, last)->z)
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

/* ----------------------------------------------------------------------------------------------- conditions --- */

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

/* Nobody to change places with; trying gets rarer in a row all the same. */
NATIVE(ally_switch_tries)
{
    struct battle_active *on = c->on[e->source];
    static const uint16_t once_in[7] = {1, 3, 9, 27, 81, 243, 729};
    if (!has(c, e->source, VOL_ALLY_SWITCH)) {
        add_volatile(c, e->source, VOL_ALLY_SWITCH, e->source, OWN_REF);
        on->ally_switch = 1;
        return R_UNDEF;
    }
    if (!chance(c, 1, once_in[on->ally_switch], DRAW_STALL)) {
        drop_volatile(c, e->source, VOL_ALLY_SWITCH);
        return R_FALSE;
    }
    if (on->ally_switch < 6)
        on->ally_switch++;
    on->turns[VOL_ALLY_SWITCH] = 2;
    return R_UNDEF;
}

NATIVE(ally_switch)
{
    say1(c, LINE_FAIL, e->source, SAY_MOVE_FULL | e->a->number);
    say_mark(c, SAID_STILL);
    return R_NOT_FAIL;
}

NATIVE(lost_focus)
{
    if (!has(c, e->target, VOL_FOCUS_PUNCH) || !c->on[e->target]->counter_damage)
        return R_UNDEF;
    say2(c, LINE_CANT, e->target, REF_VOL(VOL_FOCUS_PUNCH), SAY_MOVE | e->a->number);
    return R_FALSE;
}

/* ------------------------------------------------------------------------------------- what the target must be --- */

NATIVE(can_disable)
{
    const unsigned last = c->on[e->target]->last_move;
    return !last || last == M(struggle) || c->on[e->target]->last_z ? R_FALSE : R_UNDEF;
}

NATIVE(lock_on)
{
    add_volatile(c, e->source, VOL_LOCK_ON, e->target, OWN_REF);
    c->on[e->source]->gone = (uint8_t)((c->on[e->source]->gone & ~GONE_AIM) | c->b->sides[e->target].active << 3);
    struct battle_event *line = say1(c, LINE_ACTIVATE, e->source, SAY_MOVE_FULL | e->a->number);
    if (line)
        line->of = who(c, e->target);
    return R_UNDEF;
}

/* ----------------------------------------------------------------------------------------------- abilities --- */

static bool fixed_ability(const struct ctx *c, int t)
{
    return ability_marks(c, t) & DEX_BIT(MARK_CANT_SUPPRESS);
}

NATIVE(can_be_suppressed)
{
    if (fixed_ability(c, e->target))
        return R_FALSE;
    if (!has_item(c, e->target, I(abilityshield)))
        return R_UNDEF;
    say1(c, LINE_BLOCK, e->target, SAY_ITEM_FULL | I(abilityshield));
    return R_NULL;
}

NATIVE(can_entrain)
{
    const unsigned a = c->on[e->target]->ability;
    if (e->target == e->source || a == c->on[e->source]->ability || fixed_ability(c, e->target) ||
        (a && a == A(truant)) || ability_marks(c, e->source) & DEX_BIT(MARK_NO_ENTRAIN))
        return R_FALSE;
    return R_UNDEF;
}

NATIVE(can_play)
{
    if (c->on[e->target]->ability == c->on[e->source]->ability ||
        ability_marks(c, e->target) & DEX_BIT(MARK_FAIL_ROLE_PLAY) || fixed_ability(c, e->source))
        return R_FALSE;
    return R_UNDEF;
}

NATIVE(doodle)
{
    bool tried = false;
    int r = R_FALSE;
    if (!(ability_marks(c, e->target) & DEX_BIT(MARK_FAIL_ROLE_PLAY)) &&
        c->on[e->source]->ability != c->on[e->target]->ability && !fixed_ability(c, e->source)) {
        r = set_ability(c, e->source, c->on[e->target]->ability, NOBODY, OWN_REF, false, false);
        tried = true;
    }
    if (r >= 0)
        return R_UNDEF;
    if (!tried || r == R_FALSE)
        say(c, LINE_FAIL, e->source);
    say_mark(c, SAID_STILL);
    return R_NOT_FAIL;
}

/* ---------------------------------------------------------------------------------------------- everybody --- */

NATIVE(perish_song)
{
    bool any = false, told = false;
    for (int t = 0; t < 2; t++) {
        if (c->mon[t]->flags & MON_FAINT_TOLD)
            continue;
        if (event(c, EV_invulnerability, t, e->source, OWN_REF, e->a) == R_FALSE) {
            say1(c, LINE_MISS, e->source, SAY_WHO | who(c, t));
            any = true;
        } else if (event(c, EV_try_hit, t, e->source, OWN_REF, e->a) == R_NULL) {
            any = true;
        } else if (!has(c, t, VOL_PERISH)) {
            add_volatile(c, t, VOL_PERISH, e->source, OWN_REF);
            struct battle_event *line = say1(c, LINE_START, t, SAY_WORD | WORD_PERISH3);
            if (line)
                line->marks = SAID_SILENT;
            any = told = true;
        }
    }
    if (!any)
        return R_FALSE;
    if (told)
        say1(c, LINE_FIELD_ACTIVATE, NOBODY, SAY_MOVE_FULL | e->a->number);
    return R_UNDEF;
}

NATIVE(heal_bell)
{
    struct battle_side *s = &c->b->sides[e->source];
    const int t = e->source;
    bool any = false;
    say1(c, LINE_ACTIVATE, t, SAY_MOVE_FULL | e->a->number);
    /* who is out comes first, as the team stands */
    for (int k = 0; k < s->size; k++) {
        const int slot = s->standing[k];
        struct battle_mon *m = &s->party[slot];
        if (!m->hp || !m->status)
            continue;
        struct battle_event *line = say1(c, LINE_CURE, t, REF_STATUS(m->status));
        if (line) {
            line->who = (uint8_t)(t * 8 + slot + (k ? SAY_BENCHED : 0));
            line->marks = SAID_MSG;
        }
        m->status = m->status_n = 0;
        any = true;
        changed(c, t);
    }
    return any ? R_TRUE : R_FALSE;
}

NATIVE(uproar_goes_on)
{
    c->on[e->target]->lock_move = e->a->number;
    return R_UNDEF;
}

NATIVE(sparkling_aria)
{
    for (int t = 0; t < 2; t++)
        if (has(c, t, VOL_SPARKLING_ARIA)) {
            const bool cures = alive(c, e->target) && t != e->target && !e->a->has_sheer_force && alive(c, t);
            drop_volatile(c, t, VOL_SPARKLING_ARIA);
            if (cures && c->mon[t]->status == STATUS_BRN)
                cure_status(c, t, false);
        }
    return R_UNDEF;
}

NATIVE(future)
{
    if (c->b->sides[e->source].future_turns)
        return R_FALSE;
    set_slot(c, e->source, SLOT_FUTURE, e->target, OWN_REF, e->a);
    const bool full = e->a->number == M(futuresight);
    say1(c, LINE_START, e->target, (unsigned)(full ? SAY_MOVE_FULL : SAY_MOVE) | e->a->number);
    return R_NOT_FAIL;
}

NATIVE(anim_type) /* Tera Blast, Ivy Cudgel: what is seen */
{
    if (strcmp(e->a->move->id, "terablast") ? e->a->type != TYPE_GRASS
                                            : (c->mon[e->source]->flags & MON_TERASTALLIZED) != 0)
        say_animation(c, SAY_TYPES | (strcmp(e->a->move->id, "terablast") ? e->a->type : c->mon[e->source]->tera));
    return R_UNDEF;
}

NATIVE(anim_category)
{
    say_animation(c, SAY_WORD | (e->a->category == MOVE_PHYSICAL ? WORD_PHYSICAL : WORD_SPECIAL));
    return R_UNDEF;
}

int modified_target(struct ctx *c, struct attack *a, int t, int target)
{
    (void)c;
    (void)a;
    (void)t;
    return target;
}

NATIVE(joins_round) /* who has chosen it as well sings next */
{
    struct action *a = queued_move(c, foe_of(c, e->target));
    if (a && a->move == e->a->number)
        queue_next(c, a);
    return R_UNDEF;
}

const struct native natives_moves_use[] = {LISTED(shed_tail_starts),
                                           LISTED(revives),
                                           LISTED(curse_target),
                                           LISTED(curse_starts),
                                           LISTED(curse_costs),
                                           LISTED(swallow),
                                           LISTED(no_retreat),
                                           LISTED(soak),
                                           LISTED(magic_powder),
                                           LISTED(conversion),
                                           LISTED(conversion2),
                                           LISTED(reflect_type),
                                           LISTED(needs_unbound),
                                           LISTED(relic_song),
                                           LISTED(sleep_talk),
                                           LISTED(copycat),
                                           LISTED(metronome_calls),
                                           LISTED(instruct),
                                           LISTED(mimic),
                                           LISTED(joins_round),
                                           LISTED(sketch),
                                           LISTED(others_used),
                                           LISTED(ally_switch_tries),
                                           LISTED(ally_switch),
                                           LISTED(lost_focus),
                                           LISTED(can_disable),
                                           LISTED(lock_on),
                                           LISTED(can_be_suppressed),
                                           LISTED(can_entrain),
                                           LISTED(can_play),
                                           LISTED(doodle),
                                           LISTED(perish_song),
                                           LISTED(heal_bell),
                                           LISTED(uproar_goes_on),
                                           LISTED(sparkling_aria),
                                           LISTED(future),
                                           LISTED(anim_type),
                                           LISTED(anim_category),
                                           {NULL, NULL}};
