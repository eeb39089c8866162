/*
 * turn.c - the course of a battle: start, legal choices, turns, replacements, the end.
 *
 * A turn is two queued choices, then the residual effects, then replacements.  It may halt in the middle, when
 * U-turn asks its user's side for a switch; what is queued then stays in the state, so a halted turn can be
 * stored and copied like any other.
 */
#include "internal.h"
#include "tables.h"

/* -------------------------------------------------------------------------------------------------- sets --- */

struct battle_set battle_set_default(uint16_t species)
{
    struct battle_set set = {.species = species, .level = 50, .ivs = {31, 31, 31, 31, 31, 31}};
    return set;
}

/* HP = (2B + IV + EV/4 + 100) L/100 + 10; others ((2B + IV + EV/4) L/100 + 5), then the nature's tenth. */
void battle_stats(const struct dex *dex, const struct battle_set *set, uint16_t out[6])
{
    const struct dex_species *sp = &dex->species[set->species];
    for (int i = 0; i < 6; i++) {
        unsigned v = (2u * sp->base[i] + set->ivs[i] + set->evs[i] / 4u + (i ? 0 : 100)) * set->level / 100;
        v += i ? 5 : 10;
        if (i && dex_natures[set->nature].plus == i - 1)
            v = v * 110 / 100;
        if (i && dex_natures[set->nature].minus == i - 1)
            v = v * 90 / 100;
        out[i] = (uint16_t)v;
    }
}

static bool set_good(const struct dex *dex, const struct battle_set *set)
{
    if (!set->species || set->species > dex->species_n || set->level < 1 || set->level > 100 || set->nature > 24 ||
        set->gender > GENDER_FEMALE || set->ability || set->item || set->tera || !set->moves[0])
        return false;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        if (set->moves[i] > dex->moves_n || (i && set->moves[i] && !set->moves[i - 1]))
            return false;
        for (int j = 0; j < i; j++)
            if (set->moves[i] && set->moves[i] == set->moves[j])
                return false;
    }
    for (int i = 0; i < 6; i++)
        if (set->ivs[i] > 31 || set->evs[i] > 252)
            return false;
    return true;
}

int battle_team_check(const struct dex *dex, const struct battle_set *team, int size)
{
    if (size < 1 || size > BATTLE_PARTY)
        return -100;
    for (int i = 0; i < size; i++)
        if (!set_good(dex, &team[i]))
            return -1 - i;
    return 0;
}

static void mon_from_set(const struct dex *dex, const struct battle_set *set, struct battle_mon *m)
{
    uint16_t stats[6];
    battle_stats(dex, set, stats);
    memset(m, 0, sizeof *m);
    m->species = set->species;
    m->hp = m->hp_max = stats[0];
    memcpy(m->stats, stats + 1, sizeof m->stats);
    for (int i = 0; i < BATTLE_MOVES && set->moves[i]; i++) {
        m->moves[i] = set->moves[i];
        m->pp[i] = dex->moves[set->moves[i]].pp;
    }
    m->level = set->level;
    m->gender = set->gender;
    m->nature = set->nature;
}

static struct battle_log *usable(struct battle_log *log)
{
    return log && log->cap ? log : NULL;
}

int battle_start(struct battle *b, const struct dex *dex, const struct battle_set teams[2][BATTLE_PARTY],
                 const int sizes[2], uint64_t seed, struct battle_log *log)
{
    int bad = battle_team_check(dex, teams[0], sizes[0]);
    if (bad)
        return bad;
    bad = battle_team_check(dex, teams[1], sizes[1]);
    if (bad)
        return bad - 1000;
    memset(b, 0, sizeof *b);
    b->rng = seed;
    b->winner = BATTLE_UNDECIDED;
    struct ctx c = {.b = b, .dex = dex, .log = usable(log)};
    if (c.log)
        log_event(&c, EV_START_BATTLE, NOBODY, NOBODY);
    for (int i = 0; i < 2; i++) {
        b->sides[i].size = (uint8_t)sizes[i];
        b->sides[i].queued = BATTLE_NOTHING_QUEUED;
        for (int j = 0; j < sizes[i]; j++)
            mon_from_set(dex, &teams[i][j], &b->sides[i].party[j]);
    }
    for (int i = 0; i < 2; i++) {
        come_in(&c, i, 0, false);
        b->sides[i].on.arrived = 0;
        b->sides[i].asked = 1;
    }
    b->turn = 1;
    if (c.log)
        log_event(&c, EV_TURN, NOBODY, NOBODY)->a = 1;
    return 0;
}

/* ----------------------------------------------------------------------------------------------- choices --- */

static uint16_t switches(const struct battle_side *s)
{
    unsigned mask = 0;
    for (int i = 0; i < s->size; i++)
        if (i != s->active && s->party[i].hp)
            mask |= 1u << (BATTLE_CHOICE_SWITCH + i);
    return (uint16_t)mask;
}

