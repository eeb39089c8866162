/* Rule data in the core: patches, differences, and what happens when the store cannot keep a change. */
#include "core_fixture.h"

#include "core/data_table.h"
#include "core/patch.h"
#include "host/data.h"

/* Patches. ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *target, *patch, *result;
} patches[] = {
    /* what RFC 7396 means */
    {"{'a':'b'}", "{'a':'c'}", "{'a':'c'}"},
    {"{'a':'b'}", "{'b':'c'}", "{'a':'b','b':'c'}"},
    {"{'a':'b','c':1}", "{'a':null}", "{'c':1}"},
    {"{'a':['b']}", "{'a':'c'}", "{'a':'c'}"},
    {"{'a':{'b':1,'c':2}}", "{'a':{'b':null,'d':3}}", "{'a':{'c':2,'d':3}}"},
    {"{'a':[1,2]}", "{'a':[3]}", "{'a':[3]}"},
    {"{'a':1}", "[2]", "[2]"},
    {"[1,2]", "{'a':3,'b':null}", "{'a':3}"},
    {"{'a':null}", "{'b':1}", "{'a':null,'b':1}"},
    {"{}", "{'a':{'b':{'c':null}}}", "{'a':{'b':{}}}"},
    /* lists of entries with ids */
    {"[{'id':'a','n':1},{'id':'b','n':2}]", "{'b':{'n':3}}", "[{'id':'a','n':1},{'id':'b','n':3}]"},
    {"[{'id':'a','n':1},{'id':'b'}]", "{'a':null}", "[{'id':'b'}]"},
    {"[{'id':'a'}]", "{'c':{'n':1}}", "[{'id':'a'},{'n':1,'id':'c'}]"},
    {"[{'id':'a'}]", "{'c':null}", "[{'id':'a'}]"},
    {"[{'id':'a','x':{'y':1,'z':2}}]", "{'a':{'x':{'y':null}}}", "[{'id':'a','x':{'z':2}}]"},
    {"[{'id':'a'}]", "[{'id':'q'}]", "[{'id':'q'}]"},
    {"{'m':[{'id':'a','n':1}]}", "{'m':{'a':{'n':2}}}", "{'m':[{'id':'a','n':2}]}"},
    /* no such lists */
    {"[{'id':'a'},{'id':'a'}]", "{'a':1}", "{'a':1}"},
    {"[{'id':'a'},5]", "{'a':1}", "{'a':1}"},
    {"[]", "{'a':1}", "{'a':1}"},
};

/* JSON with single quotes, which are easier to read in C. */
static json_t *parse(const char *text)
{
    char *copy = strdup(text);
    for (char *c = copy; *c; c++)
        if (*c == '\'')
            *c = '"';
    json_t *json = json_loads(copy, JSON_DECODE_ANY, NULL);
    cr_assert(json, "%s", text);
    free(copy);
    return json;
}

Test(patch, makes_what_it_should)
{
    for (size_t i = 0; i < sizeof patches / sizeof patches[0]; i++) {
        json_t *patch = parse(patches[i].patch), *expected = parse(patches[i].result);
        json_t *result = patch_apply(parse(patches[i].target), patch);
        char *shown = json_dumps(result, JSON_COMPACT);
        cr_expect(json_equal(result, expected), "%s with %s is %s", patches[i].target, patches[i].patch, shown);
        free(shown);
        json_decref(result);
        json_decref(expected);
        json_decref(patch);
    }
}

Test(patch, keeps_the_order)
{
    json_t *patch = parse("{'b':9,'d':4,'a':null}");
    json_t *result = patch_apply(parse("{'a':1,'b':2,'c':3}"), patch);
    char *shown = json_dumps(result, JSON_COMPACT);
    cr_assert_str_eq(shown, "{\"b\":9,\"c\":3,\"d\":4}");
    free(shown);
    json_decref(result);
    json_decref(patch);
}

