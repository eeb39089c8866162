/*
 * codec.c - a battle as canonical bytes, and back from bytes that nobody vouches for.
 *
 * The fields of the structs are listed once, in tables, in the order of the bytes; padding is never written.  The
 * bytes are those of wire.h: they stay as they are, however the structs and enums change.  What is read is checked by
 * accept.c, so accepted bytes can be played on without harm.
 */
#include "engine.h"
#include "wire.h"

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

static const struct field active_first[] = {
    ONE(battle_active, species),        ONE(battle_active, ability),        MANY(battle_active, stats),
    MANY(battle_active, moves),         ONE(battle_active, weight),         ONE(battle_active, flags),
    ONE(battle_active, lock_move),      ONE(battle_active, charge_move),    ONE(battle_active, choice_move),
    ONE(battle_active, encore_move),    ONE(battle_active, disable_move),   ONE(battle_active, bound_move),
    ONE(battle_active, metronome_move), ONE(battle_active, last_move),      ONE(battle_active, last_type),
    ONE(battle_active, moved),          ONE(battle_active, substitute),     ONE(battle_active, hurt_hp),
    ONE(battle_active, hit_damage),     ONE(battle_active, counter_damage), MANY(battle_active, boosts),
    MANY(battle_active, foe_raised),    ONE(battle_active, illusion)};

static const struct field active_then[] = {
    MANY(battle_active, pp),        MANY(battle_active, types),       MANY(battle_active, types_shown),
    ONE(battle_active, type_added), ONE(battle_active, confusion),    ONE(battle_active, rampage),
    ONE(battle_active, stall),      ONE(battle_active, active_turns), ONE(battle_active, move_actions),
    ONE(battle_active, ability_n),  ONE(battle_active, item_n),       MANY(battle_active, herb),
    ONE(battle_active, best_stat),  ONE(battle_active, stockpile),    ONE(battle_active, stockpile_def)};

static const struct field active_last[] = {
    ONE(battle_active, ally_switch), ONE(battle_active, metronome),     ONE(battle_active, hit_by),
    ONE(battle_active, result),      ONE(battle_active, result_before), ONE(battle_active, used),
    ONE(battle_active, slots),       ONE(battle_active, marks),         ONE(battle_active, gone)};

static const struct field side_first[] = {
    ONE(battle_side, choices), ONE(battle_side, choices_high),  ONE(battle_side, size),
    ONE(battle_side, active),  ONE(battle_side, queued),        ONE(battle_side, queued_fraction),
    ONE(battle_side, once),    ONE(battle_side, fainted_turns), ONE(battle_side, fainted)};

static const struct field side_last[] = {ONE(battle_side, wish_hp), ONE(battle_side, future_move),
                                         ONE(battle_side, pivot_move), MANY(battle_side, standing),
                                         ONE(battle_side, longer)};

static const struct field battle_first[] = {
    ONE(battle, rng),           ONE(battle, data),    ONE(battle, turn),         ONE(battle, last_move),
    ONE(battle, last_success),  ONE(battle, phase),   ONE(battle, winner),       ONE(battle, weather),
    ONE(battle, weather_turns), ONE(battle, terrain), ONE(battle, terrain_turns)};

static const struct field battle_last[] = {ONE(battle, echo), ONE(battle, magic_by), ONE(battle, weather_by),
                                           ONE(battle, terms), ONE(battle, last_z)};

#define COUNT(list) (sizeof(list) / sizeof *(list))

struct io {
    uint8_t *out;
    const uint8_t *in, *end;
    bool bad;
};

/* n bytes as they are. */
static void io_bytes(struct io *io, uint8_t *p, size_t n)
{
    if (io->out) {
        memcpy(io->out, p, n);
        io->out += n;
        return;
    }
    if ((size_t)(io->end - io->in) < n) {
        io->bad = true;
        return;
    }
    memcpy(p, io->in, n);
    io->in += n;
}

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

static void put(struct io *io, unsigned size, uint64_t v)
{
    for (unsigned i = 0; i < size; i++)
        *io->out++ = (uint8_t)(v >> (8 * i));
}

static uint64_t load(const void *p, unsigned size)
{
    switch (size) {
    case 2: return *(const uint16_t *)p;
    case 4: return *(const uint32_t *)p;
    default: return *(const uint64_t *)p;
    }
}

