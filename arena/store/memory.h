/*
 * memory.h - what the files of the memory store share; nobody else includes it.
 */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <pthread.h>

#include "store/store.h"

struct part {
    uint32_t number;               /* a message's index, an input's number */
    uint8_t key[STORE_ANSWER_KEY]; /* an answer's */
    arena_text name, bytes;        /* name: a row's */
};

struct parts {
    struct part *items;
    uint32_t count, room;
};

struct kept {
    uint64_t session, lsn;
    arena_text id, type, record;
    uint8_t status;
    int64_t created_ms, wake_ms;
    struct parts names, messages[STORE_CHANNELS], inputs, answers;
    uint64_t end_number;
    struct parts tags, rows; /* rows in the order of their keys */
};

struct memory {
    struct store base;
    pthread_mutex_t lock;
    pthread_cond_t work;
    pthread_t thread;
    struct commit *first, **end;
    uint64_t last_lsn, settled, close_after;
    bool closing;
    uint32_t fail_batches;
    enum store_result fail_result;
    struct kept **kept; /* by serial number */
    size_t count, room;
};

/* memory.c */
void *memory_must(void *memory);                               /* aborts when there is none */
size_t memory_place(const struct memory *m, uint64_t session); /* where the session is, or would be */
struct kept *memory_find(const struct memory *m, uint64_t session);
bool memory_equal(arena_text a, arena_text b);

/* memory_read.c: the functions of struct store_kind */
bool memory_record(struct store *s, uint64_t session, struct pool *p, arena_text *record);
bool memory_find_name(struct store *s, arena_text id_or_name, uint64_t *session);
uint32_t memory_messages(struct store *s, uint64_t session, uint8_t channel, uint32_t from, uint32_t end,
                         struct pool *p, struct store_message *out);
uint32_t memory_inputs(struct store *s, uint64_t session, uint32_t from, uint32_t max, struct pool *p, arena_text *out);
bool memory_answer(struct store *s, const uint8_t key[STORE_ANSWER_KEY], struct pool *p, arena_text *answer);
void memory_wakes(struct store *s, void (*each)(void *ctx, uint64_t session, int64_t wake_ms), void *ctx);
uint64_t memory_list(struct store *s, arena_text type, int status, uint64_t offset, uint32_t limit, struct pool *p,
                     arena_text *records, uint32_t *count);
uint64_t memory_tagged(struct store *s, arena_text tag, uint64_t offset, uint32_t limit, struct pool *p,
                       arena_text *records, uint32_t *count);
uint32_t memory_ends(struct store *s, uint64_t after, uint32_t max, struct pool *p, struct store_end *out);
void memory_rows(struct store *s, uint64_t session, void (*each)(void *ctx, arena_text key, arena_text bytes),
                 void *ctx);
bool memory_next(struct store *s, uint64_t after, struct pool *p, struct store_session *out);

#endif
