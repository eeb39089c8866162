/* Battle data: every rule finds its own mistake, and only good data becomes active. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/dataset_folder.h"

static struct dataset set;
static struct findings found;

static void open_set(void)
{
    dataset_read(&set, getenv("DATASET"), &found);
}

static void close_set(void)
{
    dataset_free(&set);
    findings_free(&found);
}

static int count_of(const char *rule)
{
    int n = 0;
    for (size_t i = 0; i < found.count; i++)
        n += !strcmp(found.list[i].rule, rule);
    return n;
}

TestSuite(dataset, .init = open_set, .fini = close_set);

Test(dataset, the_committed_version_is_good)
{
    dataset_check(&set, &found);
    for (size_t i = 0; i < found.count; i++)
        cr_log_error("%s %s: %s", found.list[i].rule, found.list[i].where, found.list[i].message);
    cr_assert_eq(found.count, 0);
    cr_assert_eq(json_array_size(set.rows[DATASET_SPECIES]), 911);
    cr_assert_eq(json_array_size(set.rows[DATASET_MOVES]), 685 + 4); /* four that only Metronome calls */
    cr_assert_eq(json_array_size(set.rows[DATASET_ABILITIES]), 310);
    cr_assert_eq(json_array_size(set.rows[DATASET_ITEMS]), 249);
}

Test(dataset, the_older_version_is_good_too)
{
    char folder[512];
    struct dataset older;
    snprintf(folder, sizeof folder, "%s/../gen1-v1", getenv("DATASET"));
    dataset_read(&older, folder, &found);
    dataset_check(&older, &found);
    dataset_free(&older);
    for (size_t i = 0; i < found.count; i++)
        cr_log_error("%s %s: %s", found.list[i].rule, found.list[i].where, found.list[i].message);
    cr_assert_eq(found.count, 0);
}

