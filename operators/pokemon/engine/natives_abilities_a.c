/*
 * natives_abilities_a.c - abilities a to m that sentences of the vocabulary do not say: while moves are used, and
 * when they hit.
 */
#include "natives_abilities.h"

static bool low(const struct ctx *c, int t)
{
    return 2u * c->mon[t]->hp <= c->mon[t]->hp_max;
}

/* ------------------------------------------------------------------------------------------- moves are used --- */

NATIVE(adaptability)
{
    if (!e->a->force_stab && !has_type(c, e->target, e->a->type))
        return R_UNDEF;
    return e->value == 8192 ? 9216 : 8192;
}

/* Its type becomes that of its move, once while it is out. */
NATIVE(libero)
{
    const int t = e->target;
    struct attack *a = e->a;
    if (c->on[t]->flags & ON_PROTEAN_USED || a->bounced || flagged(a, MF_FUTUREMOVE) || flagged(a, MF_CALLS_MOVE) ||
        !a->type)
        return R_UNDEF;
    const struct types now = types_of(c, t, true, false);
    if ((now.n == 1 && now.t[0] == a->type) || !set_type(c, t, a->type, 0))
        return R_UNDEF;
    c->on[t]->flags |= ON_PROTEAN_USED;
    struct battle_event *line = say2(c, LINE_START, t, SAY_WORD | WORD_TYPECHANGE, SAY_TYPES | a->type);
    if (line)
        line->from = e->self;
    reveal(c, t, MON_ABILITY_KNOWN);
    return R_UNDEF;
}

/* Gorilla Tactics: ability_n is 1 + the slot of the move chosen, or 5 for one that is in no slot. */
enum { TACTICS_NO_SLOT = 5 };

static unsigned tactics_move(const struct ctx *c, int t)
{
    const unsigned n = c->on[t]->ability_n;
    return n && n < TACTICS_NO_SLOT ? slot_move(c, t, (int)n - 1) : 0;
}

NATIVE(tactics_bar)
{
    const int t = e->target;
    if (!c->on[t]->ability_n || e->a->z || e->a->number == M(struggle) || e->a->number == tactics_move(c, t))
        return R_UNDEF;
    struct battle_event *line = say1(c, LINE_MOVE, t, SAY_MOVE | e->a->number);
    if (line)
        line->marks = SAID_STILL;
    say(c, LINE_FAIL, t);
    return R_FALSE;
}

NATIVE(tactics_choose)
{
    const int t = e->target;
    if (c->on[t]->ability_n || e->a->z || e->a->number == M(struggle))
        return R_UNDEF;
    const int slot = move_slot(c, t, e->a->number);
    c->on[t]->ability_n = (uint8_t)(slot < 0 ? TACTICS_NO_SLOT : slot + 1);
    return R_UNDEF;
}

NATIVE(tactics_disable)
{
    const int t = e->target;
    if (!c->on[t]->ability_n)
        return R_UNDEF;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (slot_move(c, t, i) && slot_move(c, t, i) != tactics_move(c, t))
            c->on[t]->disabled |= (uint8_t)(1u << i);
    return R_UNDEF;
}

static bool may_bounce(const struct ctx *c, const struct call *e)
{
    return e->source != BENCHED && e->source != NOBODY && e->target != e->source && !e->a->bounced &&
           flagged(e->a, MF_REFLECTABLE) && !semi_invulnerable(c, e->target);
}

static int bounce(struct ctx *c, struct call *e)
{
    struct attack caller = *e->a;
    caller.bounced = caller.calls_bounce = true;
    use_move(c, e->a->number, e->holder, e->source, e->self, &caller);
    return R_NULL;
}

NATIVE(magic_bounce)
{
    return may_bounce(c, e) ? bounce(c, e) : R_UNDEF;
}

NATIVE(magic_bounce_side)
{
    if (!may_bounce(c, e))
        return R_UNDEF;
    bounce(c, e);
    e->a->bounced = true;
    return R_NULL;
}

NATIVE(aura)
{
    if (e->target == e->source)
        return R_UNDEF;
    if (has_ability(c, !e->holder, NUMBER(e)) && e->holder != e->target) /* two of them count once */
        return R_UNDEF;
    bool turned = false;
    for (int t = 0; t < 2; t++)
        turned |= has_unbroken(c, t, A(aurabreak));
    return chain(e, turned ? 3072 : 5448);
}

/* ---------------------------------------------------------------------------------------------- it is hit --- */

NATIVE(innards_out)
{
    if (alive(c, e->holder) || e->source == BENCHED)
        return R_UNDEF;
    const int before = flagged(e->a, MF_SMART_TARGET) ? 0 : e->a->total;
    hurt(c, e->source, e->value + before, e->holder, e->self, NULL);
    return R_UNDEF;
}

/* Berserk and Anger Shell: ability_n is 2 while berries wait for the end of the move, 1 after it. */
NATIVE(half_hp_watch)
{
    const bool by_move = is_move_ref(e->cause) || e->cause == REF_OF_WORD(WORD_CONFUSED);
    const bool many = e->a && (e->a->multi || e->a->hits[1] > 1);
    const bool sheer = e->a && e->a->has_sheer_force && e->source != NOBODY && e->source != BENCHED &&
                       has_ability(c, e->source, A(sheerforce));
    c->on[e->holder]->ability_n = by_move && !many && !sheer ? 2 : 1;
    return R_UNDEF;
}

