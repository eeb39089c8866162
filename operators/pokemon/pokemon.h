/*
 * pokemon.h - the Pokémon battle as a challenge: one game, and the parts that the files of this folder share.
 *
 *     pokemon.c      what the arena calls
 *     play.c         how a game goes on: begin, resolve turns, clock, end
 *     options.c      what a new game may be told
 *     teams.c        teams of today's data versions, by the library in team/
 *     gen1_teams.c   teams of versions that have no abilities and items; gen1_random.c   such that nobody sent
 *     dex_by_name.c  the tables of a data version
 *     choice.c       "move 1", "move 2 tera", "switch pikachu"
 *     said.c         what is said to whom: the log, requests
 *     record.c       the battle file of a game that is played again
 *     view.c         what a viewer may know, as JSON       view_mon.c      one Pokémon of it
 *     pieces.c       what of that never changes
 *     state.c        the bytes of a game
 *     agents.c       house players, which choose by agent_worth.c; agent_view.c: their way back from JSON
 *     engine/        the rules of the battle, a library without I/O
 *     team/          teams as people write them, another
 *
 * Everything a player or agent sees is made from battle_view() of the engine, never from struct battle: so a
 * secret can slip out in one place only.
 */
#ifndef POKEMON_H
#define POKEMON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/writer.h"
#include "arena/operator.h"
#include "engine/battle.h"
#include "pieces.h"
#include "team/team.h"

enum {
    POKEMON_SEATS = 2,
    POKEMON_SECONDS_MAX = 7 * 24 * 3600,
    POKEMON_LEVEL = 50,   /* where no format says another */
    POKEMON_VERSION = 64, /* room for the name of a data version and its NUL */
    POKEMON_STATE = 4,    /* of the bytes of a game */
};

enum stage {
    STAGE_JOINING, /* seats are free; teams may have been given with the options */
    STAGE_TEAMS,   /* somebody must send a team */
    STAGE_BATTLE,
    STAGE_OVER,
};

enum ending { ENDING_NONE, ENDING_FAINTED, ENDING_FORFEIT, ENDING_TURN_LIMIT, ENDINGS };

enum agent { AGENT_NONE, AGENT_RANDOM, AGENT_HEURISTIC, AGENTS };

struct party {    /* a team as the engine takes it, and what it does not know */
    uint8_t size; /* 0: not yet known */
    struct battle_set sets[BATTLE_PARTY];
    char names[BATTLE_PARTY]
              [BATTLE_NAME]; /* nicknames (team_nickname), "": none; they stay when the battle has begun */
};

struct settings {
    char format[TEAM_ID];          /* "" where the data version has none */
    uint8_t team_size;             /* of a drawn team; the most of a sent one */
    uint8_t level;                 /* 0: what the format says */
    bool choose;                   /* players send their teams */
    uint8_t agents[POKEMON_SEATS]; /* enum agent; AGENT_NONE: a player's seat */
    uint16_t max_turns;
    uint32_t turn_seconds; /* 0: no clock */
};

struct game {
    char version[POKEMON_VERSION]; /* of the data, as "gen9-v1"; for good */
    const struct dex *dex;
    const struct pieces *pieces;    /* of dex */
    const struct team_facts *facts; /* NULL: a version without formats, whose teams are those of gen1_teams.c */
    struct settings settings;
    uint8_t stage, ending;
    uint8_t winner;                    /* enum battle_winner */
    int choices[POKEMON_SEATS];        /* for the turn under way, BATTLE_NO_CHOICE */
    struct party teams[POKEMON_SEATS]; /* until the battle begins; then all but the names live on in the battle */
    bool fought;                       /* battle is there */
    struct battle battle;
    struct battle_known known; /* what the seats have shown each other in it */
};

/* ------------------------------------------------------------------------------------------ dex_by_name.c --- */

/* The built-in data versions, a NULL behind them; the first is for games that name none. */
extern const char *const pokemon_versions[];

/* The tables of a data version, NULL if there is none of this name.  They live as long as the module. */
const struct dex *pokemon_dex(const char *version);
/* What its teams are made of; NULL if there is no such version, or it has no formats. */
const struct team_facts *pokemon_facts(const char *version);

/* ---------------------------------------------------------------------------------------------- options.c --- */

