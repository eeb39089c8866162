/*
 * showdown.h - turns the log of a Pokémon battle ("|move|p1a: Charizard|Flamethrower|p2a: Venusaur") into sentences.
 */
#ifndef CLI_SHOWDOWN_H
#define CLI_SHOWDOWN_H

#include "core/text.h"

enum showdown_kind {
    LINE_SILENT, /* nothing that a reader wants to know; nothing was written */
    LINE_TURN,   /* a new turn begins */
    LINE_ACTION, /* a move, a switch */
    LINE_EFFECT, /* what comes of it */
    LINE_FAINT,
    LINE_RESULT, /* the battle is over */
};

struct showdown_side {
    char trainer[48]; /* "" until told */
    char pokemon[80]; /* the active one's name; "" until told */
    char status[8];   /* "brn"; "" for none */
    long hp, hp_max;  /* in percent (hp_max 100) when the log is everybody's */
};

/* What the log has told so far.  {.me = 0 or 1} for a player, {.me = -1} for a spectator; the rest zero. */
struct showdown {
    int me;
    struct showdown_side sides[2];
};

/* Reads one line of the log and appends its sentence, without a newline, to out. */
enum showdown_kind showdown_line(struct showdown *s, const char *line, struct text *out);

/* "100/153 brn", "0 fnt" or "54/100" into a side. */
void showdown_condition(struct showdown_side *side, const char *condition);

#endif
