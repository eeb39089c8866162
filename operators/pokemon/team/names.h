/* names.h - ids in order, for facts.c and load.c only. */
#ifndef TEAM_NAMES_H
#define TEAM_NAMES_H

#include "facts.h"

enum team_kind { KIND_SPECIES, KIND_MOVE, KIND_ABILITY, KIND_ITEM, KIND_NATURE, KINDS };

struct team_name {
    const char *id;
    uint16_t number;
};

struct team_name_list {
    struct team_name *names;
    size_t n;
};

struct team_names {
    struct team_name_list kinds[KINDS];
};

void team_names_sort(struct team_name_list *list);

/* The files of the built-in versions; made by data/pokemon/team_texts.py.  Ends with a NULL version. */
struct team_text {
    const char *version, *name, *text;
    size_t len;
};
extern const struct team_text team_texts[];

/* load_move.c: what a row of moves.json is as a move for sets. */
#include <jansson.h>
bool team_read_move(const json_t *row, struct team_move *move);

#endif
