/* dispatch.h - hooks found for an event, in the order in which they run. */
#ifndef BATTLE_DISPATCH_H
#define BATTLE_DISPATCH_H

#include "engine.h"

enum { FOUND_MAX = 40 };

struct found { /* a hook that is to run */
    const struct hook *hook;
    const struct effect *fx;
    int8_t holder;
    uint8_t kind; /* enum carrier_kind */
    uint8_t rank; /* of those alike in all else the lower comes first, and of these who was found first */
};

/* Whose effects were searched and in which role they listen, in the order in which they are asked if all else is equal;
 * 0: not at all. */
enum rank {
    RANK_SELF = 1, /* the one it happens to */
    RANK_ALLY,
    RANK_ANY,
    RANK_FOE,
    RANK_FOE_ANY,
    RANK_SOURCE,
    RANK_SIDE,
    RANK_SIDE_ANY,
    RANK_OTHER_SIDE,
    RANK_OTHER_SIDE_ANY,
    RANK_FIELD
};

enum ordering {
    IN_ORDER,    /* by order, priority, speed and kind; ties may be drawn for (ties.h) */
    AS_FOUND,    /* speed and kind do not count */
    WITHOUT_TIES /* as IN_ORDER, but none is drawn for */
};

struct search { /* never cleared: the first n count */
    struct ctx *c;
    enum ordering ordering;
    int n;
    struct found list[FOUND_MAX];
};

static inline void search_begins(struct search *s, struct ctx *c, enum ordering ordering)
{
    s->c = c;
    s->ordering = ordering;
    s->n = 0;
}

static inline void found(struct search *s, const struct hook *h, const struct effect *fx, int holder,
                         enum carrier_kind kind, unsigned rank)
{
    if (s->n < FOUND_MAX)
        s->list[s->n++] = (struct found){h, fx, (int8_t)holder, (uint8_t)kind, (uint8_t)rank};
}

void sort_found(struct search *s, const struct call *e);
/* Puts what was found in order.  e: the event, where ties are drawn for. */
static inline void search_ends(struct search *s, const struct call *e)
{
    if (s->n > 1) /* seldom */
        sort_found(s, e);
}
/* What decides about the order before the rank; the low 16 bits are free. */
uint64_t found_key(const struct search *s, const struct found *f);
/* ties_events.c: the same, ties are drawn. */
void sort_found_drawn(struct search *s, const struct call *e);

bool something_silences(struct ctx *c, const struct call *e, enum carrier_kind kind, int holder,
                        const struct effect *fx);
/* Is the hook no more at work now that its turn has come? */
static inline bool silenced(struct ctx *c, const struct call *e, enum carrier_kind kind, int holder,
                            const struct effect *fx)
{
    fresh(c);
    return (kind == CARRY_STATUS || (HAS_KITS && (c->some_off || (c->attack && c->attack->ignore_ability)))) &&
           something_silences(c, e, kind, holder, fx);
}

#endif
