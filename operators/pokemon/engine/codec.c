/*
 * codec.c - a battle as canonical bytes, and back from bytes that nobody vouches for.
 *
 * The fields of the structs are listed once, in tables; padding is never written.  Decoding checks whatever the
 * engine relies on, so accepted bytes can be played on without harm.
 */
#include "engine.h"

struct field {
    uint16_t offset, count;
    uint8_t size; /* of one */
};

#define AT(type, name) offsetof(struct type, name)
#define ONE(type, name)                                                                                                \
    {                                                                                                                  \
        AT(type, name), 1, sizeof(((struct type *)0)->name)                                                            \
    }
#define MANY(type, name)                                                                                               \
    {                                                                                                                  \
        AT(type, name), sizeof(((struct type *)0)->name) / sizeof(((struct type *)0)->name[0]),                        \
            sizeof(((struct type *)0)->name[0])                                                                        \
    }

static const struct field mon_fields[] = {
    ONE(battle_mon, ivs),       ONE(battle_mon, species),       ONE(battle_mon, hp),
    ONE(battle_mon, hp_max),    ONE(battle_mon, first_species), MANY(battle_mon, moves),
    ONE(battle_mon, ability),   ONE(battle_mon, item),          ONE(battle_mon, last_item),
    ONE(battle_mon, flags),     MANY(battle_mon, evs),          MANY(battle_mon, pp),
    ONE(battle_mon, level),     ONE(battle_mon, gender),        ONE(battle_mon, nature),
    ONE(battle_mon, tera),      ONE(battle_mon, status),        ONE(battle_mon, status_n),
    ONE(battle_mon, times_hit), MANY(battle_mon, stellar_used)};

static const struct field active_fields[] = {MANY(battle_active, volatiles),
                                             ONE(battle_active, species),
                                             ONE(battle_active, ability),
                                             MANY(battle_active, stats),
                                             MANY(battle_active, moves),
                                             ONE(battle_active, weight),
                                             ONE(battle_active, flags),
                                             ONE(battle_active, lock_move),
                                             ONE(battle_active, charge_move),
                                             ONE(battle_active, choice_move),
                                             ONE(battle_active, encore_move),
                                             ONE(battle_active, disable_move),
                                             ONE(battle_active, bound_move),
                                             ONE(battle_active, metronome_move),
                                             ONE(battle_active, last_move),
                                             ONE(battle_active, last_type),
                                             ONE(battle_active, moved),
                                             ONE(battle_active, substitute),
                                             ONE(battle_active, hurt_hp),
                                             ONE(battle_active, hit_damage),
                                             ONE(battle_active, counter_damage),
                                             MANY(battle_active, boosts),
                                             MANY(battle_active, foe_raised),
                                             ONE(battle_active, illusion),
                                             MANY(battle_active, turns),
                                             MANY(battle_active, pp),
                                             MANY(battle_active, types),
                                             MANY(battle_active, types_shown),
                                             ONE(battle_active, type_added),
                                             ONE(battle_active, confusion),
                                             ONE(battle_active, rampage),
                                             ONE(battle_active, stall),
                                             ONE(battle_active, active_turns),
                                             ONE(battle_active, move_actions),
                                             ONE(battle_active, ability_n),
                                             ONE(battle_active, item_n),
                                             MANY(battle_active, herb),
                                             ONE(battle_active, best_stat),
                                             ONE(battle_active, stockpile),
                                             ONE(battle_active, stockpile_def),
                                             ONE(battle_active, stockpile_spd),
                                             ONE(battle_active, in_a_row),
                                             ONE(battle_active, ally_switch),
                                             ONE(battle_active, metronome),
                                             ONE(battle_active, hit_by),
                                             ONE(battle_active, result),
                                             ONE(battle_active, result_before),
                                             ONE(battle_active, used),
                                             ONE(battle_active, slots),
                                             ONE(battle_active, marks),
                                             ONE(battle_active, gone)};

