/*
 * agents.c - house players: functions from what one seat sees to one of its choices.
 *
 * "random" takes each legal choice equally often.  "heuristic" looks one move ahead: it gives every choice a
 * worth in points, 150 of which are the HP of a usual Pokémon at level 50, and takes the best:
 *
 *     damage      expected damage times accuracy; 1000 more if it should faint the foe
 *     status      healing by what is missing, a new status 60, a boost 55 while healthy, else 5 or 10
 *     switch      3/10 of the newcomer's best damage, half of the danger it avoids, less entry hazards, less 40
 *
 * Danger is the most that the foe's known moves, or good moves of its types that it might have, would do.
 */
#include "pokemon.h"

#include <string.h>

enum {
    FULL_HP = 150, /* points */
    KNOCK_OUT = 1000,
    STRUGGLE = 25,
    HEAL = 220,
    NEW_STATUS = 60,
    BOOST = 55,
    BOOST_WEAK = 20,
    OTHER = 10,
    NONE = 5,
    SWITCH_COST = 40,
    THREATS = BATTLE_MOVES + 2,
};

const char *const agent_names[AGENTS] = {"random", "heuristic", NULL};

enum agent agent_find(const char *name)
{
    for (int i = 0; agent_names[i]; i++)
        if (!strcmp(name, agent_names[i]))
            return (enum agent)(AGENT_RANDOM + i);
    return AGENT_NONE;
}

struct scene { /* what the heuristic looks at */
    const struct dex *dex;
    const struct battle_view *view;
    int me, my_slot, foe_slot;
    const struct battle_view_side *own, *other;
    const struct battle_view_mon *mine, *foe;
    uint16_t threats[THREATS]; /* moves that the foe has or may have; 0: none */
};

static int32_t permille_to_points(int permille)
{
    return permille * FULL_HP / 1000;
}

/* Chance to hit, of 100. */
static int hit_chance(const struct dex_move *m)
{
    return m->accuracy ? m->accuracy : 100;
}

static bool has_type(const struct scene *s, const struct battle_view_mon *mon, int type)
{
    const uint8_t *types = s->dex->species[mon->species].types;
    return types[0] == type || types[1] == type;
}

/* ------------------------------------------------------------------------------------------------- threats --- */

/* A move of this type that the species is likely to have: strong, and without a catch. */
static uint16_t likely_move(const struct dex *dex, uint16_t species, int type)
{
    const struct dex_species *s = &dex->species[species];
    uint16_t best = 0;
    int most = 0;
    for (uint16_t i = 1; i <= dex->moves_n; i++) {
        const struct dex_move *m = &dex->moves[i];
        if (m->type != type || m->category == MOVE_STATUS || m->power > 110 || !dex_learns(dex, species, i) ||
            (m->flags & (MF_CHARGE | MF_RECHARGE | MF_SELF_DESTRUCT | MF_OHKO)) || m->offense > STAT_SPE)
            continue;
        int worth = m->power * hit_chance(m) * s->base[1 + m->offense];
        if (worth > most) {
            most = worth;
            best = i;
        }
    }
    return best;
}

static void find_threats(struct scene *s)
{
    const uint8_t *types = s->dex->species[s->foe->species].types;
    int n = 0;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (s->foe->moves[i])
            s->threats[n++] = s->foe->moves[i];
    for (int i = 0; i < 2 && n < BATTLE_MOVES; i++)
        if (types[i] != TYPE_NONE)
            s->threats[n++] = likely_move(s->dex, s->foe->species, types[i]);
}

/* The most that the foe may do to one of ours, in points. */
static int32_t danger(const struct scene *s, int slot)
{
    int most = 0;
    for (int i = 0; i < THREATS; i++) {
        int permille =
            s->threats[i] ? battle_expected_damage(s->dex, s->view, 1 - s->me, s->foe_slot, slot, s->threats[i]) : 0;
        most = permille > most ? permille : most;
    }
    return permille_to_points(most);
}

