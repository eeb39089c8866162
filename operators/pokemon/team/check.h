/* check.h - one set on its way through the rules; for check.c, source.c and clauses.c only. */
#ifndef TEAM_CHECK_H
#define TEAM_CHECK_H

#include "team.h"

struct team_checked {
    const struct team_facts *facts;
    const struct team_format *format;
    const struct team_set *set; /* settled (team_settle) */
    struct team_problems *why;
    int slot;
    uint16_t written;                   /* species as it was sent, 0: unknown */
    uint16_t species_n, item, ability;  /* settled; 0: unknown or none */
    const struct team_species *species; /* of species_n; an empty one when that is 0 */
    int level;
};

bool team_knows(const struct team_set *set, const char *move);
bool team_is_name(const char *name, const char *text); /* the same but for case */

/* source.c: can a Pokémon like this be obtained? */
void team_check_source(struct team_checked *c);
void team_check_gate(struct team_checked *c, const struct team_gate *gate); /* gate may be NULL */

/* clauses.c: bans of the format and of its clauses; what may be there once only. */
void team_check_bans(struct team_checked *c);
void team_check_once(const struct team_facts *facts, const struct team_format *format, const struct team *team,
                     struct team_problems *why);

#endif
