/*
 * facts_species.c - species of a data version and what they learn.
 */
#define _GNU_SOURCE /* qsort_r */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

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

bool read_all_species(struct compiler *k, json_t *rows)
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

bool read_learnsets(struct compiler *k, const json_t *rows)
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