static const struct field side_fields[] = {
    ONE(battle_side, choices),     ONE(battle_side, choices_high),  ONE(battle_side, size),
    ONE(battle_side, active),      ONE(battle_side, queued),        ONE(battle_side, queued_fraction),
    ONE(battle_side, once),        ONE(battle_side, fainted_turns), ONE(battle_side, fainted),
    MANY(battle_side, turns),      MANY(battle_side, hazards),      ONE(battle_side, waiting),
    ONE(battle_side, waiting_by),  ONE(battle_side, replacing),     ONE(battle_side, wish_hp),
    ONE(battle_side, future_move), ONE(battle_side, pivot_move),    MANY(battle_side, standing),
    ONE(battle_side, longer)};

static const struct field battle_fields[] = {
    ONE(battle, rng),           ONE(battle, data),     ONE(battle, turn),          ONE(battle, last_move),
    ONE(battle, last_success),  ONE(battle, phase),    ONE(battle, winner),        ONE(battle, weather),
    ONE(battle, weather_turns), ONE(battle, terrain),  ONE(battle, terrain_turns), MANY(battle, rooms),
    ONE(battle, echo),          ONE(battle, magic_by), ONE(battle, weather_by),    ONE(battle, terms),
    ONE(battle, last_z)};

#define COUNT(list) (sizeof(list) / sizeof *(list))

struct io {
    uint8_t *out;
    const uint8_t *in, *end;
    bool bad;
};

static uint64_t get(struct io *io, unsigned size)
{
    uint64_t v = 0;
    if ((size_t)(io->end - io->in) < size) {
        io->bad = true;
        return 0;
    }
    for (unsigned i = 0; i < size; i++)
        v |= (uint64_t)*io->in++ << (8 * i);
    return v;
}

static uint64_t load(const void *p, unsigned size)
{
    switch (size) {
    case 1: return *(const uint8_t *)p;
    case 2: return *(const uint16_t *)p;
    case 4: return *(const uint32_t *)p;
    default: return *(const uint64_t *)p;
    }
}

static void store(void *p, unsigned size, uint64_t v)
{
    switch (size) {
    case 1: *(uint8_t *)p = (uint8_t)v; break;
    case 2: *(uint16_t *)p = (uint16_t)v; break;
    case 4: *(uint32_t *)p = (uint32_t)v; break;
    default: *(uint64_t *)p = v; break;
    }
}

static void io_fields(struct io *io, void *base, const struct field *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (unsigned k = 0; k < list[i].count; k++) {
            void *p = (char *)base + list[i].offset + (size_t)k * list[i].size;
            if (!io->out) {
                store(p, list[i].size, get(io, list[i].size));
                continue;
            }
            const uint64_t v = load(p, list[i].size);
            for (unsigned byte = 0; byte < list[i].size; byte++)
                *io->out++ = (uint8_t)(v >> (8 * byte));
        }
}

static void io_battle(struct io *io, struct battle *b)
{
    io_fields(io, b, battle_fields, COUNT(battle_fields));
    for (int i = 0; i < 2; i++) {
        struct battle_side *s = &b->sides[i];
        io_fields(io, s, side_fields, COUNT(side_fields));
        io_fields(io, &s->on, active_fields, COUNT(active_fields));
        for (int j = 0; j < s->size && j < BATTLE_PARTY; j++)
            io_fields(io, &s->party[j], mon_fields, COUNT(mon_fields));
    }
}

size_t battle_encode(const struct battle *b, uint8_t *out)
{
    struct io io = {.out = out};
    io_battle(&io, (struct battle *)b); /* only read, as there is an out */
    return (size_t)(io.out - out);
}

uint64_t battle_digest(const struct battle *b)
{
    uint8_t bytes[BATTLE_ENCODED_MAX];
    struct battle nameless = *b;
    nameless.data = 0;
    const size_t n = battle_encode(&nameless, bytes);
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ bytes[i]) * 1099511628211u;
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBu;
    return h ^ (h >> 31);
}

