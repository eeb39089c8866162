/*
 * codec.c - a battle as bytes, and back only if it is one that can go on.
 *
 * The bytes are little-endian and hold just what differs between battles; what the struct reserves is not
 * written and reads as 0.  One pair of functions moves the fields in both directions (see io), so writer and
 * reader cannot disagree.  decode() trusts nobody: after the reading, check() asks of every field what the engine
 * takes for granted of it - an index in its table, a counter with its condition - so that hostile bytes are
 * refused or harmless.
 */
#include "internal.h"

enum { CODEC_MAGIC = 0xb1, CODEC_FORMAT = 1 };

struct io {
    uint8_t *out;      /* writing: here */
    const uint8_t *in; /* reading: from here, up to end */
    const uint8_t *end;
    bool bad;
};

static void io_bytes(struct io *io, void *value, size_t n)
{ /* n equal single bytes */
    if (io->out) {
        memcpy(io->out, value, n);
        io->out += n;
    } else if ((size_t)(io->end - io->in) < n) {
        io->bad = true;
    } else {
        memcpy(value, io->in, n);
        io->in += n;
    }
}

static uint64_t io_number(struct io *io, uint64_t value, unsigned n)
{
    uint8_t bytes[8] = {0};
    for (unsigned i = 0; i < n; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    io_bytes(io, bytes, n);
    for (value = 0; n--;)
        value = value << 8 | bytes[n];
    return value;
}

#define IO8(field) (field) = (uint8_t)io_number(io, (field), 1)
#define IO16(field) (field) = (uint16_t)io_number(io, (field), 2)
#define IO32(field) (field) = (uint32_t)io_number(io, (field), 4)

static void io_mon(struct io *io, struct battle_mon *m)
{
    IO16(m->species);
    IO16(m->hp);
    IO16(m->hp_max);
    for (int i = 0; i < 5; i++)
        IO16(m->stats[i]);
    for (int i = 0; i < BATTLE_MOVES; i++) {
        IO16(m->moves[i]);
        IO8(m->pp[i]);
    }
    IO8(m->level);
    IO8(m->gender);
    IO8(m->nature);
    IO8(m->status);
    IO8(m->status_n);
    IO8(m->seen);
    IO8(m->revealed);
}

static void io_active(struct io *io, struct battle_active *on)
{
    io_bytes(io, on->boosts, STAGES);
    IO8(on->confusion);
    IO8(on->bound);
    IO8(on->rampage);
    IO8(on->rampage_fresh);
    IO8(on->stall);
    IO8(on->stall_turns);
    IO8(on->acted);
    IO8(on->arrived);
    IO8(on->taunt);
    IO8(on->yawn);
    IO8(on->throat);
    IO8(on->focus);
    IO8(on->hurt);
    IO8(on->hurt_by_foe);
    IO16(on->bound_by);
    IO16(on->lock_move);
    IO16(on->substitute);
    IO32(on->volatiles);
}

static void io_battle(struct io *io, struct battle *b)
{
    uint8_t magic = CODEC_MAGIC, format = CODEC_FORMAT;
    IO8(magic);
    IO8(format);
    io->bad |= magic != CODEC_MAGIC || format != CODEC_FORMAT;
    b->rng = io_number(io, b->rng, 8);
    IO16(b->turn);
    IO8(b->phase);
    IO8(b->winner);
    IO8(b->weather);
    IO8(b->weather_turns);
    IO8(b->trick_room);
    for (int i = 0; i < 2; i++) {
        struct battle_side *s = &b->sides[i];
        IO8(s->size);
        IO8(s->active);
        IO8(s->asked);
        IO8(s->queued);
        io_bytes(io, s->conditions, SIDE_CONDITIONS);
        io_bytes(io, s->hazards, 3);
        io_active(io, &s->on);
        for (int j = 0; j < s->size && j < BATTLE_PARTY; j++)
            io_mon(io, &s->party[j]);
    }
}

size_t battle_encode(const struct battle *b, uint8_t *out)
{
    struct battle copy = *b;
    struct io io = {.out = out};
    io_battle(&io, &copy);
    return (size_t)(io.out - out);
}

uint64_t battle_digest(const struct battle *b)
{
    uint8_t bytes[BATTLE_ENCODED_MAX];
    size_t n = battle_encode(b, bytes);
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ bytes[i]) * 1099511628211u;
    return rng_next(&h);
}

