/*
 * dex.h - the constant tables of the battle engine: species, moves, abilities, items, types, natures.
 *
 * A data version (data/pokemon/<version>/) is JSON: facts, and effects declared as small operations on named
 * events.  dex_find() compiles the versions that are built in, dex_from_texts() others; both do it once, and from
 * then on the tables are never written, so threads may share them.  Everything is numbered from 1; 0 means
 * "none".  Numbers are stable within a data version and only within it: store ids where versions may meet.
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
    TYPE_ROCK, TYPE_STEEL, TYPE_WATER, TYPE_STELLAR, TYPES
};

enum battle_status {
    STATUS_NONE, STATUS_BRN, STATUS_PAR, STATUS_SLP, STATUS_FRZ, STATUS_PSN, STATUS_TOX, STATUSES
};

enum battle_category { MOVE_PHYSICAL, MOVE_SPECIAL, MOVE_STATUS };

enum battle_stat { STAT_ATK, STAT_DEF, STAT_SPA, STAT_SPD, STAT_SPE, STAT_ACC, STAT_EVA, STAGES };

enum battle_gender { GENDER_NONE, GENDER_MALE, GENDER_FEMALE };

enum battle_weather {
    WEATHER_NONE, WEATHER_SUN, WEATHER_RAIN, WEATHER_SAND, WEATHER_SNOW, WEATHER_HARSH_SUN, WEATHER_HEAVY_RAIN,
    WEATHER_STRONG_WINDS, WEATHER_HAIL, WEATHERS
};

enum battle_terrain { TERRAIN_NONE, TERRAIN_ELECTRIC, TERRAIN_GRASSY, TERRAIN_MISTY, TERRAIN_PSYCHIC, TERRAINS };

/* Conditions of the whole field that run out. */
enum battle_room {
    ROOM_TRICK, ROOM_GRAVITY, ROOM_WONDER, ROOM_MAGIC, ROOM_FAIRY_LOCK, ROOM_ECHOED_VOICE, ROOM_WATER_SPORT,
    ROOM_MUD_SPORT, ROOM_ION_DELUGE, ROOMS
};

/* Conditions of one side of the field. */
enum battle_side_condition {
    SIDE_REFLECT, SIDE_LIGHT_SCREEN, SIDE_AURORA_VEIL, SIDE_SAFEGUARD, SIDE_MIST, SIDE_TAILWIND, /* turns left */
    SIDE_FIRE_PLEDGE, SIDE_WATER_PLEDGE, SIDE_GRASS_PLEDGE, SIDE_QUICK_GUARD, SIDE_WIDE_GUARD,
    SIDE_LUCKY_CHANT, SIDE_CRAFTY_SHIELD, SIDE_MAT_BLOCK,
    SIDE_SPIKES, SIDE_TOXIC_SPIKES, SIDE_STEALTH_ROCK, SIDE_STICKY_WEB,                          /* layers */
    SIDE_CONDITIONS,
    SIDE_HAZARDS = SIDE_SPIKES, /* from here on */
    SIDE_SCREENS = SIDE_SAFEGUARD /* up to here they are screens */
};

