/* test_dex.c - data versions from texts: what compiles, what is refused and how it is told, and that all is given back.
 * A plain program, so that it can run under valgrind. */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "battle.h"
#include "dex.h"

enum { DOCUMENTS = 16, VERSIONS = 20 };

static int failures;

__attribute__((format(printf, 2, 3))) static void expect(bool good, const char *format, ...)
{
    va_list args;
    if (good)
        return;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    failures++;
}

/* ---------------------------------------------------------------------------------------------------- edits --- */

struct edited { /* the documents of a built-in version, some of them changed */
    struct dex_document documents[DOCUMENTS];
    size_t n;
    char *own[DOCUMENTS];
};

/* What is not built into the engine, since it is as usual there: from the files. */
static void add_file(struct edited *e, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, DEX_DATA "/%s.json", name);
    json_t *root = json_load_file(path, 0, NULL);
    e->own[e->n] = json_dumps(root, JSON_COMPACT);
    expect(e->own[e->n], "%s cannot be read", path);
    e->documents[e->n] = (struct dex_document){name, e->own[e->n], e->own[e->n] ? strlen(e->own[e->n]) : 0};
    e->n++;
    json_decref(root);
}

static void edited_open(struct edited *e, const char *version)
{
    *e = (struct edited){0};
    e->n = dex_documents(version, e->documents, DOCUMENTS);
    expect(e->n >= 4 && e->n <= DOCUMENTS - 2, "%s has %zu documents", version, e->n);
    add_file(e, "types");
    add_file(e, "natures");
}

static void edited_close(struct edited *e)
{
    for (size_t i = 0; i < e->n; i++)
        free(e->own[i]);
}

static size_t place_of(const struct edited *e, const char *name)
{
    size_t i = 0;
    while (i < e->n && strcmp(e->documents[i].name, name) != 0)
        i++;
    return i;
}

static void put(struct edited *e, const char *name, char *text)
{
    size_t i = place_of(e, name);
    expect(i < e->n && text, "there is no document %s", name);
    if (i == e->n)
        return;
    free(e->own[i]);
    e->own[i] = text;
    e->documents[i].text = text;
    e->documents[i].len = strlen(text);
}

static json_t *tree(const struct edited *e, const char *name)
{
    const struct dex_document *d = &e->documents[place_of(e, name)];
    return json_loadb(d->text, d->len, 0, NULL);
}

/* Sets members of the row of this id, or of the member of this name. */
static void change(struct edited *e, const char *name, const char *id, const char *members)
{
    json_t *root = tree(e, name), *now = json_loads(members, JSON_DECODE_ANY, NULL), *row = NULL;
    for (size_t i = 0; i < json_array_size(root); i++) {
        const char *own =
            json_string_value(json_object_get(json_array_get(root, i), strcmp(name, "types") ? "id" : "name"));
        if (own && !strcmp(own, id))
            row = json_array_get(root, i);
    }
    if (json_is_object(root))
        json_object_set(root, id, now);
    else
        expect(row && json_object_update(row, now) == 0, "%s has no %s", name, id);
    put(e, name, json_dumps(root, JSON_COMPACT));
    json_decref(now);
    json_decref(root);
}

/* ------------------------------------------------------------------------------------------------- mistakes --- */

struct told {
    unsigned n;
    char text[4096];
};

static void tell(void *ctx, const char *document, const char *entry, const char *sentence)
{
    struct told *t = ctx;
    size_t len = strlen(t->text);
    snprintf(t->text + len, sizeof t->text - len, "%s, %s: %s\n", document, entry, sentence);
    t->n++;
}

static void refused(const struct edited *e, unsigned n, const char *words)
{
    struct told told = {0};
    struct dex *dex = dex_from_texts("edited", e->documents, e->n, tell, &told);
    expect(!dex, "it was taken, though: %s", words);
    expect(told.n == n && strstr(told.text, words), "expected %u mistakes with\n    %s\ngot %u:\n%s", n, words, told.n,
           told.text);
    dex_free(dex);
}

