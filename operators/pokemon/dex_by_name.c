/* dex_by_name.c - the tables of a data version by its name, which games carry in their bytes. */
#include "pokemon.h"

const char *const pokemon_versions[] = {"gen9-v1", "gen1-v1", NULL};

const struct dex *pokemon_dex(const char *version)
{
    return dex_find(version);
}

const struct team_facts *pokemon_facts(const char *version)
{
    return team_facts_find(version);
}
