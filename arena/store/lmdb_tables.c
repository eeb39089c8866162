/*
 * lmdb_tables.c - how the tables' keys and values look, and one session's change to them.
 *
 * Every change can be made twice: after a crash the log is folded again from its start, and what is in the
 * tables already is known by the LSN in the session's head.
 */
#include "store/lmdb.h"

#include "store/bytes.h"

enum { OWNED_KEY = 8 + STORE_ANSWER_KEY, ANSWER_HEAD = 16 };

void tables_begin(struct change *ch, struct lmdb *l, MDB_txn *txn)
{
    *ch = (struct change){.l = l, .txn = txn};
    pool_init(&ch->pool, 0);
}

void tables_end(struct change *ch)
{
    for (int t = 0; t < TABLES; t++)
        if (ch->cursors[t])
            mdb_cursor_close(ch->cursors[t]);
    pool_finish(&ch->pool);
}

/* One cursor per table for a whole slice: a key near the last one is found without starting at the root. */
static int cursor(struct change *ch, enum table table, MDB_cursor **out)
{
    int rc = 0;
    if (!ch->cursors[table])
        rc = mdb_cursor_open(ch->txn, ch->l->table[table], &ch->cursors[table]);
    *out = ch->cursors[table];
    return rc;
}

int table_get(struct change *ch, enum table table, const void *key, size_t len, MDB_val *value)
{
    MDB_cursor *c;
    MDB_val k = {len, (void *)(uintptr_t)key};
    int rc = cursor(ch, table, &c);
    return rc ? rc : mdb_cursor_get(c, &k, value, MDB_SET_KEY);
}

int table_put(struct change *ch, enum table table, const void *key, size_t len, size_t size, uint8_t **out)
{
    MDB_cursor *c;
    MDB_val k = {len, (void *)(uintptr_t)key}, v = {size, NULL};
    int rc = cursor(ch, table, &c);
    if (!rc)
        rc = mdb_cursor_put(c, &k, &v, MDB_RESERVE);
    *out = v.mv_data;
    return rc;
}

int table_put_number(struct change *ch, enum table table, const void *key, size_t len, uint64_t number)
{
    uint8_t *out;
    int rc = table_put(ch, table, key, len, 8, &out);
    if (!rc)
        put_le(out, number, 8);
    return rc;
}

