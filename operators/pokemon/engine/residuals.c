/*
 * residuals.c - the end of a turn: what counts down, hurts and heals then, each at its order and speed.
 */
#include "dispatch.h"
#include "ties.h"
#include "volatile.h"

struct residue {
    uint32_t key;
    uint8_t kind; /* enum residue_kind */
    int8_t holder;
    uint8_t n;
};
enum residue_kind {
    RESIDUE_WEATHER,
    RESIDUE_TERRAIN,
    RESIDUE_ROOM,
    RESIDUE_SIDE,
    RESIDUE_PLEDGE,
    RESIDUE_GRASS,
    RESIDUE_VOLATILE,
    RESIDUE_HOOK,
    RESIDUE_WISH,
    RESIDUE_FUTURE,
    RESIDUE_NOTHING /* takes part in ties */
};

struct residues {
    struct residue list[64];
    struct {
        const struct hook *hook;
        const struct effect *fx;
    } hooks[16];
    int n, hooks_n;
};

/* Volatiles that count turns or end with this one. */
#define PASSING ((1ull << VOLATILES_LASTING) - 1)
_Static_assert(VOLATILES_LASTING < 64, "those that pass lie in the first word");

static void residue(struct residues *all, unsigned order, unsigned sub, int speed, enum residue_kind kind, int holder,
                    unsigned n)
{
    if (all->n >= 64)
        return;
    const uint32_t key = (order ? order : 63u) << 26 | (unsigned)(16383 - speed) << 12 | sub << 8 | (unsigned)all->n;
    int i = all->n++;
    for (; i && all->list[i - 1].key > key; i--)
        all->list[i] = all->list[i - 1];
    all->list[i] = (struct residue){key, (uint8_t)kind, (int8_t)holder, (uint8_t)n};
}

static void residue_hooks(struct ctx *c, struct residues *all, const struct effect *fx, int t)
{
    if (!listens(fx, EV_residual))
        return;
    for (unsigned i = 0; i < fx->hooks; i++) {
        const struct hook *h = &c->rules->hooks[fx->hook + i];
        if (h->event != EV_residual || h->role != ROLE_SELF || all->hooks_n >= 16)
            continue;
        all->hooks[all->hooks_n].hook = h;
        all->hooks[all->hooks_n].fx = fx;
        residue(all, h->order, h->suborder ? h->suborder : fx->suborder, c->speed[t], RESIDUE_HOOK, t,
                (unsigned)all->hooks_n++);
    }
}

/* Rooms without a place of their own end last.  One that has been asked on an event comes behind, for ties alone. */
static unsigned last_room(const struct battle *b, unsigned r)
{
    return r == ROOM_FAIRY_LOCK && b->rooms[r] == 1 ? 5 : 2;
}

static void residues_of_field(struct ctx *c, struct residues *all)
{
    static const uint8_t subs[ROOMS] = {1, 2, 5, 6, 0, 0, 3, 4, 0};
    const struct battle *b = c->b;
    if (b->weather)
        residue(all, 1, 5, 0, RESIDUE_WEATHER, NOBODY, 0);
    for (unsigned r = 0; r < ROOMS && rooms(b); r++)
        if (b->rooms[r])
            residue(all, subs[r] ? 27 : 0, subs[r] ? subs[r] : last_room(b, r), 0, RESIDUE_ROOM, NOBODY, r);
    if (b->terrain)
        residue(all, 27, 7, 0, RESIDUE_TERRAIN, NOBODY, 0);
}

static void residues_of_side(struct ctx *c, struct residues *all, int i)
{
    static const uint8_t subs[SIDE_CONDITIONS] = {1, 2, 10, 3, 4, 5, 8, 7, 9, 0, 0, 6, 0, 0};
    const struct battle_side *s = &c->b->sides[i];
    for (unsigned k = 0; k < SIDE_HAZARDS && side_conditions(s); k++)
        if (s->turns[k])
            residue(all, side_guards((int)k) ? 0 : 26, subs[k] ? subs[k] : 4, 0, RESIDUE_SIDE, i, k);
}

/* Volatiles that last, ability and item.  One that is suppressed has its turn, too: it may be at work again by then,
 * and who fell before it is told then. */
