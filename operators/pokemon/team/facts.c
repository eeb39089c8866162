/* facts.c - looking things up in the facts of teams. */
#include "names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct team_name *)a)->id, ((const struct team_name *)b)->id);
}

void team_names_sort(struct team_name_list *list)
{
    qsort(list->names, list->n, sizeof *list->names, compare);
}

static uint16_t find(const struct team_facts *facts, enum team_kind kind, const char *id)
{
    const struct team_name_list *list = &facts->names->kinds[kind];
    struct team_name key = {.id = id};
    const struct team_name *found = id[0] ? bsearch(&key, list->names, list->n, sizeof key, compare) : NULL;
    return found ? found->number : 0;
}

uint16_t team_species(const struct team_facts *facts, const char *id)
{
    return find(facts, KIND_SPECIES, id);
}

uint16_t team_move(const struct team_facts *facts, const char *id)
{
    return find(facts, KIND_MOVE, id);
}

uint16_t team_ability(const struct team_facts *facts, const char *id)
{
    return find(facts, KIND_ABILITY, id);
}

uint16_t team_item(const struct team_facts *facts, const char *id)
{
    return find(facts, KIND_ITEM, id);
}

uint16_t team_nature(const struct team_facts *facts, const char *id)
{
    return find(facts, KIND_NATURE, id);
}

/* The order of types.json, which is that of the alphabet. */
static const char *const type_names[TEAM_TYPES + 1] = {
    "",      "Bug",    "Dark", "Dragon", "Electric", "Fairy",   "Fighting", "Fire",  "Flying", "Ghost",
    "Grass", "Ground", "Ice",  "Normal", "Poison",   "Psychic", "Rock",     "Steel", "Water",  "Stellar"};

uint8_t team_type(const char *id)
{
    for (int i = 1; i <= TEAM_TYPES; i++) {
        const char *a = id, *b = type_names[i];
        while (*a && *a == tolower((unsigned char)*b))
            a++, b++;
        if (!*a && !*b)
            return (uint8_t)i;
    }
    return 0;
}

const char *team_type_name(uint8_t type)
{
    return type <= TEAM_TYPES ? type_names[type] : "";
}

const struct team_format *team_format(const struct team_facts *facts, const char *id)
{
    for (int i = 0; i < facts->formats_n; i++)
        if (!strcmp(facts->formats[i].id, id))
            return &facts->formats[i];
    return NULL;
}

bool team_learns(const struct team_facts *facts, uint16_t species, uint16_t move)
{
    const uint64_t *row = facts->learnsets + (size_t)facts->species[species].learnset * facts->learnset_words;
    return row[move / 64] >> move % 64 & 1;
}

const struct team_gate *team_gate(const struct team_facts *facts, uint16_t species, uint16_t move)
{
    const struct team_species *s = &facts->species[species];
    for (int i = 0; i < s->gates_n; i++)
        if (facts->gates[s->gates + i].move == move && !facts->gates[s->gates + i].not_go)
            return &facts->gates[s->gates + i];
    return NULL;
}

bool team_listed(const struct team_list *list, uint16_t number)
{
    for (int i = 0; i < list->n; i++)
        if (list->list[i] == number)
            return true;
    return false;
}
