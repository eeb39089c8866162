/*
 * base.c - data versions that build on another one.
 *
 * rules.json may name a "base"; the folder then holds only what the base has not or has otherwise.  Rows are told apart
 * by their id; effects and rules are objects, whose keys of the version count.
 */
#include "compile.h"

#include <stdlib.h>
#include <string.h>

static const char *id_of(const json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    return id ? id : "";
}

/* id -> row */
static json_t *by_row_id(const json_t *rows)
{
    json_t *index = json_object(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        json_object_set(index, id_of(row), row);
    return index;
}

static int ids_ascend(const void *p, const void *q)
{
    return strcmp(id_of(*(json_t *const *)p), id_of(*(json_t *const *)q));
}

/* Moves, abilities and items are numbered by their ids, so they are sorted again. */
static json_t *sorted_rows(json_t *rows)
{
    const size_t n = json_array_size(rows);
    json_t **list = calloc(n + 1, sizeof *list), *out = json_array();
    for (size_t i = 0; list && i < n; i++)
        list[i] = json_array_get(rows, i);
    if (list)
        qsort(list, n, sizeof *list, ids_ascend);
    for (size_t i = 0; list && i < n; i++)
        json_array_append(out, list[i]);
    free(list);
    json_decref(rows);
    return out;
}

/* The rows of the base, a row of the version in place of the one with its id; then those that are new. */
static json_t *rows_over(const json_t *base, const json_t *rows)
{
    json_t *mine = by_row_id(rows), *theirs = by_row_id(base), *out = json_array(), *row;
    size_t i;
    json_array_foreach(base, i, row) {
        json_t *own = json_object_get(mine, id_of(row));
        json_array_append(out, own ? own : row);
    }
    json_array_foreach(rows, i, row)
        if (!json_object_get(theirs, id_of(row)))
            json_array_append(out, row);
    json_decref(mine);
    json_decref(theirs);
    return out;
}

/* The moves of a row of the base, be they those of another row. */
static const char *base_moves(const json_t *index, const char *id)
{
    const json_t *row = json_object_get(index, id);
    const char *same = json_string_value(json_object_get(row, "same"));
    if (same)
        row = json_object_get(index, same);
    const char *moves = json_string_value(json_object_get(row, "moves"));
    return moves ? moves : "";
}

/* Learnsets may add to what the base has ("plus").  Rows of the version come first, as others may name them. */
static json_t *learnsets_over(const json_t *base, const json_t *rows)
{
    json_t *mine = by_row_id(rows), *theirs = by_row_id(base), *out = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *plus = json_string_value(json_object_get(row, "plus"));
        if (plus)
            json_array_append_new(
                out, json_pack("{s:s, s:s++}", "id", id_of(row), "moves", base_moves(theirs, id_of(row)), " ", plus));
        else
            json_array_append(out, row);
    }
    json_array_foreach(base, i, row)
        if (!json_object_get(mine, id_of(row)))
            json_array_append(out, row);
    json_decref(mine);
    json_decref(theirs);
    return out;
}

json_t *laid_over(const char *file, const json_t *base, const json_t *rows)
{
    if (!base || !rows)
        return json_incref((json_t *)(rows ? rows : base));
    if (json_is_object(base) && json_is_object(rows)) {
        json_t *out = json_copy((json_t *)base);
        json_object_update(out, (json_t *)rows);
        return out;
    }
    if (!json_is_array(base) || !json_is_array(rows))
        return json_incref((json_t *)rows);
    if (!strcmp(file, "learnsets.json"))
        return learnsets_over(base, rows);
    json_t *out = rows_over(base, rows);
    return strcmp(file, "species.json") != 0 ? sorted_rows(out) : out;
}