static void residues_of_effects(struct ctx *c, struct residues *all, int t)
{
    const uint64_t lasting[2] = {c->on[t]->volatiles[0] & c->rules->volatiles[0] & ~PASSING,
                                 c->on[t]->volatiles[1] & c->rules->volatiles[1]};
    for (unsigned w = 0; w < 2; w++)
        for (uint64_t bits = lasting[w]; bits; bits &= bits - 1)
            residue_hooks(c, all, &c->rules->conds[COND_VOLATILE + 64 * w + (unsigned)__builtin_ctzll(bits)], t);
    residue_hooks(c, all, &c->rules->abilities[c->on[t]->ability], t);
    if (draws_ties(c) && has(c, t, VOL_SKY_DROP)) /* which ends with its move */
        residue(all, 0, 2, c->speed[t], RESIDUE_NOTHING, t, 1);
    if (draws_ties(c) && c->on[t]->ability == A(healer)) /* it is for allies */
        residue(all, 5, 3, c->speed[t], RESIDUE_NOTHING, t, 0);
    residue_hooks(c, all, &c->rules->items[c->mon[t]->item], t);
}

static void residues_of_passing(struct ctx *c, struct residues *all, int t, uint64_t bits)
{
    static const uint8_t orders[VOLATILES_LASTING] = {
        [VOL_TAUNT] = 15,       [VOL_ENCORE] = 16,     [VOL_DISABLE] = 17,    [VOL_MAGNET_RISE] = 18,
        [VOL_TELEKINESIS] = 19, [VOL_HEAL_BLOCK] = 20, [VOL_EMBARGO] = 21,    [VOL_THROAT_CHOP] = 22,
        [VOL_YAWN] = 23,        [VOL_PERISH] = 24,     [VOL_SYRUP_BOMB] = 14, [VOL_UPROAR] = 28,
        [VOL_BOUND] = 13,       [VOL_ROOST] = 25};
    for (; bits; bits &= bits - 1) {
        const unsigned v = (unsigned)__builtin_ctzll(bits);
        residue(all, orders[v], v == VOL_UPROAR ? 1 : 2, c->speed[t], RESIDUE_VOLATILE, t, v);
    }
}

/* Bind after Salt Cure, Syrup Bomb after Octolock: they came in this order.  So did a first Protect (or its kind) and
 * the count of them; a second one finds the count there. */
static uint64_t behind_lasting(const struct battle_active *on)
{
    return (on->stall == 1 ? 1ull << VOL_STALL : 0) | (on->gone & GONE_SALT_FIRST ? 1ull << VOL_BOUND : 0) |
           (on->before_syrup & OCTOLOCK_FIRST ? 1ull << VOL_SYRUP_BOMB : 0);
}

static void residues_of_mon(struct ctx *c, struct residues *all, int t)
{
    const struct battle_side *s = &c->b->sides[t];
    const struct battle_active *on = c->on[t];
    const bool hooks = c->ability_off[t] || has_event(c->of_mon[t].hears[HEARS_OWN], EV_residual) || draws_ties(c);
    const uint64_t passing = on->volatiles[0] & PASSING, late = passing ? passing & behind_lasting(on) : 0;
    if (hooks && c->mon[t]->status)
        residue_hooks(c, all, &c->rules->conds[COND_STATUS + c->mon[t]->status], t);
    if (c->fell_with[t] && draws_ties(c))
        residue_hooks(c, all, &c->rules->conds[COND_STATUS + c->fell_with[t]], t);
    residues_of_passing(c, all, t, passing & ~late);
    if (hooks)
        residues_of_effects(c, all, t);
    if (late)
        residues_of_passing(c, all, t, late);
    if (s->wish_turns)
        residue(all, 4, 3, c->speed[t], RESIDUE_WISH, t, 0);
    if (s->future_turns)
        residue(all, 3, 3, c->speed[t], RESIDUE_FUTURE, t, 0);
    if (s->turns[SIDE_FIRE_PLEDGE])
        residue(all, 5, 1, c->speed[t], RESIDUE_PLEDGE, t, 0);
    if (c->b->terrain == TERRAIN_GRASSY)
        residue(all, 5, 2, c->speed[t], RESIDUE_GRASS, t, 0);
}

/* ---------------------------------------------------------------------------------------------- in their order --- */

/* The simulator has none of this, or has it as one with the residue before it. */
static bool no_residue(const struct residues *all, const struct residue *r, const struct residue *before)
{
    if (r->kind == RESIDUE_VOLATILE)
        return r->n == VOL_CHARGE_TURN || r->n == VOL_COAT_PRANKED;
    return before && r->kind == RESIDUE_HOOK && before->kind == RESIDUE_HOOK && r->holder == before->holder &&
           all->hooks[r->n].fx == all->hooks[before->n].fx;
}

