/*
 * board.h - a Pokémon battle on the terminal: both sides with HP bars, and the choices with what they do.
 */
#ifndef CLI_BOARD_H
#define CLI_BOARD_H

#include <stdbool.h>

#include <jansson.h>

#include "core/text.h"

/* True when the view is a battle's, as a seat sees it. */
bool board_knows(const json_t *view);

/* Both active Pokémon with their bars. */
void board_draw(const json_t *view, struct text *out);

/* What the choice "move 1" or "switch 3" means, on one line without a newline. */
void board_choice(const json_t *view, const char *choice, struct text *out);

#endif
