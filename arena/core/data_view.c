/* data_view.c - rule data as it is told: versions, history, documents, differences, entries. */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "core/data_set.h"
#include "core/data_table.h"
#include "core/session.h"
#include "host/data.h"

enum { DIFFERENCES_TOLD = 1000 };

/* The shape of what is told here, for its tags: another letter when it changes. */
#define SHAPE ARENA_TEXT("a")

static struct data_rules *rules_of(struct arena *arena, struct request *request, arena_text challenge)
{
    struct data_rules *rules = data_rules_find(&arena->data, challenge);
    request->arena = arena;
    if (!rules)
        request_fail(request, ANSWER_UNKNOWN, "NO_RULE_DATA", "There is no challenge of this name with rules as data");
    return rules;
}

static struct data_version *version_of(struct arena *arena, struct request *request, struct data_rules *rules,
                                       arena_text name, bool all)
{
    struct data_version *version = data_version_find(&arena->data, rules, name);
    if (version && (all || atomic_load(&version->played)))
        return version;
    request_failf(request, ANSWER_UNKNOWN, "UNKNOWN_DATA_VERSION", "There is no version %.*s",
                  (int)(name.len < 100 ? name.len : 100), name.ptr);
    return NULL;
}

static bool damaged(struct request *request)
{
    return request_fail(request, ANSWER_FAILED, "DATA_DAMAGED", "the record of this rule data is damaged");
}

/* A version never changes: its name and hash stand for all that is told of it, beside what is told anyway. */
static void tag_by(struct request *request, arena_text beside, const struct data_version *version)
{
    const arena_text parts[] = {
        SHAPE,
        beside,
        text_of(version ? version->name : ""),
        {(const char *)(version ? version->hash : NULL), version ? DATA_HASH : 0},
    };
    request_tag(request, parts, sizeof parts / sizeof parts[0]);
}

static void put_member(struct text *out, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    text_printf(out, ",\"%s\":", name);
    text_json_string(out, text_of(value));
}

static void put_version(struct text *out, const struct data_version *v)
{
    text_lit(out, "{\"version\":");
    text_json_string(out, text_of(v->name));
    text_printf(out, ",\"builtIn\":%s,\"played\":%s,\"hash\":\"", v->parent ? "false" : "true",
                atomic_load(&v->played) ? "true" : "false");
    text_hex(out, v->hash, DATA_HASH);
    text_put_char(out, '"');
    if (v->parent) {
        put_member(out, "parent", v->parent->name);
        text_lit(out, ",\"at\":");
        text_int(out, v->at_ms);
        put_member(out, "by", v->by);
        put_member(out, "note", v->note);
    }
    text_put_char(out, '}');
}

static void put_event(struct text *out, const struct data_event *e)
{
    text_printf(out, "{\"number\":%u,\"at\":", e->number);
    text_int(out, e->at_ms);
    text_printf(out, ",\"action\":\"%s\"", e->back ? "rollback" : "promote");
    put_member(out, "version", e->version->name);
    put_member(out, "before", e->before->name);
    put_member(out, "by", e->by);
    put_member(out, "note", e->note);
    text_put_char(out, '}');
}

/* With the lock. */
static void put_rules(struct text *out, const struct data_rules *rules, bool all)
{
    const char *comma = "";
    text_lit(out, "{\"challenge\":");
    text_json_string(out, text_of(rules->challenge));
    put_member(out, "active", atomic_load(&rules->active)->name);
    text_lit(out, ",\"versions\":[");
    for (const struct data_version *v = rules->versions; v; v = v->next) {
        if (!all && !atomic_load(&v->played))
            continue;
        text_puts(out, comma);
        put_version(out, v);
        comma = ",";
    }
    text_put_char(out, ']');
    if (!all)
        return;
    text_lit(out, ",\"history\":[");
    for (const struct data_event *e = rules->events; e; e = e->older) {
        put_event(out, e);
        text_puts(out, e->older ? "," : "");
    }
    text_put_char(out, ']');
}

static bool put_documents(struct text *out, const struct data_version *version)
{
    struct text set = {0};
    bool good = data_set(version, &set);
    arena_text list = text_slice(&set), name, json;
    put_member(out, "version", version->name);
    text_lit(out, ",\"documents\":{");
    for (const char *comma = ""; good && data_get(&list, &name) && data_get(&list, &json); comma = ",") {
        text_puts(out, comma);
        text_json_string(out, name);
        text_put_char(out, ':');
        text_put_text(out, json);
    }
    text_put_char(out, '}');
    text_free(&set);
    return good;
}

bool arena_data(struct arena *arena, struct request *request, arena_text challenge, arena_text name, bool all)
{
    struct data_rules *rules = rules_of(arena, request, challenge);
    const struct data_version *version = rules && name.len ? version_of(arena, request, rules, name, all) : NULL;
    if (!rules || (name.len && !version))
        return true;
    request->status = ANSWER_OK;
    text_clear(&request->body);
    pthread_mutex_lock(&arena->data.lock);
    put_rules(&request->body, rules, all);
    pthread_mutex_unlock(&arena->data.lock);
    tag_by(request, text_slice(&request->body), version);
    if (version && !put_documents(&request->body, version))
        return damaged(request);
    text_put_char(&request->body, '}');
    return true;
}

