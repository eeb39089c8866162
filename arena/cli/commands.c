/* commands.c - every command there is: what the help lists, the completion offers and main runs. */
#include <string.h>

#include "cli/cli.h"

const struct command_group command_groups[] = {
    {"Look", look_commands},
    {"Take part", act_commands},
    {"Play and show", play_commands},
    {"People and boards", people_commands},
    {"On this machine's files", local_commands},
    {"Run an arena", run_commands},
    {0},
};

const struct command *command_find(const char *name)
{
    for (const struct command_group *group = command_groups; group->title; group++)
        for (const struct command *c = group->commands; c->name; c++)
            if (strcmp(c->name, name) == 0)
                return c;
    return NULL;
}
