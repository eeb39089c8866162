/*
 * arena.h - what the arena can do, as plain functions.
 *
 * An arena turns inputs into committed records.  It knows operators through host.h and the disk through store.h, and
 * names no library of the network or the store.  It has no threads of its own: callers' threads, the store's and the
 * host's run it; arena_tick is its clock.
 *
 * Every operation takes a `struct request`.  It returns true when the answer is there already, and false when the
 * request's `done` will be called (once, from any thread, perhaps before the function returns).  Nothing is answered
 * before what it tells of is durable.  Text passed to an operation must stay until the request is answered.
 *
 * Answers are JSON text in the shapes of the SpecArena protocol; docs/http.md has them.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena/operator.h"
#include "arena/strategy.h"
#include "core/pool.h"
#include "core/text.h"
#include "host/host.h"
#include "store/store.h"

/* How a request ended; the numbers are HTTP's, which fit any front. */
enum answer {
    ANSWER_OK = 200,
    ANSWER_INVALID = 400,
    ANSWER_UNKNOWN = 404,
    ANSWER_CONFLICT = 409,
    ANSWER_TOO_LARGE = 413,
    ANSWER_MISUSED_KEY = 422, /* an idempotency key used again for another request */
    ANSWER_FAILED = 500,      /* the operator is broken: nothing changed */
    ANSWER_BUSY = 503,        /* overloaded or the disk is full: nothing changed, try again */
};

struct session;
struct change;
struct data_job;

enum { PROFILE_MAX_BYTES = 128, REQUEST_TAG = 35 };

/* A change of a user's profile: what has_… says is given replaces what was, empty removes it. */
struct user_update {
    arena_text user, username, model;
    bool has_username, has_model;
    int benchmark; /* 0, 1, or -1 to leave it */
    /* A token good for one change only, and until when it must be remembered; empty: none. */
    arena_text once;
    int64_t once_until_ms;
};

/* One operation under way.  The caller zeroes it (request_init), sets done and owner, and may reuse it after
 * request_reset.  The rest is the arena's. */
struct request {
    enum answer status;
    struct text body;      /* the JSON answer */
    char tag[REQUEST_TAG]; /* of the answer if that is 200, in quotes; "": it is not to be kept */
    void (*done)(struct request *request);
    void *owner;

    /* the arena's */
    struct arena *arena;
    struct session *session;
    bool (*step)(struct request *request); /* goes on when the session is free */
    struct request *next;
    struct turn turn;
    union {
        struct {
            arena_text type, options;
            const char *data; /* which version of rule data; NULL: none */
        } create;
        struct {
            arena_text invite, user;
            uint32_t slot, seat;
        } join;
        struct {
            arena_text from, method, content;
            int64_t token;
            int32_t seat;
        } message;
        struct {
            arena_text from, to, content;
            int channel;
        } chat;
        struct {
            arena_text viewer;
            uint32_t from;
            int channel;
            int64_t until_ms, look_ms; /* look_ms: when to see whether anybody waits still, or until_ms */
            size_t position;
        } sync;
        struct {
            arena_text viewer;
            int32_t seat;
        } query;
        struct user_update user;
        struct {
            arena_text action, subject, details;
        } audit;
        struct data_job *data;
    } as;
    bool has_key;
    uint8_t key[STORE_ANSWER_KEY];
    uint64_t fingerprint;
};

/* What streams are told, after it is durable.  Shared by all who hear it. */
struct event {
    atomic_int refs;
    arena_text channel;  /* full stored name */
    uint32_t index;      /* of the message; 0: the session's end */
    arena_text from, to; /* escaped as in JSON; to is empty for a broadcast */
    bool broadcast;
    arena_text clear;    /* the SSE event for those who may see the content */
    arena_text redacted; /* the same for all others; equals clear for a broadcast and the end */
    char bytes[];
};

void event_release(struct event *event);

/* True when viewer (JSON-escaped) may see the message's content. */
static inline bool event_visible(const struct event *e, arena_text viewer)
{
    return e->broadcast || text_equal(e->to, viewer) || text_equal(e->from, viewer);
}

