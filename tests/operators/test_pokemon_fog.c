/*
 * test_pokemon_fog.c - what a seat or a spectator reads of a game does not change with what it cannot know.
 *
 *     test_pokemon_fog [GAMES [SEED]]
 *
 * Random games of each data version, some with nicknames and Illusions.  After each event another game is made that
 * differs in all that is hidden of one side (test_battle_hidden.h), its nicknames that nobody has read, and the choice
 * that it has already made: the view of the other seat, the request to it and what it may do must be the same text, and
 * so must a spectator's view once both sides are changed.
 */
#include <jansson.h>

#include "test_battle_hidden.h"

#include "fake_host.h"
#include "pokemon.h"

enum { TEXT = 1 << 16, STEPS = 60 };

static struct { /* counts, for the last line; said: the last message of a request */
    long games, compared, named, chosen, masked;
    char said[TEXT];
} total;

static const char *of_game = ""; /* the one that is played */

static void keep_said(const arena_host *h, int32_t to, arena_text content)
{
    (void)h;
    (void)to;
    CHECK(content.len < sizeof total.said);
    memcpy(total.said, content.ptr, content.len);
    total.said[content.len] = 0;
}

/* All that a viewer is told of a game as it stands. */
static void read_as(const struct game *game, int32_t viewer, char out[2 * TEXT])
{
    struct fake_host host;
    arena_text view;
    fake_host_open(&host, 1);
    host.host.say = keep_said;
    struct writer w = writer_new(&host.host, TEXT);
    view_write(&w, game, viewer);
    CHECK(writer_done(&w, &view) && view.len < TEXT);
    *total.said = 0;
    if (viewer >= 0 && play_waiting(game) >> viewer & 1)
        CHECK(said_request(&host.host, game, viewer) == ARENA_OK);
    snprintf(out, 2 * TEXT, "%.*s\n%s", (int)view.len, view.ptr, total.said);
    fake_host_close(&host);
}

/* Names go where their Pokémon went; who has not come out may be called anything. */
static void hide_names(struct game *game, int side, const uint8_t to[BATTLE_PARTY], uint64_t *state)
{
    const struct party old = game->teams[side];
    const struct battle_side *s = &game->battle.sides[side];
    for (int i = 0; i < s->size; i++) {
        char *name = game->teams[side].names[to[i]];
        memcpy(name, old.names[i], BATTLE_NAME);
        total.named += *name != 0;
        if (!game->known.sides[side].seen[to[i]].order)
            snprintf(name, BATTLE_NAME, "%s", play_below(state, 2) ? "Nobody" : "");
    }
}

static void hide_side(struct game *game, int side, uint64_t *state)
{
    uint8_t to[BATTLE_PARTY];
    struct battle_side *s = &game->battle.sides[side];
    const bool asked = battle_choices(&game->battle, game->dex, side) != 0;
    total.masked += s->on.illusion != 0xff;
    total.chosen += game->choices[side] != BATTLE_NO_CHOICE;
    hide_all(game->dex, &game->battle, &game->known, side, state, to);
    hide_names(game, side, to, state);
    if (game->choices[side] != BATTLE_NO_CHOICE)
        game->choices[side] = (int)play_below(state, BATTLE_CHOICES);
    if (asked && !battle_choices(&game->battle, game->dex, side))
        s->choices = 1;
}

static void same(const struct game *one, const struct game *two, int32_t viewer, uint64_t seed, int step)
{
    static char texts[2][2 * TEXT];
    read_as(one, viewer, texts[0]);
    read_as(two, viewer, texts[1]);
    total.compared++;
    if (!strcmp(texts[0], texts[1]))
        return;
    size_t at = 0;
    while (texts[0][at] == texts[1][at])
        at++;
    at = at > 80 ? at - 80 : 0;
    fprintf(stderr, "%s, seed %llu, step %d, viewer %d reads\n%.200s\nor\n%.200s\n", of_game, (unsigned long long)seed,
            step, viewer, texts[0] + at, texts[1] + at);
    fake_die(__FILE__, __LINE__, "both texts are the same");
}

