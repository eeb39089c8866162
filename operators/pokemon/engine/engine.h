/*
 * engine.h - what the engine's own files share.
 *
 * A Pokémon on the field is named by its side: 0 or 1.  BENCHED (2) stands for one that attacks from the bench
 * (Future Sight), NOBODY for none.
 *
 * Results.  Much that happens may work, fail aloud ("But it failed!"), or fail in silence.  A result is one int:
 * a number from 0, or one of the R_ values.
 *
 * Every random number is drawn by draw() and nowhere else.  Ranges and order of the draws are those of the
 * simulator that players know (Pokemon Showdown, generation 9), so a recorded tape of its draws can be fed
 * in: a build with BATTLE_TAPE takes each draw from battle_tape() instead.
 */
#ifndef BATTLE_ENGINE_H
#define BATTLE_ENGINE_H

#include "battle.h"
#include "log.h"
#include "rules.h"

#include <string.h>

/* What happens seldom stands apart from what happens always, which then needs less of a frame, and less of the cache.
 */
#define APART __attribute__((noinline))

enum { BENCHED = 2, NOBODY = -1 };
enum { TYPE_BLANK = TYPES }; /* in battle_active.types: one that burnt out, "???" in lines */

enum {
    R_UNDEF = -1,    /* nothing was said about it */
    R_NOT_FAIL = -2, /* it did nothing, which is no failure */
    R_NULL = -3,     /* failed, and that has been told or needs no word */
    R_FALSE = -4,    /* failed, to be told */
    R_TRUE = -5,
};

static inline bool worked(int r) /* R_TRUE or a number above 0 */
{
    return r == R_TRUE || r > 0;
}
static inline bool going(int r) /* as worked, or nothing was said */
{
    return r == R_TRUE || r > 0 || r == R_UNDEF;
}
int combined(int left, int right);

/* One use of a move.  A copy of its row where abilities, items and the move itself may change it. */
struct attack {
    const struct dex_move *move;
    const struct dex_effect *hit_effect; /* primary effects */
    uint64_t flags;
    uint16_t number;
    ref source;     /* what made it be used: another move, an ability */
    ref boosted_by; /* ability that changed its type and strengthens it */
    int16_t power;
    uint16_t total;  /* damage of all hits so far */
    uint16_t damage; /* constant damage */
    uint16_t flung;  /* item that Fling throws */
    uint16_t z_base; /* the move that became this Z-Move, 0: it is none */
    int8_t user, target;
    int8_t priority;
    int8_t type_mod;
    uint8_t type, category, target_kind;
    uint8_t accuracy; /* 0: always hits */
    uint8_t crit, hit, hits[2];
    uint8_t heal[2];      /* part of the target's HP that it gets */
    uint8_t chance_times; /* of secondary effects */
    uint8_t extra_flinch; /* chance of 100 */
    uint8_t self_switch;
    uint8_t offense_now; /* 1 + stat, when it is not that of its row */
    uint8_t echo;        /* free for natives of the move */
    bool flung_part, multi, sure_crit, no_crit, crit_now, last_hit, always_hit, ignore_ability, ignore_immunity,
        infiltrates, pranked, has_sheer_force, landing, ignore_accuracy, serene, calls_bounce, self_dropped, external,
        bounced, force_stab, no_secondaries, no_self, stellar_boosted, bond, contact_off, fallen_back, breaks_protect,
        hit_through, z, z_chosen, z_broke; /* a Z-Move; chosen as one, not called by one; it broke a shield */
    const struct dex_effect *self_now;     /* the user's own part, when it is not that of its row */
    struct dex_effect own;                 /* room for a changed hit_effect */
};

enum { ACTION_CALLED = 2 }; /* action.locked */

struct action {
    uint8_t kind; /* enum action_kind */
    uint8_t side;
    uint8_t arg; /* move slot or party slot */
    uint8_t order;
    int16_t priority; /* tenths */
    int16_t speed;
    int8_t fraction;
    uint8_t locked;       /* the move comes from lock_move, not from a slot; ACTION_CALLED: Round made it come next */
    int8_t move_priority; /* as the abilities have it */
    bool pranked;
    uint16_t move; /* 0xfff: none, it recharges */
    uint16_t z;    /* the move it is as a Z-Move (status moves: itself), 0: it is used as usual */
};
enum action_kind {
    ACT_START,
    ACT_INSTASWITCH,
    ACT_BEFORE_TURN,
    ACT_BEFORE_TURN_MOVE,
    ACT_REVIVE,
    ACT_RUN_SWITCH,
    ACT_SWITCH,
    ACT_MEGA,
    ACT_TERA,
    ACT_CHARGE_MOVE,
    ACT_MOVE,
    ACT_RESIDUAL
};