static void store(void *p, unsigned size, uint64_t v)
{
    switch (size) {
    case 2: *(uint16_t *)p = (uint16_t)v; break;
    case 4: *(uint32_t *)p = (uint32_t)v; break;
    default: *(uint64_t *)p = v; break;
    }
}

/* Where the lowest byte is first in memory as in the bytes, a field needs no turning. */
static const bool as_they_are = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

static void io_field(struct io *io, char *p, const struct field *f)
{
    for (unsigned k = 0; k < f->count; k++, p += f->size) {
        if (f->size == 1)
            io_bytes(io, (uint8_t *)p, 1);
        else if (io->out)
            put(io, f->size, load(p, f->size));
        else
            store(p, f->size, get(io, f->size));
    }
}

/* Fields that follow each other in memory, too, go at once: most do. */
static void io_fields(struct io *io, void *base, const struct field *list, size_t n)
{
    const struct field *f = list, *const end = list + n;
    while (f < end) {
        char *p = (char *)base + f->offset;
        unsigned upto = f->offset + (unsigned)f->count * f->size;
        if (!as_they_are) {
            io_field(io, p, f++);
            continue;
        }
        const unsigned from = f->offset;
        for (f++; f < end && f->offset == upto; f++)
            upto += (unsigned)f->count * f->size;
        io_bytes(io, (uint8_t *)p, upto - from);
    }
}

/* ------------------------------------------------------------------------------------------------ conditions --- */

/* From places in the bytes to those in memory, and back: 1 + the place, 0 for what came later. */
#define TO_VOLATILE(name) VOL_##name,
#define TO_SIDE(name) SIDE_##name,
#define TO_ROOM(name) ROOM_##name,
#define FROM_VOLATILE(name) [VOL_##name] = 1 + WIRE_VOL_##name,
#define FROM_SIDE(name) [SIDE_##name] = 1 + WIRE_SIDE_##name,
static const uint8_t volatile_at[] = {WIRE_VOLATILES_TIMED(TO_VOLATILE) WIRE_VOLATILES_OTHER(TO_VOLATILE)};
static const uint8_t side_at[] = {WIRE_SIDES(TO_SIDE)};
static const uint8_t room_at[] = {WIRE_ROOMS(TO_ROOM)};
static const uint8_t volatile_to[VOLATILES] = {WIRE_VOLATILES_TIMED(FROM_VOLATILE) WIRE_VOLATILES_OTHER(FROM_VOLATILE)};
static const uint8_t side_to[SIDE_CONDITIONS] = {WIRE_SIDES(FROM_SIDE)};

/* Those among turns that come first in the bytes: at[i] is where the i-th of them is in memory. */
static void io_turns(struct io *io, uint8_t *turns, const uint8_t *at, unsigned n)
{
    uint8_t bytes[WIRE_TIMED];
    if (io->out) {
        for (unsigned i = 0; i < n; i++)
            *io->out++ = turns[at[i]];
        return;
    }
    memset(bytes, 0, sizeof bytes);
    io_bytes(io, bytes, n);
    for (unsigned i = 0; i < n; i++)
        turns[at[i]] = bytes[i];
}

static void put_volatiles(struct io *io, const uint64_t volatiles[2])
{
    uint64_t bits[2] = {0, 0};
    for (unsigned w = 0; w < 2; w++)
        for (uint64_t left = volatiles[w]; left; left &= left - 1) {
            const unsigned to = volatile_to[64 * w + (unsigned)__builtin_ctzll(left)];
            if (to)
                bits[(to - 1) / 64] |= 1ull << ((to - 1) % 64);
        }
    put(io, 8, bits[0]);
    put(io, 8, bits[1]);
}

static void get_volatiles(struct io *io, uint64_t volatiles[2])
{
    uint64_t bits[2];
    for (unsigned w = 0; w < 2; w++)
        bits[w] = get(io, 8);
    if (bits[1] >> (WIRE_VOLATILES - 64)) {
        io->bad = true;
        return;
    }
    for (unsigned w = 0; w < 2; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            const unsigned v = volatile_at[64 * w + (unsigned)__builtin_ctzll(left)];
            volatiles[v / 64] |= 1ull << (v % 64);
        }
}

