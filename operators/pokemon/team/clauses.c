/* clauses.c - what a format and its clauses ban, and what may be in a team once only. */
#include "check.h"

#include <string.h>

#define WRONG(c, field, ...) team_problem((c)->why, (c)->slot, field, __VA_ARGS__)

/* Signs of one case, as far as ASCII goes. */
bool team_is_name(const char *name, const char *text)
{
    for (; *name && *text; name++, text++) {
        char a = *name >= 'A' && *name <= 'Z' ? (char)(*name | 0x20) : *name;
        char b = *text >= 'A' && *text <= 'Z' ? (char)(*text | 0x20) : *text;
        if (a != b)
            return false;
    }
    return !*name && !*text;
}

static void check_clause(struct team_checked *c, const struct team_clause *clause)
{
    const struct team_facts *f = c->facts;
    for (int i = 0; i < c->set->moves_n; i++) {
        uint16_t move = team_move(f, c->set->moves[i]);
        if (move && team_listed(&clause->moves, move))
            WRONG(c, "moves", "%s is not allowed by the %s; %s", f->moves[move].name, clause->name, clause->why);
    }
    if (c->ability && team_listed(&clause->abilities, c->ability))
        WRONG(c, "ability", "%s is not allowed by the %s; %s", f->abilities[c->ability].name, clause->name,
              clause->why);
    if (c->item && team_listed(&clause->items, c->item))
        WRONG(c, "item", "%s is not allowed by the %s; %s", f->items[c->item].name, clause->name, clause->why);
}

static void check_format(struct team_checked *c)
{
    const struct team_facts *f = c->facts;
    const struct team_format *format = c->format;
    const char *name = format->name;
    bool banned = team_listed(&format->species, c->species_n) || team_listed(&format->species, c->written) ||
                  (c->species->cosmetic && team_listed(&format->species, c->species->base));
    if (c->species_n && (banned || (c->species->tags & format->tags)))
        WRONG(c, "species", "%s is not allowed in %s; take another Pokémon", c->species->name, name);
    if (c->ability && team_listed(&format->abilities, c->ability))
        WRONG(c, "ability", "%s is not allowed in %s; take another ability", f->abilities[c->ability].name, name);
    if (c->item && team_listed(&format->items, c->item))
        WRONG(c, "item", "%s is not allowed in %s; take another item", f->items[c->item].name, name);
    for (int i = 0; i < c->set->moves_n; i++) {
        uint16_t move = team_move(f, c->set->moves[i]);
        if (move && team_listed(&format->moves_banned, move))
            WRONG(c, "moves", "%s is not allowed in %s; take another move", f->moves[move].name, name);
    }
}

void team_check_bans(struct team_checked *c)
{
    check_format(c);
    for (int i = 0; i < c->facts->clauses_n; i++)
        if (c->format->clauses >> i & 1)
            check_clause(c, &c->facts->clauses[i]);
}

/* The slot before `slot` that has the same, 0 if there is none. */
static int species_before(const struct team_facts *f, const struct team *team, int slot)
{
    uint16_t base = f->species[team_species(f, team->sets[slot].species)].base;
    for (int i = 0; i < slot && base; i++)
        if (f->species[team_species(f, team->sets[i].species)].base == base)
            return i + 1;
    return 0;
}

/* Formes that are made with a thing of which there is one, and cannot be traded: one of each group. */
static int group_of(const char *id)
{
    static const struct {
        const char *id;
        int group;
    } rows[] = {{"kyuremblack", 1},       {"kyuremwhite", 1}, {"necrozmaduskmane", 2},
                {"necrozmadawnwings", 3}, {"calyrexice", 4},  {"calyrexshadow", 4}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!strcmp(id, rows[i].id))
            return rows[i].group;
    return 0;
}

static int fusion_before(const struct team *team, int slot)
{
    int group = group_of(team->sets[slot].species);
    for (int i = 0; i < slot && group; i++)
        if (group_of(team->sets[i].species) == group)
            return i + 1;
    return 0;
}

static int item_before(const struct team *team, int slot)
{
    for (int i = 0; i < slot && team->sets[slot].item[0]; i++)
        if (!strcmp(team->sets[i].item, team->sets[slot].item))
            return i + 1;
    return 0;
}

static int nickname_before(const struct team *team, int slot)
{
    for (int i = 0; i < slot && team->sets[slot].nickname[0]; i++)
        if (!strcmp(team->sets[i].nickname, team->sets[slot].nickname))
            return i + 1;
    return 0;
}

void team_check_once(const struct team_facts *facts, const struct team_format *format, const struct team *team,
                     struct team_problems *why)
{
    for (int i = 0; i < team->count; i++) {
        const struct team_set *set = &team->sets[i];
        uint16_t item = team_item(facts, set->item);
        int other = format->once & ONCE_SPECIES ? species_before(facts, team, i) : 0;
        if (other)
            team_problem(why, i + 1, "species",
                         "%s is in slot %d already; each species is allowed once (Species Clause)",
                         facts->species[facts->species[team_species(facts, set->species)].base].name, other);
        else if (format->obtainable && (other = fusion_before(team, i)))
            team_problem(why, i + 1, "species", "there is one like it in slot %d already, and only one can be made",
                         other);
        if ((other = format->once & ONCE_ITEM ? item_before(team, i) : 0))
            team_problem(why, i + 1, "item", "%s is held in slot %d already; each item is allowed once (Item Clause)",
                         item ? facts->items[item].name : set->item, other);
        if ((other = format->once & ONCE_NICKNAME ? nickname_before(team, i) : 0))
            team_problem(why, i + 1, "nickname", "\"%s\" is the nickname in slot %d already; choose another",
                         set->nickname, other);
    }
}