/* One mistake for each rule: members put over a row; null takes a member away. */
static const struct {
    const char *rule;
    enum dataset_file file;
    const char *id, *patch;
} mistakes[] = {
    {"unknown-field", DATASET_MOVES, "tackle", "{\"powre\":40}"},
    {"unknown-field", DATASET_MOVES, "ember", "{\"secondaries\":[{\"chance\":10,\"stauts\":\"brn\"}]}"},
    {"missing-field", DATASET_MOVES, "tackle", "{\"accuracy\":null}"},
    {"bad-value", DATASET_SPECIES, "ditto", "{\"stats\":[48,48,48,48,48,256]}"},
    {"bad-value", DATASET_SPECIES, "ditto", "{\"stats\":[0,48,48,48,48,48]}"},
    {"bad-value", DATASET_SPECIES, "ditto", "{\"stats\":[48,48,48,48,48]}"},
    {"bad-value", DATASET_SPECIES, "ditto", "{\"types\":[\"Bird\"]}"},
    {"bad-value", DATASET_MOVES, "ember", "{\"secondaries\":[{\"chance\":101}]}"},
    {"bad-value", DATASET_MOVES, "growl", "{\"boosts\":{\"atk\":-7}}"},
    {"bad-value", DATASET_MOVES, "growl", "{\"boosts\":{\"attack\":-1}}"},
    {"bad-value", DATASET_MOVES, "tackle", "{\"target\":\"everybody\"}"},
    {"bad-value", DATASET_MOVES, "tackle", "{\"flags\":[\"contact\",\"contact\"]}"},
    {"bad-value", DATASET_MOVES, "absorb", "{\"drain\":[2,1]}"},
    {"bad-value", DATASET_ITEMS, "oranberry", "{\"natural_gift\":{\"power\":80,\"type\":\"Bird\"}}"},
    {"bad-value", DATASET_TYPES, "Fire", "{\"against\":[2,2]}"},
    {"chart-value", DATASET_TYPES, "Fire", "{\"against\":[4,2,1,2,2,2,1,2,2,4,2,4,2,2,2,1,3,1]}"},
    {"spot-check", DATASET_TYPES, "Fire", "{\"against\":[4,2,1,2,2,2,1,2,2,2,2,4,2,2,2,1,4,1]}"},
    {"spot-check", DATASET_MOVES, "flamethrower", "{\"power\":95}"},
    {"spot-check", DATASET_SPECIES, "pikachu", "{\"stats\":[35,55,30,50,40,90]}"},
    {"reference", DATASET_SPECIES, "ditto", "{\"abilities\":[\"limbre\"]}"},
    {"reference", DATASET_SPECIES, "arceusfire", "{\"required_items\":[\"plate\"]}"},
    {"reference", DATASET_ITEMS, "flameplate", "{\"forme\":\"arceusfier\"}"},
    {"reference", DATASET_LEARNSETS, "ditto", "{\"id\":\"dito\"}"},
    {"learnset-move", DATASET_LEARNSETS, "ditto", "{\"moves\":\"transfrom\"}"},
    {"learnset-move", DATASET_LEARNSETS, "ditto", "{\"moves\":\"cut\"}"},
    {"learnset", DATASET_LEARNSETS, "ditto", "{\"same\":\"mew\"}"},
    {"learnset", DATASET_LEARNSETS, "ditto", "{\"moves\":null}"},
    {"no-moves", DATASET_LEARNSETS, "ditto", "{\"moves\":\"\"}"},
    {"status-power", DATASET_MOVES, "growl", "{\"power\":10}"},
    {"status-secondary", DATASET_MOVES, "growl", "{\"secondaries\":[{\"chance\":10,\"status\":\"brn\"}]}"},
    {"pp", DATASET_MOVES, "tackle", "{\"pp_max\":60}"},
    {"pp", DATASET_MOVES, "growl", "{\"pp\":39}"},
    {"types", DATASET_SPECIES, "ditto", "{\"types\":[]}"},
    {"gender", DATASET_SPECIES, "ditto", "{\"male\":4}"},
    {"forme", DATASET_SPECIES, "ditto", "{\"forme\":\"Blue\"}"},
    {"no-ability", DATASET_SPECIES, "ditto", "{\"abilities\":null}"},
    {"order", DATASET_SPECIES, "ditto", "{\"num\":9000}"},
    {"order", DATASET_MOVES, "tackle", "{\"id\":\"aaa\"}"},
    {"set", DATASET_SETS, "ditto",
     "{\"sets\":[{\"role\":\"wallbreaker\",\"moves\":[\"tackle\"],\"abilities\":[\"imposter\"],\"tera\":[]}]}"},
    {"set", DATASET_SETS, "ditto",
     "{\"sets\":[{\"role\":\"wallbreaker\",\"moves\":[\"transform\"],\"abilities\":[\"levitate\"],\"tera\":[]}]}"},
    {"bad-value", DATASET_SETS, "ditto", "{\"level\":101}"},
    {"unknown-field", DATASET_SETS, "ditto", "{\"sets\":[{\"rule\":\"wallbreaker\"}]}"},
    {"natures", DATASET_NATURES, "adamant", "{\"minus\":\"def\"}"},
    {"bad-value", DATASET_LEGALITY, "mew", "{\"level\":101}"},
    {"bad-value", DATASET_LEGALITY, "mew", "{\"go\":[1,2]}"},
    {"bad-value", DATASET_LEGALITY, "mew", "{\"only\":[[20,0,\"X\",0,0]]}"},
    {"bad-value", DATASET_LEGALITY, "mew", "{\"only\":[[20,0,\"\",0,[1,2,3]]]}"},
    {"bad-value", DATASET_LEGALITY, "mew", "{\"events\":{\"surf\":[[20,3,\"\",0,0]]}}"},
    {"bad-value", DATASET_LEGALITY, "mew", "{\"levels\":\"surf:20 \"}"},
    {"bad-value", DATASET_LEGALITY, "mew", "{\"levels\":\"surf:120\"}"},
    {"bad-value", DATASET_LEGALITY, "mew", "{\"not_go\":\"surf\"}"},
    {"unknown-field", DATASET_LEGALITY, "mew", "{\"lvel\":5}"},
    {"reference", DATASET_LEGALITY, "mew", "{\"id\":\"meww\"}"},
    {"reference", DATASET_LEGALITY, "mew", "{\"levels\":\"slurf:20\"}"},
    {"reference", DATASET_LEGALITY, "mew", "{\"events\":{\"slurf\":[[20,0,\"\",0,0]]}}"},
    {"bad-value", DATASET_CLAUSES, "ohko", "{\"once\":\"ability\"}"},
    {"bad-value", DATASET_CLAUSES, "sleep", "{\"battle\":\"nap\"}"},
    {"unknown-field", DATASET_CLAUSES, "ohko", "{\"move\":[\"surf\"]}"},
    {"reference", DATASET_CLAUSES, "ohko", "{\"moves\":[\"slurf\"]}"},
    {"reference", DATASET_CLAUSES, "moody", "{\"abilities\":[\"moodyy\"]}"},
    {"bad-value", DATASET_FORMATS, "flat", "{\"size\":[3,7]}"},
    {"bad-value", DATASET_FORMATS, "flat", "{\"level\":[100,1]}"},
    {"bad-value", DATASET_FORMATS, "flat", "{\"ban\":{\"tags\":[\"strong\"]}}"},
    {"missing-field", DATASET_FORMATS, "flat", "{\"evs\":null}"},
    {"unknown-field", DATASET_FORMATS, "flat", "{\"ban\":{\"specie\":[\"mew\"]}}"},
    {"reference", DATASET_FORMATS, "flat", "{\"clauses\":[\"flat\"]}"},
    {"reference", DATASET_FORMATS, "flat", "{\"ban\":{\"species\":[\"meww\"]}}"},
    {"format", DATASET_FORMATS, "random", "{\"id\":\"drawn\"}"},
};

