/* cmd_data.c - the command `data`: versions of the battle data on this machine. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/data_folder.h"
#include "dex.h"

enum { PATH = 640, SHOWN = 50 };

static const char *root_of(const struct args *args)
{
    const char *given = args_text(args, "root"), *environment = getenv("ARENA_POKEMON_DATA");
    return given ? given : environment && *environment ? environment : "data/pokemon";
}

/* A version's folder: a path, or the name of a version (staged or not) under the root. */
static const char *folder_of(const struct args *args, const char *word, char path[PATH])
{
    static const char *const inner[] = {"/", "/.staging/"};
    struct stat info;
    for (int i = 0; !strchr(word, '/') && i < 2; i++) {
        snprintf(path, PATH, "%s%s%s", root_of(args), inner[i], word);
        if (stat(path, &info) == 0)
            return path;
    }
    snprintf(path, PATH, "%s", word);
    return path;
}

/* The same, which must be there. */
static bool data_folder(const struct args *args, const char *word, char path[PATH])
{
    struct stat info;
    const char *folder = folder_of(args, word, path);
    if (stat(folder, &info) == 0 && S_ISDIR(info.st_mode))
        return true;
    if (strchr(word, '/'))
        complain("there is no folder %s.", word);
    else
        complain("there is neither a version %s in %s nor a folder of that name; `arena data list` has the versions.",
                 word, root_of(args));
    return false;
}

/* ------------------------------------------------------------------------------------------------- findings --- */

static json_t *finding_json(const struct finding *f)
{
    return json_pack("{s:s, s:s, s:s}", "rule", f->rule, "where", f->where, "message", f->message);
}

int tell_findings(const struct cli *cli, const struct findings *f)
{
    for (size_t i = 0; i < f->count && (cli->json || i < SHOWN); i++) {
        if (cli->json) {
            json_t *row = finding_json(&f->list[i]);
            print_json(row);
            json_decref(row);
        } else {
            printf("%-16s %-32s %s\n", f->list[i].rule, f->list[i].where, f->list[i].message);
        }
    }
    if (!cli->json && f->count > SHOWN)
        printf("... and %zu more\n", f->count - SHOWN);
    return f->count ? CLI_REFUSED : CLI_OK;
}

static size_t rows_of(const struct dataset *set, enum dataset_file file)
{
    return json_array_size(set->rows[file]);
}

static void tell_mistake(void *ctx, const char *document, const char *entry, const char *sentence)
{
    finding_add(ctx, "engine", document, entry, "%s", sentence);
}

/* What the engine's own compiler says of a folder: its effects, too. */
static void compile_folder(const char *folder, struct findings *out)
{
    dex_free(dex_load(folder, "checked", tell_mistake, out));
}

int check_data_folder(const struct cli *cli, const char *folder)
{
    struct dataset set;
    struct findings found = {0};
    dataset_compile = compile_folder;
    dataset_read(&set, folder, &found);
    dataset_check(&set, &found);
    int code = tell_findings(cli, &found);
    if (code != CLI_OK)
        complain("%s has %zu mistake%s.", folder, found.count, found.count == 1 ? "" : "s");
    dataset_free(&set);
    findings_free(&found);
    return code;
}

/* ---------------------------------------------------------------------------------------------------- words --- */

static int data_validate(struct cli *cli, const struct args *args)
{
    char path[PATH];
    struct dataset set;
    struct findings found = {0};
    if (!data_folder(args, args->words[1], path))
        return CLI_REFUSED;
    dataset_read(&set, path, &found);
    dataset_check(&set, &found);
    int code = tell_findings(cli, &found);
    if (!cli->json && code == CLI_OK)
        printf("%s is good: %zu species and formes, %zu moves, %zu abilities, %zu items.\n", path,
               rows_of(&set, DATASET_SPECIES), rows_of(&set, DATASET_MOVES), rows_of(&set, DATASET_ABILITIES),
               rows_of(&set, DATASET_ITEMS));
    else if (code != CLI_OK)
        complain("%s has %zu mistake%s.", path, found.count, found.count == 1 ? "" : "s");
    dataset_free(&set);
    findings_free(&found);
    return code;
}

