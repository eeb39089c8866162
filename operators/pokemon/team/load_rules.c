/* load_rules.c - what decides whether a team is legal: bounds of species and moves, clauses, formats. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ----------------------------------------------------------------------------------------------- legality --- */

/* Appends the events of a list; the place of the first, their number in *n. */
static uint16_t read_events(struct loader *l, const json_t *list, uint16_t *n)
{
    struct team_facts *f = l->facts;
    *n = (uint16_t)json_array_size(list);
    size_t all = f->events_n + (size_t)*n;
    struct team_event *events = all < UINT16_MAX ? realloc(f->events, (all + 1) * sizeof *events) : NULL;
    if (!events) {
        *n = 0;
        load_stop(l, "no memory");
        return 0;
    }
    f->events = events;
    for (uint16_t i = 0; i < *n; i++) {
        const json_t *row = json_array_get(list, i), *ivs = json_array_get(row, 4);
        struct team_event *e = &events[f->events_n + i];
        *e = (struct team_event){.level = (int8_t)load_item(row, 0),
                                 .shiny = (uint8_t)load_item(row, 1),
                                 .gender = load_list_text(row, 2)[0],
                                 .perfect = (int8_t)load_item(row, 3)};
        for (size_t k = 0; k < 6; k++)
            e->ivs[k] = json_is_array(ivs) ? (int8_t)load_item(ivs, k) : -1;
    }
    f->events_n = (uint16_t)all;
    return (uint16_t)(all - *n);
}

static struct team_gate *add_gate(struct loader *l, struct team_species *s, const char *move)
{
    struct team_facts *f = l->facts;
    bool full = f->gates_n == UINT16_MAX - 1;
    struct team_gate *gates = full ? NULL : realloc(f->gates, (f->gates_n + 1u) * sizeof *gates);
    if (!gates) {
        load_stop(l, "no memory");
        return NULL;
    }
    f->gates = gates;
    s->gates_n++;
    gates[f->gates_n] = (struct team_gate){.move = load_refer(l, team_move, move)};
    return &gates[f->gates_n++];
}

static void read_levels(struct loader *l, const char *text, struct team_species *s, bool not_go)
{
    while (*text && !l->failed) {
        size_t len = strcspn(text, " "), colon = strcspn(text, ":");
        char id[TEAM_ID] = "";
        memcpy(id, text, colon < TEAM_ID ? colon : TEAM_ID - 1);
        struct team_gate *gate = colon < len ? add_gate(l, s, id) : NULL;
        if (gate)
            gate->level = (uint8_t)strtoul(text + colon + 1, NULL, 10), gate->not_go = not_go;
        else
            load_fail(l, "levels are written as move:level");
        text += len + (text[len] == ' ');
    }
}

static void read_bounds(struct loader *l, json_t *row)
{
    l->row = load_text(row, "id");
    uint16_t number = load_refer(l, team_species, l->row);
    struct team_species *s = &l->facts->species[number];
    const char *move;
    json_t *events;
    s->level = (uint8_t)load_number(row, "level");
    s->perfect = (uint8_t)load_number(row, "perfect");
    for (size_t i = 0; i < 3; i++)
        s->go[i] = (uint8_t)load_item(json_object_get(row, "go"), i);
    s->only = read_events(l, json_object_get(row, "only"), &s->only_n);
    s->go_only = json_is_true(json_object_get(row, "go_only"));
    s->young = read_events(l, json_object_get(row, "young"), &s->young_n);
    s->gates = l->facts->gates_n;
    json_object_foreach(json_object_get(row, "events"), move, events) {
        uint16_t n, first = read_events(l, events, &n);
        struct team_gate *gate = add_gate(l, s, move);
        if (gate)
            gate->events = first, gate->events_n = n;
    }
    read_levels(l, load_text(row, "levels"), s, false);
    read_levels(l, load_text(row, "not_go"), s, true);
}

void load_legality(struct loader *l)
{
    if (load_open(l, "legality.json"))
        for (size_t i = 0; i < json_array_size(l->rows) && !l->failed; i++)
            read_bounds(l, json_array_get(l->rows, i));
    load_close(l);
}

/* ------------------------------------------------------------------------------------------------ formats --- */

static void read_list(struct loader *l, const json_t *row, const char *key,
                      uint16_t find(const struct team_facts *, const char *), struct team_list *out)
{
    const json_t *list = json_object_get(row, key);
    if (json_array_size(list) > TEAM_LIST) {
        load_fail(l, "%s has too many entries, %d are the most", key, TEAM_LIST);
        return;
    }
    for (size_t i = 0; i < json_array_size(list) && !l->failed; i++)
        out->list[out->n++] = load_refer(l, find, load_list_text(list, i));
}

