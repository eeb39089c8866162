/*
 * natives_abilities2.c - abilities n to z, what they do to moves and hits, where sentences of the vocabulary do not
 * say it.
 *
 * On "prepare_hit" and "modify_move" the user is e->target; on "damaging_hit", "try_hit" and "after_move_secondary"
 * it is e->source.
 */
#include "natives.h"

#define OWN (e->self & REF_NUMBER)

/* --------------------------------------------------------------------------------------------- before a move --- */

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
    return say_cant(c, t, SAY_ABILITY_FULL | OWN, 0);
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

/* ------------------------------------------------------------------------------------------- moves, changed --- */

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

NATIVE(fallen_power) /* Supreme Overlord */
{
    static const uint16_t times[6] = {4096, 4506, 4915, 5325, 5734, 6144};
    const unsigned n = c->on[e->holder]->ability_n;
    return n && n < 6 ? chain(e, times[n]) : R_UNDEF;
}

/* ------------------------------------------------------------------------------------------ moves, kept away --- */

static int told_immune(struct ctx *c, struct call *e)
{
    say_from(c, LINE_IMMUNE, e->target, 0, e->self, NOBODY);
    return R_NULL;
}

NATIVE(only_super) /* Wonder Guard */
{
    struct attack *a = e->a;
    if (e->target == e->source || a->category == MOVE_STATUS || a->number == M(struggle))
        return R_UNDEF;
    if (effectiveness(c, e->target, a) > 0 && type_immunity(c, e->target, a, false))
        return R_UNDEF;
    return flagged(a, MF_SMART_TARGET) ? R_NULL : told_immune(c, e);
}

NATIVE(told_confusion) /* Own Tempo */
{
    if (e->a && e->a->move->hit.volatile_ == 1 + VOL_CONFUSION)
        say_from(c, LINE_IMMUNE, e->target, REF_VOL(VOL_CONFUSION), e->self, NOBODY);
    return R_UNDEF;
}

NATIVE(loves_nobody) /* Oblivious */
{
    const int t = e->target;
    say1(c, LINE_ACTIVATE, t, SAY_ABILITY_FULL | OWN);
    remove_volatile(c, t, VOL_ATTRACT);
    say_from(c, LINE_END, t, SAY_COND_FULL | (REF_VOL(VOL_ATTRACT) & REF_NUMBER), e->self, NOBODY);
    return R_UNDEF;
}

/* Stages of the other are not seen (Unaware). */
NATIVE(unaware)
{
    const int own = e->holder, t = e->target;
    if (own == t)
        return R_UNDEF;
    if (own == c->active_user && t == c->active_target)
        e->stages[STAT_DEF] = e->stages[STAT_SPD] = e->stages[STAT_EVA] = 0;
    if (t == c->active_user && own == c->active_target)
        e->stages[STAT_ATK] = e->stages[STAT_DEF] = e->stages[STAT_SPA] = e->stages[STAT_ACC] = 0;
    return R_UNDEF;
}

/* --------------------------------------------------------------------------------------------------- damage --- */

/* ---------------------------------------------------------------------------------------------- after a hit --- */

NATIVE(picks_pocket)
{
    const int t = e->target, from = e->source;
    if (from == NOBODY || from == BENCHED || from == t || !e->a || !flagged(e->a, MF_CONTACT) || c->mon[t]->item ||
        c->on[t]->flags & (ON_SWITCH_OUT | ON_DRAG_OUT) ||
        (on_flag(c, from, ON_SWITCH_OUT) && !c->b->sides[from].pivot))
        return R_UNDEF;
    const unsigned item = take_item(c, from, t);
    if (!item)
        return R_UNDEF;
    if (!set_item(c, t, item, from, e->self)) {
        c->mon[from]->item = (uint16_t)item;
        changed(c, from);
        return R_UNDEF;
    }
    struct battle_event *line = say2(c, LINE_END_ITEM, from, SAY_ITEM | item, SAY_WORD | WORD_TAG_SILENT);
    if (line) {
        line->from = e->self;
        line->of = who(c, from);
    }
    say_from(c, LINE_ITEM, t, SAY_ITEM | item, e->self, from);
    return R_UNDEF;
}

/* --------------------------------------------------------------------------------------------- stages, status --- */

NATIVE(synchronizes)
{
    const unsigned status = e->thing - REF_STATUS(0);
    if (e->source == NOBODY || e->source == BENCHED || e->source == e->target ||
        e->cause == REF_SIDE(SIDE_TOXIC_SPIKES) || status == STATUS_SLP || status == STATUS_FRZ)
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, e->target, SAY_ABILITY_FULL | OWN);
    const unsigned now = c->mon[e->source]->status;
    if (!alive(c, e->source))
        return R_UNDEF;
    if (now == status)
        say1(c, LINE_FAIL, e->source, e->thing);
    else if (now)
        say_fail(c, e->target);
    else
        try_status(c, e->source, (int)status, e->target, REF_OF_WORD(WORD_SYNCHRONIZE));
    return R_UNDEF;
}

