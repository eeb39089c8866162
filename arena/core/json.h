/*
 * json.h - reads one JSON object of a request without building a tree.
 *
 * The whole text is checked (RFC 8259 grammar, depth, well-formed UTF-8, no duplicate names on the top level); of
 * the top-level members the slices are noted.  A request is read once, in place, in one pass.
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include <stdbool.h>

#include "arena/operator.h"
#include "core/pool.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_INT, JSON_REAL, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_member {
    arena_text name;  /* decoded */
    arena_text value; /* of a string: decoded; else the value's own text */
    enum json_type type;
};

enum { JSON_MEMBERS_MAX = 32, JSON_DEPTH_MAX = 32 };

struct json_object {
    uint32_t count;
    struct json_member members[JSON_MEMBERS_MAX];
};

/* Reads text, which must hold one JSON value and nothing else but white space.  Decoded strings lie in pool or in
 * text.  Returns NULL, or a short sentence that says what is wrong.  A value that is no object leaves count 0 and
 * its type in *type. */
const char *json_read(arena_text text, struct pool *pool, struct json_object *object, enum json_type *type);

/* The member of this name, or NULL. */
const struct json_member *json_get(const struct json_object *object, const char *name);

/* The value of a JSON_INT in *n; false when it does not fit. */
bool json_int(const struct json_member *member, int64_t *n);

/* Checks that text is one well-formed JSON value.  NULL or a sentence. */
const char *json_check(arena_text text, enum json_type *type);

#endif
