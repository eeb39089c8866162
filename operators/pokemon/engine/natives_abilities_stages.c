/*
 * natives_abilities_stages.c - abilities about stages, status and what is left of HP.
 */
#include "natives_abilities.h"

static void take_out(struct call *e, int stat)
{
    e->stages[stat] = 0;
    e->thing &= (uint16_t) ~(1u << stat);
}

NATIVE(guard_dog)
{
    static const int8_t more[STAGES] = {[STAT_ATK] = 1};
    if (!(e->thing >> STAT_ATK & 1) || !e->stages[STAT_ATK])
        return R_UNDEF;
    take_out(e, STAT_ATK);
    boost(c, e->target, more, e->target, e->self, false, true);
    return R_UNDEF;
}

NATIVE(mirror_armor)
{
    const int t = e->target, foe = e->source;
    if (foe == NOBODY || foe == t || e->cause == e->self)
        return R_UNDEF;
    for (int i = 0; i < STAGES; i++) {
        const int by = e->stages[i];
        if (by >= 0 || c->on[t]->boosts[i] == -6)
            continue;
        take_out(e, i);
        if (foe == BENCHED || !alive(c, foe))
            continue;
        int8_t back[STAGES] = {0};
        back[i] = (int8_t)by;
        announce(c, e);
        boost(c, foe, back, t, e->self, true, false);
    }
    return R_UNDEF;
}

static void say_veiled(struct ctx *c, const struct call *e)
{
    struct battle_event *line = say1(c, LINE_BLOCK, e->target, SAY_ABILITY_FULL | NUMBER(e));
    if (line)
        line->of = who(c, e->holder);
}

NATIVE(flower_veil_stages)
{
    bool kept = false;
    if ((e->source == e->target && e->source != NOBODY) || !has_type(c, e->target, TYPE_GRASS))
        return R_UNDEF;
    for (int i = 0; i < STAGES; i++)
        if (e->stages[i] < 0) {
            take_out(e, i);
            kept = true;
        }
    if (kept && !has_secondaries(c, e->cause))
        say_veiled(c, e);
    return R_UNDEF;
}

NATIVE(flower_veil_status)
{
    if (!has_type(c, e->target, TYPE_GRASS) || e->source == NOBODY || e->source == e->target || !e->cause ||
        e->cause == REF_VOL(VOL_YAWN))
        return R_UNDEF;
    if (e->cause == REF_OF_WORD(WORD_SYNCHRONIZE) || (is_move_ref(e->cause) && !has_secondaries(c, e->cause)))
        say_veiled(c, e);
    return R_NULL;
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
    say1(c, LINE_ACTIVATE, t, SAY_ABILITY_FULL | NUMBER(e));
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

NATIVE(synchronizes)
{
    const unsigned status = e->thing - REF_STATUS(0);
    if (e->source == NOBODY || e->source == BENCHED || e->source == e->target ||
        e->cause == REF_SIDE(SIDE_TOXIC_SPIKES) || status == STATUS_SLP || status == STATUS_FRZ)
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, e->target, SAY_ABILITY_FULL | NUMBER(e));
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

NATIVE(innards_out)
{
    if (alive(c, e->holder) || e->source == BENCHED)
        return R_UNDEF;
    hurt(c, e->source, e->value + e->a->total, e->holder, e->self, NULL);
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
static bool halved(struct ctx *c, const struct call *e)
{
    const int t = e->target;
    c->on[t]->ability_n = 1;
    if (e->source == NOBODY || e->source == t || !alive(c, t) || !e->a->total)
        return false;
    return low(c, t) && 2u * (c->mon[t]->hp + e->a->total) > c->mon[t]->hp_max;
}

NATIVE(berserk)
{
    if (halved(c, e))
        boost_one(c, e->target, STAT_SPA, 1, e->target, e->self);
    return R_UNDEF;
}

NATIVE(angershell)
{
    static const int8_t shell[STAGES] = {
        [STAT_ATK] = 1, [STAT_DEF] = -1, [STAT_SPA] = 1, [STAT_SPD] = -1, [STAT_SPE] = 1};
    if (!halved(c, e))
        return R_UNDEF;
    c->sequence = 0x42531; /* those that rise are told first */
    boost(c, e->target, shell, e->target, e->self, false, false);
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

NATIVE(magic_guard)
{
    if ((e->cause & REF_CLASS) == REF_ABILITY && e->source != NOBODY)
        say1(c, LINE_ACTIVATE, e->source, SAY_ABILITY_FULL | (e->cause & REF_NUMBER));
    return R_FALSE;
}

static int drawn_stat(struct ctx *c, int t, bool up, int other)
{
    int list[5], n = 0;
    for (int s = STAT_ATK; s <= STAT_SPE; s++)
        if (up ? c->on[t]->boosts[s] < 6 : c->on[t]->boosts[s] > -6 && s != other)
            list[n++] = s;
    return n ? list[draw(c, 0, (uint32_t)n, DRAW_ABILITY)] : -1;
}

NATIVE(moody)
{
    const int t = e->holder;
    int8_t by[STAGES] = {0};
    uint32_t order = 0;
    const int up = drawn_stat(c, t, true, -1), down = drawn_stat(c, t, false, up);
    if (down >= 0) {
        by[down] = -1;
        order = (uint32_t)down + 1;
    }
    if (up >= 0) {
        by[up] = 2;
        order = order << 4 | ((uint32_t)up + 1);
    }
    c->sequence = order;
    boost(c, t, by, t, e->self, false, false);
    return R_UNDEF;
}

const struct native natives_abilities_stages[] = {LISTED(guard_dog),
                                                  LISTED(mirror_armor),
                                                  LISTED(flower_veil_stages),
                                                  LISTED(flower_veil_status),
                                                  LISTED(told_confusion),
                                                  LISTED(loves_nobody),
                                                  LISTED(unaware),
                                                  LISTED(synchronizes),
                                                  LISTED(sees_rise),
                                                  LISTED(takes_rise),
                                                  LISTED(forgets_rise),
                                                  LISTED(innards_out),
                                                  LISTED(half_hp_watch),
                                                  LISTED(half_hp_waits),
                                                  LISTED(berserk),
                                                  LISTED(angershell),
                                                  LISTED(effect_spore),
                                                  LISTED(magic_guard),
                                                  LISTED(moody),
                                                  {NULL, NULL}};