/* A challenge type's settings from the configuration. */
struct arena_challenge {
    const char *id;
    const char *options; /* JSON object that reaches create under the request's own; NULL = none */
};

/* A board to be kept.  type: empty for a global one. */
struct arena_board {
    const char *type;
    const arena_strategy *strategy; /* borrowed until arena_close */
};

struct arena_config {
    struct store *store;                      /* borrowed */
    struct host *host;                        /* borrowed */
    const struct arena_challenge *challenges; /* borrowed until arena_close */
    size_t challenge_count;
    const struct arena_board *boards; /* borrowed until arena_open returns; in the order in which they are told */
    size_t board_count;
    int64_t open_age_ms;          /* an open session without activity is removed after this; 0 = 10 minutes */
    int64_t idle_age_ms;          /* an active session without activity is ended as abandoned; 0 = never */
    uint32_t content_max;         /* bytes of a message's content; 0 = 64 KiB */
    uint64_t live_max;            /* sessions kept in memory when nobody uses them; 0 = 1,000 */
    uint64_t sessions_max;        /* sessions in memory beyond which no more are made; 0 = 131,072 */
    uint32_t commits_max;         /* changes on their way to the disk beyond which none is begun; 0 = 16,384 */
    uint32_t queue_max;           /* requests that wait for one session's turn; 0 = 256 */
    uint32_t waits_max;           /* long polls at once; 0 = 1,000,000 */
    int64_t (*now_ms)(void *ctx); /* Unix time; NULL = the system's clock */
    bool (*heard)(void *ctx, arena_text channel);           /* whether publish is worth its while; NULL = always */
    void (*publish)(void *ctx, struct event *event);        /* takes over one reference; NULL = nobody listens */
    bool (*left)(void *ctx, const struct request *request); /* who waits has gone; NULL = that is not known */
    void (*log)(void *ctx, enum arena_level level, const char *line);
    void *ctx;
};

struct arena;

struct arena *arena_open(const struct arena_config *config);

/* All requests must have been answered. */
void arena_close(struct arena *arena);

void request_init(struct request *request, void (*done)(struct request *), void *owner);
void request_reset(struct request *request);  /* for the next operation; keeps memory */
void request_finish(struct request *request); /* frees it */

/* Gives the answer its tag: it is made of these parts, and of nothing else that changes.  They are names and hashes, or
 * texts that are short: they are hashed for each request. */
void request_tag(struct request *request, const arena_text *parts, size_t count);

/* Makes the next operation of this request happen once only: a later one with the same scope (who asks, for what) and
 * key gets the first one's answer.  fingerprint tells requests apart: another one under the same key is refused. */
void request_key(struct request *request, arena_text scope, arena_text key, arena_text fingerprint);

/* Puts {"error":…,"code":…} into the answer (code may be NULL).  Returns true, so that a caller can return it. */
bool request_fail(struct request *request, enum answer status, const char *code, const char *error);
__attribute__((format(printf, 4, 5))) bool request_failf(struct request *request, enum answer status, const char *code,
                                                         const char *format, ...);

/* The metadata of all challenge types, or of one. */
bool arena_metadata(struct arena *arena, struct request *request);
bool arena_metadata_of(struct arena *arena, struct request *request, arena_text type);

/* A new session with one invite per free seat.  options: a JSON object, or empty. */
bool arena_create(struct arena *arena, struct request *request, arena_text type, arena_text options);

/* Takes the invite's seat.  user: who it is, told to nobody before the end; may be empty. */
bool arena_join(struct arena *arena, struct request *request, arena_text invite, arena_text user);

/* Who sits where, for a front that knows players by keys of its own: the session and the seat that this invite's player
 * has; the invite of the player on a seat.  Appended to session and invite; false: nobody plays there. */
bool arena_seated(struct arena *arena, arena_text invite, struct text *session, uint32_t *seat);
bool arena_handle(struct arena *arena, arena_text session, uint32_t seat, struct text *invite);

