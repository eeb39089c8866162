/*
 * memory.c - the double for tests: the same promises as lmdb.c in plain arrays under one lock, with a thread of
 * its own for done and with failures on demand.  A commit is settled before its done is called.
 */
#include <stdlib.h>
#include <string.h>

#include "store/log.h"
#include "store/memory.h"

void *memory_must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static arena_text keep_text(arena_text text)
{
    char *bytes = memory_must(malloc(text.len + 1));
    if (text.len)
        memcpy(bytes, text.ptr, text.len);
    return (arena_text){bytes, text.len};
}

static void free_text(arena_text text)
{
    free((void *)(uintptr_t)text.ptr); /* NOLINT(clang-analyzer-unix.Malloc): takes one commit for two */
}

static struct part *add_part(struct parts *parts, uint32_t number, arena_text bytes)
{
    if (parts->count == parts->room) {
        parts->room = parts->room ? 2 * parts->room : 4;
        parts->items = memory_must(realloc(parts->items, parts->room * sizeof *parts->items));
    }
    struct part *part = &parts->items[parts->count++];
    *part = (struct part){.number = number, .bytes = keep_text(bytes)};
    return part;
}

static void free_part(struct part *part)
{
    free_text(part->name);
    free_text(part->bytes);
}

static void free_parts(struct parts *parts)
{
    for (uint32_t i = 0; i < parts->count; i++)
        free_part(&parts->items[i]);
    free(parts->items);
}

static void free_kept(struct kept *k)
{
    free_text(k->id);
    free_text(k->type);
    free_text(k->record);
    free_parts(&k->names);
    free_parts(&k->inputs);
    free_parts(&k->answers);
    free_parts(&k->tags);
    free_parts(&k->rows);
    for (int c = 0; c < STORE_CHANNELS; c++)
        free_parts(&k->messages[c]);
    free(k);
}

/* Where the session is, or would be. */
size_t memory_place(const struct memory *m, uint64_t session)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->kept[middle]->session < session)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct kept *memory_find(const struct memory *m, uint64_t session)
{
    size_t at = memory_place(m, session);
    return at < m->count && m->kept[at]->session == session ? m->kept[at] : NULL;
}

