/*
 * data.h - rules as data: the sets that administrators make from the built-in versions, and those of them that were
 * loaded.
 */
#ifndef POKEMON_DATA_H
#define POKEMON_DATA_H

#include "arena/operator.h"
#include "engine/dex.h"
#include "team/facts.h"

/* What was loaded under this name, NULL if nothing was; facts also where the version has no formats.  Both live as long
 * as the module and never change. */
const struct dex *loaded_dex(const char *version);
const struct team_facts *loaded_facts(const char *version);

extern const arena_data_1 data_extension;

#endif
