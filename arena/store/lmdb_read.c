/*
 * lmdb_read.c - reading the tables.
 *
 * Every call has a read transaction of its own, which ends before the call does: one that lasted would keep
 * every page changed meanwhile from being used again.  Transactions at rest are kept, for renewing one is
 * cheap.
 */
#include "store/bytes.h"
#include "store/lmdb.h"

enum { WAKES_AT_ONCE = 512 };

MDB_txn *lmdb_read_begin(struct lmdb *l)
{
    MDB_txn *txn = NULL;
    pthread_rwlock_rdlock(&l->map_lock);
    pthread_mutex_lock(&l->readers_lock);
    if (l->reader_count)
        txn = l->readers[--l->reader_count];
    pthread_mutex_unlock(&l->readers_lock);
    if (txn && !mdb_txn_renew(txn))
        return txn;
    if (txn)
        mdb_txn_abort(txn);
    if (!l->env || mdb_txn_begin(l->env, NULL, MDB_RDONLY, &txn))
        return NULL;
    return txn;
}

void lmdb_read_end(struct lmdb *l, MDB_txn *txn)
{
    if (txn) {
        mdb_txn_reset(txn);
        pthread_mutex_lock(&l->readers_lock);
        if (l->reader_count < READERS_KEPT) {
            l->readers[l->reader_count++] = txn;
            txn = NULL;
        }
        pthread_mutex_unlock(&l->readers_lock);
        if (txn)
            mdb_txn_abort(txn);
    }
    pthread_rwlock_unlock(&l->map_lock);
}

static bool get(struct lmdb *l, MDB_txn *txn, enum table table, const void *key, size_t len, MDB_val *value)
{
    MDB_val k = {len, (void *)(uintptr_t)key};
    return txn && !mdb_get(txn, l->table[table], &k, value);
}

static bool copy(struct pool *p, arena_text from, arena_text *to)
{
    *to = pool_copy(p, from);
    return to->ptr != NULL;
}

bool lmdb_read_head(struct lmdb *l, MDB_txn *txn, uint64_t session, struct head *head, arena_text *record)
{
    uint8_t key[SESSION_KEY];
    MDB_val value;
    put_be(key, session, SESSION_KEY);
    return get(l, txn, SESSIONS, key, SESSION_KEY, &value) && head_read(value, head, record);
}

bool lmdb_record(struct store *s, uint64_t session, struct pool *p, arena_text *record)
{
    struct lmdb *l = (struct lmdb *)s;
    MDB_txn *txn = lmdb_read_begin(l);
    struct head head;
    arena_text bytes;
    bool found = lmdb_read_head(l, txn, session, &head, &bytes) && copy(p, bytes, record);
    lmdb_read_end(l, txn);
    return found;
}

bool lmdb_find(struct store *s, arena_text id_or_name, uint64_t *session)
{
    struct lmdb *l = (struct lmdb *)s;
    if (!id_or_name.len || id_or_name.len > 255)
        return false;
    MDB_txn *txn = lmdb_read_begin(l);
    MDB_val value;
    bool found = get(l, txn, IDS, id_or_name.ptr, id_or_name.len, &value) && value.mv_size == 8;
    if (found)
        *session = get_le(value.mv_data, 8);
    lmdb_read_end(l, txn);
    return found;
}

bool lmdb_answer(struct store *s, const uint8_t key[STORE_ANSWER_KEY], struct pool *p, arena_text *answer)
{
    struct lmdb *l = (struct lmdb *)s;
    MDB_txn *txn = lmdb_read_begin(l);
    MDB_val value;
    bool found = get(l, txn, ANSWERS, key, STORE_ANSWER_KEY, &value) && value.mv_size >= 16 &&
                 copy(p, (arena_text){(const char *)value.mv_data + 16, value.mv_size - 16}, answer);
    lmdb_read_end(l, txn);
    return found;
}

/* --- runs ------------------------------------------------------------------------------------------------- */

/* Items of a table of runs, from a number on.  They lie in the map. */
struct items {
    MDB_cursor *cursor;
    struct run_reader run;
    uint8_t prefix[SESSION_KEY + 1 + 4];
    size_t prefix_len;
    uint32_t from;
    bool live;
};

