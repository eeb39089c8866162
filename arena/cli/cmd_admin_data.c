/*
 * cmd_admin_data.c - arena admin data: rules of a running server, changed without a restart.
 *
 * `arena admin data VERB CHALLENGE ...`; the words behind "admin" are what the functions see, so words[0] is "data",
 * words[1] the verb and words[2] the challenge.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/data_folder.h"
#include "cli/show.h"
#include "cli/term.h"
#include "core/patch.h"

static char *address(const char *challenge, const char *what)
{
    struct text path = {0};
    text_puts(&path, "/api/admin/data");
    path_segment(&path, challenge);
    text_puts(&path, what);
    char *copy = strdup(text_cstr(&path));
    text_free(&path);
    if (!copy)
        abort();
    return copy;
}

/* Prints an answer by `show`, or as it came. */
static int tell(struct cli *cli, int code, json_t *answer, void (*show)(const json_t *answer, struct text *out))
{
    struct text out = {0};
    if (code == CLI_OK && cli->json)
        print_json(answer);
    else if (code == CLI_OK)
        show(answer, &out);
    print_text(&out);
    text_free(&out);
    json_decref(answer);
    return code;
}

static void put_value(struct text *out, const json_t *value)
{
    char *json = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    put_safe(out, json ? json : "nothing");
    free(json);
}

/* Looking. ------------------------------------------------------------------------------------------------- */

static void show_versions(const json_t *answer, struct text *out)
{
    size_t i;
    json_t *version, *event;
    json_array_foreach(json_object_get(answer, "versions"), i, version) {
        const char *name = member(version, "version");
        text_puts(out, strcmp(name, member(answer, "active")) == 0 ? "* " : "  ");
        put_padded(out, name, 20);
        text_put_char(out, ' ');
        put_padded(out, json_is_true(json_object_get(version, "builtIn")) ? "built in" : member(version, "parent"), 20);
        text_put_char(out, ' ');
        put_padded(out, json_is_true(json_object_get(version, "played")) ? "played" : "staged", 7);
        put_safe(out, member(version, "by"));
        text_puts(out, member(version, "by")[0] ? ": " : "");
        put_safe(out, member(version, "note"));
        text_put_char(out, '\n');
    }
    json_array_foreach(json_object_get(answer, "history"), i, event) {
        text_printf(out, "%4lld ", (long long)json_integer_value(json_object_get(event, "number")));
        put_padded(out, member(event, "action"), 9);
        put_safe(out, member(event, "version"));
        text_puts(out, " after ");
        put_safe(out, member(event, "before"));
        text_puts(out, member(event, "note")[0] ? ", " : "");
        put_safe(out, member(event, "note"));
        text_put_char(out, '\n');
    }
}

static int run_list(struct cli *cli, const struct args *args)
{
    char *path = address(args->words[2], "");
    json_t *answer;
    int code = cli_get(cli, path, &answer);
    free(path);
    return tell(cli, code, answer, show_versions);
}

static void show_documents(const json_t *answer, struct text *out)
{
    char *json = json_dumps(json_object_get(answer, "documents"), JSON_INDENT(2));
    put_safe(out, json ? json : "");
    text_put_char(out, '\n');
    free(json);
}

/* Without a version: the active one, which only a first question tells. */
static int run_show(struct cli *cli, const struct args *args)
{
    char *path = address(args->words[2], "");
    struct text query = {0};
    json_t *rules = NULL, *answer = NULL;
    int code = args->words[3] ? CLI_OK : cli_get(cli, path, &rules);
    text_puts(&query, path);
    path_query(&query, "version", args->words[3] ? args->words[3] : member(rules, "active"));
    if (code == CLI_OK)
        code = cli_get(cli, text_cstr(&query), &answer);
    json_decref(rules);
    text_free(&query);
    free(path);
    return tell(cli, code, answer, show_documents);
}

static void show_entries(const json_t *answer, struct text *out)
{
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(answer, "entries"), i, entry) {
        put_safe(out, member(entry, "document"));
        text_put_char(out, '/');
        put_safe(out, member(entry, "entry"));
        text_put_char(out, ' ');
        put_value(out, json_object_get(entry, "data"));
        text_put_char(out, '\n');
    }
    text_printf(out, "%lld found\n", (long long)json_integer_value(json_object_get(answer, "total")));
}

