/* program.h - what the files that run programs share: program.c runs them, operations.c does what they say. */
#ifndef BATTLE_PROGRAM_H
#define BATTLE_PROGRAM_H

#include "conditions.h"
#include "vocab.h"

enum { R_DONE = -6 }; /* of an operation: the hook ends, and says nothing */

static inline int who_is(const struct ctx *c, const struct call *e, unsigned w)
{
    switch (w) {
    case WHO_HOLDER: return e->holder;
    case WHO_FOE: return e->holder == NOBODY ? NOBODY : foe_of(c, e->holder);
    case WHO_TARGET: return e->target;
    case WHO_SOURCE: return e->source;
    default: return e->a ? e->a->user : c->active_user;
    }
}

/* Arguments of two words. */
static inline uint32_t two_words(const uint16_t *arg)
{
    return arg[0] | (uint32_t)arg[1] << 16;
}

int quantity(struct ctx *c, const struct call *e, unsigned q, int t);
/* The counter of the hook's own ability or item. */
uint8_t *own_count(struct ctx *c, const struct call *e);
/* Who does what a program says: who uses the move, or holds what the hook belongs to. */
int doer(const struct call *e);
/* Ability, item, move or condition that the hook belongs to, as a line of the log names it. */
unsigned own_name(const struct call *e);
/* The two words of a %b. */
void unpack_stages(const uint16_t *arg, int8_t out[STAGES]);
/* n/d of its full HP, at least 1. */
int part_of(const struct ctx *c, int t, const uint16_t *r);
/* A line about the holder that names what the hook belongs to. */
void name_holder(struct ctx *c, const struct call *e, enum battle_line line);

/* An operation: what the hook answers, R_UNDEF to go on, R_DONE to end; of a deed how it went. */
int operate(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg);
/* Its kinds that are in files of their own. */
int answer(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg);
void change_field(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg);

#endif
