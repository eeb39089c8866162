/*
 * turn.h - what the files of the course of a battle share: turn.c, switching.c, choices.c, faint.c, start.c.
 */
#ifndef BATTLE_TURN_H
#define BATTLE_TURN_H

#include "engine.h"
#include "queue.h"

/* turn.c */
void run_queue(struct ctx *c);
/* A step with choices that are legal. */
typedef enum battle_result play_function(struct battle *b, const struct dex *dex, const int choices[2],
                                         struct battle_log *log);
FOR_OTHERS play_function play_step;
#ifdef CORE_RULES_TOO
play_function core_play_step; /* the same of the copy for core rules */
#endif

/* switching.c */
void end_effects(struct ctx *c, int t);
void clear_active(struct ctx *c, int t);
void say_details(struct ctx *c, enum battle_line line, int t);
void run_switch(struct ctx *c, int side);
bool send_in(struct ctx *c, int side, int slot, bool dragged, int pass, ref from);
void drags(struct ctx *c);

/* choices.c */
void ask_moves(struct ctx *c);
void ask_switches(struct ctx *c, const bool asked[2], bool midway);
void commit_move(struct ctx *c, int t, int choice);
void commit_switch(struct ctx *c, int t, int slot);
void restore_queue(struct ctx *c, const uint8_t queued[2]);

/* faint.c */
void end_battle(struct ctx *c, enum battle_winner winner);
void end_by_cap(struct ctx *c);

#endif
