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
 *      5..10  switch to the party member in slot 0..5 (or revive it, when Revival Blessing asks)
 *     11..14  Terastallize, then the move in slot 0..3
 *     15..18  Mega Evolve, then the move in slot 0..3
 *     19..22  the Z-Move of the move in slot 0..3
 *     -1      this side is not asked now
 *
 * battle_choices() is a bit mask over 0..22; which of 11..22 can occur is said by the rules of the data version.  A
 * side whose mask is 0 is not asked; its choice must be -1.
 *
 * Species, moves, abilities and items are numbers of dex.h, stable within a data version and only within it:
 * store ids ("flamethrower") where versions may meet.  A battle knows its data version, by name and
 * contents, and is stepped with no other.
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
    BATTLE_TURN_CAP = 300,     /* of gen1-v1; other data versions say theirs in struct dex */
    BATTLE_EVENTS_MAX = 512,   /* one step never logs more */
    BATTLE_ENCODED_MAX = 2048, /* room that battle_encode() needs at most */
    BATTLE_KNOWN_BYTES = 256,
    BATTLE_SPECTATOR = -1, /* as a viewer */
    BATTLE_FULL = -2,
    BATTLE_NO_CHOICE = -1,
    BATTLE_CHOICE_FORCED = 4, /* Struggle or continuation */
    BATTLE_CHOICE_SWITCH = 5, /* + party slot */
    BATTLE_CHOICE_TERA = 11,  /* + move slot */
    BATTLE_CHOICE_MEGA = 15,  /* + move slot */
    BATTLE_CHOICE_Z = 19,     /* + move slot */
    BATTLE_CHOICES = 23,
    BATTLE_NOTHING_QUEUED = 0xff,
    BATTLE_LINE_ARGS = 3,
};

enum battle_result {
    BATTLE_BAD_CHOICE = -1, /* not legal now, or another data version; the battle is as it was */
    BATTLE_ONGOING = 0,     /* ask battle_choices() for both sides */
    BATTLE_DONE = 1,        /* phase is BATTLE_ENDED, see winner */
};

enum battle_phase {
    BATTLE_CHOOSING, /* a new turn: both sides are asked */
    BATTLE_REPLACE,  /* a Pokémon fainted: its side is asked (perhaps both) */
    BATTLE_PIVOT,    /* the turn is halted: a side is asked for a switch (U-turn, Eject Button, Revival Blessing) */
    BATTLE_ENDED,
};

enum battle_winner { BATTLE_WON_0, BATTLE_WON_1, BATTLE_DRAW, BATTLE_UNDECIDED };

/* -------------------------------------------------------------------------------------------------- sets --- */

struct battle_set { /* one Pokémon of a team, as its trainer gives it */
    uint16_t species;
    uint16_t moves[BATTLE_MOVES]; /* one to four, no gaps, no repeats; the rest 0 */
    uint16_t ability, item;       /* 0: none */
    uint8_t level;                /* 1..100 */
    uint8_t nature;               /* 0..24 */
    uint8_t gender;               /* enum battle_gender */
    uint8_t tera;                 /* enum battle_type; 0: its first type */
    uint8_t ivs[6];               /* HP, Atk, Def, SpA, SpD, Spe: 0..31 */
    uint8_t evs[6];               /* 0..252 */
};

/* A level 50 set with IVs 31, EVs 0 and a neutral nature.  Moves, ability and item are left empty. */
struct battle_set battle_set_default(uint16_t species);

/* Bounds that the engine itself needs.  0, or minus (1 + slot) of the first bad set; -100 for a bad size.
 * Whether a team is allowed in a format (learnsets, clauses, EV total) is the caller's business. */
int battle_team_check(const struct dex *dex, const struct battle_set *team, int size);

/* Stats of a set: HP, Atk, Def, SpA, SpD, Spe. */
void battle_stats(const struct dex *dex, const struct battle_set *set, uint16_t out[6]);

/* ------------------------------------------------------------------------------------------------- state --- */