/* Conditions of the active Pokémon that leave with it; one bit each.  Those up to VOLATILES_TIMED count turns. */
enum battle_volatile {
    VOL_RAMPAGE, VOL_CHARGING, VOL_RECHARGE, VOL_STALL, VOL_TAUNT, VOL_ENCORE, VOL_DISABLE, VOL_HEAL_BLOCK,
    VOL_EMBARGO, VOL_MAGNET_RISE, VOL_THROAT_CHOP, VOL_YAWN, VOL_PERISH, VOL_BOUND, VOL_LOCK_ON, VOL_UPROAR,
    VOL_SYRUP_BOMB, VOL_LASER_FOCUS, VOL_MICLE, VOL_FURY_CUTTER, VOL_ROLLOUT_STORAGE, VOL_TELEKINESIS,
    VOL_FLY, VOL_BOUNCE, VOL_DIG, VOL_DIVE, VOL_PHANTOM_FORCE, VOL_SHADOW_FORCE, VOL_CHARGE_TURN,
    VOL_ALLY_SWITCH, VOL_BIDE,
    VOLATILES_TIMED,
    /* until the end of the turn */
    VOL_FLINCH = VOLATILES_TIMED, VOL_PROTECT, VOL_ENDURE, VOL_ROOST, VOL_BANEFUL_BUNKER, VOL_BURNING_BULWARK,
    VOL_KINGS_SHIELD, VOL_OBSTRUCT, VOL_SILK_TRAP, VOL_SPIKY_SHIELD, VOL_FOCUS_PUNCH, VOL_BEAK_BLAST, VOL_SHELL_TRAP,
    VOL_COUNTER, VOL_MIRROR_COAT, VOL_HELPING_HAND, VOL_FOLLOW_ME, VOL_RAGE_POWDER, VOL_ROLLOUT, VOL_MAGIC_COAT,
    VOL_SNATCH, VOL_ELECTRIFY, VOL_POWDER, VOL_GEM, VOL_CHILLY_RECEPTION, VOL_ME_FIRST,
    VOL_PURSUIT, VOL_SPOTLIGHT, VOL_COAT_PRANKED, /* the second: by Prankster, of Magic Coat */
    VOLATILES_LASTING,
    /* as long as it stays */
    VOL_CONFUSION = VOLATILES_LASTING, VOL_LEECH_SEED, VOL_FOCUS_ENERGY, VOL_DRAGON_CHEER, VOL_AQUA_RING, VOL_INGRAIN,
    VOL_MINIMIZE, VOL_DEFENSE_CURL, VOL_SUBSTITUTE, VOL_NO_ESCAPE, VOL_CURSE, VOL_ATTRACT, VOL_CHARGE,
    VOL_CHOICE_LOCK, VOL_DESTINY_BOND, VOL_GASTRO_ACID, VOL_GLAIVE_RUSH, VOL_IMPRISON, VOL_NO_RETREAT, VOL_OCTOLOCK,
    VOL_POWER_TRICK, VOL_SALT_CURE, VOL_SMACK_DOWN, VOL_STOCKPILE, VOL_TAR_SHOT, VOL_TORMENT, VOL_FLASH_FIRE,
    VOL_PROTOSYNTHESIS, VOL_QUARK_DRIVE, VOL_UNBURDEN, VOL_TRUANT, VOL_ZEN_MODE, VOL_METRONOME, VOL_TRANSFORMED,
    VOL_GRUDGE, VOL_FORESIGHT, VOL_MIRACLE_EYE, VOL_NIGHTMARE, VOL_FLING, VOL_CANT_USE_TWICE, VOL_SPARKLING_ARIA,
    VOL_RAGE, VOL_POWER_SHIFT, VOL_SKY_DROP, VOL_SKY_EMPTY, /* the last: whom it carried by Sky Drop has left */
    VOLATILES
};

enum dex_target { TARGET_FOE, TARGET_SELF, TARGET_ALL, TARGET_FOE_SIDE, TARGET_OWN_SIDE, TARGET_ALLY };

/* Flags of a move; a bit each. */
enum dex_flag {
    MF_BITE, MF_BULLET, MF_BYPASSSUB, MF_CANTUSETWICE, MF_CHARGE, MF_CONTACT, MF_DANCE, MF_DEFROST, MF_FAILCOPYCAT,
    MF_FAILENCORE, MF_FAILINSTRUCT, MF_FAILMEFIRST, MF_FAILMIMIC, MF_FUTUREMOVE, MF_GRAVITY, MF_HEAL, MF_METRONOME,
    MF_MIRROR, MF_MUSTPRESSURE, MF_NOASSIST, MF_NOPARENTALBOND, MF_NOSKETCH, MF_NOSLEEPTALK, MF_PLEDGECOMBO,
    MF_POWDER, MF_PROTECT, MF_PULSE, MF_PUNCH, MF_RECHARGE, MF_REFLECTABLE, MF_SLICING, MF_SNATCH, MF_SOUND, MF_WIND,
    MF_DISTANCE, MF_ALLYANIM, MF_MINIMIZE, MF_NONSKY,
    MF_IGNORE_DEFENSE_STAGES, MF_IGNORE_EVASION, MF_IGNORE_ABILITY, MF_BREAKS_PROTECT, MF_THAWS_TARGET, MF_STALLING,
    MF_SLEEP_USABLE, MF_CALLS_MOVE, MF_MULTI_ACCURACY, MF_FORCE_SWITCH, MF_CRASH, MF_SMART_TARGET, MF_TRACKS_TARGET,
    MF_ALWAYS_CRIT, MF_SHEER_FORCE, MF_HALF_RECOIL, MF_HALF_RECOIL_ROUND, MF_STRUGGLE_RECOIL, MF_IGNORE_IMMUNITY,
    MF_HEED_IMMUNITY, MF_SELF_DESTRUCT, MF_SELF_DESTRUCT_HIT, MF_OHKO, MF_OHKO_ICE, MF_FOUL_PLAY, MF_SPREAD,
    MOVE_FLAGS
};