enum { ACTIONS = 12 };

/* The effects at work that hang on one Pokémon, side or the field, in the order in which they are asked; those
 * without a hook are left out. */
struct carrier {
    struct events hears[HEARINGS]; /* of all together; see struct effect */
    struct events awake;           /* as HEARS_OWN, but for updates that can come to nothing now */
    bool update_hurt;              /* some wait on `update` until their holder is hurt */
    int n;
    const struct effect *list[VOLATILES + 3]; /* status, volatiles, ability, item */
};

struct ctx { /* one call of battle_step() */
    struct battle *b;
    const struct dex *dex;
    const struct dex_rules *rules;
    struct battle_log *log;
    struct battle_known *known; /* NULL: nobody wants to know */
    bool watched;               /* there is a log or what is known */
    struct battle_mon *mon[3];
    struct battle_active *on[3];
    struct attack *attack; /* the active move */
    int active_user, active_target;
    /* who listens to what, kept by listeners.c */
    uint8_t dirty; /* bits 0, 1: of that side's Pokémon; 2: sides and field */
    bool ability_off[3], item_off[3], weather_off;
    bool some_off;              /* of them all, but for BENCHED */
    bool update_hurt;           /* of any of of_mon */
    struct events any;          /* heard of anybody; all while it must be found out anew */
    struct events around_of[2]; /* heard through sides and field when it happens to that one */
    struct events around;       /* of both together */
    struct events by_target[3]; /* heard when it happens to this one, whoever does it */
    struct events by_source[4]; /* [1 + source]: heard when this one does it */
    int depth;
    int programs;         /* run in this step */
    struct action *queue; /* what is still to be done: the next of `actions` */
    int queue_n;
    struct action actions[4 * ACTIONS];
    int32_t speed[3];
    uint32_t move_event; /* index + 1 of the last move line, for marks */
    struct {
        uint8_t side;
        int8_t by;
        ref cause;
    } fainted[4];
    int fainted_n;
    int bench_slot, bench_side; /* of BENCHED */
    struct battle_active bench_on;
    bool ended, asked, undecided, called;
    uint8_t fixed_roll;     /* 1 + per cent off, for calculators; 0: drawn */
    uint32_t sequence;      /* in which the next boost() tells its stages; see dex_effect */
    int8_t action_priority; /* of the action that runs */
    int8_t falling;         /* side whose Pokémon's faint is being told: it is there still, but counts no more */
    bool action_pranked;
    bool z_now;         /* run_move() is to use the move as a Z-Move */
    struct attack done; /* the last move used, when it is over */
    const struct attack *attack_done;
    struct carrier of_mon[2], of_side[2], of_field;
    int around_n; /* effects of the latter three */
};

enum move_result { MOVE_UNKNOWN, MOVE_DONE, MOVE_NULL, MOVE_FAILED };

