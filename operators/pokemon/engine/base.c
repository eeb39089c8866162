/*
 * base.c - data versions that build on another one.
 *
 * rules.json may name a "base"; the folder then holds only what the base has not or has otherwise.  Rows are told apart
 * by their id; effects and rules are objects, whose keys of the version count.
 */
#include "compile.h"

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

json_t *laid_over(enum dex_file file, json_t *base, json_t *own)
{
    if (!base || !own)
        return json_incref(own ? own : base);
    if (json_is_object(base) && json_is_object(own)) {
        json_t *out = json_copy(base);
        json_object_update(out, own);
        return out;
    }
    if (!json_is_array(base) || !json_is_array(own))
        return json_incref(own);
    return file == FILE_LEARNSETS ? learnsets_over(base, own) : rows_over(base, own);
}
