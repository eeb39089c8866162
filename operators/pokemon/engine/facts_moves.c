/*
 * facts_moves.c - moves of a data version, what Metronome may call, and what moves are as Z-Moves.
 */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

static bool pair_of(struct compiler *k, const json_t *row, const char *key, uint8_t out[2])
{
    const json_t *v = json_object_get(row, key);
    if (!v)
        return true;
    if (json_array_size(v) != 2)
        return mistake(k, "\"%s\" must be a list of two numbers", key);
    for (size_t i = 0; i < 2; i++) {
        json_int_t n = json_integer_value(json_array_get(v, i));
        if (n < 1 || n > 255)
            return mistake(k, "\"%s\" must hold numbers from 1 to 255", key);
        out[i] = (uint8_t)n;
    }
    return true;
}

static uint32_t sequence_of(const json_t *v)
{
    const char *key;
    json_t *n;
    uint32_t out = 0;
    unsigned at = 0;
    json_object_foreach((json_t *)v, key, n)
        if (find_stat(key) >= 0 && at < 28) {
            out |= (uint32_t)(1 + find_stat(key)) << at;
            at += 4;
        }
    return out;
}

static bool hit_part(struct compiler *k, const json_t *row, struct dex_effect *out)
{
    int n = name_of(k, row, "status", find_one_status);
    out->status = (uint8_t)(n > 0 ? n : 0);
    n = name_of(k, row, "volatile", find_volatile);
    out->volatile_ = (uint8_t)(n >= 0 ? n + 1 : 0);
    n = name_of(k, row, "side", find_side);
    out->side = (uint8_t)(n >= 0 ? n + 1 : 0);
    out->chance = (uint8_t)number_of(k, row, "chance", 0, 1, 100);
    out->code = json_is_true(json_object_get(row, "code"));
    if (json_object_get(row, "boosts"))
        out->sequence = sequence_of(json_object_get(row, "boosts"));
    return stages_of(k, json_object_get(row, "boosts"), out->boosts, &out->boosted) && !k->failed;
}

static int find_target(const char *s)
{
    static const struct {
        const char *name;
        int target;
    } targets[] = {{"normal", TARGET_FOE},
                   {"any", TARGET_FOE},
                   {"adjacent_foe", TARGET_FOE},
                   {"all_adjacent", TARGET_FOE},
                   {"all_adjacent_foes", TARGET_FOE},
                   {"random_normal", TARGET_FOE},
                   {"scripted", TARGET_FOE},
                   {"self", TARGET_SELF},
                   {"allies", TARGET_SELF},
                   {"adjacent_ally_or_self", TARGET_SELF},
                   {"adjacent_ally", TARGET_ALLY},
                   {"all", TARGET_ALL},
                   {"foe_side", TARGET_FOE_SIDE},
                   {"ally_side", TARGET_OWN_SIDE},
                   {"ally_team", TARGET_OWN_SIDE}};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (!strcmp(targets[i].name, s))
            return targets[i].target;
    return -1;
}

static int find_slot(const char *s)
{
    static const char *const names[] = {"wish", "healingwish", "lunardance", "revivalblessing", "futuremove"};
    for (int i = 0; i < 5; i++)
        if (!strcmp(names[i], s))
            return i + 1;
    return !strcmp(s, "Wish") ? SLOT_WISH : -1;
}

static int find_category(const char *s)
{
    return !strcmp(s, "physical")  ? MOVE_PHYSICAL
           : !strcmp(s, "special") ? MOVE_SPECIAL
           : !strcmp(s, "status")  ? MOVE_STATUS
                                   : -1;
}

static bool move_flags(struct compiler *k, const json_t *row, struct dex_move *m)
{
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(row, "flags"), i, v) {
        int f = find_flag(item_of(v));
        if (f < 0)
            return mistake(k, "flag \"%s\" is unknown", item_of(v));
        m->flags |= DEX_BIT(f);
    }
    const char *target = json_string_value(json_object_get(row, "target"));
    if (target && (!strcmp(target, "all_adjacent") || !strcmp(target, "all_adjacent_foes")))
        m->flags |= DEX_BIT(MF_SPREAD);
    const json_t *ohko = json_object_get(row, "ohko");
    if (ohko)
        m->flags |= DEX_BIT(MF_OHKO) | (json_is_string(ohko) ? DEX_BIT(MF_OHKO_ICE) : 0);
    const char *boom = json_string_value(json_object_get(row, "selfdestruct"));
    if (boom)
        m->flags |= DEX_BIT(!strcmp(boom, "always") ? MF_SELF_DESTRUCT : MF_SELF_DESTRUCT_HIT);
    if (json_object_get(row, "offense_of"))
        m->flags |= DEX_BIT(MF_FOUL_PLAY);
    return true;
}

