/*
 * test_game_flips.c - a bit of a stored game that is not what it was.
 *
 *     test_game_flips FILE [EACH [SKIP]]
 *
 * Every bit of every game of game_bytes.txt is turned over, one at a time.  The bytes are refused, or they are another
 * game: that one comes back as these bytes, is within the bounds of every battle, and goes on to an end.  Restoring is
 * tried with all of them; of those that are taken each EACH-th (40), from the SKIP-th (0) on, is played to its end by
 * the engine, with its log and views, and each tenth of these also by the operator, with all that it says.  With EACH
 * of 1 it takes minutes, and is meant for a build with sanitizers (docs/engine.md).
 *
 * Why so many are taken: a game has no checksum of its own.  Which Pokémon there are, what they were trained to and
 * what happened so far is nowhere else, so such a bit makes of it a game that others might have played.
 */
#include <inttypes.h>

#include "battle_bounds.h"
#include "fake_host.h"
#include "pokemon.h"
#include "stored_lines.h"

enum { LINE = 1 << 14, STEPS_A_TURN = 8, OPERATOR_EACH = 10, OPERATOR_STEPS = 12, TEXT = 1 << 17 };

static struct { /* counts, for the last line */
    long games, bits, refused, taken, played, ended, told;
} total;

static struct flip { /* the one that is looked at */
    const char *file;
    int line;
    size_t bit, len;
    uint8_t bytes[LINE / 2];
    bool over; /* the game as it was stored, and how it ended */
    uint8_t ending, winner;
} flip;

_Noreturn static void fail(const char *what)
{
    printf("%s:%d: bit %zu of byte %zu turned over: %s\n", flip.file, flip.line, flip.bit % 8, flip.bit / 8, what);
    exit(1);
}

static void hold(bool good, const char *what)
{
    if (!good)
        fail(what);
}

static void in_bounds(const struct battle *b, const struct dex *dex)
{
    const char *wrong = battle_wrong(b, dex);
    hold(!wrong, wrong);
}

static void look(const struct battle *b, const struct battle_known *known, const struct dex *dex,
                 const struct battle_log *log)
{
    static char room[TEXT];
    for (int viewer = BATTLE_FULL; viewer < 2; viewer++) {
        struct battle_text text = {room, sizeof room, 0, false};
        struct battle_view view;
        battle_view(b, known, dex, viewer, &view);
        battle_log_text(b, dex, log, viewer, &text);
        hold(!text.overflow, "the text of a step is too long");
    }
}

/* By the engine alone: with random choices to the end, looked at by everybody. */
static void play_battle(const struct game *game, uint64_t seed)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    const struct dex *dex = game->dex;
    struct battle b = game->battle;
    struct battle_known known = game->known;
    for (int step = 0; b.phase != BATTLE_ENDED; step++) {
        struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX, .known = &known};
        int choices[2];
        for (int i = 0; i < 2; i++) {
            uint32_t mask = battle_choices(&b, dex, i);
            for (int n = mask ? (int)fake_draw(&seed, (uint64_t)__builtin_popcount(mask)) : 0; n; n--)
                mask &= mask - 1;
            choices[i] = mask ? __builtin_ctz(mask) : BATTLE_NO_CHOICE;
        }
        hold(step < STEPS_A_TURN * dex->turn_cap, "it does not end");
        hold(battle_step(&b, dex, choices[0], choices[1], &log) >= 0, "a legal choice is refused");
        hold(!log.overflow, "the log of a step is too long");
        in_bounds(&b, dex);
        look(&b, &known, dex, &log);
    }
    total.ended++;
}