enum {                /* battle_mon.flags */
       MON_LOOKS = 7, /* of one on the bench: 1 + the party slot whose looks it went with (Illusion) */
       MON_TERASTALLIZED = 1 << 7,
       MON_ATE_BERRY = 1 << 8,
       MON_ONCE = 1 << 9,         /* what its ability does once per battle is done (Intrepid Sword, Dauntless Shield) */
       MON_SYRUP_SHOWN = 1 << 10, /* Supersweet Syrup */
       MON_FAINT_TOLD = 1 << 11,  /* it fainted and that was said */
       MON_REGRESS = 1 << 12,     /* fainting brings its first forme back */
       MON_PUT_TO_SLEEP = 1 << 13, /* it sleeps by the other side's doing; noted where the Sleep Clause holds */
       MON_MAY_MEGA = 1 << 15,     /* it was sent with what it needs to mega evolve (or for Ultra Burst) */
       MON_FLAGS = MON_MAY_MEGA | MON_TERASTALLIZED | MON_ATE_BERRY | MON_ONCE | MON_SYRUP_SHOWN | MON_FAINT_TOLD |
                   MON_REGRESS | MON_PUT_TO_SLEEP | MON_LOOKS,
};

enum { MON_SKETCHED = 4 }; /* battle_mon.stellar_used[2]: first bit of its slots */

struct battle_mon {               /* a party member */
    uint32_t ivs;                 /* six times 5 bits, HP lowest */
    uint16_t species, hp, hp_max; /* the forme it is in for good */
    uint16_t first_species;       /* as it was sent */
    uint16_t moves[BATTLE_MOVES];
    uint16_t ability, item, last_item;
    uint16_t flags;
    uint8_t evs[6];
    uint8_t pp[BATTLE_MOVES];
    uint8_t level, gender, nature, tera;
    uint8_t status;
    uint8_t status_n;        /* sleep: turns left, counted down before acting; toxic: stage */
    uint8_t times_hit;       /* hits taken in the battle */
    uint8_t stellar_used[3]; /* types already strengthened by the Stellar type, a bit each; from MON_SKETCHED of the
                              * last: slots that Sketch filled; of Ogerpon and Terapagos, which cannot use the
                              * former, instead: the ability that comes back when they fall */
};

enum {                     /* battle_active.flags */
       ON_NEW = 1 << 0,    /* came in during this turn */
       ON_HURT = 1 << 1,   /* lost HP in this turn (hurt_hp) */
       ON_RAISED = 1 << 2, /* a stat rose in this turn */
       ON_LOWERED = 1 << 3,
       ON_USED_ITEM = 1 << 4,  /* in this turn */
       ON_SWITCH_OUT = 1 << 5, /* it is to be switched (U-turn) once the action is over */
       ON_DRAG_OUT = 1 << 6,   /* it is to be dragged out */
       ON_LEAVING = 1 << 7,    /* it is being called back */
       ON_BEFORE_OUT = 1 << 8, /* what comes before a switch has been done */
       ON_HIT_NOW = 1 << 9,    /* the last attack on it was in this turn */
       ON_HIT_HURT = 1 << 10,  /* and did damage */
       ON_ABILITY_STARTED = 1 << 11,
       ON_PROTEAN_USED = 1 << 12,
       ON_STARTED = 1 << 13,
       ON_ABILITY_ENDING = 1 << 14,
       ON_HIT_NUMBER = 1 << 15, /* the last attack on it was one that does damage */
};

enum { OCTOLOCK_FIRST = 1, ATTRACT_FIRST = 2 }; /* battle_active.before_syrup: it was there when Syrup Bomb came */

enum { GONE_AIM = 7 << 3, GONE_SALT_FIRST = 1 << 7 }; /* battle_active.gone */