/* The order in which a move's stages change; see boost(). */
static uint32_t sequence_of(const struct ctx *c, ref cause)
{
    const uint32_t usual = 0x7654321;
    if (!is_move_ref(cause))
        return usual;
    const struct dex_move *m = move_row(c, cause & REF_NUMBER);
    const uint32_t own = m->hit.boosted ? m->hit.sequence : m->self ? c->dex->effects[m->self].sequence : 0;
    return own ? own : usual;
}

/* What the foe's stages gained: how much in the low four bits, above them the place in the order of first sight. */
NATIVE(sees_rise) /* Opportunist */
{
    uint8_t *raised = c->on[e->holder]->foe_raised;
    unsigned seen = 0;
    if (e->cause == e->self || (I(mirrorherb) && e->cause == (REF_ITEM | I(mirrorherb))))
        return R_UNDEF;
    for (int i = 0; i < STAGES; i++)
        seen += raised[i] != 0;
    for (uint32_t order = sequence_of(c, e->cause); order; order >>= 4) {
        const int i = (int)(order & 15) - 1;
        if (i < 0 || e->stages[i] <= 0)
            continue;
        const unsigned place = raised[i] ? raised[i] >> 4 : seen++, sum = (raised[i] & 15u) + (unsigned)e->stages[i];
        raised[i] = (uint8_t)(place << 4 | (sum < 12 ? sum : 12));
    }
    return R_UNDEF;
}

NATIVE(takes_rise)
{
    uint8_t *raised = c->on[e->holder]->foe_raised;
    int8_t stages[STAGES];
    uint32_t sequence = 0;
    for (int i = 0; i < STAGES; i++) {
        stages[i] = (int8_t)(raised[i] & 15);
        if (raised[i])
            sequence |= (uint32_t)(i + 1) << (4 * (raised[i] >> 4));
    }
    if (!sequence)
        return R_UNDEF;
    c->sequence = sequence;
    boost(c, e->holder, stages, e->source, e->self, false, false);
    memset(raised, 0, STAGES);
    return R_UNDEF;
}

NATIVE(forgets_rise)
{
    memset(c->on[e->holder]->foe_raised, 0, STAGES);
    return R_UNDEF;
}

/* ---------------------------------------------------------------------------------------------------- items --- */

NATIVE(holds_fast) /* Sticky Hold */
{
    const int t = e->target;
    if (!alive(c, t) || !strcmp(c->dex->items[c->mon[t]->item].id, "stickybarb"))
        return R_UNDEF;
    const bool knocked = c->attack && !strcmp(c->attack->move->id, "knockoff");
    if ((e->source == NOBODY || e->source == t) && !knocked)
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, t, SAY_ABILITY_FULL | OWN);
    return R_FALSE;
}

NATIVE(picks_up)
{
    const int t = e->target, foe = !t;
    if (c->mon[t]->item || !c->mon[foe]->last_item || !on_flag(c, foe, ON_USED_ITEM) ||
        c->mon[foe]->flags & MON_FAINT_TOLD)
        return R_UNDEF;
    const unsigned item = c->mon[foe]->last_item;
    c->mon[foe]->last_item = 0;
    say_from(c, LINE_ITEM, t, SAY_ITEM | item, e->self, NOBODY);
    set_item(c, t, item, t, e->self);
    return R_UNDEF;
}

static bool is_berry(const struct ctx *c, ref r)
{
    return (r & REF_CLASS) == REF_ITEM && c->dex->items[r & REF_NUMBER].marks & DEX_BIT(MARK_BERRY);
}

NATIVE(ripe_heals)
{
    if (e->cause == (REF_ITEM | I(berryjuice)) || e->cause == (REF_ITEM | I(leftovers)))
        say1(c, LINE_ACTIVATE, e->target, SAY_ABILITY_FULL | OWN);
    return is_berry(c, e->cause) ? chain(e, 8192) : R_UNDEF;
}

NATIVE(ripe_eaten) /* berries that weaken a hit do so twice */
{
    static const char *const ids[] = {"babiriberry", "chartiberry", "chilanberry", "chopleberry", "cobaberry",
                                      "colburberry", "habanberry",  "kasibberry",  "kebiaberry",  "occaberry",
                                      "passhoberry", "payapaberry", "rindoberry",  "roseliberry", "shucaberry",
                                      "tangaberry",  "wacanberry",  "yacheberry"};
    const char *id = c->dex->items[e->thing].id;
    c->on[e->target]->ability_n = 0;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (!strcmp(ids[i], id))
            c->on[e->target]->ability_n = 1;
    return R_UNDEF;
}

const struct native natives_abilities2[] = {
    LISTED(pranks),       LISTED(truant_before),  LISTED(truant_starts), LISTED(bond_strikes), LISTED(fallen_power),
    LISTED(only_super),   LISTED(told_confusion), LISTED(loves_nobody),  LISTED(unaware),      LISTED(picks_pocket),
    LISTED(synchronizes), LISTED(sees_rise),      LISTED(takes_rise),    LISTED(forgets_rise), LISTED(holds_fast),
    LISTED(picks_up),     LISTED(ripe_heals),     LISTED(ripe_eaten),    {NULL, NULL}};
