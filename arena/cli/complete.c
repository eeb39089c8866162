/* complete.c - see complete.h. */
#include "cli/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/identity.h"

enum { SESSIONS_OFFERED = 20 };

struct completion {
    struct cli *cli;
    struct text *out;
    const char *current; /* what is there of the word */
    int glued;           /* bytes in front of it that belong to the word in the shell's eyes: "--name=" */
    const char *glue;
};

static void offer(struct completion *c, const char *word, size_t len, const char *about)
{
    size_t typed = strlen(c->current);

    if (len < typed || memcmp(word, c->current, typed) != 0 || memchr(word, '\n', len))
        return;
    text_put(c->out, c->glue, (size_t)c->glued);
    text_put(c->out, word, len);
    if (about[0])
        text_printf(c->out, "\t%.*s", (int)strcspn(about, "\n\t"), about);
    text_put_char(c->out, '\n');
}

/* ------------------------------------------------------------------------------------------- kinds of words --- */

static void offer_types(struct completion *c)
{
    json_t *metadata, *about;
    const char *type;

    if (get_metadata(c->cli, NULL, &metadata) != CLI_OK)
        return;
    json_object_foreach(metadata, type, about)
        offer(c, type, strlen(type), member(about, "name"));
    json_decref(metadata);
}

static void offer_sessions(struct completion *c)
{
    char path[64], about[128];
    json_t *list, *session;
    size_t i;

    snprintf(path, sizeof path, "/api/challenges?limit=%d", SESSIONS_OFFERED);
    if (cli_get(c->cli, path, &list) != CLI_OK)
        return;
    json_array_foreach(json_object_get(list, "challenges"), i, session) {
        snprintf(about, sizeof about, "%s, %s", member(session, "challengeType"),
                 member(json_object_get(session, "state"), "status"));
        offer(c, member(session, "id"), strlen(member(session, "id")), about);
    }
    json_decref(list);
}

static void offer_identity(void *ctx, const char *name)
{
    offer(ctx, name, strlen(name), "");
}

static void offer_identities(struct completion *c)
{
    identity_names(offer_identity, c);
}

static void offer_path(struct completion *c)
{
    text_lit(c->out, "/\n");
}

static void offer_commands(struct completion *c)
{
    for (const struct command_group *group = command_groups; group->title; group++)
        for (const struct command *command = group->commands; command->name; command++)
            offer(c, command->name, strlen(command->name), command->summary);
}

/* What the tables call a word or an option's value, and who knows such words. */
static const struct {
    const char *name;
    void (*offer)(struct completion *);
} kinds[] = {
    {"TYPE", offer_types},       {"SESSION", offer_sessions}, {"ID", offer_sessions}, {"IDENTITY", offer_identities},
    {"COMMAND", offer_commands}, {"FILE", offer_path},        {"DIR", offer_path},    {"DATA", offer_path},
    {"MODULE.so", offer_path},
};

/* name: "TYPE", "[FILE]", "USER..." or "this|that", up to a space. */
static void offer_kind(struct completion *c, const char *name)
{
    const char *word;
    size_t len;

    if (choice_at(name, 0, &word)) {
        for (int i = 0; (len = choice_at(name, i, &word)); i++)
            offer(c, word, len, "");
        return;
    }
    name += *name == '[';
    len = strcspn(name, " ]");
    if (len > 3 && memcmp(name + len - 3, "...", 3) == 0)
        len -= 3;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strlen(kinds[i].name) == len && memcmp(kinds[i].name, name, len) == 0)
            kinds[i].offer(c);
}

static void offer_options(struct completion *c, const struct option_row *options)
{
    char word[64];

    for (; options && options->name; options++) {
        snprintf(word, sizeof word, "--%s", options->name);
        offer(c, word, strlen(word), options->help);
    }
}

/* --------------------------------------------------------------------------------------- the line so far --- */

/* What the finished words say. */
struct line {
    const struct command *command;
    const struct option_row *pending; /* an option that still wants its value */
    int words;                        /* behind the command */
    bool only_words;                  /* behind a lone -- */
    bool help;                        /* "help COMMAND" */
    bool unknown;                     /* there is no such command: nothing fits behind it */
    const char *url;
};

static const struct option_row *find_row(const struct line *line, const char *word, const char **value)
{
    const struct option_row *row = option_find(global_options, word, value);
    return row || !line->command ? row : option_find(line->command->options, word, value);
}

static void read_word(struct line *line, const char *word)
{
    const char *value;

    if (line->pending) {
        if (strcmp(word, "=") == 0) /* bash takes "--name=value" for three words */
            return;
        if (line->pending == &global_options[0])
            line->url = word;
        line->pending = NULL;
    } else if (!line->only_words && strcmp(word, "--") == 0) {
        line->only_words = true;
    } else if (!line->only_words && strncmp(word, "--", 2) == 0) {
        const struct option_row *row = find_row(line, word, &value);
        if (row && row->value && !value)
            line->pending = row;
        else if (row == &global_options[0])
            line->url = value;
    } else if (line->command) {
        line->words++;
    } else if (strcmp(word, "help") == 0) {
        line->help = true;
    } else {
        line->command = command_find(word);
        line->unknown = !line->command;
    }
}

/* The n-th token of a usage such as "[list|show] [USER...]"; the last one if it may be repeated. */
static const char *usage_token(const char *usage, int n)
{
    const char *token = usage;

    for (; n > 0 && *token; n--) {
        const char *end = token + strcspn(token, " "), *next = end + strspn(end, " |");
        if (!*next)
            return strstr(token, "...") ? token : next;
        token = next;
    }
    return token;
}

static void offer_word(struct completion *c, const struct line *line)
{
    if (line->unknown)
        return;
    if (!line->command) {
        offer_commands(c);
        if (!line->help)
            offer(c, "help", 4, "What a command does");
    } else if (!line->help) {
        offer_kind(c, usage_token(line->command->usage, line->words));
    }
}

void complete(struct cli *cli, const char *const *words, int count, struct text *out)
{
    struct completion c = {.cli = cli, .out = out, .current = words[count - 1], .glue = ""};
    struct line line = {0};
    const char *value = NULL;

    for (int i = 0; i + 1 < count; i++)
        read_word(&line, words[i]);
    if (line.url) {
        http_close(cli->http);
        cli->url = line.url;
        cli->http = http_open(line.url, cli->key, interrupted);
    }
    bool option = !line.only_words && strncmp(c.current, "--", 2) == 0;
    const struct option_row *row = line.pending;
    if (row && strcmp(c.current, "=") == 0)
        c.current = "";
    if (!row && option && (row = find_row(&line, c.current, &value)) && value) {
        c.glue = c.current;
        c.glued = (int)(value - c.current);
        c.current = value;
    }
    if (row && row->value && (value || line.pending)) {
        offer_kind(&c, row->value);
    } else if (option) {
        offer_options(&c, line.command ? line.command->options : NULL);
        offer_options(&c, global_options);
    } else {
        offer_word(&c, &line);
    }
}
