/*
 * natives_abilities.c - abilities a to m that sentences of the vocabulary do not say: on arrival, on stages and
 * status.
 */
#include "natives_abilities.h"
#include "tables.h"

static int raise_one(struct ctx *c, const struct call *e, enum battle_stat s, int n)
{
    return boost_one(c, e->holder, s, n, e->holder, e->self);
}

/* ---------------------------------------------------------------------------------------------- on arrival --- */

/* One of the foe's moves that is very effective against it, by the move's own type. */
static bool shudders(const struct ctx *c, int t, const struct dex_move *m)
{
    static const int8_t stages[5] = {0, -1, 0, 0, 1};
    const struct types own = types_of(c, t, true, false);
    int sum = 0;
    if (m->category == MOVE_STATUS)
        return false;
    if (m->flags & (DEX_BIT(MF_OHKO) | DEX_BIT(MF_OHKO_ICE)))
        return true;
    for (int i = 0; i < own.n; i++) {
        if (!dex_type_chart[m->type][own.t[i]])
            return false;
        sum += stages[dex_type_chart[m->type][own.t[i]]];
    }
    return sum > 0;
}

NATIVE(anticipation)
{
    const int foe = !e->holder;
    if (!alive(c, foe))
        return R_UNDEF;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (slot_move(c, foe, i) && shudders(c, e->holder, move_row(c, slot_move(c, foe, i)))) {
            announce(c, e);
            break;
        }
    return R_UNDEF;
}

/* How dangerous a move looks. */
static int warning(const struct ctx *c, unsigned move)
{
    const struct dex_move *m = move_row(c, move);
    if (m->flags & (DEX_BIT(MF_OHKO) | DEX_BIT(MF_OHKO_ICE)))
        return 150;
    if (move == M(counter) || move == M(metalburst) || move == M(mirrorcoat))
        return 120;
    if (m->power == 1 || (!m->power && m->category != MOVE_STATUS))
        return 80;
    return m->power;
}

NATIVE(forewarn)
{
    const int foe = !e->holder;
    unsigned list[BATTLE_MOVES], n = 0;
    int most = 1;
    if (!alive(c, foe))
        return R_UNDEF;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        const unsigned m = slot_move(c, foe, i);
        const int w = m ? warning(c, m) : 0;
        if (w > most) {
            n = 0;
            most = w;
        }
        if (w == most)
            list[n++] = m;
    }
    if (!n)
        return R_UNDEF;
    const unsigned m = list[draw(c, 0, n, DRAW_ABILITY)];
    struct battle_event *line = say2(c, LINE_ACTIVATE, e->holder, SAY_ABILITY_FULL | NUMBER(e), SAY_MOVE | m);
    if (line)
        line->of = who(c, foe);
    if (!(c->on[foe]->virtual_moves >> move_slot(c, foe, m) & 1))
        reveal(c, foe, (unsigned)MON_MOVE_KNOWN << move_slot(c, foe, m));
    return R_UNDEF;
}

NATIVE(frisk)
{
    const int foe = !e->holder;
    if (!alive(c, foe) || !c->mon[foe]->item)
        return R_UNDEF;
    reveal(c, e->holder, MON_ABILITY_KNOWN);
    struct battle_event *line = say1(c, LINE_ITEM, foe, SAY_ITEM | c->mon[foe]->item);
    if (line) {
        line->from = e->self;
        line->of = who(c, e->holder);
    }
    return R_UNDEF;
}

NATIVE(download)
{
    const int foe = !e->holder;
    if (!alive(c, foe))
        return R_UNDEF;
    const int def = stat_of(c, foe, STAT_DEF, true, false), spd = stat_of(c, foe, STAT_SPD, true, false);
    if (def && def >= spd)
        raise_one(c, e, STAT_SPA, 1);
    else if (spd)
        raise_one(c, e, STAT_ATK, 1);
    return R_UNDEF;
}

NATIVE(intimidate)
{
    static const int8_t less[STAGES] = {[STAT_ATK] = -1};
    const int foe = !e->holder;
    if (!alive(c, foe))
        return R_UNDEF;
    say2(c, LINE_ABILITY, e->holder, SAY_ABILITY | NUMBER(e), SAY_WORD | WORD_BOOST);
    if (has(c, foe, VOL_SUBSTITUTE))
        say(c, LINE_IMMUNE, foe);
    else
        boost(c, foe, less, e->holder, e->self, true, false);
    return R_UNDEF;
}

/* What the item has begun ends. */
NATIVE(klutz)
{
    const struct effect *item = &c->rules->items[c->mon[e->holder]->item];
    if (c->mon[e->holder]->item && listens(item, EV_end))
        single(c, EV_end, item, e->holder, e->holder, NOBODY, REF_NONE, NULL, R_TRUE);
    return R_UNDEF;
}

/* As One: Unnerve, and a stage for each that it brings down. */
NATIVE(as_one)
{
    if (c->on[e->holder]->ability_n)
        return R_UNDEF;
    say1(c, LINE_ABILITY, e->holder, SAY_WORD | WORD_AS_ONE);
    say1(c, LINE_ABILITY, e->holder, SAY_ABILITY | A(unnerve));
    reveal(c, e->holder, MON_ABILITY_KNOWN);
    c->on[e->holder]->ability_n = 1;
    return R_UNDEF;
}

NATIVE(as_one_atk)
{
    boost_one(c, e->holder, STAT_ATK, 1, e->holder, (ref)(REF_ABILITY | A(chillingneigh)));
    return R_UNDEF;
}

NATIVE(as_one_spa)
{
    boost_one(c, e->holder, STAT_SPA, 1, e->holder, (ref)(REF_ABILITY | A(grimneigh)));
    return R_UNDEF;
}

NATIVE(mimicry)
{
    static const uint8_t ground[TERRAINS] = {0, TYPE_ELECTRIC, TYPE_GRASS, TYPE_FAIRY, TYPE_PSYCHIC};
    const int t = e->holder;
    const uint8_t *base = c->dex->species[c->mon[t]->species].types;
    const unsigned one = c->b->terrain ? ground[c->b->terrain] : base[0], two = c->b->terrain ? 0 : base[1];
    const struct types now = types_of(c, t, true, false);
    const bool same = now.t[0] == one && (now.n == 1 ? !two : now.n == 2 && now.t[1] == two);
    if (same || !set_type(c, t, (int)one, (int)two))
        return R_UNDEF;
    if (c->b->terrain || has(c, t, VOL_TRANSFORMED)) {
        struct battle_event *line = say2(c, LINE_START, t, SAY_WORD | WORD_TYPECHANGE, SAY_TYPES | one | two << 5);
        if (line)
            line->from = e->self;
        reveal(c, t, MON_ABILITY_KNOWN);
        return R_UNDEF;
    }
    activates(c, e);
    struct battle_event *line = say1(c, LINE_END, t, SAY_WORD | WORD_TYPECHANGE);
    if (line)
        line->marks = SAID_SILENT;
    return R_UNDEF;
}

/* -------------------------------------------------------------------------------------------------- stages --- */

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

const struct native natives_abilities[] = {LISTED(anticipation),
                                           LISTED(forewarn),
                                           LISTED(frisk),
                                           LISTED(download),
                                           LISTED(intimidate),
                                           LISTED(klutz),
                                           LISTED(as_one),
                                           LISTED(as_one_atk),
                                           LISTED(as_one_spa),
                                           LISTED(mimicry),
                                           LISTED(guard_dog),
                                           LISTED(mirror_armor),
                                           LISTED(flower_veil_stages),
                                           LISTED(flower_veil_status),
                                           {NULL, NULL}};
