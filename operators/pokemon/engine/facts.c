/*
 * facts.c - species, moves, abilities, items and learnsets of a data version, from JSON.
 */
#define _GNU_SOURCE /* qsort_r */
#include "compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------ reading --- */

/* The row that is read now, for the sentences of mistakes; a row without an id goes by its place. */
static void begin_row(struct compiler *k, const json_t *row, size_t i)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    snprintf(k->place, sizeof k->place, "row %u", (unsigned)i + 1);
    k->entry = id ? id : k->place;
    k->failed = false;
}

static const char *text_of(struct compiler *k, const json_t *row, const char *key, bool needed)
{
    const char *s = json_string_value(json_object_get(row, key));
    if (!s && (needed || json_object_get(row, key)))
        mistake(k, json_object_get(row, key) ? "\"%s\" must be a text" : "\"%s\" is missing", key);
    return s;
}

/* A text in a list, "" when it is something else. */
static const char *item_of(const json_t *v)
{
    const char *s = json_string_value(v);
    return s ? s : "";
}

static int number_of(struct compiler *k, const json_t *row, const char *key, int usual, int lo, int hi)
{
    const json_t *v = json_object_get(row, key);
    if (!v)
        return usual;
    json_int_t n = json_integer_value(v);
    if (!json_is_integer(v) || n < lo || n > hi) {
        mistake(k, "\"%s\" must be a whole number from %d to %d", key, lo, hi);
        return usual;
    }
    return (int)n;
}

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

static bool copy_text(struct compiler *k, char *out, size_t size, const char *s, const char *what)
{
    if (!s)
        return false;
    if (!*s || strlen(s) >= size)
        return mistake(k, "%s \"%s\" is empty or too long", what, s);
    memcpy(out, s, strlen(s) + 1);
    return true;
}

