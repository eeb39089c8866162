/*
 * arena/strategy.h - the contract between the arena (the host) and a scoring strategy (a module).
 *
 * A strategy turns ended games into figures about players.  For each player on a board (one challenge type under one
 * strategy) it keeps a row of numbers; game() changes the rows of those who played, show() turns a row into what is
 * told.  The host keeps the rows, durable and in step with the games: each ended game is counted once, in the order in
 * which the games ended, whatever crashes in between.  A board that is new, or whose strategy has another revision, is
 * filled from the records of all games before.
 *
 * A strategy is arithmetic and nothing else: the same games in the same order give the same rows, to the bit.  No
 * clock, random source, file, allocation or mutable static of its own.  Calls come from one thread at a time.
 *
 * The host leaves out, before it asks a strategy: games in which one player sat on two seats, and games that were
 * abandoned.  A seat whose player nobody knows has no row (NULL).
 *
 * A global strategy has no games of its own: it makes a player's row from that player's rows on the boards of another
 * strategy, one per challenge type, whenever one of these changed.
 *
 * Growth.  Within one ABI number structs grow only at the end.
 */
#ifndef ARENA_STRATEGY_H
#define ARENA_STRATEGY_H

#include <stddef.h>
#include <stdint.h>

#include "arena/operator.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_STRATEGY_ABI 1u /* must be equal on both sides */
#define ARENA_STRATEGY_NUMBERS_MAX 16u
#define ARENA_STRATEGY_METRICS_MAX 8u

/* One seat of an ended game. */
typedef struct arena_played {
    double *numbers;   /* the player's row, to be changed; NULL: not known who played here */
    arena_score score; /* as the operator gave it */
} arena_played;

/* What the operator blamed one seat for towards another. */
typedef struct arena_attribution {
    uint32_t from, to; /* seats */
    arena_text type;   /* as "security_breach" */
} arena_attribution;

typedef struct arena_game {
    uint32_t size; /* of this struct, as the host knows it */
    uint32_t seats;
    const arena_played *played; /* [seats] */
    uint32_t attribution_count;
    const arena_attribution *attributions;
} arena_game;

/* A player's place on one board. */
typedef struct arena_standing {
    uint64_t games;        /* that changed the row */
    const double *metrics; /* as show() of the board's strategy gave them */
} arena_standing;

enum arena_strategy_flag {
    ARENA_WHOLE_GAMES = 1, /* only games with at least two seats, each with a known player */
};

typedef struct arena_strategy {
    uint32_t size;     /* of this struct, as the module knows it */
    uint32_t revision; /* of its arithmetic: boards made by another one are made anew from the records */
    const char *name;  /* 1 to 32 of a-z 0-9 - */
    uint32_t flags;
    uint32_t number_count;      /* of a row, 1 .. ARENA_STRATEGY_NUMBERS_MAX */
    const double *start;        /* a new player's row; NULL: zeros */
    uint32_t metric_count;      /* 1 .. ARENA_STRATEGY_METRICS_MAX */
    const char *const *metrics; /* their names, told as "NAME:METRIC" */

    /* Counts one game: changes the rows that are not NULL.  Required, but not of a global strategy. */
    void (*game)(const arena_game *game);

    /* The metrics of a row, all finite.  games: how many changed it, at least 1. */
    void (*show)(const double *numbers, uint64_t games, double *metrics);

    /* Global strategies only: the name of the strategy whose boards they read, and the making of a row from what the
     * player has there (count standings, at least 1, in the order of the challenge types' names).  The row's games are
     * the sum of the standings'. */
    const char *source;
    void (*combine)(const arena_standing *standings, uint32_t count, double *numbers);
} arena_strategy;

/* What a module exports, under the name arena_strategies. */
typedef struct arena_strategy_entry {
    uint32_t abi; /* ARENA_STRATEGY_ABI */
    uint32_t count;
    const arena_strategy *const *strategies;
} arena_strategy_entry;

/* At the end of a module:  ARENA_STRATEGIES(&elo) */
#define ARENA_STRATEGIES(...)                                                                                          \
    static const arena_strategy *const arena_strategies_[] = {__VA_ARGS__};                                            \
    __attribute__((visibility("default"))) extern const arena_strategy_entry arena_strategies;                         \
    const arena_strategy_entry arena_strategies = {                                                                    \
        ARENA_STRATEGY_ABI, sizeof arena_strategies_ / sizeof arena_strategies_[0], arena_strategies_}

#ifdef __cplusplus
}
#endif
#endif