bool memory_equal(arena_text a, arena_text b)
{
    return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

/* --- writing ---------------------------------------------------------------------------------------------- */

static struct kept *add_session(struct memory *m, const struct commit *c)
{
    size_t at = memory_place(m, c->session);
    if (m->count == m->room) {
        m->room = m->room ? 2 * m->room : 64;
        m->kept = memory_must(realloc(m->kept, m->room * sizeof *m->kept));
    }
    memmove(&m->kept[at + 1], &m->kept[at], (m->count - at) * sizeof *m->kept);
    struct kept *k = m->kept[at] = memory_must(calloc(1, sizeof *k));
    m->count++;
    k->session = c->session;
    k->created_ms = c->created_ms;
    k->id = keep_text(c->id);
    k->type = keep_text(c->type);
    k->record = keep_text((arena_text){0});
    for (uint32_t i = 0; i < c->name_count; i++)
        add_part(&k->names, i, c->names[i]);
    return k;
}

/* A key that comes again belongs to the newest commit, whatever session had it. */
static void add_answer(struct memory *m, struct kept *k, const struct commit *c)
{
    for (size_t s = 0; s < m->count; s++) {
        struct parts *answers = &m->kept[s]->answers;
        for (uint32_t i = 0; i < answers->count; i++)
            if (!memcmp(answers->items[i].key, c->answer_key, STORE_ANSWER_KEY)) {
                free_part(&answers->items[i]);
                answers->items[i--] = answers->items[--answers->count];
            }
    }
    memcpy(add_part(&k->answers, 0, c->answer)->key, c->answer_key, STORE_ANSWER_KEY);
}

/* A session ends once: an end that comes after one is not looked at. */
static void add_end(struct kept *k, const struct commit *c)
{
    if (!c->end_number || k->end_number)
        return;
    k->end_number = c->end_number;
    for (uint32_t i = 0; i < c->tag_count; i++)
        add_part(&k->tags, i, c->tags[i]);
}

static int compare(arena_text a, arena_text b)
{
    size_t least = a.len < b.len ? a.len : b.len;
    int order = least ? memcmp(a.ptr, b.ptr, least) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static void change_row(struct parts *rows, const struct store_row *row)
{
    uint32_t at = 0;
    while (at < rows->count && compare(rows->items[at].name, row->key) < 0)
        at++;
    if (at < rows->count && !compare(rows->items[at].name, row->key)) {
        free_part(&rows->items[at]);
        memmove(&rows->items[at], &rows->items[at + 1], (--rows->count - at) * sizeof *rows->items);
    }
    if (!row->bytes.len)
        return;
    struct part part = *add_part(rows, 0, row->bytes);
    part.name = keep_text(row->key);
    memmove(&rows->items[at + 1], &rows->items[at], (rows->count - 1 - at) * sizeof *rows->items);
    rows->items[at] = part;
}

static void apply(struct memory *m, const struct commit *c)
{
    struct kept *k = memory_find(m, c->session);
    if (c->erase) {
        size_t at = memory_place(m, c->session);
        if (k) {
            free_kept(k);
            memmove(&m->kept[at], &m->kept[at + 1], (--m->count - at) * sizeof *m->kept);
        }
        return;
    }
    if (!k)
        k = add_session(m, c);
    free_text(k->record);
    k->record = keep_text(c->record);
    k->status = c->status;
    k->wake_ms = c->wake_ms;
    k->lsn = c->lsn;
    for (uint32_t i = 0; i < c->message_count; i++)
        add_part(&k->messages[c->messages[i].channel], c->messages[i].index, c->messages[i].bytes);
    if (c->input.len)
        add_part(&k->inputs, c->input_number, c->input);
    if (c->answer.len)
        add_answer(m, k, c);
    add_end(k, c);
    for (uint32_t i = 0; i < c->row_count; i++)
        change_row(&k->rows, &c->rows[i]);
}

static enum store_result judge(const struct memory *m, const struct commit *c)
{
    if (m->closing && c->lsn > m->close_after)
        return STORE_CLOSED;
    if (!log_can_keep(c))
        return STORE_FAILED;
    const struct kept *k = memory_find(m, c->session);
    return !c->after || (k && c->after == k->lsn) ? STORE_OK : STORE_CONFLICT;
}

/* Decides a batch; under the lock. */
static void decide(struct memory *m, struct commit *batch)
{
    bool fails = batch && m->fail_batches > 0;
    if (fails)
        m->fail_batches--;
    for (struct commit *c = batch; c; c = c->next) {
        c->result = fails ? m->fail_result : judge(m, c);
        if (c->result == STORE_OK)
            apply(m, c);
        m->settled = c->lsn;
        __atomic_fetch_add(c->result == STORE_OK ? &m->base.stats.commits : &m->base.stats.failed_commits, 1,
                           __ATOMIC_RELAXED);
    }
    __atomic_fetch_add(&m->base.stats.batches, batch && !fails, __ATOMIC_RELAXED);
    __atomic_store_n(&m->base.stats.sessions, m->count, __ATOMIC_RELAXED);
}

static void *memory_main(void *arg)
{
    struct memory *m = arg;
    for (;;) {
        pthread_mutex_lock(&m->lock);
        while (!m->first && !m->closing)
            pthread_cond_wait(&m->work, &m->lock);
        struct commit *batch = m->first;
        m->first = NULL;
        m->end = &m->first;
        decide(m, batch);
        pthread_mutex_unlock(&m->lock);
        if (!batch)
            return NULL;
        while (batch) {
            struct commit *next = batch->next;
            batch->done(batch, batch->result);
            batch = next;
        }
    }
}

static uint64_t submit(struct store *s, struct commit *c)
{
    struct memory *m = (struct memory *)s;
    pthread_mutex_lock(&m->lock);
    uint64_t lsn = c->lsn = ++m->last_lsn;
    c->next = NULL;
    *m->end = c;
    m->end = &c->next;
    pthread_mutex_unlock(&m->lock);
    pthread_cond_signal(&m->work);
    return lsn;
}

static uint64_t settled(struct store *s)
{
    struct memory *m = (struct memory *)s;
    pthread_mutex_lock(&m->lock);
    uint64_t lsn = m->settled;
    pthread_mutex_unlock(&m->lock);
    return lsn;
}

static void settle(struct store *s)
{
    (void)s;
}

/* --- opening and closing ---------------------------------------------------------------------------------- */

static void close_store(struct store *s)
{
    struct memory *m = (struct memory *)s;
    pthread_mutex_lock(&m->lock);
    m->closing = true;
    m->close_after = m->last_lsn;
    pthread_mutex_unlock(&m->lock);
    pthread_cond_signal(&m->work);
    pthread_join(m->thread, NULL);
    for (size_t i = 0; i < m->count; i++)
        free_kept(m->kept[i]);
    free(m->kept);
    pthread_mutex_destroy(&m->lock);
    pthread_cond_destroy(&m->work);
    free(m);
}

static const struct store_kind memory_kind = {
    .name = "memory",
    .submit = submit,
    .settled = settled,
    .settle = settle,
    .record = memory_record,
    .find = memory_find_name,
    .messages = memory_messages,
    .inputs = memory_inputs,
    .answer = memory_answer,
    .wakes = memory_wakes,
    .list = memory_list,
    .tagged = memory_tagged,
    .ends = memory_ends,
    .rows = memory_rows,
    .next = memory_next,
    .close = close_store,
};

struct store *store_open_memory(void)
{
    struct memory *m = memory_must(calloc(1, sizeof *m));
    m->base.kind = &memory_kind;
    m->end = &m->first;
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->work, NULL);
    if (pthread_create(&m->thread, NULL, memory_main, m))
        abort();
    return &m->base;
}

void store_memory_fail(struct store *store, uint32_t count, enum store_result result)
{
    struct memory *m = (struct memory *)store;
    pthread_mutex_lock(&m->lock);
    m->fail_batches = count;
    m->fail_result = result;
    pthread_mutex_unlock(&m->lock);
}
