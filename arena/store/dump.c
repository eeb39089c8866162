#include "store/dump.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "store/base64.h"

enum { AT_ONCE = 64, EXPORT_VERSION = 2 };

/* The caller's sentence. */
struct sentence {
    char *bytes;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static int refuse(struct sentence error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (error.size)
        vsnprintf(error.bytes, error.size, format, args);
    va_end(args);
    return -1;
}

/* --- out -------------------------------------------------------------------------------------------------- */

static json_t *base64_json(struct pool *pool, arena_text bytes)
{
    arena_text text = base64_write(pool, bytes);
    return json_stringn_nocheck(text.ptr ? text.ptr : "", text.len);
}

static json_t *text_json(struct pool *pool, arena_text text)
{
    json_t *string = json_stringn(text.len ? text.ptr : "", text.len);
    return string ? string : json_pack("{s:o}", "base64", base64_json(pool, text));
}

/* The message itself when it comes back as the same bytes. */
static json_t *message_json(struct pool *pool, arena_text bytes)
{
    json_error_t unread;
    json_t *json = bytes.len ? json_loadb(bytes.ptr, bytes.len, JSON_ALLOW_NUL, &unread) : NULL;
    char *again = json ? json_dumps(json, JSON_COMPACT) : NULL;
    bool same = again && strlen(again) == bytes.len && !memcmp(again, bytes.ptr, bytes.len);
    free(again);
    if (same)
        return json;
    json_decref(json);
    return base64_json(pool, bytes);
}

static json_t *channel_json(struct store *store, uint64_t session, uint8_t channel, struct pool *pool)
{
    json_t *list = json_array();
    struct store_message some[AT_ONCE];
    uint32_t count, from = 1;
    do {
        pool_reset(pool);
        count = store_messages(store, session, channel, from, from + AT_ONCE, pool, some);
        for (uint32_t i = 0; i < count; i++)
            json_array_append_new(list, message_json(pool, some[i].bytes));
        from += count;
    } while (count == AT_ONCE);
    return list;
}

static json_t *inputs_json(struct store *store, uint64_t session, struct pool *pool)
{
    json_t *list = json_array();
    arena_text some[AT_ONCE];
    uint32_t count, from = 0;
    do {
        pool_reset(pool);
        count = store_inputs(store, session, from, AT_ONCE, pool, some);
        for (uint32_t i = 0; i < count; i++)
            json_array_append_new(list, base64_json(pool, some[i]));
        from += count;
    } while (count == AT_ONCE);
    return list;
}

static json_t *answers_json(const struct store_session *s, struct pool *pool)
{
    json_t *answers = json_object();
    for (uint32_t i = 0; i < s->answer_count; i++) {
        char key[2 * STORE_ANSWER_KEY + 1];
        for (int k = 0; k < STORE_ANSWER_KEY; k++)
            snprintf(key + 2 * k, 3, "%02x", s->answer_keys[i][k]);
        json_object_set_new(answers, key, base64_json(pool, s->answers[i]));
    }
    return answers;
}

static json_t *texts_json(struct pool *pool, const arena_text *texts, uint32_t count)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++)
        json_array_append_new(list, text_json(pool, texts[i]));
    return list;
}

/* By key when a key of JSON can be each of them, or else pairs. */
static json_t *rows_json(const struct store_session *s, struct pool *pool)
{
    json_t *rows = json_object(), *pairs = json_array();
    bool plain = true;
    for (uint32_t i = 0; i < s->row_count; i++) {
        arena_text key = s->rows[i].key;
        json_t *bytes = base64_json(pool, s->rows[i].bytes);
        plain = plain && (!key.len || !memchr(key.ptr, 0, key.len)) &&
                !json_object_setn(rows, key.len ? key.ptr : "", key.len, bytes);
        json_array_append_new(pairs, json_pack("[o,o]", text_json(pool, key), bytes));
    }
    json_decref(plain ? pairs : rows);
    return plain ? rows : pairs;
}

