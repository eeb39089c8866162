/*
 * natives_abilities_arrival.c - what abilities do when their holder comes, stays and goes.
 */
#include "natives_abilities.h"
#include "tables.h"
#include "ties.h"

/* One of the foe's moves that is very effective against it, by the move's own type. */
static bool shudders(const struct ctx *c, int t, const struct dex_move *m)
{
    const unsigned type = strcmp(m->id, "hiddenpower") ? m->type : type_of_ivs(c->mon[!t]->ivs);
    static const int8_t stages[5] = {0, -1, 0, 0, 1};
    const struct types own = types_of(c, t, true, false);
    int sum = 0;
    if (m->category == MOVE_STATUS)
        return false;
    if (m->flags & (DEX_BIT(MF_OHKO) | DEX_BIT(MF_OHKO_ICE)))
        return true;
    for (int i = 0; i < types_n(own); i++) {
        if (!c->dex->chart[type][type_at(own, i)])
            return false;
        sum += stages[c->dex->chart[type][type_at(own, i)]];
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

static int raise_one(struct ctx *c, const struct call *e, enum battle_stat s, int n)
{
    return boost_one(c, e->holder, s, n, e->holder, e->self);
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

NATIVE(fallen_power) /* Supreme Overlord */
{
    static const uint16_t times[6] = {4096, 4506, 4915, 5325, 5734, 6144};
    const unsigned n = c->on[e->holder]->ability_n;
    return n && n < 6 ? chain(e, times[n]) : R_UNDEF;
}

NATIVE(beast_boost)
{
    const int t = e->holder;
    int best = STAT_ATK, most = 0;
    for (int s = STAT_ATK; s <= STAT_SPE; s++) {
        const int v = stat_of(c, t, (enum battle_stat)s, false, false);
        if (v > most) {
            most = v;
            best = s;
        }
    }
    boost_one(c, t, (enum battle_stat)best, 1, t, e->self);
    return R_UNDEF;
}

NATIVE(battle_bond)
{
    static const int8_t more[STAGES] = {[STAT_ATK] = 1, [STAT_SPA] = 1, [STAT_SPE] = 1};
    const int t = e->holder;
    if (c->mon[t]->flags & MON_ONCE || !S(greninjabond) || c->on[t]->species != S(greninjabond) || !alive(c, t) ||
        has(c, t, VOL_TRANSFORMED) || !foe_left(c, t))
        return R_UNDEF;
    boost(c, t, more, t, e->self, false, false);
    activates(c, e);
    c->mon[t]->flags |= MON_ONCE;
    return R_UNDEF;
}

static void end_ability(struct ctx *c, int t)
{
    const struct effect *fx = &c->rules->abilities[c->on[t]->ability];
    if (listens(fx, EV_end))
        single(c, EV_end, fx, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
}

/* An Illusion breaks, whatever ability its holder has by now: Mega Evolution leaves it on. */
static void end_illusion(struct ctx *c, int t)
{
    if (c->on[t]->illusion != 0xff)
        single(c, EV_end, &c->rules->abilities[A(illusion)], t, t, NOBODY, REF_NONE, NULL, R_TRUE);
}

/* Its end comes when the gas silences it; others only stop working. */
static bool ends_in_gas(const struct ctx *c, int t)
{
    const char *id = c->dex->abilities[c->on[t]->ability].id;
    return !strcmp(id, "desolateland") || !strcmp(id, "primordialsea") || !strcmp(id, "deltastream");
}

NATIVE(gas_comes)
{
    say1(c, LINE_ABILITY, e->holder, e->self);
    c->on[e->holder]->flags &= (uint16_t)~ON_ABILITY_ENDING;
    changed(c, e->holder);
    for (int t = 0; t < 2; t++) {
        if (!in_play(c, t))
            continue;
        if (has_item(c, t, I(abilityshield))) {
            say1(c, LINE_BLOCK, t, SAY_ITEM_FULL | I(abilityshield));
            continue;
        }
        end_illusion(c, t);
        if (ends_in_gas(c, t))
            end_ability(c, t);
    }
    return R_UNDEF;
}

NATIVE(gas_goes)
{
    const int t = e->holder, foe = !t;
    if (has(c, t, VOL_TRANSFORMED) || (in_play(c, foe) && has_ability(c, foe, A(neutralizinggas))))
        return R_UNDEF;
    say1(c, LINE_END, t, SAY_ABILITY_FULL | NUMBER(e));
    if (on_flag(c, t, ON_ABILITY_ENDING))
        return R_UNDEF;
    c->on[t]->flags |= ON_ABILITY_ENDING;
    changed(c, t);
    if (draws_ties(c) && in_play(c, foe))
        (void)first_asked(c);
    if (in_play(c, foe) && !(ability_marks(c, foe) & DEX_BIT(MARK_CANT_SUPPRESS)) &&
        !has_item(c, foe, I(abilityshield)))
        ability_single(c, EV_start, foe, NOBODY);
    return R_UNDEF;
}

NATIVE(brings_sun) /* Orichalcum Pulse */
{
    if (worked(set_weather(c, WEATHER_SUN, e->holder, e->self))) {
        struct battle_event *line = say1(c, LINE_ACTIVATE, e->holder, SAY_ABILITY | NUMBER(e));
        if (line)
            line->extra = WORD_TAG_SOURCE;
    } else if (weather_now(c) == WEATHER_SUN) {
        say1(c, LINE_ACTIVATE, e->holder, SAY_ABILITY_FULL | NUMBER(e));
    }
    return R_UNDEF;
}

NATIVE(rise_ends)
{
    const unsigned own = e->self == REF_VOL(VOL_QUARK_DRIVE) ? A(quarkdrive) : A(protosynthesis);
    say1(c, LINE_END, e->holder, SAY_ABILITY | own);
    return R_UNDEF;
}

NATIVE(screens_fall) /* Screen Cleaner */
{
    static const uint8_t screens[3] = {SIDE_REFLECT, SIDE_LIGHT_SCREEN, SIDE_AURORA_VEIL};
    bool told = false;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 2; k++) {
            const int side = k ? !e->holder : e->holder;
            if (!c->b->sides[side].turns[screens[i]])
                continue;
            if (!told)
                say1(c, LINE_ACTIVATE, e->holder, SAY_ABILITY_FULL | NUMBER(e));
            told = true;
            end_side(c, side, screens[i]);
        }
    return R_UNDEF;
}

NATIVE(slow_passes)
{
    struct battle_active *on = c->on[e->holder];
    if (on->active_turns && on->ability_n && --on->ability_n == 0)
        say1(c, LINE_END, e->holder, SAY_ABILITY | NUMBER(e));
    return R_UNDEF;
}

NATIVE(syrup_smells) /* Supersweet Syrup */
{
    static const int8_t easier[STAGES] = {[STAT_EVA] = -1};
    const int t = e->holder, foe = !t;
    if (c->mon[t]->flags & MON_SYRUP_SHOWN)
        return R_UNDEF;
    c->mon[t]->flags |= MON_SYRUP_SHOWN;
    say1(c, LINE_ABILITY, t, e->self);
    if (!alive(c, foe))
        return R_UNDEF;
    if (has(c, foe, VOL_SUBSTITUTE))
        say(c, LINE_IMMUNE, foe);
    else
        boost(c, foe, easier, t, e->self, true, false);
    return R_UNDEF;
}

NATIVE(counts_fallen) /* Supreme Overlord */
{
    const unsigned n = c->b->sides[e->holder].fainted;
    if (!n)
        return R_UNDEF;
    c->on[e->holder]->ability_n = (uint8_t)(n < 5 ? n : 5);
    say1(c, LINE_ACTIVATE, e->holder, SAY_ABILITY_FULL | NUMBER(e));
    struct battle_event *line =
        say1(c, LINE_START, e->holder, SAY_WORD | (WORD_FALLEN1 + c->on[e->holder]->ability_n - 1u));
    if (line)
        line->marks = SAID_SILENT;
    return R_UNDEF;
}

NATIVE(forgets_fallen)
{
    const unsigned n = c->on[e->holder]->ability_n;
    struct battle_event *line = say1(c, LINE_END, e->holder, SAY_WORD | (n ? WORD_FALLEN1 + n - 1u : WORD_FALLEN_NONE));
    if (line)
        line->marks = SAID_SILENT;
    return R_UNDEF;
}

NATIVE(traces)
{
    const int t = e->holder, foe = !t;
    if (!c->on[t]->ability_n || !alive(c, foe) || !in_play(c, foe) || !c->on[foe]->ability ||
        ability_marks(c, foe) & DEX_BIT(MARK_NO_TRACE))
        return R_UNDEF;
    pick_the_only(c);
    set_ability(c, t, c->on[foe]->ability, foe, e->self, false, false);
    return R_UNDEF;
}

NATIVE(trace_starts)
{
    const int t = e->holder, foe = !t;
    c->on[t]->ability_n = !(alive(c, foe) && !c->on[foe]->ability);
    if (has_item(c, t, I(abilityshield))) {
        say1(c, LINE_BLOCK, t, SAY_ITEM_FULL | I(abilityshield));
        c->on[t]->ability_n = 0;
    }
    return traces(c, e);
}

NATIVE(cures_leaving) /* Natural Cure */
{
    const int t = e->holder;
    if (!c->mon[t]->status)
        return R_UNDEF;
    struct battle_event *line = say_from(c, LINE_CURE, t, REF_STATUS(c->mon[t]->status), e->self, NOBODY);
    if (line)
        line->marks = SAID_SILENT;
    clear_status(c, t);
    return R_UNDEF;
}

NATIVE(heals_leaving) /* Regenerator */
{
    struct battle_mon *m = c->mon[e->holder];
    const unsigned hp = m->hp + m->hp_max / 3u;
    if (m->hp)
        m->hp = (uint16_t)(hp < m->hp_max ? hp : m->hp_max);
    return R_UNDEF;
}

const struct native natives_abilities_arrival[] = {
    LISTED(anticipation),   LISTED(forewarn),     LISTED(frisk),        LISTED(download),
    LISTED(intimidate),     LISTED(klutz),        LISTED(as_one),       LISTED(as_one_atk),
    LISTED(as_one_spa),     LISTED(fallen_power), LISTED(beast_boost),  LISTED(battle_bond),
    LISTED(gas_comes),      LISTED(gas_goes),     LISTED(brings_sun),   LISTED(rise_ends),
    LISTED(screens_fall),   LISTED(slow_passes),  LISTED(syrup_smells), LISTED(counts_fallen),
    LISTED(forgets_fallen), LISTED(traces),       LISTED(trace_starts), LISTED(cures_leaving),
    LISTED(heals_leaving),  {NULL, NULL}};
