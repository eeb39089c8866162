/*
 * accept.c - whether bytes that nobody vouches for make a battle that can be played on without harm.
 *
 * What the engine relies on is checked here, once, and nowhere else.
 */
#include "engine.h"
#include "wire.h"

static bool moves_good(const struct dex *dex, const uint16_t moves[BATTLE_MOVES])
{
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (moves[i] > dex->moves_n)
            return false;
    return true;
}

static bool mon_good(const struct dex *dex, const struct battle_mon *m)
{
    return m->species && m->species <= dex->species_n && m->first_species && m->first_species <= dex->species_n &&
           m->hp_max && m->hp_max < 2000 && m->hp <= m->hp_max && m->ability <= dex->abilities_n &&
           m->item <= dex->items_n && m->last_item <= dex->items_n && m->level >= 1 && m->level <= 100 &&
           m->gender <= GENDER_FEMALE && m->nature < 25 && m->tera < TYPES && m->status < STATUSES &&
           m->status_n <= 15 && m->ivs < 1u << 30 && m->times_hit < 255 && moves_good(dex, m->moves) && m->moves[0] &&
           !(m->flags & ~MON_FLAGS) && (dex->mega || !(m->flags & MON_MAY_MEGA)) &&
           (m->status == STATUS_SLP || !(m->flags & MON_PUT_TO_SLEEP));
}

/* Whose HP are gone has been told to have fainted, and has no status.  A battle may end before that is told: a Life Orb
 * takes its holder after its Future Sight took the last one of the other side. */
static bool faint_good(const struct battle_mon *m, bool out_at_the_end)
{
    const bool told = m->flags & MON_FAINT_TOLD;
    return m->hp ? !told : told ? !m->status : out_at_the_end;
}

/* Stages that something yet has to copy: the place in the order above, how many below. */
static bool rise_good(unsigned rise)
{
    return rise >> 4 < STAGES && (rise & 15) <= 12;
}

static bool numbers_good(const struct dex *dex, const struct battle_active *on)
{
    const uint16_t moves[] = {on->lock_move,  on->charge_move,    on->choice_move, on->encore_move, on->disable_move,
                              on->bound_move, on->metronome_move, on->last_move,   on->moved};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i] > dex->moves_n)
            return false;
    for (int i = 0; i < STAGES; i++)
        if (on->boosts[i] < -6 || on->boosts[i] > 6 || !rise_good(on->foe_raised[i]) || !rise_good(on->herb[i]))
            return false;
    for (int i = 0; i < 5; i++)
        if (on->stats[i] > 5000)
            return false;
    return on->stall <= 6 && on->ally_switch <= 6 && on->stockpile <= 3 && on->stockpile_def <= 3 && on->fury <= 4 &&
           on->rollout <= 8 && on->metronome <= 100 && on->result <= MOVE_FAILED && on->result_before <= MOVE_FAILED;
}

static bool has_bit(const struct battle_active *on, unsigned v)
{
    return on->volatiles[v / 64] >> (v % 64) & 1;
}

/* Looks are kept on the bench, by who is still there, and are another's. */
static bool looks_good(const struct battle_side *s, int slot)
{
    const int looks = s->party[slot].flags & MON_LOOKS;
    return !looks || (slot != s->active && s->party[slot].hp && looks <= s->size && looks - 1 != slot);
}

/* What is counted must be there, what is there must be counted. */
static bool volatiles_good(const struct battle_active *on)
{
    if (on->volatiles[1] >> (VOLATILES - 64))
        return false;
    for (unsigned v = 0; v < VOLATILES_TIMED; v++)
        if (on->turns[v] > 10 || (has_bit(on, v) && !on->turns[v]))
            return false;
    if (has_bit(on, VOL_CONFUSION) && !on->confusion)
        return false;
    if (on->before_syrup && !has_bit(on, VOL_SYRUP_BOMB))
        return false;
    if (has_bit(on, VOL_BOUND) && on->bound_part != 6 && on->bound_part != 8)
        return false;
    return !has_bit(on, VOL_SUBSTITUTE) || on->substitute;
}

static bool active_good(const struct dex *dex, const struct battle_side *s)
{
    const struct battle_active *on = &s->on;
    if (!on->species || on->species > dex->species_n || on->ability > dex->abilities_n || on->types[0] > TYPE_BLANK ||
        on->types[1] > TYPE_BLANK || on->types_shown[0] > TYPE_BLANK || on->types_shown[1] > TYPE_BLANK ||
        on->type_added >= TYPES || on->last_type >= TYPES)
        return false;
    if (on->illusion != 0xff && on->illusion >= s->size)
        return false;
    return moves_good(dex, on->moves) && numbers_good(dex, on) && volatiles_good(on);
}

static bool order_good(const struct battle_side *s)
{
    enum { KINDS = SIDE_CONDITIONS - SIDE_HAZARDS };
    unsigned seen = 0;
    int n = 0;
    for (int k = 0; k < KINDS; k++) {
        const unsigned o = s->hazards[k];
        if (!o && k + 1 < KINDS && s->hazards[k + 1])
            return false;
        if (!o)
            continue;
        if (o <= SIDE_HAZARDS || o > SIDE_CONDITIONS || seen >> o & 1 || !s->turns[o - 1])
            return false;
        seen |= 1u << o;
        n++;
    }
    for (int k = 0; k < SIDE_CONDITIONS; k++) {
        n -= k >= SIDE_HAZARDS && s->turns[k] > 0;
        if (s->turns[k] > 8 || (k == SIDE_SPIKES && s->turns[k] > 3) || (k == SIDE_TOXIC_SPIKES && s->turns[k] > 2) ||
            (k >= SIDE_STEALTH_ROCK && s->turns[k] > 1))
            return false;
    }
    return !n;
}

