/* battle.c - one battle: begun, asked, stepped, looked at, stored. */
#include "library.h"

#include <string.h>

_Static_assert((int)PB_PARTY == (int)BATTLE_PARTY &&
                   (int)PB_ENCODED >= (int)BATTLE_ENCODED_MAX + (int)BATTLE_KNOWN_BYTES,
               "as the engine has it");
_Static_assert((int)PB_NO_ACTION == (int)BATTLE_NO_CHOICE && (int)PB_PUBLIC == (int)BATTLE_SPECTATOR &&
                   (int)PB_FULL == (int)BATTLE_FULL && (int)PB_ACTIONS == (int)BATTLE_CHOICES,
               "as the engine has it");
_Static_assert((int)PB_BAD_ACTION == (int)BATTLE_BAD_CHOICE && (int)PB_ONGOING == (int)BATTLE_ONGOING &&
                   (int)PB_DONE == (int)BATTLE_DONE,
               "as the engine has it");

_Static_assert((int)PB_CLAUSE_SLEEP == (int)CLAUSE_SLEEP && (int)PB_CLAUSE_FREEZE == (int)CLAUSE_FREEZE,
               "as the engine has it");

size_t pb_size(void)
{
    return sizeof(struct pb_battle);
}

size_t pb_align(void)
{
    return _Alignof(struct pb_battle);
}

/* No events, but what is known. */
static struct battle_log known_only(void *battle)
{
    return (struct battle_log){.known = &((struct pb_battle *)battle)->known};
}

static bool aligned(const void *battle)
{
    return battle && (uintptr_t)battle % _Alignof(struct pb_battle) == 0;
}

int pb_draw(const struct pb_game *game, uint64_t seed, int teams[2])
{
    uint64_t state = ~seed; /* not the battle's own numbers */
    if (!game->count)
        return PB_BAD_ARGUMENT;
    for (int i = 0; i < 2; i++)
        teams[i] = (int)pb_below(&state, (uint32_t)game->count);
    return PB_ONGOING;
}

int pb_reset_teams(const struct pb_game *game, void *battle, int team0, int team1, uint64_t seed)
{
    struct battle_set sets[2][BATTLE_PARTY];
    if (!aligned(battle) || team0 < 0 || team1 < 0 || team0 >= game->count || team1 >= game->count)
        return PB_BAD_ARGUMENT;
    const struct roster *teams[2] = {&game->teams[team0], &game->teams[team1]};
    const int sizes[2] = {teams[0]->size, teams[1]->size};
    struct battle_log log = known_only(battle);
    struct battle_options options = {.seed = seed, .clauses = game->clauses};
    if (teams[0]->made && teams[1]->made) {
        options.members[0] = teams[0]->members;
        options.members[1] = teams[1]->members;
    } else {
        memcpy(sets[0], teams[0]->sets, sizeof sets[0]);
        memcpy(sets[1], teams[1]->sets, sizeof sets[1]);
    }
    return battle_start_with(battle, game->dex, (const struct battle_set(*)[BATTLE_PARTY])sets, sizes, &options, &log)
               ? PB_BAD_TEAM
               : PB_ONGOING;
}

int pb_reset(const struct pb_game *game, void *battle, uint64_t seed)
{
    int teams[2];
    int result = pb_draw(game, seed, teams);
    return result ? result : pb_reset_teams(game, battle, teams[0], teams[1], seed);
}

uint32_t pb_mask(const void *battle, int side)
{
    return side == 0 || side == 1 ? battle_choices(battle, NULL, side) : 0;
}

int pb_step(const struct pb_game *game, void *battle, int action0, int action1)
{
    struct battle_log log = known_only(battle);
    return battle_step(battle, game->dex, action0, action1, &log);
}

static bool is_viewer(int viewer)
{
    return viewer >= PB_FULL && viewer <= 1;
}

int pb_step_log(const struct pb_game *game, void *battle, int action0, int action1, int viewer, char *out, size_t size)
{
    struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = known_only(battle);
    log.events = events;
    log.cap = BATTLE_EVENTS_MAX;
    if (!is_viewer(viewer) || !out || !size)
        return PB_BAD_ARGUMENT;
    out[0] = 0;
    int result = battle_step(battle, game->dex, action0, action1, &log);
    if (result < 0)
        return result;
    struct battle_text text = {out, size - 1, 0, false};
    battle_log_text(battle, game->dex, &log, viewer, &text);
    out[text.len] = 0;
    return result;
}

int pb_ended(const void *battle)
{
    return ((const struct battle *)battle)->phase == BATTLE_ENDED;
}

int pb_winner(const void *battle)
{
    const struct battle *b = battle;
    return b->winner == BATTLE_UNDECIDED ? -1 : b->winner;
}

int pb_turn(const void *battle)
{
    return ((const struct battle *)battle)->turn;
}

uint64_t pb_digest(const void *battle)
{
    return battle_digest(battle);
}

void pb_reseed(void *battle, uint64_t seed)
{
    battle_reseed(battle, seed);
}

void pb_forfeit(void *battle, int side)
{
    if (side == 0 || side == 1)
        battle_forfeit(battle, side, NULL);
}

int pb_rollout(const struct pb_game *game, void *battle, uint64_t seed)
{
    struct battle *b = battle;
    struct battle_log log = known_only(battle);
    int result = PB_ONGOING;
    while (b->phase != BATTLE_ENDED && result == PB_ONGOING) {
        int actions[2];
        for (int i = 0; i < 2; i++) {
            const uint32_t mask = battle_choices(b, game->dex, i);
            actions[i] = mask ? pb_pick(mask, &seed) : PB_NO_ACTION;
        }
        result = battle_step(b, game->dex, actions[0], actions[1], &log);
    }
    return result < 0 ? result : pb_winner(b);
}

size_t pb_encode(const void *battle, uint8_t *out)
{
    const struct pb_battle *b = battle;
    const size_t len = battle_encode(&b->battle, out);
    battle_known_encode(&b->known, out + len);
    return len + BATTLE_KNOWN_BYTES;
}

int pb_decode(const struct pb_game *game, void *battle, const uint8_t *bytes, size_t len)
{
    struct pb_battle b;
    const size_t known = len - BATTLE_KNOWN_BYTES;
    if (!aligned(battle) || !bytes || len < BATTLE_KNOWN_BYTES || battle_decode(&b.battle, game->dex, bytes, known) ||
        battle_known_decode(&b.known, &b.battle, game->dex, bytes + known))
        return PB_BAD_ARGUMENT;
    memcpy(battle, &b, sizeof b);
    return PB_ONGOING;
}