static const struct {
    const char *document, *id, *members, *told; /* one mistake each */
} mistakes[] = {
    {"moves", "ember", "{\"power\":999}", "moves, ember: \"power\" must be a whole number from 0 to 250"},
    {"moves", "ember", "{\"type\":\"Fir\"}", "moves, ember: type \"Fir\" is unknown"},
    {"moves", "ember", "{\"type\":5}", "moves, ember: \"type\" must be a text"},
    {"moves", "ember", "{\"status\":\"any\"}", "moves, ember: \"status\": \"any\" is unknown"},
    {"moves", "ember", "{\"flags\":[\"warm\"]}", "moves, ember: flag \"warm\" is unknown"},
    {"moves", "ember", "{\"damage\":300}", "moves, ember: \"damage\""},
    {"moves", "ember", "{\"category\":\"hot\"}", "moves, ember: \"category\": \"hot\" is unknown"},
    {"moves", "ember", "{\"secondaries\":[{},{},{},{}]}", "moves, ember: a move has at most three"},
    {"species", "mew", "{\"abilities\":[\"nothing\"]}", "species, mew: ability \"nothing\" is unknown"},
    {"species", "mew", "{\"stats\":[1,2,3]}", "species, mew: it needs six stats"},
    {"species", "mew", "{\"base\":\"meww\"}", "species, mew: \"base\": \"meww\" is no species"},
    {"species", "mew", "{\"tags\":[7,\"paradox\",null],\"types\":[null]}", "species, mew: type \"\" is unknown"},
    {"items", "flameplate", "{\"plate\":\"Hot\"}", "items, flameplate: \"plate\": \"Hot\" is unknown"},
    {"items", "flameplate", "{\"users\":[\"nobody\"]}", "items, flameplate: \"users\": \"nobody\" is no species"},
    {"abilities", "levitate", "{\"flags\":[\"airy\"]}", "abilities, levitate: flag \"airy\" is unknown"},
    {"learnsets", "mew", "{\"moves\":\"pound slap\"}", "learnsets, mew: it learns \"slap\", which is no move"},
    {"learnsets", "mew", "{\"same\":\"meww\"}", "learnsets, mew: \"meww\" is no species"},
    {"effects/items", "leftovers", "[{\"on\":\"tea\",\"do\":[\"fail\"]}]", "effects/items, leftovers: \"on\": \"tea\""},
    {"effects/items", "leftovers", "[{\"on\":\"residual\"}]", "effects/items, leftovers: a hook needs something"},
    {"effects/items", "leftovers", "[{\"on\":\"residual\",\"do\":[\"heal holder 1/0\"]}]", "effects/items, leftovers"},
    {"effects/items", "leftovers", "[{\"on\":\"residual\",\"do\":[\"status holder any\"]}]",
     "one status must be named"},
    {"effects/items", "leftovers", "[{\"on\":\"modify_atk\",\"do\":[\"times 1e99\"]}]", "no operation"},
    {"effects/items", "leftovers", "[{\"on\":\"residual\",\"do\":[\"native trick\"]}]",
     "native \"trick\" cannot be used"},
    {"effects/items", "leftovers", "[{\"on\":\"residual\",\"do\":[\"fail\"],\"when\":1}]",
     "\"when\" is no part of a hook"},
    {"effects/items", "leftovers", "[7]", "a hook must be an object"},
    {"effects/items", "leftovers", "7", "it must be a list of hooks"},
    {"effects/items", "leftover", "[]", "effects/items, leftover: there is no such entry"},
    {"effects/conditions", "tired", "[]",
     "effects/conditions, tired: it is no condition of a Pokémon, a side or the field"},
    {"types", "Fire", "{\"against\":[1,2,3]}", "types, Fire: row 7 must be of this type"},
    {"types", "Fire", "{\"against\":[4,2,1,2,2,2,1,2,2,4,2,4,2,2,2,1,3,1]}", "types, Fire: against Steel"},
    {"types", "Fire", "{\"immune\":[\"brn\",\"par\"]}", "types, Fire: \"immune\" cannot be changed"},
    {"types", "Dragon", "{\"immune\":[\"brn\"]}", "must list nothing"},
    {"natures", "adamant", "{\"plus\":\"spe\"}", "natures, adamant: natures are the engine's own"},
    {"rules", "turn_cap", "0", "rules, turn_cap: it must be a whole number from 1 to 4000"},
    {"rules", "turncap", "9", "rules, turncap: there is no such rule"},
};