/* The order in which hazards came. */
static void io_hazards(struct io *io, uint8_t hazards[SIDE_CONDITIONS - SIDE_HAZARDS])
{
    for (unsigned k = 0; k < SIDE_CONDITIONS - SIDE_HAZARDS; k++) {
        if (io->out) {
            *io->out++ = hazards[k] ? side_to[hazards[k] - 1] : 0;
            continue;
        }
        const unsigned to = (unsigned)get(io, 1);
        io->bad |= to > WIRE_SIDE_CONDITIONS;
        hazards[k] = to && !io->bad ? (uint8_t)(1 + side_at[to - 1]) : 0;
    }
}

/* ---------------------------------------------------------------------------------------- parts of one byte --- */

/* In memory they share a byte, in the bytes each has its own. */
static void io_in_a_row(struct io *io, struct battle_active *on)
{
    uint8_t bytes[3] = {on->stockpile_spd, on->rollout, on->fury};
    io_bytes(io, bytes, sizeof bytes);
    if (io->out)
        return;
    io->bad |= bytes[0] > 3 || bytes[1] > 15 || bytes[2] > 15;
    on->stockpile_spd = bytes[0] & 3;
    on->rollout = bytes[1] & 15;
    on->fury = bytes[2] & 15;
}

static void io_waiting(struct io *io, struct battle_side *s)
{
    uint8_t bytes[6] = {s->wish_turns, s->future_turns, s->wish_by, s->future_by, s->replacing, s->pivot};
    io_bytes(io, bytes, sizeof bytes);
    if (io->out)
        return;
    io->bad |= bytes[0] > 3 || bytes[1] > 3 || bytes[2] > 15 || bytes[3] > 15 || bytes[5] > 3;
    s->wish_turns = bytes[0] & 3;
    s->future_turns = bytes[1] & 3;
    s->wish_by = bytes[2] & 15;
    s->future_by = bytes[3] & 15;
    s->replacing = bytes[4];
    s->pivot = bytes[5] & 3;
}

/* ------------------------------------------------------------------------------------------- what came later --- */

enum kind { KIND_VOLATILE, KIND_TURNS, KIND_SIDE, KIND_ROOM, KIND_LOOKS, KIND_ORDER };

#define LATER_VOLATILE(name) {KIND_VOLATILE, VOL_##name},
#define LATER_TURNS(name) {KIND_TURNS, VOL_##name},
#define LATER_SIDE(name) {KIND_SIDE, SIDE_##name},
#define LATER_ROOM(name) {KIND_ROOM, ROOM_##name},
#define LATER_LOOKS(slot) {KIND_LOOKS, slot},
#define LATER_ORDER(name) {KIND_ORDER, 0},
static const struct later {
    uint8_t kind, at; /* in memory */
} later[] = {LATER(LATER_VOLATILE, LATER_TURNS, LATER_SIDE, LATER_ROOM, LATER_LOOKS, LATER_ORDER)};

enum { ENTRY = 3, FIELD = 0 /* where; 1 + side */, CLOSED_MOST = 1011 /* bytes before the extension, at most */ };
_Static_assert(CLOSED_MOST + 2 * ENTRY * LATER_N <= BATTLE_ENCODED_MAX, "all of LATER on both sides has room");

static uint8_t later_value(const struct battle *b, unsigned where, const struct later *l)
{
    if ((l->kind == KIND_ROOM) != (where == FIELD))
        return 0;
    const struct battle_side *s = &b->sides[where ? where - 1 : 0];
    switch (l->kind) {
    case KIND_VOLATILE: return s->on.volatiles[l->at / 64] >> (l->at % 64) & 1;
    case KIND_TURNS: return s->on.turns[l->at];
    case KIND_SIDE: return s->turns[l->at];
    case KIND_LOOKS: return s->party[l->at].flags & MON_LOOKS;
    case KIND_ORDER: return s->on.before_syrup;
    default: return b->rooms[l->at];
    }
}

static bool later_set(struct battle *b, unsigned where, const struct later *l, uint8_t value)
{
    if (!value || (l->kind == KIND_ROOM) != (where == FIELD))
        return false;
    struct battle_side *s = &b->sides[where ? where - 1 : 0];
    switch (l->kind) {
    case KIND_VOLATILE: s->on.volatiles[l->at / 64] |= 1ull << (l->at % 64); return value == 1;
    case KIND_TURNS: s->on.turns[l->at] = value; return true;
    case KIND_SIDE: s->turns[l->at] = value; return true;
    case KIND_LOOKS: s->party[l->at].flags |= value & MON_LOOKS; return value <= BATTLE_PARTY && l->at < s->size;
    case KIND_ORDER: s->on.before_syrup = value & 3; return value <= 3;
    default: b->rooms[l->at] = value; return true;
    }
}

