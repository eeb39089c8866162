/*
 * accept.c - whether bytes that nobody vouches for make a battle that can be played on without harm.
 *
 * What the engine relies on is checked here, once, and nowhere else; so is what no battle can come to, as far as one
 * moment tells: HP that such a Pokémon has not got, a second Terastallization to come.  What is left is another battle,
 * which might have been played so.  Numbers of conditions that are over say nothing, and may be what they like: earlier
 * releases left other ones behind.
 */
#include "engine.h"
#include "stats.h"
#include "wire.h"

enum { HP_MOST = (2 * 255 + 31 + 252 / 4 + 100) + 10 }; /* of anybody, as most_hp() has it */

static bool moves_good(const struct dex *dex, const uint16_t moves[BATTLE_MOVES])
{
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (moves[i] > dex->moves_n)
            return false;
    return true;
}

/* One to four without gaps, and their PP. */
static bool own_moves_good(const struct dex *dex, const struct battle_mon *m)
{
    if (!m->moves[0])
        return false;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        const unsigned move = m->moves[i];
        if (move > dex->moves_n || (move && i && !m->moves[i - 1]) || m->pp[i] > dex->moves[move].pp)
            return false;
    }
    return true;
}

static bool has_hp_of(const struct dex *dex, const struct battle_mon *m, unsigned species)
{
    return m->hp_max == most_hp(&dex->species[species], m->level, m->ivs, m->evs);
}

/* Its HP are those of its forme, or those it was sent with.  Who falls becomes what it was sent as, and keeps those of
 * the forme in which it fell, which may be any one: a version's effects say which formes there are. */
static bool hp_good(const struct dex *dex, const struct battle_mon *m, bool some_fell)
{
    if (has_hp_of(dex, m, m->species) ||
        (dex->species[m->species].base_species == dex->species[m->first_species].base_species &&
         has_hp_of(dex, m, m->first_species)))
        return m->hp <= m->hp_max;
    for (unsigned i = 1; some_fell && i <= dex->species_n; i++)
        if (has_hp_of(dex, m, i))
            return m->hp <= m->hp_max;
    return false;
}

/* Turns of sleep, the stage of bad poison; of others the number says nothing. */
static bool status_good(const struct battle_mon *m)
{
    const bool sleeps = m->status == STATUS_SLP;
    return m->status < STATUSES && m->status_n <= (sleeps ? 4 : 15) && (sleeps || !(m->flags & MON_PUT_TO_SLEEP));
}

static bool evs_good(const uint8_t evs[6])
{
    for (int i = 0; i < 6; i++)
        if (evs[i] > 252)
            return false;
    return true;
}