static void patch(json_t *row, const char *text)
{
    json_t *changes = json_loads(text, 0, NULL), *value;
    const char *name;
    cr_assert(row && changes);
    json_object_foreach(changes, name, value) {
        if (json_is_null(value))
            json_object_del(row, name);
        else
            json_object_set(row, name, value);
    }
    json_decref(changes);
}

Test(dataset, every_rule_finds_its_mistake)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        json_t *row = dataset_row(&set, mistakes[i].file, mistakes[i].id);
        cr_assert(row, "there is no %s to spoil", mistakes[i].id);
        json_t *before = json_deep_copy(row);
        patch(row, mistakes[i].patch);
        dataset_check(&set, &found);
        cr_expect(count_of(mistakes[i].rule), "%s with %s: %s not found", mistakes[i].id, mistakes[i].patch,
                  mistakes[i].rule);
        findings_free(&found);
        json_object_clear(row);
        json_object_update(row, before);
        json_decref(before);
    }
    dataset_check(&set, &found);
    cr_assert_eq(found.count, 0, "the mistakes were not taken back");
}

Test(dataset, the_chart_must_be_18_by_18)
{
    json_array_remove(set.rows[DATASET_TYPES], 17);
    dataset_check(&set, &found);
    cr_assert(count_of("chart-size"));
}

Test(dataset, types_must_be_in_order)
{
    json_t *first = json_incref(json_array_get(set.rows[DATASET_TYPES], 0));
    json_array_remove(set.rows[DATASET_TYPES], 0);
    json_array_insert_new(set.rows[DATASET_TYPES], 1, first);
    dataset_check(&set, &found);
    cr_assert(count_of("chart-order"));
}

Test(dataset, a_file_may_not_be_empty)
{
    json_array_clear(set.rows[DATASET_ITEMS]);
    dataset_check(&set, &found);
    cr_assert(count_of("empty"));
}

/* Once a person has said that a file is changed, it is not measured by what everybody knows. */
Test(dataset, what_is_changed_is_not_spot_checked)
{
    patch(dataset_row(&set, DATASET_MOVES, "flamethrower"), "{\"power\":95}");
    json_object_set_new(set.provenance, "changed", json_pack("[s]", "moves.json"));
    dataset_check(&set, &found);
    cr_assert_eq(found.count, 0);
    json_object_set_new(set.provenance, "changed", json_pack("[s]", "species.json"));
    dataset_check(&set, &found);
    cr_assert(count_of("spot-check"));
}

Test(dataset, provenance_is_needed)
{
    json_object_del(set.provenance, "licence");
    dataset_check(&set, &found);
    cr_assert(count_of("provenance"));
}

/* -------------------------------------------------------------------------------------------------- folders --- */

static char work[64];

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", work, name);
    FILE *f = fopen(path, "w");
    cr_assert(f);
    fputs(text, f);
    fclose(f);
}

static void run(const char *format, const char *a)
{
    char command[512];
    snprintf(command, sizeof command, "cd '%s' && %s '%s'", work, format, a);
    cr_assert_eq(system(command), 0, "%s", command);
}

static void open_work(void)
{
    strcpy(work, "/tmp/dataset.XXXXXX");
    cr_assert(mkdtemp(work));
    found = (struct findings){0};
}

static void close_work(void)
{
    run("rm -rf", work);
    findings_free(&found);
}

