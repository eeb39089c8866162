/*
 * game.h - the engine as the comparer sees it.  game.c is the only file here that knows its API.
 *
 * Texts are those of README.md, so that they can be compared with a tape's or hashed.
 */
#ifndef ORACLE_GAME_H
#define ORACLE_GAME_H

#include "tape.h"

/* Draws of the engine are answered by this; the comparer defines it. */
uint32_t battle_tape(uint32_t lo, uint32_t hi, int why);

/* Battles from here on are of this data version (gen9-v1 without a word); false when there is none. */
bool game_data(const char *version);
/* Forgets the teams, clauses and ties. */
void game_clear(void);
/* By which clauses the next start is played. */
void game_clauses(bool sleep, bool freeze);
/* In the next starts all ties are drawn. */
void game_ties(void);
/* Adds a team member; NULL, or what the engine does not know. */
const char *game_add(const struct tape_mon *m);
/* Keeps the teams as they are for later; their number from 0, or -1 when there is no room.  Taking them back looks
 * nothing up by name. */
int game_keep(void);
void game_take(int kept);
/* Randomness of the next start, where no tape answers. */
void game_seed(uint64_t seed);
/* No log from here on. */
void game_quiet(void);
/* Begins; false when the engine refuses the teams. */
bool game_start(void);
/* Legal choices, as bits of the tape's numbers. */
unsigned game_mask(int side);
/* Plays a step; false when the choices are refused (nothing is done then). */
bool game_step(const int choice[2]);
bool game_ended(void);
int game_winner(void);
int game_turn(void);
/* Text of a part after the last start or step. */
const char *game_text(enum tape_part part);

#endif
