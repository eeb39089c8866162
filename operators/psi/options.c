/* options.c - what a new game may be told. */
#include <string.h>

#include "../common/protocol.h"
#include "psi.h"

static const struct psi_options defaults = {.low = 100, .high = 900, .common = 3, .own = 10};

/* A whole number 0 .. max, or -1. */
static int64_t number(const json_t *value, int64_t max)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > max)
        return -1;
    return json_integer_value(value);
}

/* One option into out.  NULL, or what is wrong with it. */
static const char *read_option(const char *key, const json_t *value, void *into)
{
    struct psi_options *out = into;
    if (!strcmp(key, "players"))
        return number(value, PSI_PLAYERS) == PSI_PLAYERS ? NULL : "players must be 2";
    if (!strcmp(key, "range")) {
        int64_t low = number(json_array_get(value, 0), PSI_RANGE_MAX);
        int64_t high = number(json_array_get(value, 1), PSI_RANGE_MAX);
        if (json_array_size(value) != 2 || low < 0 || high < 0)
            return "range must be two whole numbers from 0 to 999999999, as [100, 900]";
        out->low = (uint32_t)low;
        out->high = (uint32_t)high;
        return NULL;
    }
    if (!strcmp(key, "intersectionSize")) {
        int64_t n = number(value, PSI_COMMON_MAX);
        out->common = n > 0 ? (uint32_t)n : 0;
        return n > 0 ? NULL : "intersectionSize must be a whole number from 1 to 64";
    }
    if (!strcmp(key, "setSize")) {
        int64_t n = number(value, PSI_SET_MAX);
        out->own = n >= 0 ? (uint32_t)n : 0;
        return n >= 0 ? NULL : "setSize must be a whole number from 0 to 256";
    }
    return "options of psi are players, range, intersectionSize and setSize; there are no others";
}

const char *psi_options_check(const struct psi_options *options)
{
    if (options->high > PSI_RANGE_MAX || options->low > options->high)
        return "range must begin with the smaller number";
    uint32_t width = options->high - options->low + 1;
    if (options->common < 1 || options->common > PSI_COMMON_MAX || options->common > width)
        return "range has fewer numbers than intersectionSize asks for";
    if (options->own > PSI_SET_MAX || options->own > width)
        return "range has fewer numbers than setSize asks for";
    return NULL;
}

int psi_options_read(const arena_host *h, arena_text json, struct psi_options *out)
{
    *out = defaults;
    const char *wrong = protocol_options(json, read_option, out);
    if (!wrong)
        wrong = psi_options_check(out);
    return wrong ? h->reject(h, "INVALID_OPTIONS", wrong) : ARENA_OK;
}