static int name_of(struct compiler *k, const json_t *row, const char *key, int (*find)(const char *))
{
    const char *s = text_of(k, row, key, false);
    if (!s)
        return -1;
    int n = find(s);
    if (n < 0)
        mistake(k, "\"%s\": \"%s\" is unknown", key, s);
    return n;
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

static bool stages_of(struct compiler *k, const json_t *v, int8_t out[STAGES], bool *any)
{
    const char *key;
    json_t *n;
    json_object_foreach((json_t *)v, key, n) {
        int s = find_stat(key);
        json_int_t by = json_integer_value(n);
        if (s < 0 || !json_is_integer(n) || by < -6 || by > 12)
            return mistake(k, "stages: \"%s\" is no stat, or its number is out of range", key);
        out[s] = (int8_t)by;
        *any |= by != 0;
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------- moves --- */

/* A status that a Pokémon may have: "any" is for conditions only. */
static int find_one_status(const char *s)
{
    int n = find_status(s);
    return n < STATUSES ? n : -1;
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

/* ------------------------------------------------------------------------------------ abilities and items --- */

static bool read_marks(struct compiler *k, const json_t *row, uint32_t *marks)
{
    static const char *const names[MARKS] = {
        "breakable",   "cantsuppress",     "failroleplay", "failskillswap", "noentrain", "noreceiver", "notrace",
        "notransform", "suppress_weather", "berry",        "ball",          "choice",    "gem",        "ignore_klutz"};
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(row, "flags"), i, v) {
        int n = 0;
        while (n < MARKS && strcmp(names[n], item_of(v)) != 0)
            n++;
        if (n == MARKS)
            return mistake(k, "flag \"%s\" is unknown", item_of(v));
        *marks |= DEX_BIT(n) & 0xffffffff;
    }
    return true;
}

static bool read_ability(struct compiler *k, const json_t *row, struct dex_ability *a)
{
    return copy_text(k, a->id, sizeof a->id, text_of(k, row, "id", true), "id") &&
           copy_text(k, a->name, sizeof a->name, text_of(k, row, "name", true), "name") &&
           read_marks(k, row, &a->marks);
}

static uint8_t type_or_none(struct compiler *k, const json_t *row, const char *key)
{
    const int type = name_of(k, row, key, dex_type);
    return (uint8_t)(type > 0 ? type : 0);
}

static bool read_item(struct compiler *k, const json_t *row, struct dex_item *it)
{
    if (!copy_text(k, it->id, sizeof it->id, text_of(k, row, "id", true), "id") ||
        !copy_text(k, it->name, sizeof it->name, text_of(k, row, "name", true), "name") ||
        !read_marks(k, row, &it->marks))
        return false;
    const json_t *fling = json_object_get(row, "fling"), *gift = json_object_get(row, "natural_gift");
    if (fling) {
        it->flung = true;
        it->fling_power = (uint8_t)number_of(k, fling, "power", 0, 0, 250);
        int n = name_of(k, fling, "status", find_one_status);
        it->fling_status = (uint8_t)(n > 0 ? n : 0);
        n = name_of(k, fling, "volatile", find_volatile);
        it->fling_volatile = (uint8_t)(n >= 0 ? n + 1 : 0);
    }
    if (gift) {
        it->gift_power = (uint8_t)number_of(k, gift, "power", 0, 0, 250);
        int type = name_of(k, gift, "type", dex_type);
        it->gift_type = (uint8_t)(type > 0 ? type : 0);
    }
    it->plate = type_or_none(k, row, "plate");
    it->memory = type_or_none(k, row, "memory");
    it->drive = type_or_none(k, row, "drive");
    it->z_type = type_or_none(k, row, "z_type");
    it->primal = json_is_true(json_object_get(row, "primal"));
    return stages_of(k, json_object_get(row, "boosts"), it->boosts, &it->boosted) && !k->failed;
}

/* ----------------------------------------------------------------------------------------------- species --- */

/* "Mega-X" and "Mega-Y" are as "Mega". */
static int find_forme(const char *s)
{
    static const struct {
        const char *begins;
        int forme;
    } formes[] = {{"Mega", FORME_MEGA}, {"Primal", FORME_PRIMAL}, {"Ultra", FORME_ULTRA}};
    for (size_t i = 0; i < sizeof formes / sizeof *formes; i++)
        if (!strncmp(s, formes[i].begins, strlen(formes[i].begins)))
            return formes[i].forme;
    return FORME_USUAL;
}

static bool read_species(struct compiler *k, const json_t *row, struct dex_species *s)
{
    if (!copy_text(k, s->id, sizeof s->id, text_of(k, row, "id", true), "id") ||
        !copy_text(k, s->name, sizeof s->name, text_of(k, row, "name", true), "name"))
        return false;
    const json_t *stats = json_object_get(row, "stats"), *types = json_object_get(row, "types");
    if (json_array_size(stats) != 6 || !json_array_size(types) || json_array_size(types) > 2)
        return mistake(k, "it needs six stats and one or two types");
    for (size_t i = 0; i < 6; i++) {
        json_int_t n = json_integer_value(json_array_get(stats, i));
        if (n < 1 || n > 255)
            return mistake(k, "a base stat must be from 1 to 255");
        s->base[i] = (uint8_t)n;
    }
    for (size_t i = 0; i < json_array_size(types); i++) {
        int t = dex_type(item_of(json_array_get(types, i)));
        if (t < 1 || t == TYPE_STELLAR)
            return mistake(k, "type \"%s\" is unknown", item_of(json_array_get(types, i)));
        s->types[i] = (uint8_t)t;
    }
    s->number = (uint16_t)number_of(k, row, "num", 0, 1, 9999);
    s->weight = (uint16_t)number_of(k, row, "weight", 1, 0, 65000);
    s->generation = (uint8_t)number_of(k, row, "generation", 9, 1, 9);
    const char *gender = json_string_value(json_object_get(row, "gender"));
    s->gender = (uint8_t)(!gender ? 0xff : *gender == 'M' ? GENDER_MALE : *gender == 'F' ? GENDER_FEMALE : GENDER_NONE);
    s->nfe = json_is_true(json_object_get(row, "nfe"));
    s->forme = (uint8_t)find_forme(item_of(json_object_get(row, "forme")));
    s->battle_only = json_array_size(json_object_get(row, "battle_only")) > 0;
    int tera = name_of(k, row, "required_tera", dex_type);
    s->required_tera = (uint8_t)(tera > 0 ? tera : 0);
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(row, "tags"), i, v)
        s->paradox |= !strcmp(item_of(v), "paradox");
    return !k->failed;
}

static void link_species(struct compiler *k, const json_t *row, struct dex_species *s)
{
    const struct dex *dex = k->dex;
    size_t i;
    json_t *v;
    json_array_foreach(json_object_get(row, "abilities"), i, v) {
        const char *id = item_of(v);
        if (i < 4 && *id) {
            s->abilities[i] = dex_ability(dex, id);
            if (!s->abilities[i])
                mistake(k, "ability \"%s\" is unknown", id);
        }
    }
    const char *base = text_of(k, row, "base", false);
    s->base_species = base ? dex_species(dex, base) : (uint16_t)(s - dex->species);
    if (!s->base_species)
        mistake(k, "\"base\": \"%s\" is no species", base);
    const char *item = item_of(json_array_get(json_object_get(row, "required_items"), 0));
    s->required_item = *item ? dex_item(dex, item) : 0;
    if (*item && !s->required_item)
        mistake(k, "item \"%s\" is unknown", item);
    const char *move = text_of(k, row, "required_move", false);
    s->required_move = move ? dex_move(dex, move) : 0;
    if (s->required_move && s->base_species && s->forme == FORME_MEGA)
        ((struct dex_species *)dex->species)[s->base_species].mega = (uint16_t)(s - dex->species);
}

static int by_species_id(const void *p, const void *q, void *rows)
{
    const struct dex_species *sorting = rows;
    return strcmp(sorting[*(const uint16_t *)p].id, sorting[*(const uint16_t *)q].id);
}

/* ---------------------------------------------------------------------------------------------- learnsets --- */

static bool learn(struct compiler *k, uint64_t *row, const char *moves)
{
    char id[32];
    while (*moves) {
        size_t n = strcspn(moves, " ");
        if (n >= sizeof id)
            return mistake(k, "it learns \"%.40s...\", which is no move", moves);
        memcpy(id, moves, n);
        id[n] = 0;
        moves += n + (moves[n] == ' ');
        uint16_t m = dex_move(k->dex, id);
        if (m)
            row[m / 64] |= 1ull << (m % 64);
        else
            mistake(k, "it learns \"%s\", which is no move", id);
    }
    return !k->failed;
}

static bool read_learnset(struct compiler *k, const json_t *row, uint64_t *sets, uint16_t *n)
{
    struct dex *dex = k->dex;
    const char *id = text_of(k, row, "id", true), *same = text_of(k, row, "same", false);
    uint16_t s = id ? dex_species(dex, id) : 0;
    if (!s)
        return id && mistake(k, "it is no species");
    struct dex_species *sp = (struct dex_species *)&dex->species[s];
    if (sp->learnset)
        return mistake(k, "it is declared twice");
    if (same) {
        uint16_t other = dex_species(dex, same);
        if (!other)
            return mistake(k, "\"%s\" is no species", same);
        sp->learnset = dex->species[other].learnset;
        return sp->learnset || mistake(k, "the moves of \"%s\" must stand above it", same);
    }
    sp->learnset = (*n)++;
    const char *moves = text_of(k, row, "moves", true);
    return moves && learn(k, sets + (size_t)sp->learnset * dex->learnset_words, moves);
}

/* ------------------------------------------------------------------------------------------------- all --- */

/* Rows are in the order of their ids; those that could not be read have none.  at: where the id is in a row. */
static void each_once(struct compiler *k, const void *rows, size_t size, size_t at, unsigned n)
{
    const char *ids = (const char *)rows + at;
    for (unsigned i = 2; i <= n; i++) {
        const char *id = ids + size * i;
        k->entry = id;
        if (*id && !strcmp(id - size, id))
            mistake(k, "there are two rows of this id");
    }
}

static bool is_list(struct compiler *k, const char *file, const json_t *rows, size_t least)
{
    k->file = file;
    k->entry = NULL;
    if (rows && !json_is_array(rows))
        return mistake(k, "it must be a list");
    if (json_array_size(rows) < least || json_array_size(rows) > 4000)
        return mistake(k, "it must have %zu to 4000 rows", least);
    return true;
}

static bool read_moves(struct compiler *k, json_t *rows)
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

static bool read_others(struct compiler *k, json_t *abilities, json_t *items)
{
    struct dex *dex = k->dex;
    const size_t a = json_array_size(abilities), n = json_array_size(items);
    struct dex_ability *abilities_out = calloc(a + 1, sizeof *abilities_out);
    struct dex_item *items_out = calloc(n + 1, sizeof *items_out);
    dex->abilities = abilities_out;
    dex->items = items_out;
    if (!is_list(k, "abilities", abilities, 0) || !is_list(k, "items", items, 0))
        return false;
    if (!abilities_out || !items_out)
        return mistake(k, "not enough memory");
    k->file = "abilities";
    strcpy(abilities_out[0].name, "No Ability");
    dex->abilities_n = (uint16_t)a;
    dex->items_n = (uint16_t)n;
    for (size_t i = 0; i < a; i++) {
        begin_row(k, json_array_get(abilities, i), i);
        read_ability(k, json_array_get(abilities, i), &abilities_out[i + 1]);
    }
    each_once(k, abilities_out, sizeof *abilities_out, offsetof(struct dex_ability, id), (unsigned)a);
    k->file = "items";
    for (size_t i = 0; i < n; i++) {
        begin_row(k, json_array_get(items, i), i);
        read_item(k, json_array_get(items, i), &items_out[i + 1]);
    }
    each_once(k, items_out, sizeof *items_out, offsetof(struct dex_item, id), (unsigned)n);
    return true;
}

static bool read_all_species(struct compiler *k, json_t *rows)
{
    struct dex *dex = k->dex;
    const size_t n = json_array_size(rows);
    struct dex_species *species = calloc(n + 1, sizeof *species);
    uint16_t *order = calloc(n + 1, sizeof *order);
    dex->species = species;
    dex->species_by_id = order;
    if (!is_list(k, "species", rows, 1))
        return false;
    if (!species || !order)
        return mistake(k, "not enough memory");
    dex->species_n = (uint16_t)n;
    for (size_t i = 0; i < n; i++) {
        begin_row(k, json_array_get(rows, i), i);
        read_species(k, json_array_get(rows, i), &species[i + 1]);
        order[i] = (uint16_t)(i + 1);
    }
    qsort_r(order, n, sizeof *order, by_species_id, species);
    for (size_t i = 1; i < n; i++) {
        k->entry = species[order[i]].id;
        if (*k->entry && !strcmp(k->entry, species[order[i - 1]].id))
            mistake(k, "there are two rows of this id");
    }
    for (size_t i = 0; i < n; i++) {
        begin_row(k, json_array_get(rows, i), i);
        link_species(k, json_array_get(rows, i), &species[i + 1]);
    }
    return true;
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
static bool list_called(struct compiler *k, const json_t *rows)
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

static void link_mega(struct compiler *k, const json_t *row, struct dex_item *item)
{
    const char *from;
    json_t *to;
    json_object_foreach((json_t *)json_object_get(row, "mega"), from, to) {
        item->mega_from = dex_species(k->dex, from);
        item->mega_to = dex_species(k->dex, item_of(to));
        if (!item->mega_from || !item->mega_to)
            mistake(k, "\"mega\": \"%s\" or \"%s\" is no species", from, item_of(to));
    }
}

static void link_z(struct compiler *k, const json_t *row, struct dex_item *item)
{
    const char *move = text_of(k, row, "z_move", false), *from = text_of(k, row, "z_from", false);
    item->z_move = move ? dex_move(k->dex, move) : 0;
    item->z_from = from ? dex_move(k->dex, from) : 0;
    if ((move && !item->z_move) || (from && !item->z_from))
        mistake(k, "\"%s\" is no move", move && !item->z_move ? move : from);
    else if (!item->z_move != (!item->z_from && !item->z_type))
        mistake(k, "a Z-Crystal needs \"z_move\" and either \"z_from\" or \"z_type\"");
    if (item->z_type)
        k->dex->z_by_type[item->z_type] = item->z_move;
}

/* What an item says of species, which come after it. */
static void link_item(struct compiler *k, const json_t *row, struct dex_item *item)
{
    const char *forme = text_of(k, row, "forme", false);
    item->forme = forme ? dex_species(k->dex, forme) : 0;
    if (forme && !item->forme)
        mistake(k, "\"forme\": \"%s\" is no species", forme);
    const json_t *users = json_object_get(row, "users");
    for (size_t u = 0; u < json_array_size(users); u++) {
        uint16_t user = dex_species(k->dex, item_of(json_array_get(users, u)));
        if (!user)
            mistake(k, "\"users\": \"%s\" is no species", item_of(json_array_get(users, u)));
        if (u < sizeof item->users / sizeof *item->users)
            item->users[u] = user;
    }
    link_mega(k, row, item);
    link_z(k, row, item);
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
static bool read_z(struct compiler *k, const json_t *rows)
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

static bool read_learnsets(struct compiler *k, const json_t *rows)
{
    struct dex *dex = k->dex;
    if (!is_list(k, "learnsets", rows, 1))
        return false;
    dex->learnset_words = (uint16_t)(dex->moves_n / 64 + 1);
    uint64_t *sets = calloc((json_array_size(rows) + 1) * dex->learnset_words, sizeof *sets);
    dex->learnsets = sets;
    uint16_t n = 1; /* row 0: learns nothing */
    if (!sets)
        return mistake(k, "not enough memory");
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        begin_row(k, row, i);
        read_learnset(k, row, sets, &n);
    }
    return true;
}

bool read_facts(struct compiler *k, json_t *species, json_t *moves, json_t *abilities, json_t *items, json_t *learnsets,
                json_t *zmoves)
{
    struct dex *dex = k->dex;
    if (!read_moves(k, moves) || !list_called(k, moves) || !read_others(k, abilities, items) ||
        !read_all_species(k, species))
        return false;
    k->file = "items";
    for (unsigned i = 1; i <= dex->items_n; i++) {
        begin_row(k, json_array_get(items, i - 1), i - 1);
        link_item(k, json_array_get(items, i - 1), (struct dex_item *)&dex->items[i]);
    }
    return read_z(k, zmoves) && read_learnsets(k, learnsets);
}
