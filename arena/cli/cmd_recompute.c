/* cmd_recompute.c - makes the scoring boards of a data folder anew from its records, or only compares. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/local.h"
#include "http/log.h"
#include "strategies.h"

static void tell(const struct cli *cli, const struct recompute_report *report, bool check)
{
    if (cli->json) {
        json_t *answer = json_pack("{s:I, s:I, s:I, s:b}", "games", (json_int_t)report->games, "rows",
                                   (json_int_t)report->rows, "differs", (json_int_t)report->differs, "written", !check);
        print_json(answer);
        json_decref(answer);
        return;
    }
    printf("%" PRIu64 " games, %" PRIu64 " rows on the boards; ", report->games, report->rows);
    if (report->differs == 0)
        printf("every row is as it was\n");
    else
        printf("%" PRIu64 " %s%s\n", report->differs, report->differs == 1 ? "row differs" : "rows differ",
               check ? "" : ", and are mended");
}

/* Opening a store to write makes it when it is not there; here that would be a slip of the pen. */
static bool is_data(const char *folder)
{
    struct text path = {0};

    text_printf(&path, "%s/arena.mdb", folder);
    bool there = access(text_cstr(&path), F_OK) == 0;
    if (!there)
        complain("%s is no data folder of an arena.", folder);
    text_free(&path);
    return there;
}

static bool recompute(const struct config *config, const char *folder, bool check, struct recompute_report *report)
{
    struct text error = {0};
    struct store *store = is_data(folder) ? local_store(folder, check) : NULL;

    if (!store)
        return false;
    bool good = strategies_recompute(config, store, check, report, &error);
    if (!good)
        complain("%s", text_cstr(&error));
    text_free(&error);
    store_close(store);
    return good;
}

/* The server's settings say which boards there are. */
static bool read_settings(struct config *config, const struct args *args)
{
    const char *file = args_text(args, "config") ? args_text(args, "config") : getenv("ARENA_CONFIG");
    struct text error = {0};

    config_init(config);
    bool good = !file || !file[0] || config_read_file(config, file, &error);
    if (!good)
        complain("%s", text_cstr(&error));
    text_free(&error);
    return good;
}

int run_recompute(struct cli *cli, const struct args *args)
{
    bool check = args_flag(args, "check");
    struct recompute_report report;
    struct config config;
    int code = CLI_USAGE;

    log_open(STDERR_FILENO, ARENA_WARN);
    if (read_settings(&config, args)) {
        bool good = recompute(&config, args->words[0], check, &report);
        if (good)
            tell(cli, &report, check);
        code = good && !(check && report.differs) ? CLI_OK : CLI_REFUSED;
    }
    log_close();
    config_finish(&config);
    return code;
}

const struct option_row recompute_options[] = {
    {"check", NULL, "only compare; exit code 1 when a row differs"},
    {"config", "FILE", "the server's settings, which say what boards there are (default: $ARENA_CONFIG)"},
    {0},
};
