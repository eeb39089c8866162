/*
 * gen1_random.c - teams that nobody sent, of data versions without abilities and items: different species of middling
 * strength, each with four moves that go together: two of its own type, one of another, and often one that does no
 * damage.
 *
 * Each move is the best of three drawn ones, so that sets are good on the whole and yet not always the same.
 */
#include "pokemon.h"

enum {
    TOTAL_MIN = 400, /* sum of base stats: fully grown */
    TOTAL_MAX = 600, /* and not legendary beyond measure */
    POWER_MIN = 40,
    TRIES = 400, /* draws of a species before any will do */
    DRAWS = 3,
    LEARNED_MAX = 1024,
};

enum want { WANT_OWN_TYPE, WANT_DAMAGE, WANT_STATUS, WANT_ANY };

/* Moves that only work in the hands of a planner, or do nothing in this game. */
static bool is_odd(const struct dex_move *m)
{
    static const char *const odd[] = {"splash",    "dreameater",      "finalgambit", "memento",
                                      "fakeout",   "firstimpression", "endeavor",    "psychup",
                                      "bellydrum", "falseswipe",      "suckerpunch"};
    const uint64_t flags = DEX_BIT(MF_OHKO) | DEX_BIT(MF_SELF_DESTRUCT) | DEX_BIT(MF_CHARGE) | DEX_BIT(MF_RECHARGE) |
                           DEX_BIT(MF_FOUL_PLAY);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (!strcmp(m->id, odd[i]))
            return true;
    return (m->flags & flags) != 0;
}

/* What a damaging move of a species is worth; 0: nothing. */
static uint32_t damage_worth(const struct dex_species *s, const struct dex_move *m)
{
    uint32_t power = m->power * (uint32_t)(m->hits[0] + m->hits[1]) / 2;
    const unsigned offense = m->offense <= STAT_SPE ? m->offense : m->category == MOVE_SPECIAL ? STAT_SPA : STAT_ATK;
    if (m->category == MOVE_STATUS || power < POWER_MIN || is_odd(m))
        return 0;
    bool own = m->type == s->types[0] || m->type == s->types[1];
    return power * (m->accuracy ? m->accuracy : 100) * s->base[1 + offense] * (own ? 3 : 2);
}

/* Status moves that a set is glad of. */
static uint32_t status_worth(const struct dex_move *m)
{
    if (m->category != MOVE_STATUS || is_odd(m))
        return 0;
    static const char *const healing[] = {"moonlight", "morningsun", "synthesis", "rest"};
    bool heals = m->heal[0];
    for (size_t i = 0; i < sizeof healing / sizeof *healing; i++)
        heals |= !strcmp(m->id, healing[i]);
    if (heals)
        return 4;
    if (m->hit.status || m->hit.volatile_ == 1 + VOL_LEECH_SEED)
        return 4 * (m->accuracy ? m->accuracy : 100u) / 100;
    if (m->target == TARGET_SELF && m->hit.boosted)
        return 3;
    return m->hit.side || m->hit.volatile_ == 1 + VOL_SUBSTITUTE ? 2 : 0;
}

static uint32_t worth(const struct dex *dex, const struct battle_set *set, uint16_t move, enum want want)
{
    const struct dex_species *s = &dex->species[set->species];
    const struct dex_move *m = &dex->moves[move];
    for (int i = 0; i < BATTLE_MOVES && set->moves[i]; i++) {
        const struct dex_move *other = &dex->moves[set->moves[i]];
        if (set->moves[i] == move)
            return 0;
        if (want == WANT_DAMAGE && other->category != MOVE_STATUS && other->type == m->type)
            return 0;
    }
    switch (want) {
    case WANT_OWN_TYPE: return m->type == s->types[0] || m->type == s->types[1] ? damage_worth(s, m) : 0;
    case WANT_DAMAGE: return damage_worth(s, m);
    case WANT_STATUS: return status_worth(m);
    default: return 1;
    }
}

/* The best of some drawn moves that are wanted, 0 if there is none. */
static uint16_t draw_move(const arena_host *h, const struct dex *dex, const struct battle_set *set, enum want want)
{
    uint16_t found[LEARNED_MAX], best = 0;
    uint32_t n = 0, most = 0;
    for (uint16_t m = 1; m <= dex->moves_n && n < LEARNED_MAX; m++)
        if (dex_learns(dex, set->species, m) && worth(dex, set, m, want))
            found[n++] = m;
    for (int i = 0; i < DRAWS && n; i++) {
        uint16_t m = found[h->random(h, n)];
        uint32_t w = worth(dex, set, m, want);
        if (w > most) {
            most = w;
            best = m;
        }
    }
    return best;
}

static void draw_set(const arena_host *h, const struct dex *dex, struct battle_set *set)
{
    static const enum want plans[2][BATTLE_MOVES] = {
        {WANT_OWN_TYPE, WANT_OWN_TYPE, WANT_DAMAGE, WANT_STATUS},
        {WANT_OWN_TYPE, WANT_OWN_TYPE, WANT_DAMAGE, WANT_DAMAGE},
    };
    static const enum want instead[] = {WANT_DAMAGE, WANT_STATUS, WANT_ANY};
    const enum want *plan = plans[h->random(h, 3) == 0];
    int n = 0;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        uint16_t move = draw_move(h, dex, set, plan[i]);
        for (size_t k = 0; k < sizeof instead / sizeof instead[0] && !move; k++)
            move = draw_move(h, dex, set, instead[k]);
        if (move)
            set->moves[n++] = move;
    }
}

static bool is_middling(const struct dex *dex, uint16_t species)
{
    const struct dex_species *s = &dex->species[species];
    int total = 0;
    bool hits = false;
    for (int i = 0; i < 6; i++)
        total += s->base[i];
    for (uint16_t m = 1; m <= dex->moves_n && !hits; m++)
        hits = dex_learns(dex, species, m) && damage_worth(s, &dex->moves[m]);
    return hits && total >= TOTAL_MIN && total <= TOTAL_MAX;
}

static bool is_in(const struct party *team, uint16_t species)
{
    for (int i = 0; i < team->size; i++)
        if (team->sets[i].species == species)
            return true;
    return false;
}

static bool learns_any(const struct dex *dex, uint16_t species)
{
    for (uint16_t m = 1; m <= dex->moves_n; m++)
        if (dex_learns(dex, species, m))
            return true;
    return false;
}

static uint16_t draw_species(const arena_host *h, const struct dex *dex, const struct party *team)
{
    for (int i = 0; i < TRIES; i++) {
        uint16_t species = (uint16_t)(1 + h->random(h, dex->species_n));
        if (!is_in(team, species) && is_middling(dex, species))
            return species;
    }
    uint16_t species = 1;
    while (is_in(team, species) || !learns_any(dex, species))
        species++;
    return species;
}

void gen1_random(const arena_host *h, const struct dex *dex, uint8_t size, uint8_t level, struct party *out)
{
    *out = (struct party){0};
    while (out->size < size) {
        struct battle_set set = battle_set_default(draw_species(h, dex, out));
        set.level = level;
        draw_set(h, dex, &set);
        out->sets[out->size++] = set;
    }
}