TestSuite(folders, .init = open_work, .fini = close_work);

Test(folders, what_cannot_be_read_is_said)
{
    struct dataset broken;
    write_file("species.json", "[{\"id\":\"a\",\"id\":\"b\"}]");
    write_file("moves.json", "[{\"id\":\"a\"},{\"id\":\"a\"}]");
    write_file("types.json", "{}");
    dataset_read(&broken, work, &found);
    dataset_check(&broken, &found);
    cr_assert(count_of("syntax") >= 2);
    cr_assert(count_of("duplicate"));
    cr_assert(count_of("missing-file") >= 2);
    dataset_free(&broken);
}

Test(folders, a_good_copy_becomes_active_and_an_older_one_again)
{
    char error[900], name[64];
    cr_assert(dataset_stage(work, getenv("DATASET"), "one", &found, error, sizeof error), "%s", error);
    cr_assert_eq(found.count, 0);
    dataset_active(work, name);
    cr_assert_str_eq(name, "");
    cr_assert(dataset_promote(work, "one", &found, error, sizeof error), "%s", error);
    cr_assert(dataset_stage(work, getenv("DATASET"), "two", &found, error, sizeof error), "%s", error);
    cr_assert(dataset_promote(work, "two", &found, error, sizeof error), "%s", error);
    dataset_active(work, name);
    cr_assert_str_eq(name, "two");
    cr_assert(dataset_promote(work, "one", &found, error, sizeof error), "%s", error);
    dataset_active(work, name);
    cr_assert_str_eq(name, "one");
}

/* Reads the active version again and again; every time it must be whole. */
static int read_under_load(int turns)
{
    for (int i = 0; i < turns; i++) {
        char name[64], folder[192];
        struct dataset now;
        struct findings bad = {0};
        dataset_active(work, name);
        snprintf(folder, sizeof folder, "%s/%s", work, name);
        dataset_read(&now, folder, &bad);
        bool whole = name[0] && !bad.count && json_array_size(now.rows[DATASET_SPECIES]) == 911;
        dataset_free(&now);
        findings_free(&bad);
        if (!whole)
            return 1;
    }
    return 0;
}

Test(folders, promotion_under_load_is_seen_whole_or_not_at_all)
{
    char error[900];
    static const char *const names[] = {"one", "two"};
    int status;
    for (int i = 0; i < 2; i++) {
        cr_assert(dataset_stage(work, getenv("DATASET"), names[i], &found, error, sizeof error), "%s", error);
        cr_assert(dataset_promote(work, names[i], &found, error, sizeof error), "%s", error);
    }
    pid_t reader = fork();
    if (!reader)
        _exit(read_under_load(40));
    for (int i = 0; waitpid(reader, &status, WNOHANG) == 0; i++)
        cr_assert(dataset_promote(work, names[i % 2], &found, error, sizeof error), "%s", error);
    cr_assert(WIFEXITED(status) && !WEXITSTATUS(status), "a reader saw half a version");
}

Test(folders, a_bad_copy_never_touches_the_active_one)
{
    char error[900], name[64];
    cr_assert(dataset_stage(work, getenv("DATASET"), "one", &found, error, sizeof error), "%s", error);
    cr_assert(dataset_promote(work, "one", &found, error, sizeof error), "%s", error);
    run("cp -r one", "bad");
    write_file("bad/moves.json", "[]");
    char folder[128];
    snprintf(folder, sizeof folder, "%s/bad", work);
    cr_assert(dataset_stage(work, folder, "two", &found, error, sizeof error), "%s", error);
    cr_assert(found.count);
    cr_assert_not(dataset_promote(work, "two", &found, error, sizeof error));
    dataset_active(work, name);
    cr_assert_str_eq(name, "one");
    cr_assert_neq(access(work, F_OK), -1);
    char version[128];
    snprintf(version, sizeof version, "%s/two", work);
    cr_assert_eq(access(version, F_OK), -1, "a bad copy became a version");
}