/* Writes down that the files of a folder are meant to be as they are. */
static int data_seal(struct cli *cli, const struct args *args)
{
    char path[PATH], error[900];
    json_t *changed;
    if (!data_folder(args, args->words[1], path))
        return CLI_REFUSED;
    bool good = provenance_seal(path, &changed, error, sizeof error);
    if (!good)
        complain("%s", error);
    else if (cli->json)
        print_json(changed);
    else
        printf("%s is sealed; files that are not as the scripts made them: %zu\n", path, json_array_size(changed));
    for (size_t i = 0; good && !cli->json && i < json_array_size(changed); i++)
        printf("    %s\n", json_string_value(json_array_get(changed, i)));
    json_decref(changed);
    return good ? CLI_OK : CLI_REFUSED;
}

/* The name that a copy of a folder gets where none is given: its own, without slashes behind it. */
static void name_of(const char *folder, char name[PATH])
{
    snprintf(name, PATH, "%s", folder);
    for (size_t n = strlen(name); n > 1 && name[n - 1] == '/'; n--)
        name[n - 1] = 0;
    const char *slash = strrchr(name, '/');
    if (slash && slash[1])
        memmove(name, slash + 1, strlen(slash));
}

static int data_stage(struct cli *cli, const struct args *args)
{
    char error[900], name[PATH];
    struct findings found = {0};
    name_of(args->words[args->words[2] ? 2 : 1], name);
    if (!dataset_stage(root_of(args), args->words[1], name, &found, error, sizeof error)) {
        complain("%s", error);
        return CLI_REFUSED;
    }
    int code = tell_findings(cli, &found);
    if (code == CLI_OK)
        printf("%s is staged; it becomes active with:  arena data promote %s\n", name, name);
    else
        complain("%s is staged in %s/.staging/%s, but has %zu mistakes and cannot be promoted as it is.", name,
                 root_of(args), name, found.count);
    findings_free(&found);
    return code;
}

static int data_promote(struct cli *cli, const struct args *args)
{
    char error[900], before[64];
    struct findings found = {0};
    dataset_active(root_of(args), before);
    bool good = dataset_promote(root_of(args), args->words[1], &found, error, sizeof error);
    tell_findings(cli, &found);
    findings_free(&found);
    if (!good) {
        complain("%s", error);
        return CLI_REFUSED;
    }
    printf("%s is active%s%s%s\n", args->words[1], before[0] ? " (it was " : "", before, before[0] ? ")" : "");
    return CLI_OK;
}

/* Prints the versions in one folder. */
static void list_folder(const struct cli *cli, const char *folder, bool staged, const char *active)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[PATH + 256];
        struct stat info;
        const char *name = entries[i]->d_name;
        snprintf(path, sizeof path, "%s/%s/species.json", folder, name);
        if (dataset_name_good(name) && stat(path, &info) == 0) {
            struct dataset set;
            struct findings found = {0};
            path[strlen(path) - strlen("/species.json")] = 0;
            dataset_read(&set, path, &found);
            const char *state = staged ? "staged" : strcmp(name, active) ? "" : "active";
            json_t *row =
                json_pack("{s:s, s:s, s:i, s:i, s:i, s:i}", "version", name, "state", state, "species",
                          (int)rows_of(&set, DATASET_SPECIES), "moves", (int)rows_of(&set, DATASET_MOVES), "abilities",
                          (int)rows_of(&set, DATASET_ABILITIES), "items", (int)rows_of(&set, DATASET_ITEMS));
            if (cli->json)
                print_json(row);
            else
                printf("%-20s %-7s %5zu species  %4zu moves  %4zu abilities  %4zu items\n", name, state,
                       rows_of(&set, DATASET_SPECIES), rows_of(&set, DATASET_MOVES), rows_of(&set, DATASET_ABILITIES),
                       rows_of(&set, DATASET_ITEMS));
            json_decref(row);
            dataset_free(&set);
            findings_free(&found);
        }
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

static int data_list(struct cli *cli, const struct args *args)
{
    char path[PATH], active[64];
    struct stat info;
    if (stat(root_of(args), &info) != 0) {
        complain("there is no folder %s; say where the versions are with --root DIR.", root_of(args));
        return CLI_REFUSED;
    }
    dataset_active(root_of(args), active);
    list_folder(cli, root_of(args), false, active);
    snprintf(path, sizeof path, "%s/.staging", root_of(args));
    list_folder(cli, path, true, active);
    return CLI_OK;
}

struct diff { /* what data_diff's rows need */
    const struct cli *cli;
    size_t shown;
};

