/* natives.c - all lists of natives. */
#include "natives.h"

const struct native *const native_lists[] = {natives_moves_ability,
                                             natives_moves_call,
                                             natives_moves_field,
                                             natives_moves_item,
                                             natives_moves_power,
                                             natives_moves_self,
                                             natives_moves_type,
                                             natives_abilities_arrival,
                                             natives_abilities_formes,
                                             natives_abilities_items,
                                             natives_abilities_moves,
                                             natives_abilities_stages,
                                             natives_items,
                                             natives_items_berries,
                                             natives_items_stages,
                                             natives_past_power,
                                             natives_past,
                                             natives_past_moves,
                                             natives_formes,
                                             NULL};
