#include "strategies.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "http/log.h"
#include "paths.h"

enum { STRATEGIES_MAX = 64, NAME_MAX_CHARS = 32 };

struct strategies {
    void *modules[STRATEGIES_MAX];
    uint32_t module_count;
    arena_strategy list[STRATEGIES_MAX]; /* as this header knows them: a module's may be shorter */
    uint32_t count;
};

/* Checking. ------------------------------------------------------------------------------------------------ */

static bool is_name(const char *name)
{
    size_t len = name ? strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;
    return len >= 1 && len <= NAME_MAX_CHARS && !name[len];
}

/* What is wrong with a strategy, or NULL. */
static const char *fault_of(const arena_strategy *s)
{
    if (!is_name(s->name))
        return "has no name of 1 to 32 of a-z, 0-9 and -";
    if (s->number_count < 1 || s->number_count > ARENA_STRATEGY_NUMBERS_MAX)
        return "has a row of no or too many numbers";
    if (s->metric_count < 1 || s->metric_count > ARENA_STRATEGY_METRICS_MAX || !s->metrics)
        return "has no or too many metrics";
    for (uint32_t i = 0; i < s->metric_count; i++)
        if (!is_name(s->metrics[i]))
            return "has a metric without a name of 1 to 32 of a-z, 0-9 and -";
    if (!s->show)
        return "has no function show, which is required";
    if (s->source ? !s->combine : !s->game)
        return s->source ? "is a global one without the function combine" : "has no function game, which is required";
    return NULL;
}

static const arena_strategy *find(const struct strategies *strategies, const char *name)
{
    for (uint32_t i = 0; i < strategies->count; i++)
        if (strcmp(strategies->list[i].name, name) == 0)
            return &strategies->list[i];
    return NULL;
}

/* Loading. ------------------------------------------------------------------------------------------------- */

static void add(struct strategies *strategies, const arena_strategy *from, const char *path)
{
    arena_strategy s = {0};

    if (!from || from->size < offsetof(arena_strategy, source)) {
        log_printf(ARENA_ERROR, "%s: a strategy is missing or its struct is too small", path);
        return;
    }
    memcpy(&s, from, from->size < sizeof s ? from->size : sizeof s);
    const char *fault = fault_of(&s);
    if (!fault && find(strategies, s.name))
        fault = "has a name that another one has already";
    if (!fault && strategies->count == STRATEGIES_MAX)
        fault = "is one too many";
    if (fault)
        log_printf(ARENA_ERROR, "%s: the strategy %.40s %s", path, s.name ? s.name : "", fault);
    else
        strategies->list[strategies->count++] = s;
}

static void load_module(struct strategies *strategies, const char *path)
{
    char full[PATH_BYTES];

    snprintf(full, sizeof full, "%s%s", strchr(path, '/') ? "" : "./", path);
    void *module = strategies->module_count < STRATEGIES_MAX ? dlopen(full, RTLD_NOW | RTLD_LOCAL) : NULL;
    const arena_strategy_entry *entry = module ? dlsym(module, "arena_strategies") : NULL;
    if (!entry || entry->abi != ARENA_STRATEGY_ABI) {
        if (entry)
            log_printf(ARENA_ERROR, "%s: built for strategy ABI %u, expected %u", path, entry->abi, ARENA_STRATEGY_ABI);
        else
            log_printf(ARENA_ERROR, "%s: not a module of scoring strategies: %s", path,
                       module ? "it has no arena_strategies" : dlerror());
        if (module)
            dlclose(module);
        return;
    }
    strategies->modules[strategies->module_count++] = module;
    for (uint32_t i = 0; i < entry->count; i++)
        add(strategies, entry->strategies[i], path);
}

