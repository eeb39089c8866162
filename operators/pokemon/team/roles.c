/*
 * roles.c - what a Pokémon of a random team is for, and the set that follows from it.
 *
 * A role is drawn from those that the species' stats and moves allow.  Each role is a list of wishes for moves, taken
 * in order until there are four; what remains is filled with the best attacks.  Item, nature, EVs and Tera type follow
 * from the role.  All of it is whole numbers: the same on every machine.
 */
#include "random.h"

#include <string.h>

enum role { ROLE_ATTACKER, ROLE_SETUP, ROLE_WALL, ROLE_SUPPORT, ROLES };

struct plan {
    struct team_draft *d;
    enum role role;
    int category; /* of its attacks */
};

/* -------------------------------------------------------------------------------------------------- attacks --- */

static bool type_taken(const struct team_draft *d, uint8_t type)
{
    for (int i = 0; i < d->moves_n; i++)
        if (d->facts->moves[d->moves[i]].category != STATUS && d->facts->moves[d->moves[i]].type == type)
            return true;
    return false;
}

/* The best attack of a category (-1: any) and type (0: any not taken yet, with coverage counted); 0 if there is none.
 * One time in four the second best, if it is nearly as good. */
static uint16_t best_attack(const struct team_draft *d, int category, uint8_t type)
{
    uint16_t first = 0, second = 0;
    int high = 0, next = 0;
    for (uint16_t i = 1; i <= d->facts->moves_n; i++) {
        const struct team_move *m = &d->facts->moves[i];
        if ((category >= 0 && m->category != category) || (type ? m->type != type : type_taken(d, m->type)) ||
            draft_has(d, i) || !draft_can(d, i))
            continue;
        int value = draft_worth(d, m);
        if (!type)
            value = value / 18 * (4 + draft_new_cover(d, m->type));
        if (value > high) {
            next = high, second = first;
            high = value, first = i;
        } else if (value > next) {
            next = value, second = i;
        }
    }
    return second && next >= high / 10 * 8 && rng_below(d->rng, 4) == 0 ? second : first;
}

static bool add(struct team_draft *d, uint16_t move)
{
    if (!move || d->moves_n == TEAM_MOVES || draft_has(d, move))
        return false;
    d->moves[d->moves_n++] = move;
    return true;
}

static void add_own_types(struct plan *p, int most)
{
    for (int i = 0; i < 2 && most > 0; i++)
        if (p->d->species->types[i] && add(p->d, best_attack(p->d, p->category, p->d->species->types[i])))
            most--;
}

/* ---------------------------------------------------------------------------------------------- other moves --- */

static const char *const hazards[] = {"stealthrock", "spikes", "stickyweb", "toxicspikes", NULL};
static const char *const removals[] = {"rapidspin", "defog", "mortalspin", NULL};
static const char *const screens[] = {"auroraveil", "reflect", "lightscreen", NULL};
static const char *const statuses[] = {"spore",       "willowisp", "thunderwave", "toxic", "glare",
                                       "sleeppowder", "leechseed", "yawn",        NULL};
static const char *const pivots[] = {"uturn",    "voltswitch",      "flipturn", "partingshot",
                                     "teleport", "chillyreception", NULL};
static const char *const helpers[] = {"taunt",     "encore", "knockoff", "haze",       "roar",
                                      "whirlwind", "trick",  "protect",  "substitute", NULL};

/* One of the list that it can have: mostly the first, sometimes the next. */
static uint16_t pick(const struct team_draft *d, const char *const *list)
{
    uint16_t found = 0;
    for (int i = 0; list[i]; i++) {
        uint16_t move = team_move(d->facts, list[i]);
        if (!draft_can(d, move) || draft_has(d, move))
            continue;
        if (!found)
            found = move;
        else
            return rng_below(d->rng, 3) == 0 ? move : found;
    }
    return found;
}

/* One of the moves with all these flags, each as likely. */
static uint16_t pick_flags(const struct team_draft *d, uint32_t flags)
{
    uint16_t found = 0;
    unsigned n = 0;
    for (uint16_t i = 1; i <= d->facts->moves_n; i++)
        if ((d->facts->moves[i].flags & flags) == flags && !draft_has(d, i) && draft_can(d, i) &&
            rng_below(d->rng, ++n) == 0)
            found = i;
    return found;
}

static uint32_t setup_of(int category)
{
    return TM_SETUP | (category == PHYSICAL ? TM_SETUP_PHYSICAL : TM_SETUP_SPECIAL);
}

/* ---------------------------------------------------------------------------------------------------- roles --- */

