/*
 * battle.h - the battle engine: singles, rules of generation 9, as a library of pure functions.
 *
 * No I/O, no clock, no allocation, no global state.  A battle is one flat struct without pointers: copy it
 * with =, search with the copy, throw it away.  Everything that happens is a function of the struct, the
 * tables of its data version and the two choices:
 *
 *     battle_start(&b, dex, teams, sizes, seed)
 *     while (b.phase != BATTLE_ENDED)
 *         battle_step(&b, dex, pick(battle_choices(&b, dex, 0)), pick(battle_choices(&b, dex, 1)), log)
 *
 * Choices.  One small number per side, the same in every phase:
 *
 *      0..3   the move in that slot
 *      4      Struggle, or a forced continuation (recharge, the second turn of a move, a rampage)
 *      5..10  switch to the party member in slot 0..5
 *     -1      this side is not asked now
 *
 * battle_choices() is a bit mask over 0..10.  A side whose mask is 0 is not asked; its choice must be -1.
 *
 * Species and moves are numbers of dex.h, stable within a data version and only within it: store ids
 * ("flamethrower") where versions may meet.
 *
 * Who may see what.  struct battle holds everything: the seed, hidden counters, the foe's team.  Show players
 * battle_view() and battle_log_text(), never the struct.
 *
 * Rejected: undo lists (a copy of the struct is cheaper than keeping one), handlers found at run time by
 * name (most of the time of interpreters goes there), floating point (builds would differ).
 */
#ifndef BATTLE_H
#define BATTLE_H

#include "dex.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BATTLE_PARTY = 6,
    BATTLE_MOVES = 4,
    BATTLE_TURN_CAP = 300,     /* after this turn the larger HP fraction wins */
    BATTLE_EVENTS_MAX = 256,   /* one step never logs more */
    BATTLE_ENCODED_MAX = 1024, /* room that battle_encode() needs at most */
    BATTLE_SPECTATOR = -1,     /* as a viewer */
    BATTLE_FULL = -2,
    BATTLE_NO_CHOICE = -1,
    BATTLE_CHOICE_FORCED = 4, /* Struggle or continuation */
    BATTLE_CHOICE_SWITCH = 5, /* + party slot */
    BATTLE_CHOICES = 11,
    BATTLE_NOTHING_QUEUED = 0xff,
};

enum battle_result {
    BATTLE_BAD_CHOICE = -1, /* not legal now; the battle is as it was */
    BATTLE_ONGOING = 0,     /* ask battle_choices() for both sides */
    BATTLE_DONE = 1,        /* phase is BATTLE_ENDED, see winner */
};

enum battle_phase {
    BATTLE_CHOOSING, /* a new turn: both sides are asked */
    BATTLE_REPLACE,  /* a Pokémon fainted: its side is asked (perhaps both) */
    BATTLE_PIVOT,    /* the turn is halted: the user of a switching move (U-turn) is asked */
    BATTLE_ENDED,
};

enum battle_winner { BATTLE_WON_0, BATTLE_WON_1, BATTLE_DRAW, BATTLE_UNDECIDED };

/* -------------------------------------------------------------------------------------------------- sets --- */

struct battle_set { /* one Pokémon of a team, as its trainer gives it */
    uint16_t species;
    uint16_t moves[BATTLE_MOVES]; /* one to four, no gaps, no repeats; the rest 0 */
    uint16_t ability, item;       /* not in play yet: 0 */
    uint8_t level;                /* 1..100 */
    uint8_t nature;               /* 0..24 */
    uint8_t gender;               /* enum battle_gender */
    uint8_t tera;                 /* not in play yet: 0 */
    uint8_t ivs[6];               /* HP, Atk, Def, SpA, SpD, Spe: 0..31 */
    uint8_t evs[6];               /* 0..252 */
};

/* A level 50 set with IVs 31, EVs 0 and a neutral nature.  Moves are left empty. */
struct battle_set battle_set_default(uint16_t species);

/* Bounds that the engine itself needs.  0, or minus (1 + slot) of the first bad set; -100 for a bad size.
 * Whether a team is allowed in a format (learnsets, clauses, EV total) is the caller's business. */
int battle_team_check(const struct dex *dex, const struct battle_set *team, int size);

/* Stats of a set: HP, Atk, Def, SpA, SpD, Spe. */
void battle_stats(const struct dex *dex, const struct battle_set *set, uint16_t out[6]);

/* ------------------------------------------------------------------------------------------------- state --- */