/* By the operator, as a server would: every query, then the first choices that it offers. */
static void play_game(uint32_t joined)
{
    struct fake f = {.op = fake_operator(), .seed = flip.bit, .joined = joined, .turn = 5, .once = true};
    hold(fake_restore(f.op, flip.bytes, flip.len) == ARENA_OK, "what was taken is refused");
    f.state = malloc(flip.len);
    CHECK(f.state);
    memcpy(f.state, flip.bytes, f.state_len = flip.len);
    for (int step = 0; step < OPERATOR_STEPS && !f.finished; step++) {
        const char *offered = NULL;
        uint32_t seat = 0;
        for (; seat < POKEMON_SEATS && !offered; seat++) {
            fake_actions(&f, seat);
            for (uint32_t i = 0; i < f.run.count && !offered; i++)
                if (!strcmp(f.run.effects[i].name, "choose"))
                    offered = f.run.effects[i].text;
        }
        if (!offered)
            break;
        char words[64];
        snprintf(words, sizeof words, "%s", offered);
        hold(fake_message(&f, seat - 1, "choose", words) == ARENA_OK, "a choice that was offered is refused");
    }
    fake_finish(&f);
    total.told++;
}

/* The game as it is, before anything is turned over. */
static void note_end(void)
{
    struct fake_host host;
    void *restored = NULL;
    fake_host_open(&host, 1);
    hold(state_restore(&host.host, POKEMON_STATE, flip.bytes, flip.len, &restored) == ARENA_OK, "it is not read");
    const struct game *game = restored;
    flip.over = game->fought && game->stage == STAGE_OVER;
    flip.ending = game->ending;
    flip.winner = game->winner;
    fake_host_close(&host);
}

/* The bytes that the flip makes: refused, or a game. */
static void check_flip(uint32_t joined, long each, long skip)
{
    struct fake_host host;
    void *restored = NULL;
    const void *again;
    size_t len;
    fake_host_open(&host, 1);
    total.bits++;
    if (state_restore(&host.host, POKEMON_STATE, flip.bytes, flip.len, &restored) != ARENA_OK) {
        total.refused++;
        fake_host_close(&host);
        return;
    }
    const struct game *game = restored;
    hold(state_serialize(&host.host, game, &again, &len) == ARENA_OK && len == flip.len &&
             !memcmp(again, flip.bytes, len),
         "other bytes come back");
    if (game->fought)
        in_bounds(&game->battle, game->dex);
    hold(!flip.over || (game->ending == flip.ending && game->winner == flip.winner), "it ended otherwise, of itself");
    if (total.taken++ % each == skip) {
        if (game->fought)
            play_battle(game, flip.bit);
        if (total.played++ % OPERATOR_EACH == 0)
            play_game(joined);
    }
    fake_host_close(&host);
}

/* How many bits are taken is told of each game, for who changes what is refused. */
static void check_game(const char *label, uint32_t joined, long each, long skip)
{
    const long bits = total.bits, taken = total.taken;
    note_end();
    for (flip.bit = 0; flip.bit < 8 * flip.len; flip.bit++) {
        flip.bytes[flip.bit / 8] ^= (uint8_t)(1 << flip.bit % 8);
        check_flip(joined, each, skip);
        flip.bytes[flip.bit / 8] ^= (uint8_t)(1 << flip.bit % 8);
    }
    printf("%6ld bits, %6ld refused, %6ld another game: %s\n", total.bits - bits,
           total.bits - bits - (total.taken - taken), total.taken - taken, label);
    total.games++;
}

int main(int argc, char **argv)
{
    static char line[LINE], label[LINE];
    const long each = argc > 2 ? atol(argv[2]) : 40, skip = argc > 3 ? atol(argv[3]) : 0;
    FILE *in = argc > 1 ? fopen(argv[1], "r") : NULL;
    unsigned joined;
    if (!in || each < 1 || skip < 0)
        fake_die(__FILE__, __LINE__, "test_game_flips FILE [EACH [SKIP]]");
    flip.file = argv[1];
    while (next_line(in, label, LINE, &flip.line))
        if (sscanf(label, "game %*u %*s %*s %*u %*u %u", &joined) == 1) {
            CHECK(next_line(in, line, LINE, &flip.line));
            flip.len = from_hex(line, flip.bytes, sizeof flip.bytes);
            CHECK(flip.len);
            check_game(label + strlen("game "), joined, each, skip);
        }
    fclose(in);
    printf(
        "%ld games, %ld bits: %ld refused, %ld another game; %ld of these played on, %ld battles to their end, %ld by "
        "the operator\n",
        total.games, total.bits, total.refused, total.taken, total.played, total.ended, total.told);
    return total.games && total.played ? 0 : 1;
}
