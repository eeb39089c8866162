/* dataset_rules.c - what must hold between rows and files, and values that everybody knows. */
#include "dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void (*dataset_compile)(const char *folder, struct findings *out);

enum { TYPES = 18 };

static const char *const type_order[TYPES] = {"Bug",    "Dark",   "Dragon",  "Electric", "Fairy",  "Fighting",
                                              "Fire",   "Flying", "Ghost",   "Grass",    "Ground", "Ice",
                                              "Normal", "Poison", "Psychic", "Rock",     "Steel",  "Water"};

static const char *text(const json_t *row, const char *name)
{
    const char *s = json_string_value(json_object_get(row, name));
    return s ? s : "";
}

static long number(const json_t *row, const char *name)
{
    return (long)json_integer_value(json_object_get(row, name));
}

/* --------------------------------------------------------------------------------------------------- types --- */

static int type_place(const char *name)
{
    for (int i = 0; i < TYPES; i++)
        if (!strcmp(type_order[i], name))
            return i;
    return -1;
}

static void check_chart(const struct dataset *set, struct findings *out)
{
    const json_t *rows = set->rows[DATASET_TYPES];
    if (!rows)
        return;
    if (json_array_size(rows) != TYPES)
        finding_add(out, "chart-size", "types", "", "there are %zu types, not 18.", json_array_size(rows));
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i), *against = json_object_get(row, "against");
        const char *name = text(row, "name");
        if (i < TYPES && strcmp(name, type_order[i]) != 0)
            finding_add(out, "chart-order", "types", name, "type %zu must be %s.", i + 1, type_order[i]);
        for (size_t k = 0; k < json_array_size(against); k++)
            if (json_integer_value(json_array_get(against, k)) == 3)
                finding_add(out, "chart-value", "types", name, "damage is 0, 1, 2 or 4 halves, never 3.");
    }
}

/* ---------------------------------------------------------------------------------------------- references --- */

static void check_reference(const struct dataset *set, struct findings *out, enum dataset_file from, const json_t *row,
                            const char *field, enum dataset_file to)
{
    const json_t *value = json_object_get(row, field);
    size_t n = json_is_array(value) ? json_array_size(value) : value ? 1 : 0;
    if (!set->rows[to])
        return;
    for (size_t i = 0; i < n; i++) {
        const char *id = json_string_value(json_is_array(value) ? json_array_get(value, i) : value);
        if (id && *id && !json_object_get(set->index[to], id))
            finding_add(out, "reference", dataset_names[from], text(row, "id"), "%s names \"%s\", which is not in %s.",
                        field, id, dataset_names[to]);
    }
}

static const struct {
    enum dataset_file from;
    const char *field;
    enum dataset_file to;
} references[] = {
    {DATASET_SPECIES, "abilities", DATASET_ABILITIES},  {DATASET_SPECIES, "required_ability", DATASET_ABILITIES},
    {DATASET_SPECIES, "required_items", DATASET_ITEMS}, {DATASET_SPECIES, "required_move", DATASET_MOVES},
    {DATASET_SPECIES, "base", DATASET_SPECIES},         {DATASET_SPECIES, "changes_from", DATASET_SPECIES},
    {DATASET_SPECIES, "battle_only", DATASET_SPECIES},  {DATASET_ITEMS, "forme", DATASET_SPECIES},
    {DATASET_ITEMS, "users", DATASET_SPECIES},          {DATASET_LEARNSETS, "id", DATASET_SPECIES},
    {DATASET_LEARNSETS, "same", DATASET_LEARNSETS},     {DATASET_SETS, "id", DATASET_SPECIES},
};

static void check_references(const struct dataset *set, struct findings *out)
{
    for (size_t r = 0; r < sizeof references / sizeof references[0]; r++) {
        const json_t *rows = set->rows[references[r].from];
        for (size_t i = 0; i < json_array_size(rows); i++)
            check_reference(set, out, references[r].from, json_array_get(rows, i), references[r].field,
                            references[r].to);
    }
}

/* ------------------------------------------------------------------------------------------------ learnsets --- */