static void move_conditions(struct compiler *k, const json_t *row, struct dex_move *m)
{
    int n = name_of(k, row, "slot", find_slot);
    m->slot = (uint8_t)(n > 0 ? n : 0);
    n = name_of(k, row, "room", find_room);
    m->room = (uint8_t)(n >= 0 ? n + 1 : 0);
    const char *s = json_string_value(json_object_get(row, "weather"));
    char low[32] = "";
    for (size_t i = 0; s && s[i] && i < sizeof low - 1; i++)
        low[i] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] + 32 : s[i]);
    if (s && find_weather(low) < 1)
        mistake(k, "weather \"%s\" is unknown", s);
    m->weather = (uint8_t)(s ? find_weather(low) : 0);
    n = name_of(k, row, "terrain", find_terrain);
    m->terrain = (uint8_t)(n > 0 ? n : 0);
}

static bool move_numbers(struct compiler *k, const json_t *row, struct dex_move *m)
{
    m->power = (uint8_t)number_of(k, row, "power", 0, 0, 250);
    m->accuracy = (uint8_t)number_of(k, row, "accuracy", 0, 0, 100);
    m->base_pp = (uint8_t)number_of(k, row, "pp", 1, 1, 64);
    m->pp = (uint8_t)number_of(k, row, "pp_max", m->base_pp, 1, 64);
    m->priority = (int8_t)number_of(k, row, "priority", 0, -7, 6);
    m->crit = (uint8_t)number_of(k, row, "crit", 0, 0, 6);
    m->hits[0] = m->hits[1] = 1;
    m->multi = json_object_get(row, "hits") != NULL;
    const json_t *damage = json_object_get(row, "damage");
    if (damage)
        m->damage = (uint8_t)(json_is_string(damage) ? 0xff : number_of(k, row, "damage", 0, 1, 254));
    int n = name_of(k, row, "offense", find_stat);
    m->offense = (uint8_t)(n >= 0 ? n : 0xff);
    n = name_of(k, row, "defense", find_stat);
    m->defense = (uint8_t)(n >= 0 ? n : 0xff);
    const char *out = json_string_value(json_object_get(row, "self_switch"));
    m->self_switch = (uint8_t)(!out ? 0 : !strcmp(out, "copyvolatile") ? 2 : !strcmp(out, "shedtail") ? 3 : 1);
    m->non_ghost = json_object_get(row, "non_ghost_target") != NULL;
    return pair_of(k, row, "hits", m->hits) && pair_of(k, row, "recoil", m->recoil) &&
           pair_of(k, row, "drain", m->drain) && pair_of(k, row, "heal", m->heal);
}

/* Secondary effects and the user's own part go into the dex' list. */
static bool move_parts(struct compiler *k, const json_t *row, struct dex_move *m, struct dex_effect *list, unsigned *n)
{
    const json_t *self = json_object_get(row, "self"), *parts = json_object_get(row, "secondaries");
    if (json_array_size(parts) > 3)
        return mistake(k, "a move has at most three secondary effects");
    if (self) {
        struct dex_effect *e = &list[*n];
        m->self = (uint16_t)(*n)++;
        if (!hit_part(k, self, e))
            return false;
        e->to_user = e->self = true;
    }
    m->effects = (uint16_t)*n;
    size_t i;
    json_t *v;
    json_array_foreach(parts, i, v) {
        struct dex_effect *e = &list[(*n)++];
        const json_t *own = json_object_get(v, "self");
        if (!hit_part(k, v, e) || (own && !hit_part(k, own, e)))
            return false;
        if (own) {
            e->chance = (uint8_t)number_of(k, v, "chance", 0, 1, 100);
            e->to_user = true;
        }
        m->effects_n++;
    }
    return stages_of(k, json_object_get(row, "self_boost"), m->self_boost, &m->self_boosted);
}

