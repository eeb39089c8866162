/*
 * facts_items.c - abilities and items of a data version.
 */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

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

bool read_others(struct compiler *k, json_t *abilities, json_t *items)
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

void link_items(struct compiler *k, const json_t *rows)
{
    k->file = "items";
    for (unsigned i = 1; i <= k->dex->items_n; i++) {
        begin_row(k, json_array_get(rows, i - 1), i - 1);
        link_item(k, json_array_get(rows, i - 1), (struct dex_item *)&k->dex->items[i]);
    }
}
