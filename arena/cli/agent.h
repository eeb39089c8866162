/*
 * agent.h - house players on this side of the wire: an operator's module, loaded here, decides for a seat by nothing
 * but what that seat was sent (extension "arena.agent/1").
 */
#ifndef CLI_AGENT_H
#define CLI_AGENT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

struct agent;

enum { MODULE_FOLDER_BYTES = 1024 };

/* The folder of the modules that were built with this program; false when it is an installed one. */
bool module_build_folder(char folder[MODULE_FOLDER_BYTES]);

/* The path of the module that has this challenge type: in the folders of $ARENA_OPERATORS, of the build that this
 * program comes from, or of the installation.  False when there is none. */
bool module_find(const char *type, char *path, size_t size);

/* The agents of a challenge type.  path: its module, NULL to look for it.  NULL when there are none here. */
struct agent *agent_open(const char *type, const char *path);
void agent_close(struct agent *agent);

/* True when there is an agent of this name. */
bool agent_has(const struct agent *agent, const char *name);
/* The strongest one's name. */
const char *agent_best(const struct agent *agent);

/* What `name` does with this view; choices are "method content" lines.  The choice's place in the array, or -1 when
 * the agent can not tell. */
int agent_decide(struct agent *agent, const char *name, const json_t *view, const json_t *choices);

#endif
