/*
 * fuzz_dex.c - any bytes as data files: the real data, spoiled as the input says, is refused or can be played.
 *
 * A small version (some rows of the real ones, with their effects) is made from the real data; then the input changes
 * members anywhere in it, puts parts of it in other places, and overwrites bytes of the texts.  Compilers of engine and
 * teams and the rules of the data look at it; what the engine takes is played for some turns.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "battle.h"
#include "dataset.h"
#include "facts.h"

enum { DOCUMENTS = 16, TURNS = 24, CHANGES = 12, BATTLES = 4 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---------------------------------------------------------------------------------------------------- input --- */

static const uint8_t *input;
static size_t left;
static uint64_t more; /* a short input goes on as a sequence of its own */

static unsigned byte(void)
{
    more = more * 6364136223846793005u + 1442695040888963407u;
    if (!left)
        return more >> 56;
    more += *input;
    return left--, *input++;
}

static unsigned below(unsigned n)
{
    unsigned v = byte();
    return n > 256 ? (v | byte() << 8) % n : n ? v % n : 0;
}

/* ------------------------------------------------------------------------------------------------ real data --- */

static struct document {
    char name[32];
    json_t *whole; /* as it is in the real data */
} all[DOCUMENTS];
static size_t documents;

static struct document *find(const char *name)
{
    for (size_t i = 0; i < documents; i++)
        if (!strcmp(all[i].name, name))
            return &all[i];
    abort();
}

static void add(const char *name, const char *text, size_t len)
{
    assert(text && documents < DOCUMENTS);
    snprintf(all[documents].name, sizeof all[documents].name, "%s", name);
    all[documents].whole = json_loadb(text, len, 0, NULL);
    assert(all[documents++].whole);
}

static const char *id_of(const json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    return id ? id : "";
}

static bool is_row(const json_t *rows, const char *id)
{
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (!strcmp(id_of(json_array_get(rows, i)), id))
            return true;
    return false;
}

/* One row of so many; whole versions would take too long. */
static void keep_some(const char *name, size_t step, const char *always)
{
    json_t *rows = find(name)->whole, *few = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if ((i % step == 0 && !json_object_get(row, "base") && !json_object_get(row, "prevo")) ||
            !strcmp(id_of(row), always))
            json_array_append(few, (json_t *)row);
    }
    json_decref(rows);
    find(name)->whole = few;
}

/* What rows say of others, which may not be there, goes. */
static void forget(const char *name, const char *key)
{
    json_t *rows = find(name)->whole;
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_object_del(json_array_get(rows, i), key);
}

static void settle_species(void)
{
    json_t *rows = find("species")->whole, *abilities = find("abilities")->whole, *moves = find("moves")->whole;
    json_t *learnsets = json_array();
    char text[4096] = "";
    for (size_t i = 0; i < json_array_size(moves) && strlen(text) < 4000; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "",
                 id_of(json_array_get(moves, i)));
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        const char *ability = id_of(json_array_get(abilities, i % json_array_size(abilities)));
        json_object_set_new(row, "abilities", json_pack("[s]", ability));
        json_array_append_new(learnsets,
                              i ? json_pack("{s:s, s:s}", "id", id_of(row), "same", id_of(json_array_get(rows, 0)))
                                : json_pack("{s:s, s:s}", "id", id_of(row), "moves", text));
    }
    json_decref(find("learnsets")->whole);
    find("learnsets")->whole = learnsets;
}

/* Whether a text of an effect names nothing that was left out. */
static bool is_possible(const json_t *v, json_t *const lists[4], const json_t *names)
{
    char text[200], *rest = text;
    snprintf(text, sizeof text, "%s", json_is_string(v) ? json_string_value(v) : "");
    for (size_t i = 0; i < json_array_size(v); i++)
        if (!is_possible(json_array_get(v, i), lists, names))
            return false;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)v, key, value) {
        if (!is_possible(value, lists, names))
            return false;
    }
    for (const char *word; (word = strtok_r(rest, " ", &rest));)
        if (json_object_get(names, word)) {
            bool there = false;
            for (int l = 0; l < 4; l++)
                there |= is_row(lists[l], word);
            if (!there)
                return false;
        }
    return true;
}

