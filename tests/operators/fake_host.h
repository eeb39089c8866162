/*
 * fake_host.h - the smallest arena: one game of one operator, for unit tests of operators.  It has the seats
 * that the operator's metadata asks for.
 *
 * Each turn restores the game from its bytes, plays the event, and takes the new bytes: like the real host, it
 * keeps nothing else.  Every turn is played twice and compared, and the new bytes are restored and written
 * again, so each test of an operator also tests that it is a function and that its bytes are canonical.
 * A service called where it may not be ends the program.
 */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/operator.h"

/* Holds or ends the program with the place and what was expected. */
#define CHECK(truth) ((truth) ? (void)0 : fake_die(__FILE__, __LINE__, #truth))
#define CHECK_TEXT(got, want) fake_check_text(__FILE__, __LINE__, (got), (want))

enum fake_kind { FAKE_SAY, FAKE_DEADLINE, FAKE_BLAME, FAKE_OFFER, FAKE_HOUSE, FAKE_FINISH };

struct fake_effect {
    enum fake_kind kind;
    int32_t to, from; /* say: to; deadline: to = id; blame: both; house: to = seat */
    int64_t at_ms;
    char *name; /* offer: method; blame: type; house: name */
    char *text; /* NUL-ended */
    size_t len;
};

enum { FAKE_EFFECTS = 4096 };

struct fake_run { /* what one turn left behind */
    struct fake_effect effects[FAKE_EFFECTS];
    uint32_t count;
    char code[64];
    char reason[4096];
    size_t memory, said;
};

struct fake {
    const arena_operator *op;
    uint64_t seed;
    uint32_t joined, turn;
    int64_t now_ms;
    uint8_t *state;
    size_t state_len;
    uint32_t active;
    bool finished;
    bool once; /* play turns once only: for measuring */
    arena_score scores[ARENA_SEATS_MAX];
    char house[ARENA_SEATS_MAX][32]; /* names of house players */
    struct fake_run run;             /* of the last turn */
    char *json;                      /* of the last view */
};

/* The one operator of the code that the test is linked with. */
const arena_operator *fake_operator(void);

_Noreturn void fake_die(const char *file, int line, const char *what);
void fake_check_text(const char *file, int line, const char *got, const char *want);

/* A new game.  What the operator's create returned; seats of house players count as joined. */
int fake_create(struct fake *f, const arena_operator *op, uint64_t seed, const char *options);
/* The turns.  What the operator returned; on anything but ARENA_OK the game is as it was. */
int fake_join(struct fake *f, uint32_t player);
int fake_message(struct fake *f, uint32_t player, const char *method, const char *content);
int fake_message_bytes(struct fake *f, uint32_t player, arena_text method, arena_text content);
int fake_timer(struct fake *f, uint32_t id);
/* The queries.  A view lies in the game until the next one. */
const char *fake_view(struct fake *f, int32_t viewer);
void fake_actions(struct fake *f, uint32_t player);
/* Restore of any bytes: what the operator returned.  Those that it takes must live through all queries and
 * come out as they went in. */
int fake_restore(const arena_operator *op, const void *bytes, size_t len);

/* Whether the last turn said exactly this to that recipient, as its n-th effect. */
void fake_said(const struct fake *f, uint32_t n, int32_t to, const char *text);
/* Whether the last turn was refused with this code, and this reason unless it is NULL. */
void fake_refused(const struct fake *f, int result, const char *code, const char *reason);

void fake_finish(struct fake *f);

/* Options that are refused with this reason; a list of them ends with no options. */
struct fake_options {
    const char *options, *reason;
};
void fake_options_refused(const struct fake_options *list);
/* Options that a game can be created with; NULL ends the list. */
void fake_options_taken(const char *const *list);

/* Sends 5000 messages of any bytes, or until the game is over: to the method half of the time, contents long or short,
 * of digits or of anything.  Each is taken or refused.  How many were taken. */
uint32_t fake_noise(struct fake *f, uint32_t seats, const char *method);

/* A generator for tests; the same numbers on every machine. */
uint64_t fake_draw(uint64_t *state, uint64_t bound);

/* A host on its own, for calling functions of operators directly; its memory lives until fake_host_close. */
struct fake_host {
    arena_host host;
    void *blocks;
    uint64_t rng;
};
void fake_host_open(struct fake_host *f, uint64_t seed);
void fake_host_close(struct fake_host *f);

#endif
