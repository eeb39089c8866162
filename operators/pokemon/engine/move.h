/* move.h - between move.c and hit.c. */
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
};

/* Damage of one hit that meets its target; draws the critical hit and the roll, tells how it did. */
unsigned attack_damage(struct ctx *c, const struct attack *a);

/* The same in parts: damage that is not computed from power, or -1; and all modifiers of one hit. */
int fixed_damage(struct ctx *c, const struct attack *a);
struct hit attack_hit(const struct ctx *c, const struct attack *a, bool crit);

/* move.c: would nothing come of it, whatever is drawn? */
bool immune_by_type(const struct ctx *c, const struct attack *a);
bool immune_by_rule(const struct ctx *c, const struct attack *a);
void change_type(const struct ctx *c, struct attack *a);

/* self.c: moves on the user itself, on sides and on the field. */
void self_move(struct ctx *c, const struct attack *a);
void field_move(struct ctx *c, const struct attack *a);

#endif
