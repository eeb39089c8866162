/*
 * test_battle_sentences.c - how sentences of the rules are read and run: alternatives, "when", "try", "must", answers.
 *
 * Each case declares the effect of Tackle anew, in the built-in facts of gen1-v1, and counts what a Tackle takes.
 */
#include "engine.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { WHY_SIZE = 256 };

static void keep(void *ctx, const char *document, const char *entry, const char *sentence)
{
    snprintf(ctx, WHY_SIZE, "%s, %s: %s", document, entry, sentence);
}

/* The version with these hooks of Tackle and nothing else declared; NULL and why. */
static struct dex *declared(const char *hooks, char why[WHY_SIZE])
{
    struct dex_document documents[16];
    char effects[600];
    size_t n = dex_documents("gen1-v1", documents, 16);
    cr_assert(n && n <= 16);
    snprintf(effects, sizeof effects, "{\"tackle\": [%s]}", hooks);
    for (size_t i = 0; i < n; i++)
        if (!strcmp(documents[i].name, "effects/moves"))
            documents[i] = (struct dex_document){documents[i].name, effects, strlen(effects)};
    return dex_from_texts("sentences", documents, n, keep, why);
}

/* HP that a Snorlax that does nothing loses in a turn in which another uses Tackle. */
static int lost(const struct dex *dex)
{
    struct battle_set teams[2][BATTLE_PARTY] = {0};
    const int sizes[2] = {1, 1};
    for (int i = 0; i < 2; i++) {
        teams[i][0] = battle_set_default(dex_species(dex, "snorlax"));
        teams[i][0].moves[0] = dex_move(dex, i ? "splash" : "tackle");
    }
    struct battle b;
    cr_assert_eq(battle_start(&b, dex, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 7, NULL), 0);
    cr_assert(battle_step(&b, dex, 0, 0, NULL) >= 0);
    return b.sides[1].party[0].hp_max - b.sides[1].party[0].hp;
}

static const struct {
    const char *hooks;
    int lost; /* of 235 HP */
} cases[] = {
    {"{'on': 'fixed_damage', 'do': ['set 7']}", 7},
    {"{'on': 'fixed_damage', 'if': ['target type normal'], 'do': ['set 7']}", 7},
    {"{'on': 'fixed_damage', 'do': ['set 7 when target type fire', 'set 3']}", 3},
    {"{'on': 'fixed_damage', 'do': ['set 7 when target type fire or target type normal', 'set 3']}", 7},
    {"{'on': 'fixed_damage', 'do': ['set 7 when target type normal and target type fire', 'set 3']}", 3},
    {"{'on': 'fixed_damage', 'do': ['set 7 when target type normal and not target type fire', 'set 3']}", 7},
    {"{'on': 'fixed_damage', 'do': ['set 7 when target type fire or target type normal and target hp full', 'set 3']}",
     7},
    {"{'on': 'fixed_damage', 'do': ['set 7 when target type fire or target type water and target hp full', 'set 3']}",
     3},
    {"{'on': 'fixed_damage', 'do': ['set 1/5 of hp of target']}", 47},
    {"{'on': 'fixed_damage', 'do': ['set 10 per strikes of source']}", 10},
    {"{'on': 'fixed_damage', 'do': ['set by weight of source over target 1 2 3']}", 2},
    /* deeds that cannot work: there is no status to cure */
    {"{'on': 'try', 'do': ['cure target', 'cost source 1/5']}, {'on': 'fixed_damage', 'do': ['set 3']}", 50},
    {"{'on': 'try', 'do': ['must cure target', 'cost source 1/5']}, {'on': 'fixed_damage', 'do': ['set 3']}", 3},
    {"{'on': 'try', 'do': ['try cure target']}, {'on': 'fixed_damage', 'do': ['set 3']}", 0},
    {"{'on': 'try', 'do': ['cure target', 'fail when not anything worked']}, {'on': 'fixed_damage', 'do': ['set 3']}",
     0},
    /* and one that works */
    {"{'on': 'try', 'do': ['try status target psn', 'cost source 1/5']}, {'on': 'fixed_damage', 'do': ['set 3']}", 50},
    {"{'on': 'try', 'do': ['status target psn', 'fail when anything worked']}, {'on': 'fixed_damage', 'do': ['set 3']}",
     0},
    /* answers end a hook, not those behind it; a failure ends all */
    {"{'on': 'fixed_damage', 'do': ['set 3', 'cost target 1/5']}", 3},
    {"{'on': 'fixed_damage', 'do': ['set 3']}, {'on': 'fixed_damage', 'do': ['add 4']}", 7},
    {"{'on': 'try', 'do': ['stop']}, {'on': 'try', 'do': ['cost source 1/5']}", 0},
    {"{'on': 'try', 'do': ['done', 'fail']}, {'on': 'fixed_damage', 'do': ['set 3']}", 3},
};

static const struct {
    const char *hooks, *why;
} mistakes[] = {
    {"{'on': 'fixed_damage', 'do': ['set seven']}", "'seven' is unknown"},
    {"{'on': 'fixed_damage', 'do': ['set 7 when']}", "no condition of the vocabulary"},
    {"{'on': 'fixed_damage', 'do': ['set 7 when target type fire and']}", "no condition of the vocabulary"},
    {"{'on': 'fixed_damage', 'do': ['set 7 when target type icy']}", "'icy' is unknown"},
    {"{'on': 'fixed_damage', 'do': ['try set 7']}", "only what may fail can be tried"},
    {"{'on': 'fixed_damage', 'do': ['must hurt target 1/2']}", "only what may fail can be tried"},
    {"{'on': 'fixed_damage', 'if': ['target type fire or'], 'do': ['set 7']}", "no condition of the vocabulary"},
    {"{'on': 'fixed_damage', 'do': ['set by speed of source over target 1 2 3 4 5 6 7']}", "no operation"},
    {"{'on': 'fixed_damage', 'do': ['native no_such_thing']}", "'no_such_thing' is unknown"},
    {"{'on': 'fixed_damage', 'do': ['flee away']}", "no operation of the vocabulary"},
    {"{'on': 'fixed', 'do': ['set 7']}", "is no event"},
};

/* JSON with single quotes, which are easier to read in C. */
static const char *quoted(const char *text, char *out, size_t size)
{
    snprintf(out, size, "%s", text);
    for (char *p = out; *p; p++)
        if (*p == '\'')
            *p = '"';
    return out;
}

Test(sentences, do_what_they_say)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char hooks[512], why[WHY_SIZE] = "";
        struct dex *dex = declared(quoted(cases[i].hooks, hooks, sizeof hooks), why);
        cr_assert(dex, "%s: %s", cases[i].hooks, why);
        cr_expect_eq(lost(dex), cases[i].lost, "%s: %d HP, not %d", cases[i].hooks, lost(dex), cases[i].lost);
        dex_free(dex);
    }
}

Test(sentences, mistakes_are_told)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char hooks[512], expected[128], why[WHY_SIZE] = "";
        struct dex *dex = declared(quoted(mistakes[i].hooks, hooks, sizeof hooks), why);
        cr_expect_not(dex, "%s is taken", mistakes[i].hooks);
        cr_expect(strstr(why, quoted(mistakes[i].why, expected, sizeof expected)), "%s: \"%s\"", mistakes[i].hooks,
                  why);
        cr_expect(strstr(why, "effects/moves, tackle: "), "\"%s\" does not say where", why);
        dex_free(dex);
    }
}
