#include "cli/board.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/term.h"

enum { NAME_COLUMNS = 13, BAR_COLUMNS = 24, SMALL_BAR = 10 };

static long number(const json_t *object, const char *name)
{
    return (long)json_integer_value(json_object_get(object, name));
}

bool board_knows(const json_t *view)
{
    return json_is_array(json_object_get(json_object_get(view, "self"), "team"));
}

static const json_t *own_team(const json_t *view)
{
    return json_object_get(json_object_get(view, "self"), "team");
}

static const json_t *own_active(const json_t *view)
{
    size_t i;
    json_t *pokemon;
    json_array_foreach(own_team(view), i, pokemon)
        if (json_is_true(json_object_get(pokemon, "active")))
            return pokemon;
    return NULL;
}

/* "BRN" on the colour of the ailment. */
static void put_status(const char *status, struct text *out)
{
    static const struct {
        const char *id;
        enum term_style style;
    } styles[] = {
        {"brn", RED}, {"par", YELLOW}, {"slp", BLUE}, {"frz", CYAN}, {"psn", MAGENTA}, {"tox", MAGENTA},
    };
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++)
        if (strcmp(styles[i].id, status) == 0)
            text_printf(out, "  %s%c%c%c%s", term(styles[i].style), status[0] - 32, status[1] - 32, status[2] - 32,
                        term(PLAIN));
}

static void put_types(const json_t *pokemon, struct text *out)
{
    const char *types[] = {member(pokemon, "type1"), member(pokemon, "type2")};
    for (int i = 0; i < 2; i++)
        if (types[i][0])
            text_printf(out, "%s%s%s%s", i ? "/" : "  ", term_type(types[i]), types[i], term(PLAIN));
}

/* "Blaze, Life Orb, Tera Fire": what is known of it.  Data versions without these tell nothing. */
static void put_gear(const json_t *pokemon, struct text *out)
{
    const char *between = "       ";
    const char *const known[] = {member(pokemon, "ability"), member(pokemon, "item"), member(pokemon, "tera_type")};
    bool on = json_is_true(json_object_get(pokemon, "terastallized"));
    for (int i = 0; i < 3; i++) {
        if (!known[i][0])
            continue;
        text_puts(out, between);
        text_puts(out, i < 2 ? "" : on ? "terastallized: " : "Tera ");
        put_safe(out, known[i]);
        between = ", ";
    }
    if (between[0] == ',')
        text_put_char(out, '\n');
}

/* "Atk +2, Spe -1" of the active one. */
static void put_stages(const json_t *pokemon, struct text *out)
{
    const char *stat;
    json_t *value;
    json_object_foreach(json_object_get(pokemon, "stages"), stat, value) {
        long n = (long)json_integer_value(value);
        if (n)
            text_printf(out, "  %s%s %+ld%s", term(n > 0 ? GREEN : RED), stat, n, term(PLAIN));
    }
}

static void put_hp(const json_t *pokemon, int columns, struct text *out)
{
    bool exact = json_object_get(pokemon, "max_hp") != NULL;
    long hp = number(pokemon, exact ? "hp" : "hp_pct"), whole = exact ? number(pokemon, "max_hp") : 100;
    put_bar(out, hp, whole, columns);
    char shown[48];
    if (exact)
        snprintf(shown, sizeof shown, "%ld/%ld", hp, whole);
    else
        snprintf(shown, sizeof shown, "%ld%%", hp);
    text_puts(out, " ");
    put_padded(out, shown, 7);
}

/* "Sparky" or, for want of a nickname, "Pikachu". */
static void put_called(const json_t *pokemon, struct text *out)
{
    const char *nickname = member(pokemon, "nickname");
    put_column(out, nickname[0] ? nickname : member(pokemon, "name"), NAME_COLUMNS);
}

/* Which species has the nickname. */
static void put_species(const json_t *pokemon, struct text *out)
{
    if (!member(pokemon, "nickname")[0])
        return;
    text_puts(out, "  ");
    put_safe(out, member(pokemon, "name"));
}

static void put_fighter(const char *who, const json_t *pokemon, struct text *out)
{
    text_printf(out, "  %s%-4s%s ", term(BOLD), who, term(PLAIN));
    if (!json_is_object(pokemon)) {
        text_puts(out, "-\n");
        return;
    }
    put_called(pokemon, out);
    text_printf(out, " L%-3ld ", number(pokemon, "level"));
    put_hp(pokemon, BAR_COLUMNS, out);
    put_types(pokemon, out);
    put_status(member(pokemon, "status"), out);
    put_stages(pokemon, out);
    put_species(pokemon, out);
    text_put_char(out, '\n');
    put_gear(pokemon, out);
}

