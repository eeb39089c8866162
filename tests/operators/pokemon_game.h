/* pokemon_game.h - what tests of the battle as the arena sees it share. */
#ifndef POKEMON_GAME_H
#define POKEMON_GAME_H

#include <jansson.h>

#include "engine/battle.h"
#include "fake_host.h"

enum { CHOICES = BATTLE_CHOICES };

static const char *version; /* of the data that games are created with; NULL: what the options say */

/* The options with the data version. */
static inline int create(struct fake *f, uint64_t seed, const char *options)
{
    char all[1024];
    if (!version)
        return fake_create(f, fake_operator(), seed, options);
    snprintf(all, sizeof all, "{\"data\":\"%s\"%s%s", version, *options ? "," : "}", *options ? options + 1 : "");
    return fake_create(f, fake_operator(), seed, all);
}

static inline void begin(struct fake *f, uint64_t seed, const char *options)
{
    if (create(f, seed, options) != ARENA_OK)
        fake_die(__FILE__, __LINE__, f->run.reason);
    for (uint32_t k = 0; k < 2; k++)
        if (!f->house[k][0]) {
            CHECK(f->active == 0);
            CHECK(fake_join(f, k) == ARENA_OK);
        }
}

static inline json_t *parse(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fprintf(stderr, "%s in %s\n", error.text, text);
    CHECK(json_is_object(json));
    return json;
}

static inline const char *text_at(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    CHECK(text);
    return text;
}

/* The n-th message of a kind in the last turn, NULL if there are fewer. */
static inline const char *said(const struct fake *f, int32_t to, const char *type, int n)
{
    char start[64];
    snprintf(start, sizeof start, "{\"type\":\"%s\",", type);
    for (uint32_t i = 0; i < f->run.count; i++) {
        const struct fake_effect *e = &f->run.effects[i];
        if (e->kind == FAKE_SAY && e->to == to && !strncmp(e->text, start, strlen(start)) && n-- == 0)
            return e->text;
    }
    return NULL;
}

/* The legal choices of a seat, as actions offers them. */
static inline int choices(struct fake *f, uint32_t seat, char out[CHOICES][32])
{
    int n = 0;
    fake_actions(f, seat);
    for (uint32_t i = 0; i < f->run.count; i++)
        if (!strcmp(f->run.effects[i].name, "choose"))
            snprintf(out[n++], 32, "%s", f->run.effects[i].text);
    return n;
}

/* One random choice for one seat that is waited for. */
static inline void play_one(struct fake *f, uint64_t *rng)
{
    char list[CHOICES][32];
    uint32_t seat = f->active == 3 ? (uint32_t)fake_draw(rng, 2) : f->active - 1;
    int n = choices(f, seat, list);
    CHECK(n > 0);
    CHECK(fake_message(f, seat, "choose", list[fake_draw(rng, (uint64_t)n)]) == ARENA_OK);
}

#endif
