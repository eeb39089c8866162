/*
 * check_internal.h - what the parts of `arena check` share.
 *
 *     check.c         the parent: a child process per test game, the report
 *     check_play.c    a child's game: choose, run, compare, examine
 *     check_choose.c  what happens next in it
 *     check_probe.c   garbage from players, damaged bytes
 *     check_secret.c  does a seat see what is another's?
 *     check_data.c    rules as data: are they checked, and the same when they are loaded?
 *     check_file.c    the file and the metadata, without running anything
 */
#ifndef HOST_CHECK_INTERNAL_H
#define HOST_CHECK_INTERNAL_H

#include <jansson.h>

#include "host/check.h"
#include "host/module.h"
#include "host/wire.h"

enum check {
    CHECK_EXPORTS,
    CHECK_METHODS,
    CHECK_CONTRACT,
    CHECK_TWICE,
    CHECK_FRESH,
    CHECK_REPLAY,
    CHECK_RESAVE,
    CHECK_OFFERS,
    CHECK_GARBAGE,
    CHECK_TRACE,
    CHECK_DAMAGE,
    CHECK_VIEWS,
    CHECK_SECRETS,
    CHECK_DATA,
    CHECK_ENDS,
    CHECK_BUDGET,
    CHECK_COUNT
};

enum level { LEVEL_OK, LEVEL_WARN, LEVEL_FAIL };

enum {
    CHECK_TEXT_MAX = 400,
    CHECK_TIMES_MAX = 4096,
    CHECK_SECRET_GAMES = 64, /* deals compared with each other */
    CHECK_TURNS_MAX = 100000,
    REFUSALS_MAX = 64, /* in a row, before players are taken to be at a loss */
};

/* The worst that one check found, and the first of those. */
struct finding {
    uint32_t level, count;
    uint64_t seed; /* of the game */
    char text[CHECK_TEXT_MAX];
};

/* Memory that parent and children share; what a child writes here is how it reports. */
struct shared {
    struct finding findings[CHECK_COUNT];
    uint64_t seed;        /* of the game being played */
    uint32_t is_complete; /* the child came to the end of its work */
    uint32_t doing;       /* the check that a crash now belongs to */
    char doing_text[CHECK_TEXT_MAX];
    uint64_t games_over, turns, rejections, offers, said, probes, secrets;
    uint32_t state_most, effects_most, turns_most;
    uint32_t time_count;
    uint32_t times[CHECK_TIMES_MAX]; /* of turns, in tenths of a microsecond */
    uint32_t digest_count;
    uint64_t digests[CHECK_TURNS_MAX]; /* of the last game's replies, for the fresh process */
};

struct method {
    arena_text name;
    json_t *contents; /* array of texts to try when an offer has no content */
    bool is_strict;   /* the schema admits less than any text */
};

struct subject {
    const struct module_operator *op;
    const struct check_options *options; /* no defaults left in it */
    struct shared *shared;
    arena_quota quota;
    uint32_t seats;
    struct method *methods;
    size_t method_count;
    bool shares_secrets; /* the metadata says that seats know things together */
};

/* One event of a game, as the journal keeps it. */
struct event {
    enum turn_kind kind;
    int32_t player;
    uint32_t joined;
    int64_t now_ms;
    arena_text method, content;
    uint64_t digest;     /* of the reply */
    struct effect *says; /* of the reply, when kept for check_secret.c */
    uint32_t say_count;
};

enum play_how {
    PLAY_TREAT, /* with every test on the way; digests go to the shared memory */
    PLAY_FRESH, /* nothing but the game; digests are compared with the shared memory's */
    PLAY_WATCH, /* nothing but the game, and whether private messages appear elsewhere */
};

struct play {
    const struct subject *subject;
    enum play_how how;
    uint64_t dice, probe_dice; /* choices of the game; choices of the tests, which must not move the former */
    uint8_t seed[HOST_SEED_BYTES];
    struct turn turn;
    arena_text options;
    arena_text state; /* malloc */
    uint32_t joined, taken, turn_number, active, refusals;
    bool over, silent;
    int64_t now_ms, deadlines[HOST_TIMERS_MAX];
    struct event *journal; /* malloc */
    size_t journal_count, journal_room;
    struct wire_frame first, again;
};

/* check.c: notes a finding of the current game. */
void check_note(struct shared *shared, enum check check, enum level level, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* check.c: what is being done now, for the report of a crash. */
void check_doing(struct shared *shared, enum check check, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* check.c: the next number of a small generator (splitmix64), below bound. */
uint64_t dice_roll(uint64_t *dice, uint64_t bound);

/* check_play.c: a whole game.  The play is left for inspection; a child never frees. */
void play_game(struct play *play, const struct subject *subject, uint64_t seed, enum play_how how);

/* check_play.c: starts a play with nothing done, and runs it until the players can act. */
void play_init(struct play *play, const struct subject *subject, uint64_t seed, enum play_how how);
bool play_deal(struct play *play);

/* check_play.c: sets up play->turn.request for the present state, and runs it without any consequence. */
enum turn_outcome play_try(struct play *play, enum turn_kind kind, int32_t player, arena_text method,
                           arena_text content);

/* check_play.c: runs event on the present state and, when it is accepted, makes the reply the new state. */
enum turn_outcome play_commit(struct play *play, const struct event *event);

/* check_play.c: a copy by malloc, with a NUL behind it. */
arena_text play_keep(arena_text text);

/* check_play.c: the method of the metadata, or NULL. */
const struct method *method_find(const struct subject *subject, arena_text name);

/* check_choose.c: the next event; its texts are copies.  False when nothing can happen any more. */
bool play_choose(struct play *play, struct event *event);

/* check_probe.c: hostile players and damaged bytes, at the present state. */
void probe_garbage(struct play *play, bool heavy);
void probe_damage(struct play *play);

/* check_secret.c */
void secret_watch(struct play *play);             /* after a turn: do its private messages appear elsewhere? */
void secret_deals(const struct subject *subject); /* compares the deals of many games */

/* check_data.c */
void data_examine(const struct subject *subject, uint64_t seed);

/* check_file.c */
void file_exports(const char *path, struct shared *shared);
void file_methods(struct subject *subject, struct shared *shared); /* also fills in the methods */

#endif
