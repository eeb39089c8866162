/* data_view.c - rule data as it is told: versions, history, documents, differences, entries. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/data_set.h"
#include "core/session.h"
#include "host/data.h"

enum { DIFFERENCES_TOLD = 1000 };

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
    struct text *out;
    uint64_t found, told;
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Without regard to the case of letters of ASCII. */
static bool contains(arena_text hay, arena_text needle)
{
    for (size_t i = 0; i + needle.len <= hay.len; i++) {
        size_t k = 0;
        while (k < needle.len && lower(hay.ptr[i + k]) == lower(needle.ptr[k]))
            k++;
        if (k == needle.len)
            return true;
    }
    return false;
}

static void look_at(struct search *s, arena_text document, const char *entry, const json_t *value)
{
    char *json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const struct data_query *q = s->query;
    if (json && (contains(text_of(entry), q->text) || contains(text_of(json), q->text)) && s->found++ >= q->offset &&
        s->told < q->limit) {
        text_puts(s->out, s->told++ ? ",{\"document\":" : "{\"document\":");
        text_json_string(s->out, document);
        text_lit(s->out, ",\"entry\":");
        text_json_string(s->out, text_of(entry));
        text_lit(s->out, ",\"data\":");
        text_puts(s->out, json);
        text_put_char(s->out, '}');
    }
    free(json);
}

/* The entries of an object are its members; those of a list are called by their id, or by their place. */
static void search_document(struct search *s, arena_text name, json_t *tree)
{
    const char *key;
    json_t *value;
    size_t i;
    json_object_foreach(tree, key, value)
        look_at(s, name, key, value);
    json_array_foreach(tree, i, value) {
        char place[24];
        const char *id = json_string_value(json_object_get(value, "id"));
        snprintf(place, sizeof place, "%zu", i);
        look_at(s, name, id ? id : place, value);
    }
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
    struct search s = {.query = query, .out = &request->body};
    struct data_documents documents;
    if (!rules)
        return true;
    struct data_version *version =
        query->version.len ? version_of(arena, request, rules, query->version, all) : atomic_load(&rules->active);
    if (!version)
        return true;
    bool good = set_open(&documents, version);
    if (good && query->document.len && !set_find(&documents, query->document)) {
        set_close(&documents);
        return no_document(request, query->document);
    }
    request->status = ANSWER_OK;
    text_clear(s.out);
    text_lit(s.out, "{\"version\":");
    text_json_string(s.out, text_of(version->name));
    text_lit(s.out, ",\"entries\":[");
    for (uint32_t i = 0; good && i < documents.count; i++)
        if (!query->document.len || text_equal(documents.list[i].name, query->document))
            search_document(&s, documents.list[i].name, document_tree(&documents.list[i]));
    set_close(&documents);
    text_printf(s.out, "],\"total\":%llu,\"limit\":%u,\"offset\":%llu}", (unsigned long long)s.found, query->limit,
                (unsigned long long)query->offset);
    return good || damaged(request);
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
