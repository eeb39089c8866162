/* cmd_team.c - teams of Pokémon on this machine: checked against a format, turned into another form, made up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/local.h"
#include "core/text.h"
#include "team.h"

enum { TEAM_FILE_MAX = 1 << 20, TEAM_TEXT_MAX = 1 << 16 };

static const char data_version[] = "gen9-v1";

/* The whole of a file, "-" or NULL: of standard input.  False after a sentence on standard error. */
static bool read_all(const char *name, struct text *out)
{
    char buffer[4096];
    bool standard = !name || strcmp(name, "-") == 0;
    FILE *file = standard ? stdin : fopen(name, "rb");
    if (!file) {
        complain("%s cannot be opened: %s.", name, strerror(errno));
        return false;
    }
    for (size_t n; out->len <= TEAM_FILE_MAX && (n = fread(buffer, 1, sizeof buffer, file)) > 0;)
        text_put(out, buffer, n);
    bool good = !ferror(file) && out->len <= TEAM_FILE_MAX;
    if (!good)
        complain("%s cannot be read, or is larger than a team is.", standard ? "standard input" : name);
    if (!standard)
        fclose(file);
    return good;
}

/* "slot 2, moves: ..." */
static void tell(const struct team_problems *why)
{
    for (int i = 0; i < why->stored; i++) {
        const struct team_problem *p = &why->list[i];
        if (p->slot)
            fprintf(stderr, "slot %d, %s: %s\n", p->slot, p->field, p->text);
        else
            fprintf(stderr, "%s: %s\n", p->field, p->text);
    }
    if (why->count > why->stored)
        fprintf(stderr, "and %d more\n", why->count - why->stored);
}

static json_t *problems_json(const struct team_problems *why)
{
    json_t *list = json_array();
    for (int i = 0; i < why->stored; i++)
        json_array_append_new(list, json_pack("{s:i,s:s,s:s}", "slot", why->list[i].slot, "field", why->list[i].field,
                                              "message", why->list[i].text));
    return list;
}

/* The format that --format names.  NULL after a sentence on standard error that lists them. */
static const struct team_format *format_of(const struct team_facts *facts, const struct args *args,
                                           const char *otherwise)
{
    const char *name = args_text(args, "format") ? args_text(args, "format") : otherwise;
    const struct team_format *format = team_format(facts, name);
    struct text all = {0};
    if (format)
        return format;
    for (int i = 0; i < facts->formats_n; i++) {
        text_puts(&all, i ? ", " : "");
        text_puts(&all, facts->formats[i].id);
    }
    complain("there is no format %s; there are: %s.", name, text_cstr(&all));
    text_free(&all);
    return NULL;
}

static bool read_team(const struct team_facts *facts, const struct args *args, struct team *team,
                      struct team_problems *why, bool *understood)
{
    struct text text = {0};
    bool good = read_all(args->words[1], &text);
    if (good)
        *understood = team_read(facts, text.ptr ? text.ptr : "", text.len, team, why);
    text_free(&text);
    return good;
}

static int run_check_team(struct cli *cli, const struct args *args)
{
    static struct team team;
    static struct team_problems why;
    const struct team_facts *facts = team_facts_find(data_version);
    const struct team_format *format = format_of(facts, args, "any");
    bool understood;
    if (!format)
        return CLI_USAGE;
    if (!read_team(facts, args, &team, &why, &understood))
        return CLI_REFUSED;
    bool legal = team_check(facts, format, &team, &why) && understood;
    if (cli->json) {
        json_t *said = json_pack("{s:b,s:s,s:i,s:o}", "legal", legal, "format", format->id, "size", team.count,
                                 "problems", problems_json(&why));
        print_json(said);
        json_decref(said);
    } else if (legal) {
        printf("%d Pokémon, legal in %s (%s)\n", team.count, format->id, format->name);
    }
    if (!cli->json)
        tell(&why);
    return legal ? CLI_OK : CLI_REFUSED;
}

/* The form that --to names; false after a sentence on standard error. */
static bool form_of(const struct cli *cli, const struct args *args, enum team_form *form)
{
    const char *name = args_text(args, "to");
    int found = name ? team_form_find(name) : cli->json ? TEAM_JSON : TEAM_TEXT;
    if (found < 0)
        complain("a team is written as text, packed or json, not as %s.", name);
    else
        *form = (enum team_form)found;
    return found >= 0;
}

static void print_team(const struct team_facts *facts, const struct team *team, enum team_form form)
{
    static char text[TEAM_TEXT_MAX];
    size_t len = team_write(facts, team, form, text, sizeof text);
    fputs(text, stdout);
    if (!len || text[len - 1] != '\n')
        putchar('\n');
}

static int run_convert(struct cli *cli, const struct args *args)
{
    static struct team team;
    static struct team_problems why;
    const struct team_facts *facts = team_facts_find(data_version);
    enum team_form form;
    bool understood;
    if (!form_of(cli, args, &form))
        return CLI_USAGE;
    if (!read_team(facts, args, &team, &why, &understood))
        return CLI_REFUSED;
    tell(&why);
    if (understood)
        print_team(facts, &team, form);
    return understood ? CLI_OK : CLI_REFUSED;
}

static int run_random(struct cli *cli, const struct args *args)
{
    static struct team team;
    const struct team_facts *facts = team_facts_find(data_version);
    const struct team_format *format = format_of(facts, args, "random");
    enum team_form form;
    int64_t size, seed;
    if (!format || !form_of(cli, args, &form) || !args_number(args, "size", TEAM_SIZE, 1, TEAM_SIZE, &size) ||
        !args_number(args, "seed", 1, 0, INT64_MAX, &seed))
        return CLI_USAGE;
    team_random(facts, format, (int)size, (uint64_t)seed, &team);
    print_team(facts, &team, form);
    return CLI_OK;
}

int run_team(struct cli *cli, const struct args *args)
{
    static const struct verb verbs[] = {
        {"check", "[FILE]", 0, 1, run_check_team},
        {"convert", "[FILE]", 0, 1, run_convert},
        {"random", "", 0, 0, run_random},
        {0},
    };
    return run_verb(cli, args, "team", verbs);
}

const struct option_row team_options[] = {
    {"format", "ID", "check, random: the rules (any, singles, flat, random; default any, for random teams random)"},
    {"to", "text|packed|json", "convert, random: the form that is written (default text)"},
    {"size", "N", "random: how many Pokémon (default 6)"},
    {"seed", "N", "random: the same number gives the same team (default 1)"},
    {0},
};
