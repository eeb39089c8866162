/* table.c - see table.h. */
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/show.h"
#include "cli/term.h"

enum { WHO_COLUMN = 24, NUMBER_COLUMN = 10, TYPE_COLUMN = 22, STRATEGY_COLUMN = 16 };

const char *metric_name(const char *metric)
{
    const char *colon = strchr(metric, ':');
    return colon ? colon + 1 : metric;
}

static double games_of(const json_t *entry)
{
    return json_number_value(json_object_get(entry, "gamesPlayed"));
}

static const char *name_of(const json_t *entry)
{
    const char *name = member(entry, "username");
    return name[0] ? name : member(entry, "playerId");
}

/* ------------------------------------------------------------------------------------------------- one entry --- */

/* Six digits behind the point at most, none that are zeros. */
static void put_number(struct text *out, double number)
{
    text_printf(out, "%.6g", number);
}

void put_entry_line(struct text *out, const char *type, const char *strategy, const json_t *entry)
{
    const char *metric;
    json_t *value;

    text_puts(out, "  ");
    put_padded(out, type, TYPE_COLUMN);
    text_put_char(out, ' ');
    put_padded(out, strategy, STRATEGY_COLUMN);
    text_printf(out, " games %g", games_of(entry));
    json_object_foreach(json_object_get(entry, "metrics"), metric, value) {
        text_puts(out, "  ");
        put_safe(out, metric_name(metric));
        text_put_char(out, ' ');
        put_number(out, json_number_value(value));
    }
    text_put_char(out, '\n');
}

/* --------------------------------------------------------------------------------------------------- sorting --- */

/* An entry and what it is sorted by. */
struct place {
    json_t *entry;
    double number;
    const char *name; /* not NULL: by this instead */
    size_t seen;
};

static int by_place(const void *x, const void *y)
{
    const struct place *a = x, *b = y;

    if (a->name) {
        int order = strcmp(a->name, b->name);
        if (order)
            return order;
    } else if (a->number != b->number) {
        return a->number > b->number ? -1 : 1;
    }
    return (a->seen > b->seen) - (a->seen < b->seen);
}

static bool is_metric(const char *metric, const char *word)
{
    return strcmp(metric, word) == 0 || strcmp(metric_name(metric), word) == 0;
}

/* The metric that word means on this board; NULL: none. */
static const char *find_metric(const json_t *entries, const char *word)
{
    const char *metric;
    json_t *value;
    size_t i;
    json_t *entry;

    json_array_foreach(entries, i, entry) {
        json_object_foreach(json_object_get(entry, "metrics"), metric, value) {
            if (!word || is_metric(metric, word))
                return metric;
        }
    }
    return NULL;
}

const char *board_metric(const json_t *entries, const char *word)
{
    static const char *const known[] = {"rating", "utility", "attack", NULL};

    for (int i = 0; !word && known[i]; i++)
        if (find_metric(entries, known[i]))
            return find_metric(entries, known[i]);
    return find_metric(entries, word);
}

json_t *sort_board(const json_t *entries, const char *sort, size_t limit)
{
    bool by_name = sort && strcmp(sort, "name") == 0, by_games = sort && strcmp(sort, "games") == 0;
    const char *metric = by_name || by_games ? NULL : board_metric(entries, sort);
    size_t count = json_array_size(entries), i;
    json_t *entry, *sorted = json_array();

    struct place *places = calloc(count + 1, sizeof *places);
    if (!places)
        abort();
    json_array_foreach(entries, i, entry) {
        places[i] = (struct place){.entry = entry, .seen = i, .name = by_name ? name_of(entry) : NULL};
        places[i].number =
            metric ? json_number_value(json_object_get(json_object_get(entry, "metrics"), metric)) : games_of(entry);
    }
    if (count > 1)
        qsort(places, count, sizeof *places, by_place);
    for (i = 0; i < count && i < limit; i++)
        json_array_append(sorted, places[i].entry);
    free(places);
    return sorted;
}

/* ---------------------------------------------------------------------------------------------------- a board --- */

static void put_right(struct text *out, const char *word, size_t columns)
{
    for (size_t width = term_width(word); width < columns; width++)
        text_put_char(out, ' ');
    put_safe(out, word);
}

/* The board's metrics, each once, as keys of an object. */
static json_t *columns_of(const json_t *entries)
{
    json_t *columns = json_object(), *entry, *value;
    const char *metric;
    size_t i;

    json_array_foreach(entries, i, entry) {
        json_object_foreach(json_object_get(entry, "metrics"), metric, value)
            json_object_set_new(columns, metric, json_true());
    }
    return columns;
}

static void put_titles(struct text *out, json_t *columns)
{
    const char *metric;
    json_t *value;

    text_puts(out, term(DIM));
    text_puts(out, "  rank  ");
    put_padded(out, "player", WHO_COLUMN);
    put_right(out, "games", NUMBER_COLUMN);
    json_object_foreach(columns, metric, value) {
        text_puts(out, "  ");
        put_right(out, metric_name(metric), NUMBER_COLUMN);
    }
    text_printf(out, "%s\n", term(PLAIN));
}

static void put_row(struct text *out, size_t rank, const json_t *entry, json_t *columns)
{
    struct text word = {0};
    const char *metric;
    json_t *value;

    text_printf(out, "  %4zu  ", rank);
    put_handle(&word, name_of(entry));
    put_padded(out, text_cstr(&word), WHO_COLUMN);
    text_clear(&word);
    put_number(&word, games_of(entry));
    put_right(out, text_cstr(&word), NUMBER_COLUMN);
    json_object_foreach(columns, metric, value) {
        const json_t *number = json_object_get(json_object_get(entry, "metrics"), metric);
        text_clear(&word);
        if (number)
            put_number(&word, json_number_value(number));
        text_puts(out, "  ");
        put_right(out, text_cstr(&word), NUMBER_COLUMN);
    }
    if (member(entry, "model")[0]) {
        text_puts(out, "  ");
        put_safe(out, member(entry, "model"));
    }
    text_puts(out, json_is_true(json_object_get(entry, "isBenchmark")) ? "  benchmark\n" : "\n");
    text_free(&word);
}

void put_board(struct text *out, const json_t *entries, const char *sort, size_t limit)
{
    json_t *sorted = sort_board(entries, sort, limit), *columns = columns_of(entries), *entry;
    size_t i;

    put_titles(out, columns);
    json_array_foreach(sorted, i, entry)
        put_row(out, i + 1, entry, columns);
    json_decref(columns);
    json_decref(sorted);
}