/* About how many turns a Pokémon has had a volatile, times two.  Of those that last nobody knows: mostly they came
 * before others; but Bind and Salt Cure, Syrup Bomb and Octolock keep their order. */
static unsigned age_of(const struct ctx *c, int t, unsigned v)
{
    enum { LASTING = 254, BOUND_MOSTLY = 6 };
    const struct battle_active *on = c->on[t];
    if (v < VOLATILES_TIMED) {
        const unsigned full = v == VOL_BOUND ? BOUND_MOSTLY : volatile_turns(v);
        return on->turns[v] < full ? 2 * (full - on->turns[v]) : 1;
    }
    if (v < VOLATILES_LASTING)
        return 1;
    if (v == VOL_SALT_CURE && has(c, t, VOL_BOUND) && !(on->gone & GONE_SALT_FIRST))
        return age_of(c, t, VOL_BOUND) - 1;
    if (v == VOL_OCTOLOCK && has(c, t, VOL_SYRUP_BOMB) && !(on->before_syrup & OCTOLOCK_FIRST))
        return age_of(c, t, VOL_SYRUP_BOMB) - 1;
    return LASTING;
}

/* Where the simulator finds it: rooms, weather, terrain; of each side its conditions, then what the Pokémon has. */
static unsigned found_at(const struct ctx *c, const struct residues *all, const struct residue *r)
{
    enum { ON_SIDE, STATUS, VOLATILE, ABILITY, ITEM, OTHER };
    const struct effect *fx = r->kind == RESIDUE_HOOK ? all->hooks[r->n].fx : NULL;
    unsigned stage = OTHER, age = 0;
    if (r->holder == NOBODY)
        return r->kind == RESIDUE_ROOM ? 0 : 1u + r->kind;
    if (r->kind == RESIDUE_SIDE)
        stage = ON_SIDE;
    else if (r->kind == RESIDUE_NOTHING)
        stage = r->n ? VOLATILE : ABILITY;
    else if (fx)
        stage = fx->kind == CARRY_STATUS    ? STATUS
                : fx->kind == CARRY_ABILITY ? ABILITY
                : fx->kind == CARRY_ITEM    ? ITEM
                                            : VOLATILE;
    else if (r->kind == RESIDUE_VOLATILE)
        stage = VOLATILE;
    if (stage == VOLATILE && r->kind != RESIDUE_NOTHING)
        age = age_of(c, r->holder, fx ? (fx->self & REF_NUMBER) - COND_VOLATILE : r->n);
    return (unsigned)(r->holder + 1) << 16 | stage << 8 | (0xff - (age & 0xff));
}

/* Takes what was put in order as the simulator finds it. */
static void as_found(const struct ctx *c, const struct residues *all, struct residue *found)
{
    enum { FOUND = 0xff }; /* of a key: as which it was found here */
    struct residue here[SORTED_MAX] = {{0}};
    unsigned places[SORTED_MAX];
    for (int i = 0; i < all->n; i++)
        here[all->list[i].key & FOUND] = all->list[i];
    for (int n = 0; n < all->n; n++) {
        const unsigned place = found_at(c, all, &here[n]);
        int i = n;
        for (; i && places[i - 1] > place; i--) {
            places[i] = places[i - 1];
            found[i] = found[i - 1];
        }
        places[i] = place;
        found[i] = here[n];
        found[i].key &= ~(uint32_t)FOUND;
    }
}

/* Ties are drawn: what was put in order is taken as it was found, and sorted anew. */
static APART void draw_residues(struct ctx *c, struct residues *all)
{
    struct residue found[SORTED_MAX] = {{0}};
    uint64_t keys[SORTED_MAX];
    uint8_t which[SORTED_MAX];
    int n = 0, out = 0;
    as_found(c, all, found);
    for (int i = 0; i < all->n; i++)
        if (!no_residue(all, &found[i], i ? &found[i - 1] : NULL)) {
            which[n] = (uint8_t)i;
            keys[n++] = found[i].key;
        }
    sort_with_ties(c, keys, which, n);
    for (int i = -1; i < n; i++) { /* each, and what it has with it */
        int k = i < 0 ? 0 : which[i];
        if (i >= 0)
            all->list[out++] = found[k++];
        for (; k < all->n && no_residue(all, &found[k], k ? &found[k - 1] : NULL); k++)
            all->list[out++] = found[k];
    }
}

/* ------------------------------------------------------------------------------------------------------ running --- */