static bool open_run(struct items *it, MDB_cursor_op op)
{
    MDB_val key = {it->prefix_len + 4, it->prefix}, value;
    return !mdb_cursor_get(it->cursor, &key, &value, op) && key.mv_size == it->prefix_len + 4 &&
           !memcmp(key.mv_data, it->prefix, it->prefix_len) && run_open(&it->run, key, value);
}

static void items_open(struct items *it, struct lmdb *l, MDB_txn *txn, enum table table, uint32_t from)
{
    it->from = from;
    it->cursor = NULL;
    put_be(it->prefix + it->prefix_len, from, 4);
    it->live = txn && !mdb_cursor_open(txn, l->table[table], &it->cursor) && open_run(it, MDB_SET_RANGE);
}

static bool items_next(struct items *it, uint32_t *number, arena_text *bytes)
{
    while (it->live) {
        while (run_next(&it->run, number, bytes))
            if (*number >= it->from)
                return true;
        it->live = open_run(it, MDB_NEXT);
    }
    return false;
}

static void items_close(struct items *it)
{
    if (it->cursor)
        mdb_cursor_close(it->cursor);
}

uint32_t lmdb_messages(struct store *s, uint64_t session, uint8_t channel, uint32_t from, uint32_t end, struct pool *p,
                       struct store_message *out)
{
    struct lmdb *l = (struct lmdb *)s;
    MDB_txn *txn = lmdb_read_begin(l);
    struct items it = {.prefix_len = SESSION_KEY + 1};
    put_be(put_be(it.prefix, session, SESSION_KEY), channel, 1);
    items_open(&it, l, txn, MESSAGES, from);
    uint32_t number, count = 0;
    arena_text bytes;
    while (items_next(&it, &number, &bytes) && number < end) {
        out[count] = (struct store_message){channel, number, {0}};
        if (!copy(p, bytes, &out[count].bytes))
            break;
        count++;
    }
    items_close(&it);
    lmdb_read_end(l, txn);
    return count;
}

uint32_t lmdb_inputs(struct store *s, uint64_t session, uint32_t from, uint32_t max, struct pool *p, arena_text *out)
{
    struct lmdb *l = (struct lmdb *)s;
    MDB_txn *txn = lmdb_read_begin(l);
    struct items it = {.prefix_len = SESSION_KEY};
    put_be(it.prefix, session, SESSION_KEY);
    items_open(&it, l, txn, INPUTS, from);
    uint32_t number, count = 0;
    arena_text bytes;
    while (count < max && items_next(&it, &number, &bytes) && copy(p, bytes, &out[count]))
        count++;
    items_close(&it);
    lmdb_read_end(l, txn);
    return count;
}

/* --- walks ------------------------------------------------------------------------------------------------ */

struct wake {
    uint64_t session;
    int64_t wake_ms;
};

/* Some wake times from session `from` on. */
static size_t some_wakes(struct lmdb *l, uint64_t from, struct wake *out)
{
    MDB_txn *txn = lmdb_read_begin(l);
    MDB_cursor *cursor;
    uint8_t bytes[SESSION_KEY];
    size_t count = 0;
    put_be(bytes, from, SESSION_KEY);
    MDB_val key = {SESSION_KEY, bytes}, value;
    if (txn && !mdb_cursor_open(txn, l->table[WAKES], &cursor)) {
        int rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
        for (; !rc && count < WAKES_AT_ONCE; rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))
            if (key.mv_size == SESSION_KEY && value.mv_size == 8)
                out[count++] = (struct wake){get_be(key.mv_data, 8), (int64_t)get_le(value.mv_data, 8)};
        mdb_cursor_close(cursor);
    }
    lmdb_read_end(l, txn);
    return count;
}

/* In pieces, so that each is called outside of any transaction and may use the store. */
void lmdb_wakes(struct store *s, void (*each)(void *ctx, uint64_t session, int64_t wake_ms), void *ctx)
{
    struct wake some[WAKES_AT_ONCE];
    uint64_t from = 0;
    size_t count;
    do {
        count = some_wakes((struct lmdb *)s, from, some);
        for (size_t i = 0; i < count; i++)
            each(ctx, some[i].session, some[i].wake_ms);
        if (count)
            from = some[count - 1].session + 1;
    } while (count == WAKES_AT_ONCE);
}

