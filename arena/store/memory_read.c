/*
 * memory_read.c - reading the double for tests.
 */
#include <stdlib.h>
#include <string.h>

#include "store/memory.h"

static bool has_name(const struct kept *k, arena_text name)
{
    if (memory_equal(k->id, name))
        return true;
    for (uint32_t i = 0; i < k->names.count; i++)
        if (memory_equal(k->names.items[i].bytes, name))
            return true;
    return false;
}

/* The store, locked, and a session of it. */
static struct kept *enter(struct store *s, uint64_t session)
{
    struct memory *m = (struct memory *)s;
    pthread_mutex_lock(&m->lock);
    return memory_find(m, session);
}

static void leave(struct store *s)
{
    pthread_mutex_unlock(&((struct memory *)s)->lock);
}

bool memory_record(struct store *s, uint64_t session, struct pool *p, arena_text *record)
{
    const struct kept *k = enter(s, session);
    if (k)
        *record = pool_copy(p, k->record);
    bool found = k && record->ptr;
    leave(s);
    return found;
}

bool memory_find_name(struct store *s, arena_text id_or_name, uint64_t *session)
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

uint32_t memory_messages(struct store *s, uint64_t session, uint8_t channel, uint32_t from, uint32_t end,
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

uint32_t memory_inputs(struct store *s, uint64_t session, uint32_t from, uint32_t max, struct pool *p, arena_text *out)
{
    uint32_t count = 0;
    const struct kept *k = enter(s, session);
    for (uint32_t i = 0; k && i < k->inputs.count && count < max; i++)
        if (k->inputs.items[i].number >= from)
            out[count++] = pool_copy(p, k->inputs.items[i].bytes);
    leave(s);
    return count;
}

bool memory_answer(struct store *s, const uint8_t key[STORE_ANSWER_KEY], struct pool *p, arena_text *answer)
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

void memory_wakes(struct store *s, void (*each)(void *ctx, uint64_t session, int64_t wake_ms), void *ctx)
{
    struct memory *m = (struct memory *)s;
    for (uint64_t session = 1;;) {
        int64_t wake_ms = 0;
        enter(s, 0);
        size_t at = memory_place(m, session);
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

/* What a list is filtered by: a type (empty: any), a status (-1: any), or a tag (NULL: none). */
struct filter {
    arena_text type;
    int status;
    const arena_text *tag;
};

static bool passes(const struct kept *k, const struct filter *f)
{
    if (!f->tag)
        return k->type.len && (!f->type.len || memory_equal(k->type, f->type)) &&
               (f->status < 0 || k->status == f->status);
    for (uint32_t i = 0; i < k->tags.count; i++)
        if (memory_equal(k->tags.items[i].bytes, *f->tag))
            return true;
    return false;
}

static uint64_t list(struct store *s, const struct filter *filter, uint64_t offset, uint32_t limit, struct pool *p,
                     arena_text *records, uint32_t *count)
{
    struct memory *m = (struct memory *)s;
    enter(s, 0);
    struct kept **found = memory_must(malloc((m->count + 1) * sizeof *found));
    size_t total = 0;
    for (size_t i = 0; i < m->count; i++)
        if (passes(m->kept[i], filter))
            found[total++] = m->kept[i];
    qsort(found, total, sizeof *found, newest_first);
    *count = 0;
    for (uint64_t i = offset; i < total && *count < limit; i++)
        records[(*count)++] = pool_copy(p, found[i]->record);
    free(found);
    leave(s);
    return total;
}

uint64_t memory_list(struct store *s, arena_text type, int status, uint64_t offset, uint32_t limit, struct pool *p,
                     arena_text *records, uint32_t *count)
{
    return list(s, &(struct filter){type, status, NULL}, offset, limit, p, records, count);
}

uint64_t memory_tagged(struct store *s, arena_text tag, uint64_t offset, uint32_t limit, struct pool *p,
                       arena_text *records, uint32_t *count)
{
    return list(s, &(struct filter){.tag = &tag}, offset, limit, p, records, count);
}

static int by_end(const void *a, const void *b)
{
    const struct kept *x = *(struct kept *const *)a, *y = *(struct kept *const *)b;
    return (x->end_number > y->end_number) - (x->end_number < y->end_number);
}

uint32_t memory_ends(struct store *s, uint64_t after, uint32_t max, struct pool *p, struct store_end *out)
{
    struct memory *m = (struct memory *)s;
    enter(s, 0);
    struct kept **found = memory_must(malloc((m->count + 1) * sizeof *found));
    size_t total = 0;
    for (size_t i = 0; i < m->count; i++)
        if (m->kept[i]->end_number > after)
            found[total++] = m->kept[i];
    qsort(found, total, sizeof *found, by_end);
    uint32_t count = total < max ? (uint32_t)total : max;
    for (uint32_t i = 0; i < count; i++)
        out[i] = (struct store_end){found[i]->end_number, found[i]->session, pool_copy(p, found[i]->record)};
    free(found);
    leave(s);
    return count;
}

void memory_rows(struct store *s, uint64_t session, void (*each)(void *ctx, arena_text key, arena_text bytes),
                 void *ctx)
{
    const struct kept *k = enter(s, session);
    for (uint32_t i = 0; k && i < k->rows.count; i++)
        each(ctx, k->rows.items[i].name, k->rows.items[i].bytes);
    leave(s);
}

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct part *)a)->key, ((const struct part *)b)->key, STORE_ANSWER_KEY);
}