int table_drop(struct change *ch, enum table table, const void *key, size_t len)
{
    MDB_val value;
    int rc = table_get(ch, table, key, len, &value);
    if (!rc)
        rc = mdb_cursor_del(ch->cursors[table], 0);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/* The first key that starts with prefix. */
static int first_with(struct change *ch, enum table table, const void *prefix, size_t len, MDB_val *key)
{
    MDB_cursor *c;
    MDB_val value;
    int rc = cursor(ch, table, &c);
    *key = (MDB_val){len, (void *)(uintptr_t)prefix};
    if (!rc)
        rc = mdb_cursor_get(c, key, &value, MDB_SET_RANGE);
    if (!rc && (key->mv_size < len || memcmp(key->mv_data, prefix, len) != 0))
        rc = MDB_NOTFOUND;
    return rc;
}

int table_drop_all(struct change *ch, enum table table, const void *prefix, size_t len)
{
    MDB_val key;
    int rc;
    while (!(rc = first_with(ch, table, prefix, len, &key)))
        if ((rc = mdb_cursor_del(ch->cursors[table], 0)))
            return rc;
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/* --- values ---------------------------------------------------------------------------------------------- */

bool head_read(MDB_val value, struct head *head, arena_text *record)
{
    const uint8_t *in = value.mv_data;
    if (value.mv_size < HEAD_BYTES)
        return false;
    *head = (struct head){get_le(in, 8), (int64_t)get_le(in + 8, 8), (int64_t)get_le(in + 16, 8), in[24]};
    *record = (arena_text){(const char *)in + HEAD_BYTES, value.mv_size - HEAD_BYTES};
    return true;
}

static int put_head(struct change *ch, const uint8_t *key, const struct commit *c)
{
    uint8_t *out;
    int rc = table_put(ch, SESSIONS, key, SESSION_KEY, HEAD_BYTES + c->record.len, &out);
    if (rc)
        return rc;
    out = put_le(out, c->lsn, 8);
    out = put_le(out, (uint64_t)c->created_ms, 8);
    out = put_le(out, (uint64_t)c->wake_ms, 8);
    out = put_le(out, c->status, 8);
    put_bytes(out, c->record.ptr, c->record.len);
    return 0;
}

uint8_t *put_label(uint8_t *out, arena_text text)
{
    return put_bytes(put_le(out, text.len, 1), text.ptr, text.len);
}

static int put_labels(struct change *ch, const uint8_t *key, const struct commit *c)
{
    size_t size = 1 + c->id.len + 1 + c->type.len;
    for (uint32_t i = 0; i < c->name_count; i++)
        size += 1 + c->names[i].len;
    uint8_t *out;
    int rc = table_put(ch, LABELS, key, SESSION_KEY, size, &out);
    if (rc)
        return rc;
    out = put_label(put_label(out, c->id), c->type);
    for (uint32_t i = 0; i < c->name_count; i++)
        out = put_label(out, c->names[i]);
    return 0;
}

static bool take_label(const uint8_t **at, size_t *left, struct pool *pool, arena_text *text)
{
    if (!*left || *left - 1 < **at)
        return false;
    *text = pool_copy(pool, (arena_text){(const char *)*at + 1, **at});
    *left -= text->len + 1;
    *at += text->len + 1;
    return text->ptr != NULL;
}

bool label_list(const uint8_t *at, size_t left, struct pool *pool, uint32_t *count, arena_text **list)
{
    uint32_t labels = 0;
    for (size_t used = 0; used < left; used += 1u + at[used])
        labels++;
    *count = labels;
    *list = pool_alloc(pool, (labels + 1) * sizeof **list);
    for (uint32_t i = 0; i < labels; i++)
        if (!*list || !take_label(&at, &left, pool, &(*list)[i]))
            return false;
    return *list != NULL;
}

bool labels_read(MDB_val value, struct pool *pool, arena_text *id, arena_text *type, uint32_t *name_count,
                 arena_text **names)
{
    const uint8_t *at = value.mv_data;
    size_t left = value.mv_size;
    if (!take_label(&at, &left, pool, id) || !take_label(&at, &left, pool, type))
        return false;
    return label_list(at, left, pool, name_count, names);
}

/* --- what a session is found by --------------------------------------------------------------------------- */

/* A name that a younger session has is that session's, whatever order they are folded in. */
static int add_name(struct change *ch, arena_text name, uint64_t session)
{
    MDB_val value;
    if (!name.len)
        return 0;
    int rc = table_get(ch, IDS, name.ptr, name.len, &value);
    if (!rc && value.mv_size == 8 && get_le(value.mv_data, 8) > session)
        return 0;
    return rc && rc != MDB_NOTFOUND ? rc : table_put_number(ch, IDS, name.ptr, name.len, session);
}

static int drop_name(struct change *ch, arena_text name, uint64_t session)
{
    MDB_val value;
    int rc = name.len ? table_get(ch, IDS, name.ptr, name.len, &value) : MDB_NOTFOUND;
    if (!rc && value.mv_size == 8 && get_le(value.mv_data, 8) == session)
        rc = mdb_cursor_del(ch->cursors[IDS], 0);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/* A scope is what a list is filtered by: nothing, a status, a type, or both; or a tag. */
size_t scope_key(uint8_t *out, arena_text type, int status)
{
    uint8_t *at = put_le(out, (type.len ? 1u : 0u) | (status >= 0 ? 2u : 0u), 1);
    if (type.len)
        at = put_label(at, type);
    if (status >= 0)
        at = put_le(at, (uint64_t)status, 1);
    return (size_t)(at - out);
}

size_t scope_tag(uint8_t *out, arena_text tag)
{
    return (size_t)(put_label(put_le(out, 4, 1), tag) - out);
}

static int count_in(struct change *ch, const uint8_t *scope, size_t len, int by)
{
    MDB_val value;
    int rc = table_get(ch, COUNTS, scope, len, &value);
    if (rc && rc != MDB_NOTFOUND)
        return rc;
    uint64_t now = rc ? 0 : get_le(value.mv_data, 8);
    now += (uint64_t)(int64_t)by;
    return now ? table_put_number(ch, COUNTS, scope, len, now) : table_drop(ch, COUNTS, scope, len);
}

/* key: of LIST. */
static int count_span(struct change *ch, const uint8_t *key, size_t scope, int by)
{
    uint8_t span[SCOPE_MAX + SPAN_KEY];
    put_be(put_bytes(span, key, scope), get_be(key + scope, 8) >> SPAN_BITS, SPAN_KEY);
    return count_in(ch, span, scope + SPAN_KEY, by);
}

int scope_change(struct change *ch, uint8_t *key, size_t scope, uint64_t session, int64_t created_ms, int by)
{
    uint8_t *unused;
    put_be(key + scope, ~((uint64_t)created_ms ^ UINT64_C(1) << 63), 8);
    put_be(key + scope + 8, ~session, 8);
    int rc =
        by > 0 ? table_put(ch, LIST, key, scope + LIST_TAIL, 0, &unused) : table_drop(ch, LIST, key, scope + LIST_TAIL);
    if (!rc)
        rc = count_in(ch, key, scope, by);
    return rc ? rc : count_span(ch, key, scope, by);
}

/* LIST holds every scope in order, so each span of it comes in one piece. */
int spans_make(struct lmdb *l, MDB_txn *txn)
{
    struct change ch;
    MDB_cursor *list;
    MDB_val key, value;
    int rc = mdb_cursor_open(txn, l->table[LIST], &list);
    if (rc)
        return rc;
    tables_begin(&ch, l, txn);
    while (!rc && !(rc = mdb_cursor_get(list, &key, &value, MDB_NEXT)))
        if (key.mv_size > LIST_TAIL && key.mv_size <= SCOPE_MAX + LIST_TAIL)
            rc = count_span(&ch, key.mv_data, key.mv_size - LIST_TAIL, 1);
    tables_end(&ch);
    mdb_cursor_close(list);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/* Enters (by = 1) a session into its scopes or takes it out (by = -1).  with_status alone: those with a status.
 */
static int list_in(struct change *ch, uint64_t session, arena_text type, const struct head *head, int by,
                   bool with_status_alone)
{
    int rc = 0;
    for (int i = with_status_alone ? 2 : 0; !rc && type.len && i < SCOPES; i++) {
        uint8_t key[SCOPE_MAX + LIST_TAIL];
        size_t scope = scope_key(key, i & 1 ? type : (arena_text){0}, i & 2 ? head->status : -1);
        rc = scope_change(ch, key, scope, session, head->created_ms, by);
    }
    return rc;
}

static int add_answer(struct change *ch, const uint8_t *session_key, const struct commit *c)
{
    uint8_t owned[OWNED_KEY], *out;
    MDB_val value;
    if (!c->answer.len)
        return 0;
    int rc = table_get(ch, ANSWERS, c->answer_key, STORE_ANSWER_KEY, &value);
    if (!rc && value.mv_size >= ANSWER_HEAD && get_le((uint8_t *)value.mv_data + 8, 8) > c->lsn)
        return 0;
    if (rc && rc != MDB_NOTFOUND)
        return rc;
    rc = table_put(ch, ANSWERS, c->answer_key, STORE_ANSWER_KEY, ANSWER_HEAD + c->answer.len, &out);
    if (rc)
        return rc;
    put_bytes(put_le(put_le(out, c->session, 8), c->lsn, 8), c->answer.ptr, c->answer.len);
    put_bytes(put_bytes(owned, session_key, SESSION_KEY), c->answer_key, STORE_ANSWER_KEY);
    return table_put(ch, OWNED, owned, OWNED_KEY, 0, &out);
}

static int drop_answers(struct change *ch, const uint8_t *session_key, uint64_t session)
{
    MDB_val key, value;
    int rc;
    while (!(rc = first_with(ch, OWNED, session_key, SESSION_KEY, &key))) {
        uint8_t answer[STORE_ANSWER_KEY] = {0};
        if (key.mv_size == OWNED_KEY)
            memcpy(answer, (uint8_t *)key.mv_data + SESSION_KEY, STORE_ANSWER_KEY);
        if ((rc = mdb_cursor_del(ch->cursors[OWNED], 0)))
            return rc;
        rc = table_get(ch, ANSWERS, answer, STORE_ANSWER_KEY, &value);
        if (!rc && value.mv_size >= ANSWER_HEAD && get_le(value.mv_data, 8) == session)
            rc = mdb_cursor_del(ch->cursors[ANSWERS], 0);
        if (rc && rc != MDB_NOTFOUND)
            return rc;
    }
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/* --- one session ------------------------------------------------------------------------------------------ */

static int erase(struct change *ch, const uint8_t *key, uint64_t session, const struct head *head)
{
    arena_text id, type, *names;
    uint32_t name_count;
    MDB_val labels;
    int rc = table_get(ch, LABELS, key, SESSION_KEY, &labels);
    if (rc || !labels_read(labels, &ch->pool, &id, &type, &name_count, &names))
        return rc ? rc : MDB_CORRUPTED;
    if ((rc = drop_name(ch, id, session)))
        return rc;
    for (uint32_t i = 0; i < name_count; i++)
        if ((rc = drop_name(ch, names[i], session)))
            return rc;
    if ((rc = list_in(ch, session, type, head, -1, false)) || (rc = drop_end(ch, key, session, head->created_ms)) ||
        (rc = table_drop_all(ch, ROWS, key, SESSION_KEY)) || (rc = drop_answers(ch, key, session)) ||
        (rc = table_drop_all(ch, MESSAGES, key, SESSION_KEY)) || (rc = table_drop_all(ch, INPUTS, key, SESSION_KEY)) ||
        (rc = table_drop(ch, WAKES, key, SESSION_KEY)) || (rc = table_drop(ch, LABELS, key, SESSION_KEY)))
        return rc;
    return table_drop(ch, SESSIONS, key, SESSION_KEY);
}

static int create(struct change *ch, const uint8_t *key, const struct commit *c)
{
    int rc = put_labels(ch, key, c);
    if (!rc)
        rc = add_name(ch, c->id, c->session);
    for (uint32_t i = 0; !rc && i < c->name_count; i++)
        rc = add_name(ch, c->names[i], c->session);
    return rc;
}

/* The lists and the wake time as the newest commit wants them; old is NULL for a new session. */
static int change_indexes(struct change *ch, const uint8_t *key, const struct head *old, const struct commit *c)
{
    struct head now = {.created_ms = c->created_ms, .status = c->status};
    int rc = 0;
    if (!old) {
        rc = list_in(ch, c->session, c->type, &now, 1, false);
    } else if (old->status != c->status) {
        now.created_ms = old->created_ms;
        rc = list_in(ch, c->session, c->type, old, -1, true);
        if (!rc)
            rc = list_in(ch, c->session, c->type, &now, 1, true);
    }
    if (rc || c->wake_ms == (old ? old->wake_ms : 0))
        return rc;
    return c->wake_ms ? table_put_number(ch, WAKES, key, SESSION_KEY, (uint64_t)c->wake_ms)
                      : table_drop(ch, WAKES, key, SESSION_KEY);
}

static int apply(struct change *ch, const uint8_t *key, const struct head *old, const struct commit *commits,
                 uint32_t count)
{
    int rc = old ? 0 : create(ch, key, &commits[0]);
    for (uint8_t channel = 0; !rc && channel < STORE_CHANNELS; channel++)
        rc = add_messages(ch, key, channel, commits, count);
    if (!rc)
        rc = add_inputs(ch, key, commits, count);
    for (uint32_t i = 0; !rc && i < count; i++)
        rc = add_answer(ch, key, &commits[i]);
    if (!rc)
        rc = add_end(ch, key, old ? old->created_ms : commits[count - 1].created_ms, commits, count);
    if (!rc)
        rc = change_rows(ch, key, commits, count);
    if (!rc)
        rc = change_indexes(ch, key, old, &commits[count - 1]);
    return rc ? rc : put_head(ch, key, &commits[count - 1]);
}

int change_session(struct change *ch, uint64_t session, const struct commit *commits, uint32_t count)
{
    uint8_t key[SESSION_KEY];
    struct head head;
    arena_text record;
    MDB_val value;
    put_be(key, session, SESSION_KEY);
    if (session > ch->last_session)
        ch->last_session = session;
    for (uint32_t i = 0; i < count; i++)
        if (commits[i].end_number > ch->last_end)
            ch->last_end = commits[i].end_number;
    int rc = table_get(ch, SESSIONS, key, SESSION_KEY, &value);
    bool exists = !rc;
    if (rc && rc != MDB_NOTFOUND)
        return rc;
    if (exists && !head_read(value, &head, &record))
        return MDB_CORRUPTED;
    for (; exists && count && commits->lsn <= head.lsn; commits++)
        count--;
    uint32_t erased = count;
    while (erased && !commits[erased - 1].erase)
        erased--;
    if (erased && exists) {
        if ((rc = erase(ch, key, session, &head)))
            return rc;
        exists = false;
    }
    return erased == count ? 0 : apply(ch, key, exists ? &head : NULL, commits + erased, count - erased);
}