NATIVE(half_hp_waits)
{
    static const char *const healing[] = {"aguavberry",  "enigmaberry", "figyberry", "iapapaberry", "magoberry",
                                          "sitrusberry", "wikiberry",   "oranberry", "berryjuice"};
    if (c->on[e->holder]->ability_n != 2)
        return R_UNDEF;
    for (size_t i = 0; i < sizeof healing / sizeof *healing; i++)
        if (!strcmp(c->dex->items[e->thing].id, healing[i]))
            return R_FALSE;
    return R_UNDEF;
}

/* The move took it below half of its HP. */
static bool halved(struct ctx *c, const struct call *e, bool last_only)
{
    const int t = e->target;
    c->on[t]->ability_n = 1;
    if (e->source == NOBODY || e->source == t || !alive(c, t) || !e->a->total)
        return false;
    const unsigned damage = last_only ? c->on[t]->hit_damage : e->a->total;
    return low(c, t) && 2 * (c->mon[t]->hp + damage) > c->mon[t]->hp_max;
}

NATIVE(berserk)
{
    if (halved(c, e, flagged(e->a, MF_SMART_TARGET)))
        boost_one(c, e->target, STAT_SPA, 1, e->target, e->self);
    return R_UNDEF;
}

NATIVE(angershell)
{
    static const int8_t shell[STAGES] = {
        [STAT_ATK] = 1, [STAT_DEF] = -1, [STAT_SPA] = 1, [STAT_SPD] = -1, [STAT_SPE] = 1};
    if (!halved(c, e, false))
        return R_UNDEF;
    c->sequence = 0x42531; /* those that rise are told first */
    boost(c, e->target, shell, e->target, e->self, false, false);
    return R_UNDEF;
}

NATIVE(color_change)
{
    const int t = e->target;
    const unsigned type = e->a->type;
    if (!alive(c, t) || e->a->category == MOVE_STATUS || !type || has_type(c, t, (int)type))
        return R_UNDEF;
    if (!set_type(c, t, (int)type, 0))
        return R_FALSE;
    struct battle_event *line = say2(c, LINE_START, t, SAY_WORD | WORD_TYPECHANGE, SAY_TYPES | type);
    if (line)
        line->from = e->self;
    reveal(c, t, MON_ABILITY_KNOWN);
    return R_UNDEF;
}

NATIVE(effect_spore)
{
    if (!status_immunity(c, e->source, REF_POWDER))
        return R_UNDEF;
    const uint32_t r = draw(c, 0, 100, DRAW_ABILITY);
    if (r < 30)
        try_status(c, e->source, r < 11 ? STATUS_SLP : r < 21 ? STATUS_PAR : STATUS_PSN, e->holder, e->self);
    return R_UNDEF;
}

static void change_prey(struct ctx *c, const struct call *e, unsigned species)
{
    forme_change(c, e->holder, species, e->cause, false);
    if (c->log && c->log->count)
        c->log->events[c->log->count - 1].arg[1] = SAY_WORD | WORD_NONE; /* a field that is empty */
}

static void take_prey(struct ctx *c, const struct call *e)
{
    change_prey(c, e, low(c, e->holder) ? S(cramorantgorging) : S(cramorantgulping));
}

NATIVE(gulp_surf)
{
    if (S(cramorant) && e->a->number == M(surf) && c->on[e->holder]->species == S(cramorant))
        take_prey(c, e);
    return R_UNDEF;
}

NATIVE(gulp_dive)
{
    if (S(cramorant) && c->on[e->holder]->species == S(cramorant) && !has(c, e->holder, VOL_TRANSFORMED))
        take_prey(c, e);
    return R_UNDEF;
}

NATIVE(gulp_missile)
{
    static const int8_t less[STAGES] = {[STAT_DEF] = -1};
    const int t = e->holder, foe = e->source;
    const unsigned now = c->on[t]->species;
    if (foe == BENCHED || !alive(c, foe) || semi_invulnerable(c, t) || !S(cramorant) ||
        (now != S(cramorantgulping) && now != S(cramorantgorging)))
        return R_UNDEF;
    hurt_part(c, foe, 4, t, e->self);
    if (now == S(cramorantgulping))
        boost(c, foe, less, t, e->self, true, false);
    else
        try_status(c, foe, STATUS_PAR, t, e->cause);
    change_prey(c, e, S(cramorant));
    return R_UNDEF;
}

NATIVE(magic_guard)
{
    if ((e->cause & REF_CLASS) == REF_ABILITY && e->source != NOBODY)
        say1(c, LINE_ACTIVATE, e->source, SAY_ABILITY_FULL | (e->cause & REF_NUMBER));
    return R_FALSE;
}

const struct native natives_abilities_a[] = {
    LISTED(adaptability),    LISTED(libero),        LISTED(tactics_bar),       LISTED(tactics_choose),
    LISTED(tactics_disable), LISTED(magic_bounce),  LISTED(magic_bounce_side), LISTED(aura),
    LISTED(innards_out),     LISTED(half_hp_watch), LISTED(half_hp_waits),     LISTED(berserk),
    LISTED(angershell),      LISTED(color_change),  LISTED(effect_spore),      LISTED(gulp_surf),
    LISTED(gulp_dive),       LISTED(gulp_missile),  LISTED(magic_guard),       {NULL, NULL}};