/* -------------------------------------------------------------------------------------------------- checks --- */

static bool check_moves(const struct dex *dex, const struct battle_mon *m)
{
    for (int i = 0; i < BATTLE_MOVES; i++) {
        if (m->moves[i] > dex->moves_n || m->pp[i] > dex->moves[m->moves[i]].pp)
            return false;
        if (!m->moves[i] && (m->revealed >> i & 1 || i == 0))
            return false;
        for (int j = 0; j < i; j++)
            if (m->moves[i] && (m->moves[i] == m->moves[j] || !m->moves[j]))
                return false;
    }
    return m->revealed < 1 << BATTLE_MOVES;
}

static bool check_mon(const struct dex *dex, const struct battle_mon *m)
{
    if (!m->species || m->species > dex->species_n || !m->hp_max || m->hp_max > 999 || m->hp > m->hp_max)
        return false;
    for (int i = 0; i < 5; i++)
        if (!m->stats[i] || m->stats[i] > 999)
            return false;
    if (m->level < 1 || m->level > 100 || m->gender > GENDER_FEMALE || m->nature > 24 || m->seen > 1)
        return false;
    if (m->status >= STATUSES || (m->status && !m->hp))
        return false;
    const unsigned least = m->status == STATUS_SLP, most = m->status == STATUS_SLP   ? 4
                                                           : m->status == STATUS_TOX ? 15
                                                                                     : 0;
    return m->status_n >= least && m->status_n <= most && check_moves(dex, m);
}

static bool knows(const struct battle_mon *m, unsigned move)
{
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (move && m->moves[i] == move)
            return true;
    return false;
}

/* A counter is within 1..most if the condition is there, and 0 if not. */
static bool counter(const struct battle_side *s, enum battle_volatile v, unsigned value, unsigned most)
{
    return has(s, v) ? value >= 1 && value <= most : value == 0;
}

static bool check_lock(const struct dex *dex, const struct battle_side *s, const struct battle_mon *m)
{
    const int locks = has(s, VOL_CHARGING) + has(s, VOL_RAMPAGE) + has(s, VOL_RECHARGE);
    const unsigned move = s->on.lock_move;
    if (locks > 1)
        return false;
    if (!has(s, VOL_CHARGING) && !has(s, VOL_RAMPAGE))
        return !move;
    if (!knows(m, move))
        return false;
    return dex->moves[move].flags & (has(s, VOL_CHARGING) ? MF_CHARGE : MF_RAMPAGE);
}

static bool check_active(const struct dex *dex, const struct battle_side *s)
{
    static const struct battle_active nothing;
    const struct battle_active *on = &s->on;
    const struct battle_mon *m = &s->party[s->active];
    if (!m->seen)
        return false;
    if (!m->hp)
        return !memcmp(on, &nothing, sizeof nothing);
    for (int i = 0; i < STAGES; i++)
        if (on->boosts[i] < -6 || on->boosts[i] > 6)
            return false;
    if (on->volatiles >> VOLATILES || on->rampage_fresh > has(s, VOL_RAMPAGE) || on->acted > 2 || on->arrived > 1)
        return false;
    if (on->stall > 6 || on->stall_turns > 2 || !on->stall != !on->stall_turns)
        return false;
    if (on->focus > 2 || on->hurt > 1 || on->hurt_by_foe > 1 || !counter(s, VOL_TAUNT, on->taunt, 4) ||
        !counter(s, VOL_YAWN, on->yawn, 2) || !counter(s, VOL_THROAT_CHOP, on->throat, 2))
        return false;
    return counter(s, VOL_CONFUSION, on->confusion, 5) && counter(s, VOL_BOUND, on->bound, 6) &&
           counter(s, VOL_BOUND, on->bound_by, dex->moves_n) && counter(s, VOL_RAMPAGE, on->rampage, 3) &&
           counter(s, VOL_SUBSTITUTE, on->substitute, m->hp_max / 4u) && check_lock(dex, s, m);
}

