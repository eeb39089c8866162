/* dataset_teams.c - what teams are judged by: legality, clauses and formats name what there is. */
#include "dataset.h"

#include <stdio.h>
#include <string.h>

static const char *id_of(const json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    return id ? id : "";
}

static void check_id(const struct dataset *set, struct findings *out, enum dataset_file from, const json_t *row,
                     const char *field, enum dataset_file to, const char *id)
{
    if (set->rows[to] && !json_object_get(set->index[to], id))
        finding_add(out, "reference", dataset_names[from], id_of(row), "%s names \"%.40s\", which is not in %s.", field,
                    id, dataset_names[to]);
}

/* A list of ids in a member of `part`, which is the row or lies in it. */
static void check_list(const struct dataset *set, struct findings *out, enum dataset_file from, const json_t *row,
                       const json_t *part, const char *field, enum dataset_file to)
{
    size_t i;
    json_t *value;
    json_array_foreach(json_object_get(part, field), i, value) {
        if (json_is_string(value))
            check_id(set, out, from, row, field, to, json_string_value(value));
    }
}

/* "slash:20 inferno:36" */
static void check_levels(const struct dataset *set, struct findings *out, const json_t *row, const char *field)
{
    const char *s = json_string_value(json_object_get(row, field));
    while (s && *s) {
        char id[40];
        snprintf(id, sizeof id, "%.*s", (int)strcspn(s, ":"), s);
        check_id(set, out, DATASET_LEGALITY, row, field, DATASET_MOVES, id);
        s += strcspn(s, " ");
        s += *s == ' ';
    }
}

static void check_legality(const struct dataset *set, struct findings *out, const json_t *row)
{
    const char *move;
    json_t *list;
    check_id(set, out, DATASET_LEGALITY, row, "id", DATASET_SPECIES, id_of(row));
    json_object_foreach(json_object_get(row, "events"), move, list)
        check_id(set, out, DATASET_LEGALITY, row, "events", DATASET_MOVES, move);
    check_levels(set, out, row, "levels");
    check_levels(set, out, row, "not_go");
}

static void check_lists(const struct dataset *set, struct findings *out, enum dataset_file from, const json_t *row,
                        const json_t *part)
{
    check_list(set, out, from, row, part, "moves", DATASET_MOVES);
    check_list(set, out, from, row, part, "abilities", DATASET_ABILITIES);
    check_list(set, out, from, row, part, "items", DATASET_ITEMS);
}

static void check_format(const struct dataset *set, struct findings *out, const json_t *row)
{
    const json_t *ban = json_object_get(row, "ban");
    check_lists(set, out, DATASET_FORMATS, row, ban);
    check_list(set, out, DATASET_FORMATS, row, ban, "species", DATASET_SPECIES);
    check_list(set, out, DATASET_FORMATS, row, row, "clauses", DATASET_CLAUSES);
}

void dataset_check_teams(const struct dataset *set, struct findings *out)
{
    size_t i;
    json_t *row;
    json_array_foreach(set->rows[DATASET_LEGALITY], i, row)
        check_legality(set, out, row);
    json_array_foreach(set->rows[DATASET_CLAUSES], i, row)
        check_lists(set, out, DATASET_CLAUSES, row, row);
    bool has_random = !set->rows[DATASET_FORMATS];
    json_array_foreach(set->rows[DATASET_FORMATS], i, row) {
        check_format(set, out, row);
        has_random |= !strcmp(id_of(row), "random");
    }
    if (!has_random)
        finding_add(out, "format", "formats", "random", "there must be a format for random teams.");
}