static void attacker(struct plan *p)
{
    add_own_types(p, 2);
    add(p->d, best_attack(p->d, p->category, 0));
    if (rng_below(p->d->rng, 3) == 0)
        add(p->d, pick(p->d, pivots));
}

static void sweeper(struct plan *p)
{
    add(p->d, pick_flags(p->d, setup_of(p->category)));
    add_own_types(p, 2);
    if (rng_below(p->d->rng, 2) == 0)
        add(p->d, pick_flags(p->d, TM_HEALS));
}

static void wall(struct plan *p)
{
    add(p->d, pick_flags(p->d, TM_HEALS));
    add_own_types(p, 1 + (int)rng_below(p->d->rng, 2));
    add(p->d, pick(p->d, statuses));
    add(p->d, pick(p->d, rng_below(p->d->rng, 2) ? hazards : pivots));
    add(p->d, pick(p->d, helpers));
}

static void supporter(struct plan *p)
{
    bool lead = rng_below(p->d->rng, 3) != 0;
    add_own_types(p, 1);
    if (!(lead && add(p->d, pick(p->d, hazards))) && add(p->d, pick(p->d, screens)))
        add(p->d, pick(p->d, screens));
    add(p->d, pick(p->d, removals));
    add(p->d, pick(p->d, pivots));
    add(p->d, pick(p->d, statuses));
    add(p->d, pick(p->d, helpers));
}

static void (*const make_moves[ROLES])(struct plan *) = {attacker, sweeper, wall, supporter};

/* How well each role fits; a role is drawn by these weights. */
static void weigh(const struct plan *p, unsigned weight[ROLES])
{
    const struct team_draft *d = p->d;
    const uint8_t *s = d->species->stats;
    int bulk = s[HP] + s[DEF] + s[SPD], power = s[ATK] > s[SPA] ? s[ATK] : s[SPA];
    weight[ROLE_ATTACKER] = power >= 80 ? 4 : 1;
    weight[ROLE_SETUP] = power >= 75 && pick_flags(d, setup_of(p->category)) ? 4 : 0;
    weight[ROLE_WALL] = bulk >= 250 && pick_flags(d, TM_HEALS) ? (power >= 110 ? 2 : 5) : 0;
    weight[ROLE_SUPPORT] = pick(d, hazards) ? (power >= 110 ? 1 : 3) : pick(d, screens) ? 1 : 0;
}

static enum role draw_role(const struct plan *p)
{
    unsigned weight[ROLES], sum = 0;
    weigh(p, weight);
    for (int i = 0; i < ROLES; i++)
        sum += weight[i];
    unsigned at = rng_below(p->d->rng, sum);
    for (int i = 0; i < ROLES; i++) {
        if (at < weight[i])
            return (enum role)i;
        at -= weight[i];
    }
    return ROLE_ATTACKER;
}

/* Physical or special: by what its best attacks are worth. */
static int draw_category(const struct team_draft *d)
{
    int value[2] = {0, 0};
    for (uint16_t i = 1; i <= d->facts->moves_n; i++) {
        const struct team_move *m = &d->facts->moves[i];
        if (m->category != STATUS && draft_can(d, i) && draft_worth(d, m) > value[m->category])
            value[m->category] = draft_worth(d, m);
    }
    if (!value[PHYSICAL] && !value[SPECIAL])
        return -1;
    int high = value[PHYSICAL] >= value[SPECIAL] ? PHYSICAL : SPECIAL;
    bool close = value[1 - high] >= value[high] / 10 * 8;
    return close && rng_below(d->rng, 3) == 0 ? 1 - high : high;
}

/* --------------------------------------------------------------------------------- item, spread, Tera type --- */

static int attacks(const struct team_draft *d, int category)
{
    int n = 0;
    for (int i = 0; i < d->moves_n; i++) {
        int c = d->facts->moves[d->moves[i]].category;
        n += category < 0 ? c != STATUS : c == category;
    }
    return n;
}

/* How hard a type hits it: 4 is usual, 16 the most. */
static int against(const struct team_draft *d, const char *type)
{
    const uint8_t *row = d->facts->chart[team_type(type) - 1], *types = d->species->types;
    return row[types[0] - 1] * (types[1] ? row[types[1] - 1] : 2);
}

static bool try_item(struct team_draft *d, const char *id)
{
    uint16_t n = team_item(d->facts, id);
    if (!n || draft_banned(d, &d->format->items, offsetof(struct team_clause, items), n) ||
        (d->facts->items[n].forme && d->facts->species[d->facts->items[n].forme].base == d->species->base))
        return false;
    for (int i = 0; i < d->before->count && (d->format->once & ONCE_ITEM); i++)
        if (!strcmp(d->before->sets[i].item, id))
            return false;
    memcpy(d->set->item, d->facts->items[n].id, TEAM_ID);
    return true;
}

