#include "cli/agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/pool.h"
#include "core/text.h"
#include "host/host.h"

#ifndef ARENA_OPERATOR_DIR
#define ARENA_OPERATOR_DIR "/usr/local/lib/arena/operators"
#endif

enum { DECISION_MEMORY = 64 * 1024 * 1024 };

struct agent {
    struct host *host;
    const arena_agent_1 *table;
    struct pool pool;
    uint64_t random;
};

/* --------------------------------------------------------------------------------------------- the module --- */

static bool try_folder(const char *folder, size_t len, const char *type, char *path, size_t size)
{
    char under[80];
    snprintf(under, sizeof under, "%s", type);
    for (char *c = under; *c; c++)
        if (*c == '-')
            *c = '_';
    /* As installed, or as built in a folder of its own; perhaps with the dashes of the id as underscores. */
    const char *const names[] = {type, under};
    for (int i = 0; i < 2; i++) {
        snprintf(path, size, "%.*s/%s.so", (int)len, folder, names[i]);
        if (access(path, R_OK) == 0)
            return true;
        snprintf(path, size, "%.*s/%s/%s.so", (int)len, folder, names[i], names[i]);
        if (access(path, R_OK) == 0)
            return true;
    }
    return false;
}

/* A program that was built and not installed lies in BUILD/arena/cli, the modules in BUILD/operators. */
bool module_build_folder(char folder[MODULE_FOLDER_BYTES])
{
    static const char rest[] = "/../../operators";
    ssize_t len = readlink("/proc/self/exe", folder, MODULE_FOLDER_BYTES - sizeof rest);
    if (len <= 0)
        return false;
    folder[len] = '\0';
    char *slash = strrchr(folder, '/');
    if (!slash)
        return false;
    memcpy(slash, rest, sizeof rest);
    return access(folder, R_OK | X_OK) == 0;
}

bool module_find(const char *type, char *path, size_t size)
{
    for (const char *c = type; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-'))
            return false;
    const char *folders = getenv("ARENA_OPERATORS");
    while (folders && *folders) {
        size_t len = strcspn(folders, ":");
        if (len && try_folder(folders, len, type, path, size))
            return true;
        folders += len + (folders[len] == ':');
    }
    char built[MODULE_FOLDER_BYTES];
    return (module_build_folder(built) && try_folder(built, strlen(built), type, path, size)) ||
           try_folder(ARENA_OPERATOR_DIR, strlen(ARENA_OPERATOR_DIR), type, path, size);
}

static void on_log(void *ctx, enum arena_level level, const char *line)
{
    (void)ctx;
    if (level >= ARENA_WARN)
        complain("%s", line);
}

struct agent *agent_open(const char *type, const char *path)
{
    char found[1024];
    if (!path && !module_find(type, found, sizeof found))
        return NULL;
    struct agent *agent = calloc(1, sizeof *agent);
    if (!agent)
        abort();
    pool_init(&agent->pool, DECISION_MEMORY);
    agent->host = host_open(NULL, on_log, NULL);
    struct host_module module = {.path = path ? path : found, .hosting = HOSTING_INPROCESS};
    const struct host_operator *op = NULL;
    if (host_load(agent->host, &module))
        op = host_find(agent->host, text_of(type));
    agent->table = op ? host_extension(op, ARENA_AGENT_1) : NULL;
    if (!agent->table || !agent->table->names || !agent->table->names[0]) {
        agent_close(agent);
        return NULL;
    }
    if (getrandom(&agent->random, sizeof agent->random, 0) != (ssize_t)sizeof agent->random)
        agent->random = (uint64_t)time(NULL);
    return agent;
}

void agent_close(struct agent *agent)
{
    if (!agent)
        return;
    host_close(agent->host);
    pool_finish(&agent->pool);
    free(agent);
}

bool agent_has(const struct agent *agent, const char *name)
{
    for (const char *const *n = agent->table->names; *n; n++)
        if (strcmp(*n, name) == 0)
            return true;
    return false;
}

const char *agent_best(const struct agent *agent)
{
    const char *const *n = agent->table->names;
    while (n[1])
        n++;
    return *n;
}

/* --------------------------------------------------------------------------- the host that an agent is given --- */

static void *on_alloc(const arena_host *h, size_t size)
{
    return pool_alloc(&((struct agent *)h->self)->pool, size);
}

/* splitmix64; an agent's own stream, nothing that must be secret. */
static uint64_t on_random(const arena_host *h, uint64_t bound)
{
    struct agent *agent = h->self;
    uint64_t z = agent->random += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % bound;
}

static arena_text on_handle(const arena_host *h, uint32_t player)
{
    (void)h, (void)player;
    return (arena_text){"", 0};
}

static int on_reject(const arena_host *h, const char *code, const char *reason)
{
    (void)h, (void)code, (void)reason;
    return ARENA_REJECTED;
}

static void on_agent_log(const arena_host *h, enum arena_level level, arena_text line)
{
    (void)h, (void)level, (void)line;
}

static const void *on_extension(const arena_host *h, const char *id)
{
    (void)h, (void)id;
    return NULL;
}

int agent_decide(struct agent *agent, const char *name, const json_t *view, const json_t *choices)
{
    arena_host host = {
        .size = sizeof host,
        .seats = 2,
        .joined = 2,
        .turn = 1,
        .now_ms = (int64_t)time(NULL) * 1000,
        .self = agent,
        .alloc = on_alloc,
        .random = on_random,
        .handle = on_handle,
        .reject = on_reject,
        .log = on_agent_log,
        .extension = on_extension,
    };
    struct text lines = {0};
    size_t i;
    json_t *line;
    json_array_foreach(choices, i, line)
        text_printf(&lines, "%s%s", i ? "\n" : "", json_string_value(line) ? json_string_value(line) : "");
    char *json = json_dumps(view, JSON_COMPACT);
    uint32_t choice = UINT32_MAX;
    int result = json ? agent->table->decide(&host, name, text_of(json), text_slice(&lines), &choice) : ARENA_BROKEN;
    free(json);
    text_free(&lines);
    pool_reset(&agent->pool);
    return result == ARENA_OK && choice < json_array_size(choices) ? (int)choice : -1;
}
