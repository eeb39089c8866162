/*
 * random.c - teams that nobody sent: who is in them.  roles.c says what each of them is for; docs/teams.md has the
 * whole procedure.
 *
 * Every set is checked as a player's would be.  One that is not legal is thrown away and another is drawn, so the
 * rules above need not know every exception.
 */
#include "random.h"

#include <string.h>

enum { GROWN_TOTAL = 405, DRAWS = 2000, SAME_TYPE_MAX = 2, EVEN_TOTAL = 420, EVEN_LEVEL_MIN = 70 };

static uint64_t next(struct team_rng *rng) /* splitmix64 */
{
    uint64_t z = rng->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

unsigned rng_below(struct team_rng *rng, unsigned n)
{
    return (unsigned)((next(rng) >> 32) * n >> 32);
}

static int total(const struct team_species *s)
{
    int sum = 0;
    for (int i = 0; i < 6; i++)
        sum += s->stats[i];
    return sum;
}

static bool eligible(const struct team_species *s)
{
    return !s->nfe && !s->cosmetic && !s->battle_only && total(s) >= GROWN_TOTAL;
}

static uint8_t first_type(const struct team_facts *f, const struct team_set *set)
{
    return f->species[team_species(f, set->species)].types[0];
}

/* It would make the team one-sided, or is there already. */
static bool is_surplus(const struct team_facts *f, const struct team *team, uint16_t number)
{
    int same = 0;
    for (int i = 0; i < team->count; i++) {
        uint16_t other = team_species(f, team->sets[i].species);
        if (f->species[other].base == f->species[number].base)
            return true;
        same += first_type(f, &team->sets[i]) == f->species[number].types[0];
    }
    return same >= SAME_TYPE_MAX;
}

/* One of the formes of a species that was drawn, each as likely. */
static uint16_t draw_forme(const struct team_facts *f, struct team_rng *rng, uint16_t base)
{
    uint16_t found = 0;
    unsigned n = 0;
    for (uint16_t i = 1; i <= f->species_n; i++)
        if (f->species[i].base == base && eligible(&f->species[i]) && rng_below(rng, ++n) == 0)
            found = i;
    return found;
}

static int level_of(const struct team_format *format, const struct team_species *s)
{
    int level = format->level_default;
    if (format->level_even) {
        level = total(s) <= EVEN_TOTAL ? 100 : 100 - (total(s) - EVEN_TOTAL) / 10;
        level = level < EVEN_LEVEL_MIN ? EVEN_LEVEL_MIN : level;
    }
    return level < s->level ? s->level : level;
}

/* Only this set, by the rules of the format but its size. */
static bool is_legal(const struct team_facts *f, const struct team_format *format, const struct team_set *set)
{
    struct team_format one = *format;
    struct team team = {.count = 1, .sets = {*set}};
    struct team_problems why = {0};
    one.size[0] = 1;
    return team_check(f, &one, &team, &why);
}

static bool draw_set(const struct team_facts *f, const struct team_format *format, struct team_rng *rng,
                     const struct team *before, struct team_set *set)
{
    uint16_t number = (uint16_t)(1 + rng_below(rng, f->species_n));
    if (f->species[number].base != number || !(number = draw_forme(f, rng, number)) || is_surplus(f, before, number))
        return false;
    struct team_draft d = {.facts = f, .format = format, .before = before, .rng = rng, .number = number, .set = set};
    d.species = &f->species[number];
    d.level = level_of(format, d.species);
    team_set_empty(set);
    memcpy(set->species, d.species->id, TEAM_ID);
    set->level = (int16_t)d.level;
    if (d.species->gender == 'M' || d.species->gender == 'F')
        set->gender = d.species->gender;
    else if (!d.species->gender)
        set->gender = rng_below(rng, 2) ? 'M' : 'F';
    return draft_set(&d) && is_legal(f, format, set);
}

void team_random(const struct team_facts *facts, const struct team_format *format, int size, uint64_t seed,
                 struct team *out)
{
    struct team_rng rng = {seed};
    struct team_set set;
    *out = (struct team){0};
    for (int i = 0; i < DRAWS * size && facts->species_n && out->count < size && out->count < TEAM_SIZE; i++)
        if (draw_set(facts, format, &rng, out, &set))
            out->sets[out->count++] = set;
}