static void put_later(struct io *io, const struct battle *b)
{
    for (unsigned where = FIELD; where <= 2; where++)
        for (unsigned k = 0; k < LATER_N; k++) {
            const uint8_t value = later_value(b, where, &later[k]);
            if (!value)
                continue;
            *io->out++ = (uint8_t)where;
            *io->out++ = (uint8_t)k;
            *io->out++ = value;
        }
}

/* Entries rise, and none says nothing, so there is one way only to write a battle. */
static void get_later(struct io *io, struct battle *b)
{
    int last = -1;
    while (io->in != io->end && !io->bad) {
        uint8_t entry[ENTRY] = {0};
        io_bytes(io, entry, ENTRY);
        const int place = entry[0] << 8 | entry[1];
        if (io->bad || entry[0] > 2 || entry[1] >= LATER_N || place <= last ||
            !later_set(b, entry[0], &later[entry[1]], entry[2]))
            io->bad = true;
        last = place;
    }
}

/* ----------------------------------------------------------------------------------------------- the battle --- */

static void io_active(struct io *io, struct battle_active *on)
{
    if (io->out)
        put_volatiles(io, on->volatiles);
    else
        get_volatiles(io, on->volatiles);
    io_fields(io, on, active_first, COUNT(active_first));
    io_turns(io, on->turns, volatile_at, WIRE_TIMED);
    io_fields(io, on, active_then, COUNT(active_then));
    io_in_a_row(io, on);
    io_fields(io, on, active_last, COUNT(active_last));
}

/* Looks that it keeps on the bench came later. */
static void io_mon(struct io *io, struct battle_mon *m)
{
    struct battle_mon plain = *m;
    plain.flags &= (uint16_t)~MON_LOOKS;
    io_fields(io, io->out ? &plain : m, mon_fields, COUNT(mon_fields));
    io->bad |= !io->out && m->flags & MON_LOOKS;
}

static void io_side(struct io *io, struct battle_side *s)
{
    io_fields(io, s, side_first, COUNT(side_first));
    io_turns(io, s->turns, side_at, WIRE_SIDE_CONDITIONS);
    io_hazards(io, s->hazards);
    io_waiting(io, s);
    io_fields(io, s, side_last, COUNT(side_last));
    io_active(io, &s->on);
    for (int j = 0; j < s->size && j < BATTLE_PARTY; j++)
        io_mon(io, &s->party[j]);
}

static void io_battle(struct io *io, struct battle *b)
{
    io_fields(io, b, battle_first, COUNT(battle_first));
    io_turns(io, b->rooms, room_at, WIRE_ROOMS_N);
    io_fields(io, b, battle_last, COUNT(battle_last));
    io_side(io, &b->sides[0]);
    io_side(io, &b->sides[1]);
}

size_t battle_encode(const struct battle *b, uint8_t *out)
{
    struct io io = {.out = out};
    io_battle(&io, (struct battle *)b); /* only read, as there is an out */
    put_later(&io, b);
    return (size_t)(io.out - out);
}

uint64_t battle_digest(const struct battle *b)
{
    enum { DATA = sizeof b->rng }; /* where the data version stands in the bytes */
    uint8_t bytes[BATTLE_ENCODED_MAX];
    const size_t n = battle_encode(b, bytes);
    memset(bytes + DATA, 0, sizeof b->data);
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ bytes[i]) * 1099511628211u;
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBu;
    return h ^ (h >> 31);
}

int battle_decode(struct battle *b, const struct dex *dex, const uint8_t *bytes, size_t len)
{
    memset(b, 0, sizeof *b);
    struct io io = {.in = bytes, .end = bytes + len};
    io_battle(&io, b);
    get_later(&io, b);
    b->contents = dex->contents;
    return !io.bad && battle_good(b, dex) ? 0 : -1;
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

int battle_known_decode(struct battle_known *known, const struct battle *b, const struct dex *dex,
                        const uint8_t bytes[BATTLE_KNOWN_BYTES])
{
    struct io io = {.in = bytes, .end = bytes + BATTLE_KNOWN_BYTES};
    memset(known, 0, sizeof *known);
    io_known(&io, known);
    return !io.bad && battle_known_good(known, b, dex) ? 0 : -1;
}
