/*
 * record.c - a game as a battle file, which the tools of the engine's library read: for who plays the game again.
 *
 * In a server nobody asks for it, and a step costs one look more.
 */
#include "pokemon.h"

#include "battle_file.h"

const arena_record_1 *record_of(const arena_host *h)
{
    return h->extension(h, ARENA_RECORD_1);
}

/* A part that did not fit is left out; who reads the file is told of the gap by the first digest. */
static void put(const arena_host *h, const char *part, int len)
{
    if (len > 0)
        record_of(h)->put(h, "battle", (arena_text){part, (size_t)len});
}

void record_begin(const arena_host *h, const struct game *game, const struct battle_set sets[2][BATTLE_PARTY],
                  const int sizes[2], uint64_t seed)
{
    char part[BATTLE_FILE_PART];
    if (!record_of(h))
        return;
    const struct battle_file_team teams[2] = {{sets[0], sizes[0], game->teams[0].names},
                                              {sets[1], sizes[1], game->teams[1].names}};
    put(h, part, battle_file_begin(game->dex, game->facts, teams, seed, &game->battle, part, sizeof part));
}

void record_step(const arena_host *h, const struct game *game, uint64_t seed, const int choices[2])
{
    char part[BATTLE_FILE_PART];
    if (!record_of(h))
        return;
    put(h, part, battle_file_reseed(seed, part, sizeof part));
    put(h, part, battle_file_step(&game->battle, choices[0], choices[1], part, sizeof part));
}

void record_forfeit(const arena_host *h, const struct game *game, int side)
{
    char part[BATTLE_FILE_PART];
    if (record_of(h))
        put(h, part, battle_file_forfeit(&game->battle, side, part, sizeof part));
}

void record_end(const arena_host *h, const struct game *game, bool late)
{
    static const char why[] = "# the last turn allowed was played; the larger share of HP left won\n";
    const bool ended = game->battle.phase == BATTLE_ENDED;
    char part[BATTLE_FILE_PART];
    if (!record_of(h))
        return;
    if (late)
        put(h, why, (int)sizeof why - 1);
    put(h, part, battle_file_end(ended ? game->battle.winner : -1, part, sizeof part));
}
