/* main.c - arena(1): finds the command and runs it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/term.h"

static void help_all(FILE *out)
{
    fprintf(out, "arena - talk to a challenge arena\n\n"
                 "Usage: arena COMMAND [words] [--options]     arena COMMAND --help\n");
    for (const struct command_group *group = command_groups; group->title; group++) {
        fprintf(out, "\n%s%s%s\n", term(BOLD), group->title, term(PLAIN));
        for (const struct command *c = group->commands; c->name; c++)
            fprintf(out, "  %-12s %s\n", c->name, c->summary);
    }
    fprintf(out,
            "\n%sA first game%s\n"
            "  arena play pokemon --opponent heuristic      you against the house\n"
            "  arena demo                                   watch two house players\n"
            "\nExit codes: 0 done, 1 refused (the reason is on standard error), 2 usage, 3 no server there,\n"
            "130 interrupted.  The server is at --url, else at $ARENA_URL, else at http://127.0.0.1:3001.\n"
            "Environment: ARENA_URL, ARENA_KEY, ARENA_IDENTITY, ARENA_ADMIN_TOKEN, ARENA_CONFIG, ARENA_OPERATORS,\n"
            "ARENA_SCORING; see arena(1).\n",
            term(BOLD), term(PLAIN));
}

static const char *environment(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && value[0] ? value : otherwise;
}

/* Options before the command, as in "arena --json sessions".  The place of the command in argv; 0: print the help;
 * -1: the line makes no sense. */
static int skip_globals(struct cli *cli, int argc, char **argv)
{
    int i = 1;
    while (i < argc && strncmp(argv[i], "--", 2) == 0) {
        int taken = args_global(cli, argc, argv, i);
        if (taken == -2)
            return 0;
        if (taken == 0)
            complain("there is no option %s; see `arena --help`.", argv[i]);
        if (taken <= 0)
            return -1;
        i += taken;
    }
    return i < argc ? i : 0;
}

static int run(struct cli *cli, const struct command *command, const struct args *args)
{
    char *url = strdup(cli->url);
    for (size_t len = strlen(url); len && url[len - 1] == '/'; len--)
        url[len - 1] = '\0';
    cli->url = url;
    cli->http = http_open(url, cli->key, interrupted);
    int code = command->run(cli, args);
    http_close(cli->http);
    free(url);
    if (fflush(stdout) != 0)
        code = CLI_REFUSED;
    return code;
}

int main(int argc, char **argv)
{
    struct cli cli = {.url = environment("ARENA_URL", "http://127.0.0.1:3001"), .key = environment("ARENA_KEY", NULL)};
    term_init();
    cli_catch_interrupts();
    int at = skip_globals(&cli, argc, argv);
    if (at < 0)
        return CLI_USAGE;
    bool help = at == 0 || strcmp(argv[at], "help") == 0;
    const char *name = !help ? argv[at] : at > 0 && at + 1 < argc ? argv[at + 1] : NULL;
    if (!name) {
        help_all(stdout);
        return argc > 1 ? CLI_OK : CLI_USAGE;
    }
    const struct command *command = command_find(name);
    if (!command) {
        complain("there is no command \"%s\"; `arena --help` lists them.", name);
        return CLI_USAGE;
    }
    struct args args;
    if (help || !args_read(&args, &cli, command, argc - at - 1, argv + at + 1, &help)) {
        if (help)
            help_command(command);
        return help ? CLI_OK : CLI_USAGE;
    }
    return run(&cli, command, &args);
}