static void check_moves_of(const struct dataset *set, struct findings *out, const char *id, const char *moves)
{
    char word[40];
    while (*moves) {
        size_t len = strcspn(moves, " ");
        snprintf(word, sizeof word, "%.*s", (int)len, moves);
        if (!json_object_get(set->index[DATASET_MOVES], word))
            finding_add(out, "learnset-move", "learnsets", id, "the move \"%s\" does not exist.", word);
        else if (json_object_get(dataset_row(set, DATASET_MOVES, word), "unobtainable"))
            finding_add(out, "learnset-move", "learnsets", id, "nobody learns \"%s\": it is unobtainable.", word);
        moves += len + (moves[len] == ' ');
    }
}

static void check_learnsets(const struct dataset *set, struct findings *out)
{
    if (!set->rows[DATASET_LEARNSETS] || !set->rows[DATASET_MOVES])
        return;
    for (size_t i = 0; i < json_array_size(set->rows[DATASET_LEARNSETS]); i++) {
        const json_t *row = json_array_get(set->rows[DATASET_LEARNSETS], i);
        const char *id = text(row, "id"), *same = text(row, "same");
        if (!*same == !json_object_get(row, "moves"))
            finding_add(out, "learnset", "learnsets", id, "a row has either \"moves\" or \"same\".");
        if (*same && !json_object_get(dataset_row(set, DATASET_LEARNSETS, same), "moves"))
            finding_add(out, "learnset", "learnsets", id, "\"%s\" has no moves of its own.", same);
        check_moves_of(set, out, id, text(row, "moves"));
    }
    for (size_t i = 0; i < json_array_size(set->rows[DATASET_SPECIES]); i++) {
        const json_t *species = json_array_get(set->rows[DATASET_SPECIES], i);
        const char *id = text(species, "id");
        const json_t *row = dataset_row(set, DATASET_LEARNSETS, id);
        const bool none = !row || (json_object_get(row, "moves") && !*text(row, "moves"));
        if (none && !json_object_get(species, "unplayable"))
            finding_add(out, "no-moves", "species", id, "it learns no move.");
    }
}

