/*
 * types.c - the chart of types of a data version, and natures, which are the same in all.
 *
 * A version without a chart of its own has the usual one.  What a type suffers from never (a Fire type is not burned)
 * and what natures do is in the engine's C, so data that says otherwise is refused rather than left unheard.
 */
#include "compile.h"
#include "tables.h"

#include <stdlib.h>
#include <string.h>

enum { CHART = TYPES - 2 }; /* rows of the data: without typeless and Stellar */

static const char *immune_to(int type)
{
    switch (type) {
    case TYPE_DARK: return "prankster";
    case TYPE_ELECTRIC: return "par";
    case TYPE_FIRE: return "brn";
    case TYPE_GHOST: return "trapped";
    case TYPE_GRASS: return "powder";
    case TYPE_GROUND:
    case TYPE_ROCK: return "sandstorm";
    case TYPE_ICE: return "frz";
    case TYPE_POISON: return "psn tox";
    case TYPE_STEEL: return "psn sandstorm tox";
    default: return "";
    }
}

static const char *text_in(const json_t *row, const char *key)
{
    const char *s = json_string_value(json_object_get(row, key));
    return s ? s : "";
}

static void check_immunities(struct compiler *k, const json_t *row, int type)
{
    const char *rest = immune_to(type);
    const json_t *list = json_object_get(row, "immune");
    if (!list) /* says nothing of it */
        return;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));
        size_t len = strcspn(rest, " ");
        if (!word || !len || strlen(word) != len || strncmp(word, rest, len) != 0) {
            mistake(k, "\"immune\" cannot be changed: it must list %s", *immune_to(type) ? immune_to(type) : "nothing");
            return;
        }
        rest += len + (rest[len] == ' ');
    }
    if (*rest)
        mistake(k, "\"immune\" cannot be changed: it must list %s", immune_to(type));
}

static void read_row(struct compiler *k, const json_t *row, int type)
{
    const json_t *against = json_object_get(row, "against");
    k->entry = dex_type_name(type);
    if (strcmp(text_in(row, "name"), dex_type_name(type)) != 0 || json_array_size(against) != CHART) {
        mistake(k, "row %d must be of this type, with %d numbers", type, CHART);
        return;
    }
    for (int i = 0; i < CHART; i++) {
        json_int_t halves = json_integer_value(json_array_get(against, (size_t)i));
        if (!json_is_integer(json_array_get(against, (size_t)i)) || halves < 0 || halves > 4 || halves == 3)
            mistake(k, "against %s: damage is 0, 1, 2 or 4 halves", dex_type_name(1 + i));
        else
            k->dex->chart[type][1 + i] = (uint8_t)halves;
    }
    check_immunities(k, row, type);
}

void read_types(struct compiler *k, const json_t *rows)
{
    memcpy(k->dex->chart, dex_type_chart, sizeof k->dex->chart);
    k->file = "types";
    k->entry = NULL;
    if (!rows)
        return;
    if (json_array_size(rows) != CHART) {
        mistake(k, "it must be a list of %d types", CHART);
        return;
    }
    for (int type = 1; type <= CHART; type++)
        read_row(k, json_array_get(rows, (size_t)type - 1), type);
}

void check_natures(struct compiler *k, const json_t *rows)
{
    k->file = "natures";
    k->entry = NULL;
    if (rows && json_array_size(rows) != 25)
        mistake(k, "it must be a list of 25 natures");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *id = text_in(row, "id");
        const int n = dex_nature(id);
        k->entry = id;
        if (n < 0 || strcmp(text_in(row, "name"), dex_natures[n].name) != 0 ||
            strcmp(text_in(row, "plus"), dex_stat_name(dex_natures[n].plus)) != 0 ||
            strcmp(text_in(row, "minus"), dex_stat_name(dex_natures[n].minus)) != 0)
            mistake(k, "natures are the engine's own and cannot be changed");
    }
}