Test(folders, a_version_never_changes)
{
    char error[900];
    cr_assert(dataset_stage(work, getenv("DATASET"), "one", &found, error, sizeof error));
    cr_assert(dataset_promote(work, "one", &found, error, sizeof error));
    cr_assert_not(dataset_stage(work, getenv("DATASET"), "one", &found, error, sizeof error));
    cr_assert(strstr(error, "never change"), "%s", error);
    cr_assert(dataset_promote(work, "one", &found, error, sizeof error), "nothing is in its way: %s", error);
    /* one that was staged before there was such a version */
    char from[256], to[256];
    cr_assert(dataset_stage(work, getenv("DATASET"), "two", &found, error, sizeof error));
    snprintf(from, sizeof from, "%s/.staging/two", work);
    snprintf(to, sizeof to, "%s/.staging/one", work);
    cr_assert_eq(rename(from, to), 0);
    cr_assert_not(dataset_promote(work, "one", &found, error, sizeof error));
    cr_assert(strstr(error, "never change"), "%s", error);
}

Test(folders, names_stay_below_the_root)
{
    char error[900];
    static const char *const bad[] = {"", "..", "a/b", ".hidden", "active", "a b"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_not(dataset_name_good(bad[i]));
        cr_expect_not(dataset_stage(work, getenv("DATASET"), bad[i], &found, error, sizeof error));
        cr_expect_not(dataset_promote(work, bad[i], &found, error, sizeof error));
    }
}

struct seen {
    int added, removed, changed;
};

static void on_difference(void *ctx, enum dataset_file file, const char *id, const json_t *old, const json_t *new)
{
    struct seen *s = ctx;
    (void)file, (void)id;
    s->added += !old;
    s->removed += !new;
    s->changed += old && new;
}

Test(dataset, a_diff_tells_rows_that_came_went_and_changed)
{
    struct dataset other;
    struct seen seen = {0};
    dataset_read(&other, getenv("DATASET"), &found);
    patch(dataset_row(&other, DATASET_MOVES, "tackle"), "{\"power\":50}");
    json_object_del(other.index[DATASET_ITEMS], "leftovers");
    json_object_del(set.index[DATASET_ABILITIES], "stench");
    cr_assert_eq(dataset_diff(&set, &other, on_difference, &seen), 3);
    cr_assert(seen.added == 1 && seen.removed == 1 && seen.changed == 1);
    dataset_free(&other);
}

/* ------------------------------------------------------------------------------------------------ provenance --- */

static void read_and_check(const char *folder)
{
    struct dataset read;
    findings_free(&found);
    dataset_read(&read, folder, &found);
    dataset_check(&read, &found);
    dataset_free(&read);
}

Test(folders, every_file_has_its_checksum)
{
    char copy[256], error[900];
    json_t *changed;
    snprintf(copy, sizeof copy, "%s/copy", work);
    run("cp -r \"$DATASET\"", "copy");
    read_and_check(copy);
    cr_assert_eq(found.count, 0);
    run("sed -i 's/\"id\":\"flamethrower\"\\(.*\\)\"power\":90/\"id\":\"flamethrower\"\\1\"power\":95/'",
        "copy/moves.json");
    run("sed -i 's/^]$/ ]/'", "copy/clauses.json");
    run("touch", "copy/effects/more.json");
    run("rm", "copy/natures.json");
    read_and_check(copy);
    cr_assert_eq(count_of("checksum"), 4, "%d", count_of("checksum"));
    cr_assert_eq(count_of("spot-check"), 1);
    run("rm", "copy/effects/more.json");
    run("cp \"$DATASET/natures.json\"", "copy");
    cr_assert(provenance_seal(copy, &changed, error, sizeof error), "%s", error);
    cr_assert_eq(json_array_size(changed), 1, "clauses were never made by a script");
    cr_assert_str_eq(json_string_value(json_array_get(changed, 0)), "moves.json");
    json_decref(changed);
    read_and_check(copy);
    cr_assert_eq(found.count, 0, "%s", found.count ? found.list[0].message : "");
    cr_assert_not(provenance_seal("/nowhere", &changed, error, sizeof error));
    cr_assert(strstr(error, "cannot be read"), "%s", error);
}

/* What is committed is sealed: the scripts write the same bytes. */
Test(folders, sealing_what_is_good_changes_nothing)
{
    char copy[256], error[900];
    json_t *changed;
    snprintf(copy, sizeof copy, "%s/copy", work);
    run("cp -r \"$DATASET\"", "copy");
    cr_assert(provenance_seal(copy, &changed, error, sizeof error), "%s", error);
    cr_assert_eq(json_array_size(changed), 0);
    json_decref(changed);
    run("cmp \"$DATASET/PROVENANCE.json\"", "copy/PROVENANCE.json");
}