/* Flags of an ability or item. */
enum dex_mark {
    MARK_BREAKABLE, MARK_CANT_SUPPRESS, MARK_FAIL_ROLE_PLAY, MARK_FAIL_SKILL_SWAP, MARK_NO_ENTRAIN, MARK_NO_RECEIVER,
    MARK_NO_TRACE, MARK_NO_TRANSFORM, MARK_SUPPRESS_WEATHER, /* abilities */
    MARK_BERRY, MARK_BALL, MARK_CHOICE, MARK_GEM, MARK_IGNORE_KLUTZ, /* items */
    MARKS
};
/* clang-format on */

#define DEX_BIT(flag) (1ull << (flag))

/* Formes that only an item, or a move, brings in battle. */
enum dex_forme { FORME_USUAL, FORME_MEGA, FORME_PRIMAL, FORME_ULTRA };

struct dex_species {
    char id[28];           /* "charizard": lower-case letters and digits */
    char name[28];         /* "Charizard" */
    uint8_t base[6];       /* HP, Attack, Defense, Sp. Atk, Sp. Def, Speed */
    uint8_t types[2];      /* enum battle_type; the second is TYPE_NONE when there is only one */
    uint16_t number;       /* national dex number */
    uint16_t weight;       /* in 100 g */
    uint16_t abilities[4]; /* first, second, hidden, special; 0 where there is none */
    uint16_t base_species; /* the forme that gives the name; itself when it has none */
    uint16_t learnset;     /* row of the learnsets */
    uint16_t required_item;
    uint8_t gender;        /* enum battle_gender when fixed; 0xff when both occur */
    uint8_t generation;    /* 9, or the last one it appeared in */
    bool battle_only;      /* a forme that only a battle brings */
    bool nfe;              /* it can still evolve */
    bool paradox;          /* of the past or the future */
    uint8_t required_tera; /* enum battle_type or 0 */
    uint8_t forme;         /* enum dex_forme */
    uint16_t required_move;
    uint16_t mega; /* what it mega evolves into once it knows that forme's move, 0 none */
};

struct dex_effect {    /* what a hit may do besides damage; one part of a move */
    uint8_t chance;    /* of 100; 0: always */
    uint8_t status;    /* enum battle_status */
    uint8_t volatile_; /* 1 + enum battle_volatile, or 0 */
    uint8_t side;      /* 1 + enum battle_side_condition, or 0 */
    bool boosted;      /* boosts is not all 0 */
    bool to_user;      /* it is the user's */
    bool self;         /* as to_user, of a move's own part `self` */
    uint16_t code;     /* not 0: it runs hooks on "secondary" as well */
    uint32_t sequence; /* of the stages, as the row has them: 1 + stat in four bits each, 0 in their usual order */
    int8_t boosts[STAGES];
};

