#include "store/log.h"

#include "store/bytes.h"

enum { FIXED = 84, NAME_HEAD = 2, MESSAGE_HEAD = 9, MORE_HEAD = 16, ROW_HEAD = 6 };
enum { FLAG_ERASE = 1, FLAG_MORE = 2 };

static const uint64_t SIZE_LIMIT = UINT64_C(1) << 30;

static bool has_more(const struct commit *c)
{
    return !c->erase && (c->end_number || c->row_count);
}

/* Of the section behind the messages. */
static uint64_t more_size(const struct commit *c)
{
    uint64_t size = MORE_HEAD;
    for (uint32_t i = 0; i < c->tag_count; i++)
        size += NAME_HEAD + (uint64_t)c->tags[i].len;
    for (uint32_t i = 0; i < c->row_count; i++)
        size += ROW_HEAD + (uint64_t)c->rows[i].key.len + c->rows[i].bytes.len;
    return size;
}

/* The size in 64 bits, so that a hostile sum cannot wrap. */
static uint64_t full_size(const struct commit *c)
{
    uint64_t size = FIXED;
    if (c->erase)
        return size;
    size += (uint64_t)c->id.len + c->type.len + c->record.len + c->input.len + c->answer.len;
    for (uint32_t i = 0; i < c->name_count; i++)
        size += NAME_HEAD + (uint64_t)c->names[i].len;
    for (uint32_t i = 0; i < c->message_count; i++)
        size += MESSAGE_HEAD + (uint64_t)c->messages[i].bytes.len;
    return has_more(c) ? size + more_size(c) : size;
}

static bool tags_can_be_kept(const struct commit *c)
{
    if (c->tag_count > (c->end_number ? LOG_TAGS_MAX : 0))
        return false;
    for (uint32_t i = 0; i < c->tag_count; i++) {
        arena_text tag = c->tags[i];
        if (tag.len > LOG_NAME_MAX)
            return false;
        for (uint32_t k = 0; k < i; k++)
            if (c->tags[k].len == tag.len && (!tag.len || !memcmp(c->tags[k].ptr, tag.ptr, tag.len)))
                return false;
    }
    return true;
}

bool log_can_keep(const struct commit *c)
{
    if (!c->session)
        return false;
    if (c->erase)
        return true;
    if (c->id.len > LOG_NAME_MAX || c->type.len > LOG_NAME_MAX || c->record.len > SIZE_LIMIT ||
        c->input.len > SIZE_LIMIT || c->answer.len > SIZE_LIMIT)
        return false;
    for (uint32_t i = 0; i < c->name_count; i++)
        if (c->names[i].len > LOG_NAME_MAX)
            return false;
    for (uint32_t i = 0; i < c->message_count; i++)
        if (c->messages[i].channel >= STORE_CHANNELS || c->messages[i].bytes.len > SIZE_LIMIT)
            return false;
    for (uint32_t i = 0; i < c->row_count; i++)
        if (c->rows[i].key.len > LOG_NAME_MAX || c->rows[i].bytes.len > SIZE_LIMIT)
            return false;
    return tags_can_be_kept(c) && full_size(c) <= SIZE_LIMIT;
}

size_t log_size(const struct commit *c)
{
    return (size_t)full_size(c);
}

static void write_fixed(const struct commit *c, uint8_t *out)
{
    struct commit gone = {.session = c->session, .lsn = c->lsn, .erase = true};
    uint64_t size = full_size(c);
    if (c->erase)
        c = &gone;
    out = put_le(out, size, 4);
    out = put_le(out, (c->erase ? FLAG_ERASE : 0u) | (has_more(c) ? FLAG_MORE : 0u), 1);
    out = put_le(out, c->status, 1);
    out = put_le(out, c->id.len, 2);
    out = put_le(out, c->lsn, 8);
    out = put_le(out, c->session, 8);
    out = put_le(out, (uint64_t)c->created_ms, 8);
    out = put_le(out, (uint64_t)c->wake_ms, 8);
    out = put_le(out, c->type.len, 2);
    out = put_le(out, 0, 2);
    out = put_le(out, c->record.len, 4);
    out = put_le(out, c->name_count, 4);
    out = put_le(out, c->message_count, 4);
    out = put_le(out, c->input_number, 4);
    out = put_le(out, c->input.len, 4);
    out = put_le(out, c->answer.len, 4);
    put_bytes(out, c->answer_key, STORE_ANSWER_KEY);
}

static uint8_t *write_name(uint8_t *out, arena_text name)
{
    return put_bytes(put_le(out, name.len, NAME_HEAD), name.ptr, name.len);
}

static void write_more(const struct commit *c, uint8_t *out)
{
    out = put_le(out, c->end_number, 8);
    out = put_le(out, c->tag_count, 4);
    out = put_le(out, c->row_count, 4);
    for (uint32_t i = 0; i < c->tag_count; i++)
        out = write_name(out, c->tags[i]);
    for (uint32_t i = 0; i < c->row_count; i++) {
        const struct store_row *row = &c->rows[i];
        out = put_le(out, row->key.len, 2);
        out = put_le(out, row->bytes.len, 4);
        out = put_bytes(out, row->key.ptr, row->key.len);
        out = put_bytes(out, row->bytes.ptr, row->bytes.len);
    }
}