static json_t *session_json(struct store *store, const struct store_session *s, struct pool *pool)
{
    struct pool rest;
    pool_init(&rest, 0);
    json_t *line = json_object(), *channels = json_array();
    json_object_set_new(line, "session", json_integer((json_int_t)s->session));
    json_object_set_new(line, "id", text_json(pool, s->id));
    json_object_set_new(line, "type", text_json(pool, s->type));
    json_object_set_new(line, "status", json_integer(s->status));
    json_object_set_new(line, "created_ms", json_integer(s->created_ms));
    json_object_set_new(line, "wake_ms", json_integer(s->wake_ms));
    json_object_set_new(line, "names", texts_json(pool, s->names, s->name_count));
    json_object_set_new(line, "end", json_integer((json_int_t)s->end_number));
    json_object_set_new(line, "tags", texts_json(pool, s->tags, s->tag_count));
    json_object_set_new(line, "record", base64_json(pool, s->record));
    json_object_set_new(line, "rows", rows_json(s, pool));
    for (int c = 0; c < STORE_CHANNELS; c++)
        json_array_append_new(channels, channel_json(store, s->session, (uint8_t)c, &rest));
    json_object_set_new(line, "channels", channels);
    json_object_set_new(line, "inputs", inputs_json(store, s->session, &rest));
    json_object_set_new(line, "answers", answers_json(s, pool));
    pool_finish(&rest);
    return line;
}

int store_export(struct store *store, FILE *out, char *error_bytes, size_t error_size)
{
    struct sentence error = {error_bytes, error_size};
    struct pool pool;
    struct store_session s;
    pool_init(&pool, 0);
    bool written = fprintf(out, "{\"arena_export\":%d}\n", EXPORT_VERSION) > 0;
    for (uint64_t after = 0; written && store_next(store, after, &pool, &s); after = s.session) {
        json_t *line = session_json(store, &s, &pool);
        written = line && !json_dumpf(line, out, JSON_COMPACT) && fputc('\n', out) != EOF;
        json_decref(line);
        pool_reset(&pool);
    }
    pool_finish(&pool);
    if (!written || fflush(out))
        return refuse(error, "cannot write the export: %s", strerror(errno));
    return 0;
}

/* --- in --------------------------------------------------------------------------------------------------- */

/* Commits that are waited for. */
struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    size_t left;
    enum store_result result; /* of the first that failed */
};

static void import_done(struct commit *c, enum store_result result)
{
    struct waiting *w = c->owner;
    pthread_mutex_lock(&w->lock);
    w->left--;
    if (w->result == STORE_OK)
        w->result = result;
    pthread_cond_signal(&w->ended);
    pthread_mutex_unlock(&w->lock);
}

static bool text_of(struct pool *pool, const json_t *json, arena_text *text)
{
    if (json_is_object(json)) {
        const json_t *inner = json_object_get(json, "base64");
        return json_is_string(inner) &&
               base64_read(pool, (arena_text){json_string_value(inner), json_string_length(inner)}, text);
    }
    *text = (arena_text){json_string_value(json), json_string_length(json)};
    return json_is_string(json);
}

static bool bytes_of(struct pool *pool, const json_t *json, arena_text *bytes)
{
    return json_is_string(json) &&
           base64_read(pool, (arena_text){json_string_value(json), json_string_length(json)}, bytes);
}

static bool message_of(struct pool *pool, const json_t *json, arena_text *bytes)
{
    if (json_is_string(json))
        return bytes_of(pool, json, bytes);
    char *text = json_dumps(json, JSON_COMPACT);
    if (!text)
        return false;
    *bytes = pool_copy(pool, (arena_text){text, strlen(text)});
    free(text);
    return true;
}

static bool texts_of(struct pool *pool, const json_t *list, const arena_text **texts, uint32_t *count)
{
    size_t size = json_array_size(list);
    arena_text *out = pool_alloc(pool, size * sizeof *out);
    for (size_t i = 0; i < size; i++)
        if (!text_of(pool, json_array_get(list, i), &out[i]))
            return false;
    *texts = out;
    *count = (uint32_t)size;
    return json_is_array(list);
}

