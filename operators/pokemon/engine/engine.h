/*
 * engine.h - what the engine's own files share: all of it, in headers of one idea each.
 *
 *     ctx.h        a step and what it carries: the move under way, actions, results
 *     draw.h       random numbers
 *     listeners.h  who listens to what
 *     who.h        who stands on the field, and what it has
 *     event.h      events, and how they are asked
 *     say.h        lines of the log, what is revealed
 *     mon.h        stats, moves and PP, types and immunities, formes
 *     vitals.h     HP, stages, status, volatiles, items, abilities
 *     field.h      weather, terrain, rooms, sides
 *     course.h     the course of a turn
 *     move.h       moves, damage, Mega Evolution, Z-Moves
 */
#ifndef BATTLE_ENGINE_H
#define BATTLE_ENGINE_H

#include "ctx.h"
#include "draw.h"
#include "listeners.h"
#include "who.h"
#include "event.h"
#include "say.h"
#include "mon.h"
#include "vitals.h"
#include "field.h"
#include "course.h"
#include "move.h"

#endif
