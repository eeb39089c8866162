/*
 * worth.c - what abilities and attacks are worth to a Pokémon of a random team.
 *
 * Rules of thumb in whole numbers: expected power times the stat that it uses, and two lists of abilities.
 */
#include "random.h"

#include <string.h>

/* ------------------------------------------------------------------------------------------------ abilities --- */

/* The best first; others are taken when none of these is there. */
static const char *const good_abilities[] = {
    "hugepower",   "purepower",     "speedboost",  "protean",      "libero",     "magicguard",   "regenerator",
    "poisonheal",  "multiscale",    "magicbounce", "intimidate",   "drizzle",    "drought",      "sandstream",
    "snowwarning", "electricsurge", "grassysurge", "psychicsurge", "mistysurge", "adaptability", "sheerforce",
    "technician",  "sharpness",     "toughclaws",  "guts",         "tintedlens", "skilllink",    "unaware",
    "goodasgold",  "purifyingsalt", "prankster",   "contrary",     "beastboost", "moxie",        "serenegrace",
    "strongjaw",   "megalauncher",  "ironfist",    "levitate",     "flashfire",  "waterabsorb",  "voltabsorb",
    "stormdrain",  "lightningrod",  "sapsipper",   "eartheater",   "motordrive", "thickfat",     "naturalcure",
    "swiftswim",   "chlorophyll",   "sandrush",    "slushrush",    "sturdy",     "filter",       "solidrock",
    "reckless",    "rockhead",      "clearbody",   "static",       "flamebody",  "roughskin"};
static const char *const bad_abilities[] = {
    "anticipation",  "aromaveil", "ballfetch",   "battery",    "commander",  "costar",      "curiousmedicine",
    "defeatist",     "forewarn",  "friendguard", "frisk",      "healer",     "honeygather", "hospitality",
    "illuminate",    "keeneye",   "klutz",       "lightmetal", "minus",      "normalize",   "pickup",
    "plus",          "rattled",   "receiver",    "runaway",    "slowstart",  "stall",       "sweetveil",
    "symbiosis",     "telepathy", "truant",      "unnerve",    "zenmode",    "leafguard",   "hydration",
    "emergencyexit", "wimpout",   "shielddust",  "damp",       "heavymetal", "stench"};

static int place_of(const char *id, const char *const *list, int n)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(id, list[i]))
            return i;
    return -1;
}

#define PLACE(id, list) place_of(id, list, (int)(sizeof(list) / sizeof(list)[0]))

bool draft_banned(const struct team_draft *d, const struct team_list *own, size_t of_clause, uint16_t number)
{
    if (team_listed(own, number))
        return true;
    for (int i = 0; i < d->facts->clauses_n; i++)
        if (d->format->clauses >> i & 1 &&
            team_listed((const struct team_list *)((const char *)&d->facts->clauses[i] + of_clause), number))
            return true;
    return false;
}

static int ability_rank(const char *id)
{
    int good = PLACE(id, good_abilities);
    return good >= 0 ? 1000 - good : PLACE(id, bad_abilities) >= 0 ? 0 : 500;
}

bool draft_ability(struct team_draft *d)
{
    int best = -1;
    unsigned same = 0;
    for (int i = 0; i < 4; i++) {
        uint16_t n = d->species->abilities[i];
        if (!n || draft_banned(d, &d->format->abilities, offsetof(struct team_clause, abilities), n))
            continue;
        int rank = ability_rank(d->facts->abilities[n].id);
        same = rank > best ? 1 : same + (rank == best);
        if (rank > best || (rank == best && rng_below(d->rng, same) == 0))
            d->ability = &d->facts->abilities[n];
        best = rank > best ? rank : best;
    }
    if (d->ability)
        memcpy(d->set->ability, d->ability->id, TEAM_ID);
    return d->ability != NULL;
}

bool draft_has_ability(const struct team_draft *d, const char *id)
{
    return !strcmp(d->ability->id, id);
}

/* -------------------------------------------------------------------------------------------------- attacks --- */

bool draft_can(const struct team_draft *d, uint16_t move)
{
    const struct team_gate *gate = team_gate(d->facts, d->number, move);
    return move && team_learns(d->facts, d->number, move) && !(gate && (gate->events_n || d->level < gate->level)) &&
           !draft_banned(d, &d->format->moves_banned, offsetof(struct team_clause, moves), move);
}

bool draft_has(const struct team_draft *d, uint16_t move)
{
    for (int i = 0; i < d->moves_n; i++)
        if (d->moves[i] == move)
            return true;
    return false;
}

bool draft_own_type(const struct team_draft *d, uint8_t type)
{
    return d->species->types[0] == type || d->species->types[1] == type;
}

/* Percent by which the ability makes a move stronger. */
static int ability_percent(const struct team_draft *d, const struct team_move *m)
{
    static const struct {
        const char *ability;
        uint32_t flags;
        int percent;
    } rows[] = {{"sheerforce", TM_SECONDARY, 130}, {"ironfist", TM_PUNCH, 120},     {"sharpness", TM_SLICING, 150},
                {"strongjaw", TM_BITE, 150},       {"megalauncher", TM_PULSE, 150}, {"toughclaws", TM_CONTACT, 130},
                {"punkrock", TM_SOUND, 130},       {"reckless", TM_RECOIL, 120},    {"rockhead", TM_RECOIL, 115},
                {"skilllink", TM_MULTIHIT, 160},   {"contrary", TM_SELF_DROPS, 180}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((m->flags & rows[i].flags) && draft_has_ability(d, rows[i].ability))
            return rows[i].percent;
    if (draft_has_ability(d, "technician") && m->power <= 60)
        return 150;
    if (draft_has_ability(d, "adaptability") && draft_own_type(d, m->type))
        return 133;
    return 100;
}

/* What a damaging move is worth to it, 0: nothing.  Expected power times the stat it uses. */
int draft_worth(const struct team_draft *d, const struct team_move *m)
{
    if (m->category == STATUS || m->power < 40 || (m->flags & (TM_ODD | TM_CHARGE | TM_FAINTS)))
        return 0;
    int value = m->power * (m->accuracy ? m->accuracy : 100) / 100;
    value = value * ability_percent(d, m) / 100;
    if (m->accuracy && m->accuracy < 80)
        value = value * 85 / 100;
    if (m->flags & TM_SELF_DROPS && !draft_has_ability(d, "contrary"))
        value = value * 75 / 100;
    if (m->flags & TM_RECOIL)
        value = value * (draft_own_type(d, m->type) ? 90 : 70) / 100;
    if (m->flags & TM_DRAINS)
        value = value * 115 / 100;
    if (m->priority)
        value = m->priority < 0 ? value * 60 / 100 : value * 110 / 100;
    if (draft_own_type(d, m->type))
        value = value * 3 / 2;
    return value * d->species->stats[m->category == PHYSICAL ? ATK : SPA];
}

/* How much of the 18 types a type hits hard that the moves chosen so far do not: 0..18. */
int draft_new_cover(const struct team_draft *d, uint8_t type)
{
    int n = 0;
    for (int t = 1; t < TEAM_TYPES; t++) {
        uint8_t had = 0, gets = d->facts->chart[type - 1][t - 1];
        for (int i = 0; i < d->moves_n; i++) {
            const struct team_move *m = &d->facts->moves[d->moves[i]];
            uint8_t hits = m->category == STATUS ? 0 : d->facts->chart[m->type - 1][t - 1];
            had = hits > had ? hits : had;
        }
        n += gets > had;
    }
    return n;
}
