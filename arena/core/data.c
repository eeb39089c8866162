/* data.c - what rule data there is: built in, and kept in the book. */
#include "core/data.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/pack.h"
#include "core/session.h"
#include "host/data.h"

#define BASE_ROW "1/" /* in the order in which they are needed */
#define VERSION_ROW "2/"
#define EVENT_ROW "3/"

__attribute__((format(printf, 3, 4))) static void tell(const struct rule_data *data, enum arena_level level,
                                                       const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (data->log)
        data->log(data->log_ctx, level, line);
}

/* Lists. --------------------------------------------------------------------------------------------------- */

struct data_rules *data_rules_find(struct rule_data *data, arena_text challenge)
{
    for (uint32_t i = 0; i < data->count; i++)
        if (text_equal(text_of(data->rules[i].challenge), challenge))
            return &data->rules[i];
    return NULL;
}

/* With the lock.  Of two that are built in under one name the module's present one counts. */
static struct data_version *find(const struct data_rules *rules, arena_text name)
{
    struct data_version *found = NULL;
    for (struct data_version *v = rules->versions; v; v = v->next)
        if (text_equal(text_of(v->name), name) && (v->builtin || !found))
            found = v;
    return found;
}

struct data_version *data_version_find(struct rule_data *data, struct data_rules *rules, arena_text name)
{
    pthread_mutex_lock(&data->lock);
    struct data_version *found = find(rules, name);
    pthread_mutex_unlock(&data->lock);
    return found;
}

void data_add_version(struct data_rules *rules, struct data_version *version)
{
    *rules->end = version;
    rules->end = &version->next;
    if (version->number > rules->last_number)
        rules->last_number = version->number;
}

void data_add_event(struct data_rules *rules, struct data_event *event)
{
    event->older = rules->events;
    rules->events = event;
    if (!event->back) {
        event->under = rules->top;
        rules->top = event;
    }
    while (event->back && rules->top && rules->top->version != event->version)
        rules->top = rules->top->under;
    atomic_store(&event->version->played, true);
    atomic_store(&rules->active, event->version);
}

struct data_version *data_before(const struct data_rules *rules)
{
    return rules->top ? rules->top->before : NULL;
}

bool data_lies_below(const struct data_rules *rules, const struct data_version *version)
{
    const struct data_event *e = rules->top;
    while (e && e->before != version)
        e = e->under;
    return e;
}

void data_version_free(struct data_version *version)
{
    if (!version)
        return;
    text_free(&version->set);
    free(version->name);
    free(version->by);
    free(version->note);
    free(version->changes);
    free(version);
}

void data_event_free(struct data_event *event)
{
    if (!event)
        return;
    free(event->by);
    free(event->note);
    free(event);
}

static bool source(void *ctx, const char *challenge, arena_text version, struct text *set)
{
    struct rule_data *data = ctx;
    struct data_rules *rules = data_rules_find(data, text_of(challenge));
    const struct data_version *found = rules ? data_version_find(data, rules, version) : NULL;
    return found && data_set(found, set);
}

/* Rows. ---------------------------------------------------------------------------------------------------- */

static void put_row(struct book *book, const char *kind, const struct data_rules *rules, arena_text rest,
                    const struct text *bytes)
{
    struct text key = {0};
    text_puts(&key, kind);
    text_puts(&key, rules->challenge);
    text_put_char(&key, '/');
    text_put_text(&key, rest);
    book_put(book, text_slice(&key), text_slice(bytes));
    text_free(&key);
}

static void put_numbered(struct book *book, const char *kind, const struct data_rules *rules, uint32_t number,
                         const struct text *bytes)
{
    char key[4] = {(char)(number >> 24), (char)(number >> 16), (char)(number >> 8), (char)number};
    put_row(book, kind, rules, (arena_text){key, sizeof key}, bytes);
}

void data_put_base(struct book *book, const struct data_rules *rules, const struct data_version *base)
{
    struct text row = {0};
    pack_put_text(&row, text_of(base->name));
    pack_put_text(&row, text_slice(&base->set));
    put_row(book, BASE_ROW, rules, (arena_text){(const char *)base->hash, DATA_HASH}, &row);
    text_free(&row);
}

void data_put_version(struct book *book, const struct data_rules *rules, const struct data_version *version)
{
    struct text row = {0};
    pack_put_text(&row, text_of(version->name));
    pack_put_text(&row, text_of(version->parent->name));
    text_put(&row, (const char *)data_root(version)->hash, DATA_HASH);
    pack_put_u32(&row, version->number);
    pack_put_u64(&row, (uint64_t)version->at_ms);
    pack_put_text(&row, text_of(version->by));
    pack_put_text(&row, text_of(version->note));
    pack_put_text(&row, text_of(version->changes));
    text_put(&row, (const char *)version->hash, DATA_HASH);
    put_numbered(book, VERSION_ROW, rules, version->number, &row);
    text_free(&row);
}

