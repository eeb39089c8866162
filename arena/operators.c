/* operators.c - finds the operators' modules that the configuration names, or all that came with the arena. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config.h"
#include "http/log.h"
#include "paths.h"

static void operator_folder(char out[PATH_BYTES])
{
    const char *named = getenv("ARENA_OPERATORS");

    if (named && *named)
        snprintf(out, PATH_BYTES, "%s", named);
    else if (!path_beside_program("../operators", out) && !path_beside_program("../../operators", out))
        snprintf(out, PATH_BYTES, "%s", ARENA_OPERATOR_DIR);
}

/* FOLDER/NAME.so, or FOLDER/NAME/NAME.so as it lies where it was built. */
static bool module_in(const char *folder, const char *name, char out[PATH_BYTES])
{
    if ((size_t)snprintf(out, PATH_BYTES, "%s/%s.so", folder, name) < PATH_BYTES && path_is_file(out))
        return true;
    return (size_t)snprintf(out, PATH_BYTES, "%s/%s/%s.so", folder, name, name) < PATH_BYTES && path_is_file(out);
}

static bool load_module(struct host *host, const char *path, const struct host_module *settings)
{
    struct host_module module = *settings;
    module.path = path;
    return host_load(host, &module);
}

/* Those that the configuration names, in its order. */
static void load_named(struct host *host, const struct config *config, const char *folder)
{
    char path[PATH_BYTES];

    for (uint32_t i = 0; i < config->operator_count; i++) {
        const struct config_operator *op = &config->operators[i];
        bool found = strchr(op->module, '/') || path_is_file(op->module);
        const char *module = found ? op->module : module_in(folder, op->module, path) ? path : NULL;
        if (!module)
            log_printf(ARENA_ERROR, "operators[%u]: there is no module %s in %s", i, op->module, folder);
        else if (!load_module(host, module, &op->settings))
            log_printf(ARENA_ERROR, "operators[%u]: %s was left out", i, module);
    }
}

/* Those that came with the arena, in the order of their names. */
static void load_all(struct host *host, const char *folder)
{
    static const struct host_module defaults;
    struct dirent **entries;
    char path[PATH_BYTES], name[256];
    int n = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "%s", entries[i]->d_name);
        size_t len = strlen(name);
        bool is_module = name[0] != '.' && len > 3 && strcmp(name + len - 3, ".so") == 0;
        if (is_module) {
            name[len - 3] = '\0';
            if (module_in(folder, name, path))
                load_module(host, path, &defaults);
        }
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

static const char *worker_program(char out[PATH_BYTES])
{
    const char *named = getenv("ARENA_WORKER");

    if (named && *named)
        return named;
    if (path_beside_program("host/arena-worker", out) || path_beside_program("arena-worker", out))
        return out;
    snprintf(out, PATH_BYTES, "%s/arena-worker", ARENA_LIBEXEC_DIR);
    return access(out, X_OK) == 0 ? out : NULL;
}

struct host *operators_load(const struct config *config)
{
    char folder[PATH_BYTES], worker[PATH_BYTES];

    operator_folder(folder);
    struct host *host = host_open(worker_program(worker), log_callback, NULL);
    if (config->operators)
        load_named(host, config, folder);
    else
        load_all(host, folder);
    if (!host_at(host, 0))
        log_printf(ARENA_WARN, "no operator is loaded, so there is nothing to play; modules are looked for in %s",
                   folder);
    for (uint32_t i = 0; i < config->challenge_count; i++)
        if (!host_find(host, text_of(config->challenges[i].id)))
            log_printf(ARENA_WARN, "challenges.%s: no operator of this name is loaded", config->challenges[i].id);
    return host;
}