/* ---------------------------------------------------------------------------------------------------- moves --- */

static bool seeds(const struct dex_move *m)
{
    return m->hit.volatile_ == 1 + VOL_LEECH_SEED;
}

/* Whether a status would not take, by the types of its victim. */
static bool is_immune(const struct scene *s, const struct dex_move *m)
{
    static const struct {
        uint8_t status, type;
    } rules[] = {{STATUS_BRN, TYPE_FIRE},   {STATUS_PAR, TYPE_ELECTRIC}, {STATUS_FRZ, TYPE_ICE},
                 {STATUS_PSN, TYPE_POISON}, {STATUS_PSN, TYPE_STEEL},    {STATUS_TOX, TYPE_POISON},
                 {STATUS_TOX, TYPE_STEEL}};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (m->hit.status == rules[i].status && has_type(s, s->foe, rules[i].type))
            return true;
    if ((m->flags & DEX_BIT(MF_POWDER) || seeds(m)) && has_type(s, s->foe, TYPE_GRASS))
        return true;
    return m->flags & DEX_BIT(MF_HEED_IMMUNITY) &&
           (dex_effectiveness(m->type, s->dex->species[s->foe->species].types[0]) == 0 ||
            dex_effectiveness(m->type, s->dex->species[s->foe->species].types[1]) == 0);
}

/* A move that makes the foe ill, confused or seeded. */
static int32_t affliction_worth(const struct scene *s, const struct dex_move *m)
{
    bool seeded = battle_view_has(s->other, VOL_LEECH_SEED), dizzy = battle_view_has(s->other, VOL_CONFUSION);
    bool taken = m->hit.status ? s->foe->status != STATUS_NONE : seeds(m) ? seeded : dizzy;
    return taken || is_immune(s, m) || battle_view_has(s->other, VOL_SUBSTITUTE) ? 0 : NEW_STATUS * hit_chance(m) / 100;
}

/* A boost of oneself is worth less each time. */
static int32_t boost_worth(const struct scene *s, const struct dex_move *m)
{
    int8_t best = INT8_MAX;
    for (int i = 0; i < STAGES; i++)
        if (m->hit.boosts[i] > 0 && s->own->boosts[i] < best)
            best = s->own->boosts[i];
    if (best >= 4)
        return 0;
    int32_t worth = s->mine->hp * 10 > s->mine->hp_max * 6 ? BOOST : BOOST_WEAK;
    return best > 0 ? worth / (best + 1) : worth;
}

static bool heals_by_weather(const struct dex_move *m)
{
    return !strcmp(m->id, "moonlight") || !strcmp(m->id, "morningsun") || !strcmp(m->id, "synthesis");
}

static int32_t status_worth(const struct scene *s, const struct dex_move *m)
{
    int missing = s->mine->hp_max ? (s->mine->hp_max - s->mine->hp) * HEAL / s->mine->hp_max : 0;
    if (!strcmp(m->id, "rest"))
        return missing / 2;
    if (m->heal[0] || heals_by_weather(m))
        return missing;
    if (m->target == TARGET_FOE && (m->hit.status || m->hit.volatile_ == 1 + VOL_CONFUSION || seeds(m)))
        return affliction_worth(s, m);
    if (m->target == TARGET_SELF && m->hit.boosted)
        return boost_worth(s, m);
    if (m->hit.side) {
        const struct battle_view_side *side = m->target == TARGET_FOE_SIDE ? s->other : s->own;
        return side->conditions[m->hit.side - 1] ? 0 : OTHER;
    }
    return NONE;
}