static bool check_conditions(const struct battle_side *s)
{
    static const uint8_t most[SIDE_CONDITIONS] = {5, 5, 5, 5, 4, 3, 2, 1};
    int laid = 0, listed = 0;
    unsigned seen = 0;
    for (int i = 0; i < SIDE_CONDITIONS; i++) {
        if (s->conditions[i] > most[i])
            return false;
        laid += i >= SIDE_HAZARDS && s->conditions[i];
    }
    for (int i = 0; i < 3 && s->hazards[i]; i++, listed++) {
        int k = s->hazards[i] - 1;
        if (k < SIDE_HAZARDS || k >= SIDE_CONDITIONS || !s->conditions[k] || seen >> k & 1)
            return false;
        seen |= 1u << k;
    }
    for (int i = listed; i < 3; i++)
        if (s->hazards[i])
            return false;
    return laid == listed;
}

static bool check_side(const struct dex *dex, const struct battle_side *s)
{
    if (s->size < 1 || s->size > BATTLE_PARTY || s->active >= s->size || s->asked > 1 || !check_conditions(s))
        return false;
    for (int i = 0; i < s->size; i++)
        if (!check_mon(dex, &s->party[i]))
            return false;
    return check_active(dex, s);
}

/* A choice that waits in a halted turn must still be one that can be carried out. */
static bool check_queued(const struct battle_side *s)
{
    const struct battle_mon *m = &s->party[s->active];
    const bool locked = s->on.volatiles & (1u << VOL_RECHARGE | 1u << VOL_CHARGING | 1u << VOL_RAMPAGE);
    if (s->queued == BATTLE_NOTHING_QUEUED)
        return true;
    if (!m->hp || s->queued > BATTLE_CHOICE_FORCED)
        return false;
    if (s->queued == BATTLE_CHOICE_FORCED)
        return locked || !(m->pp[0] | m->pp[1] | m->pp[2] | m->pp[3]);
    return !locked && m->pp[s->queued];
}

static bool check_phase(const struct battle *b)
{
    const struct battle_side *s = b->sides;
    const bool up[2] = {s[0].party[s[0].active].hp, s[1].party[s[1].active].hp};
    const bool idle = s[0].queued == BATTLE_NOTHING_QUEUED && s[1].queued == BATTLE_NOTHING_QUEUED;
    if ((b->phase == BATTLE_ENDED) != (b->winner != BATTLE_UNDECIDED))
        return false;
    if (b->phase != BATTLE_ENDED && (!alive(&s[0]) || !alive(&s[1])))
        return false;
    switch (b->phase) {
    case BATTLE_CHOOSING: return idle && up[0] && up[1] && s[0].asked && s[1].asked;
    case BATTLE_REPLACE: return idle && s[0].asked == !up[0] && s[1].asked == !up[1] && (s[0].asked || s[1].asked);
    case BATTLE_PIVOT: {
        if (s[0].asked + s[1].asked != 1)
            return false;
        const int user = s[1].asked;
        return up[user] && can_switch(&s[user]) && s[user].queued == BATTLE_NOTHING_QUEUED && check_queued(&s[!user]);
    }
    default: return b->phase == BATTLE_ENDED && b->winner <= BATTLE_DRAW && idle && !s[0].asked && !s[1].asked;
    }
}

int battle_decode(struct battle *b, const struct dex *dex, const uint8_t *bytes, size_t len)
{
    memset(b, 0, sizeof *b);
    struct io io = {.in = bytes, .end = bytes + len};
    io_battle(&io, b);
    if (io.bad || io.in != io.end || b->turn < 1 || b->turn > BATTLE_TURN_CAP || b->weather >= WEATHERS ||
        b->weather_turns > 5 || b->trick_room > 5 || !b->weather != !b->weather_turns)
        return -1;
    return check_side(dex, &b->sides[0]) && check_side(dex, &b->sides[1]) && check_phase(b) ? 0 : -1;
}