void log_write(const struct commit *c, uint8_t *out)
{
    write_fixed(c, out);
    out += FIXED;
    if (c->erase)
        return;
    out = put_bytes(out, c->id.ptr, c->id.len);
    out = put_bytes(out, c->type.ptr, c->type.len);
    out = put_bytes(out, c->record.ptr, c->record.len);
    out = put_bytes(out, c->input.ptr, c->input.len);
    out = put_bytes(out, c->answer.ptr, c->answer.len);
    for (uint32_t i = 0; i < c->name_count; i++)
        out = write_name(out, c->names[i]);
    for (uint32_t i = 0; i < c->message_count; i++) {
        const struct store_message *m = &c->messages[i];
        out = put_le(out, m->channel, 1);
        out = put_le(out, m->index, 4);
        out = put_le(out, m->bytes.len, 4);
        out = put_bytes(out, m->bytes.ptr, m->bytes.len);
    }
    if (has_more(c))
        write_more(c, out);
}

bool log_peek(const uint8_t *bytes, size_t len, uint32_t *size, uint64_t *lsn, uint64_t *session)
{
    if (len < FIXED)
        return false;
    *size = (uint32_t)get_le(bytes, 4);
    *lsn = get_le(bytes + 8, 8);
    *session = get_le(bytes + 16, 8);
    return *size >= FIXED && *size <= len;
}

/* What is left to read of a record. */
struct rest {
    const uint8_t *at;
    size_t len;
    bool ok;
};

static arena_text take_text(struct rest *rest, uint64_t len)
{
    if (!rest->ok || len > rest->len) {
        rest->ok = false;
        return (arena_text){NULL, 0};
    }
    arena_text text = {(const char *)rest->at, (size_t)len};
    rest->at += len;
    rest->len -= (size_t)len;
    return text;
}

static uint64_t take_number(struct rest *rest, size_t bytes)
{
    arena_text text = take_text(rest, bytes);
    return text.ptr ? get_le((const uint8_t *)text.ptr, bytes) : 0;
}

static const arena_text *read_names(struct rest *rest, struct pool *pool, uint32_t count)
{
    if (count > rest->len / NAME_HEAD) {
        rest->ok = false;
        return NULL;
    }
    arena_text *names = pool_alloc(pool, count * sizeof *names);
    for (uint32_t i = 0; i < count; i++)
        names[i] = take_text(rest, take_number(rest, NAME_HEAD));
    return names;
}

static void read_messages(struct rest *rest, struct pool *pool, struct commit *c)
{
    if (c->message_count > rest->len / MESSAGE_HEAD) {
        rest->ok = false;
        return;
    }
    struct store_message *messages = pool_alloc(pool, c->message_count * sizeof *messages);
    for (uint32_t i = 0; i < c->message_count; i++) {
        messages[i].channel = (uint8_t)take_number(rest, 1);
        messages[i].index = (uint32_t)take_number(rest, 4);
        messages[i].bytes = take_text(rest, take_number(rest, 4));
    }
    c->messages = messages;
}

static void read_rows(struct rest *rest, struct pool *pool, struct commit *c)
{
    if (c->row_count > rest->len / ROW_HEAD) {
        rest->ok = false;
        return;
    }
    struct store_row *rows = pool_alloc(pool, c->row_count * sizeof *rows);
    for (uint32_t i = 0; i < c->row_count; i++) {
        uint64_t key_len = take_number(rest, 2), len = take_number(rest, 4);
        rows[i].key = take_text(rest, key_len);
        rows[i].bytes = take_text(rest, len);
    }
    c->rows = rows;
}

static void read_more(struct rest *rest, struct pool *pool, struct commit *c)
{
    c->end_number = take_number(rest, 8);
    c->tag_count = (uint32_t)take_number(rest, 4);
    c->row_count = (uint32_t)take_number(rest, 4);
    c->tags = read_names(rest, pool, c->tag_count);
    read_rows(rest, pool, c);
}

bool log_read(const uint8_t *bytes, size_t len, struct pool *pool, struct commit *c)
{
    if (len < FIXED || get_le(bytes, 4) != len)
        return false;
    *c = (struct commit){
        .erase = bytes[4] & FLAG_ERASE,
        .status = bytes[5],
        .lsn = get_le(bytes + 8, 8),
        .session = get_le(bytes + 16, 8),
        .created_ms = (int64_t)get_le(bytes + 24, 8),
        .wake_ms = (int64_t)get_le(bytes + 32, 8),
        .name_count = (uint32_t)get_le(bytes + 48, 4),
        .message_count = (uint32_t)get_le(bytes + 52, 4),
        .input_number = (uint32_t)get_le(bytes + 56, 4),
    };
    memcpy(c->answer_key, bytes + 68, STORE_ANSWER_KEY);
    struct rest rest = {bytes + FIXED, len - FIXED, true};
    c->id = take_text(&rest, get_le(bytes + 6, 2));
    c->type = take_text(&rest, get_le(bytes + 40, 2));
    c->record = take_text(&rest, get_le(bytes + 44, 4));
    c->input = take_text(&rest, get_le(bytes + 60, 4));
    c->answer = take_text(&rest, get_le(bytes + 64, 4));
    c->names = read_names(&rest, pool, c->name_count);
    read_messages(&rest, pool, c);
    if (bytes[4] & FLAG_MORE)
        read_more(&rest, pool, c);
    return rest.ok && !rest.len && log_can_keep(c);
}