static int32_t move_worth(const struct scene *s, uint16_t move)
{
    const struct dex_move *m = &s->dex->moves[move];
    if (m->category == MOVE_STATUS)
        return status_worth(s, m);
    int permille = battle_expected_damage(s->dex, s->view, s->me, s->my_slot, s->foe_slot, move);
    int left = s->foe->hp_max ? s->foe->hp * 1000 / s->foe->hp_max : 0;
    int32_t points = permille_to_points(permille);
    if (m->flags & (DEX_BIT(MF_CHARGE) | DEX_BIT(MF_RECHARGE) | DEX_BIT(MF_SELF_DESTRUCT)))
        points /= 2;
    if (permille && permille >= left)
        points += KNOCK_OUT;
    return points * hit_chance(m) / 100;
}

/* ------------------------------------------------------------------------------------------------- switches --- */

static int32_t hazard_worth(const struct scene *s, const struct battle_view_mon *mon)
{
    const uint8_t *types = s->dex->species[mon->species].types;
    int32_t points = 0;
    if (s->own->conditions[SIDE_STEALTH_ROCK]) {
        int quarters = dex_effectiveness(TYPE_ROCK, types[0]) * (types[1] ? dex_effectiveness(TYPE_ROCK, types[1]) : 2);
        points += FULL_HP * quarters / 32;
    }
    if (s->own->conditions[SIDE_SPIKES] && types[0] != TYPE_FLYING && types[1] != TYPE_FLYING)
        points += FULL_HP / 8;
    return points;
}

static int32_t switch_worth(const struct scene *s, int slot)
{
    const struct battle_view_mon *mon = &s->own->party[slot];
    int most = 0;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        int permille =
            mon->moves[i] ? battle_expected_damage(s->dex, s->view, s->me, slot, s->foe_slot, mon->moves[i]) : 0;
        most = permille > most ? permille : most;
    }
    int32_t now = s->mine->fainted ? 0 : danger(s, s->my_slot);
    return 3 * permille_to_points(most) / 10 + (now - danger(s, slot)) / 2 - hazard_worth(s, mon) - SWITCH_COST;
}

/* ------------------------------------------------------------------------------------------------ decisions --- */

void agent_worth(const struct dex *dex, const struct battle_view *view, uint32_t choices, int32_t worth[BATTLE_CHOICES])
{
    struct scene s = {.dex = dex, .view = view, .me = view->viewer};
    s.own = &view->sides[s.me];
    s.other = &view->sides[1 - s.me];
    s.my_slot = s.own->active;
    s.foe_slot = s.other->active;
    s.mine = &s.own->party[s.my_slot];
    s.foe = &s.other->party[s.foe_slot];
    find_threats(&s);
    for (int i = 0; i < BATTLE_CHOICES; i++) {
        if (!(choices >> i & 1))
            worth[i] = INT32_MIN;
        else if (i < BATTLE_MOVES)
            worth[i] = move_worth(&s, s.mine->moves[i]);
        else if (i == BATTLE_CHOICE_FORCED)
            worth[i] = STRUGGLE;
        else
            worth[i] = switch_worth(&s, i - BATTLE_CHOICE_SWITCH);
    }
}

static int best_choice(const struct dex *dex, const struct battle_view *view, uint32_t choices)
{
    int32_t worth[BATTLE_CHOICES];
    int best = choice_first(choices);
    agent_worth(dex, view, choices, worth);
    for (int i = 0; i < BATTLE_CHOICES; i++)
        if (worth[i] > worth[best])
            best = i;
    return best;
}

static int random_choice(const arena_host *h, uint32_t choices)
{
    int n = 0;
    for (int i = 0; i < BATTLE_CHOICES; i++)
        n += choices >> i & 1;
    for (uint64_t skip = h->random(h, (uint64_t)n); skip; skip--)
        choices &= choices - 1;
    return choice_first(choices);
}

int agent_choose(const arena_host *h, enum agent agent, const struct dex *dex, const struct battle_view *view,
                 uint32_t choices)
{
    return agent == AGENT_HEURISTIC ? best_choice(dex, view, choices) : random_choice(h, choices);
}
