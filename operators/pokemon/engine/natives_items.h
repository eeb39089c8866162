/* natives_items.h - what natives of items share. */
#ifndef BATTLE_NATIVES_ITEMS_H
#define BATTLE_NATIVES_ITEMS_H

#include "natives.h"

/* The item whose hook runs. */
static inline unsigned own_item(const struct call *e)
{
    return e->self & REF_NUMBER;
}

#endif