struct battle_active {            /* what the active Pokémon carries and loses when it leaves */
    uint64_t volatiles[2];        /* bits of enum battle_volatile */
    uint16_t species, ability;    /* as now: transformed, changed */
    uint16_t stats[5];            /* Atk, Def, SpA, SpD, Spe without stages, as now */
    uint16_t moves[BATTLE_MOVES]; /* as now: transformed, mimicked */
    uint16_t weight;              /* in 100 g */
    uint16_t flags;               /* ON_* */
    uint16_t lock_move;           /* of a rampage or Rollout */
    uint16_t charge_move;         /* of two turns */
    uint16_t choice_move, encore_move, disable_move, bound_move, metronome_move;
    uint16_t last_move;      /* the last one it used */
    uint16_t moved;          /* the one it used in this turn, 0 */
    uint16_t substitute;     /* HP of it */
    uint16_t hurt_hp;        /* HP after it was last hurt in this turn */
    uint16_t hit_damage;     /* of the last attack on it */
    uint16_t counter_damage; /* of Counter or Mirror Coat: twice what was taken */
    int8_t boosts[STAGES];
    uint8_t foe_raised[STAGES];     /* stages that the foe gained since: Opportunist */
    uint8_t illusion;               /* party slot whose looks it has; 0xff: its own */
    uint8_t turns[VOLATILES_TIMED]; /* left, of the timed volatiles */
    uint8_t pp[BATTLE_MOVES];       /* of the moves that are not its own */
    uint8_t types[2], type_added;
    uint8_t types_shown[2];    /* as the log had them last */
    uint8_t confusion;         /* turns left, counted down before acting */
    uint8_t rampage;           /* turns left of Thrash and its kind */
    uint8_t stall;             /* successes in a row of Protect and its kind: the next works once in 3^n */
    uint8_t active_turns;      /* ends of turns it has seen, at most 255 */
    uint8_t move_actions;      /* moves tried since it came in, at most 255 */
    uint8_t ability_n, item_n; /* counters of its ability and item */
    uint8_t herb[STAGES];      /* what the foe rose and its Mirror Herb has yet to copy; natives_items_stages.c */
    uint8_t best_stat;         /* of Protosynthesis, Quark Drive: 1 + stat; bit 7: by an item */
    uint8_t stockpile, stockpile_def;
    uint8_t stockpile_spd : 2, before_syrup : 2;
    uint8_t rollout : 4, fury : 4; /* hits in a row */
    uint8_t metronome;             /* the same */
    uint8_t ally_switch;           /* as stall, of Ally Switch */
    uint8_t last_type;             /* of the move it last used or had called, as it was then */
    uint8_t hit_by;                /* party slot of the foe that did the last attack */
    uint8_t result, result_before; /* how its move went, in this turn and the last: enum move_result */
    uint8_t used;                  /* bit i: move i has been used since it came in */
    union {
        uint8_t slots; /* the lowest bits first, with all compilers of this project; so are those below */
        struct {
            uint8_t virtual_moves : 4; /* bit i: move i is not its own */
            uint8_t disabled : 4;      /* bit i: move i may not be chosen in this turn */
        };
    };
    union {
        uint8_t marks;
        struct {
            uint8_t rollout_on : 1; /* Rollout goes on in the next turn */
            uint8_t trapped : 1;    /* it may not switch in this turn */
            uint8_t last_z : 1;     /* its last move was a Z-Move */
            uint8_t echo : 1;       /* Dragon Cheer: it was a Dragon */
            uint8_t bound_part : 4; /* 8 or 6 */
        };
    };
    uint8_t gone; /* who did it has left: bit 0 Attract, 1 Syrup Bomb, 2 Bind and its kind, 6 Octolock;
                   * GONE_AIM: party slot that Lock-On takes aim at; GONE_SALT_FIRST: Salt Cure came before Bind */
};

enum battle_once {
    ONCE_TERA = 1 << 0,
    ONCE_MEGA = 1 << 1,
    ONCE_Z = 1 << 2,
    ONCE_TERA_OF_LOOKS = 1 << 3, /* the Tera type was told of one that looks like who has it (Illusion) */
    ONCE_ULTRA = 1 << 4,
    ONCE_ALL = 31
};

