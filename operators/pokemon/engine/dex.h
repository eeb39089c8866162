/*
 * dex.h - the constant tables of the battle engine: species, moves, types, natures.
 *
 * Each data version (data/pokemon/<version>/) is compiled in as arrays by data/pokemon/tables.py.  They are
 * immutable and live as long as the program.  Species and moves are numbered from 1; 0 means "none".
 */
#ifndef DEX_H
#define DEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* clang-format off */
enum battle_type { /* NONE is typeless (Struggle) */
    TYPE_NONE, TYPE_BUG, TYPE_DARK, TYPE_DRAGON, TYPE_ELECTRIC, TYPE_FAIRY, TYPE_FIGHTING, TYPE_FIRE,
    TYPE_FLYING, TYPE_GHOST, TYPE_GRASS, TYPE_GROUND, TYPE_ICE, TYPE_NORMAL, TYPE_POISON, TYPE_PSYCHIC,
    TYPE_ROCK, TYPE_STEEL, TYPE_WATER, TYPES
};

enum battle_status {
    STATUS_NONE, STATUS_BRN, STATUS_PAR, STATUS_SLP, STATUS_FRZ, STATUS_PSN, STATUS_TOX, STATUSES
};

enum battle_category { MOVE_PHYSICAL, MOVE_SPECIAL, MOVE_STATUS };

enum battle_stat { STAT_ATK, STAT_DEF, STAT_SPA, STAT_SPD, STAT_SPE, STAT_ACC, STAT_EVA, STAGES };

enum battle_gender { GENDER_NONE, GENDER_MALE, GENDER_FEMALE };

/* Conditions of the active Pokémon that leave with it; one bit each. */
enum battle_volatile {
    VOL_CONFUSION, VOL_FLINCH, VOL_LEECH_SEED, VOL_BOUND, VOL_RECHARGE, VOL_CHARGING, VOL_RAMPAGE, VOL_PROTECT,
    VOL_ENDURE, VOL_FOCUS_ENERGY, VOL_AQUA_RING, VOL_INGRAIN, VOL_MINIMIZE, VOL_DEFENSE_CURL, VOL_SUBSTITUTE,
    VOL_NO_ESCAPE, VOL_ROOST, VOL_CURSE, VOL_TAUNT, VOL_YAWN, VOL_THROAT_CHOP, VOL_ATTRACT, VOLATILES
};

enum battle_weather { WEATHER_NONE, WEATHER_SUN, WEATHER_RAIN, WEATHER_SAND, WEATHER_SNOW, WEATHERS };

/* Conditions of one side of the field. */
enum battle_side_condition {
    SIDE_REFLECT, SIDE_LIGHT_SCREEN, SIDE_SAFEGUARD, SIDE_MIST, SIDE_TAILWIND, /* turns left */
    SIDE_SPIKES, SIDE_TOXIC_SPIKES, SIDE_STEALTH_ROCK,                         /* layers */
    SIDE_CONDITIONS,
    SIDE_HAZARDS = SIDE_SPIKES /* from here on */
};

enum dex_target { TARGET_FOE, TARGET_SELF, TARGET_ALL, TARGET_FOE_SIDE, TARGET_OWN_SIDE };