/* Why a number is drawn; tests look at it. */
enum draw_why {
    DRAW_TIE,
    DRAW_ACCURACY,
    DRAW_HITS,
    DRAW_CRIT,
    DRAW_ROLL,
    DRAW_SELF,
    DRAW_EFFECT,
    DRAW_MOVE,
    DRAW_STATUS,
    DRAW_CONFUSION,
    DRAW_BIND,
    DRAW_RAMPAGE,
    DRAW_STALL,
    DRAW_DRAG,
    DRAW_ABILITY,
    DRAW_ITEM,
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

/* A number in lo..hi-1; a range of one is not drawn.  The bias of the remainder is below 2^-50. */
static inline uint32_t draw(struct ctx *c, uint32_t lo, uint32_t hi, enum draw_why why)
{
    if (hi - lo <= 1)
        return lo;
#ifdef BATTLE_TAPE
    (void)c;
    return battle_tape(lo, hi, why);
#else
    (void)why;
    return lo + (uint32_t)(rng_next(&c->b->rng) % (hi - lo));
#endif
}
static inline bool chance(struct ctx *c, uint32_t n, uint32_t d, enum draw_why why)
{
    return draw(c, 0, d, why) < n;
}

/* ----------------------------------------------------------------------------------------- who and what --- */

#define A(name) (c->rules->abilities_known[A_##name])
#define I(name) (c->rules->items_known[I_##name])
#define M(name) (c->rules->moves_known[M_##name])
#define S(name) (c->rules->species_known[S_##name])

/* One on the bench is named by the looks that it went with: Illusion. */
static inline unsigned looks_of_benched(const struct battle_side *s, int slot)
{
    const unsigned looks = s->party[slot].flags & MON_LOOKS;
    return looks ? looks - 1 : (unsigned)slot;
}
static inline uint8_t who_benched(const struct ctx *c, int side, int slot)
{
    return (uint8_t)((unsigned)side * 8 + looks_of_benched(&c->b->sides[side], slot) + SAY_BENCHED);
}
static inline uint8_t who(const struct ctx *c, int t) /* as its side shows it: Illusion */
{
    if (t == NOBODY)
        return 0xff;
    if (t == BENCHED)
        return who_benched(c, c->bench_side, c->bench_slot);
    unsigned slot = c->on[t]->illusion != 0xff ? c->on[t]->illusion : c->b->sides[t].active;
    return (uint8_t)(t * 8 + (int)slot + (c->mon[t]->flags & MON_FAINT_TOLD ? SAY_BENCHED : 0));
}
static inline bool has(const struct ctx *c, int t, enum battle_volatile v)
{
    return c->on[t]->volatiles[v / 64] >> (v % 64) & 1;
}
static inline bool alive(const struct ctx *c, int t)
{
    return c->mon[t]->hp > 0;
}
static inline bool in_play(const struct ctx *c, int t) /* its fainting has not been told */
{
    return !(c->mon[t]->flags & MON_FAINT_TOLD);
}
static inline int foe_of(const struct ctx *c, int t)
{
    return t == BENCHED ? !c->bench_side : !t;
}
static inline int side_of(const struct ctx *c, int t)
{
    return t == BENCHED ? c->bench_side : t;
}
static inline const struct dex_move *move_row(const struct ctx *c, unsigned number)
{
    return &c->dex->moves[number];
}
/* Most PP of a move that is its own: one that Sketch brought has no more than its row says. */
static inline unsigned own_full_pp(const struct dex *dex, const struct battle_mon *m, int slot)
{
    const struct dex_move *row = &dex->moves[m->moves[slot]];
    return m->stellar_used[2] >> (MON_SKETCHED + slot) & 1 ? row->base_pp : row->pp;
}
/* Its status is gone. */
static inline void forget_status(struct battle_mon *m)
{
    m->status = STATUS_NONE;
    m->status_n = 0;
    m->flags &= (uint16_t)~MON_PUT_TO_SLEEP;
}
static inline const struct dex_species *species_now(const struct ctx *c, int t)
{
    return &c->dex->species[c->on[t]->species];
}
static inline bool flagged(const struct attack *a, enum dex_flag f)
{
    return a->flags >> f & 1;
}
static inline bool on_flag(const struct ctx *c, int t, unsigned f)
{
    return c->on[t]->flags & f;
}
/* Who listens to what is gathered anew when it is asked for next; until then everything counts as heard. */
static inline void dirty(struct ctx *c, unsigned bits)
{
    c->dirty |= (uint8_t)bits;
    c->any = (struct events){{UINT64_MAX, UINT64_MAX}};
    c->by_target[0] = c->by_target[1] = c->by_target[2] = c->any;
}
static inline void changed(struct ctx *c, int t)
{
    if (t == 0 || t == 1)
        dirty(c, 1u << t);
}
/* A condition came or went: most of them nobody listens through. */
static inline void changed_volatile(struct ctx *c, int t, enum battle_volatile v)
{
    if (c->rules->conds[COND_VOLATILE + v].hooks || v == VOL_GASTRO_ACID || v == VOL_EMBARGO || v == VOL_TRANSFORMED)
        changed(c, t);
}
static inline void changed_field(struct ctx *c)
{
    dirty(c, 4);
}
static inline void forget_carried(struct carrier *l)
{
    l->n = 0;
    memset(l->hears, 0, sizeof l->hears);
}
void refresh(struct ctx *c); /* listeners.c */
static inline void fresh(struct ctx *c)
{
    if (c->dirty)
        refresh(c);
}
static inline bool has_ability(struct ctx *c, int t, unsigned ability)
{
    fresh(c);
    return ability && c->on[t]->ability == ability && !c->ability_off[t];
}
static inline bool has_item(struct ctx *c, int t, unsigned item)
{
    fresh(c);
    return item && c->mon[t]->item == item && !c->item_off[t];
}
static inline uint32_t ability_marks(const struct ctx *c, int t)
{
    return c->rules->abilities[c->on[t]->ability].marks;
}
/* Its ability is passed over by the move under way (Mold Breaker). */
bool ability_broken(struct ctx *c, int t);
static inline bool has_unbroken(struct ctx *c, int t, unsigned ability)
{
    return has_ability(c, t, ability) && !ability_broken(c, t);
}

/* ----------------------------------------------------------------------------------------- listeners.c --- */

/* Is there anything on the side?  Three words that overlap are all its turns. */
static inline bool side_conditions(const struct battle_side *s)
{
    uint64_t first, middle, last;
    _Static_assert(sizeof s->turns > 16 && sizeof s->turns <= 24, "three words are all of them");
    memcpy(&first, s->turns, sizeof first);
    memcpy(&middle, s->turns + 8, sizeof middle);
    memcpy(&last, s->turns + sizeof s->turns - sizeof last, sizeof last);
    return first | middle | last | s->replacing;
}

static inline bool rooms(const struct battle *b)
{
    uint64_t first, last;
    memcpy(&first, b->rooms, sizeof first);
    memcpy(&last, b->rooms + sizeof b->rooms - sizeof last, sizeof last);
    return first | last;
}

/* ----------------------------------------------------------------------------------------- event.c --- */

struct call { /* an event on its way through its hooks */
    uint8_t event;
    int target, source;
    int holder;     /* of the hook that runs: a side; NOBODY for the field */
    ref cause;      /* what brought the event about */
    ref self;       /* whose hook runs */
    uint16_t thing; /* what it is about: status, volatile + 1, type, item, ability, move */
    int value;      /* R_ or a number */
    uint32_t mod;   /* 4096ths, applied to value at the end */
    struct attack *a;
    int8_t *stages; /* of events about stages */
    bool stopped;
    bool any; /* an operation of the program under way has worked */
    bool numeric;
};

/* Runs the hooks of an event that is heard; returns its result. */
int dispatch(struct ctx *c, struct call *e);
/* The rare part of the functions below, kept out of them: they are called some sixty times a turn. */
int event_heard(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a);
int event_about_heard(struct ctx *c, enum event ev, int t, int source, ref cause, unsigned thing);
int event_number_heard(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a, int value);
int event_with_move_heard(struct ctx *c, enum event ev, int t, int source, struct attack *a, int value);
int move_single_heard(struct ctx *c, enum event ev, struct attack *a, int t, int source, int value);
bool still_heard(struct ctx *c, enum event ev, int t, int source);
/* heard(), unless that must be found out anew. */
static inline bool perhaps_heard(const struct ctx *c, enum event ev, int t, int source)
{
    return has_event(c->any, ev) && (has_event(c->by_target[t], ev) || has_event(c->by_source[source + 1], ev));
}
/* Does anybody listen to this event of t, done by source? */
static inline bool heard(struct ctx *c, enum event ev, int t, int source)
{
    return perhaps_heard(c, ev, t, source) && (!c->dirty || still_heard(c, ev, t, source));
}
/* Events without a number: R_TRUE unless a hook says otherwise. */
static inline int event(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a)
{
    return perhaps_heard(c, ev, t, source) ? event_heard(c, ev, t, source, cause, a) : R_TRUE;
}
/* The same about something. */
static inline int event_about(struct ctx *c, enum event ev, int t, int source, ref cause, unsigned thing)
{
    return perhaps_heard(c, ev, t, source) ? event_about_heard(c, ev, t, source, cause, thing) : R_TRUE;
}
/* Events that carry a number: what it becomes, or an R_ value. */
static inline int event_number(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a, int value)
{
    return perhaps_heard(c, ev, t, source) ? event_number_heard(c, ev, t, source, cause, a, value) : value;
}
/* With the hook of the move itself in front (its power, its limits to damage). */
static inline int event_with_move(struct ctx *c, enum event ev, int t, int source, struct attack *a, int value)
{
    const bool own = a->move->hears[ev / 64] >> (ev % 64) & 1;
    return own || perhaps_heard(c, ev, t, source) ? event_with_move_heard(c, ev, t, source, a, value) : value;
}
/* One effect alone is asked. */
int single(struct ctx *c, enum event ev, const struct effect *fx, int holder, int t, int source, ref cause,
           struct attack *a, int value);
static inline bool listens(const struct effect *fx, enum event ev)
{
    return hears(fx, ev / 64) >> (ev % 64) & 1;
}
static inline bool move_listens(const struct ctx *c, unsigned move, enum event ev)
{
    return move_row(c, move)->hears[ev / 64] >> (ev % 64) & 1;
}
static inline int move_single(struct ctx *c, enum event ev, struct attack *a, int t, int source, int value)
{
    return a->move->hears[ev / 64] >> (ev % 64) & 1 ? move_single_heard(c, ev, a, t, source, value) : value;
}
int ability_single(struct ctx *c, enum event ev, int t, int source);
int item_single(struct ctx *c, enum event ev, int t, int source);
/* Each active Pokémon, the faster first. */
void each_in_turn(struct ctx *c, enum event ev, ref cause);
/* Somebody waits on `update` for this one to be hurt, and it is. */
static inline bool hurt_wakes(const struct ctx *c, int t)
{
    return c->of_mon[t].update_hurt && c->mon[t]->hp * 2 <= c->mon[t]->hp_max;
}
static inline bool any_hurt_wakes(const struct ctx *c)
{
    return c->update_hurt && (hurt_wakes(c, 0) || hurt_wakes(c, 1));
}
static inline void each(struct ctx *c, enum event ev, ref cause)
{
    if (ev == EV_weather || has_event(c->any, ev) || (ev == EV_update && any_hurt_wakes(c)))
        each_in_turn(c, ev, cause);
}
/* Each that listens, by order and speed: the end of the turn, arrivals. */
void residual_event(struct ctx *c);
void switch_in_event(struct ctx *c, unsigned arrived);
const struct effect *effect_of(const struct ctx *c, ref r);

int run_hook(struct ctx *c, struct call *e, const struct hook *h);
int run_program(struct ctx *c, struct call *e, uint16_t code); /* program.c */

/* Chains a modifier of 4096ths into the event. */
static inline int chain(struct call *e, uint32_t mod)
{
    e->mod = (e->mod * mod + 2048) >> 12;
    return R_UNDEF;
}
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

/* ------------------------------------------------------------------------------------------------- log.c --- */

/* A line of the log with up to three arguments.  Arguments and `from` are log.h's SAY_ values.  Nothing of it is done
 * when nobody watches: NULL then, and when events are not wanted. */
struct battle_event *told_line(struct ctx *c, enum battle_line kind, int t);
struct battle_event *told_line1(struct ctx *c, enum battle_line kind, int t, unsigned arg);
struct battle_event *told_line2(struct ctx *c, enum battle_line kind, int t, unsigned arg, unsigned arg2);
struct battle_event *told_from(struct ctx *c, enum battle_line kind, int t, unsigned arg, ref from, int of);
void told_hp(struct ctx *c, enum battle_line kind, int t, ref from, int of, unsigned marks);
static inline struct battle_event *say(struct ctx *c, enum battle_line kind, int t)
{
    return c->watched ? told_line(c, kind, t) : NULL;
}
static inline struct battle_event *say1(struct ctx *c, enum battle_line kind, int t, unsigned arg)
{
    return c->watched ? told_line1(c, kind, t, arg) : NULL;
}
static inline struct battle_event *say2(struct ctx *c, enum battle_line kind, int t, unsigned arg, unsigned arg2)
{
    return c->watched ? told_line2(c, kind, t, arg, arg2) : NULL;
}
static inline struct battle_event *say_from(struct ctx *c, enum battle_line kind, int t, unsigned arg, ref from, int of)
{
    return c->watched ? told_from(c, kind, t, arg, from, of) : NULL;
}
static inline void say_hp(struct ctx *c, enum battle_line kind, int t, ref from, int of, unsigned marks)
{
    if (c->watched)
        told_hp(c, kind, t, from, of, marks);
}
void say_mark(struct ctx *c, unsigned mark);     /* on the last move line */
void say_animation(struct ctx *c, unsigned arg); /* how the last move looks */
void told_fail(struct ctx *c, int t);
static inline void say_fail(struct ctx *c, int t) /* "-fail" and a still move */
{
    if (c->watched)
        told_fail(c, t);
}

/* ------------------------------------------------------------------------------------------------ seen.c --- */

enum {                     /* what reveal() can tell to all */
       MON_MOVE_KNOWN = 1, /* << slot: that move */
       MON_ABILITY_KNOWN = 1 << BATTLE_MOVES,
       MON_ITEM_KNOWN = 2 << BATTLE_MOVES
};
void told_what(struct ctx *c, int t, unsigned what);
static inline void reveal(struct ctx *c, int t, unsigned what)
{
    if (c->known)
        told_what(c, t, what);
}

/* ------------------------------------------------------------------------------------------------- mon.c --- */

int stat_staged(int stat, int stage);
void ask_stages(struct ctx *c, int t, int8_t stages[STAGES]); /* stages of one as they count now, where that is heard */
int stat_of(struct ctx *c, int t, enum battle_stat s, bool staged, bool modified);
int action_speed(struct ctx *c, int t);
void update_speeds(struct ctx *c);
int best_stat(struct ctx *c, int t);
int weight_of(struct ctx *c, int t);
struct types { /* one word: up to three types from the lowest byte on, how many in the highest */
    uint32_t word;
};
static inline int types_n(struct types types)
{
    return (int)(types.word >> 24);
}
static inline int type_at(struct types types, int i)
{
    return (int)(types.word >> 8 * i & 0xff);
}
struct types unusual_types(const struct ctx *c, int t, bool with_added, bool before_tera);
/* Its types are as they stand in battle_active. */
static inline bool plain_types(const struct ctx *c, int t)
{
    const struct battle_active *on = c->on[t];
    return on->types[0] - 1u < TYPE_BLANK - 1u && on->types[1] < TYPE_BLANK &&
           !(c->mon[t]->flags & MON_TERASTALLIZED) && !on->type_added && !has(c, t, VOL_ROOST) &&
           !(ability_marks(c, t) & DEX_BIT(MARK_PLATED));
}
static inline struct types types_of(const struct ctx *c, int t, bool with_added, bool before_tera)
{
    const struct battle_active *on = c->on[t];
    const unsigned one = on->types[0], two = on->types[1];
    if (plain_types(c, t)) /* mostly */
        return (struct types){one | two << 8 | (two ? 2u : 1u) << 24};
    return unusual_types(c, t, with_added, before_tera);
}
void keep_types(uint8_t to[2], struct types types); /* as battle_active.types has them */
bool has_type(const struct ctx *c, int t, int type);
bool set_type(struct ctx *c, int t, int one, int two); /* false: it cannot be changed */
/* R_TRUE on the ground, R_FALSE not, R_NULL by Levitate */
int grounded(struct ctx *c, int t, bool negated);
static inline bool is_grounded(struct ctx *c, int t)
{
    return grounded(c, t, false) == R_TRUE;
}
/* It carries somebody by Sky Drop, or is carried. */
static inline bool sky_dropped(const struct ctx *c, int t)
{
    return has(c, t, VOL_SKY_DROP) || (t < 2 && has(c, !t, VOL_SKY_DROP) && !has(c, !t, VOL_SKY_EMPTY));
}
bool semi_invulnerable(const struct ctx *c, int t);
int weather_now(struct ctx *c);        /* as nobody suppresses it */
int weather_for(struct ctx *c, int t); /* as it is for one that may hold an umbrella */
int terrain_now(const struct ctx *c);
bool status_immunity(struct ctx *c, int t, ref what);                  /* true: it may happen to it */
bool type_immunity(struct ctx *c, int t, struct attack *a, bool tell); /* true: it can be hit */
bool natural_immunity(const struct ctx *c, int t, ref what);           /* true: its types allow it */
int effectiveness(struct ctx *c, int t, struct attack *a);             /* what rules of data answer may be any number */
int effective_stages(struct ctx *c, int t, struct attack *a);          /* the same within the bounds of damage: -6..6 */
bool contact(struct ctx *c, const struct attack *a, int user);
void set_species(struct ctx *c, int t, unsigned species);
void show_tera_type(struct ctx *c, int t);
void forme_change(struct ctx *c, int t, unsigned species, ref from, bool for_good);
bool transform(struct ctx *c, int t, int into, ref from);
static inline unsigned slot_move(const struct ctx *c, int t, int slot)
{
    return c->on[t]->moves[slot];
}
static inline uint8_t *slot_pp(struct ctx *c, int t, int slot)
{
    return c->on[t]->virtual_moves >> slot & 1 ? &c->on[t]->pp[slot] : &c->mon[t]->pp[slot];
}
int move_slot(const struct ctx *c, int t, unsigned move); /* -1: it has not got it */
int deduct_pp(struct ctx *c, int t, unsigned move, int n);
int positive_boosts(const struct ctx *c, int t);
bool took_part(struct ctx *c);

/* sets.c: HP, Atk, Def, SpA, SpD, Spe of a species so trained. */
void stats_of(const struct dex_species *sp, unsigned level, unsigned nature, uint32_t ivs, const uint8_t evs[6],
              uint16_t out[6]);

/* HP.  n is a number of points; what was really lost or got, or an R_ value. */
int hurt(struct ctx *c, int t, int n, int source, ref cause, struct attack *a);
int hurt_part(struct ctx *c, int t, unsigned d, int source, ref cause); /* 1/d of its full HP, at least 1 */
int hurt_directly(struct ctx *c, int t, int n, ref cause);
int heal(struct ctx *c, int t, int n, int source, ref cause);
static inline int sixteenth(const struct ctx *c, int t) /* of its full HP, at least 1 */
{
    const int n = c->mon[t]->hp_max / 16;
    return n ? n : 1;
}
void faint(struct ctx *c, int t, int source, ref cause);
int boost(struct ctx *c, int t, const int8_t stages[STAGES], int source, ref cause, bool secondary, bool self);
int boost_one(struct ctx *c, int t, enum battle_stat s, int n, int source, ref cause);
int set_status(struct ctx *c, int t, int status, int source, ref cause, bool ignore_immunity);
int try_status(struct ctx *c, int t, int status, int source, ref cause);
bool cure_status(struct ctx *c, int t, bool silent);
void clear_status(struct ctx *c, int t);
int add_volatile(struct ctx *c, int t, enum battle_volatile v, int source, ref cause);
bool remove_volatile(struct ctx *c, int t, enum battle_volatile v);
static inline void drop_volatile(struct ctx *c, int t, enum battle_volatile v) /* without a word */
{
    c->on[t]->volatiles[v / 64] &= ~(1ull << (v % 64));
    changed_volatile(c, t, v);
}

/* ------------------------------------------------------------------------------------------------ item.c --- */

bool eat_item(struct ctx *c, int t, bool force, int source, ref cause);
/* What an item does to who eats it, its own or not: nothing where that one's items are suppressed.  False: it failed.
 */
bool eaten(struct ctx *c, int t, unsigned item, int source, ref cause, struct attack *a);
bool use_item(struct ctx *c, int t, int source, ref cause);
unsigned take_item(struct ctx *c, int t, int source);       /* the item; 0: it cannot be taken */
bool item_stays(const struct ctx *c, int t, unsigned item); /* it cannot be taken from this one */
bool set_item(struct ctx *c, int t, unsigned item, int source, ref cause);
void drop_item(struct ctx *c, int t); /* it is gone, nothing is said */
int set_ability(struct ctx *c, int t, unsigned ability, int source, ref cause, bool forme, bool transformed);
int swap_abilities(struct ctx *c, int t, int foe); /* R_TRUE, or why not */

/* ----------------------------------------------------------------------------------------------- field.c --- */

int set_weather(struct ctx *c, int weather, int source, ref cause);
void clear_weather(struct ctx *c);
int set_terrain(struct ctx *c, int terrain, int source, ref cause);
void clear_terrain(struct ctx *c);
int set_room(struct ctx *c, int room, int source, ref cause);
void end_room(struct ctx *c, int room);
int set_side(struct ctx *c, int side, int condition, int source, ref cause);
/* It is there for one turn and shields its side. */
static inline bool side_guards(int condition)
{
    return condition == SIDE_QUICK_GUARD || condition == SIDE_WIDE_GUARD || condition == SIDE_CRAFTY_SHIELD ||
           condition == SIDE_MAT_BLOCK;
}
bool end_side(struct ctx *c, int side, int condition);
bool end_side_quietly(struct ctx *c, int side, int condition);
int set_slot(struct ctx *c, int side, int slot, int source, ref cause, struct attack *a);
void weather_residual(struct ctx *c);
void pledge_residual(struct ctx *c, int t);
void grass_residual(struct ctx *c, int t);
void wish_residual(struct ctx *c, int t);
void future_residual(struct ctx *c, int t);

/* ------------------------------------------------------------------------------------------------ turn.c --- */

bool will_move(const struct ctx *c, int t);
bool will_act(const struct ctx *c);
struct action *queued_move(struct ctx *c, int t);
void cancel_action(struct ctx *c, int t);
bool tell_fainted(struct ctx *c, bool decide);
/* Tells who fainted since the last time.  decide: the battle may end here. */
static inline bool faint_messages(struct ctx *c, bool decide)
{
    return !c->ended && c->fainted_n && tell_fainted(c, decide);
}
bool decide_win(struct ctx *c, int last);
/* Is the battle over?  Then it is ended.  last: the side of who fainted last. */
static inline bool check_win(struct ctx *c, int last)
{
    if (!((c->mon[0]->flags | c->mon[1]->flags) & MON_FAINT_TOLD) && c->falling == NOBODY)
        return false; /* mostly: both sides have somebody out */
    return decide_win(c, last);
}
int can_switch(const struct ctx *c, int side);
int bench_left(const struct ctx *c, int side);
void ctx_begin(struct ctx *c, struct battle *b, const struct dex *dex, struct battle_log *log);
void drag_in(struct ctx *c, int side);
bool foe_left(const struct ctx *c, int t);
static inline void bind_active(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    c->mon[side] = &s->party[s->active];
    c->on[side] = &s->on;
}
unsigned plain_looks(const struct dex *dex, unsigned species);
static inline uint32_t stored_choices(const struct battle_side *s)
{
    return s->choices | (uint32_t)s->choices_high << 16;
}
static inline void set_choices(struct battle_side *s, uint32_t mask)
{
    s->choices = (uint16_t)mask;
    s->choices_high = (uint8_t)(mask >> 16);
}
void battle_offered(struct battle *b, const struct dex *dex, uint32_t out[2]);
void bind_bench(struct ctx *c); /* BENCHED is who bench_side and bench_slot say */
bool find_locked_move(struct ctx *c, int t, unsigned *move);
static inline bool locked_move(struct ctx *c, int t, unsigned *move) /* a move it must go on with */
{
    return heard(c, EV_lock_move, t, NOBODY) && find_locked_move(c, t, move);
}
void use_forced_move(struct ctx *c, int t, unsigned move);

/* ------------------------------------------------------------------------------------------------ move.c --- */

void recoil(struct ctx *c, struct attack *a, int damage); /* of a move that has some */
static inline bool recoils(const struct attack *a)
{
    const uint64_t parts = DEX_BIT(MF_STRUGGLE_RECOIL) | DEX_BIT(MF_HALF_RECOIL) | DEX_BIT(MF_HALF_RECOIL_ROUND);
    return a->move->recoil[1] || a->flags & parts;
}
void attack_of_row(struct attack *a, const struct dex_move *m, unsigned number); /* as its row has it, by nobody */
static inline void attack_init(struct ctx *c, struct attack *a, unsigned move, int user)
{
    memcpy(a, &c->rules->attacks[move], offsetof(struct attack, own));
    a->user = (int8_t)user;
}
/* False: it did not come to the move. */
bool run_move(struct ctx *c, unsigned move, int t, int slot, bool external, ref source);
bool use_move(struct ctx *c, unsigned move, int t, int target, ref source, const struct attack *caller);
bool spread_hit(struct ctx *c, struct attack *a, int target); /* from invulnerability to the hits */
int hit_once(struct ctx *c, struct attack *a, int target, int *left);
int move_hit(struct ctx *c, struct attack *a, int target, const struct dex_effect *part, bool secondary, bool self);

const char *volatile_id(int v); /* vocab.c: "leechseed"; NULL for those the data cannot name */

/* ------------------------------------------------------------------------------------------------ mega.c --- */

/* What a party member would mega evolve into (or become by Ultra Burst), 0 none. */
unsigned mega_forme(const struct ctx *c, const struct battle_mon *m);
bool may_mega(const struct ctx *c, int t); /* its side may choose so now */
void mega_evolve(struct ctx *c, int t);
void say_item_forme(struct ctx *c, int t, unsigned species, unsigned item); /* the line that tells such a change */

/* ----------------------------------------------------------------------------------------------- zmove.c --- */

enum { REF_Z_POWER = REF_WORD | WORD_Z_POWER };
unsigned z_move_of(struct ctx *c, int t, int slot); /* what the move of a slot is as a Z-Move, 0: it cannot be */
void z_become(struct ctx *c, struct attack *a);     /* a usual move becomes its Z-Move */
void z_spend(struct ctx *c, int t);
void z_power(struct ctx *c, const struct attack *a); /* what comes with it, once it is announced */

/* ---------------------------------------------------------------------------------------------- damage.c --- */

struct hit { /* one hit, all modifiers known */
    uint32_t level, power, attack, defense;
    int stab, effect;
    bool crit, burned;
};
int get_damage(struct ctx *c, struct attack *a, int target, bool quiet);
uint32_t confusion_damage(struct ctx *c, int t);
static inline uint32_t roll_damage(struct ctx *c) /* 0..15 per cent off */
{
    return c->fixed_roll ? c->fixed_roll - 1u : draw(c, 0, 16, DRAW_ROLL);
}

#endif
