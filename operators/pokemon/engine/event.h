/*
 * event.h - events and how they are asked: of all that listen, of one effect alone, of each Pokémon on the field; and
 * what their hooks do to numbers.
 */
#ifndef BATTLE_EVENT_H
#define BATTLE_EVENT_H

#include "who.h"

struct call { /* an event on its way through its hooks */
    uint8_t event;
    int target, source;
    int holder;     /* of the hook that runs: a side; NOBODY for the field */
    ref cause;      /* what brought the event about */
    ref self;       /* whose hook runs */
    uint16_t thing; /* what it is about: status, volatile + 1, type, item, ability, move */
    int value;      /* R_ or a number */
    uint32_t mod;   /* 4096ths, applied to value at the end */
    struct attack *a;
    int8_t *stages; /* of events about stages */
    bool stopped;
    bool any; /* an operation of the program under way has worked */
    bool numeric;
};

/* Runs the hooks of an event that is heard; returns its result. */
int dispatch(struct ctx *c, struct call *e);
/* The rare part of the functions below, kept out of them: they are called some sixty times a turn. */
int event_heard(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a);
int event_about_heard(struct ctx *c, enum event ev, int t, int source, ref cause, unsigned thing);
int event_number_heard(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a, int value);
int event_with_move_heard(struct ctx *c, enum event ev, int t, int source, struct attack *a, int value);
int move_single_heard(struct ctx *c, enum event ev, struct attack *a, int t, int source, int value);

/* Events without a number: R_TRUE unless a hook says otherwise. */
static inline int event(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a)
{
    return perhaps_heard(c, ev, t, source) ? event_heard(c, ev, t, source, cause, a) : R_TRUE;
}
/* The same about something. */
static inline int event_about(struct ctx *c, enum event ev, int t, int source, ref cause, unsigned thing)
{
    return perhaps_heard(c, ev, t, source) ? event_about_heard(c, ev, t, source, cause, thing) : R_TRUE;
}
/* Events that carry a number: what it becomes, or an R_ value. */
static inline int event_number(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a, int value)
{
    return perhaps_heard(c, ev, t, source) ? event_number_heard(c, ev, t, source, cause, a, value) : value;
}
/* With the hook of the move itself in front (its power, its limits to damage). */
static inline int event_with_move(struct ctx *c, enum event ev, int t, int source, struct attack *a, int value)
{
    const bool own = a->move->hears[ev / 64] >> (ev % 64) & 1;
    return own || perhaps_heard(c, ev, t, source) ? event_with_move_heard(c, ev, t, source, a, value) : value;
}
/* One effect alone is asked. */
int single(struct ctx *c, enum event ev, const struct effect *fx, int holder, int t, int source, ref cause,
           struct attack *a, int value);
static inline bool listens(const struct effect *fx, enum event ev)
{
    return hears(fx, ev / 64) >> (ev % 64) & 1;
}
static inline bool move_listens(const struct ctx *c, unsigned move, enum event ev)
{
    return move_row(c, move)->hears[ev / 64] >> (ev % 64) & 1;
}
static inline int move_single(struct ctx *c, enum event ev, struct attack *a, int t, int source, int value)
{
    return a->move->hears[ev / 64] >> (ev % 64) & 1 ? move_single_heard(c, ev, a, t, source, value) : value;
}
int ability_single(struct ctx *c, enum event ev, int t, int source);
int item_single(struct ctx *c, enum event ev, int t, int source);
/* Each active Pokémon, the faster first. */
void each_in_turn(struct ctx *c, enum event ev, ref cause);
/* Somebody waits on `update` for this one to be hurt, and it is. */
static inline bool hurt_wakes(const struct ctx *c, int t)
{
    return c->of_mon[t].update_hurt && c->mon[t]->hp * 2 <= c->mon[t]->hp_max;
}
static inline bool any_hurt_wakes(const struct ctx *c)
{
    return c->update_hurt && (hurt_wakes(c, 0) || hurt_wakes(c, 1));
}
static inline void each(struct ctx *c, enum event ev, ref cause)
{
    if (ev == EV_weather || (!unheard(ev) && has_event(c->any, ev)) || (ev == EV_update && any_hurt_wakes(c)))
        each_in_turn(c, ev, cause);
}
/* Each that listens, by order and speed: the end of the turn, arrivals. */
void residual_event(struct ctx *c);
void switch_in_event(struct ctx *c, unsigned arrived);
const struct effect *effect_of(const struct ctx *c, ref r);

int run_hook(struct ctx *c, struct call *e, const struct hook *h);
int run_program(struct ctx *c, struct call *e, uint16_t code); /* program.c */

/* Chains a modifier of 4096ths into the event. */
static inline int chain(struct call *e, uint32_t mod)
{
    e->mod = (e->mod * mod + 2048) >> 12;
    return R_UNDEF;
}
/* round half down of v * m / 4096 */
static inline uint32_t modify(uint32_t v, uint32_t m)
{
    return (uint32_t)(((uint64_t)v * m + 2047) >> 12);
}
/* n/d of v, rounded half up */
static inline unsigned share(unsigned v, unsigned n, unsigned d)
{
    return (2 * v * n + d) / (2 * d);
}

#endif