static void run_residue_hook(struct ctx *c, struct residues *all, const struct residue *r)
{
    const struct effect *fx = all->hooks[r->n].fx;
    const enum carrier_kind kind = (enum carrier_kind)fx->kind;
    const unsigned n = fx->self & REF_NUMBER;
    const int t = r->holder;
    if ((kind == CARRY_ABILITY && c->on[t]->ability != n) || (kind == CARRY_ITEM && c->mon[t]->item != n) ||
        (kind == CARRY_VOLATILE && !has(c, t, (enum battle_volatile)(n - COND_VOLATILE))))
        return;
    struct call e = {.event = EV_residual,
                     .target = r->holder,
                     .source = NOBODY,
                     .holder = r->holder,
                     .self = fx->self,
                     .value = R_TRUE,
                     .mod = 4096};
    if (!silenced(c, &e, kind, t, fx))
        run_hook(c, &e, all->hooks[r->n].hook);
}

/* A volatile's turns run out, or it does what it does each turn. */
static bool run_volatile(struct ctx *c, int t, enum battle_volatile v)
{
    if (!has(c, t, v))
        return false;
    if (v == VOL_ROLLOUT && c->on[t]->rollout_on) {
        c->on[t]->rollout_on = 0;
        return false;
    }
    if (v >= VOLATILES_TIMED || (c->on[t]->turns[v] && --c->on[t]->turns[v] == 0)) {
        remove_volatile(c, t, v);
        return true;
    }
    const struct effect *fx = &c->rules->conds[COND_VOLATILE + v];
    if (listens(fx, EV_residual))
        single(c, EV_residual, fx, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
    return false;
}

/* True when something ran out: who faints by that is told later. */
static bool run_residue(struct ctx *c, struct residues *all, const struct residue *r)
{
    switch (r->kind) {
    case RESIDUE_WEATHER: weather_residual(c); break;
    case RESIDUE_TERRAIN:
        if (c->b->terrain && c->b->terrain_turns && --c->b->terrain_turns == 0) {
            clear_terrain(c);
            return true;
        }
        break;
    case RESIDUE_ROOM:
        if (c->b->rooms[r->n] && --c->b->rooms[r->n] == 0) {
            c->b->rooms[r->n] = 1;
            end_room(c, r->n);
            return true;
        }
        break;
    case RESIDUE_SIDE:
        if (c->b->sides[r->holder].turns[r->n] && --c->b->sides[r->holder].turns[r->n] == 0) {
            c->b->sides[r->holder].turns[r->n] = 1;
            end_side(c, r->holder, r->n);
            return true;
        }
        break;
    case RESIDUE_PLEDGE: pledge_residual(c, r->holder); break;
    case RESIDUE_GRASS: grass_residual(c, r->holder); break;
    case RESIDUE_WISH: wish_residual(c, r->holder); break;
    case RESIDUE_FUTURE: future_residual(c, r->holder); break;
    case RESIDUE_NOTHING: break;
    case RESIDUE_VOLATILE: return run_volatile(c, r->holder, (enum battle_volatile)r->n);
    default: run_residue_hook(c, all, r); break;
    }
    return false;
}

/* Nothing on it counts turns, hurts or heals, nor on its side. */
static bool untouched(const struct ctx *c, int t)
{
    const struct battle_side *s = &c->b->sides[t];
    return !side_conditions(s) && !s->wish_turns && !s->future_turns && !(c->on[t]->volatiles[0] & PASSING) &&
           !c->ability_off[t] && !has_event(c->of_mon[t].hears[HEARS_OWN], EV_residual);
}

static bool nothing_passes(const struct ctx *c)
{
    const struct battle *b = c->b;
    return !(b->weather | b->terrain | (int)rooms(b)) && untouched(c, 0) && untouched(c, 1);
}

void residual_event(struct ctx *c)
{
    fresh(c);
    if (nothing_passes(c) && !draws_ties(c))
        return;
    struct residues all; /* never cleared: the first n count */
    all.n = all.hooks_n = 0;
    residues_of_field(c, &all);
    for (int t = 0; t < 2; t++) {
        residues_of_side(c, &all, t);
        residues_of_mon(c, &all, t);
    }
    if (draws_ties(c))
        draw_residues(c, &all);
    for (int i = 0; i < all.n; i++) {
        const struct residue *r = &all.list[i];
        const bool of_slot = r->kind == RESIDUE_WISH || r->kind == RESIDUE_FUTURE || r->kind == RESIDUE_SIDE;
        if (r->holder != NOBODY && !of_slot && !in_play(c, r->holder))
            continue;
        if (!run_residue(c, &all, r))
            faint_messages(c, true);
        if (c->ended)
            return;
    }
}
