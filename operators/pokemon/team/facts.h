/*
 * facts.h - what teams need to know of the game: a small, read-only picture of a data version.
 *
 * Everything is numbered from 1 in the order of the data's files; 0 means none.  The numbers are those of the battle
 * engine for the same version, since both count the rows of the same files.
 */
#ifndef TEAM_FACTS_H
#define TEAM_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEAM_ID = 32, TEAM_NAME = 40, TEAM_LIST = 56 };

/* Types, by their place in a list of names; 0 is none.  Stellar is a Tera type only. */
enum { TEAM_TYPES = 19, TEAM_STELLAR = 19 };

enum team_tag { TAG_MYTHICAL = 1, TAG_RESTRICTED = 2, TAG_SUB_LEGENDARY = 4, TAG_PARADOX = 8, TAG_ULTRA_BEAST = 16 };

struct team_event {        /* what a Pokémon that was given away must be like */
    int8_t level, perfect; /* least level; least number of IVs of 31 */
    int8_t ivs[6];         /* exact ones, -1: any */
    char gender;           /* 'M', 'F' or 0 */
    uint8_t shiny;         /* 0 never, 1 may be, 2 must be */
};

struct team_gate { /* a move that not every Pokémon of the species can know */
    uint16_t move;
    uint16_t events, events_n; /* it must be like one of these; none: only the level counts */
    uint8_t level;
    bool not_go; /* the level counts only for one that came from the other game */
};

struct team_species {
    char id[TEAM_ID], name[TEAM_NAME];
    uint16_t base;         /* the species that gives the name, perhaps itself */
    uint16_t changes_from; /* forme that it is made from before a battle, or 0 */
    uint16_t battle_only;  /* forme that it is outside battles, or 0 */
    uint16_t prevo;
    uint16_t abilities[4]; /* first, second, hidden, special; 0 where there is none */
    uint16_t items[2], required_ability, required_move;
    uint16_t learnset;       /* row */
    uint16_t only, only_n;   /* events; some: it comes from these alone */
    uint16_t young, young_n; /* events that had it below `level` */
    uint16_t gates, gates_n; /* moves with bounds */
    uint8_t stats[6], types[2];
    uint8_t required_tera;
    uint8_t level, perfect; /* least level, least number of IVs of 31 */
    uint8_t go[3];          /* least level, least IV, shiny too: the other game's rules; level 0: none */
    uint8_t tags;           /* enum team_tag */
    char gender;            /* 'M', 'F', 'N', or 0: both */
    bool cosmetic, nfe, go_only;
};

/* What a move does, as far as sets are chosen by it. */
enum team_move_flag {
    TM_CHARGE = 1 << 0, /* needs a turn first, or after */
    TM_CONTACT = 1 << 1,
    TM_FAINTS = 1 << 2, /* the user faints */
    TM_HEALS = 1 << 3,  /* half of the user's HP or so */
    TM_DRAINS = 1 << 4,
    TM_RECOIL = 1 << 5,
    TM_HAZARD = 1 << 6,
    TM_SCREEN = 1 << 7,
    TM_STATUS = 1 << 8, /* its main effect is a status of the foe */
    TM_SETUP = 1 << 9,  /* raises the user's own attack or speed, for sure */
    TM_SETUP_PHYSICAL = 1 << 10,
    TM_SETUP_SPECIAL = 1 << 11,
    TM_PIVOT = 1 << 12,      /* the user switches out */
    TM_SELF_DROPS = 1 << 13, /* lowers the user's own attacking stat */
    TM_ODD = 1 << 14,        /* works only with a plan that no set has: OHKO, first turn only, asleep, ... */
    TM_SOUND = 1 << 15,
    TM_PUNCH = 1 << 16,
    TM_SLICING = 1 << 17,
    TM_BITE = 1 << 18,
    TM_PULSE = 1 << 19,
    TM_SECONDARY = 1 << 20, /* Sheer Force works on it */
    TM_MULTIHIT = 1 << 21,
    TM_REMOVES = 1 << 22, /* clears hazards */
    TM_SUBSTITUTE = 1 << 23,
};

struct team_move {
    char id[TEAM_ID], name[TEAM_NAME];
    uint32_t flags;
    uint16_t power;         /* of all hits together, as it may be expected */
    uint8_t type, category; /* category: 0 physical, 1 special, 2 status */
    uint8_t accuracy;       /* 0: never misses */
    int8_t priority;
};

struct team_ability {
    char id[TEAM_ID], name[TEAM_NAME];
};

struct team_item {
    char id[TEAM_ID], name[TEAM_NAME];
    uint16_t forme;     /* that holding it brings, or 0 */
    uint16_t users[10]; /* species that it is made for */
    bool berry, ball;
    bool stone;      /* its users mega evolve with it */
    uint16_t z_from; /* a Z-Crystal: the move it is made for, or 0 */
    uint8_t z_type;  /* or the type of the moves it is for, or 0 */
};