enum { REPLACING_LUNAR_FIRST = 1 << 5 }; /* battle_side.replacing: Lunar Dance came before Healing Wish */

struct battle_side {
    uint16_t choices;       /* what it may choose now: the low 16 bits; 0: it is not asked */
    uint8_t choices_high;   /* the rest of them */
    uint8_t size, active;   /* party members; slot of the active one */
    uint8_t queued;         /* choice not yet carried out of a halted turn; BATTLE_NOTHING_QUEUED */
    int8_t queued_fraction; /* -1, 0, 1: tenths of priority of that choice (Quick Claw, Lagging Tail) */
    uint8_t once;           /* bits of enum battle_once: what it has done */
    union {
        uint8_t fainted_turns;
        struct {
            uint8_t fainted_this_turn : 1, fainted_last_turn : 1;
        };
    };
    uint8_t fainted;                                 /* how many of it fainted so far, at most 100 */
    uint8_t turns[SIDE_CONDITIONS];                  /* turns left or layers, by enum battle_side_condition */
    uint8_t hazards[SIDE_CONDITIONS - SIDE_HAZARDS]; /* the order in which they came, 1 + condition each */
    uint8_t wish_turns : 2, future_turns : 2;
    uint8_t pivot : 2;                  /* how the active one goes when asked: dex_move.self_switch */
    uint8_t wish_by : 4, future_by : 4; /* party slot of this side (Wish) or the other (Future Sight) */
    uint8_t replacing;                  /* bits 1 << enum battle_slot: Healing Wish, Lunar Dance, Revival Blessing */
    uint8_t longer; /* bit per side condition (screens): an item made it last 8 turns instead of 5 */
    uint16_t wish_hp, future_move;
    uint16_t pivot_move;            /* that brings the switch about */
    uint8_t standing[BATTLE_PARTY]; /* the team as it stands now: who is out, then the rest */
    struct battle_active on;
    struct battle_mon party[BATTLE_PARTY];
};

enum { /* battle.longer */
       LONGER_WEATHER = 1,
       LONGER_TERRAIN = 2
};

/* What the players have agreed on, for the whole battle. */
enum battle_clause {
    CLAUSE_SLEEP = 1 << 0,  /* nobody puts a second Pokémon of the foe to sleep */
    CLAUSE_FREEZE = 1 << 1, /* nobody freezes a second one */
    CLAUSE_ALL = 3          /* all of them */
};

struct battle {            /* 1,016 bytes */
    uint64_t rng;          /* splitmix64 */
    uint32_t data;         /* fingerprint of the data version's name */
    uint16_t turn;         /* from 1 */
    uint16_t last_move;    /* the last one used by anybody */
    uint16_t last_success; /* the last one of this turn that did something */
    uint16_t contents;     /* of the data version; not in the bytes */
    uint8_t phase, winner;
    uint8_t weather, weather_turns; /* 0 turns: until something ends it */
    uint8_t terrain, terrain_turns;
    uint8_t rooms[ROOMS]; /* turns left */
    uint8_t echo;         /* times Echoed Voice grew */
    uint8_t weather_by;   /* who brought the weather: side * 8 + party slot; 0xff nobody */
    uint8_t magic_by;     /* who made the Magic Room: side * 8 + party slot */
    uint8_t last_z;       /* 1: last_move was used as a Z-Move */
    union {
        uint8_t terms; /* as one byte */
        struct {
            uint8_t longer : 2;  /* LONGER_*: an item made it last 8 turns instead of 5 */
            uint8_t clauses : 2; /* enum battle_clause */
            uint8_t ties : 1;    /* battle_options.ties */
        };
    };
    struct battle_side sides[2];
};

/* ------------------------------------------------------------------------------------------------- known --- */