struct battle_mon { /* a party member; 40 bytes */
    uint16_t species, hp, hp_max;
    uint16_t stats[5]; /* Atk, Def, SpA, SpD, Spe without stages */
    uint16_t moves[BATTLE_MOVES];
    uint16_t ability, item; /* not in play yet: 0 */
    uint8_t pp[BATTLE_MOVES];
    uint8_t level, gender, nature, tera;
    uint8_t status;
    uint8_t status_n; /* sleep: turns left, counted down before acting; toxic: stage */
    uint8_t seen;     /* 1: it has been on the field, the foe knows it */
    uint8_t revealed; /* bit i: move i has been used, the foe knows it */
};

struct battle_active { /* what the active Pokémon carries and loses when it leaves; all 0 when it has fainted */
    int8_t boosts[STAGES];
    uint8_t confusion;     /* turns left, counted down before acting */
    uint8_t bound;         /* turns left of Bind and its kind, counted down at the end of the turn */
    uint8_t rampage;       /* turns left of Thrash and its kind */
    uint8_t rampage_fresh; /* 1: it hit in this turn, so it goes on */
    uint8_t stall;         /* successes in a row of Protect and its kind: the next works once in 3^n */
    uint8_t stall_turns;   /* ends of turns until the row is forgotten */
    uint8_t acted;         /* moves tried since it came in, at most 2 */
    uint8_t arrived;       /* 1: came in during this turn */
    uint8_t taunt;         /* ends of turns until Taunt is over */
    uint8_t yawn;          /* the same, until sleep comes */
    uint8_t throat;        /* the same, of Throat Chop */
    uint8_t focus;         /* Focus Punch: 1 gathering, 2 lost */
    uint8_t hurt;          /* 1: lost HP in this turn */
    uint8_t hurt_by_foe;   /* 1: by a hit of the foe that is there now */
    uint8_t spare[3];      /* 0: for the counters of later data versions */
    uint16_t bound_by;     /* move that binds */
    uint16_t lock_move;    /* move of a rampage or of two turns */
    uint16_t last_move;    /* 0: for later */
    uint16_t substitute;   /* HP of it */
    uint32_t volatiles;    /* bits of enum battle_volatile */
    uint32_t more;         /* 0: for later */
};

struct battle_side {
    uint8_t size, active;          /* party members; slot of the active one */
    uint8_t asked;                 /* 1: must choose before the battle goes on */
    uint8_t queued;                /* choice not yet carried out of a halted turn; BATTLE_NOTHING_QUEUED */
    uint8_t conditions[12];        /* by enum battle_side_condition: turns left or layers; the rest 0, for later */
    uint8_t hazards[4];            /* order in which hazards came, 1 + condition each; the last is 0, for later */
    uint16_t wish_hp, future_move; /* 0: for later */
    struct battle_active on;
    struct battle_mon party[BATTLE_PARTY];
};

struct battle {    /* below 1 KiB */
    uint64_t rng;  /* splitmix64 */
    uint16_t turn; /* from 1 */
    uint8_t phase, winner;
    uint8_t weather, weather_turns;
    uint8_t trick_room; /* turns left */
    uint8_t spare[9];   /* 0: for terrain, rooms and gravity of later data versions */
    struct battle_side sides[2];
};

/* --------------------------------------------------------------------------------------------------- log --- */

/* What happened, in order.  Events are small and plain; battle_log_text() makes protocol lines of them. */
struct battle_event {
    uint8_t kind;   /* enum battle_event_kind of log.h; callers hand events on without reading them */
    uint8_t who;    /* side * 8 + party slot; 0xff none */
    uint8_t other;  /* the same, of a target or source */
    uint8_t status; /* of `who` at that moment */
    uint16_t a, b;  /* move, HP, ... */
    int8_t n;
    uint8_t why;
};

struct battle_log { /* init: {events, cap}; the caller owns the array */
    struct battle_event *events;
    uint32_t cap; /* BATTLE_EVENTS_MAX is enough for one step or the start */
    uint32_t count;
    bool overflow; /* something did not fit and is lost */
};

struct battle_text { /* text appended to the caller's buffer; never NUL-terminated */
    char *ptr;
    size_t cap, len;
    bool overflow;
};

/* -------------------------------------------------------------------------------------------------- play --- */

/* Begins a battle: leads are sent out (slot 0), turn 1 is open.  0, or what battle_team_check() says with
 * -1000 added for the second team; *b is untouched then.  log may be NULL. */
int battle_start(struct battle *b, const struct dex *dex, const struct battle_set teams[2][BATTLE_PARTY],
                 const int sizes[2], uint64_t seed, struct battle_log *log);

/* Legal choices of a side as a bit mask; 0: it is not asked. */
uint16_t battle_choices(const struct battle *b, const struct dex *dex, int side);

/* Carries out a turn, or as much of it as can be done until somebody must choose.  log may be NULL; events
 * are appended. */
