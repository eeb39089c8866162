/*
 * say.h - lines of the log as they are said, and what is revealed to all.
 */
#ifndef BATTLE_SAY_H
#define BATTLE_SAY_H

#include "ctx.h"
#include "log.h"

/* ------------------------------------------------------------------------------------------------------- log.c --- */

/* A line of the log with up to three arguments.  Arguments and `from` are log.h's SAY_ values.  Nothing of it is done
 * when nobody watches: NULL then, and when events are not wanted. */
struct battle_event *told_line(struct ctx *c, enum battle_line kind, int t);
struct battle_event *told_line1(struct ctx *c, enum battle_line kind, int t, unsigned arg);
struct battle_event *told_line2(struct ctx *c, enum battle_line kind, int t, unsigned arg, unsigned arg2);
struct battle_event *told_from(struct ctx *c, enum battle_line kind, int t, unsigned arg, ref from, int of);
void told_hp(struct ctx *c, enum battle_line kind, int t, ref from, int of, unsigned marks);
static inline struct battle_event *say(struct ctx *c, enum battle_line kind, int t)
{
    return c->watched ? told_line(c, kind, t) : NULL;
}
static inline struct battle_event *say1(struct ctx *c, enum battle_line kind, int t, unsigned arg)
{
    return c->watched ? told_line1(c, kind, t, arg) : NULL;
}
static inline struct battle_event *say2(struct ctx *c, enum battle_line kind, int t, unsigned arg, unsigned arg2)
{
    return c->watched ? told_line2(c, kind, t, arg, arg2) : NULL;
}
static inline struct battle_event *say_from(struct ctx *c, enum battle_line kind, int t, unsigned arg, ref from, int of)
{
    return c->watched ? told_from(c, kind, t, arg, from, of) : NULL;
}
static inline void say_hp(struct ctx *c, enum battle_line kind, int t, ref from, int of, unsigned marks)
{
    if (c->watched)
        told_hp(c, kind, t, from, of, marks);
}
void say_mark(struct ctx *c, unsigned mark);     /* on the last move line */
void say_animation(struct ctx *c, unsigned arg); /* how the last move looks */
void told_fail(struct ctx *c, int t);
static inline void say_fail(struct ctx *c, int t) /* "-fail" and a still move */
{
    if (c->watched)
        told_fail(c, t);
}

/* ------------------------------------------------------------------------------------------------------ seen.c --- */

enum {                     /* what reveal() can tell to all */
       MON_MOVE_KNOWN = 1, /* << slot: that move */
       MON_ABILITY_KNOWN = 1 << BATTLE_MOVES,
       MON_ITEM_KNOWN = 2 << BATTLE_MOVES
};
void told_what(struct ctx *c, int t, unsigned what);
static inline void reveal(struct ctx *c, int t, unsigned what)
{
    if (c->known)
        told_what(c, t, what);
}

#endif