static void compare(const struct fake *f, uint64_t seed, int step, uint64_t *state)
{
    struct fake_host host;
    void *restored = NULL;
    fake_host_open(&host, 1);
    CHECK(state_restore(&host.host, POKEMON_STATE, f->state, f->state_len, &restored) == ARENA_OK);
    const struct game *game = restored;
    for (int side = 0; side < POKEMON_SEATS && game->fought; side++) {
        static struct game other;
        other = *game;
        hide_side(&other, side, state);
        same(game, &other, !side, seed, step);
        hide_side(&other, !side, state);
        same(game, &other, ARENA_ALL, seed, step);
    }
    fake_host_close(&host);
}

/* One of those that are waited for chooses at random. */
static void choose(struct fake *f, uint64_t *state)
{
    const char *offers[BATTLE_CHOICES];
    char words[64];
    uint32_t n = 0;
    const uint32_t seat = f->active == 3 ? play_below(state, 2) : f->active - 1;
    fake_actions(f, seat);
    for (uint32_t i = 0; i < f->run.count; i++)
        if (!strcmp(f->run.effects[i].name, "choose"))
            offers[n++] = f->run.effects[i].text;
    CHECK(n);
    snprintf(words, sizeof words, "%s", offers[play_below(state, n)]);
    CHECK(fake_message(f, seat, "choose", words) == ARENA_OK);
}

#define FOX                                                                                                            \
    "{\"nickname\":\"Fox\",\"species\":\"zoroark\",\"ability\":\"illusion\",\"gender\":\"M\",\"level\":80,"            \
    "\"moves\":[\"knockoff\",\"uturn\",\"nastyplot\",\"darkpulse\"],\"item\":\"focussash\"}"
#define MASK                                                                                                           \
    "{\"nickname\":\"Mask\",\"species\":\"blissey\",\"gender\":\"F\",\"ability\":\"naturalcure\","                     \
    "\"moves\":[\"softboiled\",\"seismictoss\",\"thunderwave\",\"protect\"]}"
#define DITTO "{\"species\":\"ditto\",\"ability\":\"imposter\",\"moves\":[\"transform\"],\"item\":\"choicescarf\"}"
#define NAMED "\"format\":\"any\",\"teams\":[[" FOX "," DITTO "," MASK "],[" MASK "," DITTO "," FOX "]]"

static const char *const options[] = {
    "{\"data\":\"gen9-v1\"}",           "{\"data\":\"natdex-v1\"}",           "{\"data\":\"gen1-v1\"}",
    "{\"data\":\"gen9-v1\"," NAMED "}", "{\"data\":\"natdex-v1\"," NAMED "}",
};

static void play(const char *how, uint64_t seed)
{
    struct fake f = {.once = true};
    uint64_t state = seed;
    of_game = how;
    CHECK(fake_create(&f, fake_operator(), seed, how) == ARENA_OK);
    CHECK(fake_join(&f, 0) == ARENA_OK && fake_join(&f, 1) == ARENA_OK);
    for (int step = 0; step < STEPS && !f.finished; step++) {
        compare(&f, seed, step, &state);
        choose(&f, &state);
    }
    total.games++;
    fake_finish(&f);
}

int main(int argc, char **argv)
{
    const long games = argc > 1 ? atol(argv[1]) : 12;
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    for (long i = 0; i < games; i++)
        for (size_t k = 0; k < sizeof options / sizeof *options; k++)
            play(options[k], seed + (uint64_t)i);
    printf("%ld games, %ld pairs of texts alike; %ld nicknames, %ld choices already made, %ld Illusions among what was "
           "changed\n",
           total.games, total.compared, total.named, total.chosen, total.masked);
    CHECK(total.named > games && total.chosen > games && total.masked > games);
    return 0;
}
