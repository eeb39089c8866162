/* settle.c - the forme in which a Pokémon begins a battle, and what a player may leave out. */
#include "team.h"

#include <string.h>

static void become(const struct team_facts *facts, struct team_set *set, uint16_t species)
{
    memcpy(set->species, facts->species[species].id, TEAM_ID);
}

static bool knows(const struct team_set *set, const char *move)
{
    for (int i = 0; i < set->moves_n; i++)
        if (!strcmp(set->moves[i], move))
            return true;
    return false;
}

/* A forme that one ability, or one move, brings. */
static const struct {
    const char *species, *ability, *move, *forme;
} brought[] = {
    {"greninja", "battlebond", NULL, "greninjabond"},
    {"rockruff", "owntempo", NULL, "rockruffdusk"},
    {"keldeo", NULL, "secretsword", "keldeoresolute"},
};

static void settle_set(const struct team_facts *facts, struct team_set *set)
{
    uint16_t species = team_species(facts, set->species), item = team_item(facts, set->item);
    if (!species)
        return;
    uint16_t forme = facts->items[item].forme;
    if (facts->species[species].battle_only)
        become(facts, set, facts->species[species].battle_only);
    else if (forme && facts->species[forme].base == species && !facts->species[forme].battle_only)
        become(facts, set, forme);
    for (size_t i = 0; i < sizeof brought / sizeof brought[0]; i++)
        if (!strcmp(set->species, brought[i].species) &&
            (!brought[i].ability || !strcmp(set->ability, brought[i].ability)) &&
            (!brought[i].move || knows(set, brought[i].move)) && team_species(facts, brought[i].forme))
            become(facts, set, team_species(facts, brought[i].forme));
    if (!strcmp(set->species, "terapagos"))
        memcpy(set->ability, "terashift", sizeof "terashift");
}

void team_settle(const struct team_facts *facts, struct team *team)
{
    for (int i = 0; i < team->count; i++)
        settle_set(facts, &team->sets[i]);
}

void team_fill(const struct team_facts *facts, const struct team_format *format, struct team *team)
{
    for (int i = 0; i < team->count; i++) {
        struct team_set *set = &team->sets[i];
        const struct team_species *s = &facts->species[team_species(facts, set->species)];
        if (!set->ability[0] && s->abilities[0])
            memcpy(set->ability, facts->abilities[s->abilities[0]].id, TEAM_ID);
        if (!set->nature[0])
            memcpy(set->nature, "serious", sizeof "serious");
        if (!set->level)
            set->level = format->level_default;
        if (!set->gender && (s->gender == 'M' || s->gender == 'F'))
            set->gender = s->gender;
        if (!set->tera[0] && s->types[0]) {
            const char *type = team_type_name(s->required_tera ? s->required_tera : s->types[0]);
            team_id(type, strlen(type), set->tera);
        }
    }
}

void team_begin(const struct team_facts *facts, const struct team_format *format, struct team *team)
{
    team_settle(facts, team);
    team_fill(facts, format, team);
    for (int i = 0; i < team->count && format->level_set; i++)
        team->sets[i].level = format->level_set;
}