static void test_every_mistake_is_told(void)
{
    struct edited all;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct edited e;
        edited_open(&e, "gen9-v1");
        change(&e, mistakes[i].document, mistakes[i].id, mistakes[i].members);
        refused(&e, 1, mistakes[i].told);
        edited_close(&e);
    }
    edited_open(&all, "gen9-v1");
    change(&all, "moves", "ember", "{\"power\":999,\"accuracy\":101,\"pp\":99}");
    change(&all, "species", "mew", "{\"stats\":[1,2,3]}");
    change(&all, "species", "ditto", "{\"abilities\":[\"no\",\"never\"]}");
    change(&all, "effects/abilities", "levitate", "[{\"on\":\"x\"},{\"on\":\"y\"}]");
    refused(&all, 8, "effects/abilities, levitate: \"on\": \"y\" is no event");
    edited_close(&all);
}

static void test_documents_that_are_none(void)
{
    struct edited e;
    static const char *const texts[] = {"", "{", "[", "7", "null", "{}", "[7]", "[[]]", "\"x\"", "[{},{}]"};
    for (size_t d = 0; d < DOCUMENTS; d++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            struct told told = {0};
            edited_open(&e, "gen9-v1");
            if (d < e.n) {
                put(&e, e.documents[d].name, strdup(texts[i]));
                struct dex *dex = dex_from_texts("edited", e.documents, e.n, tell, &told);
                expect(!dex == (told.n > 0), "%s as %s: %u mistakes", e.documents[d].name, texts[i], told.n);
                dex_free(dex);
            }
            edited_close(&e);
        }
    struct told told = {0};
    expect(!dex_from_texts("none", NULL, 0, tell, &told) && told.n == 4, "nothing at all: %s", told.text);
    expect(!dex_from_texts("a-name-that-is-longer-than-names-may-be", NULL, 0, NULL, NULL), "a long name was taken");
}

/* ------------------------------------------------------------------------------------------------ what is good --- */

static void test_the_same_as_built_in(void)
{
    static const char *const versions[] = {"gen9-v1", "gen1-v1"};
    for (int v = 0; v < 2; v++) {
        struct edited e;
        struct told told = {0};
        struct dex_stats a, b;
        const struct dex *known = dex_find(versions[v]);
        edited_open(&e, versions[v]);
        struct dex *dex = dex_from_texts(versions[v], e.documents, e.n, tell, &told);
        expect(dex && known, "%s: %s", versions[v], told.text);
        if (!dex || !known)
            return;
        dex_count(dex, &a);
        dex_count(known, &b);
        expect(!memcmp(&a, &b, sizeof a) && dex->fingerprint == known->fingerprint, "%s is another one", versions[v]);
        expect(!memcmp(dex->moves, known->moves, (dex->moves_n + 1u) * sizeof *dex->moves), "moves differ");
        expect(!memcmp(dex->species, known->species, (dex->species_n + 1u) * sizeof *dex->species), "species differ");
        dex_free(dex);
        edited_close(&e);
    }
    expect(!dex_find("gen0-v1") && !dex_documents("gen0-v1", NULL, 0), "gen0-v1 is there");
}

