/*
 * natives.h - C functions that the data names in "native NAME" (natives_*.c).
 *
 * Each file ends with a list of its functions; natives.c joins the lists.  A native gets the event on its way
 * (struct call of engine.h): e->target and e->source as the event has them, e->holder whose hook it is, e->a the move,
 * e->value the number.  It returns R_UNDEF to let things go on, or what the event becomes.
 */
#ifndef BATTLE_NATIVES_H
#define BATTLE_NATIVES_H

#include "conditions.h"
#include "queue.h"

#define NATIVE(name) static int name(struct ctx *c, struct call *e)
#define LISTED(name)                                                                                                   \
    {                                                                                                                  \
#name, name                                                                                                    \
    }
#define UNUSED (void)c, (void)e

extern const struct native natives_moves_power[], natives_moves_hit[], natives_moves_use[];
extern const struct native natives_abilities[], natives_abilities_a[], natives_abilities_b[], natives_abilities2[],
    natives_abilities_n[], natives_items[], natives_items2[], natives_past[], natives_formes[];

#endif