enum battle_result battle_step(struct battle *b, const struct dex *dex, int choice0, int choice1,
                               struct battle_log *log);

/* Ends the battle at once in favour of the other side.  For forfeits. */
void battle_forfeit(struct battle *b, int side, struct battle_log *log);

/* New randomness from here on; for search, so that it cannot foresee the battle's own. */
void battle_reseed(struct battle *b, uint64_t seed);

/* Protocol lines of events ("|move|p1a: Charizard|Flamethrower|p2a: Venusaur\n"), as the viewer may see them:
 * a side sees its own HP exactly and the foe's in percent, a spectator all in percent, BATTLE_FULL all exactly.
 * b is the battle after (or before) the step; it lends names and levels only. */
void battle_log_text(const struct battle *b, const struct dex *dex, const struct battle_log *log, int viewer,
                     struct battle_text *out);

/* HP as the foe sees it: 0 fainted, else 1..100, rounded up, and 100 only for full HP. */
int battle_percent(unsigned hp, unsigned hp_max);

/* ------------------------------------------------------------------------------------------------- views --- */

struct battle_view_mon {
    bool known; /* false: nothing of it has been seen, all below is 0 */
    bool exact; /* HP in points, stats and PP are valid; else HP is in percent of hp_max = 100 */
    bool active, fainted;
    uint16_t species, hp, hp_max;
    uint16_t stats[5];                              /* without stages; 0 when not exact */
    uint16_t moves[BATTLE_MOVES];                   /* a foe's: only those used so far; else 0 */
    uint8_t pp[BATTLE_MOVES], pp_max[BATTLE_MOVES]; /* 0 when not exact */
    uint8_t level, gender, nature;                  /* nature: 0xff when not exact */
    uint8_t status;
    uint8_t status_n; /* own sleep turns or toxic stage; 0 when not exact */
};

struct battle_view_side {
    uint8_t size, active, alive, bench_alive;
    int8_t boosts[STAGES];
    uint32_t volatiles;                  /* bits of enum battle_volatile: presence is public */
    uint16_t lock_move;                  /* move of two turns or of a rampage, public once begun */
    uint8_t confusion;                   /* own turns left; 0 for a foe */
    uint8_t conditions[SIDE_CONDITIONS]; /* public: turns left or layers */
    struct battle_view_mon party[BATTLE_PARTY];
};

struct battle_view {
    int8_t viewer; /* 0, 1, BATTLE_SPECTATOR or BATTLE_FULL */
    uint8_t phase, winner;
    uint16_t turn;
    uint8_t weather, weather_turns, trick_room;
    bool asked[2];    /* who must choose now; public */
    uint16_t choices; /* the viewer's own legal choices; 0 for others */
    struct battle_view_side sides[2];
};

void battle_view(const struct battle *b, const struct dex *dex, int viewer, struct battle_view *out);

/* What a move would do on average, from what a view tells: permille of the target's full HP by one use that
 * hits, no critical hit, middle roll, mean number of hits.  Unknown stats are taken as IV 31, EV 0, neutral.
 * `slot` of `side` attacks `foe_slot` of the other side; stages count for those that are active.
 * 0 for status moves, immunity, unknown Pokémon. */
int battle_expected_damage(const struct dex *dex, const struct battle_view *view, int side, int slot, int foe_slot,
                           uint16_t move);

/* ------------------------------------------------------------------------------------------------ damage --- */

struct battle_fighter { /* a constructed Pokémon, for calculators and agents */
    uint16_t species, hp, hp_max;
    uint16_t stats[5];
    int8_t boosts[STAGES];
    uint8_t level, status;
};

void battle_fighter_from_set(const struct dex *dex, const struct battle_set *set, struct battle_fighter *out);

/* Damage of one hit.  roll 0..15 stands for 85..100 %.  0: immune, or a status move.  Not capped by HP. */
int battle_damage(const struct dex *dex, const struct battle_fighter *attacker, const struct battle_fighter *target,
                  uint16_t move, bool crit, int roll);

/* ------------------------------------------------------------------------------------------------- bytes --- */

/* Canonical little-endian bytes.  Equal battles give equal bytes.  Returns the length, at most
 * BATTLE_ENCODED_MAX. */
size_t battle_encode(const struct battle *b, uint8_t *out);
/* 0, or -1 if these are not bytes of a battle that can be played on; *b is undefined then.  Any bytes that are
 * accepted can be stepped, viewed and encoded (to the same bytes) without harm, whoever wrote them. */
int battle_decode(struct battle *b, const struct dex *dex, const uint8_t *bytes, size_t len);
/* 64-bit digest (FNV-1a with a final mix) of the canonical bytes; equal on every machine. */
uint64_t battle_digest(const struct battle *b);

#endif
