/* seat.c - whose eyes a command has: the session keys that were given, or are remembered. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/seats.h"

int take_seat(struct cli *cli, const char *session, const char **as)
{
    static struct seat_key seat; /* *as points into it until the process ends */
    const char *invite = *as;

    if (cli->key || (invite && strcmp(invite, "viewer") == 0))
        return CLI_OK;
    int count = seats_find(cli->url, session, invite, &seat);
    if (count < 0)
        return CLI_REFUSED;
    if (count > 1) {
        complain("%d seats of this session were taken from here: say which one with --as INVITE, or --as viewer.",
                 count);
        return CLI_USAGE;
    }
    if (count == 1) {
        http_use_key(cli->http, seat.key);
        *as = seat.invite;
    }
    return CLI_OK;
}

bool keep_seat(struct cli *cli, const char *invite, const json_t *joined)
{
    const char *key = member(joined, "sessionKey");

    if (!key[0])
        return true;
    http_use_key(cli->http, key);
    return seats_keep(cli->url, member(joined, "ChallengeID"), invite, key);
}