/* Rules of single moves that columns cannot say.  OP_NONE: the row says all. */
enum dex_op {
    OP_NONE,
    OP_HALF_HP,       /* Super Fang: half of what is left */
    OP_REST, OP_FACADE, OP_VENOSHOCK, OP_HEX, OP_BRINE,
    OP_ACROBATICS,    /* twice as strong without an item */
    OP_WEIGHT_TARGET, /* Low Kick, Grass Knot */
    OP_WEIGHT_RATIO,  /* Heavy Slam, Heat Crash */
    OP_HP_RATIO,      /* Water Spout: weaker with less HP */
    OP_HP_LOW,        /* Flail, Reversal: stronger with less HP */
    OP_HARD_PRESS, OP_SPEED_SLOW /* Gyro Ball */, OP_SPEED_FAST /* Electro Ball */, OP_STAGES_UP /* Stored Power */,
    OP_TRIPLE,        /* Triple Axel: stronger each hit */
    OP_DREAM_EATER, OP_ENDEAVOR, OP_FINAL_GAMBIT, OP_BELLY_DRUM, OP_PAIN_SPLIT, OP_HAZE, OP_PSYCH_UP, OP_CLEAR_SMOG,
    OP_MOONLIGHT,     /* heals by weather */
    OP_GROWTH, OP_SPLASH, OP_RAPID_SPIN, OP_FALSE_SWIPE,
    OP_FIRST_TURN,    /* Fake Out, First Impression */
    OP_SUCKER_PUNCH,
    OP_CRASH,         /* High Jump Kick: half of the HP on a failure */
    OP_LEECH_SEED, OP_FREEZE_DRY, OP_TRI_ATTACK,
    OP_CHARGE, OP_SOLAR_BEAM, OP_FLY, OP_DIG, OP_DIVE, OP_VANISH, /* two turns; the last four out of reach in between */
    OP_THUNDER, OP_BLIZZARD, OP_WEATHER_BALL, OP_BREAK_SCREENS, OP_SUBSTITUTE,
    OP_NO_ESCAPE,     /* Mean Look, Block */
    OP_PROTECT, OP_MEMENTO, OP_TOXIC, OP_TELEPORT, OP_CURSE, OP_YAWN,
    OP_PAYBACK,       /* twice as strong after the target has moved */
    OP_AVALANCHE,     /* after the target hurt the user */
    OP_ASSURANCE,     /* after anything hurt the target */
    OP_FOCUS_PUNCH, OP_TRICK_ROOM, OP_ATTRACT, OP_SLEEP_TALK, OP_SNORE,
    OPS
};
/* clang-format on */

/* Move flags. */
#define MF_CONTACT (1ull << 0)
#define MF_PROTECT (1ull << 1) /* Protect stops it */
#define MF_SOUND (1ull << 2)
#define MF_POWDER (1ull << 3) /* Grass types are immune */
#define MF_BITE (1ull << 4)
#define MF_PUNCH (1ull << 5)
#define MF_BULLET (1ull << 6)
#define MF_PULSE (1ull << 7)
#define MF_SLICING (1ull << 8)
#define MF_WIND (1ull << 9)
#define MF_DANCE (1ull << 10)
#define MF_HEAL (1ull << 11)
#define MF_REFLECTABLE (1ull << 12)
#define MF_BYPASSSUB (1ull << 13) /* goes past a Substitute */
#define MF_GRAVITY (1ull << 14)
#define MF_DEFROST (1ull << 15)       /* a frozen user thaws and uses it */
#define MF_THAWS (1ull << 16)         /* thaws the target */
#define MF_SELF_DESTRUCT (1ull << 17) /* the user faints, hit or miss */
#define MF_OHKO (1ull << 18)
#define MF_OHKO_ICE (1ull << 19) /* Sheer Cold: worse from others than Ice types, nothing on them */
#define MF_LEVEL_DAMAGE (1ull << 20)
#define MF_IGNORE_STAGES (1ull << 21) /* of the target's defence and evasion */
#define MF_SELF_SWITCH (1ull << 22)
#define MF_FORCE_SWITCH (1ull << 23)
#define MF_IGNORE_IMMUNITY (1ull << 24)
#define MF_STALLING (1ull << 25) /* Protect and its kind: rarer each time in a row */
#define MF_MINIMIZE (1ull << 26) /* sure to hit and twice as strong against Minimize */
#define MF_MULTI_ACCURACY (1ull << 27)
#define MF_STRUGGLE (1ull << 28)
#define MF_SPREAD (1ull << 29) /* hits all adjacent ones in doubles; no meaning in singles */
#define MF_BREAKS_PROTECT (1ull << 30)
#define MF_FOUL_PLAY (1ull << 31)       /* uses the target's Attack */
#define MF_CHARGE (1ull << 32)          /* takes two turns */
#define MF_RECHARGE (1ull << 33)        /* the user must rest after a hit */
#define MF_RAMPAGE (1ull << 34)         /* two or three turns, then confusion */
#define MF_ROOST (1ull << 35)           /* the user is not of the Flying type until the end of the turn */
#define MF_SELF_BOOST_LATE (1ull << 36) /* once, after all hits, without a draw (Scale Shot) */
#define MF_HITS_FLY (1ull << 37)
#define MF_DOUBLE_FLY (1ull << 38)
#define MF_HITS_DIG (1ull << 39)  /* and is twice as strong then */
#define MF_HITS_DIVE (1ull << 40) /* the same */
#define MF_SLEEP_USABLE (1ull << 41)
#define MF_NO_SLEEP_TALK (1ull << 42) /* Sleep Talk never calls it */

