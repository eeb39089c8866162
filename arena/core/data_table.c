/* data_table.c - see data_table.h. */
#include "core/data_table.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/data_set.h"
#include "core/must.h"

/* Tables are made. ------------------------------------------------------------------------------------------ */

char data_table_low(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Notes down a text and its small letters; they are found again when all bytes are there (place). */
static void keep(struct data_table *table, arena_text text, arena_text *as_is, arena_text *in_low)
{
    *as_is = *in_low = (arena_text){NULL, text.len};
    text_put_text(&table->bytes, text);
    for (size_t i = 0; i < text.len; i++)
        text_put_char(&table->bytes, data_table_low(text.ptr[i]));
}

static void add_entry(struct data_table *table, size_t *room, const char *name, const json_t *value)
{
    char *json = must(json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY));
    if (table->count == *room) {
        *room = *room ? 2 * *room : 64;
        table->entries = must(realloc(table->entries, *room * sizeof *table->entries));
    }
    struct data_entry *entry = &table->entries[table->count++];
    keep(table, text_of(name), &entry->name, &entry->name_low);
    keep(table, text_of(json), &entry->json, &entry->json_low);
    free(json);
}

/* The bytes do not move any more. */
static void place(struct data_table *table)
{
    const char *at = table->bytes.ptr;
    for (size_t i = 0; i < table->count; i++) {
        struct data_entry *e = &table->entries[i];
        arena_text *const parts[] = {&e->name, &e->name_low, &e->json, &e->json_low};
        for (int k = 0; k < 4; k++) {
            parts[k]->ptr = at;
            at += parts[k]->len;
        }
    }
}

/* The entries of an object are its members; those of a list are called by their id, or by their place. */
static void add_entries(struct data_table *table, json_t *tree)
{
    const char *key;
    json_t *value;
    size_t i, room = 0;
    json_object_foreach(tree, key, value)
        add_entry(table, &room, key, value);
    json_array_foreach(tree, i, value) {
        char number[24];
        const char *id = json_string_value(json_object_get(value, "id"));
        snprintf(number, sizeof number, "%zu", i);
        add_entry(table, &room, id ? id : number, value);
    }
    place(table);
}

static struct data_table *make(const struct data_version *version, arena_text name, bool *damaged)
{
    struct data_documents documents;
    struct data_table *table = NULL;
    *damaged = !set_open(&documents, version);
    struct set_document *document = *damaged ? NULL : set_find(&documents, name);
    if (document) {
        table = must(calloc(1, sizeof *table));
        atomic_init(&table->refs, 1);
        table->version = version;
        table->document = must_copy(name);
        add_entries(table, document_tree(document));
        table->weight = sizeof *table + name.len + table->bytes.len + table->count * sizeof *table->entries;
    }
    set_close(&documents);
    return table;
}

void data_table_put(const struct data_table *shared)
{
    struct data_table *table = (struct data_table *)shared;
    if (!table || atomic_fetch_sub(&table->refs, 1) > 1)
        return;
    free(table->document);
    text_free(&table->bytes);
    free(table->entries);
    free(table);
}

/* Tables are kept, what was asked for last in front. -------------------------------------------------------- */

/* With the lock: takes it out of the list, NULL when it is not there. */
static struct data_table *take(struct data_tables *tables, const struct data_version *version, arena_text document)
{
    for (struct data_table **at = &tables->first; *at; at = &(*at)->next)
        if ((*at)->version == version && text_equal(text_of((*at)->document), document)) {
            struct data_table *table = *at;
            *at = table->next;
            tables->count--;
            tables->bytes -= table->weight;
            return table;
        }
    return NULL;
}

static void put_all(struct data_table *list)
{
    while (list) {
        struct data_table *next = list->next;
        data_table_put(list);
        list = next;
    }
}

/* With the lock.  Those behind the last one that has room are taken out: for put_all. */
static struct data_table *put_first(struct data_tables *tables, struct data_table *table)
{
    table->next = tables->first;
    tables->first = table;
    tables->count = 1;
    tables->bytes = table->weight;
    struct data_table **end = &table->next;
    while (*end && tables->count < DATA_TABLES && tables->bytes + (*end)->weight <= DATA_TABLES_BYTES) {
        tables->count++;
        tables->bytes += (*end)->weight;
        end = &(*end)->next;
    }
    struct data_table *rest = *end;
    *end = NULL;
    return rest;
}

static const struct data_table *find(struct data_tables *tables, const struct data_version *version,
                                     arena_text document)
{
    pthread_mutex_lock(&tables->lock);
    struct data_table *table = take(tables, version, document);
    if (table) {
        atomic_fetch_add(&table->refs, 1);
        put_first(tables, table); /* nothing grew, so there is room for all */
    }
    pthread_mutex_unlock(&tables->lock);
    return table;
}

/* Perhaps another thread has made the same table meanwhile: then this one takes its place. */
static void add(struct data_tables *tables, struct data_table *table)
{
    pthread_mutex_lock(&tables->lock);
    struct data_table *twin = take(tables, table->version, text_of(table->document));
    atomic_fetch_add(&table->refs, 1);
    struct data_table *rest = put_first(tables, table);
    pthread_mutex_unlock(&tables->lock);
    data_table_put(twin);
    put_all(rest);
}

const struct data_table *data_table_get(struct data_tables *tables, const struct data_version *version,
                                        arena_text document, bool *damaged)
{
    *damaged = false;
    const struct data_table *kept = find(tables, version, document);
    if (kept)
        return kept;
    struct data_table *table = make(version, document, damaged);
    if (table && table->weight <= DATA_TABLES_BYTES) /* else too large to be kept beside anything */
        add(tables, table);
    return table;
}

void data_tables_drop(struct data_tables *tables)
{
    pthread_mutex_lock(&tables->lock);
    struct data_table *rest = tables->first;
    tables->first = NULL;
    tables->count = 0;
    tables->bytes = 0;
    pthread_mutex_unlock(&tables->lock);
    put_all(rest);
}
