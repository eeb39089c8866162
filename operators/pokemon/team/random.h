/* random.h - what random.c (who is in a team) and roles.c (what each of them is for) share. */
#ifndef TEAM_RANDOM_H
#define TEAM_RANDOM_H

#include "team.h"

enum { HP, ATK, DEF, SPA, SPD, SPE }; /* places in stats, EVs and IVs */
enum { PHYSICAL, SPECIAL, STATUS };   /* categories of moves */

struct team_rng {
    uint64_t state;
};

/* 0 .. n-1; n > 0 */
unsigned rng_below(struct team_rng *rng, unsigned n);

struct team_draft { /* a set in the making */
    const struct team_facts *facts;
    const struct team_format *format;
    const struct team *before; /* the sets that are there already */
    struct team_rng *rng;
    uint16_t number;
    const struct team_species *species;
    const struct team_ability *ability;
    int level;
    uint16_t moves[TEAM_MOVES];
    int moves_n;
    struct team_set *set;
};

/* worth.c */

/* Is a number banned by a list of the format, or by one of its clauses'?  of_clause: place of the clause's list. */
bool draft_banned(const struct team_draft *d, const struct team_list *own, size_t of_clause, uint16_t number);

/* Chooses the ability; false when all are banned. */
bool draft_ability(struct team_draft *d);
bool draft_has_ability(const struct team_draft *d, const char *id);

bool draft_has(const struct team_draft *d, uint16_t move);
bool draft_own_type(const struct team_draft *d, uint8_t type);

/* What a damaging move is worth to it, 0: nothing. */
int draft_worth(const struct team_draft *d, const struct team_move *move);

/* How many of the 18 types an attack of this type hits harder than the moves chosen so far: 0..18. */
int draft_new_cover(const struct team_draft *d, uint8_t type);

/* May it have this move, in this format, at its level? */
bool draft_can(const struct team_draft *d, uint16_t move);

/* roles.c: fills in ability, moves, item, nature, EVs and Tera type.  False when the species has no sensible set. */
bool draft_set(struct team_draft *d);

#endif
