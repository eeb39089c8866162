/* dataset.c - a set of battle data: its rows, what was found wrong with it, and how it differs from another. */
#include "dataset.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const dataset_names[DATASET_FILES] = {"species", "moves", "types",    "natures", "learnsets", "abilities",
                                                  "items",   "sets",  "legality", "clauses", "formats"};

/* -------------------------------------------------------------------------------------------------- findings --- */

void finding_add(struct findings *f, const char *rule, const char *file, const char *id, const char *format, ...)
{
    if (f->count == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 16;
        struct finding *list = realloc(f->list, cap * sizeof *list);
        if (!list)
            return;
        f->list = list;
        f->cap = cap;
    }
    struct finding *new = &f->list[f->count++];
    new->rule = rule;
    snprintf(new->file, sizeof new->file, "%s", file);
    snprintf(new->id, sizeof new->id, "%s", id);
    snprintf(new->where, sizeof new->where, "%s%s%s", new->file, id[0] ? "/" : "", new->id);
    va_list args;
    va_start(args, format);
    vsnprintf(new->message, sizeof new->message, format, args);
    va_end(args);
}

void findings_free(struct findings *f)
{
    free(f->list);
    *f = (struct findings){0};
}

/* ------------------------------------------------------------------------------------------------------ read --- */

static const char *key_of(enum dataset_file file)
{
    return file == DATASET_TYPES ? "name" : "id";
}

static json_t *index_rows(const json_t *rows, enum dataset_file file, struct findings *out)
{
    json_t *index = json_object(), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *key = json_string_value(json_object_get(row, key_of(file)));
        if (!key)
            finding_add(out, "missing-field", dataset_names[file], "", "row %zu has no %s.", i + 1, key_of(file));
        else if (json_object_get(index, key))
            finding_add(out, "duplicate", dataset_names[file], key, "there are two rows of this %s.", key_of(file));
        else
            json_object_set_new(index, key, json_integer((json_int_t)i));
    }
    return index;
}

static bool all_objects(const json_t *rows)
{
    size_t i;
    json_t *row;
    if (!json_is_array(rows))
        return false;
    json_array_foreach(rows, i, row) {
        if (!json_is_object(row))
            return false;
    }
    return true;
}

void dataset_put(struct dataset *set, enum dataset_file file, json_t *rows, struct findings *out)
{
    if (rows && !all_objects(rows)) {
        finding_add(out, "syntax", dataset_names[file], "", "this is no array of objects.");
        json_decref(rows);
        rows = NULL;
    }
    set->rows[file] = rows;
    set->index[file] = rows ? index_rows(rows, file, out) : json_object();
}

void dataset_free(struct dataset *set)
{
    for (int i = 0; i < DATASET_FILES; i++) {
        json_decref(set->rows[i]);
        json_decref(set->index[i]);
    }
    json_decref(set->provenance);
}

json_t *dataset_row(const struct dataset *set, enum dataset_file file, const char *id)
{
    json_t *place = json_object_get(set->index[file], id);
    return place ? json_array_get(set->rows[file], (size_t)json_integer_value(place)) : NULL;
}

/* ------------------------------------------------------------------------------------------------------ diff --- */

size_t dataset_diff(const struct dataset *a, const struct dataset *b, dataset_difference *call, void *ctx)
{
    size_t count = 0;
    for (int f = 0; f < DATASET_FILES; f++) {
        const char *id;
        json_t *place;
        json_object_foreach(a->index[f], id, place) {
            const json_t *old = dataset_row(a, (enum dataset_file)f, id),
                         *new = dataset_row(b, (enum dataset_file)f, id);
            if (new &&json_equal(old, new))
                continue;
            count++;
            call(ctx, (enum dataset_file)f, id, old, new);
        }
        json_object_foreach(b->index[f], id, place) {
            if (json_object_get(a->index[f], id))
                continue;
            count++;
            call(ctx, (enum dataset_file)f, id, NULL, dataset_row(b, (enum dataset_file)f, id));
        }
    }
    return count;
}
