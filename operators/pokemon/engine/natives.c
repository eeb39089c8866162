/* natives.c - all lists of natives. */
#include "natives.h"

const struct native *const native_lists[] = {natives_moves_power,
                                             natives_moves_hit,
                                             natives_moves_use,
                                             natives_abilities,
                                             natives_abilities_a,
                                             natives_abilities_b,
                                             natives_abilities2,
                                             natives_items,
                                             natives_items2,
                                             natives_abilities_n,
                                             natives_past,
                                             natives_formes,
                                             NULL};
