/* Rule data in the core: patches, differences, and what happens when the store cannot keep a change. */
#include "core_fixture.h"

#include "core/patch.h"

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
