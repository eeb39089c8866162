/*
 * natives.h - C functions that the data names in "native NAME" (natives_*.c).
 *
 * Each file ends with a list of its functions; natives.c joins the lists.  A native gets the event on its way
 * (struct call of event.h): e->target and e->source as the event has them, e->holder whose hook it is, e->a the move,
 * e->value the number.  It returns R_UNDEF to let things go on, or what the event becomes.
 */
#ifndef BATTLE_NATIVES_H
#define BATTLE_NATIVES_H

#include "conditions.h"
#include "queue.h"

#define NATIVE(name) static int name(struct ctx *c, struct call *e)
#define LISTED(name)                                                                                                   \
    {                                                                                                                  \
#name, name                                                                                                    \
    }
#define UNUSED (void)c, (void)e

unsigned type_of_ivs(uint32_t ivs); /* of Hidden Power */

/* Its types changed, by `from`: one or two of five bits, the first lowest (natives_moves_type.c). */
void say_type(struct ctx *c, int t, unsigned types, ref from);

/* The move in a slot is another from now on: Gorilla Tactics may hold on to what is no more. */
void tactics_lose(struct ctx *c, int t, int slot);

/* Each ends with a NULL name. */
extern const struct native natives_moves_ability[], natives_moves_call[], natives_moves_field[], natives_moves_item[],
    natives_moves_power[], natives_moves_self[], natives_moves_type[];
extern const struct native natives_abilities_arrival[], natives_abilities_formes[], natives_abilities_items[],
    natives_abilities_moves[], natives_abilities_stages[];
extern const struct native natives_items[], natives_items_berries[], natives_items_stages[];
extern const struct native natives_past_power[], natives_past[], natives_past_moves[],
    natives_formes[]; /* what only older generations have */

/* The order in which a move's stages change; see boost(). */
static inline uint32_t sequence_of(const struct ctx *c, ref cause)
{
    const uint32_t usual = 0x7654321;
    if (!is_move_ref(cause))
        return usual;
    const struct dex_move *m = move_row(c, cause & REF_NUMBER);
    const uint32_t own = m->hit.boosted ? m->hit.sequence : m->self ? c->dex->effects[m->self].sequence : 0;
    return own ? own : usual;
}

#endif