static void settle_effects(const char *name, const json_t *rows, json_t *const lists[4], const json_t *names)
{
    json_t *effects = find(name)->whole, *few = json_object();
    const char *key;
    json_t *value;
    json_object_foreach(effects, key, value) {
        if ((!rows || is_row(rows, key)) && is_possible(value, lists, names))
            json_object_set(few, key, value);
    }
    json_decref(effects);
    find(name)->whole = few;
}

static void note_names(json_t *names, const char *name)
{
    const json_t *rows = find(name)->whole;
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_object_set_new(names, id_of(json_array_get(rows, i)), json_true());
}

/* A small version that is whole in itself. */
static void make_small(void)
{
    json_t *names = json_object();
    static const char *const kinds[] = {"species", "moves", "abilities", "items"};
    json_t *lists[4];
    for (int i = 0; i < 4; i++)
        note_names(names, kinds[i]);
    keep_some("species", 90, "mew");
    keep_some("moves", 7, "struggle");
    keep_some("abilities", 5, "levitate");
    keep_some("items", 5, "leftovers");
    for (int i = 0; i < 4; i++)
        lists[i] = find(kinds[i])->whole;
    forget("items", "users");
    forget("items", "forme");
    forget("formats", "ban");
    forget("clauses", "moves");
    forget("clauses", "abilities");
    forget("clauses", "items");
    json_array_clear(find("legality")->whole);
    settle_species();
    settle_effects("effects/moves", lists[1], lists, names);
    settle_effects("effects/abilities", lists[2], lists, names);
    settle_effects("effects/items", lists[3], lists, names);
    settle_effects("effects/conditions", NULL, lists, names);
    json_decref(names);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const teams[] = {"types", "natures", "legality", "clauses", "formats"};
    struct dex_document engine[DOCUMENTS];
    size_t n = dex_documents("gen9-v1", engine, DOCUMENTS), len = 0;
    (void)argc;
    (void)argv;
    for (size_t i = 0; i < n; i++)
        add(engine[i].name, engine[i].text, engine[i].len);
    for (size_t i = 0; i < 5; i++) {
        const char *text = team_document("gen9-v1", teams[i], &len);
        add(teams[i], text, len);
    }
    make_small();
    return 0;
}

/* --------------------------------------------------------------------------------------------------- a draft --- */

static json_t *draft[DOCUMENTS];

static void begin_draft(void)
{
    for (size_t i = 0; i < documents; i++)
        draft[i] = json_deep_copy(all[i].whole);
}

static size_t size_of(const json_t *v)
{
    return json_is_object(v) ? json_object_size(v) : json_array_size(v);
}

static const char *key_at(const json_t *object, size_t n)
{
    void *at = json_object_iter((json_t *)object);
    while (n--)
        at = json_object_iter_next((json_t *)object, at);
    return json_object_iter_key(at);
}

static json_t *child(const json_t *v, size_t n)
{
    return json_is_object(v) ? json_object_get(v, key_at(v, n)) : json_array_get(v, n);
}

/* Some part of the real data, or a value that is none of it. */
static json_t *some_value(void)
{
    static const char *const texts[] = {"",
                                        "any",
                                        "Stellar",
                                        "self",
                                        "source",
                                        "ally",
                                        "native trick",
                                        "fail",
                                        "stop",
                                        "yes",
                                        "set 9999",
                                        "set -1",
                                        "add 999",
                                        "times 255",
                                        "times 0",
                                        "hurt holder 1/8",
                                        "hurt target 999/1",
                                        "heal source 1/2",
                                        "boost foe atk 6",
                                        "status target slp",
                                        "volatile target confusion",
                                        "weather none",
                                        "terrain grassy",
                                        "use item",
                                        "eat item",
                                        "trap",
                                        "turn into fire",
                                        "keep attack",
                                        "keep stages atk -1",
                                        "refuse status",
                                        "never miss",
                                        "power 9999",
                                        "absorb by heal 1/4",
                                        "not holder alive",
                                        "lethal",
                                        "chance 1 in 0",
                                        "move type fire or crit",
                                        "residual",
                                        "damage",
                                        "update"};
    static const json_int_t numbers[] = {0,   1,   -1,  2,   5,    6,     7,     10,    12,
                                         31,  32,  62,  100, 101,  120,   127,   128,   200,
                                         254, 255, 256, 999, 4096, 32767, 65535, 65536, 1000000000};
    switch (below(6)) {
    case 0: return json_integer(numbers[below(sizeof numbers / sizeof *numbers)]);
    case 1: return json_string(texts[below(sizeof texts / sizeof *texts)]);
    case 2: {
        json_t *plain[] = {json_null(), json_true(), json_false(), json_array(), json_object(), json_real(0.5)};
        unsigned one = below(6);
        for (unsigned i = 3; i < 6; i++)
            if (i != one)
                json_decref(plain[i]);
        return plain[one];
    }
    default: {
        const json_t *v = all[below((unsigned)documents)].whole;
        for (unsigned depth = 1 + below(5); depth && size_of(v); depth--)
            v = child(v, below((unsigned)size_of(v)));
        return json_deep_copy(v);
    }
    }
}

