/*
 * memory.c - the double for tests: the same promises as lmdb.c in plain arrays under one lock, with a thread of
 * its own for done and with failures on demand.  A commit is settled before its done is called.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "store/log.h"

struct part {
    uint32_t number; /* a message's index, an input's number */
    uint8_t key[STORE_ANSWER_KEY];
    arena_text bytes;
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

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static arena_text keep_text(arena_text text)
{
    char *bytes = must(malloc(text.len + 1));
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
        parts->items = must(realloc(parts->items, parts->room * sizeof *parts->items));
    }
    struct part *part = &parts->items[parts->count++];
    *part = (struct part){.number = number, .bytes = keep_text(bytes)};
    return part;
}

static void free_parts(struct parts *parts)
{
    for (uint32_t i = 0; i < parts->count; i++)
        free_text(parts->items[i].bytes);
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
    for (int c = 0; c < STORE_CHANNELS; c++)
        free_parts(&k->messages[c]);
    free(k);
}

/* Where the session is, or would be. */
static size_t place(const struct memory *m, uint64_t session)
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

static struct kept *find(const struct memory *m, uint64_t session)
{
    size_t at = place(m, session);
    return at < m->count && m->kept[at]->session == session ? m->kept[at] : NULL;
}

static bool equal(arena_text a, arena_text b)
{
    return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

static bool has_name(const struct kept *k, arena_text name)
{
    if (equal(k->id, name))
        return true;
    for (uint32_t i = 0; i < k->names.count; i++)
        if (equal(k->names.items[i].bytes, name))
            return true;
    return false;
}

/* --- writing ---------------------------------------------------------------------------------------------- */

static struct kept *add_session(struct memory *m, const struct commit *c)
{
    size_t at = place(m, c->session);
    if (m->count == m->room) {
        m->room = m->room ? 2 * m->room : 64;
        m->kept = must(realloc(m->kept, m->room * sizeof *m->kept));
    }
    memmove(&m->kept[at + 1], &m->kept[at], (m->count - at) * sizeof *m->kept);
    struct kept *k = m->kept[at] = must(calloc(1, sizeof *k));
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
                free_text(answers->items[i].bytes);
                answers->items[i--] = answers->items[--answers->count];
            }
    }
    memcpy(add_part(&k->answers, 0, c->answer)->key, c->answer_key, STORE_ANSWER_KEY);
}