static void print_field(const char *name, const json_t *old, const json_t *new)
{
    char *a = old ? json_dumps(old, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    char *b = new ? json_dumps(new, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    printf("    %s: %.70s -> %.70s\n", name, a ? a : "(absent)", b ? b : "(absent)");
    free(a);
    free(b);
}

static void print_fields(const json_t *old, const json_t *new)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)old, name, value) {
        if (!json_equal(value, json_object_get(new, name)))
            print_field(name, value, json_object_get(new, name));
    }
    json_object_foreach((json_t *)new, name, value) {
        if (!json_object_get(old, name))
            print_field(name, NULL, value);
    }
}

static void tell_difference(struct diff *d, const char *file, const char *id, const json_t *old, const json_t *new)
{
    const char *what = !old ? "added" : !new ? "removed" : "changed";
    if (d->cli->json) {
        json_t *row =
            json_pack("{s:s, s:s, s:s, s:O?, s:O?}", "file", file, "id", id, "change", what, "old", old, "new", new);
        print_json(row);
        json_decref(row);
        return;
    }
    if (d->shown++ >= 200)
        return;
    printf("%-8s %s/%s\n", what, file, id);
    if (json_is_object(old) && json_is_object(new))
        print_fields(old, new);
    else if (old && new)
        print_field(id, old, new);
}

static void on_difference(void *ctx, enum dataset_file file, const char *id, const json_t *old, const json_t *new)
{
    tell_difference(ctx, dataset_names[file], id, old, new);
}

static json_t *load_members(const char *folder, const char *name)
{
    char path[PATH + 32];
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    json_t *root = json_load_file(path, 0, NULL);
    if (json_is_object(root))
        return root;
    json_decref(root);
    return json_object();
}

/* Files that are objects by ids: what the rows' comparison leaves out. */
static size_t diff_members(struct diff *d, const char *from, const char *to)
{
    static const char *const names[] = {"rules", "effects/moves", "effects/abilities", "effects/items",
                                        "effects/conditions"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        json_t *a = load_members(from, names[i]), *b = load_members(to, names[i]), *value;
        const char *id;
        json_object_foreach(a, id, value) {
            const json_t *now = json_object_get(b, id);
            if (now && json_equal(value, now))
                continue;
            tell_difference(d, names[i], id, value, now);
            n++;
        }
        json_object_foreach(b, id, value) {
            if (json_object_get(a, id))
                continue;
            tell_difference(d, names[i], id, NULL, value);
            n++;
        }
        json_decref(a);
        json_decref(b);
    }
    return n;
}

static int data_diff(struct cli *cli, const struct args *args)
{
    char path[2][PATH];
    struct dataset set[2];
    struct findings found = {0};
    struct diff d = {cli, 0};
    for (int i = 0; i < 2; i++)
        if (!data_folder(args, args->words[1 + i], path[i]))
            return CLI_REFUSED;
    for (int i = 0; i < 2; i++)
        dataset_read(&set[i], path[i], &found);
    size_t n = dataset_diff(&set[0], &set[1], on_difference, &d);
    n += diff_members(&d, set[0].folder, set[1].folder);
    if (!cli->json)
        printf("%zu row%s differ%s%s\n", n, n == 1 ? "" : "s", n == 1 ? "s" : "", n > 200 ? " (200 are shown)" : "");
    bool unreadable = !set[0].rows[DATASET_SPECIES] || !set[1].rows[DATASET_SPECIES];
    if (unreadable)
        complain("%s", found.count ? found.list[0].message : "there is nothing to compare.");
    for (int i = 0; i < 2; i++)
        dataset_free(&set[i]);
    findings_free(&found);
    return unreadable ? CLI_REFUSED : CLI_OK;
}

static const char *const kinds[] = {"moves", "abilities", "items"};

/* How much of the rules is declared in the data, and how much is C functions with a name; NULL when the engine cannot
 * use the folder. */
