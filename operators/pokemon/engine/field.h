/*
 * field.h - weather, terrain and rooms; what lies on a side, and what waits for its place.
 */
#ifndef BATTLE_FIELD_H
#define BATTLE_FIELD_H

#include "ctx.h"

/* ----------------------------------------------------------------------------------------------------- field.c --- */

int weather_now(struct ctx *c);        /* as nobody suppresses it */
int weather_for(struct ctx *c, int t); /* as it is for one that may hold an umbrella */
int terrain_now(const struct ctx *c);

int set_weather(struct ctx *c, int weather, int source, ref cause);
void clear_weather(struct ctx *c);
int set_terrain(struct ctx *c, int terrain, int source, ref cause);
void clear_terrain(struct ctx *c);
int set_room(struct ctx *c, int room, int source, ref cause);
void end_room(struct ctx *c, int room);
void weather_residual(struct ctx *c);
void grass_residual(struct ctx *c, int t);

/* ----------------------------------------------------------------------------------------------------- sides.c --- */

int set_side(struct ctx *c, int side, int condition, int source, ref cause);
/* It is there for one turn and shields its side. */
static inline bool side_guards(int condition)
{
    return condition == SIDE_QUICK_GUARD || condition == SIDE_WIDE_GUARD || condition == SIDE_CRAFTY_SHIELD ||
           condition == SIDE_MAT_BLOCK;
}
bool end_side(struct ctx *c, int side, int condition);
bool end_side_quietly(struct ctx *c, int side, int condition);
int set_slot(struct ctx *c, int side, int slot, int source, ref cause, struct attack *a);
void pledge_residual(struct ctx *c, int t);
void wish_residual(struct ctx *c, int t);
void future_residual(struct ctx *c, int t);

/* Is there anything on the side?  Three words that overlap are all its turns. */
static inline bool side_conditions(const struct battle_side *s)
{
    uint64_t first, middle, last;
    _Static_assert(sizeof s->turns > 16 && sizeof s->turns <= 24, "three words are all of them");
    memcpy(&first, s->turns, sizeof first);
    memcpy(&middle, s->turns + 8, sizeof middle);
    memcpy(&last, s->turns + sizeof s->turns - sizeof last, sizeof last);
    return first | middle | last | s->replacing;
}

static inline bool rooms(const struct battle *b)
{
    uint64_t first, last;
    memcpy(&first, b->rooms, sizeof first);
    memcpy(&last, b->rooms + sizeof b->rooms - sizeof last, sizeof last);
    return first | last;
}

#endif
