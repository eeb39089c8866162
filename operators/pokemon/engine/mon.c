/*
 * mon.c - numbers of a Pokémon on the field: stats, speed, weight; its moves and their PP.
 */
#include "engine.h"

/* ------------------------------------------------------------------------------------------------- stats --- */

int stat_staged(int stat, int stage)
{
    if (!stage)
        return stat;
    stage = stage > 6 ? 6 : stage < -6 ? -6 : stage;
    return stage >= 0 ? stat * (2 + stage) / 2 : stat * 2 / (2 - stage);
}

void ask_stages(struct ctx *c, int t, int8_t stages[STAGES])
{
    struct call e = {.event = EV_modify_boost,
                     .target = (int8_t)t,
                     .source = NOBODY,
                     .value = R_TRUE,
                     .mod = 4096,
                     .stages = stages,
                     .a = c->attack};
    dispatch(c, &e);
}

/* Stages as they count now (Unaware). */
static void seen_boosts(struct ctx *c, int t, int8_t out[STAGES])
{
    memcpy(out, c->on[t]->boosts, STAGES);
    if (heard(c, EV_modify_boost, t, NOBODY))
        ask_stages(c, t, out);
}

int stat_of(struct ctx *c, int t, enum battle_stat s, bool staged, bool modified)
{
    static const uint8_t events[5] = {EV_modify_atk, EV_modify_def, EV_modify_spa, EV_modify_spd, EV_modify_spe};
    int stat = c->on[t]->stats[s];
    /* as the simulator has it: a Wonder Room swaps the stages of plain stats, not the stats */
    if (!modified && c->b->rooms[ROOM_WONDER] && (s == STAT_DEF || s == STAT_SPD))
        s = s == STAT_DEF ? STAT_SPD : STAT_DEF;
    if (staged) {
        int8_t boosts[STAGES];
        if (modified)
            seen_boosts(c, t, boosts);
        stat = stat_staged(stat, modified ? boosts[s] : c->on[t]->boosts[s]);
    }
    if (modified)
        stat = event_number(c, (enum event)events[s], t, NOBODY, REF_NONE, NULL, stat);
    if (stat < 0)
        stat = 0;
    return s == STAT_SPE && stat > 10000 ? 10000 : stat;
}

/* In 13 bits, as in the games. */
static inline int in_13_bits(const struct ctx *c, int speed)
{
    return (c->b->rooms[ROOM_TRICK] ? 10000 - speed : speed) & 8191;
}

static inline int plain_speed(const struct ctx *c, int t)
{
    const int speed = stat_staged(c->on[t]->stats[STAT_SPE], c->on[t]->boosts[STAT_SPE]);
    return in_13_bits(c, speed > 10000 ? 10000 : speed);
}

static APART int asked_speed(struct ctx *c, int t)
{
    const bool fell = c->mon[t]->flags & MON_FAINT_TOLD; /* nothing helps it on any more, not even Tailwind */
    if (fell || !(heard(c, EV_modify_spe, t, NOBODY) || heard(c, EV_modify_boost, t, NOBODY)))
        return plain_speed(c, t);
    return in_13_bits(c, stat_of(c, t, STAT_SPE, true, true));
}

int action_speed(struct ctx *c, int t)
{
    if (perhaps_heard(c, EV_modify_spe, t, NOBODY) || perhaps_heard(c, EV_modify_boost, t, NOBODY))
        return asked_speed(c, t);
    return plain_speed(c, t);
}

void update_speeds(struct ctx *c)
{
    fresh(c); /* here, not at the first event that may be heard: it is mostly due */
    const bool plain =
        !has_event(c->any, EV_modify_spe) && (unheard(EV_modify_boost) || !has_event(c->any, EV_modify_boost));
    for (int t = 0; t < 2; t++)
        if (alive(c, t))
            c->speed[t] = plain ? plain_speed(c, t) : action_speed(c, t);
}

int best_stat(struct ctx *c, int t)
{
    int best = STAT_ATK, most = 0;
    for (int s = STAT_ATK; s <= STAT_SPE; s++) {
        const int v = stat_of(c, t, (enum battle_stat)s, true, false);
        if (v > most) {
            most = v;
            best = s;
        }
    }
    return best;
}

int weight_of(struct ctx *c, int t)
{
    int w = event_number(c, EV_modify_weight, t, NOBODY, REF_NONE, NULL, c->on[t]->weight);
    return w > 1 ? w : 1;
}

int positive_boosts(const struct ctx *c, int t)
{
    int n = 0;
    for (int i = 0; i < STAGES; i++)
        if (c->on[t]->boosts[i] > 0)
            n += c->on[t]->boosts[i];
    return n;
}

/* ------------------------------------------------------------------------------------------------- moves --- */

int move_slot(const struct ctx *c, int t, unsigned move)
{
    /* which it is, nobody can foretell: no branches; the lowest of the four that is equal has its highest bit set */
    const uint64_t ones = 0x0001000100010001u;
    uint64_t differ, equal;
    memcpy(&differ, c->on[t]->moves, sizeof differ);
    differ ^= move * ones;
    equal = (differ - ones) & ~differ & ones << 15;
    return move && equal ? __builtin_ctzll(equal) / 16 : -1;
}

/* Returns how many were taken; 0 when it has not got the move or no PP. */
int deduct_pp(struct ctx *c, int t, unsigned move, int n)
{
    int slot = move_slot(c, t, move);
    if (slot < 0)
        return 0;
    c->on[t]->used |= (uint8_t)(1u << slot);
    if (!(c->on[t]->virtual_moves >> slot & 1) && !behind_z(c, t, move))
        reveal(c, t, (unsigned)MON_MOVE_KNOWN << slot);
    uint8_t *pp = slot_pp(c, t, slot);
    if (!*pp)
        return 0;
    if (n > *pp)
        n = *pp;
    *pp = (uint8_t)(*pp - n);
    return n;
}

/* Does the move touch its target? */
bool contact(struct ctx *c, const struct attack *a, int user)
{
    return flagged(a, MF_CONTACT) && (user == NOBODY || user == BENCHED || !has_item(c, user, I(protectivepads)));
}