static bool mon_good(const struct dex *dex, const struct battle_mon *m, bool some_fell)
{
    return m->level >= 1 && m->level <= 100 && m->ivs < 1u << 30 && evs_good(m->evs) && m->species &&
           m->species <= dex->species_n && m->first_species && m->first_species <= dex->species_n &&
           hp_good(dex, m, some_fell) && m->ability <= dex->abilities_n && m->item <= dex->items_n &&
           m->last_item <= dex->items_n && m->gender <= GENDER_FEMALE && m->nature < 25 && m->tera && m->tera < TYPES &&
           status_good(m) && m->times_hit < 255 && own_moves_good(dex, m) && !(m->flags & ~MON_FLAGS) &&
           (dex->mega || !(m->flags & MON_MAY_MEGA));
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
        if (!on->stats[i] || on->stats[i] > 5000)
            return false;
    return (on->best_stat & 0x7f) <= 5 && on->confusion <= 5 && on->rampage <= 5 && on->stall <= 6 &&
           on->ally_switch <= 6 && on->stockpile <= 3 && on->stockpile_def <= 3 && on->fury <= 4 && on->rollout <= 8 &&
           on->metronome <= 100 && on->result <= MOVE_FAILED && on->result_before <= MOVE_FAILED &&
           on->substitute <= HP_MOST / 4 && on->used <= 15;
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

/* Its own moves are those that it has in the party; others' have PP of their own, no more than they may. */
static bool slots_good(const struct dex *dex, const struct battle_active *on, const struct battle_mon *m)
{
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (on->virtual_moves >> i & 1 ? on->moves[i] > dex->moves_n || on->pp[i] > dex->moves[on->moves[i]].pp
                                       : on->moves[i] != m->moves[i])
            return false;
    return true;
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
    return slots_good(dex, on, &s->party[s->active]) && numbers_good(dex, on) && volatiles_good(on);
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

/* It terastallizes once, and then it is marked; who has fallen counts, and again when revived. */
static bool once_good(const struct dex *dex, const struct battle_side *s)
{
    int tera = 0, fallen = 0;
    for (int i = 0; i < s->size; i++) {
        tera += (s->party[i].flags & MON_TERASTALLIZED) != 0;
        fallen += (s->party[i].flags & MON_FAINT_TOLD) != 0;
    }
    const int may = (dex->generation_tera ? ONCE_TERA | ONCE_TERA_OF_LOOKS : 0) |
                    (dex->mega ? ONCE_MEGA | ONCE_ULTRA : 0) | (dex->z_moves ? ONCE_Z : 0);
    return !(s->once & ~may) && tera <= (s->once & ONCE_TERA) && s->fainted >= fallen && s->fainted <= 100;
}

/* Of what a clause allows once there is no second. */
static bool clauses_good(const struct battle_side *s, unsigned clauses)
{
    int asleep = 0, frozen = 0;
    for (int i = 0; i < s->size; i++) {
        asleep += (s->party[i].flags & MON_PUT_TO_SLEEP) != 0;
        frozen += s->party[i].status == STATUS_FRZ;
    }
    return !(clauses & CLAUSE_SLEEP && asleep > 1) && !(clauses & CLAUSE_FREEZE && frozen > 1);
}

/* What waits for its time is by somebody, and replaces somebody. */
static bool waiting_good(const struct dex *dex, const struct battle_side *s, const struct battle_side *foe)
{
    const unsigned kinds = 1u << SLOT_WISH | 1u << SLOT_HEALING_WISH | 1u << SLOT_LUNAR_DANCE |
                           1u << SLOT_REVIVAL_BLESSING | REPLACING_LUNAR_FIRST | 1u << SLOT_Z_MEMENTO |
                           1u << SLOT_Z_PARTING_SHOT;
    return s->wish_turns <= 2 && s->wish_by < s->size && s->future_by < foe->size && s->future_move <= dex->moves_n &&
           (!s->future_turns || s->future_move) && !(s->replacing & ~kinds) && s->wish_hp <= HP_MOST;
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
    if (s->size < 1 || s->size > BATTLE_PARTY || s->active >= s->size || s->fainted_turns > 3 ||
        s->queued_fraction < -1 || s->queued_fraction > 1)
        return false;
    for (int i = 0; i < s->size; i++)
        if (!mon_good(dex, &s->party[i], s->fainted) || !faint_good(&s->party[i], ended && i == s->active) ||
            !looks_good(s, i))
            return false;
    unsigned places = 0;
    for (int i = 0; i < BATTLE_PARTY; i++) {
        if (i < s->size ? s->standing[i] >= s->size : s->standing[i] != i)
            return false;
        places |= 1u << s->standing[i];
    }
    if (places != 63 || s->standing[0] != s->active || s->pivot_move > dex->moves_n)
        return false;
    if (!queued_good(s) || !once_good(dex, s))
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

static bool stands(const struct battle_side *s)
{
    for (int i = 0; i < s->size; i++)
        if (s->party[i].hp)
            return true;
    return false;
}

/* Whom Revival Blessing brings back is asked at once.  A bit that waits for a later turn could leave nobody to be asked
 * then. */
static bool revival_good(const struct battle *b)
{
    for (int i = 0; i < 2; i++)
        if (b->sides[i].replacing >> SLOT_REVIVAL_BLESSING & 1 &&
            (b->phase == BATTLE_CHOOSING || !stored_choices(&b->sides[i])))
            return false;
    return true;
}

/* While it goes on, both sides have somebody left; when one side alone has, it won. */
static bool phase_good(struct battle *b, const struct dex *dex)
{
    const bool left[2] = {stands(&b->sides[0]), stands(&b->sides[1])};
    if (b->phase == BATTLE_ENDED)
        return b->winner < BATTLE_UNDECIDED && !stored_choices(&b->sides[0]) && !stored_choices(&b->sides[1]) &&
               (left[0] == left[1] || b->winner == (left[0] ? BATTLE_WON_0 : BATTLE_WON_1));
    return b->phase < BATTLE_ENDED && b->winner == BATTLE_UNDECIDED && left[0] && left[1] && revival_good(b) &&
           choices_good(b, dex);
}

/* A place in one of the parties, or nobody's. */
static bool maker_good(const struct battle *b, unsigned who)
{
    return who == 0xff || (who < 16 && who % 8 < b->sides[who / 8].size);
}

static bool field_good(const struct battle *b, const struct dex *dex)
{
    for (int r = 0; r < ROOMS; r++)
        if (b->rooms[r] > 5)
            return false;
    return b->weather < WEATHERS && b->weather_turns <= (b->weather ? 8 : 0) && b->terrain < TERRAINS &&
           b->terrain_turns <= 8 && !b->terrain == !b->terrain_turns && b->echo <= 5 && b->terms <= 31 &&
           b->last_z <= 1 && b->last_move <= dex->moves_n && b->last_success <= dex->moves_n &&
           maker_good(b, b->weather_by) && maker_good(b, b->magic_by);
}

/* Who is out knows whom of the other side it looks at. */
static bool aim_good(const struct battle_active *on, const struct battle_side *foe)
{
    return (on->hit_by == 0xff || on->hit_by < foe->size) && (on->gone & GONE_AIM) >> 3 < foe->size;
}

bool battle_good(struct battle *b, const struct dex *dex)
{
    if (b->data != dex->fingerprint || b->turn > dex->turn_cap || (!b->turn && b->phase == BATTLE_CHOOSING))
        return false;
    const bool ended = b->phase == BATTLE_ENDED;
    for (int i = 0; i < 2; i++)
        if (!side_good(dex, &b->sides[i], ended))
            return false;
    for (int i = 0; i < 2; i++) /* now that sizes are sound */
        if (!clauses_good(&b->sides[i], b->clauses) || !waiting_good(dex, &b->sides[i], &b->sides[!i]) ||
            !aim_good(&b->sides[i].on, &b->sides[!i]))
            return false;
    return field_good(b, dex) && phase_good(b, dex);
}

/* ------------------------------------------------------------------------------------------------- known --- */

/* Moves stand in the order of their numbers, and behind them nothing. */
static bool moves_rise(const struct battle_seen *r)
{
    for (int i = 1; i < BATTLE_MOVES; i++)
        if (r->moves[i] && r->moves[i] <= r->moves[i - 1])
            return false;
        else if (r->moves[i] && !r->moves[i - 1])
            return false;
    return true;
}

static bool record_good(const struct dex *dex, const struct battle_seen *r)
{
    return moves_good(dex, r->moves) && r->ability <= dex->abilities_n && r->item <= dex->items_n &&
           !(r->flags & ~SEEN_FLAGS) && r->hp <= 100 && r->level <= 100 && r->status < STATUSES && r->tera < TYPES &&
           (r->flags & SEEN_ABILITY || !r->ability) && (r->flags & SEEN_ITEM || !r->item) && moves_rise(r);
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
