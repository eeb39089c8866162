/*
 * lmdb_ends.c - what the tables have of a session's end, and its rows.
 *
 * A session is folded when it has waited long enough, not when it ended, so a session can be in ENDS before one
 * that ended earlier.  Whoever reads the ends in pieces would miss the earlier one: so every end has the LSN of
 * its commit beside it, and what is newer than the settled commits is not shown yet.
 */
#include "store/lmdb.h"

#include "store/bytes.h"

enum { ROW_KEY_MAX = SESSION_KEY + 255, END_BYTES = 16, TAGS_HEAD = 8 };

/* --- changing --------------------------------------------------------------------------------------------- */

static int put_end(struct change *ch, const struct commit *c)
{
    uint8_t key[8], *out;
    put_be(key, c->end_number, 8);
    int rc = table_put(ch, ENDS, key, sizeof key, END_BYTES, &out);
    if (!rc)
        put_le(put_le(out, c->session, 8), c->lsn, 8);
    return rc;
}

static int put_tags(struct change *ch, const uint8_t *key, const struct commit *c)
{
    size_t size = TAGS_HEAD;
    for (uint32_t i = 0; i < c->tag_count; i++)
        size += 1 + c->tags[i].len;
    uint8_t *out;
    int rc = table_put(ch, TAGS, key, SESSION_KEY, size, &out);
    if (rc)
        return rc;
    out = put_le(out, c->end_number, TAGS_HEAD);
    for (uint32_t i = 0; i < c->tag_count; i++)
        out = put_label(out, c->tags[i]);
    return 0;
}

static int list_under(struct change *ch, uint64_t session, int64_t created_ms, const arena_text *tags, uint32_t count,
                      int by)
{
    int rc = 0;
    for (uint32_t i = 0; !rc && i < count; i++) {
        uint8_t key[SCOPE_MAX + LIST_TAIL];
        rc = scope_change(ch, key, scope_tag(key, tags[i]), session, created_ms, by);
    }
    return rc;
}

/* A session ends once: an end that comes after one is not looked at. */
int add_end(struct change *ch, const uint8_t *key, int64_t created_ms, const struct commit *commits, uint32_t count)
{
    const struct commit *c = commits;
    while (c < commits + count && !c->end_number)
        c++;
    if (c == commits + count)
        return 0;
    MDB_val tags;
    int rc = table_get(ch, TAGS, key, SESSION_KEY, &tags);
    if (rc != MDB_NOTFOUND)
        return rc;
    if ((rc = put_end(ch, c)) || (rc = put_tags(ch, key, c)))
        return rc;
    return list_under(ch, c->session, created_ms, c->tags, c->tag_count, 1);
}

int drop_end(struct change *ch, const uint8_t *key, uint64_t session, int64_t created_ms)
{
    MDB_val value;
    uint64_t number;
    uint32_t count;
    arena_text *tags;
    uint8_t end[8];
    int rc = table_get(ch, TAGS, key, SESSION_KEY, &value);
    if (rc)
        return rc == MDB_NOTFOUND ? 0 : rc;
    if (!tags_read(value, &ch->pool, &number, &count, &tags))
        return MDB_CORRUPTED;
    put_be(end, number, sizeof end);
    rc = table_get(ch, ENDS, end, sizeof end, &value);
    if (!rc && value.mv_size == END_BYTES && get_le(value.mv_data, 8) == session)
        rc = table_drop(ch, ENDS, end, sizeof end);
    if (rc && rc != MDB_NOTFOUND)
        return rc;
    rc = list_under(ch, session, created_ms, tags, count, -1);
    return rc ? rc : table_drop(ch, TAGS, key, SESSION_KEY);
}

static int change_row(struct change *ch, uint8_t *key, const struct store_row *row)
{
    uint8_t *out;
    size_t len = (size_t)(put_bytes(key + SESSION_KEY, row->key.ptr, row->key.len) - key);
    if (!row->bytes.len)
        return table_drop(ch, ROWS, key, len);
    int rc = table_put(ch, ROWS, key, len, row->bytes.len, &out);
    if (!rc)
        put_bytes(out, row->bytes.ptr, row->bytes.len);
    return rc;
}

