/*
 * pokebattle.h - libpokebattle: Pokémon battles for search and training.
 *
 * Singles of generation 9 (and the small gen1-v1) as pure functions over the caller's memory.  Made for C and for
 * anything that can call C: every type here is a number, a text or a pointer to bytes.  docs/library.md is the guide,
 * docs/examples/pokebattle.py a whole program.
 *
 *     struct pb_game *game = pb_game_open("gen9-v1", NULL, why, sizeof why);
 *     pb_team_random(game, PB_TEAM_SENSIBLE, 6, 1, why, sizeof why);   // team 0
 *     pb_team_random(game, PB_TEAM_SENSIBLE, 6, 2, why, sizeof why);   // team 1
 *     void *battle = aligned_alloc(pb_align(), pb_size());
 *     pb_reset(game, battle, 7);
 *     while (!pb_ended(battle))
 *         pb_step(game, battle, pick(pb_mask(battle, 0)), pick(pb_mask(battle, 1)));
 *
 * A game is what battles share: a data version, a list of teams and the clauses.  It is the library's; pb_game_close()
 * frees it.  Nothing writes to it but pb_team_*() and pb_game_clauses(), so any number of threads may play with one
 * game at once.
 *
 * A battle is pb_size() bytes of the caller's memory, aligned to pb_align(), without pointers: memcpy() is a clone.
 * What stands in it is the library's affair; it is a battle after pb_reset() or pb_decode(), and nothing else makes
 * one.  n battles lie one after another, pb_size() bytes each.  No call below "battles" allocates or locks.
 *
 * Actions.  One number per side, the same in every situation:
 *
 *      0..3   the move in that slot                     5..10  switch to (or revive) the party member in slot 0..5
 *      4      Struggle, or a move that must go on      11..14  Terastallize, then the move in slot 0..3
 *     -1      this side is not asked now               15..18  Mega Evolve, then the move in slot 0..3
 *                                                      19..22  the Z-Move of the move in slot 0..3
 *
 * pb_mask() has a bit for each action that is legal now; which of 11..22 occur is said by the data version.  A side
 * whose mask is 0 is not asked, and its action must be -1.  Bits from PB_ACTIONS on are never set.
 *
 * Errors are negative numbers of enum pb_error.  Where a call has `why` (size bytes, may be NULL), a sentence about the
 * mistake is written there; pb_error_text() has a general one.  A call that fails has changed nothing.
 */
#ifndef POKEBATTLE_H
#define POKEBATTLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(PB_BUILD) && defined(__GNUC__)
#define PB_API __attribute__((visibility("default")))
#else
#define PB_API
#endif

#define PB_ABI 1 /* grows when a program written for an earlier one may fail */

enum {
    PB_SIDES = 2,
    PB_PARTY = 6,       /* most Pokémon of a team */
    PB_ACTIONS = 23,    /* bits of a mask */
    PB_NO_ACTION = -1,  /* of a side that is not asked */
    PB_PUBLIC = -1,     /* as a viewer: what everybody may see */
    PB_FULL = -2,       /* as a viewer: everything; for logs only */
    PB_ENCODED = 2304,  /* bytes that pb_encode() needs at most */
    PB_LOG = 1 << 16,   /* bytes that the log of a step needs at most */
    PB_RECORD = 1 << 12 /* bytes that a part of a battle file needs at most */
};

enum pb_error {
    PB_ONGOING = 0, /* done; the battle goes on */
    PB_DONE = 1,    /* done; the battle has ended */
    PB_BAD_ACTION = -1,
    PB_BAD_ARGUMENT = -2,
    PB_BAD_TEAM = -3,
    PB_BAD_DATA = -4,
    PB_BAD_FILE = -5,
    PB_NO_MEMORY = -6,
    PB_NO_ROOM = -7 /* the buffer is too small */
};

/* A sentence about an error (or result), for as long as the program runs. */
PB_API const char *pb_error_text(int error);

/* PB_ABI of the library that is loaded. */
PB_API uint32_t pb_abi(void);

/* -------------------------------------------------------------------------------------------------- games --- */

struct pb_game;

/* The data version of this name: a built-in one ("gen9-v1", "gen1-v1", "natdex-v1"), or the one in `folder` when that
 * is not NULL.  NULL after a mistake; `why` tells it. */
PB_API struct pb_game *pb_game_open(const char *version, const char *folder, char *why, size_t size);
PB_API void pb_game_close(struct pb_game *game); /* NULL is taken */
PB_API const char *pb_game_version(const struct pb_game *game);

