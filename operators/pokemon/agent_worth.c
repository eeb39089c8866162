/*
 * agent_worth.c - what the heuristic thinks of each choice: it looks one move ahead.
 *
 * Worth is in points, 150 of which are the HP of a usual Pokémon:
 *
 *     damage      expected damage times accuracy; 1000 more if it should faint the foe, 600 if the foe would faint us
 *                 first
 *     status      healing by what is missing, a new status 60, a boost 55 while healthy, hazards 45, screens 35, else 5
 *     switch      3/10 of the newcomer's best damage, half of the danger it avoids, less entry hazards, less 40
 *     Tera        the move's worth with it, a third of the danger it takes away, 120 if it saves us, less 50: so it is
 *                 kept for a knock-out or a rescue
 *     Mega        the move's worth and 1 more: always, since it costs nothing
 *     Z-Move      by its own power, less 50: kept for a knock-out, too
 *
 * Danger is the most that the foe's known moves, or good moves of its types that it might have, would do.  Damage is
 * the engine's own, so abilities, items, weather and terrain that are known count.
 */
#include "pokemon.h"

#include <string.h>

enum {
    FULL_HP = 150, /* points */
    KNOCK_OUT = 1000,
    KNOCK_OUT_LATE = 600,
    STRUGGLE = 25,
    HEAL = 220,
    NEW_STATUS = 60,
    BOOST = 55,
    BOOST_WEAK = 20,
    HAZARD = 45,
    SCREEN = 35,
    OTHER = 10,
    NONE = 5,
    SWITCH_COST = 40,
    TERA_COST = 50,
    TERA_COST_LAST = 15, /* of the last Pokémon standing */
    TERA_RESCUE = 120,
    Z_COST = 50,
    THREATS = BATTLE_MOVES + 2,
};