/* A player's move.  token: the turn it is meant for, as arena_actions tells it, or -1 for whatever turn it is. */
bool arena_message(struct arena *arena, struct request *request, arena_text session, arena_text from, arena_text method,
                   arena_text content, int64_t token);

/* A message on any channel; to is empty for everyone. */
bool arena_chat(struct arena *arena, struct request *request, arena_text channel, arena_text from, arena_text to,
                arena_text content);

/* The messages of a channel (full stored name) from an index on, as viewer (empty: anonymous) may see them.  Waits up
 * to wait_ms when there are none yet. */
bool arena_sync(struct arena *arena, struct request *request, arena_text channel, uint32_t from, arena_text viewer,
                int64_t wait_ms);

/* Sessions, newest first.  type empty: all; status: "open", "active", "ended" or empty. */
bool arena_list(struct arena *arena, struct request *request, arena_text type, arena_text status, uint32_t limit,
                uint64_t offset);

/* The session of a free invite; and announcing one on the channel `invites`, with claim: also marking it claimed. */
bool arena_invite(struct arena *arena, struct request *request, arena_text invite);
bool arena_invite_announce(struct arena *arena, struct request *request, arena_text invite, bool claim);

/* A session as everybody may see it; as viewer may see it; what viewer may do; its journal after the end. */
bool arena_session(struct arena *arena, struct request *request, arena_text session);
bool arena_view(struct arena *arena, struct request *request, arena_text session, arena_text viewer);
bool arena_actions(struct arena *arena, struct request *request, arena_text session, arena_text viewer);
bool arena_replay(struct arena *arena, struct request *request, arena_text session);

/* Users: their profiles.  A list of them in the order in which they came; a map of those among the ids, which are
 * separated by commas. */
bool arena_user_update(struct arena *arena, struct request *request, const struct user_update *update);
bool arena_user(struct arena *arena, struct request *request, arena_text id);
bool arena_users(struct arena *arena, struct request *request, uint32_t limit, uint64_t offset);
bool arena_users_batch(struct arena *arena, struct request *request, arena_text ids);

/* The ended sessions in which this user played, newest first. */
bool arena_user_sessions(struct arena *arena, struct request *request, arena_text id, uint32_t limit, uint64_t offset);

/* What is wanted of boards.  Empty texts and zeros: everything, in the order in which the players came. */
struct board_query {
    arena_text strategy; /* this one only */
    arena_text sort; /* by this metric, highest first, equal ones by the metrics behind it; told without its prefix */
    uint32_t limit;  /* entries of each board */
    uint64_t offset;
};

/* Boards: the global ones; those of a type; a user's place on all of them; how many games and players there are. */
bool arena_scoring(struct arena *arena, struct request *request, const struct board_query *query);
bool arena_scoring_of(struct arena *arena, struct request *request, arena_text type, const struct board_query *query);
bool arena_user_scores(struct arena *arena, struct request *request, arena_text id);
bool arena_games(struct arena *arena, struct request *request);

/* For administrators: an entry in the record of what they did (details: a JSON object, or empty), before it is done;
 * the record, newest first; ending a session: one that is open is removed, one that runs ends as abandoned. */
bool arena_audit(struct arena *arena, struct request *request, arena_text action, arena_text subject,
                 arena_text details);
bool arena_audit_list(struct arena *arena, struct request *request, uint32_t limit, uint64_t offset);
bool arena_end_session(struct arena *arena, struct request *request, arena_text id);

/* Rule data (arena.data/1): which version new games of a challenge get, and which games may have; with version (not
 * empty) also its documents.  all: versions that never were active, too, and how everything came about. */
bool arena_data(struct arena *arena, struct request *request, arena_text challenge, arena_text version, bool all);
/* What differs between two versions; from empty: the one that `to` was made from. */
bool arena_data_diff(struct arena *arena, struct request *request, arena_text challenge, arena_text from,
                     arena_text to);

