/*
 * internal.h - what the engine's own files share.
 *
 * Every random number is drawn by draw() and nowhere else.  Ranges and order of the draws are those of the
 * simulator that players know (Pokemon Showdown, generation 9), so a recorded tape of its draws can be fed
 * in: a build with BATTLE_TAPE takes each draw from battle_tape() instead.
 */
#ifndef BATTLE_INTERNAL_H
#define BATTLE_INTERNAL_H

#include "battle.h"
#include "log.h"

#include <string.h>

enum { NOBODY = 0xff };

struct ctx { /* one call of battle_step() */
    struct battle *b;
    const struct dex *dex;
    struct battle_log *log;
    uint32_t move_event; /* index + 1 of the last EV_MOVE, for marks */
    uint8_t fainted[2];  /* sides whose active Pokémon is at 0 HP, in order; not yet announced */
    uint8_t fainted_n;
    bool pivot[2];   /* a switching move worked: its user goes */
    bool dragged[2]; /* Roar and its kind: the active one is to be replaced by any other */
    bool undecided;  /* somebody fainted since the end was last looked for */
    bool ended;
};

/* Why a number is drawn; tapes and tests look at it. */
enum draw_why {
    DRAW_TIE,
    DRAW_ACCURACY,
    DRAW_HITS,
    DRAW_CRIT,
    DRAW_ROLL,
    DRAW_SELF,
    DRAW_EFFECT,
    DRAW_TRI,
    DRAW_SLEEP,
    DRAW_CONFUSION,
    DRAW_SELF_HIT,
    DRAW_PARALYSIS,
    DRAW_THAW,
    DRAW_BIND,
    DRAW_RAMPAGE,
    DRAW_STALL,
    DRAW_DRAG,
    DRAW_ATTRACT,
    DRAW_SLEEP_TALK,
    DRAW_WHYS
};

#ifdef BATTLE_TAPE
uint32_t battle_tape(uint32_t lo, uint32_t hi, int why);
#endif

/* splitmix64 (Steele, Lea, Flood 2014): one addition and a mix; any 64-bit value is a good state. */
static inline uint64_t rng_next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A number in lo..hi-1.  The bias of the remainder is below 2^-50 for the ranges used here. */
static inline uint32_t draw(struct battle *b, uint32_t lo, uint32_t hi, enum draw_why why)
{
#ifdef BATTLE_TAPE
    (void)b;
    return battle_tape(lo, hi, why);
#else
    (void)why;
    return lo + (uint32_t)(rng_next(&b->rng) % (hi - lo));
#endif
}

static inline struct battle_mon *mon_of(struct battle *b, int side)
{
    return &b->sides[side].party[b->sides[side].active];
}

static inline const struct battle_mon *mon_of_const(const struct battle *b, int side)
{
    return &b->sides[side].party[b->sides[side].active];
}

static inline bool has(const struct battle_side *s, enum battle_volatile v)
{
    return s->on.volatiles >> v & 1;
}

static inline void set_volatile(struct battle_side *s, enum battle_volatile v)
{
    s->on.volatiles |= 1u << v;
}

static inline void drop_volatile(struct battle_side *s, enum battle_volatile v)
{
    s->on.volatiles &= ~(1u << v);
}

static inline uint8_t who(const struct battle *b, int side)
{
    return (uint8_t)(side * 8 + b->sides[side].active);
}

/* ---- log.c */
struct battle_event *log_event(struct ctx *c, enum battle_event_kind kind, unsigned actor, unsigned other);
void log_mark(struct ctx *c, int mark);

static inline void note(struct ctx *c, enum battle_event_kind kind, int side, unsigned a, int n)
{
    if (!c->log)
        return;
    struct battle_event *e = log_event(c, kind, who(c->b, side), NOBODY);
    e->a = (uint16_t)a;
    e->n = (int8_t)n;
}

static inline void note_fail(struct ctx *c, int side, unsigned what)
{
    if (!c->log)
        return;
    note(c, EV_FAIL, side, what, 0);
    log_mark(c, EV_STILL);
}

/* ---- damage.c */

/* One hit, all modifiers known. */
struct hit {
    uint32_t level, power, attack, defense;
    uint32_t weather; /* in 4096ths; 4096 is none */
    uint32_t final;   /* in 4096ths: screens and the like */
    int effect;       /* net type stages, -2..2 */
    bool stab, crit, burned;
};

uint32_t damage_of(const struct hit *h, uint32_t roll);
uint32_t apply_stage(uint32_t stat, int stage);
/* Net type stages of an attack on two types, or TYPE_IMMUNE. */
enum { TYPE_IMMUNE = -100 };
int type_stages(int attack, const uint8_t types[2]);
uint32_t confusion_damage(uint32_t level, uint32_t attack, uint32_t defense, uint32_t roll);

/* round half down of v * m / 4096 */
static inline uint32_t modify(uint32_t v, uint32_t m)
{
    return (uint32_t)(((uint64_t)v * m + 2047) >> 12);
}

/* n/d of v, rounded half up */
static inline unsigned share(unsigned v, unsigned n, unsigned d)
{
    return (2 * v * n + d) / (2 * d);
}

/* ---- effect.c */
void types_of(const struct ctx *c, int side, uint8_t out[2]);
bool has_type(const struct ctx *c, int side, int type);
bool grounded(const struct ctx *c, int side);
uint32_t speed_of(const struct battle *b, int side);
uint32_t order_speed(const struct battle *b, int side); /* the larger acts first; Trick Room turns it over */
bool out_of_reach(const struct ctx *c, int side);       /* by Fly, Dig and the like */
unsigned hurt(struct ctx *c, int side, unsigned damage, enum battle_why why, unsigned other);
bool heal(struct ctx *c, int side, unsigned hp, enum battle_why why, unsigned other);
/* How an effect went; the order of the values is of no meaning. */
enum outcome { OUT_DONE, OUT_NOTHING /* without a word */, OUT_FAILED /* say so */ };

/* Of two effects of one move: it worked if any did; it failed aloud if any failed and none worked. */
static inline enum outcome combined(enum outcome one, enum outcome two)
{
    if (one == OUT_DONE || two == OUT_DONE)
        return OUT_DONE;
    return one == OUT_FAILED || two == OUT_FAILED ? OUT_FAILED : OUT_NOTHING;
}

enum outcome give_status(struct ctx *c, int side, int status, const struct dex_move *m, int source, bool primary);
void cure(struct ctx *c, int side, unsigned move);
enum outcome boost(struct ctx *c, int side, const int8_t stages[STAGES], int source, bool quiet, bool secondary);
enum outcome give_volatile(struct ctx *c, int side, enum battle_volatile v, unsigned move, int source, bool secondary);
void end_volatile(struct ctx *c, int side, enum battle_volatile v, bool silent);
enum outcome set_side(struct ctx *c, int side, enum battle_side_condition k);
void drop_side(struct ctx *c, int side, enum battle_side_condition k, unsigned move);
void leave(struct ctx *c, int side); /* the active one goes or faints: what hung on it ends */
void come_in(struct ctx *c, int side, int slot, bool dragged);
void hazards(struct ctx *c, int side);
void queue_faint(struct ctx *c, int side);
void announce_faints(struct ctx *c, bool decide);
void end_battle(struct ctx *c, enum battle_winner winner);
int alive(const struct battle_side *s);
bool can_switch(const struct battle_side *s);

/* ---- move.c */
void run_move(struct ctx *c, int side, int choice);
const struct dex_move *move_of_choice(const struct battle *b, const struct dex *dex, int side, int choice);

/* ---- residual.c */
void residual(struct ctx *c);

#endif
