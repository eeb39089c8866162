/* cmd_recompute.c - makes the scoring boards of a data folder anew from its records. */
#include "cli/local.h"

int run_recompute(struct cli *cli, const struct args *args)
{
    (void)cli;
    struct store *store = local_store(args->words[0], true);

    if (!store)
        return CLI_REFUSED;
    store_close(store);
    complain("this arena keeps no scoring boards.");
    return CLI_REFUSED;
}