static bool rows_of_object(struct pool *pool, json_t *object, struct store_row *rows)
{
    const char *key;
    size_t len, used = 0;
    json_t *bytes;
    json_object_keylen_foreach(object, key, len, bytes)
    {
        rows[used].key = (arena_text){key, len};
        if (!bytes_of(pool, bytes, &rows[used++].bytes))
            return false;
    }
    return true;
}

static bool rows_of_pairs(struct pool *pool, const json_t *list, struct store_row *rows)
{
    size_t i;
    const json_t *pair;
    json_array_foreach(list, i, pair)
        if (json_array_size(pair) != 2 || !text_of(pool, json_array_get(pair, 0), &rows[i].key) ||
            !bytes_of(pool, json_array_get(pair, 1), &rows[i].bytes))
            return false;
    return true;
}

static bool rows_of(struct pool *pool, json_t *json, struct commit *c)
{
    size_t count = json_is_object(json) ? json_object_size(json) : json_array_size(json);
    struct store_row *rows = pool_alloc(pool, count * sizeof *rows);
    c->rows = rows;
    c->row_count = (uint32_t)count;
    return json_is_object(json) ? rows_of_object(pool, json, rows)
                                : json_is_array(json) && rows_of_pairs(pool, json, rows);
}

/* What a line of version 2 has and one of version 1 has not. */
static bool end_of(struct pool *pool, const json_t *line, struct commit *c)
{
    const json_t *end = json_object_get(line, "end");
    c->end_number = (uint64_t)json_integer_value(end);
    return json_is_integer(end) && json_integer_value(end) >= 0 &&
           texts_of(pool, json_object_get(line, "tags"), &c->tags, &c->tag_count) &&
           rows_of(pool, json_object_get(line, "rows"), c);
}

static bool messages_of(struct pool *pool, const json_t *channels, struct commit *c)
{
    size_t total = 0, used = 0, i, k;
    const json_t *list, *message;
    if (json_array_size(channels) > STORE_CHANNELS)
        return false;
    json_array_foreach(channels, i, list)
        total += json_array_size(list);
    struct store_message *messages = pool_alloc(pool, total * sizeof *messages);
    json_array_foreach(channels, i, list)
        json_array_foreach(list, k, message) {
            messages[used] = (struct store_message){(uint8_t)i, (uint32_t)k + 1, {0}};
            if (!message_of(pool, message, &messages[used++].bytes))
                return false;
        }
    c->messages = messages;
    c->message_count = (uint32_t)total;
    return json_is_array(channels);
}

static bool key_of(const char *hex, uint8_t key[STORE_ANSWER_KEY])
{
    static const char digits[] = "0123456789abcdef";
    if (strlen(hex) != 2 * STORE_ANSWER_KEY)
        return false;
    for (int i = 0; i < STORE_ANSWER_KEY; i++) {
        const char *high = strchr(digits, hex[2 * i]), *low = strchr(digits, hex[2 * i + 1]);
        if (!high || !low)
            return false;
        key[i] = (uint8_t)((high - digits) * 16 + (low - digits));
    }
    return true;
}

static bool head_of(struct pool *pool, const json_t *line, json_int_t version, struct commit *c)
{
    const json_t *session = json_object_get(line, "session"), *status = json_object_get(line, "status");
    *c = (struct commit){.session = (uint64_t)json_integer_value(session),
                         .status = (uint8_t)json_integer_value(status),
                         .created_ms = json_integer_value(json_object_get(line, "created_ms")),
                         .wake_ms = json_integer_value(json_object_get(line, "wake_ms")),
                         .done = import_done};
    return json_integer_value(session) > 0 && json_is_integer(status) && json_integer_value(status) >= 0 &&
           json_integer_value(status) <= UINT8_MAX && text_of(pool, json_object_get(line, "id"), &c->id) &&
           text_of(pool, json_object_get(line, "type"), &c->type) &&
           bytes_of(pool, json_object_get(line, "record"), &c->record) &&
           texts_of(pool, json_object_get(line, "names"), &c->names, &c->name_count) &&
           messages_of(pool, json_object_get(line, "channels"), c) && (version < 2 || end_of(pool, line, c));
}

