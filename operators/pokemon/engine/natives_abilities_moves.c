/*
 * natives_abilities_moves.c - abilities that change how moves are used.
 */
#include "natives_abilities.h"

NATIVE(mimicry)
{
    static const uint8_t ground[TERRAINS] = {0, TYPE_ELECTRIC, TYPE_GRASS, TYPE_FAIRY, TYPE_PSYCHIC};
    const int t = e->holder;
    const uint8_t *base = c->dex->species[c->mon[t]->species].types;
    const int one = c->b->terrain ? ground[c->b->terrain] : base[0], two = c->b->terrain ? 0 : base[1];
    const struct types now = types_of(c, t, true, false);
    const bool same =
        type_at(now, 0) == one && (types_n(now) == 1 ? !two : types_n(now) == 2 && type_at(now, 1) == two);
    if (same || !set_type(c, t, one, two))
        return R_UNDEF;
    if (c->b->terrain || has(c, t, VOL_TRANSFORMED)) {
        say_type(c, t, (unsigned)one | (unsigned)two << 5, e->self);
        reveal(c, t, MON_ABILITY_KNOWN);
        return R_UNDEF;
    }
    activates(c, e);
    struct battle_event *line = say1(c, LINE_END, t, SAY_WORD | WORD_TYPECHANGE);
    if (line)
        line->marks = SAID_SILENT;
    return R_UNDEF;
}

NATIVE(pranks) /* Prankster */
{
    (void)c;
    if (e->a->category != MOVE_STATUS)
        return R_UNDEF;
    e->a->pranked = true;
    return e->value + 1;
}

NATIVE(truant_before)
{
    const int t = e->target;
    if (!remove_volatile(c, t, VOL_TRUANT)) {
        add_volatile(c, t, VOL_TRUANT, t, e->self);
        return R_UNDEF;
    }
    return say_cant(c, t, SAY_ABILITY_FULL | NUMBER(e), 0);
}

NATIVE(truant_starts)
{
    const int t = e->target;
    const struct battle_active *on = c->on[t];
    remove_volatile(c, t, VOL_TRUANT);
    if (on->active_turns && (on->result != MOVE_UNKNOWN || !will_move(c, t)))
        add_volatile(c, t, VOL_TRUANT, t, e->self);
    return R_UNDEF;
}

NATIVE(bond_strikes) /* Parental Bond: a second, weaker hit */
{
    (void)c;
    struct attack *a = e->a;
    if (a->category == MOVE_STATUS || a->multi || flagged(a, MF_NOPARENTALBOND) || flagged(a, MF_CHARGE) ||
        flagged(a, MF_FUTUREMOVE) || a->z)
        return R_UNDEF;
    a->hits[0] = a->hits[1] = 2;
    a->multi = a->bond = true;
    return R_UNDEF;
}

static int told_immune(struct ctx *c, struct call *e)
{
    say_from(c, LINE_IMMUNE, e->target, 0, e->self, NOBODY);
    return R_NULL;
}

NATIVE(only_super) /* Wonder Guard */
{
    struct attack *a = e->a;
    if (e->target == e->source || a->category == MOVE_STATUS || a->number == M(struggle) ||
        (M(skydrop) && a->number == M(skydrop) && !has(c, e->source, VOL_SKY_DROP)))
        return R_UNDEF;
    if (effectiveness(c, e->target, a) > 0 && type_immunity(c, e->target, a, false))
        return R_UNDEF;
    return told_immune(c, e);
}

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
    if (c->on[t]->flags & ON_PROTEAN_USED || a->bounced || a->source == REF_VOL(VOL_SNATCH) ||
        flagged(a, MF_FUTUREMOVE) || flagged(a, MF_CALLS_MOVE) || !a->type)
        return R_UNDEF;
    const struct types now = types_of(c, t, true, false);
    if ((types_n(now) == 1 && type_at(now, 0) == a->type) || !set_type(c, t, a->type, 0))
        return R_UNDEF;
    c->on[t]->flags |= ON_PROTEAN_USED;
    say_type(c, t, a->type, e->self);
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

void tactics_lose(struct ctx *c, int t, int slot)
{
    if (c->on[t]->ability_n == slot + 1 && c->on[t]->ability == dex_ability(c->dex, "gorillatactics"))
        c->on[t]->ability_n = TACTICS_NO_SLOT;
}

NATIVE(tactics_bar)
{
    const int t = e->target;
    if (!c->on[t]->ability_n || e->a->z || e->a->number == M(struggle) || e->a->number == tactics_move(c, t))
        return R_UNDEF;
    return say_held(c, t, e->a->number);
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

NATIVE(color_change)
{
    const int t = e->target;
    const unsigned type = e->a->type;
    if (!alive(c, t) || e->a->category == MOVE_STATUS || !type || has_type(c, t, (int)type))
        return R_UNDEF;
    if (!set_type(c, t, (int)type, 0))
        return R_FALSE;
    say_type(c, t, type, e->self);
    reveal(c, t, MON_ABILITY_KNOWN);
    return R_UNDEF;
}

const struct native natives_abilities_moves[] = {
    LISTED(mimicry),           LISTED(pranks),         LISTED(truant_before),   LISTED(truant_starts),
    LISTED(bond_strikes),      LISTED(only_super),     LISTED(adaptability),    LISTED(libero),
    LISTED(tactics_bar),       LISTED(tactics_choose), LISTED(tactics_disable), LISTED(magic_bounce),
    LISTED(magic_bounce_side), LISTED(aura),           LISTED(color_change),    {NULL, NULL}};
