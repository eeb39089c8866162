/*
 * natives_moves.h - what natives of moves share.
 *
 * On "try", "try_move", "modify_move" and "after_move" the user is e->target; on "power", "hit", "try_hit",
 * "secondary", "after_hit" and "move_fail" it is e->source; docs/rules.md has all events.
 */
#ifndef BATTLE_NATIVES_MOVES_H
#define BATTLE_NATIVES_MOVES_H

#include "natives.h"

#define OWN_REF ((ref)(REF_MOVE | e->a->number))

#endif