struct dex_move {      /* what a battle looks at first */
    uint64_t flags;    /* DEX_BIT(MF_*) */
    uint64_t hears[2]; /* events that the move's own rules listen to, a bit each */
    uint8_t type;      /* enum battle_type */
    uint8_t category;  /* enum battle_category */
    uint8_t power;     /* 0: none, or found by a rule */
    uint8_t accuracy;  /* of 100; 0: never misses */
    uint8_t pp;        /* the most a Pokémon may have */
    uint8_t base_pp;
    int8_t priority;
    uint8_t target;    /* enum dex_target */
    uint8_t crit;      /* stages: 0 usual, 1 high */
    uint8_t hits[2];   /* least and most; 1, 1 usually */
    uint8_t multi;     /* it names a number of hits, be it 1 */
    uint8_t recoil[2]; /* n, d of the damage done; 0, 0 none */
    uint8_t drain[2];
    uint8_t heal[2];           /* n, d of the target's HP */
    uint8_t damage;            /* constant damage; 0 none, 0xff the user's level */
    uint8_t offense, defense;  /* enum battle_stat used for damage, 0xff the usual one */
    uint8_t self_switch;       /* 0 none, 1 plain, 2 baton pass, 3 shed tail */
    uint8_t room;              /* 1 + enum battle_room, or 0 */
    uint8_t weather, terrain;  /* enum battle_weather, enum battle_terrain that it brings */
    uint8_t slot;              /* condition of the place: enum battle_slot */
    bool non_ghost;            /* aims at the user unless that is a Ghost (Curse) */
    bool powered;              /* a rule of it finds its power */
    bool z;                    /* a Z-Move: nobody's own */
    bool plain;                /* one hit, whose damage nothing of its own decides; see plain.c */
    uint8_t effects_n;         /* secondary effects */
    uint16_t effects;          /* the first of them in the dex' list */
    uint16_t self;             /* the user's own part in that list, 0 none */
    struct dex_effect hit;     /* primary effects: certain on a hit */
    int8_t self_boost[STAGES]; /* after all hits (Scale Shot) */
    bool self_boosted;
    char id[28];   /* "flamethrower" */
    char name[28]; /* "Flamethrower" */
};

enum battle_slot {
    SLOT_NONE,
    SLOT_WISH,
    SLOT_HEALING_WISH,
    SLOT_LUNAR_DANCE,
    SLOT_REVIVAL_BLESSING,
    SLOT_FUTURE,
    SLOT_Z_MEMENTO,
    SLOT_Z_PARTING_SHOT,
    SLOTS
};

struct dex_ability {
    char id[28], name[28];
    uint32_t marks; /* DEX_BIT(MARK_*) */
};

struct dex_item {
    char id[28], name[28];
    uint32_t marks;
    uint8_t fling_power, fling_status, fling_volatile; /* the last is 1 + enum battle_volatile */
    bool flung;                                        /* Fling can throw it, be it with power 0 */
    uint8_t gift_power, gift_type;                     /* Natural Gift */
    uint8_t plate;                                     /* type that a plate gives, or 0 */
    uint16_t forme;                                    /* forme that holding it forces, 0 none */
    uint16_t users[20];                                /* species it is made for */
    uint16_t mega_from, mega_to;                       /* a mega stone: whom it changes into what */
    uint16_t z_move, z_from;                           /* a Z-Crystal: its move; which one it takes, 0 all of z_type */
    uint8_t z_type;                                    /* enum battle_type or 0 */
    uint8_t memory, drive;                             /* type that it gives to Silvally or Genesect, or 0 */
    bool primal;                                       /* it brings users[0] back to its primal forme */
    int8_t boosts[STAGES];                             /* of who uses it up */
    bool boosted;
};

/* What a status move brings when it is used as a Z-Move, besides stages. */
enum dex_z_effect { Z_NOTHING, Z_CLEAR_NEGATIVE, Z_CRIT, Z_CURSE, Z_HEAL, Z_HEAL_REPLACEMENT, Z_REDIRECT, Z_EFFECTS };

struct dex_z {      /* a move as a Z-Move */
    uint8_t power;  /* of the Z-Move that it becomes; 0: it becomes none */
    uint8_t effect; /* enum dex_z_effect */
    bool boosted;   /* boosts is not all 0 */
    int8_t boosts[STAGES];
};

struct dex_rules; /* the compiled effects, for the engine only */