static bool read_move(struct compiler *k, const json_t *row, struct dex_move *m, struct dex_effect *list, unsigned *n)
{
    const char *type = text_of(k, row, "type", true);
    text_of(k, row, "category", true);
    text_of(k, row, "target", true);
    int category = name_of(k, row, "category", find_category), target = name_of(k, row, "target", find_target);
    copy_text(k, m->id, sizeof m->id, text_of(k, row, "id", true), "id");
    copy_text(k, m->name, sizeof m->name, text_of(k, row, "name", true), "name");
    if (k->failed)
        return false;
    int t = *type ? dex_type(type) : TYPE_NONE;
    if (t < 0)
        return mistake(k, "type \"%s\" is unknown", type);
    m->type = (uint8_t)(strcmp(m->id, "struggle") != 0 ? t : TYPE_NONE);
    m->category = (uint8_t)category;
    m->target = (uint8_t)target;
    move_conditions(k, row, m);
    return move_numbers(k, row, m) && move_flags(k, row, m) && hit_part(k, row, &m->hit) &&
           move_parts(k, row, m, list, n) && !k->failed;
}

bool read_moves(struct compiler *k, json_t *rows)
{
    struct dex *dex = k->dex;
    const size_t n = json_array_size(rows);
    struct dex_move *moves = calloc(n + 1, sizeof *moves);
    struct dex_effect *effects = calloc(4 * n + 1, sizeof *effects);
    dex->moves = moves;
    dex->effects = effects;
    unsigned used = 1;
    if (!is_list(k, "moves", rows, 1))
        return false;
    if (!moves || !effects)
        return mistake(k, "not enough memory");
    dex->moves_n = (uint16_t)n;
    moves[0].hits[0] = moves[0].hits[1] = 1;
    moves[0].offense = moves[0].defense = 0xff;
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(rows, i);
        begin_row(k, row, i);
        read_move(k, row, &moves[i + 1], effects, &used);
        moves[i + 1].z = json_is_true(json_object_get(row, "z"));
    }
    each_once(k, moves, sizeof *moves, offsetof(struct dex_move, id), (unsigned)n);
    dex->struggle = dex_move(dex, "struggle");
    k->entry = "struggle";
    return dex->struggle || mistake(k, "it is missing");
}

struct called {
    uint16_t move;
    int16_t number;
};

static int by_number(const void *p, const void *q)
{
    const struct called *x = p, *y = q;
    return x->number != y->number ? x->number - y->number : x->move - y->move;
}

/* What Metronome may call, in the order of the games' numbers. */
bool list_called(struct compiler *k, const json_t *rows)
{
    struct dex *dex = k->dex;
    struct called *list = calloc(dex->moves_n + 1u, sizeof *list);
    uint16_t *out = calloc(dex->moves_n + 1u, sizeof *out);
    dex->metronome = out;
    for (unsigned m = 1; list && out && m <= dex->moves_n; m++)
        if (dex->moves[m].flags & DEX_BIT(MF_METRONOME)) {
            list[dex->metronome_n].move = (uint16_t)m;
            list[dex->metronome_n++].number = (int16_t)number_of(k, json_array_get(rows, m - 1), "num", 0, -9999, 9999);
        }
    if (!list || !out) {
        free(list);
        return mistake(k, "not enough memory");
    }
    qsort(list, dex->metronome_n, sizeof *list, by_number);
    for (unsigned i = 0; i < dex->metronome_n; i++)
        out[i] = list[i].move;
    free(list);
    return true;
}

static int find_z_effect(const char *s)
{
    static const char *const names[Z_EFFECTS] = {"",     "clearnegativeboost", "crit2",   "curse",
                                                 "heal", "healreplacement",    "redirect"};
    for (int i = 1; i < Z_EFFECTS; i++)
        if (!strcmp(names[i], s))
            return i;
    return -1;
}

/* What moves are as Z-Moves; a version without them needs no such file. */
bool read_z(struct compiler *k, const json_t *rows)
{
    struct dex *dex = k->dex;
    size_t i;
    json_t *row;
    if (!dex->z_moves)
        return true;
    struct dex_z *list = calloc(dex->moves_n + 1u, sizeof *list);
    dex->z = list;
    if (!is_list(k, "zmoves", rows, 1))
        return false;
    if (!list)
        return mistake(k, "not enough memory");
    json_array_foreach(rows, i, row) {
        begin_row(k, row, i);
        const uint16_t m = dex_move(dex, k->entry);
        if (!m) {
            mistake(k, "it is no move");
            continue;
        }
        const int effect = name_of(k, row, "effect", find_z_effect);
        list[m].power = (uint8_t)number_of(k, row, "power", 0, 1, 250);
        list[m].effect = (uint8_t)(effect > 0 ? effect : Z_NOTHING);
        stages_of(k, json_object_get(row, "boosts"), list[m].boosts, &list[m].boosted);
    }
    return true;
}
