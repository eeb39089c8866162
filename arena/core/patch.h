/*
 * patch.h - small changes of JSON documents, and what differs between two of them.
 *
 * A patch is a JSON merge patch (RFC 7396): what it names is replaced, null takes away, the rest stays.  One thing is
 * added: a list whose entries are all objects with an "id" of their own is changed entry by entry, as if it were an
 * object by these ids.  Rule data is mostly such lists, and naming one entry must not mean sending all of them.
 */
#ifndef CORE_PATCH_H
#define CORE_PATCH_H

#include <jansson.h>
#include <stdbool.h>

#include "core/text.h"

/* The target as the patch leaves it: a new reference; target's is taken over, and it may be changed in place. */
json_t *patch_apply(json_t *target, const json_t *patch);

/* A patch that makes `to` of `from`, but for the order of keyed lists; NULL when there is nothing to do.  What JSON
 * calls null is not among the values. */
json_t *patch_make(const json_t *from, const json_t *to);

/* Appends the differences as JSON objects {document, path, from, to}, separated by commas, up to `most` in all; an
 * absent side is left out.  *count grows by how many there are, told or not. */
void patch_diff(arena_text document, const json_t *from, const json_t *to, uint32_t most, uint32_t *count,
                struct text *out);

#endif