static void load_folder(struct strategies *strategies, const char *folder)
{
    struct dirent **entries;
    char path[PATH_BYTES];
    int n = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');
        if (entries[i]->d_name[0] != '.' && dot && strcmp(dot, ".so") == 0 &&
            snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < (int)sizeof path && path_is_file(path))
            load_module(strategies, path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

static void scoring_folder(char out[PATH_BYTES])
{
    const char *named = getenv("ARENA_SCORING");

    if (named && *named)
        snprintf(out, PATH_BYTES, "%s", named);
    else if (!path_beside_program("../plugins/scoring", out) && !path_beside_program("../../plugins/scoring", out))
        snprintf(out, PATH_BYTES, "%s", ARENA_SCORING_DIR);
}

struct strategies *strategies_load(const struct config *config)
{
    struct strategies *strategies = calloc(1, sizeof *strategies);
    char folder[PATH_BYTES];

    if (!strategies)
        abort();
    scoring_folder(folder);
    load_folder(strategies, folder);
    for (uint32_t i = 0; i < config->scoring.modules.count; i++)
        load_module(strategies, config->scoring.modules.names[i]);
    return strategies;
}

void strategies_close(struct strategies *strategies)
{
    if (!strategies)
        return;
    for (uint32_t i = 0; i < strategies->module_count; i++)
        dlclose(strategies->modules[i]);
    free(strategies);
}

/* Boards. -------------------------------------------------------------------------------------------------- */

struct plan {
    const struct strategies *strategies;
    struct arena_board *boards;
    size_t count, cap;
};

static void add_board(struct plan *plan, const char *type, const char *name, bool global)
{
    const arena_strategy *strategy = find(plan->strategies, name);

    if (!strategy || (strategy->source != NULL) != global) {
        log_printf(ARENA_ERROR, "scoring: there is no %sstrategy %s; it is left out", global ? "global " : "", name);
        return;
    }
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->boards[i].type, type) == 0 && plan->boards[i].strategy == strategy)
            return;
    if (plan->count < plan->cap)
        plan->boards[plan->count++] = (struct arena_board){type, strategy};
}

static const struct config_names *extra_of(const struct config *config, const char *type)
{
    for (uint32_t i = 0; i < config->scoring.challenge_count; i++)
        if (strcmp(config->scoring.challenges[i].type, type) == 0)
            return &config->scoring.challenges[i].names;
    return NULL;
}

const struct arena_board *strategies_boards(const struct strategies *strategies, const struct config *config,
                                            struct host *host, struct pool *pool, size_t *count)
{
    struct plan plan = {.strategies = strategies};
    const struct host_operator *op;
    size_t types = 0;

    while (host_at(host, types))
        types++;
    plan.cap = (types + 1) * STRATEGIES_MAX;
    plan.boards = pool_alloc(pool, plan.cap * sizeof *plan.boards);
    for (size_t i = 0; (op = host_at(host, i)); i++) {
        const char *type = pool_copy(pool, text_of(host_info(op).id)).ptr;
        const struct config_names *extra = extra_of(config, type);
        for (uint32_t k = 0; k < config->scoring.defaults.count; k++)
            add_board(&plan, type, config->scoring.defaults.names[k], false);
        for (uint32_t k = 0; extra && k < extra->count; k++)
            add_board(&plan, type, extra->names[k], false);
    }
    for (uint32_t k = 0; k < config->scoring.globals.count; k++)
        add_board(&plan, "", config->scoring.globals.names[k], true);
    *count = plan.count;
    return plan.boards;
}

bool strategies_recompute(const struct config *config, struct store *store, bool check, struct recompute_report *report,
                          struct text *error)
{
    struct host *host = operators_load(config);
    struct strategies *strategies = strategies_load(config);
    struct pool pool;
    size_t count;

    pool_init(&pool, 0);
    const struct arena_board *boards = strategies_boards(strategies, config, host, &pool, &count);
    bool good = boards_recompute(boards, count, store, check, report, error);
    pool_finish(&pool);
    strategies_close(strategies);
    host_close(host);
    return good;
}
