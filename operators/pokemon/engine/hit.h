/* hit.h - what the files of a move's way to its target share: steps.c, effects.c, hit.c. */
#ifndef BATTLE_HIT_H
#define BATTLE_HIT_H

#include "engine.h"

static inline ref move_ref(const struct attack *a)
{
    return (ref)(REF_MOVE | a->number);
}

/* plain.c */
bool use_is_plain(struct ctx *c, const struct attack *a);
bool use_plainly(struct ctx *c, struct attack *a); /* false: it did nothing */

/* hit.c */
/* What follows the damage of a move's only hit, nothing else having a part in it. */
void plain_hit_done(struct ctx *c, struct attack *a, int target, int damage);

/* steps.c */
void told_missed(struct ctx *c, const struct attack *a, int target);
static inline void say_missed(struct ctx *c, const struct attack *a, int target)
{
    if (c->watched)
        told_missed(c, a, target);
}
int hit_starts(struct ctx *c, struct attack *a, int target); /* its own doubts, and what comes before it */
/* The steps up to the hits.  Past them: R_TRUE, 0 or R_UNDEF. */
int reaches(struct ctx *c, struct attack *a, int target);
void step_break(struct ctx *c, struct attack *a, int target); /* Protect and its kind, which it breaks */
void step_steal(struct ctx *c, struct attack *a, int target); /* of stages */
int boost_seen(struct ctx *c, int t, enum battle_stat s);
bool drawn_hit(struct ctx *c, int accuracy); /* below 0: always */

/* effects.c */
/* What a part does to its target.  target NOBODY: a Substitute stands in front of it. */
int run_effects(struct ctx *c, struct attack *a, const struct dex_effect *p, bool main, int target, int damage,
                bool secondary, bool self);
void own_part(struct ctx *c, struct attack *a); /* of one that has such a part */
void secondaries(struct ctx *c, struct attack *a, int target);

#endif
