/*
 * documents.c - data versions from texts: built in, handed in, or in a folder.
 */
#include "base.h"
#include "compile.h"
#include "tables.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *id_of(const json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    return id ? id : "";
}

static int by_row_id(const void *p, const void *q)
{
    return strcmp(id_of(*(json_t *const *)p), id_of(*(json_t *const *)q));
}

/* Numbers follow the order of ids, so that they can be looked up; a row that was added may stand anywhere. */
static json_t *in_order(json_t *rows)
{
    const size_t n = json_array_size(rows);
    size_t i = 1;
    while (i < n && strcmp(id_of(json_array_get(rows, i - 1)), id_of(json_array_get(rows, i))) <= 0)
        i++;
    json_t **list = i < n ? malloc(n * sizeof *list) : NULL;
    if (!list)
        return rows;
    json_t *sorted = json_array();
    for (i = 0; i < n; i++)
        list[i] = json_array_get(rows, i);
    qsort(list, n, sizeof *list, by_row_id);
    for (i = 0; i < n; i++)
        json_array_append(sorted, list[i]);
    free(list);
    json_decref(rows);
    return sorted;
}

static bool needed(int file)
{
    return file == FILE_SPECIES || file == FILE_MOVES || file == FILE_LEARNSETS || file == FILE_RULES;
}

static json_t *parsed(struct compiler *k, int file, const struct dex_document *d)
{
    json_error_t error;
    json_t *root = json_loadb(d->text, d->len, JSON_REJECT_DUPLICATES, &error);
    k->file = dex_files[file];
    k->entry = NULL;
    if (!root)
        mistake(k, "line %d: %s", error.line, error.text);
    return root;
}

static bool has_document(const struct dex_document *documents, size_t n, const char *name)
{
    while (n--)
        if (!strcmp(documents[n].name, name))
            return true;
    return false;
}

static void parse_all(struct compiler *k, json_t *files[DEX_FILES], const struct dex_document *documents, size_t n)
{
    for (int i = 0; i < DEX_FILES; i++)
        for (size_t at = 0; at < n && !files[i]; at++)
            if (!strcmp(documents[at].name, dex_files[i])) {
                files[i] = parsed(k, i, &documents[at]);
                if (i != FILE_TYPES && i != FILE_NATURES) /* without them the version has the usual ones */
                    k->contents = hash_on(k->contents + (unsigned)i, documents[at].text, documents[at].len);
            }
}

static void forget(json_t *files[DEX_FILES])
{
    for (int i = 0; i < DEX_FILES; i++)
        json_decref(files[i]);
}

/* What the version says over what its base says.  A base is built in, and has no base itself. */
static void add_base(struct compiler *k, json_t *files[DEX_FILES])
{
    const json_t *name = json_object_get(files[FILE_RULES], "base");
    struct dex_document documents[DEX_FILES] = {{0}};
    json_t *below[DEX_FILES] = {NULL};
    if (!name)
        return;
    const char *base = json_string_value(name);
    parse_all(k, below, documents, base ? dex_documents(base, documents, DEX_FILES) : 0);
    k->file = dex_files[FILE_RULES];
    k->entry = "base";
    if (!below[FILE_RULES] || json_object_get(below[FILE_RULES], "base"))
        mistake(k, "\"%s\" is no version that another can build on", base ? base : "");
    for (int i = 0; i < DEX_FILES; i++) {
        json_t *both = i == FILE_LEARNSETS ? learnsets_over(below[i], files[i]) : laid_over(below[i], files[i]);
        json_decref(files[i]);
        files[i] = both;
    }
    forget(below);
}

static struct dex *from_texts(struct compiler *k, const char *version, const struct dex_document *documents, size_t n)
{
    json_t *files[DEX_FILES] = {NULL};
    struct dex *dex = NULL;
    parse_all(k, files, documents, n);
    add_base(k, files);
    for (int i = 0; i < DEX_FILES; i++) {
        k->file = dex_files[i];
        if (!files[i] && needed(i) && !has_document(documents, n, dex_files[i]))
            mistake(k, "it is missing");
        if (files[i] && (i == FILE_MOVES || i == FILE_ABILITIES || i == FILE_ITEMS))
            files[i] = in_order(files[i]);
    }
    if (!k->mistakes)
        dex = compile_version(k, files, version);
    forget(files);
    return dex;
}

struct dex *dex_from_texts(const char *version, const struct dex_document *documents, size_t n, dex_mistake *tell,
                           void *ctx)
{
    struct compiler k = {.tell = tell, .ctx = ctx, .natives = native_places()};
    return from_texts(&k, version, documents, n);
}

static char *read_file(const char *folder, const char *name, size_t *len)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    FILE *f = fopen(path, "rb");
    long size = f && fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    char *text = size >= 0 && fseek(f, 0, SEEK_SET) == 0 ? malloc((size_t)size + 1) : NULL;
    *len = text ? fread(text, 1, (size_t)size, f) : 0;
    if (f)
        fclose(f);
    return text;
}

struct dex *dex_load(const char *folder, const char *version, dex_mistake *tell, void *ctx)
{
    struct dex_document documents[DEX_FILES];
    size_t n = 0;
    for (int i = 0; i < DEX_FILES; i++) {
        documents[n].name = dex_files[i];
        documents[n].text = read_file(folder, dex_files[i], &documents[n].len);
        n += documents[n].text != NULL;
    }
    struct dex *dex = dex_from_texts(version, documents, n, tell, ctx);
    while (n)
        free((char *)documents[--n].text);
    return dex;
}

/* ------------------------------------------------------------------------------------------ built-in ones --- */

size_t dex_documents(const char *version, struct dex_document *out, size_t room)
{
    size_t n = 0;
    for (const struct dex_text *t = dex_texts; t->version; t++)
        for (int i = 0; i < DEX_FILES && !strcmp(t->version, version); i++) {
            const size_t len = strlen(dex_files[i]);
            if (strncmp(t->name, dex_files[i], len) != 0 || strcmp(t->name + len, ".json") != 0)
                continue;
            if (n < room)
                out[n] = (struct dex_document){dex_files[i], t->text, t->len};
            n++;
        }
    return n;
}

static void complain(void *ctx, const char *document, const char *entry, const char *sentence)
{
    fprintf(stderr, "data %s: %s, %s: %s\n", (const char *)ctx, document, entry, sentence);
}

static struct dex *built_in(const char *version)
{
    struct dex_document documents[DEX_FILES];
    struct compiler k = {.tell = complain, .ctx = (void *)version};
    size_t n = dex_documents(version, documents, DEX_FILES);
    return n ? from_texts(&k, version, documents, n) : NULL;
}

const struct dex *dex_find(const char *version)
{
    struct found {
        struct found *next;
        struct dex *dex;
    };
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct found *all;
    const struct dex *dex = NULL;
    pthread_mutex_lock(&lock);
    for (struct found *f = all; f && !dex; f = f->next)
        if (!strcmp(f->dex->version, version))
            dex = f->dex;
    if (!dex) {
        struct found *f = malloc(sizeof *f);
        struct dex *fresh_one = f ? built_in(version) : NULL;
        if (fresh_one) {
            *f = (struct found){all, fresh_one};
            all = f;
        } else {
            free(f);
        }
        dex = fresh_one;
    }
    pthread_mutex_unlock(&lock);
    return dex;
}