enum {                        /* battle_known_side.told */
       TOLD_ABILITY = 1 << 0, /* the one it has now */
       TOLD_TYPES = 1 << 1,   /* they are not those of its species */
       TOLD_ALL = TOLD_ABILITY | TOLD_TYPES,
};

enum { /* battle_seen.flags */
       SEEN_ABILITY = 1 << 0,
       SEEN_ITEM = 1 << 1,    /* that it has none is known as well */
       SEEN_ANOTHER = 1 << 2, /* another had its looks when they were last out (Illusion) */
       SEEN_FLAGS = SEEN_ABILITY | SEEN_ITEM | SEEN_ANOTHER,
};

/* What others have seen of a party member: of its looks, whoever had them.  It follows from the log alone. */
struct battle_seen {
    uint16_t moves[BATTLE_MOVES]; /* that it used, in the order of their numbers */
    uint16_t ability, item;       /* its own ability; valid when the flag is set */
    uint8_t order;                /* it was the first, second .. that came out, 0: it never did */
    uint8_t flags;                /* SEEN_* */
    uint8_t hp;                   /* in percent; this and the rest as they were when it was last out */
    uint8_t level, status, tera;
};

/* What a side has shown, which views are made of.  It is no part of the battle, for nothing that happens depends on
 * it: who only searches goes without.  Each step that is given it (battle_log.known) brings it up to date. */
struct battle_known {
    struct battle_known_side {
        struct battle_seen seen[BATTLE_PARTY];
        struct battle_seen before; /* of `front`, before it came in: what holds when an Illusion breaks */
        uint8_t front;             /* slot whose looks are out, as others see it */
        uint8_t told;              /* TOLD_*: what lines have named since it came in */
    } sides[2];
};

/* --------------------------------------------------------------------------------------------------- log --- */

/* What happened, in order.  Events are small and plain; battle_log_text() makes protocol lines of them. */
struct battle_event {
    uint8_t kind; /* enum battle_line of log.h; callers hand events on without reading them */
    uint8_t who;  /* side * 8 + party slot whose name it bears; 0xff none */
    uint8_t of;   /* the same, of a target or source */
    uint8_t marks;
    uint16_t arg[BATTLE_LINE_ARGS];
    uint16_t from;
    uint8_t wisher;    /* 1 + who, "[wisher] NAME" */
    uint16_t move_tag; /* "[move] NAME" behind the rest, 0 none */
    uint16_t hp, hp_max;
    uint8_t status, extra;
};

struct battle_log { /* init: {events, cap}; the caller owns the array, and what is known */
    struct battle_event *events;
    uint32_t cap; /* BATTLE_EVENTS_MAX is enough for one step or the start; 0: no events are wanted */
    uint32_t count;
    bool overflow;              /* something did not fit and is lost */
    struct battle_known *known; /* of this battle, kept up to date; NULL: nobody wants to view it */
};

/* What the Pokémon of a battle are called, in the log only: the engine itself knows no names. */
enum { BATTLE_NAME = 76 /* bytes of a name and its NUL */ };
struct battle_names {
    const char (*of[2])[BATTLE_NAME]; /* BATTLE_PARTY names of each side by party slot, UTF-8 without control characters
                                         and |; "": it goes by its species.  NULL: all of the side do. */
};

struct battle_text { /* text appended to the caller's buffer; never NUL-terminated */
    char *ptr;
    size_t cap, len;
    bool overflow;
};

/* -------------------------------------------------------------------------------------------------- play --- */

/* Begins a battle: leads are sent out (slot 0), turn 1 is open (or, rarely, a lead must be replaced first).  0,
 * or what battle_team_check() says with -1000 added for the second team; *b is untouched then.  log may be NULL;
 * what its `known` pointed to is forgotten. */
int battle_start(struct battle *b, const struct dex *dex, const struct battle_set teams[2][BATTLE_PARTY],
                 const int sizes[2], uint64_t seed, struct battle_log *log);