void data_put_event(struct book *book, const struct data_rules *rules, const struct data_event *event)
{
    struct text row = {0};
    pack_put_u32(&row, event->number);
    pack_put_u8(&row, event->back);
    pack_put_u64(&row, (uint64_t)event->at_ms);
    pack_put_text(&row, text_of(event->by));
    pack_put_text(&row, text_of(event->note));
    pack_put_text(&row, text_of(event->version->name));
    pack_put_text(&row, text_of(event->before->name));
    put_numbered(book, EVENT_ROW, rules, event->number, &row);
    text_free(&row);
}

static bool same_hash(const struct data_version *version, const unsigned char *hash)
{
    return memcmp(version->hash, hash, DATA_HASH) == 0;
}

static struct data_version *find_base(const struct data_rules *rules, arena_text name, const unsigned char *hash)
{
    for (struct data_version *v = rules->versions; v; v = v->next)
        if (!v->parent && text_equal(text_of(v->name), name) && same_hash(v, hash))
            return v;
    return NULL;
}

static struct data_version *new_base(struct data_rules *rules, arena_text name, arena_text set, bool builtin)
{
    struct data_version *base = must(calloc(1, sizeof *base));
    base->name = must_copy(name);
    text_put_text(&base->set, set);
    data_hash(set, base->hash);
    base->builtin = builtin;
    atomic_init(&base->played, builtin);
    data_add_version(rules, base);
    return base;
}

static void read_base(struct rule_data *data, struct data_rules *rules, struct cursor *c)
{
    arena_text name = pack_get_text(c), set = pack_get_text(c);
    uint8_t hash[DATA_HASH];
    data_hash(set, hash);
    if (c->bad || find_base(rules, name, hash))
        return;
    new_base(rules, name, set, false);
    if (find(rules, name)->builtin)
        tell(data, ARENA_WARN,
             "%s: the module has other rule data %.*s than it had: versions that were made from the old one keep it",
             rules->challenge, (int)name.len, name.ptr);
}

static void read_version(struct rule_data *data, struct data_rules *rules, struct cursor *c)
{
    struct data_version *v = must(calloc(1, sizeof *v));
    v->name = pack_get_string(c);
    arena_text parent = pack_get_text(c);
    const unsigned char *base = pack_get(c, DATA_HASH);
    v->number = pack_get_u32(c);
    v->at_ms = (int64_t)pack_get_u64(c);
    v->by = pack_get_string(c);
    v->note = pack_get_string(c);
    v->changes = pack_get_string(c);
    const unsigned char *hash = pack_get(c, DATA_HASH);
    if (!c->bad && base && hash) {
        memcpy(v->hash, hash, DATA_HASH);
        v->parent = find_base(rules, parent, base);
        if (!v->parent)
            v->parent = find(rules, parent);
    }
    if (v->parent) {
        data_add_version(rules, v);
        return;
    }
    tell(data, ARENA_ERROR, "%s: the record of rule data %s is damaged: games that have it cannot go on",
         rules->challenge, v->name ? v->name : "");
    data_version_free(v);
}

static void read_event(struct rule_data *data, struct data_rules *rules, struct cursor *c)
{
    struct data_event *e = must(calloc(1, sizeof *e));
    e->number = pack_get_u32(c);
    e->back = pack_get_u8(c);
    e->at_ms = (int64_t)pack_get_u64(c);
    e->by = pack_get_string(c);
    e->note = pack_get_string(c);
    arena_text version = pack_get_text(c), before = pack_get_text(c);
    e->version = c->bad ? NULL : find(rules, version);
    e->before = c->bad ? NULL : find(rules, before);
    if (e->version && e->before) {
        data_add_event(rules, e);
        return;
    }
    tell(data, ARENA_ERROR, "%s: rule data %.*s was made the active one, and is not there any more", rules->challenge,
         (int)version.len, version.ptr);
    data_event_free(e);
}

/* Rows of challenges whose operator is not loaded wait for it. */
static void read_row(struct rule_data *data, arena_text key, arena_text bytes)
{
    struct cursor c = {(const unsigned char *)bytes.ptr, (const unsigned char *)bytes.ptr + bytes.len, false};
    const char *slash = key.len > 2 ? memchr(key.ptr + 2, '/', key.len - 2) : NULL;
    arena_text challenge = {key.ptr + 2, slash ? (size_t)(slash - key.ptr - 2) : 0};
    struct data_rules *rules = data_rules_find(data, challenge);
    if (!rules)
        return;
    if (text_starts(key, ARENA_TEXT(BASE_ROW)))
        read_base(data, rules, &c);
    else if (text_starts(key, ARENA_TEXT(VERSION_ROW)))
        read_version(data, rules, &c);
    else if (text_starts(key, ARENA_TEXT(EVENT_ROW)))
        read_event(data, rules, &c);
}

/* Opening. ------------------------------------------------------------------------------------------------- */

