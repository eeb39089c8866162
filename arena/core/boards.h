/*
 * boards.h - scoring: what strategies make of ended games.  Private to core/.
 *
 *   an end is durable ──boards_game──> rows of numbers in memory ──every few seconds──> the book `boards`
 *
 * A board is one challenge type under one strategy, and has one row for each player.  Its position is the number of the
 * last end that it counted; positions and rows are written by one commit, so after a crash the ends behind the position
 * are counted again from the sessions' records, each once.  A board whose position is behind (it is new, or of another
 * revision) is filled from the records bit by bit by boards_tick, while new ends wait for it in memory.
 *
 * A board is changed in the order of ends only, so the same records always give the same numbers.
 */
#ifndef CORE_BOARDS_H
#define CORE_BOARDS_H

#include <pthread.h>
#include <stdatomic.h>

#include "arena/strategy.h"
#include "core/book.h"

struct arena_board;
struct session;

/* What an operator blamed a seat for. */
struct blame {
    uint32_t from, to;
    char type[32];
};

/* A player's row on a board. */
struct row {
    uint32_t player;
    bool changed; /* since it was last written */
    uint64_t games;
    double numbers[];
};

struct board {
    char *type; /* owned; empty: global */
    const arena_strategy *strategy;
    uint64_t position;   /* the last end that it counted, unless it is live */
    bool live;           /* has counted every end up to boards.newest */
    uint32_t generation; /* of its rows: grows when they are made anew */
    size_t row_bytes;
    char *rows;
    uint32_t row_count, row_cap;
    uint32_t *of_player; /* by player: 1 + place in rows, 0 is none */
    uint32_t of_cap;
    uint32_t *changed; /* places */
    uint32_t changed_count, changed_cap, writing_count;
    struct board **sources; /* of a global one: the boards it is made from, by type */
    uint32_t source_count;
};

/* An answer about whole boards, and of which state of boards and users it tells. */
struct boards_answer {
    const char *type; /* of a board; NULL: free */
    uint64_t boards, users;
    struct text body;
};

/* How many games of a challenge type have ended, whatever scoring makes of them. */
struct played {
    char *type; /* owned */
    uint64_t games;
};

/* An ended game, as far as strategies are concerned. */
struct scored_game {
    uint64_t number;
    const char *type; /* of a board, or owned by the session */
    uint32_t seats;
    uint32_t player[ARENA_SEATS_MAX]; /* 1 + number, 0 is nobody */
    arena_score scores[ARENA_SEATS_MAX];
    uint32_t blame_count;
    struct scored_game *next;
    struct blame blames[];
};

struct boards {
    pthread_mutex_t lock;
    struct arena *arena;
    struct book book;
    struct board *list;
    uint32_t count;
    char **players; /* ids by number, in the order in which they came */
    uint32_t player_count, player_cap;
    uint32_t *index; /* open addressing: 1 + number */
    uint32_t index_cap;
    uint64_t newest, written; /* ends: the last one; the last one that is in the book */
    int64_t written_ms;
    /* Boards that are not live count the ends from fill_at to fill_to from the store, and then the late ones. */
    bool filling;
    uint64_t ends; /* read for it */
    uint64_t fill_at, fill_to;
    struct scored_game *late, **late_end;
    struct played *played;
    uint32_t played_count;
    atomic_ullong version; /* grows with each game */
    /* The last answers without a query: writing thousands of numbers costs more than keeping them. */
    pthread_mutex_t answers_lock;
    struct boards_answer *answers; /* [count] */
};

/* Reads the book, and fills what is behind for a moment; boards_tick does the rest. */
void boards_open(struct boards *boards, struct arena *arena, const struct arena_board *list, size_t count);
void boards_close(struct boards *boards);

/* The session has ended, and that is durable.  Called in the order of ends. */
void boards_game(struct boards *boards, const struct session *session, uint64_t end_number);

/* Fills boards that are behind, and writes what changed when it is time, or in any case.  True when there is more to
 * fill. */
bool boards_tick(struct boards *boards, int64_t now_ms, bool write);

/* How many ends some board is behind. */
uint64_t boards_behind(struct boards *boards);

/* --- for boards*.c ---------------------------------------------------------------------------------------- */

static inline struct row *board_row(const struct board *board, uint32_t place)
{
    return (struct row *)(void *)(board->rows + place * board->row_bytes);
}

struct row *board_find(const struct board *board, uint32_t player); /* NULL: none */
struct row *board_add(struct board *board, uint32_t player, uint32_t place);
void board_clear(struct board *board);
void board_touch(struct board *board, struct row *row);
uint32_t boards_player(struct boards *boards, arena_text id); /* makes it if need be */
bool boards_find_player(const struct boards *boards, arena_text id, uint32_t *player);

/* Counts a game on the boards of its type: those that are live, or those that are not. */
void boards_count(struct boards *boards, const struct scored_game *game, bool live);
void boards_combine(struct boards *boards, struct board *global, uint32_t player);

/* The game that a session was, or NULL when it is not scored. */
struct scored_game *boards_game_of(struct boards *boards, const struct session *session, uint64_t end_number);

/* boards_keep.c */
void boards_load(struct boards *boards);
bool boards_fill(struct boards *boards, int64_t budget_ms); /* true: there is more */
void boards_reset(struct boards *boards);                   /* as if the book were empty */

#endif
