/*
 * host.h - how the arena runs operators: loads their modules, calls them, contains them.
 *
 * One `struct turn` carries a whole turn: the request in, the reply out.  In-process the operator's functions
 * are called directly; hosted in a worker, the same request and reply cross a socket as frames (wire.h).
 * The caller cannot tell the difference but by host_run's return value.
 *
 * The host keeps nothing of a game: everything a turn needs is in its request.
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "arena/operator.h"
#include "core/pool.h"

enum {
    HOST_SEED_BYTES = 32,
    HOST_CODE_MAX = 64,
    HOST_TIMERS_MAX = 16,
    HOST_DATA_MAX = 32 << 20, /* bytes of a set of rule data */
    HOST_DATA_NAME_MAX = 64,  /* of a set's or a document's name */
    HOST_DATA_VERSIONS = 16,  /* built-in sets of an operator */
};

enum turn_kind {
    TURN_CREATE,  /* content: the options */
    TURN_JOIN,    /* player took a seat */
    TURN_MESSAGE, /* player sent method, content */
    TURN_TIMER,   /* player: the timer's id */
    TURN_ACTIONS, /* query; player: a seat */
    TURN_VIEW,    /* query; player: a seat, ARENA_ALL or ARENA_FULL */
    /* Of no game: about rule data (arena.data/1).  What is asked and told are lists of texts, see host/data.h. */
    TURN_DATA_LIST,  /* view: the names of the built-in sets, none without the extension */
    TURN_DATA_SET,   /* method: a built-in set; view: its documents */
    TURN_DATA_CHECK, /* content: documents; view: mistakes */
    TURN_DATA_LOAD,  /* the host's own; method: a name, content: its documents */
};

struct turn_request {
    enum turn_kind kind;
    int32_t player;
    uint32_t seats, joined, turn;
    int64_t now_ms;
    uint8_t seed[HOST_SEED_BYTES];
    uint32_t state_version;              /* of state; ignored by create */
    arena_text state;                    /* empty for create */
    arena_text method, content;          /* of a message; of create the options are content */
    arena_text handles[ARENA_SEATS_MAX]; /* public names of the taken seats, else empty */
    arena_text data;                     /* the set of rule data that the game was made with; empty: none */
};

enum turn_outcome {
    TURN_OK,
    TURN_REJECTED, /* the player's fault: code, reason */
    TURN_CORRUPT,  /* the operator refused the stored bytes */
    TURN_FAILED,   /* the operator is broken, crashed, ran out of time or quota: reason is for the log */
    TURN_BUSY,     /* the workers of this operator have too much queued, or are paused after failures: try again */
};

enum effect_kind { EFFECT_SAY, EFFECT_DEADLINE, EFFECT_BLAME, EFFECT_OFFER, EFFECT_HOUSE };

struct effect {
    enum effect_kind kind;
    int32_t to;      /* say: recipient; blame: to; deadline: timer id; house: seat */
    int32_t from;    /* blame: from */
    int64_t at_ms;   /* deadline */
    arena_text name; /* blame: type; offer: method; house: the house player's name */
    arena_text text; /* say, offer: content */
};

struct turn_reply {
    enum turn_outcome outcome;
    char code[HOST_CODE_MAX]; /* of a rejection, NUL-ended */
    arena_text reason;        /* of a rejection or failure */
    uint32_t state_version;
    arena_text state; /* after a turn */
    uint32_t active;  /* seats waited for after the turn, bit k for seat k */
    bool finished;
    arena_score scores[ARENA_SEATS_MAX]; /* when finished */
    uint32_t effect_count;
    const struct effect *effects; /* in the order of the calls */
    arena_text view;              /* of TURN_VIEW */
    uint32_t log_count;
    const struct effect *logs; /* at most 16 lines of the operator's log: to = level, text = line */
};

struct host_operator;

/* Who wants the record that an operator makes of a game (arena.record/1); for turns in this process only. */
struct turn_record {
    void (*put)(void *ctx, const char *kind, arena_text piece);
    void *ctx;
};