static void test_rows_in_any_order(void)
{
    struct edited e;
    struct told told = {0};
    edited_open(&e, "gen9-v1");
    json_t *moves = tree(&e, "moves"), *back = json_array();
    for (size_t i = json_array_size(moves); i-- > 0;)
        json_array_append(back, json_array_get(moves, i));
    put(&e, "moves", json_dumps(back, 0));
    struct dex *dex = dex_from_texts("gen9-v1", e.documents, e.n, tell, &told);
    const struct dex *known = dex_find("gen9-v1");
    expect(dex && known && dex_move(dex, "surf") == dex_move(known, "surf"), "%s", told.text);
    dex_free(dex);
    json_array_append(back, json_array_get(moves, 0));
    put(&e, "moves", json_dumps(back, 0));
    refused(&e, 1, "there are two rows of this id");
    json_decref(moves);
    json_decref(back);
    edited_close(&e);
}

/* Many at once, each with its own numbers. */
static void test_many_versions(void)
{
    struct dex *all[VERSIONS];
    for (int i = 0; i < VERSIONS; i++) {
        struct edited e;
        char name[24], members[32];
        snprintf(name, sizeof name, "gen1-v1@%d", i + 1);
        snprintf(members, sizeof members, "{\"power\":%d}", i + 1);
        edited_open(&e, "gen1-v1");
        change(&e, "moves", "ember", members);
        all[i] = dex_from_texts(name, e.documents, e.n, NULL, NULL);
        edited_close(&e);
    }
    for (int i = 0; i < VERSIONS; i++) {
        expect(all[i] && all[i]->moves[dex_move(all[i], "ember")].power == i + 1, "version %d is another one", i);
        expect(all[i] && all[0] && (!i || all[i]->fingerprint != all[0]->fingerprint), "fingerprints are the same");
    }
    for (int i = 0; i < VERSIONS; i++)
        dex_free(all[i]);
}

/* A battle goes on by the rules it began with; a version of the same name that says something else is refused, be the
 * difference ever so small. */
static void test_other_rules_of_one_name(void)
{
    const struct dex *known = dex_find("gen9-v1");
    struct dex *same, *other;
    struct edited e;
    edited_open(&e, "gen9-v1");
    same = dex_from_texts("gen9-v1", e.documents, e.n, NULL, NULL);
    change(&e, "moves", "tackle", "{\"accuracy\":99}");
    other = dex_from_texts("gen9-v1", e.documents, e.n, NULL, NULL);
    edited_close(&e);
    struct battle_set teams[2][BATTLE_PARTY];
    const int sizes[2] = {1, 1};
    for (int i = 0; i < 2; i++) {
        teams[i][0] = battle_set_default(dex_species(known, "snorlax"));
        teams[i][0].ability = dex_ability(known, "immunity");
        teams[i][0].moves[0] = dex_move(known, "tackle");
    }
    struct battle b, back;
    expect(same && other && !battle_start(&b, known, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 1, NULL),
           "no battle");
    if (!same || !other)
        return;
    expect(same->contents == known->contents && other->contents != known->contents, "contents are not told apart");
    struct battle copy = b;
    expect(battle_step(&copy, other, 0, 0, NULL) == BATTLE_BAD_CHOICE, "stepped with other rules");
    expect(!memcmp(&copy, &b, sizeof b), "and changed");
    expect(battle_step(&copy, same, 0, 0, NULL) >= 0, "not stepped with its own rules");
    uint8_t bytes[BATTLE_ENCODED_MAX];
    const size_t n = battle_encode(&b, bytes);
    expect(!battle_decode(&back, other, bytes, n) && battle_digest(&back) == battle_digest(&b),
           "stored bytes are lost");
    expect(battle_step(&back, other, 0, 0, NULL) >= 0, "and do not go on by the rules that they are read with");
    dex_free(same);
    dex_free(other);
}

static void test_folders(void)
{
    struct told told = {0};
    expect(!dex_load("/nowhere", "x", tell, &told) && told.n == 4, "a folder that is none: %s", told.text);
}

int main(void)
{
    test_every_mistake_is_told();
    test_documents_that_are_none();
    test_the_same_as_built_in();
    test_rows_in_any_order();
    test_many_versions();
    test_other_rules_of_one_name();
    test_folders();
    printf(failures ? "%d failed\n" : "all good\n", failures);
    return failures ? 1 : 0;
}