struct battle_options { /* all 0: as battle_start() has it */
    uint64_t seed;
    uint8_t clauses; /* bits of enum battle_clause; others are ignored */
    bool ties;       /* all ties are drawn as the simulator draws them, not only those of two actions */
    const struct battle_mon *members[2]; /* of battle_members() for both teams, by this dex: teams are not looked at */
};

/* A team's members as each of its battles begins with them, for who lets it play many.  0, or what battle_team_check()
 * says; nothing is written then. */
int battle_members(const struct dex *dex, const struct battle_set team[BATTLE_PARTY], int size,
                   struct battle_mon out[BATTLE_PARTY]);

/* The same with options that hold for the whole battle. */
int battle_start_with(struct battle *b, const struct dex *dex, const struct battle_set teams[2][BATTLE_PARTY],
                      const int sizes[2], const struct battle_options *options, struct battle_log *log);

/* Legal choices of a side as a bit mask; 0: it is not asked. */
uint32_t battle_choices(const struct battle *b, const struct dex *dex, int side);

/* Carries out a turn, or as much of it as can be done until somebody must choose.  log may be NULL; events
 * are appended. */
enum battle_result battle_step(struct battle *b, const struct dex *dex, int choice0, int choice1,
                               struct battle_log *log);

/* Steps n battles that lie one after another, with choices[2 * i] and [2 * i + 1]; results may be NULL.  A battle
 * that has ended is left alone.  Returns how many are still going on. */
size_t battle_step_many(struct battle *b, const struct dex *dex, size_t n, const int8_t *choices, int8_t *results);

/* Ends the battle at once in favour of the other side.  For forfeits. */
void battle_forfeit(struct battle *b, int side, struct battle_log *log);

/* New randomness from here on; for search, so that it cannot foresee the battle's own. */
void battle_reseed(struct battle *b, uint64_t seed);

/* Protocol lines of events ("|move|p1a: Charizard|Flamethrower|p2a: Venusaur\n"), as the viewer may see them:
 * a side sees its own HP exactly and the foe's in percent, a spectator all in percent, BATTLE_FULL all exactly.
 * b is the battle after (or before) the step; it lends names and levels only. */
void battle_log_text(const struct battle *b, const struct dex *dex, const struct battle_log *log, int viewer,
                     struct battle_text *out);
/* The same with nicknames: who has the looks of another bears the name of that one. */
void battle_log_named(const struct battle *b, const struct dex *dex, const struct battle_log *log,
                      const struct battle_names *names, int viewer, struct battle_text *out);

/* HP as the foe sees it: 0 fainted, else 1..100, rounded up, and 100 only for full HP. */
int battle_percent(unsigned hp, unsigned hp_max);

/* ------------------------------------------------------------------------------------------------- views --- */

struct battle_view_mon { /* bytes lie as observations list them: observe.c takes eight at a time */
    bool known;          /* false: nothing of it has been seen, all below is 0 */
    bool exact;          /* HP in points, stats and PP are valid; else HP is in percent of hp_max = 100 */
    bool active, fainted, terastallized;
    uint8_t nature; /* 0xff when not exact */
    uint8_t level, gender;
    uint8_t pp[BATTLE_MOVES], pp_max[BATTLE_MOVES]; /* 0 when not exact */
    uint8_t types[2], type_added;                   /* as now */
    uint8_t tera;                                   /* a foe's: only once it terastallized */
    uint8_t status;
    bool ability_known;
    uint8_t status_n; /* own sleep turns or toxic stage; 0 when not exact */
    bool item_known;
    uint16_t species, hp, hp_max;
    uint16_t stats[5];            /* without stages; 0 when not exact */
    uint16_t moves[BATTLE_MOVES]; /* another's: those it was seen to use, by number; then 0 */
    uint16_t ability, item;       /* another's: as it showed last; 0 unknown or none */
};