/* Takes whole spans off the offset.  Returns the key to start from in LIST, without its scope. */
static uint64_t skip_spans(struct lmdb *l, MDB_txn *txn, const uint8_t *scope, size_t len, uint64_t *offset)
{
    uint8_t first[SCOPE_MAX + SPAN_KEY];
    MDB_val key = {len + SPAN_KEY, first}, value;
    MDB_cursor *cursor;
    uint64_t span = 0;
    put_be(put_bytes(first, scope, len), 0, SPAN_KEY);
    if (mdb_cursor_open(txn, l->table[COUNTS], &cursor))
        return 0;
    int rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    for (; !rc && key.mv_size == len + SPAN_KEY && !memcmp(key.mv_data, scope, len) && value.mv_size == 8;
         rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        uint64_t count = get_le(value.mv_data, 8);
        span = get_be((const uint8_t *)key.mv_data + len, SPAN_KEY);
        if (count > *offset)
            break;
        *offset -= count;
    }
    mdb_cursor_close(cursor);
    return span << SPAN_BITS;
}

static uint32_t list_page(struct lmdb *l, MDB_txn *txn, const uint8_t *scope, size_t len, uint64_t offset,
                          uint32_t limit, struct pool *p, arena_text *records)
{
    enum { FAR = 1000 };
    uint8_t from[SCOPE_MAX + LIST_TAIL];
    MDB_cursor *cursor;
    MDB_val key = {len + LIST_TAIL, from}, value;
    uint32_t count = 0;
    put_be(put_be(put_bytes(from, scope, len), offset > FAR ? skip_spans(l, txn, scope, len, &offset) : 0, 8), 0, 8);
    if (mdb_cursor_open(txn, l->table[LIST], &cursor))
        return 0;
    int rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    while (!rc && offset--)
        rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    while (!rc && count < limit && key.mv_size == len + 16 && !memcmp(key.mv_data, scope, len)) {
        struct head head;
        arena_text record;
        uint64_t session = ~get_be((const uint8_t *)key.mv_data + len + 8, 8);
        if (lmdb_read_head(l, txn, session, &head, &record) && !copy(p, record, &records[count++])) {
            count--;
            break;
        }
        rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    return count;
}

static uint64_t list_scope(struct lmdb *l, const uint8_t *scope, size_t len, uint64_t offset, uint32_t limit,
                           struct pool *p, arena_text *records, uint32_t *count)
{
    MDB_txn *txn = lmdb_read_begin(l);
    MDB_val value;
    uint64_t total = 0;
    *count = 0;
    if (get(l, txn, COUNTS, scope, len, &value) && value.mv_size == 8)
        total = get_le(value.mv_data, 8);
    if (offset < total && limit)
        *count = list_page(l, txn, scope, len, offset, limit, p, records);
    lmdb_read_end(l, txn);
    return total;
}

uint64_t lmdb_list(struct store *s, arena_text type, int status, uint64_t offset, uint32_t limit, struct pool *p,
                   arena_text *records, uint32_t *count)
{
    uint8_t scope[SCOPE_MAX];
    *count = 0;
    if (type.len > 255 || status > UINT8_MAX)
        return 0;
    return list_scope((struct lmdb *)s, scope, scope_key(scope, type, status), offset, limit, p, records, count);
}

uint64_t lmdb_tagged(struct store *s, arena_text tag, uint64_t offset, uint32_t limit, struct pool *p,
                     arena_text *records, uint32_t *count)
{
    uint8_t scope[SCOPE_MAX];
    *count = 0;
    if (tag.len > 255)
        return 0;
    return list_scope((struct lmdb *)s, scope, scope_tag(scope, tag), offset, limit, p, records, count);
}

static bool read_tags(struct lmdb *l, MDB_txn *txn, struct pool *p, struct store_session *out)
{
    uint8_t key[SESSION_KEY];
    MDB_val value;
    arena_text *tags = NULL;
    put_be(key, out->session, SESSION_KEY);
    if (!get(l, txn, TAGS, key, SESSION_KEY, &value))
        return true;
    bool good = tags_read(value, p, &out->end_number, &out->tag_count, &tags);
    out->tags = tags;
    return good;
}

static bool read_rows(struct lmdb *l, MDB_txn *txn, struct pool *p, struct store_session *out)
{
    struct store_row *rows = NULL;
    for (int pass = 0; pass < 2; pass++) { /* count, then copy */
        struct row_walk walk;
        arena_text key, bytes;
        uint32_t count = 0;
        row_walk_open(&walk, l, txn, out->session);
        for (; row_walk_next(&walk, &key, &bytes); count++)
            if (pass && !(copy(p, key, &rows[count].key) && copy(p, bytes, &rows[count].bytes)))
                break;
        row_walk_close(&walk);
        if (!pass && !(rows = pool_alloc(p, count * sizeof *rows)))
            return false;
        if (pass && count != out->row_count)
            return false;
        out->row_count = count;
    }
    out->rows = rows;
    return true;
}

static bool read_answers(struct lmdb *l, MDB_txn *txn, struct pool *p, struct store_session *out)
{
    enum { KEY = SESSION_KEY + STORE_ANSWER_KEY };
    MDB_cursor *cursor;
    uint8_t session[SESSION_KEY];
    put_be(session, out->session, SESSION_KEY);
    if (mdb_cursor_open(txn, l->table[OWNED], &cursor))
        return false;
    uint8_t(*keys)[STORE_ANSWER_KEY] = NULL;
    arena_text *answers = NULL;
    for (int pass = 0; pass < 2; pass++) { /* count, then copy */
        uint32_t count = 0;
        MDB_val key = {SESSION_KEY, session}, unused, value;
        int rc = mdb_cursor_get(cursor, &key, &unused, MDB_SET_RANGE);
        for (; !rc && key.mv_size == KEY && !memcmp(key.mv_data, session, SESSION_KEY);
             rc = mdb_cursor_get(cursor, &key, &unused, MDB_NEXT)) {
            const uint8_t *name = (const uint8_t *)key.mv_data + SESSION_KEY;
            if (!get(l, txn, ANSWERS, name, STORE_ANSWER_KEY, &value) || value.mv_size < 16 ||
                get_le(value.mv_data, 8) != out->session)
                continue;
            if (pass) {
                memcpy(keys[count], name, STORE_ANSWER_KEY);
                copy(p, (arena_text){(const char *)value.mv_data + 16, value.mv_size - 16}, &answers[count]);
            }
            count++;
        }
        if (!pass) {
            keys = pool_alloc(p, count * sizeof keys[0]);
            answers = pool_alloc(p, count * sizeof answers[0]);
        }
        out->answer_count = count;
        if (!keys || !answers)
            break;
    }
    mdb_cursor_close(cursor);
    out->answer_keys = (const uint8_t(*)[STORE_ANSWER_KEY])keys;
    out->answers = answers;
    return keys && answers;
}

bool lmdb_next(struct store *s, uint64_t after, struct pool *p, struct store_session *out)
{
    struct lmdb *l = (struct lmdb *)s;
    MDB_txn *txn = after < UINT64_MAX ? lmdb_read_begin(l) : NULL;
    MDB_cursor *cursor = NULL;
    struct head head;
    arena_text record, *names = NULL;
    uint8_t bytes[SESSION_KEY];
    *out = (struct store_session){0};
    put_be(bytes, after + 1, SESSION_KEY);
    MDB_val key = {SESSION_KEY, bytes}, value;
    bool found = txn && !mdb_cursor_open(txn, l->table[SESSIONS], &cursor) &&
                 !mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE) && key.mv_size == SESSION_KEY &&
                 head_read(value, &head, &record) && copy(p, record, &out->record);
    if (found) {
        out->session = get_be(key.mv_data, SESSION_KEY);
        out->status = head.status;
        out->created_ms = head.created_ms;
        out->wake_ms = head.wake_ms;
        found = get(l, txn, LABELS, key.mv_data, SESSION_KEY, &value) &&
                labels_read(value, p, &out->id, &out->type, &out->name_count, &names) && read_tags(l, txn, p, out) &&
                read_rows(l, txn, p, out) && read_answers(l, txn, p, out);
        out->names = names;
    }
    if (cursor)
        mdb_cursor_close(cursor);
    if (after < UINT64_MAX)
        lmdb_read_end(l, txn);
    return found;
}

void lmdb_table_counts(struct store *s, uint64_t counts[TABLES])
{
    struct lmdb *l = (struct lmdb *)s;
    MDB_txn *txn = lmdb_read_begin(l);
    MDB_stat stat;
    for (int t = 0; t < TABLES; t++)
        counts[t] = txn && !mdb_stat(txn, l->table[t], &stat) ? stat.ms_entries : 0;
    lmdb_read_end(l, txn);
}
