/*
 * test_store_help.h - what the tests of the store share: commits that are made in a line and waited for, and
 * folders that go away.
 */
#ifndef TEST_STORE_HELP_H
#define TEST_STORE_HELP_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store.h"

/* A commit with room for all it points to, and what became of it. */
struct job {
    struct commit c;
    char id[32], type[32], record[64], name[32], text[8][64], input[64], answer[64];
    struct store_message messages[8];
    arena_text names[1];
    char tag_text[4][32];
    arena_text tags[4];
    struct store_row rows[8];
    bool over;
    enum store_result result;
    uint64_t order; /* the how-manieth done it was */
};

static pthread_mutex_t job_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t job_ended = PTHREAD_COND_INITIALIZER;
static uint64_t jobs_ended;

static inline arena_text text_of(const char *s)
{
    return (arena_text){s, strlen(s)};
}

static inline bool text_is(arena_text text, const char *s)
{
    return text.len == strlen(s) && !memcmp(text.ptr, s, text.len);
}

static inline void job_done(struct commit *c, enum store_result result)
{
    struct job *job = c->owner;
    pthread_mutex_lock(&job_lock);
    job->over = true;
    job->result = result;
    job->order = ++jobs_ended;
    pthread_cond_broadcast(&job_ended);
    pthread_mutex_unlock(&job_lock);
}

/* The step-th commit (0, 1, ...) of a session: says so in its record, adds one message to each channel and one
 * input, and an answer under a key made of session and step. */
static inline void job_make(struct job *job, uint64_t session, uint32_t step, uint64_t after, const char *type,
                            uint8_t status)
{
    memset(job, 0, sizeof *job);
    snprintf(job->id, sizeof job->id, "id-%llu", (unsigned long long)session);
    snprintf(job->type, sizeof job->type, "%s", type);
    snprintf(job->record, sizeof job->record, "record %llu.%u", (unsigned long long)session, step);
    snprintf(job->name, sizeof job->name, "name-%llu", (unsigned long long)session);
    snprintf(job->input, sizeof job->input, "input %u", step);
    snprintf(job->answer, sizeof job->answer, "answer %u", step);
    for (uint8_t i = 0; i < STORE_CHANNELS; i++) {
        snprintf(job->text[i], sizeof job->text[i], "{\"channel\":%u,\"index\":%u}", i, step + 1);
        job->messages[i] = (struct store_message){i, step + 1, text_of(job->text[i])};
    }
    job->names[0] = text_of(job->name);
    job->c = (struct commit){
        .session = session,
        .after = after,
        .record = text_of(job->record),
        .id = text_of(job->id),
        .type = text_of(job->type),
        .status = status,
        .created_ms = (int64_t)(session / 2), /* pairs of equal ones */
        .wake_ms = status == 1 ? 1000 + (int64_t)session : 0,
        .name_count = step == 0,
        .names = job->names,
        .message_count = STORE_CHANNELS,
        .messages = job->messages,
        .input_number = step,
        .input = text_of(job->input),
        .answer = text_of(job->answer),
        .done = job_done,
        .owner = job,
    };
    memcpy(job->c.answer_key, &session, 8);
    memcpy(job->c.answer_key + 8, &step, 4);
}

/* The commit ends its session. */
static inline void job_end(struct job *job, uint64_t end_number)
{
    job->c.end_number = end_number;
    job->c.tags = job->tags;
}

static inline void job_tag(struct job *job, const char *tag)
{
    char *text = job->tag_text[job->c.tag_count];
    snprintf(text, sizeof job->tag_text[0], "%s", tag);
    job->tags[job->c.tag_count++] = text_of(text);
}

/* The commit sets a row, or removes it (bytes empty).  The texts are the caller's. */
static inline void job_row(struct job *job, const char *key, const char *bytes)
{
    job->rows[job->c.row_count++] = (struct store_row){text_of(key), text_of(bytes)};
    job->c.rows = job->rows;
}

static inline enum store_result job_wait(struct job *job)
{
    pthread_mutex_lock(&job_lock);
    while (!job->over)
        pthread_cond_wait(&job_ended, &job_lock);
    enum store_result result = job->result;
    pthread_mutex_unlock(&job_lock);
    return result;
}

/* Makes, submits and waits; returns the LSN through lsn, which also is what the commit is built upon. */
static inline enum store_result job_run(struct store *s, uint64_t session, uint32_t step, uint64_t *lsn,
                                        const char *type, uint8_t status)
{
    struct job *job = malloc(sizeof *job);
    job_make(job, session, step, *lsn, type, status);
    *lsn = store_submit(s, &job->c);
    enum store_result result = job_wait(job);
    free(job);
    return result;
}

static inline enum store_result job_erase(struct store *s, uint64_t session, uint64_t after)
{
    struct job job = {.c = {.session = session, .after = after, .erase = true, .done = job_done}};
    job.c.owner = &job;
    store_submit(s, &job.c);
    return job_wait(&job);
}

/* A folder of its own for a test. */
static inline const char *folder_make(char path[64])
{
    snprintf(path, 64, "/tmp/arena-store-XXXXXX");
    return mkdtemp(path);
}

static inline void folder_remove(const char *path)
{
    static const char *const files[] = {"arena.mdb", "arena.mdb-lock", "arena.lock"};
    char file[128];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(file, sizeof file, "%s/%s", path, files[i]);
        unlink(file);
    }
    rmdir(path);
}

#endif