struct battle_view_side {
    uint8_t size, active, alive;
    bool tera_used, mega_used, z_used;
    uint8_t bench_alive;
    uint8_t confusion; /* own turns left; 0 for a foe */
    int8_t boosts[STAGES];
    uint8_t conditions[SIDE_CONDITIONS];        /* public: turns left (see weather_turns) or layers */
    uint16_t lock_move;                         /* move of two turns or of a rampage, public once begun */
    uint64_t volatiles[2];                      /* bits of enum battle_volatile; of others those in the open */
    struct battle_view_mon party[BATTLE_PARTY]; /* own: by slot; of others as they came out first, `active` too */
};

struct battle_view {
    int8_t viewer; /* 0, 1, BATTLE_SPECTATOR or BATTLE_FULL */
    uint8_t phase, winner;
    uint16_t turn;
    uint8_t weather, terrain;
    uint8_t weather_turns, terrain_turns; /* left; 8 that an item gave begin as 5, and again as 3 after those */
    uint8_t rooms[ROOMS];
    uint8_t clauses;  /* enum battle_clause */
    bool asked[2];    /* who must choose now; public */
    uint32_t choices; /* the viewer's own legal choices; 0 for others */
    struct battle_view_side sides[2];
};

/* known: of this battle, from its start on.  NULL: none of the Pokémon of others are known; who sees all (BATTLE_FULL)
 * needs it not. */
void battle_view(const struct battle *b, const struct battle_known *known, const struct dex *dex, int viewer,
                 struct battle_view *out);

static inline bool battle_view_has(const struct battle_view_side *s, enum battle_volatile v)
{
    return s->volatiles[v / 64] >> (v % 64) & 1;
}

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
    uint16_t ability, item;
    int8_t boosts[STAGES];
    uint8_t level, status;
    uint8_t gender;
    uint8_t tera;                  /* 0: not terastallized */
    uint8_t side[SIDE_CONDITIONS]; /* of its side: not 0, it is there */
};

struct battle_scene { /* where they meet; all 0: nothing */
    uint8_t weather, terrain;
    uint8_t rooms[ROOMS];
};

void battle_fighter_from_set(const struct dex *dex, const struct battle_set *set, struct battle_fighter *out);

/* Damage of one hit.  roll 0..15 stands for 85..100 %.  0: immune, or a status move.  Not capped by HP. */
int battle_damage(const struct dex *dex, const struct battle_fighter *attacker, const struct battle_fighter *target,
                  uint16_t move, bool crit, int roll);
/* The same under weather and the like. */
int battle_damage_in(const struct dex *dex, const struct battle_scene *scene, const struct battle_fighter *attacker,
                     const struct battle_fighter *target, uint16_t move, bool crit, int roll);

/* ------------------------------------------------------------------------------------------------- bytes --- */

/* Canonical little-endian bytes.  Equal battles give equal bytes, and a battle has the same in every release: they do
 * not follow from memory, and what later releases add stands behind the rest (docs/engine.md).  Returns the length, at
 * most BATTLE_ENCODED_MAX. */
size_t battle_encode(const struct battle *b, uint8_t *out);
/* 0, or -1 if these are not bytes of a battle that can be played on; *b is undefined then.  Any bytes that are
 * accepted can be stepped, viewed and encoded (to the same bytes) without harm, whoever wrote them.  Bytes name their
 * data version and say nothing of its contents: whoever stores them keeps the rules that they go on by. */
int battle_decode(struct battle *b, const struct dex *dex, const uint8_t *bytes, size_t len);
/* The same of what is known: always BATTLE_KNOWN_BYTES.  Decoding: 0, or -1 if it cannot be known of this battle. */
void battle_known_encode(const struct battle_known *known, uint8_t out[BATTLE_KNOWN_BYTES]);
int battle_known_decode(struct battle_known *known, const struct battle *b, const struct dex *dex,
                        const uint8_t bytes[BATTLE_KNOWN_BYTES]);
/* 64-bit digest (FNV-1a with a final mix) of the canonical bytes but for the data version, so the same rules under
 * another name come to the same; equal on every machine. */
uint64_t battle_digest(const struct battle *b);

#endif