static void change_one(void)
{
    json_t *v = draft[below((unsigned)documents)];
    for (unsigned depth = below(6); depth && size_of(v); depth--) {
        json_t *next = child(v, below((unsigned)size_of(v)));
        if (!size_of(next))
            break;
        v = next;
    }
    size_t n = size_of(v), at = below((unsigned)n);
    bool away = byte() < 40;
    if (json_is_array(v)) {
        if (n && away)
            json_array_remove(v, at);
        else if (n && byte() < 200)
            json_array_set_new(v, at, some_value());
        else if (n < 4000)
            json_array_insert_new(v, at, some_value());
    } else if (json_is_object(v) && n) {
        char key[64];
        snprintf(key, sizeof key, "%s", key_at(v, at));
        if (away)
            json_object_del(v, key);
        else
            json_object_set_new(v, key, some_value());
    }
}

/* A hook of one effect to another, perhaps on another event: most of these are taken. */
static void graft_one(void)
{
    static const char *const kinds[] = {"effects/moves", "effects/abilities", "effects/items"};
    static const char *const roles[] = {"self", "ally", "any", "foe", "source"};
    json_t *from = find(kinds[below(3)])->whole, *to = draft[find(kinds[below(3)]) - all];
    json_t *list = child(from, below((unsigned)size_of(from))),
           *other = size_of(to) ? child(to, below((unsigned)size_of(to))) : NULL;
    if (!json_array_size(list) || !json_array_size(other))
        return;
    json_t *hook = json_deep_copy(json_array_get(list, below((unsigned)json_array_size(list))));
    const json_t *at = json_array_get(other, 0);
    if (byte() < 128 && json_object_get(at, "on"))
        json_object_set(hook, "on", json_object_get(at, "on"));
    if (byte() < 64)
        json_object_set_new(hook, "role", json_string(roles[below(5)]));
    if (byte() < 128)
        json_object_del(hook, "if");
    json_array_insert_new(other, below((unsigned)json_array_size(other) + 1), hook);
}

/* ----------------------------------------------------------------------------------------------------- play --- */

static bool makes_team(const struct dex *dex, struct battle_set team[BATTLE_PARTY], int size)
{
    for (int i = 0; i < size; i++) {
        team[i] = battle_set_default((uint16_t)(1 + below(dex->species_n)));
        team[i].ability = (uint16_t)below(dex->abilities_n + 1u);
        team[i].item = (uint16_t)below(dex->items_n + 1u);
        team[i].level = (uint8_t)(1 + below(100));
        team[i].tera = (uint8_t)(1 + below(TYPES - 1));
        for (int k = 0; k < BATTLE_MOVES; k++)
            team[i].moves[k] = (uint16_t)(1 + below(dex->moves_n));
    }
    return battle_team_check(dex, team, size) == 0;
}

static int choose(uint32_t mask)
{
    int options[BATTLE_CHOICES], n = 0;
    for (int i = 0; i < BATTLE_CHOICES; i++)
        if (mask >> i & 1)
            options[n++] = i;
    return n ? options[below((unsigned)n)] : BATTLE_NO_CHOICE;
}