static bool try_items(struct team_draft *d, const char *const *list)
{
    for (int i = 0; list[i]; i++)
        if (try_item(d, list[i]))
            return true;
    return false;
}

static bool item_of_ability(struct team_draft *d)
{
    static const char *const rows[][2] = {{"poisonheal", "toxicorb"},          {"guts", "flameorb"},
                                          {"protosynthesis", "boosterenergy"}, {"quarkdrive", "boosterenergy"},
                                          {"harvest", "sitrusberry"},          {"cheekpouch", "sitrusberry"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (draft_has_ability(d, rows[i][0]))
            return try_item(d, rows[i][1]);
    return false;
}

static bool choice_item(const struct plan *p)
{
    const uint8_t *s = p->d->species->stats;
    if (attacks(p->d, p->category) < TEAM_MOVES)
        return false;
    if (s[SPE] < 55 && s[HP] + s[DEF] + s[SPD] >= 250 && try_item(p->d, "assaultvest"))
        return true;
    if (s[SPE] >= 65 && s[SPE] <= 105 && rng_below(p->d->rng, 2) && try_item(p->d, "choicescarf"))
        return true;
    return try_item(p->d, p->category == PHYSICAL ? "choiceband" : "choicespecs");
}

static bool has_screen(const struct team_draft *d)
{
    for (int i = 0; screens[i]; i++)
        if (draft_has(d, team_move(d->facts, screens[i])))
            return true;
    return false;
}

static bool holds_kind(const struct team_draft *d, bool stone)
{
    for (int i = 0; i < d->before->count; i++) {
        const struct team_item *item = &d->facts->items[team_item(d->facts, d->before->sets[i].item)];
        if (stone ? item->stone : item->z_type || item->z_from)
            return true;
    }
    return false;
}

static bool is_user(const struct team_draft *d, const struct team_item *item)
{
    for (size_t i = 0; i < sizeof item->users / sizeof item->users[0]; i++)
        if (item->users[i] && item->users[i] == d->number)
            return true;
    return false;
}

/* A stone that makes it mega evolve, one in a team; each that it may have is as likely. */
static bool mega_stone(struct team_draft *d)
{
    uint16_t found = 0;
    unsigned n = 0;
    if (holds_kind(d, true))
        return false;
    for (uint16_t i = 1; i <= d->facts->items_n; i++)
        if (d->facts->items[i].stone && is_user(d, &d->facts->items[i]) && rng_below(d->rng, ++n) == 0)
            found = i;
    return found && try_item(d, d->facts->items[found].id);
}

/* The crystal that is made for one of its moves, else one for an attack of its own type; 0 if there is none. */
static uint16_t fitting_crystal(const struct team_draft *d)
{
    uint16_t found = 0;
    for (uint16_t i = 1; i <= d->facts->items_n; i++) {
        const struct team_item *item = &d->facts->items[i];
        if (item->z_from && draft_has(d, item->z_from) && is_user(d, item))
            return i;
        for (int k = 0; k < d->moves_n && item->z_type && !item->users[0]; k++) {
            const struct team_move *m = &d->facts->moves[d->moves[k]];
            if (m->category != STATUS && m->type == item->z_type && draft_own_type(d, m->type))
                found = i;
        }
    }
    return found;
}

/* One crystal in a team, and not in every one. */
static bool z_crystal(struct team_draft *d)
{
    const uint16_t crystal = holds_kind(d, false) ? 0 : fitting_crystal(d);
    return crystal && rng_below(d->rng, 3) == 0 && try_item(d, d->facts->items[crystal].id);
}

static void choose_item(struct plan *p)
{
    static const char *const strong[] = {"lifeorb",  "expertbelt",  "focussash",      "leftovers",
                                         "lumberry", "sitrusberry", "weaknesspolicy", NULL};
    static const char *const lasting[] = {"leftovers", "heavydutyboots", "rockyhelmet", "sitrusberry",
                                          "lumberry",  "covertcloak",    NULL};
    struct team_draft *d = p->d;
    if (d->species->items[0]) {
        memcpy(d->set->item, d->facts->items[d->species->items[0]].id, TEAM_ID);
        return;
    }
    if (mega_stone(d))
        return;
    if ((p->role == ROLE_ATTACKER || p->role == ROLE_SETUP) && z_crystal(d))
        return;
    if (item_of_ability(d) || (has_screen(d) && try_item(d, "lightclay")))
        return;
    if (against(d, "rock") >= 8 && (against(d, "rock") == 16 || rng_below(d->rng, 2)) && try_item(d, "heavydutyboots"))
        return;
    if (p->role == ROLE_ATTACKER && choice_item(p))
        return;
    if (p->role == ROLE_WALL && draft_own_type(d, team_type("poison")) && try_item(d, "blacksludge"))
        return;
    try_items(d, p->role == ROLE_ATTACKER || p->role == ROLE_SETUP ? strong : lasting);
}

static void set_nature(struct team_draft *d, int plus, int minus)
{
    for (uint16_t i = 1; i <= d->facts->natures_n; i++)
        if (d->facts->natures[i].plus == plus && d->facts->natures[i].minus == minus)
            memcpy(d->set->nature, d->facts->natures[i].id, TEAM_ID);
}

static void choose_spread(struct plan *p)
{
    struct team_draft *d = p->d;
    const uint8_t *s = d->species->stats;
    int16_t *evs = d->set->evs;
    int attack = p->category == PHYSICAL ? ATK : SPA, unused = p->category == PHYSICAL ? SPA : ATK;
    bool mixed = attacks(d, PHYSICAL) && attacks(d, SPECIAL);
    if (p->role == ROLE_ATTACKER || p->role == ROLE_SETUP) {
        bool fast = s[SPE] >= 60;
        evs[attack] = 252;
        evs[fast ? SPE : HP] = 252;
        evs[fast ? SPD : DEF] = 4;
        set_nature(d, fast && s[SPE] >= 75 ? SPE : attack, mixed ? (s[DEF] < s[SPD] ? DEF : SPD) : unused);
    } else {
        int wall = s[DEF] + (int)rng_below(d->rng, 40) >= s[SPD] + (int)rng_below(d->rng, 40) ? DEF : SPD;
        evs[HP] = 252;
        evs[wall] = 252;
        evs[wall == DEF ? SPD : DEF] = 4;
        set_nature(d, wall, mixed ? SPE : unused);
    }
    if (!attacks(d, PHYSICAL) && !d->species->only_n) /* Foul Play and confusion hurt less */
        d->set->ivs[ATK] = 0;
}

/* The type that helps most where it is weak now. */
static uint8_t sheltering_type(const struct team_draft *d)
{
    uint8_t best = 0;
    int high = -100;
    unsigned same = 0;
    for (int t = 1; t < TEAM_TYPES; t++) {
        int value = 0;
        for (int a = 1; a < TEAM_TYPES; a++) {
            char id[TEAM_ID];
            const char *name = team_type_name((uint8_t)a);
            team_id(name, strlen(name), id);
            uint8_t hits = d->facts->chart[a - 1][t - 1];
            value += (against(d, id) > 4 ? 3 : 1) * (hits < 2 ? 1 : hits > 2 ? -2 : 0);
        }
        same = value > high ? 1 : same + (value == high);
        if (value > high || (value == high && rng_below(d->rng, same) == 0))
            best = (uint8_t)t;
        high = value > high ? value : high;
    }
    return best;
}

static void choose_tera(struct plan *p)
{
    struct team_draft *d = p->d;
    uint8_t type = d->species->required_tera;
    if (!type && (p->role == ROLE_WALL || p->role == ROLE_SUPPORT || rng_below(d->rng, 4) == 0))
        type = sheltering_type(d);
    for (int i = 0, n = (int)rng_below(d->rng, (unsigned)d->moves_n); i < d->moves_n && !type; i++) {
        const struct team_move *m = &d->facts->moves[d->moves[(i + n) % d->moves_n]];
        if (m->category != STATUS)
            type = m->type;
    }
    if (d->format->tera)
        team_id(team_type_name(type), strlen(team_type_name(type)), d->set->tera);
}

/* ---------------------------------------------------------------------------------------------------- whole --- */

static void write_moves(struct team_draft *d)
{
    d->set->moves_n = d->moves_n;
    for (int i = 0; i < d->moves_n; i++)
        memcpy(d->set->moves[i], d->facts->moves[d->moves[i]].id, TEAM_ID);
}

bool draft_set(struct team_draft *d)
{
    struct plan p = {.d = d};
    if (!draft_ability(d) || (p.category = draw_category(d)) < 0)
        return false;
    p.role = draw_role(&p);
    if (d->species->required_move)
        add(d, d->species->required_move);
    make_moves[p.role](&p);
    while (d->moves_n < TEAM_MOVES && add(d, best_attack(d, p.category, 0)))
        ;
    while (d->moves_n < TEAM_MOVES && add(d, best_attack(d, -1, 0)))
        ;
    add(d, pick(d, helpers));
    if (d->moves_n < TEAM_MOVES || !attacks(d, -1))
        return false;
    write_moves(d);
    choose_item(&p);
    choose_spread(&p);
    choose_tera(&p);
    return true;
}