static int run_find(struct cli *cli, const struct args *args)
{
    char *path = address(args->words[2], "/catalogue");
    struct text query = {0};
    json_t *answer;
    text_puts(&query, path);
    path_query(&query, "q", args->words[3]);
    path_query(&query, "limit", args_text(args, "limit"));
    path_query(&query, "offset", args_text(args, "offset"));
    int code = cli_get(cli, text_cstr(&query), &answer);
    text_free(&query);
    free(path);
    return tell(cli, code, answer, show_entries);
}

static void show_diff(const json_t *answer, struct text *out)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(answer, "diff"), i, row) {
        put_safe(out, member(row, "document"));
        put_safe(out, member(row, "path"));
        text_puts(out, ": ");
        put_value(out, json_object_get(row, "from"));
        text_puts(out, " -> ");
        put_value(out, json_object_get(row, "to"));
        text_put_char(out, '\n');
    }
}

static int run_diff(struct cli *cli, const struct args *args)
{
    char *path = address(args->words[2], "/diff");
    struct text query = {0};
    json_t *answer;
    bool both = args->words[4];
    text_puts(&query, path);
    path_query(&query, "fromVersion", both ? args->words[3] : NULL);
    path_query(&query, "toVersion", args->words[both ? 4 : 3]);
    int code = cli_get(cli, text_cstr(&query), &answer);
    text_free(&query);
    free(path);
    return tell(cli, code, answer, show_diff);
}

/* Changing. ------------------------------------------------------------------------------------------------ */

/* As cli_post; of a set with mistakes it tells each of them. */
static int post(struct cli *cli, const struct args *args, const char *what, json_t *body, json_t **answer)
{
    static const char *const texts[] = {"note", "by", "hash"};
    struct http_answer got = {0};
    char *path = address(args->words[2], what);
    size_t i;
    json_t *mistake;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (args_text(args, texts[i]))
            json_object_set_new(body, texts[i], json_string(args_text(args, texts[i])));
    enum http_outcome outcome = http_send(cli->http, path, body, &got);
    json_decref(body);
    free(path);
    *answer = outcome == HTTP_OK ? got.body : NULL;
    if (outcome == HTTP_OK)
        return CLI_OK;
    int code = cli_failure(cli, outcome, &got);
    json_array_foreach(json_object_get(got.body, "mistakes"), i, mistake) {
        struct text line = {0};
        put_safe(&line, member(mistake, "document"));
        text_puts(&line, member(mistake, "entry")[0] ? ", " : "");
        put_safe(&line, member(mistake, "entry"));
        text_puts(&line, ": ");
        put_safe(&line, member(mistake, "error"));
        fprintf(stderr, "  %s\n", text_cstr(&line));
        text_free(&line);
    }
    http_answer_finish(&got);
    return code;
}

static void show_staged(const json_t *answer, struct text *out)
{
    text_puts(out, "staged ");
    put_safe(out, member(answer, "version"));
    text_puts(out, " from ");
    put_safe(out, member(answer, "parent"));
    text_put_char(out, '\n');
    show_diff(answer, out);
}

/* The changes in a file or on standard input; NULL, and a sentence, when there are none. */
static json_t *changes_in(const char *file)
{
    bool is_input = strcmp(file, "-") == 0;
    json_error_t error;
    json_t *changes = is_input ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &error)
                               : json_load_file(file, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(changes))
        return changes;
    complain("%s has no JSON object of changes: %s", is_input ? "standard input" : file,
             changes ? "it is something else" : error.text);
    json_decref(changes);
    return NULL;
}