/* "weather: snowscape (3)". */
static void put_passing(const json_t *view, const char *key, struct text *out)
{
    const json_t *what = json_object_get(view, key);
    if (!member(what, "kind")[0])
        return;
    text_printf(out, "       %s: %s", key, member(what, "kind"));
    if (number(what, "turns_left"))
        text_printf(out, " (%ld)", number(what, "turns_left"));
    text_put_char(out, '\n');
}

/* "your side: spikes 2, reflect 4". */
static void put_numbered(const char *what, const json_t *object, struct text *out)
{
    const char *name, *between = "";
    json_t *value;
    if (json_object_size(object))
        text_printf(out, "       %s: ", what);
    json_object_foreach((json_t *)object, name, value) {
        text_printf(out, "%s%s %ld", between, name, (long)json_integer_value(value));
        between = ", ";
    }
    if (json_object_size(object))
        text_put_char(out, '\n');
}

/* One dot for each member of a team that can still fight. */
static void put_alive(const char *who, long alive, struct text *out)
{
    text_printf(out, "       %s%s bench: ", term(DIM), who);
    for (long i = 0; i < alive && i < 6; i++)
        text_puts(out, "●");
    text_printf(out, "%s%s\n", alive ? "" : "nobody", term(PLAIN));
}

void board_draw(const json_t *view, struct text *out)
{
    long own_bench = 0;
    size_t i;
    json_t *pokemon;
    json_array_foreach(own_team(view), i, pokemon)
        own_bench +=
            !json_is_true(json_object_get(pokemon, "active")) && !json_is_true(json_object_get(pokemon, "fainted"));
    text_put_char(out, '\n');
    put_fighter("foe", json_object_get(view, "foe"), out);
    put_alive("foe's", number(view, "foe_bench_alive"), out);
    put_fighter("you", own_active(view), out);
    put_alive("your", own_bench, out);
    put_passing(view, "weather", out);
    put_passing(view, "terrain", out);
    put_numbered("field", json_object_get(view, "rooms"), out);
    put_numbered("foe's side", json_object_get(view, "foe_conditions"), out);
    put_numbered("your side", json_object_get(view, "self_conditions"), out);
    text_put_char(out, '\n');
}

static void put_move(const json_t *move, struct text *out)
{
    const char *type = member(move, "type");
    long power = number(move, "power"), accuracy = number(move, "accuracy");
    text_puts(out, term_type(type));
    put_padded(out, member(move, "name"), 16);
    put_padded(out, type, 10);
    text_puts(out, term(PLAIN));
    put_padded(out, member(move, "category"), 10);
    char facts[40] = "";
    if (power)
        snprintf(facts, sizeof facts, "power %ld", power);
    put_padded(out, facts, 10);
    snprintf(facts, sizeof facts, "hits %ld%%", accuracy);
    put_padded(out, accuracy ? facts : "", 11);
    if (json_object_get(move, "pp"))
        text_printf(out, "PP %ld/%ld", number(move, "pp"), number(move, "max_pp"));
}

static void put_reserve(const json_t *pokemon, struct text *out)
{
    text_puts(out, "→ ");
    put_called(pokemon, out);
    text_puts(out, " ");
    put_hp(pokemon, SMALL_BAR, out);
    put_types(pokemon, out);
    put_status(member(pokemon, "status"), out);
    put_species(pokemon, out);
}

void board_choice(const json_t *view, const char *choice, struct text *out)
{
    const json_t *found = NULL;
    if (strncmp(choice, "move ", 5) == 0) {
        char *more;
        long slot = strtol(choice + 5, &more, 10);
        found = slot > 0 ? json_array_get(json_object_get(own_active(view), "moves"), (size_t)slot - 1) : NULL;
        if (found)
            put_move(found, out);
        if (found && strcmp(more, " tera") == 0)
            text_printf(out, "  and terastallize (%s)", member(own_active(view), "tera_type"));
        else if (found)
            put_safe(out, more);
    } else if (strncmp(choice, "switch ", 7) == 0) {
        long slot = strtol(choice + 7, NULL, 10);
        found = slot > 0 ? json_array_get(own_team(view), (size_t)slot - 1) : NULL;
        if (found)
            put_reserve(found, out);
    }
    if (!found)
        put_safe(out, choice);
}