static bool barred(const struct battle_side *s, const struct dex_move *m)
{
    return (has(s, VOL_TAUNT) && m->category == MOVE_STATUS) || (has(s, VOL_THROAT_CHOP) && m->flags & MF_SOUND);
}

uint16_t battle_choices(const struct battle *b, const struct dex *dex, int side)
{
    const struct battle_side *s = &b->sides[side];
    const struct battle_mon *m = &s->party[s->active];
    if (!s->asked)
        return 0;
    if (b->phase != BATTLE_CHOOSING)
        return switches(s);
    if (s->on.volatiles & (1u << VOL_RECHARGE | 1u << VOL_CHARGING | 1u << VOL_RAMPAGE))
        return 1u << BATTLE_CHOICE_FORCED;
    unsigned mask = 0;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (m->pp[i] && !barred(s, &dex->moves[m->moves[i]]))
            mask |= 1u << i;
    if (!mask)
        mask = 1u << BATTLE_CHOICE_FORCED;
    const struct dex_species *sp = &dex->species[m->species];
    if (!(s->on.volatiles & (1u << VOL_BOUND | 1u << VOL_NO_ESCAPE | 1u << VOL_INGRAIN)) ||
        sp->types[0] == TYPE_GHOST || sp->types[1] == TYPE_GHOST)
        mask |= switches(s);
    return (uint16_t)mask;
}

/* -------------------------------------------------------------------------------------------------- turns --- */

static void ask(struct ctx *c, int side)
{
    c->b->sides[side].asked = 1;
}

/* After the turn cap, who has the larger part of his team's HP left wins; 2^-20 of a Pokémon is the measure. */
static void end_by_cap(struct ctx *c)
{
    uint64_t left[2] = {0, 0};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < c->b->sides[i].size; j++) {
            const struct battle_mon *m = &c->b->sides[i].party[j];
            left[i] += ((uint64_t)m->hp << 20) / m->hp_max;
        }
    end_battle(c, left[0] > left[1] ? BATTLE_WON_0 : left[0] < left[1] ? BATTLE_WON_1 : BATTLE_DRAW);
}

/* The turn's effects are over: ask for replacements, or open the next turn. */
static void close_turn(struct ctx *c)
{
    struct battle *b = c->b;
    bool waiting = false;
    for (int i = 0; i < 2; i++)
        if (!mon_of(b, i)->hp) { /* somebody else is alive, or the battle would be over */
            ask(c, i);
            waiting = true;
        }
    if (waiting) {
        b->phase = BATTLE_REPLACE;
        return;
    }
    if (b->turn >= BATTLE_TURN_CAP) {
        end_by_cap(c);
        return;
    }
    b->turn++;
    b->phase = BATTLE_CHOOSING;
    for (int i = 0; i < 2; i++) {
        b->sides[i].on.arrived = b->sides[i].on.hurt = b->sides[i].on.hurt_by_foe = 0;
        ask(c, i);
    }
    if (c->log)
        log_event(c, EV_TURN, NOBODY, NOBODY)->a = b->turn;
}

static void drag_out(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    int bench[BATTLE_PARTY], n = 0;
    for (int i = 0; i < s->size; i++)
        if (i != s->active && s->party[i].hp)
            bench[n++] = i;
    s->queued = BATTLE_NOTHING_QUEUED;
    if (!n || !mon_of(c->b, side)->hp)
        return;
    come_in(c, side, bench[n > 1 ? draw(c->b, 0, (uint32_t)n, DRAW_DRAG) : 0], true);
    hazards(c, side);
}

/* Carries out a queued choice.  False when the turn halts: the battle is over or somebody must choose. */
static bool act(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    int choice = s->queued;
    s->queued = BATTLE_NOTHING_QUEUED;
    if (choice >= BATTLE_CHOICE_SWITCH) {
        come_in(c, side, choice - BATTLE_CHOICE_SWITCH, false);
        hazards(c, side);
    } else {
        run_move(c, side, choice);
    }
    for (int i = 0; i < 2 && !c->ended; i++)
        if (c->dragged[i]) {
            c->dragged[i] = false;
            drag_out(c, i);
        }
    if (c->ended)
        return false;
    if (c->pivot[side] && mon_of(c->b, side)->hp && can_switch(s)) {
        c->b->phase = BATTLE_PIVOT;
        ask(c, side);
        return false;
    }
    return true;
}

/* Who acts first of two: switches, then priority, then speed; equals are drawn.  Equal moves are drawn twice,
 * as the queue of the simulator is sorted again when the turn has begun. */