struct team_nature {
    char id[TEAM_ID], name[TEAM_NAME];
    int8_t plus, minus; /* place in stats, 1..5; 0: none */
};

/* ---------------------------------------------------------------------------------------------- formats --- */

enum team_once { ONCE_SPECIES = 1, ONCE_ITEM = 2, ONCE_NICKNAME = 4 };
enum team_battle_clause { BATTLE_SLEEP_CLAUSE = 1, BATTLE_FREEZE_CLAUSE = 2, BATTLE_ENDLESS_CLAUSE = 4 };

struct team_list { /* numbers of what is banned */
    uint16_t n, list[TEAM_LIST];
};

struct team_clause {
    char id[TEAM_ID], name[TEAM_NAME];
    char why[120]; /* what to do instead */
    struct team_list moves, abilities, items;
    uint8_t once;   /* enum team_once */
    uint8_t battle; /* enum team_battle_clause: for who runs the battle */
};

struct team_format {
    char id[TEAM_ID], name[TEAM_NAME];
    uint8_t size[2], level[2], moves; /* least and most; most */
    uint8_t level_default;            /* of sets that say none */
    uint8_t level_set;                /* every level becomes this, 0: it stays */
    uint16_t evs;                     /* in all */
    uint8_t ev, iv;                   /* of one stat */
    uint8_t tags;                     /* enum team_tag of banned species */
    uint8_t once, battle;             /* of all its clauses together */
    bool tera, obtainable;            /* Terastallization; what cannot be obtained is a mistake */
    bool level_even;                  /* random teams: the stronger, the lower the level */
    uint32_t clauses;                 /* bit i: the facts' clause i */
    struct team_list species, moves_banned, abilities, items;
};

/* ------------------------------------------------------------------------------------------------ facts --- */

struct team_names; /* ids in order */

struct team_facts {
    char version[24];
    uint16_t species_n, moves_n, abilities_n, items_n, natures_n, events_n, gates_n, learnset_words;
    uint16_t clauses_n, formats_n;
    struct team_species *species; /* [1..n] of each */
    struct team_move *moves;
    struct team_ability *abilities;
    struct team_item *items;
    struct team_nature *natures;
    struct team_clause *clauses; /* [0..n-1] */
    struct team_format *formats;
    struct team_event *events; /* [0..n-1] */
    struct team_gate *gates;
    uint64_t *learnsets;                   /* rows of learnset_words words; bit m: move m */
    uint8_t chart[TEAM_TYPES][TEAM_TYPES]; /* [attack][target], in halves */
    struct team_names *names;
};

/* Gives the text of a file of the version ("species.json"), NULL if there is none. */
typedef const char *team_source(void *ctx, const char *name, size_t *len);

/* The text of a document ("formats") of a built-in version, NULL if there is none; static memory. */
const char *team_document(const char *version, const char *name, size_t *len);

/* Compiles a data version.  NULL: `why` (size bytes) tells the file and what is wrong.  team_facts_free gives it back.
 */
struct team_facts *team_facts_read(const char *version, team_source *source, void *ctx, char *why, size_t size);
/* A mistake: the file, the id of the row ("": the file itself) and a sentence. */
typedef void team_mistake(void *ctx, const char *file, const char *row, const char *sentence);
/* The same, but it is read to its end and every mistake is told. */
struct team_facts *team_facts_check(const char *version, team_source *source, void *ctx, team_mistake *tell,
                                    void *tell_ctx);
void team_facts_free(struct team_facts *facts);

/* The facts of a built-in version, NULL if there is none.  Compiled at the first call, by any thread; they live on. */
const struct team_facts *team_facts_find(const char *version);

/* Numbers by id, 0 if there is none. */
uint16_t team_species(const struct team_facts *facts, const char *id);
uint16_t team_move(const struct team_facts *facts, const char *id);
uint16_t team_ability(const struct team_facts *facts, const char *id);
uint16_t team_item(const struct team_facts *facts, const char *id);
uint16_t team_nature(const struct team_facts *facts, const char *id);

/* A type by its id ("fire"), 0 if there is none; its name. */
uint8_t team_type(const char *id);
const char *team_type_name(uint8_t type);

/* NULL if there is none. */
const struct team_format *team_format(const struct team_facts *facts, const char *id);

bool team_learns(const struct team_facts *facts, uint16_t species, uint16_t move);
/* The gate of a move of a species, NULL when any may know it. */
const struct team_gate *team_gate(const struct team_facts *facts, uint16_t species, uint16_t move);
bool team_listed(const struct team_list *list, uint16_t number);

#endif
