/*
 * data_set.h - a set of rule data opened: its documents, of which those that are touched become trees.  Private to
 * core/.
 */
#ifndef CORE_DATA_SET_H
#define CORE_DATA_SET_H

#include <jansson.h>

#include "core/data.h"

struct set_document {
    arena_text name, json;
    json_t *tree; /* NULL: as json has it */
};

struct data_documents {
    struct set_document *list;
    uint32_t count;
};

/* The documents of a version, with all its changes.  They point into the version it began with.  False when its bytes
 * are damaged; close it in any case. */
bool set_open(struct data_documents *documents, const struct data_version *version);
void set_close(struct data_documents *documents);

/* The document of this name, or NULL; its tree, or NULL when it is no JSON. */
struct set_document *set_find(const struct data_documents *documents, arena_text name);
json_t *document_tree(struct set_document *document);

/* Makes changes, an object by the names of documents.  NULL, or the name of a document that cannot be changed so: there
 * is none, or it would be neither an object nor a list. */
const char *set_patch(struct data_documents *documents, const json_t *changes);

/* Appends the set as the host wants it. */
void set_put(const struct data_documents *documents, struct text *set);

/* Appends the differences between two, see patch_diff; returns how many there are. */
uint32_t set_diff(struct data_documents *from, struct data_documents *to, uint32_t most, struct text *out);

#endif
