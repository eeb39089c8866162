/* conditions.h - hooks of conditions, declared in C beside the functions that run (conditions*.c). */
#ifndef BATTLE_CONDITIONS_H
#define BATTLE_CONDITIONS_H

#include "engine.h"

/* Lists that end with event EV_NONE; the last pointer is NULL.  hooks.c compiles them. */
extern const struct native_hook condition_hooks_status[], condition_hooks_mon[], condition_hooks_choice[],
    condition_hooks_turn[], condition_hooks_field[], condition_hooks_side[], condition_hooks_ties[];
extern const struct native_hook *const condition_hook_lists[];

#define VOL(name) (COND_VOLATILE + VOL_##name)
#define STATUS(name) (COND_STATUS + STATUS_##name)
#define SIDE(name) (COND_SIDE + SIDE_##name)
#define WEATHER(name) (COND_WEATHER + WEATHER_##name)
#define TERRAIN(name) (COND_TERRAIN + TERRAIN_##name)
#define ROOM(name) (COND_ROOM + ROOM_##name)

/* The move of the event is one of those that reach who flies and so on. */
static inline bool is_one_of(const struct attack *a, const uint16_t *moves, int n)
{
    for (int i = 0; i < n; i++)
        if (moves[i] && a->number == moves[i])
            return true;
    return false;
}
static inline bool has_secondaries(const struct ctx *c, ref cause)
{
    return (cause & REF_CLASS) == REF_MOVE && move_row(c, cause & REF_NUMBER)->effects_n;
}
static inline bool is_move_ref(ref r)
{
    return (r & REF_CLASS) == REF_MOVE;
}
static inline int say_cant(struct ctx *c, int t, unsigned arg, unsigned move)
{
    say2(c, LINE_CANT, t, arg, move);
    return R_FALSE;
}
/* It begins a move that its item or ability holds it back from: told as a move that does nothing, and failed
 * (conditions_choice.c). */
int say_held(struct ctx *c, int t, unsigned move);

#endif