/* What is made between two documents makes one of the other; in lists of entries with ids only the order may differ. */
Test(patch, is_made_between_any_two)
{
    static const struct {
        const char *from, *to, *patch;
    } pairs[] = {
        {"{'a':1}", "{'a':1}", NULL},
        {"{'a':1,'b':2}", "{'b':3}", "{'a':null,'b':3}"},
        {"{'a':{'b':1,'c':2}}", "{'a':{'c':2,'d':{}}}", "{'a':{'b':null,'d':{}}}"},
        {"{'a':[1,2]}", "{'a':[1]}", "{'a':[1]}"},
        {"{'a':5}", "{'a':{'b':1}}", "{'a':{'b':1}}"},
        {"[{'id':'a','n':1},{'id':'b','n':2}]", "[{'id':'a','n':1},{'id':'b','n':3,'m':4}]", "{'b':{'n':3,'m':4}}"},
        {"[{'id':'a','n':1},{'id':'b'}]", "[{'id':'b'},{'id':'c','x':[1]}]", "{'a':null,'c':{'id':'c','x':[1]}}"},
        {"[{'id':'a'}]", "[]", "[]"},
        {"[1]", "[2]", "[2]"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        json_t *from = parse(pairs[i].from), *to = parse(pairs[i].to), *made = patch_make(from, to);
        json_t *expected = pairs[i].patch ? parse(pairs[i].patch) : NULL;
        cr_expect(made == expected || json_equal(made, expected), "from %s to %s", pairs[i].from, pairs[i].to);
        json_t *result = made ? patch_apply(json_deep_copy(from), made) : json_incref(from);
        cr_expect(json_equal(result, to), "from %s to %s it is something else", pairs[i].from, pairs[i].to);
        json_decref(from);
        json_decref(to);
        json_decref(made);
        json_decref(expected);
        json_decref(result);
    }
}

static uint32_t diff(const char *from, const char *to, uint32_t most, struct text *out)
{
    json_t *left = parse(from), *right = parse(to);
    uint32_t count = 0;
    text_clear(out);
    patch_diff(ARENA_TEXT("d"), left, right, most, &count, out);
    json_decref(left);
    json_decref(right);
    return count;
}

Test(patch, differences)
{
    struct text out = {0};
    cr_assert_eq(diff("{'a':1,'b':{'c':[1]}}", "{'b':{'c':[1]},'a':1}", 9, &out), 0);
    cr_assert_eq(diff("[{'id':'x/y','n':1}]", "[{'id':'x/y','n':2},{'id':'z'}]", 9, &out), 2);
    cr_assert_str_eq(text_cstr(&out), "{\"document\":\"d\",\"path\":\"/x~1y/n\",\"from\":1,\"to\":2},"
                                      "{\"document\":\"d\",\"path\":\"/z\",\"to\":{\"id\":\"z\"}}");
    cr_assert_eq(diff("{'a':1,'b':2,'c':3}", "{}", 1, &out), 3);
    cr_assert_str_eq(text_cstr(&out), "{\"document\":\"d\",\"path\":\"/a\",\"from\":1}");
    cr_assert_eq(diff("[1,2]", "[2,1]", 9, &out), 1);
    text_free(&out);
}

/* On a store that fails. ----------------------------------------------------------------------------------- */

static void open_points(struct fixture *f)
{
    char path[512];
    *f = (struct fixture){.store = store_open_memory(), .now = 1700000000000};
    f->host = host_open(NULL, fixture_log, NULL);
    snprintf(path, sizeof path, "%s/points.so", getenv("POINTS_DIR") ? getenv("POINTS_DIR") : ".");
    cr_assert(host_load(f->host, &(struct host_module){.path = path}), "%s does not load", path);
    fixture_arena(f);
}

static const struct data_change change = {.challenge = {"points", 6},
                                          .changes = {"{\"rules\":{\"goal\":7}}", 20},
                                          .version = {"v1@1", 4},
                                          .by = {"", 0},
                                          .note = {"", 0}};

static enum answer run(struct fixture *f, struct call *c,
                       bool (*operation)(struct arena *, struct request *, const struct data_change *))
{
    request_reset(&c->request);
    call_wait(c, operation(f->arena, &c->request, &change));
    return c->request.status;
}

static const char *rules(struct fixture *f, struct call *c)
{
    request_reset(&c->request);
    call_wait(c, arena_data(f->arena, &c->request, ARENA_TEXT("points"), (arena_text){"", 0}, true));
    return call_body(c);
}

Test(rule_data, a_change_that_cannot_be_kept_is_none)
{
    struct fixture f;
    struct call c;
    open_points(&f);
    call_init(&c);
    char *before = strdup(rules(&f, &c));
    store_memory_fail(f.store, 1, STORE_FULL);
    cr_assert_eq(run(&f, &c, arena_data_stage), ANSWER_BUSY, "%s", call_body(&c));
    cr_assert(strstr(call_body(&c), "STORE_FULL"));
    cr_assert_str_eq(rules(&f, &c), before);
    cr_assert_eq(run(&f, &c, arena_data_stage), ANSWER_OK, "%s", call_body(&c));
    free(before);
    before = strdup(rules(&f, &c));
    store_memory_fail(f.store, 1, STORE_FAILED);
    cr_assert_eq(run(&f, &c, arena_data_promote), ANSWER_BUSY, "%s", call_body(&c));
    cr_assert_str_eq(rules(&f, &c), before);
    cr_assert_eq(run(&f, &c, arena_data_promote), ANSWER_OK, "%s", call_body(&c));
    cr_assert(strstr(rules(&f, &c), "\"active\":\"v1@1\""));
    free(before);
    call_finish(&c);
    fixture_close(&f);
}

/* Tables that are kept. ------------------------------------------------------------------------------------- */

enum { VERSIONS = DATA_TABLES + 6 };

static struct data_version versions[VERSIONS];
static struct data_tables tables = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* A version of two documents; the entry in "list" is called as the version's number. */
static void make_version(struct data_version *version, int number)
{
    char json[64];
    snprintf(json, sizeof json, "[{\"id\":\"Entry%d\"},7]", number);
    data_put(&version->set, ARENA_TEXT("list"));
    data_put(&version->set, text_of(json));
    data_put(&version->set, ARENA_TEXT("object"));
    data_put(&version->set, ARENA_TEXT("{\"A\":[1],\"b\":null}"));
}

static void make_versions(void)
{
    for (int i = 0; i < VERSIONS; i++)
        make_version(&versions[i], i);
}

static void free_versions(void)
{
    data_tables_drop(&tables);
    for (int i = 0; i < VERSIONS; i++)
        text_free(&versions[i].set);
}

static const struct data_table *get(int version, const char *document)
{
    bool damaged;
    const struct data_table *table = data_table_get(&tables, &versions[version], text_of(document), &damaged);
    cr_assert(!damaged);
    return table;
}

static void expect(arena_text text, const char *wanted)
{
    cr_assert(text_equal(text, text_of(wanted)), "%.*s instead of %s", (int)text.len, text.ptr, wanted);
}

Test(data_table, has_entries_and_is_kept, .init = make_versions, .fini = free_versions)
{
    const struct data_table *list = get(3, "list"), *object = get(3, "object"), *again = get(3, "list");
    cr_assert(list == again && list != object && tables.count == 2);
    cr_assert(list->count == 2 && object->count == 2);
    expect(list->entries[0].name, "Entry3");
    expect(list->entries[0].name_low, "entry3");
    expect(list->entries[0].json, "{\"id\":\"Entry3\"}");
    expect(list->entries[1].name, "1");
    expect(list->entries[1].json, "7");
    expect(object->entries[0].name, "A");
    expect(object->entries[0].name_low, "a");
    expect(object->entries[1].json_low, "null");
    cr_assert_null(get(3, "other"));
    data_tables_drop(&tables);
    cr_assert(tables.count == 0 && tables.bytes == 0);
    expect(list->entries[0].name, "Entry3"); /* who has one may go on */
    data_table_put(list);
    data_table_put(again);
    data_table_put(object);
}

Test(data_table, those_asked_for_last_are_kept, .init = make_versions, .fini = free_versions)
{
    const struct data_table *first = get(0, "list");
    for (int i = 0; i < VERSIONS; i++) {
        data_table_put(get(i, "list"));
        data_table_put(get(0, "list"));
    }
    cr_assert_eq(tables.count, (uint32_t)DATA_TABLES);
    const struct data_table *again = get(0, "list");
    cr_assert(again == first, "it was asked for all the time");
    data_table_put(again);
    data_table_put(first);
    size_t bytes = 0;
    for (const struct data_table *t = tables.first; t; t = t->next)
        bytes += t->weight;
    cr_assert_eq(bytes, tables.bytes);
}

/* What is larger than all room is told and not kept, and drives nothing out. */
Test(data_table, a_huge_document_is_not_kept)
{
    struct data_version huge = {0}, small = {0};
    struct text json = {0};
    bool damaged;
    text_puts(&json, "[\"");
    while (json.len <= DATA_TABLES_BYTES / 2)
        text_puts(&json, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    text_puts(&json, "\"]");
    data_put(&huge.set, ARENA_TEXT("d"));
    data_put(&huge.set, text_slice(&json));
    make_version(&small, 1);
    data_table_put(data_table_get(&tables, &small, ARENA_TEXT("list"), &damaged));
    const struct data_table *table = data_table_get(&tables, &huge, ARENA_TEXT("d"), &damaged);
    cr_assert(table && !damaged && table->count == 1 && tables.count == 1);
    data_table_put(table);
    text_clear(&huge.set);
    text_puts(&huge.set, "xyz");
    cr_assert_null(data_table_get(&tables, &huge, ARENA_TEXT("d"), &damaged));
    cr_assert(damaged);
    data_tables_drop(&tables);
    text_free(&huge.set);
    text_free(&small.set);
    text_free(&json);
}

static void *ask(void *seed)
{
    unsigned n = (unsigned)(uintptr_t)seed;
    for (int i = 0; i < 4000; i++) {
        char name[16];
        bool damaged;
        n = n * 1664525u + 1013904223u;
        const int version = (int)(n >> 16) % VERSIONS;
        snprintf(name, sizeof name, "Entry%d", version);
        const struct data_table *table = data_table_get(&tables, &versions[version], ARENA_TEXT("list"), &damaged);
        cr_assert(table && text_equal(table->entries[0].name, text_of(name)));
        data_table_put(table);
        if (i % 500 == 0)
            data_tables_drop(&tables);
    }
    return NULL;
}

Test(data_table, threads_may_ask_at_once, .init = make_versions, .fini = free_versions)
{
    pthread_t threads[4];
    for (uintptr_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, ask, (void *)(i + 1));
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    cr_assert_leq(tables.count, (uint32_t)DATA_TABLES);
}

/* Who asks after a promotion gets the new version's entries. */
Test(data_table, the_catalogue_follows_the_active_version)
{
    const struct data_query query = {.document = {"rules", 5}, .text = {"GOAL", 4}, .limit = 9};
    struct fixture f;
    struct call c;
    open_points(&f);
    call_init(&c);
    for (int i = 0; i < 3; i++) {
        request_reset(&c.request);
        call_wait(&c, arena_data_catalogue(f.arena, &c.request, ARENA_TEXT("points"), &query, false));
        cr_assert_eq(c.request.status, ANSWER_OK, "%s", call_body(&c));
        cr_assert_eq(strstr(call_body(&c), "\"entry\":\"goal\",\"data\":7}") != NULL, i == 2, "%s", call_body(&c));
        if (i == 1)
            cr_assert(run(&f, &c, arena_data_stage) == ANSWER_OK && run(&f, &c, arena_data_promote) == ANSWER_OK);
    }
    call_finish(&c);
    fixture_close(&f);
}