static void play(const struct dex *dex)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    static char text[1 << 16];
    struct battle_set teams[2][BATTLE_PARTY];
    const int sizes[2] = {2, 2};
    struct battle b;
    if (!makes_team(dex, teams[0], 2) || !makes_team(dex, teams[1], 2))
        return;
    struct battle_known known;
    struct battle_log start = {.known = &known};
    int refused = battle_start(&b, dex, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, byte(), &start);
    assert(!refused);
    for (int turn = 0; turn < TURNS && b.phase != BATTLE_ENDED; turn++) {
        struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX, .known = &known};
        struct battle_view view;
        uint8_t bytes[BATTLE_ENCODED_MAX];
        struct battle back;
        int one = choose(battle_choices(&b, dex, 0));
        enum battle_result r = battle_step(&b, dex, one, choose(battle_choices(&b, dex, 1)), &log);
        assert(r >= 0);
        size_t n = battle_encode(&b, bytes);
        refused = battle_decode(&back, dex, bytes, n);
        assert(!refused);
        for (int viewer = BATTLE_FULL; viewer < 2; viewer++) {
            struct battle_text out = {text, sizeof text, 0, false};
            battle_view(&b, &known, dex, viewer, &view);
            battle_log_text(&b, dex, &log, viewer, &out);
        }
    }
}

/* ----------------------------------------------------------------------------------------------------- whole --- */

static char *texts[DOCUMENTS];
static struct dex_document ready[DOCUMENTS];

static void told(void *ctx, const char *document, const char *entry, const char *sentence)
{
    assert(document && entry && sentence && *sentence);
    ++*(unsigned *)ctx;
}

static void write_down(bool damaged)
{
    for (size_t i = 0; i < documents; i++) {
        texts[i] = json_dumps(draft[i], JSON_COMPACT | JSON_ENCODE_ANY);
        assert(texts[i]);
        ready[i] = (struct dex_document){all[i].name, texts[i], strlen(texts[i])};
    }
    for (unsigned damages = damaged && byte() < 32 ? byte() % 8 : 0; damages; damages--) {
        struct dex_document *d = &ready[below((unsigned)documents)];
        if (d->len)
            texts[d - ready][(byte() | byte() << 8 | byte() << 16) % d->len] = (char)byte();
    }
}

static const char *source(void *ctx, const char *name, size_t *len)
{
    (void)ctx;
    for (size_t i = 0; i < documents; i++)
        if (!strncmp(all[i].name, name, strcspn(name, ".")) && strlen(all[i].name) == strcspn(name, ".")) {
            *len = ready[i].len;
            return ready[i].text;
        }
    return NULL;
}

static void check_rules(void)
{
    struct dataset set = {0};
    struct findings found = {0};
    for (int f = 0; f < DATASET_FILES; f++) {
        size_t i = 0;
        while (i < documents && strcmp(all[i].name, dataset_names[f]) != 0)
            i++;
        dataset_put(&set, (enum dataset_file)f,
                    i < documents ? json_loadb(ready[i].text, ready[i].len, JSON_REJECT_DUPLICATES, NULL) : NULL,
                    &found);
    }
    dataset_check(&set, &found);
    dataset_free(&set);
    findings_free(&found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned mistakes = 0;
    char why[256];
    input = data;
    left = size;
    more = size;
    begin_draft();
    unsigned grafts = size ? below(CHANGES) : 0, changes = size ? below(grafts ? 3 : CHANGES) : 0;
    while (grafts--)
        graft_one();
    while (changes--)
        change_one();
    write_down(size > 0);
    struct dex *dex = dex_from_texts("fuzzed", ready, documents, told, &mistakes);
    assert(!dex == (mistakes > 0));
    assert(dex || size); /* what is not spoiled is good */
    for (int i = 0; dex && i < BATTLES; i++)
        play(dex);
    dex_free(dex);
    if (byte() % 4 == 0) {
        team_facts_free(team_facts_read("fuzzed", source, NULL, why, sizeof why));
        check_rules();
    }
    for (size_t i = 0; i < documents; i++) {
        json_decref(draft[i]);
        free(texts[i]);
    }
    return 0;
}