struct dex_species {
    char id[16];           /* "charizard": lower-case letters and digits */
    char name[16];         /* "Charizard" */
    uint8_t base[6];       /* HP, Attack, Defense, Sp. Atk, Sp. Def, Speed */
    uint8_t types[2];      /* enum battle_type; the second is TYPE_NONE when there is only one */
    uint16_t number;       /* national dex number */
    uint16_t weight;       /* in 100 g */
    uint8_t gender;        /* enum battle_gender when fixed; 0xff when both occur */
    uint8_t generation;    /* of the learnset: 9, or the last one it appeared in */
    uint64_t learnset[16]; /* bit m: can learn move number m */
};

struct dex_effect {    /* what a hit may do besides damage */
    uint8_t chance;    /* of 100; 0 ends the list */
    uint8_t status;    /* enum battle_status */
    uint8_t volatile_; /* 1 + enum battle_volatile, or 0 */
    uint8_t to_user;   /* 1: the stages are the user's */
    uint8_t tri;       /* 1: one of burn, paralysis, freeze (Tri Attack) */
    int8_t boosts[STAGES];
};

struct dex_move {
    char id[20];      /* "flamethrower" */
    char name[20];    /* "Flamethrower" */
    uint64_t flags;   /* MF_* */
    uint8_t type;     /* enum battle_type */
    uint8_t category; /* enum battle_category */
    uint8_t power;    /* 0: none, or found by op */
    uint8_t accuracy; /* of 100; 0: never misses */
    uint8_t pp;       /* the most a Pokémon may have: base x 8/5; 1 stays 1 */
    int8_t priority;
    uint8_t target;    /* enum dex_target */
    uint8_t op;        /* enum dex_op */
    uint8_t crit;      /* stages: 0 usual, 1 high; 0xff always */
    uint8_t hits[2];   /* least and most; 1, 1 usually */
    uint8_t recoil[2]; /* n, d of the damage done; 0, 0 none */
    uint8_t drain[2];
    uint8_t heal[2];            /* n, d of the user's HP */
    uint8_t fixed;              /* constant damage; 0 none */
    uint8_t status;             /* primary effects, certain on a hit: enum battle_status */
    uint8_t volatile_;          /* 1 + enum battle_volatile, or 0 */
    uint8_t weather;            /* enum battle_weather that it brings */
    uint8_t side;               /* 1 + enum battle_side_condition that it sets, or 0 */
    uint8_t offense, defense;   /* enum battle_stat used for damage */
    uint8_t boosted;            /* 1: boosts is not all 0; 2: self_boosts is not; 3: both */
    int8_t boosts[STAGES];      /* of the target (the user, when target is TARGET_SELF) */
    int8_t self_boosts[STAGES]; /* of the user, after damage */
    struct dex_effect effects[2];
};

struct dex {
    const char *version;               /* "gen1-v1" */
    const struct dex_species *species; /* [1..species_n]; [0] is empty */
    const struct dex_move *moves;      /* [1..moves_n]; ids ascend; Struggle lies after them */
    const uint16_t *species_by_id;     /* species numbers sorted by id: species_n of them */
    uint16_t species_n, moves_n;
    uint16_t struggle; /* moves_n + 1: never in a learnset or set */
};

/* The tables of a data version, NULL if it is not compiled in. */
const struct dex *dex_find(const char *version);

/* Number of a species or move by id, 0 if there is none. */
uint16_t dex_species(const struct dex *dex, const char *id);
uint16_t dex_move(const struct dex *dex, const char *id);

bool dex_learns(const struct dex *dex, uint16_t species, uint16_t move);

/* Index 0..24 of a nature by lower-case id, -1 if unknown; its name ("Adamant").  0..4 are neutral. */
int dex_nature(const char *id);
const char *dex_nature_name(int nature);
/* Stat (STAT_ATK..STAT_SPE) that a nature raises and lowers, -1 for none. */
int dex_nature_plus(int nature);
int dex_nature_minus(int nature);

const char *dex_type_name(int type);           /* "Fire"; "" for TYPE_NONE */
const char *dex_status_name(int status);       /* "brn"; "" for none */
const char *dex_stat_name(int stat);           /* "atk" .. "spe", "accuracy", "evasion" */
const char *dex_weather_name(int weather);     /* "SunnyDay"; "none" */
const char *dex_side_name(int side_condition); /* "Reflect" */
const char *dex_volatile_name(int volatile_);  /* "confusion", "Leech Seed" */

/* How well an attacking type does against one type, in halves: 0, 1, 2 (usual) or 4. */
int dex_effectiveness(int attack, int target);

#endif