/* The entries of a version's documents (empty: the active one's) that have this text in them, or in their name.  all:
 * also of versions that never were active. */
struct data_query {
    arena_text version, document, text;
    uint32_t limit;
    uint64_t offset;
};
bool arena_data_catalogue(struct arena *arena, struct request *request, arena_text challenge,
                          const struct data_query *query, bool all);

/* A new version: `onto` (empty: the active one) with changes, a JSON object of merge patches by the names of documents.
 * It is checked by the operator and kept.  promote: version becomes the active one; rollback: what was active before
 * does, or before that, version (empty: the last one).  by: who asks, note: why; both may be empty. */
struct data_change {
    arena_text challenge, version, onto, changes, by, note;
    arena_text hash; /* in hex, of the set that is meant; empty: whichever it is */
};
bool arena_data_stage(struct arena *arena, struct request *request, const struct data_change *change);
bool arena_data_promote(struct arena *arena, struct request *request, const struct data_change *change);
bool arena_data_rollback(struct arena *arena, struct request *request, const struct data_change *change);

/* {"CHALLENGE":"VERSION",…} of the active ones; false when no challenge has rule data. */
bool arena_data_active(struct arena *arena, struct text *out);

/* What a stream of this channel starts with, appended to out as SSE events: everything durable ({"type":"initial"}),
 * or after `after` > 0 only what came later, one event a message; and the end if it has come.  *next is the index of
 * the first message that is not in it.  Never waits. */
void arena_stream(struct arena *arena, arena_text channel, arena_text viewer, uint32_t after, struct text *out,
                  uint32_t *next);

/* Runs what is due by now: deadlines, expired waits, pruning.  Returns the time at which it wants to be called next,
 * 1 to 100 ms from now. */
int64_t arena_tick(struct arena *arena);

/* Answers every waiting request now, for the shut-down; operations that come later are answered as busy. */
void arena_drain(struct arena *arena);

/* Requests that were answered as busy because something was full. */
enum shed { SHED_SESSION, SHED_COMMITS, SHED_SESSIONS, SHED_WAITS, SHED_OPERATOR, SHEDS };

struct arena_stats {
    uint64_t live;                                                               /* sessions in memory */
    uint64_t waiting;                                                            /* long polls */
    uint64_t queued, commits;                                                    /* see config.queue_max, commits_max */
    uint64_t created, joined, messages, chats, rejected, faults, timers, pruned; /* since start */
    uint64_t boards_behind; /* ends that some board has still to count */
    uint64_t left;          /* long polls whose client had gone */
    uint64_t shed[SHEDS];
};
void arena_stats(struct arena *arena, struct arena_stats *stats);

/* Makes every board anew from the sessions' records, for tools, with no arena open, and compares it with what the store
 * has.  check: nothing is written.  False and a sentence in *error when the store fails. */
struct recompute_report {
    uint64_t games;   /* ended sessions, scored or not */
    uint64_t rows;    /* of all boards */
    uint64_t differs; /* rows that the store had otherwise, or had not, or had too many */
};
bool boards_recompute(const struct arena_board *boards, size_t count, struct store *store, bool check,
                      struct recompute_report *report, struct text *error);

/* For tools with no arena open: the host has the sets of rule data that the store's games were made with, until they
 * are freed.  Call it after the last module is loaded. */
struct rule_data;
struct rule_data *rule_data_read(struct store *store, struct host *host);
void rule_data_free(struct rule_data *data);

/* Who listens while a session is played again. */
struct replay_ear {
    void (*played)(void *ctx, const struct turn_reply *reply); /* after each turn that agreed */
    void *ctx;
    const struct turn_record *record; /* of the operator's, or NULL */
};

/* Plays the journal of one stored session again and compares every digest; for tools, with no arena open.  Returns
 * true when all agree; else a sentence in *error.  *turns is how many were played.  ear may be NULL. */
bool replay_stored(struct store *store, struct host *host, uint64_t session, const struct replay_ear *ear,
                   uint32_t *turns, struct text *error);

#endif