struct dex {
    char version[24];          /* "gen1-v1" */
    uint32_t fingerprint;      /* of version; battles carry it, and their bytes */
    uint16_t contents;         /* hash of the texts it was made from; battles carry it, their bytes do not */
    uint16_t turn_cap;         /* after this turn the battle ends */
    bool cap_by_hp;            /* then the larger part of HP wins; otherwise it is a draw */
    bool last_faint_draws;     /* both sides lose their last one at once: a draw; otherwise who fell last wins */
    uint8_t generation_tera;   /* 1: Terastallization is in play */
    bool core;                 /* it needs no more than core rules, which are played faster: core_rules.h */
    bool mega, z_moves;        /* Mega Evolution (and primal formes) and Z-Moves are in play */
    const struct dex_z *z;     /* [1..moves_n]; NULL without Z-Moves */
    uint16_t z_by_type[TYPES]; /* the Z-Move of each type */
    uint16_t species_n, moves_n, abilities_n, items_n;
    uint16_t struggle;                 /* number of Struggle */
    const struct dex_species *species; /* [1..species_n]; [0] is empty */
    const struct dex_move *moves;      /* [1..moves_n]; ids ascend */
    const struct dex_ability *abilities;
    const struct dex_item *items;
    const struct dex_effect *effects;
    const uint16_t *species_by_id; /* species numbers sorted by id: species_n of them */
    const uint64_t *learnsets;     /* rows of learnset_words words; bit m: move m */
    uint16_t learnset_words;
    const uint16_t *metronome; /* moves that Metronome may call, metronome_n of them */
    uint16_t metronome_n;
    uint8_t chart[TYPES][TYPES]; /* [attack][target], in halves: 0, 1, 2 (usual) or 4 */
    const struct dex_rules *rules;
};

/* The tables of a built-in data version, NULL if there is none.  Compiled at the first call, by any thread; they live
 * as long as the program. */
const struct dex *dex_find(const char *version);

/* A text of a data version: "moves", "effects/moves"; JSON, not necessarily ended by a NUL. */
struct dex_document {
    const char *name;
    const char *text;
    size_t len;
};

/* The documents of a built-in version: as many as there is room for; returns how many there are (0: no such version).
 * Static memory. */
size_t dex_documents(const char *version, struct dex_document *out, size_t room);

/* Told once for each mistake: in which document, at which entry of it (either may be ""), and a sentence. */
typedef void dex_mistake(void *ctx, const char *document, const char *entry, const char *sentence);

/* Compiles documents; those that the engine does not know are left alone.  NULL: they have mistakes, and tell (it may
 * be NULL) was called with each.  Natives may be used only where the built-in versions use them.  The texts are not
 * needed afterwards; dex_free() gives the tables back.  Any number of threads may compile at once. */
struct dex *dex_from_texts(const char *version, const struct dex_document *documents, size_t n, dex_mistake *tell,
                           void *ctx);

/* The same of a folder: moves.json, effects/moves.json, ... */
struct dex *dex_load(const char *folder, const char *version, dex_mistake *tell, void *ctx);
void dex_free(struct dex *dex);

/* Numbers by id, 0 if there is none. */
uint16_t dex_species(const struct dex *dex, const char *id);
uint16_t dex_move(const struct dex *dex, const char *id);
uint16_t dex_ability(const struct dex *dex, const char *id);
uint16_t dex_item(const struct dex *dex, const char *id);

bool dex_learns(const struct dex *dex, uint16_t species, uint16_t move);

/* Index 0..24 of a nature by lower-case id, -1 if unknown; its name ("Adamant").  0..4 are neutral. */
int dex_nature(const char *id);
const char *dex_nature_name(int nature);
/* Stat (STAT_ATK..STAT_SPE) that a nature raises and lowers, -1 for none. */
int dex_nature_plus(int nature);
int dex_nature_minus(int nature);

/* A type by its name in any case ("fire"), -1 if unknown. */
int dex_type(const char *name);
const char *dex_type_name(int type);           /* "Fire"; "" for TYPE_NONE */
const char *dex_status_name(int status);       /* "brn"; "" for none */
const char *dex_stat_name(int stat);           /* "atk" .. "spe", "accuracy", "evasion" */
const char *dex_weather_name(int weather);     /* "SunnyDay"; "none" */
const char *dex_terrain_name(int terrain);     /* "Electric Terrain"; "" for none */
const char *dex_room_name(int room);           /* "Trick Room" */
const char *dex_side_name(int side_condition); /* "Reflect" */
const char *dex_volatile_name(int volatile_);  /* "confusion", "Leech Seed" */

/* How well an attacking type does against one type, in halves: 0, 1, 2 (usual) or 4. */
int dex_effectiveness(const struct dex *dex, int attack, int target);

/* How much of the rules is declared and how much is C functions, per kind of effect. */
struct dex_stats {
    struct {
        unsigned entries, with_hooks, hooks, native_hooks, declared_only;
    } moves, abilities, items;
};
void dex_count(const struct dex *dex, struct dex_stats *out);

#endif