/* Documents are told to everybody as they are, so they must be what the operator says they are. */
static bool is_set(arena_text list)
{
    arena_text name, json;
    bool good = list.len > 0;
    while (good && list.len) {
        good = data_get(&list, &name) && data_get(&list, &json) && data_document_is_valid(name);
        json_t *tree = good ? json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
        good = json_is_object(tree) || json_is_array(tree);
        json_decref(tree);
    }
    return good;
}

static void add_builtin(struct rule_data *data, struct data_rules *rules, const char *name)
{
    struct turn turn = {.op = rules->op, .request = {.kind = TURN_DATA_SET, .seats = 1, .method = text_of(name)}};
    pool_init(&turn.pool, 0);
    host_run_wait(&turn);
    if (turn.reply.outcome == TURN_OK && is_set(turn.reply.view))
        new_base(rules, text_of(name), turn.reply.view, true);
    else
        tell(data, ARENA_ERROR, "%s: the built-in rule data %s is left out: it is no set of documents in JSON",
             rules->challenge, name);
    pool_finish(&turn.pool);
}

static void prepare(struct rule_data *data, struct host *host)
{
    const struct host_operator *op;
    uint32_t count = 0;
    pthread_mutex_init(&data->lock, NULL);
    pthread_mutex_init(&data->tables.lock, NULL);
    data->end = &data->first;
    while (host_at(host, count))
        count++;
    data->rules = must(calloc(count + 1, sizeof *data->rules));
    for (size_t i = 0; (op = host_at(host, i)); i++) {
        const struct host_info info = host_info(op);
        struct data_rules *rules = &data->rules[data->count];
        if (!info.data[0])
            continue;
        rules->op = op;
        rules->challenge = must(strdup(info.id));
        rules->end = &rules->versions;
        for (int k = 0; info.data[k]; k++)
            add_builtin(data, rules, info.data[k]);
        rules->fallback = rules->versions;
        atomic_init(&rules->active, rules->fallback);
        if (rules->fallback)
            data->count++;
        else
            free(rules->challenge);
    }
    host_data_source(host, source, data);
}

/* The module may be another one than that which checked it.  Nothing is changed: games would have other rules than they
 * were promised, without anybody having said so. */
static void check_active(const struct rule_data *data, const struct data_rules *rules)
{
    const struct data_version *active = atomic_load(&rules->active);
    struct turn turn = {.op = rules->op, .request = {.kind = TURN_DATA_CHECK, .seats = 1}};
    struct text set = {0};
    if (!active->parent)
        return;
    pool_init(&turn.pool, 0);
    bool good = data_set(active, &set);
    if (good) {
        turn.request.content = text_slice(&set);
        host_run_wait(&turn);
        good = turn.reply.outcome == TURN_OK && !turn.reply.view.len;
    }
    if (!good)
        tell(data, ARENA_ERROR,
             "%s: its operator does not accept the active rule data %s any more: new games fail until another version "
             "is promoted",
             rules->challenge, active->name);
    pool_finish(&turn.pool);
    text_free(&set);
}

static void load_row(void *owner, arena_text key, arena_text bytes)
{
    read_row(owner, key, bytes);
}

void data_open(struct rule_data *data, struct arena *arena)
{
    *data = (struct rule_data){.log = arena->config.log, .log_ctx = arena->config.ctx};
    prepare(data, arena->config.host);
    book_open(&data->book, arena, ARENA_TEXT(BOOK_MARK "data"), load_row, data);
    data->book.owner = data;
    for (uint32_t i = 0; i < data->count; i++)
        check_active(data, &data->rules[i]);
}

static void free_all(struct rule_data *data)
{
    data_tables_drop(&data->tables);
    for (uint32_t i = 0; i < data->count; i++) {
        struct data_rules *rules = &data->rules[i];
        while (rules->versions) {
            struct data_version *next = rules->versions->next;
            data_version_free(rules->versions);
            rules->versions = next;
        }
        while (rules->events) {
            struct data_event *older = rules->events->older;
            data_event_free(rules->events);
            rules->events = older;
        }
        free(rules->challenge);
    }
    free(data->rules);
    pthread_mutex_destroy(&data->tables.lock);
    pthread_mutex_destroy(&data->lock);
}

void data_close(struct rule_data *data)
{
    book_close(&data->book);
    free_all(data);
}

struct rule_data *rule_data_read(struct store *store, struct host *host)
{
    struct rule_data *data = must(calloc(1, sizeof *data));
    uint64_t serial;
    prepare(data, host);
    if (store_find(store, ARENA_TEXT(BOOK_MARK "data"), &serial))
        store_rows(store, serial, load_row, data);
    return data;
}

void rule_data_free(struct rule_data *data)
{
    if (data)
        free_all(data);
    free(data);
}

const char *data_choose(struct rule_data *data, const char *challenge, arena_text wanted)
{
    struct data_rules *rules = data_rules_find(data, text_of(challenge));
    const struct data_version *version = NULL;
    if (rules)
        version = wanted.ptr ? data_version_find(data, rules, wanted) : atomic_load(&rules->active);
    return version && atomic_load(&version->played) ? version->name : NULL;
}
