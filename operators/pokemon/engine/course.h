/*
 * course.h - the course of a turn as others ask about it: who is still to move, who fainted, who may come in, what may
 * be chosen.  What its own files share is in turn.h.
 */
#ifndef BATTLE_COURSE_H
#define BATTLE_COURSE_H

#include "listeners.h"

/* ------------------------------------------------------------------------------------------------------ turn.c --- */

void ctx_begin(struct ctx *c, struct battle *b, const struct dex *dex, struct battle_log *log);

/* ----------------------------------------------------------------------------------------------------- queue.c --- */

bool will_move(const struct ctx *c, int t);
bool will_act(const struct ctx *c);
struct action *queued_move(struct ctx *c, int t);
void cancel_action(struct ctx *c, int t);

/* ----------------------------------------------------------------------------------------------------- faint.c --- */

bool tell_fainted(struct ctx *c, bool decide);
/* Tells who fainted since the last time.  decide: the battle may end here. */
static inline bool faint_messages(struct ctx *c, bool decide)
{
    return !c->ended && c->fainted_n && tell_fainted(c, decide);
}
bool decide_win(struct ctx *c, int last);
/* Is the battle over?  Then it is ended.  last: the side of who fainted last. */
static inline bool check_win(struct ctx *c, int last)
{
    if (!((c->mon[0]->flags | c->mon[1]->flags) & MON_FAINT_TOLD) && c->falling == NOBODY)
        return false; /* mostly: both sides have somebody out */
    return decide_win(c, last);
}
bool foe_left(const struct ctx *c, int t);

/* ------------------------------------------------------------------------------------------------- switching.c --- */

int can_switch(const struct ctx *c, int side);
int bench_left(const struct ctx *c, int side);
void drag_in(struct ctx *c, int side);

/* --------------------------------------------------------------------------------------------------- choices.c --- */

static inline uint32_t stored_choices(const struct battle_side *s)
{
    return s->choices | (uint32_t)s->choices_high << 16;
}
static inline void set_choices(struct battle_side *s, uint32_t mask)
{
    s->choices = (uint16_t)mask;
    s->choices_high = (uint8_t)(mask >> 16);
}
void battle_offered(struct battle *b, const struct dex *dex, uint32_t out[2]);

bool find_locked_move(struct ctx *c, int t, unsigned *move);
static inline bool locked_move(struct ctx *c, int t, unsigned *move) /* a move it must go on with */
{
    return heard(c, EV_lock_move, t, NOBODY) && find_locked_move(c, t, move);
}

#endif
