/*
 * facts.c - how the rows of a data version are read; the files beside it know what is in them.
 */
#include "rows.h"

#include <stdio.h>
#include <string.h>

void begin_row(struct compiler *k, const json_t *row, size_t i)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    snprintf(k->place, sizeof k->place, "row %u", (unsigned)i + 1);
    k->entry = id ? id : k->place;
    k->failed = false;
}

const char *text_of(struct compiler *k, const json_t *row, const char *key, bool needed)
{
    const char *s = json_string_value(json_object_get(row, key));
    if (!s && (needed || json_object_get(row, key)))
        mistake(k, json_object_get(row, key) ? "\"%s\" must be a text" : "\"%s\" is missing", key);
    return s;
}

const char *item_of(const json_t *v)
{
    const char *s = json_string_value(v);
    return s ? s : "";
}

int number_of(struct compiler *k, const json_t *row, const char *key, int usual, int lo, int hi)
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

bool copy_text(struct compiler *k, char *out, size_t size, const char *s, const char *what)
{
    if (!s)
        return false;
    if (!*s || strlen(s) >= size)
        return mistake(k, "%s \"%s\" is empty or too long", what, s);
    memcpy(out, s, strlen(s) + 1);
    return true;
}

int name_of(struct compiler *k, const json_t *row, const char *key, int (*find)(const char *))
{
    const char *s = text_of(k, row, key, false);
    if (!s)
        return -1;
    int n = find(s);
    if (n < 0)
        mistake(k, "\"%s\": \"%s\" is unknown", key, s);
    return n;
}

bool stages_of(struct compiler *k, const json_t *v, int8_t out[STAGES], bool *any)
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

int find_one_status(const char *s)
{
    int n = find_status(s);
    return n < STATUSES ? n : -1;
}

void each_once(struct compiler *k, const void *rows, size_t size, size_t at, unsigned n)
{
    const char *ids = (const char *)rows + at;
    for (unsigned i = 2; i <= n; i++) {
        const char *id = ids + size * i;
        k->entry = id;
        if (*id && !strcmp(id - size, id))
            mistake(k, "there are two rows of this id");
    }
}

bool is_list(struct compiler *k, const char *file, const json_t *rows, size_t least)
{
    k->file = file;
    k->entry = NULL;
    if (rows && !json_is_array(rows))
        return mistake(k, "it must be a list");
    if (json_array_size(rows) < least || json_array_size(rows) > 4000)
        return mistake(k, "it must have %zu to 4000 rows", least);
    return true;
}

bool read_facts(struct compiler *k, json_t *species, json_t *moves, json_t *abilities, json_t *items, json_t *learnsets,
                json_t *zmoves)
{
    if (!read_moves(k, moves) || !list_called(k, moves) || !read_others(k, abilities, items) ||
        !read_all_species(k, species))
        return false;
    link_items(k, items);
    return read_z(k, zmoves) && read_learnsets(k, learnsets);
}