static arena_text *copy_texts(const struct parts *parts, struct pool *p)
{
    arena_text *texts = pool_alloc(p, parts->count * sizeof *texts);
    for (uint32_t i = 0; i < parts->count; i++)
        texts[i] = pool_copy(p, parts->items[i].bytes);
    return texts;
}

static void copy_answers(struct kept *k, struct pool *p, struct store_session *out)
{
    uint32_t count = out->answer_count = k->answers.count;
    uint8_t(*keys)[STORE_ANSWER_KEY] = pool_alloc(p, count * sizeof *keys);
    if (count)
        qsort(k->answers.items, count, sizeof k->answers.items[0], by_key);
    for (uint32_t i = 0; i < count; i++)
        memcpy(keys[i], k->answers.items[i].key, STORE_ANSWER_KEY);
    out->answer_keys = (const uint8_t(*)[STORE_ANSWER_KEY])keys;
    out->answers = copy_texts(&k->answers, p);
}

static void copy_rows(const struct kept *k, struct pool *p, struct store_session *out)
{
    uint32_t count = out->row_count = k->rows.count;
    struct store_row *rows = pool_alloc(p, count * sizeof *rows);
    for (uint32_t i = 0; i < count; i++)
        rows[i] = (struct store_row){pool_copy(p, k->rows.items[i].name), pool_copy(p, k->rows.items[i].bytes)};
    out->rows = rows;
}

static void copy_session(struct kept *k, struct pool *p, struct store_session *out)
{
    *out = (struct store_session){
        .session = k->session,
        .id = pool_copy(p, k->id),
        .type = pool_copy(p, k->type),
        .record = pool_copy(p, k->record),
        .status = k->status,
        .created_ms = k->created_ms,
        .wake_ms = k->wake_ms,
        .name_count = k->names.count,
        .names = copy_texts(&k->names, p),
        .end_number = k->end_number,
        .tag_count = k->tags.count,
        .tags = copy_texts(&k->tags, p),
    };
    copy_rows(k, p, out);
    copy_answers(k, p, out);
}

bool memory_next(struct store *s, uint64_t after, struct pool *p, struct store_session *out)
{
    struct memory *m = (struct memory *)s;
    enter(s, 0);
    size_t at = after < UINT64_MAX ? memory_place(m, after + 1) : m->count;
    bool found = at < m->count;
    if (found)
        copy_session(m->kept[at], p, out);
    leave(s);
    return found;
}