/* Settings and given teams of a new game.  ARENA_OK, or what h->reject or a lack of memory returned. */
int options_read(const arena_host *h, arena_text json, struct game *game);
/* Puts the data version of this name into a game; false when there is none. */
bool game_use(struct game *game, const char *version, size_t len);
bool settings_valid(const struct game *game);

/* ------------------------------------------------------------------------------------------------ teams.c --- */

enum { TEXT_ID = 32 }; /* room for an id and its NUL */

/* The id in a text that people write: "Mr. Mime" is "mrmime".  False when it is too long for any. */
bool text_id(const char *text, size_t len, char out[TEXT_ID]);

/* The format that teams of a game must keep: the one it names, with its team size and level. */
struct team_format game_format(const struct game *game);

/* The clauses of that format that a battle is played by: bits of enum battle_clause.  A battle that has begun says
 * itself which it has. */
uint8_t game_clauses(const struct game *game);

/* A team that a player sent, in any form.  ARENA_OK; ARENA_REJECTED: `why` has every mistake, as "slot N, field: ...;
 * slot N, ..."; or ARENA_NOMEM. */
int sent_team(const arena_host *h, const struct game *game, arena_text text, struct party *out, struct writer *why);
/* A team in the options: a text as a player sends it or a JSON list; one to six of any level. */
int given_team(const arena_host *h, const struct game *game, const json_t *value, struct party *out,
               struct writer *why);
/* A team that nobody sent. */
int drawn_team(const arena_host *h, const struct game *game, struct party *out);

/* ------------------------------------------------------------------------------- gen1_teams.c, gen1_random.c --- */

struct gen1_rules {
    uint8_t size_min, size_max;
    uint8_t level, level_max; /* of sets that name none; most that may be named */
};

/* A team from JSON.  False: why holds a sentence that names the slot. */
bool gen1_team(const struct dex *dex, const json_t *list, const struct gen1_rules *rules, struct party *out,
               struct writer *why);

/* A team of size different Pokémon with sensible moves. */
void gen1_random(const arena_host *h, const struct dex *dex, uint8_t size, uint8_t level, struct party *out);

/* ----------------------------------------------------------------------------------------------- choice.c --- */

typedef const char (*choice_names)[BATTLE_NAME]; /* nicknames of the own party, NULL: there are none */

/* The choice in a player's words or JSON, or BATTLE_NO_CHOICE when it is none; *legal says whether it may be made now.
 * *why is a sentence about JSON that makes no sense, else NULL.  view is the player's own. */
int choice_read(const struct dex *dex, const struct battle_view *view, choice_names names, arena_text text, bool *legal,
                const char **why);
/* The forms that a choice of this data version may have, for who used another. */
void choice_write_forms(struct writer *w, const struct dex *dex);
/* The words of a choice: "move 1", "move 2 tera", "move struggle", "switch 3". */
void choice_write(struct writer *w, const struct dex *dex, const struct battle_view *view, int choice);
/* The word behind a move that a Pokémon may do once in a battle ("tera"), NULL for other choices; *slot is that of the
 * move. */
const char *choice_extra(int choice, int *slot);
/* What its Mega Evolution would be is Ultra Burst. */
bool choice_bursts(const struct dex *dex, const struct battle_view *view);
/* What the move in a slot is called as a Z-Move, NULL when it cannot be one now. */
const char *choice_z_name(const struct dex *dex, const struct battle_view *view, int slot);
/* All that may be chosen now, with names: "move 1 (Flamethrower), switch 2 (Sparky, Pikachu)". */
void choice_write_legal(struct writer *w, const struct dex *dex, const struct battle_view *view, choice_names names);
/* The first legal choice of a mask. */
int choice_first(uint32_t choices);

/* ------------------------------------------------------------------------------------------------- view.c --- */

enum { POKEMON_CLAUSES = 2 };
extern const char *const clause_names[POKEMON_CLAUSES]; /* in views, by bit of enum battle_clause */