enum pb_clause {
    PB_CLAUSE_SLEEP = 1, /* nobody puts a second Pokémon of the foe to sleep */
    PB_CLAUSE_FREEZE = 2 /* nobody freezes a second one */
};

/* Battles that begin from here on are played by these clauses (bits; 0: none, as in the beginning).  Not while others
 * play with the game.  PB_ONGOING, or PB_BAD_ARGUMENT when there is no such clause. */
PB_API int pb_game_clauses(struct pb_game *game, unsigned clauses);

enum pb_kind { PB_SPECIES, PB_MOVE, PB_ABILITY, PB_ITEM };

/* How many there are; they are numbered from 1.  The id of a number ("charizard"), as long as the game lives, NULL if
 * there is none; the number of an id, 0 if there is none.  Numbers hold within a data version only. */
PB_API int pb_count(const struct pb_game *game, int kind);
PB_API const char *pb_name(const struct pb_game *game, int kind, int number);
PB_API int pb_number(const struct pb_game *game, int kind, const char *id);

/* ---- teams: numbered from 0 in the order in which they were added.  Not while others play with the game. --- */

enum pb_team {
    PB_TEAM_SENSIBLE, /* legal, with sets as people play them; gen9-v1 */
    PB_TEAM_LEARNED,  /* any Pokémon with moves it can learn and an ability it can have, any item */
    PB_TEAM_ANY       /* any move, ability and item on anybody */
};

/* Adds a team from Showdown's packed form, its export text or JSON; `format` names the rules it must keep
 * ("singles"), NULL: whatever can be played.  The team's number, or an error. */
PB_API int pb_team_add(struct pb_game *game, const char *text, const char *format, char *why, size_t size);
/* Adds a random team of 1..6: the same arguments give the same team on every machine. */
PB_API int pb_team_random(struct pb_game *game, int kind, int members, uint64_t seed, char *why, size_t size);
PB_API int pb_team_count(const struct pb_game *game);
/* Forgets all teams; battles under way go on. */
PB_API void pb_team_clear(struct pb_game *game);
/* The packed form with its NUL.  Its length without, or an error. */
PB_API int pb_team_text(const struct pb_game *game, int team, char *out, size_t size);

/* ------------------------------------------------------------------------------------------------ battles --- */

PB_API size_t pb_size(void);
PB_API size_t pb_align(void);

/* Begins a battle: the seed draws both teams from the game's list, and is the randomness of the battle.
 * PB_ONGOING, or an error. */
PB_API int pb_reset(const struct pb_game *game, void *battle, uint64_t seed);
/* The same with these two teams. */
PB_API int pb_reset_teams(const struct pb_game *game, void *battle, int team0, int team1, uint64_t seed);
/* The teams that pb_reset() draws with a seed. */
PB_API int pb_draw(const struct pb_game *game, uint64_t seed, int teams[2]);

/* Legal actions of a side, a bit each; 0: it is not asked. */
PB_API uint32_t pb_mask(const void *battle, int side);

/* Carries out both actions.  PB_ONGOING, PB_DONE, or PB_BAD_ACTION: one is not legal now, the battle has ended, or it
 * is one of another data version. */
PB_API int pb_step(const struct pb_game *game, void *battle, int action0, int action1);
/* The same, and what happened as lines of Showdown's battle protocol, as the viewer (0, 1, PB_PUBLIC, PB_FULL) may see
 * it, with a NUL behind.  PB_LOG bytes are enough; what does not fit is left out. */
PB_API int pb_step_log(const struct pb_game *game, void *battle, int action0, int action1, int viewer, char *out,
                       size_t size);

PB_API int pb_ended(const void *battle);  /* 1 or 0 */
PB_API int pb_winner(const void *battle); /* 0, 1; 2 a draw; -1 it goes on */
PB_API int pb_turn(const void *battle);   /* from 1 */

/* 64 bits of the whole state, equal on every machine. */
PB_API uint64_t pb_digest(const void *battle);

/* New randomness from here on, so that search does not foresee the battle's own. */
PB_API void pb_reseed(void *battle, uint64_t seed);
/* The side gives up. */
PB_API void pb_forfeit(void *battle, int side);
/* Plays on with random legal actions until the end, for a Monte Carlo search: the winner as pb_winner(). */
PB_API int pb_rollout(const struct pb_game *game, void *battle, uint64_t seed);

/* Canonical bytes to store or send: the length, at most PB_ENCODED.  And back: PB_BAD_ARGUMENT when they are not bytes
 * of a battle of this data version; those that are taken can be played on without harm, whoever wrote them. */
