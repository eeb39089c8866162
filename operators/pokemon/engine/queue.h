/* queue.h - what turn.c needs of queue.c and of the moves. */
#ifndef BATTLE_QUEUE_H
#define BATTLE_QUEUE_H

#include "engine.h"

void queue_sort(struct ctx *c);
void action_time(struct ctx *c, struct action *a);
struct action *queue_add(struct ctx *c, enum action_kind kind, int side, int arg);
void queue_insert(struct ctx *c, enum action_kind kind, int side, int arg);
struct action queue_take(struct ctx *c);
/* What is queued there comes next, whatever its speed, called up by the same move of the foe (Round). */
void queue_next(struct ctx *c, struct action *a);
void queue_first(struct ctx *c, enum action_kind kind, unsigned move, int t);

/* move.c */
void run_move_action(struct ctx *c, const struct action *a);
/* tera.c */
bool may_tera(const struct ctx *c, int t);
void terastallize(struct ctx *c, int t);
void keep_ability(const struct ctx *c, struct battle_mon *m); /* before it changes its forme; regress() gives it back */
void regress(const struct ctx *c, struct battle_mon *m);

#endif