static json_t *count_effects(const char *folder)
{
    struct dex_stats stats;
    struct dex *dex = dex_load(folder, "counted", NULL, NULL);
    json_t *all = dex ? json_object() : NULL;
    if (!dex)
        return NULL;
    dex_count(dex, &stats);
    dex_free(dex);
    unsigned n[3][5]; /* entries, with hooks, hooks, native ones, entries without a native */
    memcpy(n[0], &stats.moves, sizeof n[0]);
    memcpy(n[1], &stats.abilities, sizeof n[1]);
    memcpy(n[2], &stats.items, sizeof n[2]);
    for (int i = 0; i < 3; i++)
        json_object_set_new(all, kinds[i],
                            json_pack("{s:i, s:i, s:i, s:i, s:i, s:f}", "entries", n[i][0], "withHooks", n[i][1],
                                      "withoutNatives", n[i][4], "hooks", n[i][2], "natives", n[i][3], "declared",
                                      n[i][2] ? 1.0 - (double)n[i][3] / n[i][2] : 1.0));
    return all;
}

static void print_effects(const json_t *effects)
{
    printf("%-10s %8s %11s %6s %8s %9s\n", "effects", "entries", "with hooks", "hooks", "natives", "declared");
    for (int i = 0; i < 3; i++) {
        const json_t *kind = json_object_get(effects, kinds[i]);
        printf("%-10s %8lld %11lld %6lld %8lld %8.1f%%\n", kinds[i],
               (long long)json_integer_value(json_object_get(kind, "entries")),
               (long long)json_integer_value(json_object_get(kind, "withHooks")),
               (long long)json_integer_value(json_object_get(kind, "hooks")),
               (long long)json_integer_value(json_object_get(kind, "natives")),
               100 * json_real_value(json_object_get(kind, "declared")));
    }
}

static int data_stats(struct cli *cli, const struct args *args)
{
    char path[PATH], active[64];
    struct dataset set;
    struct findings found = {0};
    dataset_active(root_of(args), active);
    const char *word = args->words[1] ? args->words[1] : active[0] ? active : "gen9-v1";
    if (!data_folder(args, word, path))
        return CLI_REFUSED;
    dataset_read(&set, path, &found);
    json_t *row = json_object(), *effects = count_effects(path);
    json_object_set_new(row, "version", json_string(word));
    for (int f = 0; f < DATASET_FILES; f++)
        json_object_set_new(row, dataset_names[f], json_integer((json_int_t)rows_of(&set, (enum dataset_file)f)));
    if (effects)
        json_object_set(row, "effects", effects);
    int code = set.rows[DATASET_SPECIES] ? CLI_OK : CLI_REFUSED;
    if (code != CLI_OK)
        complain("there is no data in %s.", path);
    else if (cli->json)
        print_json(row);
    else {
        printf("%s\n", word);
        for (int f = 0; f < DATASET_FILES; f++)
            printf("%-10s %8zu\n", dataset_names[f], rows_of(&set, (enum dataset_file)f));
        if (effects)
            print_effects(effects);
        else
            printf("the engine cannot use it as it is; see `arena data validate`\n");
    }
    json_decref(effects);
    json_decref(row);
    dataset_free(&set);
    findings_free(&found);
    return code;
}

/* ---------------------------------------------------------------------------------------------------- table --- */

static const struct {
    const char *word, *more; /* and what stands behind it */
    int words_min, words_max;
    int (*run)(struct cli *cli, const struct args *args);
} words[] = {
    {"list", "nothing else", 0, 0, data_list},
    {"validate", "one FOLDER, or a version", 1, 1, data_validate},
    {"seal", "one FOLDER", 1, 1, data_seal},
    {"stage", "a FOLDER, and perhaps the NAME of the version that it shall be", 1, 2, data_stage},
    {"promote", "the NAME of a staged copy, or of an older version", 1, 1, data_promote},
    {"diff", "two versions or folders, A and B", 2, 2, data_diff},
    {"stats", "a VERSION or folder, or nothing: the active one", 0, 1, data_stats},
};

const struct option_row data_set_options[] = {
    {"root", "DIR", "the folder of the versions (default: $ARENA_POKEMON_DATA, else data/pokemon)"},
    {0},
};

int run_data(struct cli *cli, const struct args *args)
{
    dataset_compile = compile_folder;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        int more = args->word_count - 1;
        if (strcmp(args->words[0], words[i].word) != 0)
            continue;
        if (more >= words[i].words_min && more <= words[i].words_max)
            return words[i].run(cli, args);
        complain("`arena data %s` takes %s; see `arena data --help`.", words[i].word, words[i].more);
        return CLI_USAGE;
    }
    complain("there is no `arena data %s`; see `arena data --help`.", args->words[0]);
    return CLI_USAGE;
}