static uint8_t one_of(struct loader *l, const char *text, const char *const names[])
{
    for (unsigned i = 0; names[i]; i++)
        if (!strcmp(names[i], text))
            return (uint8_t)(1u << i);
    if (text[0])
        load_fail(l, "\"%s\" means nothing here", text);
    return 0;
}

void load_clauses(struct loader *l)
{
    static const char *const once[] = {"species", "item", "nickname", NULL};
    static const char *const battle[] = {"sleep", "freeze", "endless", NULL};
    struct team_facts *f = l->facts;
    if (load_open(l, "clauses.json")) {
        f->clauses_n = (uint16_t)json_array_size(l->rows);
        f->clauses = load_room(l, f->clauses_n, sizeof *f->clauses);
        if (f->clauses_n > 32)
            load_stop(l, "there may be 32 clauses");
        for (uint16_t i = 0; f->clauses && i < f->clauses_n && !l->failed; i++) {
            const json_t *row = json_array_get(l->rows, i);
            struct team_clause *c = &f->clauses[i];
            load_names(l, row, c->id, c->name);
            snprintf(c->why, sizeof c->why, "%s", load_text(row, "why"));
            read_list(l, row, "moves", team_move, &c->moves);
            read_list(l, row, "abilities", team_ability, &c->abilities);
            read_list(l, row, "items", team_item, &c->items);
            c->once = one_of(l, load_text(row, "once"), once);
            c->battle = one_of(l, load_text(row, "battle"), battle);
        }
    }
    load_close(l);
}

static void use_clause(struct loader *l, struct team_format *format, const char *id)
{
    for (int i = 0; i < l->facts->clauses_n; i++)
        if (!strcmp(l->facts->clauses[i].id, id)) {
            format->clauses |= 1u << i;
            format->once |= l->facts->clauses[i].once;
            format->battle |= l->facts->clauses[i].battle;
            return;
        }
    load_fail(l, "there is no clause \"%s\"", id);
}

static void read_format(struct loader *l, const json_t *row, struct team_format *format)
{
    const json_t *clauses = json_object_get(row, "clauses"), *ban = json_object_get(row, "ban");
    load_names(l, row, format->id, format->name);
    for (size_t i = 0; i < 2; i++) {
        format->size[i] = (uint8_t)load_item(json_object_get(row, "size"), i);
        format->level[i] = (uint8_t)load_item(json_object_get(row, "level"), i);
    }
    format->level_default = (uint8_t)load_number(row, "level_default");
    format->level_set = (uint8_t)load_number(row, "level_set");
    format->moves = (uint8_t)load_number(row, "moves");
    format->evs = (uint16_t)load_number(row, "evs");
    format->ev = (uint8_t)load_number(row, "ev");
    format->iv = (uint8_t)load_number(row, "iv");
    format->tera = json_is_true(json_object_get(row, "tera"));
    format->obtainable = json_is_true(json_object_get(row, "obtainable"));
    format->level_even = json_is_true(json_object_get(row, "level_even"));
    format->tags = load_tags(l, json_object_get(ban, "tags"));
    for (size_t i = 0; i < json_array_size(clauses) && !l->failed; i++)
        use_clause(l, format, load_list_text(clauses, i));
    read_list(l, ban, "species", team_species, &format->species);
    read_list(l, ban, "moves", team_move, &format->moves_banned);
    read_list(l, ban, "abilities", team_ability, &format->abilities);
    read_list(l, ban, "items", team_item, &format->items);
    if (!format->size[0] || format->size[0] > format->size[1] || format->size[1] > 6 || !format->level[0] ||
        format->level[0] > format->level[1] || format->level[1] > 100 || !format->moves || format->moves > 4 ||
        !format->level_default)
        load_fail(l, "size, level, level_default or moves is missing or makes no sense");
}

void load_formats(struct loader *l)
{
    struct team_facts *f = l->facts;
    if (load_open(l, "formats.json")) {
        f->formats_n = (uint16_t)json_array_size(l->rows);
        f->formats = load_room(l, f->formats_n, sizeof *f->formats);
        for (uint16_t i = 0; f->formats && i < f->formats_n && !l->failed; i++)
            read_format(l, json_array_get(l->rows, i), &f->formats[i]);
    }
    load_close(l);
}
