/* queue.h - what turn.c needs of queue.c and of the moves. */
#ifndef BATTLE_QUEUE_H
#define BATTLE_QUEUE_H

#include "engine.h"

void queue_sort(struct ctx *c);
void action_time(struct ctx *c, struct action *a);
/* Behind all that are there.  A step adds a dozen at most: there is room for three times as many. */
static inline struct action *queue_add(struct ctx *c, enum action_kind kind, int side, int arg)
{
    static const uint8_t orders[] = {
        [ACT_START] = 2,  [ACT_INSTASWITCH] = 3,   [ACT_BEFORE_TURN] = 4, [ACT_BEFORE_TURN_MOVE] = 5,
        [ACT_REVIVE] = 6, [ACT_RUN_SWITCH] = 101,  [ACT_SWITCH] = 103,    [ACT_MEGA] = 104,
        [ACT_TERA] = 106, [ACT_CHARGE_MOVE] = 107, [ACT_MOVE] = 200,      [ACT_RESIDUAL] = 255};
    struct action *a = c->queue + c->queue_n;
    if (c->queue_n < ACTIONS && a < c->actions + sizeof c->actions / sizeof *c->actions)
        c->queue_n++;
    else
        a--;
    *a = (struct action){.kind = (uint8_t)kind, .side = (uint8_t)side, .arg = (uint8_t)arg, .order = orders[kind]};
    return a;
}
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
