/*
 * pieces.h - what views say of moves, species, abilities and the like, as JSON, written once for each data version.
 *
 * Every turn shows some fifty moves to two players, and what is said of a move never changes.
 */
#ifndef POKEMON_PIECES_H
#define POKEMON_PIECES_H

#include "../common/writer.h"
#include "engine/battle.h"

enum { PIECES_NATURES = 25 };

/* By the numbers of the data version; [0] is of none. */
struct pieces {
    const struct dex *dex;
    const struct pieces *next;
    const arena_text *moves;   /* {"id":"surf","name":"Surf", ... "accuracy":100 - what is its user's comes behind it */
    const arena_text *species; /* "species":"mew","name":"Mew","dex_no":151 */
    const arena_text *abilities; /* ,"ability":"Levitate" */
    const arena_text *items;     /* ,"item":"Leftovers" */
    const arena_text *types;     /* "Water" */
    const arena_text *natures;   /* ,"nature":"Timid" */
};

/* Those of a data version, made when they are first asked for; they live as long as the module.  NULL: there is no
 * memory for them. */
const struct pieces *pieces_of(const struct dex *dex);

static inline void writer_piece(struct writer *w, arena_text piece)
{
    writer_bytes(w, piece.ptr, piece.len);
}

#endif