/* What makes a folder's files of the documents of a version. */
static json_t *changes_of(const char *folder, const json_t *documents)
{
    json_t *changes = json_object(), *before;
    const char *name;
    json_object_foreach((json_t *)documents, name, before) {
        char path[1024];
        json_error_t error;
        snprintf(path, sizeof path, "%s/%s.json", folder, name);
        json_t *now = json_load_file(path, JSON_REJECT_DUPLICATES, &error),
               *patch = now ? patch_make(before, now) : NULL;
        if (!now) {
            complain("%s: %s", path, error.text);
            json_decref(changes);
            return NULL;
        }
        if (patch)
            json_object_set_new(changes, name, patch);
        json_decref(now);
    }
    return changes;
}

/* A folder of battle data: checked here, with its checksums, then compared with what the server has. */
static int changes_to_folder(struct cli *cli, const struct args *args, json_t **changes)
{
    char *path = address(args->words[2], "");
    struct text query = {0};
    json_t *rules = NULL, *version = NULL;
    int code = check_data_folder(cli, args->words[3]);
    if (code == CLI_OK)
        code = cli_get(cli, path, &rules);
    text_puts(&query, path);
    path_query(&query, "version", args_text(args, "onto") ? args_text(args, "onto") : member(rules, "active"));
    if (code == CLI_OK)
        code = cli_get(cli, text_cstr(&query), &version);
    *changes = code == CLI_OK ? changes_of(args->words[3], json_object_get(version, "documents")) : NULL;
    json_decref(rules);
    json_decref(version);
    text_free(&query);
    free(path);
    return *changes ? CLI_OK : code == CLI_OK ? CLI_REFUSED : code;
}

static int run_stage(struct cli *cli, const struct args *args)
{
    struct stat info;
    json_t *answer, *changes;
    bool is_folder = stat(args->words[3], &info) == 0 && S_ISDIR(info.st_mode);
    if (is_folder) {
        int code = changes_to_folder(cli, args, &changes);
        if (code != CLI_OK)
            return code;
    } else if (!(changes = changes_in(args->words[3]))) {
        return CLI_USAGE;
    }
    json_t *body = json_pack("{s:o}", "changes", changes);
    if (args_text(args, "onto"))
        json_object_set_new(body, "onto", json_string(args_text(args, "onto")));
    int code = post(cli, args, "/stage", body, &answer);
    return tell(cli, code, answer, show_staged);
}

static void show_active(const json_t *answer, struct text *out)
{
    text_puts(out, "new games get ");
    put_safe(out, member(answer, "active"));
    text_puts(out, " instead of ");
    put_safe(out, member(answer, "before"));
    text_put_char(out, '\n');
}

static int activate(struct cli *cli, const struct args *args, const char *what)
{
    json_t *body = json_object(), *answer;
    if (args->words[3])
        json_object_set_new(body, "version", json_string(args->words[3]));
    int code = post(cli, args, what, body, &answer);
    return tell(cli, code, answer, show_active);
}

static int run_promote(struct cli *cli, const struct args *args)
{
    return activate(cli, args, "/promote");
}

static int run_rollback(struct cli *cli, const struct args *args)
{
    return activate(cli, args, "/rollback");
}

int run_admin_data(struct cli *cli, const struct args *args)
{
    static const struct verb verbs[] = {
        /* words behind the verb */
        {"list", "CHALLENGE", 1, 1, run_list},
        {"show", "CHALLENGE [VERSION]", 1, 2, run_show},
        {"find", "CHALLENGE TEXT", 2, 2, run_find},
        {"diff", "CHALLENGE [VERSION] VERSION", 2, 3, run_diff},
        {"stage", "CHALLENGE FILE|FOLDER", 2, 2, run_stage},
        {"promote", "CHALLENGE VERSION", 2, 2, run_promote},
        {"rollback", "CHALLENGE [VERSION]", 1, 2, run_rollback},
        {0},
    };
    const struct verb *verb = verbs;
    while (verb->name && strcmp(verb->name, args->words[1]) != 0)
        verb++;
    int words = args->word_count - 2;
    if (verb->name && words >= verb->words_min && words <= verb->words_max)
        return verb->run(cli, args);
    if (verb->name)
        complain("Usage: arena admin data %s %s", verb->name, verb->usage);
    else
        complain("there is no arena admin data %s; there is list, show, find, diff, stage, promote and rollback.",
                 args->words[1]);
    return CLI_USAGE;
}
