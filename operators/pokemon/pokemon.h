/*
 * pokemon.h - the Pokémon battle as a challenge: one game, and the parts that the files of this folder share.
 *
 *     pokemon.c      what the arena calls
 *     play.c         how a game goes on: begin, resolve turns, clock, end
 *     options.c      what a new game may be told
 *     teams.c        teams that players send      random_team.c   teams that nobody sent
 *     choice.c       "move 1", "switch pikachu"
 *     view.c         what a viewer may know, as JSON
 *     state.c        the bytes of a game
 *     agents.c       house players                agent_view.c    their way back from JSON
 *     engine/        the rules of the battle, a library without I/O
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

enum { POKEMON_SEATS = 2, POKEMON_SECONDS_MAX = 7 * 24 * 3600, POKEMON_LEVEL = 50 };

enum stage {
    STAGE_JOINING, /* seats are free; teams may have been given with the options */
    STAGE_TEAMS,   /* somebody must send a team */
    STAGE_BATTLE,
    STAGE_OVER,
};

enum ending { ENDING_NONE, ENDING_FAINTED, ENDING_FORFEIT, ENDING_TURN_LIMIT, ENDINGS };

enum agent { AGENT_NONE, AGENT_RANDOM, AGENT_HEURISTIC, AGENTS };

struct team {
    uint8_t size; /* 0: not yet known */
    struct battle_set sets[BATTLE_PARTY];
};

struct settings {
    uint8_t team_size, level;
    bool choose;                   /* players send their teams */
    uint8_t agents[POKEMON_SEATS]; /* enum agent; AGENT_NONE: a player's seat */
    uint16_t max_turns;
    uint32_t turn_seconds; /* 0: no clock */
};

struct game {
    const struct dex *dex;
    struct settings settings;
    uint8_t stage, ending;
    uint8_t winner;                   /* enum battle_winner */
    int choices[POKEMON_SEATS];       /* for the turn under way, BATTLE_NO_CHOICE */
    struct team teams[POKEMON_SEATS]; /* until the battle begins; then they live on in the battle */
    bool fought;                      /* battle is there */
    struct battle battle;
};

/* ---------------------------------------------------------------------------------------------- options.c --- */

/* The tables that new games use; games name theirs in their bytes. */
const struct dex *pokemon_dex(unsigned index);
unsigned pokemon_dex_index(const struct dex *dex);

/* Settings and given teams of a new game.  ARENA_OK, or what h->reject or a lack of memory returned. */
int options_read(const arena_host *h, arena_text json, struct game *game);
bool settings_valid(const struct settings *settings);

/* ------------------------------------------------------------------------------------------------ teams.c --- */

enum { TEXT_ID = 32 }; /* room for an id and its NUL */

/* The id in a text that people write: "Mr. Mime" is "mrmime".  False when it is too long for any. */
bool text_id(const char *text, size_t len, char out[TEXT_ID]);

struct team_rules {
    uint8_t size_min, size_max;
    uint8_t level, level_max; /* of sets that name none; most that may be named */
};

/* A team from JSON.  False: why holds a sentence that names the slot. */
bool team_read(const struct dex *dex, const json_t *list, const struct team_rules *rules, struct team *out,
               struct writer *why);

/* A team of size different Pokémon with sensible moves. */
void random_team(const arena_host *h, const struct dex *dex, uint8_t size, uint8_t level, struct team *out);

/* ----------------------------------------------------------------------------------------------- choice.c --- */

/* The choice in a player's words, or BATTLE_NO_CHOICE when it is none; *legal says whether it may be made now.
 * view is the player's own. */
int choice_read(const struct dex *dex, const struct battle_view *view, arena_text text, bool *legal);
/* The words of a choice: "move 1", "move struggle", "switch 3". */
void choice_write(struct writer *w, const struct dex *dex, const struct battle_view *view, int choice);
/* All that may be chosen now, with names: "move 1 (Flamethrower), switch 2 (Pikachu)". */
void choice_write_legal(struct writer *w, const struct dex *dex, const struct battle_view *view);
/* The first legal choice of a mask. */
int choice_first(uint32_t choices);

/* ------------------------------------------------------------------------------------------------- view.c --- */

/* The engine's view with what only the game knows: that it is over, and which choices are made already. */
void game_view(const struct game *game, int viewer, struct battle_view *out);
/* The JSON object of a viewer: a seat, ARENA_ALL or ARENA_FULL. */
void view_write(struct writer *w, const struct game *game, int32_t viewer);
/* The same of a seat's battle view alone. */
void view_write_seat(struct writer *w, const struct game *game, const struct battle_view *view);
/* "move 1", "switch 2", ... as a JSON list. */
void view_write_choices(struct writer *w, const struct dex *dex, const struct battle_view *view);
const char *view_phase(const struct game *game);
const char *view_ending(const struct game *game);

/* ------------------------------------------------------------------------------------------------- play.c --- */

/* Seats whose players must act, bit k for seat k. */
uint32_t play_waiting(const struct game *game);
/* All seats are taken. */
int play_begin(const arena_host *h, struct game *game);
/* A team was stored or a choice was made: goes on as far as it can without the players. */
int play_advance(const arena_host *h, struct game *game);
int play_forfeit(const arena_host *h, struct game *game, uint32_t player);
int play_clock(const arena_host *h, struct game *game);

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

/* The view that JSON of a seat's view describes.  False if it is not one.  The foe's active one is in slot 0
 * of its side whatever its true slot, which is a secret. */
bool agent_view(const struct dex *dex, arena_text json, struct battle_view *out);

extern const arena_agent_1 agent_extension;

#endif
