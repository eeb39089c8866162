#include "core/patch.h"

#include <stdlib.h>

/* Whether every entry is an object with an id that no other has.  A set of the ids seen makes it one pass. */
static bool is_keyed(const json_t *list)
{
    json_t *seen = json_object(), *entry;
    size_t i;
    bool keyed = json_array_size(list) > 0;
    json_array_foreach(list, i, entry) {
        const char *id = json_string_value(json_object_get(entry, "id"));
        keyed = keyed && id && !json_object_get(seen, id) && json_object_set_new(seen, id, json_true()) == 0;
        if (!keyed)
            break;
    }
    json_decref(seen);
    return keyed;
}

static size_t place_of(const json_t *list, const char *id)
{
    size_t i;
    json_t *entry;
    json_array_foreach(list, i, entry) {
        const char *own = json_string_value(json_object_get(entry, "id"));
        if (own && strcmp(own, id) == 0)
            return i;
    }
    return json_array_size(list);
}

static void patch_list(json_t *list, const json_t *patch)
{
    const char *id;
    json_t *part;
    json_object_foreach((json_t *)patch, id, part) {
        size_t place = place_of(list, id);
        bool there = place < json_array_size(list);
        if (json_is_null(part)) {
            if (there)
                json_array_remove(list, place);
            continue;
        }
        json_t *entry = patch_apply(there ? json_incref(json_array_get(list, place)) : NULL, part);
        if (json_is_object(entry) && !json_object_get(entry, "id"))
            json_object_set_new(entry, "id", json_string(id));
        if (there)
            json_array_set_new(list, place, entry);
        else
            json_array_append_new(list, entry);
    }
}

static void patch_object(json_t *object, const json_t *patch)
{
    const char *key;
    json_t *part;
    json_object_foreach((json_t *)patch, key, part) {
        if (json_is_null(part)) {
            json_object_del(object, key);
            continue;
        }
        json_t *old = json_object_get(object, key);
        json_object_set_new(object, key, patch_apply(json_incref(old), part));
    }
}

json_t *patch_apply(json_t *target, const json_t *patch)
{
    if (!json_is_object(patch)) {
        json_decref(target);
        return json_deep_copy(patch);
    }
    if (json_is_array(target) && is_keyed(target)) {
        patch_list(target, patch);
        return target;
    }
    if (!json_is_object(target)) {
        json_decref(target);
        target = json_object();
    }
    patch_object(target, patch);
    return target;
}

/* A keyed list as an object that borrows its entries. */
static json_t *by_id(const json_t *list)
{
    json_t *object = json_object(), *entry;
    size_t i;
    json_array_foreach(list, i, entry)
        json_object_set(object, json_string_value(json_object_get(entry, "id")), entry);
    return object;
}

static json_t *make_members(const json_t *from, const json_t *to)
{
    json_t *patch = json_object(), *value;
    const char *key;
    json_object_foreach((json_t *)to, key, value) {
        const json_t *before = json_object_get(from, key);
        json_t *part = before ? patch_make(before, value) : json_deep_copy(value);
        if (part)
            json_object_set_new(patch, key, part);
    }
    json_object_foreach((json_t *)from, key, value)
        if (!json_object_get(to, key))
            json_object_set_new(patch, key, json_null());
    if (json_object_size(patch))
        return patch;
    json_decref(patch);
    return NULL;
}

json_t *patch_make(const json_t *from, const json_t *to)
{
    if (json_equal(from, to))
        return NULL;
    if (json_is_object(from) && json_is_object(to))
        return make_members(from, to);
    if (!json_is_array(from) || !json_is_array(to) || !is_keyed(from) || !is_keyed(to))
        return json_deep_copy(to);
    json_t *left = by_id(from), *right = by_id(to), *patch = make_members(left, right);
    json_decref(left);
    json_decref(right);
    return patch;
}

/* Differences. --------------------------------------------------------------------------------------------- */

struct diff {
    arena_text document;
    uint32_t most, *count;
    struct text *out, path;
};

static void put_side(struct text *out, const char *name, const json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    if (text)
        text_printf(out, ",\"%s\":%s", name, text);
    free(text);
}

static void put_difference(struct diff *d, const json_t *from, const json_t *to)
{
    if (++*d->count > d->most)
        return;
    text_puts(d->out, *d->count > 1 ? ",{\"document\":" : "{\"document\":");
    text_json_string(d->out, d->document);
    text_lit(d->out, ",\"path\":");
    text_json_string(d->out, text_slice(&d->path));
    put_side(d->out, "from", from);
    put_side(d->out, "to", to);
    text_put_char(d->out, '}');
}

static void compare(struct diff *d, const json_t *from, const json_t *to);

/* A member of both sides, one of which may lack it, under its name in the path (RFC 6901). */
static void compare_member(struct diff *d, const char *name, const json_t *from, const json_t *to)
{
    size_t before = d->path.len;
    text_put_char(&d->path, '/');
    for (const char *c = name; *c; c++)
        if (*c == '~' || *c == '/')
            text_puts(&d->path, *c == '~' ? "~0" : "~1");
        else
            text_put_char(&d->path, *c);
    if (from && to)
        compare(d, from, to);
    else
        put_difference(d, from, to);
    d->path.len = before;
}

static void compare_objects(struct diff *d, const json_t *from, const json_t *to)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)from, key, value)
        compare_member(d, key, value, json_object_get(to, key));
    json_object_foreach((json_t *)to, key, value)
        if (!json_object_get(from, key))
            compare_member(d, key, NULL, value);
}

static void compare(struct diff *d, const json_t *from, const json_t *to)
{
    if (json_is_object(from) && json_is_object(to)) {
        compare_objects(d, from, to);
    } else if (json_is_array(from) && json_is_array(to) && is_keyed(from) && is_keyed(to)) {
        json_t *left = by_id(from), *right = by_id(to);
        compare_objects(d, left, right);
        json_decref(left);
        json_decref(right);
    } else if (!json_equal(from, to)) {
        put_difference(d, from, to);
    }
}

void patch_diff(arena_text document, const json_t *from, const json_t *to, uint32_t most, uint32_t *count,
                struct text *out)
{
    struct diff d = {.document = document, .most = most, .count = count, .out = out};
    if (from && to)
        compare(&d, from, to);
    else if (from || to)
        put_difference(&d, from, to);
    text_free(&d.path);
}