PB_API size_t pb_encode(const void *battle, uint8_t *out);
PB_API int pb_decode(const struct pb_game *game, void *battle, const uint8_t *bytes, size_t len);

/* ------------------------------------------------------------------------------------------- observations --- */

/* What a viewer (0, 1 or PB_PUBLIC) may know, as numbers: pb_observation_length() of them, in an order that holds for
 * the library that is loaded.  The viewer's own side comes first; what it does not know is 0. */
PB_API int pb_observation_length(void);
PB_API int pb_observe(const struct pb_game *game, const void *battle, int viewer, int16_t *out);
/* The name of number `i`, as "foe.party[2].stats[4]", with its NUL.  Its length, or an error. */
PB_API int pb_observation_name(int i, char *out, size_t size);

/* ----------------------------------------------------------------------------------------- many at a time --- */

enum pb_flag { PB_AUTO_RESET = 1 /* a battle that ended is begun anew at once, with a seed that follows from it */ };

/* Begins n battles; battle i has seed first + i. */
PB_API int pb_reset_many(const struct pb_game *game, void *battles, size_t n, uint64_t first);

/* Steps n battles.  Any of the arrays but actions may be NULL.
 *
 *     actions       2 * n   of side 0 and side 1 of each battle
 *     results       n       PB_ONGOING; PB_DONE, it ended now (with PB_AUTO_RESET: and a new one has begun) or before;
 *                           PB_BAD_ACTION, it stands where it stood
 *     rewards       2 * n   1 won, -1 lost, in the step in which a battle ends; else 0
 *     masks         2 * n   as after the step (and the new beginning)
 *     observations  2 * n * pb_observation_length()   of side 0 and side 1, as masks
 *
 * How many battles were refused their actions, or an error.  Battles that ended before and stay so are not refused.
 * Threads may work on parts of one array at once. */
PB_API int64_t pb_step_many(const struct pb_game *game, void *battles, size_t n, const int8_t *actions, uint32_t flags,
                            int8_t *results, float *rewards, uint32_t *masks, int16_t *observations);

/* Masks and observations as they are now; either may be NULL. */
PB_API int pb_look_many(const struct pb_game *game, const void *battles, size_t n, uint32_t *masks,
                        int16_t *observations);

/* A random legal action for each of the `count` masks, PB_NO_ACTION where there is none.  *state is any number; it
 * goes on. */
PB_API void pb_choose_many(const uint32_t *masks, size_t count, uint64_t *state, int8_t *actions);

/* Threads that wait for work, 1 to 256 with the caller's own.  The same bytes come out, however many there are.
 * A crew does one thing at a time; it is the library's, and pb_crew_close() ends it. */
struct pb_crew;
PB_API struct pb_crew *pb_crew_open(int threads, char *why, size_t size);
PB_API void pb_crew_close(struct pb_crew *crew); /* NULL is taken */
PB_API int64_t pb_crew_step(struct pb_crew *crew, const struct pb_game *game, void *battles, size_t n,
                            const int8_t *actions, uint32_t flags, int8_t *results, float *rewards, uint32_t *masks,
                            int16_t *observations);

/* ------------------------------------------------------------------------------------------- battle files --- */

/* A battle as a text file: version, teams, seed, actions and digests (docs/library.md has the form).  Parts are
 * written one after another, each with its NUL, which the next one overwrites; PB_RECORD bytes are enough for one.  The
 * length of the part, or an error. */
PB_API int pb_record_begin(const struct pb_game *game, int team0, int team1, uint64_t seed, char *out, size_t size);
PB_API int pb_record_step(const void *after, int action0, int action1, char *out, size_t size);
PB_API int pb_record_reseed(uint64_t seed, char *out, size_t size); /* before the step that it concerns */
PB_API int pb_record_forfeit(const void *after, int side, char *out, size_t size);
PB_API int pb_record_end(const void *battle, char *out, size_t size);

/* Hands on a piece of the log, not NUL-terminated. */
typedef void pb_log(void *ctx, const char *text, size_t len);

/* Plays a battle file (len bytes) again and compares every digest; `folder` holds the data version, NULL: built in.
 * A file of a build whose battles have another form is PB_BAD_FILE at its first lines: its digests say nothing here.
 * `log` gets the lines that the viewer may see; NULL: none.  How many steps were played, or an error: `why` says which
 * line differs and how. */
PB_API int pb_replay(const char *text, size_t len, const char *folder, int viewer, pb_log *log, void *ctx, char *why,
                     size_t size);

#ifdef __cplusplus
}
#endif

#endif