static void apply(struct memory *m, const struct commit *c)
{
    struct kept *k = find(m, c->session);
    if (c->erase) {
        size_t at = place(m, c->session);
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
}

static enum store_result judge(const struct memory *m, const struct commit *c)
{
    if (m->closing && c->lsn > m->close_after)
        return STORE_CLOSED;
    if (!log_can_keep(c))
        return STORE_FAILED;
    const struct kept *k = find(m, c->session);
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

/* --- reading ---------------------------------------------------------------------------------------------- */

/* The store, locked, and a session of it. */
static struct kept *enter(struct store *s, uint64_t session)
{
    struct memory *m = (struct memory *)s;
    pthread_mutex_lock(&m->lock);
    return find(m, session);
}

static void leave(struct store *s)
{
    pthread_mutex_unlock(&((struct memory *)s)->lock);
}

static bool read_record(struct store *s, uint64_t session, struct pool *p, arena_text *record)
{
    const struct kept *k = enter(s, session);
    if (k)
        *record = pool_copy(p, k->record);
    bool found = k && record->ptr;
    leave(s);
    return found;
}

static bool read_find(struct store *s, arena_text id_or_name, uint64_t *session)
{
    struct memory *m = (struct memory *)s;
    bool found = false;
    enter(s, 0);
    for (size_t i = m->count; i-- > 0 && !found && id_or_name.len;)
        if ((found = has_name(m->kept[i], id_or_name)))
            *session = m->kept[i]->session;
    leave(s);
    return found;
}

static uint32_t read_messages(struct store *s, uint64_t session, uint8_t channel, uint32_t from, uint32_t end,
                              struct pool *p, struct store_message *out)
{
    uint32_t count = 0;
    const struct kept *k = enter(s, session);
    const struct parts *parts = k && channel < STORE_CHANNELS ? &k->messages[channel] : NULL;
    for (uint32_t i = 0; parts && i < parts->count; i++) {
        uint32_t index = parts->items[i].number;
        if (index >= from && index < end && count < end - from)
            out[count++] = (struct store_message){channel, index, pool_copy(p, parts->items[i].bytes)};
    }
    leave(s);
    return count;
}

static uint32_t read_inputs(struct store *s, uint64_t session, uint32_t from, uint32_t max, struct pool *p,
                            arena_text *out)
{
    uint32_t count = 0;
    const struct kept *k = enter(s, session);
    for (uint32_t i = 0; k && i < k->inputs.count && count < max; i++)
        if (k->inputs.items[i].number >= from)
            out[count++] = pool_copy(p, k->inputs.items[i].bytes);
    leave(s);
    return count;
}

static bool read_answer(struct store *s, const uint8_t key[STORE_ANSWER_KEY], struct pool *p, arena_text *answer)
{
    struct memory *m = (struct memory *)s;
    bool found = false;
    enter(s, 0);
    for (size_t i = 0; i < m->count; i++)
        for (uint32_t a = 0; a < m->kept[i]->answers.count; a++) {
            const struct part *part = &m->kept[i]->answers.items[a];
            if (!found && !memcmp(part->key, key, STORE_ANSWER_KEY)) {
                *answer = pool_copy(p, part->bytes);
                found = answer->ptr != NULL;
            }
        }
    leave(s);
    return found;
}

static void read_wakes(struct store *s, void (*each)(void *ctx, uint64_t session, int64_t wake_ms), void *ctx)
{
    struct memory *m = (struct memory *)s;
    for (uint64_t session = 1;;) {
        int64_t wake_ms = 0;
        enter(s, 0);
        size_t at = place(m, session);
        bool more = at < m->count;
        if (more) {
            session = m->kept[at]->session;
            wake_ms = m->kept[at]->wake_ms;
        }
        leave(s);
        if (!more)
            return;
        if (wake_ms)
            each(ctx, session, wake_ms);
        session++;
    }
}

static int newest_first(const void *a, const void *b)
{
    const struct kept *x = *(struct kept *const *)a, *y = *(struct kept *const *)b;
    if (x->created_ms != y->created_ms)
        return x->created_ms < y->created_ms ? 1 : -1;
    return (x->session < y->session) - (x->session > y->session);
}

static uint64_t read_list(struct store *s, arena_text type, int status, uint64_t offset, uint32_t limit, struct pool *p,
                          arena_text *records, uint32_t *count)
{
    struct memory *m = (struct memory *)s;
    enter(s, 0);
    struct kept **found = must(malloc((m->count + 1) * sizeof *found));
    size_t total = 0;
    for (size_t i = 0; i < m->count; i++) {
        struct kept *k = m->kept[i];
        if (k->type.len && (!type.len || equal(k->type, type)) && (status < 0 || k->status == status))
            found[total++] = k;
    }
    qsort(found, total, sizeof *found, newest_first);
    *count = 0;
    for (uint64_t i = offset; i < total && *count < limit; i++)
        records[(*count)++] = pool_copy(p, found[i]->record);
    free(found);
    leave(s);
    return total;
}

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct part *)a)->key, ((const struct part *)b)->key, STORE_ANSWER_KEY);
}

static void copy_session(struct kept *k, struct pool *p, struct store_session *out)
{
    uint32_t names = k->names.count, count = k->answers.count;
    arena_text *name = pool_alloc(p, names * sizeof *name), *answers = pool_alloc(p, count * sizeof *answers);
    uint8_t(*keys)[STORE_ANSWER_KEY] = pool_alloc(p, count * sizeof *keys);
    if (count)
        qsort(k->answers.items, count, sizeof k->answers.items[0], by_key);
    for (uint32_t i = 0; i < names; i++)
        name[i] = pool_copy(p, k->names.items[i].bytes);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(keys[i], k->answers.items[i].key, STORE_ANSWER_KEY);
        answers[i] = pool_copy(p, k->answers.items[i].bytes);
    }
    *out = (struct store_session){
        .session = k->session,
        .id = pool_copy(p, k->id),
        .type = pool_copy(p, k->type),
        .record = pool_copy(p, k->record),
        .status = k->status,
        .created_ms = k->created_ms,
        .wake_ms = k->wake_ms,
        .name_count = names,
        .names = name,
        .answer_count = count,
        .answer_keys = (const uint8_t(*)[STORE_ANSWER_KEY])keys,
        .answers = answers,
    };
}

static bool read_next(struct store *s, uint64_t after, struct pool *p, struct store_session *out)
{
    struct memory *m = (struct memory *)s;
    enter(s, 0);
    size_t at = after < UINT64_MAX ? place(m, after + 1) : m->count;
    bool found = at < m->count;
    if (found)
        copy_session(m->kept[at], p, out);
    leave(s);
    return found;
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
    .record = read_record,
    .find = read_find,
    .messages = read_messages,
    .inputs = read_inputs,
    .answer = read_answer,
    .wakes = read_wakes,
    .list = read_list,
    .next = read_next,
    .close = close_store,
};

struct store *store_open_memory(void)
{
    struct memory *m = must(calloc(1, sizeof *m));
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