int change_rows(struct change *ch, const uint8_t *session, const struct commit *commits, uint32_t count)
{
    uint8_t key[ROW_KEY_MAX];
    int rc = 0;
    put_bytes(key, session, SESSION_KEY);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; !rc && k < commits[i].row_count; k++)
            rc = change_row(ch, key, &commits[i].rows[k]);
    return rc;
}

/* --- reading ---------------------------------------------------------------------------------------------- */

bool tags_read(MDB_val value, struct pool *pool, uint64_t *end_number, uint32_t *count, arena_text **tags)
{
    if (value.mv_size < TAGS_HEAD)
        return false;
    *end_number = get_le(value.mv_data, TAGS_HEAD);
    return label_list((const uint8_t *)value.mv_data + TAGS_HEAD, value.mv_size - TAGS_HEAD, pool, count, tags);
}

static bool read_end(struct lmdb *l, MDB_txn *txn, MDB_val key, MDB_val value, struct pool *p, struct store_end *out)
{
    struct head head;
    arena_text record;
    *out = (struct store_end){.end_number = get_be(key.mv_data, 8), .session = get_le(value.mv_data, 8)};
    if (!lmdb_read_head(l, txn, out->session, &head, &record))
        return false;
    out->record = pool_copy(p, record);
    return out->record.ptr != NULL;
}

uint32_t lmdb_ends(struct store *s, uint64_t after, uint32_t max, struct pool *p, struct store_end *out)
{
    struct lmdb *l = (struct lmdb *)s;
    uint64_t settled = lmdb_settled(s); /* before the transaction, which then sees all of it */
    MDB_txn *txn = lmdb_read_begin(l);
    MDB_cursor *cursor;
    uint8_t bytes[8];
    uint32_t count = 0;
    put_be(bytes, after + 1, sizeof bytes);
    MDB_val key = {sizeof bytes, bytes}, value;
    if (txn && after < UINT64_MAX && !mdb_cursor_open(txn, l->table[ENDS], &cursor)) {
        int rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
        for (; !rc && count < max; rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
            if (key.mv_size != 8 || value.mv_size != END_BYTES || get_le((uint8_t *)value.mv_data + 8, 8) > settled)
                break;
            count += read_end(l, txn, key, value, p, &out[count]);
        }
        mdb_cursor_close(cursor);
    }
    lmdb_read_end(l, txn);
    return count;
}

/* Goes over the rows of one session, in the order of their keys. */
bool row_walk_next(struct row_walk *walk, arena_text *name, arena_text *bytes)
{
    MDB_val key = {SESSION_KEY, walk->session}, value;
    MDB_cursor_op op = walk->started ? MDB_NEXT : MDB_SET_RANGE;
    walk->started = true;
    if (!walk->cursor || mdb_cursor_get(walk->cursor, &key, &value, op) || key.mv_size < SESSION_KEY ||
        memcmp(key.mv_data, walk->session, SESSION_KEY) != 0)
        return false;
    *name = (arena_text){(const char *)key.mv_data + SESSION_KEY, key.mv_size - SESSION_KEY};
    *bytes = (arena_text){value.mv_data, value.mv_size};
    return true;
}

void row_walk_open(struct row_walk *walk, struct lmdb *l, MDB_txn *txn, uint64_t session)
{
    *walk = (struct row_walk){0};
    put_be(walk->session, session, SESSION_KEY);
    if (!txn || mdb_cursor_open(txn, l->table[ROWS], &walk->cursor))
        walk->cursor = NULL;
}

void row_walk_close(struct row_walk *walk)
{
    if (walk->cursor)
        mdb_cursor_close(walk->cursor);
}

void lmdb_rows(struct store *s, uint64_t session, void (*each)(void *ctx, arena_text key, arena_text bytes), void *ctx)
{
    struct lmdb *l = (struct lmdb *)s;
    struct row_walk walk;
    arena_text key, bytes;
    MDB_txn *txn = lmdb_read_begin(l);
    row_walk_open(&walk, l, txn, session);
    while (row_walk_next(&walk, &key, &bytes))
        each(ctx, key, bytes);
    row_walk_close(&walk);
    lmdb_read_end(l, txn);
}
