/* move.h - what the files of one move share: move.c, reach.c, hit.c, self.c. */
#ifndef BATTLE_MOVE_H
#define BATTLE_MOVE_H

#include "internal.h"

struct attack { /* one use of a move */
    const struct dex_move *move;
    int side;        /* of the user */
    int hit;         /* 1.. */
    uint8_t type;    /* as it is now; Weather Ball changes it */
    unsigned power;  /* before the rules of its op */
    unsigned number; /* of the move in the dex */
    unsigned last;   /* what the Pokémon itself lost by the last hit */
};

/* Damage of one hit that meets its target; draws the critical hit and the roll, tells how it did. */
unsigned attack_damage(struct ctx *c, const struct attack *a);

/* The same in parts: damage that is not computed from power, or -1; and all modifiers of one hit. */
int fixed_damage(struct ctx *c, const struct attack *a);
struct hit attack_hit(const struct ctx *c, const struct attack *a, bool crit);

/* reach.c: all steps before the hit; says why not.  And those of a further hit that aims anew. */
bool reaches(struct ctx *c, const struct attack *a);
bool further_hit(struct ctx *c, const struct attack *a);
/* Would nothing come of it, whatever is drawn? */
bool immune_by_type(const struct ctx *c, const struct attack *a);
bool immune_by_rule(const struct ctx *c, const struct attack *a);
/* move.c: Weather Ball takes the weather's type. */
void change_type(const struct ctx *c, struct attack *a);

/* self.c: moves on the user itself, on sides and on the field. */
void self_move(struct ctx *c, const struct attack *a);
void field_move(struct ctx *c, const struct attack *a);

#endif
