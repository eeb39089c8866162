#include "core/data_set.h"

#include <sodium.h>
#include <stdlib.h>

#include "core/must.h"
#include "core/patch.h"
#include "host/data.h"

static bool read_list(struct data_documents *documents, arena_text set)
{
    uint32_t room = 0;
    while (set.len) {
        if (documents->count == room) {
            room = room ? 2 * room : 16;
            documents->list = must(realloc(documents->list, room * sizeof *documents->list));
        }
        struct set_document *document = &documents->list[documents->count++];
        *document = (struct set_document){0};
        if (!data_get(&set, &document->name) || !data_get(&set, &document->json))
            return false;
    }
    return true;
}

static bool make_changes(struct data_documents *documents, const struct data_version *version)
{
    if (!version->parent)
        return true;
    if (!make_changes(documents, version->parent))
        return false;
    json_t *changes = json_loads(version->changes, 0, NULL);
    bool good = json_is_object(changes) && !set_patch(documents, changes);
    json_decref(changes);
    return good;
}

bool set_open(struct data_documents *documents, const struct data_version *version)
{
    *documents = (struct data_documents){0};
    return read_list(documents, text_slice(&data_root(version)->set)) && make_changes(documents, version);
}

void set_close(struct data_documents *documents)
{
    for (uint32_t i = 0; i < documents->count; i++)
        json_decref(documents->list[i].tree);
    free(documents->list);
}

struct set_document *set_find(const struct data_documents *documents, arena_text name)
{
    for (uint32_t i = 0; i < documents->count; i++)
        if (text_equal(documents->list[i].name, name))
            return &documents->list[i];
    return NULL;
}

json_t *document_tree(struct set_document *document)
{
    if (!document->tree)
        document->tree = json_loadb(document->json.ptr, document->json.len, JSON_REJECT_DUPLICATES, NULL);
    return document->tree;
}

const char *set_patch(struct data_documents *documents, const json_t *changes)
{
    const char *name;
    json_t *patch;
    json_object_foreach((json_t *)changes, name, patch) {
        struct set_document *document = set_find(documents, text_of(name));
        if (!document || !document_tree(document) || json_is_null(patch))
            return name;
        document->tree = patch_apply(document->tree, patch);
        if (!json_is_object(document->tree) && !json_is_array(document->tree))
            return name;
    }
    return NULL;
}

void set_put(const struct data_documents *documents, struct text *set)
{
    for (uint32_t i = 0; i < documents->count; i++) {
        const struct set_document *document = &documents->list[i];
        char *json = document->tree ? must(json_dumps(document->tree, JSON_COMPACT)) : NULL;
        data_put(set, document->name);
        data_put(set, json ? text_of(json) : document->json);
        free(json);
    }
}

/* Documents that neither side has touched have the same bytes and need not be parsed. */
uint32_t set_diff(struct data_documents *from, struct data_documents *to, uint32_t most, struct text *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < to->count; i++) {
        struct set_document *now = &to->list[i], *before = set_find(from, now->name);
        if (!before || before->tree || now->tree || !text_equal(before->json, now->json))
            patch_diff(now->name, before ? document_tree(before) : NULL, document_tree(now), most, &count, out);
    }
    for (uint32_t i = 0; i < from->count; i++)
        if (!set_find(to, from->list[i].name))
            patch_diff(from->list[i].name, document_tree(&from->list[i]), NULL, most, &count, out);
    return count;
}

/* Versions. ------------------------------------------------------------------------------------------------ */

void data_hash(arena_text set, uint8_t hash[DATA_HASH])
{
    crypto_generichash(hash, DATA_HASH, (const unsigned char *)set.ptr, set.len, NULL, 0);
}

struct data_version *data_root(const struct data_version *version)
{
    while (version->parent)
        version = version->parent;
    return (struct data_version *)version;
}

bool data_set(const struct data_version *version, struct text *set)
{
    struct data_documents documents;
    uint8_t hash[DATA_HASH];
    size_t begin = set->len;
    bool good = set_open(&documents, version);
    if (good) {
        set_put(&documents, set);
        data_hash((arena_text){set->ptr + begin, set->len - begin}, hash);
        good = memcmp(hash, version->hash, sizeof hash) == 0;
    }
    set_close(&documents);
    return good;
}
