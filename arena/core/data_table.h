/*
 * data_table.h - documents of rule data as lists of entries, kept between requests.  Private to core/.
 *
 * To read a large document costs milliseconds, and who looks something up asks often.  A version never changes, so a
 * table of one of its documents is good as long as it is kept; it is dropped when there is no room for it, and all are
 * when another version becomes active.  Any thread may ask.
 */
#ifndef CORE_DATA_TABLE_H
#define CORE_DATA_TABLE_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/data.h"

enum { DATA_TABLES = 64, DATA_TABLES_BYTES = 32 << 20 }; /* kept at most */

struct data_entry { /* texts of the table */
    arena_text name, json;
    arena_text name_low, json_low; /* the same in small letters of ASCII, to be searched */
};

struct data_table {
    atomic_int refs;
    const struct data_version *version;
    char *document;
    struct text bytes;
    struct data_entry *entries;
    size_t count, weight; /* weight: in bytes */
    struct data_table *next;
};

/* The table of a document.  NULL: there is no such document or, with *damaged, it cannot be read.  data_table_put gives
 * it back. */
const struct data_table *data_table_get(struct data_tables *tables, const struct data_version *version,
                                        arena_text document, bool *damaged);
void data_table_put(const struct data_table *table);

/* A letter of ASCII as a small one; all else as it is. */
char data_table_low(char c);

#endif
