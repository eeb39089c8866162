/*
 * data.h - rule data of operators (arena.data/1): its versions, which one new games get, and how it came so.  Private
 * to core/.
 *
 *     built in ──stage──> v1@1 ──stage──> v1@2        a version is the one before it and a small change
 *                          └────stage──> v1@3
 *     history: promote v1@1, promote v1@3, rollback v1@1         active: the last word of the history
 *
 * A version never changes and is never removed: games that were made with it name it.  What is kept of it is the
 * change, as a merge patch (patch.h); the whole is made anew when it is asked for, and compared with its hash.  What
 * the first one was built in with is kept too, since another module may have another by that name.
 *
 * Versions and events are added under the lock and never moved or freed before the end, so that who has a pointer to
 * one may read it without.  All of it is in the book `data`.
 */
#ifndef CORE_DATA_H
#define CORE_DATA_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/book.h"

struct arena;
struct request;
struct host;
struct host_operator;

enum { DATA_HASH = 32, DATA_NOTE_MAX = 1000, DATA_BY_MAX = 200 };

struct data_version {
    char *name;                  /* "v1", "v1@2" */
    struct data_version *parent; /* NULL: it has a set */
    struct text set;             /* documents, as host/data.h has lists */
    uint32_t number;             /* 0: built in */
    int64_t at_ms;
    char *by, *note, *changes; /* changes: a JSON object, by the names of documents */
    uint8_t hash[DATA_HASH];   /* of the whole set */
    bool builtin;              /* the module has it now */
    atomic_bool played;        /* was active once, so that games may have it */
    struct data_version *next; /* the one that came after it */
};

struct data_event {
    uint32_t number;
    bool back; /* a roll-back */
    int64_t at_ms;
    char *by, *note;
    struct data_version *version, *before;
    struct data_event *older;
    struct data_event *under; /* of a promotion: the one that it lies upon */
};

/* The rule data of one challenge. */
struct data_rules {
    char *challenge;
    const struct host_operator *op;
    struct data_version *versions, **end; /* oldest first */
    struct data_version *fallback;        /* the first built-in one */
    _Atomic(struct data_version *) active;
    struct data_event *events; /* newest first */
    struct data_event *top;    /* the promotion that no roll-back took back yet; those below it by `under` */
    uint32_t last_number;
};

struct data_table;

struct data_tables { /* data_table.h: documents that were asked for, newest first */
    pthread_mutex_t lock;
    struct data_table *first;
    uint32_t count;
    size_t bytes;
};

struct rule_data {
    pthread_mutex_t lock;
    struct data_tables tables;
    struct data_rules *rules;
    uint32_t count;
    struct book book;
    struct request *first, **end; /* changes to be written: the first one is under way */
    void (*log)(void *ctx, enum arena_level level, const char *line);
    void *log_ctx;
};

/* Asks the host's operators for what is built in, and reads the book.  The host's turns have their sets from here. */
void data_open(struct rule_data *data, struct arena *arena);
void data_close(struct rule_data *data);

/* The name of the version that a new game gets: the active one (wanted.ptr NULL), or the wanted one if it was active
 * once.  NULL: there is none.  The name stays until data_close. */
const char *data_choose(struct rule_data *data, const char *challenge, arena_text wanted);

/* The rules of a challenge, NULL when its operator has none as data. */
struct data_rules *data_rules_find(struct rule_data *data, arena_text challenge);
/* A version by its name; NULL when there is none. */
struct data_version *data_version_find(struct rule_data *data, struct data_rules *rules, arena_text name);

/* Appends the whole set; false when it is not what it was (its bytes in the store are damaged). */
bool data_set(const struct data_version *version, struct text *set);

/* data_table.c: forgets all tables; who reads in one may go on. */
void data_tables_drop(struct data_tables *tables);

/* data.c: rows of the book, for its next commit. */
void data_put_base(struct book *book, const struct data_rules *rules, const struct data_version *base);
void data_put_version(struct book *book, const struct data_rules *rules, const struct data_version *version);
void data_put_event(struct book *book, const struct data_rules *rules, const struct data_event *event);

/* Parts, for data_change.c.  What is added is owned from then on; with the lock. */
void data_hash(arena_text set, uint8_t hash[DATA_HASH]);
struct data_version *data_root(const struct data_version *version);
void data_add_version(struct data_rules *rules, struct data_version *version);
void data_add_event(struct data_rules *rules, struct data_event *event);
void data_version_free(struct data_version *version);
void data_event_free(struct data_event *event);
/* The version that a roll-back goes to: what was active before the present one.  NULL: nothing.  And whether one may go
 * to this version, with the lock. */
struct data_version *data_before(const struct data_rules *rules);
bool data_lies_below(const struct data_rules *rules, const struct data_version *version);

#endif
