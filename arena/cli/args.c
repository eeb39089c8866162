/* args.c - the command line, read by the tables of options; and the help, written from them. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/term.h"

const struct option_row global_options[] = {
    {"url", "URL", "where the server is (default: $ARENA_URL, else http://127.0.0.1:3001)"},
    {"key", "KEY", "session key, for a server in auth mode (default: $ARENA_KEY, else what `join` remembered)"},
    {"json", NULL, "answers as JSON, one object a line"},
    {"help", NULL, "this help"},
    {0},
};

const struct option_row *option_find(const struct option_row *table, const char *word, const char **value)
{
    if (strncmp(word, "--", 2) != 0)
        return NULL;
    const char *name = word + 2, *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    *value = equals ? equals + 1 : NULL;
    for (; table && table->name; table++)
        if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
            return table;
    return NULL;
}

size_t choice_at(const char *text, int i, const char **word)
{
    text += *text == '[';
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-|");
    if ((text[len] && !strchr(" ]", text[len])) || !memchr(text, '|', len))
        return 0;
    for (const char *end = text + len; text < end; text += strcspn(text, "| ]") + 1)
        if (i-- == 0)
            return *word = text, strcspn(text, "| ]");
    return 0;
}

/* How many words the option at argv[i] takes, with its value in *value; 0 and a sentence when the value is amiss. */
static int take_value(const struct option_row *option, int argc, char **argv, int i, const char **value)
{
    if (!option->value) {
        if (*value)
            return complain("--%s takes no value.", option->name), 0;
        *value = "";
        return 1;
    }
    if (*value)
        return 1;
    if (i + 1 >= argc)
        return complain("--%s needs a value: --%s %s", option->name, option->name, option->value), 0;
    *value = argv[i + 1];
    return 2;
}

int args_global(struct cli *cli, int argc, char **argv, int i)
{
    const char *value;
    const struct option_row *option = option_find(global_options, argv[i], &value);
    if (!option)
        return 0;
    int taken = take_value(option, argc, argv, i, &value);
    if (taken == 0)
        return -1;
    switch (option - global_options) {
    case 0: cli->url = value; break;
    case 1: cli->key = value; break;
    case 2: cli->json = true; break;
    default: return -2; /* help */
    }
    return taken;
}

/* True when choices are none ("INVITE"), or value is one of them. */
static bool is_choice(const char *choices, const char *value)
{
    const char *word;
    size_t len;
    if (!choices || choice_at(choices, 0, &word) == 0)
        return true;
    for (int i = 0; (len = choice_at(choices, i, &word)); i++)
        if (strlen(value) == len && memcmp(word, value, len) == 0)
            return true;
    return false;
}

static int read_option(struct args *args, const struct command *command, int argc, char **argv, int i)
{
    const char *value;
    const struct option_row *option = option_find(command->options, argv[i], &value);
    if (!option)
        return complain("`arena %s` has no option %s; see `arena %s --help`.", command->name, argv[i], command->name),
               0;
    int taken = take_value(option, argc, argv, i, &value);
    if (taken && !is_choice(option->value, value)) {
        complain("--%s must be one of %s, not \"%s\".", option->name, option->value, value);
        taken = 0;
    }
    args->values[option - command->options] = value;
    return taken;
}

bool args_read(struct args *args, struct cli *cli, const struct command *command, int argc, char **argv, bool *help)
{
    *args = (struct args){.options = command->options};
    bool only_words = false;
    for (int i = 0; i < argc;) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
            i++;
            continue;
        }
        if (only_words || strncmp(argv[i], "--", 2) != 0) {
            if (args->word_count == command->words_max)
                return complain("One word too many: %s\nUsage: arena %s %s", argv[i], command->name, command->usage),
                       false;
            args->words[args->word_count++] = argv[i++];
            continue;
        }
        int taken = args_global(cli, argc, argv, i);
        if (taken == -2)
            return *help = true, false;
        if (taken == 0)
            taken = read_option(args, command, argc, argv, i);
        if (taken <= 0)
            return false;
        i += taken;
    }
    if (args->word_count > 0 && !is_choice(command->usage, args->words[0])) {
        complain("`arena %s` does not know \"%s\".\nUsage: arena %s %s   (see `arena %s --help`)", command->name,
                 args->words[0], command->name, command->usage, command->name);
        return false;
    }
    if (args->word_count >= command->words_min)
        return true;
    complain("Something is missing.\nUsage: arena %s %s   (see `arena %s --help`)", command->name, command->usage,
             command->name);
    return false;
}

static int place_of(const struct args *args, const char *name)
{
    for (int i = 0; args->options && args->options[i].name; i++)
        if (strcmp(args->options[i].name, name) == 0)
            return i;
    assert(!"an option that the command's table does not have");
    return 0;
}

const char *args_text(const struct args *args, const char *name)
{
    return args->values[place_of(args, name)];
}

bool args_flag(const struct args *args, const char *name)
{
    return args_text(args, name) != NULL;
}

bool args_number(const struct args *args, const char *name, int64_t otherwise, int64_t low, int64_t high, int64_t *n)
{
    const char *value = args_text(args, name);
    *n = otherwise;
    if (!value)
        return true;
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end || number < low || number > high) {
        complain("--%s must be a whole number from %lld to %lld, not \"%s\".", name, (long long)low, (long long)high,
                 value);
        return false;
    }
    *n = number;
    return true;
}

int run_verb(struct cli *cli, const struct args *args, const char *command, const struct verb *verbs)
{
    const struct verb *verb = verbs;
    while (args->words[0] && verb->name && strcmp(verb->name, args->words[0]) != 0)
        verb++;
    assert(verb->name); /* args_read has let through what the usage has */
    int words = args->word_count ? args->word_count - 1 : 0;
    if (words >= verb->words_min && words <= verb->words_max)
        return verb->run(cli, args);
    complain("%s\nUsage: arena %s %s %s   (see `arena %s --help`)",
             words < verb->words_min ? "Something is missing." : "There are too many words.", command, verb->name,
             verb->usage, command);
    return CLI_USAGE;
}

static void print_options(const struct option_row *options)
{
    for (; options && options->name; options++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", options->name, options->value ? " " : "",
                 options->value ? options->value : "");
        printf("  %-20s %s\n", left, options->help);
    }
}

void help_command(const struct command *command)
{
    printf("%sarena %s%s %s\n\n%s.\n", term(BOLD), command->name, term(PLAIN), command->usage, command->summary);
    if (command->options)
        printf("\n%sOptions%s\n", term(BOLD), term(PLAIN));
    print_options(command->options);
    printf("\n%sOptions of every command%s\n", term(BOLD), term(PLAIN));
    print_options(global_options);
    printf("\n%s\n", command->help);
}