/* Whether a species learns a move, by words. */
static bool learns(const struct dataset *set, const char *species, const char *move)
{
    const json_t *row = dataset_row(set, DATASET_LEARNSETS, species);
    const char *same = text(row, "same"),
               *moves = text(*same ? dataset_row(set, DATASET_LEARNSETS, same) : row, "moves");
    size_t len = strlen(move);
    for (const char *at = moves; (at = strstr(at, move)); at += len)
        if ((at == moves || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

static bool has_ability(const struct dataset *set, const char *species, const char *ability)
{
    const json_t *list = json_object_get(dataset_row(set, DATASET_SPECIES, species), "abilities");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *own = json_string_value(json_array_get(list, i));
        if (own && !strcmp(own, ability))
            return true;
    }
    return false;
}

/* A random set is one that its species may have. */
static void check_set(const struct dataset *set, struct findings *out, const char *id, const json_t *row)
{
    static const char *const lists[] = {"moves", "abilities"};
    for (int k = 0; k < 2; k++) {
        const json_t *list = json_object_get(row, lists[k]);
        for (size_t i = 0; i < json_array_size(list); i++) {
            const char *word = json_string_value(json_array_get(list, i));
            if (word && !(k ? has_ability : learns)(set, id, word))
                finding_add(out, "set", "sets", id, "it does not have %s.", word);
        }
    }
}

static void check_sets(const struct dataset *set, struct findings *out)
{
    for (size_t i = 0; i < json_array_size(set->rows[DATASET_SETS]); i++) {
        const json_t *row = json_array_get(set->rows[DATASET_SETS], i), *list = json_object_get(row, "sets");
        for (size_t k = 0; k < json_array_size(list); k++)
            check_set(set, out, text(row, "id"), json_array_get(list, k));
    }
}

/* ---------------------------------------------------------------------------------------------------- rows --- */

static void check_moves(const struct dataset *set, struct findings *out)
{
    for (size_t i = 0; i < json_array_size(set->rows[DATASET_MOVES]); i++) {
        const json_t *row = json_array_get(set->rows[DATASET_MOVES], i);
        const char *id = text(row, "id");
        bool status = !strcmp(text(row, "category"), "status");
        if (status && number(row, "power"))
            finding_add(out, "status-power", "moves", id, "a status move has no power.");
        if (status && json_object_get(row, "secondaries"))
            finding_add(out, "status-secondary", "moves", id, "a status move has no secondary effects.");
        if (number(row, "pp_max") < number(row, "pp") || number(row, "pp_max") > number(row, "pp") * 8 / 5)
            finding_add(out, "pp", "moves", id, "pp_max must be from pp to 8/5 of it.");
        if (number(row, "pp") % 5 && number(row, "pp") != 1)
            finding_add(out, "pp", "moves", id, "pp is 1 or a multiple of 5.");
    }
}

static void check_species(const struct dataset *set, struct findings *out)
{
    for (size_t i = 0; i < json_array_size(set->rows[DATASET_SPECIES]); i++) {
        const json_t *row = json_array_get(set->rows[DATASET_SPECIES], i);
        const char *id = text(row, "id");
        size_t types = json_array_size(json_object_get(row, "types"));
        if (types < 1 || types > 2)
            finding_add(out, "types", "species", id, "a species has one type or two.");
        if (!json_object_get(row, "gender") == !json_object_get(row, "male"))
            finding_add(out, "gender", "species", id, "a row has either \"gender\" or \"male\".");
        if (!json_object_get(row, "base") != !json_object_get(row, "forme"))
            finding_add(out, "forme", "species", id, "a forme has both \"base\" and \"forme\".");
        if (set->rows[DATASET_ABILITIES] && !json_array_size(json_object_get(row, "abilities")))
            finding_add(out, "no-ability", "species", id, "it has no ability.");
    }
}

static void check_natures(const struct dataset *set, struct findings *out)
{
    const json_t *rows = set->rows[DATASET_NATURES];
    bool seen[5][5] = {{false}};
    int neutral = 0;
    static const char *const stats[5] = {"atk", "def", "spa", "spd", "spe"};
    if (!rows)
        return;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *plus = text(row, "plus"), *minus = text(row, "minus");
        neutral += !*plus && !*minus;
        for (int p = 0; p < 5; p++)
            for (int m = 0; m < 5; m++)
                if (!strcmp(plus, stats[p]) && !strcmp(minus, stats[m]))
                    seen[p][m] = true;
    }
    int pairs = 0;
    for (int p = 0; p < 5; p++)
        for (int m = 0; m < 5; m++)
            pairs += seen[p][m] && p != m;
    if (json_array_size(rows) != 25 || neutral != 5 || pairs != 20)
        finding_add(out, "natures", "natures", "",
                    "there must be 25 natures: 5 neutral and one for each pair of stats.");
}

/* Rows by id in ascending order: two extractions then differ only where the facts do. */
static void check_order(const struct dataset *set, struct findings *out)
{
    static const enum dataset_file sorted[] = {DATASET_MOVES, DATASET_ABILITIES, DATASET_ITEMS, DATASET_NATURES,
                                               DATASET_SETS};
    for (size_t f = 0; f < sizeof sorted / sizeof sorted[0]; f++) {
        const json_t *rows = set->rows[sorted[f]];
        for (size_t i = 1; i < json_array_size(rows); i++)
            if (strcmp(text(json_array_get(rows, i - 1), "id"), text(json_array_get(rows, i), "id")) > 0)
                finding_add(out, "order", dataset_names[sorted[f]], text(json_array_get(rows, i), "id"),
                            "rows are sorted by id.");
    }
    const json_t *species = set->rows[DATASET_SPECIES];
    for (size_t i = 1; i < json_array_size(species); i++)
        if (number(json_array_get(species, i), "num") < number(json_array_get(species, i - 1), "num"))
            finding_add(out, "order", "species", text(json_array_get(species, i), "id"), "rows are sorted by num.");
}

/* ---------------------------------------------------------------------------------------------------- spots --- */

static const struct {
    const char *attack, *target;
    int halves;
} chart_spots[] = {
    {"Fire", "Grass", 4},    {"Water", "Fire", 4},   {"Grass", "Water", 4},   {"Electric", "Ground", 0},
    {"Ground", "Flying", 0}, {"Normal", "Ghost", 0}, {"Ghost", "Normal", 0},  {"Fighting", "Ghost", 0},
    {"Psychic", "Dark", 0},  {"Dragon", "Fairy", 0}, {"Poison", "Steel", 0},  {"Fire", "Water", 1},
    {"Ice", "Dragon", 4},    {"Steel", "Fairy", 4},  {"Normal", "Normal", 2},
};

static const struct {
    enum dataset_file file;
    const char *id, *json; /* an object: its members must be so */
} row_spots[] = {
    {DATASET_SPECIES, "bulbasaur", "{\"num\":1,\"types\":[\"Grass\",\"Poison\"],\"stats\":[45,49,49,65,65,45]}"},
    {DATASET_SPECIES, "charizard", "{\"num\":6,\"types\":[\"Fire\",\"Flying\"],\"stats\":[78,84,78,109,85,100]}"},
    {DATASET_SPECIES, "pikachu", "{\"num\":25,\"types\":[\"Electric\"],\"stats\":[35,55,40,50,50,90]}"},
    {DATASET_MOVES, "tackle",
     "{\"type\":\"Normal\",\"category\":\"physical\",\"power\":40,\"accuracy\":100,\"pp\":35}"},
    {DATASET_MOVES, "flamethrower",
     "{\"type\":\"Fire\",\"category\":\"special\",\"power\":90,\"accuracy\":100,\"pp\":15}"},
    {DATASET_MOVES, "quickattack", "{\"power\":40,\"priority\":1}"},
    {DATASET_MOVES, "toxic", "{\"category\":\"status\",\"accuracy\":90,\"status\":\"tox\"}"},
    {DATASET_NATURES, "adamant", "{\"plus\":\"atk\",\"minus\":\"spa\"}"},
    {DATASET_ITEMS, "leftovers", "{\"fling\":{\"power\":10}}"},
};

/* Whether a person changed a file that a script had made, and said so. */
static bool is_changed(const struct dataset *set, enum dataset_file file)
{
    const json_t *list = json_object_get(set->provenance, "changed");
    char name[40];
    snprintf(name, sizeof name, "%s.json", dataset_names[file]);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *own = json_string_value(json_array_get(list, i));
        if (own && !strcmp(own, name))
            return true;
    }
    return false;
}