static int first_to_act(struct ctx *c)
{
    struct battle *b = c->b;
    const int one = b->sides[0].queued, two = b->sides[1].queued;
    const bool switch_one = one >= BATTLE_CHOICE_SWITCH, switch_two = two >= BATTLE_CHOICE_SWITCH;
    if (switch_one != switch_two)
        return switch_two;
    if (!switch_one) {
        const int8_t p = move_of_choice(b, c->dex, 0, one)->priority;
        const int8_t q = move_of_choice(b, c->dex, 1, two)->priority;
        if (p != q)
            return p < q;
    }
    uint32_t fast = order_speed(b, 0), other = order_speed(b, 1);
    if (fast != other)
        return fast < other;
    if (b->sides[0].on.focus && b->sides[1].on.focus)
        draw(b, 0, 2, DRAW_TIE); /* who gathers focus first */
    int first = (int)draw(b, 0, 2, DRAW_TIE);
    if (!switch_one)
        first ^= (int)draw(b, 0, 2, DRAW_TIE);
    return first;
}

/* Who is to use Focus Punch begins to gather it before anybody moves. */
static void gather_focus(struct ctx *c)
{
    for (int i = 0; i < 2; i++) {
        struct battle_side *s = &c->b->sides[i];
        if (s->queued < BATTLE_MOVES && move_of_choice(c->b, c->dex, i, s->queued)->op == OP_FOCUS_PUNCH) {
            s->on.focus = 1;
            note(c, EV_FOCUS, i, 0, 0);
        }
    }
}

static void run_turn(struct ctx *c)
{
    struct battle *b = c->b;
    const uint8_t nothing = BATTLE_NOTHING_QUEUED;
    while (b->sides[0].queued != nothing || b->sides[1].queued != nothing) {
        int side = b->sides[0].queued == nothing ? 1 : b->sides[1].queued == nothing ? 0 : first_to_act(c);
        if (!act(c, side))
            return;
    }
    residual(c);
    if (!c->ended)
        close_turn(c);
}

/* Replacements of fainted ones come in together, then meet what lies on the ground, the faster first. */
static void replace(struct ctx *c, const int choices[2])
{
    struct battle *b = c->b;
    int first = 0;
    if (choices[0] >= 0 && choices[1] >= 0) {
        uint32_t one = order_speed(b, 0), two = order_speed(b, 1);
        first = one == two ? (int)draw(b, 0, 2, DRAW_TIE) : one < two;
    }
    for (int i = 0; i < 2; i++) {
        int side = i ? !first : first;
        if (choices[side] >= 0)
            come_in(c, side, choices[side] - BATTLE_CHOICE_SWITCH, false);
    }
    first = order_speed(b, 1) > order_speed(b, 0);
    for (int i = 0; i < 2 && !c->ended; i++) {
        int side = i ? !first : first;
        if (choices[side] >= 0)
            hazards(c, side);
    }
    if (!c->ended)
        close_turn(c);
}

static bool legal(const struct battle *b, const struct dex *dex, int side, int choice)
{
    uint16_t mask = battle_choices(b, dex, side);
    if (!mask)
        return choice == BATTLE_NO_CHOICE;
    return choice >= 0 && choice < BATTLE_CHOICES && mask >> choice & 1;
}

enum battle_result battle_step(struct battle *b, const struct dex *dex, int choice0, int choice1,
                               struct battle_log *log)
{
    const int choices[2] = {choice0, choice1};
    if (b->phase >= BATTLE_ENDED || !legal(b, dex, 0, choice0) || !legal(b, dex, 1, choice1))
        return BATTLE_BAD_CHOICE;
    struct ctx c = {.b = b, .dex = dex, .log = usable(log)};
    int phase = b->phase;
    b->sides[0].asked = b->sides[1].asked = 0;
    if (phase == BATTLE_REPLACE) {
        replace(&c, choices);
        return c.ended ? BATTLE_DONE : BATTLE_ONGOING;
    }
    b->phase = BATTLE_CHOOSING;
    if (phase == BATTLE_CHOOSING) {
        b->sides[0].queued = (uint8_t)choice0;
        b->sides[1].queued = (uint8_t)choice1;
        gather_focus(&c);
    } else {
        int side = choice0 < 0;
        come_in(&c, side, choices[side] - BATTLE_CHOICE_SWITCH, false);
        hazards(&c, side);
    }
    if (!c.ended)
        run_turn(&c);
    return c.ended ? BATTLE_DONE : BATTLE_ONGOING;
}

void battle_forfeit(struct battle *b, int side, struct battle_log *log)
{
    struct ctx c = {.b = b, .log = usable(log)};
    if (b->phase != BATTLE_ENDED)
        end_battle(&c, side ? BATTLE_WON_0 : BATTLE_WON_1);
}

void battle_reseed(struct battle *b, uint64_t seed)
{
    b->rng = seed;
}
