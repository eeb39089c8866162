/* options.c - what a new game may be told. */
#include <string.h>

#include "../common/protocol.h"
#include "ultimatum.h"

static const struct ultimatum_options defaults = {.total = 100, .rounds = 10, .reservation_max = 40};

/* A whole number min .. max into out. */
static bool number(const json_t *value, uint32_t min, uint32_t max, uint32_t *out)
{
    bool good = json_is_integer(value) && json_integer_value(value) >= min && json_integer_value(value) <= max;
    *out = good ? (uint32_t)json_integer_value(value) : 0;
    return good;
}

static bool read_reservations(const json_t *value, struct ultimatum_options *out)
{
    bool good = json_array_size(value) == ULTIMATUM_PLAYERS;
    for (uint32_t k = 0; k < ULTIMATUM_PLAYERS; k++)
        good = number(json_array_get(value, k), 0, ULTIMATUM_AMOUNT_MAX, &out->reservations[k]) && good;
    out->fixed = good;
    return good;
}

/* One option into out.  NULL, or what is wrong with it. */
static const char *read_option(const char *key, const json_t *value, void *into)
{
    struct ultimatum_options *out = into;
    uint32_t players;
    if (!strcmp(key, "players"))
        return number(value, ULTIMATUM_PLAYERS, ULTIMATUM_PLAYERS, &players) ? NULL : "players must be 2";
    if (!strcmp(key, "total"))
        return number(value, 1, ULTIMATUM_AMOUNT_MAX, &out->total)
                   ? NULL
                   : "total must be a whole number from 1 to 1000000000";
    if (!strcmp(key, "maxRounds"))
        return number(value, 1, ULTIMATUM_ROUNDS_MAX, &out->rounds) ? NULL
                                                                    : "maxRounds must be a whole number from 1 to 1000";
    if (!strcmp(key, "reservationMax"))
        return number(value, 0, ULTIMATUM_AMOUNT_MAX, &out->reservation_max)
                   ? NULL
                   : "reservationMax must be a whole number from 0 to 1000000000";
    if (!strcmp(key, "reservationValues"))
        return read_reservations(value, out) ? NULL
                                             : "reservationValues must be two whole numbers from 0 to 1000000000, one "
                                               "for each player, as [30, 40]";
    if (!strcmp(key, "turnOrder"))
        return json_is_string(value) && !strcmp(json_string_value(value), "round_robin")
                   ? NULL
                   : "turnOrder must be \"round_robin\"";
    return "options of ultimatum are players, total, maxRounds, reservationMax, reservationValues and turnOrder; "
           "there are no others";
}

int ultimatum_options_read(const arena_host *h, arena_text json, struct ultimatum_options *out)
{
    *out = defaults;
    const char *wrong = protocol_options(json, read_option, out);
    return wrong ? h->reject(h, "INVALID_OPTIONS", wrong) : ARENA_OK;
}