/* The engine's view with what only the game knows: that it is over, and which choices are made already. */
void game_view(const struct game *game, int viewer, struct battle_view *out);
/* The JSON object of a viewer: a seat, ARENA_ALL or ARENA_FULL. */
void view_write(struct writer *w, const struct game *game, int32_t viewer);
/* The same of a seat's battle view alone.  Where in w its list of choices is. */
struct part {
    size_t at, len;
};
struct part view_write_seat(struct writer *w, const struct game *game, const struct battle_view *view);
/* "move 1", "switch 2", ... as a JSON list. */
void view_write_choices(struct writer *w, const struct dex *dex, const struct battle_view *view);
const char *view_phase(const struct game *game);
const char *view_ending(const struct game *game);

/* --------------------------------------------------------------------------------------------- view_mon.c --- */

/* A name of the engine as an id, "Leech Seed" as "leechseed": a key, a string. */
void write_id_key(struct writer *w, const char *name);
void write_id(struct writer *w, const char *name);
/* One of a team.  slot: as in "switch N", or -1 for one whose slot is not told; nickname: "" when it has none. */
void write_mon(struct writer *w, const struct pieces *pieces, const struct battle_view_side *side,
               const struct battle_view_mon *mon, const char *nickname, int slot);

/* ------------------------------------------------------------------------------------------------- play.c --- */

/* Seats whose players must act, bit k for seat k. */
uint32_t play_waiting(const struct game *game);
/* All seats are taken. */
int play_begin(const arena_host *h, struct game *game);
/* A team was stored or a choice was made: goes on as far as it can without the players. */
int play_advance(const arena_host *h, struct game *game);
int play_forfeit(const arena_host *h, struct game *game, uint32_t player);
int play_clock(const arena_host *h, struct game *game);
/* Whether a game that is over can have come to the ending and the winner that it says. */
bool play_ended_so(const struct game *game);

/* ------------------------------------------------------------------------------------------------- said.c --- */

struct said {    /* a piece of the log */
    bool begins; /* the header goes before it */
    int turn;
    const struct battle_log *log; /* NULL: none */
    const char *more;             /* a line that the engine does not know of, or NULL */
};

/* What happened, to each player with the own side's HP and to everyone without.  Each of these: ARENA_OK or
 * ARENA_NOMEM. */
int said_turn(const arena_host *h, const struct game *game, const struct said *said);
int said_request(const arena_host *h, const struct game *game, int seat);
int said_info(const arena_host *h, int seat, const char *text);
int said_end(const arena_host *h, const struct game *game);

/* ----------------------------------------------------------------------------------------------- record.c --- */

/* Who plays a game again may have it as a battle file (record "battle") and its log with nothing hidden ("log");
 * otherwise these do nothing. */

/* The record's maker, NULL when nobody wants one. */
const arena_record_1 *record_of(const arena_host *h);
/* The battle has begun with these sets, in this order: game has the nicknames. */
void record_begin(const arena_host *h, const struct game *game, const struct battle_set sets[2][BATTLE_PARTY],
                  const int sizes[2], uint64_t seed);
/* A step was made with these choices, after new randomness from seed. */
void record_step(const arena_host *h, const struct game *game, uint64_t seed, const int choices[2]);
void record_forfeit(const arena_host *h, const struct game *game, int side);
/* The battle is over, perhaps without its end (late: the last turn allowed was played). */
void record_end(const arena_host *h, const struct game *game, bool late);

/* ------------------------------------------------------------------------------------------------ state.c --- */

int state_serialize(const arena_host *h, const void *game, const void **bytes, size_t *len);
int state_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game);

/* ----------------------------------------------------------------------------------------------- agents.c --- */

extern const char *const agent_names[AGENTS]; /* [0] is NULL: names of enum agent, then a NULL at their end */

/* The agent of this name, AGENT_NONE if there is none. */
enum agent agent_find(const char *name);
/* One of choices (not 0), by what view shows its viewer. */
int agent_choose(const arena_host *h, enum agent agent, const struct dex *dex, const struct battle_view *view,
                 uint32_t choices);
/* Worth of each choice to the heuristic, for tests and for words about a choice.  INT32_MIN: not in choices. */
void agent_worth(const struct dex *dex, const struct battle_view *view, uint32_t choices,
                 int32_t worth[BATTLE_CHOICES]);

/* The view that JSON of a seat's view describes, and the tables that it is of.  NULL if it is not one.  The foe's
 * active one is in slot 0 of its side whatever its true slot, which is a secret. */
const struct dex *agent_view(arena_text json, struct battle_view *out);

extern const arena_agent_1 agent_extension;

#endif