static void check_spots(const struct dataset *set, struct findings *out)
{
    const bool has_chart = set->rows[DATASET_TYPES] && !is_changed(set, DATASET_TYPES);
    for (size_t i = 0; has_chart && i < sizeof chart_spots / sizeof chart_spots[0]; i++) {
        const json_t *row = dataset_row(set, DATASET_TYPES, chart_spots[i].attack);
        const json_t *against = json_object_get(row, "against");
        if (json_integer_value(json_array_get(against, (size_t)type_place(chart_spots[i].target))) !=
            chart_spots[i].halves)
            finding_add(out, "spot-check", "types", chart_spots[i].attack, "against %s it does %d halves.",
                        chart_spots[i].target, chart_spots[i].halves);
    }
    for (size_t i = 0; i < sizeof row_spots / sizeof row_spots[0]; i++) {
        const json_t *row =
            is_changed(set, row_spots[i].file) ? NULL : dataset_row(set, row_spots[i].file, row_spots[i].id);
        json_t *facts = json_loads(row_spots[i].json, 0, NULL), *value;
        const char *name;
        json_object_foreach(facts, name, value) {
            if (row && !json_equal(value, json_object_get(row, name)))
                finding_add(out, "spot-check", dataset_names[row_spots[i].file], row_spots[i].id, "\"%s\" is wrong.",
                            name);
        }
        json_decref(facts);
    }
}

static void check_provenance(const struct dataset *set, struct findings *out)
{
    static const char *const needed[] = {"version", "licence", "source"};
    for (size_t i = 0; set->provenance && i < sizeof needed / sizeof needed[0]; i++)
        if (!*text(set->provenance, needed[i]))
            finding_add(out, "provenance", "PROVENANCE", "", "there is no \"%s\".", needed[i]);
}

void dataset_check_rows(const struct dataset *set, struct findings *out)
{
    for (int f = 0; f < DATASET_FILES; f++)
        if (set->rows[f] && !json_array_size(set->rows[f]))
            finding_add(out, "empty", dataset_names[f], "", "there is no row.");
    dataset_check_fields(set, out);
    check_chart(set, out);
    check_references(set, out);
    check_learnsets(set, out);
    check_sets(set, out);
    check_moves(set, out);
    check_species(set, out);
    check_natures(set, out);
    dataset_check_teams(set, out);
}

void dataset_check(const struct dataset *set, struct findings *out)
{
    dataset_check_rows(set, out);
    check_order(set, out);
    check_spots(set, out);
    check_provenance(set, out);
    if (dataset_compile && set->folder[0])
        dataset_compile(set->folder, out);
}