struct scene { /* what the heuristic looks at */
    const struct dex *dex;
    struct battle_view view; /* a copy: Terastallization is tried out in it */
    int me, my_slot, foe_slot;
    struct battle_view_side *own;
    const struct battle_view_side *other;
    struct battle_view_mon *mine;
    const struct battle_view_mon *foe;
    uint16_t threats[THREATS]; /* moves that the foe has or may have; 0: none */
    int32_t left, danger;      /* own HP, and the most that the foe may do to it, in points */
    bool faster;
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

static bool has_type(const struct battle_view_mon *mon, int type)
{
    return mon->types[0] == type || mon->types[1] == type || (mon->type_added && mon->type_added == type);
}

static bool is_one_of(const char *id, const char *const ids[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(id, ids[i]))
            return true;
    return false;
}

#define IS_ONE_OF(id, ids) is_one_of(id, ids, sizeof(ids) / sizeof(ids)[0])

static bool holds(const struct scene *s, const struct battle_view_mon *mon, const char *item)
{
    return mon->item && !strcmp(s->dex->items[mon->item].id, item);
}

/* ------------------------------------------------------------------------------------------------- threats --- */

static const uint64_t with_a_catch =
    DEX_BIT(MF_CHARGE) | DEX_BIT(MF_RECHARGE) | DEX_BIT(MF_SELF_DESTRUCT) | DEX_BIT(MF_OHKO) | DEX_BIT(MF_FUTUREMOVE);

/* A move of this type that the species is likely to have: strong, and without a catch. */
static uint16_t likely_move(const struct dex *dex, uint16_t species, int type)
{
    const struct dex_species *s = &dex->species[species];
    uint16_t best = 0;
    int most = 0;
    for (uint16_t i = 1; i <= dex->moves_n; i++) {
        const struct dex_move *m = &dex->moves[i];
        if (m->type != type || m->category == MOVE_STATUS || m->power > 110 || m->flags & with_a_catch ||
            !dex_learns(dex, species, i))
            continue;
        int worth = m->power * hit_chance(m) * s->base[1 + (m->category == MOVE_SPECIAL ? STAT_SPA : STAT_ATK)];
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
            s->threats[i] ? battle_expected_damage(s->dex, &s->view, 1 - s->me, s->foe_slot, slot, s->threats[i]) : 0;
        most = permille > most ? permille : most;
    }
    return permille_to_points(most);
}

/* --------------------------------------------------------------------------------------------------- speed --- */

static int usual_speed(const struct scene *s, const struct battle_view_mon *mon)
{
    struct battle_set set = battle_set_default(mon->species);
    uint16_t stats[6];
    set.level = mon->level;
    battle_stats(s->dex, &set, stats);
    return stats[1 + STAT_SPE];
}

static int speed(const struct scene *s, const struct battle_view_side *side, const struct battle_view_mon *mon)
{
    const int8_t n = side->boosts[STAT_SPE];
    int v = mon->exact ? mon->stats[STAT_SPE] : usual_speed(s, mon);
    v = n > 0 ? v * (2 + n) / 2 : v * 2 / (2 - n);
    if (mon->status == STATUS_PAR)
        v /= 2;
    if (holds(s, mon, "choicescarf"))
        v = v * 3 / 2;
    return side->conditions[SIDE_TAILWIND] ? 2 * v : v;
}

static bool is_faster(const struct scene *s)
{
    bool more = speed(s, s->own, s->mine) > speed(s, s->other, s->foe);
    return s->view.rooms[ROOM_TRICK] ? !more : more;
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
        if (m->hit.status == rules[i].status && has_type(s->foe, rules[i].type))
            return true;
    if ((m->flags & DEX_BIT(MF_POWDER) || seeds(m)) && has_type(s->foe, TYPE_GRASS))
        return true;
    if (m->hit.status && s->view.terrain == TERRAIN_MISTY && !has_type(s->foe, TYPE_FLYING))
        return true;
    return m->flags & DEX_BIT(MF_HEED_IMMUNITY) && (dex_effectiveness(s->dex, m->type, s->foe->types[0]) == 0 ||
                                                    dex_effectiveness(s->dex, m->type, s->foe->types[1]) == 0);
}

/* Another one sleeps already, and the Sleep Clause holds.  By whose doing is not looked at: few use Rest and leave. */
static bool is_barred(const struct scene *s, const struct dex_move *m)
{
    if (m->hit.status != STATUS_SLP || !(s->view.clauses & CLAUSE_SLEEP))
        return false;
    for (int i = 0; i < BATTLE_PARTY; i++) {
        const struct battle_view_mon *mon = &s->other->party[i];
        if (mon->known && !mon->fainted && mon->status == STATUS_SLP)
            return true;
    }
    return false;
}

/* A move that makes the foe ill, confused or seeded. */
static int32_t affliction_worth(const struct scene *s, const struct dex_move *m)
{
    bool seeded = battle_view_has(s->other, VOL_LEECH_SEED), dizzy = battle_view_has(s->other, VOL_CONFUSION);
    bool taken = m->hit.status ? s->foe->status != STATUS_NONE : seeds(m) ? seeded : dizzy;
    bool kept = battle_view_has(s->other, VOL_SUBSTITUTE) || s->other->conditions[SIDE_SAFEGUARD];
    return taken || kept || is_immune(s, m) || is_barred(s, m) ? 0 : NEW_STATUS * hit_chance(m) / 100;
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

/* What lies on the ground hurts those who are yet to come. */
static int32_t side_worth(const struct scene *s, const struct dex_move *m)
{
    static const uint8_t layers[SIDE_CONDITIONS] = {[SIDE_SPIKES] = 3, [SIDE_TOXIC_SPIKES] = 2};
    const int condition = m->hit.side - 1;
    const bool hazard = condition >= SIDE_HAZARDS;
    const int now = (hazard ? s->other : s->own)->conditions[condition];
    if (hazard && (s->other->bench_alive < 2 || now >= (layers[condition] ? layers[condition] : 1)))
        return 0;
    if (hazard)
        return HAZARD / (1 + now);
    return now ? 0 : condition <= SIDE_AURORA_VEIL ? SCREEN : OTHER;
}

static bool heals_by_rule(const struct dex_move *m)
{
    static const char *const ids[] = {"moonlight", "morningsun", "synthesis", "shoreup", "strengthsap"};
    return IS_ONE_OF(m->id, ids);
}

static int32_t status_worth(const struct scene *s, const struct dex_move *m)
{
    int missing = s->mine->hp_max ? (s->mine->hp_max - s->mine->hp) * HEAL / s->mine->hp_max : 0;
    if (!strcmp(m->id, "rest"))
        return s->mine->status == STATUS_SLP ? 0 : missing / 2;
    if ((m->heal[0] && m->target == TARGET_SELF) || heals_by_rule(m))
        return missing;
    if (m->target == TARGET_FOE && (m->hit.status || m->hit.volatile_ == 1 + VOL_CONFUSION || seeds(m)))
        return affliction_worth(s, m);
    if (m->target == TARGET_SELF && m->hit.boosted)
        return boost_worth(s, m);
    return m->hit.side ? side_worth(s, m) : NONE;
}

/* Moves that work under a condition which a view does not tell, or at a price: what is left of their worth, of 100. */
static int catch_of(const struct scene *s, const struct dex_move *m)
{
    static const char *const first_turn[] = {"fakeout", "firstimpression"};
    static const char *const asleep[] = {"dreameater", "snore"};
    static const char *const guess[] = {"suckerpunch", "thunderclap", "focuspunch", "belch", "lastresort"};
    if (IS_ONE_OF(m->id, first_turn))
        return 25;
    if (IS_ONE_OF(m->id, asleep))
        return (m->id[0] == 'd' ? s->foe : s->mine)->status == STATUS_SLP ? 100 : 0;
    if (IS_ONE_OF(m->id, guess))
        return 60;
    if (!strcmp(m->id, "steelroller") && !s->view.terrain)
        return 0;
    return m->flags & (with_a_catch & ~DEX_BIT(MF_OHKO)) ? 50 : 100;
}

static int32_t move_worth(const struct scene *s, uint16_t move)
{
    const struct dex_move *m = &s->dex->moves[move];
    if (m->category == MOVE_STATUS)
        return status_worth(s, m);
    int permille = battle_expected_damage(s->dex, &s->view, s->me, s->my_slot, s->foe_slot, move);
    int left = s->foe->hp_max ? s->foe->hp * 1000 / s->foe->hp_max : 0;
    int32_t points = permille_to_points(permille) * catch_of(s, m) / 100;
    if (points && permille >= left) {
        bool first = m->priority > 0 || (m->priority == 0 && s->faster);
        points += first || s->danger < s->left ? KNOCK_OUT : KNOCK_OUT_LATE;
    }
    return points * hit_chance(m) / 100;
}

/* ---------------------------------------------------------------------------------------- Terastallization --- */

/* The move as a Z-Move, by the power it then has: kept for a knock-out that it alone brings about. */
static int32_t z_worth(const struct scene *s, int slot)
{
    const uint16_t move = s->mine->moves[slot];
    const struct dex_move *m = &s->dex->moves[move];
    const struct dex_item *item = &s->dex->items[s->mine->item];
    const int32_t plain = move_worth(s, move);
    if (m->category == MOVE_STATUS)
        return plain - Z_COST;
    const int power = item->z_from == move ? s->dex->moves[item->z_move].power : s->dex->z ? s->dex->z[move].power : 0;
    const int permille = battle_expected_damage(s->dex, &s->view, s->me, s->my_slot, s->foe_slot, move);
    const int left = s->foe->hp_max ? s->foe->hp * 1000 / s->foe->hp_max : 0;
    const int then = m->power > 1 ? permille * power / m->power : permille;
    int32_t worth = permille_to_points(then);
    if (then >= left && then)
        worth += s->faster || s->danger < s->left ? KNOCK_OUT : KNOCK_OUT_LATE;
    return worth - Z_COST;
}

/* The same move after it.  Mega Evolution costs nothing, and its worth is not known: better with than without. */
static int32_t extra_worth(struct scene *s, int choice, int slot)
{
    if (choice >= BATTLE_CHOICE_Z)
        return z_worth(s, slot);
    if (choice < BATTLE_CHOICE_TERA || choice >= BATTLE_CHOICE_TERA + BATTLE_MOVES)
        return move_worth(s, s->mine->moves[slot]) + 1;
    const struct battle_view_mon plain = *s->mine;
    s->mine->terastallized = true;
    if (plain.tera != TYPE_STELLAR) {
        s->mine->types[0] = plain.tera;
        s->mine->types[1] = s->mine->type_added = TYPE_NONE;
    }
    int32_t worth = move_worth(s, plain.moves[slot]), then = danger(s, s->my_slot);
    *s->mine = plain;
    worth += (s->danger - then) / 3 - (s->own->alive > 1 ? TERA_COST : TERA_COST_LAST);
    return s->danger >= s->left && then < s->left ? worth + TERA_RESCUE : worth;
}

/* ------------------------------------------------------------------------------------------------- switches --- */

static int32_t hazard_worth(const struct scene *s, const struct battle_view_mon *mon)
{
    const uint8_t *types = mon->types;
    int32_t points = 0;
    if (holds(s, mon, "heavydutyboots"))
        return 0;
    if (s->own->conditions[SIDE_STEALTH_ROCK]) {
        int quarters = dex_effectiveness(s->dex, TYPE_ROCK, types[0]) *
                       (types[1] ? dex_effectiveness(s->dex, TYPE_ROCK, types[1]) : 2);
        points += FULL_HP * quarters / 32;
    }
    if (s->own->conditions[SIDE_SPIKES] && !has_type(mon, TYPE_FLYING))
        points += FULL_HP / 8;
    return points;
}

static int32_t switch_worth(const struct scene *s, int slot)
{
    const struct battle_view_mon *mon = &s->own->party[slot];
    int most = 0;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        int permille =
            mon->moves[i] ? battle_expected_damage(s->dex, &s->view, s->me, slot, s->foe_slot, mon->moves[i]) : 0;
        most = permille > most ? permille : most;
    }
    return 3 * permille_to_points(most) / 10 + (s->danger - danger(s, slot)) / 2 - hazard_worth(s, mon) - SWITCH_COST;
}

/* ------------------------------------------------------------------------------------------------ decisions --- */

static void set_scene(struct scene *s, const struct dex *dex, const struct battle_view *view)
{
    *s = (struct scene){.dex = dex, .view = *view, .me = view->viewer};
    s->own = &s->view.sides[s->me];
    s->other = &s->view.sides[1 - s->me];
    s->my_slot = s->own->active;
    s->foe_slot = s->other->active;
    s->mine = &s->own->party[s->my_slot];
    s->foe = &s->other->party[s->foe_slot];
    find_threats(s);
    s->danger = s->mine->fainted ? 0 : danger(s, s->my_slot);
    s->left = s->mine->hp_max ? s->mine->hp * FULL_HP / s->mine->hp_max : 0;
    s->faster = is_faster(s);
}

void agent_worth(const struct dex *dex, const struct battle_view *view, uint32_t choices, int32_t worth[BATTLE_CHOICES])
{
    struct scene s;
    set_scene(&s, dex, view);
    for (int i = 0, slot; i < BATTLE_CHOICES; i++) {
        if (!(choices >> i & 1))
            worth[i] = INT32_MIN;
        else if (i < BATTLE_MOVES)
            worth[i] = move_worth(&s, s.mine->moves[i]);
        else if (i == BATTLE_CHOICE_FORCED)
            worth[i] = STRUGGLE;
        else if (choice_extra(i, &slot))
            worth[i] = extra_worth(&s, i, slot);
        else
            worth[i] = switch_worth(&s, i - BATTLE_CHOICE_SWITCH);
    }
}