bool arena_data_diff(struct arena *arena, struct request *request, arena_text challenge, arena_text from, arena_text to)
{
    struct data_rules *rules = rules_of(arena, request, challenge);
    struct data_version *right = rules ? version_of(arena, request, rules, to, true) : NULL;
    struct data_version *left = right && !from.len ? (right->parent ? right->parent : right)
                                : right            ? version_of(arena, request, rules, from, true)
                                                   : NULL;
    struct data_documents before, after;
    struct text differences = {0}, *out = &request->body;
    if (!left)
        return true;
    bool opened = set_open(&before, left), good = set_open(&after, right) && opened;
    uint32_t count = good ? set_diff(&before, &after, DIFFERENCES_TOLD, &differences) : 0;
    request->status = ANSWER_OK;
    text_clear(out);
    text_lit(out, "{\"from\":");
    text_json_string(out, text_of(left->name));
    text_lit(out, ",\"to\":");
    text_json_string(out, text_of(right->name));
    text_printf(out, ",\"differences\":%u,\"diff\":[", count);
    text_put_text(out, text_slice(&differences));
    text_lit(out, "]}");
    text_free(&differences);
    set_close(&before);
    set_close(&after);
    return good || damaged(request);
}

/* The catalogue. ------------------------------------------------------------------------------------------- */

struct search {
    const struct data_query *query;
    arena_text wanted; /* the text in small letters */
    struct text *out;
    uint64_t found, told;
    bool damaged;
};

static bool contains(arena_text hay, arena_text needle)
{
    return !needle.len || memmem(hay.ptr, hay.len, needle.ptr, needle.len);
}

static void search_table(struct search *s, const struct data_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct data_entry *e = &table->entries[i];
        if ((!contains(e->name_low, s->wanted) && !contains(e->json_low, s->wanted)) || s->found++ < s->query->offset ||
            s->told >= s->query->limit)
            continue;
        text_puts(s->out, s->told++ ? ",{\"document\":" : "{\"document\":");
        text_json_string(s->out, text_of(table->document));
        text_lit(s->out, ",\"entry\":");
        text_json_string(s->out, e->name);
        text_lit(s->out, ",\"data\":");
        text_put_text(s->out, e->json);
        text_put_char(s->out, '}');
    }
}

/* Searches one document; false when it is not there, or damaged. */
static bool search_document(struct search *s, struct arena *arena, const struct data_version *version, arena_text name)
{
    const struct data_table *table = data_table_get(&arena->data.tables, version, name, &s->damaged);
    if (table)
        search_table(s, table);
    data_table_put(table);
    return table;
}

static void search_all(struct search *s, struct arena *arena, const struct data_version *version)
{
    struct data_documents documents;
    s->damaged = !set_open(&documents, version);
    for (uint32_t i = 0; !s->damaged && i < documents.count; i++)
        search_document(s, arena, version, documents.list[i].name);
    set_close(&documents);
}

static bool no_document(struct request *request, arena_text name)
{
    return request_failf(request, ANSWER_UNKNOWN, "UNKNOWN_DOCUMENT", "There is no document %.*s in this rule data",
                         (int)(name.len < 100 ? name.len : 100), name.ptr);
}

bool arena_data_catalogue(struct arena *arena, struct request *request, arena_text challenge,
                          const struct data_query *query, bool all)
{
    struct data_rules *rules = rules_of(arena, request, challenge);
    struct text wanted = {0};
    if (!rules)
        return true;
    const struct data_version *version =
        query->version.len ? version_of(arena, request, rules, query->version, all) : atomic_load(&rules->active);
    if (!version)
        return true;
    for (size_t i = 0; i < query->text.len; i++)
        text_put_char(&wanted, data_table_low(query->text.ptr[i]));
    struct search s = {.query = query, .wanted = text_slice(&wanted), .out = &request->body};
    text_clear(s.out);
    text_lit(s.out, "{\"version\":");
    text_json_string(s.out, text_of(version->name));
    text_lit(s.out, ",\"entries\":[");
    bool found = true;
    if (query->document.len)
        found = search_document(&s, arena, version, query->document);
    else
        search_all(&s, arena, version);
    text_free(&wanted);
    if (s.damaged)
        return damaged(request);
    if (!found)
        return no_document(request, query->document);
    request->status = ANSWER_OK;
    tag_by(request, query->document, version);
    text_printf(s.out, "],\"total\":%llu,\"limit\":%u,\"offset\":%llu}", (unsigned long long)s.found, query->limit,
                (unsigned long long)query->offset);
    return true;
}

bool arena_data_active(struct arena *arena, struct text *out)
{
    struct rule_data *data = &arena->data;
    for (uint32_t i = 0; i < data->count; i++) {
        text_puts(out, i ? "," : "{");
        text_json_string(out, text_of(data->rules[i].challenge));
        text_put_char(out, ':');
        text_json_string(out, text_of(atomic_load(&data->rules[i].active)->name));
    }
    if (data->count)
        text_put_char(out, '}');
    return data->count;
}