/* ------------------------------------------------------------------------------------------------- checks --- */

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
           (m->hp || !m->status) && (!m->hp == !!(m->flags & MON_FAINT_TOLD)) && !(m->flags & ~MON_FLAGS) &&
           (dex->mega || !(m->flags & MON_MAY_MEGA)) && (m->status == STATUS_SLP || !(m->flags & MON_PUT_TO_SLEEP));
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
    for (size_t i = 0; i < COUNT(moves); i++)
        if (moves[i] > dex->moves_n)
            return false;
    for (int i = 0; i < STAGES; i++)
        if (on->boosts[i] < -6 || on->boosts[i] > 6 || !rise_good(on->foe_raised[i]) || !rise_good(on->herb[i]))
            return false;
    for (int i = 0; i < 5; i++)
        if (on->stats[i] > 5000)
            return false;
    return on->stall <= 6 && on->ally_switch <= 6 && on->stockpile <= 3 && on->stockpile_def <= 3 &&
           on->stockpile_spd <= 3 && on->fury <= 4 && on->rollout <= 8 && on->metronome <= 100 &&
           on->result <= MOVE_FAILED && on->result_before <= MOVE_FAILED;
}

static bool has_bit(const struct battle_active *on, unsigned v)
{
    return on->volatiles[v / 64] >> (v % 64) & 1;
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

static bool side_good(const struct dex *dex, const struct battle_side *s)
{
    if (s->size < 1 || s->size > BATTLE_PARTY || s->active >= s->size || s->once > ONCE_ALL || s->waiting >> 6 ||
        s->fainted > 100 || s->fainted_turns > 3 || s->queued_fraction < -1 || s->queued_fraction > 1)
        return false;
    for (int i = 0; i < s->size; i++)
        if (!mon_good(dex, &s->party[i]))
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

int battle_decode(struct battle *b, const struct dex *dex, const uint8_t *bytes, size_t len)
{
    memset(b, 0, sizeof *b);
    struct io io = {.in = bytes, .end = bytes + len};
    io_battle(&io, b);
    b->contents = dex->contents;
    if (io.bad || io.in != io.end || b->data != dex->fingerprint || b->turn > dex->turn_cap || b->weather >= WEATHERS ||
        b->weather_turns > 8 || b->terrain >= TERRAINS || b->terrain_turns > 8 || b->echo > 5 || b->terms > 15 ||
        b->last_move > dex->moves_n || b->last_success > dex->moves_n)
        return -1;
    for (int r = 0; r < ROOMS; r++)
        if (b->rooms[r] > 5)
            return -1;
    return side_good(dex, &b->sides[0]) && side_good(dex, &b->sides[1]) && phase_good(b, dex) ? 0 : -1;
}

/* ------------------------------------------------------------------------------------------------- known --- */

static const struct field seen_fields[] = {MANY(battle_seen, moves), ONE(battle_seen, ability), ONE(battle_seen, item),
                                           ONE(battle_seen, order),  ONE(battle_seen, flags),   ONE(battle_seen, hp),
                                           ONE(battle_seen, level),  ONE(battle_seen, status),  ONE(battle_seen, tera)};

static const struct field known_fields[] = {ONE(battle_known_side, front), ONE(battle_known_side, told)};

static void io_known(struct io *io, struct battle_known *known)
{
    for (int i = 0; i < 2; i++) {
        struct battle_known_side *k = &known->sides[i];
        io_fields(io, k, known_fields, COUNT(known_fields));
        io_fields(io, &k->before, seen_fields, COUNT(seen_fields));
        for (int j = 0; j < BATTLE_PARTY; j++)
            io_fields(io, &k->seen[j], seen_fields, COUNT(seen_fields));
    }
}

void battle_known_encode(const struct battle_known *known, uint8_t out[BATTLE_KNOWN_BYTES])
{
    struct io io = {.out = out};
    io_known(&io, (struct battle_known *)known); /* only read: in is NULL */
}

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

int battle_known_decode(struct battle_known *known, const struct battle *b, const struct dex *dex,
                        const uint8_t bytes[BATTLE_KNOWN_BYTES])
{
    struct io io = {.in = bytes, .end = bytes + BATTLE_KNOWN_BYTES};
    memset(known, 0, sizeof *known);
    io_known(&io, known);
    return seen_good(dex, &b->sides[0], &known->sides[0]) && seen_good(dex, &b->sides[1], &known->sides[1]) ? 0 : -1;
}