/* A choice of a halted turn: no switch beyond the party. */
static bool queued_good(const struct battle_side *s)
{
    if (s->queued == BATTLE_NOTHING_QUEUED || s->queued < BATTLE_CHOICE_SWITCH)
        return true;
    return s->queued < BATTLE_CHOICES &&
           (s->queued >= BATTLE_CHOICE_TERA || s->queued < BATTLE_CHOICE_SWITCH + s->size);
}

static bool side_good(const struct dex *dex, const struct battle_side *s, bool ended)
{
    if (s->size < 1 || s->size > BATTLE_PARTY || s->active >= s->size || s->once > ONCE_ALL || s->fainted > 100 ||
        s->fainted_turns > 3 || s->queued_fraction < -1 || s->queued_fraction > 1)
        return false;
    for (int i = 0; i < s->size; i++)
        if (!mon_good(dex, &s->party[i]) || !faint_good(&s->party[i], ended && i == s->active) || !looks_good(s, i))
            return false;
    if (s->wish_turns > 2 || s->wish_by >= BATTLE_PARTY || s->future_by >= BATTLE_PARTY ||
        s->future_move > dex->moves_n || (s->future_turns && !s->future_move) || s->replacing & 1)
        return false;
    unsigned places = 0;
    for (int i = 0; i < BATTLE_PARTY; i++) {
        if (i < s->size ? s->standing[i] >= s->size : s->standing[i] != i)
            return false;
        places |= 1u << s->standing[i];
    }
    if (places != 63 || s->standing[0] != s->active || s->pivot_move > dex->moves_n)
        return false;
    if (!queued_good(s))
        return false;
    return order_good(s) && s->longer < 1 << SIDE_SCREENS && active_good(dex, s);
}

/* What may be chosen must be what the engine would offer. */
static bool choices_good(struct battle *b, const struct dex *dex)
{
    uint32_t given[2] = {stored_choices(&b->sides[0]), stored_choices(&b->sides[1])}, offered[2];
    battle_offered(b, dex, offered);
    return given[0] == offered[0] && given[1] == offered[1];
}

static bool phase_good(struct battle *b, const struct dex *dex)
{
    if ((b->phase == BATTLE_ENDED) != (b->winner != BATTLE_UNDECIDED) || b->phase > BATTLE_ENDED ||
        b->winner > BATTLE_UNDECIDED)
        return false;
    if (b->phase == BATTLE_ENDED)
        return !stored_choices(&b->sides[0]) && !stored_choices(&b->sides[1]);
    for (int i = 0; i < 2; i++) {
        int left = 0;
        for (int j = 0; j < b->sides[i].size; j++)
            left += b->sides[i].party[j].hp > 0;
        if (!left)
            return false;
    }
    return choices_good(b, dex);
}

bool battle_good(struct battle *b, const struct dex *dex)
{
    if (b->data != dex->fingerprint || b->turn > dex->turn_cap || b->weather >= WEATHERS || b->weather_turns > 8 ||
        b->terrain >= TERRAINS || b->terrain_turns > 8 || b->echo > 5 || b->terms > 31 || b->last_move > dex->moves_n ||
        b->last_success > dex->moves_n)
        return false;
    for (int r = 0; r < ROOMS; r++)
        if (b->rooms[r] > 5)
            return false;
    const bool ended = b->phase == BATTLE_ENDED;
    return side_good(dex, &b->sides[0], ended) && side_good(dex, &b->sides[1], ended) && phase_good(b, dex);
}

/* ------------------------------------------------------------------------------------------------- known --- */

static bool record_good(const struct dex *dex, const struct battle_seen *r)
{
    return moves_good(dex, r->moves) && r->ability <= dex->abilities_n && r->item <= dex->items_n &&
           !(r->flags & ~SEEN_FLAGS) && r->hp <= 100 && r->level <= 100 && r->status < STATUSES && r->tera < TYPES;
}

/* Each came out at another time, and one of them is out. */
static bool seen_good(const struct dex *dex, const struct battle_side *s, const struct battle_known_side *k)
{
    unsigned orders = 0, n = 0;
    for (int i = 0; i < s->size; i++) {
        const struct battle_seen *r = &k->seen[i];
        if (!record_good(dex, r) || r->order > s->size || (r->order && orders >> r->order & 1))
            return false;
        orders |= 1u << r->order;
        n += r->order > 0;
    }
    static const struct battle_seen nothing;
    for (int i = s->size; i < BATTLE_PARTY; i++) /* nobody is there, so nobody came out */
        if (memcmp(&k->seen[i], &nothing, sizeof nothing) != 0)
            return false;
    const struct battle_active *on = &s->on;
    const bool alive = s->party[s->active].hp;
    if (alive && k->front != (on->illusion != 0xff ? on->illusion : s->active))
        return false;
    return orders >> 1 == (1u << n) - 1 && k->front < s->size && k->seen[k->front].order &&
           record_good(dex, &k->before) && k->before.order <= s->size && k->told <= TOLD_ALL;
}

bool battle_known_good(const struct battle_known *known, const struct battle *b, const struct dex *dex)
{
    return seen_good(dex, &b->sides[0], &known->sides[0]) && seen_good(dex, &b->sides[1], &known->sides[1]);
}