/* A commit carries one input and one answer, so a session comes as several: the last one ends it, the first has all the
 * rest. */
static bool import_session(struct store *store, struct pool *pool, json_t *line, json_int_t version,
                           enum store_result *result)
{
    json_t *inputs = json_object_get(line, "inputs"), *answers = json_object_get(line, "answers");
    struct waiting wait = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};
    struct commit head;
    if (!json_is_array(inputs) || !json_is_object(answers) || !head_of(pool, line, version, &head))
        return false;
    size_t most =
        json_array_size(inputs) > json_object_size(answers) ? json_array_size(inputs) : json_object_size(answers);
    size_t count = most ? most : 1;
    struct commit *commits = pool_alloc(pool, count * sizeof *commits);
    const struct commit all = head;
    head.end_number = head.tag_count = 0;
    void *answer = json_object_iter(answers);
    for (size_t i = 0; i < count; i++, answer = answer ? json_object_iter_next(answers, answer) : NULL) {
        commits[i] = head;
        commits[i].owner = &wait;
        commits[i].input_number = (uint32_t)i;
        if (i < json_array_size(inputs) && !bytes_of(pool, json_array_get(inputs, i), &commits[i].input))
            return false;
        if (answer && (!key_of(json_object_iter_key(answer), commits[i].answer_key) ||
                       !bytes_of(pool, json_object_iter_value(answer), &commits[i].answer)))
            return false;
        head.name_count = head.message_count = head.row_count = 0;
    }
    commits[count - 1].end_number = all.end_number;
    commits[count - 1].tag_count = all.tag_count;
    wait.left = count;
    uint64_t after = 0;
    for (size_t i = 0; i < count; i++) {
        commits[i].after = after;
        after = store_submit(store, &commits[i]);
    }
    pthread_mutex_lock(&wait.lock);
    while (wait.left)
        pthread_cond_wait(&wait.ended, &wait.lock);
    *result = wait.result;
    pthread_mutex_unlock(&wait.lock);
    return true;
}

static int import_lines(struct store *store, FILE *in, struct sentence error, struct pool *pool, char **line,
                        size_t *room)
{
    ssize_t len;
    unsigned long number = 1;
    json_int_t version = 0;
    for (; (len = getline(line, room, in)) >= 0; number++) {
        json_error_t fault;
        enum store_result result = STORE_OK;
        json_t *json = json_loadb(*line, (size_t)len, JSON_ALLOW_NUL, &fault);
        bool good = json_is_object(json);
        if (good && number == 1) {
            version = json_integer_value(json_object_get(json, "arena_export"));
            good = version >= 1 && version <= EXPORT_VERSION;
        } else if (good) {
            good = import_session(store, pool, json, version, &result);
        }
        json_decref(json);
        pool_reset(pool);
        if (!good && number == 1)
            return refuse(error, "this is not an export of the arena that this version can read");
        if (!good)
            return refuse(error, "line %lu of the export is damaged", number);
        if (result != STORE_OK)
            return refuse(error, "line %lu of the export could not be stored (%s)", number,
                          result == STORE_FULL ? "no space is left" : "the store failed");
    }
    if (ferror(in))
        return refuse(error, "cannot read the export: %s", strerror(errno));
    return number > 1 ? 0 : refuse(error, "the export is empty");
}

int store_import(struct store *store, FILE *in, char *error_bytes, size_t error_size)
{
    struct sentence error = {error_bytes, error_size};
    struct pool pool;
    struct store_session first;
    pool_init(&pool, 0);
    int rc = store_next(store, 0, &pool, &first) ? refuse(error, "the store has sessions already: import wants an "
                                                                 "empty one")
                                                 : 0;
    char *line = NULL;
    size_t room = 0;
    if (!rc)
        rc = import_lines(store, in, error, &pool, &line, &room);
    store_settle(store);
    free(line);
    pool_finish(&pool);
    return rc;
}
