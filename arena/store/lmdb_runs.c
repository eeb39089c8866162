/*
 * lmdb_runs.c - messages and inputs in the tables.
 *
 * They lie in runs: what was folded together is one value, so ten commits with three messages each cost one
 * write and not thirty.  The key ends with the number of the run's last item: the first key that is not below
 * (session, channel, n) belongs to the run that holds n.
 */
#include "store/lmdb.h"

#include "store/bytes.h"

enum { RUN_BYTES = 16 * 1024 };

struct item {
    uint32_t number;
    arena_text bytes;
};

bool run_open(struct run_reader *run, MDB_val key, MDB_val value)
{
    const uint8_t *in = value.mv_data;
    if (value.mv_size < 4 || key.mv_size < 4)
        return false;
    uint32_t last = (uint32_t)get_be((const uint8_t *)key.mv_data + key.mv_size - 4, 4);
    uint32_t count = (uint32_t)get_le(in, 4);
    if (!count || count > (value.mv_size - 4) / 4 || count - 1 > last)
        return false;
    *run = (struct run_reader){last - (count - 1), count, in + 4, in + 4 + 4 * (size_t)count,
                               value.mv_size - 4 - 4 * (size_t)count};
    return true;
}

bool run_next(struct run_reader *run, uint32_t *number, arena_text *bytes)
{
    if (!run->count)
        return false;
    size_t len = (size_t)get_le(run->lengths, 4);
    if (len > run->left)
        return false;
    *number = run->first++;
    *bytes = (arena_text){(const char *)run->bytes, len};
    run->count--;
    run->lengths += 4;
    run->bytes += len;
    run->left -= len;
    return true;
}

static int put_run(struct change *ch, enum table table, uint8_t *key, size_t prefix, const struct item *items,
                   uint32_t count, size_t bytes)
{
    uint8_t *out;
    put_be(key + prefix, items[count - 1].number, 4);
    int rc = table_put(ch, table, key, prefix + 4, 4 + 4 * (size_t)count + bytes, &out);
    if (rc)
        return rc;
    out = put_le(out, count, 4);
    for (uint32_t i = 0; i < count; i++)
        out = put_le(out, items[i].bytes.len, 4);
    for (uint32_t i = 0; i < count; i++)
        out = put_bytes(out, items[i].bytes.ptr, items[i].bytes.len);
    return 0;
}

/* key has room for 4 bytes more behind the prefix. */
static int put_runs(struct change *ch, enum table table, uint8_t *key, size_t prefix, const struct item *items,
                    uint32_t count)
{
    uint32_t from = 0;
    while (from < count) {
        size_t bytes = items[from].bytes.len;
        uint32_t to = from + 1;
        while (to < count && items[to].number == items[to - 1].number + 1 && bytes + items[to].bytes.len <= RUN_BYTES)
            bytes += items[to++].bytes.len;
        int rc = put_run(ch, table, key, prefix, items + from, to - from, bytes);
        if (rc)
            return rc;
        from = to;
    }
    return 0;
}

int add_messages(struct change *ch, const uint8_t *session, uint8_t channel, const struct commit *commits,
                 uint32_t count)
{
    uint8_t key[SESSION_KEY + 1 + 4];
    put_le(put_bytes(key, session, SESSION_KEY), channel, 1);
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += commits[i].message_count;
    struct item *items = pool_alloc(&ch->pool, total * sizeof *items);
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < commits[i].message_count; k++) {
            const struct store_message *m = &commits[i].messages[k];
            if (m->channel == channel)
                items[used++] = (struct item){m->index, m->bytes};
        }
    return put_runs(ch, MESSAGES, key, SESSION_KEY + 1, items, used);
}

int add_inputs(struct change *ch, const uint8_t *session, const struct commit *commits, uint32_t count)
{
    uint8_t key[SESSION_KEY + 4];
    put_bytes(key, session, SESSION_KEY);
    struct item *items = pool_alloc(&ch->pool, count * sizeof *items);
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++)
        if (commits[i].input.len)
            items[used++] = (struct item){commits[i].input_number, commits[i].input};
    return put_runs(ch, INPUTS, key, SESSION_KEY, items, used);
}