/*
 * A turn under way.  The caller sets op, request and done, and keeps all memory that request points to until
 * the turn is over.  The reply lies in pool and is the caller's until turn_finish.
 */
struct turn {
    const struct host_operator *op;
    struct turn_request request;
    struct turn_reply reply;
    struct pool pool;                 /* the reply's memory; pool_init before the first run, reused between turns */
    void (*done)(struct turn *turn);  /* called once, from a thread of the host's, when host_run returned false */
    void *owner;                      /* the caller's */
    const struct turn_record *record; /* NULL: nobody wants one */
    struct turn *next;                /* the host's, while queued */
    int64_t began_ns;                 /* the host's: when the operator's code began to run */
};

/* Where an operator's code runs. */
enum hosting { HOSTING_INPROCESS, HOSTING_SANDBOX };

/* One module to load, as the configuration names it. */
struct host_module {
    const char *path; /* of the shared object */
    enum hosting hosting;
    uint32_t deadline_ms;  /* per turn in a sandbox; 0 = 1,000 */
    uint32_t memory_bytes; /* address space of a worker; 0 = 256 MiB */
    uint32_t workers;      /* worker processes for this module; 0 = 1 */
};

/* What the arena may know of a loaded operator.  Valid until host_close. */
struct host_info {
    const char *id, *version;
    arena_text metadata; /* challenge.json, checked: an object with name, description, players, methods */
    arena_text name;     /* "name" of the metadata, as JSON string content is decoded */
    uint32_t players;    /* "players" of the metadata: seats of a session */
    uint32_t state_version;
    enum hosting hosting;
    const char *const *data; /* the names of the built-in sets of rule data, NULL-ended; none: it has no rule data */
    uint64_t turns, faults;  /* since start */
    uint64_t nanoseconds;    /* that turns took since start, without their wait for a worker */
    uint32_t queued;         /* turns that wait for a worker */
};

struct host;
struct text;

/* Starts a host.  worker_path names the worker program (NULL: sandboxed modules are refused).  log gets one
 * line per event (a refused module, a fault, an operator's own log), never NULL-ended pieces; may be called
 * from any thread.  Aborts on lack of memory, as all set-up code of the server does. */
struct host *host_open(const char *worker_path, void (*log)(void *ctx, enum arena_level, const char *line), void *ctx);

/* Loads one module.  A module with another ABI number, without the symbol, with bad metadata or with an id that
 * is taken is refused: one line to the log, false, and the others go on. */
bool host_load(struct host *host, const struct host_module *module);

/* The operators in the order they were loaded; NULL past the end / when unknown. */
const struct host_operator *host_at(const struct host *host, size_t index);
const struct host_operator *host_find(const struct host *host, arena_text id);

/* What is known of op; the counters are of this moment. */
struct host_info host_info(const struct host_operator *op);

/* The struct of an in-process operator's extension, or NULL (always NULL for a sandboxed one). */
const void *host_extension(const struct host_operator *op, const char *id);

/* The options of a game that was made before its operator had rule data, to make it once more: with "data", the last of
 * the built-in sets, which is the oldest.  In `with`, an empty text of the caller's to free; or `options` itself when
 * the operator has none. */
arena_text host_data_before(const struct host_operator *op, arena_text options, struct text *with);

/* Who knows the sets of rule data that are not built in: find appends the documents of challenge's set of this name to
 * set (as host/data.h has lists) and returns true, or false when there is none.  It is called from any thread that runs
 * turns, once for each set and process that needs it. */
void host_data_source(struct host *host,
                      bool (*find)(void *ctx, const char *challenge, arena_text version, struct text *set), void *ctx);

/* Runs one turn or query.  True: it is over, the reply is there, done was not called.  False: it was handed to
 * a worker and done will be called from another thread (perhaps already was). */
bool host_run(struct turn *turn);

/* Frees the reply's memory.  The turn may be run again after pool_init. */
void turn_finish(struct turn *turn);

/* Runs a turn and waits for its end, for tools and tests. */
void host_run_wait(struct turn *turn);

/* Stops the workers and unloads the modules.  No turn may be under way. */
void host_close(struct host *host);

#endif
