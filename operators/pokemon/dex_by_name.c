/* dex_by_name.c - the tables of a data version by its name, which games carry in their bytes. */
#include "data.h"
#include "pokemon.h"

const char *const pokemon_versions[] = {"gen9-v1", "natdex-v1", "gen1-v1", NULL};

const struct dex *pokemon_dex(const char *version)
{
    const struct dex *dex = loaded_dex(version);
    return dex ? dex : dex_find(version);
}

const struct team_facts *pokemon_facts(const char *version)
{
    return loaded_dex(version) ? loaded_facts(version) : team_facts_find(version);
}
