/*
 * source.c - can a Pokémon like this be obtained?  Levels after evolving, IVs of legendary Pokémon, Pokémon and moves
 * that were only ever given away.
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#define WRONG(c, field, ...) team_problem((c)->why, (c)->slot, field, __VA_ARGS__)

enum { TRAINED_LEVEL = 50 }; /* from here on an IV can be made 31 */

static int perfect_ivs(const struct team_set *set)
{
    int n = 0;
    for (int i = 0; i < 6; i++)
        n += set->ivs[i] >= 31;
    return n;
}

static bool pair_fits(const struct team_checked *c, int a, int b)
{
    const int16_t *ivs = c->set->ivs;
    return ivs[a] == ivs[b] || (c->level >= TRAINED_LEVEL && (ivs[a] == 31 || ivs[b] == 31));
}

/* It may come from the game that is played with a telephone: IVs but for Speed are odd and go in pairs. */
static bool from_go(const struct team_checked *c)
{
    const uint8_t *go = c->species->go;
    if (!go[0] || c->level < go[0] || (c->set->shiny && !go[2]))
        return false;
    for (int i = 0; i < 5; i++)
        if (c->set->ivs[i] < go[1] || c->set->ivs[i] % 2 == 0)
            return false;
    return pair_fits(c, 1, 3) && pair_fits(c, 2, 4);
}

static bool knows_not_go(const struct team_checked *c)
{
    for (int i = 0; i < c->species->gates_n; i++) {
        const struct team_gate *gate = &c->facts->gates[c->species->gates + i];
        if (gate->not_go && c->level < gate->level && team_knows(c->set, c->facts->moves[gate->move].id))
            return true;
    }
    return false;
}

/* The field that does not fit an event, NULL when all fit. */
static const char *misfit(const struct team_checked *c, const struct team_event *e)
{
    if (c->level < e->level)
        return "level";
    if ((e->shiny == 2 && !c->set->shiny) || (e->shiny == 0 && c->set->shiny))
        return "shiny";
    if (e->gender && c->set->gender && c->set->gender != e->gender)
        return "gender";
    for (int i = 0; i < 6; i++)
        if (e->ivs[i] >= 0 && c->set->ivs[i] != e->ivs[i] && !(c->level >= TRAINED_LEVEL && c->set->ivs[i] == 31))
            return "ivs";
    return e->ivs[0] < 0 && perfect_ivs(c->set) < e->perfect ? "ivs" : NULL;
}

/* "at least level 70, not shiny" */
static const char *describe(const struct team_event *e, char *out, size_t size)
{
    int len = snprintf(out, size, "level %d or more, %s", e->level ? e->level : 1,
                       e->shiny == 2 ? "shiny"
                       : e->shiny    ? "shiny or not"
                                     : "not shiny");
    if (e->gender && len > 0 && (size_t)len < size)
        len += snprintf(out + len, size - (size_t)len, ", %s", e->gender == 'M' ? "male" : "female");
    if (e->ivs[0] >= 0 && len > 0 && (size_t)len < size)
        snprintf(out + len, size - (size_t)len, ", IVs of 31 or %d/%d/%d/%d/%d/%d", e->ivs[0], e->ivs[1], e->ivs[2],
                 e->ivs[3], e->ivs[4], e->ivs[5]);
    else if (e->perfect && len > 0 && (size_t)len < size)
        snprintf(out + len, size - (size_t)len, ", at least %d IVs of 31", e->perfect);
    return out;
}

static bool fits_any(const struct team_checked *c, uint16_t first, uint16_t n)
{
    for (int i = 0; i < n; i++)
        if (!misfit(c, &c->facts->events[first + i]))
            return true;
    return false;
}

static void check_events(struct team_checked *c, uint16_t first, uint16_t n, const char *what)
{
    const struct team_event *events = &c->facts->events[first];
    char text[100];
    if (fits_any(c, first, n))
        return;
    const char *field = misfit(c, &events[n - 1]);
    WRONG(c, field, "%s was only ever given away, and this one is unlike those; one was: %s", what,
          describe(&events[n - 1], text, sizeof text));
}

void team_check_gate(struct team_checked *c, const struct team_gate *gate)
{
    if (gate && gate->events_n)
        check_events(c, gate->events, gate->events_n, c->facts->moves[gate->move].name);
    else if (gate && c->level < gate->level)
        WRONG(c, "moves", "%s learns %s at level %d; its level is %d", c->species->name,
              c->facts->moves[gate->move].name, gate->level, c->level);
}

void team_check_source(struct team_checked *c)
{
    const struct team_species *s = c->species;
    bool go = from_go(c);
    if (perfect_ivs(c->set) < s->perfect && !go)
        WRONG(c, "ivs", "%s has at least %d IVs of 31; raise some", s->name, s->perfect);
    go = go && !knows_not_go(c);
    if (c->level < s->level && !go && !fits_any(c, s->young, s->young_n))
        WRONG(c, "level", "%s must have level %d or more, since it has evolved", s->name, s->level);
    else if (s->only_n && !go)
        check_events(c, s->only, s->only_n, s->name);
    else if (s->go_only && !go)
        WRONG(c, "ivs",
              "%s has level %d or more, IVs but for Speed that are odd and %d or more, Attack as Sp. Atk and "
              "Defense as Sp. Def (or one of the two 31)%s",
              s->name, s->go[0], s->go[1], s->go[2] ? "" : ", and is not shiny");
}
